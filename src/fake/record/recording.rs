//! The file of a recording: what stands in it, how it is read and how it is laid out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::fake::api::route::ROOT;
use crate::json::value::{Value, json_object};

/// The version of the format.
const VERSION: u32 = 1;
/// The headers of answers that say something to a client. Nothing else is kept of a head.
const HEADERS: [&str; 3] = ["content-type", "location", "retry-after"];
/// How long a line may get before a value is broken into several.
const WIDTH: usize = 110;

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    pub(crate) request: RecordedRequest,
    pub(crate) response: RecordedResponse,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedRequest {
    #[serde(deserialize_with = "method")]
    pub(crate) method: String,
    /// With the `/v1` of Spotify, unescaped.
    #[serde(deserialize_with = "path")]
    pub(crate) path: String,
    /// Unescaped.
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: Option<Value>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Raw")]
pub(crate) struct RecordedResponse {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    None,
    Json(Value),
    /// Something else: a page of a gateway.
    Text(String),
}

/// An answer as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(deserialize_with = "status")]
    status: u16,
    #[serde(default, deserialize_with = "headers")]
    headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "some")]
    body: Option<Value>,
    #[serde(default)]
    text: Option<String>,
}

impl TryFrom<Raw> for RecordedResponse {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let Raw { status, headers, body, text } = raw;
        let body = match (body, text) {
            (Some(_), Some(_)) => {
                return Err(
                    "expected `body` for JSON or `text` for all else, found both".to_owned()
                );
            }
            (Some(json), None) => Body::Json(json),
            (None, Some(text)) => Body::Text(text),
            (None, None) => Body::None,
        };
        if matches!(status, 204 | 304) && body != Body::None {
            return Err(format!("expected no body, as a {status} has none, found one"));
        }
        Ok(RecordedResponse { status, headers, body })
    }
}

impl RecordedResponse {
    /// Whether a header is kept in recordings.
    pub(crate) fn keeps(header: &str) -> bool {
        HEADERS.contains(&header)
    }
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let method = String::deserialize(deserializer)?;
    match method.as_str() {
        "GET" | "POST" | "PUT" | "DELETE" => Ok(method),
        _ => {
            let wrong = format_args!("expected `GET`, `POST`, `PUT` or `DELETE`, found `{method}`");
            Err(D::Error::custom(wrong))
        }
    }
}

fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let path = String::deserialize(deserializer)?;
    // A mark without a pair behind it may be a part of a name.
    let has_query = path.split_once('?').is_some_and(|(_, query)| query.contains('='));
    match path.strip_prefix(ROOT).is_some_and(|rest| rest.starts_with('/')) && !has_query {
        true => Ok(path),
        false => Err(D::Error::custom(format_args!(
            "expected a path such as `/v1/me/tracks`, without a query, found `{path}`"
        ))),
    }
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = i64::deserialize(deserializer)?;
    match u16::try_from(status).ok().filter(|status| (200..1000).contains(status)) {
        Some(status) => Ok(status),
        None => {
            Err(D::Error::custom(format_args!("expected a status from 200 to 999, found {status}")))
        }
    }
}

fn headers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let headers = BTreeMap::<String, String>::deserialize(deserializer)?;
    for (name, value) in &headers {
        if !RecordedResponse::keeps(name) {
            let names = HEADERS.map(|name| format!("`{name}`")).join(", ");
            let wrong = format_args!("expected one of the headers {names}, found `{name}`");
            return Err(D::Error::custom(wrong));
        }
        if value.chars().any(char::is_control) {
            let wrong = format_args!("expected `{name}` without control characters");
            return Err(D::Error::custom(wrong));
        }
    }
    Ok(headers)
}

/// What is there; also `null`, which is a body of its own.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What a file says of itself.
#[derive(Deserialize)]
struct Mark {
    tonearm_recording: Option<u32>,
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<Exchange>> {
    let file = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => "; make it with `tonearm::fake::Recorder`",
            _ => "",
        };
        io::Error::new(error.kind(), format!("cannot read the recording `{file}`: {error}{advice}"))
    })?;
    of(&text).map_err(|problem| {
        let text = format!("`{file}`{problem}; fix the file or record it again");
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}

/// The exchanges in the text of a file; or where it is broken, and how.
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
    // What has no mark is something else, and what has another one may look otherwise.
    match serde_json::from_str::<Mark>(text) {
        Ok(Mark { tonearm_recording: None }) => return Err(foreign.to_owned()),
        Ok(Mark { tonearm_recording: Some(version) }) if version != VERSION => {
            return Err(format!(
                ": expected version {VERSION} of the format, found {version}, which is that of another tonearm"
            ));
        }
        _ => {}
    }
    serde_json::from_str::<Recording>(text).map(|recording| recording.exchanges).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let problem = error.to_string();
        let place = format!(" at line {line} column {column}");
        format!(", line {line}, column {column}: {}", problem.trim_end_matches(&place))
    })
}

