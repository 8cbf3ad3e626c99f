//! The requests that a server has received.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Debug, Display, Formatter};

use serde::ser::{Serialize, Serializer};

use crate::endpoint::{ENDPOINTS, ParamLocation};
use crate::fake::accounts;
use crate::fake::api::route::{Target, pairs};
use crate::fake::faults::fault::Fault;
use crate::fake::http::Incoming;
use crate::json::value::{Value, json_object};
use crate::request::{write_text, write_values};
use crate::transport::order::{self, Order};
use crate::types::display::Escaped;
use crate::types::id::SpotifyUri;

/// A request that a [`Server`](crate::fake::Server) received, and the status code of its response.
///
/// It prints like a [`Request`](crate::Request), with the status code: one query parameter per line, then the body. Lists
/// of more than five values are shortened, except with `{:#}`. In logins and requests for tokens, secrets and values that
/// differ in every run print as `…`.
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
    /// The HTTP method: `PUT`. Empty if the request was not HTTP.
    pub method: String,
    /// The path, unescaped: `/v1/me/tracks`.
    pub path: String,
    /// The query parameters in the order of the request, unescaped.
    pub query: Vec<(String, String)>,
    /// The headers in the order of the request. The value of `authorization` is `Bearer …`, or `Basic …` in a request for
    /// a token; those of `cookie` and `proxy-authorization` are `…`.
    pub headers: Vec<(String, String)>,
    /// The body, without invalid UTF-8 and without the secrets of a request for a token.
    pub body: String,
    /// The status code of the response, even if a [`Fault`] lost it; `None` if a fault such as
    /// [`Fault::ResetBeforeProcessing`] took the place of a response.
    pub status: Option<u16>,
    /// The name of the call that sends requests with this path and method, if there is one: `save_tracks`.
    pub call: Option<&'static str>,
    /// The fault that was injected into the request.
    pub fault: Option<Fault>,
    /// `true` if the server has carried out a write, even if a [`Fault`] lost or replaced its response.
    pub took_effect: bool,
    /// The URIs of objects that the program requested, also in a list, and that the
    /// [library](crate::fake::ServerBuilder::library) contains without an object.
    pub missing: Vec<SpotifyUri>,
    /// `true` if the server panicked while it processed the request, because of a bug in Tonearm or a panic of the
    /// program's logger. The status is 500, the message of the panic is on standard error, and a write may have been
    /// carried out in part.
    pub panicked: bool,
}

/// The requests that a server received, for snapshots. [`Server::log`](crate::fake::Server::log) returns it.
///
/// It prints one [`ReceivedRequest`] after the other. The text of the same program is the same in every run. It serializes
/// as a list of requests without headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Log {
    pub(super) requests: Vec<ReceivedRequest>,
    dropped: u64,
}

/// The requests that a server has received, up to a limit.
#[derive(Debug)]
pub(crate) struct RequestLog {
    entries: VecDeque<(Option<Order>, ReceivedRequest)>,
    capacity: usize,
    /// About how many bytes the entries use.
    size: usize,
    /// The number of entries that made room for later ones.
    dropped: u64,
}

/// The maximum of [`RequestLog::size`].
const MAX_SIZE: usize = 64 << 20;

impl RequestLog {
    pub(crate) fn new(capacity: usize) -> Self {
        RequestLog { entries: VecDeque::new(), capacity, size: 0, dropped: 0 }
    }

