//! Concurrent threads on one client, against a server that fails all the time: no write is lost or duplicated.
//!
//! The normal run is short. For a longer one with statistics:
//!
//! ```sh
//! TONEARM_SOAK=400 cargo test --release --test network soak -- --nocapture
//! ```

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tonearm::error::RateLimitKind;
use tonearm::fake::{Fault, Reply, Server};
use tonearm::{Error, Event, Scope, Spotify, SpotifyUri, WaitReason};

const THREADS: usize = 32;

/// Returns the number of rounds of each thread. A round has four calls or more.
fn rounds() -> usize {
    std::env::var("TONEARM_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

/// The writes of all threads, by their results.
#[derive(Default)]
struct Tally {
    /// Added to the playlist.
    added: Vec<String>,
    /// Adds that failed, but may have taken effect.
    unsure: Vec<String>,
    saved: BTreeSet<String>,
    removed: BTreeSet<String>,
}

/// The client's events, counted.
#[derive(Default)]
struct Events {
    attempts: AtomicUsize,
    retries: AtomicUsize,
    limits: AtomicUsize,
    quotas: AtomicUsize,
    at_once: AtomicUsize,
    most_concurrent: AtomicUsize,
}

impl Events {
    fn record(&self, event: &Event<'_>) {
        match event {
            Event::Attempt { .. } => {
                self.attempts.fetch_add(1, Ordering::Relaxed);
                let now = 1 + self.at_once.fetch_add(1, Ordering::SeqCst);
                self.most_concurrent.fetch_max(now, Ordering::SeqCst);
            }
            Event::Response { .. } | Event::Failure { .. } => {
                self.at_once.fetch_sub(1, Ordering::SeqCst);
            }
            Event::Wait { reason: WaitReason::Failure, .. } => {
                self.retries.fetch_add(1, Ordering::Relaxed);
            }
            Event::Wait { reason: WaitReason::RateLimit(kind), .. } => {
                let is_quota = *kind == RateLimitKind::Quota;
                let count = if is_quota { &self.quotas } else { &self.limits };
                count.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

/// Adds a track to the playlist, and retries until that has or may have taken effect.
fn add(spotify: &Spotify, playlist: &tonearm::PlaylistId, uri: &str, tally: &Mutex<Tally>) {
    loop {
        match spotify.add_playlist_items(playlist, [uri]).send() {
            Ok(_) => return tally.lock().unwrap().added.push(uri.to_owned()),
            Err(error) if error.may_have_taken_effect() => {
                return tally.lock().unwrap().unsure.push(uri.to_owned());
            }
            Err(Error::Unauthorized(_)) => {}
            Err(error) => assert!(error.is_retryable(), "{error}"),
        }
    }
}

/// Repeats a call until it succeeds or fails for a reason other than its token. The client returns an error if a
/// token expires twice during one call, and the tokens of this test expire that often.
fn until_authorized<T>(call: impl Fn() -> Result<T, Error>) -> T {
    loop {
        match call() {
            Err(Error::Unauthorized(_)) => {}
            Err(Error::PartialWrite(stopped)) if stopped.error.status() == Some(401) => {}
            answer => return answer.unwrap(),
        }
    }
}

#[test]
fn concurrent_threads_lose_and_duplicate_no_writes() {
    let began = Instant::now();
    let server = Server::start().unwrap();
    let (events, tally) = (Arc::new(Events::default()), Mutex::new(Tally::default()));
    let app = server.app().refresh_token(server.issue_refresh_token(Scope::ALL));
    let observed = Arc::clone(&events);
    let spotify = Spotify::builder()
        .app(&app)
        .base_url(server.base_url())
        .retries(30)
        .connections(4)
        .max_idle_connections(4)
        // Waits end immediately, which makes the test shorter and the threads collide more often.
        .sleep_with(|_| std::thread::yield_now())
        .observer(move |event| observed.record(event))
        .build()
        .unwrap();
    let playlist = spotify.create_playlist("Soak").send().unwrap().id;
    let before: BTreeSet<SpotifyUri> = server.library().into_iter().collect();
    let tracks: Vec<_> = server.catalog().tracks();
    let albums: Vec<_> = server.catalog().albums();
    let quota = r#"{"error":{"status":429,"message":"Too many","reason":"QUOTA_EXCEEDED"}}"#;
    let faults = [
        (Fault::RateLimited { retry_after: Duration::from_secs(1) }, 5),
        // A quota of one endpoint, which is over soon.
        (Reply::new(429).header("retry-after", "1").body(quota).into(), 5),
        (Fault::Status(503), 5),
        (Fault::ResetBeforeProcessing, 5),
        (Fault::ResetAfterProcessing, 5),
        (Fault::Slow { pause: Duration::from_millis(1), bytes: 20 }, 5),
    ];
    server.inject_randomly(7, faults.clone());
    let (rounds, expirations) = (rounds(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (spotify, playlist, tally) = (spotify.clone(), &playlist, &tally);
            let (tracks, albums, server, expirations) = (&tracks, &albums, &server, &expirations);
            scope.spawn(move || {
                for round in 0..rounds {
                    let number = thread * rounds + round;
                    let name = format!("{number:022}");
                    add(
                        &spotify,
                        playlist,
                        &SpotifyUri::from(tracks[number % tracks.len()].clone()).to_string(),
                        tally,
                    );
                    // Each thread saves and removes its own albums.
                    let own: Vec<_> =
                        albums.iter().skip(thread).step_by(THREADS).take(25).cloned().collect();
                    let uris = || own.iter().map(|id| SpotifyUri::from(id.clone()).to_string());
                    match round % 2 {
                        0 => {
                            until_authorized(|| spotify.save_albums(&own).send());
                            let mut tally = tally.lock().unwrap();
                            uris().for_each(|uri| {
                                tally.removed.remove(&uri);
                                tally.saved.insert(uri);
                            });
                        }
                        _ => {
                            until_authorized(|| spotify.remove_saved_albums(&own).send());
                            let mut tally = tally.lock().unwrap();
                            uris().for_each(|uri| {
                                tally.saved.remove(&uri);
                                tally.removed.insert(uri);
                            });
                        }
                    }
                    let saved = until_authorized(|| spotify.are_albums_saved(&own).send());
                    assert_eq!(saved, vec![round % 2 == 0; own.len()], "{name}");
                    let page = until_authorized(|| spotify.get_my_saved_tracks().limit(5).send());
                    assert!(!page.items.is_empty());
                    // The token expires for all threads at the same time.
                    if number % 40 == 17 {
                        expirations.fetch_add(1, Ordering::SeqCst);
                        server.expire_access_tokens();
                    }
                }
            });
        }
    });
    let injected: Vec<(String, usize)> =
        server.injected().into_iter().map(|(fault, count)| (format!("{fault:?}"), count)).collect();
    server.inject_randomly(0, []);

    // Client and server have the same counts.
    let tally = tally.into_inner().unwrap();
    let rows = spotify.get_playlist_items(&playlist).collect_all().unwrap();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in &rows {
        let uri = row.item.uri().unwrap().to_string();
        *counts.entry(uri).or_default() += 1;
    }
    let mut expected: HashMap<String, usize> = HashMap::new();
    for uri in &tally.added {
        *expected.entry(uri.clone()).or_default() += 1;
    }
    let unsure: HashMap<String, usize> =
        tally.unsure.iter().fold(HashMap::new(), |mut all, uri| {
            *all.entry(uri.clone()).or_default() += 1;
            all
        });
    let of = |map: &HashMap<String, usize>, uri: &str| map.get(uri).copied().unwrap_or(0);
    let (mut lost, mut repeated) = (0, 0);
    for uri in counts.keys().chain(expected.keys()).collect::<BTreeSet<_>>() {
        let (found, sure) = (of(&counts, uri), of(&expected, uri));
        lost += sure.saturating_sub(found);
        repeated += found.saturating_sub(sure + of(&unsure, uri));
    }
    assert_eq!((lost, repeated), (0, 0));
    let library: BTreeSet<SpotifyUri> = server.library().into_iter().collect();
    for uri in &tally.saved {
        assert!(library.contains(&uri.parse().unwrap()), "{uri} is lost");
    }
    for uri in &tally.removed {
        assert!(!library.contains(&uri.parse().unwrap()), "{uri} was added again");
    }
    let ours: BTreeSet<SpotifyUri> =
        tally.saved.iter().chain(&tally.removed).map(|uri| uri.parse().unwrap()).collect();
    let others = |set: &BTreeSet<SpotifyUri>| {
        set.difference(&ours)
            .filter(|uri| !matches!(uri, SpotifyUri::Playlist(_)))
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(others(&library), others(&before), "expected no other change");
    // Every fault was injected, and no thread waits for the request of another one.
    assert_eq!(injected.len(), faults.len(), "{injected:?}");
    assert!(events.quotas.load(Ordering::Relaxed) > 0);
    assert!(events.most_concurrent.load(Ordering::SeqCst) > 1);
    // The client keeps as many connections as its settings allow, of 32 and more. The server notices the end of
    // the others a moment later.
    let limit = Instant::now() + Duration::from_secs(600);
    while server.connections() > 4 {
        assert!(Instant::now() < limit, "{} connections are still open", server.connections());
        std::thread::yield_now();
    }

    let refreshes = server
        .requests()
        .iter()
        .filter(|seen| seen.path == "/api/token" && seen.status == Some(200))
        .count();
    // Each expired token is refreshed once, by whichever thread notices first, in addition to the first refresh.
    let expired = expirations.into_inner();
    assert!(
        (1..=expired + 1).contains(&refreshes),
        "{refreshes} refreshes of {expired} expired tokens"
    );
    println!("calls          {}", THREADS * rounds * 4);
    println!("requests       {}", events.attempts.load(Ordering::Relaxed));
    println!("faults         {injected:?}");
    println!("retries        {}", events.retries.load(Ordering::Relaxed));
    println!("limits         {}", events.limits.load(Ordering::Relaxed));
    println!("quotas         {}", events.quotas.load(Ordering::Relaxed));
    println!("refreshes      {refreshes} of {expired} expired tokens");
    println!(
        "added          {} sure, {} unsure, {} in the playlist",
        tally.added.len(),
        tally.unsure.len(),
        rows.len()
    );
    println!("lost, repeated {lost}, {repeated}");
    println!("concurrent     {} at most", events.most_concurrent.load(Ordering::SeqCst));
    println!("wall           {:.1} s", began.elapsed().as_secs_f64());
    if let Ok(status) = std::fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM"))
    {
        println!("peak memory    {}", peak.trim_start_matches("VmHWM:").trim());
    }
}

#[test]
fn client_works_again_after_transient_failures() {
    let server = Server::start().unwrap();
    let spotify = server.client_builder().retries(0).build().unwrap();
    server
        .script_all()
        .then(Fault::ResetBeforeProcessing)
        .then(Fault::Status(503))
        .then(Fault::ResetAfterProcessing);
    let errors: Vec<Error> = (0..3).map(|_| spotify.get_me().send().unwrap_err()).collect();
    assert!(errors.iter().all(Error::is_retryable));
    assert_eq!(server.pending_faults(), 0);
    spotify.get_me().send().unwrap();
}
