//! How a Rust value becomes a path, query or body value.
//!
//! Arguments and setters of calls never fail. What they are given becomes an [`Arg`] or an [`Opt`],
//! which holds the value, or what is wrong with it until the call is sent.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::marker::PhantomData;
use std::time::SystemTime;

use base64::Engine;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::display::Quoted;
use crate::types::enums::*;
use crate::types::id::*;
use crate::types::market::Market;
use crate::types::small_text::SmallText;
use crate::types::timestamp::Timestamp;

/// A value of a request, in Spotify's wire form.
///
/// Prints as it stands in a query before it is escaped; serializes as it stands in a JSON body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(SmallText),
    List(Vec<Value>),
    Object(Vec<(Cow<'static, str>, Value)>),
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Value::Text(SmallText::new(text))
    }

    /// The value as text that is not escaped; an object as JSON.
    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Value::Null => out.write_str("null"),
            Value::Boolean(boolean) => write!(out, "{boolean}"),
            Value::Integer(number) => write!(out, "{number}"),
            Value::Number(number) => write!(out, "{number}"),
            Value::Text(text) => out.write_str(text.as_str()),
            Value::List(values) => values.iter().enumerate().try_for_each(|(index, value)| {
                if index > 0 {
                    out.write_char(',')?;
                }
                value.write(out)
            }),
            Value::Object(_) => out.write_str(&serde_json::to_string(self).unwrap_or_default()),
        }
    }

    /// Adds the value to a URL, escaped.
    pub(crate) fn escape_into(&self, url: &mut String, unescaped: &'static AsciiSet) {
        match self {
            Value::Text(text) => url.extend(utf8_percent_encode(text.as_str(), unescaped)),
            Value::List(values) => values.iter().enumerate().for_each(|(index, value)| {
                if index > 0 {
                    url.push(',');
                }
                value.escape_into(url, unescaped);
            }),
            other => url.extend(utf8_percent_encode(&other.to_string(), unescaped)),
        }
    }
}

/// What stands unescaped in a query. Comma and colon do, so that 40 URIs stay short.
pub(crate) const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b':');

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text.as_str()),
            Value::List(values) => serializer.collect_seq(values),
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::Boolean(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Integer).map_err(|_| {
            E::custom(format_args!("{number} is greater than {}, the greatest number", i64::MAX))
        })
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            members.push((key.into(), value));
        }
        Ok(Value::Object(members))
    }
}

/// A value that cannot be sent, and the rule it breaks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BadValue {
    pub(crate) value: Box<str>,
    pub(crate) problem: Box<str>,
}

impl BadValue {
    pub(crate) fn new(value: &str, problem: impl Display) -> Self {
        BadValue { value: value.into(), problem: problem.to_string().into() }
    }
}

/// A type that a parameter can have: ids, [`Market`], [`Timestamp`], numbers, `bool`, enumerations.
///
/// Sealed: implemented for what the table of endpoints uses.
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

/// An argument of a call: a value, or text that is read as one.
///
/// Made by `into()` from the value itself, from a reference to it, and from `&str` and `String`.
/// Text that is no such value is held, and comes out of `.send()` as [`Error::InvalidArgument`].
///
/// In a list, one text may hold several values with commas between them.
///
/// ```
/// # use tonearm::*;
/// # let spotify = Spotify::from_token("token")?;
/// let request = spotify.are_albums_saved(["382ObEPsp2rxGrnsizN5TX, 1A2GTWGtFfWp7KSQTwWOyo"]).request()?;
/// assert_eq!(request.query_value("ids").as_deref(), Some("382ObEPsp2rxGrnsizN5TX,1A2GTWGtFfWp7KSQTwWOyo"));
/// # Ok::<(), Error>(())
/// ```
///
/// [`Error::InvalidArgument`]: crate::Error::InvalidArgument
#[derive(Clone, Debug)]
pub struct Arg<T> {
    held: Held,
    of: PhantomData<fn() -> T>,
}

