//! Custom calls, on the fake Spotify server and on local sockets. They support everything that generated calls do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::support::{Random, Reply, Seen, Server, answer, json};
use serde_json::{Value, json as object};
use tonearm::custom::CustomCall;
use tonearm::error::{PagingErrorKind, RateLimitKind};
use tonearm::fake::{self, Fault};
use tonearm::model::{Album, Artist, PlayHistory, SavedTrack};
use tonearm::{
    AlbumId, AnyPage, Checkpoint, Error, Event, Market, Page, QuotaMode, Scope, Spotify, UserId,
};

fn offline() -> Spotify {
    Spotify::from_token("secret-token").unwrap()
}

fn ids(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|n| format!("{n:022}")).collect()
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| format!("{} {}", seen.method(), seen.target())).collect()
}

fn query(seen: &Seen, key: &str) -> Option<String> {
    let pairs = seen.target().split_once('?')?.1.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key)?.1;
    Some(value.to_owned())
}

fn rejection(call: &CustomCall) -> String {
    let error = call.request().unwrap_err();
    assert!(matches!(error, Error::InvalidArgument(_)), "{error}");
    error.to_string()
}

#[test]
fn request_shows_url_and_body_before_sending() {
    let spotify = offline();
    let user: UserId = "smørrebrød".parse().unwrap();
    let call = spotify
        .post("/users/{user_id}/mixes/{name}")
        .path("user_id", &user)
        .path("name", "50/50 {user_id} ../?#")
        .query("market", Market::FI)
        .query("limit", 50)
        .query("left_out", None::<u32>)
        .query("public", false)
        .query("share", 0.4_f32)
        .query("kinds", ["album", "single"])
        .query("a&b", "c=d&e")
        .query("limit", Some(20))
        .body(&object!({ "name": "Küche", "tracks": [1, 2.5, null, true, { "b": 1, "a": [] }] }));
    let request = call.request().unwrap();
    insta::assert_snapshot!(request, @r#"
    POST /v1/users/smørrebrød/mixes/50/50 {user_id} ../?#
        market = FI
        limit = 20
        public = false
        share = 0.4
        kinds = album,single
        a&b = c=d&e
        {
          "name": "Küche",
          "tracks": [
            1,
            2.5,
            null,
            true,
            {
              "a": [],
              "b": 1
            }
          ]
        }
    "#);
    insta::assert_snapshot!(request.url(), @"https://api.spotify.com/v1/users/sm%C3%B8rrebr%C3%B8d/mixes/50%2F50%20%7Buser_id%7D%20..%2F%3F%23?market=FI&limit=20&public=false&share=0.4&kinds=album,single&a%26b=c%3Dd%26e");
    assert_eq!(
        request.body().unwrap(),
        r#"{"name":"Küche","tracks":[1,2.5,null,true,{"a":[],"b":1}]}"#
    );
    assert_eq!(request.content_type(), Some("application/json"));
    assert_eq!(request.endpoint().name, "POST /users/{user_id}/mixes/{name}");
    assert_eq!(call.requests().unwrap(), [request]);
    let debug = format!("{call:?} {spotify:?}");
    assert!(debug.contains("smørrebrød") && !debug.contains("secret"), "{debug}");
}

/// The body is sent exactly as it serializes, with its fields in order.
#[test]
fn bodies_are_sent_as_serialized_and_invalid_ones_rejected() {
    #[derive(serde::Serialize)]
    struct Body<'a> {
        zulu: &'a str,
        alpha: Option<u8>,
    }
    let body = |call: CustomCall| call.request().map(|request| request.body());
    let put = || offline().put("/me/something");
    let sent = body(put().body(&Body { zulu: "\"\\\n", alpha: None })).unwrap();
    assert_eq!(sent.unwrap(), r#"{"zulu":"\"\\\n","alpha":null}"#);
    for text in ["{}", "[]", "[1,[2,{}]]", "\"text\"", "17", "-1.5", "true", "null"] {
        let value: Value = text.parse().unwrap();
        assert_eq!(body(put().body(&value)).unwrap().as_deref(), Some(text));
    }
    assert_eq!(body(put()).unwrap(), None);
    assert_eq!(body(put().body(&u64::MAX)).unwrap().as_deref(), Some("18446744073709551615"));
    // A value that JSON cannot represent exactly is rejected.
    let error = body(put().body(&u128::MAX)).unwrap_err();
    insta::assert_snapshot!(error, @"PUT /me/something: `body`: expected a value that serializes to JSON: number out of range; nothing was sent");
    insta::assert_snapshot!(rejection(&offline().get("/me").body(&1)), @"GET /me: `body`: expected no body in a GET, found one; use `.query` or `.query_list`; nothing was sent");
    let both = put().body(&object!({ "a": 1 })).body_list("body", [2], 1);
    assert_eq!(both.request().unwrap().body().as_deref(), Some(r#"{"a":1,"body":[2]}"#));
    insta::assert_snapshot!(rejection(&put().query("share", f64::NAN)), @"PUT /me/something: `share`: expected a finite number, found NaN; nothing was sent");
    insta::assert_snapshot!(rejection(&put().query("", 1)), @"PUT /me/something: `key`: expected a parameter name, found empty text or a control character; nothing was sent");
    insta::assert_snapshot!(rejection(&put().query("a\nb", f64::NAN)), @r"PUT /me/something: `a\nb`: expected a finite number, found NaN; nothing was sent");
}

#[test]
fn every_method_sends_its_headers_and_body() {
    let server = Server::json(r#"{"a":{"b":[1,2]}}"#);
    let spotify = server.client();
    let get: Value = spotify.get("/me/something").query("a", 1).send_as().unwrap();
    assert_eq!(get, object!({ "a": { "b": [1, 2] } }));
    spotify.put("/me/something").send().unwrap();
    spotify.post("/me/something").body(&object!({ "a": 1 })).send().unwrap();
    spotify.delete("/me/something").body(&[1]).send().unwrap();
    let raw = spotify.delete("/me/something").send_raw().unwrap();
    assert_eq!((raw.status(), raw.body().len()), (200, 17));
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| {
            assert_eq!(seen.header("authorization"), Some("Bearer token-of-the-test"));
            let body = String::from_utf8(seen.body.clone()).unwrap();
            format!(
                "{} {} {:?} {:?} {body}",
                seen.method(),
                seen.target(),
                seen.header("content-length"),
                seen.header("content-type"),
            )
        })
        .collect();
    insta::assert_snapshot!(sent.join("\n"), @r#"
    GET /v1/me/something?a=1 None None 
    PUT /v1/me/something Some("0") None 
    POST /v1/me/something Some("7") Some("application/json") {"a":1}
    DELETE /v1/me/something Some("3") Some("application/json") [1]
    DELETE /v1/me/something None None 
    "#);
    // `within` selects one field of the response.
    let within: Value = spotify.get("/me/something").within("a").send_as().unwrap();
    assert_eq!(within, object!({ "b": [1, 2] }));
    let error = spotify.get("/me/something").within("c").send_as::<Value>().unwrap_err();
    insta::assert_snapshot!(error, @r#"GET /me/something: cannot decode the response: missing field `c` at line 1 column 17, near `{"a":{"b":[1,2]}}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
}

/// The token is sent only to the configured server, and only for the path that is in the code.
#[test]
fn invalid_paths_are_rejected_before_sending() {
    let spotify = offline();
    let server = Server::json("{}");
    let get = |path: &str| {
        let error = server.client().get(path).send().unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert_eq!(error.call(), Some("GET"));
        rejection(&spotify.get(path))
    };
    insta::assert_snapshot!(get("https://user:hunter2@api.spotify.com/v1/me"), @"GET: `path`: expected a path below the base URL, found a full URL; the client sends its token only to the server of the base URL, so pass the path alone; nothing was sent");
    insta::assert_snapshot!(get("//evil.example/me"), @"GET: `path`: expected a path below the base URL, found a full URL; the client sends its token only to the server of the base URL, so pass the path alone; nothing was sent");
    insta::assert_snapshot!(get("/redirect/https://evil.example"), @"GET: `path`: expected a path below the base URL, found a full URL; the client sends its token only to the server of the base URL, so pass the path alone; nothing was sent");
    insta::assert_snapshot!(get("me/tracks"), @"GET: `path`: expected a path that begins with a slash, such as `/me/tracks`, found `me/tracks`; nothing was sent");
    insta::assert_snapshot!(get(""), @"GET: `path`: expected a path that begins with a slash, such as `/me/tracks`, found ``; nothing was sent");
    insta::assert_snapshot!(get(".evil.example/me"), @"GET: `path`: expected a path that begins with a slash, such as `/me/tracks`, found `.evil.example/me`; nothing was sent");
    insta::assert_snapshot!(get("/me?access_token=hunter2"), @"GET: `path`: expected a path without a query, found `?` after `/me`; set the parameters with `.query(key, value)`; nothing was sent");
    insta::assert_snapshot!(get("/me#hunter2"), @"GET: `path`: expected a path without a fragment, found `#` after `/me`; remove the fragment; nothing was sent");
    insta::assert_snapshot!(get("/me\r\nhost: evil.example"), @r#"GET: `path`: expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{names}`, found `\r`; write `{name}` in its place, and set the unescaped text with `.path("name", text)`; nothing was sent"#);
    insta::assert_snapshot!(get("/users/a b"), @r#"GET: `path`: expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{names}`, found ` `; write `{name}` in its place, and set the unescaped text with `.path("name", text)`; nothing was sent"#);
    insta::assert_snapshot!(get("/users/%2e%2e/me"), @r#"GET: `path`: expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{names}`, found `%`; write `{name}` in its place, and set the unescaped text with `.path("name", text)`; nothing was sent"#);
    insta::assert_snapshot!(get("/users/é"), @r#"GET: `path`: expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{names}`, found `é`; write `{name}` in its place, and set the unescaped text with `.path("name", text)`; nothing was sent"#);
    insta::assert_snapshot!(get("/users\\evil"), @r#"GET: `path`: expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{names}`, found `\`; write `{name}` in its place, and set the unescaped text with `.path("name", text)`; nothing was sent"#);
    insta::assert_snapshot!(get("@evil.example/me"), @r#"GET: `path`: expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{names}`, found `@`; write `{name}` in its place, and set the unescaped text with `.path("name", text)`; nothing was sent"#);
    insta::assert_snapshot!(get("/me/../../admin"), @"GET: `path`: expected names between slashes, found the segment `..`; nothing was sent");
    insta::assert_snapshot!(get("/./me"), @"GET: `path`: expected names between slashes, found the segment `.`; nothing was sent");
    insta::assert_snapshot!(get("/me//tracks"), @"GET: `path`: expected a segment after each slash, found a double or trailing slash; nothing was sent");
    insta::assert_snapshot!(get("/me/"), @"GET: `path`: expected a segment after each slash, found a double or trailing slash; nothing was sent");
    insta::assert_snapshot!(get("/v1/me"), @"GET: `path`: expected a path without that of the base URL, found `/v1`; remove it; nothing was sent");
    insta::assert_snapshot!(get("/users/{user_id}"), @r#"GET: `path`: expected a value for `{user_id}`, found none; set it with `.path("user_id", value)`; nothing was sent"#);
    insta::assert_snapshot!(get("/users/x{user_id}"), @"GET: `path`: expected `{name}` as a whole segment, found `x{user_id}`; nothing was sent");
    insta::assert_snapshot!(get("/users/{}"), @"GET: `path`: expected `{name}` as a whole segment, found `{}`; nothing was sent");
    let call = |value: &str| spotify.get("/users/{user_id}").path("user_id", value);
    insta::assert_snapshot!(rejection(&call("..")), @"GET /users/{user_id}: `user_id`: expected a value for a path, found `..`; nothing was sent");
    insta::assert_snapshot!(rejection(&call(" ")), @"GET /users/{user_id}: `user_id`: expected text, found empty text; nothing was sent");
    insta::assert_snapshot!(rejection(&call("a").path("id", "b")), @"GET: `path`: expected `{id}` in the path, because `.path` sets it, found none; nothing was sent");
    insta::assert_snapshot!(rejection(&call("a").path("user_id", None::<UserId>)), @r#"GET: `path`: expected a value for `{user_id}`, found none; set it with `.path("user_id", value)`; nothing was sent"#);
    assert_eq!(server.seen().len(), 0);
    // Valid paths that resemble invalid ones.
    for path in ["/me", "/v1x/me", "/a.b/..c/d~e-f_g", "/v2/v1/me"] {
        assert_eq!(spotify.get(path).request().unwrap().path(), format!("/v1{path}"));
    }
    let call = spotify.get("/{a}/{b}").path("b", 2).path("a", "{b}");
    assert_eq!(call.request().unwrap().path(), "/v1/%7Bb%7D/2");
    let error = spotify.get("/users\u{202e}").send().unwrap_err().to_string();
    assert!(error.contains(r"found `\u{202e}`"), "{error}");
}

#[test]
fn custom_call_returns_the_same_as_the_generated_call() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    let id = &server.catalog().albums()[0];
    let album: Album = spotify.get("/albums/{id}").path("id", id).send_as().unwrap();
    assert_eq!(album, spotify.get_album(id).send().unwrap());
    let album: Album = spotify.get(format!("/albums/{id}")).send_as().unwrap();
    assert_eq!(album.id.as_str(), id.as_str());
    let page: Page<SavedTrack> = spotify.get("/me/tracks").query("limit", 7).send_as().unwrap();
    assert_eq!(page, spotify.get_my_saved_tracks().limit(7).send().unwrap());
    // The quota mode does not affect custom calls.
    for mode in [QuotaMode::Auto, QuotaMode::Extended, QuotaMode::Development] {
        let spotify = server.client_builder().quota_mode(mode).build().unwrap();
        spotify.get("/me").send().unwrap();
    }
    let error = spotify.get("/albums/{id}").path("id", "nothing").send().unwrap_err();
    assert_eq!(error.call(), Some("GET /albums/{id}"));
    let error = spotify.get("/me/something").send().unwrap_err();
    insta::assert_snapshot!(error, @"GET /me/something: Spotify returned 404: `Service not found`; the object does not exist, or is not available to this app or user");
    assert!(matches!(error, Error::NotFound(_)));
    let error = spotify.get("/me").send_as::<Vec<u8>>().unwrap_err();
    assert!(matches!(&error, Error::Decode(_)) && error.to_string().starts_with("GET /me: "));
}

#[test]
fn expired_token_is_refreshed_and_the_request_repeated() {
    let server = fake::Server::start().unwrap();
    let app = server.app().refresh_token(server.issue_refresh_token(["user-library-read"]));
    let spotify = Spotify::builder().app(app).base_url(server.base_url()).build().unwrap();
    let read = || spotify.get("/me/tracks").query("limit", 1).send();
    read().unwrap();
    server.expire_access_tokens();
    server.clear_requests();
    read().unwrap();
    let seen: Vec<_> =
        server.requests().iter().map(|seen| (seen.path.clone(), seen.status.unwrap())).collect();
    let path = |path: &str, status| (path.to_owned(), status);
    assert_eq!(
        seen,
        [path("/v1/me/tracks", 401), path("/api/token", 200), path("/v1/me/tracks", 200)]
    );
}

#[test]
fn missing_declared_scope_fails_before_sending() {
    let server = fake::Server::start().unwrap();
    let app = server.app().refresh_token(server.issue_refresh_token(["user-library-read"]));
    let spotify = Spotify::builder().app(app).base_url(server.base_url()).build().unwrap();
    spotify.get("/me/tracks").scopes(Scope::UserLibraryRead).send().unwrap();
    server.clear_requests();
    let put = || spotify.put("/me/albums").query_list("ids", [&server.catalog().albums()[0]], 50);
    let call = spotify.put("/me/albums").scopes([Scope::UserLibraryRead, Scope::UserLibraryModify]);
    let error = call.query_list("ids", [&server.catalog().albums()[0]], 50).send().unwrap_err();
    assert!(matches!(error, Error::InsufficientScope(_)));
    insta::assert_snapshot!(error, @"PUT /me/albums: the token lacks a scope: expected `user-library-modify`, `user-library-read`, found `user-library-read`; log in again with this scope; nothing was sent");
    assert_eq!(server.requests().len(), 0);
    // Without declared scopes, the request is sent, and Spotify returns 403.
    let error = put().send().unwrap_err();
    insta::assert_snapshot!(error, @"PUT /me/albums: the token lacks a scope: expected one that the endpoint table does not contain, found `user-library-read`; log in again with this scope; Spotify returned 403: `Insufficient client scope`");
    assert_eq!(server.requests().len(), 1);
}

type Waits = Arc<Mutex<Vec<String>>>;

/// Returns a client that does not sleep, and the events that its observer receives.
fn watched(server: &Server) -> (Spotify, Waits) {
    let told = Waits::default();
    let noted = Arc::clone(&told);
    let builder = server.builder().sleep_with(|_| ()).observer(move |event| {
        noted.lock().unwrap().push(match event {
            Event::Attempt { endpoint, attempt, .. } => {
                format!("{attempt}: {} = {} {}", endpoint.name, endpoint.method, endpoint.path)
            }
            Event::Response { status, .. } => status.to_string(),
            Event::Failure { error, .. } => error.call().unwrap().to_owned(),
            Event::Wait { reason, .. } => format!("{reason:?}"),
            _ => "?".to_owned(),
        });
    });
    (builder.build().unwrap(), told)
}

#[test]
fn short_rate_limit_is_waited_out_and_long_one_returned() {
    let limited = answer(429, &[("retry-after", "3")], b"");
    let server = Server::canned([limited, json(200, "{}")]);
    let (spotify, told) = watched(&server);
    spotify.post("/me/{what}").path("what", "x").send().unwrap();
    insta::assert_snapshot!(told.lock().unwrap().join("\n"), @"
    1: POST /me/{what} = POST /me/{what}
    429
    RateLimit(Rate)
    2: POST /me/{what} = POST /me/{what}
    200
    ");
    // If the wait is too long, the error is returned immediately.
    let server = Server::canned([answer(429, &[("retry-after", "7000")], b""), json(200, "{}")]);
    let error = server.client().get("/me/x").send().unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7000)));
    let start = "GET /me/x: Spotify returned 429; wait until 2";
    assert!(error.to_string().starts_with(start), "{error}");
}

#[test]
fn exceeded_quota_is_remembered_per_method_and_path() {
    const QUOTA: &str =
        r#"{"error":{"status":429,"message":"Too many","reason":"QUOTA_EXCEEDED"}}"#;
    let server = Server::start(|seen, _| match (seen.method(), seen.target()) {
        ("GET", "/v1/users/anna/x") => answer(429, &[("retry-after", "7000")], QUOTA.as_bytes()),
        _ => json(200, "{}"),
    });
    let spotify = server.client();
    let get = |user| spotify.get("/users/{user_id}/x").path("user_id", user);
    assert!(get("anna").send().is_err());
    // The limit applies to other users too, and to clones of the client.
    let error = get("bert").send().unwrap_err();
    let Error::RateLimited(limited) = &error else { panic!("{error}") };
    assert_eq!((limited.kind, &limited.api_error.is_none()), (RateLimitKind::Quota, &true));
    assert_eq!(error.call(), Some("GET /users/{user_id}/x"));
    assert!(spotify.clone().get("/users/{user_id}/x").path("user_id", "carl").send().is_err());
    spotify.put("/users/{user_id}/x").path("user_id", "anna").send().unwrap();
    spotify.get("/users/bert/x").send().unwrap();
    assert_eq!(
        targets(&server),
        ["GET /v1/users/anna/x", "PUT /v1/users/anna/x", "GET /v1/users/bert/x"]
    );
    // The limit also applies to the generated call with that method and path.
    let server = Server::canned([answer(429, &[("retry-after", "7000")], QUOTA.as_bytes())]);
    let spotify = server.client();
    assert!(spotify.get("/me").send().is_err());
    assert!(spotify.get_me().send().is_err());
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn only_idempotent_methods_are_retried_by_default() {
    let count = |call: fn(&Spotify) -> CustomCall| {
        // The response is cut off, which leaves the outcome of a write unknown.
        let server = Server::canned([
            Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()),
            json(200, "{}"),
        ]);
        let (spotify, _) = watched(&server);
        let result = call(&spotify).send();
        assert_eq!(result.is_ok(), server.seen().len() == 2);
        if let Err(error) = result {
            assert!(error.may_have_taken_effect());
        }
        server.seen().len()
    };
    assert_eq!(count(|spotify| spotify.get("/me/x")), 2);
    assert_eq!(count(|spotify| spotify.put("/me/x")), 2);
    assert_eq!(count(|spotify| spotify.delete("/me/x")), 2);
    assert_eq!(count(|spotify| spotify.post("/me/x")), 1);
    assert_eq!(count(|spotify| spotify.post("/me/x").idempotent(true)), 2);
    assert_eq!(count(|spotify| spotify.put("/me/x").idempotent(false)), 1);
    let server = Server::canned([json(500, ""), json(200, "{}")]);
    let error = watched(&server).0.post("/me/x").send().unwrap_err();
    insta::assert_snapshot!(error, @"POST /me/x: Spotify returned 500; the write may have taken effect: check before you retry");
}

#[test]
fn offset_pagination_reads_all_items_from_any_offset() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    let all = spotify.get_my_saved_tracks().collect_all().unwrap();
    assert!(all.len() > 100, "the list has more than two pages");
    let call = || spotify.get("/me/tracks").query("limit", 50);
    server.clear_requests();
    let items: Vec<SavedTrack> = call().items().collect::<Result<_, _>>().unwrap();
    assert_eq!(items, all);
    let asked: Vec<_> = server
        .requests()
        .iter()
        .map(|seen| seen.query_value("offset").map(str::to_owned))
        .collect();
    let pages = all.len().div_ceil(50);
    let expected: Vec<_> = (0..pages).map(|n| (n > 0).then(|| (50 * n).to_string())).collect();
    assert_eq!(asked, expected);
    assert_eq!(call().collect_all::<SavedTrack>().unwrap(), all);
    let ahead = call().items().prefetch(2).collect::<Result<Vec<SavedTrack>, _>>();
    assert_eq!(ahead.unwrap(), all);
    let pages: Vec<AnyPage<SavedTrack>> = call().pages().collect::<Result<_, _>>().unwrap();
    assert!(pages.iter().all(|page| matches!(page, AnyPage::Offset(_))));
    assert_eq!(pages.iter().flatten().count(), all.len());
    assert_eq!(pages[0].total(), u32::try_from(all.len()).ok());
    // The offset may be text, and the page size may be left out.
    let rest = call().query("offset", "70").collect_all::<SavedTrack>().unwrap();
    assert_eq!(rest, all[70..]);
    let later = call().query("offset", "70").items::<SavedTrack>();
    assert_eq!(later.checkpoint(), Checkpoint::Offset(70));
    server.clear_requests();
    assert_eq!(spotify.get("/me/tracks").collect_all::<SavedTrack>().unwrap(), all);
    assert!(server.requests().iter().all(|seen| seen.query_value("limit").is_none()));
    // The checkpoint follows the items that were returned.
    let mut items = call().items::<SavedTrack>();
    assert_eq!(items.checkpoint(), Checkpoint::Start);
    assert_eq!(items.by_ref().take(3).count(), 3);
    assert_eq!(items.checkpoint(), Checkpoint::Offset(3));
    assert_eq!(items.by_ref().take(50).count(), 50);
    assert_eq!(items.checkpoint(), Checkpoint::Offset(53));
    assert_eq!(items.by_ref().count(), all.len() - 53);
    assert_eq!(items.checkpoint(), Checkpoint::Offset(u32::try_from(all.len()).unwrap()));
}

#[test]
fn cursor_pagination_reads_all_items() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    let followed = spotify.get_my_followed_artists().collect_all().unwrap();
    assert!(followed.len() > 40, "the list has more than two pages");
    let call = || {
        spotify.get("/me/following").query("type", "artist").query("limit", 20).within("artists")
    };
    server.clear_requests();
    let items: Vec<Artist> = call().items().collect::<Result<_, _>>().unwrap();
    assert_eq!(items, followed);
    assert_eq!(server.requests().len(), followed.len().div_ceil(20));
    assert!(server.requests()[1].query_value("after").is_some());
    assert!(server.requests().iter().all(|seen| seen.query_value("offset").is_none()));
    assert_eq!(call().collect_all::<Artist>().unwrap(), followed);
    let ahead = call().items().prefetch(2).collect::<Result<Vec<Artist>, _>>();
    assert_eq!(ahead.unwrap(), followed);
    let pages: Vec<AnyPage<Artist>> = call().pages().collect::<Result<_, _>>().unwrap();
    assert!(pages.iter().all(|page| matches!(page, AnyPage::Cursor(_))));
    let mut items = call().items::<Artist>();
    assert_eq!(items.by_ref().take(25).count(), 25);
    assert_eq!(items.checkpoint(), Checkpoint::After(followed[19].id.as_str().into()));
    // The history is paginated backwards in time.
    let played = spotify.get_recently_played().collect_all().unwrap();
    let call = spotify.get("/me/player/recently-played").query("limit", 10);
    assert_eq!(call.collect_all::<PlayHistory>().unwrap(), played);
}

/// After the first page of a list with a total, pages are requested concurrently. The server responds to the second
/// request only after it has received the third.
#[test]
fn offset_pages_are_collected_concurrently() {
    let both = Arc::new(std::sync::Barrier::new(2));
    let server = Server::start(move |seen, _| {
        let offset: u32 = query(seen, "offset").map_or(0, |offset| offset.parse().unwrap());
        if offset > 0 {
            both.wait();
        }
        let host = seen.header("host").unwrap();
        let next = match offset {
            4 => "null".to_owned(),
            offset => format!(r#""http://{host}/v1/me/x?offset={}""#, offset + 2),
        };
        let (one, two) = (offset, offset + 1);
        json(200, format!(r#"{{"items":[{one},{two}],"offset":{offset},"total":6,"next":{next}}}"#))
    });
    let spotify = server.builder().connections(2).build().unwrap();
    assert_eq!(spotify.get("/me/x").collect_all::<u32>().unwrap(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(server.seen().len(), 3);
}

/// A server whose pages contain the next link that `link` returns.
fn pages(link: impl Fn(&Seen, u32) -> String + Send + Sync + 'static) -> Server {
    Server::start(move |seen, number| {
        let link = link(seen, u32::try_from(number).unwrap());
        let host = seen.header("host").unwrap();
        let link = link.replace("HOST", &format!("http://{host}"));
        json(200, format!(r#"{{"items":[{number},null,"x"],"next":"{link}"}}"#))
    })
}

#[test]
fn pagination_fails_on_foreign_repeated_or_endless_links() {
    for (link, problem) in [
        ("https://evil.example/v1/me/x?offset=3", PagingErrorKind::OtherServer),
        ("HOST.evil.example/v1/me/x?after=a", PagingErrorKind::OtherServer),
        ("HOST/v1/me/x?offset=3", PagingErrorKind::Repeats),
        ("HOST/v1/me/x?after=a", PagingErrorKind::Repeats),
    ] {
        let server = pages(move |_, _| link.to_owned());
        let results: Vec<_> = server.client().get("/me/x").items::<u32>().collect();
        let Some(Err(Error::Paging(why))) = results.last() else { panic!("{results:?}") };
        assert_eq!((why.kind, &*why.call), (problem, "GET /me/x"));
        assert!(server.seen().len() <= 3, "{}", server.seen().len());
        assert!(server.seen().iter().all(|seen| seen.target().starts_with("/v1/me/x")));
    }
    // The links form a cycle of five pages.
    let server = pages(|_, number| format!("HOST/v1/me/x?after=c{}", number % 5));
    let stopped = server.client().get("/me/x").collect_all::<u32>().unwrap_err();
    assert!(matches!(&stopped.error, Error::Paging(why) if why.kind == PagingErrorKind::Repeats));
    assert!(server.seen().len() < 20);
    // The links never end.
    let server = Server::start(|seen, number| {
        let rows = vec!["1"; 20_000].join(",");
        let host = seen.header("host").unwrap();
        let offset = 20_000 * (number + 1);
        json(200, format!(r#"{{"items":[{rows}],"next":"http://{host}/v1/me/x?offset={offset}"}}"#))
    });
    let stopped = server.client().get("/me/x").collect_all::<u32>().unwrap_err();
    insta::assert_snapshot!(stopped.error, @"GET /me/x: the list has far more items than its `total`; `.pages()` continues without a limit");
}

#[test]
fn failed_pagination_returns_items_and_a_checkpoint() {
    let server = Server::start(|seen, number| match number {
        2 => json(500, ""),
        _ => {
            let host = seen.header("host").unwrap();
            let offset = query(seen, "offset").map_or(0, |offset| offset.parse().unwrap()) + 3;
            json(
                200,
                format!(r#"{{"items":[1,null,3],"next":"http://{host}/v1/me/x?offset={offset}"}}"#),
            )
        }
    });
    let stopped = server.client().get("/me/x").collect_all::<u32>().unwrap_err();
    insta::assert_snapshot!(stopped, @"GET /me/x: Spotify returned 500; Spotify failed to process the request: retry later; 4 items were read before; continue at offset 6");
    assert_eq!(stopped.checkpoint, Checkpoint::Offset(6));
    // Items that cannot be read are skipped.
    let server = Server::json(r#"{"items":[1,null,"x",4],"total":4,"next":null}"#);
    let page = server.client().get("/me/x").pages::<u32>().next().unwrap().unwrap();
    assert_eq!((page.items(), page.skipped().len()), (&[1, 4][..], 2));
    let items: Vec<u32> = server.client().get("/me/x").items().collect::<Result<_, _>>().unwrap();
    assert_eq!(items, [1, 4]);
    // Only a GET can be paginated.
    let count = server.seen().len();
    let error = server.client().put("/me/x").items::<u32>().next().unwrap().unwrap_err();
    insta::assert_snapshot!(error, @"PUT /me/x: `method`: expected a GET for pagination, found another method; use `.send_as`; nothing was sent");
    assert_eq!(server.seen().len(), count);
}

/// Returns `true` for each even id of a request, and `false` for each odd one.
fn evens(seen: &Seen) -> Reply {
    let list = query(seen, "ids").unwrap();
    let answers = list.split(',').map(|id| (id.parse::<u32>().unwrap() % 2 == 0).to_string());
    json(200, format!(r#"{{"list":[{}]}}"#, answers.collect::<Vec<_>>().join(",")))
}

#[test]
fn long_lists_are_split_into_several_reads() {
    let server = Server::start(|seen, _| evens(seen));
    let album_ids: Vec<AlbumId> = ids(1..=45).iter().map(|id| id.parse().unwrap()).collect();
    let expected: Vec<bool> = (1..=45).map(|n| n % 2 == 0).collect();
    for spotify in [server.client(), server.builder().connections(4).build().unwrap()] {
        let call = || spotify.get("/me/x").query("market", "FI").within("list");
        let joined: Vec<bool> = call().query_list("ids", &album_ids, 20).send_joined().unwrap();
        assert_eq!(joined, expected);
        let each: Vec<Vec<bool>> = call().query_list("ids", &album_ids, 20).send_as().unwrap();
        assert_eq!(each.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
        assert_eq!(each.concat(), expected);
        let raw = call().query_list("ids", &album_ids, 20).send_raw().unwrap();
        assert_eq!(raw.iter().map(|raw| raw.status()).collect::<Vec<_>>(), [200, 200, 200]);
    }
    let sent = server.seen()[0].target().to_owned();
    assert!(sent.starts_with("/v1/me/x?market=FI&ids=0000000000000000000001,"), "{sent}");
    // A string may contain several ids. Without ids, nothing is sent.
    let spotify = server.client();
    let call = || spotify.get("/me/x").within("list");
    let joined: Vec<bool> = call().query_list("ids", ["1, 2", "3"], 2).send_joined().unwrap();
    assert_eq!(joined, [false, true, false]);
    let count = server.seen().len();
    let none: [AlbumId; 0] = [];
    assert!(call().query_list("ids", &none, 2).send_joined::<bool>().unwrap().is_empty());
    call().query_list("ids", &none, 2).send().unwrap();
    assert!(call().query_list("ids", &none, 2).requests().unwrap().is_empty());
    assert_eq!(server.seen().len(), count);
    let error = call().query_list("ids", ["1", "", "2"], 2).send().unwrap_err();
    insta::assert_snapshot!(error, @"GET /me/x: `ids`: expected a value, found empty text; nothing was sent");
    let error = call().query_list("ids", ["1"], 0).send().unwrap_err();
    insta::assert_snapshot!(error, @"GET /me/x: `ids`: expected at least 1 value per request, found 0; nothing was sent");
    let error = call().query_list("ids", ["1", "2", "3"], 2).request().unwrap_err();
    insta::assert_snapshot!(error, @"GET /me/x: `ids`: expected ids for one request, found ids for 2; use `.requests()`; nothing was sent");
    // A response with fewer values than ids is an error.
    let server = Server::json(r#"{"list":[true]}"#);
    let call = server.client().get("/me/x").within("list").query_list("ids", ["1", "2"], 2);
    let error = call.send_joined::<bool>().unwrap_err();
    insta::assert_snapshot!(error, @r#"GET /me/x: cannot decode the response: expected 2 values, one for each id, found 1, near `{"list":[true]}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
}

#[test]
fn long_lists_are_split_into_several_writes() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    let albums = &server.catalog().albums()[..45];
    spotify.delete("/me/albums").query_list("ids", albums, 20).send().unwrap();
    assert!(albums.iter().all(|id| !server.library().contains(&id.clone().into())));
    spotify.put("/me/albums").query_list("ids", albums, 20).send().unwrap();
    assert!(albums.iter().all(|id| server.library().contains(&id.clone().into())));
    // The list may consist of objects, and the body may have other fields.
    let rows = ids(1..=3).into_iter().map(|id| object!({ "uri": format!("spotify:track:{id}") }));
    let call = spotify
        .delete("/playlists/{playlist_id}/items")
        .path("playlist_id", "3cEYpjA9oz9GiPac4AsH4n")
        .body(&object!({ "snapshot_id": "abc" }))
        .body_list("items", rows, 2);
    let requests: Vec<String> = call.requests().unwrap().iter().map(|r| format!("{r:#}")).collect();
    insta::assert_snapshot!(requests.join("\n"), @r#"
    DELETE /v1/playlists/3cEYpjA9oz9GiPac4AsH4n/items
        {
          "snapshot_id": "abc",
          "items": [
            {
              "uri": "spotify:track:0000000000000000000001"
            },
            {
              "uri": "spotify:track:0000000000000000000002"
            }
          ]
        }
    DELETE /v1/playlists/3cEYpjA9oz9GiPac4AsH4n/items
        {
          "snapshot_id": "abc",
          "items": [
            {
              "uri": "spotify:track:0000000000000000000003"
            }
          ]
        }
    "#);
    let error = spotify.put("/me/x").body(&[1]).body_list("ids", ["a"], 2).send().unwrap_err();
    insta::assert_snapshot!(error, @"PUT /me/x: `body`: expected an object, to which `.body_list` adds a field, found another value; nothing was sent");
}

#[test]
fn partial_write_resumes_with_the_remaining_ids() {
    let server = Server::canned([json(200, ""), json(500, ""), json(200, "")]);
    let spotify = server.client();
    let call = spotify.put("/me/x").query("a", 1).query_list("ids", ids(1..=45), 20);
    let error = call.send().unwrap_err();
    assert_eq!(error.call(), Some("PUT /me/x"));
    let Error::PartialWrite(stopped) = &error else { panic!("{error}") };
    assert_eq!((stopped.completed.clone(), stopped.remaining.clone()), (ids(1..=20), ids(21..=45)));
    insta::assert_snapshot!(error, @"PUT /me/x: partial write: 20 of 45 completed, 25 remaining; Spotify returned 500; Spotify failed to process the request: retry later");
    stopped.resume(&spotify).unwrap();
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| (query(seen, "ids").unwrap().split(',').count(), query(seen, "a").unwrap()))
        .collect();
    let one = |count| (count, "1".to_owned());
    assert_eq!(sent, [one(20), one(20), one(20), one(5)]);
    // If the connection breaks, the ids of a POST are uncertain: another one might add them twice.
    let server = Server::canned([json(200, ""), Reply::Last(Vec::new()), json(200, "")]);
    let spotify = server.client();
    let call = spotify.post("/me/x").body_list("uris", ids(1..=5), 2);
    let error = call.send().unwrap_err();
    let Error::PartialWrite(stopped) = &error else { panic!("{error}") };
    assert_eq!((stopped.uncertain.clone(), stopped.remaining.clone()), (ids(3..=4), ids(5..=5)));
    stopped.clone().uncertain_took_effect(true).resume(&spotify).unwrap();
    let last = server.seen().last().unwrap().body.clone();
    assert_eq!(last, br#"{"uris":["0000000000000000000005"]}"#);
}

/// A script adds an endpoint that the fake Spotify server lacks.
#[test]
fn fake_server_scripts_responses_to_custom_calls() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    server.script_custom("/charts/viral").then(fake::Reply::new(200).body(r#"{"rank":1}"#));
    let call = spotify.get("/charts/{kind}").path("kind", "viral");
    assert_eq!(call.send_as::<Value>().unwrap(), object!({ "rank": 1 }));
    assert_eq!(server.pending_faults(), 0);
    assert_eq!(server.requests()[0].path, "/v1/charts/viral");
}

#[test]
fn custom_and_generated_calls_report_equal_errors() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client_builder().retries(0).build().unwrap();
    for fault in [Fault::ResetBeforeProcessing, Fault::BrokenGzip, Fault::Status(503)] {
        server.script("/me").then(fault.clone()).then(fault);
        let own = spotify.get("/me").send().unwrap_err();
        let generated = spotify.get_me().send().unwrap_err();
        let text = |error: &Error, name: &str| error.to_string().replace(name, "call");
        assert_eq!(text(&own, "GET /me"), text(&generated, "get_me"));
    }
}

/// Up to `max` characters of an alphabet.
fn text(random: &mut Random, alphabet: &str, max: u64) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..random.below(max + 1))
        .map(|_| alphabet[random.below(alphabet.len() as u64) as usize])
        .collect()
}

/// Up to twelve characters of any script, or of ASCII.
fn any_text(random: &mut Random) -> String {
    let end = [0x11_0000, 0x80][random.below(2) as usize];
    let characters = std::iter::repeat_with(|| char::from_u32(random.below(end) as u32));
    characters.take(12).flatten().filter(|c| !c.is_control()).collect()
}

/// A random path is either rejected or sent unchanged; none leads to another path or server.
#[test]
fn random_paths_are_sent_unchanged_or_rejected() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..500 {
        let segments = |random: &mut Random| {
            let count = 1 + random.below(5);
            (0..count).map(|_| format!("/{}", text(random, "abc.{}", 4))).collect()
        };
        let path: String = match random.below(3) {
            0 => any_text(&mut random),
            1 => text(&mut random, "/.a%?#@:\\{}\r\n-", 12),
            _ => segments(&mut random),
        };
        match offline().get(&path).request() {
            Ok(request) => {
                assert_eq!(request.url(), format!("https://api.spotify.com/v1{path}"));
                let mut segments = path.split('/').skip(1);
                assert!(segments.all(|segment| !matches!(segment, "" | "." | "..")), "{path}");
            }
            Err(error) => assert_eq!(error.call(), Some("GET"), "{path:?}"),
        }
    }
}

/// A value fills exactly one path segment, whatever characters it contains.
#[test]
fn random_path_values_fill_exactly_one_segment() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..500 {
        let value = match random.below(2) {
            0 => any_text(&mut random),
            _ => text(&mut random, "/.%?#@:\\{}\r\n -", 12),
        };
        if let Ok(request) = offline().get("/a/{b}/c").path("b", &value).request() {
            let path = request.path();
            let segments: Vec<&str> = path.split('/').collect();
            assert_eq!(
                (segments.len(), segments[1], segments[2], segments[4]),
                (5, "v1", "a", "c")
            );
            let segment = segments[3];
            assert!(!matches!(segment, "" | "." | ".."), "{value:?}");
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte);
            assert!(segment.bytes().all(is_plain), "{value:?}");
        }
    }
}
