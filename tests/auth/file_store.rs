//! Tokens in a file: written completely, private, locked, and never written over another program's file.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use tonearm::auth::{FileStore, StoreErrorKind, Token, TokenStore};

use super::stores::{RATE, cooldown, cooldowns_are_merged, quota};
use super::token;

/// A temporary folder that is deleted on drop.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("tonearm-test-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("state").join("mira.json")
    }

    /// A path whose lock file has a valid name, but whose temporary files would have a name that is too long.
    pub fn full(&self) -> PathBuf {
        self.file().with_file_name("x".repeat(240))
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.join("state")).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Takes and releases the lock. Child processes of other tests hold it briefly, between `fork` and `exec`.
fn lock(store: &FileStore) {
    drop(store.lock(Instant::now() + Duration::from_secs(10)).unwrap());
}

#[test]
fn token_is_saved_replaced_and_cleared() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    assert!(store.load().unwrap().is_none());
    store.clear().unwrap();
    for refresh_token in ["AQ-1", "AQ-2"] {
        let token = token("BQ", refresh_token, 3600);
        store.save(&token).unwrap();
        let loaded = store.load().unwrap().unwrap();
        assert_eq!(loaded.to_json(), token.to_json());
        assert_eq!(folder.names(), ["mira.json"]);
    }
    store.clear().unwrap();
    assert!(store.load().unwrap().is_none() && folder.names().is_empty());
}

#[cfg(unix)]
#[test]
fn token_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    let mode =
        |name: &str| fs::metadata(folder.file().with_file_name(name)).unwrap().mode() & 0o7777;
    store.save(&token("BQ", "AQ-1", 3600)).unwrap();
    lock(&store);
    assert_eq!(
        (mode("mira.json"), mode("mira.json.lock"), mode("../state")),
        (0o600, 0o600, 0o700)
    );
    // A new file replaces it, which was never open to other users.
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let before = fs::metadata(folder.file()).unwrap().ino();
    store.save(&token("BQ", "AQ-2", 3600)).unwrap();
    assert_eq!(mode("mira.json"), 0o600);
    assert_ne!(fs::metadata(folder.file()).unwrap().ino(), before);
}

#[test]
fn foreign_or_corrupt_files_are_reported_and_left_unchanged() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    store.save(&token("BQ-secret", "AQ-secret", 3600)).unwrap();
    let good = fs::read_to_string(folder.file()).unwrap();
    let cases = [
        (
            good[..good.len() / 2].to_owned(),
            StoreErrorKind::Corrupt,
            "invalid JSON at line 1, column ",
        ),
        (
            good.replace("\"tonearm\":1", "\"tonearm\":2"),
            StoreErrorKind::NewerVersion,
            "version 2 of the format, written by a newer Tonearm",
        ),
        (
            r#"{"tonearm":3,"sealed":"BQ-secret"}"#.to_owned(),
            StoreErrorKind::NewerVersion,
            "version 3 of the format, written by a newer Tonearm",
        ),
        (
            good.replace("\"id\"", "\"other\""),
            StoreErrorKind::WrongClientId,
            "a token of the app `other`",
        ),
        (
            r#"{"access_token":"BQ-secret","scope":""}"#.to_owned(),
            StoreErrorKind::WrongClientId,
            "the JSON of another program",
        ),
        (
            r#"{"tonearm":1,"client_id":"id","token":{"access_token":"BQ-secret"}}"#.to_owned(),
            StoreErrorKind::Corrupt,
            "invalid JSON at line 1, column ",
        ),
        ("BQ-secret".to_owned(), StoreErrorKind::Corrupt, "invalid JSON at line 1, column "),
    ];
    for (text, problem, found) in cases {
        fs::write(folder.file(), &text).unwrap();
        let errors = [
            store.load().map(drop).unwrap_err(),
            store.save(&token("BQ", "AQ", 3600)).unwrap_err(),
            store.clear().unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), problem, "{text}");
            assert!(error.to_string().contains(found), "{error}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
        assert_eq!(
            fs::read_to_string(folder.file()).unwrap(),
            text,
            "expected the file to be unchanged"
        );
    }
    fs::write(folder.file(), [0xff, 0xfe]).unwrap();
    assert_eq!(store.load().unwrap_err().kind(), StoreErrorKind::Corrupt);
    fs::write(folder.file(), good.replace("\"id\"", "\"other\"")).unwrap();
    let message = store.load().unwrap_err().to_string();
    let message = message.replace(&folder.file().display().to_string(), "FILE");
    insta::assert_snapshot!(message, @"token store: expected a token of the app `id` in `FILE`, found a token of the app `other`; the file is not changed: move it, or choose another file");
}

