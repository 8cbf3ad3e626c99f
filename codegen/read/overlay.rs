//! Rows of a program beside those of the crate: which of the crate's they replace.

use std::path::Path;

use super::super::diagnostics::{Problems, phrase, slashed};
use super::endpoint::Table;

/// What is wrong with the folder that a program names; none if its files can be read.
pub fn problem(folder: &Path) -> Option<String> {
    let shown = slashed(folder);
    let what = match (folder.is_absolute(), folder.is_dir()) {
        (true, true) => return None,
        (true, false) => format!("expected a folder with rows, found none at {shown}"),
        (false, _) => format!("expected the whole path of a folder with rows, found {shown}"),
    };
    Some(format!(
        "TONEARM_SPEC: {what}; for the folder `rows` beside `.cargo` write `TONEARM_SPEC = {{ value = \"rows\", \
         relative = true }}` under `[env]` in `.cargo/config.toml`"
    ))
}

/// Takes the rows out of the table that rows of a program replace.
pub fn replace(table: &mut Table, problems: &mut Problems) {
    let own_from = table.own_from;
    let rows = || table.areas.iter().flat_map(|area| &area.rows);
    let known: Vec<&str> =
        rows().filter(|row| row.place.file < own_from).map(|row| row.name.value.as_str()).collect();
    let mut replaced = Vec::new();
    for row in rows().filter(|row| row.replaces) {
        let name = row.name.value.as_str();
        if row.place.file < own_from {
            let message =
                format!("`replaces` is for rows of a program: change the row `{name}` instead");
            problems.add(&row.name.place, message);
        } else if known.contains(&name) {
            replaced.push(name.to_owned());
        } else if !table.unread.rows.holds(name) {
            let advice = phrase::did_you_mean(name, known.iter().copied());
            let message = format!(
                "`replaces`: the crate has no row with the name {}{advice}",
                phrase::shown(name)
            );
            problems.add(&row.name.place, message);
        }
    }
    if !replaced.is_empty() {
        problems.note(
            "What stands in `spec/` is the crate's: its rows ask the same of a row that replaces one of them.",
        );
    }
    for area in &mut table.areas {
        area.rows.retain(|row| row.place.file >= own_from || !replaced.contains(&row.name.value));
    }
}
