//! The jobs, and the table with their figures.

use crate::contender::Contender;
use crate::measure::{self, Job, Report};
use crate::pages::{self, Quota};
use crate::server::Server;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Measures all contenders, or runs one job if the program was started for that.
pub fn run(contenders: &[&dyn Contender]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "job") {
        return run_job(contenders, &arguments);
    }
    let selected: Vec<String> =
        arguments.into_iter().filter(|word| !word.starts_with('-')).collect();
    let server = Server::start().expect("a port on loopback");
    if selected.iter().any(|word| word == "serve") {
        println!("{}", server.base(Quota::Extended, 10_000, 0));
        return std::thread::park();
    }
    let table =
        Table { names: contenders.iter().map(|one| one.name()).collect(), server, selected };
    table.print();
}

/// Runs one job in this process.
fn run_job(contenders: &[&dyn Contender], arguments: &[String]) {
    let [_, name, work, times, base, connections] = arguments else {
        panic!("expected `job` and five arguments, found {arguments:?}")
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let (times, connections) = (number(times), number(connections));
    let contender = contenders.iter().find(|one| one.name() == name).expect("a contender");
    let always = |work: &dyn Fn()| {
        measure::run(|| {
            work();
            Some(())
        })
    };
    match work.as_str() {
        "me" => always(&|| contender.me(base, times)),
        "page" => always(&|| contender.page(base, times, true)),
        "bytes" => always(&|| contender.page(base, times, false)),
        "development" | "extended" => {
            let quota = if work == "extended" { Quota::Extended } else { Quota::Development };
            let body = pages::saved_tracks(quota, base, 10_000, 5_000, 50);
            always(&|| contender.decode(body.as_bytes(), times));
        }
        "collect" => measure::run(|| {
            contender.collect(base, connections).map(|count| assert_eq!(count, times))
        }),
        "iterate" => always(&|| assert_eq!(contender.iterate(base), times)),
        "contains" => {
            let ids: Vec<String> = (0..times).map(|n| format!("{n:022}")).collect();
            measure::run(|| {
                let results = contender.contains(base, &ids, connections);
                results.map(|count| assert_eq!(count, times))
            });
        }
        _ => panic!("expected a job, found {work}"),
    }
}

/// The unit of a figure.
#[derive(Clone, Copy)]
enum Unit {
    Instructions,
    Seconds,
    Milliseconds,
    Microseconds,
    MiB,
    KiB,
    MB,
    None,
}

impl Unit {
    /// Returns a figure with three digits, or a small number of things.
    fn text(self, figure: f64) -> String {
        let scaled = |divisor: f64| three_digits(figure / divisor);
        match self {
            Unit::Instructions if figure >= 1e9 => format!("{} G", scaled(1e9)),
            Unit::Instructions if figure >= 1e6 => format!("{} M", scaled(1e6)),
            Unit::Instructions => format!("{} k", scaled(1e3)),
            Unit::None => with_commas(figure),
            _ => scaled(1.0),
        }
    }

    /// Returns the name after the last figure of a cell.
    fn name(self) -> &'static str {
        match self {
            Unit::Instructions | Unit::None => "",
            Unit::Seconds => " s",
            Unit::Milliseconds => " ms",
            Unit::Microseconds => " µs",
            Unit::MiB => " MiB",
            Unit::KiB => " KiB",
            Unit::MB => " MB",
        }
    }
}

