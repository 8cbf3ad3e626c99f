//! Rate limits and quotas that Spotify has reported, and how a client stays below a rate by itself.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::retry_after::LONGEST;
use crate::endpoint::{Endpoint, Method};
use crate::error::RateLimitKind;

/// The time in which Spotify counts requests.
const WINDOW: Duration = Duration::from_secs(30);

/// The limits that the clones of a client know of.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// Whether no limit was ever met and none is kept, so that there is nothing to ask for.
    is_free: AtomicBool,
    /// Until when the whole app is to be silent.
    rate: Mutex<Option<Instant>>,
    /// Until when a family is to be silent: one method and path.
    quotas: Mutex<Vec<(Method, Cow<'static, str>, Instant)>>,
    /// When the last requests went out, for a client that keeps below a rate by itself.
    window: Option<(usize, Mutex<VecDeque<Instant>>)>,
}

impl RateLimiter {
    pub(crate) fn new(requests_in_window: Option<u32>) -> Self {
        let most = requests_in_window.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        RateLimiter {
            is_free: AtomicBool::new(most.is_none()),
            rate: Mutex::default(),
            quotas: Mutex::default(),
            window: most.map(|most| (most, Mutex::default())),
        }
    }

    /// Whether no request has to wait, as far as was ever known.
    pub(crate) fn is_free(&self) -> bool {
        self.is_free.load(Ordering::Acquire)
    }

    /// Forgets what holds for a endpoint: it has been waited for.
    pub(crate) fn forget(&self, endpoint: &Endpoint) {
        *lock(&self.rate) = None;
        lock(&self.quotas)
            .retain(|(method, path, _)| *method != endpoint.method || *path != endpoint.path);
    }

    /// Forgets the first of the last requests: it has been waited for.
    pub(crate) fn release_slot(&self) {
        if let Some((_, sent)) = &self.window {
            lock(sent).pop_front();
        }
    }

    /// The limit that holds for a endpoint now, and when it ends.
    pub(crate) fn active(
        &self,
        endpoint: &Endpoint,
        now: Instant,
    ) -> Option<(RateLimitKind, Instant)> {
        let rate =
            lock(&self.rate).filter(|until| *until > now).map(|until| (RateLimitKind::Rate, until));
        let mut quotas = lock(&self.quotas);
        if quotas.is_empty() {
            return rate;
        }
        quotas.retain(|(.., until)| *until > now);
        let quota = quotas
            .iter()
            .find(|(method, path, _)| *method == endpoint.method && *path == endpoint.path)
            .map(|(.., until)| (RateLimitKind::Quota, *until));
        // The one that lasts longer.
        match (rate, quota) {
            (Some(rate), Some(quota)) => Some(if rate.1 >= quota.1 { rate } else { quota }),
            (rate, quota) => rate.or(quota),
        }
    }

    /// Remembers a limit, and answers until when it holds.
    pub(crate) fn record(
        &self,
        limit: RateLimitKind,
        endpoint: &Endpoint,
        wait: Option<Duration>,
        now: Instant,
    ) -> Instant {
        let until = now + wait.unwrap_or_else(|| limit.unnamed()).min(LONGEST);
        self.is_free.store(false, Ordering::Release);
        match limit {
            RateLimitKind::Rate => {
                let mut rate = lock(&self.rate);
                // An answer that was on its way longer does not shorten what another has said.
                let until = rate.map_or(until, |known| known.max(until));
                *rate = Some(until);
                until
            }
            RateLimitKind::Quota => {
                let mut quotas = lock(&self.quotas);
                let is_same = |(method, path, _): &&mut (Method, Cow<'static, str>, Instant)| {
                    *method == endpoint.method && *path == endpoint.path
                };
                match quotas.iter_mut().find(is_same) {
                    Some((.., known)) => {
                        *known = until.max(*known);
                        *known
                    }
                    None => {
                        quotas.push((endpoint.method, endpoint.path.clone(), until));
                        until
                    }
                }
            }
        }
    }

    /// Takes a place among the requests of the last 30 seconds; or says when there will be one.
    pub(crate) fn acquire_slot(&self, now: Instant) -> Result<(), Instant> {
        let Some((most, sent)) = &self.window else { return Ok(()) };
        let mut sent = lock(sent);
        while sent.front().is_some_and(|first| now.saturating_duration_since(*first) >= WINDOW) {
            sent.pop_front();
        }
        match sent.front() {
            Some(first) if sent.len() >= *most => Err(*first + WINDOW),
            _ => {
                sent.push_back(now);
                Ok(())
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
    fn a_quota_is_of_one_family_and_a_rate_of_all() {
        let (limits, now) = (RateLimiter::new(None), Instant::now());
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(limits.active(&GET_ME, now), None);
        let until = limits.record(
            RateLimitKind::Quota,
            &GET_ARTIST_ALBUMS,
            Some(Duration::from_secs(100)),
            now,
        );
        assert_eq!(until, later(100));
        assert_eq!(limits.active(&GET_ME, now), None);
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, now), Some((RateLimitKind::Quota, until)));
        limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(10)), now);
        assert_eq!(limits.active(&GET_ME, now), Some((RateLimitKind::Rate, later(10))));
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, now), Some((RateLimitKind::Quota, until)));
        // A shorter one that comes late changes nothing.
        limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::from_secs(1)), now);
        assert_eq!(limits.active(&GET_ME, now), Some((RateLimitKind::Rate, later(10))));
        assert_eq!(limits.active(&GET_ME, later(10)), None);
        assert_eq!(limits.active(&GET_ARTIST_ALBUMS, later(100)), None);
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, None, now), later(10));
        assert_eq!(limits.record(RateLimitKind::Quota, &GET_ME, None, now), later(60));
        let week = later(7 * 86_400);
        assert_eq!(limits.record(RateLimitKind::Rate, &GET_ME, Some(Duration::MAX), now), week);
    }

    #[test]
    fn a_window_has_so_many_places() {
        let (limits, now) = (RateLimiter::new(Some(3)), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        for seconds in [0, 1, 29] {
            assert_eq!(limits.acquire_slot(at(seconds)), Ok(()));
        }
        assert_eq!(limits.acquire_slot(at(29)), Err(at(30)));
        assert_eq!(limits.acquire_slot(at(30)), Ok(()));
        assert_eq!(limits.acquire_slot(at(30)), Err(at(31)));
        assert_eq!(limits.acquire_slot(at(90)), Ok(()));
        assert_eq!(RateLimiter::new(None).acquire_slot(now), Ok(()));
    }
}
