//! From status, headers and bytes to a model or an [`Error`].

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::http::HeaderMap;

use super::rate_limit::{self, RateLimitKind};
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Endpoint, Method};
use crate::error::{
    ApiError, DecodeError, EndpointUnavailable, Error, InsufficientScope, JsonError, Meaning,
    RateLimited,
};
use crate::json::{buffers, decode, path};
use crate::types::timestamp::Timestamp;

/// What a server answered, undecoded.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let answer = spotify.get_me().send_raw()?;
/// assert_eq!(answer.status(), 200);
/// assert!(answer.header("Content-Type").is_some_and(|found| found.starts_with("application/json")));
/// println!("{}", String::from_utf8_lossy(answer.body()));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl RawResponse {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header by its name in any case; of several, the first, if it is plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers: names in small letters, values as bytes.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The body, decompressed.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as an owned list of bytes.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        rate_limit::retry_after(self.header("retry-after"), Timestamp::now())
    }

    /// Which limit a 429 tells of.
    pub(crate) fn limit(&self) -> RateLimitKind {
        match Words::of(&self.body).reason.as_deref() {
            Some("QUOTA_EXCEEDED") => RateLimitKind::Quota,
            _ => RateLimitKind::Rate,
        }
    }

    /// The answer if its status is a success, else the error that it is: of the call with this name, to
    /// a request of this row.
    pub(crate) fn success(self, call: &EndpointRef, row: &Endpoint) -> Result<Self, Error> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let limit = (self.status == 429).then(|| self.limit());
        let refusal = Box::new(self.refusal(call, row));
        Err(match (refusal.meaning, refusal.status) {
            (Meaning::Unavailable, _) => Error::EndpointUnavailable(Box::new(
                EndpointUnavailable::new(row, None, Some(*refusal)),
            )),
            (Meaning::Scope, _) => Error::InsufficientScope(Box::new(InsufficientScope {
                endpoint: call.name.clone(),
                needed: row.scopes.clone(),
                held: None,
                api_error: Some(*refusal),
            })),
            (Meaning::UserNotRegistered, _) => Error::UserNotRegistered(refusal),
            (Meaning::OwnerWithoutPremium, _) => Error::OwnerWithoutPremium(refusal),
            (Meaning::NotPlaylistOwner, _) => Error::NotPlaylistOwner(refusal),
            (Meaning::Other, 401) => Error::Unauthorized(refusal),
            (Meaning::Other, 403) => Error::Forbidden(refusal),
            (Meaning::Other, 404) => Error::NotFound(refusal),
            (Meaning::Other, 429) => Error::RateLimited(Box::new(RateLimited::new(
                limit.unwrap_or(RateLimitKind::Rate),
                *refusal,
            ))),
            (Meaning::Other, _) => Error::Status(refusal),
        })
    }

    /// What an answer says that is no success.
    pub(crate) fn refusal(self, call: &EndpointRef, row: &Endpoint) -> ApiError {
        let Words { message, reason, is_json } = Words::of(&self.body);
        ApiError {
            endpoint: call.name.clone(),
            status: self.status,
            meaning: Meaning::of(row, self.status, &message, is_json),
            message,
            reason,
            retry_after: self.retry_after(),
            may_have_taken_effect: self.status >= 500 && row.method != Method::Get,
            is_idempotent: row.idempotent,
            body: self.body.into(),
        }
    }

    /// Whether it says that the row is closed to this app.
    pub(crate) fn is_closed(&self, row: &Endpoint) -> bool {
        if !matches!(self.status, 403 | 404) {
            return false;
        }
        let words = Words::of(&self.body);
        Meaning::of(row, self.status, &words.message, words.is_json) == Meaning::Unavailable
    }

    /// Decodes a successful answer into what the row returns, or the member of it that is named.
    pub(crate) fn decode<T: DeserializeOwned>(
        self,
        endpoint: &Endpoint,
        within: Option<&str>,
    ) -> Result<T, Error> {
        let decoded = decode::decode(&self.body, within, endpoint.returns_models());
        self.done(endpoint, decoded)
    }

    /// Decodes a successful answer into a type that we do not know.
    pub(crate) fn decode_as<T: DeserializeOwned>(self, endpoint: &Endpoint) -> Result<T, Error> {
        let decoded = decode::decode(&self.body, None, false);
        self.done(endpoint, decoded)
    }

    /// Decodes a list that must have a value for each id that was asked about.
    pub(crate) fn decode_list<T: DeserializeOwned>(
        self,
        endpoint: &Endpoint,
        within: Option<&str>,
        expected: usize,
    ) -> Result<Vec<T>, Error> {
        let decoded = decode::decode(&self.body, within, endpoint.returns_models());
        let decoded = decoded.and_then(|list: Vec<T>| match list.len() {
            found if found == expected => Ok(list),
            found => Err(serde::de::Error::custom(format_args!(
                "expected {expected} values, one for each id, found {found}"
            ))),
        });
        self.done(endpoint, decoded)
    }

    /// What was decoded, or the error that it is.
    fn done<T>(self, endpoint: &Endpoint, decoded: serde_json::Result<T>) -> Result<T, Error> {
        match decoded {
            Ok(value) => {
                buffers::release(self.body);
                Ok(value)
            }
            Err(error) => Err(self.undecodable(endpoint, error)),
        }
    }

    /// With no more memory than it needs, for a caller who keeps it.
    pub(crate) fn shrunk(mut self) -> Self {
        self.body.shrink_to_fit();
        self
    }

    fn undecodable(self, endpoint: &Endpoint, source: serde_json::Error) -> Error {
        let content_type =
            self.header("content-type").filter(|found| !found.contains("json")).map(Box::from);
        let text = std::str::from_utf8(&self.body).unwrap_or_default();
        Error::Decode(Box::new(DecodeError {
            endpoint: endpoint.name.clone(),
            status: self.status,
            path: path::of(text, &source),
            content_type,
            snippet: snippet(&self.body, &source),
            cause: JsonError(source),
            body: self.body.into(),
        }))
    }
}

