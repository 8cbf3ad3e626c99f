//! From TOML to entries as they are written, with the place of each value.

mod endpoint;
pub mod overlay;
pub mod scopes;
mod table_reader;
pub mod template;
mod value;

pub use endpoint::*;
pub use value::{At, Literal};
