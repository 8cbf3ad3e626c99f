//! The areas of Spotify's reference. Each is a file in `spec/` and a module.

use super::super::read::table_reader::TableReader;
use super::super::table::{Area, ident};
use super::Checker;
use super::names::{is_keyword, is_snake, snake};

/// The modules of `tonearm::endpoint` that are not areas.
const MODULES: [&str; 3] = ["availability", "handle", "scopes"];

impl Checker<'_> {
    /// Reads the endpoints of a file.
    pub(super) fn area(&mut self, reader: &mut TableReader<'_>) {
        let heading = reader.table("area", |reader| {
            let name = reader.text("name", "\"Albums\"");
            let summary = reader.text("summary", "one sentence");
            (name, self.sentence(summary, "the `summary` of an area"))
        });
        let entries = reader.tables("endpoint", "entry", |reader| self.endpoint(reader));
        let has_entries = !entries.is_empty();
        self.poisoned.endpoints |= entries.iter().any(Option::is_none);
        let endpoints: Vec<_> = entries.into_iter().flatten().collect();
        if let (false, Some(first)) = (reader.has("area"), endpoints.first()) {
            self.problem(
                &first.location,
                "a file with `[[endpoint]]` entries needs an `[area]` with `name` and `summary` before them",
            );
        }
        if heading.is_none() && !has_entries {
            return;
        }
        let (name, summary) = heading.unwrap_or_default();
        let module = name.as_ref().map(|name| snake(&name.value)).unwrap_or_default();
        let mut areas = self.table.areas.iter();
        let first = areas.position(|area| area.module == module).filter(|_| name.is_some());
        let mut continued = None;
        if let Some(name) = &name {
            if !is_snake(&module) || is_keyword(&module) {
                self.broken(name, "the name of an area is made of words that begin with a letter");
            } else if MODULES.contains(&module.as_str()) {
                let message = format!("the module `{module}` already exists: choose another name");
                self.problem(&name.location, message);
            }
            if let Some(area) = first.and_then(|index| self.table.areas.get(index)) {
                // A program may add endpoints to an area of the crate, whose summary is kept.
                if self.is_overlay(&name.location) && !self.is_overlay(&area.name.location) {
                    continued = first;
                } else {
                    let message = format!(
                        "the area {name} is already at {}: rename one, or put the entries in one file",
                        self.origin(&area.name.location)
                    );
                    self.problem(&name.location, message);
                }
            }
            if !has_entries {
                let message = format!(
                    "the area {name} has no entries: add `[[endpoint]]` below it, or remove it"
                );
                self.problem(&name.location, message);
            }
        }
        match continued.and_then(|index| self.table.areas.get_mut(index)) {
            Some(area) => area.endpoints.extend(endpoints),
            None => {
                let (name, module) = (name.unwrap_or_default(), ident(&module));
                self.table.areas.push(Area { name, module, summary, endpoints });
            }
        }
    }
}
