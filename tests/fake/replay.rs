//! Replayed recordings.

use std::io::ErrorKind;

use tonearm::fake::{Failure, Fault, Recorder, Server, TruncateAt};
use tonearm::{Error, Scope, Spotify};

use super::recording::Checkpoint;
use super::{ask, ask_with};

/// Creates a recording of these exchanges, each with method, path with query, and response.
fn replay(exchanges: &[(&str, &str, &str)]) -> (Server, Checkpoint) {
    let place = Checkpoint::new();
    let exchange = |(method, target, response): &(&str, &str, &str)| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let query: Vec<_> = query.map(|(key, value)| format!("{key:?}: {value:?}")).collect();
        let query = query.join(", ");
        format!(
            r#"{{"request": {{"method": "{method}", "path": "/v1{path}", "query": {{{query}}}}}, "response": {response}}}"#
        )
    };
    let exchanges: Vec<_> = exchanges.iter().map(exchange).collect();
    place.write(&format!(r#"{{"tonearm_recording": 1, "exchanges": [{}]}}"#, exchanges.join(",")));
    (Server::replay(place.path()).unwrap(), place)
}

#[test]
fn requests_are_matched_by_method_path_and_query() {
    let (server, _place) = replay(&[
        ("GET", "/me/tracks?limit=1&offset=2", r#"{"status": 200, "body": 1}"#),
        ("GET", "/me/tracks?limit=1", r#"{"status": 200, "body": null}"#),
        ("GET", "/me/tracks", r#"{"status": 200, "body": "zwei"}"#),
        ("PUT", "/me/tracks", r#"{"status": 200}"#),
        ("GET", "/users/zoë å/#", r#"{"status": 204}"#),
        (
            "GET",
            "/search?q=a&type=b,c",
            r#"{"status": 502, "text": "<h1>", "headers": {"content-type": "text/html"}}"#,
        ),
    ]);
    let ask = |method, target| ask(&server, method, target, "");
    assert_eq!(ask("GET", "/me/tracks?offset=2&limit=1"), (200, "1".to_owned()));
    assert_eq!(ask("PUT", "/me/tracks"), (200, String::new()));
    assert_eq!(ask("GET", "/me/tracks"), (200, "\"zwei\"".to_owned()));
    assert_eq!(ask("GET", "/me/tracks?limit=1"), (200, "null".to_owned()));
    assert_eq!(
        server.unused_recordings(),
        ["GET /v1/users/zoë å/#", "GET /v1/search?q=a&type=b,c"]
    );
    assert_eq!(ask("GET", "/users/zo%C3%AB%20%C3%A5/%23"), (204, String::new()));
    assert_eq!(ask("GET", "/search?type=b%2Cc&q=a"), (502, "<h1>".to_owned()));
    assert_eq!(server.unused_recordings(), [""; 0]);
    assert_eq!(server.unrecorded(), [""; 0]);
}

#[test]
fn responses_replay_in_order_and_only_reads_repeat() {
    let limited = r#"{"status": 429, "headers": {"retry-after": "3"}}"#;
    let (server, _place) = replay(&[
        ("GET", "/me/player", limited),
        ("POST", "/me/player/next", r#"{"status": 204}"#),
        ("GET", "/me/player", r#"{"status": 200, "body": {"is_playing": true}}"#),
        ("GET", "/me/player", r#"{"status": 204}"#),
        ("POST", "/me/player/next", r#"{"status": 404}"#),
    ]);
    let status = |method, target| ask(&server, method, target, "").0;
    let get = || status("GET", "/me/player");
    assert_eq!([get(), get(), get(), get(), get()], [429, 200, 204, 204, 204]);
    let next = || status("POST", "/me/player/next");
    assert_eq!([next(), next(), next(), next()], [204, 404, 501, 501]);
    assert_eq!(
        server.unrecorded(),
        ["recorded only 2 times: POST /v1/me/player/next; the program sent it again"; 2]
    );
    assert_eq!(server.requests().last().unwrap().call, Some("skip_to_next"));
}

#[test]
fn unrecorded_request_names_the_nearest_recording() {
    let ok = r#"{"status": 200, "body": []}"#;
    let (server, place) = replay(&[
        ("GET", "/me/tracks?limit=50&market=FI", ok),
        ("GET", "/me/tracks?limit=50&offset=50", ok),
        ("GET", "/me/albums", ok),
        ("GET", "/playlists/playlist00000000000001/items", ok),
        ("PUT", "/me/player/play", ok),
    ]);
    for (method, target) in [
        ("GET", "/me/tracks?limit=20&market=FI"),
        ("GET", "/me/tracks?limit=50"),
        ("GET", "/me/tracks?offset=100&limit=50"),
        ("DELETE", "/me/albums?ids=x"),
        ("GET", "/playlists/37i9dQZF1DX4UtSsGT1Sbe/items?limit=1"),
        ("GET", "/me/player/play"),
        ("GET", "/nothing/like/it/is/there"),
    ] {
        assert_eq!(ask(&server, method, target, "").0, 501);
    }
    ask(&server, "PUT", "/me/player/play", "");
    ask(&server, "PUT", "/me/player/play", "{}");
    insta::assert_snapshot!(server.unrecorded().join("\n"), @"
    not recorded: GET /v1/me/tracks?limit=20&market=FI; the nearest recorded request has limit=50
    not recorded: GET /v1/me/tracks?limit=50; the nearest recorded request has market=FI
    not recorded: GET /v1/me/tracks?limit=50&offset=100; the nearest recorded request has offset=50
    not recorded: DELETE /v1/me/albums?ids=x; the nearest recorded request has the method GET, no ids
    not recorded: GET /v1/playlists/37i9dQZF1DX4UtSsGT1Sbe/items?limit=1; the nearest recorded request has `GET /v1/playlists/playlist00000000000001/items`, no limit
    not recorded: GET /v1/me/player/play; the nearest recorded request has the method PUT
    not recorded: GET /v1/nothing/like/it/is/there; the nearest recorded request has `GET /v1/me/albums`
    recorded only once: PUT /v1/me/player/play; the program sent it again
    ");
    let (empty, _place) = replay(&[]);
    assert_eq!(
        ask(&empty, "GET", "/me", "").1,
        r#"{"error":{"status":501,"message":"not recorded: GET /v1/me","reason":"the recording is empty"}}"#
    );

    // The client returns the error without a retry.
    server.clear_requests();
    let spotify = server.client().unwrap();
    let error = spotify.get_my_saved_tracks().limit(50).send().unwrap_err();
    insta::assert_snapshot!(error, @"get_my_saved_tracks: Spotify returned 501: `not recorded: GET /v1/me/tracks?limit=50`, reason the nearest recorded request has market=FI");
    assert_eq!(server.requests().len(), 1);
    drop(place);
}

#[test]
fn program_runs_against_its_recording() {
    fn program(spotify: &Spotify, offset: u32) -> Result<(String, usize, Vec<bool>), Error> {
        let me = spotify.get_me().send()?;
        let playlists: Vec<_> = spotify.get_my_playlists().items().collect::<Result<_, _>>()?;
        let is_own = |owner: Option<_>| owner == Some(&me.id);
        let own = playlists
            .iter()
            .map(|list| is_own(list.owner.as_ref().and_then(|owner| owner.id.as_ref())));
        let own = own.collect();
        let first = spotify.get_playlist_items(&playlists[0].id).offset(offset).items().count();
        Ok((me.id.to_string(), first, own))
    }
    let (real, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let (id, first, own) =
        program(&real.client_builder().recorder(&recorder).build().unwrap(), 0).unwrap();
    recorder.save().unwrap();
    assert!(own.iter().any(|is_own| *is_own) && own.iter().any(|is_own| !is_own) && first > 100);

    let server = Server::replay(place.path()).unwrap();
    let spotify = server.client().unwrap();
    let again = program(&spotify, 0).unwrap();
    assert_eq!(again, ("user-1".to_owned(), first, own));
    assert_ne!(id, again.0);
    assert_eq!(server.unused_recordings(), [""; 0]);
    // These pages were requested through links, which contain the address of this server.
    let offsets =
        server.requests().iter().filter(|seen| seen.query_value("offset").is_some()).count();
    assert!(offsets >= 3, "{}", server.log());
    // The same reads return the same responses. A different read fails.
    assert_eq!(program(&spotify, 0).unwrap(), again);
    assert_eq!(program(&spotify, 1).unwrap().1, 1, "one error");
    assert_eq!(server.unrecorded().len(), 1);
}

#[test]
fn faults_and_token_refresh_work_during_replay() {
    let me = r#"{"status": 200, "body": {"id": "user-1", "type": "user"}}"#;
    let (server, _place) =
        replay(&[("GET", "/me", me), ("POST", "/me/player/next", r#"{"status": 204}"#)]);
    // Faults take precedence. Those that process the request use a recorded response.
    server
        .script("/me/player/next")
        .then(Fault::Status(500))
        .then(Fault::TruncateAfterProcessing(TruncateAt::Head));
    let spotify = server.client().unwrap();
    assert_eq!(spotify.skip_to_next().send_raw().unwrap().status(), 500);
    assert_eq!(server.unused_recordings().len(), 2);
    let cut = spotify.skip_to_next().send().unwrap_err();
    assert!(matches!(cut, Error::Transport(fault) if fault.may_have_taken_effect));
    assert_eq!(server.unused_recordings(), ["GET /v1/me"]);

    let app = server.app().refresh_token(server.issue_refresh_token([Scope::UserReadEmail]));
    let spotify = Spotify::builder().app(app).base_url(server.base_url()).build().unwrap();
    spotify.get_me().send().unwrap();
    server.expire_access_tokens();
    spotify.get_me().send().unwrap();
    let statuses: Vec<_> =
        server.requests().iter().skip(2).filter_map(|seen| seen.status).collect();
    assert_eq!(statuses, [200, 200, 401, 200, 200]);
    assert_eq!(ask_with(&server, "GET", "/me", "", "").0, 401);
    server.fail_all(Some(Failure::UserNotRegistered));
    assert!(matches!(spotify.get_me().send(), Err(Error::UserNotRegistered(_))));
    assert_eq!(server.unrecorded(), [""; 0]);
}

#[test]
fn invalid_recording_is_reported_with_its_position() {
    let place = Checkpoint::new();
    let error = |text: &str| {
        place.write(text);
        let error = Server::replay(place.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        error.to_string().replace(place.path().to_str().unwrap(), "FILE")
    };
    let response = r#"{ "status": 200 }"#;
    let with = |request: &str, response: &str| {
        format!(
            "{{\n  \"tonearm_recording\": 1,\n  \"exchanges\": [\n    {{\n      \"request\": {request},\n      \
             \"response\": {response}\n    }}\n  ]\n}}"
        )
    };
    let request = r#"{ "method": "GET", "path": "/v1/me" }"#;
    place.write(&with(request, response));
    assert_eq!(Server::replay(place.path()).unwrap().unused_recordings(), ["GET /v1/me"]);
    let whole = with(request, response);
    let problems = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        whole.replace("1,", "2,"),
        whole.replace("1,", "\"1\","),
        whole.replace("exchanges", "exchange"),
        whole.get(..60).unwrap().to_owned(),
        format!("{whole}]"),
        with(r#"{ "path": "/v1/me" }"#, response),
        with(r#"{ "method": "get", "path": "/v1/me" }"#, response),
        with(r#"{ "method": "GET", "path": "me" }"#, response),
        with(r#"{ "method": "GET", "path": "/v1/me?limit=1" }"#, response),
        with(r#"{ "method": "GET", "path": "/v1/me", "query": { "limit": 1 } }"#, response),
        with(r#"{ "method": "GET", "path": "/v1/me", "quary": {} }"#, response),
        with(request, r#"{ "status": 99 }"#),
        with(request, r#"{ "status": "200" }"#),
        with(request, r#"{ "status": 200, "body": {}, "text": "" }"#),
        with(request, r#"{ "status": 204, "body": {} }"#),
        with(request, r#"{ "status": 200, "headers": { "content-length": "1" } }"#),
        with(request, r#"{ "status": 200, "headers": { "location": "a\r\nb: c" } }"#),
        with(
            request,
            &format!(r#"{{ "status": 200, "body": {}{} }}"#, "[".repeat(9999), "]".repeat(9999)),
        ),
    ];
    let problems: Vec<_> = problems.iter().map(|text| error(text)).collect();
    insta::assert_snapshot!(problems.join("\n"), @r#"
    `FILE`: expected a recording, an object with the field `tonearm_recording`, found something else; fix the file or record it again
    `FILE`: expected a recording, an object with the field `tonearm_recording`, found something else; fix the file or record it again
    `FILE`: expected a recording, an object with the field `tonearm_recording`, found something else; fix the file or record it again
    `FILE`: expected version 1 of the format, found 2, from another version of Tonearm; fix the file or record it again
    `FILE`, line 2, column 26: invalid type: string "1", expected u32; fix the file or record it again
    `FILE`, line 3, column 12: unknown field `exchange`, expected `tonearm_recording` or `exchanges`; fix the file or record it again
    `FILE`, line 5, column 9: EOF while parsing a string; fix the file or record it again
    `FILE`, line 9, column 2: trailing characters; fix the file or record it again
    `FILE`, line 5, column 37: missing field `method`; fix the file or record it again
    `FILE`, line 5, column 34: expected `GET`, `POST`, `PUT` or `DELETE`, found `get`; fix the file or record it again
    `FILE`, line 5, column 50: expected a path such as `/v1/me/tracks`, without a query, found `me`; fix the file or record it again
    `FILE`, line 5, column 62: expected a path such as `/v1/me/tracks`, without a query, found `/v1/me?limit=1`; fix the file or record it again
    `FILE`, line 5, column 75: invalid type: integer `1`, expected a string; fix the file or record it again
    `FILE`, line 5, column 61: unknown field `quary`, expected one of `method`, `path`, `query`, `body`; fix the file or record it again
    `FILE`, line 6, column 34: expected a status from 200 to 999, found 99; fix the file or record it again
    `FILE`, line 6, column 35: invalid type: string "200", expected i64; fix the file or record it again
    `FILE`, line 7, column 5: expected either `body` or `text`, found both; fix the file or record it again
    `FILE`, line 7, column 5: expected no body with status 204, found one; fix the file or record it again
    `FILE`, line 6, column 73: expected one of the headers `content-type`, `location`, `retry-after`, found `content-length`; fix the file or record it again
    `FILE`, line 6, column 75: expected `location` without control characters; fix the file or record it again
    `FILE`, line 6, column 167: recursion limit exceeded; fix the file or record it again
    "#);
    let missing = Server::replay("tests/recordings/not-there.json").unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    let missing = missing.to_string();
    assert!(
        missing.starts_with("cannot read the recording `tests/recordings/not-there.json`: "),
        "{missing}"
    );
    assert!(missing.ends_with("; create it with `tonearm::fake::Recorder`"), "{missing}");
}
