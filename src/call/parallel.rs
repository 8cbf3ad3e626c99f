//! Jobs on several threads at once, with the answers in the order of the jobs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Does jobs on at most this many threads, this one among them, and answers in their order.
///
/// Jobs are begun in order. After an answer that `is_last`, none is begun any more, and the answers end
/// with the first such one: what was on its way behind it is dropped.
pub(crate) fn map_ordered<J: Sync, A: Send>(
    jobs: &[J],
    threads: usize,
    run: impl Fn(&J) -> A + Sync,
    is_last: impl Fn(&A) -> bool + Sync,
) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let is_over = AtomicBool::new(false);
    let work = || {
        let mut answers = Vec::new();
        while !is_over.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { break };
            let answer = run(job);
            if is_last(&answer) {
                is_over.store(true, Ordering::Relaxed);
            }
            answers.push((index, answer));
        }
        answers
    };
    let mut answers = thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.min(jobs.len()))
            .map_while(|_| {
                // A system that gives no more threads makes it slower, not wrong.
                thread::Builder::new().name("tonearm".to_owned()).spawn_scoped(scope, work).ok()
            })
            .collect();
        let mut answers = work();
        for helper in helpers {
            match helper.join() {
                Ok(more) => answers.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        answers
    });
    // Every job before one that was begun was begun too, so there is no gap.
    answers.sort_unstable_by_key(|(index, _)| *index);
    let mut ordered = Vec::with_capacity(answers.len());
    for (_, answer) in answers {
        let ends = is_last(&answer);
        ordered.push(answer);
        if ends {
            break;
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, Mutex};

    use super::*;

    #[test]
    fn answers_come_in_order_whoever_is_first() {
        let jobs: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 4, 200] {
            let answers = map_ordered(&jobs, threads, |job| job * 2, |_| false);
            assert_eq!(answers, jobs.iter().map(|job| job * 2).collect::<Vec<_>>(), "{threads}");
        }
        assert!(map_ordered(&[] as &[usize], 4, |job| *job, |_| false).is_empty());
    }

    #[test]
    fn as_many_jobs_run_at_once_as_there_are_threads_and_no_more() {
        // Would wait for ever if fewer than four ran at once.
        let meeting = Barrier::new(4);
        let running = Mutex::new((0, 0));
        let jobs = [(); 32];
        map_ordered(
            &jobs,
            4,
            |()| {
                {
                    let mut running = running.lock().unwrap();
                    running.0 += 1;
                    running.1 = running.1.max(running.0);
                }
                meeting.wait();
                running.lock().unwrap().0 -= 1;
            },
            |()| false,
        );
        assert_eq!(running.into_inner().unwrap(), (0, 4));
    }

    #[test]
    fn nothing_is_begun_after_the_last_and_nothing_behind_it_is_kept() {
        let jobs: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let answers = map_ordered(
            &jobs,
            4,
            |job| {
                begun.fetch_add(1, Ordering::Relaxed);
                *job
            },
            |answer| *answer >= 10,
        );
        assert_eq!(answers, (0..=10).collect::<Vec<_>>());
        // Each of the others may have had one on its way, and may go on until it sees the end.
        assert!(begun.into_inner() < 1000);
        let alone = map_ordered(&jobs, 1, |job| *job, |answer| *answer == 3);
        assert_eq!(alone, [0, 1, 2, 3]);
    }
}
