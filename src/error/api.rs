//! Answers of Spotify's that are no success, and what they mean.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::endpoint::{Availability, Endpoint, EndpointScopes};
use crate::transport::rate_limit::RateLimitKind;
use crate::types::id::{Escaped, Quoted};
use crate::types::scope::{Scope, Scopes};
use crate::types::timestamp::Timestamp;

/// An answer of Spotify's that is no success.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// if let Err(Error::NotFound(refusal)) = spotify.skip_to_next().send() {
///     assert_eq!(refusal.reason.as_deref(), Some("NO_ACTIVE_DEVICE"));
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError {
    /// The call: `get_me`.
    pub endpoint: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// Spotify's own words: the `message` of its JSON, or the beginning of a body that is none.
    pub message: Box<str>,
    /// Spotify's own word for the cause, where it gives one: `QUOTA_EXCEEDED`, `NO_ACTIVE_DEVICE`.
    pub reason: Option<Box<str>>,
    /// How long to wait, from the header `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The body as it came.
    pub body: Box<[u8]>,
    /// Whether a write may have happened all the same: after a fault of Spotify's (500 and above).
    pub may_have_taken_effect: bool,
    pub(crate) meaning: Meaning,
    /// Whether it does no harm to send it again.
    pub(crate) is_idempotent: bool,
}

/// What a refusal means. Of a 403 only the message tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The endpoint is closed to this app.
    Unavailable,
    Scope,
    UserNotRegistered,
    OwnerWithoutPremium,
    NotPlaylistOwner,
    /// What the status says, or what nobody knows.
    Other,
}

impl Meaning {
    /// What a status and a message mean for a request of this row. `is_json` says whether the message
    /// stood where Spotify puts it.
    pub(crate) fn of(row: &Endpoint, status: u16, message: &str, is_json: bool) -> Self {
        let message = message.to_ascii_lowercase();
        // A proxy on the way may say so too, in words of its own.
        let is_bare = is_json && message.trim_end_matches('.') == "forbidden";
        // An app that may not call an endpoint may not see it either. Where there is one, Spotify names
        // what it has not found.
        let names_nothing = !is_json
            || matches!(message.trim_end_matches('.'), "" | "not found" | "service not found");
        let is_owned = row.params.iter().any(|param| param.owner_only);
        let is_open = row.availability == Availability::All;
        match status {
            404 if row.availability == Availability::Legacy
                && (names_nothing || row.unavailable_status == 404) =>
            {
                Meaning::Unavailable
            }
            403 if message.contains("client scope") => Meaning::Scope,
            403 if message.contains("registered") => Meaning::UserNotRegistered,
            403 if message.contains("premium") && message.contains("owner") => {
                Meaning::OwnerWithoutPremium
            }
            403 if is_bare && !is_open => Meaning::Unavailable,
            403 if is_bare && is_owned => Meaning::NotPlaylistOwner,
            403 if is_owned
                && (message.contains("you don't own") || message.contains("do not own")) =>
            {
                Meaning::NotPlaylistOwner
            }
            _ => Meaning::Other,
        }
    }
}

