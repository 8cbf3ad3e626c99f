//! `/me/library` over a socket. In development mode these are the only endpoints that save and follow.

use std::collections::BTreeSet;

use tonearm::fake::Server;
use tonearm::{QuotaMode, Spotify, SpotifyUri};

use super::{ask, refusal, spec, start};

#[test]
fn library_accepts_uris_of_every_kind() {
    let server = Server::builder().quota_mode(QuotaMode::Development).start().unwrap();
    let catalog = server.catalog();
    let uris: [SpotifyUri; 8] = [
        catalog.tracks()[1].clone().into(),
        catalog.albums()[1].clone().into(),
        catalog.episodes()[1].clone().into(),
        catalog.shows()[1].clone().into(),
        catalog.audiobooks()[1].clone().into(),
        catalog.artists()[1].clone().into(),
        catalog.users()[60].clone().into(),
        catalog.playlists()[100].clone().into(),
    ];
    for endpoint in
        Spotify::endpoints().iter().filter(|endpoint| endpoint.path.starts_with("/me/library"))
    {
        let kinds = spec::param(&endpoint.name, "uris")["kinds"].as_array().unwrap();
        let kinds: BTreeSet<&str> = kinds.iter().filter_map(|kind| kind.as_str()).collect();
        let saved = uris.iter().map(SpotifyUri::kind).collect();
        assert_eq!(kinds, saved, "{}", endpoint.name);
    }
    let before = server.library();
    // Plain, and with everything escaped that can be.
    let list = uris.each_ref().map(ToString::to_string).join(",");
    for list in [list.clone(), list.replace(':', "%3A").replace(',', "%2C")] {
        let call = |method, path: &str| ask(&server, method, &format!("{path}?uris={list}"), "");
        let contains = || call("GET", "/me/library/contains");
        let all = |value: &str| (200, format!("[{}]", [value; 8].join(",")));
        assert_eq!(call("DELETE", "/me/library"), (200, String::new()));
        assert_eq!(contains(), all("false"));
        assert_eq!(call("PUT", "/me/library"), (200, String::new()));
        assert_eq!(contains(), all("true"));
        assert!(uris.iter().all(|uri| server.library().contains(uri)));
        assert_eq!(call("DELETE", "/me/library"), (200, String::new()));
    }
    assert!(uris.iter().all(|uri| !server.library().contains(uri)));

    // Unknown items are accepted and change nothing.
    let now = server.library();
    for kind in ["track", "album", "episode", "show", "audiobook", "artist", "user", "playlist"] {
        let uri = format!("spotify:{kind}:0000000000000000000000");
        for (method, path, body) in [
            ("PUT", "/me/library", ""),
            ("GET", "/me/library/contains", "[false]"),
            ("DELETE", "/me/library", ""),
        ] {
            let response = ask(&server, method, &format!("{path}?uris={uri}"), "");
            assert_eq!(response, (200, body.to_owned()), "{method} {uri}");
        }
    }
    assert_eq!(server.library(), now);
    assert!(now.len() <= before.len());
}

