//! Rate limits and quotas that are stored after the program ends.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::endpoint::Method;
use crate::types::timestamp::Timestamp;

/// A limit that Spotify has reported with 429, and its end. Until then, the client does not send the requests to which
/// it applies.
///
/// A [`TokenStore`](crate::TokenStore) keeps it for the other programs of the app, and for the next run. serde converts
/// it to and from JSON, which contains no secrets.
///
/// ```
/// use tonearm::auth::{Cooldown, CooldownKind};
///
/// let json = r#"{"kind":"quota","method":"GET","path":"/me","until":"2026-07-01T13:00:00Z"}"#;
/// let cooldown: Cooldown = serde_json::from_str(json)?;
/// assert!(matches!(&cooldown.kind, CooldownKind::Quota { path, .. } if path == "/me"));
/// assert_eq!(serde_json::to_string(&cooldown)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cooldown {
    /// The requests to which it applies.
    #[serde(flatten)]
    pub kind: CooldownKind,
    /// Its end, by the clock of this machine.
    pub until: Timestamp,
    /// The time at which Spotify reported it, by the same clock; `None` if a store has not kept it. If this is in the
    /// future, the clock was wrong, and the limit is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// The longest plausible time until the end of a limit without `since`. A longer time means that the clock was wrong.
/// Spotify has sent limits of up to ten days.
const PLAUSIBLE: Duration = Duration::from_secs(31 * 86_400);
/// The tolerated difference between the clocks of machines that share a store.
const SKEW: Duration = Duration::from_secs(60);

/// The requests to which a [`Cooldown`] applies.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CooldownKind {
    /// All requests of the app to the Web API: the rate limit of the app.
    Rate,
    /// The requests to one endpoint: the quota of the endpoint for apps in development mode.
    #[non_exhaustive]
    Quota {
        /// The method of the endpoint.
        method: Method,
        /// The path of the endpoint, such as `/artists/{id}/albums`.
        path: Cow<'static, str>,
    },
    /// The token requests to the accounts service.
    TokenEndpoint,
}

impl Cooldown {
    /// Adds it to the cool-downs of a store. If there is one of the same kind, the later end is kept. Cool-downs that
    /// have ended are removed.
    ///
    /// ```
    /// use tonearm::auth::Cooldown;
    ///
    /// let of_token_endpoint = |until: &str| {
    ///     let json = format!(r#"{{"kind":"token_endpoint","until":"{until}"}}"#);
    ///     serde_json::from_str::<Cooldown>(&json)
    /// };
    /// let mut stored = vec![of_token_endpoint("2026-07-01T13:00:00Z")?];
    /// of_token_endpoint("2026-07-01T14:00:00Z")?.merge_into(&mut stored);
    /// assert!(stored.is_empty(), "both have ended");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn merge_into(&self, stored: &mut Vec<Cooldown>) {
        let now = Timestamp::now();
        stored.retain(|other| other.is_active(now));
        match stored.iter_mut().find(|other| other.kind == self.kind) {
            _ if !self.is_active(now) => {}
            Some(other) if other.until < self.until => *other = self.clone(),
            Some(_) => {}
            None => stored.push(self.clone()),
        }
    }

    /// Returns whether it has not ended, and its times are plausible.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        let left = self.left(now);
        let is_plausible = match self.since {
            Some(since) => until(now, since) <= SKEW,
            None => left <= PLAUSIBLE,
        };
        !left.is_zero() && is_plausible
    }

    /// Returns the time until its end.
    pub(super) fn left(&self, now: Timestamp) -> Duration {
        until(now, self.until)
    }
}

/// Returns the time from `now` to a later moment, or zero.
fn until(now: Timestamp, later: Timestamp) -> Duration {
    let millis = later.unix_millis().saturating_sub(now.unix_millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// A store of limits for other programs and for the next run. It logs its errors.
pub(crate) trait CooldownStore: Send + Sync {
    fn load(&self) -> Vec<Cooldown>;
    fn save(&self, cooldown: &Cooldown);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cooldown_is_active_until_its_end_if_that_is_plausible() {
        let now = Timestamp::now();
        let at = |millis| Timestamp::from_unix_millis(now.unix_millis() + millis);
        let (month, year) = (31 * 86_400_000, 366 * 86_400_000);
        for (millis, since, is_active) in [
            (-1, None, false),
            (0, None, false),
            (1, None, true),
            (month, None, true),
            (month + 1, None, false),
            (year, Some(0), true),
            (-1, Some(-1000), false),
            // The clock of another machine is slightly ahead, and the local clock was set back.
            (1000, Some(60_000), true),
            (1000, Some(60_001), false),
            (year, Some(year - 1000), false),
        ] {
            let kind = CooldownKind::Rate;
            let cooldown = Cooldown { kind, until: at(millis), since: since.map(at) };
            assert_eq!(cooldown.is_active(now), is_active, "{millis} {since:?}");
        }
    }

    #[test]
    fn cooldowns_are_flat_objects() {
        for json in [
            r#"{"kind":"rate","until":"2026-07-01T13:00:00Z"}"#,
            r#"{"kind":"quota","method":"PUT","path":"/me/tracks","until":"2026-07-01T13:00:00Z"}"#,
            r#"{"kind":"token_endpoint","until":"2026-07-01T13:00:00Z","since":"2026-07-01T12:00:00Z"}"#,
        ] {
            let cooldown: Cooldown = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&cooldown).unwrap(), json);
        }
        for (json, problem) in [
            (
                r#"{"kind":"quota","path":"/me","until":"2026-07-01T13:00:00Z"}"#,
                "missing field `method`",
            ),
            (
                r#"{"kind":"pace","until":"2026-07-01T13:00:00Z"}"#,
                "unknown variant `pace`, expected one of `rate`, `quota`, `token_endpoint`",
            ),
        ] {
            let error = serde_json::from_str::<Cooldown>(json).unwrap_err();
            assert!(error.to_string().starts_with(problem), "{error}");
        }
    }
}
