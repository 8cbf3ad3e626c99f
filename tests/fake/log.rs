//! The log of requests as a text for snapshots.

use std::time::Duration;

use tonearm::endpoint::Method;
use tonearm::fake::{Fault, Log, Reply, Script, Server, TruncateAt};
use tonearm::{Error, Scope, Spotify};

use super::samples::samples;
use super::{ask_with, raw, start};

#[test]
fn logged_request_prints_like_the_planned_request() {
    let server = Server::start().unwrap();
    // Sends requests one at a time, in the planned order.
    let spotify = server.client_builder().connections(1).build().unwrap();
    let (mut compared, mut shortened) = (0, 0);
    for sample in samples() {
        for call in sample.calls {
            server.clear_requests();
            (call.send)(&spotify).unwrap();
            let planned = (call.requests)(&spotify).unwrap();
            let log = server.log();
            for (request, seen) in planned.iter().zip(log.requests()) {
                let status = format!(" -> {}", seen.status.unwrap());
                assert_eq!(seen.to_string().replacen(&status, "", 1), request.to_string());
                let whole = format!("{request:#}");
                assert_eq!(format!("{seen:#}").replacen(&status, "", 1), whole);
                compared += 1;
                shortened += usize::from(request.to_string() != whole);
            }
        }
    }
    for length in 1..9 {
        let call = spotify.start_playback().uris(&server.catalog().tracks()[..length]);
        let request = call.request().unwrap();
        let status = call.send_raw().unwrap().status();
        let seen = server.requests().pop().unwrap();
        let text = |text: String| text.replacen(&format!(" -> {status}"), "", 1);
        assert_eq!(text(seen.to_string()), request.to_string());
        assert_eq!(text(format!("{seen:#}")), format!("{request:#}"));
    }
    assert!(compared > 200 && shortened > 20, "{compared} {shortened}");
}

/// Runs a program: a login, a token refresh, a write, and a read that fails.
fn run(server: &Server) -> Log {
    let (app, browser) = (server.app(), server.browser());
    let login = app.login([Scope::UserLibraryModify]).unwrap();
    login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run().unwrap();
    let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build().unwrap();
    server.expire_access_tokens();
    server
        .script("/me/tracks")
        .then(Fault::TruncateBeforeProcessing(TruncateAt::Body))
        .then(Reply::new(502).header("content-type", "text/html").body("<h1>Bad Gateway</h1>"));
    let tracks = &server.catalog().tracks()[..7];
    spotify.save_tracks(tracks).send().unwrap();
    assert!(matches!(spotify.get_my_saved_tracks().send(), Err(Error::InsufficientScope(_))));
    server.log()
}

