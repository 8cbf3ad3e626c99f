//! The programs in `examples/`.

mod call;
mod conformance;
mod examples;
mod table_diff;
