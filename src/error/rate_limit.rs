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
}

impl RateLimitKind {
    /// Returns the time that the client waits if Spotify sends no `Retry-After`.
    pub(crate) fn default_wait(self) -> Duration {
        match self {
            RateLimitKind::Rate => Duration::from_secs(5),
            RateLimitKind::Quota => Duration::from_secs(60),
        }
    }
}

/// Too many requests: Spotify returned 429, or a limit that it reported earlier has not ended.
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
    /// The wait that Spotify requests, from the creation of this error; `None` if it sends no `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The end of the limit, by this machine's clock; an estimate if Spotify sends no `Retry-After`.
    pub until: Timestamp,
    /// Spotify's error; `None` if nothing was sent.
    pub api_error: Option<ApiError>,
    /// Whether the limit is the client's `requests_per_30_seconds`, not one of Spotify's.
    is_pace: bool,
}

impl RateLimited {
    /// Spotify has returned 429.
    pub(crate) fn new(kind: RateLimitKind, api_error: ApiError) -> Self {
        let wait = api_error.retry_after.unwrap_or_else(|| kind.default_wait());
        let mut limited = RateLimited::unsent(api_error.call.clone(), Some(kind), wait);
        limited.retry_after = api_error.retry_after;
        limited.api_error = Some(api_error);
        limited
    }

    /// A limit that has not ended; without a kind it is `requests_per_30_seconds`.
    pub(crate) fn unsent(
        call: Cow<'static, str>,
        kind: Option<RateLimitKind>,
        wait: Duration,
    ) -> Self {
        let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let now = Timestamp::now().unix_millis();
        RateLimited {
            call,
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
        let RateLimited { call, kind, until, api_error, .. } = self;
        let until = Timestamp::from_unix_seconds(until.unix_seconds());
        match api_error {
            Some(error) => write!(f, "{error}")?,
            None if self.is_pace => write!(
                f,
                "{call}: `requests_per_30_seconds` allows no request until {until}; nothing was sent"
            )?,
            None => write!(f, "{call}: Spotify allows no request until {until}; nothing was sent")?,
        }
        match kind {
            RateLimitKind::Quota => {
                f.write_str("; this is the quota of the endpoint for apps in development mode")
            }
            RateLimitKind::Rate => Ok(()),
        }
    }
}

impl std::error::Error for RateLimited {}
