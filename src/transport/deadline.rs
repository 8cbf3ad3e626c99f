//! The deadline of a call.

use std::io::{self, Read};
use std::time::{Duration, Instant};

/// The moment at which a call ends at the latest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

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
}

/// A reader that returns an error at the deadline, also while bytes arrive.
pub(super) struct Timed<R> {
    pub(super) reader: R,
    pub(super) deadline: Deadline,
}

impl<R: Read> Read for Timed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.deadline.left().is_zero() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the time for the call is over"));
        }
        self.reader.read(buffer)
    }
}
