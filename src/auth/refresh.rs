//! Where the header of a request comes from, and how tokens are renewed: once for all who wait.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ureq::http::HeaderValue;

use super::accounts::{Accounts, ClockReading};
use super::app::App;
use super::shared::Shared;
use super::store::TokenStore;
use super::token::Token;
use crate::error::login::{LoginRequired, LoginRequiredCause};
use crate::error::{Error, TransportError, TransportKind};
use crate::transport::config::authorization;
use crate::transport::{Config, Deadline};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;
use crate::types::timestamp::Timestamp;

/// How long a token that could not be renewed, but is still good, is used before the next try.
const PAUSE: Duration = Duration::from_secs(5);
/// How long before the end of a login the log has a warning.
const LAST_WEEKS: i64 = 14 * 86_400;
/// How far the clock of another machine that shares the store may be behind.
const SKEW_MILLIS: i64 = 60_000;

/// Where the header of a request comes from.
pub(crate) enum Authenticator {
    /// A token that somebody gave, of which nothing else is known.
    Bare(HeaderValue),
    Refresher(Box<Refresher>),
}

/// What one request carries.
pub(crate) enum Bearer<'a> {
    Bare(&'a HeaderValue),
    Renewed(Arc<AccessToken>),
}

impl Bearer<'_> {
    /// `Bearer …`
    pub(crate) fn header(&self) -> &HeaderValue {
        match self {
            Bearer::Bare(header) => header,
            Bearer::Renewed(pass) => &pass.header,
        }
    }

    /// The scopes that the token is known to hold.
    pub(crate) fn scopes(&self) -> Option<&Scopes> {
        match self {
            Bearer::Bare(_) => None,
            Bearer::Renewed(pass) => pass.scopes.as_ref(),
        }
    }
}

impl Authenticator {
    /// The user's token, from the store of the app.
    pub(crate) fn of_user(app: App, settings: &Config) -> Result<Self, Error> {
        let source = Source::User { store: app.store.clone(), given: app.refresh_token.clone() };
        Refresher::new(&app, source, settings)
            .map(|renewing| Authenticator::Refresher(renewing.into()))
    }

    /// The app's own token.
    pub(crate) fn of_client(app: &App, settings: &Config) -> Result<Self, Error> {
        if app.secret.is_none() {
            let problem = "expected the client secret, without which Spotify gives a client no token of its own, \
                           found none: set it with `App::secret`";
            return Err(crate::transport::config::config_error(
                "client_credentials",
                problem.to_owned(),
            ));
        }
        Refresher::new(app, Source::Client, settings)
            .map(|renewing| Authenticator::Refresher(renewing.into()))
    }

    /// What the next request carries, renewed if that is due.
    pub(crate) fn pass(&self, deadline: Deadline) -> Result<Bearer<'_>, Error> {
        match self {
            Authenticator::Bare(header) => Ok(Bearer::Bare(header)),
            Authenticator::Refresher(renewing) => renewing.pass(deadline).map(Bearer::Renewed),
        }
    }

    /// The scopes that the token in use is known to hold.
    pub(crate) fn held(&self) -> Option<Scopes> {
        match self {
            Authenticator::Bare(_) => None,
            Authenticator::Refresher(renewing) => renewing.current()?.scopes.clone(),
        }
    }

    /// Another token that is in the store by now, if there is one that will do for a while.
    pub(crate) fn stored(&self, held: &Bearer<'_>) -> Option<Bearer<'_>> {
        match (self, held) {
            (Authenticator::Refresher(renewing), Bearer::Renewed(held)) => {
                renewing.stored(held).map(Bearer::Renewed)
            }
            _ => None,
        }
    }

    /// What the request carries when it is sent again after a 401; nothing if there is nothing else.
    pub(crate) fn another(
        &self,
        refused: &Bearer<'_>,
        deadline: Deadline,
    ) -> Result<Option<Bearer<'_>>, Error> {
        match (self, refused) {
            (Authenticator::Refresher(renewing), Bearer::Renewed(refused)) => {
                let pass = renewing.renewed(Some(refused), deadline)?;
                let is_other = pass.access_token != refused.access_token;
                Ok(is_other.then_some(Bearer::Renewed(pass)))
            }
            _ => Ok(None),
        }
    }
}

