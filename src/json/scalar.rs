//! Reads JSON values leniently: Spotify may send a number as text, or text as a number.
//!
//! It has sent integers as floats (`4.9E7`) and, in 2024, within an object.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::field::{LenientField, LenientOption, null_is};
use super::keys::Key;
use super::shape::{Absence, Shape, Shaped};
use crate::types::enums::OpenEnum;
use crate::types::id::SpotifyUri;
use crate::types::market::Market;
use crate::types::timestamp::Timestamp;

/// A JSON value.
pub(crate) enum Scalar<'de> {
    /// Null, or a list.
    Nothing,
    Boolean(bool),
    Integer(i64),
    /// An integer beyond the range of `i64`.
    Large(u64),
    Float(f64),
    /// Borrowed if possible.
    Text(Cow<'de, str>),
    /// An object, and the integer in it: `{"totalMilliseconds": 1}`.
    Object(Option<i64>),
}

impl<'de> Scalar<'de> {
    // Programs build the code of generic deserializers themselves, and the compiler inlines no other code of the crate.
    #[inline]
    pub(crate) fn text(self) -> Option<Cow<'de, str>> {
        match self {
            Scalar::Text(text) => Some(text),
            other => other.number_text().map(Cow::Owned),
        }
    }

    #[cold]
    fn number_text(self) -> Option<String> {
        match self {
            Scalar::Integer(number) => Some(number.to_string()),
            Scalar::Large(number) => Some(number.to_string()),
            _ => None,
        }
    }

    #[inline]
    fn integer(self) -> Option<i64> {
        match self {
            Scalar::Integer(number) => Some(number),
            Scalar::Float(number) => rounded(number),
            Scalar::Text(text) => {
                text.trim().parse().ok().or_else(|| text.trim().parse().ok().and_then(rounded))
            }
            Scalar::Object(number) => number,
            Scalar::Nothing | Scalar::Boolean(_) | Scalar::Large(_) => None,
        }
    }

    /// Returns a finite number, because JSON has no others.
    fn float(self) -> Option<f64> {
        let number = match self {
            Scalar::Integer(number) => number as f64,
            Scalar::Large(number) => number as f64,
            Scalar::Float(number) => number,
            Scalar::Text(text) => text.trim().parse().ok()?,
            Scalar::Nothing | Scalar::Boolean(_) | Scalar::Object(_) => return None,
        };
        Some(number).filter(|number| number.is_finite())
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// Rounds towards zero; `None` for a number outside the range of integers.
fn rounded(number: f64) -> Option<i64> {
    let whole = number as i64;
    // A cast beyond the range gives the nearest integer, which is far from the number.
    ((whole as f64 - number).abs() < 1.0).then_some(whole)
}

pub(crate) struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    null_is!(Scalar::Nothing);

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Scalar::deserialize(deserializer)
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Boolean(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(number.try_into().map_or(Scalar::Large(number), Scalar::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(seq).map(|_| Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = Scalar::Object(None);
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "totalMilliseconds" | "total" => {
                    object = Scalar::Object(map.next_value::<Scalar<'_>>()?.integer());
                }
                // Any number, if a crate of the program enables the feature `arbitrary_precision` of serde_json.
                "$serde_json::private::Number" => object = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(object)
    }
}

/// A type that is read from one scalar.
pub(crate) trait FromScalar: Sized {
    /// Converts a value; `None` if it is null or something else.
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self>;
}

impl<'de, T: FromScalar> LenientOption<'de> for T {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Scalar::deserialize(deserializer).map(T::from_scalar)
    }
}

/// Implements [`FromScalar`]. A missing value of a type marked `default` is empty, 0 or `false`.
macro_rules! scalar_types {
    ($($type:ty: |$scalar:ident| $value:expr;)*) => {$(
        impl FromScalar for $type {
            #[inline]
            fn from_scalar($scalar: Scalar<'_>) -> Option<Self> {
                $value
            }
        }
    )*};
    (default $($type:ty)*) => {$(
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

scalar_types! {
    bool: |scalar| match scalar {
        Scalar::Boolean(boolean) => Some(boolean),
        Scalar::Integer(number) => Some(number != 0),
        Scalar::Large(_) => Some(true),
        Scalar::Text(text) => text.parse().ok(),
        Scalar::Nothing | Scalar::Float(_) | Scalar::Object(_) => None,
    };
    i32: |scalar| scalar.integer()?.try_into().ok();
    u32: |scalar| scalar.integer()?.try_into().ok();
    i64: |scalar| scalar.integer();
    u64: |scalar| scalar.integer()?.try_into().ok();
    f32: |scalar| Some(scalar.float()? as f32).filter(|number| number.is_finite());
    f64: |scalar| scalar.float();
    String: |scalar| scalar.text().map(Cow::into_owned);
    Market: |scalar| Market::from_letters(scalar.text()?.as_bytes());
    Timestamp: |scalar| scalar.text()?.parse().ok();
}

scalar_types!(default u32 u64 f32 f64 bool String);

impl<T: OpenEnum> FromScalar for T {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        scalar.text().map(|text| T::from_sent(&text))
    }
}

/// A text that isn't a URI is kept as [`SpotifyUri::Other`].
impl FromScalar for SpotifyUri {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        let text = scalar.text().filter(|text| !text.is_empty())?;
        Some(text.parse().unwrap_or_else(|_| SpotifyUri::Other(text.into())))
    }
}

/// A time that JSON contains as an integer: the time since 1970 in units, `PER_SECOND` of which make a second.
pub(crate) struct Unix<const PER_SECOND: i64>(pub(crate) Option<Timestamp>);

pub(crate) type UnixSeconds = Unix<1>;
pub(crate) type UnixMillis = Unix<1000>;

impl<const PER_SECOND: i64> Unix<PER_SECOND> {
    const MILLIS: i64 = 1000 / PER_SECOND;

    pub(crate) fn new(time: Option<Timestamp>) -> Self {
        Unix(time)
    }
}

impl<'de, const PER_SECOND: i64> LenientField<'de> for Unix<PER_SECOND> {
    fn missing() -> Option<Self> {
        Some(Unix(None))
    }

    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let units = Scalar::deserialize(deserializer)?.integer();
        let millis = units.and_then(|units| units.checked_mul(Self::MILLIS));
        // A time outside the range of timestamps is not clamped, but left out.
        let time = millis.map(Timestamp::from_unix_millis);
        Ok(Unix(time.filter(|time| Some(time.unix_millis()) == millis)))
    }

    fn skip_serializing(&self) -> bool {
        self.0.is_none()
    }
}

impl<const PER_SECOND: i64> Serialize for Unix<PER_SECOND> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.map(|time| time.unix_millis().div_euclid(Self::MILLIS)).serialize(serializer)
    }
}

impl<const PER_SECOND: i64> Shaped for Unix<PER_SECOND> {
    const SHAPE: Shape = Shape::Integer;
    const ABSENCE: Absence = Absence::None;
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer};

    use super::*;

    #[test]
    fn arbitrary_precision_numbers_are_read() {
        for (sent, expected) in
            [("49000000", 49_000_000), ("4.9E7", 49_000_000), ("640.0", 640), ("1e300", 0)]
        {
            let fields = [("$serde_json::private::Number", sent)];
            let number = u64::read(MapDeserializer::<_, Error>::new(fields.into_iter()));
            assert_eq!(number, Ok(expected), "{sent}");
            let number = f64::read(MapDeserializer::<_, Error>::new(fields.into_iter()));
            assert_eq!(number, Ok(sent.parse().unwrap()), "{sent}");
        }
    }
}
