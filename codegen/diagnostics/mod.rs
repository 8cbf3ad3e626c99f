//! The mistakes in a table. Each is printed as `path:line:col: message`, with the line and carets.

pub mod calendar;
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
    files: Vec<SourceFile>,
    found: RefCell<Vec<(Option<Location>, String)>>,
    note: Cell<Option<&'static str>>,
}

impl Problems {
    pub fn new(files: &[(String, String)]) -> Self {
        let files = files.iter().map(SourceFile::new).collect();
        Problems { files, found: RefCell::default(), note: Cell::default() }
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
            Some(file) => (file.path.clone(), file.line(location.start).0),
            None => (String::new(), 0),
        }
    }

    fn show(&self, location: &Location, message: &str, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(file) = self.files.get(location.file) else {
            return writeln!(f, "{message}");
        };
        let (SourceFile { path, text, .. }, (line, start)) = (file, file.line(location.start));
        let source = text.get(start..).and_then(|rest| rest.split('\n').next());
        let source = source.unwrap_or_default().trim_end_matches('\r');
        let before = source.get(..location.start.saturating_sub(start)).unwrap_or(source);
        let column = text.get(start..location.start).unwrap_or(before).chars().count() + 1;
        let marked = text.get(location.start..location.end).unwrap_or_default();
        // Mark only the first line of a value that has several.
        let marked = marked.lines().next().unwrap_or_default();
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{path}:{line}:{column}: {message}")?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{}", format!("{number} | {}", printed(source)).trim_end())?;
        let carets = "^".repeat(width(&printed(marked)).max(1));
        writeln!(f, "{margin} | {}{carets}", " ".repeat(width(&printed(before))))
    }
}

/// A file of the table, and where its lines begin.
#[derive(Debug)]
struct SourceFile {
    path: String,
    text: String,
    lines: Vec<usize>,
}

impl SourceFile {
    fn new((path, text): &(String, String)) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        SourceFile { path: path.clone(), text: text.clone(), lines: lines.collect() }
    }

    /// Returns the number of the line with a byte, from 1, and the byte with which the line begins.
    fn line(&self, byte: usize) -> (usize, usize) {
        let number = self.lines.partition_point(|start| *start <= byte);
        (number, self.lines.get(number.saturating_sub(1)).copied().unwrap_or_default())
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