#[test]
fn lock_excludes_other_stores_until_the_deadline() {
    let folder = Folder::new();
    let (store, other) = (FileStore::at(folder.file(), "id"), FileStore::at(folder.file(), "id"));
    let held = store.lock(Instant::now()).unwrap();
    // The token's file is replaced meanwhile, which doesn't release the lock.
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    let error = other.lock(Instant::now() + Duration::from_millis(30)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Locked);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| other.lock(Instant::now() + Duration::from_secs(60)).map(drop));
        drop(held);
        waits.join().unwrap().unwrap();
    });
    lock(&other);
}

#[cfg(unix)]
#[test]
fn incomplete_files_of_killed_processes_are_deleted() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    let beside = |name: &str, text: &str| {
        let path = folder.file().with_file_name(format!("mira.json.{name}.new"));
        fs::write(&path, text).unwrap();
        path
    };
    let incomplete = beside("0123456789abcdef", "{");
    let newer = beside("fedcba9876543210", r#"{"tonearm":2,"secret":"AQ"}"#);
    let other = beside("mine", "{");
    lock(&store);
    assert!(!incomplete.exists() && newer.exists() && other.exists());
}

// The holder of the lock completes or removes the new files of other programs.
#[test]
fn save_without_the_lock_loses_no_token_to_its_holder() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let other = FileStore::at(folder.file(), "id");
            while !is_done.load(Ordering::Relaxed) {
                lock(&other);
            }
        });
        let saved = std::panic::catch_unwind(|| {
            for number in 1..=100 {
                let refresh_token = format!("AQ-{number}");
                store.save(&token("BQ", &refresh_token, 3600)).unwrap();
                let stored = store.load().unwrap().unwrap();
                assert_eq!(stored.refresh_token().unwrap().reveal(), refresh_token);
            }
        });
        is_done.store(true, Ordering::Relaxed);
        saved.unwrap();
    });
}

// The program was killed after it wrote the new token and before it renamed the file.
#[test]
fn next_process_completes_an_interrupted_rename() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    let beside = |name: &str| folder.file().with_file_name(format!("mira.json.{name}.new"));
    let refresh_token =
        || store.load().unwrap().map(|token| token.refresh_token().unwrap().reveal().to_owned());
    let mut texts = Vec::new();
    for number in 1..=4 {
        store.save(&token("BQ", &format!("AQ-{number}"), 3600)).unwrap();
        texts.push(fs::read_to_string(folder.file()).unwrap());
    }
    // The second token is stored; the temporary files contain the first, the third, and part of the fourth.
    fs::write(folder.file(), &texts[1]).unwrap();
    fs::write(beside("0000000000000001"), &texts[0]).unwrap();
    fs::write(beside("0000000000000003"), &texts[2]).unwrap();
    fs::write(beside("0000000000000004"), &texts[3][..texts[3].len() - 1]).unwrap();
    fs::write(beside("000000000000000f"), texts[3].replace("\"id\"", "\"other\"")).unwrap();
    assert_eq!(refresh_token().as_deref(), Some("AQ-2"));
    lock(&store);
    assert_eq!(refresh_token().as_deref(), Some("AQ-3"));
    let names = folder.names();
    assert_eq!(names, ["mira.json", "mira.json.000000000000000f.new", "mira.json.lock"]);
    // The same with the first login.
    fs::remove_file(folder.file()).unwrap();
    fs::write(beside("0000000000000001"), &texts[0]).unwrap();
    lock(&store);
    assert_eq!(refresh_token().as_deref(), Some("AQ-1"));
    // A cleared token isn't recovered.
    fs::write(beside("0000000000000003"), &texts[2]).unwrap();
    store.clear().unwrap();
    lock(&store);
    assert_eq!(refresh_token(), None);
}

#[test]
fn uncreatable_folder_returns_an_error() {
    let folder = Folder::new();
    fs::write(folder.file().parent().unwrap(), "a file in the place of the folder").unwrap();
    let store = FileStore::at(folder.file(), "id");
    let error = store.save(&token("BQ", "AQ", 3600)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Failed);
    assert_eq!(store.lock(Instant::now()).unwrap_err().kind(), StoreErrorKind::Failed);
}

