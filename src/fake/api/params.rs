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

/// The values of a parameter: any number for a list, otherwise one.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParamValue {
    /// Values of any kind except ids and URIs, as text that can be parsed.
    pub(crate) texts: Vec<String>,
    /// Ids and URIs.
    pub(crate) items: Vec<Item>,
}

/// An id or a URI, with the time it was added if the request contains it.
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

/// Returns the value of a parameter, and the part of the request that contains it.
pub(crate) fn raw<'a>(
    param: &ParamInfo,
    found: &'a Match,
    target: &'a Target,
    body: Option<&'a Value>,
) -> Option<(Raw<'a>, ParamLocation)> {
    // The query has priority.
    [ParamLocation::Path, ParamLocation::Query, ParamLocation::Body].into_iter().find_map(|part| {
        let is_accepted = part == param.location || Some(part) == param.also_in;
        Some((raw_in(part, param, found, target, body).filter(|_| is_accepted)?, part))
    })
}

fn raw_in<'a>(
    part: ParamLocation,
    param: &ParamInfo,
    found: &'a Match,
    target: &'a Target,
    body: Option<&'a Value>,
) -> Option<Raw<'a>> {
    match part {
        ParamLocation::Path => {
            let value = found.in_path.iter().find(|(key, _)| *key == param.key);
            value.map(|(_, value)| Raw::Text(value))
        }
        // An empty list counts as absent.
        ParamLocation::Query => target
            .value(param.bare_key.unwrap_or(&param.key))
            .filter(|value| !(param.list && value.is_empty()))
            .map(Raw::Text),
        ParamLocation::Body => {
            let body = body?;
            let value = match param.kind {
                // An image is the whole body.
                ParamKind::Jpeg => body,
                _ if param.also_bare && body.is_array() => body,
                _ => field(body, &param.key).or_else(|| body.get(param.bare_key?))?,
            };
            let accepts_empty = found.endpoint.batch.is_some_and(|batch| batch.send_empty);
            match value {
                Value::Null => None,
                Value::Array(values) if values.is_empty() && !accepts_empty => None,
                value => Some(Raw::Json(value)),
            }
        }
    }
}

/// Returns a field of a body, in an object within it if the key has a dot: `offset.position`.
fn field<'a>(body: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(body, |value, key| value.get(key))
}

/// Returns a body of text; `None` if it is empty.
pub(crate) fn text_body(incoming: &Incoming) -> Result<Option<Value>, Response> {
    if incoming.body.is_empty() {
        return Ok(None);
    }
    if incoming.header("content-type").is_none_or(|kind| !kind.starts_with("image/jpeg")) {
        return Err(Response::error(400, "Invalid content type, expected image/jpeg"));
    }
    Ok(Some(String::from_utf8_lossy(&incoming.body).into()))
}

/// Parses a body of JSON, an object or a list; `None` if it is empty.
pub(crate) fn body(incoming: &Incoming) -> Result<Option<Value>, ()> {
    if incoming.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    match serde_json::from_slice(&incoming.body) {
        Ok(body @ (Value::Object(_) | Value::Array(_))) => Ok(Some(body)),
        _ => Err(()),
    }
}

/// Reads the value of a parameter. `max` is its maximum for the app.
pub(crate) fn read(
    param: &ParamInfo,
    raw: Raw<'_>,
    max: Option<i64>,
) -> Result<ParamValue, Response> {
    let elements: Vec<Raw<'_>> = match raw {
        Raw::Text(text) if param.list => text.split(',').map(Raw::Text).collect(),
        Raw::Json(Value::Array(values)) if param.list || param.sent_as_list => {
            values.iter().map(Raw::Json).collect()
        }
        Raw::Json(_) if param.list => return Err(invalid(&param.key)),
        raw => vec![raw],
    };
    if !param.list && elements.len() != 1 {
        return Err(invalid(&param.key));
    }
    let elements = elements.into_iter();
    match param.kind {
        ParamKind::Id(_) | ParamKind::Uri | ParamKind::TimestampedId => {
            let items = elements.map(|raw| element(param, raw)).collect::<Result<_, _>>()?;
            Ok(ParamValue { items, ..ParamValue::default() })
        }
        _ => {
            let texts = elements.map(|raw| match raw {
                Raw::Text(text) => checked(param, text, max),
                Raw::Json(Value::String(text)) => checked(param, text, max),
                Raw::Json(value @ (Value::Number(_) | Value::Bool(_))) if !param.list => {
                    checked(param, &value.to_string(), max)
                }
                Raw::Json(_) => Err(invalid(&param.key)),
            });
            Ok(ParamValue { texts: texts.collect::<Result<_, _>>()?, ..ParamValue::default() })
        }
    }
}

