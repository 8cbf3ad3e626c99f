//! Reads and writes the file of a recording.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

use crate::fake::api::route::ROOT;
use crate::json::error::problem_with_place;
use crate::json::value::Value;

/// The version of the format.
const VERSION: u32 = 1;
/// The response headers that affect a client. A recording contains no others.
const HEADERS: [&str; 3] = ["content-type", "location", "retry-after"];
/// The maximum length of a line with a value that could be split.
const WIDTH: usize = 110;

/// A request and its response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    pub(crate) request: RecordedRequest,
    #[serde(deserialize_with = "response")]
    pub(crate) response: RecordedResponse,
}

/// A recorded request. The bodies of requests are not compared.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedRequest {
    #[serde(deserialize_with = "method")]
    pub(crate) method: String,
    /// The unescaped path, including `/v1`.
    #[serde(deserialize_with = "path")]
    pub(crate) path: String,
    /// The unescaped query.
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: IgnoredAny,
}

/// A recorded response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedResponse {
    #[serde(deserialize_with = "status")]
    pub(crate) status: u16,
    #[serde(default, deserialize_with = "headers")]
    pub(crate) headers: BTreeMap<String, String>,
    /// A body of JSON, which may be `null`.
    #[serde(default, deserialize_with = "some")]
    pub(crate) body: Option<Value>,
    /// Any other body, such as the page of a gateway.
    #[serde(default)]
    pub(crate) text: Option<String>,
}

/// Returns whether recordings contain a response header.
pub(crate) fn keeps(header: &str) -> bool {
    HEADERS.contains(&header)
}

/// Deserializes a value, and fails if `problem` finds one.
fn checked<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    problem: impl FnOnce(&T) -> Option<String>,
) -> Result<T, D::Error> {
    let value = T::deserialize(deserializer)?;
    problem(&value).map_or(Ok(value), |problem| Err(D::Error::custom(problem)))
}

fn response<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RecordedResponse, D::Error> {
    checked(deserializer, |response: &RecordedResponse| {
        let RecordedResponse { status, body, text, .. } = response;
        match (body, text) {
            (Some(_), Some(_)) => Some("expected either `body` or `text`, found both".to_owned()),
            (None, None) => None,
            _ => matches!(status, 204 | 304)
                .then(|| format!("expected no body with status {status}, found one")),
        }
    })
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, |method: &String| {
        let is_known = matches!(method.as_str(), "GET" | "POST" | "PUT" | "DELETE");
        (!is_known).then(|| format!("expected `GET`, `POST`, `PUT` or `DELETE`, found `{method}`"))
    })
}

fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, |path: &String| {
        // A question mark without `=` after it may be part of an id.
        let has_query = path.split_once('?').is_some_and(|(_, query)| query.contains('='));
        let is_path = path.strip_prefix(ROOT).is_some_and(|rest| rest.starts_with('/'));
        (!is_path || has_query).then(|| {
            format!("expected a path such as `/v1/me/tracks`, without a query, found `{path}`")
        })
    })
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = checked(deserializer, |status: &i64| {
        let is_status = (200..1000).contains(status);
        (!is_status).then(|| format!("expected a status from 200 to 999, found {status}"))
    })?;
    Ok(u16::try_from(status).unwrap_or(0))
}

fn headers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    checked(deserializer, |headers: &BTreeMap<String, String>| {
        headers.iter().find_map(|(name, value)| {
            if !keeps(name) {
                let names = HEADERS.map(|name| format!("`{name}`")).join(", ");
                return Some(format!("expected one of the headers {names}, found `{name}`"));
            }
            let has_control = value.chars().any(char::is_control);
            has_control.then(|| format!("expected `{name}` without control characters"))
        })
    })
}

/// Returns `Some` for a field that exists, even if it is `null`.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The field that marks a recording.
#[derive(Deserialize)]
struct Mark {
    tonearm_recording: Option<u32>,
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Exchange>> {
    let file = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => "; create it with `tonearm::fake::Recorder`",
            _ => "",
        };
        io::Error::new(error.kind(), format!("cannot read the recording `{file}`: {error}{advice}"))
    })?;
    of(&text).map_err(|problem| {
        let text = format!("`{file}`{problem}; fix the file or record it again");
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}

/// Parses the text of a file. The error contains line, column and problem.
fn of(text: &str) -> Result<Vec<Exchange>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Recording {
        #[serde(rename = "tonearm_recording")]
        _version: u32,
        exchanges: Vec<Exchange>,
    }
    let foreign = ": expected a recording, an object with the field `tonearm_recording`, found something else";
    if !text.trim_start().starts_with('{') {
        return Err(foreign.to_owned());
    }
    // Another version may have another format.
    match serde_json::from_str::<Mark>(text) {
        Ok(Mark { tonearm_recording: None }) => return Err(foreign.to_owned()),
        Ok(Mark { tonearm_recording: Some(version) }) if version != VERSION => {
            return Err(format!(
                ": expected version {VERSION} of the format, found {version}, from another version of Tonearm"
            ));
        }
        _ => {}
    }
    let recording = serde_json::from_str::<Recording>(text);
    recording.map(|recording| recording.exchanges).map_err(|error| problem_with_place(&error))
}

