//! A token in a file: whole, private, locked, and never in the place of something else.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use tonearm::auth::{FileStore, StoreProblem, Token, TokenStore};

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

    fn names(&self) -> Vec<String> {
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
        (String::new(), StoreProblem::Corrupt, "a break at line 1, column 0"),
        (good[..good.len() / 2].to_owned(), StoreProblem::Corrupt, "a break at line 1, column "),
        (
            good.replace("\"tonearm\":1", "\"tonearm\":2"),
            StoreProblem::WrongClientId,
            "one of the version 2 of its format",
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
    insta::assert_snapshot!(message, @"the token store: expected a token of the app `id` in `FILE`, found that of the app `other`; it is left as it is: move it away, or choose another file");
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
        ("C:x", "C%3Ax.json"),
    ] {
        let store = FileStore::for_user("id", user).unwrap();
        assert!(store.path().ends_with(format!("tonearm/id/{expected}")), "{:?}", store.path());
    }
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
    assert_snapshot!(Token::from_json("{}").unwrap_err(), @"the token store: expected a token as JSON, found something else at line 1, column 2; log in again to get another");
}
