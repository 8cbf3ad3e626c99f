//! Several programs that share a token file, and programs that are killed at any time.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tonearm::auth::{
    Cooldown, FileStore, StoreError, StoreErrorKind, StoreLock, Token, TokenStore,
};
use tonearm::fake::Fault;
use tonearm::{App, Error, Scope, Spotify, fake};

use super::file_store::Folder;
use super::stores::{RATE, cooldown, quota};
use super::{client, client_of, granted, spotify_of_two, token, token_requests};

/// The variable that selects the part that a copy of this program plays.
const PART: &str = "TONEARM_TEST_PART";

/// A store that reports every loaded token as expired, so each one is refreshed. It prints its steps.
struct Impatient(FileStore);

impl TokenStore for Impatient {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        println!("load");
        let Some(stored) = self.0.load()? else { return Ok(None) };
        let refresh_token = stored.refresh_token().map_or("", |token| token.reveal());
        Ok(Some(token(stored.access_token().reveal(), refresh_token, -10)))
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        println!("save");
        let result = self.0.save(token);
        println!("saved");
        result
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.0.clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.0.lock(deadline)
    }

    fn prepare_save(&self) -> Result<(), StoreError> {
        let result = self.0.prepare_save();
        println!("prepared");
        result
    }
}

/// Plays a part in a copy of this program. In the test run itself, it does nothing.
#[test]
fn child_process() {
    let Ok(part) = std::env::var(PART) else { return };
    let var = |name: &str| std::env::var(name).unwrap();
    let store = FileStore::at(var("TONEARM_TEST_FILE"), var("TONEARM_TEST_CLIENT"));
    let app = App::new(var("TONEARM_TEST_CLIENT")).accounts_url(var("TONEARM_TEST_ACCOUNTS"));
    let client =
        |app: &App| Spotify::builder().app(app).base_url(var("TONEARM_TEST_BASE")).build().unwrap();
    match part.as_str() {
        "races" => {
            let spotify = client(&app.store(store));
            println!("ready");
            std::io::stdin().read_line(&mut String::new()).unwrap();
            let threads: Vec<_> = (0..3)
                .map(|_| spotify.clone())
                .map(|spotify| thread::spawn(move || spotify.get_me().send().map(drop)))
                .collect();
            threads.into_iter().for_each(|thread| thread.join().unwrap().unwrap());
        }
        "renews" => {
            let app = app.store(Impatient(store));
            println!("ready");
            loop {
                client(&app).get_me().send().unwrap();
            }
        }
        "calls" => {
            println!("ready");
            match client(&app.store(store)).get_me().send() {
                Ok(_) => println!("outcome: ok"),
                Err(error) => println!("outcome: {error}"),
            }
        }
        "limited" => {
            let spotify = client(&app.store(store));
            println!("ready");
            std::io::stdin().read_line(&mut String::new()).unwrap();
            let began = Instant::now();
            let limited = loop {
                match spotify.get_me().send() {
                    Err(Error::RateLimited(limited)) => break limited,
                    Err(error) => panic!("{error}"),
                    Ok(_) if began.elapsed() > Duration::from_secs(60) => panic!("no limit"),
                    // Slower than at full speed, because eight programs make enough requests.
                    Ok(_) => thread::sleep(Duration::from_millis(5)),
                }
            };
            println!("outcome: {}", if limited.api_error.is_some() { "met" } else { "known" });
        }
        "cools" => {
            println!("ready");
            std::io::stdin().read_line(&mut String::new()).unwrap();
            let save = |cooldown: Cooldown| {
                // On a slow machine, the others may hold the lock for longer than a program waits for it.
                while let Err(error) = store.save_cooldown(&cooldown) {
                    assert_eq!(error.kind(), StoreErrorKind::Locked, "{error}");
                }
            };
            for number in 0..20 {
                save(cooldown(&quota(&format!("/{}/{number}", std::process::id())), 600));
                save(cooldown(RATE, 600 + number));
            }
        }
        other => panic!("{other}"),
    }
}

/// Starts a copy of this program, and returns it when it is ready, with the lines that it prints.
fn start(part: &str, server: &fake::Server, file: &Path) -> (Child, Receiver<String>) {
    start_as(Command::new(std::env::current_exe().unwrap()), part, server, file)
}

/// Starts a copy in the folder of the token file, with the bare file name as its path.
fn start_beside(part: &str, server: &fake::Server, file: &Path) -> (Child, Receiver<String>) {
    let folder = file.parent().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.current_dir(folder);
    start_as(command, part, server, Path::new(file.file_name().unwrap()))
}

fn start_as(
    mut command: Command,
    part: &str,
    server: &fake::Server,
    file: &Path,
) -> (Child, Receiver<String>) {
    let mut child = command
        .args(["--exact", "processes::child_process", "--nocapture"])
        .env(PART, part)
        .env("TONEARM_TEST_FILE", file)
        .env("TONEARM_TEST_CLIENT", server.app().client_id())
        .env("TONEARM_TEST_ACCOUNTS", server.accounts_url())
        .env("TONEARM_TEST_BASE", server.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("ready")));
    // Reads all lines, so the copy never blocks on a full pipe.
    let (sender, printed) = mpsc::channel();
    thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
    (child, printed)
}

