//! The requests of the calls: as text in snapshots, and as bytes on a socket.

#[path = "../support/samples.rs"]
mod samples;
#[path = "../../examples/table_diff/diff/spec.rs"]
mod spec;
#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod compile_errors;
mod snapshots;
mod wire;
