//! Provides the token of a request, and refreshes it once for all waiting threads.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ureq::http::HeaderValue;

use super::access_token::{AccessToken, ClockReading};
use super::accounts::Accounts;
use super::app::App;
use super::store::{Cooldowns, TokenStore};
use super::token::Token;
use crate::endpoint::{Endpoint, TokenKind};
use crate::error::{
    Error, LoginRequired, LoginRequiredKind, StoreError, StoreErrorKind, TransportError,
    TransportErrorKind,
};
use crate::transport::config::{Config, config_error};
use crate::transport::retry::Sleeper;
use crate::transport::{Cooldown, CooldownStore, Deadline, RateLimiter, Secrets, lock, spawn};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// The time between a failed refresh and the next attempt, while the token is valid.
const PAUSE: Duration = Duration::from_secs(5);
/// The maximum wait of a call for the refresh of a token that is still valid.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time without further refreshes for a 401, after Spotify has returned 401 for a refreshed token.
const IN_VAIN: Duration = Duration::from_secs(60);
/// The time after the deadline for which a call waits for the error of a store whose lock has the same deadline.
const GRACE: Duration = Duration::from_millis(800);
/// The number of seconds before the end of a login from which warnings are logged.
const LAST_WEEKS: i64 = 14 * 86_400;
/// The tolerated difference between the clocks of machines that share a store.
const SKEW_MILLIS: i64 = 60_000;

/// The source of the `Authorization` header.
pub(crate) enum Authenticator {
    /// An access token from the caller, which cannot be refreshed.
    Bare(HeaderValue),
    Refreshing(Arc<Refresher>),
}

/// The token of one request.
pub(crate) enum Bearer<'a> {
    Bare(&'a HeaderValue),
    Refreshed(Arc<AccessToken>),
}

impl Bearer<'_> {
    /// Returns the header value `Bearer …`.
    pub(crate) fn header(&self) -> &HeaderValue {
        match self {
            Bearer::Bare(header) => header,
            Bearer::Refreshed(token) => &token.header,
        }
    }

    /// Returns the scopes of the token, if they are known.
    pub(crate) fn scopes(&self) -> Option<&Scopes> {
        match self {
            Bearer::Bare(_) => None,
            Bearer::Refreshed(token) => token.scopes.as_ref(),
        }
    }
}

impl Authenticator {
    /// Uses the token of the user, from the store of the app.
    pub(crate) fn of_user(
        app: App,
        settings: &Config,
        retries: u32,
        sleeper: Option<Sleeper>,
    ) -> Result<Self, Error> {
        let source = Source::User { store: app.store.clone(), given: app.refresh_token.clone() };
        Authenticator::refreshing(&app, source, settings, retries, sleeper)
    }

    /// Uses a token of the app itself (client credentials).
    pub(crate) fn of_client(
        app: &App,
        settings: &Config,
        retries: u32,
        sleeper: Option<Sleeper>,
    ) -> Result<Self, Error> {
        if app.client_secret.is_none() {
            let problem = "expected the client secret, which Spotify requires for a token of the app itself, \
                           found none: set it with `App::client_secret`";
            return Err(config_error("client_credentials", problem.to_owned()));
        }
        Authenticator::refreshing(app, Source::Client, settings, retries, sleeper)
    }

    fn refreshing(
        app: &App,
        source: Source,
        settings: &Config,
        retries: u32,
        sleeper: Option<Sleeper>,
    ) -> Result<Self, Error> {
        let mut accounts = Accounts::new(app, settings.clone())?;
        (accounts.retries.most, accounts.retries.sleeper) = (retries, sleeper);
        Ok(Authenticator::Refreshing(Arc::new(Refresher {
            accounts,
            cooldowns: Arc::new(Cooldowns(app.store.clone())),
            source,
            current: RwLock::default(),
            state: Mutex::default(),
            done: Condvar::new(),
        })))
    }

    /// Returns an error if the endpoint requires a user's token, and this one belongs to the app.
    pub(crate) fn check(&self, endpoint: &Endpoint) -> Result<(), Error> {
        match self.refresher() {
            Some(Refresher { source: Source::Client, accounts, .. })
                if endpoint.token == TokenKind::User =>
            {
                Err(Error::LoginRequired(Box::new(LoginRequired {
                    kind: LoginRequiredKind::AppToken,
                    message: String::new(),
                    client_id: accounts.client_id.to_string(),
                    call: Some(endpoint.name.clone()),
                })))
            }
            _ => Ok(()),
        }
    }

