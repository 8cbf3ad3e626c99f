//! An HTTP request as a value.

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
use crate::endpoint::scopes::ScopeContext;
use crate::endpoint::{Endpoint, Method, ParamInfo, ParamKind, ParamLocation};
use crate::json::value::Value;
use crate::types::id::SEGMENT;
pub(crate) use argument::Seal;
pub(crate) use base_url::Base;
pub use jpeg::Jpeg;
#[cfg(feature = "fake")]
pub(crate) use print::{write_text, write_values};
pub use timestamped_id::TimestampedId;
pub use tuning::Tuning;
use value::{QUERY, rename_fields};

/// One HTTP request to Spotify: method, path, query and body, without token and headers.
///
/// `.request()` of a call returns it without sending anything. It prints one decoded parameter per line, and shortens
/// lists of more than five values, except with `{:#}`.
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
    /// The endpoint of the call. It differs from `endpoint` if that is its fallback.
    call: EndpointRef,
    base: Arc<Base>,
    path: Cow<'static, str>,
    query: Vec<(Cow<'static, str>, Value)>,
    body: Option<Body>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
enum Body {
    Json(Value),
    /// Text that isn't JSON, and its content type.
    Text {
        content_type: &'static str,
        text: Value,
    },
}

impl Request {
    /// Builds a request of an endpoint from values by the index of their parameter, for a call of the endpoint `call`.
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
                (ParamLocation::Query, Some(Value::List(tunings)))
                    if param.kind == ParamKind::Tuning =>
                {
                    query.extend(tunings.iter().filter_map(|tuning| match tuning {
                        Value::List(pair) => {
                            Some((Cow::Owned(pair.first()?.to_string()), pair.get(1)?.clone()))
                        }
                        _ => None,
                    }));
                }
                (ParamLocation::Query, Some(value)) => {
                    let value = match value {
                        Value::Text(fields) if !param.renames.is_empty() => {
                            Value::text(&rename_fields(fields.as_str(), param.renames))
                        }
                        value => value.clone(),
                    };
                    query.push((param.key.clone(), value));
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
            Some(Value::Object(mut fields)) => {
                fields.append(&mut body);
                Some(Value::Object(fields))
            }
            None if !body.is_empty() => Some(Value::Object(body)),
            other => other,
        };
        let body = text.or(json.map(Body::Json));
        let (endpoint, call) = (endpoint.clone(), call.clone());
        Request { endpoint, call, base: Arc::clone(base), path, query, body }
    }

    /// Returns the endpoint of the request. In development mode it may be the fallback of the endpoint that was called.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> Method {
        self.endpoint.method
    }

    /// Returns the escaped path, including that of the base URL: `/v1/me/tracks`.
    pub fn path(&self) -> String {
        format!("{}{}", self.base.path(), self.path)
    }

    /// Returns the query parameters in the order in which they are sent, with unescaped values.
    pub fn query(&self) -> impl Iterator<Item = (&str, String)> {
        self.query.iter().map(|(key, value)| (&**key, value.to_string()))
    }

    /// Returns the unescaped value of a query parameter.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query.iter().find(|(name, _)| *name == key).map(|(_, value)| value.to_string())
    }

    /// Returns the body as it is sent, if there is one: JSON, or an image in base64.
    pub fn body(&self) -> Option<String> {
        self.body.as_ref().map(|body| match body {
            Body::Json(json) => json.to_json(),
            Body::Text { text, .. } => text.to_string(),
        })
    }

    /// Returns the `Content-Type` of the body.
    pub fn content_type(&self) -> Option<&'static str> {
        self.body.as_ref().map(|body| match body {
            Body::Json(_) => "application/json",
            Body::Text { content_type, .. } => content_type,
        })
    }

    /// Returns the escaped URL with the query.
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

    /// The endpoint of the call.
    pub(crate) fn call(&self) -> &EndpointRef {
        &self.call
    }

    /// The endpoint of the request.
    pub(crate) fn endpoint_ref(&self) -> &EndpointRef {
        &self.endpoint
    }

    /// Returns the value of a parameter in the query or the body.
    fn value(&self, param: &ParamInfo) -> Option<&Value> {
        let is_key = |key: &str| key == param.key || Some(key) == param.bare_key;
        match (&self.body, param.location) {
            (Some(Body::Json(body)), ParamLocation::Body) => {
                let (outer, inner) = param.key.split_once('.').unwrap_or((&param.key, ""));
                let (_, field) =
                    body.fields().iter().find(|(key, _)| *key == outer || is_key(key))?;
                match field {
                    Value::Object(_) if !inner.is_empty() => field.get(inner),
                    field => Some(field),
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

/// Replaces one parameter of a path by its value.
fn filled(path: &str, key: &str, value: &Value) -> Cow<'static, str> {
    let mut escaped = String::new();
    value.escape_into(&mut escaped, SEGMENT);
    // Servers resolve the segments `.` and `..`. Arguments are checked for them, but ids from responses are not.
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

/// Returns the value of a body field. Each element of a list may be wrapped in an object.
fn field_value(param: &ParamInfo, value: &Value) -> Value {
    match (param.element_key, value) {
        (Some(each), Value::List(values)) => Value::List(
            values.iter().map(|value| Value::Object(vec![(each.into(), value.clone())])).collect(),
        ),
        (_, value) if param.sent_as_list => Value::List(vec![value.clone()]),
        _ => value.clone(),
    }
}

/// Returns the key of a body field. A list of bare ids may have a separate one.
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

impl ScopeContext for Request {
    fn uri_kinds(&self) -> Vec<&str> {
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

    fn param_value<'a>(&'a self, param: &'a ParamInfo) -> Option<Cow<'a, str>> {
        let sent = self.value(param).map(|value| Cow::Owned(value.to_string()));
        sent.or(param.default.map(Cow::Borrowed))
    }
}
