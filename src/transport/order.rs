//! The order of a program's requests, for the log of the fake Spotify server.
//!
//! Requests of one call can arrive in any order, because the client sends them on several connections. To a fake server,
//! and to no other, the client therefore sends the position of each request in a header.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ureq::http::{HeaderMap, HeaderValue};

/// The header with the position of a request: the numbers of `Order`, separated by dots.
pub(crate) const HEADER: &str = "x-tonearm-order";

/// The value of the header `server` in the responses of a fake server.
pub(crate) const FAKE_SERVER: &str = "fake-spotify";

/// The position of a request, as the fake server reads it.
#[cfg(feature = "fake")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    pub(crate) process: u32,
    pub(crate) call: u64,
    /// The number among the concurrent requests of the call; `None` if it is not one of several.
    pub(crate) index: Option<u64>,
}

#[cfg(feature = "fake")]
impl Order {
    /// Reads the value of the header.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.');
        let process = numbers.next()?.parse().ok()?;
        let call = numbers.next()?.parse().ok()?;
        let index = numbers.next().map(str::parse).transpose().ok()?;
        Some(Order { process, call, index })
    }
}

/// The number that the next request gets that is not part of concurrent ones.
static NEXT: AtomicU64 = AtomicU64::new(1);

thread_local! {
    /// The position of the requests of this thread, if it sends one of several concurrent requests.
    static POSITION: Cell<Option<Position>> = const { Cell::new(None) };
}

/// The position of concurrent requests in the order of the program, and of one request among them.
#[derive(Clone, Copy)]
struct Position {
    call: u64,
    index: usize,
}

/// Returns the position of requests that begin now.
pub(crate) fn position() -> u64 {
    match POSITION.get() {
        // They are part of a request that is itself one of several.
        Some(position) => position.call,
        None => NEXT.fetch_add(1, Ordering::Relaxed),
    }
}

/// Sends the request with this number of the concurrent requests at a position.
pub(crate) fn at<T>(call: u64, index: usize, send: impl FnOnce() -> T) -> T {
    // A thread does nothing else, and ends with the requests.
    let outer = POSITION.replace(Some(Position { call, index }));
    let result = send();
    POSITION.set(outer);
    result
}

/// `true` if the server is a fake one, which the client learns from its first response.
#[derive(Debug, Default)]
pub(crate) struct Numbering(AtomicBool);

impl Numbering {
    pub(crate) fn new(is_fake: bool) -> Self {
        Numbering(AtomicBool::new(is_fake))
    }

    /// Returns the header of the next request.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        if !self.0.load(Ordering::Relaxed) {
            return None;
        }
        let process = std::process::id();
        let order = match POSITION.get() {
            Some(Position { call, index }) => format!("{process}.{call}.{index}"),
            None => format!("{process}.{}", position()),
        };
        HeaderValue::try_from(order).ok()
    }

    /// Reads the headers of a response.
    pub(crate) fn note(&self, headers: &HeaderMap) {
        if headers.get("server").is_some_and(|server| server == FAKE_SERVER) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
