//! Converts Rust values to path, query and body values.
//!
//! Arguments and setters of calls never fail. They convert their value to an [`Argument`], which contains the error of
//! the conversion until the call is sent.
//!
//! [`Value`] and [`Optional`] have the conversions. The public traits add a compile error for each family of types;
//! their blanket impls are `do_not_recommend`, so rustc reports that error rather than one about the traits below.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use super::value::BadValue;
use super::{Jpeg, TimestampedId, Tuning};
use crate::endpoint::{ParamInfo, ParamKind};
use crate::json::value::Value;
use crate::types::display::Quoted;
use crate::types::enums::*;
use crate::types::id::*;
use crate::types::market::Market;
use crate::types::timestamp::Timestamp;

/// The value of an argument, or its error. `None` omits the parameter.
pub(crate) type Argument = Result<Option<Value>, BadValue>;

/// Makes the methods of the public traits impossible to implement or call in other crates.
#[derive(Debug)]
pub(crate) struct Seal;

/// A value of a parameter of type `T`: an id, a URI, a [`Market`], a [`Timestamp`], an enum, a `bool`. `Option<T>` is
/// the type of an optional parameter.
///
/// Pass the value or text with it: an id accepts text with an id, a URI or a link, a `bool` the text `true` or `false`.
/// Text is `&str`, [`String`], `Box<str>` or [`Cow<str>`](Cow). An optional parameter also accepts an [`Option`] of all
/// of these, where `None` omits it. References work too. If text is invalid, `.send()` returns
/// [`Error::InvalidArgument`].
///
/// ```
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// use tonearm::Market;
///
/// let market: Option<String> = None;
/// spotify.get_my_saved_tracks().market(market);           // no market
/// spotify.get_my_saved_tracks().market(Market::FI);
/// spotify.get_my_saved_tracks().market("FI");             // text that is parsed
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// The argument of [`get_user`](crate::Spotify::get_user) accepts `None` without a type; in exchange, its `Option`
/// contains a [`UserId`].
///
/// This trait is sealed.
///
/// [`Error::InvalidArgument`]: crate::Error::InvalidArgument
#[diagnostic::on_unimplemented(
    message = "this parameter takes `{T}`, not `{Self}`",
    label = "expected `{T}` or text with it",
    note = "pass a value of that type or a reference to one, or text that is parsed: an id, a URI, a link, a market, a time; only setters take an `Option`"
)]
pub trait IntoParam<T> {
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn argument(self, seal: Seal) -> Argument;
}

/// A number for a parameter of type `T`: any integer type, whatever `T` is. `Option<T>` is the type of an optional
/// parameter.
///
/// `.send()` returns [`Error::InvalidArgument`] for a number outside the range of the parameter, negative numbers
/// included. An optional parameter also accepts an `Option<T>`: `.limit(None)` compiles.
///
/// If `T` is [`Duration`] or [`SystemTime`], the number is in milliseconds, and a [`Duration`], or a [`SystemTime`] or
/// [`Timestamp`], is accepted as well. An optional parameter then accepts an [`Option`] of all of these.
///
/// ```
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// use std::time::Duration;
///
/// let length: usize = 20;
/// spotify.get_my_saved_tracks().limit(length).offset(40u8);
/// spotify.get_my_saved_tracks().limit(None);
/// spotify.seek(Duration::from_secs(90));
/// spotify.seek(90_000);
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// This trait is sealed.
///
/// [`Error::InvalidArgument`]: crate::Error::InvalidArgument
#[diagnostic::on_unimplemented(
    message = "this parameter takes a number (`{T}`), not `{Self}`",
    label = "expected an integer, or a `Duration` for a time",
    note = "pass an integer of any type, or milliseconds or a `Duration` for a time; parse text first, as in `text.parse::<u32>()?`"
)]
pub trait IntoNumber<T> {
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn argument(self, seal: Seal) -> Argument;
}

/// Text, such as a name or a search term: `&str`, [`String`], `Box<str>` or [`Cow<str>`](Cow). `T` is `String`, and
/// `Option<String>` for an optional parameter, which also accepts an [`Option`] of text.
///
/// ```
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// let description: Option<&str> = None;
/// spotify.create_playlist("Mornings").description(description);
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "this parameter takes text (`{T}`), not `{Self}`",
    label = "expected text",
    note = "pass a `&str` or a `String`; `.to_string()` makes text of other values"
)]
pub trait IntoText<T> {
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn argument(self, seal: Seal) -> Argument;
}

