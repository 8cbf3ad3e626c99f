//! The rate limits and quotas that Spotify has reported, and the optional rate limit of the client.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::cooldown::{Cooldown, CooldownKind, CooldownStore};
use super::lock;
use super::retry_after::LONGEST;
use crate::endpoint::Endpoint;
use crate::error::RateLimitKind;
use crate::types::timestamp::Timestamp;

/// The period for which Spotify counts requests.
const WINDOW: Duration = Duration::from_secs(30);

/// The shortest time between two reads of the limits from the store.
const LOOK: Duration = Duration::from_secs(1);

/// The limits that are known to a client and its clones.
pub(crate) struct RateLimiter {
    service: Service,
    /// True if there was no limit so far and no rate is set, so requests need not wait.
    is_free: AtomicBool,
    limits: Mutex<Vec<Limit>>,
    /// The maximum number of requests in a window, and the times of the last ones.
    window: Option<(usize, Mutex<VecDeque<Instant>>)>,
    shared: Option<Shared>,
}

/// The limits that all programs of the app share.
struct Shared {
    store: Arc<dyn CooldownStore>,
    is_loaded: AtomicBool,
    /// The time of the last read.
    loaded: Mutex<Option<Instant>>,
}

/// The service that has reported a limit.
#[derive(Clone, Copy)]
pub(crate) enum Service {
    WebApi,
    Accounts,
}

/// A limit that Spotify has reported. A rate limit applies to the whole app, and a quota to one method and path.
#[derive(Debug)]
struct Limit {
    /// Its end is by the wall clock, which continues while the machine sleeps.
    cooldown: Cooldown,
    /// The same end by the monotonic clock.
    until: Instant,
}

impl Limit {
    fn kind(&self) -> RateLimitKind {
        match self.cooldown.kind {
            CooldownKind::Quota { .. } => RateLimitKind::Quota,
            CooldownKind::Rate | CooldownKind::TokenEndpoint => RateLimitKind::Rate,
        }
    }

    fn applies_to(&self, endpoint: &Endpoint) -> bool {
        match &self.cooldown.kind {
            CooldownKind::Quota { method, path } => {
                *method == endpoint.method && *path == endpoint.path
            }
            CooldownKind::Rate | CooldownKind::TokenEndpoint => true,
        }
    }

    fn is_active(&self, now: Instant, wall: Timestamp) -> bool {
        self.until > now && self.cooldown.until > wall
    }
}

impl RateLimiter {
    pub(crate) fn new(requests_in_window: Option<u32>) -> Self {
        let most = requests_in_window.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        RateLimiter {
            service: Service::WebApi,
            is_free: AtomicBool::new(most.is_none()),
            limits: Mutex::default(),
            window: most.map(|most| (most, Mutex::default())),
            shared: None,
        }
    }

    /// Shares the limits of a service with all programs that use this store.
    pub(crate) fn shared(self, service: Service, store: Option<Arc<dyn CooldownStore>>) -> Self {
        let (is_loaded, loaded) = (AtomicBool::default(), Mutex::default());
        let shared = store.map(|store| Shared { store, is_loaded, loaded });
        RateLimiter { service, shared, ..self }
    }

    /// Counts a request of this endpoint, or returns why it must wait and the end of the wait.
    pub(super) fn acquire(
        &self,
        endpoint: &Endpoint,
        now: Instant,
    ) -> Result<(), (RateLimitKind, Instant)> {
        self.look(now);
        if self.is_free.load(Ordering::Acquire) {
            return Ok(());
        }
        if let Some(limit) = self.active(endpoint, now) {
            return Err(limit);
        }
        let Some((most, sent)) = &self.window else { return Ok(()) };
        let mut sent = lock(sent);
        while sent.front().is_some_and(|first| now.saturating_duration_since(*first) >= WINDOW) {
            sent.pop_front();
        }
        match sent.front() {
            Some(first) if sent.len() >= *most => Err((RateLimitKind::Pace, *first + WINDOW)),
            _ => {
                sent.push_back(now);
                Ok(())
            }
        }
    }

    /// Returns the limits that have not ended.
    pub(crate) fn cooldowns(&self) -> Vec<Cooldown> {
        let now = Instant::now();
        self.look(now);
        let (limits, wall) = (lock(&self.limits), Timestamp::now());
        let active = limits.iter().filter(|limit| limit.is_active(now, wall));
        active.map(|limit| limit.cooldown.clone()).collect()
    }

