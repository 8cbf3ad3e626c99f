//! Pages that are read before they are asked for, by threads of their own.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::{Pages, Place, Round, place_of};
use crate::call::Call;
use crate::error::Error;
use crate::page::Paged;
use crate::param::Value;

/// The calls for the pages to come.
pub(super) enum Calls {
    /// All of them, for rows that are counted: they can be on their way at once.
    Counted(Counted),
    /// The next one: a cursor is known when the page before it has come.
    Linked(Option<Call>, Round),
}

/// Calls that begin at each so many rows.
pub(super) struct Counted {
    pub(super) call: Call,
    pub(super) next: u32,
    pub(super) step: u32,
    pub(super) end: u32,
}

impl Counted {
    /// How many there are at most.
    pub(super) fn len(&self) -> usize {
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
pub(super) struct Ahead<P> {
    shared: Arc<Shared<P>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared<P> {
    state: Mutex<State<P>>,
    changed: Condvar,
}

struct State<P> {
    calls: Calls,
    /// Pages by their number.
    read: BTreeMap<usize, (Place, Result<P, Error>)>,
    begun: usize,
    taken: usize,
    /// How many pages may be read and not taken.
    window: usize,
    /// None is begun any more: the last one was read, or nobody wants them.
    is_over: bool,
    running: usize,
}

impl<P: Paged> Ahead<P> {
    /// Begins to read; none if the system gives no thread, which makes a walk slower, not wrong.
    pub(super) fn start(calls: Calls, threads: usize, window: usize) -> Option<Self> {
        let threads = match &calls {
            Calls::Counted(calls) => threads.min(window).min(calls.len()),
            Calls::Linked(..) => 1,
        };
        let state = State {
            calls,
            read: BTreeMap::new(),
            begun: 0,
            taken: 0,
            window,
            is_over: false,
            running: 0,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let threads: Vec<_> = (0..threads)
            .map_while(|_| {
                let running = Running::begin(&shared);
                let thread = thread::Builder::new().name("tonearm".to_owned());
                thread.spawn(move || running.read_all()).ok()
            })
            .collect();
        (!threads.is_empty()).then_some(Ahead { shared, threads })
    }

    /// The next page, when it has come; none behind the last one that is read.
    pub(super) fn next(&mut self) -> Option<(Place, Result<P, Error>)> {
        let mut state = self.shared.state();
        loop {
            let number = state.taken;
            if let Some(page) = state.read.remove(&number) {
                state.taken += 1;
                self.shared.changed.notify_all();
                return Some(page);
            }
            if state.running == 0 {
                return None;
            }
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until nothing is on its way any more, so that what comes next has the connections to itself.
    pub(super) fn stop(mut self) {
        self.shared.end();
        for thread in self.threads.drain(..) {
            // A panic was told on standard error; its page is read once more by whoever misses it.
            let _ = thread.join();
        }
    }
}

/// Whoever drops a walk need not wait: what is on its way comes to nothing.
impl<P> Drop for Ahead<P> {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl<P> Shared<P> {
    fn state(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        self.state().is_over = true;
        self.changed.notify_all();
    }
}

/// A thread that reads. Also one that panics is not waited for.
struct Running<P>(Arc<Shared<P>>);

impl<P> Drop for Running<P> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running -= 1;
        state.is_over |= thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

impl<P> Running<P> {
    fn begin(shared: &Arc<Shared<P>>) -> Self {
        shared.state().running += 1;
        Running(Arc::clone(shared))
    }
}

impl<P: Paged> Running<P> {
    fn read_all(self) {
        while let Some((number, call)) = self.next_call() {
            let page: Result<P, Error> = call.send();
            let place = place_of(&call);
            let is_last = match &page {
                Ok(page) => page.rows() == 0 || page.next_link().is_none(),
                Err(_) => true,
            };
            let mut state = self.0.state();
            state.is_over |= is_last;
            if let (Ok(page), Calls::Linked(next, round)) = (&page, &mut state.calls) {
                // Where it does not go on, the walk itself says why.
                *next = Pages::following(call, page, round).ok().flatten();
            }
            state.read.insert(number, (place, page));
            self.0.changed.notify_all();
        }
    }

    /// The next call and its number, when there is room for its page.
    fn next_call(&self) -> Option<(usize, Call)> {
        let mut state = self.0.state();
        while !state.is_over && state.begun >= state.taken.saturating_add(state.window) {
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_over {
            return None;
        }
        let call = match &mut state.calls {
            Calls::Counted(calls) => calls.next()?,
            Calls::Linked(call, _) => call.take()?,
        };
        let number = state.begun;
        state.begun += 1;
        Some((number, call))
    }
}