#[derive(Clone, Debug)]
enum Held {
    Value(Value),
    /// Text with a comma: one value or several, whichever the parameter takes.
    Text(Box<str>),
    Bad(BadValue),
}

impl<T: Param> Arg<T> {
    fn new(value: Result<Value, BadValue>) -> Self {
        Arg { held: value.map_or_else(Held::Bad, Held::Value), of: PhantomData }
    }

    pub(crate) fn into_value(self) -> Result<Value, BadValue> {
        match self.held {
            Held::Value(value) => Ok(value),
            Held::Text(text) => T::value_of(&text),
            Held::Bad(bad) => Err(bad),
        }
    }

    pub(crate) fn add_to(self, values: &mut Vec<Value>) -> Result<(), BadValue> {
        match self.held {
            Held::Text(text) => text.split(',').map(str::trim).try_for_each(|part| {
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

impl<T: Param> From<&str> for Arg<T> {
    fn from(text: &str) -> Self {
        match text.contains(',') {
            true => Arg { held: Held::Text(text.into()), of: PhantomData },
            false => Arg::new(T::value_of(text)),
        }
    }
}

impl<T: Param> From<&&str> for Arg<T> {
    fn from(text: &&str) -> Self {
        (*text).into()
    }
}

impl<T: Param> From<String> for Arg<T> {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl<T: Param> From<&String> for Arg<T> {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

// What models hold goes back into calls as it is.
impl From<&Box<str>> for Arg<Text> {
    fn from(text: &Box<str>) -> Self {
        (&**text).into()
    }
}

impl From<&Box<str>> for Opt<Text> {
    fn from(text: &Box<str>) -> Self {
        (&**text).into()
    }
}

/// An optional argument of a call: a value, text that is read as one, an `Option` of the value, or
/// `None`.
///
/// ```
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// use tonearm::Market;
///
/// let market: Option<Market> = None;
/// spotify.get_my_saved_tracks().market(market).limit(50);         // no market
/// spotify.get_my_saved_tracks().market(Market::FI).limit(None);   // no limit
/// spotify.get_my_saved_tracks().market("FI");                     // text that is read as a market
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

impl<T: Param> From<&str> for Opt<T> {
    fn from(text: &str) -> Self {
        Opt(Some(text.into()))
    }
}

impl<T: Param> From<String> for Opt<T> {
    fn from(text: String) -> Self {
        Opt(Some(text.into()))
    }
}

impl<T: Param> From<&String> for Opt<T> {
    fn from(text: &String) -> Self {
        Opt(Some(text.into()))
    }
}

/// Implements [`Param`] by a function from the value and one from text.
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

/// A parameter that is parsed by `FromStr`.
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
        // What is beyond 63 bits is above every limit.
        param!($type, |value| Ok(Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))), |text| {
            text.parse::<$type>()
                .map(|value| Value::Integer(i64::try_from(value).unwrap_or(i64::MAX)))
                .map_err(|_| BadValue::new(text, format_args!("expected a number from {} to {}, found {}", <$type>::MIN, <$type>::MAX, Quoted(text))))
        });
    )*};
}

macro_rules! id_param {
    ($id:ident) => {
        parsed_param!($id, |id: &$id| Value::text(id.as_str()));
    };
}

macro_rules! enum_param {
    ($words:ident) => {
        parsed_param!($words, |word: &$words| Value::text(word.as_str()));
    };
}

integer_param!(u8 u16 u32 u64 i8 i16 i32 i64);
for_each_id!(id_param);
parsed_param!(SpotifyUri, |uri: &SpotifyUri| Value::text(&uri.to_string()));
parsed_param!(Market, |market: &Market| Value::text(market.as_str()));
parsed_param!(Timestamp, |timestamp: &Timestamp| Value::text(&timestamp.to_string()));
for_each_enum!(enum_param);
param!(bool, |value| Ok(Value::Boolean(value)), |text| {
    text.parse().map(Value::Boolean).map_err(|_| {
        BadValue::new(text, format_args!("expected true or false, found {}", Quoted(text)))
    })
});

impl From<SystemTime> for Opt<Timestamp> {
    fn from(time: SystemTime) -> Self {
        Timestamp::from(time).into()
    }
}

macro_rules! id_as_uri {
    ($id:ident) => {
        impl From<$id> for Arg<SpotifyUri> {
            fn from(id: $id) -> Self {
                SpotifyUri::from(id).into()
            }
        }

        impl From<&$id> for Arg<SpotifyUri> {
            fn from(id: &$id) -> Self {
                SpotifyUri::from(id.clone()).into()
            }
        }

        impl From<$id> for Opt<SpotifyUri> {
            fn from(id: $id) -> Self {
                SpotifyUri::from(id).into()
            }
        }

        impl From<&$id> for Opt<SpotifyUri> {
            fn from(id: &$id) -> Self {
                SpotifyUri::from(id.clone()).into()
            }
        }
    };
}

for_each_id!(id_as_uri);

/// Text of any kind, as names and search terms are: given as `&str` or `String`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Box<str>);

param!(Text, |text| Ok(Value::text(&text.0)), |text| Ok(Value::text(text)));

/// A JPEG picture, such as the cover of a playlist. It is sent in base64, which counts for limits: four
/// characters for three bytes.
///
/// ```
/// use tonearm::Jpeg;
///
/// # let bytes = [0xff, 0xd8, 0xff, 0xd9];
/// // let bytes = std::fs::read("cover.jpg")?;
/// let cover = Jpeg::from_bytes(&bytes);
/// assert_eq!(Jpeg::from_base64("/9j/2Q=="), cover);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Jpeg(Box<str>);

impl Jpeg {
    /// A picture from the bytes of a JPEG file.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Self {
        Jpeg(base64::engine::general_purpose::STANDARD.encode(bytes).into())
    }

    /// A picture from its base64; white space in it is passed over.
    pub fn from_base64(text: &str) -> Self {
        Jpeg(text.chars().filter(|c| !c.is_whitespace()).collect())
    }
}

impl fmt::Debug for Jpeg {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Jpeg({} characters of base64)", self.0.len())
    }
}

