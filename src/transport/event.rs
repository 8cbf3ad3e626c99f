//! The events that a client reports while it makes its requests.

use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::{Error, RateLimitKind};

/// An event of a call, for progress displays and statistics: see
/// [`SpotifyBuilder::observer`](crate::SpotifyBuilder::observer).
///
/// The log has the same: attempts at `debug`, waits at `info` or, for limits, at `warn`. Requests for tokens are in the
/// log only.
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
    /// A response came, whatever its status.
    #[non_exhaustive]
    Response {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the attempt, from 1.
        number: u32,
        /// The HTTP status code.
        status: u16,
        /// How long the attempt took.
        took: Duration,
    },
    /// No response came.
    #[non_exhaustive]
    Failure {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// The number of the attempt, from 1.
        number: u32,
        /// Why there was no response.
        error: &'a Error,
        /// How long the attempt took.
        took: Duration,
    },
    /// The call waits before its next request.
    #[non_exhaustive]
    Wait {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// How long it waits.
        duration: Duration,
        /// Why it waits.
        reason: WaitReason,
    },
}

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// Spotify has reported too many requests.
    RateLimit(RateLimitKind),
    /// Spotify or the network failed, and the request is sent again.
    Failure,
    /// The client keeps its [rate](crate::SpotifyBuilder::requests_per_30_seconds).
    Pace,
}

/// The caller's function for events.
pub(crate) type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;
