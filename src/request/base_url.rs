//! The base URL of a client: its origin and its path.

/// A base URL without a trailing slash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Base {
    pub(crate) url: String,
    /// The length of scheme, host and port.
    pub(crate) origin: usize,
}

impl Base {
    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        self.url.get(..self.origin).unwrap_or(&self.url)
    }

    pub(crate) fn path(&self) -> &str {
        self.url.get(self.origin..).unwrap_or_default()
    }
}