/// Returns whether there is a file that isn't a recording, which must not be overwritten.
pub(crate) fn is_foreign(path: &Path) -> bool {
    let is_ours = |text: String| {
        let mark = serde_json::from_str::<Mark>(&text);
        text.trim().is_empty() || mark.is_ok_and(|mark| mark.tonearm_recording.is_some())
    };
    match fs::read_to_string(path) {
        Ok(text) => !is_ours(text),
        // Creating the folder will fail with a better error.
        Err(error) => {
            !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        }
    }
}

/// The text of a file with the texts of these exchanges.
pub(crate) fn text<'e>(exchanges: impl Iterator<Item = &'e str>) -> String {
    let mut text = format!("{{\n  \"tonearm_recording\": {VERSION},\n  \"exchanges\": [");
    for (index, exchange) in exchanges.enumerate() {
        text += if index == 0 { "\n    " } else { ",\n    " };
        text += exchange;
    }
    text + "\n  ]\n}\n"
}

/// The text of an exchange, with every string changed by `filter`.
pub(crate) fn exchange_text(exchange: &Value, filter: &dyn Fn(&str) -> Cow<'_, str>) -> String {
    let mut writer = Writer { text: String::new(), filter };
    writer.write(exchange, Some(4));
    writer.text
}

/// Writes readable JSON, with short values and lists of plain values on one line.
struct Writer<'a> {
    text: String,
    filter: &'a dyn Fn(&str) -> Cow<'_, str>,
}

impl Writer<'_> {
    /// Writes a value, on one line if `indent` is `None`.
    fn write(&mut self, json: &Value, indent: Option<usize>) {
        let children: Vec<(Option<&str>, &Value)> = match json {
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| (Some(&**key), value)).collect()
            }
            Value::List(values) => values.iter().map(|value| (None, value)).collect(),
            Value::Text(text) => return self.write_text(&(self.filter)(text.as_str())),
            other => return self.text += &other.to_json(),
        };
        let is_object = matches!(json, Value::Object(_));
        let is_plain = !is_object && children.iter().all(|(_, value)| value.is_leaf());
        // The outer levels always have the same layout.
        let fits = |indent| indent > 6 && fits(json, &mut WIDTH.saturating_sub(indent));
        let indent = indent.filter(|indent| !is_plain && !fits(*indent));
        let inner = indent.map(|indent| indent + 2);
        self.text.push(if is_object { '{' } else { '[' });
        for (n, (key, value)) in children.iter().enumerate() {
            self.text += if n > 0 { "," } else { "" };
            self.space(inner, is_object || n > 0);
            if let Some(key) = key {
                self.write_text(key);
                self.text += ": ";
            }
            self.write(value, inner);
        }
        self.space(indent, is_object && !children.is_empty());
        self.text.push(if is_object { '}' } else { ']' });
    }

    /// Begins a line with an indent. Without an indent, adds a space if `is_spaced` is set.
    fn space(&mut self, indent: Option<usize>, is_spaced: bool) {
        match indent {
            Some(indent) => self.text += &format!("\n{}", " ".repeat(indent)),
            None if is_spaced => self.text.push(' '),
            None => {}
        }
    }

    fn write_text(&mut self, text: &str) {
        self.text += &text_of(text);
    }
}

/// A text as JSON.
pub(crate) fn text_of(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Returns whether a value fits into `room` characters, approximately.
fn fits(json: &Value, room: &mut usize) -> bool {
    let mut take = |length: usize| {
        let left = room.checked_sub(length);
        *room = left.unwrap_or(0);
        left.is_some()
    };
    match json {
        Value::Text(text) => take(text.as_str().len() + 2),
        Value::List(values) => {
            take(2 + 2 * values.len()) && values.iter().all(|value| fits(value, room))
        }
        Value::Object(fields) => {
            let keys: usize = fields.iter().map(|(key, _)| key.len() + 6).sum();
            take(4 + keys) && fields.iter().all(|(_, value)| fits(value, room))
        }
        _ => take(5),
    }
}