fn jpeg(base64: &str) -> Result<Value, BadValue> {
    // How the first three bytes of every JPEG look.
    if !base64.starts_with("/9j/") {
        let shown = base64.get(..40).unwrap_or(base64);
        return Err(BadValue::new(shown, "expected a JPEG, which begins with the bytes FF D8 FF"));
    }
    Ok(Value::text(base64))
}

param!(Jpeg, |picture| jpeg(&picture.0), |text| jpeg(&Jpeg::from_base64(text).0));

/// A wish about what recommended tracks sound like: an attribute, and its least, greatest or best value.
///
/// Made by the methods of [`TunableAttribute`], or from text.
///
/// ```
/// # use tonearm::*;
/// # let spotify = Spotify::from_token("token")?;
/// let request = spotify
///     .get_recommendations()
///     .seed_genres(["jazz"])
///     .tune([TunableAttribute::Energy.at_least(0.4), TunableAttribute::Tempo.about(120.0)])
///     .request()?;
/// assert_eq!(request.query_value("min_energy").as_deref(), Some("0.4"));
/// assert_eq!(request.query_value("target_tempo").as_deref(), Some("120"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    /// `min_energy`
    key: Box<str>,
    value: f64,
}

impl TunableAttribute {
    /// Only tracks with at least this value.
    pub fn at_least(self, value: f64) -> Tuning {
        Tuning { key: format!("min_{self}").into(), value }
    }

    /// Only tracks with at most this value.
    pub fn at_most(self, value: f64) -> Tuning {
        Tuning { key: format!("max_{self}").into(), value }
    }

    /// Tracks with about this value first.
    pub fn about(self, value: f64) -> Tuning {
        Tuning { key: format!("target_{self}").into(), value }
    }
}

