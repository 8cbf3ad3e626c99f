//! The entries of a program, which may replace entries of the crate.

use std::collections::HashSet;
use std::path::Path;

use super::super::diagnostics::slashed;
use super::super::table::Endpoint;
use super::Checker;

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
    /// Removes the crate's entries that a program replaces.
    pub(super) fn replace_endpoints(&mut self) {
        let is_own = |endpoint: &Endpoint| self.is_overlay(&endpoint.location);
        let names = |endpoint: &Endpoint| (!is_own(endpoint)).then(|| endpoint.name.value.clone());
        let known: HashSet<String> = self.table.endpoints().filter_map(names).collect();
        let mut replaced = HashSet::new();
        for endpoint in self.table.endpoints().filter(|endpoint| endpoint.replaces) {
            let name = &endpoint.name;
            if !is_own(endpoint) {
                let message = format!(
                    "`replaces` is for the entries of a program: change the entry `{}` instead",
                    name.value
                );
                self.problem(&name.location, message);
            } else if known.contains(&name.value) {
                replaced.insert(name.value.clone());
            } else if !self.poisoned.endpoints && !name.value.is_empty() {
                let message = "`replaces`: the crate has no endpoint with the name";
                self.unknown(name, message, known.iter().map(String::as_str));
            }
        }
        if !replaced.is_empty() {
            self.problems.note(
                "The files in `spec/` belong to the crate: an entry that replaces one of theirs must fit the \
                 entries that refer to it.",
            );
        }
        let overlay_from = self.overlay_from;
        for area in &mut self.table.areas {
            area.endpoints.retain(|endpoint| {
                endpoint.location.file >= overlay_from || !replaced.contains(&endpoint.name.value)
            });
        }
    }
}