// Nobody can create files in `/sys`, not even root.
#[cfg(target_os = "linux")]
#[test]
fn folder_without_write_access_is_reported_before_a_token_is_requested() {
    use super::{client, token_requests};
    use tonearm::{Scope, fake};
    let server = fake::Server::start().unwrap();
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    let store = FileStore::at("/sys/tonearm/mira.json", server.app().client_id());
    let app = server.app().refresh_token(refresh_token).store(store);
    let error = client(&server, &app).get_me().send().unwrap_err().to_string();
    assert!(
        error.starts_with(
            "token store: cannot create the folder of `/sys/tonearm/mira.json`; choose a folder that this program \
             can write to, with `FileStore::at` ("
        ),
        "{error}"
    );
    assert_eq!(token_requests(&server), 0);
}

#[test]
fn user_name_is_escaped_in_the_file_name() {
    for (user, expected) in [
        ("mira", "mira.json"),
        ("../x", "%2E%2E%2Fx.json"),
        ("a b", "a%20b.json"),
        ("..", "%2E%2E.json"),
        ("c:x", "c%3Ax.json"),
        // Some file systems are case-insensitive.
        ("Mira", "%4Dira.json"),
        ("%4dira", "%254dira.json"),
        // On Windows, these names are devices.
        ("con", "con%.json"),
        ("nul", "nul%.json"),
        ("com1", "com1%.json"),
        ("LPT9", "%4C%50%549.json"),
        ("com10", "com10.json"),
        ("console", "console.json"),
    ] {
        let store = FileStore::for_user("id", user).unwrap();
        assert!(store.path().ends_with(format!("tonearm/id/{expected}")), "{:?}", store.path());
    }
    let store = FileStore::for_user("nul", "mira").unwrap();
    assert!(store.path().ends_with("tonearm/nul%/mira.json"), "{:?}", store.path());
}

#[test]
fn empty_file_counts_as_no_token() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    for empty in ["", "\n"] {
        store.save(&token("BQ", "AQ", 3600)).unwrap();
        fs::write(folder.file(), empty).unwrap();
        assert!(store.load().unwrap().is_none());
        lock(&store);
        store.save(&token("BQ", "AQ", 3600)).unwrap();
        assert!(store.load().unwrap().is_some());
        fs::write(folder.file(), empty).unwrap();
        store.clear().unwrap();
        assert!(!folder.file().exists());
    }
}

#[test]
fn room_is_reserved_until_the_lock_is_released() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    let reserved = || -> Vec<Vec<u8>> {
        let mut names = folder.names();
        names.retain(|name| name.ends_with(".new"));
        names.iter().map(|name| fs::read(folder.file().with_file_name(name)).unwrap()).collect()
    };
    let none: [Vec<u8>; 0] = [];
    let saved = |refresh_token: &str| {
        store.save(&token("BQ", refresh_token, 3600)).unwrap();
        assert_eq!(reserved(), none);
        let text = fs::read_to_string(folder.file()).unwrap();
        assert!(text.contains(refresh_token) && text.ends_with('}'), "{text}");
    };
    let held = store.lock(Instant::now() + Duration::from_secs(10)).unwrap();
    store.prepare_save().unwrap();
    store.prepare_save().unwrap();
    assert_eq!(
        reserved(),
        [vec![b' '; 8192]],
        "expected written bytes, which reserve space on the disk"
    );
    saved("AQ-1");
    // Nothing is saved, because the request failed.
    store.prepare_save().unwrap();
    drop(held);
    assert_eq!(reserved(), none);
    // Another program removes the reserved file.
    let held = store.lock(Instant::now() + Duration::from_secs(10)).unwrap();
    store.prepare_save().unwrap();
    for name in folder.names().iter().filter(|name| name.ends_with(".new")) {
        fs::remove_file(folder.file().with_file_name(name)).unwrap();
    }
    saved("AQ-2");
    drop(held);
    // The token is longer than the reserved file.
    store.prepare_save().unwrap();
    saved(&"AQ-3".repeat(10_000));
    store.prepare_save().unwrap();
    assert!(reserved()[0].len() > 80_000);
    drop(store);
    assert_eq!(folder.names(), ["mira.json", "mira.json.lock"]);
}

