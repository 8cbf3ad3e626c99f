//! Tokens are refreshed once for all waiting threads, and never lost.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use tonearm::Event;
use tonearm::auth::{
    CooldownKind, LoginRequiredKind, MemoryStore, StoreError, StoreLock, Token, TokenStore,
};
use tonearm::error::{RateLimitKind, TransportErrorKind};
use tonearm::{App, Error, Scope, Spotify, Timestamp, fake};

use super::support::{Reply, Server, answer, json, with_longer_limits};
use super::{
    again, builder_of, client, client_of, forms, granted, refused, spotify_of_two, store_with,
    token, token_requests,
};

fn get_me_on_threads(spotify: &Spotify, threads: usize) -> Vec<Result<(), Error>> {
    let barrier = Arc::new(Barrier::new(threads));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let (spotify, barrier) = (spotify.clone(), barrier.clone());
            thread::spawn(move || {
                barrier.wait();
                spotify.get_me().send().map(drop)
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

// Other clients send a request for each thread, and some of the threads fail.
#[test]
fn expired_token_is_refreshed_once_across_threads() {
    for rotates in [false, true] {
        let server = fake::Server::start().unwrap();
        server.rotate_refresh_tokens(rotates);
        let ended = token("BQ-ended", &server.issue_refresh_token([Scope::UserReadEmail]), -10);
        let app = server.app().store(store_with(&ended));
        let spotify = client(&server, &app);
        for result in get_me_on_threads(&spotify, 8) {
            result.unwrap();
        }
        assert_eq!(token_requests(&server), 1);
        // The same if the server rejects the token first.
        server.expire_access_tokens();
        for result in get_me_on_threads(&spotify, 8) {
            result.unwrap();
        }
        assert_eq!(token_requests(&server), 2);
    }
}

#[test]
fn client_credentials_token_is_fetched_once_across_threads() {
    let server = fake::Server::start().unwrap();
    let app = server.app().client_secret(server.client_secret());
    let spotify =
        Spotify::builder().client_credentials(app).base_url(server.base_url()).build().unwrap();
    let barrier = Barrier::new(8);
    for round in 1..=5 {
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    spotify.get_markets().send().unwrap();
                });
            }
        });
        assert_eq!(token_requests(&server), round);
        server.expire_access_tokens();
    }
}

/// Returns whether these threads of this process wait for another one.
#[cfg(target_os = "linux")]
fn are_waiting(threads: &[std::path::PathBuf]) -> bool {
    threads.iter().all(|thread| {
        let file = |name| format!("/proc/{}/{name}", thread.display());
        let stat = std::fs::read_to_string(file("stat")).unwrap();
        // The state follows the name of the thread, which is in parentheses.
        let is_asleep = stat.rsplit_once(") ").unwrap().1.starts_with('S');
        // The function of the kernel in which it sleeps, which is `0` or missing if the system hides it.
        let function = std::fs::read_to_string(file("wchan")).unwrap_or_default();
        is_asleep && (matches!(&*function, "" | "0") || function.contains("futex"))
    })
}

#[cfg(target_os = "linux")]
#[test]
fn failure_of_a_refresh_is_that_of_all_threads_that_waited_for_it() {
    let waiting: Arc<Mutex<Vec<std::path::PathBuf>>> = Arc::default();
    let known = waiting.clone();
    let server = spotify_of_two(
        move |_, number| {
            let (began, mut looks) = (Instant::now(), 0);
            // A kernel may have another name for that function.
            while number == 0 && looks < 3 && began.elapsed() < Duration::from_secs(20) {
                thread::yield_now();
                let threads = known.lock().unwrap();
                looks = if threads.len() == 4 && are_waiting(&threads) { looks + 1 } else { 0 };
            }
            json(503, "<html>down</html>")
        },
        |_| true,
    );
    let store = store_with(&token("BQ-ended", "AQ-1", -10));
    let recorded = waiting.clone();
    let spotify = builder_of(&server, App::new("id").store(store.clone()))
        .retries(0)
        // Each thread records itself before its call needs the token.
        .observer(move |event| {
            if let Event::Attempt { .. } = event {
                let thread = std::fs::read_link("/proc/thread-self").unwrap();
                recorded.lock().unwrap().push(thread);
            }
        })
        .build()
        .unwrap();
    for result in get_me_on_threads(&spotify, 4) {
        let error = result.unwrap_err();
        assert_eq!((error.status(), error.is_retryable()), (Some(503), true), "{error:?}");
    }
    assert_eq!(forms(&server).len(), 1);
    assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-1");
}

