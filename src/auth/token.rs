//! The token of a user, and its stored form.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{StoreError, StoreErrorKind};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// An access token, which is valid for an hour; a refresh token, valid until six months after the login; and the granted
/// scopes.
///
/// `Debug` hides its secrets.
///
/// ```
/// use tonearm::auth::Token;
///
/// let json = r#"{
///     "access_token": "BQ",
///     "expires_at": "2026-07-01T13:00:00Z",
///     "authorized_at": "2026-08-31T12:00:00Z"
/// }"#;
/// let expires = Token::from_json(json)?.login_expires_at();
/// assert_eq!(expires, "2027-02-28T12:00:00Z".parse().ok());
/// # Ok::<(), tonearm::auth::StoreError>(())
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
    /// Returns the access token, which the client sends with each request.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// Returns the refresh token; `None` for an app's own token.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// Returns the scopes that the user granted; `None` if they are not known.
    pub fn scopes(&self) -> Option<&Scopes> {
        self.scopes.as_ref()
    }

    /// Returns when the access token expires, by this machine's clock. The client refreshes it before.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Returns when the user logged in; `None` if the refresh token does not come from a login of this crate.
    pub fn authorized_at(&self) -> Option<Timestamp> {
        self.authorized_at
    }

    /// Returns when the login expires: six months after it, however often the token is refreshed. `None` if the time of
    /// the login is not known.
    ///
    /// Spotify does not send this time, so it is computed. In the two weeks before it, the client logs a warning.
    pub fn login_expires_at(&self) -> Option<Timestamp> {
        self.authorized_at.map(|at| at.plus_months(6))
    }

    /// Returns the token and its secrets as JSON, for your own [`TokenStore`](super::TokenStore).
    ///
    /// The fields are `access_token`, `refresh_token`, `scopes`, `expires_at`, `received_at` and `authorized_at`; a field
    /// without a known value is missing.
    pub fn to_json(&self) -> Secret {
        Secret::new(serde_json::to_string(&Stored::of(self)).unwrap_or_default())
    }

    /// Reads a token from the JSON of [`to_json`](Token::to_json).
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Corrupt`] if the text is not such JSON. The error contains no part of the text.
    pub fn from_json(text: &str) -> Result<Token, StoreError> {
        let stored: Stored = serde_json::from_str(text).map_err(|error| {
            // The message of serde may contain a part of the text.
            StoreError::new(
                StoreErrorKind::Corrupt,
                format!(
                    "expected a token as JSON, found invalid text at line {}, column {}; log in again to \
                     get a new token",
                    error.line(),
                    error.column()
                ),
            )
        })?;
        Ok(stored.into_token())
    }

    /// Sets the requested scopes if the response has none. RFC 6749 allows a server to omit the scopes if it has
    /// granted all requested ones.
    pub(super) fn with_default_scopes(self, requested: Scopes) -> Self {
        Token { scopes: self.scopes.or(Some(requested)), ..self }
    }

    /// Completes the token of a refresh with the values of the previous token that the response omits.
    pub(super) fn completed(self, before: Option<&Token>, sent: &Secret) -> Self {
        let scopes = self.scopes.filter(|scopes| !scopes.is_empty());
        Token {
            refresh_token: self.refresh_token.or_else(|| Some(sent.clone())),
            scopes: scopes.or_else(|| before.and_then(|token| token.scopes.clone())),
            authorized_at: before.and_then(|token| token.authorized_at),
            ..self
        }
    }
}

/// The stored form of a token. Its secrets are wiped when dropped.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    access_token: Zeroizing<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
    expires_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
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
        let hour_before = self.expires_at.unix_millis().saturating_sub(3_600_000);
        Token {
            access_token: secret(self.access_token),
            refresh_token: self.refresh_token.filter(|text| !text.is_empty()).map(secret),
            scopes: self.scopes.map(|scopes| Scopes::read(&scopes)),
            expires_at: self.expires_at,
            received_at: self.received_at.unwrap_or(Timestamp::from_unix_millis(hour_before)),
            authorized_at: self.authorized_at,
        }
    }
}