fn tuning(wish: &Tuning) -> Result<Value, BadValue> {
    match wish.value.is_finite() {
        true => Ok(Value::List(vec![Value::text(&wish.key), Value::Number(wish.value)])),
        false => Err(BadValue::new(&wish.key, "expected a finite number")),
    }
}

fn tuning_of(text: &str) -> Result<Value, BadValue> {
    let wish = text.split_once('=').and_then(|(key, value)| {
        let attribute =
            ["min_", "max_", "target_"].iter().find_map(|start| key.strip_prefix(start))?;
        attribute.parse::<TunableAttribute>().ok()?;
        Some(Tuning { key: key.into(), value: value.trim().parse().ok()? })
    });
    match wish {
        Some(wish) => tuning(&wish),
        None => Err(BadValue::new(
            text,
            format_args!(
                "expected an attribute with a wish such as `min_energy=0.4`, found {}",
                Quoted(text)
            ),
        )),
    }
}

param!(Tuning, |wish| tuning(&wish), |text| tuning_of(text));

/// The id of a track, with the time it was added to a library where that is known.
///
/// Made from an id in any form, or from a pair of an id and a time; a list of calls to
/// [`from`](TimestampedId::from) mixes both.
///
/// ```
/// # use tonearm::*;
/// # let spotify = Spotify::from_token("token")?;
/// let ids_alone = spotify.save_tracks(["4iV5W9uYEdYUVa79Axb7Rh"]);
/// let pairs = spotify.save_tracks([("4iV5W9uYEdYUVa79Axb7Rh", "2010-01-01T00:00:00Z")]);
/// let mixture = spotify.save_tracks([
///     TimestampedId::from("4iV5W9uYEdYUVa79Axb7Rh"),
///     TimestampedId::from(("11dFghVXANMlKmJXsNCbNl", std::time::SystemTime::now())),
/// ]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimestampedId {
    id: Arg<TrackId>,
    added_at: Opt<Timestamp>,
}

impl<I: Into<Arg<TrackId>>, T: Into<Opt<Timestamp>>> From<(I, T)> for TimestampedId {
    fn from((id, added_at): (I, T)) -> Self {
        TimestampedId { id: id.into(), added_at: added_at.into() }
    }
}

impl<I: Into<Arg<TrackId>>, T: Into<Opt<Timestamp>>> From<(I, T)> for Arg<TimestampedId> {
    fn from(pair: (I, T)) -> Self {
        TimestampedId::from(pair).into()
    }
}

impl<'a, I, T> From<&'a (I, T)> for Arg<TimestampedId>
where
    &'a I: Into<Arg<TrackId>>,
    T: Clone + Into<Opt<Timestamp>>,
{
    fn from((id, added_at): &'a (I, T)) -> Self {
        TimestampedId::from((id, added_at.clone())).into()
    }
}

macro_rules! timestamped_from {
    ($($type:ty)*) => {$(
        impl From<$type> for TimestampedId {
            fn from(id: $type) -> Self {
                TimestampedId { id: id.into(), added_at: Opt(None) }
            }
        }
    )*};
}

timestamped_from!(TrackId &TrackId &str String);

impl From<TrackId> for Arg<TimestampedId> {
    fn from(id: TrackId) -> Self {
        TimestampedId::from(id).into()
    }
}

impl From<&TrackId> for Arg<TimestampedId> {
    fn from(id: &TrackId) -> Self {
        TimestampedId::from(id).into()
    }
}

// An id alone stays text, so that the request can tell the two forms apart.
param!(
    TimestampedId,
    |value| {
        let id = value.id.into_value()?;
        match value.added_at.into_value() {
            None => Ok(id),
            Some(added_at) => {
                Ok(Value::Object(vec![("id".into(), id), ("added_at".into(), added_at?)]))
            }
        }
    },
    |text| <TrackId as sealed::Sealed>::value_of(text)
);
