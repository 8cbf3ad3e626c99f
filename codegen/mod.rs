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

use std::path::Path;

pub use error::Problems;

/// The files to write into `OUT_DIR`, by name.
pub type Generated = Vec<(&'static str, String)>;

/// Reads every `*.toml` in `dir` and compiles them.
pub fn generate(dir: &Path) -> Result<Generated, Problems> {
    let unreadable = |path: &Path, error: &std::io::Error| Problems::unreadable(path, error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|e| unreadable(dir, &e))? {
        let path = entry.map_err(|e| unreadable(dir, &e))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, &e))?;
        files.push((path.to_string_lossy().replace('\\', "/"), text));
    }
    if files.is_empty() {
        return Err(Problems::empty(dir));
    }
    generate_files(&files)
}

/// Compiles files given as path and text.
pub fn generate_files(files: &[(String, String)]) -> Result<Generated, Problems> {
    let mut problems = Problems::new(files);
    let table = row::read(files, &mut problems);
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