// Other clients store the response as it is, and lose the refresh token with the first refresh.
#[test]
fn refresh_response_without_refresh_token_keeps_the_old_one() {
    let server = spotify_of_two(
        |_, number| granted(&format!("BQ-{number}"), r#","scope":"""#),
        |bearer| bearer.starts_with("Bearer BQ-"),
    );
    let store = store_with(&token("BQ-ended", "AQ-first", -10));
    for _ in 0..3 {
        let before = store.load().unwrap().unwrap();
        // A new client each time, like a restarted program.
        client_of(&server, App::new("id").store(store.clone())).get_me().send().unwrap();
        let stored = store.load().unwrap().unwrap();
        assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-first");
        assert_eq!(stored.scopes(), before.scopes(), "an empty `scope` doesn't change the scopes");
        assert_eq!(stored.authorized_at(), before.authorized_at());
        // The token expires.
        store.save(&token("BQ-ended", "AQ-first", -10)).unwrap();
    }
    assert_eq!(forms(&server).len(), 3);
    assert!(forms(&server).iter().all(|form| form.contains("refresh_token=AQ-first&")));
}

/// A store that records its calls, and can fail to save and to clear.
struct RecordingStore {
    store: MemoryStore,
    notes: std::sync::Mutex<Vec<String>>,
    refusals: AtomicUsize,
    /// `true` if it locks only after the deadline.
    is_late: AtomicBool,
}

impl RecordingStore {
    fn new(token: &Token) -> Arc<Self> {
        let store = MemoryStore::new();
        store.save(token).unwrap();
        let (notes, refusals, is_late) = Default::default();
        Arc::new(RecordingStore { store, notes, refusals, is_late })
    }

    fn note(&self, note: impl Into<String>) {
        self.notes.lock().unwrap().push(note.into());
    }

    fn notes(&self) -> Vec<String> {
        std::mem::take(&mut self.notes.lock().unwrap())
    }

    fn refuse(&self) -> Result<(), StoreError> {
        let left = |left: usize| left.checked_sub(1);
        match self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left) {
            Ok(_) => Err(StoreError::failed("the disk is full", "28")),
            Err(_) => Ok(()),
        }
    }
}

impl TokenStore for RecordingStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        self.note("load");
        self.store.load()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        self.note(format!("save {}", token.refresh_token().unwrap().reveal()));
        self.refuse()?;
        self.store.save(token)
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.note("clear");
        self.refuse()?;
        self.store.clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.note("lock");
        struct Unlock<'a>(&'a RecordingStore, #[allow(dead_code)] StoreLock<'a>);
        impl Drop for Unlock<'_> {
            fn drop(&mut self) {
                self.0.note("unlock");
            }
        }
        if self.is_late.load(Ordering::SeqCst) {
            let late = deadline + Duration::from_millis(100);
            thread::sleep(late.saturating_duration_since(Instant::now()));
        }
        Ok(StoreLock::new(Unlock(self, self.store.lock(deadline)?)))
    }
}

