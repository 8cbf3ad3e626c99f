//! Retries, waits and errors, on a socket and with a clock that the test controls.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::support::{Reply, Server, answer, json, with_longer_limits};
use tonearm::auth::CooldownKind;
use tonearm::error::RateLimitKind;
use tonearm::{Error, Event, Spotify, SpotifyBuilder, Timestamp, WaitReason};

const TRACK: &str = "4iV5W9uYEdYUVa79Axb7Rh";
const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";
const RATE: &str = r#"{"error":{"status":429,"message":"API rate limit exceeded"}}"#;
const QUOTA: &str =
    r#"{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}"#;
const ME: &str = r#"{"id":"mira"}"#;

type Waits = Arc<Mutex<Vec<Duration>>>;

/// Returns a builder for a client that records its waits instead of sleeping.
fn impatient(server: &Server) -> (SpotifyBuilder, Waits) {
    let waits = Waits::default();
    let noted = Arc::clone(&waits);
    let builder = server.builder().sleep_with(move |wait| noted.lock().unwrap().push(wait));
    (builder, waits)
}

fn noted(waits: &Waits) -> Vec<Duration> {
    waits.lock().unwrap().clone()
}

fn limited(headers: &[(&str, &str)], body: &str) -> Reply {
    answer(429, headers, body.as_bytes())
}

#[test]
fn short_rate_limit_is_waited_out_and_retried() {
    let began = Instant::now();
    let soon = Timestamp::from_unix_seconds(Timestamp::now().unix_seconds() + 20);
    let date = {
        let text = soon.to_string();
        let months =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months[text[5..7].parse::<usize>().unwrap() - 1];
        format!("Sun, {} {month} {} {} GMT", &text[8..10], &text[..4], &text[11..19])
    };
    // The header, and the seconds from the response to the retry. A date has a resolution of one second.
    for (header, least, most) in [
        (Some(("Retry-After", "3")), 3, 3),
        (Some(("RETRY-AFTER", " 1 ")), 1, 1),
        (Some(("retry-after", "0")), 5, 5),
        (Some(("retry-after", "-7")), 5, 5),
        (Some(("retry-after", "soon")), 5, 5),
        (None, 5, 5),
        (Some(("retry-after", date.as_str())), 19, 20),
    ] {
        let first = limited(header.as_slice(), RATE);
        let server = Server::canned([first, json(200, ME)]);
        let (builder, waits) = impatient(&server);
        let spotify = builder.build().unwrap();
        assert_eq!(spotify.get_me().send().unwrap().id.as_str(), "mira");
        let waits = noted(&waits);
        assert_eq!((server.seen().len(), waits.len()), (2, 1), "{header:?}");
        assert!(waits[0] <= Duration::from_secs(most), "{header:?}: {waits:?}");
        let least = Duration::from_secs(least).saturating_sub(began.elapsed());
        assert!(waits[0] >= least, "{header:?}: {waits:?}");
        // The limit is over, so the client sends immediately.
        spotify.get_me().send().unwrap();
        assert_eq!(server.seen().len(), 3);
    }
}

#[test]
fn long_rate_limit_is_returned_and_remembered() {
    let server = Server::start(|_, _| limited(&[("retry-after", "86207")], RATE));
    let (builder, waits) = impatient(&server);
    let spotify = builder.build().unwrap();
    let before = Timestamp::now().unix_seconds();
    let error = spotify.get_me().send().unwrap_err();
    let Error::RateLimited(limit) = &error else { panic!("{error}") };
    assert_eq!(
        (limit.kind, limit.retry_after),
        (RateLimitKind::Rate, Some(Duration::from_secs(86_207)))
    );
    let now = Timestamp::now().unix_seconds();
    let until = limit.until.unix_seconds();
    assert!((before + 86_207..=now + 86_208).contains(&until), "{before}, {until}, {now}");
    assert_eq!((error.status(), error.is_retryable()), (Some(429), true));
    let [cooldown] = &spotify.cooldowns()[..] else { panic!("{:?}", spotify.cooldowns()) };
    let since = cooldown.since.expect("the time of the 429").unix_seconds();
    assert!((before..=now).contains(&since), "{before}, {since}, {now}");
    // The next call of any kind, from any clone and thread, sends nothing.
    let clone = spotify.clone();
    let error = std::thread::spawn(move || clone.save_tracks([TRACK]).send().unwrap_err());
    let error = error.join().unwrap();
    let Error::RateLimited(told) = &error else { panic!("{error}") };
    assert!(told.api_error.is_none() && told.retry_after > Some(Duration::from_secs(86_000)));
    assert_eq!((error.call(), error.status()), (Some("save_tracks"), None));
    assert!(
        error
            .to_string()
            .starts_with("save_tracks: Spotify has limited the requests of the app: wait until ")
    );
    assert!(error.to_string().ends_with("; nothing was sent"), "{error}");
    assert_eq!((server.seen().len(), noted(&waits).len()), (1, 0));
}

