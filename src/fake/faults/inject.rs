//! What faults do to requests.

use std::io;

use super::fault::{Fault, Reply, TruncateAt};
use crate::fake::http::{Answer, Connection, Incoming, gzip, reason};
use crate::fake::server::threads::Shared;

impl Fault {
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
            Fault::RespondBeforeProcessing(Reply(answer))
            | Fault::RespondAfterProcessing(Reply(answer)) => answer.clone(),
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
    pub(crate) fn strike(
        &self,
        mut connection: Connection,
        incoming: &Incoming,
        shared: &Shared,
    ) -> io::Result<Option<Connection>> {
        let is_head = incoming.method == "HEAD";
        let (answer, endpoint) = match self.takes_effect() {
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
            Fault::ResetBeforeProcessing | Fault::ResetAfterProcessing => {
                connection.reset();
                Ok(None)
            }
            Fault::HangBeforeProcessing | Fault::HangAfterProcessing => {
                connection.wait_for_end();
                Ok(None)
            }
            Fault::TruncateBeforeProcessing(half) | Fault::TruncateAfterProcessing(half) => {
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

impl TruncateAt {
    fn of(self, answer: &Answer) -> Vec<u8> {
        let head = answer.head();
        let end = match self {
            TruncateAt::StatusLine => head.find('\r').unwrap_or(head.len()) / 2,
            TruncateAt::Body if !answer.body.is_empty() => head.len() + answer.body.len() / 2,
            TruncateAt::Head | TruncateAt::Body => head.len() / 2,
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
