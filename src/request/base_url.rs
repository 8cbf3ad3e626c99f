//! The base URL of a client: its origin and its path.

use crate::types::id::strip_start;

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

    /// Returns whether a link leads to the same scheme, host and port.
    pub(crate) fn has_origin_of(&self, link: &str) -> bool {
        let rest = strip_start(link, self.origin());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    pub(crate) fn path(&self) -> &str {
        self.url.get(self.origin..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_ignore_case_and_paths_do_not_matter() {
        for origin in ["https://api.spotify.com", "https://API.Spotify.com"] {
            let base = Base { url: format!("{origin}/v1"), origin: origin.len() };
            for (link, is_same) in [
                ("https://api.spotify.com/v1/me", true),
                ("HTTPS://Api.Spotify.COM?offset=1", true),
                ("https://api.spotify.com", true),
                ("https://api.spotify.com.example/v1", false),
                ("https://api.spotify.com@example.com/v1", false),
                ("https://api.spotify.com:444/v1", false),
                ("http://api.spotify.com/v1", false),
                ("https://api.spotify.co", false),
                ("https://api.spotify.coé/v1", false),
            ] {
                assert_eq!(base.has_origin_of(link), is_same, "{origin} {link}");
            }
        }
    }
}
