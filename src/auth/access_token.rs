//! Access tokens and their validity.

use std::time::{Duration, Instant};

use ureq::http::HeaderValue;

use super::token::Token;
use crate::error::Error;
use crate::transport::config::authorization;
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// The same moment by the wall clock, which is shared with other programs, and by the monotonic clock, which cannot be
/// set.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClockReading {
    pub(super) wall: Timestamp,
    pub(super) steady: Instant,
}

impl ClockReading {
    pub(super) fn now() -> Self {
        ClockReading { wall: Timestamp::now(), steady: Instant::now() }
    }
}

/// An access token that is ready to be sent.
pub(crate) struct AccessToken {
    pub(super) header: HeaderValue,
    pub(super) access_token: Secret,
    pub(super) scopes: Option<Scopes>,
    /// By the wall clock, which continues while the machine sleeps.
    expires_at: Timestamp,
    /// By the monotonic clock, which cannot be set.
    expires: Instant,
    /// The time before expiry at which it is refreshed.
    margin: Duration,
}

impl AccessToken {
    pub(super) fn new(token: &Token, now: ClockReading) -> Result<Self, Error> {
        let lifetime = millis_between(token.received_at, token.expires_at);
        let left = millis_between(now.wall, token.expires_at).min(lifetime);
        Ok(AccessToken {
            header: authorization(Some(token.access_token.reveal()))?,
            access_token: token.access_token.clone(),
            scopes: token.scopes.clone(),
            expires_at: token.expires_at,
            expires: now.steady + left,
            margin: (lifetime / 10).min(Duration::from_secs(60)),
        })
    }

    /// Returns whether it is valid and need not be refreshed yet. It checks both clocks, because the monotonic clock
    /// may stop while the machine sleeps, and the wall clock may be set.
    pub(super) fn is_fresh(&self, now: ClockReading) -> bool {
        self.lasts(now, self.margin)
    }

    pub(super) fn is_valid(&self, now: ClockReading) -> bool {
        self.lasts(now, Duration::ZERO)
    }

    fn lasts(&self, now: ClockReading, margin: Duration) -> bool {
        self.left(now) > margin
    }

    /// Returns the remaining time of validity, by the clock that gives the shorter time.
    pub(super) fn left(&self, now: ClockReading) -> Duration {
        let steady = self.expires.saturating_duration_since(now.steady);
        steady.min(millis_between(now.wall, self.expires_at))
    }
}

fn millis_between(from: Timestamp, to: Timestamp) -> Duration {
    let millis = to.unix_millis().saturating_sub(from.unix_millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a moment that is later by some seconds, separately for each clock.
    fn later(moment: ClockReading, wall: i64, steady: u64) -> ClockReading {
        let seconds = moment.wall.unix_millis() + wall * 1000;
        ClockReading {
            wall: Timestamp::from_unix_millis(seconds),
            steady: moment.steady + Duration::from_secs(steady),
        }
    }

    #[test]
    fn token_validity_uses_wall_and_steady_clocks() {
        let now = ClockReading::now();
        let expires_at = Timestamp::from_unix_millis(now.wall.unix_millis() + 3_600_000);
        let token = Token {
            access_token: "BQ".into(),
            refresh_token: None,
            scopes: None,
            expires_at,
            received_at: now.wall,
            authorized_at: None,
        };
        let pass = AccessToken::new(&token, now).unwrap();
        let states = [
            (0, 0, (true, true)),
            (3500, 3500, (true, true)),
            // In the last minute, it is refreshed although it is valid.
            (3550, 3550, (false, true)),
            (3601, 3601, (false, false)),
            // The clock was set back by a day while the program ran.
            (-86_400, 1800, (true, true)),
            (-82_000, 3550, (false, true)),
            (-82_000, 3601, (false, false)),
            // The machine and the monotonic clock slept, or the wall clock was set forward.
            (7200, 10, (false, false)),
        ];
        for (wall, steady, (is_fresh, is_valid)) in states {
            let then = later(now, wall, steady);
            assert_eq!(
                (pass.is_fresh(then), pass.is_valid(then)),
                (is_fresh, is_valid),
                "{wall} {steady}"
            );
        }
        // Stored by a clock that was a day ahead: valid no longer than the lifetime of a token.
        let behind = AccessToken::new(&token, later(now, -86_400, 0)).unwrap();
        assert!(!behind.is_valid(later(now, -80_000, 3601)));
    }
}
