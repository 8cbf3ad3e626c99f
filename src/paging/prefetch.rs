//! Pages that are read before they are asked for, by threads of their own.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::cursor::{CycleDetector, Early, PageCursor, PageInfo};
use crate::call::Call;
use crate::error::Error;
use crate::page::Paged;
use crate::page::checkpoint::{Checkpoint, place_of};
use crate::request::argument::Value;

/// The calls for the pages to come.
pub(crate) enum Calls {
    /// All of them, for rows that are counted: they can be on their way at once.
    Counted(Counted),
    /// The next one: a cursor is known when the page before it has come.
    Linked(Option<Call>),
}

/// Calls that begin at each so many rows.
pub(crate) struct Counted {
    pub(crate) call: Call,
    pub(crate) next: u32,
    pub(crate) step: u32,
    pub(crate) end: u32,
}

impl Counted {
    /// How many there are at most.
    pub(crate) fn len(&self) -> usize {
        let rows = self.end.saturating_sub(self.next);
        usize::try_from(rows.div_ceil(self.step.max(1))).unwrap_or(usize::MAX)
    }
}

impl Iterator for Counted {
    type Item = Call;

    fn next(&mut self) -> Option<Call> {
        let place = self.next;
        self.next = place.saturating_add(self.step);
        let (mut call, offset) = (self.call.clone(), i64::from(place));
        let is_there = place < self.end && call.make_room("offset", offset);
        (is_there && call.set_key("offset", Value::Integer(offset))).then_some(call)
    }
}

/// Threads that read pages, as many ahead as they may, and what they have read so far.
///
/// They are the same for pages of every kind, which are made but once so: all of this in each of them would be a
/// tenth of what the crate costs to build.
pub(crate) struct Prefetch {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    read: Reader,
}

/// Sends a call. With a `CycleDetector` it also says which call its page leads to.
type Reader = fn(Call, Option<&mut CycleDetector>) -> Read;

struct Read {
    place: Checkpoint,
    /// A `Result` of a page.
    page: Box<dyn Any + Send>,
    is_last: bool,
    following: Option<Call>,
}

fn read<P: Paged>(call: Call, round: Option<&mut CycleDetector>) -> Read {
    let page: Result<P, Error> = call.send();
    let place = place_of(&call);
    let is_last = match &page {
        Ok(page) => page.item_count() == 0 || page.next_link().is_none(),
        Err(_) => true,
    };
    let following = match (&page, round) {
        // Where it does not go on, the walk itself says why.
        (Ok(page), Some(round)) => {
            PageCursor::following(call, &PageInfo::of(page), round).ok().flatten()
        }
        _ => None,
    };
    Read { place, page: Box::new(page), is_last, following }
}

struct State {
    calls: Calls,
    /// Pages by their number, from the first that was not taken; none for those that are on their way.
    read: VecDeque<Option<Read>>,
    /// How many pages may be read and not taken.
    window: usize,
    /// How many were taken.
    taken: usize,
    /// None is begun any more: the last one was read, or nobody wants them.
    is_over: bool,
    running: usize,
}

impl Prefetch {
    /// Begins to read; none if the system gives no thread, which makes a walk slower, not wrong.
    pub(crate) fn start<P: Paged>(early: Early) -> Option<Self> {
        Prefetch::begin(early, read::<P>)
    }

    fn begin(Early { calls, threads, window }: Early, read: Reader) -> Option<Self> {
        let threads = match &calls {
            Calls::Counted(calls) => threads.min(window).min(calls.len()),
            Calls::Linked(_) => 1,
        };
        let waiting = VecDeque::new();
        let state = State { calls, read: waiting, window, taken: 0, is_over: false, running: 0 };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), read });
        let threads: Vec<_> = (0..threads)
            .map_while(|_| {
                let running = Running::begin(&shared);
                let thread = thread::Builder::new().name("tonearm".to_owned());
                thread.spawn(move || running.read_all()).ok()
            })
            .collect();
        (!threads.is_empty()).then_some(Prefetch { shared, threads })
    }

    /// The next page, when it has come; none behind the last one that is read.
    pub(crate) fn next<P: Paged>(&mut self) -> Option<(Checkpoint, Result<P, Error>)> {
        let Read { place, page, .. } = self.next_read()?;
        Some((place, *page.downcast().ok()?))
    }

    fn next_read(&mut self) -> Option<Read> {
        let mut state = self.shared.state();
        loop {
            if let Some(read) = state.read.front_mut().and_then(Option::take) {
                state.read.pop_front();
                state.taken += 1;
                self.shared.changed.notify_all();
                return Some(read);
            }
            if state.running == 0 {
                return None;
            }
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until nothing is on its way any more, so that what comes next has the connections to itself.
    pub(crate) fn stop(mut self) {
        self.shared.end();
        for thread in self.threads.drain(..) {
            // A panic was told on standard error; its page is read once more by whoever misses it.
            let _ = thread.join();
        }
    }
}

/// Whoever drops a walk need not wait: what is on its way comes to nothing.
impl Drop for Prefetch {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        self.state().is_over = true;
        self.changed.notify_all();
    }
}

/// A thread that reads. Also one that panics is not waited for.
struct Running(Arc<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running -= 1;
        state.is_over |= thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

impl Running {
    fn begin(shared: &Arc<Shared>) -> Self {
        shared.state().running += 1;
        Running(Arc::clone(shared))
    }

    fn read_all(self) {
        let mut round = CycleDetector::default();
        while let Some((number, call, is_linked)) = self.next_call() {
            let mut read = (self.0.read)(call, is_linked.then_some(&mut round));
            let mut state = self.0.state();
            state.is_over |= read.is_last;
            if let Calls::Linked(next) = &mut state.calls {
                *next = read.following.take();
            }
            // Nobody has taken a page before one that was not read.
            let index = number.saturating_sub(state.taken);
            if let Some(place) = state.read.get_mut(index) {
                *place = Some(read);
            }
            self.0.changed.notify_all();
        }
    }

    /// The next call and its number, when there is room for its page; and whether the one after it is linked.
    fn next_call(&self) -> Option<(usize, Call, bool)> {
        let mut state = self.0.state();
        while !state.is_over && state.read.len() >= state.window {
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_over {
            return None;
        }
        let (call, is_linked) = match &mut state.calls {
            Calls::Counted(calls) => (calls.next()?, false),
            Calls::Linked(call) => (call.take()?, true),
        };
        let number = state.taken.saturating_add(state.read.len());
        state.read.push_back(None);
        Some((number, call, is_linked))
    }
}