/// An access token that is ready to be used.
pub(crate) struct AccessToken {
    header: HeaderValue,
    access_token: Secret,
    scopes: Option<Scopes>,
    /// By the clock that others can read, and that goes on while the machine sleeps.
    ends_at: Timestamp,
    /// By the clock that nobody can set.
    ends: Instant,
    /// How long before its end it is renewed.
    margin: Duration,
}

impl AccessToken {
    fn new(token: &Token, now: ClockReading) -> Result<Self, Error> {
        let lifetime = millis_between(token.received_at, token.expires_at);
        let left = millis_between(now.wall, token.expires_at).min(lifetime);
        Ok(AccessToken {
            header: authorization(Some(token.access_token.reveal()))?,
            access_token: token.access_token.clone(),
            scopes: token.scopes.clone(),
            ends_at: token.expires_at,
            ends: now.steady + left,
            margin: (lifetime / 10).min(Duration::from_secs(60)),
        })
    }

    /// Whether it is good for a while: by both clocks, of which one may stand still and one be set.
    fn is_fresh(&self, now: ClockReading) -> bool {
        self.lasts(now, self.margin)
    }

    fn is_good(&self, now: ClockReading) -> bool {
        self.lasts(now, Duration::ZERO)
    }

    fn lasts(&self, now: ClockReading, margin: Duration) -> bool {
        self.ends.saturating_duration_since(now.steady) > margin
            && millis_between(now.wall, self.ends_at) > margin
    }
}

