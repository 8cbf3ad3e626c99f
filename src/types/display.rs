//! Escapes text from servers and callers for messages.

use std::fmt::{self, Display, Formatter};

/// Text from a server or caller, in backticks, on one line and with at most 80 of its characters.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", Escaped(self.0, 80))
    }
}

/// Text on one line, without backticks, and the maximum number of its characters to show.
pub(crate) struct Escaped<'a>(pub(crate) &'a str, pub(crate) usize);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for c in chars.by_ref().take(self.1) {
            match c {
                // Line separators and bidirectional formatting, which `is_control` doesn't include.
                '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    write!(f, "{}", c.escape_unicode())?
                }
                _ if c.is_control() => write!(f, "{}", c.escape_default())?,
                _ => write!(f, "{c}")?,
            }
        }
        f.write_str(if chars.next().is_some() { "…" } else { "" })
    }
}
