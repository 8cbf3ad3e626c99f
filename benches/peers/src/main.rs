//! The figures of `cargo bench` with the peers beside them: `cargo run --release`, in this folder.

#[path = "../../compare/contender.rs"]
mod contender;
#[path = "../../compare/floor.rs"]
mod floor;
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
    let contenders: [&dyn Contender; 3] = [&floor::Floor, &contender::Tonearm, &rspotify::Rspotify];
    table::run(&contenders);
}
