//! Objects that come plain or within another one.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, IgnoredAny, IntoDeserializer, MapAccess};

use super::field::Key;

/// What an object has that may stand around another one.
pub(crate) trait Wrapping<'de> {
    /// Takes the value of a member, if its key is one of the wrapper's own.
    fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
    /// Whether the object within was there.
    fn is_found(&self) -> bool;
}

/// The members of a plain object, or none of them once it turns out to be wrapped: those of the
/// wrapper are kept aside.
pub(crate) struct Wrapper<A, W> {
    map: A,
    outer: W,
    is_read: bool,
}

impl<A, W> Wrapper<A, W> {
    pub(crate) fn new(map: A, outer: W) -> Self {
        Wrapper { map, outer, is_read: false }
    }

    /// Whether all members were read, the last one without an error.
    pub(crate) fn is_read(&self) -> bool {
        self.is_read
    }

    pub(crate) fn outer(self) -> W {
        self.outer
    }
}

impl<'de, A: MapAccess<'de>, W: Wrapping<'de>> MapAccess<'de> for &mut Wrapper<A, W> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(Key(key)) = self.map.next_key()? {
            if self.outer.take(&key, &mut self.map)? {
                continue;
            }
            if self.outer.is_found() {
                self.map.next_value::<IgnoredAny>()?;
                continue;
            }
            return match key {
                Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
                Cow::Owned(key) => seed.deserialize(key.into_deserializer()),
            }
            .map(Some);
        }
        self.is_read = true;
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