#[test]
fn library_rejects_too_many_uris_bare_ids_and_bodies() {
    let (extended, development) = (
        Server::start().unwrap(),
        Server::builder().quota_mode(QuotaMode::Development).start().unwrap(),
    );
    for server in [&extended, &development] {
        let before = server.library();
        for (method, path) in
            [("PUT", "/me/library"), ("DELETE", "/me/library"), ("GET", "/me/library/contains")]
        {
            let id = server.catalog().tracks()[0].to_string();
            let many = |kind: &str, count: usize| {
                let uris = vec![format!("spotify:{kind}:0000000000000000000000"); count].join(",");
                ask(server, method, &format!("{path}?uris={uris}"), "")
            };
            for kind in ["track", "audiobook"] {
                assert_eq!(many(kind, 40).0, 200, "{method} {path}");
                for count in [41, 50, 60] {
                    let response = many(kind, count);
                    assert_eq!(response, refusal(400, "Too many uris requested"), "{count}");
                }
                assert_eq!(many(kind, 100).0, 414, "{method} {path}");
            }
            for uris in [id.clone(), format!("spotify:track:{id},{id}")] {
                let response = ask(server, method, &format!("{path}?uris={uris}"), "");
                assert_eq!(response, refusal(400, "Invalid Spotify URI"), "{method} {path} {uris}");
            }
            let chapter = format!("{path}?uris=spotify:chapter:0000000000000000000000");
            assert_eq!(ask(server, method, &chapter, ""), refusal(400, "Invalid Spotify URI"));
            for body in [format!(r#"{{"uris":["spotify:track:{id}"]}}"#), String::new()] {
                let response = ask(server, method, path, &body);
                assert_eq!(
                    response,
                    refusal(400, "Missing required field: uris"),
                    "{method} {body}"
                );
            }
        }
        assert_eq!(server.library(), before);
    }
}

/// Every endpoint that accepts its ids in the query and in the body, with both.
#[test]
fn ids_are_accepted_in_the_query_and_in_the_body() {
    let (server, _) = start();
    let catalog = server.catalog();
    let mut endpoints = 0;
    for endpoint in Spotify::endpoints() {
        let Some(by) = spec::entry(&endpoint.name)["batch"]["by"].as_str() else { continue };
        let keys = spec::param(&endpoint.name, by);
        if keys["also_in"].is_null() || endpoint.path.contains('{') {
            continue;
        }
        let uris: [SpotifyUri; 3] = match endpoint.area {
            "Albums" => [7, 8, 9].map(|n| catalog.albums()[n].clone().into()),
            "Tracks" => [7, 8, 9].map(|n| catalog.tracks()[n].clone().into()),
            "Shows" => [7, 8, 9].map(|n| catalog.shows()[n].clone().into()),
            "Episodes" => [7, 8, 9].map(|n| catalog.episodes()[n].clone().into()),
            _ if by == "artist_ids" => [7, 8, 9].map(|n| catalog.artists()[n].clone().into()),
            _ => [17, 18, 19].map(|n| catalog.users()[n].clone().into()),
        };
        let ids = uris.each_ref().map(|uri| uri.to_string().rsplit(':').next().unwrap().to_owned());
        let fixed: String = spec::fixed(&endpoint.name)
            .iter()
            .map(|(key, value)| format!("{key}={value}&"))
            .collect();
        let method = endpoint.method.as_str();
        let saves = method == "PUT";
        let send = |query: &str, body: &str| {
            let target = format!("{}?{fixed}{query}", endpoint.path);
            let (status, text) = ask(&server, method, &target, body);
            assert!((200..300).contains(&status), "{method} {target} {body} {text}");
        };
        let prepare = || {
            // The opposite of the request.
            let list = uris.each_ref().map(ToString::to_string).join(",");
            let method = if saves { "DELETE" } else { "PUT" };
            assert_eq!(ask(&server, method, &format!("/me/library?uris={list}"), "").0, 200);
        };
        let has = |n: usize| server.library().contains(&uris[n]);
        prepare();
        send(&format!("ids={}", ids[0]), "");
        send("", &format!(r#"{{"ids":["{}"]}}"#, ids[1]));
        // The query has priority.
        send(&format!("ids={}", ids[1]), &format!(r#"{{"ids":["{}"]}}"#, ids[2]));
        assert_eq!([has(0), has(1), has(2)], [saves, saves, !saves], "{}", endpoint.name);
        // A bare list is rejected.
        let target = format!("{}?{fixed}", endpoint.path);
        assert_eq!(ask(&server, method, &target, &format!(r#"["{}"]"#, ids[2])).0, 400);
        endpoints += 1;
    }
    assert_eq!(endpoints, 12);
    // In the body, Spotify documents more albums than in the query.
    let albums = |count: usize| {
        catalog.albums()[..count].iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let body = |count: usize| serde_json::json!({ "ids": albums(count) }).to_string();
    assert_eq!(ask(&server, "PUT", "/me/albums", &body(50)).0, 200);
    let too_many = refusal(400, "Too many ids requested");
    assert_eq!(ask(&server, "PUT", "/me/albums", &body(51)), too_many);
    assert_eq!(
        ask(&server, "PUT", &format!("/me/albums?ids={}", albums(21).join(",")), ""),
        too_many
    );
}
