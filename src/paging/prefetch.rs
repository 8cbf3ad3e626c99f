//! Pages that are read before the program asks for them.

use std::any::Any;

use super::next_call::{CycleDetector, PageInfo, call_at, checkpoint_of, next_call};
use crate::call::Call;
use crate::call::parallel::{Done, Jobs, Window};
use crate::error::Error;
use crate::page::{Checkpoint, Paged};

/// More items are never read ahead, whatever total a server announces.
const MAX_AHEAD: u32 = 1_000_000;

/// Calls for the pages after one.
pub(super) enum Upcoming {
    /// For counted items: all of them are known, so several can run concurrently.
    Counted(CountedCalls),
    /// A cursor is known when the page before it is there.
    Linked(Call),
}

/// Calls for pages of the same size.
pub(super) struct CountedCalls {
    call: Call,
    next: u32,
    step: u32,
    end: u32,
}

impl CountedCalls {
    /// The calls for the pages from `call` on, of which the page before began at `last`.
    pub(super) fn new(call: &Call, last: &Checkpoint, total: u32) -> Option<Self> {
        let (Checkpoint::Offset(last), Checkpoint::Offset(next)) = (last, checkpoint_of(call))
        else {
            return None;
        };
        let step = next.checked_sub(*last).filter(|step| *step > 0)?;
        let end = next.saturating_add(MAX_AHEAD).min(total);
        // With a field filter, a page may have neither the total nor the offset.
        (!call.has_field_filter()).then(|| CountedCalls { call: call.clone(), next, step, end })
    }

    pub(super) fn len(&self) -> usize {
        let items = self.end.saturating_sub(self.next);
        usize::try_from(items.div_ceil(self.step)).unwrap_or(usize::MAX)
    }
}

impl Iterator for CountedCalls {
    type Item = Call;

    fn next(&mut self) -> Option<Call> {
        let offset = self.next;
        self.next = offset.saturating_add(self.step);
        (offset < self.end).then(|| call_at(self.call.clone(), &Checkpoint::Offset(offset)))?
    }
}

/// A call, and the cursors of the calls before it.
type Job = (Call, CycleDetector);

/// A page with its place in the list. It is a `Result<P, Error>` for the page type, behind `Any` so that the threads
/// are compiled once for pages of every kind.
type Read = (Checkpoint, Box<dyn Any + Send>);

/// Threads that read pages ahead.
pub(super) struct Prefetch(Window<Job, Read>);

impl Prefetch {
    /// Starts to read; `None` if the system gives no threads, which makes pagination slower, not wrong.
    pub(super) fn start<P: Paged>(calls: Upcoming, threads: usize, window: usize) -> Option<Self> {
        Prefetch::start_with(calls, threads, window, read::<P>)
    }

    fn start_with(
        calls: Upcoming,
        threads: usize,
        window: usize,
        read: fn(Job, bool) -> Done<Job, Read>,
    ) -> Option<Self> {
        let is_linked = matches!(calls, Upcoming::Linked(_));
        let (jobs, threads) = match calls {
            Upcoming::Linked(call) => (Jobs::Chained(Some((call, CycleDetector::default()))), 1),
            Upcoming::Counted(calls) => {
                let threads = threads.min(calls.len());
                let jobs = calls.map(|call| (call, CycleDetector::default()));
                (Jobs::Known(Box::new(jobs)), threads)
            }
        };
        Window::start(jobs, threads, window, move |job| read(job, is_linked)).map(Prefetch)
    }

    /// The next page, when it is there; `None` after the last one that is read ahead.
    pub(super) fn next<P: Paged>(&mut self) -> Option<(Checkpoint, Result<P, Error>)> {
        let (checkpoint, page) = self.0.next()?;
        Some((checkpoint, *page.downcast().ok()?))
    }

    /// Waits until no page is being read any more.
    pub(super) fn stop(self) {
        self.0.stop();
    }
}

fn read<P: Paged>((call, mut cycles): Job, is_linked: bool) -> Done<Job, Read> {
    let page: Result<P, Error> = call.send();
    let checkpoint = checkpoint_of(&call);
    let (mut is_last, mut next) = (true, None);
    if let Ok(page) = &page {
        is_last = page.item_count() == 0 || page.next_link().is_none();
        if is_linked {
            // If this fails, pagination itself reports the error.
            next = next_call(call, &PageInfo::of(page), &mut cycles).ok().flatten();
        }
    }
    let next = next.map(|call| (call, cycles));
    Done { value: (checkpoint, Box::new(page)), is_last, next }
}
