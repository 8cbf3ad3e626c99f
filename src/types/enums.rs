//! The enumerations that parameters take, made from the table.

use std::fmt::{self, Debug, Display, Formatter};

use super::display::Quoted;
use super::text_traits::text_error;

/// A value that is a type, because it decides the type of the response.
pub trait ResponseSelector: Copy + Debug + Send + Sync + 'static {
    /// The value as Spotify writes it.
    const VALUE: &'static str;
    /// The field of the response that contains the result, where each value has its own.
    const POINTER: Option<&'static str> = None;
}

/// The error of parsing text that is not a value of an enumeration.
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

/// Finds the value of a closed enumeration that is written like this, in any case.
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

/// An open enumeration: text that is not a known value is kept.
pub(crate) trait OpenEnum: for<'a> From<&'a str> {
    /// Every known value as Spotify writes it.
    const VALUES: &'static [&'static str];
}

/// Enumerations of Spotify's values, printed and stored as Spotify writes them and parsed in any case.
///
/// A closed one is what a parameter takes, so that parsing another value is an error. An `open` one is what a response
/// may contain: the variant `Other` keeps a value that is not known.
macro_rules! api_enum {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $variant:ident = $value:literal,)* })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $($(#[$value_doc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Returns the value as Spotify writes it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $value,)* }
            }
        }

        /// In any case.
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
            /// A value that this version of the crate does not know, as Spotify sent it.
            Other(Box<str>),
        }

        impl $name {
            /// Every known value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Returns the value as Spotify writes it.
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

        /// Never fails: a value that is not known becomes `Other`.
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

// Clippy takes it for redundant; without it the macro stays in this file.
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
        assert_eq!(top_item::Artists::VALUE, "artists");
    }
}