#[test]
fn log_is_identical_in_every_run() {
    // The two servers have different ports, tokens and codes.
    let (first, second) = (Server::start().unwrap(), Server::start().unwrap());
    let (log, again) = (run(&first), run(&second));
    assert_eq!(log.to_string(), again.to_string());
    assert_eq!(format!("{log:?} {log:#?}"), format!("{log} {log}"));
    let text = serde_json::to_string(&log).unwrap();
    assert_eq!(text, serde_json::to_string(&again).unwrap());
    for secret in [first.token(), "127.0.0.1:", "AQ-", "BQ-"] {
        assert!(!log.to_string().contains(secret) && !text.contains(secret), "{secret}");
    }
    insta::assert_snapshot!(log, @r#"
    GET /authorize -> 200
        client_id = 1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00
        response_type = code
        redirect_uri = http://127.0.0.1/callback
        state = …
        scope = user-library-modify
        code_challenge_method = S256
        code_challenge = …
    GET /authorize/agree -> 302
        client_id = 1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00
        response_type = code
        redirect_uri = http://127.0.0.1/callback
        state = …
        scope = user-library-modify
        code_challenge_method = S256
        code_challenge = …
    POST /api/token -> 200
        code = …
        redirect_uri = http://127.0.0.1/callback
        code_verifier = …
        grant_type = authorization_code
        client_id = 1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00
    PUT /v1/me/tracks -> TruncateBeforeProcessing(Body)
        {
          "ids": [
            "xmwxpZC3iS2vndD1hlMfn0",
            "aEZa45mEEMDQ4iPNBgwKLF",
            "… (4 more)",
            "BJuqpHoW6gHJlBFHKNSQX6"
          ]
        }
    PUT /v1/me/tracks -> 502, RespondBeforeProcessing(Reply { status: 502, headers: [("content-type", "text/html")], body: "<h1>Bad Gateway</h1>" })
        {
          "ids": [
            "xmwxpZC3iS2vndD1hlMfn0",
            "aEZa45mEEMDQ4iPNBgwKLF",
            "… (4 more)",
            "BJuqpHoW6gHJlBFHKNSQX6"
          ]
        }
    PUT /v1/me/tracks -> 401
        {
          "ids": [
            "xmwxpZC3iS2vndD1hlMfn0",
            "aEZa45mEEMDQ4iPNBgwKLF",
            "… (4 more)",
            "BJuqpHoW6gHJlBFHKNSQX6"
          ]
        }
    POST /api/token -> 200
        refresh_token = …
        grant_type = refresh_token
        client_id = 1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00
    PUT /v1/me/tracks -> 200
        {
          "ids": [
            "xmwxpZC3iS2vndD1hlMfn0",
            "aEZa45mEEMDQ4iPNBgwKLF",
            "… (4 more)",
            "BJuqpHoW6gHJlBFHKNSQX6"
          ]
        }
    "#);
}

#[test]
fn log_serializes_with_serde() {
    let (server, spotify) = start();
    assert_eq!(server.log().to_string(), "no requests");
    let albums = &server.catalog().albums()[..2];
    spotify.are_albums_saved(albums).send().unwrap();
    server.script("/playlists/{playlist_id}").then(Fault::Status(500));
    spotify.change_playlist_details(&server.catalog().playlists()[0]).name("x").send_raw().unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&server.log()).unwrap(), @r#"
    [
      {
        "method": "GET",
        "path": "/v1/me/albums/contains",
        "query": {
          "ids": "kASjPRHycoCi1LxygdEgI2,9m5uYhl16a8PHTIMnJG7mA"
        },
        "body": null,
        "status": 200,
        "call": "are_albums_saved",
        "fault": null,
        "took_effect": false
      },
      {
        "method": "PUT",
        "path": "/v1/playlists/t83JEjjmRV0fuUVU4jrvdF",
        "query": {},
        "body": {
          "name": "x"
        },
        "status": 500,
        "call": "change_playlist_details",
        "fault": "Status(500)",
        "took_effect": false
      },
      {
        "method": "PUT",
        "path": "/v1/playlists/t83JEjjmRV0fuUVU4jrvdF",
        "query": {},
        "body": {
          "name": "x"
        },
        "status": 200,
        "call": "change_playlist_details",
        "fault": null,
        "took_effect": true
      }
    ]
    "#);
}

