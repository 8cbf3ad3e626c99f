//! Stores a token in a file.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::cooldown_file;
use super::state_dir::state_folder;
use super::store::{StoreLock, TokenStore, lock_before};
use super::token::{Stored, Token};
use crate::error::{StoreError, StoreErrorKind};
use crate::transport::{Cooldown, lock};

/// Keeps the token of one user of one app in a file, for programs that run repeatedly or concurrently.
///
/// On Unix, only the owner can read the file. A write replaces the whole file: a reader finds the old token or the new
/// one, even after a power failure. If a process is killed between writing and renaming, the next one completes the
/// rename. A lock, `….lock`, prevents several programs from refreshing the token at the same time. The system releases
/// it when its holder ends. [`save`](TokenStore::save) also works without the lock, while another program holds it. If
/// the path is a symbolic link, the target and its lock are used.
///
/// Before the client requests a token, the store reserves disk space for it in the same folder. If the disk is full or
/// the folder is read-only, the call or the login returns an error, and the old token remains valid.
///
/// If the file has something other than a token, or a token of another app or of a newer version of Tonearm, the result
/// is [`Error::Store`](crate::Error::Store), and the file is not overwritten. An empty file counts as a missing token.
///
/// The [cool-downs](super::Cooldown) of an app are in the same folder, in `<client id>.cooldowns.json`. All users of
/// the app share them, and [`clear`](TokenStore::clear) does not remove them.
///
/// The file system must support locks. Some network drives do not, and Rust cannot lock files on Android. In these
/// cases, use a custom [`TokenStore`] with another lock, which calls this one for everything else.
///
/// ```
/// use tonearm::App;
/// use tonearm::auth::FileStore;
///
/// # let folder = std::env::temp_dir().join(format!("tonearm-doc-{}", std::process::id()));
/// # let path = folder.join("mira.json");
/// let store = FileStore::at(&path, "client-id");
/// let app = App::new("client-id").store(store);
/// assert!(app.stored_token()?.is_none(), "the first login creates the file");
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
    client_id: Box<str>,
    /// The disk space for the next token, which the holder of the lock reserves.
    reserved: Arc<Reserved>,
}

/// The maximum size of a file, far above real ones.
const MAX_FILE: u64 = 1 << 20;
/// The minimum disk space for a new token. If the old one is longer than half of it, twice its length is reserved.
const ROOM: u64 = 8 << 10;
/// The maximum number of symbolic links in a chain, as on Linux.
const MAX_LINKS: usize = 40;