#[test]
fn exceeded_quota_blocks_only_its_endpoint() {
    let server = Server::start(|seen, _| {
        if seen.target().contains("/albums") {
            limited(&[("retry-after", "86207")], QUOTA)
        } else {
            json(200, ME)
        }
    });
    let spotify = impatient(&server).0.build().unwrap();
    let error = spotify.get_artist_albums("0I2XqVXqHScXjHhk6AYYRe").send().unwrap_err();
    let start = "get_artist_albums: Spotify returned 429: `Too many requests`, reason QUOTA_EXCEEDED; the app has used \
                 up its quota in development mode for this endpoint: wait until 2";
    assert!(error.to_string().starts_with(start), "{error}");
    let [cooldown] = &spotify.cooldowns()[..] else { panic!("{:?}", spotify.cooldowns()) };
    assert!(
        matches!(&cooldown.kind, CooldownKind::Quota { path, .. } if path == "/artists/{id}/albums"),
        "{cooldown:?}"
    );
    let Error::RateLimited(told) = &error else { panic!("{error}") };
    assert_eq!(told.kind, RateLimitKind::Quota);
    // Another artist, the same endpoint.
    let error = spotify.get_artist_albums("0000000000000000000001").send().unwrap_err();
    assert!(
        matches!(&error, Error::RateLimited(limit) if limit.kind == RateLimitKind::Quota),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
    spotify.get_me().send().unwrap();
    assert_eq!(server.seen().len(), 2);
    // The client doesn't wait for a quota without a `retry-after` either.
    let server = Server::start(|_, _| limited(&[], QUOTA));
    let (builder, waits) = impatient(&server);
    let spotify = builder.call_timeout(Duration::from_secs(300)).build().unwrap();
    assert!(matches!(spotify.get_me().send(), Err(Error::RateLimited(_))));
    assert_eq!((server.seen().len(), noted(&waits).len()), (1, 0));
}

#[test]
fn server_errors_are_retried_a_limited_number_of_times() {
    for status in [500, 502, 503, 504] {
        let server = Server::start(move |_, number| match number {
            0..3 => json(status, "<html>"),
            _ => json(200, ME),
        });
        let (builder, waits) = impatient(&server);
        builder.build().unwrap().get_me().send().unwrap();
        let waits = noted(&waits);
        assert_eq!((server.seen().len(), waits.len()), (4, 3));
        let most = [500, 1000, 2000].map(Duration::from_millis);
        assert!(waits.iter().zip(most).all(|(wait, most)| *wait <= most), "{waits:?}");
    }
    let server = Server::start(|_, _| json(503, ""));
    let spotify = impatient(&server).0.retries(1).build().unwrap();
    assert_eq!(spotify.get_me().send().unwrap_err().status(), Some(503));
    assert_eq!(server.seen().len(), 2);
    // These errors aren't retried.
    for status in [400, 401, 403, 404, 411, 501] {
        let server = Server::start(move |_, _| json(status, ""));
        let error = impatient(&server).0.build().unwrap().get_me().send().unwrap_err();
        assert_eq!((error.status(), server.seen().len()), (Some(status), 1));
    }
    // The client waits as long as `retry-after` requires.
    let server = Server::canned([answer(503, &[("retry-after", "2")], b""), json(200, ME)]);
    let (builder, waits) = impatient(&server);
    builder.build().unwrap().get_me().send().unwrap();
    assert_eq!(noted(&waits), [Duration::from_secs(2)]);
}

#[test]
fn idempotent_writes_are_retried_with_the_same_body() {
    for first in [Reply::Last(Vec::new()), json(502, ""), Reply::Last(b"HTTP/1.1 200 O".to_vec())] {
        let server = Server::canned([first, json(200, "")]);
        let spotify = impatient(&server).0.build().unwrap();
        spotify.save_tracks([TRACK]).send().unwrap();
        let seen = server.seen();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].body, seen[1].body);
        assert!(!seen[1].body.is_empty());
    }
}