fn millis_between(from: Timestamp, to: Timestamp) -> Duration {
    let millis = to.unix_millis().saturating_sub(from.unix_millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
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

/// A token that is renewed by one thread for all of them.
pub(crate) struct Refresher {
    accounts: Accounts,
    client_id: Box<str>,
    source: Source,
    current: RwLock<Option<Arc<AccessToken>>>,
    flight: Mutex<RefreshState>,
    done: Condvar,
}

/// The renewal that is on its way, and what the last one left behind.
#[derive(Default)]
struct RefreshState {
    is_flying: bool,
    /// Counts renewals, so that those who waited know theirs.
    number: u64,
    /// Why the last one failed, for those who waited for it.
    failure: Option<Shared>,
    /// No renewal before this, while the token is still good.
    not_before: Option<Instant>,
    /// A token that Spotify gave and the store did not take: the one before it may be dead.
    unsaved: Option<Token>,
    /// A refresh token that Spotify refused, and its words: it is not sent again.
    dead: Option<(Secret, LoginRequired)>,
}

impl Refresher {
    fn new(app: &App, source: Source, settings: &Config) -> Result<Self, Error> {
        Ok(Refresher {
            accounts: Accounts::new(app, settings.clone())?,
            client_id: app.client_id.clone(),
            source,
            current: RwLock::default(),
            flight: Mutex::default(),
            done: Condvar::new(),
        })
    }

    fn current(&self) -> Option<Arc<AccessToken>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn flight(&self) -> MutexGuard<'_, RefreshState> {
        self.flight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(&self, deadline: Deadline) -> Result<Arc<AccessToken>, Error> {
        let now = ClockReading::now();
        let held = self.current();
        let Some(pass) = held else { return self.renewed(None, deadline) };
        if pass.is_fresh(now) {
            return Ok(pass);
        }
        if !pass.is_good(now) {
            return self.renewed(Some(&pass), deadline);
        }
        // It still works, so that one thread renews it while the others go on.
        let is_taken_care_of = {
            let flight = self.flight();
            flight.is_flying || flight.not_before.is_some_and(|moment| now.steady < moment)
        };
        if is_taken_care_of {
            return Ok(pass);
        }
        match self.renewed(Some(&pass), deadline) {
            Err(error) if is_passing(&error) && pass.is_good(ClockReading::now()) => {
                log::warn!("the token is not renewed yet and used as it is: {error}");
                self.flight().not_before = Some(Instant::now() + PAUSE);
                Ok(pass)
            }
            renewed => renewed,
        }
    }

    fn stored(&self, held: &Arc<AccessToken>) -> Option<Arc<AccessToken>> {
        let Source::User { store, .. } = &self.source else { return None };
        let token = store.load().ok()??;
        let now = ClockReading::now();
        let pass = AccessToken::new(&token, now).ok().filter(|pass| pass.is_fresh(now))?;
        (pass.access_token != held.access_token).then(|| self.take(pass))
    }

    /// Uses a pass from now on.
    fn take(&self, pass: AccessToken) -> Arc<AccessToken> {
        let pass = Arc::new(pass);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&pass));
        pass
    }

    /// Another pass than the one that is of no use any more. Whoever comes first gets it, and the
    /// others wait for what becomes of it.
    fn renewed(
        &self,
        stale: Option<&Arc<AccessToken>>,
        deadline: Deadline,
    ) -> Result<Arc<AccessToken>, Error> {
        let mut flight = self.flight();
        loop {
            let is_other =
                |pass: &Arc<AccessToken>| stale.is_none_or(|stale| !Arc::ptr_eq(stale, pass));
            if !flight.is_flying {
                // Somebody else may have got one while we had a look at ours.
                if let Some(pass) = self.current().filter(is_other)
                    && pass.is_good(ClockReading::now())
                {
                    return Ok(pass);
                }
                break;
            }
            let number = flight.number;
            while flight.is_flying && flight.number == number {
                let left = deadline.left();
                if left.is_zero() {
                    return Err(self.too_late());
                }
                (flight, _) =
                    self.done.wait_timeout(flight, left).unwrap_or_else(PoisonError::into_inner);
            }
            if flight.number == number
                && let Some(failure) = &flight.failure
            {
                return Err(failure.error());
            }
        }
        flight.is_flying = true;
        flight.number += 1;
        flight.failure = None;
        drop(flight);
        let mut landing = Landing { renewing: self, failure: Some(Shared::broken_off()) };
        let renewed = self.renew(stale, deadline);
        landing.failure = renewed.as_ref().err().map(Shared::of);
        renewed
    }

    /// What only one thread at a time does.
    fn renew(
        &self,
        stale: Option<&Arc<AccessToken>>,
        deadline: Deadline,
    ) -> Result<Arc<AccessToken>, Error> {
        let token = match &self.source {
            Source::Client => {
                self.accounts.client_credentials(deadline)?.first(Scopes::empty(), false)
            }
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
        let pass = self.take(AccessToken::new(&token, ClockReading::now())?);
        self.flight().not_before = None;
        Ok(pass)
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
            // A token from the future tells that the clock was set back: nobody knows how old it is.
            token.received_at.unix_millis() <= now.wall.unix_millis().saturating_add(SKEW_MILLIS)
                && AccessToken::new(token, now).is_ok_and(|pass| is_lasting(&pass, now))
        };
        let is_usable = |token: &Token| is_other(token) && lasts(token, AccessToken::is_fresh);
        // The common case of a program that starts takes no lock.
        if stale.is_none()
            && let Some(token) = store.load()?.filter(is_usable)
        {
            return Ok(token);
        }
        let _lock = store.lock(deadline.instant())?;
        let unsaved = self.flight().unsaved.take();
        if let Some(token) = unsaved {
            return self.saved(store, token);
        }
        let stored = store.load()?;
        if let Some(token) = stored.as_ref().filter(|token| is_usable(token)) {
            return Ok(token.clone());
        }
        let of_store = stored.as_ref().and_then(|token| token.refresh_token.as_ref());
        let Some(sent) = of_store.or(given) else { return Err(self.log_in(stored.is_some())) };
        if let Some((dead, why)) = &self.flight().dead
            && dead == sent
        {
            return Err(Error::LoginRequired(Box::new(why.clone())));
        }
        let granted = match self.accounts.refresh(sent, deadline) {
            Ok(granted) => granted,
            Err(Error::LoginRequired(why)) => {
                self.forget(store, sent, &why);
                return Err(Error::LoginRequired(why));
            }
            Err(error) => {
                let is_good =
                    |token: &&Token| is_other(token) && lasts(token, AccessToken::is_good);
                return match stored.as_ref().filter(is_good) {
                    Some(token) if is_passing(&error) => {
                        log::warn!("the token is not renewed yet and used as it is: {error}");
                        Ok(token.clone())
                    }
                    _ => Err(error),
                };
            }
        };
        self.saved(store, granted.after(stored.as_ref(), sent))
    }

    /// Stores a token before it is used. If that fails it is kept, and stored before the next use.
    fn saved(&self, store: &dyn TokenStore, token: Token) -> Result<Token, Error> {
        match store.save(&token) {
            Ok(()) => Ok(token),
            Err(error) => {
                self.flight().unsaved = Some(token);
                Err(error.into())
            }
        }
    }

    /// Clears what is stored, if it is what Spotify refused: a person may have logged in meanwhile.
    fn forget(&self, store: &dyn TokenStore, sent: &Secret, why: &LoginRequired) {
        let cleared = store.load().and_then(|stored| {
            match stored.is_some_and(|token| token.refresh_token.as_ref() == Some(sent)) {
                true => store.clear(),
                false => Ok(()),
            }
        });
        if let Err(error) = cleared {
            log::warn!("a token that Spotify does not take any more stays stored: {error}");
        }
        self.flight().dead = Some((sent.clone(), why.clone()));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Nobody is logged in: because of what Spotify said last, or from the beginning.
    fn log_in(&self, is_stored: bool) -> Error {
        let last = self.flight().dead.as_ref().map(|(_, why)| why.clone());
        let message: &str = match is_stored {
            true => "what is stored has no refresh token",
            false => "",
        };
        Error::LoginRequired(Box::new(last.unwrap_or_else(|| LoginRequired {
            cause: LoginRequiredCause::NoToken,
            message: message.into(),
            client_id: self.client_id.clone(),
        })))
    }

    fn too_late(&self) -> Error {
        Error::Transport(Box::new(TransportError {
            endpoint: "refresh_token".into(),
            server: self.accounts.origin().into(),
            kind: TransportKind::Timeout,
            may_have_taken_effect: false,
            row: None,
            source: "another thread is still renewing the token".into(),
        }))
    }
}

/// Whether the token that is still good can be used meanwhile.
fn is_passing(error: &Error) -> bool {
    !matches!(error, Error::LoginRequired(_) | Error::InvalidClient(_) | Error::Config(_))
}

/// Ends a renewal, also one in which a store of the user's own panicked.
struct Landing<'a> {
    renewing: &'a Refresher,
    failure: Option<Shared>,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        let mut flight = self.renewing.flight();
        flight.is_flying = false;
        flight.failure = self.failure.take();
        drop(flight);
        self.renewing.done.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A moment some seconds from another, by each of the two clocks.
    fn later(moment: ClockReading, wall: i64, steady: u64) -> ClockReading {
        let seconds = moment.wall.unix_millis() + wall * 1000;
        ClockReading {
            wall: Timestamp::from_unix_millis(seconds),
            steady: moment.steady + Duration::from_secs(steady),
        }
    }

    #[test]
    fn a_token_lasts_by_both_clocks() {
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
            // In the last minute it is renewed, and still good.
            (3550, 3550, (false, true)),
            (3601, 3601, (false, false)),
            // The clock was set back by a day while the program ran.
            (-86_400, 1800, (true, true)),
            (-82_000, 3550, (false, true)),
            (-82_000, 3601, (false, false)),
            // The machine slept, and one of the clocks with it; or the other was set forward.
            (7200, 10, (false, false)),
        ];
        for (wall, steady, (is_fresh, is_good)) in states {
            let then = later(now, wall, steady);
            assert_eq!(
                (pass.is_fresh(then), pass.is_good(then)),
                (is_fresh, is_good),
                "{wall} {steady}"
            );
        }
        // Stored an hour ago by a clock that was a day ahead: no longer than a token lives.
        let behind = AccessToken::new(&token, later(now, -86_400, 0)).unwrap();
        assert!(!behind.is_good(later(now, -80_000, 3601)));
    }
}
