//! Reads the files in `spec/` key by key, and checks every rule.
//!
//! The code that reads a key also checks it and adds the call of the descriptor's builder that it becomes. Each mistake
//! is reported once: entries that refer to an invalid entry are not reported.

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

/// The index of a file, and its content.
type Document<'a> = (usize, Spanned<DeTable<'a>>);

/// Reads files, given as path and text. Files from the index `overlay_from` on belong to a program. The table is
/// complete only if it has no problems.
pub fn check(files: &[(String, String)], overlay_from: usize, problems: &Problems) -> Table {
    let mut checker = Checker {
        types: HashMap::new(),
        taken_types: names::taken_types(),
        poisoned: Poisoned::default(),
        overlay_from,
        table: Table::default(),
        problems,
    };
    // A file that could not be read may contain the definitions that seem to be missing.
    if problems.is_incomplete() {
        checker.poisoned = Poisoned::all();
    }
    let documents = checker.parse(files);
    for document in &documents {
        let mut reader = checker.reader(document);
        checker.scopes(&mut reader);
        checker.ids(&mut reader);
        checker.enums(&mut reader);
    }
    for document in &documents {
        let mut reader = checker.reader(document);
        reader.expect(&["area", "endpoint", "scope", "id", "enum", "elsewhere"]);
        checker.area(&mut reader);
        checker.elsewhere(&mut reader);
        reader.finish();
    }
    if checker.table.areas.is_empty() && problems.is_empty() {
        let folder = files.first().and_then(|(path, _)| Some(path.rsplit_once('/')?.0));
        problems.unreadable(folder.unwrap_or("the table"), None);
    }
    checker.replace_endpoints();
    checker.unique_endpoints();
    checker.unique_aliases();
    checker.batch_continuations();
    checker.fallbacks();
    checker.table
}

struct Checker<'a> {
    /// The types that the table defines, and their locations.
    types: HashMap<String, Location>,
    /// The types that it cannot define.
    taken_types: HashSet<&'static str>,
    poisoned: Poisoned,
    /// The index of the first file of a program.
    overlay_from: usize,
    table: Table,
    problems: &'a Problems,
}

/// The invalid definitions, which are reported. References to them are not reported as unknown.
#[derive(Default)]
struct Poisoned {
    /// True if there are scopes with an unknown name.
    scopes: bool,
    /// True if there are endpoints with an unknown name.
    endpoints: bool,
    /// True if there are id types or enums with an unknown name.
    types: bool,
    /// Names and URIs of id types, and names of enums.
    type_names: HashSet<String>,
}

impl Poisoned {
    fn all() -> Self {
        Poisoned { scopes: true, endpoints: true, types: true, type_names: HashSet::new() }
    }

    fn is_type(&self, name: &str) -> bool {
        self.types || self.type_names.contains(name)
    }
}

impl<'a> Checker<'a> {
    /// Parses the files, and returns those that are valid TOML.
    fn parse<'t>(&mut self, files: &'t [(String, String)]) -> Vec<Document<'t>> {
        let mut documents = Vec::new();
        for (file, (_, text)) in files.iter().enumerate() {
            let (document, errors) = DeTable::parse_recoverable(text);
            // Report only the first error of a line, because later ones are mostly its consequence.
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
                self.poisoned = Poisoned::all();
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

    /// Reports a text that breaks a rule.
    fn broken(&self, text: &At<String>, rule: impl Display) {
        self.problem(&text.location, format!("{rule}, found {text}"));
    }

    fn twice(&self, name: &At<String>, what: &str) {
        self.problem(&name.location, format!("the {what} {name} is named twice"));
    }

    /// Reports an unknown name, and suggests a similar one.
    fn unknown<'n>(
        &self,
        name: &At<String>,
        message: impl Display,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let advice = phrase::did_you_mean(&name.value, known);
        self.problem(&name.location, format!("{message} {name}{advice}"));
    }

    /// Returns whether a location is in a file of a program.
    fn is_overlay(&self, location: &Location) -> bool {
        location.file >= self.overlay_from
    }

    /// Returns a location for a message about another one: `spec/users.toml:41`.
    fn origin(&self, location: &Location) -> String {
        let (file, line) = self.problems.line_of(location);
        format!("{file}:{line}")
    }

    /// Returns the endpoint to which another entry refers.
    fn endpoint_named(&self, name: &At<String>) -> Option<&Endpoint> {
        let found = self.table.endpoint(&name.value);
        if found.is_none() && !self.poisoned.endpoints {
            let known = self.table.endpoints().map(|endpoint| endpoint.name.value.as_str());
            self.unknown(name, "no endpoint has the name", known);
        }
        found
    }

    fn one_of<T: Copy>(&self, found: &At<String>, what: &str, values: &[(&str, T)]) -> Option<T> {
        let value = values.iter().find(|(name, _)| *name == found.value);
        if value.is_none() {
            let known = phrase::any_of(values.iter().map(|(name, _)| *name));
            self.broken(found, format_args!("{what} must be {known}"));
        }
        value.map(|(_, value)| *value)
    }

    /// Reads a required key with one of these values, and returns what the value stands for.
    fn choice<T: Copy>(
        &self,
        reader: &mut TableReader<'_>,
        key: &'static str,
        what: &str,
        values: &[(&str, T)],
    ) -> Option<At<T>> {
        let names: Vec<String> = values.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let found = reader.text(key, &phrase::joined(&names, "or"))?;
        Some(found.with(self.one_of(&found, what, values)?))
    }

    /// Checks a text for the documentation, which must be one line that ends with a period.
    fn sentence(&self, text: Option<At<String>>, what: &str) -> String {
        let Some(At { value: text, location }) = text else { return String::new() };
        let trimmed = text.trim();
        let problem = if trimmed.is_empty() {
            "is empty: write one sentence"
        } else if trimmed.contains(['\n', '\r']) {
            "is one sentence on one line, found several lines"
        } else if trimmed != text {
            "has spaces around it: remove them"
        } else if !trimmed.ends_with('.') {
            self.problem(&location.last(), format!("{what} ends with a period: add one"));
            return text;
        } else {
            return text;
        };
        self.problem(&location, format!("{what} {problem}"));
        text
    }

    /// Reads an optional text, which must not be empty.
    fn not_empty(&self, reader: &mut TableReader<'_>, key: &'static str) -> Option<String> {
        let At { value: text, location } = reader.maybe::<String>(key)?;
        if text.trim().is_empty() {
            self.problem(&location, format!("`{key}` is empty: fill it in or remove the key"));
        }
        Some(text)
    }
}
