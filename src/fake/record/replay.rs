//! Responses from a recording.

use std::io;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;

use super::API;
use super::recording::{self, Exchange, RecordedRequest};
use crate::fake::api::route::Target;
use crate::fake::http::{Incoming, Response};

/// A recording that a server responds from.
#[derive(Debug)]
pub(crate) struct Replay {
    path: PathBuf,
    exchanges: Vec<Recorded>,
    /// The requests that were not recorded.
    missed: Vec<String>,
}

/// The maximum length of [`Replay::missed`], for a program that repeats a request forever.
const MAX_MISSED: usize = 10_000;

#[derive(Debug)]
struct Recorded {
    exchange: Exchange,
    is_used: bool,
}

impl Replay {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let exchanges = recording::read(path)?;
        let exchanges = exchanges.into_iter();
        let exchanges = exchanges.map(|exchange| Recorded { exchange, is_used: false }).collect();
        Ok(Replay { path: path.to_owned(), exchanges, missed: Vec::new() })
    }

    /// Returns the recorded response to a request. `base` is the base URL in links.
    pub(crate) fn respond(&mut self, incoming: &Incoming, target: &Target, base: &str) -> Response {
        let key = RecordedRequest::of(incoming, target);
        let mut same =
            self.exchanges.iter_mut().filter(|recorded| key == recorded.exchange.request);
        let mut last = None;
        let next = same.find_map(|recorded| {
            if !recorded.is_used {
                return Some(recorded);
            }
            last = Some(&*recorded);
            None
        });
        match (next, last) {
            (Some(next), _) => {
                next.is_used = true;
                respond(&next.exchange, base)
            }
            // The response to another write is unknown.
            (None, Some(last)) if key.method == "GET" => respond(&last.exchange, base),
            (None, _) => {
                let (message, reason) = self.miss(&key);
                let path = self.path.display();
                log::error!("`{path}`: {message}; {reason}");
                if self.missed.len() < MAX_MISSED {
                    self.missed.push(format!("{message}; {reason}"));
                }
                Response::error_for(501, &message, Some(&reason))
            }
        }
    }

    /// Begins again with the first response.
    pub(crate) fn reset(&mut self) {
        self.exchanges.iter_mut().for_each(|recorded| recorded.is_used = false);
        self.missed.clear();
    }

    pub(crate) fn missed(&self) -> Vec<String> {
        self.missed.clone()
    }

    pub(crate) fn unused_recordings(&self) -> Vec<String> {
        let unused = self.exchanges.iter().filter(|recorded| !recorded.is_used);
        unused.map(|recorded| recorded.exchange.request.text()).collect()
    }

    /// Returns message and reason for a request without a recorded response.
    fn miss(&self, key: &RecordedRequest) -> (String, String) {
        let keys = self.exchanges.iter().map(|recorded| &recorded.exchange.request);
        let text = key.text();
        let count = keys.clone().filter(|other| *other == key).count();
        if count > 0 {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            let reason = "the program sent it again".to_owned();
            return (format!("recorded only {times}: {text}"), reason);
        }
        let nearest = keys.min_by_key(|other| key.distance(other));
        let reason = match nearest {
            None => "the recording is empty".to_owned(),
            Some(nearest) => {
                let differences = key.differences(nearest).join(", ");
                format!("the nearest recorded request has {differences}")
            }
        };
        (format!("not recorded: {text}"), reason)
    }
}

/// Returns the response of an exchange, with links to this server.
fn respond(exchange: &Exchange, base: &str) -> Response {
    let recorded = &exchange.response;
    let mut response = Response::empty(recorded.status);
    for (name, value) in &recorded.headers {
        response = response.with_header(name.clone(), value.replace(API, base));
    }
    let body = match (&recorded.body, &recorded.text) {
        (Some(json), _) => json.to_json(),
        (None, text) => text.clone().unwrap_or_default(),
    };
    response.with_body(body.replace(API, base))
}

impl RecordedRequest {
    fn of(incoming: &Incoming, target: &Target) -> Self {
        let query = target.query.iter().cloned().collect();
        let (method, path) = (incoming.method.clone(), target.path.clone());
        RecordedRequest { method, path, query, body: IgnoredAny }
    }

    fn text(&self) -> String {
        let query = self.query.iter().map(|(key, value)| format!("{key}={value}"));
        let query = query.collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {}{mark}{query}", self.method, self.path)
    }

    /// Returns the distance to another request, by path, method and query in this order.
    fn distance(&self, other: &RecordedRequest) -> (usize, bool, usize) {
        let (left, right) = (self.path.split('/'), other.path.split('/'));
        let lengths = left.clone().count().abs_diff(right.clone().count());
        let segments = left.zip(right).filter(|(left, right)| left != right).count();
        (lengths + segments, self.method != other.method, self.differing(other).count())
    }

    /// Describes the differences of another request from this one.
    fn differences(&self, other: &RecordedRequest) -> Vec<String> {
        let mut differences = Vec::new();
        if self.path != other.path {
            differences.push(format!("`{} {}`", other.method, other.path));
        } else if self.method != other.method {
            differences.push(format!("the method {}", other.method));
        }
        differences.extend(self.differing(other).map(|key| match other.query.get(key) {
            Some(value) => format!("{key}={value}"),
            None => format!("no {key}"),
        }));
        differences
    }

    fn differing<'s>(&'s self, other: &'s RecordedRequest) -> impl Iterator<Item = &'s String> {
        let others = other.query.keys().filter(|key| !self.query.contains_key(*key));
        let keys = self.query.keys().chain(others);
        keys.filter(|key| self.query.get(*key) != other.query.get(*key))
    }
}
