//! Every error as the person reads it who gets it at three in the morning: its text, what caused it, and what a
//! program can ask it. A variant that is not shown here fails the last test.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::Write;
use std::time::{Duration, Instant};

use super::support::{Reply, Server, answer, json};
use insta::assert_snapshot;
use tonearm::auth::{MemoryStore, StoreError, StoreLock, StoreProblem, TokenStore};
use tonearm::{App, Error, QuotaMode, Spotify, Token};

/// What a person sees of an error, and what a program does. Ports, times and the numbers of
/// platforms are not the same twice.
fn told(error: &Error) -> String {
    let mut text = format!("{error}\n");
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        assert!(inner_text.chars().count() < 500, "bounded: {inner_text}");
        writeln!(text, "    caused by: {inner_text}").unwrap();
        source = inner.source();
    }
    let endpoint = error.endpoint().unwrap_or("-");
    write!(text, "    {}; endpoint {endpoint}", variant(error)).unwrap();
    for (name, value) in [
        ("status", error.status().map(|status| status.to_string())),
        ("wait", error.retry_after().map(|wait| format!("{} min", wait.as_secs().div_ceil(60)))),
    ] {
        if let Some(value) = value {
            write!(text, "; {name} {value}").unwrap();
        }
    }
    for (word, is) in
        [("try again", error.is_retryable()), ("may have happened", error.may_have_taken_effect())]
    {
        text.push_str(if is { "; " } else { "" });
        text.push_str(if is { word } else { "" });
    }
    text.push('\n');
    masked(&text)
}

fn masked(text: &str) -> String {
    put(&put(&put(text, "127.0.0.1:", "PORT"), "until ", "TIME"), "os error ", "NUMBER")
}

/// The text with the number or the time behind some words replaced.
fn put(text: &str, words: &str, name: &str) -> String {
    let mut parts = text.split(words);
    let mut all = parts.next().unwrap().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || "-:TZ".contains(c));
        all.push_str(words);
        all.push_str(if rest.len() < part.len() { name } else { "" });
        // What follows an address was taken with it.
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

/// Several, one below the other.
fn all(errors: Vec<Error>) -> String {
    errors.iter().map(told).collect()
}

/// What `get_album` says to one answer.
fn read(reply: Reply) -> Error {
    let server = Server::canned([reply]);
    server.client().get_album("382ObEPsp2rxGrnsizN5TX").send().unwrap_err()
}

