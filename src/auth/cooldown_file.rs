//! Stores the cool-downs of an app in a file.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;

use super::file_store::{beside, failed, lock_file, open, private, retried};
use crate::error::StoreError;
use crate::transport::Cooldown;
use crate::types::timestamp::Timestamp;

/// The maximum wait for other programs that save a cool-down.
const WAIT: Duration = Duration::from_secs(2);
/// The maximum size of the file, far above real ones.
const MAX_FILE: u64 = 1 << 20;

/// Loads the cool-downs in a file. Empty if the file is missing or invalid.
pub(super) fn load(path: &Path) -> Vec<Cooldown> {
    let cooldowns = match read(path) {
        Ok(cooldowns) => cooldowns,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            log::warn!("the limits of Spotify in `{}` are ignored: {error}", path.display());
            return Vec::new();
        }
    };
    let now = Timestamp::now();
    cooldowns.into_iter().filter(|cooldown| cooldown.is_active(now)).collect()
}

/// Adds a cool-down to a file, which other programs may change at the same time.
pub(super) fn save(path: &Path, cooldown: &Cooldown) -> Result<(), StoreError> {
    // Held until the end of the function.
    let _lock = lock_file(&beside(path, ".lock"), Instant::now() + WAIT)?;
    let mut cooldowns = load(path);
    cooldown.merge_into(&mut cooldowns);
    replace(path, &cooldowns).map_err(failed(format!("cannot write `{}`", path.display())))
}

fn read(path: &Path) -> io::Result<Vec<Cooldown>> {
    let mut text = String::new();
    open(path)?.take(MAX_FILE).read_to_string(&mut text)?;
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let entries: Vec<&RawValue> = serde_json::from_str(&text)?;
    // Ignore unknown kinds, which a newer version of Tonearm may write.
    Ok(entries.iter().filter_map(|entry| serde_json::from_str(entry.get()).ok()).collect())
}

/// Replaces the file. It is not synced: if a power failure loses it, the next 429 restores the limit.
fn replace(path: &Path, cooldowns: &[Cooldown]) -> io::Result<()> {
    let text = serde_json::to_string(cooldowns)?;
    // Only the holder of the lock uses this name, so it can overwrite the file of a killed program.
    let new = beside(path, ".new");
    private(OpenOptions::new().write(true).create(true).truncate(true))
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| retried(|| fs::rename(&new, path)))
        .inspect_err(|_| drop(fs::remove_file(&new)))
}
