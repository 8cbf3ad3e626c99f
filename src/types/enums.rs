//! The enumerations that parameters take, made from the table.

use std::fmt::{self, Debug, Display, Formatter};

/// A closed enumeration of Spotify's words.
pub(crate) trait ApiEnum: Copy + PartialEq + 'static {
    const VALUES: &'static [(&'static str, Self)];
}

/// A word that is a type, because it decides what a call answers.
pub trait ResponseSelector: Copy + fmt::Debug + Send + Sync + 'static {
    /// The word as Spotify writes it.
    const VALUE: &'static str;
    /// The member in which the answer to this word stands, where each word has its own.
    const POINTER: Option<&'static str> = None;
}

/// Text that is none of the words of an enumeration.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownValue {
    found: Box<str>,
    words: Vec<&'static str>,
}

impl Display for UnknownValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected one of {}, found {}",
            self.words.join(", "),
            crate::types::display::Quoted(&self.found)
        )
    }
}

impl Debug for UnknownValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownValue({self})")
    }
}

impl std::error::Error for UnknownValue {}

pub(crate) fn parse_enum<W: ApiEnum>(text: &str) -> Result<W, UnknownValue> {
    let word = W::VALUES.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    word.map(|(_, value)| *value).ok_or_else(|| UnknownValue {
        found: text.into(),
        words: W::VALUES.iter().map(|(word, _)| *word).collect(),
    })
}

/// What every closed enumeration of words can do: print, be read, be stored.
macro_rules! api_enum {
    ($name:ident) => {
        impl $name {
            /// The word as Spotify writes it.
            pub fn as_str(self) -> &'static str {
                let word = <Self as $crate::types::enums::ApiEnum>::VALUES
                    .iter()
                    .find(|(_, value)| *value == self);
                word.map(|(word, _)| *word).unwrap_or_default()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        /// In any case.
        impl std::str::FromStr for $name {
            type Err = $crate::types::enums::UnknownValue;

            fn from_str(text: &str) -> Result<Self, $crate::types::enums::UnknownValue> {
                $crate::types::enums::parse_enum(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::types::small_text::parsed(deserializer, "a word")
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
    fn words_print_as_they_are_read() {
        for (word, value) in TimeRange::VALUES {
            assert_eq!(value.to_string(), *word);
            assert_eq!(word.parse(), Ok(*value));
        }
        assert_eq!(top_item::Artists::VALUE, "artists");
    }
}
