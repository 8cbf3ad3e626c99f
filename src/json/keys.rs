//! Finds the keys of objects. A key in Spotify's order is found with one comparison.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt::{self, Formatter};

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

use super::field::others_are;
use super::scalar::{Scalar, ScalarVisitor};

/// A key of an object, borrowed if possible.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key: Scalar<'de> = deserializer.deserialize_identifier(ScalarVisitor)?;
        Ok(Key(key.text().unwrap_or_default()))
    }
}

/// The keys of a model in alphabetical order, which is the order of Spotify, and the field of each.
pub(crate) struct Keys<F: 'static, const N: usize> {
    texts: [&'static str; N],
    /// The fields, and whether the key is the preferred one of its field.
    fields: [(F, bool); N],
}

impl<F: Copy, const N: usize> Keys<F, N> {
    /// Sorts the keys. A key that occurs twice doesn't compile.
    pub(crate) const fn new(
        preferred: [&'static [(&'static str, F)]; 2],
        others: &'static [(&'static str, F)],
    ) -> Self {
        let [first, second] = preferred;
        let any = if first.is_empty() { second[0].1 } else { first[0].1 };
        let mut keys = Keys { texts: [""; N], fields: [(any, true); N] };
        let lists = [first, second, others];
        let (mut list, mut index, mut count) = (0, 0, 0);
        while list < lists.len() {
            if index == lists[list].len() {
                (list, index) = (list + 1, 0);
                continue;
            }
            let (text, field) = lists[list][index];
            let mut at = count;
            while at > 0 && is_less(text, keys.texts[at - 1]) {
                keys.texts[at] = keys.texts[at - 1];
                keys.fields[at] = keys.fields[at - 1];
                at -= 1;
            }
            assert!(at == 0 || is_less(keys.texts[at - 1], text), "a key occurs twice");
            keys.texts[at] = text;
            keys.fields[at] = (field, list < 2);
            index += 1;
            count += 1;
        }
        keys
    }

    /// Returns what finds the next key, after the one at the index before `next`.
    #[inline]
    pub(crate) fn after(&'static self, next: usize) -> KeySeed {
        KeySeed { texts: &self.texts, next }
    }

    /// Returns the field of the key at an index; `None` for an unknown key.
    #[inline]
    pub(crate) fn field(&self, index: usize) -> Option<(F, bool)> {
        self.fields.get(index).copied()
    }
}

const fn is_less(text: &str, other: &str) -> bool {
    let (text, other) = (text.as_bytes(), other.as_bytes());
    let mut index = 0;
    while index < text.len() && index < other.len() {
        if text[index] != other[index] {
            return text[index] < other[index];
        }
        index += 1;
    }
    text.len() < other.len()
}

/// Reads a key as its index in a list; `usize::MAX` for an unknown one.
pub(crate) struct KeySeed {
    pub(crate) texts: &'static [&'static str],
    /// The index of the expected key.
    pub(crate) next: usize,
}

const UNKNOWN: usize = usize::MAX;

impl KeySeed {
    #[inline]
    fn find(&self, key: &[u8]) -> usize {
        match self.texts.get(self.next) {
            Some(text) if text.as_bytes() == key => self.next,
            _ => self.find_any(key),
        }
    }

    fn find_any(&self, key: &[u8]) -> usize {
        let is_key = |text: &&str| text.as_bytes() == key;
        let (before, after) = self.texts.split_at_checked(self.next).unwrap_or_default();
        match after.iter().position(is_key) {
            Some(index) => self.next + index,
            None => {
                let texts = if after.is_empty() { self.texts } else { before };
                texts.iter().position(is_key).unwrap_or(UNKNOWN)
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        // serde_json checks the UTF-8 of each key, unless bytes are requested. Some other formats then reject text.
        match type_name::<D::Error>() == type_name::<serde_json::Error>() {
            true => deserializer.deserialize_bytes(self),
            false => deserializer.deserialize_identifier(self),
        }
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = usize;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    // Formats other than JSON have keys of any type.
    others_are!(UNKNOWN);

    #[inline]
    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        Ok(self.find(key.as_bytes()))
    }

    #[inline]
    fn visit_borrowed_bytes<E: Error>(self, key: &'de [u8]) -> Result<usize, E> {
        match self.find(key) {
            UNKNOWN => check(key, true),
            index => Ok(index),
        }
    }

    #[inline]
    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<usize, E> {
        match self.find(key) {
            UNKNOWN => check(key, false),
            index => Ok(index),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<usize, A::Error> {
        IgnoredAny.visit_map(map).map(|_| UNKNOWN)
    }
}

/// Checks an unknown key as serde_json checks text. A borrowed key contains no escapes, so its control characters were
/// not escaped. Control characters in an unknown key with escapes are accepted, because the key is ignored.
#[cold]
fn check<E: Error>(key: &[u8], is_borrowed: bool) -> Result<usize, E> {
    let expected = match is_borrowed && key.iter().any(|byte| *byte < b' ') {
        true => "a key without control characters",
        false if std::str::from_utf8(key).is_err() => "a key in UTF-8",
        false => return Ok(UNKNOWN),
    };
    Err(E::invalid_value(Unexpected::Bytes(key), &expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    static KEYS: Keys<char, 5> = Keys::new(
        [&[("uri", 'u'), ("items", 'i')], &[("id", 'd')]],
        &[("tracks", 'i'), ("a", 'u')],
    );

    #[test]
    fn keys_are_sorted_with_their_fields() {
        assert_eq!(KEYS.texts, ["a", "id", "items", "tracks", "uri"]);
        let fields = [('u', false), ('d', true), ('i', true), ('i', false), ('u', true)];
        assert_eq!(KEYS.fields, fields);
        assert_eq!(KEYS.field(UNKNOWN), None);
    }

    #[test]
    fn keys_are_found_in_any_order() {
        for next in 0..8 {
            for (index, text) in KEYS.texts.iter().enumerate() {
                assert_eq!(KEYS.after(next).find(text.as_bytes()), index, "{text} at {next}");
            }
            for unknown in ["", "i", "item", "itemz", "zzz"] {
                assert_eq!(KEYS.after(next).find(unknown.as_bytes()), UNKNOWN, "{unknown}");
            }
        }
    }

    #[test]
    fn keys_are_read_from_any_format() {
        use serde::de::value::{Error, MapDeserializer};

        let fields = [("tracks", 1), ("x", 2)].into_iter();
        let mut fields = MapDeserializer::<_, Error>::new(fields);
        assert_eq!(fields.next_key_seed(KEYS.after(0)), Ok(Some(3)));
        assert_eq!(fields.next_key_seed(KEYS.after(0)), Ok(Some(UNKNOWN)));
    }

    #[test]
    fn invalid_text_in_a_key_of_json_is_an_error() {
        struct Read(usize);
        impl<'de> Deserialize<'de> for Read {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                KEYS.after(0).deserialize(deserializer).map(Read)
            }
        }
        let read = |json: &[u8]| serde_json::from_slice::<Read>(json).map(|read| read.0).ok();
        assert_eq!(read(br#""\u0069d""#), Some(1));
        assert_eq!(read(br#""x\n""#), Some(UNKNOWN));
        assert_eq!(read(br#""\ud83d""#), None);
        assert_eq!(read(b"\"\xff\""), None);
        assert_eq!(read(b"\"x\n\""), None);
        assert_eq!(read(b"\"\\n\n\""), Some(UNKNOWN));
    }
}
