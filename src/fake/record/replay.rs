//! Answers from a recording.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::recorder::BASE;
use super::recording::{self, Body, Exchange};
use crate::fake::Server;
use crate::fake::api::development::ServerMode;
use crate::fake::api::route::{ROOT, Target};
use crate::fake::http::{Answer, Incoming};
use crate::fake::json::object;

impl Server {
    /// Starts a server that answers from a file which a [`Recorder`](crate::fake::Recorder) has made.
    ///
    /// A request is answered if one of the same method, path and query, in any order, was recorded; its body is not
    /// looked at. What was recorded several times is answered in that order. After the last one a `GET` is answered
    /// like that again; what writes is not, for it was not done once more then. Whatever was not recorded is answered
    /// with 501, which the client never sends again and which says what the nearest recorded request has otherwise;
    /// [`unrecorded`](Server::unrecorded) and [`unused_recordings`](Server::unused_recordings) list both sides.
    ///
    /// All else is as with other servers: tokens and logins, faults, the log. The
    /// [`catalog`](Server::catalog) and [`library`](Server::library) are not those of the recording.
    ///
    /// # Errors
    ///
    /// If the file cannot be read; [`InvalidData`](io::ErrorKind::InvalidData), with the line and what was expected
    /// there, if it is broken. What the system says if it gives no port or no thread.
    ///
    /// ```
    /// use tonearm::fake::{Fault, Recorder, Server};
    ///
    /// # let folder = std::env::temp_dir().join(format!("tonearm-doc-replay-{}", std::process::id()));
    /// # let path = folder.join("evening.json");
    /// # let real = Server::start()?;
    /// # let recorder = Recorder::new(&path);
    /// # let spotify = real.client_builder().recorder(&recorder).build()?;
    /// # spotify.get_me().send()?;
    /// # spotify.get_my_saved_tracks().limit(50).send()?;
    /// # recorder.save()?;
    /// let server = Server::replay(&path)?;
    /// let spotify = server.client()?;
    ///
    /// server.script("/me").then(Fault::Status(503));
    /// assert_eq!(spotify.get_me().send()?.id.as_str(), "user-1", "after another try");
    ///
    /// let error = spotify.get_my_saved_tracks().limit(20).send().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "get_my_saved_tracks: Spotify answered 501, `not recorded: GET /v1/me/tracks?limit=20`, \
    ///      reason the nearest has limit=50",
    /// );
    /// assert_eq!(server.unused_recordings(), ["GET /v1/me/tracks?limit=50"]);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replay(path: impl AsRef<Path>) -> io::Result<Server> {
        Server::with(ServerMode::Extended, Some(Replay::open(path.as_ref())?))
    }

    /// The recorded requests that nobody has made, in order: none at the end of a test whose program still does all
    /// that it did. Empty where nothing is [replayed](Server::replay).
    pub fn unused_recordings(&self) -> Vec<String> {
        self.running.shared.replayed(Replay::unused_recordings)
    }

    /// The requests that were not in the recording, in order, and what the nearest has otherwise. Empty where nothing
    /// is [replayed](Server::replay).
    pub fn unrecorded(&self) -> Vec<String> {
        self.running.shared.replayed(Replay::missed)
    }
}

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
    pub(crate) fn answer(&mut self, incoming: &Incoming, target: &Target, origin: &str) -> Answer {
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
                answer(&next.exchange, origin)
            }
            // What is read can be read again; what is done once more is another thing.
            (None, Some(last)) if asked.method == "GET" => answer(&last.exchange, origin),
            (None, _) => {
                let (message, reason) = self.miss(&asked);
                let path = self.path.display();
                log::error!("`{path}`: {message}; {reason}");
                self.missed.push(format!("{message}; {reason}"));
                let error = object! { "status": 501_usize, "message": message, "reason": reason };
                Answer::json(501, &object! { "error": error })
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
fn answer(exchange: &Exchange, origin: &str) -> Answer {
    let recorded = &exchange.answer;
    let here = format!("{origin}{ROOT}");
    let mut answer = Answer::empty(recorded.status);
    for (name, value) in &recorded.headers {
        answer = answer.with_header(name.clone(), value.replace(BASE, &here));
    }
    match &recorded.body {
        Body::None => answer,
        Body::Json(json) => {
            let text = serde_json::to_string(json).unwrap_or_default();
            answer.with_body(text.replace(BASE, &here))
        }
        Body::Text(text) => answer.with_body(text.replace(BASE, &here)),
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
