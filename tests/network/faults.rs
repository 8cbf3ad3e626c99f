//! Invalid input and faulty servers: each error names the cause and a remedy.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::support::{Reply, Server, answer, json, with_longer_limits};
use tonearm::error::TransportErrorKind;
use tonearm::{Error, Market, Spotify};

fn setup(builder: tonearm::SpotifyBuilder) -> String {
    match builder.build() {
        Err(error @ Error::Config(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn invalid_client_settings_are_rejected_by_build() {
    let with_token = |token: &str| setup(Spotify::builder().token(token));
    insta::assert_snapshot!(setup(Spotify::builder()), @"token: no token is set: call `.token(…)`, `.app(…)` or `.client_credentials(…)` before `.build()`");
    insta::assert_snapshot!(with_token(""), @"token: the token is empty; pass only the access token, as Spotify returned it");
    insta::assert_snapshot!(with_token("secret\nX-Evil: 1"), @"token: the token of 16 characters contains a line break at character 7; pass only the access token, as Spotify returned it");
    insta::assert_snapshot!(with_token("Bearer secret"), @"token: the token of 13 characters contains white space at character 7; pass only the access token, as Spotify returned it");
    insta::assert_snapshot!(with_token("sécret"), @"token: the token of 6 characters contains a character that is not printable ASCII at character 2; pass only the access token, as Spotify returned it");
    let with_url = |url: &str| setup(Spotify::builder().token("secret").base_url(url));
    insta::assert_snapshot!(with_url(""), @"base_url: expected an `https` URL such as `https://api.spotify.com/v1`, found ``");
    insta::assert_snapshot!(with_url("api.spotify.com/v1"), @"base_url: expected an `https` URL such as `https://api.spotify.com/v1`, found `api.spotify.com/v1`");
    insta::assert_snapshot!(with_url("ftp://api.spotify.com/v1"), @"base_url: expected an `https` URL such as `https://api.spotify.com/v1`, found `ftp://api.spotify.com/v1`");
    insta::assert_snapshot!(with_url("https://user:pass@api.spotify.com/v1"), @"base_url: expected an `https` URL such as `https://api.spotify.com/v1`, found `https://user:pass@api.spotify.com/v1`");
    insta::assert_snapshot!(with_url("http://api.spotify.com/v1"), @"base_url: expected `https`, found `http://api.spotify.com/v1`: the client sends tokens without TLS only to a loopback address");
    insta::assert_snapshot!(setup(Spotify::builder().token("t").locale("Finnish")), @"locale: expected a language and a country such as `fi_FI`, found `Finnish`");
    insta::assert_snapshot!(setup(Spotify::builder().token("t").user_agent("a\r\nb")), @r"user_agent: expected text that a header can carry, found `a\r\nb` with control characters");
    insta::assert_snapshot!(setup(Spotify::builder().token("t").proxy("::")), @"proxy: expected a URL such as `http://user:password@localhost:3128`");
    insta::assert_snapshot!(setup(Spotify::builder().token("t").call_timeout(Duration::ZERO)), @"call_timeout: expected more than 0 s and at most a day, found 0ns");
    for url in [
        "https://api.spotify.com/v1/",
        "http://127.0.0.1:8080/v1",
        "http://[::1]/v1",
        "http://localhost:1/",
        "https://example.com",
        "HTTPS://API.Spotify.com/v1",
        "HTTP://LocalHost:1/",
    ] {
        assert!(Spotify::builder().token("t").base_url(url).build().is_ok(), "{url}");
    }
}

#[test]
fn invalid_arguments_are_rejected_before_sending() {
    let server = Server::json("{}");
    let spotify = server.client();
    let text = |result: Result<tonearm::Request, Error>| match result {
        Err(error @ Error::InvalidArgument(_)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    insta::assert_snapshot!(text(spotify.follow_playlist("x").request()), @"follow_playlist: `playlist_id`: expected a playlist id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `x` (1 character); nothing was sent");
    insta::assert_snapshot!(text(spotify.are_albums_saved(["spotify:track:7ouMYWpwJ422jRcDASZB7P"]).request()), @"are_albums_saved: `album_ids`: expected an album id, URI or link, found the track `spotify:track:7ouMYWpwJ422jRcDASZB7P`; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_my_saved_tracks().limit(0).request()), @"get_my_saved_tracks: `limit`: expected a number from 1 to 50, found 0; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_my_saved_tracks().limit(51).request()), @"get_my_saved_tracks: `limit`: expected a number from 1 to 50, found 51; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_my_playlists().offset(100_001).request()), @"get_my_playlists: `offset`: expected a number from 0 to 100000, found 100001; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_my_saved_tracks().market("XX").request()), @"get_my_saved_tracks: `market`: expected a two-letter ISO 3166-1 country code, found `XX`; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_my_saved_tracks().market("Finland").request()), @"get_my_saved_tracks: `market`: expected a two-letter ISO 3166-1 country code, found `Finland`; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_my_top_items(tonearm::top_item::Tracks).time_range("ever").request()), @"get_my_top_items: `time_range`: expected one of long_term, medium_term, short_term, found `ever`; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_user("").request()), @"get_user: `user_id`: expected a user id, URI or link, found empty text; nothing was sent");
    insta::assert_snapshot!(text(spotify.search(" ", [tonearm::SearchType::Track]).request()), @"search: `q`: expected text, found empty text; nothing was sent");
    insta::assert_snapshot!(text(spotify.create_playlist("").request()), @"create_playlist: `name`: expected text, found empty text; nothing was sent");
    insta::assert_snapshot!(text(spotify.get_category("..").request()), @"get_category: `category_id`: expected a category id, found `..`; nothing was sent");
    insta::assert_snapshot!(text(spotify.start_playback().context_uri("spotify:a\nb").request()), @r"start_playback: `context_uri`: expected a URI of the kind album, artist, playlist, show or collection, found `spotify:a\nb`; nothing was sent");
    assert!(spotify.get_my_saved_tracks().limit(0).send().is_err());
    assert!(spotify.get_my_saved_tracks().limit(0).send_raw().is_err());
    assert!(spotify.get_my_saved_tracks().limit(0).items().next().unwrap().is_err());
    assert!(spotify.get_my_saved_tracks().limit(0).collect_all().is_err());
    assert_eq!(server.seen().len(), 0);
    // The last value counts, and `None` removes a value.
    assert!(spotify.get_my_saved_tracks().limit(0).limit(50).request().is_ok());
    assert!(
        spotify.get_my_saved_tracks().limit(0).limit(None).market(None::<Market>).request().is_ok()
    );
}

#[test]
fn closed_port_is_a_connect_error_with_its_address() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let spotify = Spotify::builder()
        .token("secret")
        .base_url(format!("http://{address}/v1"))
        .build()
        .unwrap();
    let error = spotify.get_me().send().unwrap_err();
    let refused = TcpStream::connect(address).unwrap_err().to_string();
    let text =
        error.to_string().replace(&address.to_string(), "ADDRESS").replace(&refused, "REFUSED");
    insta::assert_snapshot!(text, @"get_me: cannot connect to http://ADDRESS (io: REFUSED); check the network, the base URL and the proxy");
    let Error::Transport(fault) = &error else { panic!("{error:?}") };
    assert_eq!((fault.kind, fault.may_have_taken_effect), (TransportErrorKind::Connect, false));
    assert!(error.is_retryable() && error.status().is_none());
}

#[test]
fn unresolvable_host_is_a_connect_error() {
    // The system itself rejects a label of 64 characters, so no name server is queried.
    let host = "x".repeat(64);
    let base_url = format!("https://{host}.invalid/v1");
    let spotify = Spotify::builder().token("secret").base_url(base_url).build().unwrap();
    let error = spotify.create_playlist("New").send().unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("create_playlist: cannot connect to https://{host}.invalid"))
    );
    assert!(text.ends_with("check the network, the base URL and the proxy"), "{text}");
    let Error::Transport(fault) = &error else { panic!("{error:?}") };
    assert_eq!((fault.kind, fault.may_have_taken_effect), (TransportErrorKind::Connect, false));
}

fn fails(server: &Server) -> String {
    fails_within(server, Duration::from_secs(600))
}

/// For servers that hang: panics if no short timeout leads to an error with one of these parts.
fn times_out(server: &Server, parts: &[&str]) {
    with_longer_limits(Duration::from_millis(500), |limit| {
        let text = fails_within(server, limit);
        if parts.iter().any(|part| text.contains(part)) { Ok(()) } else { Err(text) }
    });
}

fn fails_within(server: &Server, call_timeout: Duration) -> String {
    let spotify = Spotify::builder()
        .token("secret")
        .base_url(server.base_url())
        .call_timeout(call_timeout)
        .read_timeout(call_timeout)
        .max_response_size(1 << 20)
        .retries(0)
        .build()
        .unwrap();
    let error = spotify.get_me().send().unwrap_err();
    error.to_string().replace(&server.origin(), "SERVER")
}

#[test]
fn incomplete_and_missing_responses_are_transport_errors() {
    let whole = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{\"id\":\"smedjan\"";
    let server = |reply: fn() -> Reply| Server::start(move |_, _| reply());
    insta::assert_snapshot!(fails(&server(|| Reply::Last(Vec::new()))), @"get_me: expected a complete response from SERVER, found part of one or none (io: Peer disconnected); retry");
    insta::assert_snapshot!(fails(&server(|| Reply::Last(b"HTTP/1.1 200".to_vec()))), @"get_me: expected a complete response from SERVER, found part of one or none (io: Peer disconnected); retry");
    insta::assert_snapshot!(fails(&server(|| Reply::Last(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec()))), @"get_me: expected a complete response from SERVER, found part of one or none (protocol: http parse fail: invalid HTTP version); retry");
    let half = whole.to_vec();
    let broken = Server::start(move |_, _| Reply::Last(half.clone()));
    insta::assert_snapshot!(fails(&broken), @"get_me: expected a complete response from SERVER, found part of one or none (io: Peer disconnected); retry");
    let half = whole.to_vec();
    let silent = Server::start(move |_, _| Reply::Silence(half.clone()));
    times_out(&silent, &["found none in time"]);
    times_out(&server(|| Reply::Silence(Vec::new())), &["found none in time"]);
    let dripping = server(|| Reply::Drip(b"x-header: 1\r\n".to_vec()));
    times_out(&dripping, &["found none in time", "part of one or none"]);
    let endless = Server::start(|_, _| Reply::Drip(b"HTTP/1.1 200 OK\r\nx: 1\r\n".to_vec()));
    times_out(&endless, &["found none in time", "part of one or none"]);
}

#[test]
fn unreadable_response_bodies_are_described_in_the_error() {
    let page =
        "<!DOCTYPE html>\n<html><head><title>Sign in to the hotel's network</title></head></html>";
    let html =
        Server::start(move |_, _| answer(200, &[("content-type", "text/html")], page.as_bytes()));
    insta::assert_snapshot!(fails(&html), @"get_me: expected JSON, found text/html, `<!DOCTYPE html> <html><head><title>Sign in to the hotel's network</title></head>`; check the network, the base URL and the proxy");
    insta::assert_snapshot!(fails(&Server::json("")), @"get_me: expected JSON, found an empty body with status 200; retry, or ignore the body with `send_raw`");
    insta::assert_snapshot!(fails(&Server::json(r#"{"id":"smedjan","display_name"#)), @r#"get_me: expected complete JSON, found its beginning: EOF while parsing a string at line 1 column 29, near `{"id":"smedjan","display_name`; retry"#);
    insta::assert_snapshot!(fails(&Server::json(r#"["smedjan"]"#)), @r#"get_me: cannot decode the response: invalid type: sequence, expected the object User at line 1 column 0, near `["smedjan"]`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    insta::assert_snapshot!(fails(&Server::json(r#"{"display_name":"Zoë"}"#)), @r#"get_me: cannot decode the response: missing field `id` at line 1 column 23, near `{"display_name":"Zoë"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    let deep = format!("{{\"id\":{}", "[".repeat(10_000));
    let text = fails(&Server::json(&deep));
    assert!(text.contains("expected complete JSON"), "{text}");
    let latin = Server::start(|_, _| {
        answer(200, &[("content-type", "application/json")], b"{\"id\":\"zo\xeb\"}")
    });
    insta::assert_snapshot!(fails(&latin), @r#"get_me: cannot decode the response: byte 9 is not UTF-8, near `{"id":"zo�"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
    let gzip = Server::start(|_, _| {
        answer(
            200,
            &[("content-type", "application/json"), ("content-encoding", "gzip")],
            b"not gzip",
        )
    });
    let text = fails(&gzip);
    assert!(text.contains("part of one or none"), "{text}");
    let long = " ".repeat(2 << 20);
    insta::assert_snapshot!(fails(&Server::json(&long)), @"get_me: the response from SERVER is too large (more than 1048576 bytes); request less, or allow more with `SpotifyBuilder::max_response_size`");
    // A write whose response is too large.
    let server = Server::json(&long);
    let spotify = server.builder().max_response_size(1 << 20).build().unwrap();
    let text = spotify.skip_to_next().send().unwrap_err().to_string();
    let text = text.replace(&server.origin(), "SERVER");
    insta::assert_snapshot!(text, @"skip_to_next: the response from SERVER is too large (more than 1048576 bytes); the write may have taken effect, so check before you retry, or allow more with `SpotifyBuilder::max_response_size`");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn header_that_repeats_the_token_is_hidden() {
    let token = "token-of-the-test";
    let server = Server::start(move |_, _| answer(200, &[("content-type", token)], b"<html>"));
    let text = server.client().get_me().send().unwrap_err().to_string();
    insta::assert_snapshot!(text, @"get_me: expected JSON, found *****************, `<html>`; check the network, the base URL and the proxy");
    let raw = server.client().get_me().send_raw().unwrap();
    assert!(!format!("{raw:?}").contains(token));
    assert_eq!(raw.header("content-type"), Some("*****************"));
}

/// For every call that reads the body or requires a success.
#[test]
fn error_with_the_status_of_a_success_is_an_error() {
    let body = r#"{"error":{"status":404,"message":"Not found."}}"#;
    let server = Server::json(body);
    let spotify = server.client();
    let errors = [
        spotify.get_queue().send().map(drop),
        spotify.get_playback().send().map(drop),
        spotify.get_my_saved_tracks().send().map(drop),
        spotify.get_albums(["382ObEPsp2rxGrnsizN5TX"]).send().map(drop),
        spotify.get_me().send_as::<serde_json::Value>().map(drop),
        spotify.get("/me").send_as::<serde_json::Value>().map(drop),
        spotify.skip_to_next().send(),
    ];
    for error in errors.map(Result::unwrap_err) {
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        assert_eq!(error.status(), Some(404));
    }
    let raw = spotify.get_me().send_raw().unwrap();
    assert_eq!((raw.status(), raw.body()), (200, body.as_bytes()));
    // An error object without a status, and a field `error` that isn't an error object.
    let server = Server::json(r#" { "error" : { "message": "Oh" } }"#);
    insta::assert_snapshot!(server.client().get_me().send().unwrap_err(), @"get_me: Spotify returned 200: `Oh`");
    let server = Server::json(r#"{"id":"me","error":"none","display_name":"\"error\""}"#);
    assert_eq!(server.client().get_me().send().unwrap().id, "me");
}

#[test]
fn player_errors_contain_the_reason_and_advice() {
    let message = |status, message: &str, reason: &str| {
        let error = format!(r#"{{"error":{{"status":{status},"message":"{message}"{reason}}}}}"#);
        let server = Server::start(move |_, _| json(status, error.clone()));
        let error = server.client().skip_to_next().send().unwrap_err();
        error.to_string().split("; ").nth(1).unwrap_or_default().to_owned()
    };
    let reason =
        |reason: &str| message(403, "Player command failed", &format!(r#","reason":"{reason}""#));
    insta::assert_snapshot!(message(403, "Player command failed: Restriction violated", r#","reason":"UNKNOWN""#), @"the player cannot do this now or on this device: `get_playback` returns the actions that it disallows");
    insta::assert_snapshot!(message(403, "Player command failed: Restriction violated", ""), @"the player cannot do this now or on this device: `get_playback` returns the actions that it disallows");
    insta::assert_snapshot!(message(404, "Player command failed: No active device found", r#","reason":"NO_ACTIVE_DEVICE""#), @"no device of the user is active: pass the `device_id` of one, or transfer the playback to it");
    insta::assert_snapshot!(message(404, "Player command failed: No active device found", ""), @"no device of the user is active: pass the `device_id` of one, or transfer the playback to it");
    insta::assert_snapshot!(message(403, "Player command failed: Premium required", r#","reason":"PREMIUM_REQUIRED""#), @"the user of the token needs a Premium subscription");
    insta::assert_snapshot!(reason("NO_PREV_TRACK"), @"there is no item before this one");
    insta::assert_snapshot!(reason("DEVICE_NOT_CONTROLLABLE"), @"the device cannot be controlled by apps: pass the `device_id` of another");
    insta::assert_snapshot!(reason("A_NEW_ONE"), @"the player cannot do this now or on this device: `get_playback` returns the actions that it disallows");
    insta::assert_snapshot!(message(403, "No", ""), @"Spotify does not allow this to the app or the user");
    insta::assert_snapshot!(message(404, "No", ""), @"the object does not exist, or is not available to this app or user");
}

#[test]
fn error_status_messages_quote_the_response() {
    let error = |status, headers: &'static [(&str, &str)], body: &'static str| {
        let server = Server::start(move |_, _| answer(status, headers, body.as_bytes()));
        let error = server.client().get_me().send().unwrap_err();
        assert_eq!((error.status(), error.call()), (Some(status), Some("get_me")));
        error
    };
    let text = |status, body| error(status, &[], body).to_string();
    insta::assert_snapshot!(text(401, r#"{"error":{"status":401,"message":"The access token expired"}}"#), @"get_me: Spotify returned 401: `The access token expired`; the token is missing, invalid or expired: get a new one");
    insta::assert_snapshot!(text(403, "User not registered in the Developer Dashboard"), @"get_me: Spotify returned 403: `User not registered in the Developer Dashboard`; add the user of the token under User Management in the app's dashboard");
    insta::assert_snapshot!(text(404, r#"{"error":{"status":404,"message":"Player command failed","reason":"NO_ACTIVE_DEVICE"}}"#), @"get_me: Spotify returned 404: `Player command failed`, reason NO_ACTIVE_DEVICE; no device of the user is active: pass the `device_id` of one, or transfer the playback to it");
    insta::assert_snapshot!(text(400, r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#), @"get_me: Spotify returned 400: `Refresh token revoked`, reason invalid_grant; Spotify rejected the request: check the arguments");
    insta::assert_snapshot!(text(503, ""), @"get_me: Spotify returned 503; Spotify failed to process the request: retry later");
    insta::assert_snapshot!(text(502, "<html>\n<b>Bad Gateway</b>"), @r"get_me: Spotify returned 502: `<html>\n<b>Bad Gateway</b>`; Spotify failed to process the request: retry later");
    let limited = error(
        429,
        &[("Retry-After", "17")],
        r#"{"error":{"status":429,"message":"API rate limit exceeded"}}"#,
    );
    let start = "get_me: Spotify returned 429: `API rate limit exceeded`; wait until 2";
    assert!(limited.to_string().starts_with(start), "{limited}");
    assert_eq!(limited.retry_after(), Some(Duration::from_secs(17)));
    assert!(limited.is_retryable() && matches!(limited, Error::RateLimited(_)));
    let moved = error(302, &[("location", "https://example.com/")], "");
    insta::assert_snapshot!(moved, @"get_me: Spotify returned 302; the client does not follow redirects: check the base URL");
}

#[test]
fn redirect_to_another_server_does_not_send_the_token() {
    let elsewhere = Server::json(r#"{"id":"thief"}"#);
    let location = elsewhere.origin();
    let server = Server::start(move |_, _| answer(307, &[("location", &location)], b""));
    assert!(server.client().get_me().send().is_err());
    assert!(server.client().save_albums(["382ObEPsp2rxGrnsizN5TX"]).send().is_err());
    assert_eq!((server.seen().len(), elsewhere.seen().len()), (2, 0));
}

#[test]
fn connection_is_reused_after_long_error_responses() {
    let long = "x".repeat(100_000);
    let server = Server::start(move |_, number| match number % 2 {
        0 => answer(500, &[], long.as_bytes()),
        _ => json(200, r#"{"id":"smedjan"}"#),
    });
    let spotify = server.client();
    for _ in 0..3 {
        assert!(spotify.get_me().send().is_err());
        assert_eq!(spotify.get_me().send().unwrap().id, "smedjan");
    }
    assert!(server.seen().iter().all(|seen| seen.connection == 0));
}

#[test]
fn send_raw_and_send_as_expose_the_whole_response() {
    let server = Server::start(|seen, _| match seen.target() {
        "/v1/me" => answer(418, &[("X-Kettle", "on")], b"{\"tea\": true}"),
        _ => json(200, r#"{"artists":{"items":[],"total":3}}"#),
    });
    let raw = server.client().get_me().send_raw().unwrap();
    assert_eq!(
        (raw.status(), raw.header("x-kettle"), raw.body()),
        (418, Some("on"), &b"{\"tea\": true}"[..])
    );
    assert!(
        server.client().get_me().send_as::<serde_json::Value>().is_err(),
        "418 isn't a success"
    );
    let whole: serde_json::Value = server.client().get_my_followed_artists().send_as().unwrap();
    assert_eq!(whole["artists"]["total"], 3);
}

#[test]
fn token_does_not_appear_in_debug_or_error_text() {
    let server = Server::start(|_, _| {
        json(401, r#"{"error":{"status":401,"message":"Invalid access token"}}"#)
    });
    let spotify = Spotify::builder().token("s3cr3t").base_url(server.base_url());
    assert!(!format!("{spotify:?}").contains("s3cr3t"));
    let spotify = spotify.build().unwrap();
    let call = spotify.get_my_saved_tracks().limit(3);
    let error = call.clone().send().unwrap_err();
    let texts = [
        format!("{spotify:?}"),
        format!("{call:?}"),
        format!("{:?}", call.request().unwrap()),
        format!("{error:?}"),
        format!("{error}"),
    ];
    for text in texts {
        assert!(!text.contains("s3cr3t"), "{text}");
    }
}
