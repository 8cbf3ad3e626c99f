//! The jobs, and the table with their figures.

use crate::contender::Contender;
use crate::measure::{self, Job};
use crate::pages::{self, Quota};
use crate::server::Server;
use std::sync::atomic::Ordering::Relaxed;

/// Measures all contenders, or runs one job if the program was started for that.
pub fn run(contenders: &[&dyn Contender]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "job") {
        return run_job(contenders, &arguments);
    }
    let selected: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let is_selected =
        |group: &str| selected.is_empty() || selected.iter().any(|word| *word == group);
    let server = Server::start().expect("a port on loopback");
    let table = Table { names: contenders.iter().map(|one| one.name()).collect(), server };
    if is_selected("serve") && !selected.is_empty() {
        println!("{}", table.server.base(Quota::Extended, 10_000, 0));
        return std::thread::park();
    }
    table.head();
    let groups: [(&str, Group); 7] = [
        ("call", Table::call),
        ("start", Table::start),
        ("decode", Table::decode),
        ("pagination", Table::pagination),
        ("latency", Table::latency),
        ("names", Table::names),
        ("scale", Table::scale),
    ];
    for (name, group) in groups {
        if is_selected(name) {
            group(&table);
        }
    }
}

/// Runs one job in this process.
fn run_job(contenders: &[&dyn Contender], arguments: &[String]) {
    let [_, name, work, times, base, connections] = arguments else {
        panic!("expected `job` and five arguments, found {arguments:?}")
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (times, connections) = (number(times), number(connections));
    let contender = contenders.iter().find(|one| one.name() == name).expect("a contender");
    match work.as_str() {
        "me" => measure::run(|| contender.me(base, times)),
        "page" => measure::run(|| contender.page(base, times, true)),
        "bytes" => measure::run(|| contender.page(base, times, false)),
        "development" | "extended" => {
            let quota = if work == "extended" { Quota::Extended } else { Quota::Development };
            let body = pages::saved_tracks(quota, base, 10_000, 5_000, 50);
            measure::run(|| contender.decode(body.as_bytes(), times));
        }
        "collect" => measure::run(|| {
            assert_eq!(contender.collect(base, connections), times);
        }),
        "iterate" => measure::run(|| assert_eq!(contender.iterate(base), times)),
        "contains" => {
            let ids: Vec<String> = (0..times).map(|n| format!("{n:022}")).collect();
            measure::run(|| {
                let results = contender.contains(base, &ids, connections);
                assert!(results.is_none_or(|count| count == times));
            });
        }
        _ => panic!("expected a job, found {work}"),
    }
}

type Group = fn(&Table);

const MODES: [(Quota, &str); 2] =
    [(Quota::Development, "development"), (Quota::Extended, "extended")];

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

    /// Prints a row with the figure of each contender and its ratio to the first.
    fn row(&self, what: &str, digits: usize, figure: impl Fn(&'static str) -> Option<f64>) {
        let figures: Vec<Option<f64>> = self.names.iter().map(|name| figure(name)).collect();
        let baseline = figures.first().copied().flatten();
        let cells = figures.iter().enumerate().map(|(index, figure)| match (figure, baseline) {
            (None, _) => "–".to_owned(),
            (Some(figure), Some(baseline)) if index > 0 && baseline > 0.0 => {
                format!("{figure:.digits$} ({:.3}×)", figure / baseline)
            }
            (Some(figure), _) => format!("{figure:.digits$}"),
        });
        println!("| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }

    /// Returns the cost of one repetition: the difference between many and few, which excludes the fixed cost.
    fn each(
        &self,
        job: &Job,
        few: usize,
        many: usize,
        figure: impl Fn(&Job) -> Option<f64>,
    ) -> Option<f64> {
        let cost = |times| figure(&Job { times, ..job.clone() });
        Some((cost(many)? - cost(few)?) / (many - few) as f64)
    }

    fn call(&self) {
        let me = |name| self.job(name, "me", 0, self.server.base(Quota::Extended, 0, 0));
        self.row("`get_me`: instructions", 0, |name| {
            self.each(&me(name), 100, 600, Job::instructions)
        });
        self.row("`get_me`: allocations", 1, |name| {
            self.each(&me(name), 100, 600, |job| Some(job.report().allocations))
        });
        self.row("`get_me`: system calls", 1, |name| {
            self.each(&me(name), 100, 600, |job| job.system_calls().map(|calls| calls.len() as f64))
        });
    }

    fn start(&self) {
        self.row("process start to first response: instructions", 0, |name| {
            self.job(name, "me", 1, self.server.base(Quota::Extended, 0, 0)).instructions()
        });
    }

    /// Measures a page with `serde_json::from_slice`, and through the client.
    fn decode(&self) {
        for (quota, name) in MODES {
            self.page(name, "`from_slice`", &|contender| self.job(contender, name, 0, "x".into()));
            let base = self.server.plain_base(quota, 10_000);
            self.page(name, "the client, uncompressed", &|contender| {
                self.job(contender, "page", 0, base.clone())
            });
        }
    }

    fn page(&self, quota: &str, by: &str, job: &dyn Fn(&'static str) -> Job) {
        let row = |what: &str| format!("{quota} page of 50 tracks by {by}: {what}");
        self.row(&row("instructions"), 0, |name| self.each(&job(name), 2, 22, Job::instructions));
        self.times(&row("CPU s for 1,000"), |name| Job { times: 1_000, ..job(name) });
        self.row(&row("allocations"), 1, |name| {
            self.each(&job(name), 2, 22, |job| Some(job.report().allocations))
        });
    }

    /// Prints a row of CPU times, each the minimum of several runs, which alternate between contenders.
    fn times(&self, what: &str, job: impl Fn(&'static str) -> Job) {
        let jobs: Vec<Job> = self.names.iter().map(|name| job(name)).collect();
        let mut minima: Vec<Option<f64>> = vec![None; jobs.len()];
        for _ in 0..7 {
            for (job, minimum) in jobs.iter().zip(&mut minima) {
                *minimum = [*minimum, job.report().cpu].into_iter().flatten().reduce(f64::min);
            }
        }
        self.row(what, 3, |name| {
            self.names.iter().position(|other| *other == name).and_then(|index| minima[index])
        });
    }

    fn pagination(&self) {
        for (quota, name) in MODES {
            println!("| {name} | |");
            self.pagination_of(&self.server.base(quota, 10_000, 0));
        }
    }

    fn pagination_of(&self, base: &str) {
        let collect = |name| self.job(name, "collect", 10_000, base.to_owned());
        self.times("10,000 tracks: CPU s", collect);
        self.row("10,000 tracks: instructions in millions", 1, |name| {
            collect(name).instructions().map(|count| count / 1e6)
        });
        self.row("10,000 tracks: peak memory MiB", 1, |name| collect(name).report().peak);
        self.row("10,000 tracks on 4 connections: peak memory MiB", 1, |name| {
            Job { connections: 4, ..collect(name) }.report().peak
        });
        self.row("10,000 tracks: MB received", 2, |name| {
            let traffic = self.server.traffic();
            collect(name).report();
            Some(traffic.bytes.load(Relaxed) as f64 / 1e6)
        });
        self.row("10,000 tracks: requests", 0, |name| {
            let traffic = self.server.traffic();
            collect(name).report();
            Some(traffic.requests.load(Relaxed) as f64)
        });
        self.row("10,000 tracks: connections", 0, |name| {
            let traffic = self.server.traffic();
            collect(name).report();
            Some(traffic.connections.load(Relaxed) as f64)
        });
    }

    fn latency(&self) {
        // A shorter time means that the contender has no such call.
        let wall = |job: Job| Some(job.report().wall).filter(|wall| *wall >= 0.1);
        for (connections, milliseconds) in
            [(1, 20), (4, 20), (8, 20), (16, 20), (1, 100), (4, 100), (8, 100), (16, 100)]
        {
            let base = self.server.base(Quota::Development, 10_000, milliseconds);
            let what = format!(
                "10,000 tracks at {milliseconds} ms latency on {connections} connections: wall s"
            );
            self.row(&what, 2, |name| {
                wall(Job { connections, ..self.job(name, "collect", 10_000, base.clone()) })
            });
        }
        for connections in [1, 4] {
            let base = self.server.base(Quota::Development, 10_000, 100);
            let what =
                format!("check 1,000 ids at 100 ms latency on {connections} connections: wall s");
            self.row(&what, 2, |name| {
                wall(Job { connections, ..self.job(name, "contains", 1_000, base.clone()) })
            });
        }
    }

    fn names(&self) {
        let base = self.server.base(Quota::Extended, 0, 0).replace("127.0.0.1", "localhost");
        let counted = |name, what: &str| {
            let calls = self.job(name, "me", 200, base.clone()).system_calls()?;
            Some(calls.iter().filter(|call| call.contains(what)).count() as f64)
        };
        // The resolver reads this file for every DNS lookup.
        self.row("200 requests: DNS lookups", 0, |name| counted(name, "\"/etc/hosts\""));
        self.row("200 requests: threads started", 0, |name| counted(name, "clone"));
    }

    fn scale(&self) {
        for tracks in [100, 1_000, 10_000, 100_000] {
            let collect = |name| {
                self.job(name, "collect", tracks, self.server.base(Quota::Development, tracks, 0))
            };
            self.row(&format!("{tracks} tracks: CPU µs per track"), 2, |name| {
                collect(name).report().cpu.map(|cpu| cpu * 1e6 / tracks as f64)
            });
            self.row(&format!("{tracks} tracks: peak memory KiB per track"), 3, |name| {
                collect(name).report().peak.map(|peak| peak * 1024.0 / tracks as f64)
            });
        }
        for tracks in [1_000, 10_000, 100_000] {
            self.row(&format!("{tracks} tracks one by one: peak memory MiB"), 2, |name| {
                let base = self.server.base(Quota::Development, tracks, 0);
                self.job(name, "iterate", tracks, base).report().peak
            });
        }
    }
}