#[test]
fn non_idempotent_writes_are_retried_only_after_429() {
    type Send = fn(&Spotify) -> Result<(), Error>;
    let calls: [(&str, Send); 4] = [
        ("skip_to_next", |s| s.skip_to_next().send()),
        ("create_playlist", |s| s.create_playlist("x").send().map(drop)),
        ("add_playlist_items", |s| {
            s.add_playlist_items(PLAYLIST, [format!("spotify:track:{TRACK}")]).send().map(drop)
        }),
        // A PUT, but moving twice moves further.
        ("reorder_playlist_items", |s| {
            s.reorder_playlist_items(PLAYLIST)
                .range_start(3_u32)
                .insert_before(0_u32)
                .send()
                .map(drop)
        }),
    ];
    for (name, call) in calls {
        for first in [json(502, ""), Reply::Last(Vec::new())] {
            let server = Server::canned([first, json(200, "{}")]);
            let error = call(&impatient(&server).0.build().unwrap()).unwrap_err();
            assert_eq!(server.seen().len(), 1, "{name}");
            assert!(error.may_have_taken_effect(), "{error}");
            assert!(error.to_string().contains("check before you retry"), "{error}");
        }
        // A 429 is retried: the write had no effect.
        let ok = r#"{"snapshot_id":"a","id":"3cEYpjA9oz9GiPac4AsH4n","name":"x"}"#;
        let server = Server::canned([limited(&[("retry-after", "1")], RATE), json(200, ok)]);
        call(&impatient(&server).0.build().unwrap()).unwrap();
        assert_eq!(server.seen().len(), 2, "{name}");
    }
    let server = Server::canned([json(502, "")]);
    let error = impatient(&server).0.build().unwrap().skip_to_next().send().unwrap_err();
    let text = error.to_string();
    insta::assert_snapshot!(text, @"skip_to_next: Spotify returned 502; the write may have taken effect: check before you retry");
}

#[test]
fn only_failed_writes_may_have_taken_effect() {
    let server = Server::canned([Reply::Last(Vec::new())]);
    let read = server.client().get_me().send().unwrap_err();
    assert!(!read.may_have_taken_effect(), "{read}");
    let write = server.client().save_albums([TRACK]).send().unwrap_err();
    assert!(write.may_have_taken_effect(), "{write}");
    assert!(write.to_string().contains("; retry"), "{write}");
}

#[test]
fn unsent_requests_are_retried_even_if_not_idempotent() {
    // A closed port.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let attempts = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&attempts);
    let spotify = Spotify::builder()
        .token("t")
        .base_url(format!("http://{address}/v1"))
        .sleep_with(|_| {})
        .observer(move |event| {
            if let Event::Attempt { .. } = event {
                *counted.lock().unwrap() += 1;
            }
        })
        .build()
        .unwrap();
    let error = spotify.skip_to_next().send().unwrap_err();
    assert!(matches!(error, Error::Transport(_)) && !error.may_have_taken_effect(), "{error}");
    assert_eq!(*attempts.lock().unwrap(), 4);
}

#[test]
fn rate_limit_beyond_the_call_timeout_is_not_waited_out() {
    let server = Server::start(|_, _| limited(&[("retry-after", "301")], RATE));
    let (builder, waits) = impatient(&server);
    let spotify = builder.call_timeout(Duration::from_secs(300)).build().unwrap();
    let error = spotify.get_me().send().unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(301)));
    assert_eq!((server.seen().len(), noted(&waits).len()), (1, 0));
}

#[test]
fn call_past_its_timeout_after_a_wait_is_not_retried() {
    let error = with_longer_limits(Duration::from_millis(500), |timeout| {
        let server = Server::start(|_, _| limited(&[("retry-after", "1")], RATE));
        // A wait that takes longer than it should: the whole timeout of the call, which began earlier.
        let silent = Server::canned([Reply::Silence(Vec::new())]);
        let other = silent.builder().retries(0).call_timeout(timeout).build().unwrap();
        let builder = server.builder().call_timeout(timeout);
        let spotify = builder.sleep_with(move |_| drop(other.get_me().send())).build().unwrap();
        let error = spotify.skip_to_next().send().unwrap_err();
        match (server.seen().len(), silent.seen().len()) {
            (1, 1) => Ok(error),
            // The timeout was over before the wait.
            (0 | 1, 0) => Err(error),
            seen => panic!("{seen:?}: {error}"),
        }
    });
    let Error::Transport(fault) = &error else { panic!("{error}") };
    assert!(!fault.may_have_taken_effect && !error.may_have_taken_effect(), "{error}");
}

