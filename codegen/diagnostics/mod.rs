//! The mistakes in a table. Each is printed as `path:line:col: message`, with the line and carets.

pub mod phrase;

use std::cell::{Cell, RefCell};
use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::path::Path;

/// The location of a value: a file of the table, and a range of bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

impl Location {
    pub fn new(file: usize, span: Range<usize>) -> Self {
        Location { file, start: span.start, end: span.end }
    }

    /// Returns the location of its last byte, which is the closing quote of a string.
    pub fn last(&self) -> Self {
        Location { start: self.end.saturating_sub(1).max(self.start), ..self.clone() }
    }
}

/// The mistakes that were found in all files.
#[derive(Debug)]
pub struct Problems {
    files: Vec<(String, String)>,
    found: RefCell<Vec<(Option<Location>, String)>>,
    note: Cell<Option<&'static str>>,
}

impl Problems {
    pub fn new(files: &[(String, String)]) -> Self {
        Problems { files: files.to_vec(), found: RefCell::default(), note: Cell::default() }
    }

    /// Returns the number of mistakes.
    pub fn len(&self) -> usize {
        self.found.borrow().len()
    }

    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    pub fn add(&self, location: &Location, message: impl Into<String>) {
        self.found.borrow_mut().push((Some(location.clone()), message.into()));
    }

    /// Sets a note that is printed after the mistakes, if there are any.
    pub fn note(&self, note: &'static str) {
        self.note.set(Some(note));
    }

    /// Reports a file or folder that cannot be read, or, without an error, one without an entry.
    pub fn unreadable(&self, path: &str, error: Option<&std::io::Error>) {
        let problem = match error {
            Some(error) => format!("cannot be read: {error}"),
            None => "expected `*.toml` files with `[[endpoint]]` entries, found none".to_owned(),
        };
        self.found.borrow_mut().push((None, format!("{path}: {problem}")));
    }

    /// Returns whether a file or folder could not be read.
    pub fn is_incomplete(&self) -> bool {
        self.found.borrow().iter().any(|(location, _)| location.is_none())
    }

    /// Returns the path and the line of a location: `spec/users.toml` and 41.
    pub fn line_of(&self, location: &Location) -> (String, usize) {
        match self.files.get(location.file) {
            Some((path, text)) => (path.clone(), position(text, location.start).0),
            None => (String::new(), 0),
        }
    }

    fn show(&self, location: &Location, message: &str, f: &mut Formatter<'_>) -> fmt::Result {
        let Some((path, text)) = self.files.get(location.file) else {
            return writeln!(f, "{message}");
        };
        let (line, column) = position(text, location.start);
        let source = text.split('\n').nth(line - 1).unwrap_or_default().trim_end_matches('\r');
        let marked = text.get(location.start..location.end).unwrap_or_default();
        // Mark only the first line of a value that has several.
        let marked = marked.lines().next().unwrap_or_default();
        let before: String = source.chars().take(column - 1).collect();
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{path}:{line}:{column}: {message}")?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{}", format!("{number} | {}", printed(source)).trim_end())?;
        let carets = "^".repeat(width(&printed(marked)).max(1));
        writeln!(f, "{margin} | {}{carets}", " ".repeat(width(&printed(&before))))
    }
}

impl Display for Problems {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut found = self.found.borrow().clone();
        found.sort();
        found.dedup();
        for (location, message) in &found {
            match location {
                Some(location) => self.show(location, message, f)?,
                None => writeln!(f, "{message}")?,
            }
        }
        if let Some(note) = self.note.get() {
            writeln!(f, "{note}")?;
        }
        match found.len() {
            1 => write!(f, "1 mistake in the table of endpoints"),
            n => write!(f, "{n} mistakes in the table of endpoints"),
        }
    }
}

/// Converts a path to text with `/` on all platforms.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Returns line and column of a byte, both from 1. The column counts characters.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Returns a line for printing. Tabs become spaces and control characters are replaced, so the carets are below the
/// value.
fn printed(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '\t' => out.push_str("    "),
            '\u{feff}' => {}
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

/// Returns the number of terminal columns of a text. Combining marks have no width, and wide characters two columns.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
            0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
            0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 => 2,
            0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
            _ => 1,
        })
        .sum()
}
