//! Reads the values of parameters from a request, and checks them against their definitions.

use base64::Engine;
use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use super::route::{Match, Target};
use crate::endpoint::{ParamInfo, ParamKind, ParamLocation};
use crate::fake::http::{Incoming, Response};
use crate::types::id::{SEGMENT, SpotifyUri};
use crate::types::market::Market;
use crate::types::timestamp::Timestamp;

/// The value of a parameter.
#[derive(Clone, Debug)]
pub(crate) enum ParamValue {
    Integer(i64),
    Boolean(bool),
    Text(String),
    Texts(Vec<String>),
    Item(Item),
    Items(Vec<Item>),
}

/// An id or a URI, with the time that came with it.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) uri: SpotifyUri,
    pub(crate) added_at: Option<Timestamp>,
}

/// A value as the request contains it.
pub(crate) enum Raw<'a> {
    Text(&'a str),
    Json(&'a Value),
}

pub(crate) fn raw<'a>(
    param: &ParamInfo,
    found: &'a Match,
    target: &'a Target,
    body: Option<&'a Value>,
) -> Option<Raw<'a>> {
    match param.location {
        ParamLocation::Path => {
            let value = found.in_path.iter().find(|(key, _)| *key == param.key);
            value.map(|(_, value)| Raw::Text(value))
        }
        // An empty list counts as absent.
        ParamLocation::Query => target
            .value(&param.key)
            .filter(|value| !(param.list && value.is_empty()))
            .map(Raw::Text),
        ParamLocation::Body => {
            // An image is the whole body.
            let value = match param.kind {
                ParamKind::Jpeg => body?,
                _ => field(body?, &param.key).or_else(|| body?.get(param.bare_key?))?,
            };
            let means_something = found.endpoint.batch.is_some_and(|chunk| chunk.send_empty);
            match value {
                Value::Null => None,
                Value::Array(values) if values.is_empty() && !means_something => None,
                value => Some(Raw::Json(value)),
            }
        }
    }
}

/// A field of a body, in an object within it if the key has a dot: `offset.position`.
fn field<'a>(body: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(body, |value, key| value.get(key))
}

/// A body of text; `None` if it is empty.
pub(crate) fn text_body(incoming: &Incoming) -> Result<Option<Value>, Response> {
    if incoming.body.is_empty() {
        return Ok(None);
    }
    if incoming.header("content-type").is_none_or(|kind| !kind.starts_with("image/jpeg")) {
        return Err(Response::error(400, "Invalid content type, expected image/jpeg"));
    }
    Ok(Some(String::from_utf8_lossy(&incoming.body).into()))
}

/// A body of JSON; `None` if it is empty.
pub(crate) fn body(incoming: &Incoming) -> Result<Option<Value>, ()> {
    if incoming.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    match serde_json::from_slice(&incoming.body) {
        Ok(body @ Value::Object(_)) => Ok(Some(body)),
        _ => Err(()),
    }
}

pub(crate) fn read(param: &ParamInfo, raw: Raw<'_>) -> Result<ParamValue, Response> {
    match (param.list, raw) {
        (false, Raw::Json(Value::Array(values))) if param.sent_as_list => match &values[..] {
            [Value::String(text)] => read_one(param, text),
            _ => Err(invalid(&param.key)),
        },
        (false, Raw::Text(text)) => read_one(param, text),
        (false, Raw::Json(Value::String(text))) => read_one(param, text),
        (false, Raw::Json(value @ (Value::Number(_) | Value::Bool(_)))) => {
            read_one(param, &value.to_string())
        }
        (true, Raw::Text(text)) if is_text(param) => text
            .split(',')
            .map(|text| word(param, text))
            .collect::<Result<_, _>>()
            .map(ParamValue::Texts),
        (true, Raw::Json(Value::Array(values))) if is_text(param) => values
            .iter()
            .map(|value| word(param, value.as_str().ok_or_else(|| invalid(&param.key))?))
            .collect::<Result<_, _>>()
            .map(ParamValue::Texts),
        (true, Raw::Text(text)) => text
            .split(',')
            .map(|text| item(param, text))
            .collect::<Result<_, _>>()
            .map(ParamValue::Items),
        (true, Raw::Json(Value::Array(values))) => values
            .iter()
            .map(|value| element(param, value))
            .collect::<Result<_, _>>()
            .map(ParamValue::Items),
        _ => Err(invalid(&param.key)),
    }
}

/// Whether a parameter takes text, not ids.
fn is_text(param: &ParamInfo) -> bool {
    matches!(param.kind, ParamKind::OneOf(_) | ParamKind::Text)
}

