//! Every rule that a table must keep. Gathers all mistakes.

mod endpoint;
mod literal;
mod name;
mod param;
mod table;
mod together;
mod vocabulary;

use std::collections::HashMap;

use super::error::{Place, Problems};
use super::row::{self, At, Row};

pub use name::pascal;
pub use table::*;

use name::snake;

/// Checks everything; the result is only worth anything if `problems` is still empty.
pub fn check(table: row::Table, problems: &mut Problems) -> Table {
    let mut checker = Checker { names: HashMap::new(), table: Table::empty(), problems };
    checker.vocabulary(&table);
    let mut areas: HashMap<String, Place> = HashMap::new();
    for area in &table.areas {
        let module = snake(&area.name.value);
        if areas.insert(module.clone(), area.name.place.clone()).is_some() {
            checker.problem(
                &area.name.place,
                format!("two areas have the name `{}`", area.name.value),
            );
        }
        if area.rows.is_empty() {
            checker.problem(
                &area.name.place,
                format!("the area `{}` has no `[[endpoint]]`", area.name.value),
            );
        }
        let endpoints = area.rows.iter().filter_map(|row| checker.endpoint(row)).collect();
        let Some(module) =
            checker.identifier(&At { value: module, place: area.name.place.clone() })
        else {
            continue;
        };
        checker.table.areas.push(Area {
            name: area.name.value.clone(),
            module,
            summary: area.summary.value.clone(),
            endpoints,
        });
    }
    let rows: Vec<&Row> = table.areas.iter().flat_map(|area| &area.rows).collect();
    checker.duplicates(&rows);
    rows.iter().for_each(|row| checker.development(row, &rows));
    checker.table
}

impl Table {
    fn empty() -> Self {
        Table { areas: Vec::new(), scopes: Vec::new(), ids: Vec::new(), words: Vec::new() }
    }
}

struct Checker<'p> {
    /// Names of types that the table itself defines.
    names: HashMap<String, Place>,
    table: Table,
    problems: &'p mut Problems,
}

impl Checker<'_> {
    fn problem(&mut self, place: &Place, message: impl Into<String>) {
        self.problems.add(place, message);
    }

    fn one_of<T: Copy>(
        &mut self,
        found: &At<String>,
        what: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let word = words.iter().find(|(word, _)| *word == found.value);
        if word.is_none() {
            let known =
                words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            self.problem(
                &found.place,
                format!("{what} must be one of {known}, found `{}`", found.value),
            );
        }
        word.map(|(_, value)| *value)
    }
}
