//! Converts Rust values to path, query and body values.
//!
//! Arguments and setters of calls never fail. They convert their value to an [`Arg`] or an [`Opt`], which contains the
//! error of the conversion until the call is sent.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::SystemTime;

use super::value::BadValue;
use super::{Jpeg, TimestampedId, Tuning};
use crate::endpoint::{ParamInfo, ParamKind};
use crate::json::value::Value;
use crate::types::display::Quoted;
use crate::types::enums::*;
use crate::types::id::*;
use crate::types::market::Market;
use crate::types::timestamp::Timestamp;

/// The type of a parameter: ids, [`Market`], [`Timestamp`], numbers, `bool`, enums.
///
/// This trait is sealed.
pub trait Param: sealed::Sealed + Sized {}

pub(crate) mod sealed {
    use super::{BadValue, Value};

    pub trait Sealed {
        #[allow(private_interfaces)]
        fn into_value(self) -> Result<Value, BadValue>;
        #[allow(private_interfaces)]
        fn value_of(text: &str) -> Result<Value, BadValue>;
    }
}

/// A required argument of a call: a value, or text to parse.
///
/// It converts from the value, a reference to the value, `&str` and `String`. If the text is invalid, `.send()` returns
/// [`Error::InvalidArgument`].
///
/// In a list, one text may contain several values, separated by commas.
///
/// ```
/// # use tonearm::{*, param::*};
/// # let spotify = Spotify::from_token("token")?;
/// let request = spotify.are_albums_saved(["382ObEPsp2rxGrnsizN5TX, 1A2GTWGtFfWp7KSQTwWOyo"]).request()?;
/// assert_eq!(request.query_value("ids").as_deref(), Some("382ObEPsp2rxGrnsizN5TX,1A2GTWGtFfWp7KSQTwWOyo"));
/// # Ok::<(), Error>(())
/// ```
///
/// [`Error::InvalidArgument`]: crate::Error::InvalidArgument
#[derive(Clone, Debug)]
pub struct Arg<T> {
    value: ArgValue,
    of: PhantomData<fn() -> T>,
}

#[derive(Clone, Debug)]
enum ArgValue {
    Value(Value),
    /// Text with a comma: several values in a list, otherwise one.
    Text(Box<str>),
    Bad(BadValue),
}

impl<T: Param> Arg<T> {
    fn new(value: Result<Value, BadValue>) -> Self {
        Arg { value: value.map_or_else(ArgValue::Bad, ArgValue::Value), of: PhantomData }
    }

    fn from_text(text: &str) -> Self {
        if text.contains(',') {
            Arg { value: ArgValue::Text(text.into()), of: PhantomData }
        } else {
            Arg::new(T::value_of(text))
        }
    }

    pub(crate) fn into_value(self) -> Result<Value, BadValue> {
        match self.value {
            ArgValue::Value(value) => Ok(value),
            ArgValue::Text(text) => T::value_of(&text),
            ArgValue::Bad(bad) => Err(bad),
        }
    }

    pub(crate) fn add_to(self, values: &mut Vec<Value>) -> Result<(), BadValue> {
        match self.value {
            ArgValue::Text(text) => text.split(',').map(str::trim).try_for_each(|part| {
                values.push(T::value_of(part)?);
                Ok(())
            }),
            _ => {
                values.push(self.into_value()?);
                Ok(())
            }
        }
    }
}

impl<T: Param> From<T> for Arg<T> {
    fn from(value: T) -> Self {
        Arg::new(value.into_value())
    }
}

impl<T: Param + Clone> From<&T> for Arg<T> {
    fn from(value: &T) -> Self {
        Arg::new(value.clone().into_value())
    }
}

/// An optional argument of a call: a value, text to parse, an `Option` of the value, or `None`.
///
/// ```
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// use tonearm::Market;
///
/// let market: Option<Market> = None;
/// spotify.get_my_saved_tracks().market(market).limit(50);         // no market
/// spotify.get_my_saved_tracks().market(Market::FI).limit(None);   // no limit
/// spotify.get_my_saved_tracks().market("FI");                     // text that is parsed
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Opt<T>(Option<Arg<T>>);

impl<T: Param> Opt<T> {
    pub(crate) fn into_value(self) -> Option<Result<Value, BadValue>> {
        self.0.map(Arg::into_value)
    }
}

impl<T: Param> From<T> for Opt<T> {
    fn from(value: T) -> Self {
        Opt(Some(value.into()))
    }
}

impl<T: Param + Clone> From<&T> for Opt<T> {
    fn from(value: &T) -> Self {
        Opt(Some(value.into()))
    }
}

impl<T: Param> From<Option<T>> for Opt<T> {
    fn from(value: Option<T>) -> Self {
        Opt(value.map(Arg::from))
    }
}

macro_rules! from_text {
    ($($text:ty)*) => {$(
        impl<T: Param> From<$text> for Arg<T> {
            fn from(text: $text) -> Self {
                Arg::from_text(text.as_ref())
            }
        }

        impl<T: Param> From<$text> for Opt<T> {
            fn from(text: $text) -> Self {
                Opt(Some(text.into()))
            }
        }
    )*};
}