impl FileStore {
    /// Returns the store for the only user of an app: see [`for_user`](FileStore::for_user).
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Failed`] if the platform has no such folder, or the client id is empty.
    pub fn for_app(client_id: impl AsRef<str>) -> Result<Self, StoreError> {
        FileStore::for_user(client_id, "default")
    }

    /// Returns the store for one of several users of an app. The name of the user can be any text. Each client id has
    /// its own folder. Names that differ only in case have different files on all file systems.
    ///
    /// | platform | folder |
    /// | --- | --- |
    /// | Linux and others | `$XDG_STATE_HOME/tonearm`, or `~/.local/state/tonearm` |
    /// | macOS | `~/Library/Application Support/tonearm` |
    /// | Windows | `%LOCALAPPDATA%\tonearm` |
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Failed`] if the platform has no such folder, or one of the names is empty.
    pub fn for_user(client_id: impl AsRef<str>, user: impl AsRef<str>) -> Result<Self, StoreError> {
        FileStore::in_folder(
            state_folder(|key| env::var_os(key)),
            client_id.as_ref(),
            user.as_ref(),
        )
    }

    fn in_folder(folder: Option<PathBuf>, client_id: &str, user: &str) -> Result<Self, StoreError> {
        let failed = |message: &str| StoreError::new(StoreErrorKind::Failed, message);
        if client_id.is_empty() || user.is_empty() {
            return Err(failed(
                "expected a client id and the name of a user, found one of them empty",
            ));
        }
        let folder = folder.ok_or_else(|| {
            failed(
                "expected the platform's folder for application state, found none; set the environment variable \
                 `HOME` (Windows: `LOCALAPPDATA`), or choose a file with `FileStore::at`",
            )
        })?;
        let path =
            folder.join("tonearm").join(file_name(client_id)).join(file_name(user) + ".json");
        Ok(FileStore::at(path, client_id))
    }

    /// Returns a store for any file. The first login creates missing folders.
    pub fn at(path: impl Into<PathBuf>, client_id: impl Into<String>) -> Self {
        FileStore {
            path: path.into(),
            client_id: client_id.into().into(),
            reserved: Arc::default(),
        }
    }

    /// Returns the path of the file, which may be a symbolic link.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the error of an operation on the file, such as `open` or `read`.
    fn failed(&self, operation: &str) -> impl FnOnce(io::Error) -> StoreError {
        failed(format!("cannot {operation} `{}`", self.path.display()))
    }

    /// Follows symbolic links to the file, which may not exist yet. Its lock and new files are in the same folder.
    fn file(&self) -> PathBuf {
        let mut path = self.path.clone();
        for _ in 0..MAX_LINKS {
            let Ok(target) = fs::read_link(&path) else { break };
            path = folder_of(&path).join(target);
        }
        path
    }

    /// Returns the file with the cool-downs, which all stores of the app in this folder share.
    fn cooldowns(&self) -> Option<PathBuf> {
        let file = self.file();
        let cooldowns =
            folder_of(&file).join(format!("{}.cooldowns.json", file_name(&self.client_id)));
        // Keep no cool-downs if the token itself has this file name.
        (cooldowns.file_name() != file.file_name()).then_some(cooldowns)
    }

    /// Creates the folder of the file if it is missing. On Unix, only the owner has access.
    fn make_folder(&self, file: &Path) -> Result<(), StoreError> {
        if file.file_name().is_none() {
            let message = format!("expected the path of a file, found `{}`", self.path.display());
            return Err(StoreError::new(StoreErrorKind::Failed, message));
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder_of(file)).map_err(self.failed("create the folder of"))
    }

    /// Replaces the old file with a new one. After the write, the token survives a crash of the program; after the sync
    /// of the folder, it also survives a power failure.
    fn replace(&self, file: &Path, text: &str) -> io::Result<()> {
        // The reserved file may have been removed.
        let reserved = lock(&self.reserved).take();
        let is_placed = reserved.is_some_and(|new| new.place(file, text).is_ok());
        if !is_placed {
            place_new(file, text)?;
        }
        if cfg!(unix)
            && let Ok(folder) = File::open(folder_of(file))
        {
            // Without this, a power failure could restore the old token. Some file systems cannot sync folders.
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Completes the rename of a file from a killed program, and removes incomplete files. The caller must hold the
    /// lock.
    fn tidy(&self, file: &Path) {
        // If the file cannot be read as a token, do not change the folder.
        let Ok(stored) = self.read(file) else { return };
        let mut number = stored.map_or(0, |stored| stored.number);
        for path in unfinished_files(file) {
            match self.read(&path) {
                Ok(Some(new)) if new.number > number => {
                    // Windows syncs a file only through a handle that may write.
                    let placed = OpenOptions::new()
                        .read(true)
                        .write(true)
                        .open(&path)
                        .and_then(|new| sync(&new))
                        .and_then(|()| retried(|| fs::rename(&path, file)));
                    match placed {
                        Ok(()) => number = new.number,
                        Err(error) => {
                            log::warn!("cannot rename `{}`: {error}", path.display())
                        }
                    }
                }
                // A program without the lock may still be writing an incomplete file: then it writes another one.
                Ok(_) => drop(fs::remove_file(&path)),
                Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                    drop(fs::remove_file(&path));
                }
                // It may be the only copy of a token that a newer version of Tonearm can read, or this one later.
                Err(_) => {}
            }
        }
    }

    /// Reads a file, if it exists.
    fn read(&self, path: &Path) -> Result<Option<Written>, StoreError> {
        let mut file = match open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("open")(error)),
        };
        self.warn_of_readers(&file);
        let mut text = Zeroizing::new(String::with_capacity(4096));
        match (&mut file).take(MAX_FILE).read_to_string(&mut text) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(self.unreadable(StoreErrorKind::Corrupt, "bytes that are not UTF-8"));
            }
            Err(error) => return Err(self.failed("read")(error)),
        }
        if text.trim().is_empty() {
            return Ok(None);
        }
        #[derive(Deserialize)]
        struct Mark {
            tonearm: Option<u64>,
        }
        let mark: Option<Mark> = serde_json::from_str(&text).ok();
        // The message of serde may contain a part of the token, so report only the position.
        let (problem, found) = match (mark, serde_json::from_str::<Written>(&text)) {
            (Some(Mark { tonearm: None }), _) => {
                (StoreErrorKind::WrongClientId, "the JSON of another program".to_owned())
            }
            (Some(Mark { tonearm: Some(version) }), _) if version != VERSION => {
                let found = format!("version {version} of the format, written by a newer Tonearm");
                (StoreErrorKind::NewerVersion, found)
            }
            (_, Ok(written)) if *written.client_id != *self.client_id => (
                StoreErrorKind::WrongClientId,
                format!("a token of the app `{}`", written.client_id),
            ),
            (_, Ok(written)) => return Ok(Some(written)),
            (_, Err(error)) => {
                let (line, column) = (error.line(), error.column());
                (StoreErrorKind::Corrupt, format!("invalid JSON at line {line}, column {column}"))
            }
        };
        Err(self.unreadable(problem, &found))
    }

    fn unreadable(&self, problem: StoreErrorKind, found: &str) -> StoreError {
        let message = format!(
            "expected a token of the app `{}` in `{}`, found {found}; the file is not changed: move it, or \
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
                "other users of this machine can access the token in `{path}`; run `chmod 600` on it"
            );
        }
    }

    #[cfg(not(unix))]
    fn warn_of_readers(&self, _: &File) {}
}