    pub(crate) fn push(&mut self, order: Option<Order>, request: ReceivedRequest) {
        self.size += request.size();
        self.entries.push_back((order, request));
        while (self.entries.len() > self.capacity || self.size > MAX_SIZE)
            && let Some((_, oldest)) = self.entries.pop_front()
        {
            self.size -= oldest.size();
            self.dropped += 1;
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = RequestLog::new(self.capacity);
    }

    /// Returns the requests as they arrived, except that those of one process are in the order of its program.
    pub(crate) fn log(&self) -> Log {
        let mut places: BTreeMap<u32, Vec<(Order, usize)>> = BTreeMap::new();
        for (place, (order, _)) in self.entries.iter().enumerate() {
            if let Some(order) = order {
                places.entry(order.process).or_default().push((*order, place));
            }
        }
        let mut sources: Vec<usize> = (0..self.entries.len()).collect();
        for arrived in places.values() {
            let mut sorted = arrived.clone();
            // Repetitions of a request have the same position. They stay in the order of their arrival.
            sorted.sort();
            for ((_, place), (_, source)) in arrived.iter().zip(sorted) {
                if let Some(known) = sources.get_mut(*place) {
                    *known = source;
                }
            }
        }
        let requests = sources.into_iter().filter_map(|source| self.entries.get(source));
        let requests = requests.map(|(_, request)| request.clone()).collect();
        Log { requests, dropped: self.dropped }
    }
}

impl ReceivedRequest {
    /// Creates the log entry of a request that has not been processed, without its secrets.
    pub(crate) fn of(incoming: &Incoming, target: &Target) -> Self {
        let is_for_token = target.path == "/api/token";
        let is_basic = incoming.authorization("basic").is_some();
        let headers = incoming.headers.iter();
        let headers = headers.filter(|(name, _)| !name.eq_ignore_ascii_case(order::HEADER));
        let headers = headers.map(|(name, value)| {
            // The scheme before the token is not a secret.
            let shown = match &*name.to_ascii_lowercase() {
                "authorization" if is_basic && is_for_token => "Basic …",
                "authorization" => "Bearer …",
                "cookie" | "proxy-authorization" => "…",
                _ => value,
            };
            (name.clone(), shown.to_owned())
        });
        let mut body = String::from_utf8_lossy(&incoming.body).into_owned();
        let mut query = target.query.clone();
        if is_for_token {
            body = accounts::without_secrets(&body);
            let query = query.iter_mut();
            let secrets = query.filter(|(key, _)| accounts::is_secret(key));
            secrets.for_each(|(_, value)| *value = "…".to_owned());
        }
        ReceivedRequest {
            method: incoming.method.clone(),
            headers: headers.collect(),
            body,
            path: target.path.clone(),
            query,
            status: None,
            call: None,
            fault: None,
            took_effect: false,
            missing: Vec::new(),
            panicked: false,
        }
    }

    /// About how many bytes it uses.
    fn size(&self) -> usize {
        let pair =
            |(key, value): &(String, String)| 2 * size_of::<String>() + key.len() + value.len();
        let pairs: usize = self.query.iter().chain(&self.headers).map(pair).sum();
        let missing = self.missing.len() * 2 * size_of::<SpotifyUri>();
        let fault = self.fault.as_ref().and_then(Fault::response);
        let fault = fault.map_or(0, |response| response.to_bytes(false).len());
        let texts = self.method.len() + self.path.len() + self.body.len();
        size_of::<Self>() + texts + pairs + missing + fault
    }

    /// Returns the value of a query parameter.
    pub fn query_value(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Returns the value of a header. The name ignores case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// Returns the query parameters to print. Lists are split, and values that differ in every run are hidden.
    fn shown_query(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        let endpoint = ENDPOINTS.iter().find(|endpoint| Some(&*endpoint.name) == self.call);
        self.query.iter().map(move |(key, value)| {
            let param = endpoint.and_then(|endpoint| {
                let mut params = endpoint.params.iter();
                params.find(|param| param.location == ParamLocation::Query && param.key == *key)
            });
            let values = if param.is_some_and(|param| param.list) {
                value.split(',').map(str::to_owned).collect()
            } else {
                vec![accounts::shown(&self.path, key, value)]
            };
            (key.as_str(), values)
        })
    }

    fn shown_body(&self) -> Body {
        if self.body.is_empty() {
            return Body::None;
        }
        let content_type = self.header("content-type").unwrap_or("text");
        if content_type.starts_with("application/x-www-form-urlencoded") {
            let mut form = pairs(&self.body);
            form.iter_mut()
                .for_each(|(key, value)| *value = accounts::shown(&self.path, key, value));
            return Body::Form(form);
        }
        match Value::parse(self.body.as_bytes()) {
            Some(json) if !json.is_leaf() => Body::Json(json),
            _ => Body::Text(content_type.to_owned()),
        }
    }
}

/// The body of a request, to print.
enum Body {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
    /// Text with this content type.
    Text(String),
}

/// Prints the first line of a request, and the objects that the library lacks.
pub(super) struct Head<'r>(pub(super) &'r ReceivedRequest);

impl Display for Head<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Head(request) = self;
        let path = Escaped(&request.path, usize::MAX);
        write!(f, "{} {path} -> ", request.method)?;
        match (request.status, &request.fault) {
            (Some(status), Some(fault)) => write!(f, "{status}, {fault:?}")?,
            (Some(status), None) => write!(f, "{status}")?,
            (None, Some(fault)) => write!(f, "{fault:?}")?,
            (None, None) => f.write_str("no response")?,
        }
        if request.panicked {
            f.write_str("\n    the server panicked: see standard error")?;
        }
        let mut missing = request.missing.iter();
        missing.try_for_each(|uri| write!(f, "\n    the library has no object for {uri}"))
    }
}

