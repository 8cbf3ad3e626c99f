//! What a server can be made to do wrong.

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::time::Duration;

use super::gzip;
use super::http::{Answer, Connection, Incoming, reason};
use super::running::Shared;

/// What goes wrong with a request, for tests of what a program makes of it: see
/// [`Server::script`](super::Server::script) and [`Server::faults`](super::Server::faults).
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
/// | [`Answer`](Fault::Answer) | any answer | | stays |
/// | [`AnswerAfter`](Fault::AnswerAfter) | any answer | yes | stays |
/// | [`Redirect`](Fault::Redirect) | 302 | | stays |
/// | [`Reset`](Fault::Reset) | nothing | | is reset |
/// | [`ResetAfter`](Fault::ResetAfter) | nothing | yes | is reset |
/// | [`Cut`](Fault::Cut) | half an answer | | is closed |
/// | [`CutAfter`](Fault::CutAfter) | half the true answer | yes | is closed |
/// | [`Silence`](Fault::Silence) | nothing | | stays until either side ends it |
/// | [`SilenceAfter`](Fault::SilenceAfter) | nothing | yes | stays until either side ends it |
/// | [`BrokenGzip`](Fault::BrokenGzip) | 200 and a body that cannot be unpacked | | stays |
/// | [`Gzip`](Fault::Gzip) | the true answer, its body in gzip | yes | stays |
/// | [`Slow`](Fault::Slow) | the true answer, byte after byte | yes | stays |
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
    Answer(Reply),
    /// Any answer, when the request was done: as a gateway may say 504 while the server behind it went
    /// on.
    AnswerAfter(Reply),
    /// 302.
    Redirect {
        /// Where to.
        location: String,
    },
    /// A reset of the connection (RST) before anything is answered.
    Reset,
    /// A reset of the connection when the request was done: the answer is lost.
    ResetAfter,
    /// The beginning of an answer, then the connection ends.
    Cut(Half),
    /// The beginning of the true answer, then the connection ends.
    CutAfter(Half),
    /// No answer, on a connection that stays open.
    Silence,
    /// No answer, on a connection that stays open, when the request was done.
    SilenceAfter,
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
pub enum Half {
    /// Half the status line.
    StatusLine,
    /// Half of status line and headers.
    Head,
    /// Status line and headers, and half the body; of an answer without a body half the headers.
    Body,
}

/// An answer of your own, for [`Fault::Answer`].
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
pub struct Reply(Answer);

impl Debug for Reply {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Answer { status, headers, body } = &self.0;
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
        Reply(Answer::empty(status))
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
        Fault::Answer(reply)
    }
}

impl Fault {
    /// Whether a request that meets the fault is done all the same.
    pub fn lets_it_happen(&self) -> bool {
        use Fault as F;
        match self {
            F::AnswerAfter(_) | F::ResetAfter | F::CutAfter(_) | F::SilenceAfter => true,
            F::Gzip | F::Slow { .. } => true,
            F::RateLimited { .. } | F::RateLimitedWithoutHeader | F::QuotaExceeded => false,
            F::Status(_) | F::Answer(_) | F::Redirect { .. } => false,
            F::Reset | F::Cut(_) | F::Silence | F::BrokenGzip => false,
        }
    }

    /// What is said in the place of the true answer; none if nothing is, or the true answer itself.
    fn answer(&self) -> Option<Answer> {
        let limited = || Answer::refusal(429, "API rate limit exceeded");
        Some(match self {
            Fault::RateLimited { retry_after } => {
                limited().with_header("retry-after", retry_after.to_string())
            }
            Fault::RateLimitedWithoutHeader => limited(),
            Fault::QuotaExceeded => {
                Answer::empty(429).with_header("retry-after", "86207").with_body(QUOTA_EXCEEDED)
            }
            Fault::Status(status) => Answer::refusal(*status, reason(*status)),
            Fault::Answer(Reply(answer)) | Fault::AnswerAfter(Reply(answer)) => answer.clone(),
            Fault::Redirect { location } => {
                Answer::empty(302).with_header("location", location.as_str())
            }
            Fault::BrokenGzip => {
                let mut body = gzip::packed(b"{}");
                body.truncate(body.len() / 2);
                body.extend(*b"\xffnot gzip any more");
                Answer::empty(200).with_header("content-encoding", "gzip").with_body(body)
            }
            _ => return None,
        })
    }

    /// Does to a request what the fault is; gives the connection back if it goes on.
    pub(super) fn strike(
        &self,
        mut connection: Connection,
        incoming: &Incoming,
        shared: &Shared,
    ) -> io::Result<Option<Connection>> {
        let is_head = incoming.method == "HEAD";
        let (answer, endpoint) = match self.lets_it_happen() {
            true => {
                let (answer, endpoint) = shared.answer(incoming);
                (Some(answer), endpoint)
            }
            false => (None, shared.endpoint(incoming)),
        };
        let answer = self.answer().or(answer);
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        shared.note(incoming, status, endpoint, Some(self));
        // What is cut is of an answer that nobody gave, if the request was not done.
        let answer = answer.unwrap_or_else(|| Answer::empty(200).with_body(MADE_UP));
        match self {
            Fault::Reset | Fault::ResetAfter => {
                connection.reset();
                Ok(None)
            }
            Fault::Silence | Fault::SilenceAfter => {
                connection.wait_for_end();
                Ok(None)
            }
            Fault::Cut(half) | Fault::CutAfter(half) => {
                connection.write(&half.of(&answer))?;
                connection.cut();
                Ok(None)
            }
            Fault::Slow { pause, bytes } => {
                let answer = answer.to_bytes(is_head);
                let (slow, rest) = answer.split_at(answer.len().min(*bytes));
                for byte in slow {
                    if !shared.pause(*pause) {
                        return Ok(None);
                    }
                    connection.write(&[*byte])?;
                }
                connection.write(rest)?;
                Ok(Some(connection))
            }
            Fault::Gzip if !answer.body.is_empty() => {
                let body = gzip::packed(&answer.body);
                let answer = answer.with_header("content-encoding", "gzip").with_body(body);
                connection.write(&answer.to_bytes(is_head))?;
                Ok(Some(connection))
            }
            _ => {
                connection.write(&answer.to_bytes(is_head))?;
                Ok(Some(connection))
            }
        }
    }
}

impl Half {
    fn of(self, answer: &Answer) -> Vec<u8> {
        let head = answer.head();
        let end = match self {
            Half::StatusLine => head.find('\r').unwrap_or(head.len()) / 2,
            Half::Body if !answer.body.is_empty() => head.len() + answer.body.len() / 2,
            Half::Head | Half::Body => head.len() / 2,
        };
        let mut bytes = answer.to_bytes(false);
        bytes.truncate(end);
        bytes
    }
}

const QUOTA_EXCEEDED: &str =
    r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;

const MADE_UP: &str =
    r#"{"href":"made up","items":[],"limit":20,"next":null,"offset":0,"total":0}"#;
