//! What a server can be made to do wrong.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use crate::fake::http::Response;

/// What goes wrong with a request, for tests of what a program makes of it: see
/// [`Server::script`](crate::fake::Server::script) and [`Server::inject_randomly`](crate::fake::Server::inject_randomly).
///
/// A request that meets a fault is **not done**: it changes nothing, and neither its token nor its
/// arguments are looked at. Some faults let it be done first: those that are called `…After`, and the two
/// that send the true answer in a strange way, [`Gzip`](Fault::Gzip) and [`Slow`](Fault::Slow).
///
/// | fault | what comes | the request is done | the connection |
/// | --- | --- | --- | --- |
/// | [`RateLimited`](Fault::RateLimited) | 429 with `Retry-After` | | stays |
/// | [`RateLimitedWithoutHeader`](Fault::RateLimitedWithoutHeader) | 429 without | | stays |
/// | [`QuotaExceeded`](Fault::QuotaExceeded) | 429, `QUOTA_EXCEEDED`, `Retry-After: 86207` | | stays |
/// | [`Status`](Fault::Status) | a status in Spotify's JSON | | stays |
/// | [`RespondBeforeProcessing`](Fault::RespondBeforeProcessing) | any answer | | stays |
/// | [`RespondAfterProcessing`](Fault::RespondAfterProcessing) | any answer | yes | stays |
/// | [`Redirect`](Fault::Redirect) | 302 | | stays |
/// | [`ResetBeforeProcessing`](Fault::ResetBeforeProcessing) | nothing | | is reset |
/// | [`ResetAfterProcessing`](Fault::ResetAfterProcessing) | nothing | yes | is reset |
/// | [`TruncateBeforeProcessing`](Fault::TruncateBeforeProcessing) | half an answer | | is closed |
/// | [`TruncateAfterProcessing`](Fault::TruncateAfterProcessing) | half the true answer | yes | is closed |
/// | [`HangBeforeProcessing`](Fault::HangBeforeProcessing) | nothing | | stays until either side ends it |
/// | [`HangAfterProcessing`](Fault::HangAfterProcessing) | nothing | yes | stays until either side ends it |
/// | [`BrokenGzip`](Fault::BrokenGzip) | 200 and a body that cannot be unpacked | | stays |
/// | [`Gzip`](Fault::Gzip) | the true answer, its body in gzip | yes | stays |
/// | [`Slow`](Fault::Slow) | the true answer, byte after byte | yes | stays |
///
/// # Limits
///
/// "429 for three seconds, then 200": the client waits for as long as Spotify asks, or a sleep_with of the test does.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use tonearm::{Error, RateLimitKind, fake::{Fault, Server}};
///
/// let server = Server::start()?;
/// let waits = Arc::new(Mutex::new(Vec::new()));
/// let noted = Arc::clone(&waits);
/// let spotify = server.client_builder().sleep_with(move |wait| noted.lock().unwrap().push(wait.as_secs())).build()?;
///
/// server.script("/me").then(Fault::RateLimited { retry_after: 3 });
/// spotify.get_me().send()?;
/// assert!(matches!(waits.lock().unwrap()[..], [2..=3]));
///
/// // A wait that does not fit into the time for a call comes back as an error at once, and is remembered.
/// server.script("/me/tracks").then(Fault::RateLimited { retry_after: 86_400 });
/// let limited = spotify.get_my_saved_tracks().send().unwrap_err();
/// assert!(matches!(limited, Error::RateLimited(limited) if limited.kind == RateLimitKind::Rate));
///
/// let spotify = server.client()?;
/// server.script("/me/tracks").then(Fault::QuotaExceeded);
/// let limited = spotify.get_my_saved_tracks().send().unwrap_err();
/// assert!(matches!(limited, Error::RateLimited(limited) if limited.kind == RateLimitKind::Quota));
///
/// let spotify = server.client_builder().retries(0).build()?;
/// server.script("/me/tracks").then(Fault::RateLimitedWithoutHeader);
/// assert_eq!(spotify.get_my_saved_tracks().send().unwrap_err().retry_after(), None);
/// assert_eq!(server.pending_faults(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Faults of Spotify's
///
/// ```
/// use tonearm::{Error, fake::{Fault, Reply, Server}};
///
/// let server = Server::start()?;
/// let spotify = server.client_builder().sleep_with(|_| {}).build()?;
///
/// // What reads is sent again, by itself.
/// server.script("/me").then(Fault::Status(503)).then(Fault::Status(500));
/// spotify.get_me().send()?;
///
/// // A write that does more when it is sent twice is not; and a gateway may say this of one that was done.
/// server.script("/me/player/next").then(Fault::RespondAfterProcessing(Reply::new(504)));
/// assert!(spotify.skip_to_next().send().unwrap_err().may_have_taken_effect());
///
/// // Any answer at all: `.then(reply)` is `.then(Fault::RespondBeforeProcessing(reply))`.
/// server.script("/me").then(Reply::new(200).body(r#"{"id":"mira"}"#));
/// assert_eq!(spotify.get_me().send()?.id.as_str(), "mira");
///
/// // Nobody follows it.
/// server.script("/me").then(Fault::Redirect { location: "https://example.com/".to_owned() });
/// assert!(matches!(spotify.get_me().send(), Err(Error::Status(refusal)) if refusal.status == 302));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Connections and bodies
///
/// ```
/// use std::time::Duration;
/// use tonearm::{Error, TransportKind, fake::{Fault, TruncateAt, Server}};
///
/// let server = Server::start()?;
/// let builder = server.client_builder().retries(0).read_timeout(Duration::from_millis(100));
/// let spotify = builder.build()?;
///
/// for (fault, kind) in [
///     (Fault::ResetBeforeProcessing, TransportKind::Broken),
///     (Fault::TruncateBeforeProcessing(TruncateAt::StatusLine), TransportKind::Broken),
///     (Fault::TruncateAfterProcessing(TruncateAt::Body), TransportKind::Broken), // A body cut in half.
///     (Fault::BrokenGzip, TransportKind::Broken),
///     (Fault::HangBeforeProcessing, TransportKind::Timeout),
/// ] {
///     server.script("/me/tracks").then(fault);
///     let error = spotify.get_my_saved_tracks().send().unwrap_err();
///     assert!(matches!(error, Error::Transport(broken) if broken.kind == kind));
/// }
///
/// // The write is done, and nobody hears of it.
/// let album = server.catalog().albums()[0].clone();
/// for fault in [Fault::ResetAfterProcessing, Fault::HangAfterProcessing] {
///     spotify.save_albums([&album]).send()?;
///     server.script("/me/albums").then(fault);
///     assert!(spotify.remove_saved_albums([&album]).send().unwrap_err().may_have_taken_effect());
///     assert!(!server.library().contains(&album.clone().into()));
/// }
///
/// // These are no faults, and must not be any for a client.
/// server.script("/me").then(Fault::Gzip).then(Fault::Slow { pause: Duration::from_millis(1), bytes: 20 });
/// assert_eq!(spotify.get_me().send()?, spotify.get_me().send()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Tokens
///
/// Requests for tokens have a script of their own, and answers of yours may hold any
/// [token of the server](crate::fake::Server::token).
///
/// ```
/// use tonearm::{App, Error, Spotify, fake::{Fault, Reply, Server}};
///
/// let server = Server::start()?;
/// let first = server.refresh_token(["user-read-email"]);
/// let app = server.app().refresh_token(first.as_str());
/// let spotify = Spotify::builder().app(app).base_url(server.base_url()).build()?;
///
/// // A renewal without a refresh token in it, as Spotify's mostly are: the old one stays.
/// let renewed = format!(r#"{{"access_token":"{}","token_type":"Bearer","expires_in":3600}}"#, server.token());
/// server.script("/api/token").then(Reply::new(200).body(renewed));
/// spotify.get_me().send()?;
///
/// // One that fails, and one that Spotify refuses for ever.
/// let app = server.app().refresh_token(first.as_str());
/// let spotify = Spotify::builder().app(app).base_url(server.base_url()).build()?;
/// let refused = Reply::new(400).body(r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#);
/// server.script("/api/token").then(Fault::Status(503)).then(refused);
/// assert!(matches!(spotify.get_me().send(), Err(Error::Status(_))));
/// assert!(matches!(spotify.get_me().send(), Err(Error::LoginRequired(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429 of the rate limit.
    RateLimited {
        /// The seconds in `Retry-After`.
        retry_after: u64,
    },
    /// 429 of the rate limit that does not say how long to wait.
    RateLimitedWithoutHeader,
    /// 429 of the quota of an app in development mode, with a wait of nearly a day.
    QuotaExceeded,
    /// A status with a body in the form of Spotify's errors.
    Status(u16),
    /// Any answer.
    RespondBeforeProcessing(Reply),
    /// Any answer, when the request was done: as a gateway may say 504 while the server behind it went
    /// on.
    RespondAfterProcessing(Reply),
    /// 302.
    Redirect {
        /// Where to.
        location: String,
    },
    /// A reset of the connection (RST) before anything is answered.
    ResetBeforeProcessing,
    /// A reset of the connection when the request was done: the answer is lost.
    ResetAfterProcessing,
    /// The beginning of an answer, then the connection ends.
    TruncateBeforeProcessing(TruncateAt),
    /// The beginning of the true answer, then the connection ends.
    TruncateAfterProcessing(TruncateAt),
    /// No answer, on a connection that stays open.
    HangBeforeProcessing,
    /// No answer, on a connection that stays open, when the request was done.
    HangAfterProcessing,
    /// 200 with a body that is announced as gzip and begins like it.
    BrokenGzip,
    /// The true answer, its body in gzip. No fault of a server: a client must read it.
    Gzip,
    /// The true answer, slowly.
    Slow {
        /// How long to wait before each byte.
        pause: Duration,
        /// How many bytes come one by one; those behind come at once.
        bytes: usize,
    },
}