impl Debug for RawResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &String::from_utf8_lossy(&self.body))
            .finish()
    }
}

/// Spotify's words in an error body: `{"error": {"message", "reason"}}`, the accounts service's
/// `{"error": "…", "error_description": "…"}`, plain text, or nothing.
pub(crate) struct Words {
    pub(crate) message: Box<str>,
    pub(crate) reason: Option<Box<str>>,
    /// Whether they stood in JSON.
    is_json: bool,
}

impl Words {
    pub(crate) fn of(body: &[u8]) -> Self {
        use serde_json::Value;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(Box::from);
        if let Ok(json) = serde_json::from_slice::<Value>(body) {
            match json.get("error") {
                Some(error @ Value::Object(_)) => {
                    return Words {
                        message: text(error.get("message")).unwrap_or_default(),
                        reason: text(error.get("reason")),
                        is_json: true,
                    };
                }
                error @ Some(Value::String(_)) => {
                    let described = text(json.get("error_description")).or_else(|| text(error));
                    return Words {
                        message: described.unwrap_or_default(),
                        reason: text(error),
                        is_json: true,
                    };
                }
                _ => {}
            }
        }
        let text = String::from_utf8_lossy(body.get(..400).unwrap_or(body));
        Words { message: text.trim().into(), reason: None, is_json: false }
    }
}

/// The part of a body around the place of an error.
fn snippet(body: &[u8], error: &serde_json::Error) -> Box<str> {
    let start = path::offset(body, error)
        .unwrap_or_else(|| std::str::from_utf8(body).err().map_or(0, |error| error.valid_up_to()));
    let start = start.saturating_sub(40);
    let part = body.get(start..).unwrap_or(body);
    let text = String::from_utf8_lossy(part.get(..80).unwrap_or(part));
    text.trim_matches('\u{fffd}').split_whitespace().collect::<Vec<_>>().join(" ").into()
}