#[test]
fn observer_receives_all_events_in_order() {
    let server = Server::canned([
        Reply::Last(Vec::new()),
        limited(&[("retry-after", "2")], RATE),
        json(500, ""),
        json(200, ME),
    ]);
    let events = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&events);
    let spotify = impatient(&server)
        .0
        .observer(move |event| {
            let text = match event {
                Event::Attempt { endpoint, attempt, .. } => format!("{} {attempt}", endpoint.name),
                Event::Response { status, attempt, .. } => format!("{attempt}: {status}"),
                Event::Failure { error, attempt, .. } => {
                    format!("{attempt}: {}", matches!(error, Error::Transport(_)))
                }
                Event::Wait { reason, .. } => format!("wait {reason:?}"),
                _ => String::new(),
            };
            recorded.lock().unwrap().push(text);
        })
        .build()
        .unwrap();
    spotify.get_me().send().unwrap();
    let limit = format!("wait {:?}", WaitReason::RateLimit(RateLimitKind::Rate));
    assert_eq!(
        *events.lock().unwrap(),
        [
            "get_me 1",
            "1: true",
            "wait Failure",
            "get_me 2",
            "2: 429",
            &limit,
            "get_me 3",
            "3: 500",
            "wait Failure",
            "get_me 4",
            "4: 200",
        ]
    );
}

#[test]
fn requests_per_30_seconds_delays_or_rejects_requests() {
    let server = Server::json(ME);
    let (builder, waits) = impatient(&server);
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&reasons);
    let builder = builder.observer(move |event| {
        if let Event::Wait { reason, .. } = event {
            observed.lock().unwrap().push(*reason);
        }
    });
    let spotify = builder.requests_per_30_seconds(3).build().unwrap();
    let began = Instant::now();
    for _ in 0..4 {
        spotify.get_me().send().unwrap();
    }
    let waited = noted(&waits);
    assert_eq!(waited.len(), 1, "{waited:?}");
    assert_eq!(*reasons.lock().unwrap(), [WaitReason::RateLimit(RateLimitKind::Pace)]);
    // The fourth request waits until the first one is 30 seconds old.
    let window = Duration::from_secs(30);
    assert!(waited[0] <= window && waited[0] + began.elapsed() >= window, "{waited:?}");

    let short = server
        .builder()
        .requests_per_30_seconds(1)
        .call_timeout(Duration::from_secs(15))
        .build()
        .unwrap();
    short.get_me().send().unwrap();
    let error = short.get_me().send().unwrap_err();
    let Error::RateLimited(limited) = &error else { panic!("{error}") };
    assert!(limited.api_error.is_none() && limited.kind == RateLimitKind::Pace, "{limited:?}");
    assert!(
        error.to_string().starts_with("get_me: the client's own limit is reached: wait until ")
    );
    assert_eq!(server.seen().len(), 5);
    let none = server.builder().requests_per_30_seconds(0).build().unwrap_err();
    insta::assert_snapshot!(none, @"requests_per_30_seconds: expected at least 1, found 0");
}

#[test]
fn token_that_spotify_has_not_seen_is_sent_once_more() {
    let missing = || {
        let header = r#"Bearer realm="spotify", error="missing_token", error_description="Access token missing""#;
        answer(401, &[("www-authenticate", header)], b"")
    };
    let plain = || json(401, r#"{"error":{"status":401,"message":"Access token missing"}}"#);
    for first in [missing(), plain()] {
        let server = Server::canned([first, json(204, "")]);
        // Also a call that is never retried otherwise: Spotify hasn't processed it.
        server.client().skip_to_next().send().unwrap();
        let seen = server.seen();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].header("authorization"), seen[1].header("authorization"));
    }
    let server = Server::canned([missing()]);
    let error = server.client().get_me().send().unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    assert_eq!(server.seen().len(), 2, "expected exactly one retry");
    // An expired token isn't sent again.
    let header = r#"Bearer realm="spotify", error="invalid_token""#;
    let server = Server::canned([answer(401, &[("www-authenticate", header)], b"")]);
    server.client().get_me().send().unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn limit_of_ten_days_and_more_is_kept_as_sent() {
    for seconds in [864_000, 40_000_000] {
        let value = seconds.to_string();
        let server = Server::start(move |_, _| limited(&[("retry-after", &value)], RATE));
        let spotify = impatient(&server).0.build().unwrap();
        for _ in 0..2 {
            let Err(Error::RateLimited(limit)) = spotify.get_me().send() else { panic!() };
            let left = limit.until.unix_seconds() - Timestamp::now().unix_seconds();
            assert!((seconds - 600..=seconds + 1).contains(&left), "{left}");
        }
        assert_eq!(server.seen().len(), 1);
    }
}