/// How much comes of an answer that is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TruncateAt {
    /// Half the status line.
    StatusLine,
    /// Half of status line and headers.
    Head,
    /// Status line and headers, and half the body; of an answer without a body half the headers.
    Body,
}

/// An answer of your own, for [`Fault::RespondBeforeProcessing`].
///
/// ```
/// use tonearm::fake::{Reply, Server};
///
/// let server = Server::start()?;
/// let gateway = Reply::new(502).header("content-type", "text/html").body("<h1>Bad Gateway</h1>");
/// server.script("/me/player/next").then(gateway);
///
/// let answer = server.client()?.skip_to_next().send_raw()?;
/// assert_eq!((answer.status(), answer.body()), (502, &b"<h1>Bad Gateway</h1>"[..]));
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
    /// An answer of this status, without a body.
    pub fn new(status: u16) -> Self {
        Reply(Response::empty(status))
    }

    /// Adds a header. The length of the body goes out by itself, unless a header says how it ends.
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
    /// Whether a request that meets the fault is done all the same.
    pub fn takes_effect(&self) -> bool {
        use Fault as F;
        match self {
            F::RespondAfterProcessing(_)
            | F::ResetAfterProcessing
            | F::TruncateAfterProcessing(_)
            | F::HangAfterProcessing => true,
            F::Gzip | F::Slow { .. } => true,
            F::RateLimited { .. } | F::RateLimitedWithoutHeader | F::QuotaExceeded => false,
            F::Status(_) | F::RespondBeforeProcessing(_) | F::Redirect { .. } => false,
            F::ResetBeforeProcessing
            | F::TruncateBeforeProcessing(_)
            | F::HangBeforeProcessing
            | F::BrokenGzip => false,
        }
    }
}
