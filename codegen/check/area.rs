//! The areas, each of which is a module.

use std::collections::HashMap;

use super::super::diagnostics::{Location, phrase};
use super::super::read;
use super::name::{ident, is_keyword, is_snake, snake};
use super::{Area, Checker};

/// Modules that stand beside those of the areas.
const MODULES: [&str; 3] = ["core", "prelude", "std"];

impl Checker<'_> {
    pub(super) fn areas(&mut self, areas: &[read::Area]) {
        let mut modules: HashMap<String, &Location> = HashMap::new();
        for area in areas {
            // Rows are checked whether or not the area can be read.
            let endpoints: Vec<_> = area.rows.iter().filter_map(|row| self.endpoint(row)).collect();
            let Some(read::Named { name, summary }) = &area.heading else { continue };
            self.sentence(summary, "the `summary` of an area");
            let module = snake(&name.value);
            if !is_snake(&module) || is_keyword(&module) {
                let message = format!(
                    "the name of an area is made of words that begin with a letter, found {}",
                    phrase::shown(&name.value)
                );
                self.problem(&name.location, message);
            } else if MODULES.contains(&module.as_str()) {
                let message = format!("the module `{module}` is there already: take another name");
                self.problem(&name.location, message);
            }
            // A program may have more rows for an area of the crate, whose summary stays.
            let first = modules.get(&module);
            let goes_on =
                first.is_some_and(|first| self.is_own(&name.location) && !self.is_own(first));
            if let Some(first) = first.filter(|_| !goes_on) {
                let message = format!(
                    "the area {} is at {} already: rename one, or put the entries in one file",
                    phrase::shown(&name.value),
                    self.origin(first)
                );
                self.problem(&name.location, message);
            } else if !goes_on {
                modules.insert(module.clone(), &name.location);
            }
            if !area.has_rows {
                let message = format!(
                    "the area {} has no entries: add `[[endpoint]]` below it, or remove it",
                    phrase::shown(&name.value)
                );
                self.problem(&name.location, message);
            }
            let mut areas = self.table.areas.iter_mut();
            if let Some(area) = areas.find(|area| goes_on && area.module == module) {
                area.endpoints.extend(endpoints);
                continue;
            }
            self.table.areas.push(Area {
                name: name.value.clone(),
                module: ident(&module),
                summary: summary.value.clone(),
                endpoints,
            });
        }
    }
}
