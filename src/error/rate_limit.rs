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
        let RateLimited { call, kind, until, api_error, retry_after } = self;
        write!(f, "{call}: ")?;
        if let Some(error) = api_error {
            error.write_reported(f)?;
            f.write_str("; ")?;
        }
        match (kind, api_error) {
            (RateLimitKind::Pace, _) => f.write_str("the client's own limit is reached: ")?,
            (RateLimitKind::Quota, _) => f.write_str(
                "the app has used up its quota in development mode for this endpoint: ",
            )?,
            (RateLimitKind::Rate, None) => {
                f.write_str("Spotify has limited the requests of the app: ")?;
            }
            (RateLimitKind::Rate, Some(_)) => {}
        }
        write!(f, "wait until {until}")?;
        if retry_after.is_none() {
            f.write_str(" (an estimate: Spotify sent no `Retry-After`)")?;
        }
        f.write_str(if api_error.is_none() { "; nothing was sent" } else { "" })
    }
}

impl std::error::Error for RateLimited {}
