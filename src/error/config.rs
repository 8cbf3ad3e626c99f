//! Settings from which no client can be built.

use std::fmt::{self, Display, Formatter};

/// A setting from which no client can be built.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConfigError {
    /// The setting: `base_url`.
    pub setting: &'static str,
    /// What is wrong with it and what it must be. Never the token itself.
    pub problem: String,
}

impl Display for ConfigError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.problem)
    }
}

impl std::error::Error for ConfigError {}
