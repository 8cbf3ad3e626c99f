//! The address of a server.

/// A base URL, without a slash at its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Base {
    pub(crate) url: String,
    /// Where scheme, host and port end.
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
