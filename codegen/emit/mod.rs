//! A checked table as Rust. Nothing can fail here: what could, failed in `check`.
//!
//! The output only describes. Each request type holds a `Call`, and each of its methods is one call of
//! hand-written code. All types have absolute paths, so no name in the table can hide one.

mod calls;
mod descriptors;
mod docs;
mod enums;
mod samples;
mod tokens;
mod types;

use super::table::Table;

pub use samples::{call_with, samples};

/// The files that `src/` includes, by name.
pub fn files(table: &Table) -> Vec<(&'static str, String)> {
    vec![
        ("table.rs", descriptors::table(table)),
        ("calls.rs", calls::calls(table)),
        ("enums.rs", enums::enums(table)),
        ("ids.rs", enums::ids(table)),
        ("scopes.rs", enums::scopes(table)),
        ("elsewhere.md", docs::elsewhere(table)),
    ]
}
