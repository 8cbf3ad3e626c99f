//! Error responses of Spotify, and what they mean.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::sync::LazyLock;
use std::time::Duration;

use memchr::memmem::Finder;

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
    pub call: Cow<'static, str>,
    /// The HTTP status code; that of the error in the body if Spotify sent an error with the status of a success.
    pub status: u16,
    /// Spotify's message: that in its JSON, or the beginning of another body.
    pub message: String,
    /// Spotify's code for the reason, if it sends one. The reasons of the player include `NO_ACTIVE_DEVICE`,
    /// `PREMIUM_REQUIRED`, `VOLUME_CONTROL_DISALLOW`, `DEVICE_NOT_CONTROLLABLE` and `UNKNOWN` (a restriction).
    /// `QUOTA_EXCEEDED` is that of a rate limit.
    pub reason: Option<String>,
    /// The time to wait before the next request, from the header `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The body as Spotify sent it, without the token of the request if the body repeats it.
    pub body: Vec<u8>,
    /// `true` if a write may have taken effect: after a status of 500 or above.
    pub may_have_taken_effect: bool,
    pub(crate) meaning: Meaning,
    /// `true` if the request is idempotent.
    pub(crate) is_idempotent: bool,
}

/// The meaning of an error response. Only this file interprets status codes.
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
    /// A temporary failure at Spotify.
    ServerFault,
    /// The accounts service rejected a token request.
    TokenRequest,
    Other,
}

impl Meaning {
    /// The meaning of an error response to a request of this endpoint.
    pub(crate) fn of(endpoint: &Endpoint, status: u16, body: &ErrorBody) -> Self {
        let message = body.message.to_ascii_lowercase();
        let may_be_unavailable = endpoint.availability == Availability::Legacy
            && (names_nothing(&message, body.is_json) || endpoint.unavailable_status == 404);
        match Meaning::of_status(status, body) {
            Meaning::Forbidden => Meaning::of_forbidden(endpoint, &message, body),
            Meaning::NotFound if may_be_unavailable => Meaning::Unavailable,
            Meaning::Other if status == 400 && message == "invalid limit" => {
                let limit = endpoint.params.iter().find(|param| param.key == "limit");
                let development_max = limit.and_then(|limit| limit.development_max);
                Meaning::InvalidLimit { development_max }
            }
            meaning => meaning,
        }
    }

    /// The meaning of a status code, for any request.
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

    /// The meaning of a 403, which depends on its message.
    fn of_forbidden(endpoint: &Endpoint, message: &str, body: &ErrorBody) -> Self {
        // Spotify also sends errors without a message, and empty bodies. A proxy may return 403 too, with another text.
        let is_bare = body.reason.is_none() && is_forbidden(message);
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
            && (is_bare && body.is_json
                || message.contains("you don't own")
                || message.contains("do not own"))
        {
            Meaning::NotPlaylistOwner
        } else {
            Meaning::Forbidden
        }
    }
}

/// Returns `true` if the message of a 403 contains no more than the status.
fn is_forbidden(message: &str) -> bool {
    let words = message.trim_end_matches('.');
    words.is_empty() || words.eq_ignore_ascii_case("forbidden")
}

/// Returns `true` if a 404 does not name the missing object. An app to which an endpoint is not available may get such
/// a 404 for the endpoint itself. If the endpoint is available, Spotify names the object that it has not found.
fn names_nothing(message: &str, is_json: bool) -> bool {
    !is_json || matches!(message.trim_end_matches('.'), "" | "not found" | "service not found")
}

const RESTRICTED: &str = "the player cannot do this now or on this device: `get_playback` returns the actions that it disallows";

/// The reasons of the player, the messages for which some responses have no reason, and what to do.
const PLAYER_REASONS: [(&str, &str, &str); 18] = [
    (
        "NO_ACTIVE_DEVICE",
        "no active device found",
        "no device of the user is active: pass the `device_id` of one, or transfer the playback to it",
    ),
    (
        "PREMIUM_REQUIRED",
        "premium required",
        "the user of the token needs a Premium subscription; if they have one, try again",
    ),
    ("UNKNOWN", "restriction violated", RESTRICTED),
    ("NO_PREV_TRACK", "", "there is no item before this one"),
    ("NO_NEXT_TRACK", "", "there is no item after this one"),
    ("NO_SPECIFIC_TRACK", "", "the requested item does not exist: check the URIs and the offset"),
    ("ALREADY_PAUSED", "", "the player is paused already"),
    ("NOT_PAUSED", "", "the player is not paused"),
    ("ALREADY_PLAYING", "", "the player plays it already"),
    ("NOT_PLAYING_LOCALLY", "", "the device itself is not playing: transfer the playback to it"),
    ("NOT_PLAYING_TRACK", "", "no item is playing: start the playback first"),
    ("NOT_PLAYING_CONTEXT", "", "no context is playing: start the playback of one first"),
    ("ENDLESS_CONTEXT", "", "the context has no end, so it cannot be shuffled"),
    ("CONTEXT_DISALLOW", "", "the context that is playing does not allow this"),
    (
        "RATE_LIMITED",
        "",
        "the user started too many items in a short time: wait before the next one",
    ),
    ("REMOTE_CONTROL_DISALLOW", "", "what is playing cannot be controlled from another device"),
    (
        "DEVICE_NOT_CONTROLLABLE",
        "",
        "the device cannot be controlled by apps: pass the `device_id` of another",
    ),
    ("VOLUME_CONTROL_DISALLOW", "", "apps cannot set the volume of the device"),
];

