//! The compiler for the table in `spec/`: TOML rows in, Rust out.
//!
//! A module of `build.rs` and of `tests/codegen.rs`, never of the crate. It does no I/O but in
//! [`generate`], and answers a bad table with every mistake in it, never with a panic.

mod check;
mod emit;
mod error;
mod keys;
mod path;
mod row;
mod sample;
mod say;
mod scopes;
mod value;

use std::path::{Path, PathBuf};

pub use error::Problems;

/// The files to write into `OUT_DIR`, by name.
pub type Generated = Vec<(&'static str, String)>;

/// Reads every `*.toml` in `dir` and compiles them.
pub fn generate(dir: &Path) -> Result<Generated, Problems> {
    let mut unreadable = Vec::new();
    let mut files = Vec::new();
    for path in toml_files(dir).unwrap_or_else(|error| {
        unreadable.push((dir.to_owned(), error));
        Vec::new()
    }) {
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((error::slashed(&path), text)),
            Err(error) => unreadable.push((path, error)),
        }
    }
    if unreadable.is_empty() && !files.is_empty() {
        return generate_files(&files);
    }
    let mut problems = Problems::new(&files);
    unreadable.iter().for_each(|(path, error)| problems.unreadable(path, error));
    if unreadable.is_empty() {
        problems.no_rows(&error::slashed(dir));
    }
    compile(&files, problems)
}

/// Compiles files given as path and text.
pub fn generate_files(files: &[(String, String)]) -> Result<Generated, Problems> {
    compile(files, Problems::new(files))
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

/// Rows as written, rows as meant, Rust; with what was found wrong on the way.
fn compile(files: &[(String, String)], mut problems: Problems) -> Result<Generated, Problems> {
    let mut table = row::read(files, &mut problems);
    if table.areas.is_empty() && problems.is_empty() {
        let folder = files.first().and_then(|(path, _)| Some(path.rsplit_once('/')?.0));
        problems.no_rows(folder.unwrap_or("the table"));
    }
    // A file that could not be read may hold whatever seems to be missing.
    if problems.is_incomplete() {
        table.unread.lose_all();
    }
    let table = check::check(table, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(vec![
        ("endpoints.rs", emit::endpoints(&table)),
        ("words.rs", emit::words(&table)),
        ("ids.rs", emit::ids(&table)),
        ("scopes.rs", emit::scopes(&table)),
        ("calls.rs", sample::calls(&table)),
    ])
}