/// Whether a file is there that is no recording, and so must not be written over.
pub(crate) fn is_foreign(path: &Path) -> bool {
    let is_ours = |text: String| {
        let mark = serde_json::from_str::<Mark>(&text);
        text.trim().is_empty() || mark.is_ok_and(|mark| mark.tonearm_recording.is_some())
    };
    match fs::read_to_string(path) {
        Ok(text) => !is_ours(text),
        // Where a folder is none, that is the better thing to say.
        Err(error) => {
            !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        }
    }
}

/// The text of a file. Every text in it is looked at once more before it is written.
pub(crate) fn text<'e>(
    exchanges: impl IntoIterator<Item = &'e Exchange>,
    look: &dyn Fn(&str) -> Cow<'_, str>,
) -> String {
    let mut page = Page { text: String::new(), look };
    page.text += &format!("{{\n  \"tonearm_recording\": {VERSION},\n  \"exchanges\": [");
    for (place, exchange) in exchanges.into_iter().enumerate() {
        page.text += if place == 0 { "\n    " } else { ",\n    " };
        page.write(&exchange.to_value(), 4);
    }
    page.text += "\n  ]\n}\n";
    page.text
}

impl Exchange {
    fn to_value(&self) -> Value {
        let pairs = |pairs: &BTreeMap<String, String>| {
            let pairs = pairs.iter();
            Value::Object(
                pairs.map(|(key, value)| (key.clone().into(), value.as_str().into())).collect(),
            )
        };
        let Exchange { request, response } = self;
        let query = (!request.query.is_empty()).then(|| ("query", pairs(&request.query)));
        let body = request.body.clone().map(|body| ("body", body));
        let request =
            json_object! { "method": request.method.as_str(), "path": request.path.as_str() };
        let headers = (!response.headers.is_empty()).then(|| ("headers", pairs(&response.headers)));
        let content = match &response.body {
            Body::None => None,
            Body::Json(json) => Some(("body", json.clone())),
            Body::Text(text) => Some(("text", text.as_str().into())),
        };
        let response = json_object! { "status": i64::from(response.status) };
        json_object! {
            "request": request.with(query.into_iter().chain(body)),
            "response": response.with(headers.into_iter().chain(content)),
        }
    }
}

/// JSON for people: what fits stands on one line, and so do lists of mere values, however long they are.
struct Page<'a> {
    text: String,
    look: &'a dyn Fn(&str) -> Cow<'_, str>,
}

impl Page<'_> {
    fn write(&mut self, json: &Value, indent: usize) {
        let is_plain = match json {
            Value::List(values) => values.iter().all(Value::is_leaf),
            Value::Object(_) => false,
            _ => true,
        };
        // Exchanges look alike, however short they are.
        if is_plain || indent > 6 && fits(json, &mut WIDTH.saturating_sub(indent)) {
            return self.write_line(json);
        }
        let (open, close, count) = match json {
            Value::Object(members) => ('{', '}', members.len()),
            Value::List(values) => ('[', ']', values.len()),
            _ => return,
        };
        self.text.push(open);
        for place in 0..count {
            self.text += if place == 0 { "\n" } else { ",\n" };
            self.text += &" ".repeat(indent + 2);
            match json {
                Value::Object(members) => {
                    let Some((key, value)) = members.get(place) else { continue };
                    self.write_text(key);
                    self.text += ": ";
                    self.write(value, indent + 2);
                }
                Value::List(values) => {
                    values.get(place).into_iter().for_each(|value| self.write(value, indent + 2));
                }
                _ => {}
            }
        }
        self.text.push('\n');
        self.text += &" ".repeat(indent);
        self.text.push(close);
    }

    fn write_line(&mut self, json: &Value) {
        match json {
            Value::Text(text) => {
                let text = (self.look)(text.as_str());
                self.write_text(&text);
            }
            Value::List(values) => {
                self.text.push('[');
                for (place, value) in values.iter().enumerate() {
                    self.text += if place == 0 { "" } else { ", " };
                    self.write_line(value);
                }
                self.text.push(']');
            }
            Value::Object(members) => {
                self.text.push('{');
                for (place, (key, value)) in members.iter().enumerate() {
                    self.text += if place == 0 { " " } else { ", " };
                    self.write_text(key);
                    self.text += ": ";
                    self.write_line(value);
                }
                self.text += if members.is_empty() { "}" } else { " }" };
            }
            other => self.text += &other.to_json(),
        }
    }

    fn write_text(&mut self, text: &str) {
        self.text += &serde_json::to_string(text).unwrap_or_default();
    }
}

/// Whether a value takes no more than so many characters, about.
fn fits(json: &Value, room: &mut usize) -> bool {
    let take = |room: &mut usize, length: usize| {
        let left = room.checked_sub(length);
        *room = left.unwrap_or(0);
        left.is_some()
    };
    match json {
        Value::Text(text) => take(room, text.as_str().len() + 2),
        Value::List(values) => {
            take(room, 2) && values.iter().all(|value| take(room, 2) && fits(value, room))
        }
        Value::Object(members) => {
            let mut members = members.iter();
            take(room, 4)
                && members.all(|(key, value)| take(room, key.len() + 6) && fits(value, room))
        }
        _ => take(room, 5),
    }
}
