//! `/me/library` over a socket. In development mode these are the only endpoints that save and follow.

use std::collections::BTreeSet;

use tonearm::fake::Server;
use tonearm::{QuotaMode, Spotify, SpotifyUri};

use super::{ask, refusal, spec};

#[test]
fn the_library_takes_uris_of_every_kind() {
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
fn the_library_refuses_too_many_uris_bare_ids_and_bodies() {
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
