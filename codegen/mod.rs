//! The compiler for the table in `spec/`: TOML in, Rust out.
//!
//! A module of `build.rs` and of tests, never of the crate. It does no I/O but in [`generate`], and returns every
//! mistake in a bad table, without a panic.

mod check;
mod diagnostics;
mod emit;
mod read;
mod table;

use std::path::{Path, PathBuf};

pub use check::overlay::problem as problem_of_folder;
pub use diagnostics::Problems;

/// The files to write into `OUT_DIR`, by name.
pub type Generated = Vec<(&'static str, String)>;

/// Reads every `*.toml` in `dir`, and in the folder of a program, and compiles them.
pub fn generate(dir: &Path, overlay: Option<&Path>) -> Result<Generated, Problems> {
    let mut unreadable = Vec::new();
    let files = read_folder(dir, &mut unreadable);
    let overlay = overlay.map_or_else(Vec::new, |folder| read_folder(folder, &mut unreadable));
    if unreadable.is_empty() {
        return generate_files(&files, &overlay);
    }
    let all = [files.as_slice(), &overlay].concat();
    let problems = Problems::new(&all);
    for (path, error) in &unreadable {
        match error {
            Some(error) => problems.unreadable(path, error),
            None => problems.no_entries(&diagnostics::slashed(path)),
        }
    }
    compile(&all, files.len(), problems)
}

/// Compiles files given as path and text, and those of a program.
pub fn generate_files(
    files: &[(String, String)],
    overlay: &[(String, String)],
) -> Result<Generated, Problems> {
    let all = [files, overlay].concat();
    compile(&all, files.len(), Problems::new(&all))
}

/// The files of a folder as path and text; and what could not be read, or has no files.
fn read_folder(
    dir: &Path,
    unreadable: &mut Vec<(PathBuf, Option<std::io::Error>)>,
) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let paths = toml_files(dir);
    if paths.as_ref().is_ok_and(Vec::is_empty) {
        unreadable.push((dir.to_owned(), None));
    }
    for path in paths.unwrap_or_else(|error| {
        unreadable.push((dir.to_owned(), Some(error)));
        Vec::new()
    }) {
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((diagnostics::slashed(&path), text)),
            Err(error) => unreadable.push((path, Some(error))),
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

/// The files from `overlay_from` on are those of a program.
fn compile(
    files: &[(String, String)],
    overlay_from: usize,
    problems: Problems,
) -> Result<Generated, Problems> {
    let table = check::check(files, overlay_from, &problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut generated = emit::files(&table);
    generated.push(("samples.rs", emit::samples(&table)));
    Ok(generated)
}
