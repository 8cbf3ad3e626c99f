//! Reads objects that Spotify sends plain or within another object.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess};

use super::field::{FieldSeed, HOLLOW, LenientOption};
use super::keys::Key;
use super::object::Object;
use crate::types::timestamp::Timestamp;

/// Reads an object that is plain, or within another object under this key; and `added_at`, a field of the outer object.
pub(crate) fn read_wrapped<'de, T: Object<'de> + LenientOption<'de>, A: MapAccess<'de>>(
    map: A,
    key: &'static str,
) -> Result<(T, Option<Timestamp>), A::Error> {
    let mut fields =
        PlainFields { map, key, wrapped: None, is_sent: false, added_at: None, is_read: false };
    let plain = T::visit(&mut fields);
    let object = match fields.wrapped {
        // The fields around a wrapped object may not be those of a plain one.
        Some(wrapped) if fields.is_read => wrapped,
        None if fields.is_read && fields.is_sent && plain.is_err() => {
            return Err(A::Error::custom(format_args!("expected {}{HOLLOW}", T::EXPECTED)));
        }
        _ => plain?,
    };
    Ok((object, fields.added_at))
}

/// The fields of a plain object, without the fields of the wrapper.
struct PlainFields<A, T> {
    map: A,
    key: &'static str,
    wrapped: Option<T>,
    /// `true` if Spotify sent the wrapped object, maybe as null.
    is_sent: bool,
    added_at: Option<Timestamp>,
    /// `true` if all fields were read without an error.
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
                self.is_sent = true;
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