    fn refresher(&self) -> Option<&Refresher> {
        match self {
            Authenticator::Bare(_) => None,
            Authenticator::Refreshing(refresher) => Some(refresher),
        }
    }

    /// Returns the token for the next request, and refreshes it if necessary.
    pub(crate) fn bearer(&self, deadline: Deadline) -> Result<Bearer<'_>, Error> {
        match self {
            Authenticator::Bare(header) => Ok(Bearer::Bare(header)),
            Authenticator::Refreshing(refresher) => {
                refresher.token(deadline).map(Bearer::Refreshed)
            }
        }
    }

    /// Returns the current token, to remove it from responses that repeat it.
    pub(crate) fn secrets(&self) -> Secrets {
        match self {
            Authenticator::Bare(header) => Secrets::new(Some(header), ""),
            Authenticator::Refreshing(refresher) => {
                let token = refresher.current();
                Secrets::new(token.as_ref().map(|token| &token.header), "")
            }
        }
    }

    /// Returns the store for the limits of the app.
    pub(crate) fn cooldowns(&self) -> Option<Arc<dyn CooldownStore>> {
        Some(self.refresher()?.cooldowns.clone())
    }

    /// Returns the limits of token requests that have not ended.
    pub(crate) fn token_cooldowns(&self) -> Vec<Cooldown> {
        let limits = self.refresher().map(|refresher| &refresher.accounts.retries.limits);
        limits.map_or_else(Vec::new, RateLimiter::cooldowns)
    }

    /// Returns the scopes of the current token, if they are known.
    pub(crate) fn held_scopes(&self) -> Option<Scopes> {
        self.refresher()?.current()?.scopes.clone()
    }

    /// Returns the token in the store, if it is a different one and fresh.
    pub(crate) fn stored(&self, held: &Bearer<'_>) -> Option<Bearer<'_>> {
        match (self, held) {
            (Authenticator::Refreshing(refresher), Bearer::Refreshed(held)) => {
                refresher.stored(held).map(Bearer::Refreshed)
            }
            _ => None,
        }
    }

    /// Returns another token for the retry after a 401, if available.
    pub(crate) fn after_unauthorized(
        &self,
        rejected: &Bearer<'_>,
        deadline: Deadline,
    ) -> Result<Option<Bearer<'_>>, Error> {
        match (self, rejected) {
            (Authenticator::Refreshing(refresher), Bearer::Refreshed(rejected)) => {
                if refresher.state().in_vain_until.is_some_and(|until| Instant::now() < until) {
                    return Ok(refresher.stored(rejected).map(Bearer::Refreshed));
                }
                let token = refresher.refreshed(Some(rejected), deadline.into())?;
                if token.access_token == rejected.access_token {
                    self.refused_again();
                    return Ok(None);
                }
                Ok(Some(Bearer::Refreshed(token)))
            }
            _ => Ok(None),
        }
    }

    /// Records that Spotify returned 401 for a refreshed token. For [`IN_VAIN`], a 401 causes no further refresh.
    pub(crate) fn refused_again(&self) {
        if let Some(refresher) = self.refresher() {
            refresher.state().in_vain_until = Some(Instant::now() + IN_VAIN);
        }
    }
}

/// The owner and the source of the token.
enum Source {
    Client,
    User {
        store: Arc<dyn TokenStore>,
        /// The token of [`App::refresh_token`], which is used if the store has no valid one.
        given: Option<Secret>,
    },
}

/// A token that one thread refreshes for all of them.
pub(crate) struct Refresher {
    accounts: Accounts,
    cooldowns: Arc<dyn CooldownStore>,
    source: Source,
    current: RwLock<Option<Arc<AccessToken>>>,
    state: Mutex<RefreshState>,
    done: Condvar,
}

/// The time limits of a refresh for which a call waits.
#[derive(Clone, Copy)]
struct Patience {
    /// The deadline of the call, and of the lock of the store.
    lock: Deadline,
    /// The end of retries.
    retries: Deadline,
}

impl From<Deadline> for Patience {
    fn from(deadline: Deadline) -> Self {
        Patience { lock: deadline, retries: deadline }
    }
}