/// What a call says to a status and a message of Spotify's.
fn refused<T>(
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

/// Spotify misses a scope of a token that is known to hold what the table asks for.
fn refused_with_known_scopes() -> Error {
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

fn before_anything_is_sent() -> Vec<Error> {
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

fn no_whole_answer() -> Vec<Error> {
    // Nobody listens there.
    let nobody = Spotify::builder().token("token").base_url("http://127.0.0.1:1/v1").retries(0);
    let nobody = nobody.build().unwrap();
    let server = Server::canned([Reply::Silence(Vec::new())]);
    let hasty = server.builder().retries(0).call_timeout(Duration::from_secs(1));
    let hasty = hasty.build().unwrap();
    let broken =
        Server::canned([Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec())]);
    let long = Server::json(&format!("[{}]", " ".repeat(5000)));
    let small = long.builder().retries(0).max_response_size(1000).build().unwrap();
    vec![
        nobody.get_me().send().unwrap_err(),
        hasty.get_me().send().unwrap_err(),
        hasty.skip_to_next().send().unwrap_err(),
        broken.client().get_me().send().unwrap_err(),
        small.get_me().send().unwrap_err(),
    ]
}

fn answers_that_cannot_be_read() -> Vec<Error> {
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

fn refusals() -> Vec<Error> {
    let album = |spotify: &Spotify| spotify.get_album(PLAYLIST).send();
    let playlist = |spotify: &Spotify| spotify.get_playlist_items(PLAYLIST).send();
    vec![
        refused(401, "The access token expired", album),
        refused(403, "Insufficient client scope", |spotify| spotify.get_my_saved_tracks().send()),
        refused_with_known_scopes(),
        refused(403, "User not registered in the Developer Dashboard", album),
        refused(403, "Active premium subscription required for the owner of the app.", album),
        refused(403, "Forbidden", playlist),
        refused(403, "Player command failed: Premium required", |spotify| {
            spotify.skip_to_next().send()
        }),
        refused(403, "", album),
        refused(404, "Resource not found", album),
        refused(400, "Invalid base62 id", album),
        refused(418, "", album),
        refused(502, "Bad gateway.", album),
        refused(500, "Server error.", |spotify| spotify.skip_to_next().send()),
        read(answer(302, &[("location", "https://example.com")], b"")),
    ]
}

fn closed() -> Vec<Error> {
    let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development);
    let spotify = spotify.build().unwrap();
    let at = tonearm::Timestamp::from_unix_seconds(0);
    vec![
        spotify.get_artist_top_tracks("0TnOYISbd1XYRBk9myaseg").send().unwrap_err(),
        spotify.save_tracks([(TRACK, at)]).send().unwrap_err(),
        spotify.get_genre_seeds().send().unwrap_err(),
        refused(403, "Forbidden", |spotify| spotify.get_audio_features(TRACK).send()),
    ]
}

fn limits() -> Vec<Error> {
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

fn halfway() -> Vec<Error> {
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

fn tokens() -> Vec<Error> {
    let refused = |body: &str, app: App| {
        let server = Server::canned([json(400, body)]);
        client_of(&server, app).get_me().send().unwrap_err()
    };
    let app = || App::new("client-id").refresh_token("refresh").store(MemoryStore::new());
    let gone = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
    let unknown = r#"{"error":"invalid_client","error_description":"Invalid client"}"#;
    vec![
        refused("{}", App::new("client-id").store(MemoryStore::new())),
        refused(gone, app()),
        refused(unknown, app()),
        refused(r#"{"error":"unsupported_grant_type"}"#, app()),
    ]
}

fn stores() -> Vec<Error> {
    struct Bad(StoreProblem);
    impl TokenStore for Bad {
        fn load(&self) -> Result<Option<Token>, StoreError> {
            Err(match self.0 {
                StoreProblem::Failed => {
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
        StoreProblem::Corrupt,
        StoreProblem::WrongClientId,
        StoreProblem::Locked,
        StoreProblem::Failed,
    ];
    let server = Server::json("{}");
    let of = |problem| {
        client_of(&server, App::new("client-id").store(Bad(problem))).get_me().send().unwrap_err()
    };
    problems.map(of).into()
}

fn logins() -> Vec<Error> {
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
fn before_anything_is_sent_told() {
    assert_snapshot!(all(before_anything_is_sent()), @"
    base_url: expected a URL such as `https://api.spotify.com/v1`, found `ftp://x`
        Config; endpoint -
    token: no token is set: call `.token(…)`, `.app(…)` or `.client_credentials(…)` before `.build()`
        Config; endpoint -
    token: the token of 9 characters contains white space at character 4; pass only the access token, as Spotify returned it
        Config; endpoint -
    get_my_saved_tracks: `limit`: expected a number from 1 to 50, found 100; nothing was sent
        InvalidArgument; endpoint get_my_saved_tracks
    get_album: `album_id`: expected an album id, URI or link, found the track `spotify:track:7ouMYWpwJ422jRcDASZB7P`; nothing was sent
        InvalidArgument; endpoint get_album
    get_album: `album_id`: expected an album id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `7ouM` (4 characters); nothing was sent
        InvalidArgument; endpoint get_album
    change_playlist_details: `name`: expected at least one of `name`, `public`, `collaborative`, `description`, found none; nothing was sent
        InvalidArgument; endpoint change_playlist_details
    search: `q`: expected text, found none; nothing was sent
        InvalidArgument; endpoint search
    ");
}

#[test]
fn no_whole_answer_told() {
    assert_snapshot!(all(no_whole_answer()), @r#"
    get_me: no connection to http://127.0.0.1:PORT (io: Connection refused (os error NUMBER)); check the network, the base URL and the proxy
        caused by: io: Connection refused (os error NUMBER)
        Transport; endpoint get_me; try again
    get_me: http://127.0.0.1:PORT did not answer in time (the `call_timeout` is over); try again, or allow more time
        caused by: the `call_timeout` is over
        Transport; endpoint get_me; try again
    skip_to_next: http://127.0.0.1:PORT did not answer in time (the `call_timeout` is over); it may have happened all the same, so look before you try again, or allow more time
        caused by: the `call_timeout` is over
        Transport; endpoint skip_to_next; try again; may have happened
    get_me: http://127.0.0.1:PORT broke off before its answer was whole (io: Peer disconnected); try again
        caused by: io: Peer disconnected
        Transport; endpoint get_me; try again
    get_me: the answer of http://127.0.0.1:PORT is too long (the response body is larger than request limit: 1000); ask for less, or allow more with `SpotifyBuilder::max_response_size`
        caused by: the response body is larger than request limit: 1000
        Transport; endpoint get_me
    "#);
}

#[test]
fn answers_that_cannot_be_read_told() {
    assert_snapshot!(all(answers_that_cannot_be_read()), @r#"
    get_album: cannot read the answer: expected the id of the album, found none at line 1 column 57, near `:"Kind of Blue","uri":"spotify:album:1"}`; read it as another type with `send_as`, or take it as it came with `send_raw`
        caused by: expected the id of the album, found none at line 1 column 57
        Decode; endpoint get_album; status 200
    get_album: cannot read the answer: expected the album, found neither an id nor a URI at line 1 column 5034, near `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx":1}}`; read it as another type with `send_as`, or take it as it came with `send_raw`
        caused by: expected the album, found neither an id nor a URI at line 1 column 5034
        Decode; endpoint get_album; status 200
    get_album: cannot read the answer: invalid type: string "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", expected the object Album at line 1 column 5002, near `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`; read it as another type with `send_as`, or take it as it came with `send_raw`
        caused by: invalid type: string "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", expected the object Album at line 1 column 5002
        Decode; endpoint get_album; status 200
    get_album: expected JSON, found an empty body with status 200; take it as it came with `send_raw`
        caused by: EOF while parsing a value at line 1 column 0
        Decode; endpoint get_album; status 200
    get_album: the JSON of the answer breaks off: EOF while parsing a string at line 1 column 12, near `{"id":"382Ob`; try again
        caused by: EOF while parsing a string at line 1 column 12
        Decode; endpoint get_album; status 200
    get_album: the answer is no JSON: expected value at line 1 column 1, near `<html>`; check the base URL and the proxy
        caused by: expected value at line 1 column 1
        Decode; endpoint get_album; status 200
    get_album: expected JSON, found text/html, `<html><title>Log in to the hotel`; check the base URL and the proxy
        caused by: expected value at line 1 column 1
        Decode; endpoint get_album; status 200
    "#);
}

#[test]
fn refusals_told() {
    assert_snapshot!(all(refusals()), @r#"
    get_album: Spotify answered 401, `The access token expired`; the token is missing, wrong or expired: get a new one
        Unauthorized; endpoint get_album; status 401
    get_my_saved_tracks: the token lacks a scope: needed `user-library-read`; log in again with it; Spotify answered 403, `Insufficient client scope`
        InsufficientScope; endpoint get_my_saved_tracks; status 403
    get_my_saved_tracks: the token lacks a scope: needed `user-library-read`, held `streaming user-library-read`; log in again with it; Spotify answered 403, `Insufficient client scope`
        InsufficientScope; endpoint get_my_saved_tracks; status 403
    get_album: Spotify answered 403, `User not registered in the Developer Dashboard`; the user of the token is not on the app's list: add them in the app's dashboard, under User Management
        UserNotRegistered; endpoint get_album; status 403
    get_album: Spotify answered 403, `Active premium subscription required for the owner of the app.`; the owner of the app needs a Premium subscription, which counts some hours after it begins
        OwnerWithoutPremium; endpoint get_album; status 403
    get_playlist_items: Spotify answered 403, `Forbidden`; the playlist is somebody else's: in development mode an app may use those that the user owns or takes part in
        NotPlaylistOwner; endpoint get_playlist_items; status 403
    skip_to_next: Spotify answered 403, `Player command failed: Premium required`; the user of the token needs a Premium subscription; if they have one, try again
        Forbidden; endpoint skip_to_next; status 403
    get_album: Spotify answered 403; Spotify does not say why: look at the app and its users in the dashboard
        Forbidden; endpoint get_album; status 403
    get_album: Spotify answered 404, `Resource not found`; there is no such thing, or not for this app and this user
        NotFound; endpoint get_album; status 404
    get_album: Spotify answered 400, `Invalid base62 id`; the request is not as Spotify wants it: look at what the call was given
        Status; endpoint get_album; status 400
    get_album: Spotify answered 418; the request is not as Spotify wants it: look at what the call was given
        Status; endpoint get_album; status 418
    get_album: Spotify answered 502, `Bad gateway.`; a fault at Spotify: try again in a while
        Status; endpoint get_album; status 502; try again
    skip_to_next: Spotify answered 500, `Server error.`; a fault at Spotify: it may have happened all the same, so look before you try again
        Status; endpoint skip_to_next; status 500; try again; may have happened
    get_album: Spotify answered 302; redirects are not followed: check the base URL
        Status; endpoint get_album; status 302
    "#);
}

#[test]
fn closed_told() {
    assert_snapshot!(all(closed()), @r#"
    get_artist_top_tracks: closed to apps in development mode since 2026-02-11; Spotify offers `GET /search` for tracks of the artist, in part; nothing was sent
        EndpointUnavailable; endpoint get_artist_top_tracks
    save_tracks: closed to apps in development mode since 2026-02-11; `save_items`, which stands in for it, takes no `added_at`: leave it out, and the call works; nothing was sent
        EndpointUnavailable; endpoint save_tracks
    get_genre_seeds: closed since 2024-11-27 to all apps but those that had extended access before; Spotify offers nothing in its place; nothing was sent
        EndpointUnavailable; endpoint get_genre_seeds
    get_audio_features: closed since 2024-11-27 to all apps but those that had extended access before; Spotify offers nothing in its place; Spotify answered 403, `Forbidden`
        EndpointUnavailable; endpoint get_audio_features; status 403
    "#);
}

#[test]
fn limits_told() {
    assert_snapshot!(all(limits()), @r#"
    get_me: Spotify answered 429, `Too many`; wait 7200 s before the next request
        RateLimited; endpoint get_me; status 429; wait 120 min; try again
    get_me: Spotify has asked for no more requests until TIME; nothing was sent
        RateLimited; endpoint get_me; wait 120 min; try again
    get_me: Spotify answered 429, `Too many`, reason QUOTA_EXCEEDED; wait 7200 s before the next request; it is the quota of this endpoint for apps in development mode
        RateLimited; endpoint get_me; status 429; wait 120 min; try again
    get_me: Spotify answered 429, `Too many`; wait before the next request
        RateLimited; endpoint get_me; status 429; try again
    "#);
}

#[test]
fn halfway_told() {
    assert_snapshot!(all(halfway()), @"
    save_tracks: stopped halfway: 50 of 120 done, 70 not done, and `PartialWrite::resume` goes on; save_tracks: Spotify answered 500, `Server error.`; a fault at Spotify: try again in a while
        caused by: save_tracks: Spotify answered 500, `Server error.`; a fault at Spotify: try again in a while
        PartialWrite; endpoint save_tracks; status 500; try again
    get_my_saved_tracks: the link to the next page leads to another server, which must not see the token (check the base URL): `https://example.com/v1/me/tracks?offset=1`
        Paging; endpoint get_my_saved_tracks
    get_my_saved_tracks: the link to the next page leads back to a page that was read already: `http://127.0.0.1:PORT/v1/me/tracks?offset=0&limit=1`
        Paging; endpoint get_my_saved_tracks
    ");
}

#[test]
fn tokens_told() {
    assert_snapshot!(all(tokens()), @r#"
    nobody is logged in: expected a stored token of the app `client-id`, found none; log in with `App::login`
        LoginRequired; endpoint -
    Spotify does not take the refresh token any more, `Refresh token revoked`; log in again with `App::login`
        LoginRequired; endpoint -
    refresh_token: Spotify does not take the client id with this secret, `Invalid client`; compare both with its dashboard
        InvalidClient; endpoint refresh_token; status 400
    refresh_token: Spotify answered 400, `unsupported_grant_type`; the request is not as Spotify wants it: look at what the call was given
        Status; endpoint refresh_token; status 400
    "#);
}

#[test]
fn stores_told() {
    assert_snapshot!(all(stores()), @"
    the token store: it is Corrupt
        Store; endpoint -
    the token store: it is WrongClientId
        Store; endpoint -
    the token store: it is Locked
        Store; endpoint -; try again
    the token store: the database cannot be reached (no route to host)
        caused by: no route to host
        Store; endpoint -; try again
    ");
}

#[test]
fn logins_told() {
    assert_snapshot!(all(logins()), @"
    redirect_uri: expected a redirect URI from Spotify's dashboard, found none: set it with `App::redirect_uri`
        Config; endpoint -
    login: the person did not consent, `access_denied`; log in again and agree
        Login; endpoint -
    login: Spotify ended it with `server_error`; log in again
        Login; endpoint -
    login: expected the redirect of this login, found that of another, whose `state` is different; log in on the page that was opened last
        Login; endpoint -
    login: expected the whole address to which Spotify redirected the browser, with `code=` and `state=`, found something else; copy it from the browser's address bar
        Login; endpoint -
    ");
}

#[test]
fn every_variant_is_shown() {
    let source = include_str!("../../src/error/mod.rs");
    let (_, body) = source.split_once("pub enum Error {").unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let variants: BTreeSet<String> = body
        .lines()
        .filter_map(|line| line.trim().strip_suffix("),")?.split_once("(Box<"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let errors = [
        before_anything_is_sent(),
        no_whole_answer(),
        answers_that_cannot_be_read(),
        refusals(),
        closed(),
        limits(),
        halfway(),
        tokens(),
        stores(),
        logins(),
    ];
    let shown: BTreeSet<String> = errors.iter().flatten().map(variant).collect();
    assert_eq!(shown, variants);
}