/// A list of values of type `T`: an array, a slice, a [`Vec`] or any other [`IntoIterator`]. Its elements may be all
/// that a single parameter of that type accepts.
///
/// One text may contain several values, separated by commas.
///
/// ```
/// # use tonearm::{*, param::*};
/// # let spotify = Spotify::from_token("token")?;
/// let ids = "382ObEPsp2rxGrnsizN5TX, 1A2GTWGtFfWp7KSQTwWOyo";
/// let request = spotify.are_albums_saved([ids]).request()?;
/// let sent = "382ObEPsp2rxGrnsizN5TX,1A2GTWGtFfWp7KSQTwWOyo";
/// assert_eq!(request.query_value("ids").as_deref(), Some(sent));
/// # Ok::<(), Error>(())
/// ```
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "this parameter takes a list of `{T}`, not `{Self}`",
    label = "expected a list of `{T}`",
    note = "pass an array, a slice, a `Vec` or an iterator with such values or text; for a single one write `[value]`"
)]
pub trait IntoList<T> {
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn argument(self, seal: Seal) -> Argument;
}

/// The values of an argument. Text in a list can add several.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: Vec<Value>,
    is_list: bool,
}

impl Values {
    /// Returns the value that was added, or the error of adding it.
    fn one(mut self, added: Result<(), BadValue>) -> Argument {
        added.map(|()| self.values.pop())
    }

    fn add(&mut self, value: Result<Value, BadValue>) -> Result<(), BadValue> {
        self.values.push(value?);
        Ok(())
    }

    /// Adds text that is parsed. In a list, commas separate values.
    fn add_text(
        &mut self,
        text: &str,
        parse: fn(&str) -> Result<Value, BadValue>,
    ) -> Result<(), BadValue> {
        if self.is_list && text.contains(',') {
            text.split(',').try_for_each(|part| self.add(parse(part.trim())))
        } else {
            self.add(parse(text))
        }
    }
}

/// A required value of a parameter of type `T`.
pub trait Convert<T> {
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn add_to(&self, values: &mut Values) -> Result<(), BadValue>;
}

/// A value of an optional parameter of type `T`.
pub trait ConvertOption<T> {
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn add_option_to(&self, values: &mut Values) -> Result<(), BadValue>;
}

/// The type of a parameter. `Option` does not implement it, so the impls for `T` and `Option<T>` do not overlap.
pub trait Param {}

macro_rules! public_traits {
    ($($public:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        #[allow(private_interfaces)]
        impl<T: Param, V: Convert<T>> $public<T> for V {
            fn argument(self, _: Seal) -> Argument {
                single(&self)
            }
        }

        #[diagnostic::do_not_recommend]
        #[allow(private_interfaces)]
        impl<T: Param, V: ConvertOption<T>> $public<Option<T>> for V {
            fn argument(self, _: Seal) -> Argument {
                optional(&self)
            }
        }
    )*};
}

public_traits!(IntoParam IntoNumber IntoText);

#[diagnostic::do_not_recommend]
#[allow(private_interfaces)]
impl<T: Param, I: IntoIterator<Item: Convert<T>>> IntoList<T> for I {
    fn argument(self, _: Seal) -> Argument {
        let mut list = self.into_iter();
        let values = Vec::with_capacity(list.size_hint().0);
        let mut values = Values { values, is_list: true };
        list.try_for_each(|value| value.add_to(&mut values))?;
        Ok(Some(Value::List(values.values)))
    }
}

#[allow(private_interfaces)]
impl<T, V: Convert<T> + ?Sized> Convert<T> for &V {
    #[inline]
    fn add_to(&self, values: &mut Values) -> Result<(), BadValue> {
        (**self).add_to(values)
    }
}

#[allow(private_interfaces)]
impl<T: Param, V: Convert<T>> ConvertOption<T> for V {
    #[inline]
    fn add_option_to(&self, values: &mut Values) -> Result<(), BadValue> {
        Convert::add_to(self, values)
    }
}

/// Implements [`Convert`] with a conversion to a [`Value`].
macro_rules! convert {
    (impl [$($generics:tt)*] $param:ty: $type:ty, |$value:ident| $convert:expr) => {
        #[allow(private_interfaces)]
        impl<$($generics)*> Convert<$param> for $type {
            #[inline]
            fn add_to(&self, values: &mut Values) -> Result<(), BadValue> {
                let $value = self;
                values.add($convert)
            }
        }
    };
    ($param:ty: $type:ty, |$value:ident| $convert:expr) => {
        convert!(impl [] $param: $type, |$value| $convert);
    };
}

