//! The deadline of a call, which bounds every wait of its exchanges.
//!
//! ureq has a timeout for each phase of a request. Some of them bound one read or write of many, and others start a
//! thread for each request. So ureq gets no timeout at all: the name look-up and the socket ask here how long their next
//! wait may take, in every phase.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::{Error, Timeout};

/// The moment at which a call ends at the latest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

thread_local! {
    /// The exchange of this thread. ureq runs on the thread that calls it.
    static EXCHANGE: Cell<Option<Exchange>> = const { Cell::new(None) };
}

/// How far the exchange of a thread is.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    /// When its next wait ends at the latest, and the timeout that is over then.
    until: Instant,
    timeout: Timeout,
    is_connecting: bool,
    /// Whether there was no connection to the server, so nothing can have been sent.
    pub(super) has_no_connection: bool,
    /// Whether a part of the request may have been sent.
    pub(super) is_sent: bool,
}

impl Deadline {
    /// The deadline of a call that begins now.
    pub(crate) fn after(timeout: Duration) -> Self {
        Deadline(Instant::now() + timeout)
    }

    /// Whether a wait leaves time to send a request after it.
    pub(crate) fn has_room_for(self, wait: Duration) -> bool {
        wait < self.left()
    }

    pub(crate) fn instant(self) -> Instant {
        self.0
    }

    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Runs an exchange, all waits of which end before this deadline, and returns how far it has got.
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

/// Connects within a timeout and the deadline.
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

/// Notes that a part of the request is about to be sent.
pub(super) fn sending() {
    if let Some(exchange) = EXCHANGE.get().filter(|exchange| !exchange.is_connecting) {
        EXCHANGE.set(Some(Exchange { is_sent: true, ..exchange }));
    }
}

/// How long the next wait may take: no longer than a timeout, and not beyond the deadline. Also the timeout that is over
/// then.
pub(super) fn next_wait(most: Duration, timeout: Timeout) -> Result<(Duration, Timeout), Error> {
    let Some(exchange) = EXCHANGE.get() else { return Ok((most, timeout)) };
    let left = exchange.until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Error::Timeout(exchange.timeout));
    }
    Ok(if most < left { (most, timeout) } else { (left, exchange.timeout) })
}
