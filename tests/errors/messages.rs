//! Snapshots of every error: its message, its sources, and what its methods return. The last test fails if a variant
//! is missing here.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::support::{Reply, Server, answer, json, with_longer_limits};
use insta::assert_snapshot;
use tonearm::auth::{MemoryStore, StoreError, StoreErrorKind, StoreLock, TokenStore};
use tonearm::{App, Error, QuotaMode, Spotify, Token};

/// Formats an error with its sources and the results of its methods. Ports, times and OS error numbers are masked,
/// because they differ between runs and platforms.
fn describe(error: &Error) -> String {
    let mut text = format!("{error}\n");
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        assert!(!text.contains(&inner_text), "printed twice: {inner_text}");
        assert!(inner_text.chars().count() < 500, "bounded: {inner_text}");
        writeln!(text, "    caused by: {inner_text}").unwrap();
        source = inner.source();
    }
    let call = error.call().unwrap_or("-");
    write!(text, "    {}; call {call}", variant(error)).unwrap();
    for (name, value) in [
        ("status", error.status().map(|status| status.to_string())),
        ("wait", error.retry_after().map(|wait| format!("{} min", wait.as_secs().div_ceil(60)))),
    ] {
        if let Some(value) = value {
            write!(text, "; {name} {value}").unwrap();
        }
    }
    for (word, is) in [
        ("try again", error.is_retryable()),
        ("may have happened", error.may_have_taken_effect()),
        ("log in", error.requires_login()),
    ] {
        text.push_str(if is { "; " } else { "" });
        text.push_str(if is { word } else { "" });
    }
    text.push('\n');
    masked(&text)
}

fn masked(text: &str) -> String {
    put(&put(&put(text, "127.0.0.1:", "PORT"), "until ", "TIME"), "os error ", "NUMBER")
}

/// Replaces the number or time after each occurrence of `words` with `name`.
fn put(text: &str, words: &str, name: &str) -> String {
    let mut parts = text.split(words);
    let mut all = parts.next().unwrap().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || "-:TZ".contains(c));
        all.push_str(words);
        all.push_str(if rest.len() < part.len() { name } else { "" });
        // Trimming also removed the colon after a port.
        let taken = &part[..part.len() - rest.len()];
        all.push_str(if taken.ends_with(':') { ":" } else { "" });
        all.push_str(rest);
    }
    all
}

fn variant(error: &Error) -> String {
    let text = format!("{error:?}");
    text.split('(').next().unwrap().to_owned()
}

/// Formats several errors, one below the other.
fn all(errors: Vec<Error>) -> String {
    errors.iter().map(describe).collect()
}

/// Returns the error of `get_album` for this response.
fn read(reply: Reply) -> Error {
    let server = Server::canned([reply]);
    server.client().get_album("382ObEPsp2rxGrnsizN5TX").send().unwrap_err()
}

