//! What goes wrong between a client id and a valid token.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use crate::types::display::Quoted;

/// Nobody is logged in any more: only a person can help, by logging in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginRequired {
    /// What is of no use any more.
    pub cause: LoginRequiredCause,
    /// Spotify's own words, `Refresh token revoked`; empty if it was not asked.
    pub message: Box<str>,
    /// The app for which nobody is logged in.
    pub client_id: Box<str>,
}

/// Why somebody has to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginRequiredCause {
    /// Nothing is stored: nobody has logged in yet, or what was stored was of no use and is gone.
    NoToken,
    /// Spotify does not take the refresh token: revoked, six months old, or replaced by another.
    RefreshToken,
    /// Spotify does not take the authorization code: used, too old, or of another login.
    Code,
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
        }
    }
}

impl std::error::Error for LoginRequired {}

/// A login that came to no token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginFailed {
    /// What went wrong.
    pub problem: LoginProblem,
    /// Spotify's own word, `access_denied`, or what there is to say about the problem.
    pub message: Box<str>,
}

/// What went wrong in a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginProblem {
    /// The person did not consent, or Spotify ended the login: the message is its word for it.
    Refused,
    /// The answer belongs to another login, or to none: its `state` is not the one that was sent.
    WrongState,
    /// What was given is not the address to which Spotify sends the browser after the login.
    NoResponse,
    /// Nobody logged in within the time limit.
    TimedOut,
    /// The answer cannot be waited for: the port is taken, or there is no terminal to paste on.
    NoBrowser,
}

#[cfg(feature = "login")]
impl LoginFailed {
    pub(crate) fn error(
        problem: LoginProblem,
        message: impl Into<Box<str>>,
    ) -> crate::error::Error {
        crate::error::Error::Login(Box::new(LoginFailed { problem, message: message.into() }))
    }
}

impl Display for LoginFailed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let message = &self.message;
        match self.problem {
            LoginProblem::Refused if &**message == "access_denied" => write!(
                f,
                "login: the person did not consent, {}; log in again and agree",
                Quoted(message)
            ),
            LoginProblem::Refused => {
                write!(f, "login: Spotify ended it with {}; log in again", Quoted(message))
            }
            LoginProblem::WrongState
            | LoginProblem::NoResponse
            | LoginProblem::TimedOut
            | LoginProblem::NoBrowser => write!(f, "login: {message}"),
        }
    }
}

impl std::error::Error for LoginFailed {}

/// A store that did not do what it should. Made by stores, also by your own.
#[derive(Clone, Debug)]
pub struct StoreError {
    problem: StoreProblem,
    message: Box<str>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What is the matter with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreProblem {
    /// What is stored cannot be read as a token.
    Corrupt,
    /// What is stored is not ours, or of another app: it is not overwritten.
    WrongClientId,
    /// Another holder of the lock did not give it back in time.
    Locked,
    /// The store cannot be reached, read or written.
    Failed,
}

impl StoreError {
    /// An error with one sentence about it, which must hold no secret.
    pub fn new(problem: StoreProblem, message: impl Into<String>) -> Self {
        StoreError { problem, message: message.into().into(), source: None }
    }

    /// The store cannot be reached, read or written, for a reason of its own.
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
        StoreError {
            problem: StoreProblem::Failed,
            message: message.into().into(),
            source: Some(source.into().into()),
        }
    }

    /// What is the matter.
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