/// An element of a list of texts.
fn word(param: &ParamInfo, text: &str) -> Result<String, Response> {
    match read_one(param, text)? {
        ParamValue::Text(text) => Ok(text),
        _ => Err(invalid(&param.key)),
    }
}

/// A JPEG in base64, as the whole of a body.
fn jpeg(param: &ParamInfo, text: &str) -> Result<ParamValue, Response> {
    if i64::try_from(text.len()).unwrap_or(i64::MAX) > param.max.unwrap_or(i64::MAX) {
        return Err(Response::error(413, "Payload Too Large"));
    }
    match base64::engine::general_purpose::STANDARD.decode(text) {
        Ok(bytes) if bytes.starts_with(&[0xff, 0xd8, 0xff]) => {
            Ok(ParamValue::Text(text.to_owned()))
        }
        _ => Err(Response::error(400, "Bad request.")),
    }
}

fn read_one(param: &ParamInfo, text: &str) -> Result<ParamValue, Response> {
    match param.kind {
        ParamKind::Integer => {
            let range = param.min.unwrap_or(i64::MIN)..=param.max.unwrap_or(i64::MAX);
            match text.parse() {
                Ok(number) if range.contains(&number) => Ok(ParamValue::Integer(number)),
                _ => Err(invalid(&param.key)),
            }
        }
        ParamKind::Boolean => {
            text.parse().map(ParamValue::Boolean).map_err(|_| invalid(&param.key))
        }
        ParamKind::Id(_) | ParamKind::Uri | ParamKind::TimestampedId => {
            item(param, text).map(ParamValue::Item)
        }
        ParamKind::Market => match text {
            // The country of the token's user.
            "from_token" => Ok(ParamValue::Text(text.to_owned())),
            _ => match text.parse::<Market>() {
                Ok(market) => Ok(ParamValue::Text(market.to_string())),
                Err(_) => Err(Response::error(400, "Invalid market code")),
            },
        },
        ParamKind::Timestamp => match text.parse::<Timestamp>() {
            Ok(_) => Ok(ParamValue::Text(text.to_owned())),
            Err(_) => Err(invalid(&param.key)),
        },
        ParamKind::OneOf(words) if !words.contains(&text) => Err(invalid(&param.key)),
        ParamKind::OneOf(_) | ParamKind::Text | ParamKind::Tuning | ParamKind::Json => {
            Ok(ParamValue::Text(text.to_owned()))
        }
        ParamKind::Jpeg => jpeg(param, text),
    }
}

/// An element of a list in a body: text, an object with an id and perhaps a time, or an object with `element_key`.
fn element(param: &ParamInfo, value: &Value) -> Result<Item, Response> {
    match value {
        Value::String(text) if param.element_key.is_none() => item(param, text),
        Value::Object(fields) if param.kind == ParamKind::TimestampedId => {
            let Some(Value::String(id)) = fields.get("id") else { return Err(required("id")) };
            let added_at = match fields.get("added_at") {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(text.parse().map_err(|_| invalid("added_at"))?),
                Some(_) => return Err(invalid("added_at")),
            };
            Ok(Item { added_at, ..item(param, id)? })
        }
        Value::Object(fields) if param.element_key.is_some() => {
            match param.element_key.and_then(|key| fields.get(key)) {
                Some(Value::String(text)) => item(param, text),
                Some(_) => Err(invalid(&param.key)),
                None => Err(required(param.element_key.unwrap_or(&param.key))),
            }
        }
        _ => Err(invalid(&param.key)),
    }
}

fn item(param: &ParamInfo, text: &str) -> Result<Item, Response> {
    let kind = match param.kind {
        ParamKind::Id(kind) => kind,
        ParamKind::TimestampedId => "track",
        _ => {
            let uri = text.starts_with("spotify:").then(|| text.parse::<SpotifyUri>());
            return match uri {
                Some(Ok(uri)) if param.kinds.is_empty() || param.kinds.contains(&uri.kind()) => {
                    Ok(Item { uri, added_at: None })
                }
                _ => Err(Response::error(400, "Invalid Spotify URI")),
            };
        }
    };
    // The parser of URIs knows which kinds have ids of 22 characters.
    match format!("spotify:{kind}:{}", utf8_percent_encode(text, SEGMENT)).parse() {
        Ok(uri) => Ok(Item { uri, added_at: None }),
        Err(_) => Err(Response::error(400, "Invalid base62 id")),
    }
}

pub(crate) fn invalid(key: &str) -> Response {
    Response::error(400, &format!("Invalid {key}"))
}

pub(crate) fn required(key: &str) -> Response {
    Response::error(400, &format!("Missing required field: {key}"))
}
