//! Faults as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::fake::faults::fail_all::Failure;
use crate::fake::faults::fault::{Fault, Reply, TruncateAt};
use crate::json::value::Value;

/// A step of a script: `"normal"`, or a [`Fault`] as its name, or as an object with its name and its arguments, or one of
/// these for several requests.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JsonFault {
    Normal,
    RateLimited(JsonRateLimit),
    RateLimitedWithoutHeader,
    QuotaExceeded,
    Status(u16),
    RespondBeforeProcessing(JsonReply),
    RespondAfterProcessing(JsonReply),
    Redirect(JsonRedirect),
    ResetBeforeProcessing,
    ResetAfterProcessing,
    TruncateBeforeProcessing(JsonTruncateAt),
    TruncateAfterProcessing(JsonTruncateAt),
    HangBeforeProcessing,
    HangAfterProcessing,
    BrokenGzip,
    Gzip,
    Slow(JsonSlow),
    Repeat(JsonRepeat),
}

/// A step for several requests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonRepeat {
    times: u16,
    step: Box<JsonFault>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonRateLimit {
    retry_after: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonRedirect {
    location: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonSlow {
    pause_ms: u32,
    bytes: usize,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JsonTruncateAt {
    StatusLine,
    Head,
    Body,
}

/// A response. A body that is text is sent as it is; any other value as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonReply {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
}

/// The names of [`Failure`].
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JsonFailure {
    UserNotRegistered,
    OwnerWithoutPremium,
    UserWithoutPremium,
}

impl From<JsonFailure> for Failure {
    fn from(failure: JsonFailure) -> Self {
        match failure {
            JsonFailure::UserNotRegistered => Failure::UserNotRegistered,
            JsonFailure::OwnerWithoutPremium => Failure::OwnerWithoutPremium,
            JsonFailure::UserWithoutPremium => Failure::UserWithoutPremium,
        }
    }
}

impl JsonFault {
    /// Returns the number of requests and the fault, which is `None` for a normal response.
    pub(crate) fn step(self) -> Result<(u16, Option<Fault>), String> {
        match self {
            JsonFault::Repeat(JsonRepeat { times, step }) => Ok((times, step.fault()?)),
            step => Ok((1, step.fault()?)),
        }
    }

    /// Returns the fault; `None` for a normal response.
    pub(crate) fn fault(self) -> Result<Option<Fault>, String> {
        Ok(Some(match self {
            JsonFault::Normal => return Ok(None),
            JsonFault::Repeat(_) => {
                return Err("expected a fault or `normal`, found `repeat`".to_owned());
            }
            JsonFault::RateLimited(JsonRateLimit { retry_after }) => {
                Fault::RateLimited { retry_after }
            }
            JsonFault::RateLimitedWithoutHeader => Fault::RateLimitedWithoutHeader,
            JsonFault::QuotaExceeded => Fault::QuotaExceeded,
            JsonFault::Status(status) => Fault::Status(checked(status)?),
            JsonFault::RespondBeforeProcessing(reply) => {
                Fault::RespondBeforeProcessing(reply.reply()?)
            }
            JsonFault::RespondAfterProcessing(reply) => {
                Fault::RespondAfterProcessing(reply.reply()?)
            }
            JsonFault::Redirect(JsonRedirect { location }) => {
                Fault::Redirect { location: header_value("location", location)? }
            }
            JsonFault::ResetBeforeProcessing => Fault::ResetBeforeProcessing,
            JsonFault::ResetAfterProcessing => Fault::ResetAfterProcessing,
            JsonFault::TruncateBeforeProcessing(at) => Fault::TruncateBeforeProcessing(at.into()),
            JsonFault::TruncateAfterProcessing(at) => Fault::TruncateAfterProcessing(at.into()),
            JsonFault::HangBeforeProcessing => Fault::HangBeforeProcessing,
            JsonFault::HangAfterProcessing => Fault::HangAfterProcessing,
            JsonFault::BrokenGzip => Fault::BrokenGzip,
            JsonFault::Gzip => Fault::Gzip,
            JsonFault::Slow(JsonSlow { pause_ms, bytes }) => {
                Fault::Slow { pause: Duration::from_millis(pause_ms.into()), bytes }
            }
        }))
    }
}

impl From<JsonTruncateAt> for TruncateAt {
    fn from(at: JsonTruncateAt) -> Self {
        match at {
            JsonTruncateAt::StatusLine => TruncateAt::StatusLine,
            JsonTruncateAt::Head => TruncateAt::Head,
            JsonTruncateAt::Body => TruncateAt::Body,
        }
    }
}

impl JsonReply {
    fn reply(self) -> Result<Reply, String> {
        let mut reply = Reply::new(checked(self.status)?);
        for (name, value) in self.headers {
            let is_name =
                |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            if name.is_empty() || !name.bytes().all(is_name) {
                return Err(format!("`headers`: expected the name of a header, found `{name}`"));
            }
            reply = reply.header(&name, header_value(&name, value)?);
        }
        Ok(match self.body {
            None => reply,
            Some(Value::Text(text)) => reply.body(text.as_str()),
            Some(json) => reply.body(json.to_json()),
        })
    }
}

fn checked(status: u16) -> Result<u16, String> {
    match status {
        200..=599 => Ok(status),
        _ => Err(format!("`status`: expected a status code from 200 to 599, found {status}")),
    }
}

fn header_value(name: &str, value: String) -> Result<String, String> {
    if value.chars().any(char::is_control) {
        return Err(format!("`{name}`: expected a header value without control characters"));
    }
    Ok(value)
}
