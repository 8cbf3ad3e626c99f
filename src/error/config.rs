//! Invalid settings.

use std::fmt::{self, Display, Formatter};

/// A setting that is invalid or missing, so the client cannot be built.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConfigError {
    /// The setting: `base_url`.
    pub setting: &'static str,
    /// The expected value and the one that was found. It never contains a token.
    pub message: String,
}

impl Display for ConfigError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.message)
    }
}

impl std::error::Error for ConfigError {}
