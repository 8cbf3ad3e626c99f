//! What is sent again, when, and how long is waited before it.

use std::fmt::{self, Debug, Formatter};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::deadline::Deadline;
use super::event::{Event, Observer, WaitReason};
use super::rate_limit::RateLimiter;
use super::response::Response;
use crate::endpoint::Endpoint;
use crate::endpoint::handle::EndpointRef;
use crate::error::{Error, Meaning, RateLimitKind, RateLimited, TransportKind};

/// The first wait after a failure is at most this long, and each further one twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(16);

/// How the clones of a client wait and try again.
#[derive(Debug)]
pub(crate) struct Retries {
    pub(crate) limits: RateLimiter,
    /// How often a request is sent again.
    pub(crate) most: u32,
    pub(crate) observer: Option<Observer>,
    pub(crate) sleeper: Option<Sleeper>,
}

/// What waits in place of the system.
#[derive(Clone)]
pub(crate) struct Sleeper(pub(crate) Arc<dyn Fn(Duration) + Send + Sync>);

impl Debug for Sleeper {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}

/// What is waited for before a request is sent again.
enum Wait {
    /// That a limit ends, which is known to all.
    Turn(Duration),
    /// Nothing but time.
    Backoff(Duration),
}

impl Wait {
    fn duration(&self) -> Duration {
        match self {
            Wait::Turn(duration) | Wait::Backoff(duration) => *duration,
        }
    }
}

impl Retries {
    /// Sends a request until there is a response to return, or nothing more to try.
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
            let began = self.observer.is_some().then(Instant::now);
            let result = attempt();
            if let Some(began) = began {
                let took = began.elapsed();
                self.tell(|| match &result {
                    Ok(response) => {
                        Event::Response { endpoint, number, status: response.raw.status(), took }
                    }
                    Err(error) => Event::Failure { endpoint, number, error, took },
                });
            }
            let Some(wait) = self.wait_after(&result, endpoint, number) else { return result };
            if number > self.most || !deadline.has_room_for(wait.duration()) {
                return result;
            }
            if let Wait::Backoff(duration) = wait {
                self.wait(endpoint, duration, WaitReason::Failure);
            }
            number += 1;
        }
    }

    /// Waits until no limit holds that is known; or says until when it will.
    fn await_turn(
        &self,
        endpoint: &Endpoint,
        call: &EndpointRef,
        deadline: Deadline,
    ) -> Result<(), Error> {
        if self.limits.is_free() {
            return Ok(());
        }
        loop {
            let now = Instant::now();
            if let Some((limit, until)) = self.limits.active(endpoint, now) {
                let wait = until.saturating_duration_since(now);
                if !deadline.has_room_for(wait) {
                    return Err(Error::RateLimited(Box::new(RateLimited::remembered(
                        call.name.clone(),
                        limit,
                        wait,
                    ))));
                }
                self.wait(endpoint, wait, WaitReason::RateLimit(limit));
                // A clock of the caller's may stand still.
                if self.sleeper.is_some() {
                    self.limits.forget(endpoint);
                }
                continue;
            }
            match self.limits.acquire_slot(now) {
                Ok(()) => return Ok(()),
                Err(until) => {
                    let wait = until.saturating_duration_since(now);
                    if !deadline.has_room_for(wait) {
                        return Err(Error::RateLimited(Box::new(RateLimited::paced(
                            call.name.clone(),
                            wait,
                        ))));
                    }
                    self.wait(endpoint, wait, WaitReason::Pace);
                    if self.sleeper.is_some() {
                        self.limits.release_slot();
                    }
                }
            }
        }
    }

    /// What to wait for before the request is sent again; nothing if it is not to be.
    fn wait_after(
        &self,
        result: &Result<Response, Error>,
        endpoint: &Endpoint,
        number: u32,
    ) -> Option<Wait> {
        let response = match result {
            Ok(response) => response,
            Err(Error::Transport(fault)) => {
                let may_be_sent = endpoint.idempotent || !fault.may_have_taken_effect;
                return (may_be_sent && fault.kind != TransportKind::TooLarge)
                    .then(|| Wait::Backoff(backoff(number)));
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
                is_known.then(|| Wait::Turn(until.saturating_duration_since(now)))
            }
            Meaning::ServerFault if endpoint.idempotent => {
                Some(Wait::Backoff(wait.unwrap_or_else(|| backoff(number))))
            }
            _ => None,
        }
    }

    fn wait(&self, endpoint: &Endpoint, duration: Duration, reason: WaitReason) {
        let millis = duration.as_millis();
        match reason {
            WaitReason::RateLimit(limit) => {
                log::warn!("{}: waiting {millis} ms: {limit:?} limit of Spotify", endpoint.name);
            }
            WaitReason::Failure => {
                log::info!("{}: waiting {millis} ms before another try", endpoint.name)
            }
            WaitReason::Pace => {
                log::info!("{}: waiting {millis} ms to keep the pace", endpoint.name)
            }
        }
        self.tell(|| Event::Wait { endpoint, duration, reason });
        match &self.sleeper {
            Some(sleeper) => (sleeper.0)(duration),
            None => std::thread::sleep(duration),
        }
    }

    fn tell<'a>(&self, event: impl FnOnce() -> Event<'a>) {
        if let Some(observer) = &self.observer {
            observer.tell(&event());
        }
    }
}

/// A time at random up to a bound that doubles with each try, so that many clients that failed together
/// do not come back together.
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