// Models contain text as `Box<str>`.
from_text!(&str &&str String &String &Box<str>);

/// Implements [`Param`] with a conversion from the value and one from text.
macro_rules! param {
    ($type:ty, |$value:ident| $into:expr, |$text:ident| $parse:expr) => {
        impl Param for $type {}

        #[allow(private_interfaces)]
        impl sealed::Sealed for $type {
            fn into_value(self) -> Result<Value, BadValue> {
                let $value = self;
                $into
            }

            fn value_of($text: &str) -> Result<Value, BadValue> {
                $parse
            }
        }
    };
}

/// Implements [`Param`] for a type with `FromStr`.
macro_rules! parsed_param {
    ($type:ty, $into:expr) => {
        param!($type, |value| Ok($into(&value)), |text| {
            text.parse::<$type>()
                .map(|value| $into(&value))
                .map_err(|problem| BadValue::new(text, problem))
        });
    };
}

macro_rules! integer_param {
    ($($type:ty)*) => {$(
        // A number above 63 bits is above every maximum.
        param!($type, |value| Ok(Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))), |text| {
            let expected = format_args!("a number from {} to {}", <$type>::MIN, <$type>::MAX);
            parsed::<$type>(text, expected).and_then(sealed::Sealed::into_value)
        });
    )*};
}

/// Implements [`Param`] for an id or an enum.
macro_rules! text_param {
    ($type:ident) => {
        parsed_param!($type, |value: &$type| Value::text(value.as_str()));
    };
}

integer_param!(u8 u16 u32 u64 i8 i16 i32 i64);
for_each_id!(text_param);
for_each_enum!(text_param);
text_param!(Market);
parsed_param!(SpotifyUri, |uri: &SpotifyUri| Value::text(&uri.to_string()));
parsed_param!(Timestamp, |timestamp: &Timestamp| Value::text(&timestamp.to_string()));
param!(bool, |value| Ok(Value::Boolean(value)), |text| {
    parsed(text, "true or false").map(Value::Boolean)
});

fn parsed<T: FromStr>(text: &str, expected: impl Display) -> Result<T, BadValue> {
    let problem = format_args!("expected {expected}, found {}", Quoted(text));
    text.parse().map_err(|_| BadValue::new(text, problem))
}

impl From<SystemTime> for Opt<Timestamp> {
    fn from(time: SystemTime) -> Self {
        Timestamp::from(time).into()
    }
}

macro_rules! id_as_uri {
    ($id:ident) => {
        id_as_uri!($id => Arg);
        id_as_uri!($id => Opt);
    };
    ($id:ident => $arg:ident) => {
        impl From<$id> for $arg<SpotifyUri> {
            fn from(id: $id) -> Self {
                SpotifyUri::from(id).into()
            }
        }

        impl From<&$id> for $arg<SpotifyUri> {
            fn from(id: &$id) -> Self {
                id.clone().into()
            }
        }
    };
}

for_each_id!(id_as_uri);

/// Any text, such as a name or a search term. Pass it as `&str` or `String`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Box<str>);

param!(Text, |text| Ok(Value::text(&text.0)), |text| Ok(Value::text(text)));

/// The value that a text has for a parameter: of a list, the elements between commas.
pub(crate) fn parse(param: &ParamInfo, text: &str) -> Result<Value, BadValue> {
    if !param.list {
        return parse_one(param.kind, text);
    }
    let elements = text.split(',').map(str::trim).filter(|_| !text.trim().is_empty());
    elements
        .map(|element| parse_one(param.kind, element))
        .collect::<Result<_, _>>()
        .map(Value::List)
}

fn parse_one(kind: ParamKind, text: &str) -> Result<Value, BadValue> {
    macro_rules! parse_id {
        ($id:ident) => {
            if kind == ParamKind::Id(<$id as IdKind>::URI) {
                return <$id as sealed::Sealed>::value_of(text);
            }
        };
    }
    for_each_id!(parse_id);
    match kind {
        ParamKind::Integer => parsed(text, "a whole number").map(Value::Integer),
        ParamKind::Boolean => <bool as sealed::Sealed>::value_of(text),
        ParamKind::Uri => <SpotifyUri as sealed::Sealed>::value_of(text),
        ParamKind::Market => <Market as sealed::Sealed>::value_of(text),
        ParamKind::Timestamp => <Timestamp as sealed::Sealed>::value_of(text),
        ParamKind::TimestampedId => match text.split_once('@') {
            Some(pair) => sealed::Sealed::into_value(TimestampedId::from(pair)),
            None => <TimestampedId as sealed::Sealed>::value_of(text),
        },
        ParamKind::Jpeg => <Jpeg as sealed::Sealed>::value_of(text),
        ParamKind::Tuning => <Tuning as sealed::Sealed>::value_of(text),
        ParamKind::OneOf(values) => parse_enum(text, values, |value| value)
            .map(Value::text)
            .map_err(|problem| BadValue::new(text, problem)),
        ParamKind::Text | ParamKind::Id(_) | ParamKind::Json => Ok(Value::text(text)),
    }
}

pub(crate) use param;