/// The version of the format that this version of Tonearm writes.
const VERSION: u64 = 1;

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct Written {
    /// The version of this format. The field also identifies a file of Tonearm.
    tonearm: u64,
    client_id: String,
    /// The number of writes, which identifies the newer of two files independently of the clock.
    #[serde(default)]
    number: u64,
    token: Stored,
}

impl TokenStore for FileStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        Ok(self.read(&self.file())?.map(|written| written.token.into_token()))
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        let file = self.file();
        // Returns an error if the file is not a token of this app.
        let stored = self.read(&file)?;
        let written = Written {
            tonearm: VERSION,
            client_id: self.client_id.to_string(),
            number: stored.map_or(0, |stored| stored.number).saturating_add(1),
            token: Stored::of(token),
        };
        let text = Zeroizing::new(serde_json::to_string(&written).unwrap_or_default());
        self.make_folder(&file)?;
        self.replace(&file, &text).map_err(self.failed("write"))
    }

    fn clear(&self) -> Result<(), StoreError> {
        let file = self.file();
        self.read(&file)?;
        // Otherwise, the next program would rename one of them to the file.
        unfinished_files(&file).iter().for_each(|path| drop(fs::remove_file(path)));
        match retried(|| fs::remove_file(&file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failed("remove")(error)),
            _ => Ok(()),
        }
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        let file = self.file();
        self.make_folder(&file)?;
        // Lock a separate file: a lock belongs to the opened file, and the file of the token is replaced.
        let lock = lock_file(&beside(&file, ".lock"), deadline)?;
        self.tidy(&file);
        Ok(StoreLock::new(Held { reserved: Arc::clone(&self.reserved), _lock: lock }))
    }

    fn prepare_save(&self) -> Result<(), StoreError> {
        let file = self.file();
        self.read(&file)?;
        self.make_folder(&file)?;
        let stored = fs::metadata(&file).map_or(0, |data| data.len());
        let room = stored.saturating_mul(2).clamp(ROOM, MAX_FILE);
        let reserved = NewFile::beside(&file).and_then(|mut new| {
            new.fill(room)?;
            Ok(new)
        });
        let reserved =
            reserved.map_err(self.failed("reserve disk space for a new token beside"))?;
        *lock(&self.reserved) = Some(reserved);
        Ok(())
    }

    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        Ok(self.cooldowns().map_or_else(Vec::new, |path| cooldown_file::load(&path)))
    }

    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        let Some(path) = self.cooldowns() else { return Ok(()) };
        self.make_folder(&path)?;
        cooldown_file::save(&path, cooldown)
    }
}

/// The file that the holder of the lock has reserved for a new token, if any.
type Reserved = Mutex<Option<NewFile>>;

/// The lock, and the reserved file of its holder.
struct Held {
    reserved: Arc<Reserved>,
    _lock: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Remove the reserved file before releasing the lock.
        drop(lock(&self.reserved).take());
    }
}

