//! Error responses of Spotify, and what they mean.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::RateLimitKind;
use crate::endpoint::{Availability, Endpoint};
use crate::types::display::{Escaped, Quoted};

/// An error response of Spotify.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let Err(Error::NotFound(error)) = spotify.skip_to_next().send() else { unreachable!() };
/// assert_eq!(error.reason.as_deref(), Some("NO_ACTIVE_DEVICE"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError {
    /// The call: `get_me`.
    pub endpoint: Cow<'static, str>,
    /// The HTTP status code.
    pub status: u16,
    /// Spotify's message: that of its JSON, or the beginning of another body.
    pub message: String,
    /// Spotify's code for the cause, where it sends one: `QUOTA_EXCEEDED`, `NO_ACTIVE_DEVICE`.
    pub reason: Option<String>,
    /// How long to wait, from the header `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The body as it came.
    pub body: Box<[u8]>,
    /// Whether a write may have happened: after a status of 500 or above.
    pub may_have_taken_effect: bool,
    pub(crate) meaning: Meaning,
    /// Whether the request can be sent again without harm.
    pub(crate) is_idempotent: bool,
}

/// What a response that is no success means. This is the only place that judges a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The endpoint is not available to this app.
    Unavailable,
    Scope,
    UserNotRegistered,
    OwnerWithoutPremium,
    NotPlaylistOwner,
    Unauthorized,
    InvalidClient,
    Forbidden,
    NotFound,
    RateLimit(RateLimitKind),
    /// A page size that this app may not request, and the maximum of an app in development mode, where it has its own.
    InvalidLimit {
        development_max: Option<i64>,
    },
    /// A failure at Spotify that may pass.
    ServerFault,
    Other,
}

impl Meaning {
    /// What a response that is no success means, for a request of this endpoint.
    pub(crate) fn of(endpoint: &Endpoint, status: u16, body: &ErrorBody) -> Self {
        let message = body.message.to_ascii_lowercase();
        let may_be_unavailable = endpoint.availability == Availability::Legacy
            && (names_nothing(&message, body.is_json) || endpoint.unavailable_status == 404);
        match Meaning::of_status(status, body) {
            Meaning::Forbidden => Meaning::of_forbidden(endpoint, &message, body.is_json),
            Meaning::NotFound if may_be_unavailable => Meaning::Unavailable,
            Meaning::Other if status == 400 && message == "invalid limit" => {
                let limit = endpoint.params.iter().find(|param| param.key == "limit");
                let development_max = limit.and_then(|limit| limit.development_max);
                Meaning::InvalidLimit { development_max }
            }
            meaning => meaning,
        }
    }

    /// What a response that is no success means, whatever was requested.
    pub(crate) fn of_status(status: u16, body: &ErrorBody) -> Self {
        match status {
            401 => Meaning::Unauthorized,
            403 => Meaning::Forbidden,
            404 => Meaning::NotFound,
            429 => Meaning::RateLimit(match body.reason.as_deref() {
                Some("QUOTA_EXCEEDED") => RateLimitKind::Quota,
                _ => RateLimitKind::Rate,
            }),
            500 | 502 | 503 | 504 => Meaning::ServerFault,
            _ => Meaning::Other,
        }
    }

    /// Only the message of a 403 says what it means.
    fn of_forbidden(endpoint: &Endpoint, message: &str, is_json: bool) -> Self {
        // A proxy may return 403 too, with a text of its own.
        let is_bare = is_json && message.trim_end_matches('.') == "forbidden";
        let is_owner_only = endpoint.params.iter().any(|param| param.owner_only);
        if message.contains("client scope") {
            Meaning::Scope
        } else if message.contains("registered") {
            Meaning::UserNotRegistered
        } else if message.contains("premium") && message.contains("owner") {
            Meaning::OwnerWithoutPremium
        } else if is_bare && endpoint.availability != Availability::All {
            Meaning::Unavailable
        } else if is_owner_only
            && (is_bare || message.contains("you don't own") || message.contains("do not own"))
        {
            Meaning::NotPlaylistOwner
        } else {
            Meaning::Forbidden
        }
    }
}

/// Whether a 404 says nothing about what is missing. An app that may not call an endpoint may get a 404 for the
/// endpoint itself; where the app may call it, Spotify names the object that it has not found.
fn names_nothing(message: &str, is_json: bool) -> bool {
    !is_json || matches!(message.trim_end_matches('.'), "" | "not found" | "service not found")
}

