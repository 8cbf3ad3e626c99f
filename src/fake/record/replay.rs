//! Answers from a recording.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::recorder::BASE;
use super::recording::{self, Body, Exchange};
use crate::fake::api::route::{ROOT, Target};
use crate::fake::http::{Incoming, Response};
use crate::json::value::json_object;

/// A recording that is being answered from.
#[derive(Debug)]
pub(crate) struct Replay {
    path: PathBuf,
    exchanges: Vec<Recorded>,
    /// What was asked and is not there.
    missed: Vec<String>,
}

#[derive(Debug)]
struct Recorded {
    exchange: Exchange,
    is_asked: bool,
}

impl Replay {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let exchanges = recording::read(path)?;
        let exchanges = exchanges.into_iter();
        let exchanges = exchanges.map(|exchange| Recorded { exchange, is_asked: false }).collect();
        Ok(Replay { path: path.to_owned(), exchanges, missed: Vec::new() })
    }

    /// The recorded answer to a request. `origin` is the address of this server.
    pub(crate) fn respond(
        &mut self,
        incoming: &Incoming,
        target: &Target,
        origin: &str,
    ) -> Response {
        let asked = Question::of(incoming, target);
        let mut same = self
            .exchanges
            .iter_mut()
            .filter(|recorded| asked == Question::from(&recorded.exchange));
        let mut last = None;
        let next = same.find_map(|recorded| match recorded.is_asked {
            false => Some(recorded),
            true => {
                last = Some(&*recorded);
                None
            }
        });
        match (next, last) {
            (Some(next), _) => {
                next.is_asked = true;
                respond(&next.exchange, origin)
            }
            // What is read can be read again; what is done once more is another thing.
            (None, Some(last)) if asked.method == "GET" => respond(&last.exchange, origin),
            (None, _) => {
                let (message, reason) = self.miss(&asked);
                let path = self.path.display();
                log::error!("`{path}`: {message}; {reason}");
                self.missed.push(format!("{message}; {reason}"));
                let error =
                    json_object! { "status": 501_usize, "message": message, "reason": reason };
                Response::json(501, &json_object! { "error": error })
            }
        }
    }

    pub(crate) fn missed(&self) -> Vec<String> {
        self.missed.clone()
    }

    pub(crate) fn unused_recordings(&self) -> Vec<String> {
        let unused_recordings = self.exchanges.iter().filter(|recorded| !recorded.is_asked);
        unused_recordings.map(|recorded| Question::from(&recorded.exchange).text()).collect()
    }

    /// What is said of a request that is not there: first what was asked, then what there is.
    fn miss(&self, asked: &Question<'_>) -> (String, String) {
        let questions = self.exchanges.iter().map(|recorded| Question::from(&recorded.exchange));
        let text = asked.text();
        let count = questions.clone().filter(|question| question == asked).count();
        if count > 0 {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            return (format!("recorded {times} only: {text}"), "this is one more".to_owned());
        }
        let nearest = questions.min_by_key(|question| asked.distance(question));
        let reason = match nearest {
            None => "there is nothing in the recording".to_owned(),
            Some(nearest) => format!("the nearest has {}", asked.differences(&nearest).join(", ")),
        };
        (format!("not recorded: {text}"), reason)
    }
}

/// The answer of an exchange, with links that lead here.
fn respond(exchange: &Exchange, origin: &str) -> Response {
    let recorded = &exchange.response;
    let here = format!("{origin}{ROOT}");
    let mut response = Response::empty(recorded.status);
    for (name, value) in &recorded.headers {
        response = response.with_header(name.clone(), value.replace(BASE, &here));
    }
    match &recorded.body {
        Body::None => response,
        Body::Json(json) => {
            let text = serde_json::to_string(json).unwrap_or_default();
            response.with_body(text.replace(BASE, &here))
        }
        Body::Text(text) => response.with_body(text.replace(BASE, &here)),
    }
}

/// What requests are told apart by.
#[derive(PartialEq)]
struct Question<'a> {
    method: &'a str,
    path: &'a str,
    query: BTreeMap<&'a str, &'a str>,
}

impl<'a> From<&'a Exchange> for Question<'a> {
    fn from(exchange: &'a Exchange) -> Self {
        let request = &exchange.request;
        let query = request.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Question { method: &request.method, path: &request.path, query: query.collect() }
    }
}

impl<'a> Question<'a> {
    fn of(incoming: &'a Incoming, target: &'a Target) -> Self {
        let query = target.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Question { method: &incoming.method, path: &target.path, query: query.collect() }
    }

    /// On one line, as people write it.
    fn text(&self) -> String {
        let query = self.query.iter().map(|(key, value)| format!("{key}={value}"));
        let query = query.collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {}{mark}{query}", self.method, self.path)
    }

    /// How far another question is from this one: first by the path, then by the method, then by the query.
    fn distance(&self, other: &Question<'_>) -> (usize, bool, usize) {
        let (own, others) = (self.path.split('/'), other.path.split('/'));
        let lengths = own.clone().count().abs_diff(others.clone().count());
        let segments = own.zip(others).filter(|(own, other)| own != other).count();
        (lengths + segments, self.method != other.method, self.differing(other).count())
    }

    /// What another question has that this one has not.
    fn differences(&self, other: &Question<'_>) -> Vec<String> {
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

    fn differing<'s>(&'s self, other: &'s Question<'_>) -> impl Iterator<Item = &'s str> {
        let own = self.query.keys();
        let others = other.query.keys().filter(|key| !self.query.contains_key(*key));
        own.chain(others).copied().filter(|key| self.query.get(key) != other.query.get(key))
    }
}
