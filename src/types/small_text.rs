//! Short text without a heap allocation, for ids and dates.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

const INLINE: usize = 22;

/// Text that is stored inline up to 22 bytes, and on the heap above; 24 bytes in size either way.
#[derive(Clone)]
pub(crate) struct SmallText(Repr);

#[derive(Clone)]
enum Repr {
    Inline { len: u8, bytes: [u8; INLINE] },
    Heap(Box<str>),
}

impl SmallText {
    pub(crate) fn new(text: &str) -> Self {
        let mut bytes = [0; INLINE];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(target), Ok(len)) => {
                target.copy_from_slice(text.as_bytes());
                SmallText(Repr::Inline { len, bytes })
            }
            _ => SmallText(Repr::Heap(text.into())),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            // `new` copied a whole `str`, so this is never the default.
            Repr::Inline { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Repr::Heap(text) => text,
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline { len, bytes } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Repr::Heap(text) => text.as_bytes(),
        }
    }
}

impl Default for SmallText {
    fn default() -> Self {
        SmallText::new("")
    }
}

impl FromStr for SmallText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(SmallText::new(text))
    }
}

impl PartialEq for SmallText {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // The bytes after `len` are zero on both sides.
            (Repr::Inline { len: a, bytes: x }, Repr::Inline { len: b, bytes: y }) => {
                a == b && x == y
            }
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Eq for SmallText {}

impl Hash for SmallText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for SmallText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SmallText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Debug for SmallText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(self.as_str(), f)
    }
}

impl Display for SmallText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SmallText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "text")
    }
}

/// Deserializes a value from text with `FromStr`.
pub(crate) fn parsed<'de, T, D>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    struct Parsed<T>(&'static str, PhantomData<T>);
    impl<T: FromStr<Err: Display>> Visitor<'_> for Parsed<T> {
        type Value = T;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Parsed(expected, PhantomData))
}

#[cfg(test)]
mod tests {
    use super::SmallText;

    #[test]
    fn text_of_any_length_round_trips_in_24_bytes() {
        assert_eq!(size_of::<SmallText>(), 24);
        for length in 0..60 {
            let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
            assert_eq!(SmallText::new(&text).as_str(), text);
        }
    }

    #[test]
    fn small_text_compares_like_its_text() {
        let long = "x".repeat(30);
        assert_eq!(SmallText::new("abc"), SmallText::new("abc"));
        assert_ne!(SmallText::new("abc"), SmallText::new("abd"));
        assert_ne!(SmallText::new("a"), SmallText::new("a\0"));
        assert_eq!(SmallText::new(&long), SmallText::new(&long));
        assert!(SmallText::new("ab") < SmallText::new(&long));
    }
}