impl Display for ReceivedRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Head(self).fmt(f)?;
        self.shown_query().try_for_each(|(key, values)| write_values(f, key, &values))?;
        match self.shown_body() {
            Body::None => Ok(()),
            Body::Json(json) => {
                let json = serde_json::to_string_pretty(&shortened(json, f.alternate()));
                // Serializing a `Value` does not fail.
                json.unwrap_or_default().lines().try_for_each(|line| write!(f, "\n    {line}"))
            }
            Body::Form(form) => {
                form.iter().try_for_each(|(key, value)| write_values(f, key, &[value]))
            }
            Body::Text(content_type) => write_text(f, &content_type, &self.body),
        }
    }
}

/// Shortens long lists in a body, unless `whole` is set, as [`Request`](crate::Request) does.
fn shortened(json: Value, whole: bool) -> Value {
    match json {
        Value::Object(fields) => Value::Object(
            fields.into_iter().map(|(key, value)| (key, shortened(value, whole))).collect(),
        ),
        Value::List(mut values) if values.len() > 5 && !whole => {
            let count = format!("… ({} more)", values.len() - 3).into();
            values.splice(2..values.len() - 1, [count]);
            Value::List(values)
        }
        other => other,
    }
}

/// Omits the headers, because some differ in every run.
impl Serialize for ReceivedRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl ReceivedRequest {
    /// Returns the request as JSON, without its headers.
    pub(crate) fn to_json(&self) -> Value {
        let object = |fields: Vec<(String, String)>| {
            let fields = fields.into_iter();
            Value::Object(fields.map(|(key, value)| (key.into(), value.into())).collect())
        };
        let query = self.shown_query().map(|(key, values)| (key.to_owned(), values.join(",")));
        let body = match self.shown_body() {
            Body::None => Value::Null,
            Body::Json(json) => json,
            Body::Form(form) => object(form),
            Body::Text(_) => self.body.as_str().into(),
        };
        let request = json_object! {
            "method": self.method.as_str(),
            "path": self.path.as_str(),
            "query": object(query.collect()),
            "body": body,
            "status": self.status.map(i64::from),
            "call": self.call,
            "fault": self.fault.as_ref().map(|fault| format!("{fault:?}")),
            "took_effect": self.took_effect,
        };
        let missing = self.missing.iter().map(|uri| uri.to_string().into()).collect::<Value>();
        let missing = (!self.missing.is_empty()).then_some(("missing", missing));
        request.with(missing).with(self.panicked.then_some(("panicked", true.into())))
    }
}

impl Log {
    /// Returns the requests in order: see [`Server::requests`](crate::fake::Server::requests).
    pub fn requests(&self) -> &[ReceivedRequest] {
        &self.requests
    }

    /// Returns the number of earlier requests that the server has dropped from the log: see
    /// [`log_capacity`](crate::fake::ServerBuilder::log_capacity).
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Sorts the requests by path, method and query, with numbers by value. Use it for programs whose own threads send
    /// requests, in an order that varies.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let spotify = server.client()?;
    /// std::thread::scope(|scope| {
    ///     for offset in [100, 20, 3] {
    ///         let spotify = &spotify;
    ///         scope.spawn(move || spotify.get_my_saved_tracks().offset(offset).send());
    ///     }
    /// });
    /// let log = server.log().sorted();
    /// let offsets = log.requests().iter().filter_map(|request| request.query_value("offset"));
    /// assert_eq!(offsets.collect::<Vec<_>>(), ["3", "20", "100"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.requests.sort_by_cached_key(|seen| {
            let query = seen.query.iter().cloned();
            let query = query.map(|(key, value)| (key, value.parse::<u64>().ok(), value));
            (seen.path.clone(), seen.method.clone(), query.collect::<Vec<_>>(), seen.status)
        });
        self
    }
}

impl Display for Log {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.dropped {
            0 if self.requests.is_empty() => return f.write_str("no requests"),
            0 => {}
            1 => f.write_str("… (1 earlier request was dropped)\n")?,
            dropped => writeln!(f, "… ({dropped} earlier requests were dropped)")?,
        }
        self.requests.iter().enumerate().try_for_each(|(index, seen)| {
            f.write_str(if index == 0 { "" } else { "\n" })?;
            Display::fmt(seen, f)
        })
    }
}

/// Prints like `Display`, so both give the same snapshot.
impl Debug for Log {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.requests)
    }
}
