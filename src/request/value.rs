//! JSON values as they are written in a path or a query.

use std::fmt::{self, Display, Formatter};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::json::value::Value;

/// What stands unescaped in a query. Comma and colon do, so that 40 URIs stay short.
pub(crate) const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b':');

/// The value as text: lists with commas, objects as JSON.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Boolean(boolean) => write!(f, "{boolean}"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => f.write_str(text.as_str()),
            Value::List(values) => values.iter().enumerate().try_for_each(|(index, value)| {
                f.write_str(if index > 0 { "," } else { "" })?;
                value.fmt(f)
            }),
            other => f.write_str(&other.to_json()),
        }
    }
}

impl Value {
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
