//! Compares Tonearm with hand-written code: `cargo bench --bench compare`.
//!
//! Each job runs in a separate process; the server for all jobs runs in this one. Callgrind counts instructions, and
//! strace counts system calls, if they are installed.
//!
//! `cargo bench --bench compare -- get_me latency` measures only the rows with one of these words in their name.
//! `cargo bench --bench compare -- serve` runs only the server, to profile a job that is started with
//! `job Tonearm collect 10000 BASE 1`.

mod baseline;
mod contender;
mod measure;
mod pages;
mod server;
mod table;

use contender::Contender;

fn main() {
    let contenders: [&dyn Contender; 2] = [&baseline::Baseline, &contender::Tonearm];
    table::run(&contenders);
}
