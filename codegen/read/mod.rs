//! Reads TOML: tables key by key, and values with their locations. It is independent of the keys of `spec/`.

pub mod table_reader;
pub mod template;
mod value;

pub use value::{At, Literal};