#[test]
fn store_without_room_is_found_before_the_token_is_saved() {
    let folder = Folder::new();
    let store = FileStore::at(folder.full(), "id");
    lock(&store);
    let message = store.prepare_save().unwrap_err().to_string();
    let expected =
        format!("reserve disk space for a new token beside `{}` (", folder.full().display());
    assert!(message.contains(&expected), "{message}");
    let nameless = FileStore::at("", "id");
    assert_snapshot!(nameless.lock(Instant::now()).unwrap_err(), @"token store: expected the path of a file, found ``");
    assert!(nameless.prepare_save().is_err() && nameless.save(&token("BQ", "AQ", 9)).is_err());
}

// The program was killed while it wrote the token over the reserved file.
#[test]
fn what_was_written_over_reserved_room_is_put_in_place() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    store.save(&token("BQ", "AQ-1", 3600)).unwrap();
    let old = fs::read_to_string(folder.file()).unwrap();
    store.save(&token("BQ", "AQ-2", 3600)).unwrap();
    let new = fs::read_to_string(folder.file()).unwrap();
    fs::write(folder.file(), old).unwrap();
    let beside = |number: u8| folder.file().with_file_name(format!("mira.json.{number:016x}.new"));
    fs::write(beside(1), new.clone() + &" ".repeat(4000)).unwrap();
    fs::write(beside(2), &new[..new.len() - 10]).unwrap();
    fs::write(beside(3), " ".repeat(4000)).unwrap();
    fs::write(beside(4), "").unwrap();
    lock(&store);
    let stored = store.load().unwrap().unwrap();
    assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-2");
    assert_eq!(folder.names(), ["mira.json", "mira.json.lock"]);
}

#[cfg(unix)]
#[test]
fn symbolic_link_is_followed_to_the_file_and_its_lock() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    let place = |name: &str| folder.file().with_file_name(name);
    let direct = FileStore::at(folder.file(), "id");
    fs::create_dir_all(place("links")).unwrap();
    symlink(folder.file(), place("absolute.json")).unwrap();
    symlink("../mira.json", place("links/relative.json")).unwrap();
    symlink("links/relative.json", place("chain.json")).unwrap();
    for name in ["absolute.json", "links/relative.json", "chain.json"] {
        let store = FileStore::at(place(name), "id");
        // At the first login, the target of the link doesn't exist yet.
        assert!(store.load().unwrap().is_none());
        let held = store.lock(Instant::now() + Duration::from_secs(10)).unwrap();
        assert_eq!(direct.lock(Instant::now()).unwrap_err().kind(), StoreErrorKind::Locked);
        store.prepare_save().unwrap();
        store.save(&token("BQ", name, 3600)).unwrap();
        drop(held);
        assert!(fs::symlink_metadata(place(name)).unwrap().is_symlink());
        let stored = direct.load().unwrap().unwrap();
        assert_eq!(stored.refresh_token().unwrap().reveal(), name);
        assert_eq!(store.load().unwrap().unwrap().to_json(), stored.to_json());
        // A killed program leaves its temporary file next to the link's target, too.
        let text = fs::read_to_string(folder.file()).unwrap();
        let newer = text.replace("\"number\":1", "\"number\":2").replace(name, "AQ-newer");
        fs::write(place("mira.json.0123456789abcdef.new"), newer).unwrap();
        lock(&store);
        let stored = direct.load().unwrap().unwrap();
        assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-newer");
        store.clear().unwrap();
        assert!(fs::symlink_metadata(place(name)).unwrap().is_symlink());
        assert!(!folder.file().exists());
    }
    assert_eq!(folder.names(), ["absolute.json", "chain.json", "links", "mira.json.lock"]);
    // Links that form a cycle are an error, and aren't replaced.
    symlink("b.json", place("a.json")).unwrap();
    symlink("a.json", place("b.json")).unwrap();
    let store = FileStore::at(place("a.json"), "id");
    assert_eq!(store.load().unwrap_err().kind(), StoreErrorKind::Failed);
    assert_eq!(store.save(&token("BQ", "AQ", 9)).unwrap_err().kind(), StoreErrorKind::Failed);
    assert!(fs::symlink_metadata(place("b.json")).unwrap().is_symlink());
}

// File names on Unix are bytes, not text.
#[cfg(target_os = "linux")]
#[test]
fn name_that_is_not_unicode_has_its_recovery() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let name = |end: &[u8]| {
        let name = [b"mira-\xff.json".as_slice(), end].concat();
        folder.file().with_file_name(std::ffi::OsStr::from_bytes(&name))
    };
    let store = FileStore::at(name(b""), "id");
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    fs::rename(name(b""), name(b".0123456789abcdef.new")).unwrap();
    lock(&store);
    assert!(store.load().unwrap().is_some());
}

