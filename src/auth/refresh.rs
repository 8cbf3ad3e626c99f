//! Where the token of a request comes from, and its refresh: once for all threads that wait.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ureq::http::HeaderValue;

use super::access_token::{AccessToken, ClockReading};
use super::accounts::Accounts;
use super::app::App;
use super::store::TokenStore;
use super::token::Token;
use crate::error::{Error, LoginRequired, LoginRequiredCause, TransportError, TransportKind};
use crate::transport::config::{Config, config_error};
use crate::transport::{Deadline, Secrets};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// How long a valid token that could not be refreshed is used before the next attempt.
const PAUSE: Duration = Duration::from_secs(5);
/// How many seconds before the end of a login the log has a warning.
const LAST_WEEKS: i64 = 14 * 86_400;
/// How far the clock of another machine that shares the store may be behind.
const SKEW_MILLIS: i64 = 60_000;

/// Where the header of a request comes from.
pub(crate) enum Authenticator {
    /// A token of the caller, of which nothing else is known.
    Bare(HeaderValue),
    Refreshing(Box<Refresher>),
}

/// The token that one request carries.
pub(crate) enum Bearer<'a> {
    Bare(&'a HeaderValue),
    Refreshed(Arc<AccessToken>),
}

impl Bearer<'_> {
    /// `Bearer …`
    pub(crate) fn header(&self) -> &HeaderValue {
        match self {
            Bearer::Bare(header) => header,
            Bearer::Refreshed(token) => &token.header,
        }
    }

    /// The scopes that the token is known to hold.
    pub(crate) fn scopes(&self) -> Option<&Scopes> {
        match self {
            Bearer::Bare(_) => None,
            Bearer::Refreshed(token) => token.scopes.as_ref(),
        }
    }
}

impl Authenticator {
    /// The user's token, from the store of the app.
    pub(crate) fn of_user(app: App, settings: &Config) -> Result<Self, Error> {
        let source = Source::User { store: app.store.clone(), given: app.refresh_token.clone() };
        Authenticator::refreshing(&app, source, settings)
    }

    /// The app's own token.
    pub(crate) fn of_client(app: &App, settings: &Config) -> Result<Self, Error> {
        if app.secret.is_none() {
            let problem = "expected the client secret, without which Spotify gives a client no token of its own, \
                           found none: set it with `App::secret`";
            return Err(config_error("client_credentials", problem.to_owned()));
        }
        Authenticator::refreshing(app, Source::Client, settings)
    }

    fn refreshing(app: &App, source: Source, settings: &Config) -> Result<Self, Error> {
        Ok(Authenticator::Refreshing(Box::new(Refresher {
            accounts: Accounts::new(app, settings.clone())?,
            source,
            current: RwLock::default(),
            state: Mutex::default(),
            done: Condvar::new(),
        })))
    }

    /// The token of the next request, refreshed if that is due.
    pub(crate) fn bearer(&self, deadline: Deadline) -> Result<Bearer<'_>, Error> {
        match self {
            Authenticator::Bare(header) => Ok(Bearer::Bare(header)),
            Authenticator::Refreshing(refresher) => {
                refresher.token(deadline).map(Bearer::Refreshed)
            }
        }
    }

    /// The token in use, which responses may repeat.
    pub(crate) fn secrets(&self) -> Secrets {
        match self {
            Authenticator::Bare(header) => Secrets::new(Some(header), ""),
            Authenticator::Refreshing(refresher) => {
                let token = refresher.current();
                Secrets::new(token.as_ref().map(|token| &token.header), "")
            }
        }
    }

    /// The scopes that the token in use is known to hold.
    pub(crate) fn held_scopes(&self) -> Option<Scopes> {
        match self {
            Authenticator::Bare(_) => None,
            Authenticator::Refreshing(refresher) => refresher.current()?.scopes.clone(),
        }
    }

    /// Another fresh token that is in the store by now.
    pub(crate) fn stored(&self, held: &Bearer<'_>) -> Option<Bearer<'_>> {
        match (self, held) {
            (Authenticator::Refreshing(refresher), Bearer::Refreshed(held)) => {
                refresher.stored(held).map(Bearer::Refreshed)
            }
            _ => None,
        }
    }

    /// The token of the request when it is sent again after a 401; `None` if there is no other.
    pub(crate) fn after_unauthorized(
        &self,
        refused: &Bearer<'_>,
        deadline: Deadline,
    ) -> Result<Option<Bearer<'_>>, Error> {
        match (self, refused) {
            (Authenticator::Refreshing(refresher), Bearer::Refreshed(refused)) => {
                let token = refresher.refreshed(Some(refused), deadline)?;
                let is_other = token.access_token != refused.access_token;
                Ok(is_other.then_some(Bearer::Refreshed(token)))
            }
            _ => Ok(None),
        }
    }
}

