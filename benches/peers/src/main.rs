//! The benchmarks of `cargo bench` with other clients: `cargo run --release` in this folder.

#[path = "../../compare/baseline.rs"]
mod baseline;
#[path = "../../compare/contender.rs"]
mod contender;
#[path = "../../compare/measure.rs"]
mod measure;
#[path = "../../compare/pages.rs"]
mod pages;
mod rspotify;
#[path = "../../compare/server.rs"]
mod server;
#[path = "../../compare/table.rs"]
mod table;

use contender::Contender;

fn main() {
    let contenders: [&dyn Contender; 3] =
        [&baseline::Baseline, &contender::Tonearm, &rspotify::Rspotify];
    table::run(&contenders);
}
