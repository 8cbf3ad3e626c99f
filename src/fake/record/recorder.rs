//! Records the responses of the real Spotify.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ureq::http::HeaderValue;

use super::API;
use super::anonymize::{Anonymizer, texts};
use super::recording;
use crate::client::{SpotifyBuilder, Tap};
use crate::error::Error;
use crate::fake::api::route::{ROOT, Target, pairs};
use crate::fake::lock::lock;
use crate::json::value::{Value, json_object};
use crate::request::Request;
use crate::transport::RawResponse;
use crate::transport::config::config_error;

/// A recorder, which writes the requests of a client and the responses of the real Spotify to a file.
///
/// The file contains no tokens and no personal data. [`Server::replay`](crate::fake::Server::replay) responds from it, and
/// has an example.
///
/// The recorder writes the file from time to time, in [`save`](Recorder::save) and when it is dropped. It replaces the
/// whole file each time, so the file is valid even if the program panics or is killed. On Unix, only its owner can read
/// the file.
///
/// It records every response to a call, including those before a retry, except a 401 after which the client refreshed
/// the token.
///
/// # What is not in the file
///
/// The file contains no tokens, secrets and cookies, no headers except `Content-Type`, `Location` and `Retry-After`, and
/// no requests to the accounts service. In bodies, paths and queries, the recorder replaces:
///
/// | field | replacement |
/// | --- | --- |
/// | `user.id`: ids of users, also in URIs, links and paths | `user-1`, the same for the same user |
/// | `display_name` | `Person 1` |
/// | `email`, and every text that looks like an email address | `person-1@example.com` |
/// | `account_id` | `account-1` |
/// | `user.images`: pictures of users | URLs that do not exist |
/// | `country`, `product`, `birthdate`, `explicit_content` | `US`, `premium`, `1970-01-01`, `null` |
/// | `playlist.id`: ids of playlists, also in URIs, links and paths, because they identify the owner | `playlist00000000000001` |
/// | `playlist.name`, `playlist.description`, `playlist.images` | `Playlist 1`, `Description 1`, URLs that do not exist |
/// | `device.id`, `device.name`, `device_id` and `device_ids` in requests | `device-1`, `Device 1` |
/// | IP addresses | `192.0.2.1`, `2001:db8::1` |
/// | uploaded images | their type and length |
///
/// It also replaces ids, names of users and email addresses of at least eight characters in all other texts.
/// [`keep`](Recorder::keep) and [`remove`](Recorder::remove) change this table.
///
/// The file still contains what the user listened to, saved and searched for. Review it before you share it.
///
/// # The file
///
/// ```json
/// {
///   "tonearm_recording": 1,
///   "exchanges": [
///     {
///       "request": {
///         "method": "GET",
///         "path": "/v1/me/tracks",
///         "query": { "limit": "1" }
///       },
///       "response": {
///         "status": 429,
///         "headers": { "content-type": "application/json", "retry-after": "3" },
///         "body": { "error": { "status": 429, "message": "API rate limit exceeded" } }
///       }
///     }
///   ]
/// }
/// ```
///
/// You may edit it. Paths and queries are not escaped. The body of a response is in `body` if it is JSON, and otherwise in
/// `text`. Links begin with `https://api.spotify.com/v1`, which the server replaces with its own base URL.
#[must_use = "a recorder has no effect until you pass it to `SpotifyBuilder::recorder`"]
pub struct Recorder {
    tape: Arc<Tape>,
}

