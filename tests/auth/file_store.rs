//! A token in a file: whole, private, locked, and never in the place of something else.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use tonearm::auth::{FileStore, StoreProblem, Token, TokenStore};

use super::stores::{RATE, cooldown, cooldowns_are_merged, quota};
use super::token;

/// A folder of its own, removed at the end.
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

    /// A file for which there is no room: its lock has a name that fits, a new file beside it has none.
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

/// Takes the lock and gives it back. Programs that other tests start hold it for a moment too, between
/// `fork` and `exec`.
fn lock(store: &FileStore) {
    drop(store.lock(Instant::now() + Duration::from_secs(10)).unwrap());
}

#[test]
fn a_token_is_kept_replaced_and_cleared() {
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
fn only_its_owner_can_read_it_from_the_beginning() {
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
    // What it is replaced by is a new file, which was never open to others.
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let before = fs::metadata(folder.file()).unwrap().ino();
    store.save(&token("BQ", "AQ-2", 3600)).unwrap();
    assert_eq!(mode("mira.json"), 0o600);
    assert_ne!(fs::metadata(folder.file()).unwrap().ino(), before);
}

#[test]
fn what_is_not_ours_is_told_and_left_alone() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    store.save(&token("BQ-secret", "AQ-secret", 3600)).unwrap();
    let good = fs::read_to_string(folder.file()).unwrap();
    let cases = [
        (good[..good.len() / 2].to_owned(), StoreProblem::Corrupt, "a break at line 1, column "),
        (
            good.replace("\"tonearm\":1", "\"tonearm\":2"),
            StoreProblem::NewerVersion,
            "version 2 of the format, written by a newer Tonearm",
        ),
        (
            r#"{"tonearm":3,"sealed":"BQ-secret"}"#.to_owned(),
            StoreProblem::NewerVersion,
            "version 3 of the format, written by a newer Tonearm",
        ),
        (
            good.replace("\"id\"", "\"other\""),
            StoreProblem::WrongClientId,
            "that of the app `other`",
        ),
        (
            r#"{"access_token":"BQ-secret","scope":""}"#.to_owned(),
            StoreProblem::WrongClientId,
            "the JSON of another program",
        ),
        (
            r#"{"tonearm":1,"client_id":"id","token":{"access_token":"BQ-secret"}}"#.to_owned(),
            StoreProblem::Corrupt,
            "a break at line 1, column ",
        ),
        ("BQ-secret".to_owned(), StoreProblem::Corrupt, "a break at line 1, column "),
    ];
    for (text, problem, found) in cases {
        fs::write(folder.file(), &text).unwrap();
        let errors = [
            store.load().map(drop).unwrap_err(),
            store.save(&token("BQ", "AQ", 3600)).unwrap_err(),
            store.clear().unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.problem(), problem, "{text}");
            assert!(error.to_string().contains(found), "{error}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
        assert_eq!(fs::read_to_string(folder.file()).unwrap(), text, "it is left as it was");
    }
    fs::write(folder.file(), [0xff, 0xfe]).unwrap();
    assert_eq!(store.load().unwrap_err().problem(), StoreProblem::Corrupt);
    fs::write(folder.file(), good.replace("\"id\"", "\"other\"")).unwrap();
    let message = store.load().unwrap_err().to_string();
    let message = message.replace(&folder.file().display().to_string(), "FILE");
    insta::assert_snapshot!(message, @"the token store: expected a token of the app `id` in `FILE`, found a token of the app `other`; the file is not changed: move it, or choose another file");
}

#[test]
fn the_lock_keeps_others_out_until_the_deadline() {
    let folder = Folder::new();
    let (store, other) = (FileStore::at(folder.file(), "id"), FileStore::at(folder.file(), "id"));
    let held = store.lock(Instant::now()).unwrap();
    // The token's own file is replaced meanwhile, which the lock must not lose.
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    let error = other.lock(Instant::now() + Duration::from_millis(30)).unwrap_err();
    assert_eq!(error.problem(), StoreProblem::Locked);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| other.lock(Instant::now() + Duration::from_secs(60)).map(drop));
        drop(held);
        waits.join().unwrap().unwrap();
    });
    lock(&other);
}

#[cfg(unix)]
#[test]
fn what_killed_programs_left_behind_is_swept_when_it_is_old() {
    let folder = Folder::new();
    let store = FileStore::at(folder.file(), "id");
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    let old = folder.file().with_file_name("mira.json.0123456789abcdef.new");
    let new = folder.file().with_file_name("mira.json.fedcba9876543210.new");
    let other = folder.file().with_file_name("mira.json.mine.new");
    for path in [&old, &new, &other] {
        fs::write(path, "{}").unwrap();
    }
    let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    for path in [&old, &other] {
        fs::File::options().write(true).open(path).unwrap().set_modified(hour_ago).unwrap();
    }
    lock(&store);
    assert!(!old.exists() && new.exists() && other.exists());
}

