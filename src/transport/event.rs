//! What a client tells of its requests while it makes them.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::{Error, RateLimitKind};

/// Something that happens while a call is made: for progress displays and statistics.
///
/// The same is in the log: attempts at `debug`, waits at `info` or, for limits, at `warn`.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use tonearm::{Event, Spotify};
///
/// let attempts = Arc::new(AtomicU32::new(0));
/// let counted = Arc::clone(&attempts);
/// let spotify = Spotify::builder()
///     .token("token")
///     .observer(move |event| match event {
///         Event::Attempt { .. } => {
///             counted.fetch_add(1, Ordering::Relaxed);
///         }
///         Event::Wait { duration, reason, .. } => eprintln!("waiting {duration:?}: {reason:?}"),
///         _ => {}
///     })
///     .build()?;
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is about to be sent.
    #[non_exhaustive]
    Attempt {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// Which one for this request it is, counted from 1.
        number: u32,
    },
    /// An answer came, whatever its status.
    #[non_exhaustive]
    Response {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// Which attempt it answers, counted from 1.
        number: u32,
        /// The HTTP status.
        status: u16,
        /// How long the attempt took.
        took: Duration,
    },
    /// No answer came.
    #[non_exhaustive]
    Failure {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// Which attempt failed, counted from 1.
        number: u32,
        /// Why.
        error: &'a Error,
        /// How long the attempt took.
        took: Duration,
    },
    /// The call waits before it goes on.
    #[non_exhaustive]
    Wait {
        /// The endpoint of the request.
        endpoint: &'a Endpoint,
        /// How long.
        duration: Duration,
        /// What for.
        reason: WaitReason,
    },
}

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// Spotify has said that there were too many requests.
    RateLimit(RateLimitKind),
    /// Spotify or the network failed, and the request is sent again.
    Failure,
    /// So that there are not too many: see
    /// [`requests_per_30_seconds`](crate::SpotifyBuilder::requests_per_30_seconds).
    Pace,
}

/// Who is told.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&Event<'_>) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Observer(Arc::new(observer))
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl Debug for Observer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
