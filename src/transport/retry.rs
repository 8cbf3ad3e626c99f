//! Retries requests, and waits before them.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::deadline::Deadline;
use super::event::{Event, Observer, Position, WaitReason};
use super::rate_limit::RateLimiter;
use super::response::Response;
use crate::endpoint::Endpoint;
use crate::endpoint::handle::EndpointRef;
use crate::error::{Error, Meaning, RateLimitKind, RateLimited, TransportErrorKind};

/// The default number of retries of a request.
pub(crate) const RETRIES: u32 = 3;
/// The maximum of the first wait after a failure. It doubles with each further wait.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(16);

/// The retries and waits of a client and its clones.
pub(crate) struct Retries {
    pub(crate) limits: RateLimiter,
    /// The maximum number of retries of a request.
    pub(crate) most: u32,
    pub(crate) observer: Option<Observer>,
    pub(crate) sleeper: Option<Sleeper>,
}

/// The caller's replacement for `std::thread::sleep`.
pub(crate) type Sleeper = Arc<dyn Fn(Duration) + Send + Sync>;

impl Retries {
    /// Sends a request, and retries it as far as this is allowed.
    pub(crate) fn send(
        &self,
        endpoint: &Endpoint,
        call: &EndpointRef,
        position: Position,
        deadline: Deadline,
        exchange: impl Fn() -> Result<Response, Error>,
    ) -> Result<Response, Error> {
        let Position { request, requests } = position;
        let mut attempt = 1;
        loop {
            self.await_turn(endpoint, call, position, deadline)?;
            self.notify(|| Event::Attempt { endpoint, request, requests, attempt });
            let began = Instant::now();
            let result = exchange();
            let duration = began.elapsed();
            self.notify(|| match &result {
                Ok(Response { raw, .. }) => {
                    let status = raw.status();
                    Event::Response { endpoint, request, requests, attempt, status, duration }
                }
                Err(error) => {
                    Event::Failure { endpoint, request, requests, attempt, error, duration }
                }
            });
            let Some((reason, wait)) = self.wait_after(&result, endpoint, call, attempt) else {
                return result;
            };
            if attempt > self.most || !deadline.has_room_for(wait) {
                return result;
            }
            // `await_turn` waits for a limit in the next iteration.
            if reason == WaitReason::Failure {
                self.wait(endpoint, position, wait, reason);
            }
            attempt += 1;
        }
    }

    /// Waits until no known limit applies, or returns an error if the wait would end after the deadline.
    fn await_turn(
        &self,
        endpoint: &Endpoint,
        call: &EndpointRef,
        position: Position,
        deadline: Deadline,
    ) -> Result<(), Error> {
        loop {
            let now = Instant::now();
            let Err((kind, until)) = self.limits.acquire(endpoint, now) else { return Ok(()) };
            let wait = until.saturating_duration_since(now);
            if !deadline.has_room_for(wait) {
                let limited = RateLimited::unsent(call.name.clone(), kind, wait);
                return Err(Error::RateLimited(Box::new(limited)));
            }
            self.wait(endpoint, position, wait, WaitReason::RateLimit(kind));
            // The caller's sleeper may return early.
            if self.sleeper.is_some() {
                self.limits.forget(endpoint, kind);
            }
        }
    }

    /// Returns the reason and the duration of the wait before a retry, or `None` if the request is not retried.
    fn wait_after(
        &self,
        result: &Result<Response, Error>,
        endpoint: &Endpoint,
        call: &EndpointRef,
        attempt: u32,
    ) -> Option<(WaitReason, Duration)> {
        let response = match result {
            Ok(response) => response,
            // That of a token has had its retries.
            Err(Error::Transport(fault)) if fault.call == call.name => {
                let may_be_sent = endpoint.idempotent || !fault.may_have_taken_effect;
                return (may_be_sent && fault.kind != TransportErrorKind::TooLarge)
                    .then(|| (WaitReason::Failure, backoff(attempt)));
            }
            Err(_) => return None,
        };
        let wait = response.retry_after();
        match response.meaning()? {
            Meaning::RateLimit(kind) => {
                let now = Instant::now();
                let until = self.limits.record(kind, endpoint, wait, now);
                // A quota without `Retry-After` may last a day.
                let is_known = kind != RateLimitKind::Quota || wait.is_some();
                let wait = until.saturating_duration_since(now);
                is_known.then_some((WaitReason::RateLimit(kind), wait))
            }
            Meaning::ServerFault if endpoint.idempotent => {
                Some((WaitReason::Failure, wait.unwrap_or_else(|| backoff(attempt))))
            }
            _ => None,
        }
    }

    fn wait(
        &self,
        endpoint: &Endpoint,
        Position { request, requests }: Position,
        duration: Duration,
        reason: WaitReason,
    ) {
        let millis = duration.as_millis();
        let name = &endpoint.name;
        match reason {
            WaitReason::RateLimit(RateLimitKind::Pace) => {
                log::info!("{name}: waiting {millis} ms to stay below the client's own rate limit");
            }
            WaitReason::RateLimit(limit) => {
                log::warn!("{name}: waiting {millis} ms for Spotify's limit: {limit:?}");
            }
            WaitReason::Failure => log::info!("{name}: waiting {millis} ms before a retry"),
        }
        self.notify(|| Event::Wait { endpoint, request, requests, duration, reason });
        match &self.sleeper {
            Some(sleeper) => sleeper(duration),
            None => std::thread::sleep(duration),
        }
    }

    fn notify<'a>(&self, event: impl FnOnce() -> Event<'a>) {
        if let Some(observer) = &self.observer {
            observer(&event());
        }
    }
}

/// Returns a random duration up to a maximum that doubles with each retry (exponential backoff with jitter).
fn backoff(attempt: u32) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << (attempt - 1).min(16));
    let most = doubled.min(LONGEST_WAIT);
    let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
    // The random keys of a hash table are sufficient for this.
    Duration::from_millis(RandomState::new().build_hasher().finish() % (millis + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_is_random_and_its_bound_grows_to_a_maximum() {
        for (number, most) in [(1, 500), (2, 1000), (3, 2000), (6, 16_000), (400, 16_000)] {
            let waits: Vec<u128> = (0..200).map(|_| backoff(number).as_millis()).collect();
            assert!(waits.iter().all(|wait| *wait <= most), "{number}: {waits:?}");
            // The probability that all 200 are in the same half is negligible.
            assert!(waits.iter().any(|wait| *wait < most / 2), "{number}");
            assert!(waits.iter().any(|wait| *wait > most / 2), "{number}");
        }
    }
}