// A program that was killed after it had written the new token, and before it was in its place.
#[test]
fn what_was_written_whole_is_put_in_place_by_the_next_program() {
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
    // The second is stored, the first and the third lie beside it, and a half of the fourth.
    fs::write(folder.file(), &texts[1]).unwrap();
    fs::write(beside("0000000000000001"), &texts[0]).unwrap();
    fs::write(beside("0000000000000003"), &texts[2]).unwrap();
    fs::write(beside("0000000000000004"), &texts[3][..texts[3].len() - 1]).unwrap();
    fs::write(beside("000000000000000f"), texts[3].replace("\"id\"", "\"other\"")).unwrap();
    assert_eq!(refresh_token().as_deref(), Some("AQ-2"));
    lock(&store);
    assert_eq!(refresh_token().as_deref(), Some("AQ-3"));
    let names = folder.names();
    assert_eq!(
        names,
        [
            "mira.json",
            "mira.json.0000000000000004.new",
            "mira.json.000000000000000f.new",
            "mira.json.lock"
        ]
    );
    // The first login of all, killed likewise.
    fs::remove_file(folder.file()).unwrap();
    fs::write(beside("0000000000000001"), &texts[0]).unwrap();
    lock(&store);
    assert_eq!(refresh_token().as_deref(), Some("AQ-1"));
    // What is cleared does not come back.
    fs::write(beside("0000000000000003"), &texts[2]).unwrap();
    store.clear().unwrap();
    lock(&store);
    assert_eq!(refresh_token(), None);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = Folder::new();
    fs::write(folder.file().parent().unwrap(), "a file in the place of the folder").unwrap();
    let store = FileStore::at(folder.file(), "id");
    let error = store.save(&token("BQ", "AQ", 3600)).unwrap_err();
    assert_eq!(error.problem(), StoreProblem::Failed);
    assert_eq!(store.lock(Instant::now()).unwrap_err().problem(), StoreProblem::Failed);
}

#[test]
fn name_of_a_user_stays_in_its_folder() {
    for (user, expected) in [
        ("mira", "mira.json"),
        ("../x", "%2E%2E%2Fx.json"),
        ("a b", "a%20b.json"),
        ("..", "%2E%2E.json"),
        ("c:x", "c%3Ax.json"),
        // Some file systems do not distinguish capital letters from small ones.
        ("Mira", "%4Dira.json"),
        ("%4dira", "%254dira.json"),
        // Windows opens devices by these names.
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
    assert_eq!(reserved(), [vec![b' '; 8192]], "it is written, so the disk has room");
    saved("AQ-1");
    // Nothing is saved, because the request failed.
    store.prepare_save().unwrap();
    drop(held);
    assert_eq!(reserved(), none);
    // Somebody removes the reserved file.
    let held = store.lock(Instant::now() + Duration::from_secs(10)).unwrap();
    store.prepare_save().unwrap();
    for name in folder.names().iter().filter(|name| name.ends_with(".new")) {
        fs::remove_file(folder.file().with_file_name(name)).unwrap();
    }
    saved("AQ-2");
    drop(held);
    // A token that is longer than the room.
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
    assert_snapshot!(nameless.lock(Instant::now()).unwrap_err(), @"the token store: expected the path of a file, found ``");
    assert!(nameless.prepare_save().is_err() && nameless.save(&token("BQ", "AQ", 9)).is_err());
}

// A program that was killed while it wrote over the room that it had reserved.
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
    let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    for number in [3, 4] {
        let file = fs::File::options().write(true).open(beside(number)).unwrap();
        file.set_modified(hour_ago).unwrap();
    }
    lock(&store);
    let stored = store.load().unwrap().unwrap();
    assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-2");
    assert_eq!(folder.names(), ["mira.json", "mira.json.0000000000000002.new", "mira.json.lock"]);
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
        // The first login of all: the link leads nowhere yet.
        assert!(store.load().unwrap().is_none());
        let held = store.lock(Instant::now() + Duration::from_secs(10)).unwrap();
        assert_eq!(direct.lock(Instant::now()).unwrap_err().problem(), StoreProblem::Locked);
        store.prepare_save().unwrap();
        store.save(&token("BQ", name, 3600)).unwrap();
        drop(held);
        assert!(fs::symlink_metadata(place(name)).unwrap().is_symlink());
        let stored = direct.load().unwrap().unwrap();
        assert_eq!(stored.refresh_token().unwrap().reveal(), name);
        assert_eq!(store.load().unwrap().unwrap().to_json(), stored.to_json());
        // What a killed program left lies beside the file, too.
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
    // Links that lead to each other are an error, and stay.
    symlink("b.json", place("a.json")).unwrap();
    symlink("a.json", place("b.json")).unwrap();
    let store = FileStore::at(place("a.json"), "id");
    assert_eq!(store.load().unwrap_err().problem(), StoreProblem::Failed);
    assert_eq!(store.save(&token("BQ", "AQ", 9)).unwrap_err().problem(), StoreProblem::Failed);
    assert!(fs::symlink_metadata(place("b.json")).unwrap().is_symlink());
}

// Names on Unix are bytes.
#[cfg(target_os = "linux")]
#[test]
fn name_that_is_no_text_has_its_recovery() {
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
    // A newer version knows more kinds; a clock that was wrong has written more ends.
    let late = serde_json::to_string(&cooldown(&quota("/x"), 365 * 86_400)).unwrap();
    fs::write(&path, format!("[{{\"kind\":\"new\"}},{late},5,{}", &text[1..])).unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), std::slice::from_ref(&saved));
    // A folder in its place cannot be read.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), []);
    assert_eq!(store.save_cooldown(&saved).unwrap_err().problem(), StoreProblem::Failed);
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
fn token_is_read_as_it_was_written() {
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
fn text_that_is_no_token_is_reported_without_its_content() {
    for text in ["", "{}", r#"{"access_token": "BQ-secret"}"#, r#"["BQ-secret"]"#, "BQ-secret"] {
        let error = Token::from_json(text).unwrap_err();
        assert_eq!(error.problem(), StoreProblem::Corrupt);
        assert!(!format!("{error} {error:?}").contains("BQ-secret"), "{error:?}");
    }
}

#[test]
fn json_that_is_not_a_token_is_reported() {
    assert_snapshot!(Token::from_json("{}").unwrap_err(), @"the token store: expected a token as JSON, found invalid text at line 1, column 2; log in again to get a new token");
}
