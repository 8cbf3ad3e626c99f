//! How a member of an object is read: as Spotify sends it, not as it documents it.
//!
//! Anything may be missing or null, and text may come as something else. None of that costs the object.
//! Numbers are a subject of their own: see [`number`](crate::json::number).

use std::borrow::Cow;
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::types::enums::OpenEnum;
use crate::types::id::*;
use crate::types::market::{Market, MarketSet};
use crate::types::timestamp::Timestamp;

/// A type that a member of an object can have.
pub(crate) trait LenientField<'de>: Sized {
    /// What a member is that is missing or null; `None` if the object cannot do without.
    fn missing() -> Option<Self>;
    /// Reads a member that is there.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
    /// Whether the member is left out when the object is written.
    fn skip_serializing(&self) -> bool {
        false
    }
}

/// What a member is of which this was read, or nothing.
pub(crate) fn found<'de, F: LenientField<'de>, E: Error>(
    value: Option<F>,
    key: &'static str,
) -> Result<F, E> {
    // No closures: the compiler would build each once for every type of member.
    if let Some(value) = value {
        return Ok(value);
    }
    match F::missing() {
        Some(value) => Ok(value),
        None => Err(E::missing_field(key)),
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

pub(crate) use lenient_visitor;

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

/// A type whose value may be there or not: as `Option`, it is a [`LenientField`] of any object.
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

/// Types that are empty or 0 where nothing is sent.
macro_rules! default_fields {
    ($($type:ty)*) => {$(
        impl<'de> LenientField<'de> for $type {
            fn missing() -> Option<Self> {
                Some(Default::default())
            }

            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::read_lenient(deserializer).map(Option::unwrap_or_default)
            }
        }
    )*};
}

default_fields!(u32 u64 f32 f64 bool Box<str>);

impl<'de> LenientOption<'de> for bool {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(BoolVisitor)
    }
}

impl<'de> LenientOption<'de> for Box<str> {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.map(|text| match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }))
    }
}

/// Ids: those that an object has for certain, and those that may be null or empty.
macro_rules! id_fields {
    ($id:ident) => {
        impl<'de> LenientField<'de> for $id {
            fn missing() -> Option<Self> {
                None
            }

            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $id::read_lenient(deserializer)?.ok_or_else(|| {
                    let kind = <$id as IdKind>::URI;
                    D::Error::custom(format_args!("expected the id of the {kind}, found none"))
                })
            }
        }

        impl<'de> LenientOption<'de> for $id {
            fn read_lenient<D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                let text = text(deserializer)?.filter(|text| !text.is_empty());
                Ok(text.map(|text| $id::from_text(&text)))
            }
        }
    };
}

for_each_id!(id_fields);

impl<'de, T: OpenEnum> LenientOption<'de> for T {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.map(|text| T::from(&text)))
    }
}

impl<'de> LenientOption<'de> for Timestamp {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.and_then(|text| text.parse().ok()))
    }
}

impl<'de> LenientOption<'de> for Market {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.and_then(|text| Market::from_letters(&text)))
    }
}

impl<'de> LenientOption<'de> for MarketSet {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// A list; null entries are passed over.
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
            if let Some(element) = element {
                list.push(element);
            }
        }
        // Most lists in objects have one to three entries, and the smallest that grows has room for four.
        list.shrink_to_fit();
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

/// Reads a member, null included, as a [`LenientField`].
pub(crate) struct FieldSeed<F>(PhantomData<F>);

impl<F> FieldSeed<F> {
    pub(crate) fn new() -> Self {
        FieldSeed(PhantomData)
    }
}

impl<'de, F: LenientField<'de>> serde::de::DeserializeSeed<'de> for FieldSeed<F> {
    type Value = F;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        F::read(deserializer)
    }
}
