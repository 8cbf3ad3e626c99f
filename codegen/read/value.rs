//! TOML values as far as `spec/` uses them, with their locations.

use std::borrow::Cow;
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
    /// Another value at the same location.
    pub fn with<U>(&self, value: U) -> At<U> {
        At { value, location: self.location.clone() }
    }
}

/// A TOML value as far as `spec/` uses them.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<At<Literal>>),
    Table(Vec<(String, At<Literal>)>),
}

/// As it is sent: without quotes, lists with commas.
impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut write = |index: usize, between: &str, value: &At<Literal>| {
            f.write_str(if index > 0 { between } else { "" })?;
            write!(f, "{}", value.value)
        };
        match self {
            Literal::List(list) => {
                list.iter().enumerate().try_for_each(|(index, value)| write(index, ",", value))
            }
            Literal::Table(entries) => entries
                .iter()
                .enumerate()
                .try_for_each(|(index, (_, value))| write(index, " ", value)),
            Literal::Text(text) => f.write_str(text),
            Literal::Integer(number) => write!(f, "{number}"),
            Literal::Boolean(boolean) => write!(f, "{boolean}"),
        }
    }
}

impl Literal {
    /// What it is, with its value: `` the integer `5` ``.
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

pub fn literal(found: &Spanned<DeValue<'_>>, file: usize) -> Option<At<Literal>> {
    let value = match found.get_ref() {
        DeValue::String(text) => Literal::Text(text.clone().into_owned()),
        DeValue::Boolean(boolean) => Literal::Boolean(*boolean),
        value @ DeValue::Integer(_) => Literal::Integer(integer(value)?),
        DeValue::Array(array) => {
            Literal::List(array.iter().map(|value| literal(value, file)).collect::<Option<_>>()?)
        }
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
                let key: &Cow<'_, str> = key.get_ref();
                Some((key.clone().into_owned(), literal(value, file)?))
            };
            Literal::Table(entries.into_iter().map(entry).collect::<Option<_>>()?)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => return None,
    };
    Some(At { value, location: Location::new(file, found.span()) })
}
