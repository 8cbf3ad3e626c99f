//! Tokens are renewed once for all who wait, and nothing is lost on the way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use tonearm::auth::{LoginRequiredCause, MemoryStore, StoreError, StoreLock, Token, TokenStore};
use tonearm::{App, Error, Scope, Spotify, Timestamp, fake};

use super::support::{Reply, answer, json};
use super::{
    again, client, client_of, forms, granted, refused, spotify_of_two, store_with, token,
    token_requests,
};

fn everyone(spotify: &Spotify, threads: usize) -> Vec<Result<(), Error>> {
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
fn eight_threads_renew_an_ended_token_once() {
    for rotates in [false, true] {
        let server = fake::Server::start().unwrap();
        server.rotate_refresh_tokens(rotates);
        let ended = token("BQ-ended", &server.refresh_token([Scope::UserReadEmail]), -10);
        let app = server.app().store(store_with(&ended));
        let spotify = client(&server, &app);
        for result in everyone(&spotify, 8) {
            result.unwrap();
        }
        assert_eq!(token_requests(&server), 1);
        // The same when the server says so first.
        server.expire_access_tokens();
        for result in everyone(&spotify, 8) {
            result.unwrap();
        }
        assert_eq!(token_requests(&server), 2);
    }
}

#[test]
fn eight_threads_get_the_token_of_a_client_once() {
    let server = fake::Server::start().unwrap();
    let app = server.app().secret(server.client_secret());
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

#[test]
fn one_failure_is_told_to_all_who_waited_for_it() {
    let waiting = Arc::new(AtomicUsize::new(0));
    let counted = waiting.clone();
    let server = spotify_of_two(
        move |_, _| {
            // Until the others are on their way, which takes no time at all.
            while counted.load(Ordering::SeqCst) < 4 {
                thread::yield_now();
            }
            json(503, "<html>down</html>")
        },
        |_| true,
    );
    let store = store_with(&token("BQ-ended", "AQ-1", -10));
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (spotify, waiting) = (spotify.clone(), waiting.clone());
            thread::spawn(move || {
                waiting.fetch_add(1, Ordering::SeqCst);
                spotify.get_me().send().unwrap_err()
            })
        })
        .collect();
    for thread in threads {
        let error = thread.join().unwrap();
        assert_eq!((error.status(), error.is_retryable()), (Some(503), true), "{error:?}");
    }
    assert!(forms(&server).len() <= 4);
    assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-1");
}

// Other clients store the answer as it is, and have lost the refresh token after the first renewal.
#[test]
fn a_missing_refresh_token_keeps_the_old_one() {
    let server = spotify_of_two(
        |_, number| granted(&format!("BQ-{number}"), r#","scope":"""#),
        |bearer| bearer.starts_with("Bearer BQ-"),
    );
    let store = store_with(&token("BQ-ended", "AQ-first", -10));
    for _ in 0..3 {
        let before = store.load().unwrap().unwrap();
        // A new client each time, as a program that is started again.
        client_of(&server, App::new("id").store(store.clone())).get_me().send().unwrap();
        let stored = store.load().unwrap().unwrap();
        assert_eq!(stored.refresh_token().unwrap().reveal(), "AQ-first");
        assert_eq!(stored.scopes(), before.scopes(), "an empty text says nothing of scopes");
        assert_eq!(stored.authorized_at(), before.authorized_at());
        // Time passes.
        store.save(&token("BQ-ended", "AQ-first", -10)).unwrap();
    }
    assert_eq!(forms(&server).len(), 3);
    assert!(forms(&server).iter().all(|form| form.contains("refresh_token=AQ-first&")));
}

/// A store that says what was done with it, and can refuse to save.
struct Noted {
    store: MemoryStore,
    notes: std::sync::Mutex<Vec<String>>,
    refusals: AtomicUsize,
}

impl Noted {
    fn new(token: &Token) -> Arc<Self> {
        let store = MemoryStore::new();
        store.save(token).unwrap();
        Arc::new(Noted { store, notes: Default::default(), refusals: AtomicUsize::new(0) })
    }

    fn note(&self, note: impl Into<String>) {
        self.notes.lock().unwrap().push(note.into());
    }

    fn notes(&self) -> Vec<String> {
        std::mem::take(&mut self.notes.lock().unwrap())
    }
}

impl TokenStore for Noted {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        self.note("load");
        self.store.load()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        self.note(format!("save {}", token.refresh_token().unwrap().reveal()));
        match self
            .refusals
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
        {
            Ok(_) => Err(StoreError::failed("the disk is full", "28")),
            Err(_) => self.store.save(token),
        }
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.note("clear");
        self.store.clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.note("lock");
        struct Unlock<'a>(&'a Noted, #[allow(dead_code)] StoreLock<'a>);
        impl Drop for Unlock<'_> {
            fn drop(&mut self) {
                self.0.note("unlock");
            }
        }
        Ok(StoreLock::new(Unlock(self, self.store.lock(deadline)?)))
    }
}