/// A new file for the token. It is removed when dropped, unless it was renamed.
#[derive(Debug)]
struct NewFile {
    path: PathBuf,
    /// `None` after the rename.
    file: Option<File>,
}

impl NewFile {
    fn beside(file: &Path) -> io::Result<Self> {
        let path = beside(file, &format!(".{:016x}.new", RandomState::new().hash_one(0)));
        let file = private(OpenOptions::new().write(true).create_new(true)).open(&path)?;
        Ok(NewFile { path, file: Some(file) })
    }

    /// Fills the file with spaces to reserve disk space. JSON may end with spaces, so a token that overwrites the
    /// beginning is valid.
    fn fill(&mut self, bytes: u64) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        io::copy(&mut io::repeat(b' ').take(bytes), file)?;
        // Network drives report a full disk only here.
        sync(file)
    }

    fn place(mut self, target: &Path, text: &str) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.rewind()?;
            file.write_all(text.as_bytes())?;
            file.set_len(text.len() as u64)?;
            // Otherwise, the rename may reach the disk before the text.
            sync(file)?;
        }
        // Close the file first, because some systems cannot rename an open file.
        let file = self.file.take();
        drop(file);
        retried(|| fs::rename(&self.path, target))
            .inspect_err(|_| drop(fs::remove_file(&self.path)))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a new file and renames it to `file`. If the caller does not hold the lock, its holder may rename the new file
/// first, or remove it as incomplete.
fn place_new(file: &Path, text: &str) -> io::Result<()> {
    let mut attempts = 20;
    loop {
        attempts -= 1;
        match NewFile::beside(file)?.place(file, text) {
            Err(error) if error.kind() == ErrorKind::NotFound && attempts > 0 => {
                let found = fs::read(file).map(Zeroizing::new);
                if found.is_ok_and(|found| **found == *text.as_bytes()) {
                    return Ok(());
                }
            }
            placed => return placed,
        }
    }
}

/// Acquires the lock of a file. The system releases it if the program ends.
pub(super) fn lock_file(path: &Path, deadline: Instant) -> Result<File, StoreError> {
    let file = private(OpenOptions::new().read(true).write(true).create(true).truncate(false))
        .open(path)
        .map_err(failed(format!("cannot open the lock `{}`", path.display())))?;
    let holder = format!("another program holds the lock `{}`", path.display());
    lock_before(deadline, &holder, || match file.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => Ok(None),
        Err(TryLockError::Error(error)) => Err(no_locks(path, error)),
    })?;
    Ok(file)
}

/// Returns the error of an operation on a file, with what to do.
pub(super) fn failed(message: String) -> impl FnOnce(io::Error) -> StoreError {
    |error| {
        let advice = match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "; choose a folder that this program can write to, with `FileStore::at`"
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; free disk space",
            _ => "",
        };
        StoreError::failed(message + advice, error)
    }
}

/// Returns the error for a file system without locks, such as some network drives.
fn no_locks(path: &Path, error: io::Error) -> StoreError {
    let message = format!(
        "expected a file system that can lock `{}`, found one that cannot; choose a file on a local disk",
        path.display()
    );
    StoreError::failed(message, error)
}

/// Returns the new files that have not been renamed to a file.
fn unfinished_files(file: &Path) -> Vec<PathBuf> {
    let Some(name) = file.file_name() else { return Vec::new() };
    let entries = match fs::read_dir(folder_of(file)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            log::warn!("cannot look for a new token beside `{}`: {error}", file.display());
            return Vec::new();
        }
    };
    let is_ours = |found: &[u8]| {
        let number = found
            .strip_prefix(name.as_encoded_bytes())
            .and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(b".new"));
        number.is_some_and(|number| number.len() == 16 && number.iter().all(u8::is_ascii_hexdigit))
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|found| is_ours(found.as_encoded_bytes())));
    paths
}

/// Returns the folder of a file. The parent of a bare file name is empty, so it becomes `.`.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns a path in the same folder, whose name is the name of the file with a suffix.
pub(super) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.file_name().map(OsString::from).unwrap_or_default();
    name.push(end);
    file.with_file_name(name)
}

