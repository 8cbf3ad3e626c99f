//! A token in a file.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::state_dir::state_folder;
use super::store::{StoreLock, TokenStore};
use super::token::{Stored, Token};
use crate::error::{StoreError, StoreProblem};

/// Keeps the token of one user of one app in a file, for programs that are started again and again,
/// and for several of them at once.
///
/// On Unix only its owner can read the file, from the moment it is made. It is replaced as a whole: who
/// reads it finds the old token or the new one, also if the machine loses power in between. What a
/// program had written beside it when it was killed, the next one puts in its place. A lock, `….lock`,
/// keeps several programs from renewing the token at the same time; it ends with the program that holds
/// it.
///
/// A file that is no token, or that of another app, is an [`Error::Store`](crate::Error::Store), and is
/// never overwritten.
///
/// ```
/// use tonearm::App;
/// use tonearm::auth::FileStore;
///
/// # let folder = std::env::temp_dir().join(format!("tonearm-doc-{}", std::process::id()));
/// # let path = folder.join("mira.json");
/// let store = FileStore::at(&path, "client-id");
/// let app = App::new("client-id").store(store);
/// assert!(app.token()?.is_none(), "the file is made with the first login");
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
    client_id: Box<str>,
}

/// How long a lock is left alone before it is tried again.
const WAIT: Duration = Duration::from_millis(10);
/// How long a file stays that a program left half written when it was killed.
const LEFT_BEHIND: Duration = Duration::from_secs(60);
/// No token is as long as this.
const MAX_FILE: u64 = 1 << 20;

impl FileStore {
    /// The file of an app's only user, in the platform's folder for such things: see
    /// [`for_user`](FileStore::for_user).
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if there is no such folder.
    pub fn for_app(client_id: impl AsRef<str>) -> Result<Self, StoreError> {
        FileStore::for_user(client_id, "default")
    }

    /// The file of one of several users of an app, by any name that tells them apart.
    ///
    /// It lies in the platform's folder for the state of programs, one folder for each client id:
    ///
    /// | platform | folder |
    /// | --- | --- |
    /// | Linux and others | `$XDG_STATE_HOME/tonearm`, or `~/.local/state/tonearm` |
    /// | macOS | `~/Library/Application Support/tonearm` |
    /// | Windows | `%LOCALAPPDATA%\tonearm` |
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if there is no such folder, or one of the names is empty.
    ///
    /// ```no_run
    /// use tonearm::auth::FileStore;
    ///
    /// let store = FileStore::for_user("1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00", "mira")?;
    /// assert!(store.path().ends_with("tonearm/1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00/mira.json"));
    /// # Ok::<(), tonearm::auth::StoreError>(())
    /// ```
    pub fn for_user(client_id: impl AsRef<str>, user: impl AsRef<str>) -> Result<Self, StoreError> {
        let (client_id, user) = (client_id.as_ref(), user.as_ref());
        if client_id.is_empty() || user.is_empty() {
            let message = "expected a client id and the name of a user, found one of them empty";
            return Err(StoreError::new(StoreProblem::Failed, message));
        }
        let Some(folder) = state_folder(|key| std::env::var_os(key)) else {
            let message = "this system names no folder for the state of programs; give one with `FileStore::at`";
            return Err(StoreError::new(StoreProblem::Failed, message));
        };
        let path =
            folder.join("tonearm").join(file_name(client_id)).join(file_name(user) + ".json");
        Ok(FileStore::at(path, client_id))
    }