impl Recorder {
    /// Creates a recorder that writes to this file, and creates missing folders.
    ///
    /// The first response replaces an existing recording. If the file is not a recording,
    /// [`build`](SpotifyBuilder::build) returns an error.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let state = RecorderState {
            anonymizer: Anonymizer::default(),
            problem: None,
            exchanges: Vec::new(),
            written: 0,
        };
        Recorder { tape: Arc::new(Tape { path: path.into(), state: Mutex::new(state) }) }
    }

    /// Keeps a field of the [table](Recorder#what-is-not-in-the-file) unchanged. [`build`](SpotifyBuilder::build) returns
    /// an error for any other name.
    ///
    /// ```
    /// use tonearm::fake::{Recorder, Server};
    ///
    /// let recorder = Recorder::new("evening.json").keep("product").keep("owner");
    /// let error = Server::start()?.client_builder().recorder(&recorder).build().unwrap_err();
    /// assert!(error.to_string().starts_with("recorder: keep: expected one of `email`, "));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn keep(self, name: impl AsRef<str>) -> Self {
        self.configured(|anonymizer| anonymizer.keep(name.as_ref()))
    }

    /// Removes the value of an additional field: `followers` from all objects and queries, or `track.name` only from
    /// objects whose `type` is `track`. Strings become `name-1`, the same for the same string; numbers become 0, booleans
    /// `false`, and lists and objects empty.
    ///
    /// ```
    /// use tonearm::fake::{Recorder, Server};
    ///
    /// # let folder = std::env::temp_dir().join(format!("tonearm-doc-remove-{}", std::process::id()));
    /// # let path = folder.join("evening.json");
    /// # let spotify = Server::start()?;
    /// let recorder = Recorder::new(&path).remove("track.name").remove("added_at");
    /// let client = spotify.client_builder().recorder(&recorder).build()?;
    /// client.get_my_saved_tracks().limit(1).send_raw()?;
    /// recorder.save()?;
    ///
    /// let text = std::fs::read_to_string(&path)?;
    /// assert!(text.contains(r#""added_at": "added_at-1""#));
    /// assert!(text.contains(r#""name": "name-1""#));
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove(self, name: impl AsRef<str>) -> Self {
        self.configured(|anonymizer| anonymizer.remove(name.as_ref()))
    }

    /// Writes the file, unless it is up to date. Without any response, it writes no file.
    ///
    /// # Errors
    ///
    /// The error of the operating system if the file cannot be written.
    pub fn save(&self) -> io::Result<()> {
        self.tape.save()
    }

    fn configured(self, configure: impl FnOnce(&mut Anonymizer) -> Result<(), String>) -> Self {
        let mut state = lock(&self.tape.state);
        let configured = configure(&mut state.anonymizer);
        if state.problem.is_none() {
            state.problem = configured.err();
        }
        drop(state);
        self
    }
}

impl Debug for Recorder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("path", &self.tape.path).finish_non_exhaustive()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.tape.save_or_warn();
    }
}

impl SpotifyBuilder {
    /// Sets a recorder of every response, for tests of your program. Requires the feature `fake`.
    #[cfg_attr(docsrs, doc(cfg(feature = "fake")))]
    pub fn recorder(self, recorder: &Recorder) -> Self {
        self.tap(recorder.tape.clone())
    }
}

/// The recording, which all clones of a client share.
pub(crate) struct Tape {
    path: PathBuf,
    state: Mutex<RecorderState>,
}

struct RecorderState {
    anonymizer: Anonymizer,
    /// The first error in the settings.
    problem: Option<String>,
    exchanges: Vec<Recorded>,
    /// The number of exchanges in the file.
    written: usize,
}

/// An exchange, and its text in the file.
struct Recorded {
    exchange: Value,
    text: String,
    /// The number of hidden values, counted from the first, that the text is known not to contain.
    hidden: usize,
}

impl Tap for Tape {
    /// Fails if the recorder cannot record, before anything is sent.
    fn check(&self) -> Result<(), Error> {
        if let Some(problem) = &lock(&self.state).problem {
            return Err(config_error("recorder", problem.clone()));
        }
        let path = self.path.display();
        if recording::is_foreign(&self.path) {
            return Err(config_error(
                "recorder",
                format!(
                    "expected a recording or no file at `{path}`, found another file; choose another path"
                ),
            ));
        }
        if let Some(folder) = folder(&self.path) {
            fs::create_dir_all(folder).map_err(|error| {
                config_error("recorder", format!("cannot create the folder of `{path}`: {error}"))
            })?;
        }
        Ok(())
    }

    /// Removes the token of a request from all recorded texts.
    fn hide(&self, authorization: &HeaderValue) {
        let value = authorization.to_str().unwrap_or_default();
        let token = value.split_once(' ').map_or(value, |(_, token)| token);
        lock(&self.state).anonymizer.hide(token, "…");
    }

    /// Records an exchange.
    fn note(&self, request: &Request, response: &RawResponse) {
        let mut state = lock(&self.state);
        let exchange = state.exchange(request, response);
        state.exchanges.push(Recorded { exchange, text: String::new(), hidden: 0 });
        // Each save writes the whole file, which is too slow for every response of a long recording.
        let new = state.exchanges.len() - state.written;
        if new > state.written / 8 {
            drop(state);
            self.save_or_warn();
        }
    }
}

