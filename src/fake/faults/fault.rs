//! The faults that a test injects.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use serde::Serialize;

use crate::fake::http::Response;

/// A fault to inject into a request: see [`Server::script`](crate::fake::Server::script) and
/// [`Server::inject_randomly`](crate::fake::Server::inject_randomly).
///
/// With most faults the server does not process the request: it changes nothing, and checks neither the token nor the
/// arguments. It processes the request with faults named `…AfterProcessing`, with [`Gzip`](Fault::Gzip) and with
/// [`Slow`](Fault::Slow), for which [`takes_effect`](Fault::takes_effect) is `true`. The connection stays open unless the
/// fault closes it.
///
/// ```
/// use tonearm::{Error, fake::{Fault, Server}};
/// use tonearm::error::RateLimitKind;
///
/// let server = Server::start()?;
/// let spotify = server.client_builder().retries(0).build()?;
///
/// server.script("/me/tracks").then(Fault::QuotaExceeded);
/// let limited = spotify.get_my_saved_tracks().send().unwrap_err();
/// let Error::RateLimited(limited) = limited else { unreachable!() };
/// assert_eq!(limited.kind, RateLimitKind::Quota);
///
/// // The write takes effect, and the response is lost.
/// let album = server.catalog().albums()[0].clone();
/// server.script("/me/albums").then(Fault::ResetAfterProcessing);
/// let error = spotify.remove_saved_albums([&album]).send().unwrap_err();
/// assert!(error.may_have_taken_effect());
/// assert!(!server.library().contains(&album.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A 429 of the rate limit.
    RateLimited {
        /// The time in `Retry-After`, rounded up to a second.
        retry_after: Duration,
    },
    /// A 429 of the rate limit without `Retry-After`.
    RateLimitedWithoutHeader,
    /// A 429 of the quota of an app in development mode: `QUOTA_EXCEEDED`, `Retry-After: 86207`.
    QuotaExceeded,
    /// A status code, with a body like those of Spotify's errors. With 204 and 304 there is no body.
    Status(u16),
    /// Any response.
    RespondBeforeProcessing(Reply),
    /// Any response, after the request took effect: a gateway may return 504 although the request succeeds.
    RespondAfterProcessing(Reply),
    /// A 302.
    Redirect {
        /// The `Location` header.
        location: String,
    },
    /// A reset of the connection (RST).
    ResetBeforeProcessing,
    /// A reset of the connection after the request took effect: the response is lost.
    ResetAfterProcessing,
    /// The beginning of a response, after which the connection is closed.
    TruncateBeforeProcessing(TruncateAt),
    /// The beginning of the actual response, after which the connection is closed.
    TruncateAfterProcessing(TruncateAt),
    /// No response on a connection that stays open until either side closes it.
    HangBeforeProcessing,
    /// No response, after the request took effect.
    HangAfterProcessing,
    /// A 200 with a body that begins as gzip and is corrupt.
    BrokenGzip,
    /// The actual response, with a gzip body.
    Gzip,
    /// The actual response, slowly.
    Slow {
        /// The wait before each byte.
        pause: Duration,
        /// The number of bytes that are sent one by one. The rest follows immediately.
        bytes: usize,
    },
}

/// The position at which a fault truncates a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TruncateAt {
    /// After half of the status line.
    StatusLine,
    /// After half of the status line and the headers.
    Head,
    /// After half of the body; without a body like `Head`.
    Body,
}

/// A custom response, for [`Fault::RespondBeforeProcessing`] and [`Fault::RespondAfterProcessing`].
///
/// ```
/// use tonearm::fake::{Reply, Server};
///
/// let server = Server::start()?;
/// let gateway = Reply::new(502).header("content-type", "text/html");
/// let gateway = gateway.body("<h1>Bad Gateway</h1>");
/// server.script("/me/player/next").then(gateway);
///
/// let response = server.client()?.skip_to_next().send_raw()?;
/// assert_eq!((response.status(), response.body()), (502, &b"<h1>Bad Gateway</h1>"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Reply(pub(crate) Response);

impl Debug for Reply {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Response { status, headers, body, .. } = &self.0;
        let mut reply = f.debug_struct("Reply");
        reply.field("status", status);
        if !headers.is_empty() {
            reply.field("headers", headers);
        }
        if !body.is_empty() {
            reply.field("body", &String::from_utf8_lossy(body));
        }
        reply.finish()
    }
}

impl Reply {
    /// Creates a response with this status code and without a body.
    pub fn new(status: u16) -> Self {
        Reply(Response::empty(status))
    }

    /// Adds a header. The server adds `Content-Length` if there is neither that nor `Transfer-Encoding`.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0 = self.0.with_header(name.to_ascii_lowercase(), value);
        self
    }

    /// Sets the body. The server adds a `Content-Type` for JSON unless you set one. It sends no body with the status 204 or
    /// 304.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.0 = self.0.with_body(body);
        self
    }

    /// Sets the body to the JSON of a value, such as a [model](crate::model).
    ///
    /// ```
    /// use tonearm::UserId;
    /// use tonearm::fake::{Reply, Server};
    /// use tonearm::model::User;
    ///
    /// let server = Server::start()?;
    /// let mut ada = User::new("ada".parse::<UserId>()?);
    /// ada.display_name = Some("Ada".to_owned());
    /// server.script("/me").then(Reply::new(200).json(&ada));
    ///
    /// assert_eq!(server.client()?.get_me().send()?.display_name.as_deref(), Some("Ada"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the value has no JSON, such as a map whose keys are not text.
    #[must_use]
    #[track_caller]
    pub fn json(self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.body(json),
            // Only a test calls this, and its mistake is best reported at its own line.
            Err(problem) => panic!("Reply::json: the value does not serialize to JSON: {problem}"),
        }
    }
}

impl From<Reply> for Fault {
    fn from(reply: Reply) -> Self {
        Fault::RespondBeforeProcessing(reply)
    }
}

impl Fault {
    /// Returns whether the server processes the request.
    pub fn takes_effect(&self) -> bool {
        matches!(
            self,
            Fault::RespondAfterProcessing(_)
                | Fault::ResetAfterProcessing
                | Fault::TruncateAfterProcessing(_)
                | Fault::HangAfterProcessing
                | Fault::Gzip
                | Fault::Slow { .. }
        )
    }
}
