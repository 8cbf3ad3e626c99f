//! From TOML to entries as they are written, with the place of each value.

mod endpoint;
mod keys;
pub mod overlay;
pub mod scopes;
pub mod template;
mod value;

pub use endpoint::*;
pub use value::{At, Literal};
