//! A request as a plain value: what would be sent, before it is.

pub(crate) mod argument;
mod base_url;
pub(crate) mod batch;
mod jpeg;
mod print;
mod timestamped_id;
mod tuning;
pub(crate) mod value;

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::utf8_percent_encode;

use crate::endpoint::handle::EndpointRef;
use crate::endpoint::scopes::Asked;
use crate::endpoint::{Endpoint, Method, ParamInfo, ParamKind, ParamLocation};
use crate::json::value::Value;
use crate::types::id::SEGMENT;
pub(crate) use base_url::Base;
pub use jpeg::Jpeg;
#[cfg(feature = "fake")]
pub(crate) use print::{write_text, write_values};
pub use timestamped_id::TimestampedId;
pub use tuning::Tuning;
use value::QUERY;

/// One HTTP request to Spotify: method, path, query and body, without token and headers.
///
/// Every call has it before anything is sent, from `.request()`. It prints for people, one decoded
/// parameter a line; lists of more than five values are shortened, unless printed with `{:#}`.
///
/// ```
/// # use tonearm::*;
/// # let spotify = Spotify::from_token("token")?;
/// let request = spotify.get_my_saved_tracks().market(Market::FI).limit(50).request()?;
/// assert_eq!(
///     request.to_string(),
///     "GET /v1/me/tracks
///     market = FI
///     limit = 50",
/// );
/// assert_eq!(request.url(), "https://api.spotify.com/v1/me/tracks?market=FI&limit=50");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    endpoint: EndpointRef,
    /// The endpoint of the call that it is sent for: another one where `endpoint` stands in for it.
    call: EndpointRef,
    base: Arc<Base>,
    path: Cow<'static, str>,
    query: Vec<(Cow<'static, str>, Value)>,
    body: Option<Body>,
}

/// What a request carries behind its headers.
#[derive(Clone, Debug, PartialEq)]
enum Body {
    Json(Value),
    /// Text that is no JSON, and what it is.
    Text {
        content_type: &'static str,
        text: Value,
    },
}

impl Request {
    /// Makes the request of an endpoint from the values of its parameters, by index, for the call of another or the same.
    pub(crate) fn new(
        endpoint: &EndpointRef,
        call: &EndpointRef,
        base: &Arc<Base>,
        values: &[(usize, &Value)],
    ) -> Self {
        let value_of = |index| values.iter().find(|(at, _)| *at == index).map(|(_, value)| *value);
        let mut path = endpoint.path.clone();
        let mut query: Vec<(Cow<'static, str>, Value)> =
            Vec::with_capacity(endpoint.fixed.len() + values.len());
        query.extend(
            endpoint.fixed.iter().map(|(key, value)| (Cow::Borrowed(*key), Value::text(value))),
        );
        let mut body = Vec::new();
        let (mut text, mut whole) = (None, None);
        for (index, param) in endpoint.params.iter().enumerate() {
            match (param.location, value_of(index)) {
                (ParamLocation::Path, Some(value)) => path = filled(&path, &param.key, value),
                (ParamLocation::Path, None) => {
                    path = param.when_absent.map_or_else(|| endpoint.path.clone(), Cow::Borrowed)
                }
                (ParamLocation::Query, Some(Value::List(wishes)))
                    if param.kind == ParamKind::Tuning =>
                {
                    query.extend(wishes.iter().filter_map(|wish| match wish {
                        Value::List(pair) => {
                            Some((Cow::Owned(pair.first()?.to_string()), pair.get(1)?.clone()))
                        }
                        _ => None,
                    }));
                }
                (ParamLocation::Query, Some(value)) => {
                    query.push((param.key.clone(), value.clone()));
                }
                (ParamLocation::Body, Some(value)) if param.kind == ParamKind::Jpeg => {
                    text = Some(Body::Text { content_type: "image/jpeg", text: value.clone() });
                }
                (ParamLocation::Body, Some(value)) if param.kind == ParamKind::Json => {
                    whole = Some(value.clone());
                }
                (ParamLocation::Body, Some(value)) => {
                    put(&mut body, body_key(param, value), field_value(param, value))
                }
                (ParamLocation::Query | ParamLocation::Body, None) => {}
            }
        }
        let json = match whole {
            Some(Value::Object(mut members)) => {
                members.append(&mut body);
                Some(Value::Object(members))
            }
            None if !body.is_empty() => Some(Value::Object(body)),
            other => other,
        };
        let body = text.or(json.map(Body::Json));
        let (endpoint, call) = (endpoint.clone(), call.clone());
        Request { endpoint, call, base: Arc::clone(base), path, query, body }
    }

    /// The endpoint it was made from: in an app in development mode maybe another one than was called.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The HTTP method.
    pub fn method(&self) -> Method {
        self.endpoint.method
    }

    /// The path with that of the base URL, escaped: `/v1/me/tracks`.
    pub fn path(&self) -> String {
        format!("{}{}", self.base.path(), self.path)
    }

    /// The query parameters in the order they are sent, with values as text that is not escaped.
    pub fn query(&self) -> impl Iterator<Item = (&str, String)> {
        self.query.iter().map(|(key, value)| (&**key, value.to_string()))
    }

    /// The value of one query parameter.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query.iter().find(|(name, _)| *name == key).map(|(_, value)| value.to_string())
    }

