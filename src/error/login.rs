//! What goes wrong between a client id and a valid token.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use crate::types::display::Quoted;

/// Nobody is logged in any more: the user has to log in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginRequired {
    /// What Spotify rejected, if anything.
    pub cause: LoginRequiredCause,
    /// Spotify's message, `Refresh token revoked`; empty if nothing was sent.
    pub message: String,
    /// The app for which nobody is logged in.
    pub client_id: String,
    /// The call that needs the token of a user: `get_me`; only with [`LoginRequiredCause::AppToken`].
    pub endpoint: Option<Cow<'static, str>>,
}

/// Why the user has to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginRequiredCause {
    /// The store has no token: nobody has logged in yet, or Spotify rejected the one that was there.
    NoToken,
    /// Spotify rejected the refresh token: revoked, six months old, or replaced by another.
    RefreshToken,
    /// Spotify rejected the authorization code: used, too old, or of another login.
    Code,
    /// The call needs the token of a user, and the client has that of the app:
    /// [`client_credentials`](crate::SpotifyBuilder::client_credentials). Nothing was sent.
    AppToken,
}

impl Display for LoginRequired {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = Quoted(&self.message);
        match self.cause {
            LoginRequiredCause::NoToken => write!(
                f,
                "nobody is logged in: expected a stored token of the app {}, found none; log in with \
                 `App::login`",
                Quoted(&self.client_id)
            ),
            LoginRequiredCause::RefreshToken => write!(
                f,
                "Spotify does not take the refresh token any more, {words}; log in again with `App::login`"
            ),
            LoginRequiredCause::Code => write!(
                f,
                "Spotify does not take the authorization code, {words}; it can be used once and not for \
                 long: log in again with `App::login`"
            ),
            LoginRequiredCause::AppToken => write!(
                f,
                "{}: expected the token of a user, found that of the app {}; log in with `App::login`, and build \
                 the client with `SpotifyBuilder::app`; nothing was sent",
                self.endpoint.as_deref().unwrap_or_default(),
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
    /// What went wrong.
    pub problem: LoginProblem,
    /// Spotify's code, `access_denied`, or a description of the problem.
    pub message: String,
}

/// What went wrong in a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginProblem {
    /// The user did not consent, or Spotify ended the login: the message is its code.
    Refused,
    /// The address belongs to another login: its `state` is not the one that was sent.
    WrongState,
    /// The text is not an address to which Spotify sends the browser after a login.
    NoResponse,
    /// Nobody logged in within the time limit.
    TimedOut,
    /// The code cannot arrive: the port is in use, or there is no terminal to paste on.
    NoBrowser,
}

#[cfg(feature = "login")]
impl LoginFailed {
    pub(crate) fn error(problem: LoginProblem, message: impl Into<String>) -> super::Error {
        super::Error::Login(Box::new(LoginFailed { problem, message: message.into() }))
    }
}

impl Display for LoginFailed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let message = &self.message;
        match (self.problem, &**message) {
            (LoginProblem::Refused, "access_denied") => write!(
                f,
                "login: the person did not consent, {}; log in again and agree",
                Quoted(message)
            ),
            (LoginProblem::Refused, _) => {
                write!(f, "login: Spotify ended it with {}; log in again", Quoted(message))
            }
            _ => write!(f, "login: {message}"),
        }
    }
}

impl std::error::Error for LoginFailed {}

/// An error of a token store; a store of your own creates them too.
#[derive(Clone, Debug)]
pub struct StoreError {
    problem: StoreProblem,
    message: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// The kind of a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreProblem {
    /// The stored data cannot be read as a token.
    Corrupt,
    /// The stored data is not a token, or of another app: it is not overwritten.
    WrongClientId,
    /// The stored data was written by a newer version of Tonearm: it is not overwritten.
    NewerVersion,
    /// Another holder of the lock did not release it in time.
    Locked,
    /// The store cannot be reached, read or written.
    Failed,
}

impl StoreError {
    /// Creates an error with a message, which must not contain a secret.
    pub fn new(problem: StoreProblem, message: impl Into<String>) -> Self {
        StoreError { problem, message: message.into(), source: None }
    }

    /// Creates a [`StoreProblem::Failed`] with its cause.
    ///
    /// ```
    /// use tonearm::auth::{StoreError, StoreProblem};
    ///
    /// let error = StoreError::failed("the database cannot be reached", std::io::Error::other("no route"));
    /// assert_eq!(error.problem(), StoreProblem::Failed);
    /// assert_eq!(error.to_string(), "the token store: the database cannot be reached (no route)");
    /// ```
    pub fn failed(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let source = Some(source.into().into());
        StoreError { source, ..StoreError::new(StoreProblem::Failed, message) }
    }

    /// The kind of the error.
    pub fn problem(&self) -> StoreProblem {
        self.problem
    }
}

impl Display for StoreError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "the token store: {}", self.message)?;
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