/// Returns the text of a value, if it is valid for the parameter.
fn checked(param: &ParamInfo, text: &str, max: Option<i64>) -> Result<String, Response> {
    let max = max.unwrap_or(i64::MAX);
    let is_valid = match param.kind {
        ParamKind::Integer => {
            let range = param.min.unwrap_or(i64::MIN)..=max;
            text.parse().is_ok_and(|number| range.contains(&number))
        }
        ParamKind::Boolean => text.parse::<bool>().is_ok(),
        // `from_token` is the country of the token's user.
        ParamKind::Market if text != "from_token" => match text.parse::<Market>() {
            Ok(market) => return Ok(market.to_string()),
            Err(_) => return Err(Response::error(400, "Invalid market code")),
        },
        ParamKind::Timestamp => text.parse::<Timestamp>().is_ok(),
        ParamKind::OneOf(values) => values.contains(&text),
        ParamKind::Jpeg if i64::try_from(text.len()).unwrap_or(i64::MAX) > max => {
            return Err(Response::error(413, "Payload Too Large"));
        }
        // A JPEG in base64, as the whole body.
        ParamKind::Jpeg => match base64::engine::general_purpose::STANDARD.decode(text) {
            Ok(bytes) if bytes.starts_with(&[0xff, 0xd8, 0xff]) => true,
            _ => return Err(Response::error(400, "Bad request.")),
        },
        _ => true,
    };
    if is_valid { Ok(text.to_owned()) } else { Err(invalid(&param.key)) }
}

/// Reads an id or a URI from text. In a body it may also be an object with an id and a time, or with `element_key`.
fn element(param: &ParamInfo, raw: Raw<'_>) -> Result<Item, Response> {
    let text_of = |value: Option<&Value>, key: &str| match value {
        Some(Value::String(text)) => item(param, text),
        Some(_) => Err(invalid(&param.key)),
        None => Err(required(key)),
    };
    match (raw, param.element_key) {
        (Raw::Text(text), _) => item(param, text),
        (Raw::Json(Value::String(text)), None) => item(param, text),
        (Raw::Json(Value::Object(fields)), _) if param.kind == ParamKind::TimestampedId => {
            let added_at = match fields.get("added_at") {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(text.parse().map_err(|_| invalid("added_at"))?),
                Some(_) => return Err(invalid("added_at")),
            };
            Ok(Item { added_at, ..text_of(fields.get("id"), "id")? })
        }
        (Raw::Json(Value::Object(fields)), Some(key)) => text_of(fields.get(key), key),
        _ => Err(invalid(&param.key)),
    }
}

fn item(param: &ParamInfo, text: &str) -> Result<Item, Response> {
    let kind = match param.kind {
        ParamKind::Id(kind) => Some(kind),
        ParamKind::TimestampedId => Some("track"),
        _ => None,
    };
    let (uri, error) = match kind {
        // The parser of URIs checks the format of the id.
        Some(kind) => {
            let uri = format!("spotify:{kind}:{}", utf8_percent_encode(text, SEGMENT)).parse();
            (uri.ok(), "Invalid base62 id")
        }
        None => {
            let uri = text.parse().ok().filter(|_| text.starts_with("spotify:"));
            let is_accepted = |uri: &SpotifyUri| param.kinds.contains(&uri.kind());
            (uri.filter(|uri| param.kinds.is_empty() || is_accepted(uri)), "Invalid Spotify URI")
        }
    };
    let uri = uri.ok_or_else(|| Response::error(400, error))?;
    Ok(Item { uri, added_at: None })
}

pub(crate) fn invalid(key: &str) -> Response {
    Response::error(400, &format!("Invalid {key}"))
}

pub(crate) fn required(key: &str) -> Response {
    Response::error(400, &format!("Missing required field: {key}"))
}
