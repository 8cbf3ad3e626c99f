//! Text from outside, as messages show it.

use std::fmt::{self, Display, Formatter};

/// Text from outside in an error message: bounded, and on one line.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", Escaped(self.0, 80))
    }
}

/// The same without marks around it: the text, and how many of its characters are shown.
pub(crate) struct Escaped<'a>(pub(crate) &'a str, pub(crate) usize);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for c in chars.by_ref().take(self.1) {
            match c {
                // Some end a line without being control characters, and some turn the text around.
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
