//! A token in a file.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::state_dir::state_folder;
use super::store::{StoreLock, TokenStore, lock_before};
use super::token::{Stored, Token};
use crate::error::{StoreError, StoreProblem};

/// Keeps the token of one user of one app in a file, for programs that run repeatedly or concurrently.
///
/// On Unix only its owner can read the file. A write replaces the whole file: a reader finds the old token or the new
/// one, also after a loss of power. If a process is killed between writing and renaming, the next one completes the
/// rename. A lock, `….lock`, keeps several programs from refreshing the token at the same time; it ends with the
/// program that holds it.
///
/// A file that is no token, or that of another app, is an [`Error::Store`](crate::Error::Store), and is never
/// overwritten.
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

/// The age at which an incomplete file of a killed program is removed.
const LEFT_BEHIND: Duration = Duration::from_secs(60);
/// No token is as long as this.
const MAX_FILE: u64 = 1 << 20;

impl FileStore {
    /// The file of an app's only user: see [`for_user`](FileStore::for_user).
    ///
    /// # Errors
    ///
    /// [`StoreProblem::Failed`] if the platform has no such folder, or the client id is empty.
    pub fn for_app(client_id: impl AsRef<str>) -> Result<Self, StoreError> {
        FileStore::for_user(client_id, "default")
    }

    /// The file of one of several users of an app, by any name, in a folder for each client id:
    ///
    /// | platform | folder |
    /// | --- | --- |
    /// | Linux and others | `$XDG_STATE_HOME/tonearm`, or `~/.local/state/tonearm` |
    /// | macOS | `~/Library/Application Support/tonearm` |
    /// | Windows | `%LOCALAPPDATA%\tonearm` |
    ///
    /// # Errors
    ///
    /// [`StoreProblem::Failed`] if the platform has no such folder, or one of the names is empty.
    pub fn for_user(client_id: impl AsRef<str>, user: impl AsRef<str>) -> Result<Self, StoreError> {
        let failed = |message: &str| StoreError::new(StoreProblem::Failed, message);
        let (client_id, user) = (client_id.as_ref(), user.as_ref());
        if client_id.is_empty() || user.is_empty() {
            return Err(failed(
                "expected a client id and the name of a user, found one of them empty",
            ));
        }
        let folder = state_folder(|key| std::env::var_os(key)).ok_or_else(|| {
            failed("this system names no folder for the state of programs; give one with `FileStore::at`")
        })?;
        let path =
            folder.join("tonearm").join(file_name(client_id)).join(file_name(user) + ".json");
        Ok(FileStore::at(path, client_id))
    }

