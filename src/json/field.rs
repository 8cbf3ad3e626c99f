//! Reads the fields of objects leniently, because Spotify doesn't always send the documented type.
//!
//! An optional field that is missing, null or of another type doesn't fail its object.

use std::any::type_name;
use std::fmt::{self, Display, Formatter};
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::decode::item_by_item;
use super::scalar::{FromScalar, Scalar};
use crate::types::id::*;
use crate::types::market::MarketSet;

/// The type of a field of an object.
pub(crate) trait LenientField<'de>: Sized {
    /// Returns the value of a missing field; `None` if the field is required.
    fn missing() -> Option<Self> {
        None
    }

    /// Reads a field that was sent, maybe as null.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Returns whether serialization omits the field.
    fn skip_serializing(&self) -> bool {
        false
    }

    /// Returns whether it is the value for null.
    fn is_null(&self) -> bool {
        self.skip_serializing()
    }
}

/// Sets a field that was not sent to the value for a missing one. If the field is required, it stays empty, and `absent`
/// is the key of the first such field.
pub(crate) fn fill<'de, F: LenientField<'de>>(
    field: &mut Option<F>,
    key: &'static str,
    absent: &mut &'static str,
) {
    if field.is_none() {
        *field = F::missing();
        if field.is_none() && absent.is_empty() {
            *absent = key;
        }
    }
}

/// Reads the next value of an object into a field.
#[inline]
pub(crate) fn read_next<'de, F: LenientField<'de>, A: MapAccess<'de>>(
    field: &mut Option<F>,
    map: &mut A,
    is_preferred: bool,
) -> Result<(), A::Error> {
    store(field, map.next_value_seed(FieldSeed::new())?, is_preferred);
    Ok(())
}

/// Stores a value of a field. If there are two, a value under the preferred key is preferred to one under another key, and
/// both are preferred to null.
#[inline]
fn store<'de, F: LenientField<'de>>(field: &mut Option<F>, value: F, is_preferred: bool) {
    let is_better = match field {
        None => true,
        Some(_) if is_preferred => !value.is_null(),
        Some(found) => found.is_null(),
    };
    if is_better {
        *field = Some(value);
    }
}

/// A type whose `Option` is a [`LenientField`].
pub(crate) trait LenientOption<'de>: Sized {
    /// Reads a value; `None` if it is null or of another type.
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

/// The start of the error for an object without its required id, before the kind of the id.
pub(crate) const WITHOUT_ID: &str = "expected the id of the ";

/// The end of the error for an object with neither an id nor a URI. Spotify sends such objects for deleted ones.
pub(crate) const HOLLOW: &str = ", found neither an id nor a URI";

/// Returns whether the error is about a deleted object: null, or an object with neither an id nor a URI.
pub(crate) fn is_gone(error: &dyn Display) -> bool {
    let text = error.to_string();
    text.starts_with("invalid type: null, expected the object ") || text.contains(HOLLOW)
}

/// Returns whether the error is about a deleted object, or an object without an id.
pub(crate) fn is_without_id(error: &dyn Display) -> bool {
    let text = error.to_string();
    is_gone(error) || text.starts_with(WITHOUT_ID) || text.starts_with("missing field `id`")
}

/// Reads a part of a response that failed to decode; `None` if this part fails.
pub(crate) fn isolated<'de, T, D, S>(deserializer: D, part: S) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    S: DeserializeSeed<'de, Value = Option<T>>,
{
    let raw = <&'de RawValue>::deserialize(deserializer)?;
    Ok(readable(raw, part))
}

/// Reads a part of a response from its text; `None` if it cannot be read.
fn readable<'de, T, S: DeserializeSeed<'de, Value = Option<T>>>(
    raw: &'de RawValue,
    part: S,
) -> Option<T> {
    match part.deserialize(&mut serde_json::Deserializer::from_str(raw.get())) {
        Ok(read) => read,
        Err(_) => {
            warn_of_lost(type_name::<T>());
            None
        }
    }
}

#[cold]
fn warn_of_lost(name: &str) {
    // The error may repeat any text of the response, so it isn't logged.
    log::warn!("a part of a response cannot be read and is left out: {name}");
}

/// Ids, of which Spotify sends some as null or as empty text.
macro_rules! id_fields {
    ($id:ident) => {
        impl FromScalar for $id {
            #[inline]
            fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
                scalar.text().filter(|text| !text.is_empty()).map(|text| $id::from_text(&text))
            }
        }

        impl<'de> LenientField<'de> for $id {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let without = || D::Error::custom(format_args!("{WITHOUT_ID}{}", $id::URI));
                $id::read_lenient(deserializer)?.ok_or_else(without)
            }
        }
    };
}

for_each_id!(id_fields);

impl<'de> LenientOption<'de> for MarketSet {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        if item_by_item() {
            return isolated(deserializer, ElementSeed::new());
        }
        Option::deserialize(deserializer)
    }
}

/// Implements the methods of a visitor for null.
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

/// Implements the methods of a visitor for all values except objects and text.
macro_rules! others_are {
    (@visit $($visit:ident: $type:ty),* => $value:expr) => {$(
        fn $visit<E>(self, _: $type) -> Result<Self::Value, E> {
            Ok($value)
        }
    )*};
    ($value:expr) => {
        $crate::json::field::null_is!($value);

        $crate::json::field::others_are!(
            @visit visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64 => $value
        );

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            IgnoredAny.visit_seq(seq).map(|_| $value)
        }
    };
}

pub(crate) use others_are;

/// A list. Null elements and deleted objects are skipped.
impl<'de, T: Deserialize<'de>> LenientField<'de> for Vec<T> {
    fn missing() -> Option<Self> {
        Some(Vec::new())
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if item_by_item() {
            let mut list = Vec::new();
            for raw in
                isolated(deserializer, ElementSeed::<Vec<&RawValue>>::new())?.unwrap_or_default()
            {
                list.extend(readable(raw, ElementSeed::new()));
            }
            return Ok(list);
        }
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
        // Most lists in objects have one to three elements, but a growing list has room for at least four.
        let Some(first) = next_of(&mut seq)? else { return Ok(Vec::new()) };
        let Some(second) = next_of(&mut seq)? else { return Ok(vec![first]) };
        let Some(third) = next_of(&mut seq)? else { return Ok(vec![first, second]) };
        let mut list = vec![first, second, third];
        while let Some(element) = next_of(&mut seq)? {
            list.push(element);
        }
        list.shrink_to_fit();
        Ok(list)
    }
}

/// Reads the next element that isn't null or a deleted object; `None` at the end of the list.
fn next_of<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    seq: &mut A,
) -> Result<Option<T>, A::Error> {
    while let Some(element) = seq.next_element_seed(ElementSeed::new())? {
        if element.is_some() {
            return Ok(element);
        }
    }
    Ok(None)
}

/// Reads an element of a list; `None` for null and for a deleted object.
pub(crate) struct ElementSeed<T>(PhantomData<T>);

impl<T> ElementSeed<T> {
    pub(crate) fn new() -> Self {
        ElementSeed(PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for ElementSeed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        match Option::deserialize(deserializer) {
            Err(error) if is_gone(&error) => Ok(None),
            read => read,
        }
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
        // A segment of an analysis has 12, for which the list then needn't grow.
        let mut list = Vec::with_capacity(12);
        while let Some(number) = seq.next_element_seed(FieldSeed::<Option<f32>>::new())? {
            list.extend(number);
        }
        Ok(list.into())
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
