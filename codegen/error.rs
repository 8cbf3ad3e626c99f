//! What is wrong with a table, said as `path:line:col: message` with the line and carets.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::path::Path;

/// Where a value stands: a file of the table and the bytes in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

impl Place {
    pub fn new(file: usize, span: Range<usize>) -> Self {
        Place { file, start: span.start, end: span.end }
    }
}

/// Every mistake found so far, in all files.
#[derive(Debug)]
pub struct Problems {
    files: Vec<(String, String)>,
    found: Vec<(Option<Place>, String)>,
}

impl Problems {
    pub fn new(files: &[(String, String)]) -> Self {
        Problems { files: files.to_vec(), found: Vec::new() }
    }

    /// A file or folder that could not be read.
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::without_place(format!("{}: cannot be read: {error}", path.display()))
    }

    /// A folder without a single file of rows.
    pub fn empty(dir: &Path) -> Self {
        Self::without_place(format!(
            "{}: expected `*.toml` files with `[[endpoint]]` rows, found none",
            dir.display()
        ))
    }

    fn without_place(message: String) -> Self {
        Problems { files: Vec::new(), found: vec![(None, message)] }
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub fn add(&mut self, place: &Place, message: impl Into<String>) {
        self.found.push((Some(place.clone()), message.into()));
    }

    /// `spec/users.toml:41`, for a comment that says where an item comes from.
    pub fn line_of(&self, place: &Place) -> (String, usize) {
        match self.files.get(place.file) {
            Some((path, text)) => (path.clone(), position(text, place.start).0),
            None => (String::new(), 0),
        }
    }

    fn show(&self, place: &Place, message: &str, f: &mut Formatter<'_>) -> fmt::Result {
        let Some((path, text)) = self.files.get(place.file) else {
            return writeln!(f, "{message}");
        };
        let (line, column) = position(text, place.start);
        let source = text.lines().nth(line - 1).unwrap_or("");
        let rest = source.chars().count().saturating_sub(column - 1).max(1);
        let marked = text.get(place.start..place.end).map_or(1, |marked| marked.chars().count());
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{path}:{line}:{column}: {message}")?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {source}")?;
        writeln!(f, "{margin} | {}{}", " ".repeat(column - 1), "^".repeat(marked.clamp(1, rest)))
    }
}

impl Display for Problems {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut found: Vec<_> = self.found.iter().collect();
        found.sort();
        found.dedup();
        for (place, message) in &found {
            match place {
                Some(place) => self.show(place, message, f)?,
                None => writeln!(f, "{message}")?,
            }
        }
        match found.len() {
            1 => write!(f, "1 mistake in the table of endpoints"),
            n => write!(f, "{n} mistakes in the table of endpoints"),
        }
    }
}

/// Line and column of a byte, both counted from 1, the column in characters.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
