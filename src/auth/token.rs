//! A token of a user, and how it is stored.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{StoreError, StoreProblem};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// What Spotify gives for a login: an access token for an hour, a refresh token for six months, and
/// what the person permitted.
///
/// Its secrets do not print.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Scope;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let app = server.app();
/// let browser = server.browser();
/// let login = app.login([Scope::UserLibraryRead])?;
/// let token = login.finish(&browser.approve(&login.url())?)?;
/// assert!(token.scopes().is_some_and(|scopes| scopes.contains(&Scope::UserLibraryRead)));
/// println!("access until {}, login until {:?}", token.expires_at(), token.login_expires_at());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    pub(super) scopes: Option<Scopes>,
    pub(super) expires_at: Timestamp,
    pub(super) received_at: Timestamp,
    pub(super) authorized_at: Option<Timestamp>,
}

impl Token {
    /// What requests carry.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// What new access tokens are got with; none for a client's own token.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// The scopes that were granted; `None` where Spotify did not say.
    pub fn scopes(&self) -> Option<&Scopes> {
        self.scopes.as_ref()
    }

    /// When the access token ends, by this machine's clock. It is renewed before.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// When the person logged in; `None` for a refresh token that came from elsewhere.
    pub fn authorized_at(&self) -> Option<Timestamp> {
        self.authorized_at
    }

    /// When the login ends, six months after it, however often the token is renewed; `None` if the
    /// time of the login is not known.
    ///
    /// Spotify sends no such time. In the last two weeks before it the log has a warning.
    ///
    /// ```
    /// use tonearm::auth::Token;
    ///
    /// let token = Token::from_json(
    ///     r#"{"access_token": "BQ", "expires_at": "2026-07-01T13:00:00Z", "authorized_at": "2026-08-31T12:00:00Z"}"#,
    /// )?;
    /// assert_eq!(token.login_expires_at().map(|at| at.to_string()).as_deref(), Some("2027-02-28T12:00:00Z"));
    /// # Ok::<(), tonearm::auth::StoreError>(())
    /// ```
    pub fn login_expires_at(&self) -> Option<Timestamp> {
        self.authorized_at.map(|at| at.plus_months(6))
    }

    /// The token as JSON, for a store of your own. All of it, secrets included.
    ///
    /// The members are `access_token`, `refresh_token`, `scopes`, `expires_at`, `received_at` and
    /// `authorized_at`; those that are not known are left out.
    pub fn to_json(&self) -> Secret {
        let stored = Stored::of(self);
        // Nothing in it can fail to be JSON.
        Secret::new(serde_json::to_string(&stored).unwrap_or_default())
    }

    /// Reads what [`to_json`](Token::to_json) wrote.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] of the kind [`StoreProblem::Corrupt`], which holds nothing of the text.
    pub fn from_json(text: &str) -> Result<Token, StoreError> {
        let stored: Stored = serde_json::from_str(text).map_err(|error| {
            // serde's own words may hold a part of the text.
            StoreError::new(
                StoreProblem::Corrupt,
                format!(
                    "expected a token as JSON, found something else at line {}, column {}; log in again \
                     to get another",
                    error.line(),
                    error.column()
                ),
            )
        })?;
        Ok(stored.into_token())
    }
}

/// A token as it is stored. Text of secrets is wiped.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    access_token: Zeroizing<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Zeroizing<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authorized_at: Option<Timestamp>,
}

impl Stored {
    pub(super) fn of(token: &Token) -> Self {
        let text = |secret: &Secret| Zeroizing::new(secret.reveal().to_owned());
        Stored {
            access_token: text(&token.access_token),
            refresh_token: token.refresh_token.as_ref().map(text),
            scopes: token.scopes.as_ref().map(Scopes::to_string),
            expires_at: token.expires_at,
            received_at: Some(token.received_at),
            authorized_at: token.authorized_at,
        }
    }

    pub(super) fn into_token(self) -> Token {
        let secret = |text: Zeroizing<String>| Secret::new(text.as_str());
        let hour_before =
            Timestamp::from_unix_millis(self.expires_at.unix_millis().saturating_sub(HOUR_MILLIS));
        Token {
            access_token: secret(self.access_token),
            refresh_token: self.refresh_token.filter(|text| !text.is_empty()).map(secret),
            scopes: self.scopes.map(|scopes| {
                let Ok(scopes) = scopes.parse();
                scopes
            }),
            expires_at: self.expires_at,
            received_at: self.received_at.unwrap_or(hour_before),
            authorized_at: self.authorized_at,
        }
    }
}

const HOUR_MILLIS: i64 = 3_600_000;

/// A moment and a time after it.
pub(super) fn after(moment: Timestamp, time: Duration) -> Timestamp {
    let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_unix_millis(moment.unix_millis().saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let whole = r#"{"access_token":"BQ-a","refresh_token":"AQ-r","scopes":"streaming user-soa-link","expires_at":"2026-11-21T13:00:00Z","received_at":"2026-11-21T12:00:00.250Z","authorized_at":"2026-08-01T00:00:00Z"}"#;
        let token = Token::from_json(whole).unwrap();
        assert_eq!(token.to_json().reveal(), whole);
        assert_eq!(token.scopes().map(Scopes::len), Some(2));
        let least = r#"{"access_token":"BQ-a","expires_at":"2026-11-21T13:00:00Z"}"#;
        let token = Token::from_json(least).unwrap();
        assert!(token.refresh_token().is_none() && token.scopes().is_none());
        assert_eq!(token.received_at.to_string(), "2026-11-21T12:00:00Z");
        assert_eq!(token.login_expires_at(), None);
        let printed = format!("{token:?}");
        assert!(!printed.contains("BQ-a"), "{printed}");
    }

    #[test]
    fn text_that_is_no_token_is_told_without_its_words() {
        for text in ["", "{}", r#"{"access_token": "BQ-secret"}"#, r#"["BQ-secret"]"#, "BQ-secret"]
        {
            let error = Token::from_json(text).unwrap_err();
            assert_eq!(error.problem(), StoreProblem::Corrupt);
            assert!(!format!("{error} {error:?}").contains("BQ-secret"), "{error:?}");
        }
    }
}
