//! Rows of a program beside those of the crate: which of the crate's they replace.

use std::path::Path;

use super::super::diagnostics::{Problems, phrase, slashed};
use super::endpoint::Table;

/// What is wrong with the folder that a program names; none if its files can be read.
pub fn problem(folder: &Path) -> Option<String> {
    let shown = slashed(folder);
    let what = match (folder.is_absolute(), folder.is_dir()) {
        (true, true) => return None,
        (true, false) => format!("expected a folder with `*.toml` files, found none at {shown}"),
        (false, _) => format!("expected an absolute path of a folder, found {shown}"),
    };
    Some(format!(
        "TONEARM_SPEC: {what}; for the folder `endpoints` beside `.cargo` write `TONEARM_SPEC = {{ value = \"endpoints\", \
         relative = true }}` under `[env]` in `.cargo/config.toml`"
    ))
}

/// Takes the rows out of the table that rows of a program replace.
pub fn replace(table: &mut Table, problems: &mut Problems) {
    let overlay_from = table.overlay_from;
    let rows = || table.areas.iter().flat_map(|area| &area.rows);
    let known: Vec<&str> = rows()
        .filter(|row| row.location.file < overlay_from)
        .map(|row| row.name.value.as_str())
        .collect();
    let mut replaced = Vec::new();
    for row in rows().filter(|row| row.replaces) {
        let name = row.name.value.as_str();
        if row.location.file < overlay_from {
            let message = format!(
                "`replaces` is for the entries of a program: change the entry `{name}` instead"
            );
            problems.add(&row.name.location, message);
        } else if known.contains(&name) {
            replaced.push(name.to_owned());
        } else if !table.poisoned.rows.holds(name) {
            let advice = phrase::did_you_mean(name, known.iter().copied());
            let message = format!(
                "`replaces`: the crate has no endpoint with the name {}{advice}",
                phrase::shown(name)
            );
            problems.add(&row.name.location, message);
        }
    }
    if !replaced.is_empty() {
        problems.note(
            "The files in `spec/` belong to the crate: an entry that replaces one of theirs must fit the entries that refer to it.",
        );
    }
    for area in &mut table.areas {
        area.rows
            .retain(|row| row.location.file >= overlay_from || !replaced.contains(&row.name.value));
    }
}
