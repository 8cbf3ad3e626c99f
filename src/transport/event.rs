//! The events that a client reports to the observer.

use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::{Error, RateLimitKind};

/// An event of a call, for progress displays and statistics: see
/// [`SpotifyBuilder::observer`](crate::SpotifyBuilder::observer).
///
/// The client also logs these events: attempts at `debug`, waits at `info`, and waits for limits at `warn`. Token
/// requests appear only in the log.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is about to be sent.
    #[non_exhaustive]
    Attempt {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the attempt, from 1.
        number: u32,
    },
    /// A response arrived, with any status code.
    #[non_exhaustive]
    Response {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the attempt, from 1.
        number: u32,
        /// The HTTP status code.
        status: u16,
        /// The duration of the attempt.
        took: Duration,
    },
    /// The request failed without a response.
    #[non_exhaustive]
    Failure {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the attempt, from 1.
        number: u32,
        /// The error of the request.
        error: &'a Error,
        /// The duration of the attempt.
        took: Duration,
    },
    /// The call waits before its next request.
    #[non_exhaustive]
    Wait {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The duration of the wait.
        duration: Duration,
        /// The reason for the wait.
        reason: WaitReason,
    },
}

/// The reason why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// Spotify has returned 429 (too many requests).
    RateLimit(RateLimitKind),
    /// Spotify or the network failed, and the client retries the request.
    Failure,
    /// The client stays below its [own rate limit](crate::SpotifyBuilder::requests_per_30_seconds).
    Pace,
}

/// The caller's function for events.
pub(crate) type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;
