//! Jobs on several threads, with results in the order of the jobs.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::transport::{lock, order, spawn};

/// The result of a job.
pub(crate) struct Done<J, T> {
    pub(crate) value: T,
    /// `true` if no job begins after this one.
    pub(crate) is_last: bool,
    /// The job after this one, if it depends on the result.
    pub(crate) next: Option<J>,
}

/// The jobs to come.
pub(crate) enum Jobs<J> {
    /// All of them are known, so several run at the same time.
    Known(Box<dyn Iterator<Item = J> + Send>),
    /// Each is known when the one before it is done.
    Chained(Option<J>),
}

/// Threads that work on jobs, with a bounded number of results that wait for the caller.
///
/// Jobs begin in order. After a result that is the last, no other job begins.
pub(crate) struct Window<J: Send + 'static, T: Send + 'static> {
    shared: Arc<Shared<J, T>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared<J, T> {
    state: Mutex<State<J, T>>,
    changed: Condvar,
    /// The position of the jobs' requests among all requests of the program.
    position: u64,
    run: Box<dyn Fn(J) -> Done<J, T> + Send + Sync>,
}

struct State<J, T> {
    jobs: Jobs<J>,
    /// Results in order, from the next one for the caller; `None` for jobs that still run.
    results: VecDeque<Option<T>>,
    /// The number of results that may wait for the caller.
    size: usize,
    taken: usize,
    /// `true` if no further job begins: the last one is done, or the caller has dropped the window.
    is_over: bool,
    running: usize,
}

impl<J: Send + 'static, T: Send + 'static> Window<J, T> {
    /// Starts the threads. Returns `None` if the system starts none; the caller then works without them.
    pub(crate) fn start(
        jobs: Jobs<J>,
        threads: usize,
        size: usize,
        run: impl Fn(J) -> Done<J, T> + Send + Sync + 'static,
    ) -> Option<Self> {
        let threads = match jobs {
            Jobs::Known(_) => threads.min(size),
            Jobs::Chained(_) => 1,
        };
        let results = VecDeque::new();
        let state = State { jobs, results, size, taken: 0, is_over: false, running: 0 };
        let (state, changed) = (Mutex::new(state), Condvar::new());
        let position = order::position();
        let shared = Arc::new(Shared { state, changed, position, run: Box::new(run) });
        let threads: Vec<_> = (0..threads)
            .map_while(|_| {
                let worker = Worker::new(&shared);
                spawn("tonearm", move || worker.work()).ok()
            })
            .collect();
        (!threads.is_empty()).then_some(Window { shared, threads })
    }

    /// Waits for the next result; `None` after the last one, and after a job that panicked.
    pub(crate) fn next(&mut self) -> Option<T> {
        let mut state = self.shared.state();
        loop {
            if let Some(result) = state.results.front_mut().and_then(Option::take) {
                state.results.pop_front();
                state.taken += 1;
                self.shared.changed.notify_all();
                return Some(result);
            }
            if state.running == 0 {
                return None;
            }
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until no job runs and all connections are free.
    pub(crate) fn stop(mut self) {
        self.shared.end();
        for thread in self.threads.drain(..) {
            // A panic is on standard error already, and the caller does the missing job itself.
            let _ = thread.join();
        }
    }
}

/// Does not wait for running jobs, because nothing reads their results.
impl<J: Send + 'static, T: Send + 'static> Drop for Window<J, T> {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl<J, T> Shared<J, T> {
    fn state(&self) -> MutexGuard<'_, State<J, T>> {
        lock(&self.state)
    }

    fn end(&self) {
        self.state().is_over = true;
        self.changed.notify_all();
    }
}

/// One thread. It counts as running until it is dropped, also by a panic.
struct Worker<J, T>(Arc<Shared<J, T>>);

impl<J, T> Drop for Worker<J, T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running -= 1;
        state.is_over |= thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

impl<J, T> Worker<J, T> {
    fn new(shared: &Arc<Shared<J, T>>) -> Self {
        shared.state().running += 1;
        Worker(Arc::clone(shared))
    }

    fn work(self) {
        while let Some((number, job)) = self.next_job() {
            let done = order::at(self.0.position, number, || (self.0.run)(job));
            let mut state = self.0.state();
            state.is_over |= done.is_last;
            if let Jobs::Chained(next) = &mut state.jobs {
                *next = done.next;
            }
            // The caller takes results in order, so it has none after this one.
            let index = number.saturating_sub(state.taken);
            if let Some(place) = state.results.get_mut(index) {
                *place = Some(done.value);
            }
            self.0.changed.notify_all();
        }
    }

    /// The next job and its number, when there is room for its result.
    fn next_job(&self) -> Option<(usize, J)> {
        let mut state = self.0.state();
        while !state.is_over && state.results.len() >= state.size {
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_over {
            return None;
        }
        let job = match &mut state.jobs {
            Jobs::Known(jobs) => jobs.next()?,
            Jobs::Chained(job) => job.take()?,
        };
        let number = state.taken.saturating_add(state.results.len());
        state.results.push_back(None);
        Some((number, job))
    }
}

/// Runs jobs on several threads and returns their results in order, up to the first that is the last.
///
/// There are fewer results than jobs if a job panicked or the system gives no threads.
pub(crate) fn map_ordered<J: Send + 'static, T: Send + 'static>(
    jobs: Vec<J>,
    threads: usize,
    run: impl Fn(J) -> T + Send + Sync + 'static,
    is_last: impl Fn(&T) -> bool + Send + Sync + 'static,
) -> VecDeque<T> {
    let size = jobs.len();
    let run = move |job| {
        let value = run(job);
        Done { is_last: is_last(&value), value, next: None }
    };
    let mut results = VecDeque::with_capacity(size);
    if let Some(mut window) =
        Window::start(Jobs::Known(Box::new(jobs.into_iter())), threads, size, run)
    {
        results.extend(std::iter::from_fn(|| window.next()));
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_in_a_job_ends_the_results() {
        let run = |job| if job == 2 { panic!("on purpose") } else { job };
        assert_eq!(map_ordered(vec![0, 1, 2, 3], 1, run, |_| false), [0, 1]);
    }
}
