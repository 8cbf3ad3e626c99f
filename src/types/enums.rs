//! The enums that are generated from `spec/`, and the macro that defines all enums.

use std::convert::Infallible;
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

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
    pub(crate) found: Box<str>,
    expected: &'static [&'static str],
}

impl UnknownValue {
    pub(crate) fn new(found: &str, expected: &'static [&'static str]) -> Self {
        UnknownValue { found: found.into(), expected }
    }
}

impl Display for UnknownValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}, found {}", self.expected.join(", "), Quoted(&self.found))
    }
}

text_error!(UnknownValue);

/// An enum that keeps unknown text in its variant `Other`.
pub(crate) trait OpenEnum: Sized {
    /// The known values, as Spotify writes them.
    const VALUES: &'static [&'static str];
    /// Ignores ASCII case; an unknown value becomes `Other`.
    fn from_sent(text: &str) -> Self;
}

/// Parses any text, also if `FromStr` of the enum rejects unknown text.
pub(crate) struct Opened<T>(pub(crate) T);

impl<T: OpenEnum> FromStr for Opened<T> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Opened(T::from_sent(text)))
    }
}

/// Defines enums that print and serialize as Spotify writes their values, and ignore case when parsing.
///
/// | kind | used in | unknown text in a response | unknown text in `parse` |
/// | --- | --- | --- | --- |
/// | closed | parameters | | an error |
/// | `open` | responses | `Other` | `Other` |
/// | `shared` | both | `Other` | an error |
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
                let known = Self::ALL.iter().copied().find(|value| value.as_str().eq_ignore_ascii_case(text));
                known.ok_or_else(|| $crate::types::enums::UnknownValue::new(text, &[$($value),*]))
            }
        }

        $crate::types::text_traits::try_from_text!($name);
        $crate::types::text_traits::text_type!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::types::small_text::parsed(deserializer, concat!("a value of ", stringify!($name)))
            }
        }
    )+};
    ($($(#[$doc:meta])* open $name:ident $values:tt)+) => {$(
        $crate::types::enums::api_enum!(@open $(#[$doc])* $name $values);

        /// Ignores ASCII case; an unknown value becomes `Other`.
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::types::enums::OpenEnum::from_sent(text)
            }
        }

        /// Never fails: an unknown value becomes `Other`.
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }
    )+};
    ($(#[$doc:meta])* shared $name:ident $values:tt) => {
        $crate::types::enums::api_enum!(@open $(#[$doc])* $name $values);

        $crate::types::text_traits::try_from_text!($name);

        /// Ignores ASCII case. Fails for an unknown value, which a response keeps as `Other`.
        impl std::str::FromStr for $name {
            type Err = $crate::types::enums::UnknownValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                use $crate::types::enums::{OpenEnum, UnknownValue};
                match $name::from_sent(text) {
                    $name::Other(_) => Err(UnknownValue::new(text, $name::VALUES)),
                    known => Ok(known),
                }
            }
        }
    };
    (@open $(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $variant,)*
            /// A value that this version of the crate doesn't know, as Spotify sent it.
            ///
            /// A later version may have a variant for a value that is in `Other` today. Instead of matching `Other`, compare the
            /// enum with the text: `value == "…"`.
            Other(String),
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

        /// Ignores ASCII case.
        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str().eq_ignore_ascii_case(text)
            }
        }

        /// Ignores ASCII case.
        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                *self == **text
            }
        }

        impl $crate::types::enums::OpenEnum for $name {
            const VALUES: &'static [&'static str] = &[$($value),*];

            fn from_sent(text: &str) -> Self {
                match text {
                    $(text if text.eq_ignore_ascii_case($value) => $name::$variant,)*
                    other => $name::Other(other.into()),
                }
            }
        }

        $crate::types::text_traits::text_type!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let expected = concat!("a value of ", stringify!($name));
                let read = $crate::types::small_text::parsed(deserializer, expected);
                read.map(|$crate::types::enums::Opened(value)| value)
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
    fn enum_values_parse_in_any_case() {
        for value in TimeRange::ALL {
            assert_eq!(value.to_string().to_uppercase().parse(), Ok(*value));
        }
        assert_eq!(<top_item::Artists as selector::ResponseSelector>::VALUE, "artists");
    }
}