    /// A file of your choice. Folders that are missing are made with the first login.
    pub fn at(path: impl Into<PathBuf>, client_id: impl Into<String>) -> Self {
        FileStore { path: path.into(), client_id: client_id.into().into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, what: &str, error: io::Error) -> StoreError {
        StoreError::failed(format!("cannot {what} `{}`", self.path.display()), error)
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.path.file_name().map(OsString::from).unwrap_or_default();
        name.push(end);
        self.path.with_file_name(name)
    }

    /// Makes the folder, if need be so that only its owner can look into it.
    fn make_folder(&self) -> io::Result<()> {
        let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty())
        else {
            return Ok(());
        };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)
    }

    /// Writes a new file beside the old one and puts it in its place. From the moment it is written it
    /// survives the end of the program, though not yet that of the machine.
    fn replace(&self, text: &str) -> io::Result<()> {
        let new = self.beside(&format!(".{:016x}.new", RandomState::new().hash_one(0)));
        let written = private(OpenOptions::new().write(true).create_new(true))
            .open(&new)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                // Otherwise the name may reach the disk before the text.
                file.sync_all()
            })
            .and_then(|()| fs::rename(&new, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written?;
        self.sync_folder();
        Ok(())
    }

    /// So that the new name is there after a loss of power; where a folder cannot be synced, it is the
    /// old token that is there.
    fn sync_folder(&self) {
        if cfg!(unix)
            && let Some(folder) = self.path.parent()
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
    }

    /// Puts in place what a program had written whole when it was killed, and removes what else it left.
    /// Only for the holder of the lock.
    fn tidy(&self) {
        // What is not ours is left alone, with all that lies around it.
        let Ok(stored) = self.read(&self.path) else { return };
        let mut number = stored.map_or(0, |stored| stored.number);
        for path in self.left_behind() {
            match self.read(&path) {
                Ok(Some(new)) if new.number > number => {
                    let placed = File::open(&path)
                        .and_then(|file| file.sync_all())
                        .and_then(|()| fs::rename(&path, &self.path));
                    match placed {
                        Ok(()) => number = new.number,
                        Err(error) => {
                            log::warn!("cannot put `{}` in place: {error}", path.display())
                        }
                    }
                }
                Ok(_) => drop(fs::remove_file(&path)),
                // Half written, maybe at this moment by somebody without the lock.
                Err(_) if is_old(&path) => drop(fs::remove_file(&path)),
                Err(_) => {}
            }
        }
    }

    /// The new files that are not in their place yet.
    fn left_behind(&self) -> Vec<PathBuf> {
        let folder = self.path.parent().map(fs::read_dir);
        let name = self.path.file_name().and_then(|name| name.to_str());
        let (Some(Ok(entries)), Some(name)) = (folder, name) else { return Vec::new() };
        let is_ours = |found: &str| {
            let middle = found.strip_prefix(name).and_then(|rest| rest.strip_suffix(".new"));
            middle.is_some_and(|middle| {
                middle.len() == 17 && middle.bytes().skip(1).all(|b| b.is_ascii_hexdigit())
            })
        };
        let entries = entries.flatten();
        let ours = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_ours));
        ours.map(|entry| entry.path()).collect()
    }

    /// What a file holds, if it is there and ours.
    fn read(&self, path: &Path) -> Result<Option<Written>, StoreError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("open", error)),
        };
        self.warn_of_readers(&file);
        let mut text = Zeroizing::new(String::with_capacity(4096));
        match (&mut file).take(MAX_FILE).read_to_string(&mut text) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(self.unreadable(StoreProblem::Corrupt, "bytes that are no text"));
            }
            Err(error) => return Err(self.failed("read", error)),
        }
        #[derive(Deserialize)]
        struct Mark {
            #[serde(default)]
            tonearm: Option<u32>,
        }
        match serde_json::from_str::<Written>(&text) {
            Ok(written) if written.tonearm != 1 => {
                let found = format!("one of the version {} of its format", written.tonearm);
                Err(self.unreadable(StoreProblem::WrongClientId, &found))
            }
            Ok(written) if *written.client_id != *self.client_id => {
                let found = format!("that of the app `{}`", written.client_id);
                Err(self.unreadable(StoreProblem::WrongClientId, &found))
            }
            Ok(written) => Ok(Some(written)),
            // What serde says may hold a part of the text, so that only the place is told.
            Err(error) => match serde_json::from_str::<Mark>(&text) {
                Ok(mark) if mark.tonearm.is_none() => {
                    Err(self.unreadable(StoreProblem::WrongClientId, "the JSON of another program"))
                }
                _ => {
                    let found =
                        format!("a break at line {}, column {}", error.line(), error.column());
                    Err(self.unreadable(StoreProblem::Corrupt, &found))
                }
            },
        }
    }
}