#[test]
fn malformed_requests_are_escaped_in_the_log() {
    let server = Server::start().unwrap();
    ask_with(&server, "PUT", "/me/tracks?a%0Ab=c%1B%0Ad&%E2%80%AE", "", "\"\u{1b}\n\"");
    ask_with(&server, "POST", "/x%0Ay?ids=1,2,3,4,5,6", "content-type: text/x\r\n", "[1, 2");
    raw(&server, "nonsense\r\n\r\n");
    insta::assert_snapshot!(server.log(), @r#"
    PUT /v1/me/tracks -> 401
        a\nb = c\u{1b}\nd
        \u{202e} = 
        text: "\u{1b}\n" (4 characters)
    POST /v1/x\ny -> 404
        ids = 1,2,3,4,5,6
        text/x: [1, 2 (5 characters)
      -> 400
    "#);
}

#[test]
fn sorted_log_orders_numbers_by_value() {
    let (server, spotify) = start();
    for offset in [100, 20, 3] {
        spotify.get_my_saved_tracks().offset(offset).limit(1).send().unwrap();
    }
    spotify.get_my_saved_albums().limit(1).send().unwrap();
    insta::assert_snapshot!(server.log().sorted(), @"
    GET /v1/me/albums -> 200
        limit = 1
    GET /v1/me/tracks -> 200
        limit = 1
        offset = 3
    GET /v1/me/tracks -> 200
        limit = 1
        offset = 20
    GET /v1/me/tracks -> 200
        limit = 1
        offset = 100
    ");
    assert_eq!(server.log().requests(), server.requests());
}

/// Returns the log of a program with a paginated read, a split read, and calls while pages are prefetched.
fn concurrent_program(server: &Server, spotify: &Spotify) -> String {
    server.clear_requests();
    let playlists = spotify.get_my_playlists().limit(10).collect_all().unwrap();
    assert_eq!(playlists.len(), 75);
    let albums = &server.catalog().albums()[..100];
    assert_eq!(spotify.are_albums_saved(albums).send().unwrap().len(), 100);
    for page in spotify.get_my_playlists().limit(20).pages().prefetch(3) {
        let first = page.unwrap().items.remove(0);
        spotify.follow_playlist(&first.id).send().unwrap();
    }
    server.log().to_string()
}

#[test]
fn log_of_concurrent_requests_is_identical_in_every_run() {
    let server = Server::start().unwrap();
    let app = server.app().refresh_token(server.issue_refresh_token(Scope::ALL));
    // The second client learns from the first response that the server is a fake one.
    let clients = [
        server.client().unwrap(),
        Spotify::builder().app(app).base_url(server.base_url()).build().unwrap(),
    ];
    clients[1].get_me().send().unwrap();
    let expected =
        concurrent_program(&server, &server.client_builder().connections(1).build().unwrap());
    let offsets: Vec<_> = expected.lines().filter(|line| line.contains("offset")).collect();
    assert_eq!(offsets[..7], (1..8).map(|n| format!("    offset = {n}0")).collect::<Vec<_>>());
    for run in 0..300 {
        assert_eq!(concurrent_program(&server, &clients[run % 2]), expected, "run {run}");
    }
    // The requests arrive in another order now and then; otherwise this proves nothing.
    assert!(server.requests().iter().all(|seen| seen.header("x-tonearm-order").is_none()));
}

/// Returns the log of concurrent requests with faults, each of which the client retries.
fn program_with_faults(server: &Server, spotify: &Spotify) -> String {
    server.reset();
    let third = |script: Script<'_>| {
        let steps = (0..12)
            .fold(script, |script, _| script.then_normal().then_normal().then(Fault::Status(503)));
        drop(steps);
    };
    third(server.script("/me/playlists"));
    assert_eq!(spotify.get_my_playlists().limit(5).collect_all().unwrap().len(), 75);
    // Several in a row, so retries fail too, and the second of the batches.
    let playlist = server.catalog().playlists()[6].clone();
    let path = format!("/playlists/{playlist}/items");
    let limited = Fault::RateLimited { retry_after: Duration::ZERO };
    server.script(&path).then_normal().then_times(3, limited);
    spotify.get_playlist_items(&playlist).limit(10).collect_all().unwrap();
    server.script("/me/albums/contains").then_normal().then(Fault::ResetBeforeProcessing);
    let albums = &server.catalog().albums()[..100];
    assert_eq!(spotify.are_albums_saved(albums).send().unwrap().len(), 100);
    let pending = server.pending_faults();
    server.inject_randomly(11, [(Fault::Status(502), 20), (Fault::ResetBeforeProcessing, 10)]);
    spotify.get_my_saved_shows().limit(5).collect_all().unwrap();
    format!("{} steps are left\n{}", pending, server.log())
}

#[test]
fn log_of_concurrent_requests_with_faults_is_identical_in_every_run() {
    let server = Server::start().unwrap();
    let client = |connections| {
        let builder = server.client_builder().sleep_with(|_| {}).retries(9);
        builder.connections(connections).build().unwrap()
    };
    let (one, four) = (client(1), client(4));
    let expected = program_with_faults(&server, &four);
    for fault in ["503, Status", "429, RateLimited", "-> ResetBefore", "502, Status"] {
        assert!(expected.contains(fault), "{fault}: {expected}");
    }
    for run in 0..50 {
        assert_eq!(program_with_faults(&server, &four), expected, "run {run}");
    }
    // Random faults do not depend on the number of connections.
    let random =
        |log: &str| log.split("GET /v1/me/shows").skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(random(&program_with_faults(&server, &one)), random(&expected));
}

#[test]
fn log_reports_whether_a_write_took_effect() {
    let server = Server::start().unwrap();
    let album = server.catalog().albums()[0].clone();
    let script = server.script("/me/albums").method(Method::Put);
    script.then_normal().then(Fault::ResetAfterProcessing).then(Fault::ResetBeforeProcessing);
    let script = server.script("/me/albums").method(Method::Delete);
    script.then(Fault::RespondAfterProcessing(Reply::new(504)));
    let spotify = server.client_builder().retries(0).build().unwrap();
    for _ in 0..3 {
        let _ = spotify.save_albums([&album]).send();
    }
    let _ = spotify.remove_saved_albums([&album]).send();
    let _ = spotify.get_album(&album).send();
    let _ = spotify.transfer_playback("x").send();
    let requests = server.requests();
    let seen: Vec<_> =
        requests.iter().map(|request| (request.status, request.took_effect)).collect();
    assert_eq!(
        seen,
        [
            (Some(200), true),
            (Some(200), true),
            (None, false),
            (Some(504), true),
            (Some(200), false),
            (Some(404), false)
        ]
    );
}

#[test]
fn oldest_requests_are_dropped_from_a_full_log() {
    let server = Server::builder().log_capacity(2).start().unwrap();
    let spotify = server.client().unwrap();
    spotify.get_me().send().unwrap();
    spotify.get_markets().send().unwrap();
    assert_eq!(server.log().dropped(), 0);
    spotify.get_devices().send().unwrap();
    insta::assert_snapshot!(server.log(), @r"
    … (1 earlier request was dropped)
    GET /v1/markets -> 200
    GET /v1/me/player/devices -> 200
    ");
    spotify.get_me().send().unwrap();
    assert!(server.log().to_string().starts_with("… (2 earlier requests were dropped)\n"));
    server.clear_requests();
    assert_eq!(server.log().to_string(), "no requests");
    // The log is bounded in bytes too.
    let server = Server::start().unwrap();
    let body = "x".repeat(1 << 20);
    for _ in 0..70 {
        ask_with(&server, "PUT", "/me/tracks", "", &body);
    }
    let log = server.log();
    assert!((50..=64).contains(&log.requests().len()), "{}", log.requests().len());
    assert_eq!(log.requests().len() as u64 + log.dropped(), 70);
    server.clear_requests();
    server.script("/me").then_times(70, Reply::new(500).body(body));
    for _ in 0..70 {
        ask_with(&server, "GET", "/me", "", "");
    }
    assert!((50..=64).contains(&server.log().requests().len()), "a fault counts too");
}

#[test]
fn secrets_in_unexpected_places_are_not_logged() {
    let server = Server::start().unwrap();
    let json = r#"{"client_secret": "hunter2=", "refresh_token": "hunter3"}"#;
    for (target, body) in [
        ("/api/token", json),
        ("/api/token?client_secret=hunter4", "grant_type=x&client%5Fsecret=hunter5"),
    ] {
        let length = body.len();
        raw(
            &server,
            format!(
                "POST {target} HTTP/1.1\r\nconnection: close\r\ncookie: a=hunter6\r\n\
                 proxy-authorization: Basic hunter7\r\ncontent-length: {length}\r\n\r\n{body}"
            ),
        );
    }
    let log = server.log();
    let shown = format!("{log} {:?} {}", log.requests(), serde_json::to_string(&log).unwrap());
    assert!(!shown.contains("hunter"), "{shown}");
}
