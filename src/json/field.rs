//! How a field of an object is read: leniently, because Spotify does not always send the documented type.
//!
//! A field that is missing, null or of another type does not fail the object, if the object can do without it.

use std::borrow::Cow;
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

use super::scalar::{FromScalar, Scalar, ScalarVisitor};
use crate::types::id::*;
use crate::types::market::MarketSet;

/// A type that a field of an object can have.
pub(crate) trait LenientField<'de>: Sized {
    /// The value of a field that is missing; `None` if the object cannot do without.
    fn missing() -> Option<Self> {
        None
    }

    /// Reads a field that is there, maybe as null.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Whether the field is left out when the object is written.
    fn skip_serializing(&self) -> bool {
        false
    }
}

/// Returns the value of a field, or the one for a missing field.
pub(crate) fn found<'de, F: LenientField<'de>, E: Error>(
    value: Option<F>,
    key: &'static str,
) -> Result<F, E> {
    // No closures: the compiler would build each once for every type of field.
    if let Some(value) = value {
        return Ok(value);
    }
    match F::missing() {
        Some(value) => Ok(value),
        None => Err(E::missing_field(key)),
    }
}

/// A type whose value may be missing: as `Option`, it is a [`LenientField`] of any object.
pub(crate) trait LenientOption<'de>: Sized {
    /// Reads a value; `None` if it is null, or something else altogether.
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

impl<'de, T: LenientOption<'de>> LenientField<'de> for Option<T> {
    fn missing() -> Option<Self> {
        Some(None)
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_lenient(deserializer)
    }

    fn skip_serializing(&self) -> bool {
        self.is_none()
    }
}

/// Ids: an object may require one, or have one that is null or empty.
macro_rules! id_fields {
    ($id:ident) => {
        impl<'de> LenientField<'de> for $id {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $id::read_lenient(deserializer)?.ok_or_else(|| {
                    let kind = <$id as IdKind>::URI;
                    D::Error::custom(format_args!("expected the id of the {kind}, found none"))
                })
            }
        }

        impl FromScalar for $id {
            fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
                scalar.text().filter(|text| !text.is_empty()).map(|text| $id::from_text(&text))
            }
        }
    };
}

for_each_id!(id_fields);

impl<'de> LenientOption<'de> for MarketSet {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// In a visitor: the value of null.
macro_rules! null_is {
    ($value:expr) => {
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }
    };
}

pub(crate) use null_is;

/// A list; null elements are skipped.
impl<'de, T: Deserialize<'de>> LenientField<'de> for Vec<T> {
    fn missing() -> Option<Self> {
        Some(Vec::new())
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    null_is!(Vec::new());

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element::<Option<T>>()? {
            if let Some(element) = element {
                list.push(element);
            }
        }
        // Most lists in objects have one to three entries, and the smallest that grows has room for four.
        list.shrink_to_fit();
        Ok(list)
    }
}

/// A short list of numbers; other elements are skipped.
impl<'de> LenientField<'de> for Box<[f32]> {
    fn missing() -> Option<Self> {
        Some(Box::default())
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(FloatsVisitor)
    }
}

struct FloatsVisitor;

impl<'de> Visitor<'de> for FloatsVisitor {
    type Value = Box<[f32]>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    null_is!(Box::default());

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        // As many as a segment of an analysis has, so that the list is made once.
        let mut list = Vec::with_capacity(12);
        while let Some(number) = seq.next_element_seed(FieldSeed::<Option<f32>>::new())? {
            list.extend(number);
        }
        Ok(list.into())
    }
}

/// The key of a field, borrowed where the source allows it.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = deserializer.deserialize_identifier(ScalarVisitor)?;
        Ok(Key(key.text().unwrap_or_default()))
    }
}

/// Reads a field, null included, as a [`LenientField`].
pub(crate) struct FieldSeed<F>(PhantomData<F>);

impl<F> FieldSeed<F> {
    pub(crate) fn new() -> Self {
        FieldSeed(PhantomData)
    }
}

impl<'de, F: LenientField<'de>> DeserializeSeed<'de> for FieldSeed<F> {
    type Value = F;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        F::read(deserializer)
    }
}