    /// Loads the limits of other programs, before the first request and then at most once per [`LOOK`].
    fn look(&self, now: Instant) {
        let Some(shared) = &self.shared else { return };
        let mut loaded = match shared.loaded.try_lock() {
            Ok(loaded) => loaded,
            // Another thread is loading them.
            Err(_) if shared.is_loaded.load(Ordering::Acquire) => return,
            Err(_) => lock(&shared.loaded),
        };
        if loaded.is_some_and(|last| now.saturating_duration_since(last) < LOOK) {
            return;
        }
        let wall = Timestamp::now();
        let mut cooldowns = shared.store.load();
        cooldowns.retain(|cooldown| cooldown.is_active(wall) && self.service.has(&cooldown.kind));
        let mut limits = lock(&self.limits);
        for cooldown in cooldowns {
            let until = now + cooldown.left(wall).min(LONGEST);
            match limits.iter_mut().find(|known| known.cooldown.kind == cooldown.kind) {
                Some(known) if known.cooldown.until >= cooldown.until => {}
                Some(known) => *known = Limit { cooldown, until },
                None => limits.push(Limit { cooldown, until }),
            }
            self.is_free.store(false, Ordering::Release);
        }
        drop(limits);
        *loaded = Some(now);
        shared.is_loaded.store(true, Ordering::Release);
    }

    /// Returns the limit that applies to an endpoint for the longest time, and its end.
    fn active(&self, endpoint: &Endpoint, now: Instant) -> Option<(RateLimitKind, Instant)> {
        let (limits, wall) = (lock(&self.limits), Timestamp::now());
        let active = limits.iter().filter(|limit| limit.is_active(now, wall));
        let active = active.filter(|limit| limit.applies_to(endpoint));
        active.map(|limit| (limit.kind(), limit.until)).max_by_key(|(_, until)| *until)
    }

    /// Ends the wait of this endpoint after a custom sleeper has returned, which may be before the end of the limit.
    pub(super) fn forget(&self, endpoint: &Endpoint, kind: RateLimitKind) {
        match (kind, &self.window) {
            (RateLimitKind::Pace, Some((_, sent))) => drop(lock(sent).pop_front()),
            _ => {
                let now = Instant::now();
                let mut limits = lock(&self.limits);
                // Keep the end by the wall clock, so the limit is not loaded from the store again.
                limits
                    .iter_mut()
                    .filter(|limit| limit.applies_to(endpoint))
                    .for_each(|limit| limit.until = now);
            }
        }
    }

    /// Stores a limit, and returns its end.
    pub(super) fn record(
        &self,
        kind: RateLimitKind,
        endpoint: &Endpoint,
        wait: Option<Duration>,
        now: Instant,
    ) -> Instant {
        let wait = wait.unwrap_or_else(|| kind.default_wait()).min(LONGEST);
        let wall = Timestamp::now();
        let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let end = Timestamp::from_unix_millis(wall.unix_millis().saturating_add(millis));
        let kind = self.service.cooldown(kind, endpoint);
        let (until, since) = (now + wait, Some(wall));
        let mut limits = lock(&self.limits);
        match limits.iter_mut().find(|known| known.cooldown.kind == kind) {
            // A delayed response does not shorten the limit.
            Some(known) if known.until >= until && known.cooldown.until > wall => {
                return known.until;
            }
            Some(known) => {
                known.until = until;
                known.cooldown.since = since;
                known.cooldown.until = known.cooldown.until.max(end);
            }
            None => {
                limits.retain(|known| known.until > now || known.cooldown.until > wall);
                let cooldown = Cooldown { kind: kind.clone(), until: end, since };
                limits.push(Limit { cooldown, until });
            }
        }
        drop(limits);
        self.is_free.store(false, Ordering::Release);
        if let Some(Shared { store, .. }) = &self.shared {
            store.save(&Cooldown { kind, until: end, since });
        }
        until
    }
}

impl Service {
    /// Returns whether a cool-down is one of this service.
    fn has(self, kind: &CooldownKind) -> bool {
        let is_accounts = matches!(kind, CooldownKind::TokenEndpoint);
        is_accounts == matches!(self, Service::Accounts)
    }