/// What an error body says: `{"error": {"message", "reason"}}`, the accounts service's
/// `{"error": "…", "error_description": "…"}`, plain text, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct ErrorBody {
    pub(crate) message: String,
    pub(crate) reason: Option<String>,
    /// Whether both stood in JSON.
    pub(crate) is_json: bool,
}

impl ErrorBody {
    pub(crate) fn parse(body: &[u8]) -> Self {
        use serde_json::Value;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(String::from);
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let (message, reason) = match json.get("error") {
            Some(error @ Value::Object(_)) => {
                (text(error.get("message")), text(error.get("reason")))
            }
            error @ Some(Value::String(_)) => {
                (text(json.get("error_description")).or_else(|| text(error)), text(error))
            }
            _ => {
                let text = String::from_utf8_lossy(body.get(..400).unwrap_or(body));
                return ErrorBody { message: text.trim().into(), reason: None, is_json: false };
            }
        };
        ErrorBody { message: message.unwrap_or_default(), reason, is_json: true }
    }
}

impl ApiError {
    /// An error without its body, of a request that changes nothing.
    pub(crate) fn new(
        endpoint: Cow<'static, str>,
        status: u16,
        meaning: Meaning,
        ErrorBody { message, reason, .. }: ErrorBody,
        retry_after: Option<Duration>,
    ) -> Self {
        ApiError {
            endpoint,
            status,
            message,
            reason,
            retry_after,
            body: Box::default(),
            may_have_taken_effect: false,
            meaning,
            is_idempotent: true,
        }
    }

    /// Writes what Spotify reported, without advice.
    pub(super) fn write_reported(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Spotify answered {}", self.status)?;
        if !self.message.is_empty() {
            write!(f, ", {}", Quoted(&self.message))?;
        }
        match &self.reason {
            Some(reason) if *reason != self.message => {
                write!(f, ", reason {}", Escaped(reason, 80))
            }
            _ => Ok(()),
        }
    }

    /// Whether Spotify's words say no more than its status.
    fn is_bare(&self) -> bool {
        let words = self.message.trim_end_matches('.');
        words.is_empty() || words.eq_ignore_ascii_case("forbidden")
    }
}

impl Display for ApiError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.meaning == Meaning::InvalidClient {
            return write!(
                f,
                "{}: Spotify does not take the client id with this secret, {}; compare both with its dashboard",
                self.endpoint,
                Quoted(&self.message)
            );
        }
        write!(f, "{}: ", self.endpoint)?;
        self.write_reported(f)?;
        let advice = match (self.meaning, self.status) {
            (Meaning::UserNotRegistered, _) => {
                "the user of the token is not on the app's list: add them in the app's dashboard, under User Management"
            }
            (Meaning::OwnerWithoutPremium, _) => {
                "the owner of the app needs a Premium subscription, which counts some hours after it begins"
            }
            (Meaning::NotPlaylistOwner, _) => {
                "the playlist is somebody else's: in development mode an app may use those that the user owns or takes part in"
            }
            (Meaning::InvalidLimit { development_max: Some(max) }, _) => {
                return write!(
                    f,
                    "; an app in development mode gets at most {max} items in a page: set `limit` to {max} or less"
                );
            }
            (_, 300..=399) => "redirects are not followed: check the base URL",
            (_, 401) => "the token is missing, wrong or expired: get a new one",
            (_, 403) if self.is_bare() => {
                "Spotify does not say why: look at the app and its users in the dashboard"
            }
            (_, 403) => "Spotify does not let this app or this user do it",
            (_, 404) => "there is no such thing, or not for this app and this user",
            (_, 429) => match self.retry_after {
                Some(wait) => {
                    return write!(f, "; wait {} s before the next request", wait.as_secs());
                }
                None => "wait before the next request",
            },
            (_, 500 | 502 | 503 | 504) if self.may_have_taken_effect && !self.is_idempotent => {
                "a fault at Spotify: it may have happened all the same, so look before you try again"
            }
            (_, 500 | 502 | 503 | 504) => "a fault at Spotify: try again in a while",
            (_, 400..=499) => {
                "the request is not as Spotify wants it: look at what the call was given"
            }
            _ => return Ok(()),
        };
        write!(f, "; {advice}")
    }
}

impl std::error::Error for ApiError {}
