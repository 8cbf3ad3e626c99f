//! Writes JSON values to paths and queries.

use std::fmt::{self, Display, Formatter};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::json::value::Value;

/// The characters to escape in a query. Comma and colon are not among them, which keeps lists of URIs short.
pub(crate) const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b':');

/// Separates the elements of lists by commas, and writes objects as JSON.
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
    /// Appends the escaped value to a URL.
    pub(crate) fn escape_into(&self, url: &mut String, escape_set: &'static AsciiSet) {
        match self {
            Value::Text(text) => url.extend(utf8_percent_encode(text.as_str(), escape_set)),
            Value::List(values) => values.iter().enumerate().for_each(|(index, value)| {
                if index > 0 {
                    url.push(',');
                }
                value.escape_into(url, escape_set);
            }),
            other => url.extend(utf8_percent_encode(&other.to_string(), escape_set)),
        }
    }
}

/// An invalid value, and the problem with it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BadValue {
    pub(crate) value: Box<str>,
    pub(crate) problem: Box<str>,
    /// Set for a number that does not fit into 63 bits. No parameter accepts one.
    pub(crate) is_too_large: bool,
}

impl BadValue {
    pub(crate) fn new(value: &str, problem: impl Display) -> Self {
        BadValue { value: value.into(), problem: problem.to_string().into(), is_too_large: false }
    }

    pub(crate) fn too_large(number: impl Display) -> Self {
        let problem = format_args!("expected a number of at most 63 bits, found {number}");
        BadValue { is_too_large: true, ..BadValue::new(&number.to_string(), problem) }
    }
}

/// A field filter such as `items(track(name)),total` with some fields under another name.
pub(super) fn rename_fields(filter: &str, renames: &[(&str, &str)]) -> String {
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let mut renamed = String::with_capacity(filter.len());
    for part in filter.split_inclusive(is_end) {
        let name = part.trim_end_matches(is_end);
        let to = renames.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to);
        renamed.push_str(to);
        renamed.push_str(part.get(name.len()..).unwrap_or_default());
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_renamed_as_whole_words() {
        let renames = [("track", "item")];
        for (text, expected) in [
            ("items(track(name,uri)),total", "items(item(name,uri)),total"),
            ("items.track.name", "items.item.name"),
            ("track", "item"),
            ("!track", "!item"),
            ("items(track_number,tracks,my_track)", "items(track_number,tracks,my_track)"),
            ("", ""),
            ("päivä,track", "päivä,item"),
        ] {
            assert_eq!(rename_fields(text, &renames), expected);
        }
    }
}
