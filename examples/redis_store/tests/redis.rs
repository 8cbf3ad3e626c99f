//! The store against a real `redis-server`, which each test starts on a free port of loopback and stops.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use redis::{Connection, FromRedisValue};
use redis_store::RedisStore;
use tonearm::auth::{Cooldown, StoreError, StoreErrorKind, StoreLock};
use tonearm::fake::{self, Fault};
use tonearm::{Error, Scope, Spotify, Timestamp, Token, TokenStore};

/// A server with a separate folder. It writes each change to the disk before it responds.
struct Redis {
    process: Option<Child>,
    port: u16,
    folder: PathBuf,
    options: Vec<String>,
}

impl Redis {
    fn start(options: &[&str]) -> Redis {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = format!("tonearm-redis-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let options = options.iter().map(|&option| option.to_owned()).collect();
        let mut redis = Redis { process: None, port: 0, folder, options };
        // Another program may take the free port first.
        let is_running = (0..10).any(|_| {
            redis.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            redis.has_started()
        });
        assert!(is_running, "redis-server ended");
        redis
    }

    fn run(&mut self) {
        assert!(self.has_started(), "redis-server ended");
    }

    /// Starts the program, and waits until it responds. Returns `false` if it has ended.
    fn has_started(&mut self) -> bool {
        let mut command = Command::new("redis-server");
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "yes", "--appendfsync", "always", "--dir"]);
        command.arg(&self.folder).args(&self.options).stdout(Stdio::null());
        let mut process =
            command.spawn().expect("expected the program redis-server (Debian: redis-server)");
        let address = format!("redis://127.0.0.1:{}", self.port);
        let client = redis::Client::open(address).unwrap();
        loop {
            if process.try_wait().unwrap().is_some() {
                return false;
            }
            let pong = client
                .get_connection()
                .and_then(|mut c| redis::cmd("PING").query::<String>(&mut c));
            match pong {
                Err(error) if error.is_io_error() || error.code() == Some("LOADING") => {
                    thread::yield_now()
                }
                // Also one that wants a password.
                _ => break,
            }
        }
        self.process = Some(process);
        true
    }

    /// Kills the program, as a power failure does.
    fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn store(&self) -> RedisStore {
        store(&self.url(), "id")
    }

    fn connection(&self) -> Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }

    /// Sends a command, in words.
    fn ask<T: FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut cmd = redis::cmd(words.next().unwrap());
        for word in words {
            cmd.arg(word);
        }
        cmd.query(&mut self.connection()).unwrap()
    }

    /// Returns the text of an error without the port.
    fn text(&self, error: &impl ToString) -> String {
        error.to_string().replace(&self.port.to_string(), "PORT")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Returns a store with a timeout that is not reached.
fn store(url: &str, client_id: &str) -> RedisStore {
    RedisStore::new(url, client_id, "mira").unwrap().timeout(Duration::from_secs(60))
}

/// The record of the token, and the lease.
const TOKEN: &str = "tonearm:{id}:token:mira";
const LEASE: &str = "tonearm:{id}:lease:mira";

fn token(access_token: &str, refresh_token: &str, seconds: i64) -> Token {
    token_at(Timestamp::now(), access_token, refresh_token, seconds)
}

/// Returns a token that expires some seconds after a moment.
fn token_at(now: Timestamp, access_token: &str, refresh_token: &str, seconds: i64) -> Token {
    let at = |seconds| Timestamp::from_unix_seconds(now.unix_seconds() + seconds);
    Token::from_json(&format!(
        r#"{{"access_token":"{access_token}","refresh_token":"{refresh_token}","scopes":"user-read-email","expires_at":"{}","received_at":"{}","authorized_at":"{}"}}"#,
        at(seconds), at(seconds - 3600), at(0),
    ))
    .unwrap()
}

fn cooldown(kind: &str, now: Timestamp, seconds: i64) -> Cooldown {
    let at = |seconds| Timestamp::from_unix_seconds(now.unix_seconds() + seconds);
    serde_json::from_str(&format!(r#"{{{kind},"until":"{}","since":"{}"}}"#, at(seconds), at(0)))
        .unwrap()
}

const RATE: &str = r#""kind":"rate""#;

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn refreshes(server: &fake::Server) -> usize {
    server.requests().iter().filter(|request| request.path == "/api/token").count()
}

fn client(server: &fake::Server, store: impl TokenStore + 'static) -> Spotify {
    let app = server.app().store(store);
    Spotify::builder().app(app).base_url(server.base_url()).build().unwrap()
}

/// The variable that selects the part that a copy of this program plays.
const PART: &str = "TONEARM_TEST_PART";

/// Plays a part in a copy of this program. In the test run itself, it does nothing.
#[test]
fn child_process() {
    let Ok(part) = std::env::var(PART) else { return };
    let var = |name: &str| std::env::var(name).unwrap();
    let client_id = var("TONEARM_TEST_CLIENT");
    let store = store(&var("TONEARM_TEST_REDIS"), &client_id);
    let store = store.lease(Duration::from_millis(var("TONEARM_TEST_LEASE").parse().unwrap()));
    let app = tonearm::App::new(client_id).accounts_url(var("TONEARM_TEST_ACCOUNTS"));
    let spotify =
        Spotify::builder().app(app.store(store.clone())).base_url(var("TONEARM_TEST_BASE"));
    let spotify = spotify.build().unwrap();
    let wait = || {
        println!("ready");
        std::io::stdin().read_line(&mut String::new()).unwrap();
    };
    match part.as_str() {
        "calls" => {
            wait();
            let threads = [spotify.clone(), spotify.clone(), spotify];
            let threads =
                threads.map(|spotify| thread::spawn(move || spotify.get_me().send().map(drop)));
            threads.into_iter().for_each(|thread| thread.join().unwrap().unwrap());
        }
        "holds" => {
            let _lease = store.lock(soon()).unwrap();
            wait();
        }
        "limited" => {
            wait();
            let limited = loop {
                match spotify.get_me().send() {
                    Err(Error::RateLimited(limited)) => break limited,
                    Err(error) => panic!("{error}"),
                    // Slower than at full speed, because eight programs make enough requests.
                    Ok(_) => thread::sleep(Duration::from_millis(5)),
                }
            };
            println!("outcome: {}", if limited.api_error.is_some() { "met" } else { "known" });
        }
        other => panic!("{other}"),
    }
}

/// Starts a copy of this program, and returns it when it is ready, with the lines that it prints.
fn start(
    part: &str,
    server: &fake::Server,
    redis: &Redis,
    lease: u64,
) -> (Child, Receiver<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_process", "--nocapture"])
        .env(PART, part)
        .env("TONEARM_TEST_REDIS", redis.url())
        .env("TONEARM_TEST_LEASE", lease.to_string())
        .env("TONEARM_TEST_CLIENT", server.app().client_id())
        .env("TONEARM_TEST_ACCOUNTS", server.accounts_url())
        .env("TONEARM_TEST_BASE", server.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("ready")));
    let (sender, printed) = mpsc::channel();
    thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
    (child, printed)
}

fn go(child: &mut Child) {
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();
}

fn store_of(server: &fake::Server, redis: &Redis) -> RedisStore {
    store(&redis.url(), server.app().client_id())
}

#[test]
fn eight_processes_refresh_the_token_once() {
    let (redis, server) = (Redis::start(&[]), fake::Server::start().unwrap());
    server.rotate_refresh_tokens(true);
    let store = store_of(&server, &redis);
    let mut refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    for round in 1..=3 {
        store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
        let mut children: Vec<Child> =
            (0..8).map(|_| start("calls", &server, &redis, 10_000).0).collect();
        children.iter_mut().for_each(go);
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(refreshes(&server), round);
        refresh_token = store.load().unwrap().unwrap().refresh_token().unwrap().reveal().to_owned();
    }
    println!(
        "eight processes with three threads each, three rounds: {} refreshes",
        refreshes(&server)
    );
    assert!(!redis.ask::<bool>(&format!("EXISTS {}", store.lease_key())), "the lease is released");
}

#[test]
fn limit_that_one_of_eight_processes_has_met_stops_all_of_them() {
    let (redis, server) = (Redis::start(&[]), fake::Server::start().unwrap());
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store_of(&server, &redis).save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let mut children: Vec<_> = (0..8).map(|_| start("limited", &server, &redis, 10_000)).collect();
    children.iter_mut().for_each(|(child, _)| go(child));
    // Waits until each process has made a call.
    while server.requests().iter().filter(|request| request.path == "/v1/me").count() < 8 {
        thread::yield_now();
    }
    server.script("/me").then(Fault::RateLimited { retry_after: Duration::from_secs(86_400) });
    let mut outcomes: Vec<String> = children
        .into_iter()
        .map(|(mut child, lines)| {
            let outcome =
                lines.iter().find_map(|line| Some(line.strip_prefix("outcome: ")?.to_owned()));
            assert!(child.wait().unwrap().success());
            outcome.unwrap()
        })
        .collect();
    outcomes.sort();
    assert_eq!(outcomes.join(" "), "known known known known known known known met");
}

#[test]
fn killed_holder_delays_the_others_by_its_lease_and_no_more() {
    // A short lease may end before the test reads it.
    assert!([2000, 8000, 32_000].into_iter().any(killed_holder_delays_by_its_lease));
}

/// Returns `false` if the lease had ended before the holder was killed.
fn killed_holder_delays_by_its_lease(millis: u64) -> bool {
    let (redis, server) = (Redis::start(&[]), fake::Server::start().unwrap());
    server.rotate_refresh_tokens(true);
    let store = store_of(&server, &redis);
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let (mut holder, _) = start("holds", &server, &redis, millis);
    let [get, left] = ["GET", "PTTL"].map(|command| format!("{command} {}", store.lease_key()));
    let lease: Option<String> = redis.ask(&get);
    let (mut waiting, _) = start("calls", &server, &redis, millis);
    go(&mut waiting);
    holder.kill().unwrap();
    holder.wait().unwrap();
    let killed = Instant::now();
    // No process extends the lease of the killed one, and none refreshes the token before its end.
    let (mut before, mut looks) = (i64::try_from(millis).unwrap(), 0);
    loop {
        let (left, refreshes): (i64, _) = (redis.ask(&left), refreshes(&server));
        // It may have ended meanwhile.
        let found: Option<String> = redis.ask(&get);
        if found.is_none() || found != lease {
            break;
        }
        assert!(left <= before, "the lease grew from {before} ms to {left} ms");
        assert_eq!(refreshes, 0);
        (before, looks) = (left, looks + 1);
    }
    assert!(waiting.wait().unwrap().success());
    println!(
        "lease: {millis} ms, end of the other process after the kill: {} ms",
        killed.elapsed().as_millis()
    );
    assert_eq!(refreshes(&server), 1);
    looks > 0
}

#[test]
fn living_holder_renews_its_lease() {
    let redis = Redis::start(&[]);
    let store = redis.store().lease(Duration::from_millis(600));
    let lease = store.lock(soon()).unwrap();
    let end = soon();
    // On a slow machine, the lease may expire before its holder renews it.
    let value = loop {
        assert!(Instant::now() < end, "the lease is not renewed");
        if let Some(value) = redis.ask::<Option<String>>(&format!("GET {LEASE}")) {
            break value;
        }
    };
    let (mut renewals, mut before) = (0, 0);
    while renewals < 5 {
        assert!(Instant::now() < end, "the lease is not renewed");
        let left: i64 = redis.ask(&format!("PTTL {LEASE}"));
        renewals += u32::from(left > before);
        before = left;
        let found: Option<String> = redis.ask(&format!("GET {LEASE}"));
        assert!(found.is_none_or(|found| found == value));
    }
    drop(lease);
    drop(redis.store().lock(Instant::now()).unwrap());
}

#[test]
fn lease_of_another_machine_is_waited_for_until_the_deadline() {
    let redis = Redis::start(&[]);
    let other = redis.store().lease(Duration::from_secs(600));
    let lease = other.lock(soon()).unwrap();
    // The same store, and that of another machine.
    for store in [other.clone(), redis.store()] {
        let error = store.lock(Instant::now() + Duration::from_millis(120)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Locked);
        assert_eq!(
            error.to_string(),
            "token store: another machine holds the lease `tonearm:{id}:lease:mira`, and did not release it in \
             time; retry"
        );
    }
    drop(lease);
    drop(redis.store().lock(Instant::now()).unwrap());
}

#[test]
fn token_of_a_holder_without_lease_replaces_no_newer_one() {
    let redis = Redis::start(&[]);
    let long = Duration::from_secs(600);
    let [slow, other] = [0, 1].map(|_| redis.store().lease(long));
    let expire = || redis.ask::<()>(&format!("DEL {LEASE}"));
    // Nobody has written: the token is saved without the lease.
    let held = slow.lock(soon()).unwrap();
    expire();
    let held_by_other = other.lock(soon()).unwrap();
    assert_eq!(slow.prepare_save().unwrap_err().kind(), StoreErrorKind::Locked);
    slow.save(&token("BQ-slow", "AQ-slow", 3600)).unwrap();
    // The other holder wanted to remove the previous token, and removes nothing.
    assert_eq!(other.clear().unwrap_err().kind(), StoreErrorKind::Locked);
    drop((held, held_by_other));
    assert_eq!(redis.store().load().unwrap().unwrap().access_token().reveal(), "BQ-slow");
    // Another holder has written.
    let held = slow.lock(soon()).unwrap();
    expire();
    let held_by_other = other.lock(soon()).unwrap();
    other.save(&token("BQ-other", "AQ-other", 3600)).unwrap();
    other.save(&token("BQ-again", "AQ-again", 3600)).unwrap();
    drop(held_by_other);
    let error = slow.save(&token("BQ-late", "AQ-late", 3600)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "token store: the lease `tonearm:{id}:lease:mira` has expired, and another machine has changed the \
         token; retry, and the client loads that one"
    );
    drop(held);
    assert_eq!(redis.store().load().unwrap().unwrap().access_token().reveal(), "BQ-again");
}

#[test]
fn lease_survives_a_release_by_another_holder() {
    let redis = Redis::start(&[]);
    let long = Duration::from_secs(600);
    let slow = redis.store().lease(long);
    let held = slow.lock(soon()).unwrap();
    redis.ask::<()>(&format!("SET {LEASE} other:600000 PX 600000"));
    drop(held);
    assert_eq!(redis.ask::<String>(&format!("GET {LEASE}")), "other:600000");
}

#[test]
fn lease_is_cut_if_the_clock_of_the_server_was_set_back_by_a_year() {
    let redis = Redis::start(&[]);
    for year in ["PEXPIRE {} 31536000000", "PERSIST {}"] {
        redis.ask::<()>(&format!("SET {LEASE} dead:500 PX 500"));
        redis.ask::<()>(&year.replace("{}", LEASE));
        drop(redis.store().lock(soon()).unwrap());
    }
}

/// A clock that is a year ahead.
fn ahead() -> Timestamp {
    Timestamp::now() + Duration::from_secs(365 * 86_400)
}

#[test]
fn machine_whose_clock_is_a_year_ahead_shares_tokens_and_limits() {
    let redis = Redis::start(&[]);
    let wrong = || redis.store().clock(ahead);
    let near = |time: Timestamp, expected: Timestamp| {
        (time.unix_seconds() - expected.unix_seconds()).abs() <= 60
    };
    let hour = Duration::from_secs(3600);
    wrong().save(&token_at(ahead(), "BQ", "AQ", 3600)).unwrap();
    assert!(near(redis.store().load().unwrap().unwrap().expires_at(), Timestamp::now() + hour));
    let store = wrong();
    let loaded = store.load().unwrap().unwrap();
    assert!(near(loaded.expires_at(), ahead() + hour));
    assert!(near(loaded.authorized_at().unwrap(), ahead()));
    // A client compares tokens, so each time the same is loaded.
    for _ in 0..100 {
        assert_eq!(store.load().unwrap().unwrap(), loaded);
    }
    wrong().save_cooldown(&cooldown(RATE, ahead(), 600)).unwrap();
    let limits = redis.store().load_cooldowns().unwrap();
    assert!(near(limits[0].until, Timestamp::now() + Duration::from_secs(600)), "{limits:?}");
    let limits = wrong().load_cooldowns().unwrap();
    assert!(near(limits[0].until, ahead() + Duration::from_secs(600)), "{limits:?}");
}

#[test]
fn later_end_of_a_limit_wins_and_its_record_expires() {
    let redis = Redis::start(&[]);
    let now = Timestamp::now();
    let quota = r#""kind":"quota","method":"GET","path":"/artists/{id}/albums""#;
    let threads = [600, 900, 700].map(|seconds| {
        let store = redis.store();
        thread::spawn(move || store.save_cooldown(&cooldown(RATE, now, seconds)).unwrap())
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    redis.store().save_cooldown(&cooldown(quota, now, 60)).unwrap();
    redis.store().save_cooldown(&cooldown(r#""kind":"token_endpoint""#, now, -1)).unwrap();
    let mut limits = redis.store().load_cooldowns().unwrap();
    limits.sort_by_key(|limit| limit.until);
    assert_eq!(limits, [cooldown(quota, now, 60), cooldown(RATE, now, 900)]);
    let left: i64 = redis.ask("PTTL tonearm:{id}:cooldowns");
    assert!((1..=900_000).contains(&left), "{left}");
    // From a server whose clock was set back by a year since.
    let year = now.unix_millis() + 31_536_000_000;
    let mut late = redis::cmd("HSET");
    late.arg("tonearm:{id}:cooldowns").arg(r#"{"kind":"rate"}"#);
    late.arg(format!("{} {year}", year + 1_800_000));
    late.exec(&mut redis.connection()).unwrap();
    redis.store().save_cooldown(&cooldown(RATE, now, 30)).unwrap();
    let limits = redis.store().load_cooldowns().unwrap();
    assert!(limits.contains(&cooldown(RATE, now, 30)), "{limits:?}");
}

/// A store during whose save Redis is restarted.
struct Restarts(RedisStore, Arc<Mutex<Redis>>);

impl TokenStore for Restarts {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        self.0.load()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        self.1.lock().unwrap().kill();
        let redis = Arc::clone(&self.1);
        let restart = thread::spawn(move || redis.lock().unwrap().run());
        let saved = self.0.save(token);
        restart.join().unwrap();
        saved
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.0.clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.0.lock(deadline)
    }

    fn prepare_save(&self) -> Result<(), StoreError> {
        self.0.prepare_save()
    }
}

#[test]
fn redis_that_restarts_during_a_refresh_loses_no_token() {
    let redis = Arc::new(Mutex::new(Redis::start(&[])));
    let server = fake::Server::start().unwrap();
    server.rotate_refresh_tokens(true);
    let store = store_of(&server, &redis.lock().unwrap());
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    client(&server, Restarts(store.clone(), Arc::clone(&redis))).get_me().send().unwrap();
    let stored = store.load().unwrap().unwrap();
    assert_ne!(stored.refresh_token().unwrap().reveal(), refresh_token);
    // Another machine continues with it.
    server.expire_access_tokens();
    client(&server, store_of(&server, &redis.lock().unwrap())).get_me().send().unwrap();
    assert_eq!(refreshes(&server), 2);
}

#[test]
fn client_with_a_valid_token_does_not_need_redis() {
    let (mut redis, server) = (Redis::start(&[]), fake::Server::start().unwrap());
    server.rotate_refresh_tokens(true);
    let store = store_of(&server, &redis);
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let [first, second] = [0, 1].map(|_| client(&server, store_of(&server, &redis)));
    first.get_me().send().unwrap();
    let stored = store.load().unwrap().unwrap();
    redis.kill();
    for _ in 0..20 {
        first.get_me().send().unwrap();
    }
    // One without a token needs it.
    let error = second.get_me().send().unwrap_err();
    assert!(
        matches!(&error, Error::Store(error) if error.kind() == StoreErrorKind::Failed),
        "{error:?}"
    );
    let text = redis.text(&error);
    assert!(
        text.starts_with(
            "token store: cannot load the token in Redis at 127.0.0.1:PORT; check that Redis runs and can be reached ("
        ),
        "{text}"
    );
    redis.run();
    second.get_me().send().unwrap();
    first.get_me().send().unwrap();
    assert_eq!(store.load().unwrap().unwrap(), stored);
    assert_eq!(refreshes(&server), 1);
}

#[test]
fn wrong_password_is_reported_without_the_password() {
    let redis = Redis::start(&["--requirepass", "right"]);
    for (url, cause) in [
        (format!("redis://:wrong-one@127.0.0.1:{}", redis.port), "WRONGPASS"),
        (format!("redis://mira:wrong-one@127.0.0.1:{}", redis.port), "WRONGPASS"),
        (redis.url(), "NOAUTH"),
    ] {
        let store = store(&url, "id");
        for error in [store.load().map(drop), store.lock(soon()).map(drop), store.clear()] {
            let text = redis.text(&error.unwrap_err());
            let advice =
                " in Redis at 127.0.0.1:PORT; check the user name and the password in the URL (";
            assert!(text.contains(advice), "{cause}: {text}");
            assert!(!text.contains("wrong-one"), "{text}");
        }
    }
    let right = format!("redis://:right@127.0.0.1:{}", redis.port);
    assert!(store(&right, "id").load().unwrap().is_none());
    let error = RedisStore::new("redis://:secret@[", "id", "mira").err().unwrap().to_string();
    assert!(error.contains("expected a URL such as") && !error.contains("secret"), "{error}");
}

#[test]
fn record_that_is_no_token_is_reported_and_kept() {
    let redis = Redis::start(&[]);
    let server = fake::Server::start().unwrap();
    redis.store().save(&token("BQ", "AQ", 3600)).unwrap();
    let whole: String = redis.ask(&format!("HGET {TOKEN} token"));
    let half = &whole[..whole.len() / 2];
    redis.ask::<()>(&format!("HSET {TOKEN} token {half}"));
    let error = client(&server, redis.store()).get_me().send().unwrap_err();
    assert_eq!(
        error.to_string(),
        "token store: expected a token as JSON in the field `token` of `tonearm:{id}:token:mira`, found other text; \
         remove it with `HDEL tonearm:{id}:token:mira token`, and log in again"
    );
    assert_eq!(redis.ask::<String>(&format!("HGET {TOKEN} token")), half);

    redis.ask::<()>(&format!("HSET {TOKEN} token {whole} version 2"));
    let error = redis.store().load().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerVersion);
    assert_eq!(
        error.to_string(),
        "token store: expected version 1 of the record `tonearm:{id}:token:mira`, found version 2; update this program"
    );

    redis.ask::<()>(&format!("SET {TOKEN} text"));
    let error = redis.store().load().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::WrongClientId);
    assert_eq!(
        redis.text(&error),
        "token store: cannot load the token: expected a record of Tonearm in the key `tonearm:{id}:token:mira` of \
         Redis at 127.0.0.1:PORT, found another type; rename that key"
    );
    assert_eq!(redis.store().save(&token("BQ", "AQ", 3600)).unwrap_err().kind(), error.kind());
    assert_eq!(redis.ask::<String>(&format!("GET {TOKEN}")), "text");
}

#[test]
fn token_is_not_requested_if_redis_accepts_no_writes() {
    let (redis, server) = (Redis::start(&[]), fake::Server::start().unwrap());
    let store = store_of(&server, &redis);
    let refresh_token = server.issue_refresh_token([Scope::UserReadEmail]);
    store.save(&token("BQ-ended", &refresh_token, -10)).unwrap();
    let call =
        || redis.text(&client(&server, store_of(&server, &redis)).get_me().send().unwrap_err());
    redis.ask::<()>("CONFIG SET maxmemory 1");
    for error in [call(), redis.text(&store.prepare_save().unwrap_err())] {
        assert!(
            error.contains("raise `maxmemory` of Redis; the stored token is not changed"),
            "{error}"
        );
    }
    redis.ask::<()>("CONFIG SET maxmemory 0");
    redis.ask::<()>("REPLICAOF 127.0.0.1 1");
    let error = call();
    assert!(error.contains("connect to the primary server"), "{error}");
    redis.ask::<()>("REPLICAOF NO ONE");
    assert_eq!(refreshes(&server), 0);
    client(&server, store).get_me().send().unwrap();
}
