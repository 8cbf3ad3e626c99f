//! How a member of an object is read: as Spotify sends it, not as it documents it.
//!
//! Anything may be missing or null. Numbers may come as floats (`4.9E7`) or, for a while in 2024, as
//! objects; text may come as something else. None of that costs the object.

use std::borrow::Cow;
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::id::*;
use crate::market::{Market, MarketSet};
use crate::page::Page;
use crate::time::Timestamp;

/// A type that a member of an object can have.
pub(crate) trait Field<'de>: Sized {
    /// What a member is that is missing or null; `None` if the object cannot do without.
    fn absent() -> Option<Self>;
    /// Reads a member that is there.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
    /// Whether the member is left out when the object is written.
    fn is_left_out(&self) -> bool {
        false
    }
}

/// What a lenient visitor makes of a value: the thing, nothing, or the wrong type.
macro_rules! lenient_visitor {
    ($visitor:ident: $value:ty, $expecting:literal, { $($visits:item)* }) => {
        struct $visitor;

        impl<'de> Visitor<'de> for $visitor {
            type Value = Option<$value>;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str($expecting)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_any(self)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(None)
            }

            $($visits)*
        }
    };
}

lenient_visitor!(IntegerVisitor: i64, "a number", {
    fn visit_i64<E>(self, number: i64) -> Result<Option<i64>, E> {
        Ok(Some(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<i64>, E> {
        Ok(i64::try_from(number).ok())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Option<i64>, E> {
        Ok(rounded(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<i64>, E> {
        let text = text.trim();
        Ok(text.parse().ok().or_else(|| text.parse().ok().and_then(rounded)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<i64>, E> {
        Ok(None)
    }

    /// `{"totalMilliseconds": 1}`, a count within an object, or any number at all in a program that
    /// has the feature `arbitrary_precision` of serde_json on.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<i64>, A::Error> {
        let mut only = None;
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "totalMilliseconds" | "total" | "$serde_json::private::Number" => {
                    only = map.next_value_seed(Member::<Option<i64>>::new())?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(only)
    }
});

/// Rounded towards zero; nothing for what no integer can hold.
fn rounded(number: f64) -> Option<i64> {
    let whole = number as i64;
    // A cast beyond the range gives the nearest integer, which is far from the number.
    ((whole as f64 - number).abs() < 1.0).then_some(whole)
}

lenient_visitor!(BoolVisitor: bool, "true or false", {
    fn visit_bool<E>(self, boolean: bool) -> Result<Option<bool>, E> {
        Ok(Some(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Option<bool>, E> {
        Ok(Some(number != 0))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<bool>, E> {
        Ok(Some(number != 0))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<bool>, E> {
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<bool>, E> {
        Ok(text.parse().ok())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<bool>, A::Error> {
        ignored(map)
    }
});

/// Text, borrowed where the source allows it.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        ignored(map)
    }
}

fn ignored<'de, T, A: MapAccess<'de>>(mut map: A) -> Result<Option<T>, A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(None)
}

/// Text or nothing.
pub(crate) fn text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'de, str>>, D::Error> {
    deserializer.deserialize_any(TextVisitor)
}

/// A type whose value may be there or not: as `Option`, it is a [`Field`] of any object.
pub(crate) trait Maybe<'de>: Sized {
    /// Reads a value; `None` if it is null, or something else altogether.
    fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

impl<'de, T: Maybe<'de>> Field<'de> for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read_maybe(deserializer)
    }

    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

/// Types that are empty or 0 where nothing is sent.
macro_rules! default_fields {
    ($($type:ty)*) => {$(
        impl<'de> Field<'de> for $type {
            fn absent() -> Option<Self> {
                Some(Default::default())
            }

            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::read_maybe(deserializer).map(Option::unwrap_or_default)
            }
        }
    )*};
}

default_fields!(u32 u64 bool Box<str>);

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl<'de> Maybe<'de> for $type {
            fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let number = deserializer.deserialize_any(IntegerVisitor)?;
                Ok(number.and_then(|number| <$type>::try_from(number).ok()))
            }
        }
    )*};
}

integers!(u32 u64 i64);

impl<'de> Maybe<'de> for bool {
    fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(BoolVisitor)
    }
}

impl<'de> Maybe<'de> for Box<str> {
    fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.map(|text| match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }))
    }
}

/// Ids: those that an object has for certain, and those that may be null or empty.
macro_rules! id_fields {
    ($id:ident) => {
        impl<'de> Field<'de> for $id {
            fn absent() -> Option<Self> {
                None
            }

            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $id::read_maybe(deserializer)?.ok_or_else(|| {
                    let kind = <$id as IdKind>::URI;
                    D::Error::custom(format_args!("expected the id of the {kind}, found none"))
                })
            }
        }

        impl<'de> Maybe<'de> for $id {
            fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let text = text(deserializer)?.filter(|text| !text.is_empty());
                Ok(text.map(|text| $id::from_text(&text)))
            }
        }
    };
}

for_each_id!(id_fields);

impl<'de> Maybe<'de> for Timestamp {
    fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.and_then(|text| text.parse().ok()))
    }
}

impl<'de> Maybe<'de> for Market {
    fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.and_then(|text| Market::from_letters(&text)))
    }
}

/// What is read strictly, if it is there.
macro_rules! strict {
    ($([$($param:ident)?] $type:ty;)*) => {$(
        impl<'de $(, $param: Deserialize<'de>)?> Maybe<'de> for $type {
            fn read_maybe<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                Option::deserialize(deserializer)
            }
        }
    )*};
}

strict! {
    [] MarketSet;
    [T] Page<T>;
}

/// A list; null entries are passed over.
impl<'de, T: Deserialize<'de>> Field<'de> for Vec<T> {
    fn absent() -> Option<Self> {
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

    fn visit_none<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element::<Option<T>>()? {
            list.extend(element);
        }
        Ok(list)
    }
}

/// The key of a member, borrowed where the source allows it.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(TextVisitor).map(|key| Key(key.unwrap_or_default()))
    }
}

/// Reads a member, null included, as a [`Field`].
pub(crate) struct Member<F>(PhantomData<F>);

impl<F> Member<F> {
    pub(crate) fn new() -> Self {
        Member(PhantomData)
    }
}

impl<'de, F: Field<'de>> serde::de::DeserializeSeed<'de> for Member<F> {
    type Value = F;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        F::read(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer};

    use super::Field;

    /// With the feature `arbitrary_precision`, which any crate of a program can turn on for all of
    /// them, serde_json hands out numbers as objects.
    #[test]
    fn numbers_of_arbitrary_precision_are_numbers() {
        for (sent, expected) in
            [("49000000", 49_000_000), ("4.9E7", 49_000_000), ("640.0", 640), ("1e300", 0)]
        {
            let members = [("$serde_json::private::Number", sent)];
            let number = u64::read(MapDeserializer::<_, Error>::new(members.into_iter()));
            assert_eq!(number, Ok(expected), "{sent}");
        }
    }
}
