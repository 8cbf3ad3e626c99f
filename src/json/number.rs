//! Numbers as Spotify sends them: whole ones may come as floats (`4.9E7`) or, for a while in 2024, as
//! objects, and either kind as text.

use std::fmt::{self, Formatter};

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::field::{FieldSeed, Key, LenientField, LenientOption, lenient_visitor};

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
                    only = map.next_value_seed(FieldSeed::<Option<i64>>::new())?;
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

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl<'de> LenientOption<'de> for $type {
            fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let number = deserializer.deserialize_any(IntegerVisitor)?;
                Ok(number.and_then(|number| <$type>::try_from(number).ok()))
            }
        }
    )*};
}

integers!(u32 u64 i32 i64);

lenient_visitor!(FloatVisitor: f64, "a number", {
    fn visit_i64<E>(self, number: i64) -> Result<Option<f64>, E> {
        Ok(Some(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<f64>, E> {
        Ok(Some(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Option<f64>, E> {
        Ok(Some(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<f64>, E> {
        Ok(text.trim().parse().ok())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<f64>, E> {
        Ok(None)
    }

    /// Any number at all in a program that has the feature `arbitrary_precision` of serde_json on.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<f64>, A::Error> {
        let mut only = None;
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "$serde_json::private::Number" => {
                    only = map.next_value_seed(FieldSeed::<Option<f64>>::new())?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(only)
    }
});

impl<'de> LenientOption<'de> for f64 {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let number = deserializer.deserialize_any(FloatVisitor)?;
        // JSON has no other ones to write it back as.
        Ok(number.filter(|number| number.is_finite()))
    }
}

impl<'de> LenientOption<'de> for f32 {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let number = f64::read_lenient(deserializer)?.map(|number| number as f32);
        Ok(number.filter(|number| number.is_finite()))
    }
}

/// A short list of numbers; what is none is passed over.
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

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Box::default())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Box::default())
    }

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

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer};

    use crate::json::field::LenientField;

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
            let number = f64::read(MapDeserializer::<_, Error>::new(members.into_iter()));
            assert_eq!(number, Ok(sent.parse().unwrap()), "{sent}");
        }
    }
}
