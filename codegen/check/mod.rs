//! Reads the files of the table by the keys of `spec/`, and checks every rule that they must keep.
//!
//! What the generator does with a key is written where the key is read: the check, and the call of the
//! descriptor's builder that it becomes. Each mistake is reported once, and what refers to it is left alone.

mod aliases;
mod area;
mod batch;
mod endpoint;
mod enums;
mod fallback;
mod ids;
mod literal;
mod names;
pub mod overlay;
mod param;
mod param_set;
mod returns;
mod scopes;
mod shortcuts;
mod uniqueness;

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use toml::Spanned;
use toml::de::DeTable;

use super::diagnostics::{Location, Problems, phrase};
use super::read::At;
use super::read::table_reader::TableReader;
use super::table::{Endpoint, Table};

/// A file's number and its contents.
type Document<'a> = (usize, Spanned<DeTable<'a>>);

/// Reads files, given as path and text. Those from `overlay_from` on belong to a program. The table is only
/// complete if there are no problems.
pub fn check(files: &[(String, String)], overlay_from: usize, problems: &Problems) -> Table {
    let mut checker = Checker {
        areas: HashMap::new(),
        types: HashMap::new(),
        poisoned: Poisoned::default(),
        overlay_from,
        instead: Vec::new(),
        table: Table::default(),
        problems,
    };
    // A file that could not be read may contain whatever seems to be missing.
    if problems.is_incomplete() {
        checker.poisoned.all();
    }
    let documents = checker.parse(files);
    for document in &documents {
        let mut reader = checker.reader(document);
        checker.scopes(&mut reader);
        checker.ids(&mut reader);
        checker.enums(&mut reader);
    }
    let replaced = checker.replaced(&documents);
    for document in &documents {
        let mut reader = checker.reader(document);
        reader.expect(&["area", "endpoint", "scope", "id", "enum", "elsewhere"]);
        checker.area(&mut reader, &replaced);
        checker.elsewhere(&mut reader);
        reader.finish();
    }
    if checker.table.areas.is_empty() && problems.is_empty() {
        let folder = files.first().and_then(|(path, _)| Some(path.rsplit_once('/')?.0));
        problems.no_entries(folder.unwrap_or("the table"));
    }
    checker.unique_endpoints();
    checker.unique_aliases();
    checker.batches_go_on();
    checker.fallbacks();
    checker.table
}

struct Checker<'a> {
    /// The module of each area, and where it is named.
    areas: HashMap<String, Location>,
    /// The types that the table defines, and where.
    types: HashMap<String, Location>,
    poisoned: Poisoned,
    /// The first file of a program.
    overlay_from: usize,
    /// What to do instead of calling a method of another library, for its links.
    instead: Vec<At<String>>,
    table: Table,
    problems: &'a Problems,
}

/// Names that are defined in a way that is reported as a mistake. What refers to them is not called unknown.
#[derive(Default)]
struct Poisoned {
    scopes: Names,
    /// Types of ids with their URIs, and enums.
    types: Names,
    endpoints: Names,
}

impl Poisoned {
    fn all(&mut self) {
        for names in [&mut self.scopes, &mut self.types, &mut self.endpoints] {
            names.has_unknown = true;
        }
    }
}

#[derive(Default)]
struct Names {
    known: HashSet<String>,
    /// There are more, whose names are unknown.
    has_unknown: bool,
}

impl Names {
    fn contains(&self, name: &str) -> bool {
        self.has_unknown || self.known.contains(name)
    }

    fn insert(&mut self, name: &str) {
        self.known.insert(name.to_owned());
    }
}

impl<'a> Checker<'a> {
    /// The files that are TOML.
    fn parse<'t>(&mut self, files: &'t [(String, String)]) -> Vec<Document<'t>> {
        let mut documents = Vec::new();
        for (file, (_, text)) in files.iter().enumerate() {
            let (document, errors) = DeTable::parse_recoverable(text);
            // What follows the first error of a line is mostly its consequence.
            let mut last = None;
            for error in &errors {
                let location = Location::new(file, error.span().unwrap_or(0..0));
                let line = self.problems.line_of(&location);
                if last.as_ref() != Some(&line) {
                    self.problem(&location, format!("this is not TOML: {}", error.message()));
                    last = Some(line);
                }
            }
            if errors.is_empty() {
                documents.push((file, document));
            } else {
                self.poisoned.all();
            }
        }
        documents
    }

    fn reader<'d>(&self, (file, document): &'d Document<'d>) -> TableReader<'d>
    where
        'a: 'd,
    {
        let location = Location::new(*file, 0..0);
        TableReader::new("this file".to_owned(), document.get_ref(), location, self.problems)
    }

    fn problem(&self, location: &Location, message: impl Into<String>) {
        self.problems.add(location, message);
    }

    /// A text that breaks a rule.
    fn broken(&self, text: &At<String>, rule: impl Display) {
        self.problem(&text.location, format!("{rule}, found {}", phrase::shown(&text.value)));
    }

    fn twice(&self, name: &At<String>, what: &str) {
        let message = format!("the {what} {} is named twice", phrase::shown(&name.value));
        self.problem(&name.location, message);
    }

    /// A name that is none of those that are known.
    fn unknown<'n>(
        &self,
        name: &At<String>,
        message: impl Display,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let (shown, advice) =
            (phrase::shown(&name.value), phrase::did_you_mean(&name.value, known));
        self.problem(&name.location, format!("{message} {shown}{advice}"));
    }

    /// Whether something is in a file of a program.
    fn is_overlay(&self, location: &Location) -> bool {
        location.file >= self.overlay_from
    }

    /// Where something is, for a message about something else: `spec/users.toml:41`.
    fn origin(&self, location: &Location) -> String {
        let (file, line) = self.problems.line_of(location);
        format!("{file}:{line}")
    }

    /// The endpoint that another entry names.
    fn endpoint_named(&self, name: &At<String>) -> Option<&Endpoint> {
        let found = self.table.endpoint(&name.value);
        if found.is_none() && !self.poisoned.endpoints.contains(&name.value) {
            let known = self.table.endpoints().map(|endpoint| endpoint.name.value.as_str());
            self.unknown(name, "no endpoint has the name", known);
        }
        found
    }

    fn one_of<T: Copy>(&self, found: &At<String>, what: &str, words: &[(&str, T)]) -> Option<T> {
        let word = words.iter().find(|(word, _)| *word == found.value);
        if word.is_none() {
            let known = phrase::any_of(words.iter().map(|(word, _)| *word));
            self.broken(found, format_args!("{what} must be {known}"));
        }
        word.map(|(_, value)| *value)
    }

    /// A text for the documentation: one line that ends with a period.
    fn sentence(&self, text: Option<At<String>>, what: &str) -> String {
        let Some(At { value: text, location }) = text else { return String::new() };
        let trimmed = text.trim();
        let problem = if trimmed.is_empty() {
            "is empty: write one sentence"
        } else if trimmed.contains(['\n', '\r']) {
            "is one sentence on one line, found several lines"
        } else if trimmed != text {
            "has blanks around it: remove them"
        } else if !trimmed.ends_with('.') {
            self.problem(&location.last(), format!("{what} ends with a period: add one"));
            return text;
        } else {
            return text;
        };
        self.problem(&location, format!("{what} {problem}"));
        text
    }

    /// A text that may be left out, but not be empty.
    fn not_empty(&self, text: Option<At<String>>, what: &str) -> Option<String> {
        let At { value: text, location } = text?;
        if text.trim().is_empty() {
            self.problem(&location, format!("{what} is empty: fill it in or leave it out"));
        }
        Some(text)
    }
}
