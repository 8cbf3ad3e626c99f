//! How close Tonearm is to what the machine allows: `cargo bench --bench compare`.
//!
//! Every figure stands beside that of the floor, which does the same by hand, from the same run. Each job runs in a
//! process of its own; the server that they talk to runs in this one. Instructions are counted by callgrind and
//! system calls by strace where they are installed.
//!
//! `cargo bench --bench compare -- decode walk` measures those alone, and with `serve` it is the server alone, for a
//! profiler: the jobs are started with `job tonearm walk 10000 BASE 1`.

mod contender;
mod floor;
mod measure;
mod pages;
mod server;
mod table;

use contender::Contender;

fn main() {
    let contenders: [&dyn Contender; 2] = [&floor::Floor, &contender::Tonearm];
    table::run(&contenders);
}
