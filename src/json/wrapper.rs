//! Objects that come plain or within another one.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, IgnoredAny, IntoDeserializer, MapAccess};

use super::field::{FieldSeed, Key, LenientOption};
use super::object::Object;
use crate::types::timestamp::Timestamp;

/// Reads an object that is plain, or wrapped under this key; and `added_at`, which stands beside either.
pub(crate) fn read_wrapped<'de, T: Object<'de> + LenientOption<'de>, A: MapAccess<'de>>(
    map: A,
    key: &'static str,
) -> Result<(T, Option<Timestamp>), A::Error> {
    let mut fields = PlainFields { map, key, wrapped: None, added_at: None, is_read: false };
    let plain = T::visit(&mut fields);
    let object = match fields.wrapped {
        // The fields around a wrapped object need not make a plain one.
        Some(wrapped) if fields.is_read => wrapped,
        _ => plain?,
    };
    Ok((object, fields.added_at))
}

/// The fields of a plain object; those of the wrapper are kept aside.
struct PlainFields<A, T> {
    map: A,
    key: &'static str,
    wrapped: Option<T>,
    added_at: Option<Timestamp>,
    /// Whether all fields were read, the last one without an error.
    is_read: bool,
}

impl<'de, A: MapAccess<'de>, T: LenientOption<'de>> MapAccess<'de> for &mut PlainFields<A, T> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(Key(key)) = self.map.next_key()? {
            if key == self.key {
                self.wrapped = self.map.next_value_seed(FieldSeed::new())?;
            } else if key == "added_at" {
                self.added_at = self.map.next_value_seed(FieldSeed::new())?;
            } else if self.wrapped.is_some() {
                self.map.next_value::<IgnoredAny>()?;
            } else {
                return match key {
                    Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
                    Cow::Owned(key) => seed.deserialize(key.into_deserializer()),
                }
                .map(Some);
            }
        }
        self.is_read = true;
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
