//! Requests that return an error, and the server's error messages.

use tonearm::endpoint::{ParamKind, ParamLocation};
use tonearm::{Error, Scope, Spotify, SpotifyUri};

use super::samples::samples;
use super::{ask, ask_with, raw, refusal, spec, split, start, with_scopes};

#[test]
fn missing_or_invalid_tokens_return_401() {
    let (server, spotify) = start();
    let no_token = raw(&server, "GET /v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let header = "www-authenticate: Bearer realm=\"spotify\", error=\"missing_token\", \
                  error_description=\"No token provided\"\r\n";
    assert!(no_token.contains(header), "{no_token}");
    assert_eq!(split(&no_token), refusal(401, "No token provided"));
    for token in ["Bearer x", "Basic x", "", "Bearer", &format!("Basic {}", server.token())] {
        let header = format!("authorization: {token}\r\n");
        let response = ask_with(&server, "GET", "/me", &header, "");
        assert_eq!(response, refusal(401, "Invalid access token"), "{token}");
    }
    let unknown = "GET /v1/me HTTP/1.1\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n";
    assert!(raw(&server, unknown).contains("error=\"invalid_token\""));
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    spotify.get_me().send().unwrap();

    // The log contains no token.
    let log = format!("{:?}", server.requests());
    assert!(!log.contains(server.token()), "{log}");
    assert_eq!(server.requests()[1].header("Authorization"), Some("Bearer …"));
}

#[test]
fn missing_required_scopes_return_403() {
    let (server, _) = start();
    let mut endpoints = 0;
    // A token with all other scopes gets a 403; a token with only the required scopes doesn't.
    for sample in samples() {
        let required = &sample.endpoint.scopes.required;
        if required.is_empty() {
            continue;
        }
        let others = Scope::ALL.iter().filter(|scope| !required.contains(scope)).cloned();
        let conditional = sample.endpoint.scopes.conditional.iter().map(|case| &case.scope);
        let enough: Vec<Scope> = required.iter().chain(conditional).cloned().collect();
        for (scopes, is_rejected) in [(others.collect(), true), (enough, false)] {
            server.clear_requests();
            (sample.calls[0].send)(&with_scopes(&server, &scopes)).unwrap();
            let status = server.requests()[0].status;
            assert_eq!(status == Some(403), is_rejected, "{} {scopes:?}", sample.endpoint.name);
        }
        endpoints += 1;
    }
    assert!(endpoints >= 28, "{endpoints}");
    let bare = with_scopes(&server, &[]);
    let response = bare.get_my_saved_tracks().send_raw().unwrap();
    let body = String::from_utf8_lossy(response.body()).into_owned();
    assert_eq!((response.status(), body), refusal(403, "Insufficient client scope"));
}

#[test]
fn required_scopes_depend_on_the_kind_of_uri() {
    let (server, spotify) = start();
    let catalog = server.catalog();
    let is_forbidden =
        |result: Result<(), Error>| matches!(result, Err(Error::InsufficientScope(_)));
    let uris: Vec<SpotifyUri> = vec![
        catalog.tracks()[0].clone().into(),
        catalog.albums()[0].clone().into(),
        catalog.episodes()[0].clone().into(),
        catalog.shows()[0].clone().into(),
        catalog.audiobooks()[0].clone().into(),
        catalog.artists()[0].clone().into(),
        catalog.users()[1].clone().into(),
        catalog.playlists()[0].clone().into(),
    ];
    let modify = [
        (Scope::UserLibraryModify, 0..5),
        (Scope::UserFollowModify, 5..7),
        (Scope::PlaylistModifyPublic, 7..8),
        (Scope::PlaylistModifyPrivate, 7..8),
        (Scope::PlaylistReadPrivate, 0..0),
    ];
    let read = [
        (Scope::UserLibraryRead, 0..5),
        (Scope::UserFollowRead, 5..7),
        (Scope::PlaylistReadPrivate, 7..8),
        (Scope::PlaylistModifyPublic, 0..0),
    ];
    for (index, uri) in uris.iter().enumerate() {
        for (scope, kinds) in &modify {
            let client = with_scopes(&server, std::slice::from_ref(scope));
            let is_rejected = !kinds.contains(&index);
            let saved = client.save_items([uri]).send();
            assert_eq!(is_forbidden(saved), is_rejected, "{scope} {uri}");
            let removed = client.remove_saved_items([uri]).send();
            assert_eq!(is_forbidden(removed), is_rejected, "{scope} {uri}");
        }
        for (scope, kinds) in &read {
            let client = with_scopes(&server, std::slice::from_ref(scope));
            let read = client.are_items_saved([uri]).send();
            assert_eq!(is_forbidden(read.map(drop)), !kinds.contains(&index), "{scope} {uri}");
        }
    }
    // If one scope is missing, nothing is saved.
    let client = with_scopes(&server, &[Scope::UserLibraryModify]);
    assert!(is_forbidden(client.save_items(&uris).send()));
    assert_eq!(spotify.are_items_saved(&uris).send().unwrap(), [false; 8]);

    // Either of two scopes is sufficient.
    let playlist = &catalog.playlists()[100];
    assert!(is_forbidden(with_scopes(&server, &[]).follow_playlist(playlist).send()));
    for scope in [Scope::PlaylistModifyPrivate, Scope::PlaylistModifyPublic] {
        let client = with_scopes(&server, &[scope]);
        client.follow_playlist(playlist).send().unwrap();
        client.unfollow_playlist(playlist).send().unwrap();
    }
}

#[test]
fn unknown_paths_methods_and_types_are_rejected() {
    let (server, _) = start();
    for target in
        ["/", "", "/me//", "/me/nothing", "/track", "/me/tracks/contains/x", "/users//playlists"]
    {
        let response = ask(&server, "GET", target, "");
        assert_eq!(response, refusal(404, "Service not found"), "{target}");
    }
    // A slash at the end changes nothing.
    for target in ["/me", "/markets", "/search?q=a&type=track", "/me/tracks/contains?ids="] {
        let with_slash = target.replacen('?', "/?", 1);
        let with_slash = if with_slash == target { format!("{target}/") } else { with_slash };
        let expected = ask(&server, "GET", target, "");
        assert!(expected.0 == 200 || expected.0 == 400, "{target}");
        assert_eq!(ask(&server, "GET", &with_slash, ""), expected, "{with_slash}");
    }
    let no_root = "GET /me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert_eq!(split(&raw(&server, no_root)), refusal(404, "Service not found"));
    for (method, target) in
        [("GET", "/me/library"), ("POST", "/me/tracks"), ("PUT", "/me"), ("PATCH", "/me")]
    {
        let response = ask(&server, method, target, "");
        assert_eq!(response, refusal(405, "Method not allowed"), "{method} {target}");
    }
    // The error response to a HEAD request has no body.
    assert_eq!(ask(&server, "HEAD", "/me/library/nothing", ""), (404, String::new()));
    assert_eq!(ask(&server, "HEAD", "/me/player/next", ""), (405, String::new()));
    for (target, response) in [
        ("/me/following?type=band", refusal(400, "Invalid type")),
        ("/me/following", refusal(400, "Missing required field: type")),
        ("/me/top/shows", refusal(400, "Invalid type")),
        ("/me/top/artists?time_range=always", refusal(400, "Invalid time_range")),
        ("/users/nobody", refusal(404, "User not found")),
    ] {
        assert_eq!(ask(&server, "GET", target, ""), response, "{target}");
    }
}

/// Every numeric parameter, at both ends of its range and beyond.
#[test]
fn numbers_out_of_range_return_400() {
    let (server, _) = start();
    let mut numbers = 0;
    let catalog = server.catalog();
    for endpoint in Spotify::endpoints() {
        // Their results depend on state, so `player.rs` and `playlists.rs` test them.
        if ["Player", "Playlists"].contains(&endpoint.area) {
            continue;
        }
        let id = match endpoint.path.split('/').nth(1) {
            Some("albums") => catalog.albums()[0].to_string(),
            Some("artists") => catalog.artists()[0].to_string(),
            Some("audiobooks") => catalog.audiobooks()[0].to_string(),
            _ => catalog.shows()[0].to_string(),
        };
        let path =
            endpoint.path.replace("{type}", "artists").replace("{user_id}", "mira.halvorsen");
        let path = path.replace("{id}", &id).replace("{category_id}", "party");
        let fixed =
            spec::fixed(&endpoint.name).into_iter().map(|(key, value)| format!("{key}={value}&"));
        let search = (endpoint.path == "/search").then(|| "q=a&type=track&".to_owned());
        let sum_limit = &spec::entry(&endpoint.name)["sum_limit"];
        let least = sum_limit["min"].as_i64().unwrap_or(0);
        let seeds = (least > 0).then(|| "seed_genres=jazz&".to_owned());
        let fixed: String = fixed.chain(search).chain(seeds).collect();
        for param in endpoint.params.iter().filter(|param| param.min.is_some()) {
            let ask = |value: &str| {
                let target = format!("{path}?{fixed}{}={value}", param.key);
                ask(&server, endpoint.method.as_str(), &target, "")
            };
            let message = format!("Invalid {}", param.key);
            let ends = [param.min, param.max];
            for (end, past) in
                ends.iter().zip([-1, 1]).filter_map(|(end, by)| Some((*end, (*end)? + by)))
            {
                // The maximum of a parameter may exceed the limit on the sum of several parameters.
                let with_default = end.unwrap() + 20;
                let is_beyond = sum_limit["max"].as_i64().is_some_and(|greatest| {
                    param.key == "offset" && least == 0 && with_default > greatest
                });
                let status = if is_beyond { 400 } else { 200 };
                let response = ask(&end.unwrap().to_string());
                assert_eq!(response.0, status, "{} {end:?}: {}", endpoint.name, response.1);
                assert_eq!(
                    ask(&past.to_string()),
                    refusal(400, &message),
                    "{} {past}",
                    endpoint.name
                );
            }
            for value in ["many", "", "1.5", "99999999999999999999"] {
                assert_eq!(ask(value), refusal(400, &message), "{} {value}", endpoint.name);
            }
            numbers += 1;
        }
    }
    assert!(numbers >= 17, "{numbers}");
}

/// Every list parameter, with the maximum number of elements and one more.
#[test]
fn too_many_ids_return_400() {
    let (server, _) = start();
    let mut lists = 0;
    for endpoint in Spotify::endpoints() {
        let Some(max) = endpoint.max_ids() else { continue };
        let by = spec::entry(&endpoint.name)["batch"]["by"].as_str();
        let param = endpoint.params.iter().find(|param| Some(&*param.name) == by).unwrap();
        let keys = spec::param(&endpoint.name, &param.name);
        let is_uris = param.kind == ParamKind::Uri;
        let is_in_query = param.location == ParamLocation::Query;
        let playlist = server.catalog().playlists()[0].to_string();
        let path = endpoint.path.replace("{playlist_id}", &playlist);
        let id =
            if is_uris { "spotify:track:0000000000000000000000" } else { "0000000000000000000000" };
        let fixed = spec::fixed(&endpoint.name).into_iter();
        let fixed: String = fixed.map(|(key, value)| format!("{key}={value}&")).collect();
        let ask = |count: u32| {
            let ids = vec![id; count as usize];
            let element = |id: &&str| match keys["element_key"].as_str() {
                Some(each) => format!(r#"{{"{each}":"{id}"}}"#),
                None => format!("{id:?}"),
            };
            let (target, body) = if is_in_query {
                (format!("{path}?{fixed}{}={}", param.key, ids.join(",")), String::new())
            } else {
                let key = keys["bare_key"].as_str().unwrap_or(&param.key);
                let elements: Vec<_> = ids.iter().map(element).collect();
                (path.clone(), format!(r#"{{"{key}":[{}]}}"#, elements.join(",")))
            };
            ask(&server, endpoint.method.as_str(), &target, &body)
        };
        assert_eq!(ask(max).0, spec::success(&endpoint.name)[0], "{}", endpoint.name);
        let are_uris = is_uris && is_in_query;
        let message = if are_uris { "Too many uris requested" } else { "Too many ids requested" };
        assert_eq!(ask(max + 1), refusal(400, message), "{}", endpoint.name);
        lists += 1;
    }
    assert!(lists >= 24, "{lists}");
}

#[test]
fn invalid_ids_uris_markets_and_bodies_return_400() {
    let (server, _) = start();
    let put = |target: &str, body: &str| ask(&server, "PUT", target, body);
    let get = |target: &str| ask(&server, "GET", target, "");
    for ids in [
        "x",
        "0000000000000000000000,",
        "00000000000000000000%C3%A90",
        "spotify:album:0000000000000000000000",
    ] {
        let response = put(&format!("/me/albums?ids={ids}"), "");
        assert_eq!(response, refusal(400, "Invalid base62 id"), "{ids}");
    }
    assert_eq!(get("/playlists/x/followers/contains"), refusal(400, "Invalid base62 id"));
    assert_eq!(get("/me/following?type=artist&after=x"), refusal(400, "Invalid base62 id"));
    for uris in [
        "0000000000000000000000",
        "spotify:track:x",
        "spotify:chapter:0000000000000000000000",
        "spotify:local:a:b:c:1",
        "spotify:",
        "https://open.spotify.com/track/0000000000000000000000",
    ] {
        let response = put(&format!("/me/library?uris={uris}"), "");
        assert_eq!(response, refusal(400, "Invalid Spotify URI"), "{uris}");
    }
    for (target, body, key) in [
        ("/me/albums", "", "ids"),
        ("/me/albums?ids=", "", "ids"),
        ("/me/library", r#"{"uris":["spotify:track:0000000000000000000000"]}"#, "uris"),
        ("/me/tracks", "", "timestamped_ids"),
        ("/me/tracks", r#"{"ids":[]}"#, "timestamped_ids"),
        ("/me/tracks", r#"{"timestamped_ids":[{}]}"#, "id"),
    ] {
        let message = format!("Missing required field: {key}");
        assert_eq!(put(target, body), refusal(400, &message), "{target} {body}");
    }
    for body in ["{", "[]", r#"["0000000000000000000000"]"#, "\u{fe}"] {
        assert_eq!(put("/me/tracks", body), refusal(400, "Error parsing JSON."), "{body}");
    }
    let when = r#"{"timestamped_ids":[{"id":"0000000000000000000000","added_at":"yesterday"}]}"#;
    assert_eq!(put("/me/tracks", when), refusal(400, "Invalid added_at"));
    assert_eq!(put("/me/tracks", r#"{"ids":[7]}"#), refusal(400, "Invalid timestamped_ids"));
    let playlist = format!("/playlists/{}/followers", server.catalog().playlists()[0]);
    assert_eq!(put(&playlist, r#"{"public":"maybe"}"#), refusal(400, "Invalid public"));

    for market in ["FI", "from_token"] {
        assert_eq!(get(&format!("/me/tracks?limit=1&market={market}")).0, 200, "{market}");
    }
    for market in ["XX", "Finland", ""] {
        let response = get(&format!("/me/tracks?limit=1&market={market}"));
        assert_eq!(response, refusal(400, "Invalid market code"), "{market}");
    }
    // None of these requests had an effect.
    assert_eq!(server.library(), start().0.library());
}

#[test]
fn malformed_http_requests_return_400() {
    let (server, _) = start();
    for text in [
        "\r\n\r\n\r\n",
        "hello\r\n\r\n",
        "GET /v1/me\r\n\r\n",
        "GET  /v1/me HTTP/1.1\r\n\r\n",
        "GET v1/me HTTP/1.1\r\n\r\n",
        "GET /v1/me HTTP/2.0\r\n\r\n",
        "GET /v1/me HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /v1/me HTTP/1.1\r\nname : x\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ncontent-length:\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
        "PUT /v1/me HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n+1\r\nx\r\n0\r\n\r\n",
        "PUT /v1/me HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n",
    ] {
        // If the server didn't close the connection, this would block.
        assert_eq!(split(&raw(&server, text)), refusal(400, "Bad request."), "{text:?}");
    }
    let binary = [b"GET /v1/\xff HTTP/1.1\r\n\r\n".as_slice(), b"\x16\x03\x01\0\n\n"];
    for bytes in binary {
        assert_eq!(split(&raw(&server, bytes)), refusal(400, "Bad request."), "{bytes:?}");
    }
    assert_eq!(server.requests().len(), 18);
    assert!(server.requests().iter().all(|request| request.status == Some(400)));
}

#[test]
fn oversized_or_unsized_requests_are_rejected() {
    let (server, _) = start();
    let token = format!("authorization: Bearer {}\r\n", server.token());
    let raw = |text: String| split(&raw(&server, text));
    for method in ["PUT", "POST"] {
        let response = raw(format!("{method} /v1/me/tracks HTTP/1.1\r\nhost: x\r\n{token}\r\n"));
        assert_eq!(response, refusal(411, "Length Required"));
    }
    let long = |length: usize| {
        let target = format!("/v1/me?x={}", "x".repeat(length - "/v1/me?x=".len()));
        raw(format!("GET {target} HTTP/1.1\r\n{token}connection: close\r\n\r\n"))
    };
    assert_eq!(long(3_500).0, 200);
    assert_eq!(long(3_501), refusal(414, "URI Too Long"));
    let header = format!("GET /v1/me HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(70_000));
    assert_eq!(raw(header), refusal(431, "Request Header Fields Too Large"));
    let length = (1 << 20) + 1;
    let body = "x".repeat(length);
    let put = format!("PUT /v1/me/tracks HTTP/1.1\r\n{token}");
    let large = format!("{put}content-length: {length}\r\n\r\n{body}");
    assert_eq!(raw(large), refusal(413, "Payload Too Large"));
    let endless = format!("{put}content-length: 99999999999999999999999\r\n\r\n");
    assert_eq!(raw(endless), refusal(413, "Payload Too Large"));
    let chunked = format!("{put}transfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}");
    assert_eq!(raw(chunked), refusal(413, "Payload Too Large"));
    // The log contains all of them.
    let statuses: Vec<u16> =
        server.requests().iter().filter_map(|request| request.status).collect();
    assert_eq!(statuses, [411, 411, 200, 414, 431, 413, 413, 413]);
}
