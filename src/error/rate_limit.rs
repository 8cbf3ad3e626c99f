//! Rate limits and quotas.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::ApiError;
use crate::types::timestamp::Timestamp;

/// The kind of a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RateLimitKind {
    /// The limit of requests that the app may send in any 30 seconds. It lasts seconds.
    Rate,
    /// The limit of requests that a developer's apps in development mode may send to an endpoint. It may last a day.
    Quota,
    /// The client's own limit: [`requests_per_30_seconds`](crate::SpotifyBuilder::requests_per_30_seconds).
    Pace,
}

impl RateLimitKind {
    /// Returns the time that the client waits if Spotify sends no `Retry-After`.
    pub(crate) fn default_wait(self) -> Duration {
        match self {
            RateLimitKind::Rate | RateLimitKind::Pace => Duration::from_secs(5),
            RateLimitKind::Quota => Duration::from_secs(60),
        }
    }
}

/// Too many requests: Spotify returned 429, a limit that it reported earlier has not ended, or the client's own limit is
/// reached.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::fake::Fault;
/// use tonearm::Error;
/// use tonearm::error::RateLimitKind;
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
    pub call: Cow<'static, str>,
    /// The kind of the limit.
    pub kind: RateLimitKind,
    /// The time until the end of the limit, from the creation of this error; `None` if Spotify sends no `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The end of the limit, by this machine's clock, rounded up to a second; an estimate if Spotify sends no
    /// `Retry-After`.
    pub until: Timestamp,
    /// Spotify's error; `None` if nothing was sent.
    pub api_error: Option<ApiError>,
}

impl RateLimited {
    /// Spotify has returned 429.
    pub(crate) fn new(kind: RateLimitKind, api_error: ApiError) -> Self {
        let wait = api_error.retry_after.unwrap_or_else(|| kind.default_wait());
        let mut limited = RateLimited::unsent(api_error.call.clone(), kind, wait);
        limited.retry_after = api_error.retry_after;
        limited.api_error = Some(api_error);
        limited
    }

    /// A limit that has not ended.
    pub(crate) fn unsent(call: Cow<'static, str>, kind: RateLimitKind, wait: Duration) -> Self {
        let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let millis = Timestamp::now().unix_millis().saturating_add(millis);
        // Rounded up, so a request at this time succeeds.
        let seconds = millis.saturating_add(999).div_euclid(1000);
        RateLimited {
            call,
            kind,
            retry_after: Some(wait),
            until: Timestamp::from_unix_seconds(seconds),
            api_error: None,
        }
    }
}

impl Display for RateLimited {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let RateLimited { call, kind, until, api_error, .. } = self;
        match api_error {
            Some(error) => write!(f, "{error}")?,
            None if *kind == RateLimitKind::Pace => write!(
                f,
                "{call}: `requests_per_30_seconds` allows no request until {until}; nothing was sent"
            )?,
            None => write!(
                f,
                "{call}: after an earlier 429, Spotify allows no request until {until}; nothing was sent"
            )?,
        }
        match kind {
            RateLimitKind::Quota => {
                f.write_str("; this is the quota of the endpoint for apps in development mode")
            }
            RateLimitKind::Rate | RateLimitKind::Pace => Ok(()),
        }
    }
}

impl std::error::Error for RateLimited {}