/// The parts of an error body: `{"error": {"message", "reason"}}`, the accounts service's
/// `{"error": "…", "error_description": "…"}`, plain text, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct ErrorBody {
    pub(crate) message: String,
    pub(crate) reason: Option<String>,
    /// `true` if the body is JSON.
    pub(crate) is_json: bool,
}

impl ErrorBody {
    /// The status in the body of an error that Spotify sent with the status of a success; that status if the body has none.
    pub(crate) fn status_in_success(body: &[u8], status: u16) -> Option<u16> {
        /// Such errors are shorter than this, and most successes are longer.
        const MOST: usize = 2048;
        static SEARCH: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"error\""));
        if body.len() > MOST || SEARCH.find(body).is_none() {
            return None;
        }
        let json: serde_json::Value = serde_json::from_slice(body).ok()?;
        let error = json.get("error").filter(|error| error.is_object())?;
        let inner = error.get("status").and_then(serde_json::Value::as_u64);
        let inner = inner.and_then(|status| u16::try_from(status).ok());
        Some(inner.filter(|status| (400..600).contains(status)).unwrap_or(status))
    }

    pub(crate) fn parse(body: &[u8]) -> Self {
        use serde_json::Value;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
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
        call: Cow<'static, str>,
        status: u16,
        meaning: Meaning,
        ErrorBody { message, reason, .. }: ErrorBody,
        retry_after: Option<Duration>,
    ) -> Self {
        ApiError {
            call,
            status,
            message,
            reason,
            retry_after,
            body: Vec::new(),
            may_have_taken_effect: false,
            meaning,
            is_idempotent: true,
        }
    }

    /// Writes what Spotify reported, without advice.
    pub(super) fn write_reported(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Spotify returned {}", self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", Quoted(&self.message))?;
        }
        match &self.reason {
            Some(reason) if *reason != self.message => {
                write!(f, ", reason {}", Escaped(reason, 80))
            }
            _ => Ok(()),
        }
    }

    /// The advice for an error of the player, by Spotify's reason or message.
    fn player_advice(&self) -> Option<&'static str> {
        let message = self.message.to_ascii_lowercase();
        let message = message
            .strip_prefix("player command failed")
            .map(|rest| rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.')));
        let known = PLAYER_REASONS.iter().find(|(reason, words, _)| {
            self.reason.as_deref() == Some(*reason)
                || (message == Some(*words) && !words.is_empty())
        });
        match known {
            Some((_, _, advice)) => Some(*advice),
            None if message.is_some() && self.status == 403 => Some(RESTRICTED),
            None => None,
        }
    }
}

impl Display for ApiError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.meaning == Meaning::InvalidClient {
            return write!(
                f,
                "{}: Spotify rejected the client id or the secret: {}; compare both with the app's dashboard",
                self.call,
                Quoted(&self.message)
            );
        }
        write!(f, "{}: ", self.call)?;
        self.write_reported(f)?;
        if let Some(advice) = self.player_advice() {
            return write!(f, "; {advice}");
        }
        let advice = match (self.meaning, self.status) {
            (Meaning::TokenRequest, _) => {
                "compare the client id and the redirect URI with the app's dashboard"
            }
            (Meaning::UserNotRegistered, _) => {
                "add the user of the token under User Management in the app's dashboard"
            }
            (Meaning::OwnerWithoutPremium, _) => {
                "the owner of the app needs a Premium subscription, which takes effect after some hours"
            }
            (Meaning::NotPlaylistOwner, _) => {
                "the app is in development mode, so the user must own the playlist or collaborate on it"
            }
            (Meaning::InvalidLimit { development_max: Some(max) }, _) => {
                return write!(
                    f,
                    "; set `limit` to {max} or less, the maximum in development mode"
                );
            }
            (_, 300..=399) => "the client does not follow redirects: check the base URL",
            (_, 401) => "the token is missing, invalid or expired: get a new one",
            (_, 403) if is_forbidden(&self.message) => {
                "Spotify gives no reason: check the app and its users in the dashboard"
            }
            (_, 403) => "Spotify does not allow this to the app or the user",
            (_, 404) if self.message.eq_ignore_ascii_case("device not found") => {
                "ids of devices can change: read them again with `get_devices`"
            }
            (_, 404) => "the object does not exist, or is not available to this app or user",
            // `RateLimited` has the time until which to wait.
            (_, 429) => return Ok(()),
            (_, 500..) if self.may_have_taken_effect && !self.is_idempotent => {
                "the write may have taken effect: check before you retry"
            }
            (_, 500 | 502 | 503 | 504) => "Spotify failed to process the request: retry later",
            (_, 400..=499) => "Spotify rejected the request: check the arguments",
            _ => return Ok(()),
        };
        write!(f, "; {advice}")
    }
}

impl std::error::Error for ApiError {}