/// Returns the error of a call for a response with this status code and message.
fn api_error<T>(
    status: u16,
    message: &str,
    call: impl FnOnce(&Spotify) -> Result<T, Error>,
) -> Error {
    let body = format!(r#"{{"error":{{"status":{status},"message":"{message}"}}}}"#);
    let server = Server::canned([json(status, body)]);
    call(&server.client()).err().unwrap()
}

fn client_of(server: &Server, app: App) -> Spotify {
    let app = app.accounts_url(server.origin());
    Spotify::builder().app(app).base_url(server.base_url()).retries(0).build().unwrap()
}

/// Spotify reports a missing scope, although the token has the scopes that the endpoint definition lists.
fn scope_error_with_known_scopes() -> Error {
    let server = Server::start(|seen, _| match seen.target() {
        "/api/token" => json(
            200,
            r#"{"access_token":"a","expires_in":3600,"scope":"user-library-read streaming"}"#,
        ),
        _ => json(403, r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#),
    });
    let app = App::new("client-id").refresh_token("refresh").store(MemoryStore::new());
    client_of(&server, app).get_my_saved_tracks().send().unwrap_err()
}

const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";
const TRACK: &str = "7ouMYWpwJ422jRcDASZB7P";

fn errors_before_sending() -> Vec<Error> {
    let spotify = Spotify::from_token("token").unwrap();
    vec![
        Spotify::builder().token("token").base_url("ftp://x").build().unwrap_err(),
        Spotify::builder().build().unwrap_err(),
        Spotify::from_token("two words").unwrap_err(),
        spotify.get_my_saved_tracks().limit(100).send().unwrap_err(),
        spotify.get_album("spotify:track:7ouMYWpwJ422jRcDASZB7P").send().unwrap_err(),
        spotify.get_album("7ouM").market("XX").send().unwrap_err(),
        spotify.change_playlist_details(PLAYLIST).send().unwrap_err(),
        spotify.search("", [tonearm::SearchType::Album]).send().unwrap_err(),
    ]
}

fn transport_errors() -> Vec<Error> {
    // Nothing listens on this port.
    let nobody = Spotify::builder().token("token").base_url("http://127.0.0.1:1/v1").retries(0);
    let nobody = nobody.build().unwrap();
    let server = Server::canned([Reply::Silence(Vec::new())]);
    // The timeout must be long enough for the request to be sent.
    let timeout = |call: fn(Spotify) -> Error| {
        with_longer_limits(Duration::from_millis(500), |limit| {
            let before = server.seen().len();
            let error = call(server.builder().retries(0).call_timeout(limit).build().unwrap());
            if server.seen().len() > before { Ok(error) } else { Err(error) }
        })
    };
    let broken =
        Server::canned([Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec())]);
    let long = Server::json(&format!("[{}]", " ".repeat(5000)));
    let small = long.builder().retries(0).max_response_size(1000).build().unwrap();
    vec![
        nobody.get_me().send().unwrap_err(),
        timeout(|spotify| spotify.get_me().send().unwrap_err()),
        timeout(|spotify| spotify.skip_to_next().send().unwrap_err()),
        broken.client().get_me().send().unwrap_err(),
        small.get_me().send().unwrap_err(),
    ]
}

fn decode_errors() -> Vec<Error> {
    let html = [("content-type", "text/html")];
    let long = format!(r#"{{"album_type":"album","id":{{"{}":1}}}}"#, "x".repeat(5000));
    let text = format!(r#""{}""#, "x".repeat(5000));
    vec![
        read(json(200, r#"{"id":null,"name":"Kind of Blue","uri":"spotify:album:1"}"#)),
        read(json(200, long)),
        read(json(200, text)),
        read(json(200, "")),
        read(json(200, r#"{"id":"382Ob"#)),
        read(json(200, "<html>")),
        read(answer(200, &html, b"<html><title>Log in to the hotel")),
    ]
}

fn api_errors() -> Vec<Error> {
    let album = |spotify: &Spotify| spotify.get_album(PLAYLIST).send();
    let playlist = |spotify: &Spotify| spotify.get_playlist_items(PLAYLIST).send();
    vec![
        api_error(401, "The access token expired", album),
        api_error(403, "Insufficient client scope", |spotify| spotify.get_my_saved_tracks().send()),
        scope_error_with_known_scopes(),
        api_error(403, "User not registered in the Developer Dashboard", album),
        api_error(403, "Active premium subscription required for the owner of the app.", album),
        api_error(403, "Forbidden", playlist),
        api_error(403, "Player command failed: Premium required", |spotify| {
            spotify.skip_to_next().send()
        }),
        api_error(403, "", album),
        api_error(404, "Resource not found", album),
        api_error(400, "Invalid base62 id", album),
        api_error(418, "", album),
        api_error(502, "Bad gateway.", album),
        api_error(500, "Server error.", |spotify| spotify.skip_to_next().send()),
        read(answer(302, &[("location", "https://example.com")], b"")),
    ]
}

fn unavailable_endpoints() -> Vec<Error> {
    let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development);
    let spotify = spotify.build().unwrap();
    let at = tonearm::Timestamp::from_unix_seconds(0);
    vec![
        spotify.get_artist_top_tracks("0TnOYISbd1XYRBk9myaseg").send().unwrap_err(),
        spotify.save_tracks([(TRACK, at)]).send().unwrap_err(),
        spotify.get_genre_seeds().send().unwrap_err(),
        api_error(403, "Forbidden", |spotify| spotify.get_audio_features(TRACK).send()),
    ]
}

fn rate_limits() -> Vec<Error> {
    let limited = |headers: &[(&str, &str)], reason: &str| {
        let body = format!(r#"{{"error":{{"status":429,"message":"Too many"{reason}}}}}"#);
        let server = Server::canned([answer(429, headers, body.as_bytes())]);
        let spotify = server.builder().retries(0).sleep_with(|_| {}).build().unwrap();
        let first = spotify.get_me().send().unwrap_err();
        (first, spotify.get_me().send().unwrap_err())
    };
    let (first, second) = limited(&[("retry-after", "7200")], "");
    let (quota, _) = limited(&[("retry-after", "7200")], r#","reason":"QUOTA_EXCEEDED""#);
    let (unnamed, _) = limited(&[], "");
    vec![first, second, quota, unnamed]
}

fn partial_writes_and_paging_errors() -> Vec<Error> {
    let server = Server::canned([
        json(200, ""),
        json(500, r#"{"error":{"status":500,"message":"Server error."}}"#),
    ]);
    let tracks: Vec<_> = (0..120).map(|n| format!("{n:022}")).collect();
    let pages = |next: &str| {
        let next = next.to_owned();
        let server = Server::start(move |seen, _| {
            let origin = format!("http://{}", seen.header("host").unwrap());
            let next = next.replace("HERE", &origin);
            json(
                200,
                format!(r#"{{"items":[null],"total":9,"limit":1,"offset":0,"next":"{next}"}}"#),
            )
        });
        server.client().get_my_saved_tracks().limit(1).items().find_map(Result::err).unwrap()
    };
    vec![
        server.client().save_tracks(&tracks).send().unwrap_err(),
        pages("https://example.com/v1/me/tracks?offset=1"),
        pages("HERE/v1/me/tracks?offset=0&limit=1"),
    ]
}

fn token_errors() -> Vec<Error> {
    let api_error = |body: &str, app: App| {
        let server = Server::canned([json(400, body)]);
        client_of(&server, app).get_me().send().unwrap_err()
    };
    let app = || App::new("client-id").refresh_token("refresh").store(MemoryStore::new());
    let gone = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
    let unknown = r#"{"error":"invalid_client","error_description":"Invalid client"}"#;
    vec![
        api_error("{}", App::new("client-id").store(MemoryStore::new())),
        api_error(gone, app()),
        api_error(unknown, app()),
        api_error(r#"{"error":"unsupported_grant_type"}"#, app()),
    ]
}

fn store_errors() -> Vec<Error> {
    struct Bad(StoreErrorKind);
    impl TokenStore for Bad {
        fn load(&self) -> Result<Option<Token>, StoreError> {
            Err(match self.0 {
                StoreErrorKind::Failed => {
                    let cause = std::io::Error::other("no route to host");
                    StoreError::failed("the database cannot be reached", cause)
                }
                problem => StoreError::new(problem, format!("it is {problem:?}")),
            })
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
    let problems = [
        StoreErrorKind::Corrupt,
        StoreErrorKind::WrongClientId,
        StoreErrorKind::Locked,
        StoreErrorKind::Failed,
    ];
    let server = Server::json("{}");
    let of = |problem| {
        client_of(&server, App::new("client-id").store(Bad(problem))).get_me().send().unwrap_err()
    };
    problems.map(of).into()
}

fn login_errors() -> Vec<Error> {
    let app = App::new("client-id").redirect_uri("http://127.0.0.1:8080/callback");
    let login = app.login(tonearm::Scopes::empty()).unwrap();
    let state = login.url().split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let answer =
        |rest: &str| login.finish(&format!("http://127.0.0.1:8080/callback?{rest}")).unwrap_err();
    vec![
        App::new("client-id").login(tonearm::Scopes::empty()).unwrap_err(),
        answer(&format!("error=access_denied&state={state}")),
        answer(&format!("error=server_error&state={state}")),
        answer("code=x&state=other"),
        login.finish("what?").unwrap_err(),
    ]
}

#[test]
fn errors_before_sending_are_described() {
    assert_snapshot!(all(errors_before_sending()), @"
    base_url: expected an `https` URL such as `https://api.spotify.com/v1`, found `ftp://x`
        Config; call -
    token: no token is set: call `.token(…)`, `.app(…)` or `.client_credentials(…)` before `.build()`
        Config; call -
    token: the token of 9 characters contains white space at character 4; pass only the access token, as Spotify returned it
        Config; call -
    get_my_saved_tracks: `limit`: expected a number from 1 to 50, found 100; nothing was sent
        InvalidArgument; call get_my_saved_tracks
    get_album: `album_id`: expected an album id, URI or link, found the track `spotify:track:7ouMYWpwJ422jRcDASZB7P`; nothing was sent
        InvalidArgument; call get_album
    get_album: `album_id`: expected an album id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `7ouM` (4 characters); nothing was sent
        InvalidArgument; call get_album
    change_playlist_details: `name`: expected at least one of `name`, `public`, `collaborative`, `description`, found none; nothing was sent
        InvalidArgument; call change_playlist_details
    search: `q`: expected text, found empty text; nothing was sent
        InvalidArgument; call search
    ");
}

#[test]
fn transport_errors_are_described() {
    // Each system has a text of its own.
    let refused = TcpStream::connect("127.0.0.1:1").unwrap_err().to_string();
    let errors = all(transport_errors()).replace(&masked(&refused), "REFUSED");
    assert_snapshot!(errors, @"
    get_me: cannot connect to http://127.0.0.1:PORT (io: REFUSED); check the network, the base URL and the proxy
        Transport; call get_me; try again
    get_me: expected a response from http://127.0.0.1:PORT, found none in time (the `call_timeout` is over); retry, or allow more time
        Transport; call get_me; try again
    skip_to_next: expected a response from http://127.0.0.1:PORT, found none in time (the `call_timeout` is over); the write may have taken effect, so check before you retry, or allow more time
        Transport; call skip_to_next; try again; may have happened
    get_me: expected a complete response from http://127.0.0.1:PORT, found part of one or none (io: Peer disconnected); retry
        Transport; call get_me; try again
    get_me: the response from http://127.0.0.1:PORT is too large (more than 1000 bytes); request less, or allow more with `SpotifyBuilder::max_response_size`
        Transport; call get_me
    ");
}

#[test]
fn decode_errors_are_described() {
    assert_snapshot!(all(decode_errors()), @r#"
    get_album: cannot decode the response: expected the id of the album, found none at line 1 column 57, near `:"Kind of Blue","uri":"spotify:album:1"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded
        Decode; call get_album; status 200
    get_album: cannot decode the response: expected the album, found neither an id nor a URI at line 1 column 5034, near `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx":1}}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded
        Decode; call get_album; status 200
    get_album: cannot decode the response: invalid type: string "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", expected the object Album at line 1 column 5002, near `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`; `send_as` decodes it into another type, and `send_raw` returns it undecoded
        Decode; call get_album; status 200
    get_album: expected JSON, found an empty body with status 200; retry, or ignore the body with `send_raw`
        Decode; call get_album; status 200
    get_album: expected complete JSON, found its beginning: EOF while parsing a string at line 1 column 12, near `{"id":"382Ob`; retry
        Decode; call get_album; status 200
    get_album: expected JSON, found other text: expected value at line 1 column 1, near `<html>`; check the network, the base URL and the proxy
        Decode; call get_album; status 200
    get_album: expected JSON, found text/html, `<html><title>Log in to the hotel`; check the network, the base URL and the proxy
        Decode; call get_album; status 200
    "#);
}

#[test]
fn api_errors_are_described() {
    assert_snapshot!(all(api_errors()), @"
    get_album: Spotify returned 401: `The access token expired`; the token is missing, invalid or expired: get a new one
        Unauthorized; call get_album; status 401; log in
    get_my_saved_tracks: the token lacks a scope: expected `user-library-read`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
        InsufficientScope; call get_my_saved_tracks; status 403; log in
    get_my_saved_tracks: the token lacks a scope: expected `user-library-read`, found `streaming user-library-read`; log in again with this scope; Spotify returned 403: `Insufficient client scope`
        InsufficientScope; call get_my_saved_tracks; status 403; log in
    get_album: Spotify returned 403: `User not registered in the Developer Dashboard`; add the user of the token under User Management in the app's dashboard
        UserNotRegistered; call get_album; status 403
    get_album: Spotify returned 403: `Active premium subscription required for the owner of the app.`; the owner of the app needs a Premium subscription, which takes effect after some hours
        OwnerWithoutPremium; call get_album; status 403
    get_playlist_items: Spotify returned 403: `Forbidden`; the app is in development mode, so the user must own the playlist or collaborate on it
        NotPlaylistOwner; call get_playlist_items; status 403
    skip_to_next: Spotify returned 403: `Player command failed: Premium required`; the user of the token needs a Premium subscription; if they have one, try again
        Forbidden; call skip_to_next; status 403
    get_album: Spotify returned 403; Spotify gives no reason: check the app and its users in the dashboard
        Forbidden; call get_album; status 403
    get_album: Spotify returned 404: `Resource not found`; the object does not exist, or is not available to this app or user
        NotFound; call get_album; status 404
    get_album: Spotify returned 400: `Invalid base62 id`; Spotify rejected the request: check the arguments
        Status; call get_album; status 400
    get_album: Spotify returned 418; Spotify rejected the request: check the arguments
        Status; call get_album; status 418
    get_album: Spotify returned 502: `Bad gateway.`; Spotify failed to process the request: retry later
        Status; call get_album; status 502; try again
    skip_to_next: Spotify returned 500: `Server error.`; the write may have taken effect: check before you retry
        Status; call skip_to_next; status 500; try again; may have happened
    get_album: Spotify returned 302; the client does not follow redirects: check the base URL
        Status; call get_album; status 302
    ");
}

#[test]
fn unavailable_endpoints_are_described() {
    assert_snapshot!(all(unavailable_endpoints()), @"
    get_artist_top_tracks: not available to apps in development mode since 2026-02-11; Spotify's replacement is `GET /search` for tracks of the artist, which can return other tracks; nothing was sent
        EndpointUnavailable; call get_artist_top_tracks
    save_tracks: not available to apps in development mode since 2026-02-11; the fallback endpoint `save_items` does not support `added_at`: leave it out; nothing was sent
        EndpointUnavailable; call save_tracks
    get_genre_seeds: available only to apps that had extended access before 2024-11-27; Spotify offers no replacement; nothing was sent
        EndpointUnavailable; call get_genre_seeds
    get_audio_features: available only to apps that had extended access before 2024-11-27; Spotify offers no replacement; Spotify returned 403: `Forbidden`
        EndpointUnavailable; call get_audio_features; status 403
    ");
}

#[test]
fn rate_limits_are_described() {
    assert_snapshot!(all(rate_limits()), @"
    get_me: Spotify returned 429: `Too many`; wait until TIME
        RateLimited; call get_me; status 429; wait 120 min; try again
    get_me: Spotify has limited the requests of the app: wait until TIME; nothing was sent
        RateLimited; call get_me; wait 120 min; try again
    get_me: Spotify returned 429: `Too many`, reason QUOTA_EXCEEDED; the app has used up its quota in development mode for this endpoint: wait until TIME
        RateLimited; call get_me; status 429; wait 120 min; try again
    get_me: Spotify returned 429: `Too many`; wait until TIME (an estimate: Spotify sent no `Retry-After`)
        RateLimited; call get_me; status 429; try again
    ");
}

#[test]
fn partial_writes_and_paging_errors_are_described() {
    assert_snapshot!(all(partial_writes_and_paging_errors()), @"
    save_tracks: partial write: 50 of 120 completed, 70 remaining; Spotify returned 500: `Server error.`; Spotify failed to process the request: retry later
        PartialWrite; call save_tracks; status 500; try again; may have happened
    get_my_saved_tracks: the response links to a next page on another server, `https://example.com/v1/me/tracks?offset=1`, to which the client sends no token; check the base URL
        Paging; call get_my_saved_tracks
    get_my_saved_tracks: expected a link to the next page, found one to an earlier page: `http://127.0.0.1:PORT/v1/me/tracks?offset=0&limit=1`
        Paging; call get_my_saved_tracks
    ");
}

#[test]
fn token_errors_are_described() {
    assert_snapshot!(all(token_errors()), @"
    get_me: login required: expected a stored token of the app `client-id`, found none; log in
        LoginRequired; call get_me; log in
    get_me: login required: Spotify rejected the refresh token: `Refresh token revoked`; log in again
        LoginRequired; call get_me; log in
    refresh_token: Spotify rejected the client id or the secret: `Invalid client`; compare both with the app's dashboard
        InvalidClient; call refresh_token; status 400
    refresh_token: Spotify returned 400: `unsupported_grant_type`; compare the client id and the redirect URI with the app's dashboard
        Status; call refresh_token; status 400
    ");
}

#[test]
fn store_errors_are_described() {
    assert_snapshot!(all(store_errors()), @"
    token store: it is Corrupt
        Store; call -
    token store: it is WrongClientId
        Store; call -
    token store: it is Locked
        Store; call -; try again
    token store: the database cannot be reached (no route to host)
        Store; call -; try again
    ");
}

#[test]
fn login_errors_are_described() {
    assert_snapshot!(all(login_errors()), @"
    redirect_uri: expected a redirect URI from Spotify's dashboard, found none: set it with `App::redirect_uri`
        Config; call -
    login: the user did not consent: `access_denied`; log in again and accept
        LoginFailed; call -; log in
    login: Spotify ended the login: `server_error`; log in again
        LoginFailed; call -; log in
    login: expected the redirect of this login, found that of another, whose `state` is different; log in on the page that was opened last, or start a new login
        LoginFailed; call -; log in
    login: expected the whole address to which Spotify redirected the browser, with `code=` and `state=`, found something else; copy it from the browser's address bar
        LoginFailed; call -; log in
    ");
}

#[test]
fn every_error_variant_is_described() {
    let source = include_str!("../../src/error/mod.rs");
    let (_, body) = source.split_once("pub enum Error {").unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let variants: BTreeSet<String> = body
        .lines()
        .filter_map(|line| line.trim().strip_suffix("),")?.split_once("(Box<"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let errors = [
        errors_before_sending(),
        transport_errors(),
        decode_errors(),
        api_errors(),
        unavailable_endpoints(),
        rate_limits(),
        partial_writes_and_paging_errors(),
        token_errors(),
        store_errors(),
        login_errors(),
    ];
    let shown: BTreeSet<String> = errors.iter().flatten().map(variant).collect();
    assert_eq!(shown, variants);
}
