//! What the server was asked.

use std::fmt::{self, Debug, Display, Formatter};

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::Number;

use crate::endpoint::{ENDPOINTS, ParamLocation};
use crate::fake::accounts;
use crate::fake::api::route::{Target, pairs};
use crate::fake::faults::fault::Fault;
use crate::fake::http::Incoming;
use crate::json::value::Value;
use crate::request::{write_text, write_values};
use crate::types::display::Escaped;

/// A request that a [`Server`](crate::fake::Server) saw, and the status of its answer.
///
/// Prints in the form of a [`Request`](crate::Request), with the status behind it: one query parameter a line, then the
/// body. Lists of more than five values are shortened, unless printed with `{:#}`. Of a login and of requests for
/// tokens it does not print what is secret or another in every run.
///
/// ```
/// use tonearm::fake;
///
/// let server = fake::Server::start()?;
/// server.client()?.get_my_saved_tracks().limit(50).offset(20).send()?;
/// assert_eq!(
///     server.requests()[0].to_string(),
///     "GET /v1/me/tracks -> 200\n    limit = 50\n    offset = 20",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The HTTP method: `PUT`. Empty if what came was no HTTP.
    pub method: String,
    /// The path, unescaped: `/v1/me/tracks`.
    pub path: String,
    /// The query parameters in the order they came, unescaped.
    pub query: Vec<(String, String)>,
    /// The headers in the order they came; the value of `authorization` is always `Bearer …`, or
    /// `Basic …` for a request for a token.
    pub headers: Vec<(String, String)>,
    /// The body; bytes that are no UTF-8 are replaced, and so are the secrets of a request for a token.
    pub body: String,
    /// The status of the answer, also of one that a [`Fault`] has lost; 0 if there was none to lose.
    pub status: u16,
    /// The name of the call in the [table](crate::endpoint), if the path and method are those of one.
    pub endpoint: Option<&'static str>,
    /// What was made to go wrong.
    pub fault: Option<Fault>,
}

/// The requests that a [`Server`](crate::fake::Server) saw, as a text for snapshots: from [`Server::log`](crate::fake::Server::log).
///
/// The same program makes the same text in every run, whatever the port, the token and the time: [`ReceivedRequest`]s
/// one below the other. With serde it is a list of them, without their headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Log(pub(crate) Vec<ReceivedRequest>);

impl ReceivedRequest {
    /// What a request is noted as: without what is secret in it.
    pub(crate) fn of(
        incoming: &Incoming,
        target: Target,
        status: u16,
        endpoint: Option<&'static str>,
        fault: Option<&Fault>,
    ) -> Self {
        let is_for_token = target.path == "/api/token";
        let headers = incoming.headers.iter().map(|(name, value)| {
            let is_secret = name.eq_ignore_ascii_case("authorization");
            // The word before the token is no secret, as long as it is one that everybody knows.
            let is_basic = value.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("basic "));
            let shown = match (is_secret, is_basic && is_for_token) {
                (false, _) => value.clone(),
                (true, true) => "Basic …".to_owned(),
                (true, false) => "Bearer …".to_owned(),
            };
            (name.clone(), shown)
        });
        let mut body = String::from_utf8_lossy(&incoming.body).into_owned();
        if is_for_token {
            body = accounts::without_secrets(&body);
        }
        ReceivedRequest {
            method: incoming.method.clone(),
            headers: headers.collect(),
            body,
            path: target.path,
            query: target.query,
            status,
            endpoint,
            fault: fault.cloned(),
        }
    }

    /// The value of one query parameter.
    pub fn query_value(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of one header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The query parameters for people: lists taken apart, and nothing that is another in every run.
    fn shown_query(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        let endpoint = ENDPOINTS.iter().find(|endpoint| Some(&*endpoint.name) == self.endpoint);
        self.query.iter().map(move |(key, value)| {
            let param = endpoint.and_then(|endpoint| {
                let mut params = endpoint.params.iter();
                params.find(|param| param.location == ParamLocation::Query && param.key == *key)
            });
            let values = match param.is_some_and(|param| param.list) {
                true => value.split(',').map(str::to_owned).collect(),
                false => vec![self.shown(key, value)],
            };
            (key.as_str(), values)
        })
    }

    fn shown(&self, key: &str, value: &str) -> String {
        match accounts::is_for_accounts(&self.path) {
            true => accounts::shown(key, value),
            false => value.to_owned(),
        }
    }

    fn shown_body(&self) -> Body {
        if self.body.is_empty() {
            return Body::None;
        }
        let content_type = self.header("content-type").unwrap_or("text");
        if content_type.starts_with("application/x-www-form-urlencoded") {
            let pairs = pairs(&self.body).into_iter();
            return Body::Form(pairs.map(|(key, value)| (self.shown(&key, &value), key)).collect());
        }
        match Value::parse(self.body.as_bytes()) {
            Some(json) if !json.is_leaf() => Body::Json(json),
            _ => Body::Text(content_type.to_owned()),
        }
    }
}

