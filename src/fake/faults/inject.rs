//! Sends the response of a request that meets a fault.

use std::io;
use std::time::Duration;

use super::fault::{Fault, Reply, TruncateAt};
use crate::fake::http::{Connection, Response, gzip, reason};

impl Fault {
    /// Returns the response that the fault defines; `None` if it sends nothing or the actual response.
    pub(crate) fn response(&self) -> Option<Response> {
        let limited = || Response::error(429, "API rate limit exceeded");
        Some(match self {
            Fault::RateLimited { retry_after } => {
                let is_over = retry_after.subsec_nanos() > 0;
                let seconds = retry_after.as_secs().saturating_add(is_over.into());
                limited().with_header("retry-after", seconds.to_string())
            }
            Fault::RateLimitedWithoutHeader => limited(),
            Fault::QuotaExceeded => {
                Response::empty(429).with_header("retry-after", "86207").with_body(QUOTA_EXCEEDED)
            }
            Fault::Status(status) => Response::error(*status, reason(*status)),
            Fault::RespondBeforeProcessing(Reply(response))
            | Fault::RespondAfterProcessing(Reply(response)) => response.clone(),
            Fault::Redirect { location } => {
                Response::empty(302).with_header("location", location.as_str())
            }
            Fault::BrokenGzip => {
                let mut body = gzip::packed(b"{}");
                body.truncate(body.len() / 2);
                body.extend(*b"\xffnot gzip any more");
                Response::empty(200).with_header("content-encoding", "gzip").with_body(body)
            }
            _ => return None,
        })
    }

    /// Applies the fault to a response, and returns the connection if it stays open. `actual` is the response to send, if
    /// there is one. `pause` waits, and returns `false` if the server stops.
    pub(crate) fn send(
        &self,
        mut connection: Connection,
        actual: Option<Response>,
        is_head: bool,
        pause: impl Fn(Duration) -> bool,
    ) -> io::Result<Option<Connection>> {
        // A request that was not processed has no response to truncate.
        let response = actual.unwrap_or_else(|| Response::empty(200).with_body(MADE_UP));
        match self {
            Fault::ResetBeforeProcessing | Fault::ResetAfterProcessing => {
                connection.reset();
                return Ok(None);
            }
            Fault::HangBeforeProcessing | Fault::HangAfterProcessing => {
                connection.wait_for_end();
                return Ok(None);
            }
            Fault::TruncateBeforeProcessing(at) | Fault::TruncateAfterProcessing(at) => {
                connection.write(&at.part_of(&response))?;
                connection.cut();
                return Ok(None);
            }
            Fault::Slow { pause: length, bytes } => {
                let response = response.to_bytes(is_head);
                let (slow, rest) = response.split_at(response.len().min(*bytes));
                for byte in slow {
                    if !pause(*length) {
                        return Ok(None);
                    }
                    connection.write(&[*byte])?;
                }
                connection.write(rest)?;
            }
            Fault::Gzip if !response.body.is_empty() => {
                let body = gzip::packed(&response.body);
                let response = response.with_header("content-encoding", "gzip").with_body(body);
                connection.write(&response.to_bytes(is_head))?;
            }
            _ => connection.write(&response.to_bytes(is_head))?,
        }
        Ok(Some(connection))
    }
}

impl TruncateAt {
    fn part_of(self, response: &Response) -> Vec<u8> {
        let head = response.head();
        let end = match self {
            TruncateAt::StatusLine => head.find('\r').unwrap_or(head.len()) / 2,
            TruncateAt::Body if !response.body.is_empty() => head.len() + response.body.len() / 2,
            TruncateAt::Head | TruncateAt::Body => head.len() / 2,
        };
        let mut bytes = response.to_bytes(false);
        bytes.truncate(end);
        bytes
    }
}

const QUOTA_EXCEEDED: &str =
    r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;

const MADE_UP: &str =
    r#"{"href":"made up","items":[],"limit":20,"next":null,"offset":0,"total":0}"#;
