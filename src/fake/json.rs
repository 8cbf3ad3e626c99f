//! JSON on its way out: members in the order they are written, and long lists by reference.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A value of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
    /// Text that was made into JSON before: a list of 180 markets stands in every object of a page,
    /// and would be most of the work if it were made for each.
    Raw(&'static RawValue),
}

impl Json {
    /// The same object with more members.
    pub(crate) fn with(mut self, more: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
        if let Json::Object(members) = &mut self {
            members.extend(more);
        }
        self
    }

    /// The same object with members put in the place of those of the same names, or added.
    pub(crate) fn replaced(
        mut self,
        members: impl IntoIterator<Item = (&'static str, Json)>,
    ) -> Json {
        for (key, value) in members {
            match &mut self {
                Json::Object(own) => match own.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, old)) => *old = value,
                    None => own.push((key, value)),
                },
                _ => return self,
            }
        }
        self
    }

    /// The same object with some of its members only.
    pub(crate) fn retained(mut self, keep: impl Fn(&str) -> bool) -> Json {
        if let Json::Object(members) = &mut self {
            members.retain(|(key, _)| keep(key));
        }
        self
    }

    /// A member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => {
                members.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub(crate) fn to_text(&self) -> String {
        // There is nothing in a `Json` that cannot be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Json::Number(number) => serializer.serialize_i64(*number),
            Json::Decimal(number) => serializer.serialize_f64(*number),
            Json::Text(text) => serializer.serialize_str(text),
            Json::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                values.iter().try_for_each(|value| list.serialize_element(value))?;
                list.end()
            }
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Json::Raw(raw) => raw.serialize(serializer),
        }
    }
}

impl From<bool> for Json {
    fn from(boolean: bool) -> Self {
        Json::Boolean(boolean)
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Json::Number(number)
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Self {
        Json::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Json::Decimal(number)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::Text(text)
    }
}

impl From<Vec<Json>> for Json {
    fn from(values: Vec<Json>) -> Self {
        Json::List(values)
    }
}

impl From<Option<String>> for Json {
    fn from(text: Option<String>) -> Self {
        text.map_or(Json::Null, Json::Text)
    }
}

/// An object, with its members as they are to be written.
macro_rules! object {
    ($($key:literal: $value:expr),* $(,)?) => {
        $crate::fake::json::Json::Object(vec![
            $(($key, $crate::fake::json::Json::from($value))),*
        ])
    };
}

pub(crate) use object;
