//! The programs in `examples/`.

mod examples;
mod table_diff;
