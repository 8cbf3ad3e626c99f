//! The entries of a program, which may replace entries of the crate.

use std::collections::HashSet;
use std::path::Path;

use super::super::diagnostics::slashed;
use super::super::read::At;
use super::{Checker, Document, Location};

/// Returns the problem with the folder of a program, or `None` if its files can be read.
pub fn problem(folder: &Path) -> Option<String> {
    let shown = slashed(folder);
    let what = if !folder.is_absolute() {
        format!("expected an absolute path of a folder, found {shown}")
    } else if !folder.is_dir() {
        format!("expected a folder with `*.toml` files, found none at {shown}")
    } else {
        return None;
    };
    Some(format!(
        "TONEARM_SPEC: {what}; for the folder `endpoints` beside `.cargo` write `TONEARM_SPEC = {{ value = \
         \"endpoints\", relative = true }}` under `[env]` in `.cargo/config.toml`"
    ))
}

impl Checker<'_> {
    /// Returns the names of the crate's entries that a program replaces.
    pub(super) fn replaced(&self, documents: &[Document<'_>]) -> HashSet<String> {
        let entries = || documents.iter().flat_map(names);
        let known: HashSet<String> = entries()
            .filter(|(name, _)| !self.is_overlay(&name.location))
            .map(|(name, _)| name.value)
            .collect();
        let mut replaced = HashSet::new();
        for (name, _) in entries().filter(|(_, replaces)| *replaces) {
            if !self.is_overlay(&name.location) {
                let message = format!(
                    "`replaces` is for the entries of a program: change the entry `{}` instead",
                    name.value
                );
                self.problem(&name.location, message);
            } else if known.contains(&name.value) {
                replaced.insert(name.value);
            } else if !self.poisoned.endpoints.contains(&name.value) {
                let message = "`replaces`: the crate has no endpoint with the name";
                self.unknown(&name, message, known.iter().map(String::as_str));
            }
        }
        if !replaced.is_empty() {
            self.problems.note(
                "The files in `spec/` belong to the crate: an entry that replaces one of theirs must fit the \
                 entries that refer to it.",
            );
        }
        replaced
    }
}

/// Returns the name of each entry of a file, and whether it replaces another entry.
fn names<'d>((file, document): &'d Document<'_>) -> impl Iterator<Item = (At<String>, bool)> + 'd {
    let entries = document.get_ref().get("endpoint").and_then(|list| list.get_ref().as_array());
    entries.into_iter().flatten().filter_map(|entry| {
        let entry = entry.get_ref().as_table()?;
        let name = entry.get("name")?;
        let value = name.get_ref().as_str()?.to_owned();
        let replaces = entry.get("replaces").and_then(|found| found.get_ref().as_bool());
        let location = Location::new(*file, name.span());
        Some((At { value, location }, replaces == Some(true)))
    })
}
