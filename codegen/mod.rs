//! The generator, which reads the table in `spec/` and writes Rust.
//!
//! `build.rs` and tests include this module; the crate does not. Only [`compile`] reads files. The generator returns
//! all mistakes in a table, and does not panic.

mod check;
mod diagnostics;
mod emit;
mod read;
mod table;

use std::path::{Path, PathBuf};

pub use check::overlay::problem as problem_of_folder;
pub use diagnostics::Problems;
pub use emit::{call_with, files, samples};
pub use table::{Kind, Param, Table};

/// Reads all `*.toml` files in `dir`, and those in the folder of a program.
pub fn compile(dir: &Path, overlay: Option<&Path>) -> Result<Table, Problems> {
    let mut unreadable = Vec::new();
    let files = read_folder(dir, &mut unreadable);
    let overlay = overlay.map_or_else(Vec::new, |folder| read_folder(folder, &mut unreadable));
    checked(&files, &overlay, &unreadable)
}

/// A file or folder that cannot be read, or a folder without files, which has no error.
type Unreadable = (PathBuf, Option<std::io::Error>);

/// Reads the files of a folder as path and text.
fn read_folder(dir: &Path, unreadable: &mut Vec<Unreadable>) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let paths = match toml_files(dir) {
        Ok(paths) if !paths.is_empty() => paths,
        found => {
            unreadable.push((dir.to_owned(), found.err()));
            return files;
        }
    };
    for path in paths {
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((diagnostics::slashed(&path), text)),
            Err(error) => unreadable.push((path, Some(error))),
        }
    }
    files
}

fn toml_files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<std::io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

/// Reads files of the crate and of a program, given as path and text.
pub fn compile_files(
    files: &[(String, String)],
    overlay: &[(String, String)],
) -> Result<Table, Problems> {
    checked(files, overlay, &[])
}

fn checked(
    files: &[(String, String)],
    overlay: &[(String, String)],
    unreadable: &[Unreadable],
) -> Result<Table, Problems> {
    let all = [files, overlay].concat();
    let problems = Problems::new(&all);
    for (path, error) in unreadable {
        problems.unreadable(&diagnostics::slashed(path), error.as_ref());
    }
    let table = check::check(&all, files.len(), &problems);
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}
