//! The enums of parameter values, generated from `spec/`.

use std::fmt::{self, Display, Formatter};

use super::display::Quoted;
use super::text_traits::text_error;

/// The trait below those of enums whose values are types. It cannot be named outside of the crate, which seals them.
pub(crate) mod selector {
    use std::fmt::Debug;

    /// An enum value that is a type, because it determines the type of the response.
    pub trait ResponseSelector: Copy + Debug + Send + Sync + 'static {
        /// The value in a request.
        const VALUE: &'static str;
        /// The response field that contains the result, if that depends on the value.
        const POINTER: Option<&'static str> = None;
    }
}

/// The error returned when parsing text that isn't a value of an enum.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownValue {
    found: Box<str>,
    expected: Vec<&'static str>,
}

impl Display for UnknownValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}, found {}", self.expected.join(", "), Quoted(&self.found))
    }
}

text_error!(UnknownValue);

impl UnknownValue {
    /// The text that was parsed.
    pub(crate) fn found(&self) -> &str {
        &self.found
    }
}

/// Parses a value of a closed enum, ignoring ASCII case.
pub(crate) fn parse_enum<T: Copy>(
    text: &str,
    all: &'static [T],
    as_str: fn(T) -> &'static str,
) -> Result<T, UnknownValue> {
    let value = all.iter().find(|value| as_str(**value).eq_ignore_ascii_case(text));
    value.copied().ok_or_else(|| UnknownValue {
        found: text.into(),
        expected: all.iter().copied().map(as_str).collect(),
    })
}

/// An enum that keeps unknown text in its variant `Other`.
pub(crate) trait OpenEnum: for<'a> From<&'a str> {
    /// The known values, as Spotify writes them.
    const VALUES: &'static [&'static str];
}

/// Defines enums that print and serialize as Spotify writes their values, and ignore case when parsing.
///
/// A closed enum is for parameters: parsing an unknown value is an error. An `open` enum is for responses: its variant
/// `Other` keeps an unknown value.
macro_rules! api_enum {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $variant:ident = $value:literal,)* })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $($(#[$value_doc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Returns the value in Spotify's spelling.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $value,)* }
            }
        }

        /// Ignores ASCII case.
        impl std::str::FromStr for $name {
            type Err = $crate::types::enums::UnknownValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::types::enums::parse_enum(text, Self::ALL, Self::as_str)
            }
        }

        $crate::types::enums::api_enum!(@text $name);
    )+};
    ($($(#[$doc:meta])* open $name:ident { $($(#[$value_doc:meta])* $variant:ident = $value:literal,)* })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $variant,)*
            /// A value that this version of the crate doesn't know, as Spotify sent it.
            Other(Box<str>),
        }

        impl $name {
            /// Every known value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Returns the value in Spotify's spelling.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $value,)*
                    $name::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $(text if text.eq_ignore_ascii_case($value) => $name::$variant,)*
                    other => $name::Other(other.into()),
                }
            }
        }

        impl $crate::types::enums::OpenEnum for $name {
            const VALUES: &'static [&'static str] = &[$($value),*];
        }

        /// Never fails: an unknown value becomes `Other`.
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        $crate::types::enums::api_enum!(@text $name);
    )+};
    (@text $name:ident) => {
        $crate::types::text_traits::text_type!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::types::small_text::parsed(deserializer, concat!("a value of ", stringify!($name)))
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/enums.rs"));

// Clippy calls the import redundant, but it makes the macro importable from other modules.
pub(crate) use api_enum;
#[allow(clippy::single_component_path_imports)]
pub(crate) use for_each_enum;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_parsed_from_what_it_prints() {
        for value in TimeRange::ALL {
            assert_eq!(value.to_string().to_uppercase().parse(), Ok(*value));
        }
        assert_eq!(<top_item::Artists as selector::ResponseSelector>::VALUE, "artists");
    }
}