fn store(server: &fake::Server, file: PathBuf) -> FileStore {
    FileStore::at(file, server.app().client_id())
}

#[test]
fn processes_sharing_a_file_refresh_the_token_once() {
    for rotates in [false, true] {
        let server = fake::Server::start().unwrap();
        server.rotate_refresh_tokens(rotates);
        let folder = Folder::new();
        let store = store(&server, folder.file());
        let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
        for round in 1..=3 {
            let refresh_token = match store.load().unwrap() {
                Some(token) => token.refresh_token().unwrap().reveal().to_owned(),
                None => refresh_token.clone(),
            };
            store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
            let mut children: Vec<Child> =
                (0..4).map(|_| start("races", &server, &folder.file()).0).collect();
            for child in &mut children {
                child.stdin.take().unwrap().write_all(b"go\n").unwrap();
            }
            for mut child in children {
                assert!(child.wait().unwrap().success());
            }
            assert_eq!(token_requests(&server), round, "rotating: {rotates}");
        }
    }
}

/// The number of times that a program is killed in each case.
const KILLS: u32 = 20;

/// Returns how often the session was lost by a program that was killed repeatedly during refreshes.
fn sessions_lost(times: u32, rotates: bool, is_bare: bool) -> u32 {
    let server = fake::Server::start().unwrap();
    server.rotate_refresh_tokens(rotates);
    let folder = Folder::new();
    let store = store(&server, folder.file());
    let begin = || {
        let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
        store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    };
    begin();
    let app = server.app().store(Impatient(store.clone()));
    let mut lost = 0;
    let mut refreshes = 0;
    for number in 0..times {
        let start = if is_bare { start_beside } else { start };
        let (mut child, steps) = start("renews", &server, &folder.file());
        // A refresh has five steps, and some copies are killed after each of them.
        for _ in 0..number % 12 {
            steps.recv().unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        refreshes += token_requests(&server);
        server.clear_requests();
        let stored = store.load().expect("expected a readable store");
        assert!(stored.is_some(), "the token was cleared");
        // The lock of a killed program is released.
        match client(&server, &app).get_me().send() {
            Ok(_) => {}
            Err(Error::LoginRequired(_)) => {
                lost += 1;
                begin();
            }
            Err(error) => panic!("{error:?}"),
        }
        server.clear_requests();
    }
    println!(
        "killed {times} times in {refreshes} refreshes, {}, {}: the session was lost {lost} times",
        if rotates { "with rotation" } else { "without rotation" },
        if is_bare { "bare name" } else { "full path" }
    );
    assert!(refreshes > 0);
    lost
}

#[test]
fn killed_process_keeps_the_session_without_rotation() {
    assert_eq!(sessions_lost(KILLS, false, false), 0);
    assert_eq!(sessions_lost(KILLS, false, true), 0);
}

// With rotation, the session is lost if the program dies after Spotify has changed the token and before it is
// stored. The test measures that window, but can't rule it out.
#[test]
fn killed_process_leaves_a_readable_store_with_rotation() {
    sessions_lost(KILLS, true, false);
    sessions_lost(KILLS, true, true);
}

#[test]
fn bare_file_name_has_its_recovery() {
    let server = fake::Server::start().unwrap();
    let folder = Folder::new();
    let store = store(&server, folder.file());
    store.save(&token("BQ-ended", "AQ-dead", -10)).unwrap();
    let old = std::fs::read(folder.file()).unwrap();
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let new = folder.file().with_file_name("mira.json.0123456789abcdef.new");
    std::fs::rename(folder.file(), new).unwrap();
    std::fs::write(folder.file(), old).unwrap();
    let (mut child, lines) = start_beside("calls", &server, &folder.file());
    assert_eq!(outcome(lines), "ok");
    assert!(child.wait().unwrap().success());
    assert_eq!(folder.names(), ["mira.json", "mira.json.lock"]);
}

/// Returns the result of a copy's call.
fn outcome(lines: Receiver<String>) -> String {
    lines.iter().find_map(|line| Some(line.strip_prefix("outcome: ")?.to_owned())).unwrap()
}

#[cfg(unix)]
#[test]
fn token_is_not_requested_if_the_disk_is_full() {
    let server = fake::Server::start().unwrap();
    server.rotate_refresh_tokens(true);
    let folder = Folder::new();
    let store = store(&server, folder.file());
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let mut full = Command::new("sh");
    // No file may have any bytes.
    full.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""]);
    full.arg(std::env::current_exe().unwrap());
    let (mut child, lines) = start_as(full, "calls", &server, &folder.file());
    let outcome = outcome(lines);
    assert!(outcome.contains("cannot reserve disk space for a new token beside"), "{outcome}");
    assert!(child.wait().unwrap().success());
    assert_eq!(token_requests(&server), 0);
    assert_eq!(folder.names(), ["mira.json", "mira.json.lock"]);
    // The login is still valid.
    client(&server, &server.app().store(store)).get_me().send().unwrap();
}

