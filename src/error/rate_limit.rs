//! Rate limits and quotas.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::ApiError;
use crate::types::timestamp::Timestamp;

/// Which of Spotify's limits a 429 tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RateLimitKind {
    /// Requests of the app in any 30 seconds: it is over soon.
    Rate,
    /// Requests of a developer's apps in development mode to an endpoint: it may last a day.
    Quota,
}

impl RateLimitKind {
    /// How long the client waits if Spotify does not say.
    pub(crate) fn default_wait(self) -> Duration {
        match self {
            RateLimitKind::Rate => Duration::from_secs(5),
            // A quota is no matter of seconds; but nobody knows of how many.
            RateLimitKind::Quota => Duration::from_secs(60),
        }
    }
}

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
/// let Err(Error::RateLimited(limited)) = spotify.get_me().send() else { unreachable!() };
/// assert_eq!(limited.kind, RateLimitKind::Quota);
/// println!("continue at {}", limited.until);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
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
    /// Spotify has returned 429.
    pub(crate) fn new(kind: RateLimitKind, api_error: ApiError) -> Self {
        let wait = api_error.retry_after.unwrap_or_else(|| kind.default_wait());
        let mut limited = RateLimited::unsent(api_error.endpoint.clone(), Some(kind), wait);
        limited.retry_after = api_error.retry_after;
        limited.api_error = Some(api_error);
        limited
    }

    /// A known limit holds, or without one, the rate that the client keeps by itself.
    pub(crate) fn unsent(
        endpoint: Cow<'static, str>,
        kind: Option<RateLimitKind>,
        wait: Duration,
    ) -> Self {
        let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let now = Timestamp::now().unix_millis();
        RateLimited {
            endpoint,
            kind: kind.unwrap_or(RateLimitKind::Rate),
            retry_after: Some(wait),
            until: Timestamp::from_unix_millis(now.saturating_add(millis)),
            api_error: None,
            is_pace: kind.is_none(),
        }
    }
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