/// What a request carried, for people.
enum Body {
    None,
    Json(Value),
    /// Values with their keys.
    Form(Vec<(String, String)>),
    /// Something of this type.
    Text(String),
}

impl Display for ReceivedRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = Escaped(&self.path, usize::MAX);
        write!(f, "{} {path} -> {}", self.method, self.status)?;
        if let Some(fault) = &self.fault {
            write!(f, ", {fault:?}")?;
        }
        self.shown_query().try_for_each(|(key, values)| write_values(f, key, &values))?;
        match self.shown_body() {
            Body::None => Ok(()),
            Body::Json(json) => {
                let json = serde_json::to_string_pretty(&shortened(json, f.alternate()));
                // A `Value` holds nothing that JSON cannot say.
                let json = json.unwrap_or_default();
                json.lines().try_for_each(|line| write!(f, "\n    {line}"))
            }
            Body::Form(form) => {
                form.iter().try_for_each(|(value, key)| write_values(f, key, &[value]))
            }
            Body::Text(content_type) => write_text(f, &content_type, &self.body),
        }
    }
}

/// A body with long lists cut, as a [`Request`](crate::Request) prints it.
fn shortened(json: Value, whole: bool) -> Value {
    match json {
        Value::Object(fields) => Value::Object(
            fields.into_iter().map(|(key, value)| (key, shortened(value, whole))).collect(),
        ),
        Value::List(mut values) if values.len() > 5 && !whole => {
            let count = format!("… ({} values)", values.len()).into();
            values.splice(2..values.len() - 1, [count]);
            Value::List(values)
        }
        other => other,
    }
}

/// Without headers: some of them are others in every run.
impl Serialize for ReceivedRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Pairs<'a>(Vec<(&'a str, String)>);
        impl Serialize for Pairs<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
        let mut request = serializer.serialize_struct("ReceivedRequest", 7)?;
        request.serialize_field("method", &self.method)?;
        request.serialize_field("path", &self.path)?;
        let query = self.shown_query().map(|(key, values)| (key, values.join(","))).collect();
        request.serialize_field("query", &Pairs(query))?;
        match self.shown_body() {
            Body::None => request.serialize_field("body", &None::<Value>)?,
            Body::Json(json) => request.serialize_field("body", &json)?,
            Body::Form(form) => {
                let form = form.into_iter().map(|(value, key)| (key.into(), value.into()));
                request.serialize_field("body", &Value::Object(form.collect()))?;
            }
            Body::Text(_) => request.serialize_field("body", &self.body)?,
        }
        request.serialize_field("status", &Number::from(self.status))?;
        request.serialize_field("endpoint", &self.endpoint)?;
        let fault = self.fault.as_ref().map(|fault| format!("{fault:?}"));
        request.serialize_field("fault", &fault)?;
        request.end()
    }
}

impl Log {
    /// The requests, in their order.
    pub fn requests(&self) -> &[ReceivedRequest] {
        &self.0
    }

    /// The same requests in an order of their own, by path, method and query, numbers by their value: for programs
    /// that make several at once, and so in any order.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// server.client()?.get_my_saved_tracks().limit(50).collect_all().map_err(|stopped| stopped.error)?;
    ///
    /// // The pages are read on several connections.
    /// let log = server.log().sorted();
    /// let offsets: Vec<_> = log.requests().iter().filter_map(|seen| seen.query_value("offset")).collect();
    /// assert_eq!(offsets, ["50", "100", "150", "200", "250", "300"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by_cached_key(|seen| {
            let query = seen.query.iter().cloned();
            let query = query.map(|(key, value)| (key, value.parse::<u64>().ok(), value));
            (seen.path.clone(), seen.method.clone(), query.collect::<Vec<_>>(), seen.status)
        });
        self
    }
}

impl Display for Log {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no requests");
        }
        self.0.iter().enumerate().try_for_each(|(place, seen)| {
            f.write_str(if place == 0 { "" } else { "\n" })?;
            Display::fmt(seen, f)
        })
    }
}

/// The same text as that of `Display`, so that either makes a snapshot.
impl Debug for Log {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}
