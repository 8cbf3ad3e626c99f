//! Rate limits and quotas that Spotify has reported, and how a client stays below a rate by itself.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::event::WaitReason;
use super::retry_after::LONGEST;
use crate::endpoint::{Endpoint, Method};
use crate::error::RateLimitKind;

/// The time in which Spotify counts requests.
const WINDOW: Duration = Duration::from_secs(30);

/// The limits that the clones of a client know of.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// Whether no limit was ever met and no rate is set, so that no request has to wait.
    is_free: AtomicBool,
    limits: Mutex<Vec<Limit>>,
    /// How many requests may be sent in a window, and when the last ones were.
    window: Option<(usize, Mutex<VecDeque<Instant>>)>,
}

/// A limit that Spotify has reported: a rate is that of the whole app, a quota that of one method and path.
#[derive(Debug)]
struct Limit {
    kind: RateLimitKind,
    method: Method,
    path: Cow<'static, str>,
    until: Instant,
}

impl Limit {
    fn applies_to(&self, endpoint: &Endpoint) -> bool {
        self.kind == RateLimitKind::Rate
            || (self.method == endpoint.method && self.path == endpoint.path)
    }
}

impl RateLimiter {
    pub(crate) fn new(requests_in_window: Option<u32>) -> Self {
        let most = requests_in_window.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        RateLimiter {
            is_free: AtomicBool::new(most.is_none()),
            limits: Mutex::default(),
            window: most.map(|most| (most, Mutex::default())),
        }
    }

    /// Counts a request of this endpoint, or returns why and until when it must wait.
    pub(super) fn acquire(
        &self,
        endpoint: &Endpoint,
        now: Instant,
    ) -> Result<(), (WaitReason, Instant)> {
        if self.is_free.load(Ordering::Acquire) {
            return Ok(());
        }
        if let Some((kind, until)) = self.active(endpoint, now) {
            return Err((WaitReason::RateLimit(kind), until));
        }
        let Some((most, sent)) = &self.window else { return Ok(()) };
        let mut sent = lock(sent);
        while sent.front().is_some_and(|first| now.saturating_duration_since(*first) >= WINDOW) {
            sent.pop_front();
        }
        match sent.front() {
            Some(first) if sent.len() >= *most => Err((WaitReason::Pace, *first + WINDOW)),
            _ => {
                sent.push_back(now);
                Ok(())
            }
        }
    }

    /// The limit that holds for an endpoint the longest, and when it ends.
    fn active(&self, endpoint: &Endpoint, now: Instant) -> Option<(RateLimitKind, Instant)> {
        let mut limits = lock(&self.limits);
        limits.retain(|limit| limit.until > now);
        let active = limits.iter().filter(|limit| limit.applies_to(endpoint));
        active.map(|limit| (limit.kind, limit.until)).max_by_key(|(_, until)| *until)
    }

    /// Forgets why a request of this endpoint had to wait, if the wait is over by the caller's clock alone.
    pub(super) fn forget(&self, endpoint: &Endpoint, reason: WaitReason) {
        match (reason, &self.window) {
            (WaitReason::Pace, Some((_, sent))) => drop(lock(sent).pop_front()),
            _ => lock(&self.limits).retain(|limit| !limit.applies_to(endpoint)),
        }
    }

    /// Remembers a limit, and returns when it ends.
    pub(super) fn record(
        &self,
        kind: RateLimitKind,
        endpoint: &Endpoint,
        wait: Option<Duration>,
        now: Instant,
    ) -> Instant {
        let until = now + wait.unwrap_or_else(|| kind.default_wait()).min(LONGEST);
        self.is_free.store(false, Ordering::Release);
        let mut limits = lock(&self.limits);
        match limits.iter_mut().find(|limit| limit.kind == kind && limit.applies_to(endpoint)) {
            Some(known) => {
                // A response that was on its way longer does not shorten the limit.
                known.until = known.until.max(until);
                known.until
            }
            None => {
                let (method, path) = (endpoint.method, endpoint.path.clone());
                limits.push(Limit { kind, method, path, until });
                until
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{GET_ARTIST_ALBUMS, GET_ME};

    #[test]
    fn quota_is_that_of_one_endpoint_and_rate_that_of_all() {
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
        // A shorter one that comes late changes nothing.
        limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(1)), now);
        assert_eq!(limits.active(&GET_ME, now), Some((RateLimitKind::Rate, later(10))));
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, None, now), later(10));
        assert_eq!(limits.active(&GET_ME, later(10)), None);
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, later(100)), None);
        assert_eq!(limits.record(RateLimitKind::Quota, &GET_ME, None, now), later(60));
        let week = later(7 * 86_400);
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::MAX), now), week);
    }

    #[test]
    fn window_accepts_the_set_number_of_requests() {
        let (limits, now) = (RateLimiter::new(Some(3)), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        let full = |seconds| Err((WaitReason::Pace, at(seconds)));
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
