//! The two clocks that decide when a token expires.

use std::time::Instant;

use crate::types::timestamp::Timestamp;

/// The same moment by the wall clock, which other programs can read, and by the monotonic clock, which nobody can set.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClockReading {
    pub(super) wall: Timestamp,
    pub(super) steady: Instant,
}

impl ClockReading {
    pub(super) fn now() -> Self {
        ClockReading { wall: Timestamp::now(), steady: Instant::now() }
    }
}
