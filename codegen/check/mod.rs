//! Every rule that a table must keep. Gathers all mistakes.

mod area;
mod endpoint;
mod enums;
mod fallback;
mod literal;
mod name;
mod param;
mod param_set;
mod response;
mod scopes;

use std::collections::HashMap;

use super::diagnostics::{Location, Problems, phrase};
use super::read::{self, At, Poisoned, RawEndpoint};

pub use super::table::*;
pub use name::pascal;

/// Checks everything; the result is only worth anything if `problems` is still empty.
pub fn check(table: read::Table, problems: &mut Problems) -> Table {
    let read::Table { areas, scopes, ids, enums, poisoned, overlay_from } = table;
    let types = HashMap::new();
    let mut checker = Checker { types, poisoned, overlay_from, table: Table::default(), problems };
    checker.scopes(&scopes);
    checker.ids(&ids);
    checker.enums(&enums);
    checker.areas(&areas);
    let rows: Vec<&RawEndpoint> = areas.iter().flat_map(|area| &area.rows).collect();
    checker.duplicates(&rows);
    for row in &rows {
        if let Some(form) = checker.fallback(row, &rows) {
            checker.table.give(&row.name.value, form);
        }
        checker.then(row, &rows);
    }
    checker.table
}

struct Checker<'p> {
    /// The types that the table itself defines, and where.
    types: HashMap<String, Location>,
    /// What was left out because of a mistake that is told already.
    poisoned: Poisoned,
    /// The first file of a program's own.
    overlay_from: usize,
    table: Table,
    problems: &'p mut Problems,
}

impl Checker<'_> {
    fn problem(&mut self, location: &Location, message: impl Into<String>) {
        self.problems.add(location, message);
    }

    /// Whether something stands in a file of a program's own.
    fn is_own(&self, location: &Location) -> bool {
        location.file >= self.overlay_from
    }

    /// Where something stands, for a message about something else: `spec/users.toml:41`.
    fn origin(&self, location: &Location) -> String {
        let (file, line) = self.problems.line_of(location);
        format!("{file}:{line}")
    }

    fn one_of<T: Copy>(
        &mut self,
        found: &At<String>,
        what: &str,
        enums: &[(&str, T)],
    ) -> Option<T> {
        let word = enums.iter().find(|(word, _)| *word == found.value);
        if word.is_none() {
            let known = phrase::any_of(enums.iter().map(|(word, _)| *word));
            let message = format!("{what} must be {known}, found {}", phrase::shown(&found.value));
            self.problem(&found.location, message);
        }
        word.map(|(_, value)| *value)
    }

    /// A text for the documentation: one line that ends in a full stop.
    fn sentence(&mut self, text: &At<String>, what: &str) {
        let trimmed = text.value.trim();
        if trimmed.is_empty() {
            self.problem(&text.location, format!("{what} is empty: write one sentence"));
        } else if trimmed.contains(['\n', '\r']) {
            self.problem(
                &text.location,
                format!("{what} is one sentence on one line, found several lines"),
            );
        } else if trimmed != text.value {
            self.problem(&text.location, format!("{what} has blanks around it: take them away"));
        } else if !trimmed.ends_with('.') {
            self.problem(&text.location.last(), format!("{what} ends in a full stop: add one"));
        }
    }

    /// A text that may be left out, but not be empty.
    fn not_empty(&mut self, text: Option<&At<String>>, what: &str) {
        if let Some(text) = text.filter(|text| text.value.trim().is_empty()) {
            self.problem(&text.location, format!("{what} is empty: fill it in or leave it out"));
        }
    }
}