#[test]
fn new_refresh_token_is_saved_under_the_lock_before_use() {
    let store = RecordingStore::new(&token("BQ-ended", "AQ-0", -10));
    let recorded = store.clone();
    let server = spotify_of_two(
        |_, number| granted("BQ-new", &format!(r#","refresh_token":"AQ-{}""#, number + 1)),
        move |bearer| {
            recorded.note(format!("call with {bearer}"));
            bearer == "Bearer BQ-new"
        },
    );
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    spotify.get_me().send().unwrap();
    assert_eq!(
        store.notes(),
        ["load", "lock", "load", "save AQ-1", "unlock", "call with Bearer BQ-new"],
        "expected the new token in the request that caused the refresh"
    );
}

#[test]
fn unsaved_token_is_kept_but_not_used_until_saved() {
    let store = RecordingStore::new(&token("BQ-ended", "AQ-0", -10));
    store.refusals.store(2, Ordering::SeqCst);
    let server = spotify_of_two(
        |_, number| match number {
            0 => granted("BQ-new", r#","refresh_token":"AQ-1""#),
            _ => refused("invalid_grant", "Refresh token revoked"),
        },
        |bearer| bearer == "Bearer BQ-new",
    );
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    for _ in 0..2 {
        let error = spotify.get_me().send().unwrap_err();
        assert!(matches!(error, Error::Store(_)) && error.is_retryable(), "{error:?}");
        assert_eq!(error.to_string(), "token store: the disk is full (28)");
    }
    spotify.get_me().send().unwrap();
    assert_eq!(forms(&server).len(), 1);
    assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-1");
}

#[test]
fn failed_refresh_keeps_the_refresh_token() {
    let cut = || Reply::Last(Vec::new());
    let half = || Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{\"access".to_vec());
    let silence = || Reply::Silence(Vec::new());
    let outages = [
        json(500, ""),
        json(502, "<html>Bad gateway</html>"),
        json(503, r#"{"error":"server_error"}"#),
        json(200, "<html>Log in to this hotel</html>"),
        cut(),
        half(),
        silence(),
        Reply::Drip(b"HTTP/1.1 200 OK\r\n".to_vec()),
    ];
    for outage in outages {
        let timeout = match outage {
            Reply::Silence(_) | Reply::Drip(_) => Duration::from_secs(2),
            _ => Duration::from_secs(600),
        };
        let store = store_with(&token("BQ-ended", "AQ-0", -10));
        let server = spotify_of_two(
            move |_, number| match number {
                0 => outage.clone(),
                _ => granted("BQ-new", ""),
            },
            |bearer| bearer == "Bearer BQ-new",
        );
        let app = App::new("id").store(store.clone()).accounts_url(server.origin());
        let builder = Spotify::builder().app(&app).base_url(server.base_url()).retries(0);
        // A refresh gets the time of one read, even after the call has ended.
        let builder = builder.call_timeout(timeout).read_timeout(timeout / 2);
        let spotify = builder.build().unwrap();
        let error = spotify.get_me().send().unwrap_err();
        assert!(!matches!(error, Error::LoginRequired(_) | Error::Store(_)), "{error:?}");
        if let Error::Transport(fault) = &error {
            assert!(
                !fault.may_have_taken_effect,
                "expected that the call itself wasn't sent: {error}"
            );
        }
        assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-0");
        // The first refresh may not have ended yet.
        while let Err(error) = spotify.get_me().send() {
            assert!(matches!(error, Error::Transport(_)), "{error:?}");
        }
    }
}

#[test]
fn valid_token_is_used_while_refreshing_fails() {
    // Less than a minute before it expires, a token is due for a refresh, but still valid.
    let store = store_with(&token("BQ-old", "AQ-0", 55));
    let server = spotify_of_two(|_, _| json(503, ""), |bearer| bearer == "Bearer BQ-old");
    let spotify = client_of(&server, App::new("id").store(store));
    let began = Instant::now();
    for _ in 0..5 {
        spotify.get_me().send().unwrap();
    }
    // The client makes the next attempt five seconds after a failure.
    let most = 1 + began.elapsed().as_secs() / 5;
    let sent = forms(&server).len() as u64;
    assert!((1..=most).contains(&sent), "expected at most {most} token requests, found {sent}");
}

#[test]
fn token_is_refreshed_before_it_expires() {
    let server = spotify_of_two(
        |_, _| granted("BQ-new", ""),
        |bearer| matches!(bearer, "Bearer BQ-new" | "Bearer BQ-old"),
    );
    for (seconds, refreshes) in [(50, 1), (90, 0)] {
        let before = forms(&server).len();
        let store = store_with(&token("BQ-old", "AQ-0", seconds));
        client_of(&server, App::new("id").store(store)).get_me().send().unwrap();
        assert_eq!(forms(&server).len() - before, refreshes, "{seconds} s before it expires");
    }
}

#[test]
fn rejected_refresh_token_is_cleared_and_not_sent_again() {
    let store = RecordingStore::new(&token("BQ-ended", "AQ-0", -10));
    let server = spotify_of_two(|_, _| refused("invalid_grant", "Refresh token revoked"), |_| true);
    let app = App::new("id").store(store.clone()).refresh_token("AQ-0");
    let spotify = client_of(&server, app.clone());
    for _ in 0..3 {
        let error = spotify.get_me().send().unwrap_err();
        assert_eq!(&*again(&error).message, "Refresh token revoked");
    }
    assert_eq!(forms(&server).len(), 1);
    assert_eq!(store.notes().iter().filter(|note| *note == "clear").count(), 1);
    assert!(store.load().unwrap().is_none());
    // A client without that memory also requires a login, but doesn't know the cause.
    let other = client_of(&server, App::new("id").store(store));
    let error = other.get_me().send().unwrap_err();
    assert_eq!(again(&error).kind, LoginRequiredKind::NoToken);
}

#[test]
fn token_that_another_client_stored_meanwhile_is_used_and_not_cleared() {
    // Another login, and a refresh token of another login whose access token has expired.
    for (seconds, requests) in [(3600, 1), (-10, 2)] {
        let store = store_with(&token("BQ-ended", "AQ-0", -10));
        let other = store.clone();
        let server = spotify_of_two(
            move |_, number| match number {
                0 => {
                    // A client that doesn't use the lock.
                    other.save(&token("BQ-login", "AQ-login", seconds)).unwrap();
                    refused("invalid_grant", "Refresh token revoked")
                }
                _ => granted("BQ-login", ""),
            },
            |bearer| bearer == "Bearer BQ-login",
        );
        client_of(&server, App::new("id").store(store.clone())).get_me().send().unwrap();
        assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-login");
        assert_eq!(forms(&server).len(), requests);
    }
}

#[test]
fn token_that_spotify_has_not_seen_is_not_refreshed() {
    let server = Server::start(|_, number| match number {
        0 => answer(401, &[("www-authenticate", r#"Bearer error="missing_token""#)], b""),
        _ => json(200, r#"{"id": "mira", "type": "user", "uri": "spotify:user:mira"}"#),
    });
    let store = store_with(&token("BQ-0", "AQ-0", 3000));
    client_of(&server, App::new("id").store(store)).get_me().send().unwrap();
    assert_eq!((server.seen().len(), forms(&server).len()), (2, 0));
}

#[test]
fn given_refresh_token_is_sent_after_the_stored_one_was_rejected() {
    let store = RecordingStore::new(&token("BQ-ended", "AQ-stored", -10));
    // The rejected token stays in the store.
    store.refusals.store(1, Ordering::SeqCst);
    let server = spotify_of_two(
        |seen, number| match String::from_utf8_lossy(&seen.body).contains("AQ-given") {
            true if number < 2 => granted("BQ-new", ""),
            _ => refused("invalid_grant", "Refresh token revoked"),
        },
        |bearer| bearer == "Bearer BQ-new",
    );
    let app = App::new("id").store(store.clone()).refresh_token("AQ-given");
    let spotify = client_of(&server, app);
    spotify.get_me().send().unwrap();
    let stored = store.load().unwrap().unwrap();
    assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-given");
    // They belong to the other login.
    assert_eq!((stored.scopes(), stored.authorized_at()), (None, None));
    // After both were rejected, neither is sent again.
    store.save(&token("BQ-ended", "AQ-given", -10)).unwrap();
    store.refusals.store(9, Ordering::SeqCst);
    let spotify = client_of(&server, App::new("id").store(store).refresh_token("AQ-other"));
    for _ in 0..3 {
        assert!(matches!(spotify.get_me().send(), Err(Error::LoginRequired(_))));
    }
    assert_eq!(forms(&server).len(), 4);
}

#[test]
fn rejected_refresh_token_is_reported_while_the_access_token_is_valid() {
    let store = store_with(&token("BQ-old", "AQ-0", 50));
    let server = spotify_of_two(|_, _| refused("invalid_grant", "Refresh token revoked"), |_| true);
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    let error = spotify.get_me().send().unwrap_err();
    assert_eq!(again(&error).kind, LoginRequiredKind::RefreshToken);
    assert!(store.load().unwrap().is_none());
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn token_request_is_retried_after_a_limit_a_fault_or_a_reset() {
    let replies = [
        answer(429, &[("retry-after", "30")], b""),
        answer(503, &[("retry-after", "30")], b""),
        json(500, ""),
        Reply::Last(Vec::new()),
        Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{\"access".to_vec()),
    ];
    for first in replies {
        let is_timed =
            matches!(&first, Reply::Bytes(bytes) if bytes.windows(5).any(|w| w == b"retry"));
        for is_app in [false, true] {
            let first = first.clone();
            let server = spotify_of_two(
                move |_, number| match number {
                    0 => first.clone(),
                    _ => granted("BQ-new", ""),
                },
                |bearer| bearer == "Bearer BQ-new",
            );
            let waits: Arc<Mutex<Vec<Duration>>> = Arc::default();
            let recorded = waits.clone();
            let app = App::new("id").client_secret("secret").refresh_token("AQ-0");
            let mut builder = builder_of(&server, app.clone())
                .sleep_with(move |wait| recorded.lock().unwrap().push(wait));
            if is_app {
                builder = builder.client_credentials(app.accounts_url(server.origin()));
            }
            let began = Instant::now();
            builder.build().unwrap().get_markets().send_raw().unwrap();
            let seen = server.seen();
            assert_eq!((seen.len(), &seen[0].body), (3, &seen[1].body));
            let waits = waits.lock().unwrap();
            assert_eq!(waits.len(), 1);
            let retry_after = Duration::from_secs(30);
            assert!(waits[0] <= retry_after, "{waits:?}");
            assert!(!is_timed || waits[0] + began.elapsed() >= retry_after, "{waits:?}");
        }
    }
}

#[test]
fn token_request_has_the_retries_of_the_client_and_not_more() {
    for retries in [0, 2] {
        for reply in [json(503, ""), Reply::Last(Vec::new())] {
            let server = spotify_of_two(move |_, _| reply.clone(), |_| true);
            let builder = builder_of(&server, App::new("id").refresh_token("AQ-0"));
            builder.retries(retries).build().unwrap().get_me().send().unwrap_err();
            assert_eq!(forms(&server).len(), retries as usize + 1);
        }
    }
}

#[test]
fn limit_of_the_token_endpoint_is_remembered() {
    limit_is_remembered("");
}

#[test]
fn quota_of_the_token_endpoint_is_remembered_as_a_rate_limit() {
    limit_is_remembered(r#"{"error":{"status":429,"message":"Many","reason":"QUOTA_EXCEEDED"}}"#);
    limit_is_remembered(r#"{"error":"QUOTA_EXCEEDED","error_description":"Many"}"#);
}

fn limit_is_remembered(body: &'static str) {
    let server = spotify_of_two(
        move |_, _| answer(429, &[("retry-after", "120")], body.as_bytes()),
        |_| true,
    );
    for is_app in [false, true] {
        let before = forms(&server).len();
        let app = App::new("id").client_secret("secret").refresh_token("AQ-0");
        let app = app.accounts_url(server.origin());
        let builder = match is_app {
            true => Spotify::builder().client_credentials(&app),
            false => Spotify::builder().app(&app),
        };
        let spotify = builder.base_url(server.base_url()).build().unwrap();
        let error = spotify.get_markets().send().unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
        for _ in 0..20 {
            let Err(Error::RateLimited(limited)) = spotify.get_markets().send() else { panic!() };
            assert_eq!(limited.kind, RateLimitKind::Rate);
            assert!(
                limited.api_error.is_none() && limited.to_string().ends_with("nothing was sent")
            );
        }
        let kinds: Vec<_> = spotify.cooldowns().into_iter().map(|limit| limit.kind).collect();
        assert_eq!(kinds, [CooldownKind::TokenEndpoint]);
        // The limit also applies to another client of the app. A valid token is still used.
        let other = Spotify::builder().app(&app).base_url(server.base_url()).build().unwrap();
        assert!(matches!(other.get_me().send(), Err(Error::RateLimited(_))));
        assert_eq!(forms(&server).len(), before + 1);
    }
}

#[test]
fn valid_token_is_used_while_its_refresh_hangs() {
    let server =
        spotify_of_two(|_, _| Reply::Silence(Vec::new()), |bearer| bearer == "Bearer BQ-old");
    with_longer_limits(Duration::from_millis(500), |timeout| {
        let before = forms(&server).len();
        let store = store_with(&token("BQ-old", "AQ-0", 50));
        let client = |app| builder_of(&server, app).call_timeout(timeout).build().unwrap();
        let spotify = client(App::new("id").store(store.clone()));
        let other = client(App::new("id").store(store));
        // For the other client, the lock is still held, as it may be by another program.
        for spotify in [&spotify, &spotify, &other, &other] {
            spotify.get_me().send().map_err(|error| error.to_string())?;
        }
        match forms(&server).len() - before {
            1 => Ok(()),
            sent => Err(format!("{sent} token requests")),
        }
    });
}

#[test]
fn call_that_cannot_use_the_token_does_not_fail_with_a_refresh_without_retries() {
    with_longer_limits(Duration::from_millis(500), |timeout| {
        let server = spotify_of_two(
            |_, number| match number {
                0 => Reply::Silence(Vec::new()),
                _ => granted("BQ-new", ""),
            },
            |bearer| bearer == "Bearer BQ-new",
        );
        // The token is valid by the clock, and rejected while the refresh still hangs.
        let store = store_with(&token("BQ-old", "AQ-0", 50));
        let builder = builder_of(&server, App::new("id").store(store)).call_timeout(timeout);
        builder.read_timeout(timeout * 2 / 3).build().unwrap().get_me().send()?;
        assert_eq!(forms(&server).len(), 2);
        Ok::<_, Error>(())
    });
}

#[test]
fn refresh_that_outlasts_the_call_keeps_the_rotated_token() {
    with_longer_limits(Duration::from_millis(200), |timeout| {
        let (release, released) = mpsc::channel::<()>();
        let (requested, is_requested) = mpsc::channel();
        let channels = Mutex::new((requested, released));
        let server = spotify_of_two(
            move |_, number| {
                let channels = channels.lock().unwrap();
                let _ = channels.0.send(());
                let _ = channels.1.recv();
                granted("BQ-new", &format!(r#","refresh_token":"AQ-{}""#, number + 1))
            },
            |bearer| bearer == "Bearer BQ-new",
        );
        let store = store_with(&token("BQ-ended", "AQ-0", -10));
        let builder = builder_of(&server, App::new("id").store(store.clone()));
        let spotify = builder.call_timeout(timeout).build().unwrap();
        let Err(Error::Transport(fault)) = spotify.get_me().send() else { panic!() };
        assert_eq!((fault.kind, fault.may_have_taken_effect), (TransportErrorKind::Timeout, false));
        assert!(
            fault
                .to_string()
                .contains("(the `call_timeout` is over before the token is refreshed)"),
            "{fault}"
        );
        // A timeout that is over too early starts no refresh.
        is_requested.recv_timeout(timeout)?;
        release.send(()).unwrap();
        // The refresh continues after the call.
        let until = Instant::now() + Duration::from_secs(60);
        while store.load().unwrap().unwrap().refresh_token().unwrap().reveal() != "AQ-1" {
            assert!(Instant::now() < until, "the token is lost");
            thread::yield_now();
        }
        let builder = builder_of(&server, App::new("id").store(store));
        builder.build().unwrap().get_me().send().unwrap();
        assert_eq!(forms(&server).len(), 1);
        Ok::<_, mpsc::RecvTimeoutError>(())
    });
}

#[test]
fn newer_login_or_logout_wins_over_a_token_that_was_not_saved() {
    for is_login in [true, false] {
        let store = RecordingStore::new(&token("BQ-ended", "AQ-0", -10));
        store.refusals.store(1, Ordering::SeqCst);
        let server = spotify_of_two(
            |_, number| {
                granted(&format!("BQ-{number}"), &format!(r#","refresh_token":"AQ-{number}-new""#))
            },
            |bearer| bearer == "Bearer BQ-1",
        );
        let spotify = client_of(&server, App::new("id").store(store.clone()));
        assert!(matches!(spotify.get_me().send(), Err(Error::Store(_))));
        if is_login {
            // Another program has logged in, and the access token of that login has expired.
            store.store.save(&token("BQ-login", "AQ-login", -10)).unwrap();
            spotify.get_me().send().unwrap();
            assert!(forms(&server)[1].contains("refresh_token=AQ-login&"));
            let stored = store.load().unwrap().unwrap();
            assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-1-new");
        } else {
            store.store.clear().unwrap();
            assert!(matches!(spotify.get_me().send(), Err(Error::LoginRequired(_))));
            assert!(store.store.load().unwrap().is_none());
        }
    }
}

#[test]
fn calls_refused_again_and_again_cost_one_refresh() {
    let server = spotify_of_two(
        |_, number| granted(&format!("BQ-{number}"), ""),
        |bearer| bearer == "Bearer BQ-login",
    );
    let store = store_with(&token("BQ-old", "AQ-0", 3000));
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    for _ in 0..20 {
        assert!(matches!(spotify.get_me().send(), Err(Error::Unauthorized(_))));
    }
    assert_eq!(forms(&server).len(), 1);
    // A new login helps immediately.
    store.save(&token("BQ-login", "AQ-login", 3600)).unwrap();
    spotify.get_me().send().unwrap();
    assert_eq!(forms(&server).len(), 1);
}

#[test]
fn status_401_causes_one_refresh_and_one_retry() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let store = store_with(&token("BQ-old", "AQ-0", 3000));
    client_of(&server, App::new("id").store(store)).get_me().send().unwrap();
    let targets: Vec<_> = server.seen().iter().map(|seen| seen.target().to_owned()).collect();
    assert_eq!(targets, ["/v1/me", "/api/token", "/v1/me"]);

    // The whole request is sent again, with its body, and only once.
    let server = spotify_of_two(|_, number| granted(&format!("BQ-{number}"), ""), |_| false);
    let json = token("BQ-old", "AQ-0", 3000).to_json();
    let json = json.reveal().replace("user-read-email", "playlist-modify-public");
    let store = store_with(&Token::from_json(&json).unwrap());
    let spotify = client_of(&server, App::new("id").store(store));
    let error = spotify.create_playlist("Coltrane").send().unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert_eq!((seen[0].target(), &seen[0].body), (seen[2].target(), &seen[2].body));
    assert!(!seen[0].body.is_empty());
    assert_ne!(seen[0].header("authorization"), seen[2].header("authorization"));
}

#[test]
fn request_is_not_retried_if_refresh_returns_the_same_token() {
    let server = spotify_of_two(|_, _| granted("BQ-old", ""), |_| false);
    let store = store_with(&token("BQ-old", "AQ-0", 3000));
    let error = client_of(&server, App::new("id").store(store)).get_me().send().unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    let targets: Vec<_> = server.seen().iter().map(|seen| seen.target().to_owned()).collect();
    assert_eq!(targets, ["/v1/me", "/api/token"]);
}

#[test]
fn clients_sharing_a_store_refresh_once() {
    let server = fake::Server::start().unwrap();
    server.rotate_refresh_tokens(true);
    let ended = token("BQ-ended", &server.issue_refresh_token([Scope::UserReadEmail]), -10);
    let store = store_with(&ended);
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let spotify = client(&server, &server.app().store(store.clone()));
            thread::spawn(move || spotify.get_me().send().map(drop))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn held_store_lock_fails_after_the_call_timeout() {
    let server = fake::Server::start().unwrap();
    let store = RecordingStore::new(&token("BQ-ended", "AQ-0", -10));
    // The client waits for the error of a store that gives up a bit later.
    store.is_late.store(true, Ordering::SeqCst);
    let held = store.store.lock(Instant::now()).unwrap();
    let error = with_longer_limits(Duration::from_millis(50), |timeout| {
        let builder = Spotify::builder().app(server.app().store(store.clone()));
        let builder = builder.base_url(server.base_url()).call_timeout(timeout);
        match builder.build().unwrap().get_me().send() {
            Err(error @ Error::Store(_)) => Ok(error),
            // The timeout was over before the lock was requested.
            result => Err(result.unwrap_err()),
        }
    });
    insta::assert_snapshot!(error, @"token store: another client holds its lock, and did not release it in time; retry");
    assert!(error.is_retryable());
    drop(held);
    assert_eq!(token_requests(&server), 0);
}

#[test]
fn wrong_clock_causes_a_single_refresh() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let at = |seconds: i64| Timestamp::from_unix_seconds(Timestamp::now().unix_seconds() + seconds);
    // The receive time is in the future: the clock was set back, so the token's age is unknown.
    for (received, expires) in [(7200, 10_800), (-400_000_000, -399_996_400)] {
        let json = format!(
            r#"{{"access_token":"BQ-old","refresh_token":"AQ-0","expires_at":"{}","received_at":"{}"}}"#,
            at(expires),
            at(received)
        );
        let store = store_with(&Token::from_json(&json).unwrap());
        let spotify = client_of(&server, App::new("id").store(store));
        let before = server.seen().len();
        spotify.get_me().send().unwrap();
        spotify.get_me().send().unwrap();
        let targets: Vec<_> =
            server.seen()[before..].iter().map(|seen| seen.target().to_owned()).collect();
        assert_eq!(targets, ["/api/token", "/v1/me", "/v1/me"]);
    }
}

/// A store that panics on its first call of one method.
struct Panics(AtomicUsize, MemoryStore, fn(&Panics, &str));

impl TokenStore for Panics {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        self.2(self, "load");
        self.1.load()
    }
    fn save(&self, token: &Token) -> Result<(), StoreError> {
        self.2(self, "save");
        self.1.save(token)
    }
    fn clear(&self) -> Result<(), StoreError> {
        self.1.clear()
    }
    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.2(self, "lock");
        self.1.lock(deadline)
    }
}

#[test]
fn store_that_panics_loses_no_token_and_stops_no_other_call() {
    type Fail = fn(&Panics, &str);
    let panics: [Fail; 3] = [
        |store, step| assert!(step != "load" || store.0.fetch_add(1, Ordering::SeqCst) != 1),
        |store, step| assert!(step != "save" || store.0.fetch_add(1, Ordering::SeqCst) != 0),
        |store, step| assert!(step != "lock" || store.0.fetch_add(1, Ordering::SeqCst) != 0),
    ];
    for panics in panics {
        let server = spotify_of_two(
            |_, number| match number {
                0 => granted("BQ-new", r#","refresh_token":"AQ-1""#),
                _ => refused("invalid_grant", "Refresh token revoked"),
            },
            |bearer| bearer == "Bearer BQ-new",
        );
        let memory = MemoryStore::new();
        memory.save(&token("BQ-ended", "AQ-0", -10)).unwrap();
        let store = Arc::new(Panics(AtomicUsize::new(0), memory, panics));
        let spotify = client_of(&server, App::new("id").store(store.clone()));
        let error = spotify.get_me().send().unwrap_err();
        let text = "token store: it panicked while the token was refreshed";
        assert_eq!(error.to_string(), text);
        assert!(error.is_retryable());
        spotify.get_me().send().unwrap();
        assert_eq!(store.1.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-1");
        assert_eq!(forms(&server).len(), 1);
    }
}
