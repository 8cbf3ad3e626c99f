//! Which requests are retried, and the waits before them.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::deadline::Deadline;
use super::event::{Event, Observer, WaitReason};
use super::rate_limit::RateLimiter;
use super::response::Response;
use crate::endpoint::Endpoint;
use crate::endpoint::handle::EndpointRef;
use crate::error::{Error, Meaning, RateLimitKind, RateLimited, TransportErrorKind};

/// How often a request is retried by default.
pub(crate) const RETRIES: u32 = 3;
/// The first wait after a failure is at most this long, and each further one twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(16);

/// The retries and waits of a client and its clones.
pub(crate) struct Retries {
    pub(crate) limits: RateLimiter,
    /// How often a request is retried.
    pub(crate) most: u32,
    pub(crate) observer: Option<Observer>,
    pub(crate) sleeper: Option<Sleeper>,
}

/// The caller's function that waits in place of the system.
pub(crate) type Sleeper = Arc<dyn Fn(Duration) + Send + Sync>;

impl Retries {
    /// Sends a request until there is a response to return, or no retry is left.
    pub(crate) fn send(
        &self,
        endpoint: &Endpoint,
        call: &EndpointRef,
        deadline: Deadline,
        attempt: impl Fn() -> Result<Response, Error>,
    ) -> Result<Response, Error> {
        let mut number = 1;
        loop {
            self.await_turn(endpoint, call, deadline)?;
            self.tell(|| Event::Attempt { endpoint, number });
            let began = Instant::now();
            let result = attempt();
            let took = began.elapsed();
            self.tell(|| match &result {
                Ok(Response { raw, .. }) => {
                    Event::Response { endpoint, number, status: raw.status(), took }
                }
                Err(error) => Event::Failure { endpoint, number, error, took },
            });
            let Some((reason, wait)) = self.wait_after(&result, endpoint, call, number) else {
                return result;
            };
            if number > self.most || !deadline.has_room_for(wait) {
                return result;
            }
            // The next round waits for a limit, as every request does.
            if reason == WaitReason::Failure {
                self.wait(endpoint, wait, reason);
            }
            number += 1;
        }
    }

    /// Waits until no known limit holds, or returns an error if that is after the deadline.
    fn await_turn(
        &self,
        endpoint: &Endpoint,
        call: &EndpointRef,
        deadline: Deadline,
    ) -> Result<(), Error> {
        loop {
            let now = Instant::now();
            let Err((reason, until)) = self.limits.acquire(endpoint, now) else { return Ok(()) };
            let wait = until.saturating_duration_since(now);
            if !deadline.has_room_for(wait) {
                let kind = match reason {
                    WaitReason::RateLimit(kind) => Some(kind),
                    WaitReason::Failure | WaitReason::Pace => None,
                };
                let limited = RateLimited::unsent(call.name.clone(), kind, wait);
                return Err(Error::RateLimited(Box::new(limited)));
            }
            self.wait(endpoint, wait, reason);
            // The caller's sleeper may return before the time is over.
            if self.sleeper.is_some() {
                self.limits.forget(endpoint, reason);
            }
        }
    }

    /// Why and how long to wait before the request is sent again; `None` if it is not.
    fn wait_after(
        &self,
        result: &Result<Response, Error>,
        endpoint: &Endpoint,
        call: &EndpointRef,
        number: u32,
    ) -> Option<(WaitReason, Duration)> {
        let response = match result {
            Ok(response) => response,
            // That of a token has had its retries.
            Err(Error::Transport(fault)) if fault.call == call.name => {
                let may_be_sent = endpoint.idempotent || !fault.may_have_taken_effect;
                return (may_be_sent && fault.kind != TransportErrorKind::TooLarge)
                    .then(|| (WaitReason::Failure, backoff(number)));
            }
            Err(_) => return None,
        };
        let wait = response.retry_after();
        match response.meaning()? {
            Meaning::RateLimit(kind) => {
                let now = Instant::now();
                let until = self.limits.record(kind, endpoint, wait, now);
                // A quota without a time may last a day.
                let is_known = kind != RateLimitKind::Quota || wait.is_some();
                let wait = until.saturating_duration_since(now);
                is_known.then_some((WaitReason::RateLimit(kind), wait))
            }
            Meaning::ServerFault if endpoint.idempotent => {
                Some((WaitReason::Failure, wait.unwrap_or_else(|| backoff(number))))
            }
            _ => None,
        }
    }

    fn wait(&self, endpoint: &Endpoint, duration: Duration, reason: WaitReason) {
        let millis = duration.as_millis();
        let name = &endpoint.name;
        match reason {
            WaitReason::RateLimit(limit) => {
                log::warn!("{name}: waiting {millis} ms: {limit:?} limit of Spotify");
            }
            WaitReason::Failure => log::info!("{name}: waiting {millis} ms before another try"),
            WaitReason::Pace => log::info!("{name}: waiting {millis} ms to keep the pace"),
        }
        self.tell(|| Event::Wait { endpoint, duration, reason });
        match &self.sleeper {
            Some(sleeper) => sleeper(duration),
            None => std::thread::sleep(duration),
        }
    }

    fn tell<'a>(&self, event: impl FnOnce() -> Event<'a>) {
        if let Some(observer) = &self.observer {
            observer(&event());
        }
    }
}

/// A random time up to a bound that doubles with each retry: clients that failed together do not retry together.
fn backoff(number: u32) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << (number - 1).min(16));
    let most = doubled.min(LONGEST_WAIT);
    let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
    // The keys of a hash table are random enough for this.
    Duration::from_millis(RandomState::new().build_hasher().finish() % (millis + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spread_and_their_bound_grows_to_an_end() {
        for (number, most) in [(1, 500), (2, 1000), (3, 2000), (6, 16_000), (400, 16_000)] {
            let waits: Vec<u128> = (0..200).map(|_| backoff(number).as_millis()).collect();
            assert!(waits.iter().all(|wait| *wait <= most), "{number}: {waits:?}");
            // 200 of them all in one half would be a wonder.
            assert!(waits.iter().any(|wait| *wait < most / 2), "{number}");
            assert!(waits.iter().any(|wait| *wait > most / 2), "{number}");
        }
    }
}