    /// A file of your choice. The first login creates folders that are missing.
    pub fn at(path: impl Into<PathBuf>, client_id: impl Into<String>) -> Self {
        FileStore { path: path.into(), client_id: client_id.into().into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The error of an operation on the file: `open`, `read`.
    fn failed(&self, operation: &str) -> impl FnOnce(io::Error) -> StoreError {
        let message = format!("cannot {operation} `{}`", self.path.display());
        |error| StoreError::failed(message, error)
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.path.file_name().map(OsString::from).unwrap_or_default();
        name.push(end);
        self.path.with_file_name(name)
    }

    /// Creates the folder if it is missing, on Unix for its owner alone.
    fn make_folder(&self) -> Result<(), StoreError> {
        let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty())
        else {
            return Ok(());
        };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(self.failed("make the folder of"))
    }

    /// Writes a new file beside the old one and renames it. From the moment it is written it survives the end of the
    /// program, though not yet that of the machine.
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
        } else if cfg!(unix)
            && let Some(Ok(folder)) = self.path.parent().map(File::open)
        {
            // After a loss of power the new name is there; where a folder cannot be synced, the old token is.
            let _ = folder.sync_all();
        }
        written
    }

    /// Renames a complete file that a killed program left, and removes an incomplete one. Only for the holder of the
    /// lock.
    fn tidy(&self) {
        // A file that is not ours is left alone, and so are those beside it.
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
                // Incomplete: a program without the lock may be writing it now.
                Err(_) if is_old(&path) => drop(fs::remove_file(&path)),
                Err(_) => {}
            }
        }
    }

    /// The new files that are not renamed yet.
    fn left_behind(&self) -> Vec<PathBuf> {
        let folder = self.path.parent().map(fs::read_dir);
        let name = self.path.file_name().and_then(|name| name.to_str());
        let (Some(Ok(entries)), Some(name)) = (folder, name) else { return Vec::new() };
        let is_ours = |found: &str| {
            let number = found
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".new"));
            number.is_some_and(|number| {
                number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.file_name().and_then(|found| found.to_str()).is_some_and(is_ours));
        paths
    }

    /// The content of a file, if it exists.
    fn read(&self, path: &Path) -> Result<Option<Written>, StoreError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("open")(error)),
        };
        self.warn_of_readers(&file);
        let mut text = Zeroizing::new(String::with_capacity(4096));
        match (&mut file).take(MAX_FILE).read_to_string(&mut text) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(self.unreadable(StoreProblem::Corrupt, "bytes that are no text"));
            }
            Err(error) => return Err(self.failed("read")(error)),
        }
        #[derive(Deserialize)]
        struct Mark {
            tonearm: Option<u32>,
        }
        // The message of serde may contain a part of the text, so only the place is reported.
        let (problem, found) = match serde_json::from_str::<Written>(&text) {
            Ok(written) if written.tonearm != 1 => {
                let found = format!("one of the version {} of its format", written.tonearm);
                (StoreProblem::WrongClientId, found)
            }
            Ok(written) if *written.client_id != *self.client_id => {
                (StoreProblem::WrongClientId, format!("that of the app `{}`", written.client_id))
            }
            Ok(written) => return Ok(Some(written)),
            Err(_)
                if serde_json::from_str(&text).is_ok_and(|mark: Mark| mark.tonearm.is_none()) =>
            {
                (StoreProblem::WrongClientId, "the JSON of another program".to_owned())
            }
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                (StoreProblem::Corrupt, format!("a break at line {line}, column {column}"))
            }
        };
        Err(self.unreadable(problem, &found))
    }

    fn unreadable(&self, problem: StoreProblem, found: &str) -> StoreError {
        let message = format!(
            "expected a token of the app `{}` in `{}`, found {found}; it is left as it is: move it away, or \
             choose another file",
            self.client_id,
            self.path.display()
        );
        StoreError::new(problem, message)
    }

    #[cfg(unix)]
    fn warn_of_readers(&self, file: &File) {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().map_or(0, |data| data.permissions().mode());
        if mode & 0o077 != 0 {
            let path = self.path.display();
            log::warn!(
                "others than its owner may use the token in `{path}`: `chmod 600` mends that"
            );
        }
    }

    #[cfg(not(unix))]
    fn warn_of_readers(&self, _: &File) {}
}

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct Written {
    /// The version of this format, and the mark that it is one.
    tonearm: u32,
    client_id: String,
    /// Counts the writes, which tells the newer of two files independently of the clock.
    #[serde(default)]
    number: u64,
    token: Stored,
}

impl TokenStore for FileStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        Ok(self.read(&self.path)?.map(|written| written.token.into_token()))
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        // Returns an error if the file is not ours.
        let stored = self.read(&self.path)?;
        let written = Written {
            tonearm: 1,
            client_id: self.client_id.to_string(),
            number: stored.map_or(0, |stored| stored.number).saturating_add(1),
            token: Stored::of(token),
        };
        let text = Zeroizing::new(serde_json::to_string(&written).unwrap_or_default());
        self.make_folder()?;
        self.replace(&text).map_err(self.failed("write"))
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.read(&self.path)?;
        // Otherwise the next program would rename one of them.
        self.left_behind().iter().for_each(|path| drop(fs::remove_file(path)));
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(self.failed("remove")(error))
            }
            _ => Ok(()),
        }
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.make_folder()?;
        // A file of its own, because that of the token is replaced, and a lock stays with the file that was opened.
        let path = self.beside(".lock");
        let file = private(OpenOptions::new().read(true).write(true).create(true).truncate(false))
            .open(&path)
            .map_err(self.failed("open the lock of"))?;
        let holder = format!("another program holds the lock `{}`", path.display());
        lock_before(deadline, &holder, || match file.try_lock() {
            Ok(()) => Ok(Some(())),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
                Ok(None)
            }
            Err(TryLockError::Error(error)) => Err(self.failed("lock")(error)),
        })?;
        self.tidy();
        Ok(StoreLock::new(file))
    }
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

/// The characters that stay as they are in the name of a file: the names of users stay in their folder.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

fn file_name(text: &str) -> String {
    utf8_percent_encode(text, NAME).to_string()
}
