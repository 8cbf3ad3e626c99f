//! The library in a JSON file, and other JSON files.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
pub use tonearm::fake::Library;
pub use tonearm::fake::library::{Item, List, Playlist, Unavailable};

use super::Fallible;

/// Reads a JSON file of a program; `None` if it doesn't exist.
pub fn load<T: DeserializeOwned>(path: &Path) -> Fallible<Option<T>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|error| format!("cannot read `{}`: {error}", path.display()))?,
    };
    let invalid = |error| {
        format!(
            "{}: expected a file written by one of these examples, found: {error}",
            path.display()
        )
    };
    Ok(Some(serde_json::from_str(&text).map_err(invalid)?))
}

/// Reads a backup; `None` if the file doesn't exist.
pub fn load_backup(path: &Path) -> Fallible<Option<Library>> {
    match Library::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        library => Ok(Some(library?)),
    }
}

/// Reads a backup, which must exist.
pub fn open(path: &Path) -> Fallible<Library> {
    let missing = || format!("{}: file not found; create it with `backup`", path.display());
    Ok(load_backup(path)?.ok_or_else(missing)?)
}

/// Writes a JSON file atomically.
pub fn save<T: Serialize>(path: &Path, value: &T) -> Fallible<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let write = || {
        let mut text = serde_json::to_vec_pretty(value)?;
        text.push(b'\n');
        let mut file = File::create(&new)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    Ok(write().map_err(|error| {
        // Its space may be what the disk lacks.
        let _ = fs::remove_file(&new);
        format!("cannot write `{}`: {error}", path.display())
    })?)
}

/// Removes a file, if it exists.
pub fn forget(path: &Path) -> Fallible<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("cannot remove `{}`: {error}", path.display()).into())
        }
        _ => Ok(()),
    }
}
