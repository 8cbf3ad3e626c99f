//! The figures of `cargo bench` with the peers beside them: `cargo run --release`, in this folder.

#[path = "../../figures/contender.rs"]
mod contender;
#[path = "../../figures/floor.rs"]
mod floor;
#[path = "../../figures/measure.rs"]
mod measure;
#[path = "../../figures/pages.rs"]
mod pages;
mod rspotify;
#[path = "../../figures/server.rs"]
mod server;
#[path = "../../figures/table.rs"]
mod table;

use contender::Contender;

fn main() {
    let contenders: [&dyn Contender; 3] = [&floor::Floor, &contender::Tonearm, &rspotify::Rspotify];
    table::run(&contenders);
}
