//! The TOML values that `spec/` uses, with their locations.

use std::fmt::{self, Display, Formatter};

use toml::Spanned;
use toml::de::DeValue;

use super::super::diagnostics::{Location, phrase};

/// A value and its location.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct At<T> {
    pub value: T,
    pub location: Location,
}

impl<T> At<T> {
    /// Returns another value with the same location.
    pub fn with<U>(&self, value: U) -> At<U> {
        At { value, location: self.location.clone() }
    }
}

/// Quotes the text for a message.
impl Display for At<String> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&phrase::shown(&self.value))
    }
}

/// A TOML value of a type that `spec/` uses.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<At<Literal>>),
    Table(Vec<(String, At<Literal>)>),
}

/// Writes the value as it is sent: strings without quotes, and lists with commas.
impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let texts = |values: &mut dyn Iterator<Item = &At<Literal>>| {
            values.map(|value| value.value.to_string()).collect::<Vec<_>>()
        };
        match self {
            Literal::List(list) => f.write_str(&texts(&mut list.iter()).join(",")),
            Literal::Table(entries) => {
                f.write_str(&texts(&mut entries.iter().map(|(_, value)| value)).join(" "))
            }
            Literal::Text(text) => f.write_str(text),
            Literal::Integer(number) => write!(f, "{number}"),
            Literal::Boolean(boolean) => write!(f, "{boolean}"),
        }
    }
}

impl Literal {
    /// Describes the type and the value: `` the integer `5` ``.
    pub fn described(&self) -> String {
        match self {
            Literal::Text(text) if text.is_empty() => "an empty string".to_owned(),
            Literal::Text(text) => format!("the string {}", phrase::shown(text)),
            Literal::Integer(number) => format!("the integer `{number}`"),
            Literal::Boolean(boolean) => format!("`{boolean}`"),
            Literal::List(list) if list.is_empty() => "an empty list".to_owned(),
            Literal::List(_) => "a list".to_owned(),
            Literal::Table(_) => "a table".to_owned(),
        }
    }
}

pub fn integer(found: &DeValue<'_>) -> Option<i64> {
    let number = found.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A type to which the value of a key can be converted.
pub trait Readable: Sized {
    const EXPECTED: &'static str;
    const LIST: &'static str = "a list";

    fn read(found: &Spanned<DeValue<'_>>, file: usize) -> Option<Self>;
}

impl Readable for String {
    const EXPECTED: &'static str = "a string";
    const LIST: &'static str = "a list of strings";

    fn read(found: &Spanned<DeValue<'_>>, _: usize) -> Option<Self> {
        found.get_ref().as_str().map(str::to_owned)
    }
}

impl Readable for i64 {
    const EXPECTED: &'static str = "an integer";
    const LIST: &'static str = "a list of integers";

    fn read(found: &Spanned<DeValue<'_>>, _: usize) -> Option<Self> {
        integer(found.get_ref())
    }
}

impl Readable for bool {
    const EXPECTED: &'static str = "`true` or `false`";

    fn read(found: &Spanned<DeValue<'_>>, _: usize) -> Option<Self> {
        found.get_ref().as_bool()
    }
}

impl Readable for Literal {
    const EXPECTED: &'static str = "a string, an integer, a boolean, or a list or table of these";

    fn read(found: &Spanned<DeValue<'_>>, file: usize) -> Option<Self> {
        let literal = |value| {
            let location = Location::new(file, Spanned::span(value));
            Some(At { value: Literal::read(value, file)?, location })
        };
        Some(match found.get_ref() {
            DeValue::String(text) => Literal::Text(text.clone().into_owned()),
            DeValue::Boolean(boolean) => Literal::Boolean(*boolean),
            value @ DeValue::Integer(_) => Literal::Integer(integer(value)?),
            DeValue::Array(array) => {
                Literal::List(array.iter().map(literal).collect::<Option<_>>()?)
            }
            DeValue::Table(table) => {
                let mut entries: Vec<_> = table.iter().collect();
                entries.sort_by_key(|(key, _)| key.span().start);
                let entries = entries.into_iter();
                let entries =
                    entries.map(|(key, value)| Some((key.get_ref().to_string(), literal(value)?)));
                Literal::Table(entries.collect::<Option<_>>()?)
            }
            DeValue::Float(_) | DeValue::Datetime(_) => return None,
        })
    }
}
