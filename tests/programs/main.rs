//! The programs in `examples/`.

mod call;
mod conformance;
mod examples;
mod fake_spotify;
mod table_diff;
