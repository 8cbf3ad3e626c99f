//! Errors of logins, refreshes and token stores.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use crate::types::display::Quoted;

/// The user has to log in, because the client has no token that Spotify accepts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginRequired {
    /// The reason why the user has to log in.
    pub kind: LoginRequiredKind,
    /// Spotify's message, `Refresh token revoked`; empty if nothing was sent.
    pub message: String,
    /// The client id of the app.
    pub client_id: String,
    /// The call that needed the token: `get_me`; `None` if no call did, as in `Login::finish`.
    pub call: Option<Cow<'static, str>>,
}

/// The kind of a [`LoginRequired`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginRequiredKind {
    /// The store has no token: the user has never logged in, or Spotify rejected the stored one.
    NoToken,
    /// Spotify rejected the refresh token: it was revoked, is six months old, or was replaced by another.
    RefreshToken,
    /// Spotify rejected the authorization code: it was used, has expired, or belongs to another login.
    Code,
    /// The call needs the token of a user, and the client has the app's own token:
    /// [`client_credentials`](crate::SpotifyBuilder::client_credentials). Nothing was sent.
    AppToken,
}

impl Display for LoginRequired {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let message = Quoted(&self.message);
        if let Some(call) = &self.call {
            write!(f, "{call}: ")?;
        }
        match self.kind {
            LoginRequiredKind::NoToken => write!(
                f,
                "login required: expected a stored token of the app {}, found none; log in",
                Quoted(&self.client_id)
            ),
            LoginRequiredKind::RefreshToken => write!(
                f,
                "login required: Spotify rejected the refresh token: {message}; log in again"
            ),
            LoginRequiredKind::Code => write!(
                f,
                "login required: Spotify rejected the authorization code, which works once and for a short time: \
                 {message}; log in again"
            ),
            LoginRequiredKind::AppToken => write!(
                f,
                "expected the token of a user, found that of the app {}; log in with `App::login`, and build \
                 the client with `SpotifyBuilder::app`; nothing was sent",
                Quoted(&self.client_id)
            ),
        }
    }
}

impl std::error::Error for LoginRequired {}

/// A login that returned no token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginFailed {
    /// The kind of the failure.
    pub kind: LoginFailedKind,
    /// Spotify's error code, `access_denied`, or a description of the failure.
    pub message: String,
}

/// The kind of a [`LoginFailed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginFailedKind {
    /// The user did not consent, or Spotify ended the login. The message is Spotify's error code.
    Denied,
    /// The address belongs to another login: its `state` is not the one that was sent.
    WrongState,
    /// The text is not an address to which Spotify redirects the browser after a login.
    NoResponse,
    /// The user did not log in within `Login::timeout`.
    Timeout,
    /// The program cannot receive the code: the port is in use, or the user has no terminal to paste the address into.
    NoBrowser,
}

#[cfg(feature = "login")]
impl LoginFailed {
    pub(crate) fn error(kind: LoginFailedKind, message: impl Into<String>) -> super::Error {
        super::Error::LoginFailed(Box::new(LoginFailed { kind, message: message.into() }))
    }
}

impl Display for LoginFailed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let message = &self.message;
        match (self.kind, &**message) {
            (LoginFailedKind::Denied, "access_denied") => write!(
                f,
                "login: the user did not consent: {}; log in again and accept",
                Quoted(message)
            ),
            (LoginFailedKind::Denied, _) => {
                write!(f, "login: Spotify ended the login: {}; log in again", Quoted(message))
            }
            _ => write!(f, "login: {message}"),
        }
    }
}

impl std::error::Error for LoginFailed {}

/// An error of a token store. An implementation of [`TokenStore`](crate::TokenStore) creates it.
#[derive(Clone)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The stored data cannot be read as a token.
    Corrupt,
    /// The stored data is not a token, or belongs to another app. The store does not overwrite it.
    WrongClientId,
    /// A newer version of Tonearm wrote the stored data. The store does not overwrite it.
    NewerVersion,
    /// Another holder of the lock did not release it in time.
    Locked,
    /// The store cannot be reached, read or written.
    Failed,
}

impl StoreError {
    /// Creates an error with a message, which must not contain a secret.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        StoreError { kind, message: message.into(), cause: None }
    }

    /// Creates a [`StoreErrorKind::Failed`] with its cause, whose text becomes a part of the error's.
    ///
    /// ```
    /// use std::io;
    /// use tonearm::auth::{StoreError, StoreErrorKind};
    ///
    /// let cause = io::Error::other("no route");
    /// let error = StoreError::failed("the database cannot be reached", cause);
    /// assert_eq!(error.kind(), StoreErrorKind::Failed);
    /// assert_eq!(error.to_string(), "token store: the database cannot be reached (no route)");
    /// assert!(error.get_ref().is_some_and(|cause| cause.is::<io::Error>()));
    /// ```
    pub fn failed(
        message: impl Into<String>,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let cause = Some(cause.into().into());
        StoreError { cause, ..StoreError::new(StoreErrorKind::Failed, message) }
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns the cause that was passed to [`failed`](Self::failed), as [`std::io::Error::get_ref`] does.
    pub fn get_ref(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }
}

impl Display for StoreError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "token store: {}", self.message)?;
        match &self.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

// Like `Display`, because `main() -> Result<(), Box<dyn Error>>` prints it.
impl Debug for StoreError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "StoreError({self})")
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref()?.source()
    }
}