#[test]
fn cooldowns_in_a_file_are_merged() {
    let folder = Folder::new();
    cooldowns_are_merged(&FileStore::at(folder.file(), "id"));
    assert_eq!(folder.names(), ["id.cooldowns.json", "id.cooldowns.json.lock"]);
}

#[test]
fn cooldowns_belong_to_all_users_of_an_app() {
    let folder = Folder::new();
    let store =
        |name: &str, client_id: &str| FileStore::at(folder.file().with_file_name(name), client_id);
    let (mira, bo, other) = (store("mira", "Id/1"), store("bo", "Id/1"), store("mira", "id/1"));
    let saved = cooldown(RATE, 60);
    mira.save_cooldown(&saved).unwrap();
    assert_eq!(bo.load_cooldowns().unwrap(), [saved]);
    assert_eq!(other.load_cooldowns().unwrap(), []);
    assert_eq!(folder.names()[0], "%49d%2F1.cooldowns.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let path = folder.file().with_file_name("%49d%2F1.cooldowns.json");
        assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, 0o600);
    }
}

#[test]
fn broken_cooldowns_count_as_none() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    let path = folder.file().with_file_name("id.cooldowns.json");
    let saved = cooldown(RATE, 60);
    store.save_cooldown(&saved).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for broken in [&b"\xff"[..], b"", b"{}", b"[", &text.as_bytes()[..text.len() - 2]] {
        fs::write(&path, broken).unwrap();
        assert_eq!(store.load_cooldowns().unwrap(), []);
        store.save_cooldown(&saved).unwrap();
        assert_eq!(store.load_cooldowns().unwrap(), std::slice::from_ref(&saved));
    }
    // A newer version may write unknown kinds, and a wrong clock may have written implausible times.
    let late = serde_json::to_string(&cooldown(&quota("/x"), 365 * 86_400)).unwrap();
    fs::write(&path, format!("[{{\"kind\":\"new\"}},{late},5,{}", &text[1..])).unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), std::slice::from_ref(&saved));
    // A folder at this path can't be read.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), []);
    assert_eq!(store.save_cooldown(&saved).unwrap_err().kind(), StoreErrorKind::Failed);
    assert!(!folder.names().iter().any(|name| name.ends_with(".new")), "{:?}", folder.names());
}

#[test]
fn cooldowns_never_replace_a_token() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file().with_file_name("id.cooldowns.json"), "id");
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    store.save_cooldown(&cooldown(RATE, 60)).unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), []);
    assert!(store.load().unwrap().is_some());
}

#[test]
fn token_round_trips_through_json() {
    let whole = r#"{"access_token":"BQ-a","refresh_token":"AQ-r","scopes":"streaming user-soa-link","expires_at":"2026-11-21T13:00:00Z","received_at":"2026-11-21T12:00:00.250Z","authorized_at":"2026-08-01T00:00:00Z"}"#;
    let token = Token::from_json(whole).unwrap();
    assert_eq!(token.to_json().reveal(), whole);
    assert_eq!(token.scopes().map(|scopes| scopes.len()), Some(2));
    let least = r#"{"access_token":"BQ-a","expires_at":"2026-11-21T13:00:00Z"}"#;
    let token = Token::from_json(least).unwrap();
    assert!(token.refresh_token().is_none() && token.scopes().is_none());
    assert!(token.to_json().reveal().contains(r#""received_at":"2026-11-21T12:00:00Z""#));
    assert_eq!(token.login_expires_at(), None);
    let printed = format!("{token:?}");
    assert!(!printed.contains("BQ-a"), "{printed}");
}

#[test]
fn invalid_token_text_is_not_shown_in_the_error() {
    for text in ["", "{}", r#"{"access_token": "BQ-secret"}"#, r#"["BQ-secret"]"#, "BQ-secret"] {
        let error = Token::from_json(text).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt);
        assert!(!format!("{error} {error:?}").contains("BQ-secret"), "{error:?}");
    }
}

#[test]
fn json_without_a_token_returns_an_error() {
    assert_snapshot!(Token::from_json("{}").unwrap_err(), @"token store: expected a token as JSON, found invalid text at line 1, column 2; log in again to get a new token");
}