#[test]
fn a_new_refresh_token_is_stored_under_the_lock_before_it_is_used() {
    let store = Noted::new(&token("BQ-ended", "AQ-0", -10));
    let noted = store.clone();
    let server = spotify_of_two(
        |_, number| granted("BQ-new", &format!(r#","refresh_token":"AQ-{}""#, number + 1)),
        move |bearer| {
            noted.note(format!("call with {bearer}"));
            bearer == "Bearer BQ-new"
        },
    );
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    spotify.get_me().send().unwrap();
    assert_eq!(
        store.notes(),
        ["load", "lock", "load", "save AQ-1", "unlock", "call with Bearer BQ-new"],
        "and the request that made it due carries the new one"
    );
}

#[test]
fn a_token_that_could_not_be_stored_is_not_lost_and_not_used_either() {
    let store = Noted::new(&token("BQ-ended", "AQ-0", -10));
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
        assert_eq!(error.to_string(), "the token store: the disk is full (28)");
    }
    spotify.get_me().send().unwrap();
    assert_eq!(forms(&server).len(), 1);
    assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-1");
}

#[test]
fn outages_lose_nothing() {
    let cut = || Reply::Last(Vec::new());
    let half = || Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{\"access".to_vec());
    let silence = || Reply::Silence(Vec::new());
    let outages = [
        json(500, ""),
        json(502, "<html>Bad gateway</html>"),
        json(503, r#"{"error":"server_error"}"#),
        answer(429, &[], b""),
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
        let client = |timeout| {
            let builder = Spotify::builder().app(&app).base_url(server.base_url());
            builder.call_timeout(timeout).retries(0).build().unwrap()
        };
        let spotify = client(timeout);
        let error = spotify.get_me().send().unwrap_err();
        assert!(!matches!(error, Error::LoginRequired(_) | Error::Store(_)), "{error:?}");
        if let Error::Transport(fault) = &error {
            assert!(!fault.may_have_taken_effect, "the call itself was never sent: {error}");
        }
        assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-0");
        spotify.get_me().send().unwrap();
    }
}

#[test]
fn a_token_that_is_still_good_is_used_through_an_outage() {
    // Ten seconds before its end an hour's token is due, and still works.
    let store = store_with(&token("BQ-old", "AQ-0", 10));
    let server = spotify_of_two(|_, _| json(503, ""), |bearer| bearer == "Bearer BQ-old");
    let spotify = client_of(&server, App::new("id").store(store));
    for _ in 0..5 {
        spotify.get_me().send().unwrap();
    }
    assert!((1..=2).contains(&forms(&server).len()), "it is not asked with every call");
}

#[test]
fn a_token_is_renewed_ahead_of_its_end() {
    let server = spotify_of_two(
        |_, _| granted("BQ-new", ""),
        |bearer| matches!(bearer, "Bearer BQ-new" | "Bearer BQ-old"),
    );
    for (seconds, renewals) in [(50, 1), (90, 0)] {
        let before = forms(&server).len();
        let store = store_with(&token("BQ-old", "AQ-0", seconds));
        client_of(&server, App::new("id").store(store)).get_me().send().unwrap();
        assert_eq!(forms(&server).len() - before, renewals, "{seconds} s before its end");
    }
}

#[test]
fn a_refused_refresh_token_is_cleared_once_and_not_sent_again() {
    let store = Noted::new(&token("BQ-ended", "AQ-0", -10));
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
    // A client without that memory asks for a login too, but knows not why.
    let other = client_of(&server, App::new("id").store(store));
    let error = other.get_me().send().unwrap_err();
    assert_eq!(again(&error).cause, LoginRequiredCause::NoToken);
}

#[test]
fn what_another_client_stored_meanwhile_is_neither_cleared_nor_overlooked() {
    let store = store_with(&token("BQ-ended", "AQ-0", -10));
    let other = store.clone();
    let server = spotify_of_two(
        move |_, _| {
            // Somebody who takes no lock logs in while the request is on its way.
            other.save(&token("BQ-login", "AQ-login", 3600)).unwrap();
            refused("invalid_grant", "Refresh token revoked")
        },
        |bearer| bearer == "Bearer BQ-login",
    );
    let spotify = client_of(&server, App::new("id").store(store.clone()));
    assert!(matches!(spotify.get_me().send(), Err(Error::LoginRequired(_))));
    assert_eq!(store.load().unwrap().unwrap().refresh_token().unwrap().reveal(), "AQ-login");
    spotify.get_me().send().unwrap();
}

#[test]
fn a_401_is_answered_with_one_renewal_and_one_more_request() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let store = store_with(&token("BQ-old", "AQ-0", 3000));
    client_of(&server, App::new("id").store(store)).get_me().send().unwrap();
    let targets: Vec<_> = server.seen().iter().map(|seen| seen.target().to_owned()).collect();
    assert_eq!(targets, ["/v1/me", "/api/token", "/v1/me"]);

    // The whole request, body and all; and only once.
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
fn a_renewal_that_brings_the_same_token_is_no_reason_to_ask_again() {
    let server = spotify_of_two(|_, _| granted("BQ-old", ""), |_| false);
    let store = store_with(&token("BQ-old", "AQ-0", 3000));
    let error = client_of(&server, App::new("id").store(store)).get_me().send().unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    let targets: Vec<_> = server.seen().iter().map(|seen| seen.target().to_owned()).collect();
    assert_eq!(targets, ["/v1/me", "/api/token"]);
}

#[test]
fn clients_that_share_a_store_renew_once_for_all() {
    let server = fake::Server::start().unwrap();
    server.rotate_refresh_tokens(true);
    let ended = token("BQ-ended", &server.refresh_token([Scope::UserReadEmail]), -10);
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
fn a_lock_that_is_held_counts_against_the_time_of_the_call() {
    let server = fake::Server::start().unwrap();
    let store = store_with(&token("BQ-ended", "AQ-0", -10));
    let spotify = Spotify::builder()
        .app(server.app().store(store.clone()))
        .base_url(server.base_url())
        .call_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let held = store.lock(Instant::now()).unwrap();
    let error = spotify.get_me().send().unwrap_err();
    insta::assert_snapshot!(error, @"the token store: another client holds its lock and did not give it back in time; try again");
    assert!(error.is_retryable());
    drop(held);
    assert_eq!(token_requests(&server), 0);
}

#[test]
fn clocks_that_are_wrong_cost_a_renewal_and_no_more() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let at = |seconds: i64| Timestamp::from_unix_seconds(Timestamp::now().unix_seconds() + seconds);
    // Received in what is the future now: the clock was set back, and nobody knows how old it is.
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

#[test]
fn a_store_that_panics_does_not_stop_the_others() {
    struct Panics(AtomicUsize);
    impl TokenStore for Panics {
        fn load(&self) -> Result<Option<Token>, StoreError> {
            match self.0.fetch_add(1, Ordering::SeqCst) {
                0 => panic!("a store of the user's own"),
                _ => Ok(Some(token("BQ-new", "AQ-0", 3600))),
            }
        }
        fn save(&self, _: &Token) -> Result<(), StoreError> {
            Ok(())
        }
        fn clear(&self) -> Result<(), StoreError> {
            Ok(())
        }
        fn lock(&self, _: Instant) -> Result<StoreLock<'_>, StoreError> {
            Ok(StoreLock::none())
        }
    }
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let spotify = client_of(&server, App::new("id").store(Panics(AtomicUsize::new(0))));
    let first = spotify.clone();
    thread::spawn(move || first.get_me().send().map(drop)).join().unwrap_err();
    spotify.get_me().send().unwrap();
}
