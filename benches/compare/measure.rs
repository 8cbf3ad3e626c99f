//! Runs a job in a separate process and measures it. Figures without an installed tool are omitted.

use std::process::{Command, Output, Stdio};
use std::time::Instant;

#[global_allocator]
static HEAP: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// Returns the number of allocations so far, including reallocations.
fn allocations() -> usize {
    let stats = HEAP.stats();
    stats.allocations + stats.reallocations
}

/// The figures that a job prints when it ends.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// CPU time of all threads, in seconds.
    pub cpu: Option<f64>,
    /// Wall time in seconds.
    pub wall: f64,
    /// The number of allocations, including reallocations.
    pub allocations: f64,
    /// The growth of peak memory, in MiB.
    pub peak: Option<f64>,
}

/// A job of a contender.
#[derive(Clone, Debug)]
pub struct Job {
    pub contender: &'static str,
    pub work: &'static str,
    pub times: usize,
    pub base: String,
    pub connections: usize,
}

impl Job {
    fn arguments(&self) -> [String; 6] {
        let text = |text: &str| text.to_owned();
        let (times, connections) = (self.times.to_string(), self.connections.to_string());
        [text("job"), text(self.contender), text(self.work), times, self.base.clone(), connections]
    }

    /// Runs the job, and returns its report; `None` if the contender doesn't support the job.
    pub fn report(&self) -> Option<Report> {
        let text = stdout(&self.command(&[]).output().expect("this program can be started"));
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(' '));
            lines.find(|(key, _)| *key == name).and_then(|(_, value)| value.parse::<f64>().ok())
        };
        if text.trim() == UNSUPPORTED {
            return None;
        }
        let allocations = value("allocations").unwrap_or_else(|| panic!("no report of {self:?}"));
        let (cpu, peak) = (value("cpu"), value("peak"));
        Some(Report { cpu, wall: value("wall").unwrap_or(0.0), allocations, peak })
    }

    /// Runs the job, and returns the instructions of its process.
    pub fn instructions(&self) -> Option<f64> {
        let tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
        let output = self.command(&tool).output().ok()?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = text.lines().find(|line| line.contains("Collected :"))?;
        line.rsplit(' ').next()?.parse().ok()
    }

    /// Runs the job, and returns the system calls of its process.
    pub fn system_calls(&self) -> Option<Vec<String>> {
        let path = std::env::temp_dir().join(format!("tonearm-figures-{}", std::process::id()));
        let file = path.to_str()?;
        self.command(&["strace", "-f", "-o", file]).output().ok()?;
        let text = std::fs::read_to_string(&path).ok()?;
        let _ = std::fs::remove_file(&path);
        let calls = text.lines().filter(|line| !line.contains("resumed>") && line.contains('('));
        Some(calls.filter_map(|line| Some(line.split_once(' ')?.1.trim().to_owned())).collect())
    }

    fn command(&self, tool: &[&str]) -> Command {
        let this = std::env::current_exe().expect("this program has a path");
        let mut command = match tool {
            [] => Command::new(this),
            [tool, options @ ..] => {
                let mut command = Command::new(tool);
                command.args(options).arg(this);
                command
            }
        };
        command.args(self.arguments()).stdin(Stdio::null());
        command
    }
}

fn stdout(output: &Output) -> String {
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The report of a job that the contender doesn't support.
const UNSUPPORTED: &str = "unsupported";

/// Runs a job in this process, and prints its figures. The job returns `None` if the contender doesn't support it.
pub fn run(work: impl FnOnce() -> Option<()>) {
    let (calls, memory, cpu, began) =
        (allocations(), resident("VmRSS"), cpu_time(), Instant::now());
    if work().is_none() {
        return println!("{UNSUPPORTED}");
    }
    let (wall, cpu_now, calls_now) = (began.elapsed().as_secs_f64(), cpu_time(), allocations());
    println!("allocations {}\nwall {wall}", calls_now - calls);
    if let (Some(start), Some(end)) = (cpu, cpu_now) {
        println!("cpu {}", end - start);
    }
    if let (Some(start), Some(peak)) = (memory, resident("VmHWM")) {
        println!("peak {}", (peak - start) / 1024.0);
    }
}

#[cfg(target_os = "linux")]
fn cpu_time() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
}

#[cfg(not(target_os = "linux"))]
fn cpu_time() -> Option<f64> {
    None
}

/// Returns a memory figure of this process from the kernel, in KiB.
fn resident(name: &str) -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().split(' ').next()?.parse().ok()
}