/// The refresh that is running, and the outcome of the last one.
#[derive(Default)]
struct RefreshState {
    is_running: bool,
    /// True while it waits for the lock of the store.
    is_locking: bool,
    /// True if it makes no retries, because the token is valid.
    is_hasty: bool,
    /// The number of refreshes, by which a waiting thread recognizes its own.
    number: u64,
    /// The outcome of the last refresh, for the threads that waited for it.
    outcome: Option<Result<Arc<AccessToken>, Error>>,
    /// The earliest time of the next refresh while the token is valid.
    not_before: Option<Instant>,
    /// The earliest time of the next refresh for a 401, because the last one did not help.
    in_vain_until: Option<Instant>,
    /// A token that the store could not save, and the stored token at that time, whose refresh token may be revoked.
    unsaved: Option<(Token, Option<Token>)>,
    /// Refresh tokens that Spotify has rejected. They are not sent again.
    rejected: Vec<Secret>,
    /// The reason for the last rejection.
    rejection: Option<LoginRequired>,
}

impl Refresher {
    fn current(&self) -> Option<Arc<AccessToken>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn state(&self) -> MutexGuard<'_, RefreshState> {
        lock(&self.state)
    }

    fn token(self: &Arc<Self>, deadline: Deadline) -> Result<Arc<AccessToken>, Error> {
        let current = match self.current() {
            Some(token) => Some(token),
            None => self.loaded()?,
        };
        let now = ClockReading::now();
        let Some(token) = current.as_ref().filter(|token| token.is_valid(now)) else {
            return self.refreshed(current.as_ref(), deadline.into());
        };
        if token.is_fresh(now) {
            return Ok(Arc::clone(token));
        }
        // One thread waits for the refresh, while the others use the valid token.
        let state = self.state();
        if state.is_running || state.not_before.is_some_and(|moment| now.steady < moment) {
            return Ok(Arc::clone(token));
        }
        drop(state);
        // Leave time for the request of this call, and do not retry. A later call makes the next attempt.
        let wait = (deadline.left() / 2).min(PATIENCE).min(token.left(now));
        let patience =
            Patience { lock: Deadline::after(wait), retries: Deadline::after(Duration::ZERO) };
        match self.refreshed(Some(token), patience) {
            Err(error) if is_passing(&error) => {
                if !token.is_valid(ClockReading::now()) {
                    return self.refreshed(Some(token), deadline.into());
                }
                log::warn!(
                    "the token could not be refreshed, and is used until it expires: {error}"
                );
                self.state().not_before = Some(Instant::now() + PAUSE);
                Ok(Arc::clone(token))
            }
            refreshed => refreshed,
        }
    }

    /// Loads the token in the store, if it is valid. This needs no lock.
    fn loaded(&self) -> Result<Option<Arc<AccessToken>>, Error> {
        let Source::User { store, .. } = &self.source else { return Ok(None) };
        let Some(stored) = store.load()?.filter(|token| lasts(token, AccessToken::is_valid)) else {
            return Ok(None);
        };
        let token = Arc::new(AccessToken::new(&stored, ClockReading::now())?);
        // Another thread may have loaded one meanwhile.
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(Arc::clone(current.get_or_insert(token))))
    }

    fn stored(&self, held: &Arc<AccessToken>) -> Option<Arc<AccessToken>> {
        let Source::User { store, .. } = &self.source else { return None };
        let token = store.load().ok()??;
        let now = ClockReading::now();
        let token = AccessToken::new(&token, now).ok().filter(|token| token.is_fresh(now))?;
        (token.access_token != held.access_token).then(|| self.install(token))
    }

    /// Makes an access token the current one.
    fn install(&self, token: AccessToken) -> Arc<AccessToken> {
        let token = Arc::new(token);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&token));
        self.state().in_vain_until = None;
        token
    }

    /// Returns a token other than the stale one. The first call starts a thread that refreshes it, and all calls wait
    /// for the outcome. The refresh continues after the calls have ended: Spotify may have replaced the refresh token,
    /// and the new one must be stored.
    fn refreshed(
        self: &Arc<Self>,
        stale: Option<&Arc<AccessToken>>,
        patience: Patience,
    ) -> Result<Arc<AccessToken>, Error> {
        let is_other =
            |token: &Arc<AccessToken>| stale.is_none_or(|stale| !Arc::ptr_eq(stale, token));
        let mut state = self.state();
        loop {
            if !state.is_running {
                // Another thread may have refreshed it meanwhile.
                if let Some(token) = self.current().filter(is_other)
                    && token.is_valid(ClockReading::now())
                {
                    return Ok(token);
                }
                if patience.lock.left().is_zero() {
                    return Err(self.timeout());
                }
                state.is_running = true;
                state.is_locking = matches!(self.source, Source::User { .. });
                state.is_hasty = patience.retries.left().is_zero();
                state.number += 1;
                state.outcome = None;
                drop(state);
                self.start(stale, patience);
                state = self.state();
            }
            let number = state.number;
            let is_pending = |state: &mut RefreshState| state.is_running && state.number == number;
            let mut wait = patience.lock.left();
            loop {
                let waited = self.done.wait_timeout_while(state, wait, is_pending);
                let timeout;
                (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                if !timeout.timed_out() {
                    break;
                }
                if !state.is_locking || wait == GRACE {
                    return Err(self.timeout());
                }
                wait = GRACE;
            }
            let is_final = |outcome: &Result<Arc<AccessToken>, Error>| match outcome {
                Ok(token) => is_other(token),
                // This error came without retries. A call that cannot use the old token makes them.
                Err(error) if state.is_hasty && is_passing(error) => {
                    patience.retries.left().is_zero()
                }
                Err(_) => true,
            };
            if state.number == number
                && let Some(outcome) = state.outcome.as_ref().filter(|outcome| is_final(outcome))
            {
                return outcome.clone();
            }
        }
    }

    /// Refreshes the token on a separate thread.
    fn start(self: &Arc<Self>, stale: Option<&Arc<AccessToken>>, patience: Patience) {
        let refresher = Arc::clone(self);
        let stale_of_thread = stale.cloned();
        let started =
            spawn("tonearm-refresh", move || refresher.run(stale_of_thread.as_ref(), patience));
        if let Err(error) = started {
            log::warn!("the token is refreshed on the thread of the call: {error}");
            self.run(stale, patience);
        }
    }

    fn run(&self, stale: Option<&Arc<AccessToken>>, patience: Patience) {
        // The error of the threads that wait if this one panics.
        let message = "it panicked while the token was refreshed";
        let panicked = Error::from(StoreError::new(StoreErrorKind::Failed, message));
        let mut guard = RefreshGuard { refresher: self, outcome: Some(Err(panicked)) };
        let refreshed = self.refresh(stale, patience);
        if let Err(error) = &refreshed {
            log::debug!("the token was not refreshed: {error}");
        }
        guard.outcome = Some(refreshed);
    }

    /// Refreshes the token. Only one thread runs this at a time.
    fn refresh(
        &self,
        stale: Option<&Arc<AccessToken>>,
        patience: Patience,
    ) -> Result<Arc<AccessToken>, Error> {
        let token = match &self.source {
            Source::Client => self.accounts.client_credentials(patience.retries)?,
            Source::User { store, given } => {
                self.token_of_user(&**store, given.as_ref(), stale, patience)?
            }
        };
        if let Some(end) = token.login_expires_at()
            && end.unix_seconds().saturating_sub(Timestamp::now().unix_seconds()) < LAST_WEEKS
        {
            log::warn!(
                "the login expires at {end}, six months after the user logged in; log in again before that"
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
        patience: Patience,
    ) -> Result<Token, Error> {
        let is_other =
            |token: &Token| stale.is_none_or(|stale| stale.access_token != token.access_token);
        let is_usable = |token: &Token| is_other(token) && lasts(token, AccessToken::is_fresh);
        let lock = store.lock(patience.lock.instant());
        self.state().is_locking = false;
        let _lock = lock?;
        let mut stored = store.load()?;
        let unsaved = self.state().unsaved.take();
        if let Some((token, before)) = unsaved {
            // If the store has changed, keep its content: it is newer, or the user has logged out.
            if stored == before {
                stored = Some(self.saved(store, token, before)?);
            }
        }
        loop {
            if let Some(token) = stored.as_ref().filter(|token| is_usable(token)) {
                return Ok(token.clone());
            }
            let of_store = stored.as_ref().and_then(|token| token.refresh_token.as_ref());
            let rejected = self.state().rejected.clone();
            let Some(sent) =
                of_store.into_iter().chain(given).find(|token| !rejected.contains(token))
            else {
                return Err(self.log_in(stored.is_some()));
            };
            let prepared = store.prepare_save().map_err(Error::from);
            match prepared.and_then(|()| self.accounts.refresh(sent, patience.retries)) {
                Ok(token) => {
                    let before = stored.as_ref().filter(|_| of_store == Some(sent));
                    let token = token.completed(before, sent);
                    return self.saved(store, token, stored);
                }
                // Continue with another refresh token: from a program without the lock, or from the app.
                Err(Error::LoginRequired(why)) => {
                    self.forget(store, sent, *why);
                    stored = store.load()?;
                }
                Err(error) => {
                    let is_valid =
                        |token: &Token| is_other(token) && lasts(token, AccessToken::is_valid);
                    let valid = stored.filter(is_valid).filter(|_| is_passing(&error));
                    let token = valid.ok_or_else(|| error.clone())?;
                    log::warn!(
                        "the token could not be refreshed, and is used until it expires: {error}"
                    );
                    return Ok(token);
                }
            }
        }
    }

    /// Stores a token before it is used. If that fails, the next refresh tries again.
    fn saved(
        &self,
        store: &dyn TokenStore,
        token: Token,
        before: Option<Token>,
    ) -> Result<Token, Error> {
        // Set this first, because the store may panic.
        self.state().unsaved = Some((token.clone(), before));
        store.save(&token)?;
        let mut state = self.state();
        (state.unsaved, state.rejection) = (None, None);
        Ok(token)
    }

    /// Clears the store if it still has the rejected token, because the user may have logged in meanwhile.
    fn forget(&self, store: &dyn TokenStore, sent: &Secret, why: LoginRequired) {
        let cleared = store.load().and_then(|stored| match stored {
            Some(token) if token.refresh_token.as_ref() == Some(sent) => store.clear(),
            _ => Ok(()),
        });
        if let Err(error) = cleared {
            log::warn!(
                "a token that Spotify has rejected could not be removed from the store: {error}"
            );
        }
        let mut state = self.state();
        state.rejected.push(sent.clone());
        state.rejection = Some(why);
        drop(state);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Returns the error for a missing login, which is the last one from Spotify, if any.
    fn log_in(&self, is_stored: bool) -> Error {
        let last = self.state().rejection.clone();
        let message: &str = if is_stored { "the stored token has no refresh token" } else { "" };
        Error::LoginRequired(Box::new(last.unwrap_or_else(|| LoginRequired {
            kind: LoginRequiredKind::NoToken,
            message: message.into(),
            client_id: self.accounts.client_id.to_string(),
            call: None,
        })))
    }

    /// Returns the error of a call whose deadline is before the end of the refresh.
    fn timeout(&self) -> Error {
        let call = match self.source {
            Source::Client => "client_credentials",
            Source::User { .. } => "refresh_token",
        };
        Error::Transport(Box::new(TransportError {
            call: call.into(),
            server: self.accounts.base.origin().into(),
            kind: TransportErrorKind::Timeout,
            may_have_taken_effect: false,
            endpoint_ref: None,
            cause: "the `call_timeout` is over before the token is refreshed".to_owned(),
        }))
    }
}

/// Returns whether a stored token is valid or fresh. If it was received in the future, the clock was set back, and its
/// age is unknown.
fn lasts(token: &Token, is_lasting: fn(&AccessToken, ClockReading) -> bool) -> bool {
    let now = ClockReading::now();
    token.received_at.unix_millis() <= now.wall.unix_millis().saturating_add(SKEW_MILLIS)
        && AccessToken::new(token, now).is_ok_and(|token| is_lasting(&token, now))
}

/// Returns whether a valid token can be used in spite of this error of the refresh.
fn is_passing(error: &Error) -> bool {
    !matches!(error, Error::LoginRequired(_) | Error::InvalidClient(_) | Error::Config(_))
}

/// Ends a refresh, even if a custom store panicked.
struct RefreshGuard<'a> {
    refresher: &'a Refresher,
    outcome: Option<Result<Arc<AccessToken>, Error>>,
}

impl Drop for RefreshGuard<'_> {
    fn drop(&mut self) {
        let mut state = self.refresher.state();
        (state.is_running, state.is_locking) = (false, false);
        state.outcome = self.outcome.take();
        drop(state);
        self.refresher.done.notify_all();
    }
}