/// Implements [`Convert`] for the types of text.
macro_rules! convert_text {
    ($param:ty, $parse:expr) => {
        convert_text!(@each $param, $parse; str, String, Box<str>, Cow<'_, str>);
    };
    (@each $param:ty, $parse:expr; $($text:ty),*) => {$(
        #[allow(private_interfaces)]
        impl Convert<$param> for $text {
            #[inline]
            fn add_to(&self, values: &mut Values) -> Result<(), BadValue> {
                values.add_text(self, $parse)
            }
        }
    )*};
}

/// Implements [`Param`], and [`ConvertOption`] for an `Option` of all that the parameter accepts.
macro_rules! any_option {
    ($($param:ty)*) => {$(
        impl Param for $param {}
        any_option!(@each $param: Option<V>, &Option<V>);
    )*};
    (@each $param:ty: $($option:ty),*) => {$(
        #[allow(private_interfaces)]
        impl<V: Convert<$param>> ConvertOption<$param> for $option {
            #[inline]
            fn add_option_to(&self, values: &mut Values) -> Result<(), BadValue> {
                self.as_ref().map_or(Ok(()), |value| Convert::<$param>::add_to(value, values))
            }
        }
    )*};
}

/// Implements [`Param`], and [`ConvertOption`] for an `Option` of the parameter's type only. So the type of a literal
/// `None` is inferred.
macro_rules! own_option {
    ($($param:ty)*) => {$(
        impl Param for $param {}
        own_option!(@each $param: Option<$param>, &Option<$param>);
    )*};
    (@each $param:ty: $($option:ty),*) => {$(
        #[allow(private_interfaces)]
        impl ConvertOption<$param> for $option {
            #[inline]
            fn add_option_to(&self, values: &mut Values) -> Result<(), BadValue> {
                self.as_ref().map_or(Ok(()), |value| Convert::<$param>::add_to(value, values))
            }
        }
    )*};
}

/// Implements [`Convert`] for a type that is sent as the text it prints, and for text that is parsed to it.
macro_rules! parsed {
    ($($type:ty)*) => {$(
        convert!($type: $type, |value| Ok(to_text(value)));
        convert_text!($type, |text| parse::<$type>(text).map(|value| to_text(&value)));
    )*};
}

/// Implements [`Convert`] for an id or a URI, which a response may have contained: it is parsed, as text is.
macro_rules! reparsed {
    ($($type:ty)*) => {$(
        convert!($type: $type, |value| reparse::<$type>(value).map(|value| to_text(&value)));
        convert_text!($type, |text| parse::<$type>(text).map(|value| to_text(&value)));
    )*};
}

macro_rules! id_param {
    ($id:ident) => {
        reparsed!($id);
    };
}

/// Any id that has a URI is a URI, and a URI may be that of the id.
macro_rules! id_and_uri {
    ($id:ident) => {
        convert!(SpotifyUri: $id, |id| reparse::<$id>(id).map(|id| to_text(&id.uri())));
        convert!($id: SpotifyUri, |uri| reparse::<$id>(uri).map(|id| to_text(&id)));
    };
}

macro_rules! enum_param {
    ($name:ident) => {
        parsed!($name);
        any_option!($name);
    };
}

macro_rules! id_option {
    (UserId) => {
        own_option!(UserId);
    };
    ($id:ident) => {
        any_option!($id);
    };
}

for_each_id!(id_param);
for_each_id!(id_option);
for_each_uri_id!(id_and_uri);
for_each_enum!(enum_param);
reparsed!(SpotifyUri);
parsed!(Market Timestamp);
any_option!(SpotifyUri Market Timestamp Jpeg TimestampedId Tuning String Duration SystemTime);

convert!(Timestamp: SystemTime, |time| Ok(to_text(&Timestamp::from(*time))));
convert_text!(String, |text| Ok(Value::text(text)));

own_option!(bool);
convert!(bool: bool, |value| Ok(Value::Boolean(*value)));
convert_text!(bool, |text| {
    let problem = format_args!("expected true or false, found {}", Quoted(text));
    text.parse().map(Value::Boolean).map_err(|_| BadValue::new(text, problem))
});

/// Implements [`Convert`] for every integer type.
macro_rules! number_params {
    ($($param:ty)*) => {$(
        number_params!(@each $param: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    )*};
    (@each $param:ty: $($type:ty)*) => {$(
        convert!($param: $type, |number| integer(*number));
    )*};
}

number_params!(i8 i16 i32 i64 u8 u16 u32 u64 Duration SystemTime);
own_option!(i8 i16 i32 i64 u8 u16 u32 u64);
convert!(Duration: Duration, |time| integer(time.as_millis()));
convert!(SystemTime: Timestamp, |time| Ok(Value::Integer(time.unix_millis())));
convert!(SystemTime: SystemTime, |time| Ok(Value::Integer(Timestamp::from(*time).unix_millis())));

convert!(Jpeg: Jpeg, |image| image.to_value());
convert_text!(Jpeg, |text| Jpeg::from_base64(text).to_value());
convert!(Tuning: Tuning, |tuning| tuning.to_value());
convert_text!(Tuning, |text| Tuning::parse(text)?.to_value());

convert!(TimestampedId: TimestampedId, |id| id.to_value());
convert!(TimestampedId: TrackId, |id| required::<TrackId>(id));
convert!(TimestampedId: SpotifyUri, |uri| required::<TrackId>(uri));
convert!(impl [I: Convert<TrackId>, A: ConvertOption<Timestamp>] TimestampedId: (I, A), |pair| {
    TimestampedId::new(&pair.0, &pair.1).to_value()
});
// An id without a time stays text, by which `Request` distinguishes the two forms.
convert_text!(TimestampedId, |text| parse::<TrackId>(text).map(|id| to_text(&id)));

fn to_text(value: &impl Display) -> Value {
    Value::text(&value.to_string())
}

fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, BadValue> {
    text.parse().map_err(|problem| BadValue::new(text, problem))
}

fn reparse<T: FromStr<Err: Display>>(value: &impl Display) -> Result<T, BadValue> {
    parse(&value.to_string())
}

/// A number that doesn't fit is outside the range of every parameter.
fn integer<N: TryInto<i64> + Display + Copy>(number: N) -> Result<Value, BadValue> {
    number.try_into().map(Value::Integer).map_err(|_| BadValue::too_large(number))
}

/// Converts an argument of a type that is known.
pub(crate) fn required<T: Param>(value: &impl Convert<T>) -> Result<Value, BadValue> {
    present(single(value))
}

fn present(argument: Argument) -> Result<Value, BadValue> {
    argument?.ok_or_else(|| BadValue::new("", "expected a value, found none"))
}

fn single<T>(value: &impl Convert<T>) -> Argument {
    let mut values = Values::default();
    let added = value.add_to(&mut values);
    values.one(added)
}

pub(crate) fn optional<T>(value: &impl ConvertOption<T>) -> Argument {
    let mut values = Values::default();
    let added = value.add_option_to(&mut values);
    values.one(added)
}

/// The value that a text has for a parameter: of a list, the elements between commas.
pub(crate) fn parse_for(param: &ParamInfo, text: &str) -> Result<Value, BadValue> {
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
                return required::<$id>(&text);
            }
        };
    }
    for_each_id!(parse_id);
    match kind {
        ParamKind::Integer => text.parse().map(Value::Integer).map_err(|_| {
            BadValue::new(text, format_args!("expected a whole number, found {}", Quoted(text)))
        }),
        ParamKind::Boolean => required::<bool>(&text),
        ParamKind::Uri => required::<SpotifyUri>(&text),
        ParamKind::Market => required::<Market>(&text),
        ParamKind::Timestamp => required::<Timestamp>(&text),
        ParamKind::TimestampedId => match text.split_once('@') {
            Some(pair) => TimestampedId::from(pair).to_value(),
            None => required::<TimestampedId>(&text),
        },
        ParamKind::Jpeg => required::<Jpeg>(&text),
        ParamKind::Tuning => required::<Tuning>(&text),
        ParamKind::OneOf(values) => {
            let known = values.iter().find(|value| value.eq_ignore_ascii_case(text));
            let known = known.map(|value| Value::text(value));
            known.ok_or_else(|| BadValue::new(text, UnknownValue::new(text, values)))
        }
        ParamKind::Text | ParamKind::Id(_) | ParamKind::Json => Ok(Value::text(text)),
    }
}
