//! The jobs, and the table of their figures.

use crate::contender::Contender;
use crate::measure::{self, Job};
use crate::server::Server;
use std::sync::atomic::Ordering::Relaxed;

/// The whole program: measures all contenders, or does one job if it was started for that.
pub fn run(contenders: &[&dyn Contender]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "job") {
        return do_job(contenders, &arguments);
    }
    let wanted: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |group: &str| wanted.is_empty() || wanted.iter().any(|word| *word == group);
    let server = Server::start().expect("a port on loopback");
    let table = Table { names: contenders.iter().map(|one| one.name()).collect(), server };
    if is_wanted("serve") && !wanted.is_empty() {
        println!("{}", table.server.base(10_000, 0));
        return std::thread::park();
    }
    table.head();
    let groups: [(&str, Group); 7] = [
        ("call", Table::call),
        ("start", Table::start),
        ("decode", Table::decode),
        ("walk", Table::walk),
        ("latency", Table::latency),
        ("names", Table::names),
        ("scale", Table::scale),
    ];
    for (name, group) in groups {
        if is_wanted(name) {
            group(&table);
        }
    }
}

/// What a process does that was started for one job.
fn do_job(contenders: &[&dyn Contender], arguments: &[String]) {
    let [_, name, work, times, base, connections] = arguments else {
        panic!("expected a job of five words, found {arguments:?}")
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (times, connections) = (number(times), number(connections));
    let contender = contenders.iter().find(|one| one.name() == name).expect("a contender");
    match work.as_str() {
        "me" => measure::tell(|| contender.me(base, times)),
        "page" => measure::tell(|| contender.page(base, times, true)),
        "bytes" => measure::tell(|| contender.page(base, times, false)),
        "walk" => measure::tell(|| {
            assert_eq!(contender.walk(base, connections), times);
        }),
        "iterate" => measure::tell(|| assert_eq!(contender.iterate(base), times)),
        "contains" => {
            let ids: Vec<String> = (0..times).map(|n| format!("{n:022}")).collect();
            measure::tell(|| {
                let answers = contender.contains(base, &ids, connections);
                assert!(answers.is_none_or(|count| count == times));
            });
        }
        _ => panic!("expected a job, found {work}"),
    }
}

type Group = fn(&Table);

struct Table {
    names: Vec<&'static str>,
    server: Server,
}

impl Table {
    fn job(&self, contender: &'static str, work: &'static str, times: usize, base: String) -> Job {
        Job { contender, work, times, base, connections: 1 }
    }

    fn head(&self) {
        println!("| | {} |", self.names.join(" | "));
        println!("|---|{}", "---|".repeat(self.names.len()));
    }

    /// A row: the figure of each contender, and its ratio to the first.
    fn row(&self, what: &str, digits: usize, figure: impl Fn(&'static str) -> Option<f64>) {
        let figures: Vec<Option<f64>> = self.names.iter().map(|name| figure(name)).collect();
        let floor = figures.first().copied().flatten();
        let cells = figures.iter().enumerate().map(|(index, figure)| match (figure, floor) {
            (None, _) => "–".to_owned(),
            (Some(figure), Some(floor)) if index > 0 && floor > 0.0 => {
                format!("{figure:.digits$} ({:.3}×)", figure / floor)
            }
            (Some(figure), _) => format!("{figure:.digits$}"),
        });
        println!("| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }

    /// What one more costs: the difference of many and few, so that what happens once falls out.
    fn each(
        &self,
        job: &Job,
        few: usize,
        many: usize,
        of: impl Fn(&Job) -> Option<f64>,
    ) -> Option<f64> {
        let with = |times| of(&Job { times, ..job.clone() });
        Some((with(many)? - with(few)?) / (many - few) as f64)
    }

    fn call(&self) {
        let me = |name| self.job(name, "me", 0, self.server.base(0, 0));
        self.row("`get_me`: instructions", 0, |name| {
            self.each(&me(name), 100, 600, Job::instructions)
        });
        self.row("`get_me`: heap calls", 1, |name| {
            self.each(&me(name), 100, 600, |job| Some(job.report().heap_calls))
        });
        self.row("`get_me`: system calls", 1, |name| {
            self.each(&me(name), 100, 600, |job| job.system_calls().map(|calls| calls.len() as f64))
        });
    }

    fn start(&self) {
        self.row("process start to first answer: instructions", 0, |name| {
            self.job(name, "me", 1, self.server.base(0, 0)).instructions()
        });
    }

    /// What decoding takes: the difference between a page that is asked for and decoded, and one of which the bytes
    /// are taken.
    fn decode(&self) {
        let base = self.server.base(10_000, 0);
        let job = |name, work| self.job(name, work, 0, base.clone());
        let decoded = |name, of: &dyn Fn(&Job) -> Option<f64>| {
            Some(
                self.each(&job(name, "page"), 2, 22, of)?
                    - self.each(&job(name, "bytes"), 2, 22, of)?,
            )
        };
        self.row("page of 50 tracks decoded: instructions", 0, |name| {
            decoded(name, &Job::instructions)
        });
        self.row("page of 50 tracks decoded: CPU ms", 3, |name| {
            let least = |work| {
                let job = Job { times: 1_000, ..job(name, work) };
                let runs = (0..5).filter_map(|_| job.report().cpu);
                runs.reduce(f64::min)
            };
            // Seconds for a thousand are milliseconds for one.
            Some(least("page")? - least("bytes")?)
        });
        self.row("page of 50 tracks decoded: heap calls", 1, |name| {
            decoded(name, &|job| Some(job.report().heap_calls))
        });
    }

    /// CPU times, each the least of several, taken in turns.
    fn times(&self, what: &str, job: impl Fn(&'static str) -> Job) {
        let jobs: Vec<Job> = self.names.iter().map(|name| job(name)).collect();
        let mut least: Vec<Option<f64>> = vec![None; jobs.len()];
        for _ in 0..7 {
            for (job, least) in jobs.iter().zip(&mut least) {
                *least = [*least, job.report().cpu].into_iter().flatten().reduce(f64::min);
            }
        }
        self.row(what, 3, |name| {
            self.names.iter().position(|other| *other == name).and_then(|index| least[index])
        });
    }

    fn walk(&self) {
        let base = self.server.base(10_000, 0);
        let walk = |name| self.job(name, "walk", 10_000, base.clone());
        self.times("10,000 tracks: CPU s", walk);
        self.row("10,000 tracks: instructions in millions", 1, |name| {
            walk(name).instructions().map(|count| count / 1e6)
        });
        self.row("10,000 tracks: peak memory MiB", 1, |name| walk(name).report().peak);
        self.row("10,000 tracks on 4 connections: peak memory MiB", 1, |name| {
            Job { connections: 4, ..walk(name) }.report().peak
        });
        self.row("10,000 tracks: MB received", 2, |name| {
            let traffic = self.server.traffic();
            walk(name).report();
            Some(traffic.bytes.load(Relaxed) as f64 / 1e6)
        });
        self.row("10,000 tracks: requests", 0, |name| {
            let traffic = self.server.traffic();
            walk(name).report();
            Some(traffic.requests.load(Relaxed) as f64)
        });
        self.row("10,000 tracks: connections", 0, |name| {
            let traffic = self.server.traffic();
            walk(name).report();
            Some(traffic.connections.load(Relaxed) as f64)
        });
    }

    fn latency(&self) {
        // Nothing takes less than one wait, but what is not there.
        let wall = |job: Job| Some(job.report().wall).filter(|wall| *wall >= 0.1);
        for connections in [1, 4, 8] {
            let base = self.server.base(10_000, 100);
            let what = format!("10,000 tracks at 100 ms on {connections}: wall s");
            self.row(&what, 2, |name| {
                wall(Job { connections, ..self.job(name, "walk", 10_000, base.clone()) })
            });
        }
        for connections in [1, 4] {
            let base = self.server.base(10_000, 100);
            let what = format!("are 1,000 saved at 100 ms on {connections}: wall s");
            self.row(&what, 2, |name| {
                wall(Job { connections, ..self.job(name, "contains", 1_000, base.clone()) })
            });
        }
    }

    fn names(&self) {
        let base = self.server.base(0, 0).replace("127.0.0.1", "localhost");
        let counted = |name, what: &str| {
            let calls = self.job(name, "me", 200, base.clone()).system_calls()?;
            Some(calls.iter().filter(|call| call.contains(what)).count() as f64)
        };
        // The system reads this file for every look-up, before it asks anybody.
        self.row("200 requests: names looked up", 0, |name| counted(name, "\"/etc/hosts\""));
        self.row("200 requests: threads started", 0, |name| counted(name, "clone"));
    }

    fn scale(&self) {
        for tracks in [100, 1_000, 10_000, 100_000] {
            let walk = |name| self.job(name, "walk", tracks, self.server.base(tracks, 0));
            self.row(&format!("{tracks} tracks: CPU µs a track"), 2, |name| {
                walk(name).report().cpu.map(|cpu| cpu * 1e6 / tracks as f64)
            });
            self.row(&format!("{tracks} tracks: peak memory KiB a track"), 3, |name| {
                walk(name).report().peak.map(|peak| peak * 1024.0 / tracks as f64)
            });
        }
        for tracks in [1_000, 10_000, 100_000] {
            self.row(&format!("{tracks} tracks one by one: peak memory MiB"), 2, |name| {
                self.job(name, "iterate", tracks, self.server.base(tracks, 0)).report().peak
            });
        }
    }
}
