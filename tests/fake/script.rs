//! Scripted and random faults.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tonearm::endpoint::Method;
use tonearm::error::TransportErrorKind;
use tonearm::fake::{Fault, Reply, Server, TruncateAt};
use tonearm::{Error, QuotaMode};

use super::{WATCHDOG, ask, brief, connect, raw, split, start};

/// Returns a request with the server's token, on a connection that stays open.
fn request(server: &Server, method: &str, target: &str) -> String {
    format!(
        "{method} /v1{target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-length: 0\r\n\r\n",
        server.token()
    )
}

/// Sends a request on a new connection, and returns the response and the error that ended the connection.
fn response(server: &Server, method: &str, target: &str) -> (String, Option<ErrorKind>) {
    let mut stream = connect(server);
    stream.write_all(request(server, method, target).as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    (String::from_utf8(bytes).unwrap(), end)
}

/// Returns an album that isn't saved, and the target of the request that saves it.
fn unsaved_album(server: &Server) -> (tonearm::SpotifyUri, String) {
    let album = server.catalog().albums()[0].clone();
    server.client().unwrap().remove_saved_albums([&album]).send().unwrap();
    server.clear_requests();
    let target = format!("/me/albums?ids={album}");
    (album.into(), target)
}

#[test]
fn scripted_faults_occur_in_order_then_normal_responses() {
    let (server, _) = start();
    server
        .script("/me/tracks")
        .then(Fault::RateLimited { retry_after: Duration::from_secs(3) })
        .then(Fault::RateLimitedWithoutHeader)
        .then_normal()
        .then(Fault::QuotaExceeded)
        .then(Fault::Status(503))
        .then(Reply::new(503))
        .then(Fault::Redirect { location: "http://example.com/".to_owned() });
    let mut responses = Vec::new();
    for _ in 0..8 {
        let text = raw(
            &server,
            request(&server, "GET", "/me/tracks?limit=1").replace("host: x", "connection: close"),
        );
        let text = brief(&text);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let body = if body.len() > 100 { "a page" } else { body };
        let head: Vec<&str> = head.lines().filter(|line| !line.starts_with("content-")).collect();
        responses.push(format!("{} | {body}", head.join(" | ")).trim_end().to_owned());
        // Other endpoints are unaffected.
        assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    }
    insta::assert_snapshot!(responses.join("\n"), @r#"
    HTTP/1.1 429 Too Many Requests | retry-after: 3 | {"error":{"status":429,"message":"API rate limit exceeded"}}
    HTTP/1.1 429 Too Many Requests | {"error":{"status":429,"message":"API rate limit exceeded"}}
    HTTP/1.1 200 OK | a page
    HTTP/1.1 429 Too Many Requests | retry-after: 86207 | {"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}
    HTTP/1.1 503 Service Unavailable | {"error":{"status":503,"message":"Service Unavailable"}}
    HTTP/1.1 503 Service Unavailable |
    HTTP/1.1 302 Found | location: http://example.com/ |
    HTTP/1.1 200 OK | a page
    "#);
    let seen = server.requests();
    insta::assert_snapshot!(seen[0], @r"
    GET /v1/me/tracks -> 429, RateLimited { retry_after: 3s }
        limit = 1
    ");
    let faults: Vec<_> = seen.iter().filter_map(|request| request.fault.clone()).collect();
    assert_eq!(faults.len(), 6);
    assert_eq!(server.pending_faults(), 0);
    assert_eq!(server.injected().len(), 6);
    assert!(server.injected().contains(&(Fault::QuotaExceeded, 1)));
}

#[test]
fn script_applies_to_its_path_and_method() {
    let (server, _) = start();
    let playlist = &server.catalog().playlists()[0];
    let status = |method: &str, target: &str| ask(&server, method, target, "").0;
    let (items, other) = (format!("/playlists/{playlist}/items"), format!("/playlists/{playlist}"));
    server.script("/playlists/{playlist_id}/items").then(Fault::Status(500));
    assert_eq!((status("GET", &other), status("GET", &items)), (200, 500));
    server.script(&format!("/v1{other}")).then(Fault::Status(502));
    let another = format!("/playlists/{}", server.catalog().playlists()[1]);
    assert_eq!((status("GET", &another), status("GET", &other)), (200, 502));
    server.script("/me/tracks").method(Method::Delete).then(Fault::Status(504));
    assert_eq!(status("GET", "/me/tracks"), 200);
    assert_eq!(status("DELETE", "/me/tracks?ids=x"), 504);
    // The oldest matching script applies first, also to unknown paths and invalid tokens.
    server.script_all().then(Fault::Status(500)).then(Fault::Status(501));
    server.script("/me").then(Fault::Status(503));
    assert_eq!((status("GET", "/me"), status("GET", "/nothing")), (500, 501));
    assert_eq!(server.pending_faults(), 1);
    assert_eq!(split(&raw(&server, "GET /v1/me HTTP/1.1\r\nconnection: close\r\n\r\n")).0, 503);
    assert_eq!(status("GET", "/me"), 200);
}

#[test]
fn retry_after_of_a_fault_is_rounded_up_to_a_second() {
    let (server, _) = start();
    for (millis, seconds) in [(0, "0"), (1000, "1"), (1001, "2")] {
        let retry_after = Duration::from_millis(millis);
        server.script("/me").then(Fault::RateLimited { retry_after });
        let response = raw(&server, "GET /v1/me HTTP/1.1\r\nconnection: close\r\n\r\n");
        assert!(response.contains(&format!("\r\nretry-after: {seconds}\r\n")), "{response}");
    }
}

#[test]
fn only_faults_after_processing_take_effect() {
    let slow = Fault::Slow { pause: Duration::ZERO, bytes: usize::MAX };
    for (fault, is_done) in [
        (Fault::RateLimited { retry_after: Duration::from_secs(1) }, false),
        (Fault::RateLimitedWithoutHeader, false),
        (Fault::QuotaExceeded, false),
        (Fault::Status(500), false),
        (Fault::RespondBeforeProcessing(Reply::new(200)), false),
        (Fault::RespondAfterProcessing(Reply::new(504)), true),
        (Fault::Redirect { location: "/".to_owned() }, false),
        (Fault::ResetBeforeProcessing, false),
        (Fault::ResetAfterProcessing, true),
        (Fault::TruncateBeforeProcessing(TruncateAt::Body), false),
        (Fault::TruncateAfterProcessing(TruncateAt::StatusLine), true),
        (Fault::HangBeforeProcessing, false),
        (Fault::HangAfterProcessing, true),
        (Fault::BrokenGzip, false),
        (Fault::Gzip, true),
        (slow, true),
    ] {
        let (server, _) = start();
        let (album, target) = unsaved_album(&server);
        server.script("/me/albums").then(fault.clone());
        connect(&server).write_all(request(&server, "PUT", &target).as_bytes()).unwrap();
        // The log lists a request when it has been processed.
        while server.requests().is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(server.library().contains(&album), is_done, "{fault:?}");
        assert_eq!(fault.takes_effect(), is_done, "{fault:?}");
        let seen = &server.requests()[0];
        assert_eq!((seen.call, &seen.fault), (Some("save_albums"), &Some(fault)));
    }
}

#[test]
fn faults_reset_close_or_keep_the_connection() {
    let (server, _) = start();
    for fault in [Fault::ResetBeforeProcessing, Fault::ResetAfterProcessing] {
        server.script("/me").then(fault.clone());
        assert_eq!(
            response(&server, "GET", "/me"),
            (String::new(), Some(ErrorKind::ConnectionReset))
        );
    }
    let seen = &server.requests()[0];
    assert_eq!(
        (seen.status, seen.to_string()),
        (None, "GET /v1/me -> ResetBeforeProcessing".into())
    );
    assert!(serde_json::to_string(seen).unwrap().contains(r#""status":null,"#));
    assert_eq!(server.requests()[1].to_string(), "GET /v1/me -> 200, ResetAfterProcessing");
    // The same for a request with a body that arrives in pieces.
    server.script("/me/tracks").then(Fault::ResetAfterProcessing);
    let mut stream = connect(&server);
    let head = request(&server, "PUT", "/me/tracks").replace("length: 0", "length: 11");
    stream.write_all(head.as_bytes()).unwrap();
    for byte in br#"{"ids":[]}"#.iter().chain(b" ") {
        stream.write_all(&[*byte]).unwrap();
    }
    let end = stream.read(&mut [0]).unwrap_err();
    assert_eq!(end.kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.requests()[2].body, r#"{"ids":[]} "#);

    let last = request(&server, "GET", "/me").replace("host: x", "host: x\r\nconnection: close");
    let whole = split(&raw(&server, last)).1;
    for (half, made_up) in [
        (TruncateAt::StatusLine, true),
        (TruncateAt::Head, true),
        (TruncateAt::Body, true),
        (TruncateAt::Body, false),
    ] {
        server.script("/me").then(if made_up {
            Fault::TruncateBeforeProcessing(half)
        } else {
            Fault::TruncateAfterProcessing(half)
        });
        let (text, end) = response(&server, "GET", "/me");
        assert_eq!(end, None, "{text}");
        match half {
            TruncateAt::StatusLine => assert_eq!(text, "HTTP/1."),
            TruncateAt::Head => {
                assert!(text.contains("200 OK\r\n") && !text.contains("\r\n\r\n"), "{text}")
            }
            _ if made_up => assert!(split(&text).1.starts_with(r#"{"href":"made up""#), "{text}"),
            _ => assert_eq!(split(&text).1, whole[..whole.len() / 2]),
        }
    }

    // A fault with a response keeps the connection open.
    server.script("/me").then(Fault::Status(500)).then(Fault::Gzip);
    let mut stream = connect(&server);
    for _ in 0..3 {
        stream.write_all(request(&server, "GET", "/me").as_bytes()).unwrap();
    }
    stream
        .write_all(request(&server, "GET", "/x").replace("host: x", "connection: close").as_bytes())
        .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let statuses: Vec<_> = text.split("HTTP/1.1 ").skip(1).map(|response| &response[..3]).collect();
    assert_eq!(statuses, ["500", "200", "200", "404"], "{text}");
}

#[test]
fn gzip_bodies_are_decoded_and_broken_ones_fail() {
    let (server, spotify) = start();
    // The page is longer than one deflate block.
    server.script("/me/albums").then_normal().then(Fault::Gzip);
    let plain = spotify.get_my_saved_albums().limit(50).send_raw().unwrap();
    let packed = spotify.get_my_saved_albums().limit(50).send_raw().unwrap();
    assert!(plain.body().len() > 70_000, "{}", plain.body().len());
    assert_eq!(plain.body(), packed.body());
    assert_eq!(server.requests()[1].fault, Some(Fault::Gzip));
    server.script("/me/player/next").method(Method::Post).then(Fault::BrokenGzip);
    assert!(spotify.skip_to_next().send_raw().is_err());
}

#[test]
fn slow_responses_are_complete() {
    let (server, _) = start();
    let pause = Duration::from_millis(1);
    let whole = ask(&server, "GET", "/me", "");
    server.script("/me").then(Fault::Slow { pause, bytes: 20 });
    assert_eq!(ask(&server, "GET", "/me", ""), whole);
    server.script("/me").then(Fault::Slow { pause, bytes: usize::MAX });
    assert_eq!(ask(&server, "GET", "/me", ""), whole);
}

#[test]
fn random_faults_are_equal_for_equal_seeds() {
    let run = |seed| {
        let (server, _) = start();
        server.inject_randomly(
            seed,
            [(Fault::Status(503), 20), (Fault::RateLimitedWithoutHeader, 5)],
        );
        let mut stream = connect(&server);
        let mut statuses = Vec::new();
        for _ in 0..400 {
            statuses.push(one(&mut stream, &request(&server, "GET", "/me")));
        }
        let injected = server.injected();
        server.inject_randomly(seed, []);
        assert_eq!(one(&mut stream, &request(&server, "GET", "/me")), 200);
        for (fault, count) in &injected {
            let seen =
                server.requests().iter().filter(|seen| seen.fault.as_ref() == Some(fault)).count();
            assert_eq!(seen, *count);
        }
        (statuses, injected)
    };
    let (first, injected) = run(7);
    assert_eq!((first.clone(), injected.clone()), run(7));
    assert_ne!(first, run(8).0);
    let count = |status| first.iter().filter(|found| **found == status).count();
    assert!((50..=110).contains(&count(503)) && (5..=40).contains(&count(429)), "{injected:?}");
    // The sum of the probabilities is capped at 100 %. Scripted faults come first.
    let (server, _) = start();
    server.inject_randomly(1, [(Fault::Status(500), 60), (Fault::Status(501), u32::MAX)]);
    server.script("/me").then(Fault::Status(418));
    let statuses: Vec<_> = (0..20).map(|_| ask(&server, "GET", "/me", "").0).collect();
    assert_eq!(statuses[0], 418);
    assert!(statuses[1..].iter().all(|status| matches!(status, 500 | 501)), "{statuses:?}");
    assert!(statuses.contains(&500) && statuses.contains(&501));
}

/// Sends a request on an open connection, and returns the status of its response.
fn one(stream: &mut TcpStream, request: &str) -> u16 {
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&bytes));
        bytes.extend(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        if body.len() >= length.parse().unwrap() {
            return head[9..12].parse().unwrap();
        }
    }
}

#[test]
fn script_for_one_id_is_for_its_request_among_concurrent_ones() {
    let server = Server::builder().quota_mode(QuotaMode::Development).start().unwrap();
    let spotify = server.client_builder().sleep_with(|_| {}).build().unwrap();
    let albums = &server.catalog().albums()[..20];
    // Steps for every id are for the requests in the order of the ids, whatever the name in braces is.
    let one = format!("/albums/{}", albums[7]);
    for (path, n) in [(&*one, 7), ("/albums/{album_id}", 2), ("/albums/{any}", 2)] {
        let script = server.script(path);
        let script = if path == one { script } else { script.then_normal().then_normal() };
        script.then(Fault::Status(503));
        server.clear_requests();
        spotify.get_albums(albums).send().unwrap();
        assert_eq!(server.pending_faults(), 0, "{path}");
        let failed: Vec<_> =
            server.requests().into_iter().filter(|request| request.fault.is_some()).collect();
        assert!(failed.len() == 1 && failed[0].path.ends_with(albums[n].as_str()), "{path}");
    }
}

/// Token requests fail only if a script names their path. Random faults and `script_all` affect only the Web API.
#[test]
fn token_requests_fail_only_if_scripted_by_path() {
    let (server, _) = start();
    let token = || {
        let request = "POST /api/token HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        split(&raw(&server, request)).0
    };
    server.script_all().then(Fault::Status(500));
    server.inject_randomly(1, [(Fault::Status(501), 100)]);
    assert_eq!((token(), server.pending_faults()), (400, 1));
    server.script("/api/token").method(Method::Post).then(Fault::Status(503));
    assert_eq!((token(), server.pending_faults()), (503, 1));
    let statuses = [500, 501].map(|_| ask(&server, "GET", "/me", "").0);
    assert_eq!((statuses, token()), ([500, 501], 400));
}

/// During every fault.
#[test]
fn server_with_pending_faults_stops_and_closes_connections() {
    let (server, _) = start();
    let hour = Duration::from_secs(3600);
    server
        .script("/me")
        .then(Fault::HangBeforeProcessing)
        .then(Fault::HangAfterProcessing)
        .then(Fault::Slow { pause: hour, bytes: 1 });
    let streams = [0, 1, 2].map(|_| {
        let mut stream = connect(&server);
        stream.write_all(request(&server, "GET", "/me").as_bytes()).unwrap();
        stream
    });
    while server.pending_faults() > 0 {
        std::thread::yield_now();
    }
    let (done, is_done) = mpsc::channel();
    std::thread::spawn(move || {
        drop(server);
        let _ = done.send(());
    });
    is_done.recv_timeout(super::WATCHDOG).expect("the server does not stop");
    for mut stream in streams {
        match stream.read(&mut [0]) {
            Ok(count) => assert_eq!(count, 0),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
}

#[test]
fn faults_end_the_connection_or_change_the_response() {
    let server = Server::start().unwrap();
    let spotify = server.client_builder().retries(0).build().unwrap();
    // The read timeout is for servers that hang until the client leaves. No other response depends on it.
    let builder = server.client_builder().retries(0).read_timeout(Duration::from_millis(100));
    let impatient = builder.build().unwrap();
    for (fault, kind) in [
        (Fault::ResetBeforeProcessing, TransportErrorKind::Broken),
        (Fault::TruncateBeforeProcessing(TruncateAt::StatusLine), TransportErrorKind::Broken),
        (Fault::TruncateAfterProcessing(TruncateAt::Body), TransportErrorKind::Broken),
        (Fault::BrokenGzip, TransportErrorKind::Broken),
        (Fault::HangBeforeProcessing, TransportErrorKind::Timeout),
    ] {
        server.script("/me/tracks").then(fault);
        let client = if kind == TransportErrorKind::Timeout { &impatient } else { &spotify };
        let error = client.get_my_saved_tracks().send().unwrap_err();
        assert!(matches!(error, Error::Transport(broken) if broken.kind == kind));
    }

    let album = server.catalog().albums()[0].clone();
    for (client, fault) in
        [(&spotify, Fault::ResetAfterProcessing), (&impatient, Fault::HangAfterProcessing)]
    {
        spotify.save_albums([&album]).send().unwrap();
        server.script("/me/albums").then(fault);
        let error = client.remove_saved_albums([&album]).send().unwrap_err();
        assert!(error.may_have_taken_effect());
        // The client may give up before the server has processed the request.
        let began = Instant::now();
        while server.library().contains(&album.clone().into()) {
            assert!(began.elapsed() < WATCHDOG, "the album is still saved");
            std::thread::yield_now();
        }
    }

    let slow = Fault::Slow { pause: Duration::from_millis(1), bytes: 20 };
    server.script("/me").then(Fault::Gzip).then(slow);
    assert_eq!(spotify.get_me().send().unwrap(), spotify.get_me().send().unwrap());
    server.script("/me").then(Reply::new(200).body(r#"{"id":"mira"}"#));
    assert_eq!(spotify.get_me().send().unwrap().id.as_str(), "mira");
}

#[test]
#[should_panic = "found `/me/trakcs`; for a path that is no endpoint of Spotify's, call `script_custom`"]
fn script_for_an_unknown_path_is_rejected() {
    let (server, _) = start();
    let _ = server.script("/me/trakcs");
}

#[test]
#[should_panic = "script: expected a method of `/me`: GET, found DELETE"]
fn script_for_a_method_without_endpoint_is_rejected() {
    let (server, _) = start();
    let _ = server.script("/me").method(Method::Delete);
}

#[test]
fn path_of_a_script_may_end_with_a_slash_and_contain_any_name() {
    let (server, _) = start();
    server.script("/me/").then(Fault::Status(500));
    server.script("/v1/albums/{anything}/").then(Fault::Status(502));
    assert_eq!(ask(&server, "GET", "/me", "").0, 500);
    let album = &server.catalog().albums()[0];
    assert_eq!(ask(&server, "GET", &format!("/albums/{album}"), "").0, 502);
    // No endpoint has this path and method.
    server.script_custom("/me").method(Method::Delete).then(Fault::Status(505));
    assert_eq!(ask(&server, "DELETE", "/me", "").0, 505);
    server.script_custom("/charts/").then(Fault::Status(503)).then(Fault::Status(504));
    assert_eq!(["/charts", "/charts/"].map(|path| ask(&server, "GET", path, "").0), [503, 504]);
}

#[test]
fn custom_endpoint_returns_501_unless_scripted() {
    let (server, _) = start();
    assert_eq!(ask(&server, "GET", "/charts/viral", "").0, 404);
    server.script_custom("/v1/charts/{kind}").then(Reply::new(200).body("[1]")).then_normal();
    assert_eq!(ask(&server, "GET", "/charts/viral", ""), (200, "[1]".to_owned()));
    for _ in 0..2 {
        let (status, body) = ask(&server, "GET", "/charts/top", "");
        assert_eq!(status, 501);
        insta::allow_duplicates! {
            insta::assert_snapshot!(body, @r#"{"error":{"status":501,"message":"The fake Spotify server has no response for the custom endpoint `/charts/{kind}`; script one with `server.script_custom(\"/charts/{kind}\").then(Reply::new(200).body(\"{}\"))`, or over HTTP with `POST /_fake/script_custom`"}}"#);
        }
    }
    assert_eq!(server.pending_faults(), 0);
    // Paths of endpoints in every spelling.
    for path in
        ["*", "/api/token", "/authorize", "/me", "/v1/me/tracks", "/albums/{anything}", "/albums/x"]
    {
        server.script(path).then_normal();
    }
    assert_eq!(server.pending_faults(), 7);
}

#[test]
fn reply_contains_the_json_of_any_serde_value() {
    let (server, spotify) = start();
    let mut user = tonearm::model::User::new("ada".parse::<tonearm::UserId>().unwrap());
    user.display_name = Some("Ada".to_owned());
    server.script("/me").then(Reply::new(200).json(&user)).then(Reply::new(200).json(&[1, 2]));
    assert_eq!(spotify.get_me().send().unwrap(), user);
    let response =
        raw(&server, request(&server, "GET", "/me").replace("host: x", "connection: close"));
    assert!(response.contains("\r\ncontent-type: application/json"), "{response}");
    assert_eq!(split(&response), (200, "[1,2]".to_owned()));
}