#[test]
fn programs_that_share_an_app_lose_none_of_their_cooldowns() {
    let server = fake::Server::start().unwrap();
    let folder = Folder::new();
    let mut children: Vec<Child> =
        (0..8).map(|_| start("cools", &server, &folder.file()).0).collect();
    for child in &mut children {
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(store(&server, folder.file()).load_cooldowns().unwrap().len(), 1 + 8 * 20);
}

#[test]
fn limit_that_one_of_eight_programs_has_met_stops_all_of_them() {
    let server = fake::Server::start().unwrap();
    let folder = Folder::new();
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store(&server, folder.file()).save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let mut copies: Vec<_> = (0..8).map(|_| start("limited", &server, &folder.file())).collect();
    for (child, _) in &mut copies {
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    // Waits until each copy has made a call.
    while server.requests().iter().filter(|request| request.path == "/v1/me").count() < 8 {
        thread::yield_now();
    }
    server.script("/me").then(Fault::RateLimited { retry_after: Duration::from_secs(86_400) });
    let mut outcomes: Vec<String> = copies
        .into_iter()
        .map(|(mut child, lines)| {
            let outcome = outcome(lines);
            assert!(child.wait().unwrap().success());
            outcome
        })
        .collect();
    outcomes.sort();
    assert_eq!(outcomes.join(" "), "known known known known known known known met");
}

#[test]
fn limit_outlives_the_program_and_the_login_and_leaves_the_token_alone() {
    let server = fake::Server::start().unwrap();
    let folder = Folder::new();
    let store = store(&server, folder.file());
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail, Scope::UserLibraryRead]);
    let app = server.app().store(store.clone()).refresh_token(refresh_token);
    client(&server, &app).get_me().send().unwrap();
    let before = std::fs::read(folder.file()).unwrap();
    let call = || {
        let (mut child, lines) = start("calls", &server, &folder.file());
        let outcome = outcome(lines);
        assert!(child.wait().unwrap().success());
        outcome
    };
    server.script("/me").then(Fault::QuotaExceeded);
    assert!(call().contains("QUOTA_EXCEEDED"));
    server.clear_requests();
    // The program is restarted.
    for _ in 0..2 {
        let outcome = call();
        assert!(
            outcome.contains("has used up its quota") && outcome.contains("nothing was sent"),
            "{outcome}"
        );
    }
    assert_eq!(server.requests().len(), 0);
    assert_eq!(std::fs::read(folder.file()).unwrap(), before);
    // The limit applies to one endpoint, and doesn't depend on the login.
    client(&server, &app).get_my_saved_tracks().send().unwrap();
    app.log_out().unwrap();
    assert!(matches!(client(&server, &app).get_me().send(), Err(Error::RateLimited(_))));
    assert_eq!(server.requests().len(), 1);
    // A client with a bare token doesn't share the limit.
    server.client().unwrap().get_me().send().unwrap();
}

/// A store that records when each save began and ended.
struct Timed(FileStore, Arc<Mutex<Vec<[Instant; 2]>>>);

impl TokenStore for Timed {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        self.0.load()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        let began = Instant::now();
        let saved = self.0.save(token);
        self.1.lock().unwrap().push([began, Instant::now()]);
        saved
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.0.clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.0.lock(deadline)
    }
}

#[test]
fn time_between_refresh_response_and_save_is_measured() {
    let responded: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let recorded = responded.clone();
    let server = spotify_of_two(
        move |_, number| {
            recorded.lock().unwrap().push(Instant::now());
            granted("BQ-new", &format!(r#","refresh_token":"AQ-{number}""#))
        },
        |_| true,
    );
    let folder = Folder::new();
    let saved: Arc<Mutex<Vec<[Instant; 2]>>> = Arc::default();
    for _ in 0..100 {
        let store = FileStore::at(folder.file(), "id");
        store.save(&token("BQ-ended", "AQ", -10)).unwrap();
        let app = App::new("id").store(Timed(store, saved.clone()));
        client_of(&server, app).get_me().send().unwrap();
    }
    let (responded, saved) = (responded.lock().unwrap(), saved.lock().unwrap());
    assert_eq!(saved.len(), 100);
    let windows = |end: usize| {
        let pairs = responded.iter().zip(&*saved);
        let mut windows: Vec<Duration> =
            pairs.map(|(responded, saved)| saved[end] - *responded).collect();
        windows.sort();
        format!("median {:?}, maximum {:?}", windows[50], windows[99])
    };
    println!("from the response to the store: {}", windows(0));
    println!("from the response to the disk: {}", windows(1));
}
