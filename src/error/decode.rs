//! A response that does not decode.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};

use serde_json::error::Category;

use crate::json::error::JsonError;
use crate::types::display::{Escaped, Quoted};

/// A response that does not decode into the type of the call.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
/// use tonearm::fake::Reply;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// server.script("/me").then(Reply::new(200).body(r#"{"id": "me", "images": 7}"#));
/// let Err(Error::Decode(error)) = spotify.get_me().send() else { unreachable!() };
/// assert_eq!(&*error.path, "images");
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
    pub path: Box<str>,
    /// The header `Content-Type`, if it is not that of JSON.
    pub content_type: Option<Box<str>>,
    /// The body as it came, without the token of the request if it repeats that.
    pub body: Box<[u8]>,
    pub(crate) snippet: Box<str>,
    pub(crate) cause: JsonError,
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
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