/// Whose token it is, and where it comes from.
enum Source {
    Client,
    User {
        store: Arc<dyn TokenStore>,
        /// A refresh token from elsewhere, for when the store has none.
        given: Option<Secret>,
    },
}

/// A token that one thread refreshes for all of them.
pub(crate) struct Refresher {
    accounts: Accounts,
    source: Source,
    current: RwLock<Option<Arc<AccessToken>>>,
    state: Mutex<RefreshState>,
    done: Condvar,
}

/// The refresh that is running, and the outcome of the last one.
#[derive(Default)]
struct RefreshState {
    is_running: bool,
    /// Counts refreshes, so a thread that waited knows its own.
    number: u64,
    /// Why the last one failed, for the threads that waited for it.
    failure: Option<Error>,
    /// No refresh before this, while the token is valid.
    not_before: Option<Instant>,
    /// A token that the store did not save: the one before it may be revoked.
    unsaved: Option<Token>,
    /// A refresh token that Spotify rejected, and its message: it is not sent again.
    dead: Option<(Secret, LoginRequired)>,
}

impl Refresher {
    fn current(&self) -> Option<Arc<AccessToken>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn state(&self) -> MutexGuard<'_, RefreshState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn token(&self, deadline: Deadline) -> Result<Arc<AccessToken>, Error> {
        let now = ClockReading::now();
        let Some(token) = self.current() else { return self.refreshed(None, deadline) };
        if token.is_fresh(now) {
            return Ok(token);
        }
        if !token.is_valid(now) {
            return self.refreshed(Some(&token), deadline);
        }
        // One thread refreshes it while the others use it.
        let state = self.state();
        if state.is_running || state.not_before.is_some_and(|moment| now.steady < moment) {
            return Ok(token);
        }
        drop(state);
        match self.refreshed(Some(&token), deadline) {
            Err(error) if is_passing(&error) && token.is_valid(ClockReading::now()) => {
                log::warn!("the token is not renewed yet and used as it is: {error}");
                self.state().not_before = Some(Instant::now() + PAUSE);
                Ok(token)
            }
            refreshed => refreshed,
        }
    }

    fn stored(&self, held: &Arc<AccessToken>) -> Option<Arc<AccessToken>> {
        let Source::User { store, .. } = &self.source else { return None };
        let token = store.load().ok()??;
        let now = ClockReading::now();
        let token = AccessToken::new(&token, now).ok().filter(|token| token.is_fresh(now))?;
        (token.access_token != held.access_token).then(|| self.install(token))
    }

    /// Uses an access token from now on.
    fn install(&self, token: AccessToken) -> Arc<AccessToken> {
        let token = Arc::new(token);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&token));
        token
    }

    /// Another token than the stale one. The first thread refreshes it, and the others wait for its outcome.
    fn refreshed(
        &self,
        stale: Option<&Arc<AccessToken>>,
        deadline: Deadline,
    ) -> Result<Arc<AccessToken>, Error> {
        let mut state = self.state();
        loop {
            let is_other =
                |token: &Arc<AccessToken>| stale.is_none_or(|stale| !Arc::ptr_eq(stale, token));
            if !state.is_running {
                // Another thread may have refreshed it meanwhile.
                if let Some(token) = self.current().filter(is_other)
                    && token.is_valid(ClockReading::now())
                {
                    return Ok(token);
                }
                break;
            }
            let number = state.number;
            let is_pending = |state: &mut RefreshState| state.is_running && state.number == number;
            let waited = self.done.wait_timeout_while(state, deadline.left(), is_pending);
            let timeout;
            (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            if timeout.timed_out() {
                let message = "another thread is still refreshing the token";
                return Err(self.transport_error(TransportKind::Timeout, message));
            }
            if state.number == number
                && let Some(failure) = &state.failure
            {
                return Err(failure.clone());
            }
        }
        state.is_running = true;
        state.number += 1;
        state.failure = None;
        drop(state);
        // The error of the threads that wait if this one panics.
        let message = "the thread that refreshed the token panicked";
        let panicked = self.transport_error(TransportKind::Broken, message);
        let mut guard = RefreshGuard { refresher: self, failure: Some(panicked) };
        let refreshed = self.refresh(stale, deadline);
        guard.failure = refreshed.as_ref().err().cloned();
        refreshed
    }

    /// Refreshes the token; one thread at a time.
    fn refresh(
        &self,
        stale: Option<&Arc<AccessToken>>,
        deadline: Deadline,
    ) -> Result<Arc<AccessToken>, Error> {
        let token = match &self.source {
            Source::Client => self.accounts.client_credentials(deadline)?,
            Source::User { store, given } => {
                self.token_of_user(&**store, given.as_ref(), stale, deadline)?
            }
        };
        if let Some(end) = token.login_expires_at()
            && end.unix_seconds().saturating_sub(Timestamp::now().unix_seconds()) < LAST_WEEKS
        {
            log::warn!(
                "the login ends at {end}, six months after it was made: log in again before"
            );
        }
        let token = self.install(AccessToken::new(&token, ClockReading::now())?);
        self.state().not_before = None;
        Ok(token)
    }

    fn token_of_user(
        &self,
        store: &dyn TokenStore,
        given: Option<&Secret>,
        stale: Option<&Arc<AccessToken>>,
        deadline: Deadline,
    ) -> Result<Token, Error> {
        let is_other =
            |token: &Token| stale.is_none_or(|stale| stale.access_token != token.access_token);
        let lasts = |token: &Token, is_lasting: fn(&AccessToken, ClockReading) -> bool| {
            let now = ClockReading::now();
            // The age of a token from the future is not known: the clock was set back.
            token.received_at.unix_millis() <= now.wall.unix_millis().saturating_add(SKEW_MILLIS)
                && AccessToken::new(token, now).is_ok_and(|token| is_lasting(&token, now))
        };
        let is_usable = |token: &Token| is_other(token) && lasts(token, AccessToken::is_fresh);
        // A program that starts needs no lock.
        if stale.is_none()
            && let Some(token) = store.load()?.filter(is_usable)
        {
            return Ok(token);
        }
        let _lock = store.lock(deadline.instant())?;
        let unsaved = self.state().unsaved.take();
        if let Some(token) = unsaved {
            return self.saved(store, token);
        }
        let stored = store.load()?;
        if let Some(token) = stored.as_ref().filter(|token| is_usable(token)) {
            return Ok(token.clone());
        }
        let of_store = stored.as_ref().and_then(|token| token.refresh_token.as_ref());
        let Some(sent) = of_store.or(given) else { return Err(self.log_in(stored.is_some())) };
        if let Some((dead, why)) = &self.state().dead
            && dead == sent
        {
            return Err(Error::LoginRequired(Box::new(why.clone())));
        }
        match self.accounts.refresh(sent, deadline) {
            Ok(token) => self.saved(store, token.completed(stored.as_ref(), sent)),
            Err(error) => {
                if let Error::LoginRequired(why) = &error {
                    self.forget(store, sent, why);
                }
                let is_valid =
                    |token: &Token| is_other(token) && lasts(token, AccessToken::is_valid);
                let valid = stored.filter(is_valid).filter(|_| is_passing(&error));
                let token = valid.ok_or_else(|| error.clone())?;
                log::warn!("the token is not renewed yet and used as it is: {error}");
                Ok(token)
            }
        }
    }

    /// Stores a token before it is used. If that fails, the next refresh stores it.
    fn saved(&self, store: &dyn TokenStore, token: Token) -> Result<Token, Error> {
        match store.save(&token) {
            Ok(()) => Ok(token),
            Err(error) => {
                self.state().unsaved = Some(token);
                Err(error.into())
            }
        }
    }

    /// Clears the store if it has the token that Spotify rejected: the user may have logged in meanwhile.
    fn forget(&self, store: &dyn TokenStore, sent: &Secret, why: &LoginRequired) {
        let cleared = store.load().and_then(|stored| match stored {
            Some(token) if token.refresh_token.as_ref() == Some(sent) => store.clear(),
            _ => Ok(()),
        });
        if let Err(error) = cleared {
            log::warn!("a token that Spotify does not take any more stays stored: {error}");
        }
        self.state().dead = Some((sent.clone(), why.clone()));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The error if nobody is logged in: the last one of Spotify, if any.
    fn log_in(&self, is_stored: bool) -> Error {
        let last = self.state().dead.as_ref().map(|(_, why)| why.clone());
        let message: &str = if is_stored { "what is stored has no refresh token" } else { "" };
        Error::LoginRequired(Box::new(last.unwrap_or_else(|| LoginRequired {
            cause: LoginRequiredCause::NoToken,
            message: message.into(),
            client_id: self.accounts.client_id.clone(),
        })))
    }

    fn transport_error(&self, kind: TransportKind, message: &str) -> Error {
        let source: Box<dyn std::error::Error + Send + Sync> = message.into();
        Error::Transport(Box::new(TransportError {
            endpoint: "refresh_token".into(),
            server: self.accounts.base.origin().into(),
            kind,
            may_have_taken_effect: false,
            endpoint_ref: None,
            source: source.into(),
        }))
    }
}

/// Whether a valid token can be used in spite of this error of its refresh.
fn is_passing(error: &Error) -> bool {
    !matches!(error, Error::LoginRequired(_) | Error::InvalidClient(_) | Error::Config(_))
}

/// Ends a refresh, also if a store of the caller panicked in it.
struct RefreshGuard<'a> {
    refresher: &'a Refresher,
    failure: Option<Error>,
}

impl Drop for RefreshGuard<'_> {
    fn drop(&mut self) {
        let mut state = self.refresher.state();
        state.is_running = false;
        state.failure = self.failure.take();
        drop(state);
        self.refresher.done.notify_all();
    }
}