impl Tape {
    fn save(&self) -> io::Result<()> {
        let mut state = lock(&self.state);
        if state.written == state.exchanges.len() {
            return Ok(());
        }
        let RecorderState { anonymizer, exchanges, .. } = &mut *state;
        let hidden = anonymizer.hidden_values();
        for Recorded { exchange, text, hidden: known } in exchanges.iter_mut() {
            // Most values that were found since are not in it.
            let is_in = |value: &String| text.contains(recording::text_of(value).trim_matches('"'));
            if text.is_empty() || hidden.get(*known..).into_iter().flatten().any(is_in) {
                *text = recording::exchange_text(exchange, &|text| anonymizer.without_hidden(text));
            }
            *known = hidden.len();
        }
        let text = recording::text(exchanges.iter().map(|recorded| recorded.text.as_str()));
        replace(&self.path, &text).map_err(|error| {
            let path = self.path.display();
            io::Error::new(error.kind(), format!("cannot write the recording `{path}`: {error}"))
        })?;
        state.written = state.exchanges.len();
        Ok(())
    }

    fn save_or_warn(&self) {
        if let Err(error) = self.save() {
            log::warn!("{error}");
        }
    }
}

/// Saves again, because a client may outlive the recorder.
impl Drop for Tape {
    fn drop(&mut self) {
        self.save_or_warn();
    }
}

impl RecorderState {
    fn exchange(&mut self, request: &Request, response: &RawResponse) -> Value {
        let endpoint = request.endpoint();
        let anonymizer = &mut self.anonymizer;
        let base = request.base().url.as_str();
        let url = request.url();
        let target = format!("{ROOT}{}", url.strip_prefix(base).unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let query = pairs(query);
        // Anonymized while escaped, because an id may contain a slash.
        let path = Target::of(&anonymizer.text(path)).path;
        let body = request.body().map(|body| match Value::parse(body.as_bytes()) {
            Some(json @ Value::Object(_)) => anonymizer.request(endpoint, json),
            _ => {
                let what = request.content_type().unwrap_or("text");
                format!("{what}, {} characters", body.len()).into()
            }
        });
        let query = query.into_iter().map(|(key, value)| {
            let value = anonymizer.query(endpoint, &key, &value);
            (key, value)
        });
        let query = object(query.collect()).map(|query| ("query", query));
        let json = json_object! { "method": request.method().to_string(), "path": path };
        let request = json.with(query.into_iter().chain(body.map(|body| ("body", body))));
        let headers = response.headers().filter(|(name, _)| recording::keeps(name));
        let headers = headers.map(|(name, value)| {
            // Headers may contain a tab, but a recording may not.
            let value = public(&String::from_utf8_lossy(value), base).replace('\t', " ");
            (name.to_owned(), anonymizer.text(&value))
        });
        let headers = object(headers.collect()).map(|headers| ("headers", headers));
        let body = response.redacted_body();
        let body = (!body.is_empty()).then(|| match Value::parse(&body) {
            Some(json) => ("body", anonymizer.response(endpoint, public_links(json, base))),
            None => {
                let text = public(&String::from_utf8_lossy(&body), base);
                ("text", anonymizer.text(&text).into())
            }
        });
        let json = json_object! { "status": i64::from(response.status()) };
        let response = json.with(headers.into_iter().chain(body));
        json_object! { "request": request, "response": response }
    }
}

/// Returns an object with these fields, if there are any.
fn object(fields: BTreeMap<String, String>) -> Option<Value> {
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value.into()));
    Some(Value::Object(fields.collect())).filter(|object| !object.is_leaf())
}

/// Replaces the base URL in links by Spotify's.
fn public(text: &str, base: &str) -> String {
    text.replace(base, API)
}

fn public_links(json: Value, base: &str) -> Value {
    if base == API { json } else { texts(json, &mut |text| public(text, base)) }
}

fn folder(path: &Path) -> Option<&Path> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty())
}

/// Writes a new file in the same folder, and renames it to the old one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.new", RandomState::new().hash_one(0)));
    let new = path.with_file_name(name);
    let written = private(OpenOptions::new().write(true).create_new(true))
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

/// On Unix, makes the file private to its owner when it is created.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