    /// The body as it is sent, if there is one: JSON, mostly.
    pub fn body(&self) -> Option<String> {
        self.body.as_ref().map(|body| match body {
            Body::Json(json) => json.to_json(),
            Body::Text { text, .. } => text.to_string(),
        })
    }

    /// The header `Content-Type` of the body.
    pub fn content_type(&self) -> Option<&'static str> {
        self.body.as_ref().map(|body| match body {
            Body::Json(_) => "application/json",
            Body::Text { content_type, .. } => content_type,
        })
    }

    /// The whole URL, escaped.
    pub fn url(&self) -> String {
        let base = &self.base.url;
        let mut url = String::with_capacity(base.len() + self.path.len() + 32 * self.query.len());
        url.push_str(base);
        url.push_str(&self.path);
        for (index, (key, value)) in self.query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.extend(utf8_percent_encode(key, QUERY));
            url.push('=');
            value.escape_into(&mut url, QUERY);
        }
        url
    }

    /// The endpoint of the call that it is sent for.
    pub(crate) fn call(&self) -> &EndpointRef {
        &self.call
    }

    /// The endpoint it was made from.
    pub(crate) fn endpoint_ref(&self) -> &EndpointRef {
        &self.endpoint
    }

    /// The value of a parameter in the query or the body.
    fn value(&self, param: &ParamInfo) -> Option<&Value> {
        let is_key = |key: &str| key == param.key || Some(key) == param.bare_key;
        match (&self.body, param.location) {
            (Some(Body::Json(Value::Object(members))), ParamLocation::Body) => {
                let (outer, inner) = param.key.split_once('.').unwrap_or((&param.key, ""));
                let member = members.iter().find(|(key, _)| *key == outer || is_key(key));
                match member.map(|(_, value)| value) {
                    Some(Value::Object(members)) if !inner.is_empty() => {
                        members.iter().find(|(key, _)| *key == inner).map(|(_, value)| value)
                    }
                    value => value,
                }
            }
            (_, ParamLocation::Query) => {
                self.query.iter().find(|(key, _)| is_key(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub(crate) fn base(&self) -> &Base {
        &self.base
    }
}

/// The path with one parameter filled in.
fn filled(path: &str, key: &str, value: &Value) -> Cow<'static, str> {
    let mut escaped = String::new();
    value.escape_into(&mut escaped, SEGMENT);
    // `.` and `..` would be read as steps in the path. No argument is one, but an id in an answer may be.
    if matches!(&*escaped, "." | "..") {
        escaped = escaped.replace('.', "%2E");
    }
    Cow::Owned(path.replace(&format!("{{{key}}}"), &escaped))
}

/// Adds a field to a body, in an object within it if the key has a dot: `offset.position`.
fn put(body: &mut Vec<(Cow<'static, str>, Value)>, key: Cow<'static, str>, value: Value) {
    let Some((outer, inner)) = key.split_once('.') else {
        body.push((key, value));
        return;
    };
    let inner = Cow::Owned(inner.to_owned());
    match body.iter_mut().find(|(known, _)| *known == outer) {
        Some((_, Value::Object(fields))) => put(fields, inner, value),
        _ => {
            let mut fields = Vec::new();
            put(&mut fields, inner, value);
            body.push((outer.to_owned().into(), Value::Object(fields)));
        }
    }
}

/// The value of a field: each element of a list may be in an object of its own.
fn field_value(param: &ParamInfo, value: &Value) -> Value {
    match (param.element_key, value) {
        (Some(each), Value::List(values)) => Value::List(
            values.iter().map(|value| Value::Object(vec![(each.into(), value.clone())])).collect(),
        ),
        (_, value) if param.sent_as_list => Value::List(vec![value.clone()]),
        _ => value.clone(),
    }
}

/// The key of a field: a list of bare ids may have its own.
fn body_key(param: &ParamInfo, value: &Value) -> Cow<'static, str> {
    match (param.bare_key, value) {
        (Some(bare_key), Value::List(values))
            if values.iter().all(|value| matches!(value, Value::Text(_))) =>
        {
            bare_key.into()
        }
        _ => param.key.clone(),
    }
}

impl Asked for Request {
    fn kinds(&self) -> Vec<&str> {
        fn kind(value: &Value) -> Option<&str> {
            match value {
                Value::Text(text) => text.as_str().split(':').nth(1),
                _ => None,
            }
        }
        let uris = self.endpoint.params.iter().filter(|param| param.kind == ParamKind::Uri);
        let values = uris.filter_map(|param| self.value(param));
        values
            .flat_map(|value| match value {
                Value::List(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            })
            .filter_map(kind)
            .collect()
    }

    fn given<'a>(&'a self, param: &'a ParamInfo) -> Option<Cow<'a, str>> {
        let sent = self.value(param).map(|value| Cow::Owned(value.to_string()));
        sent.or(param.default.map(Cow::Borrowed))
    }
}
