//! Responses that cannot be decoded.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};

use serde_json::error::Category;

use crate::json::error::JsonError;
use crate::types::display::{Escaped, Quoted};

/// A response that cannot be decoded into the type of the call.
///
/// An optional part of a response that cannot be decoded is not an error: the field is `None`, the element is missing
/// from its list, and the client logs a warning.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
/// use tonearm::fake::Reply;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// server.script("/me/tracks").then(Reply::new(200).body(r#"{"items": 7}"#));
/// let result = spotify.get_my_saved_tracks().send();
/// let Err(Error::Decode(error)) = result else { unreachable!() };
/// assert_eq!(&*error.path, "items");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// The call: `get_my_saved_tracks`.
    pub call: Cow<'static, str>,
    /// The HTTP status code, which is a success.
    pub status: u16,
    /// The path of the value in the JSON: `tracks.items[27].artists`; `.` for the whole response. For a missing field it is
    /// the path of its object.
    pub path: String,
    /// The header `Content-Type`, if it is not JSON's.
    pub content_type: Option<String>,
    /// The body as Spotify sent it, without the token of the request if the body repeats it.
    pub body: Vec<u8>,
    /// `true` if the request was a write.
    pub(crate) is_write: bool,
    pub(crate) snippet: String,
    pub(crate) cause: JsonError,
}

impl Display for DecodeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.fmt_problem(f)?;
        if self.is_write {
            f.write_str("; if the response is Spotify's, the write has taken effect")
        } else {
            Ok(())
        }
    }
}

impl DecodeError {
    fn fmt_problem(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let DecodeError { call, status, path, cause, .. } = self;
        let near = Quoted(&self.snippet);
        if self.body.is_empty() {
            return write!(
                f,
                "{call}: expected JSON, found an empty body with status {status}; retry, or ignore the body with \
                 `send_raw`"
            );
        }
        match (cause.0.classify(), &self.content_type) {
            (Category::Data, _) => {
                write!(f, "{call}: cannot decode ")?;
                if path != "." {
                    write!(f, "`{}` in ", Escaped(path, 120))?;
                }
                write!(
                    f,
                    "the response: {cause}, near {near}; `send_as` decodes it into another type, and \
                     `send_raw` returns it undecoded"
                )
            }
            (_, Some(found)) => write!(
                f,
                "{call}: expected JSON, found {}, {near}; check the network, the base URL and the proxy",
                Escaped(found, 80)
            ),
            (Category::Eof, None) => {
                write!(
                    f,
                    "{call}: expected complete JSON, found its beginning: {cause}, near {near}; retry"
                )
            }
            (Category::Syntax | Category::Io, None) => write!(
                f,
                "{call}: expected JSON, found other text: {cause}, near {near}; check the network, the base URL and the proxy"
            ),
        }
    }
}

impl std::error::Error for DecodeError {}
