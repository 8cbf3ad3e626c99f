//! Limits that outlast the program that has met them.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::retry_after::LONGEST;
use crate::endpoint::Method;
use crate::types::timestamp::Timestamp;

/// A limit that Spotify has reported with 429, and when it ends: until then the client sends none of the requests to
/// which it applies.
///
/// A [`TokenStore`](crate::TokenStore) keeps it for the other programs of the app, and for the next run. It converts to
/// and from JSON with serde, and contains no secret.
///
/// ```
/// use tonearm::auth::{Cooldown, CooldownKind};
///
/// let json = r#"{"kind":"quota","method":"GET","path":"/artists/{id}/albums","until":"2026-07-01T13:00:00Z"}"#;
/// let cooldown: Cooldown = serde_json::from_str(json)?;
/// assert!(matches!(&cooldown.kind, CooldownKind::Quota { path, .. } if path == "/artists/{id}/albums"));
/// assert_eq!(serde_json::to_string(&cooldown)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cooldown {
    /// The requests to which it applies.
    #[serde(flatten)]
    pub kind: CooldownKind,
    /// When it ends, by this machine's clock.
    pub until: Timestamp,
}

/// The requests to which a [`Cooldown`] applies.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CooldownKind {
    /// All requests of the app to the Web API: its rate limit.
    Rate,
    /// The requests to one endpoint: its quota for apps in development mode.
    #[non_exhaustive]
    Quota {
        /// The method of the endpoint.
        method: Method,
        /// The path of the endpoint, such as `/artists/{id}/albums`.
        path: Cow<'static, str>,
    },
    /// The requests for tokens to the accounts service.
    TokenEndpoint,
}

impl Cooldown {
    /// Adds it to those that a store has. Of two of the same kind the one that ends later stays; those that have ended
    /// are removed.
    ///
    /// ```
    /// use tonearm::auth::Cooldown;
    ///
    /// let of_token_endpoint = |until: &str| {
    ///     serde_json::from_str::<Cooldown>(&format!(r#"{{"kind":"token_endpoint","until":"{until}"}}"#))
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
            Some(other) => other.until = other.until.max(self.until),
            None => stored.push(self.clone()),
        }
    }

    /// Whether it has not ended, nor ends so late that a clock must have been wrong.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        let left = self.until.unix_millis().saturating_sub(now.unix_millis());
        u64::try_from(left).is_ok_and(|left| left > 0 && Duration::from_millis(left) <= LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cooldown_is_active_until_its_end_if_that_is_plausible() {
        let now = Timestamp::now();
        let longest = i64::try_from(LONGEST.as_millis()).unwrap();
        for (millis, is_active) in
            [(-1, false), (0, false), (1, true), (longest, true), (longest + 1, false)]
        {
            let until = Timestamp::from_unix_millis(now.unix_millis() + millis);
            let cooldown = Cooldown { kind: CooldownKind::Rate, until };
            assert_eq!(cooldown.is_active(now), is_active, "{millis}");
        }
    }
}
