//! The compiler for the table in `spec/`: TOML rows in, Rust out.
//!
//! A module of `build.rs` and of `tests/codegen.rs`, never of the crate. It does no I/O but in
//! [`generate`], and answers a bad table with every mistake in it, never with a panic.

mod check;
mod diagnostics;
mod emit;
mod read;
mod table;

use std::path::{Path, PathBuf};

pub use diagnostics::Problems;
pub use read::overlay::problem as problem_of_folder;

/// The files to write into `OUT_DIR`, by name.
pub type Generated = Vec<(&'static str, String)>;

/// Reads every `*.toml` in `dir`, and in the folder of a program with rows of its own, and compiles them.
pub fn generate(dir: &Path, own: Option<&Path>) -> Result<Generated, Problems> {
    let mut poisoned = Vec::new();
    let files = read(dir, &mut poisoned);
    let own = own.map_or_else(Vec::new, |own| read(own, &mut poisoned));
    if poisoned.is_empty() {
        return generate_files(&files, &own);
    }
    let all = [files.as_slice(), &own].concat();
    let mut problems = Problems::new(&all);
    for (path, error) in &poisoned {
        match error {
            Some(error) => problems.unreadable(path, error),
            None => problems.no_rows(&diagnostics::slashed(path)),
        }
    }
    compile(&all, files.len(), problems)
}

/// Compiles files given as path and text, and those of a program with rows of its own.
pub fn generate_files(
    files: &[(String, String)],
    own: &[(String, String)],
) -> Result<Generated, Problems> {
    let all = [files, own].concat();
    compile(&all, files.len(), Problems::new(&all))
}

/// The files of a folder as path and text; and what could not be read, or has no files.
fn read(
    dir: &Path,
    poisoned: &mut Vec<(PathBuf, Option<std::io::Error>)>,
) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let paths = toml_files(dir);
    if paths.as_ref().is_ok_and(Vec::is_empty) {
        poisoned.push((dir.to_owned(), None));
    }
    for path in paths.unwrap_or_else(|error| {
        poisoned.push((dir.to_owned(), Some(error)));
        Vec::new()
    }) {
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((diagnostics::slashed(&path), text)),
            Err(error) => poisoned.push((path, Some(error))),
        }
    }
    files
}

fn toml_files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Rows as written, rows as meant, Rust; with what was found wrong on the way. The files from `own_from` on
/// are those of a program.
fn compile(
    files: &[(String, String)],
    overlay_from: usize,
    mut problems: Problems,
) -> Result<Generated, Problems> {
    let mut table = read::read(files, &mut problems);
    table.overlay_from = overlay_from;
    if table.areas.is_empty() && problems.is_empty() {
        let folder = files.first().and_then(|(path, _)| Some(path.rsplit_once('/')?.0));
        problems.no_rows(folder.unwrap_or("the table"));
    }
    // A file that could not be read may hold whatever seems to be missing.
    if problems.is_incomplete() {
        table.poisoned.lose_all();
    }
    read::overlay::replace(&mut table, &mut problems);
    let table = check::check(table, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(vec![
        ("endpoints.rs", emit::endpoints(&table)),
        ("enums.rs", emit::enums(&table)),
        ("ids.rs", emit::ids(&table)),
        ("scopes.rs", emit::scopes(&table)),
        ("calls.rs", emit::samples::calls(&table)),
    ])
}