    /// The cool-down that a response to a request of this endpoint causes.
    fn cooldown(self, kind: RateLimitKind, endpoint: &Endpoint) -> CooldownKind {
        match (self, kind) {
            (Service::Accounts, _) => CooldownKind::TokenEndpoint,
            (Service::WebApi, RateLimitKind::Rate | RateLimitKind::Pace) => CooldownKind::Rate,
            (Service::WebApi, RateLimitKind::Quota) => {
                CooldownKind::Quota { method: endpoint.method, path: endpoint.path.clone() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{ADD_PLAYLIST_ITEMS, GET_ARTIST_ALBUMS, GET_ME, GET_PLAYLIST_ITEMS};

    #[test]
    fn quota_applies_to_one_endpoint_and_rate_to_all() {
        let (limits, now) = (RateLimiter::new(None), Instant::now());
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(limits.active(&GET_ME, now), None);
        let wait = Some(Duration::from_secs(100));
        let until = limits.record(RateLimitKind::Quota, &GET_ARTIST_ALBUMS, wait, now);
        assert_eq!(until, later(100));
        assert_eq!(limits.active(&GET_ME, now), None);
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, now), Some((RateLimitKind::Quota, until)));
        limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(10)), now);
        assert_eq!(limits.active(&GET_ME, now), Some((RateLimitKind::Rate, later(10))));
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, now), Some((RateLimitKind::Quota, until)));
        // A shorter limit that arrives later has no effect.
        limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(1)), now);
        assert_eq!(limits.active(&GET_ME, now), Some((RateLimitKind::Rate, later(10))));
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, None, now), later(10));
        assert_eq!(limits.active(&GET_ME, later(10)), None);
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, later(100)), None);
        assert_eq!(limits.record(RateLimitKind::Quota, &GET_ME, None, now), later(60));
        let year = Some(Duration::from_secs(366 * 86_400));
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, year, now), later(366 * 86_400));
        let longest = now + LONGEST;
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::MAX), now), longest);
    }

    #[test]
    fn quotas_of_endpoints_are_independent_of_each_other() {
        let (limits, now) = (RateLimiter::new(None), Instant::now());
        let later = |seconds| now + Duration::from_secs(seconds);
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let until = |endpoint| limits.active(endpoint, Instant::now()).map(|(_, until)| until);
        let record =
            |endpoint, wait| limits.record(RateLimitKind::Quota, endpoint, seconds(wait), now);
        // The longest limit of an endpoint is kept.
        for (wait, expected) in [(100, 100), (200, 200), (50, 200)] {
            assert_eq!(record(&GET_ARTIST_ALBUMS, wait), later(expected));
            assert_eq!(until(&GET_ARTIST_ALBUMS), Some(later(expected)));
        }
        // The same method and another path, and the same path and another method.
        assert_eq!(record(&GET_PLAYLIST_ITEMS, 70), later(70));
        assert_eq!(until(&ADD_PLAYLIST_ITEMS), None);
        assert_eq!(record(&ADD_PLAYLIST_ITEMS, 30), later(30));
        limits.forget(&GET_ARTIST_ALBUMS, RateLimitKind::Quota);
        assert_eq!(until(&GET_ARTIST_ALBUMS), None);
        assert_eq!(until(&GET_PLAYLIST_ITEMS), Some(later(70)));
        assert_eq!(until(&ADD_PLAYLIST_ITEMS), Some(later(30)));
        // A new limit applies, although the forgotten one would last longer.
        assert_eq!(
            limits.record(RateLimitKind::Quota, &GET_ARTIST_ALBUMS, seconds(10), now),
            later(10)
        );
        assert_eq!(until(&GET_ARTIST_ALBUMS), Some(later(10)));
    }

    /// A store that counts how often it is read.
    #[derive(Default)]
    struct Counted(Mutex<Vec<Cooldown>>, std::sync::atomic::AtomicUsize);

    impl CooldownStore for Counted {
        fn load(&self) -> Vec<Cooldown> {
            self.1.fetch_add(1, Ordering::SeqCst);
            lock(&self.0).clone()
        }
        fn save(&self, cooldown: &Cooldown) {
            cooldown.merge_into(&mut lock(&self.0));
        }
    }

    #[test]
    fn limits_are_shared_through_a_store_that_is_read_once_a_second_at_most() {
        let store = Arc::new(Counted::default());
        let limiter = |service| RateLimiter::new(None).shared(service, Some(store.clone()));
        let (one, other) = (limiter(Service::WebApi), limiter(Service::WebApi));
        let accounts = limiter(Service::Accounts);
        let now = Instant::now();
        let at = |millis| now + Duration::from_millis(millis);
        assert_eq!(other.acquire(&GET_ME, now), Ok(()));
        one.record(RateLimitKind::Quota, &GET_ME, Some(Duration::from_secs(500)), now);
        for millis in [1, 500, 999] {
            assert_eq!(other.acquire(&GET_ME, at(millis)), Ok(()));
        }
        assert_eq!(store.1.load(Ordering::SeqCst), 1);
        // In this test, the wall clock stays the same while the steady clock advances.
        let is_limited = |limiter: &RateLimiter, endpoint: &Endpoint, millis| matches!(limiter.acquire(endpoint, at(millis)), Err((_, until)) if until > at(400_000));
        assert!(is_limited(&other, &GET_ME, 1000));
        assert!(!is_limited(&other, &GET_ARTIST_ALBUMS, 1000));
        assert_eq!(store.1.load(Ordering::SeqCst), 2);
        // The limit ends at its time, and loading it again does not extend it.
        assert_eq!(other.acquire(&GET_ME, at(502_000)), Ok(()));
        // A limit of the accounts service does not apply to the Web API.
        assert_eq!(accounts.acquire(&GET_ME, now), Ok(()));
        accounts.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(500)), now);
        let (one, accounts) = (limiter(Service::WebApi), limiter(Service::Accounts));
        assert!(!is_limited(&one, &GET_ARTIST_ALBUMS, 0));
        assert!(is_limited(&accounts, &GET_ARTIST_ALBUMS, 0));
        assert_eq!(lock(&store.0).len(), 2);
    }

    #[test]
    fn quota_of_the_accounts_service_is_a_rate_limit_of_all_token_requests() {
        let store = Arc::new(Counted::default());
        let limits = RateLimiter::new(None).shared(Service::Accounts, Some(store.clone()));
        let now = Instant::now();
        let wait = Duration::from_secs(500);
        let until = limits.record(RateLimitKind::Quota, &GET_ME, Some(wait), now);
        assert_eq!(until, now + wait);
        for endpoint in [&GET_ME, &GET_ARTIST_ALBUMS] {
            assert_eq!(limits.acquire(endpoint, now), Err((RateLimitKind::Rate, until)));
        }
        let kinds = |cooldowns: &[Cooldown]| {
            cooldowns.iter().map(|cooldown| cooldown.kind.clone()).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&limits.cooldowns()), [CooldownKind::TokenEndpoint]);
        assert_eq!(kinds(&lock(&store.0)), [CooldownKind::TokenEndpoint]);
    }

    #[test]
    fn stored_limit_that_has_ended_or_is_from_the_future_is_ignored() {
        let store = Arc::new(Counted::default());
        let at = |seconds: i64| {
            Timestamp::from_unix_millis(Timestamp::now().unix_millis() + seconds * 1000)
        };
        for (until, since, is_limited) in [
            (500, -10, true),
            (-1, -10, false),
            // The clock was set back by a day after it was stored.
            (86_900, 86_400, false),
        ] {
            let cooldown =
                Cooldown { kind: CooldownKind::Rate, until: at(until), since: Some(at(since)) };
            *lock(&store.0) = vec![cooldown.clone()];
            let limits = RateLimiter::new(None).shared(Service::WebApi, Some(store.clone()));
            assert_eq!(limits.acquire(&GET_ME, Instant::now()).is_err(), is_limited, "{until}");
            let active = if is_limited { vec![cooldown] } else { Vec::new() };
            assert_eq!(limits.cooldowns(), active);
        }
    }

    #[test]
    fn cooldown_has_the_time_of_the_last_report() {
        let store = Arc::new(Counted::default());
        let old = Timestamp::from_unix_millis(Timestamp::now().unix_millis() - 10_000);
        let until = Timestamp::from_unix_millis(old.unix_millis() + 20_000);
        *lock(&store.0) = vec![Cooldown { kind: CooldownKind::Rate, until, since: Some(old) }];
        let limits = RateLimiter::new(None).shared(Service::WebApi, Some(store.clone()));
        assert_eq!(
            limits.cooldowns().iter().map(|limit| limit.since).collect::<Vec<_>>(),
            [Some(old)]
        );
        let reported = Timestamp::now();
        limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(500)), Instant::now());
        let found = limits.cooldowns();
        assert!(found.len() == 1 && found[0].since >= Some(reported), "{found:?}");
        assert_eq!(*lock(&store.0), found);
    }

    #[test]
    fn window_accepts_the_configured_number_of_requests() {
        let (limits, now) = (RateLimiter::new(Some(3)), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        let full = |seconds| Err((RateLimitKind::Pace, at(seconds)));
        for seconds in [0, 1, 29] {
            assert_eq!(limits.acquire(&GET_ME, at(seconds)), Ok(()));
        }
        assert_eq!(limits.acquire(&GET_ME, at(29)), full(30));
        assert_eq!(limits.acquire(&GET_ME, at(30)), Ok(()));
        assert_eq!(limits.acquire(&GET_ME, at(30)), full(31));
        assert_eq!(limits.acquire(&GET_ME, at(90)), Ok(()));
        assert_eq!(RateLimiter::new(None).acquire(&GET_ME, now), Ok(()));
    }
}
