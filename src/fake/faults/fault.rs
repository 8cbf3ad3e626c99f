//! The faults that a test injects.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use crate::fake::http::Response;

/// What goes wrong with a request: see [`Server::script`](crate::fake::Server::script) and
/// [`Server::inject_randomly`](crate::fake::Server::inject_randomly).
///
/// The server does not process a request that meets a fault: the request changes nothing, and the server checks neither
/// its token nor its arguments. It does process the request for a fault named `…AfterProcessing`, for
/// [`Gzip`](Fault::Gzip) and for [`Slow`](Fault::Slow): [`takes_effect`](Fault::takes_effect). The connection stays open
/// unless the fault ends it.
///
/// ```
/// use tonearm::{Error, RateLimitKind, fake::{Fault, Server}};
///
/// let server = Server::start()?;
/// let spotify = server.client_builder().retries(0).build()?;
///
/// server.script("/me/tracks").then(Fault::QuotaExceeded);
/// let limited = spotify.get_my_saved_tracks().send().unwrap_err();
/// assert!(matches!(limited, Error::RateLimited(limited) if limited.kind == RateLimitKind::Quota));
///
/// // The write takes effect, and the response is lost.
/// let album = server.catalog().albums()[0].clone();
/// server.script("/me/albums").then(Fault::ResetAfterProcessing);
/// assert!(spotify.remove_saved_albums([&album]).send().unwrap_err().may_have_taken_effect());
/// assert!(!server.library().contains(&album.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A 429 of the rate limit.
    RateLimited {
        /// The seconds in `Retry-After`.
        retry_after: u64,
    },
    /// A 429 of the rate limit without `Retry-After`.
    RateLimitedWithoutHeader,
    /// A 429 of the quota of an app in development mode: `QUOTA_EXCEEDED`, `Retry-After: 86207`.
    QuotaExceeded,
    /// A status code, with a body like those of Spotify's errors.
    Status(u16),
    /// Any response.
    RespondBeforeProcessing(Reply),
    /// Any response, after the request took effect: a gateway may return 504 while the server behind it goes on.
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
    /// The beginning of a response, then the end of the connection.
    TruncateBeforeProcessing(TruncateAt),
    /// The beginning of the actual response, then the end of the connection.
    TruncateAfterProcessing(TruncateAt),
    /// No response on a connection that stays open until either side closes it.
    HangBeforeProcessing,
    /// The same after the request took effect.
    HangAfterProcessing,
    /// A 200 whose body claims to be gzip and begins like it.
    BrokenGzip,
    /// The actual response with its body in gzip.
    Gzip,
    /// The actual response, slowly.
    Slow {
        /// The wait before each byte.
        pause: Duration,
        /// How many bytes come one by one; the rest comes immediately.
        bytes: usize,
    },
}

/// Where a response ends that a fault truncates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TruncateAt {
    /// Half the status line.
    StatusLine,
    /// Half of status line and headers.
    Head,
    /// Status line and headers, and half the body; of a response without a body half the headers.
    Body,
}

/// A response of your own, for [`Fault::RespondBeforeProcessing`].
///
/// ```
/// use tonearm::fake::{Reply, Server};
///
/// let server = Server::start()?;
/// let gateway = Reply::new(502).header("content-type", "text/html").body("<h1>Bad Gateway</h1>");
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
        let Response { status, headers, body } = &self.0;
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
    /// A response with this status code and without a body.
    pub fn new(status: u16) -> Self {
        Reply(Response::empty(status))
    }

    /// Adds a header. The server adds `Content-Length` unless a header says how the body ends.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0 = self.0.with_header(name.to_ascii_lowercase(), value);
        self
    }

    /// Sets the body: JSON, unless a header says otherwise.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.0 = self.0.with_body(body);
        self
    }
}

impl From<Reply> for Fault {
    fn from(reply: Reply) -> Self {
        Fault::RespondBeforeProcessing(reply)
    }
}

impl Fault {
    /// Whether the server processes a request that meets the fault.
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