impl ApiError {
    /// What Spotify said, without advice.
    fn said(&self, f: &mut Formatter<'_>) -> fmt::Result {
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
        write!(f, "{}: ", self.endpoint)?;
        self.said(f)?;
        match (self.meaning, self.status, self.retry_after) {
            (Meaning::UserNotRegistered, ..) => f.write_str(
                "; the user of the token is not on the app's list: add them in the app's dashboard, under User Management",
            ),
            (Meaning::OwnerWithoutPremium, ..) => f.write_str(
                "; the owner of the app needs a Premium subscription, which counts some hours after it begins",
            ),
            (Meaning::NotPlaylistOwner, ..) => f.write_str(
                "; the playlist is somebody else's: in development mode an app may use those that the user owns or takes part in",
            ),
            (_, 300..=399, _) => f.write_str("; redirects are not followed: check the base URL"),
            (_, 401, _) => {
                f.write_str("; the token is missing, wrong or expired: get a new one")
            }
            (_, 403, _) if self.is_bare() => f.write_str(
                "; Spotify does not say why: look at the app and its users in the dashboard",
            ),
            (_, 403, _) => f.write_str("; Spotify does not let this app or this user do it"),
            (_, 404, _) => {
                f.write_str("; there is no such thing, or not for this app and this user")
            }
            (_, 429, Some(wait)) => {
                write!(f, "; wait {} s before the next request", wait.as_secs())
            }
            (_, 429, None) => f.write_str("; wait before the next request"),
            (_, 500 | 502 | 503 | 504, _) if self.may_have_taken_effect && !self.is_idempotent => f.write_str(
                "; a fault at Spotify: it may have happened all the same, so look before you try again",
            ),
            (_, 500 | 502 | 503 | 504, _) => {
                f.write_str("; a fault at Spotify: try again in a while")
            }
            (_, 400..=499, _) => {
                f.write_str("; the request is not as Spotify wants it: look at what the call was given")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

/// Too many requests: Spotify has said so, or the client keeps to what Spotify has said before.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::fake::Fault;
/// use tonearm::{Error, RateLimitKind};
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// server.script("/me").then(Fault::QuotaExceeded);
/// match spotify.get_me().send() {
///     Err(Error::RateLimited(limited)) => {
///         assert_eq!(limited.kind, RateLimitKind::Quota);
///         println!("go on at {}", limited.until);
///     }
///     other => unreachable!("{other:?}"),
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct RateLimited {
    /// The call: `get_artist_albums`.
    pub endpoint: Cow<'static, str>,
    /// Which limit it is.
    pub kind: RateLimitKind,
    /// How long Spotify asks to wait, counted from when this error was made; none if it does not say.
    pub retry_after: Option<Duration>,
    /// The moment from which on it may go on, by this machine's clock. Where Spotify does not say, it is a
    /// guess.
    pub until: Timestamp,
    /// What Spotify said; none if nothing was sent.
    pub api_error: Option<ApiError>,
    /// Whether the client itself keeps the pace.
    is_pace: bool,
}

impl RateLimited {
    /// Spotify has just said so.
    pub(crate) fn new(kind: RateLimitKind, api_error: ApiError) -> Self {
        let wait = api_error.retry_after.unwrap_or_else(|| kind.unnamed());
        RateLimited {
            endpoint: api_error.endpoint.clone(),
            kind,
            retry_after: api_error.retry_after,
            until: after(wait),
            api_error: Some(api_error),
            is_pace: false,
        }
    }

    /// Spotify has said so before.
    pub(crate) fn remembered(call: Cow<'static, str>, kind: RateLimitKind, wait: Duration) -> Self {
        RateLimited {
            endpoint: call,
            kind,
            retry_after: Some(wait),
            until: after(wait),
            api_error: None,
            is_pace: false,
        }
    }

    /// The client keeps below a rate by itself.
    pub(crate) fn paced(call: Cow<'static, str>, wait: Duration) -> Self {
        RateLimited { is_pace: true, ..RateLimited::remembered(call, RateLimitKind::Rate, wait) }
    }
}

fn after(wait: Duration) -> Timestamp {
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_unix_millis(Timestamp::now().unix_millis().saturating_add(millis))
}

impl Display for RateLimited {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let RateLimited { endpoint, kind, until, api_error, .. } = self;
        let until = Timestamp::from_unix_seconds(until.unix_seconds());
        match api_error {
            Some(refusal) => write!(f, "{refusal}")?,
            None if self.is_pace => write!(
                f,
                "{endpoint}: no more requests fit below `requests_per_30_seconds` until {until}; nothing was sent"
            )?,
            None => write!(
                f,
                "{endpoint}: Spotify has asked for no more requests until {until}; nothing was sent"
            )?,
        }
        match kind {
            RateLimitKind::Quota => {
                f.write_str("; it is the quota of this endpoint for apps in development mode")
            }
            RateLimitKind::Rate => Ok(()),
        }
    }
}

impl std::error::Error for RateLimited {}

/// An endpoint that is closed to this app, with no other way to say the call.
///
/// ```
/// use tonearm::{Error, QuotaMode, Spotify};
///
/// let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development).build()?;
/// match spotify.get_markets().send() {
///     Err(Error::EndpointUnavailable(closed)) => println!("closed since {}: {:?}", closed.since, closed.replacement),
///     other => unreachable!("{other:?}"),
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct EndpointUnavailable {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// Since when, as year, month and day.
    pub since: &'static str,
    /// What Spotify offers in its place, if anything.
    pub replacement: Option<&'static str>,
    /// The call that stands in for it in an app in development mode, if there is one: `save_items`.
    pub fallback: Option<Cow<'static, str>>,
    /// What this call says and the other cannot: `added_at`. Without it the call would work.
    pub unsupported_option: Option<Cow<'static, str>>,
    /// What Spotify said; none if nothing was sent.
    pub api_error: Option<ApiError>,
    /// Whether the form is for the user of the token alone.
    is_owner_only: bool,
    availability: Availability,
}

impl EndpointUnavailable {
    pub(crate) fn new(
        row: &Endpoint,
        unsupported_option: Option<Cow<'static, str>>,
        api_error: Option<ApiError>,
    ) -> Self {
        let own = row.fallback.and_then(|form| row.params.get(form.owner_only?.param));
        EndpointUnavailable {
            endpoint: row.name.clone(),
            since: row.availability.since().unwrap_or_default(),
            replacement: row.replacement,
            fallback: row.fallback.map(|form| form.endpoint.name.clone()),
            is_owner_only: own.is_some_and(|own| Some(&own.name) == unsupported_option.as_ref()),
            unsupported_option,
            api_error,
            availability: row.availability,
        }
    }
}

impl Display for EndpointUnavailable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let EndpointUnavailable { endpoint, since, .. } = self;
        match self.availability {
            Availability::Legacy => write!(
                f,
                "{endpoint}: closed since {since} to all apps but those that had extended access before"
            )?,
            _ => write!(f, "{endpoint}: closed to apps in development mode since {since}")?,
        }
        match (&self.fallback, &self.unsupported_option, self.replacement) {
            (Some(form), Some(param), _) if self.is_owner_only => write!(
                f,
                "; `{form}`, which stands in for it, is about the user of the token, and `{param}` is somebody else"
            )?,
            (Some(form), Some(param), _) => write!(
                f,
                "; `{form}`, which stands in for it, takes no `{param}`: leave it out, and the call works"
            )?,
            (Some(form), None, _) => {
                write!(f, "; `QuotaMode::Auto` would call `{form}` in its place")?
            }
            (None, _, Some(replacement)) => write!(f, "; Spotify offers {replacement}")?,
            (None, _, None) => f.write_str("; Spotify offers nothing in its place")?,
        }
        match &self.api_error {
            Some(refusal) => {
                f.write_str("; ")?;
                refusal.said(f)
            }
            None => f.write_str("; nothing was sent"),
        }
    }
}

impl std::error::Error for EndpointUnavailable {}

/// A token that lacks a scope.
#[derive(Debug)]
#[non_exhaustive]
pub struct InsufficientScope {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The scopes that the call asks for.
    pub needed: EndpointScopes,
    /// The scopes that the token holds, where that is known.
    pub held: Option<Scopes>,
    /// What Spotify said; none if nothing was sent.
    pub api_error: Option<ApiError>,
}

impl Display for InsufficientScope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the token lacks a scope: needed ", self.endpoint)?;
        let EndpointScopes { required, alternative, conditional, .. } = &self.needed;
        let word = |scope: &Scope| format!("`{scope}`");
        let mut needed: Vec<String> = required.iter().map(word).collect();
        if !alternative.is_empty() {
            needed.push(alternative.iter().map(word).collect::<Vec<_>>().join(" or "));
        }
        let cases = conditional.iter();
        needed.extend(
            cases.map(|case| format!("{} {}", word(&case.scope), case.when.trim_end_matches('.'))),
        );
        match needed.is_empty() {
            true => f.write_str("one that the table does not know")?,
            false => f.write_str(&needed.join(", "))?,
        }
        match &self.held {
            Some(held) if held.is_empty() => f.write_str(", held none")?,
            Some(held) => write!(f, ", held `{held}`")?,
            None => {}
        }
        f.write_str("; log in again with it; ")?;
        match &self.api_error {
            Some(refusal) => refusal.said(f),
            None => f.write_str("nothing was sent"),
        }
    }
}

impl std::error::Error for InsufficientScope {}
