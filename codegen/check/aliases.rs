//! The names of a call in other libraries, and the methods of other libraries that have no equivalent here.

use std::collections::HashMap;

use super::super::diagnostics::phrase;
use super::super::read::table_reader::TableReader;
use super::super::table::{Alias, Elsewhere, Endpoint, LIBRARIES};
use super::Checker;
use super::names::is_snake;

impl Checker<'_> {
    /// Reads `aliases`.
    pub(super) fn aliases(&self, reader: &mut TableReader<'_>) -> Vec<Alias> {
        reader.table("aliases", |reader| self.names_elsewhere(reader)).unwrap_or_default()
    }

    /// Reads `[[elsewhere]]`.
    pub(super) fn elsewhere(&mut self, reader: &mut TableReader<'_>) {
        let found = reader.tables("elsewhere", "entry", |reader| {
            let instead = reader.text("instead", "one sentence about what to do with this crate");
            self.sentence(instead.clone(), "`instead`");
            Elsewhere { instead: instead.unwrap_or_default(), names: self.names_elsewhere(reader) }
        });
        self.table.elsewhere.extend(found.into_iter().flatten());
    }

    /// Reads the names of methods, grouped by library.
    fn names_elsewhere(&self, reader: &mut TableReader<'_>) -> Vec<Alias> {
        let before = self.problems.len();
        let mut aliases = Vec::new();
        for library in LIBRARIES {
            for name in reader.one_or_more(library) {
                if is_snake(&name.value) {
                    aliases.push(Alias { library, name });
                } else {
                    let rule = "an alias is the name of a method, as in `current_user_top_tracks`";
                    self.broken(&name, rule);
                }
            }
        }
        if aliases.is_empty() && self.problems.len() == before && !reader.has_unread() {
            let message = format!(
                "expected the name of a method of {}, found none",
                phrase::any_of(LIBRARIES.iter().copied())
            );
            self.problem(&reader.location, message);
        }
        aliases
    }

    /// Checks that no library has two methods with the same name, and that the links in `instead` exist.
    pub(super) fn unique_aliases(&self) {
        let calls =
            self.table.endpoints().flat_map(Endpoint::methods).map(|(_, aliases, _)| aliases);
        let others = self.table.elsewhere.iter().map(|elsewhere| &elsewhere.names[..]);
        let mut known: HashMap<(&str, &str), &Alias> = HashMap::new();
        for alias in calls.chain(others).flatten() {
            let first = *known.entry((alias.library, &alias.name.value)).or_insert(alias);
            if !std::ptr::eq(first, alias) {
                let message = format!(
                    "the method `{}` of {} is already at {}: remove one",
                    alias.name.value,
                    alias.library,
                    self.origin(&first.name.location)
                );
                self.problem(&alias.name.location, message);
            }
        }
        let methods = || self.table.endpoints().flat_map(Endpoint::method_names);
        for instead in self.table.elsewhere.iter().map(|elsewhere| &elsewhere.instead) {
            for name in linked(&instead.value).map(|name| instead.with(name.to_owned())) {
                if !self.poisoned.endpoints && !methods().any(|known| known == name.value) {
                    let advice = phrase::did_you_mean(&name.value, methods());
                    let message =
                        format!("`instead` links to {name}, and no call has that name{advice}");
                    self.problem(&name.location, message);
                }
            }
        }
    }
}

/// Returns the names of the calls to which a text links: each [`get_me`] without an address.
fn linked(text: &str) -> impl Iterator<Item = &str> {
    text.split("[`").skip(1).filter_map(|rest| {
        let (name, behind) = rest.split_once("`]")?;
        (!behind.starts_with('(')).then_some(name)
    })
}
