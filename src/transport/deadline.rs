//! The deadline of a call, which limits all waits of its requests.
//!
//! ureq has a timeout for each phase of a request. Some of them limit only a single read or write, and others start a
//! thread for each request. So the client sets no timeout in ureq. Instead, the name lookup and the socket call
//! [`next_wait`] before each wait.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::{Error, Timeout};

/// The latest end of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

thread_local! {
    /// The exchange of this thread. ureq sends a request on the thread of its caller.
    static EXCHANGE: Cell<Option<Exchange>> = const { Cell::new(None) };
}

/// The state of a request and its response on this thread.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    /// The latest end of its next wait, and the timeout for the error if the wait takes longer.
    until: Instant,
    timeout: Timeout,
    is_connecting: bool,
    /// True if the connection to the server failed, so nothing can have been sent.
    pub(super) has_no_connection: bool,
    /// True if a part of the request may have been sent.
    pub(super) is_sent: bool,
}

impl Deadline {
    /// Returns the deadline of a call that begins now.
    pub(crate) fn after(timeout: Duration) -> Self {
        Deadline(Instant::now() + timeout)
    }

    /// Returns whether there is time for a request after a wait.
    pub(crate) fn has_room_for(self, wait: Duration) -> bool {
        wait < self.left()
    }

    pub(crate) fn instant(self) -> Instant {
        self.0
    }

    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Runs an exchange whose waits all end before this deadline, and returns its final state.
    pub(super) fn bound<T>(self, run: impl FnOnce() -> T) -> (T, Exchange) {
        let exchange = Exchange {
            until: self.0,
            timeout: Timeout::Global,
            is_connecting: false,
            has_no_connection: false,
            is_sent: false,
        };
        EXCHANGE.set(Some(exchange));
        let result = run();
        (result, EXCHANGE.take().unwrap_or(exchange))
    }
}

/// Connects within a timeout, and before the deadline.
pub(super) fn connecting<T>(
    timeout: Duration,
    connect: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(outer) = EXCHANGE.get() else { return connect() };
    let until = Instant::now() + timeout;
    let (until, timeout) =
        if until < outer.until { (until, Timeout::Connect) } else { (outer.until, outer.timeout) };
    EXCHANGE.set(Some(Exchange { until, timeout, is_connecting: true, ..outer }));
    let connected = connect();
    EXCHANGE.set(Some(Exchange { has_no_connection: connected.is_err(), ..outer }));
    connected
}

pub(super) fn is_connecting() -> bool {
    EXCHANGE.get().is_some_and(|exchange| exchange.is_connecting)
}

/// Records that a part of the request is about to be sent.
pub(super) fn sending() {
    if let Some(exchange) = EXCHANGE.get().filter(|exchange| !exchange.is_connecting) {
        EXCHANGE.set(Some(Exchange { is_sent: true, ..exchange }));
    }
}

/// Returns the longest duration of the next wait, by a timeout and by the deadline, and the timeout for the error if
/// the wait takes longer.
pub(super) fn next_wait(most: Duration, timeout: Timeout) -> Result<(Duration, Timeout), Error> {
    let Some(exchange) = EXCHANGE.get() else { return Ok((most, timeout)) };
    let left = exchange.until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Error::Timeout(exchange.timeout));
    }
    Ok(if most < left { (most, timeout) } else { (left, exchange.timeout) })
}