fn three_digits(figure: f64) -> String {
    match figure {
        100.0.. => format!("{figure:.0}"),
        10.0.. => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

fn with_commas(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The figures of each contender, in the order of the table.
type Figures = Vec<Vec<Option<f64>>>;

struct Table {
    names: Vec<&'static str>,
    server: Server,
    /// The parts of the names of the rows to measure. If it is empty, all rows are measured.
    selected: Vec<String>,
}

impl Table {
    /// Prints the table of `benches/README.md`, row by row.
    fn print(&self) {
        println!("| | {} |", self.names.join(" | "));
        println!("| ---{} |", " | ---".repeat(self.names.len()));
        self.mode("development mode", Quota::Development);
        self.latency();
        self.scale();
        self.mode("extended quota mode", Quota::Extended);
        self.section("either");
        self.call();
        self.contains();
        self.names();
    }

    fn section(&self, name: &str) {
        println!("| **{name}** |{}", " |".repeat(self.names.len()));
    }

    /// Measures a row if it is selected, and prints it. A single figure is followed by its ratio to the first contender.
    fn row(&self, what: &str, units: &[Unit], measure: impl FnOnce() -> Figures) {
        if !self.selected.is_empty() && !self.selected.iter().any(|part| what.contains(&**part)) {
            return;
        }
        let figures = measure();
        let cells = figures.iter().enumerate().map(|(index, of_one)| {
            if of_one.iter().all(Option::is_none) {
                return "–".to_owned();
            }
            let texts = of_one.iter().enumerate().map(|(index, figure)| {
                let unit = units.get(index).or(units.last()).copied().unwrap_or(Unit::None);
                figure.map_or("–".to_owned(), |figure| unit.text(figure))
            });
            let mut cell = texts.collect::<Vec<_>>().join(" / ");
            cell.push_str(units.last().map_or("", |unit| unit.name()));
            if let ([Some(figure)], Some([Some(first)])) =
                (&**of_one, figures.first().map(|first| &**first))
                && index > 0
            {
                cell.push_str(&format!(", {:.2}×", figure / first));
            }
            cell
        });
        println!("| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }

    /// Returns the figures of each contender.
    fn each(&self, figures: impl Fn(&'static str) -> Vec<Option<f64>>) -> Figures {
        self.names.iter().map(|name| figures(name)).collect()
    }

    /// Returns the least figures of several runs of the jobs, which alternate between contenders. The first run of the
    /// first contender includes the time in which the server builds its responses.
    fn least(
        &self,
        runs: usize,
        jobs: impl Fn(&'static str) -> Vec<Job>,
        figure: impl Fn(&Report) -> Option<f64>,
    ) -> Figures {
        let jobs: Vec<Vec<Job>> = self.names.iter().map(|name| jobs(name)).collect();
        let mut least: Figures = jobs.iter().map(|of_one| vec![None; of_one.len()]).collect();
        let count = jobs.first().map_or(0, Vec::len);
        for index in 0..count {
            for _ in 0..runs {
                for (of_one, least) in jobs.iter().zip(&mut least) {
                    let found = [least[index], of_one[index].report().as_ref().and_then(&figure)];
                    least[index] = found.into_iter().flatten().reduce(f64::min);
                }
            }
        }
        least
    }

    fn job(&self, contender: &'static str, work: &'static str, times: usize, base: String) -> Job {
        Job { contender, work, times, base, connections: 1 }
    }

    /// Measures a page with `serde_json::from_slice` and through the client, and the pagination of 10,000 tracks.
    fn mode(&self, mode: &str, quota: Quota) {
        self.section(mode);
        let work = match quota {
            Quota::Development => "development",
            Quota::Extended => "extended",
        };
        self.page("page by `serde_json::from_slice`", &|name| self.job(name, work, 0, "x".into()));
        let base = self.server.plain_base(quota, 10_000);
        self.page("page through the client", &|name| self.job(name, "page", 0, base.clone()));
        let base = self.server.base(quota, 10_000, 0);
        let collect = |name| self.job(name, "collect", 10_000, base.clone());
        self.row("pagination: CPU", &[Unit::Seconds], || {
            self.least(5, |name| vec![collect(name)], |report| report.cpu)
        });
        self.row("pagination: instructions, with decompression", &[Unit::Instructions], || {
            self.each(|name| vec![collect(name).instructions()])
        });
        self.row("10,000 tracks: peak memory added", &[Unit::MiB], || {
            self.each(|name| vec![collect(name).report().and_then(|report| report.peak)])
        });
        self.row("10,000 tracks on 4 connections: peak memory added", &[Unit::MiB], || {
            self.each(|name| {
                vec![
                    (Job { connections: 4, ..collect(name) })
                        .report()
                        .and_then(|report| report.peak),
                ]
            })
        });
        self.row("10,000 tracks: bytes received", &[Unit::MB], || {
            self.each(|name| {
                let traffic = self.server.traffic();
                collect(name).report();
                vec![Some(traffic.bytes.load(Relaxed) as f64 / 1e6)]
            })
        });
        self.row("10,000 tracks: requests / connections", &[Unit::None], || {
            self.each(|name| {
                let traffic = self.server.traffic();
                collect(name).report();
                let count = |count: &AtomicUsize| Some(count.load(Relaxed) as f64);
                vec![count(&traffic.requests), count(&traffic.connections)]
            })
        });
    }

    fn page(&self, what: &str, job: &dyn Fn(&'static str) -> Job) {
        self.row(&format!("{what}: instructions"), &[Unit::Instructions], || {
            self.each(|name| vec![one_of(&job(name), 2, 22, Job::instructions)])
        });
        self.row(&format!("{what}: CPU"), &[Unit::Milliseconds], || {
            self.least(7, |name| vec![Job { times: 1_000, ..job(name) }], |report| report.cpu)
        });
        self.row(&format!("{what}: allocations"), &[Unit::None], || {
            self.each(|name| {
                vec![one_of(&job(name), 2, 22, |job| job.report().map(|report| report.allocations))]
            })
        });
    }

    fn latency(&self) {
        const CONNECTIONS: [usize; 4] = [1, 4, 8, 16];
        for milliseconds in [20, 100] {
            let base = self.server.base(Quota::Development, 10_000, milliseconds);
            let what =
                format!("pagination at {milliseconds} ms latency on 1 / 4 / 8 / 16 connections");
            self.row(&what, &[Unit::Seconds], || {
                let jobs = |name| {
                    let job = self.job(name, "collect", 10_000, base.clone());
                    CONNECTIONS.map(|connections| Job { connections, ..job.clone() }).into()
                };
                self.least(3, jobs, |report| Some(report.wall))
            });
        }
    }

    fn scale(&self) {
        let jobs = |work, counts: &[usize], name| {
            let job = |tracks: &usize| {
                let base = self.server.base(Quota::Development, *tracks, 0);
                self.job(name, work, *tracks, base)
            };
            counts.iter().map(job).collect::<Vec<_>>()
        };
        let peaks = |jobs: Vec<Job>, each: bool| {
            let peak = |job: &Job| {
                let peak = job.report()?.peak?;
                Some(if each { peak * 1024.0 / job.times as f64 } else { peak })
            };
            jobs.iter().map(peak).collect()
        };
        let counts = [100, 1_000, 10_000, 100_000];
        let what = "a track of 100 / 1,000 / 10,000 / 100,000: CPU";
        self.row(what, &[Unit::Microseconds], || {
            let mut figures =
                self.least(3, |name| jobs("collect", &counts, name), |report| report.cpu);
            for of_one in &mut figures {
                for (figure, tracks) in of_one.iter_mut().zip(counts) {
                    *figure = figure.map(|cpu| cpu * 1e6 / tracks as f64);
                }
            }
            figures
        });
        let counts = [1_000, 10_000, 100_000];
        let what = "a track of 1,000 / 10,000 / 100,000: peak memory added";
        self.row(what, &[Unit::KiB], || {
            self.each(|name| peaks(jobs("collect", &counts, name), true))
        });
        let what = "1,000 / 10,000 / 100,000 tracks one by one: peak memory added";
        self.row(what, &[Unit::MiB], || {
            self.each(|name| peaks(jobs("iterate", &counts, name), false))
        });
    }

    fn call(&self) {
        let base = self.server.base(Quota::Extended, 0, 0);
        let me = |name, times| self.job(name, "me", times, base.clone());
        self.row("`get_me`: instructions", &[Unit::Instructions], || {
            self.each(|name| vec![one_of(&me(name, 0), 100, 600, Job::instructions)])
        });
        self.row("`get_me`: allocations / system calls", &[Unit::None], || {
            let allocations = |job: &Job| job.report().map(|report| report.allocations);
            let calls = |job: &Job| job.system_calls().map(|calls| calls.len() as f64);
            self.each(|name| {
                let job = me(name, 0);
                vec![one_of(&job, 100, 600, allocations), one_of(&job, 100, 600, calls)]
            })
        });
        let what = "from process start to the first response: instructions";
        self.row(what, &[Unit::Instructions], || {
            self.each(|name| vec![me(name, 1).instructions()])
        });
    }

    fn contains(&self) {
        let base = self.server.base(Quota::Development, 10_000, 100);
        let what = "check 1,000 ids at 100 ms latency on 1 / 4 connections";
        self.row(what, &[Unit::Seconds], || {
            let jobs = |name| {
                let job = self.job(name, "contains", 1_000, base.clone());
                [1, 4].map(|connections| Job { connections, ..job.clone() }).into()
            };
            self.least(3, jobs, |report| Some(report.wall))
        });
    }

    fn names(&self) {
        let base = self.server.base(Quota::Extended, 0, 0).replace("127.0.0.1", "localhost");
        self.row("200 requests: name look-ups / threads started", &[Unit::None], || {
            self.each(|name| {
                let calls = self.job(name, "me", 200, base.clone()).system_calls();
                // The resolver reads this file for every look-up.
                ["\"/etc/hosts\"", "clone"]
                    .map(|what| {
                        let calls = calls.as_ref()?.iter().filter(|call| call.contains(what));
                        Some(calls.count() as f64)
                    })
                    .into()
            })
        });
    }
}

/// Returns the cost of one repetition: the difference between many and few, which excludes the fixed cost.
fn one_of(job: &Job, few: usize, many: usize, figure: impl Fn(&Job) -> Option<f64>) -> Option<f64> {
    let cost = |times| figure(&Job { times, ..job.clone() });
    Some((cost(many)? - cost(few)?) / (many - few) as f64)
}
