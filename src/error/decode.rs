//! A response that does not decode.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};

use serde_json::error::Category;

use crate::json::error::JsonError;
use crate::types::display::{Escaped, Quoted};

/// A response that does not decode into the type of the call.
///
/// An optional part of a response that cannot be read is no error: the field is `None`, the element is left out of its
/// list, and the log contains a warning.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
/// use tonearm::fake::Reply;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// server.script("/me/tracks").then(Reply::new(200).body(r#"{"items": 7}"#));
/// let Err(Error::Decode(error)) = spotify.get_my_saved_tracks().send() else { unreachable!() };
/// assert_eq!(&*error.path, "items");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// The call: `get_my_saved_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The HTTP status code, a success.
    pub status: u16,
    /// The place in the JSON: `tracks.items[27].artists`; `.` for the whole. For a missing field, its object.
    pub path: String,
    /// The header `Content-Type`, if it is not that of JSON.
    pub content_type: Option<String>,
    /// The body as it came.
    pub body: Box<[u8]>,
    /// Whether the request was a write, which Spotify has accepted.
    pub(crate) is_write: bool,
    pub(crate) snippet: String,
    pub(crate) cause: JsonError,
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.fmt_problem(f)?;
        match self.is_write {
            true => f.write_str("; the write has taken effect if it was Spotify that answered"),
            false => Ok(()),
        }
    }
}

impl DecodeError {
    fn fmt_problem(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let DecodeError { endpoint, status, path, snippet, cause, .. } = self;
        let (snippet, why) = (Quoted(snippet), cause);
        if self.body.is_empty() {
            return write!(
                f,
                "{endpoint}: expected JSON, found an empty body with status {status}; take it as it came with \
                 `send_raw`"
            );
        }
        match (cause.0.classify(), &self.content_type) {
            (Category::Data, _) => {
                let place = match &**path {
                    "." => String::new(),
                    path => format!("`{}` of ", Escaped(path, 120)),
                };
                write!(
                    f,
                    "{endpoint}: cannot read {place}the answer: {why}, near {snippet}; read it as another type \
                     with `send_as`, or take it as it came with `send_raw`"
                )
            }
            (_, Some(found)) => write!(
                f,
                "{endpoint}: expected JSON, found {}, {snippet}; check the base URL and the proxy",
                Escaped(found, 80)
            ),
            (Category::Eof, None) => write!(
                f,
                "{endpoint}: the JSON of the answer breaks off: {why}, near {snippet}; try again"
            ),
            (Category::Syntax | Category::Io, None) => write!(
                f,
                "{endpoint}: the answer is no JSON: {why}, near {snippet}; check the base URL and the proxy"
            ),
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
