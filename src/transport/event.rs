//! The events that a client reports to the observer.

use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::{Error, RateLimitKind};

/// An event of a call, for progress displays and statistics: see
/// [`SpotifyBuilder::observer`](crate::SpotifyBuilder::observer).
///
/// The client also logs these events: attempts at `debug`, waits at `info`, and waits for Spotify's limits at `warn`. Token
/// requests appear only in the log.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is about to be sent.
    #[non_exhaustive]
    Attempt {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the request among those of the call, from 1: a call with many ids sends several.
        request: u32,
        /// The number of requests of the call.
        requests: u32,
        /// The number of the attempt, from 1.
        attempt: u32,
    },
    /// A response arrived, with any status code.
    #[non_exhaustive]
    Response {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the request among those of the call, from 1: a call with many ids sends several.
        request: u32,
        /// The number of requests of the call.
        requests: u32,
        /// The number of the attempt, from 1.
        attempt: u32,
        /// The HTTP status code.
        status: u16,
        /// The duration of the attempt.
        duration: Duration,
    },
    /// The request failed without a response.
    #[non_exhaustive]
    Failure {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the request among those of the call, from 1: a call with many ids sends several.
        request: u32,
        /// The number of requests of the call.
        requests: u32,
        /// The number of the attempt, from 1.
        attempt: u32,
        /// The error of the request.
        error: &'a Error,
        /// The duration of the attempt.
        duration: Duration,
    },
    /// The call waits before its next request.
    #[non_exhaustive]
    Wait {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the request among those of the call, from 1: a call with many ids sends several.
        request: u32,
        /// The number of requests of the call.
        requests: u32,
        /// The duration of the wait.
        duration: Duration,
        /// The reason for the wait.
        reason: WaitReason,
    },
}

/// The number of a request among those of its call.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    /// From 1.
    pub(crate) request: u32,
    pub(crate) requests: u32,
}

impl Position {
    /// The position of the only request.
    pub(crate) const ONLY: Position = Position { request: 1, requests: 1 };

    /// The position of the request after the first `done` of `count`.
    pub(crate) fn after(done: usize, count: usize) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { request: number(done.saturating_add(1)), requests: number(count) }
    }
}

/// The reason why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// Spotify has returned 429 (too many requests). With [`RateLimitKind::Pace`], the client stays below its
    /// [own rate limit](crate::SpotifyBuilder::requests_per_30_seconds).
    RateLimit(RateLimitKind),
    /// Spotify or the network failed, and the client retries the request.
    Failure,
}

/// The caller's function for events.
pub(crate) type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;