/// The token as it stands in the file.
#[derive(Serialize, Deserialize)]
struct Written {
    /// The version of this format, and the mark that it is one.
    tonearm: u32,
    client_id: String,
    /// Counts what was stored, so that of two files the newer is known whatever the clock says.
    #[serde(default)]
    number: u64,
    token: Stored,
}

impl TokenStore for FileStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        Ok(self.read(&self.path)?.map(|written| written.token.into_token()))
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        // What is not ours is left alone: this is where it comes out.
        let stored = self.read(&self.path)?;
        let written = Written {
            tonearm: 1,
            client_id: self.client_id.to_string(),
            number: stored.map_or(0, |stored| stored.number).saturating_add(1),
            token: Stored::of(token),
        };
        let text = Zeroizing::new(serde_json::to_string(&written).unwrap_or_default());
        self.make_folder().map_err(|error| self.failed("make the folder of", error))?;
        self.replace(&text).map_err(|error| self.failed("write", error))
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.read(&self.path)?;
        // Otherwise one of them would be put in place by the next program.
        self.left_behind().iter().for_each(|path| drop(fs::remove_file(path)));
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(self.failed("remove", error))
            }
            _ => Ok(()),
        }
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.make_folder().map_err(|error| self.failed("make the folder of", error))?;
        // A file of its own, for the token's is replaced and a lock stays with what was opened.
        let path = self.beside(".lock");
        let file = private(OpenOptions::new().read(true).write(true).create(true).truncate(false))
            .open(&path)
            .map_err(|error| self.failed("open the lock of", error))?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) => return Err(self.failed("lock", error)),
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let message = format!(
                    "another program holds the lock `{}` and did not give it back in time; try again",
                    path.display()
                );
                return Err(StoreError::new(StoreProblem::Locked, message));
            }
            thread::sleep(left.min(WAIT));
        }
        self.tidy();
        // Closed, and so given back, when it is dropped, or when the system ends the program.
        Ok(StoreLock::new(file))
    }
}

impl FileStore {
    fn unreadable(&self, problem: StoreProblem, found: &str) -> StoreError {
        let path = self.path.display();
        StoreError::new(
            problem,
            format!(
                "expected a token of the app `{}` in `{path}`, found {found}; it is left as it is: move it \
                 away, or choose another file",
                self.client_id
            ),
        )
    }

    #[cfg(unix)]
    fn warn_of_readers(&self, file: &File) {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_or(0, |data| data.permissions().mode());
        if mode & 0o077 != 0 {
            log::warn!(
                "others than its owner may use the token in `{}`: `chmod 600` mends that",
                self.path.display()
            );
        }
    }

    #[cfg(not(unix))]
    fn warn_of_readers(&self, _: &File) {}
}

/// On Unix: for its owner alone, from the moment it is made.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn is_old(path: &Path) -> bool {
    let written = fs::metadata(path).and_then(|data| data.modified());
    let age = written.ok().and_then(|written| SystemTime::now().duration_since(written).ok());
    age.is_some_and(|age| age > LEFT_BEHIND)
}

/// What stands in the name of a file as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

fn file_name(text: &str) -> String {
    utf8_percent_encode(text, NAME).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for (name, expected) in [
            ("mira", "mira"),
            ("../x", "%2E%2E%2Fx"),
            ("a b", "a%20b"),
            ("..", "%2E%2E"),
            ("C:x", "C%3Ax"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }
}