/// Retries an operation for a short time: Windows and network drives reject it while another program reads the file.
pub(super) fn retried<T>(mut operation: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    /// `ERROR_SHARING_VIOLATION`, which has no `ErrorKind`.
    const SHARING_VIOLATION: i32 = 32;
    for _ in 0..20 {
        match operation() {
            Err(error)
                if error.kind() == ErrorKind::PermissionDenied
                    || cfg!(windows) && error.raw_os_error() == Some(SHARING_VIOLATION) =>
            {
                thread::sleep(Duration::from_millis(10));
            }
            ended => return ended,
        }
    }
    operation()
}

/// Opens a file for reading. While another program replaces it, Windows may reject that.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if cfg!(windows) { retried(|| File::open(path)) } else { File::open(path) }
}

/// Writes a file to the disk, if its file system can do so. On macOS, network drives and some external drives cannot.
fn sync(file: &File) -> io::Result<()> {
    synced(file.sync_all())
}

fn synced(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => {
            Ok(())
        }
        result => result,
    }
}

/// On Unix, creates the file with access only for the owner.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// The characters to escape in a file name. `/` and `.` are escaped, so a user name cannot leave the folder. Uppercase
/// letters are escaped, because some file systems ignore case.
const NAME: &AsciiSet = &{
    let mut set = NON_ALPHANUMERIC.remove(b'-').remove(b'_');
    let mut letter = b'A';
    while letter <= b'Z' {
        set = set.add(letter);
        letter += 1;
    }
    set
};

/// Converts any text to a file name. Different texts have different file names.
fn file_name(text: &str) -> String {
    // On Windows, these names refer to devices, with any extension.
    let is_device = matches!(text, "con" | "prn" | "aux" | "nul")
        || (text.strip_prefix("com").or(text.strip_prefix("lpt")))
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()));
    // Escaped text never ends with `%`, so this is unique.
    if is_device { format!("{text}%") } else { utf8_percent_encode(text, NAME).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denied_operation_is_retried_for_a_moment() {
        let denied = || Err::<(), _>(io::Error::from(ErrorKind::PermissionDenied));
        let mut count = 0;
        let succeeds_later = || {
            count += 1;
            if count < 5 { denied() } else { Ok(()) }
        };
        assert!(retried(succeeds_later).is_ok() && count == 5);
        assert!(retried(denied).is_err());
        let mut count = 0;
        let fails = || {
            count += 1;
            Err::<(), _>(io::Error::from(ErrorKind::NotFound))
        };
        assert!(retried(fails).is_err() && count == 1);
    }

    #[test]
    fn missing_state_folder_is_reported() {
        assert_eq!(
            FileStore::in_folder(None, "id", "mira").unwrap_err().to_string(),
            "token store: expected the platform's folder for application state, found none; set the environment \
             variable `HOME` (Windows: `LOCALAPPDATA`), or choose a file with `FileStore::at`"
        );
    }

    #[test]
    fn error_of_a_file_contains_what_to_do() {
        let text = |kind: ErrorKind| failed("cannot write `a`".to_owned())(kind.into()).to_string();
        assert_eq!(
            text(ErrorKind::ReadOnlyFilesystem),
            "token store: cannot write `a`; choose a folder that this program can write to, with \
             `FileStore::at` (read-only filesystem or storage medium)"
        );
        assert_eq!(
            text(ErrorKind::StorageFull),
            "token store: cannot write `a`; free disk space (no storage space)"
        );
    }

    #[test]
    fn file_system_that_cannot_sync_is_accepted() {
        let failed = |kind: ErrorKind| synced(Err(kind.into())).map_err(|error| error.kind());
        assert_eq!(failed(ErrorKind::Unsupported), Ok(()));
        assert_eq!(failed(ErrorKind::InvalidInput), Ok(()));
        assert_eq!(failed(ErrorKind::StorageFull), Err(ErrorKind::StorageFull));
    }

    #[test]
    fn file_system_without_locks_is_reported() {
        let error = io::Error::new(ErrorKind::Unsupported, "no locks");
        let error = no_locks(Path::new("a.lock"), error);
        let text = "token store: expected a file system that can lock `a.lock`, found one that cannot; choose a \
                    file on a local disk (no locks)";
        assert_eq!(error.to_string(), text);
        // `main` prints an error so.
        assert_eq!(format!("{error:?}"), format!("StoreError({text})"));
    }
}
