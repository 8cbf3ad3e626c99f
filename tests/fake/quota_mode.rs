//! The two quota modes: endpoints and fields that are unavailable to an app in development mode.
//!
//! Requests are sent over a socket, because these tests are about the server, not the client.

use std::collections::BTreeSet;

use serde_json::Value;
use tonearm::endpoint::{Availability, Endpoint, Method, ParamInfo, ParamLocation};
use tonearm::fake::Server;
use tonearm::model::shape::MODELS;
use tonearm::{QuotaMode, Scope, Scopes, Spotify};

use super::{ask, ask_with, refusal, spec};

fn servers() -> (Server, Server) {
    (
        Server::start().unwrap(),
        Server::builder().quota_mode(QuotaMode::Development).start().unwrap(),
    )
}

/// Returns the JSON of a response, with links that don't contain the server's address.
fn get(server: &Server, target: &str) -> Value {
    let (status, body) = ask(server, "GET", target, "");
    assert_eq!(status, 200, "{target} {body}");
    let base = server.base_url();
    let body = body.replace(&base, "").replace(base.trim_end_matches("/v1"), "");
    serde_json::from_str(&body).unwrap()
}

fn playlist(server: &Server, n: usize) -> String {
    format!("/playlists/{}", server.catalog().playlists()[n])
}

/// Returns the path of an endpoint with ids from the catalog and its fixed parameters.
fn target(endpoint: &Endpoint, server: &Server) -> String {
    let catalog = server.catalog();
    let id = match endpoint.path.split('/').nth(1) {
        Some("albums") => catalog.albums()[0].to_string(),
        Some("artists") => catalog.artists()[0].to_string(),
        Some("audiobooks") => catalog.audiobooks()[0].to_string(),
        Some("chapters") => catalog.chapters()[0].to_string(),
        Some("episodes") => catalog.episodes()[0].to_string(),
        Some("shows") => catalog.shows()[0].to_string(),
        _ => catalog.tracks()[0].to_string(),
    };
    let path = endpoint.path.replace("{id}", &id).replace("{type}", "artists");
    let path = path.replace("{playlist_id}", catalog.playlists()[0].as_str());
    let path = path.replace("{user_id}", "mira.halvorsen").replace("{category_id}", "party");
    assert!(!path.contains('{'), "{path}");
    let fixed = spec::fixed(&endpoint.name).into_iter();
    let fixed: Vec<_> = fixed.map(|(key, value)| format!("{key}={value}")).collect();
    format!("{path}?{}", fixed.join("&"))
}

#[test]
fn endpoint_availability_matches_its_definition() {
    let (extended, development) = servers();
    let (mut closed, mut open) = ([0, 0], 0);
    for endpoint in Spotify::endpoints() {
        // Sends no required parameters: the server doesn't check them if the endpoint is unavailable.
        let ask =
            |server: &Server| ask(server, endpoint.method.as_str(), &target(endpoint, server), "");
        let response = ask(&development);
        let (is_forbidden, is_empty) =
            (response == refusal(403, "Forbidden"), response == (404, String::new()));
        let status = spec::entry(&endpoint.name)["unavailable_status"].as_i64().unwrap_or(403);
        // Spotify still serves some endpoints that it has replaced.
        let still_works = &spec::entry(&endpoint.name)["fallback"]["original_still_works"] == true;
        let is_closed = endpoint.availability != Availability::All && !still_works;
        assert_eq!(is_forbidden, is_closed && status == 403, "{endpoint:?}");
        assert_eq!(is_empty, is_closed && status == 404, "{endpoint:?}");
        if still_works {
            assert_eq!(response, (200, String::new()), "{endpoint:?}");
            open += 1;
        }
        let response = ask(&extended);
        assert!(response.0 != 403 && response != (404, String::new()), "{endpoint:?} {response:?}");
        closed[0] += usize::from(is_forbidden);
        closed[1] += usize::from(is_empty);
    }
    assert!(closed[0] > 45 && closed[1] == 2 && open == 2, "{closed:?} {open}");
    // Requests to unavailable endpoints had no effect. The last one to the others has unfollowed a playlist.
    let followers = format!("{}/followers", playlist(&development, 0));
    assert_eq!(ask(&development, "PUT", &followers, "").0, 200);
    assert!(
        development.library()
            == Server::builder().quota_mode(QuotaMode::Development).start().unwrap().library()
    );
    assert!(development.library() != extended.library());
}

#[test]
fn only_path_and_token_are_checked_before_availability() {
    let (extended, server) = servers();
    for header in ["", "authorization: Bearer x\r\n"] {
        let response = ask_with(&server, "PUT", "/me/albums", header, "");
        assert_eq!(response.0, 401, "{}", response.1);
    }
    assert_eq!(ask(&server, "GET", "/me/nothing", ""), refusal(404, "Service not found"));
    assert_eq!(ask(&server, "POST", "/me/albums", ""), refusal(405, "Method not allowed"));
    // The server does not check scopes, JSON, ids and enum values.
    let bare = format!("authorization: Bearer {}\r\n", server.issue_token(Scopes::empty()));
    for (method, target, body) in [
        ("PUT", "/me/tracks", "{"),
        ("PUT", "/me/albums?ids=x", ""),
        ("GET", "/albums", ""),
        ("PUT", "/me/following?type=band", ""),
        ("PUT", "/me/following", ""),
        ("GET", "/users/nobody", ""),
        ("GET", "/users/mira.halvorsen", ""),
        ("GET", "/playlists/x/tracks", ""),
    ] {
        let response = ask_with(&server, method, target, &bare, body);
        assert_eq!(response, refusal(403, "Forbidden"), "{method} {target}");
    }
    // The log contains the matching endpoint, if it can be determined.
    ask(&server, "PUT", "/me/following?type=user", "");
    assert_eq!(server.requests().last().unwrap().call, Some("follow_users"));
    let no_type = ask(&extended, "PUT", "/me/following", "");
    assert_eq!(no_type, refusal(400, "Missing required field: type"));
    // `/me` is available, although the definition of another endpoint has the same path if its id is absent.
    assert_eq!(get(&server, "/me")["id"], "mira.halvorsen");
    assert_eq!(ask(&server, "GET", "/me/following?type=user", ""), refusal(400, "Invalid type"));
}

#[test]
fn development_mode_lowers_the_maximum_of_numbers() {
    let (extended, development) = servers();
    let mut numbers = 0;
    for endpoint in
        Spotify::endpoints().iter().filter(|endpoint| endpoint.availability == Availability::All)
    {
        for param in &*endpoint.params {
            let (Some(less), Some(max)) = (param.development_max, param.max) else { continue };
            let query = if endpoint.path == "/search" { "&q=a&type=track" } else { "" };
            let target = target(endpoint, &development) + query;
            let ask = |server: &Server, number: i64| {
                ask(
                    server,
                    endpoint.method.as_str(),
                    &format!("{target}&{}={number}", param.key),
                    "",
                )
            };
            let invalid = refusal(400, &format!("Invalid {}", param.key));
            assert_eq!(ask(&development, less).0, 200, "{}", endpoint.name);
            assert_eq!(ask(&development, less + 1), invalid, "{}", endpoint.name);
            assert_eq!(ask(&development, max), invalid, "{}", endpoint.name);
            assert_eq!(ask(&extended, max).0, 200, "{}", endpoint.name);
            assert_eq!(ask(&extended, max + 1), invalid, "{}", endpoint.name);
            // The default is also limited to the maximum in development mode.
            let default_of = |server| {
                let response = get(server, &target);
                let page = if query.is_empty() { &response } else { &response["tracks"] };
                page[&*param.key].as_i64().unwrap()
            };
            let default: i64 = param.default.unwrap().parse().unwrap();
            assert_eq!(default_of(&extended), default, "{}", endpoint.name);
            assert_eq!(default_of(&development), default.min(less), "{}", endpoint.name);
            numbers += 1;
        }
    }
    assert_eq!(numbers, 3);
    // Limits that Spotify only documents aren't enforced.
    let playlist = development.catalog().playlists()[0].clone();
    let items = format!("/playlists/{playlist}/items?limit=100");
    assert_eq!(ask(&development, "GET", &items, "").0, 200);
    // Other limits are the same in both quota modes.
    assert_eq!(ask(&development, "GET", "/me/tracks?limit=50", "").0, 200);
    assert_eq!(ask(&development, "GET", "/me/tracks?limit=51", ""), refusal(400, "Invalid limit"));
    // The limit on offset plus limit applies to the smaller default.
    let last = "/search?q=a&type=track&offset=990";
    assert_eq!(ask(&development, "GET", last, "").0, 200);
    assert_eq!(ask(&extended, "GET", last, "").0, 400);
}

/// Returns the fields that the models declare as unavailable in development mode, such as `track.popularity`.
fn removed() -> BTreeSet<String> {
    let fields =
        MODELS.iter().flat_map(|model| model.fields.iter().map(|field| (model.kind, field)));
    let keys = fields.flat_map(|(kind, field)| field.extended.iter().map(move |key| (kind, key)));
    keys.map(|(kind, key)| format!("{}.{key}", kind.unwrap())).collect()
}

/// Removes these fields, and records which were present.
fn leave_out(json: &mut Value, removed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    match json {
        Value::Array(values) => values.iter_mut().for_each(|value| leave_out(value, removed, seen)),
        Value::Object(members) => {
            let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
            members.retain(|key, _| {
                let name = format!("{kind}.{key}");
                let is_kept = !removed.contains(&name);
                if !is_kept {
                    seen.insert(name);
                }
                is_kept
            });
            members.values_mut().for_each(|value| leave_out(value, removed, seen));
        }
        _ => {}
    }
}

#[test]
fn development_mode_omits_fields_by_object_type() {
    let (extended, development) = servers();
    let catalog = extended.catalog();
    let device = get(&extended, "/me/player/devices")["devices"][0]["id"].clone();
    let play = format!("/me/player/play?device_id={}", device.as_str().unwrap());
    let tracks = &catalog.tracks()[..3];
    let body =
        format!(r#"{{"uris":["spotify:track:{}","spotify:track:{}"]}}"#, tracks[0], tracks[1]);
    for server in [&extended, &development] {
        assert_eq!(ask(server, "PUT", &play, &body).0, 200);
    }
    let targets = [
        format!("/albums/{}", catalog.albums()[3]),
        format!("/albums/{}/tracks", catalog.albums()[3]),
        format!("/albums/{}?market=GB", catalog.albums()[3]),
        format!("/artists/{}", catalog.artists()[2]),
        format!("/artists/{}/albums?limit=10", catalog.artists()[2]),
        format!("/tracks/{}", tracks[2]),
        format!("/shows/{}", catalog.shows()[2]),
        format!("/shows/{}/episodes", catalog.shows()[2]),
        format!("/episodes/{}", catalog.episodes()[2]),
        format!("/audiobooks/{}", catalog.audiobooks()[2]),
        format!("/audiobooks/{}/chapters", catalog.audiobooks()[2]),
        format!("/chapters/{}", catalog.chapters()[2]),
        "/search?q=s&type=album,artist,audiobook,episode,playlist,show,track&limit=10".to_owned(),
        "/me".to_owned(),
        "/me/albums?limit=5".to_owned(),
        "/me/audiobooks".to_owned(),
        "/me/episodes".to_owned(),
        "/me/shows".to_owned(),
        "/me/tracks".to_owned(),
        "/me/playlists?limit=50".to_owned(),
        "/me/following?type=artist".to_owned(),
        "/me/top/artists".to_owned(),
        "/me/top/tracks".to_owned(),
        format!("{}/items?limit=50&additional_types=track,episode", playlist(&extended, 1)),
        format!("{}/items?limit=50", playlist(&extended, 1)),
        "/me/player".to_owned(),
        "/me/player/currently-playing".to_owned(),
        "/me/player/queue".to_owned(),
        "/me/player/recently-played".to_owned(),
    ];
    let (mut removed, mut seen) = (removed(), BTreeSet::new());
    let names: Vec<&str> = removed.iter().map(String::as_str).collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    album.album_group
    album.available_markets
    album.label
    album.popularity
    artist.followers
    artist.genres
    artist.popularity
    audiobook.available_markets
    audiobook.publisher
    chapter.available_markets
    playlist.tracks
    show.available_markets
    show.publisher
    track.available_markets
    track.linked_from
    track.popularity
    track.preview_url
    ");
    for target in targets {
        let (mut whole, mut left) = (get(&extended, &target), get(&development, &target));
        leave_out(&mut whole, &removed, &mut seen);
        for json in [&mut whole, &mut left] {
            if json.get("timestamp").is_some() {
                json["timestamp"] = Value::Null;
            }
        }
        assert_eq!(left, whole, "{target}");
    }
    // No track in the catalog is linked from another one.
    assert!(removed.remove("track.linked_from"));
    assert_eq!(seen, removed);
    let album = get(&development, &format!("/albums/{}", catalog.albums()[3]));
    assert_eq!(album["genres"], Value::Array(Vec::new()));
    assert!(get(&development, "/me")["followers"]["total"].is_u64());
}

#[test]
fn development_mode_playlists_omit_the_legacy_tracks_field() {
    let (extended, development) = servers();
    let path = playlist(&extended, 0);
    let renamed = get(&development, &path);
    assert!(renamed.get("tracks").is_none());
    let first = get(&development, renamed["items"]["href"].as_str().unwrap());
    assert_eq!(first["items"], renamed["items"]["items"]);
    assert_eq!(first["limit"], 100);
    assert!(first["items"][0].get("item").is_some() && first["items"][0].get("track").is_none());
    let listed = &get(&development, "/me/playlists?limit=50")["items"];
    assert!(listed.as_array().unwrap().iter().all(|listed| listed.get("tracks").is_none()));
    assert!(listed[0]["items"]["total"].is_u64());
    // Saved tracks and played tracks keep the old name.
    for target in ["/me/tracks", "/me/player/recently-played"] {
        assert!(get(&development, target)["items"][0]["track"].is_object(), "{target}");
    }
    // So does the response to a new playlist.
    for (server, has_old) in [(&extended, true), (&development, false)] {
        let (status, body) = ask(server, "POST", "/me/playlists", r#"{"name":"New"}"#);
        let made: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &made["items"]["total"]), (201, &0.into()));
        assert_eq!(made.get("tracks").is_some(), has_old);
    }
}

#[test]
fn fields_parameter_selects_only_fields_that_are_sent() {
    let (extended, development) = servers();
    let path = playlist(&extended, 0);
    let chosen = |server, fields: &str| get(server, &format!("{path}?fields={fields}"));
    let by_new = chosen(&extended, "name,items(total,items(item(name)))");
    let in_development = chosen(&development, "name,items(total,items(item(name)))");
    assert_eq!(in_development["items"]["items"][3], by_new["items"]["items"][3]);
    assert_eq!(in_development["items"]["total"], by_new["items"]["total"]);
    assert_eq!(in_development.as_object().unwrap().len(), 2);
    // No field has the old name, so selecting it returns nothing.
    assert_eq!(chosen(&development, "tracks.total"), serde_json::json!({}));
    // Removed fields can't be selected either, even if `type`, which decides their removal, isn't selected.
    let fields = "/items?limit=1&fields=items(item(name,popularity,artists(popularity)))";
    let item = |server| get(server, &(path.clone() + fields))["items"][0]["item"].clone();
    assert!(item(&extended)["popularity"].is_u64());
    assert!(
        item(&development).get("popularity").is_none() && item(&development)["name"].is_string()
    );
    let old = get(&extended, &format!("{path}/tracks?limit=1&fields=items(track(name))"));
    assert_eq!(old["items"][0]["track"]["name"], item(&extended)["name"]);
}

/// Sends a request that succeeds for the user's own playlist.
fn named(endpoint: &Endpoint, server: &Server, n: usize) -> (u16, String) {
    let track = format!("spotify:track:{}", server.catalog().tracks()[0]);
    let body = match (endpoint.method, endpoint.path.rsplit('/').next()) {
        (Method::Get, _) => String::new(),
        (Method::Delete, _) => format!(r#"{{"items":[{{"uri":"{track}"}}]}}"#),
        (_, Some("images")) => "/9j/2Q==".to_owned(),
        (_, Some("items")) if endpoint.name.starts_with("reorder") => {
            r#"{"range_start":0,"insert_before":1}"#.to_owned()
        }
        (_, Some("items")) => format!(r#"{{"uris":["{track}"]}}"#),
        _ => r#"{"name":"Renamed"}"#.to_owned(),
    };
    let kind = if body.starts_with('/') { "content-type: image/jpeg\r\n" } else { "" };
    let header = format!("authorization: Bearer {}\r\n{kind}", server.token());
    let id = &server.catalog().playlists()[n];
    let target = endpoint.path.replace("{playlist_id}", id.as_str());
    ask_with(server, endpoint.method.as_str(), &target, &header, &body)
}

#[test]
fn foreign_playlists_cannot_be_read_or_changed() {
    let (extended, development) = servers();
    let (own, other, shared) = (0, 40, 97);
    let mut endpoints = 0;
    for endpoint in
        Spotify::endpoints().iter().filter(|endpoint| endpoint.availability == Availability::All)
    {
        let is_owner_only = |param: &ParamInfo| {
            param.location == ParamLocation::Path
                && spec::param(&endpoint.name, &param.name)["owner_only"] == true
        };
        if !endpoint.params.iter().any(is_owner_only) {
            continue;
        }
        let success = spec::success(&endpoint.name)[0];
        assert_eq!(
            named(endpoint, &development, other),
            refusal(403, "Forbidden"),
            "{}",
            endpoint.name
        );
        assert_eq!(named(endpoint, &development, own).0, success, "{}", endpoint.name);
        // A shared playlist works like the user's own, but its details can't be changed.
        let is_of_owner =
            ["change_playlist_details", "upload_playlist_cover"].contains(&&*endpoint.name);
        let response = named(endpoint, &development, shared);
        assert_eq!(
            response.0,
            if is_of_owner { 403 } else { success },
            "{} {response:?}",
            endpoint.name
        );
        assert_ne!(response, refusal(403, "Forbidden"), "{}", endpoint.name);
        // An app in extended quota mode can read it.
        let response = named(endpoint, &extended, other);
        let (is_read, change) = match endpoint.method {
            Method::Get => (true, ""),
            Method::Post => (false, "add tracks to"),
            Method::Delete => (false, "remove tracks from"),
            _ => (false, "change"),
        };
        let message = format!("You cannot {change} a playlist you don't own.");
        assert_eq!(response.0 == 200, is_read, "{}", endpoint.name);
        assert!(is_read || response == refusal(403, &message), "{} {response:?}", endpoint.name);
        endpoints += 1;
    }
    assert!(endpoints >= 7, "{endpoints}");
    let unknown = "/playlists/0000000000000000000000/items";
    assert_eq!(ask(&development, "GET", unknown, "").0, 404);
    // The missing scope is reported first.
    let bare =
        format!("authorization: Bearer {}\r\n", development.issue_token([Scope::UserReadEmail]));
    let body = r#"{"uris":["spotify:track:0000000000000000000000"]}"#;
    let target = playlist(&development, other) + "/items";
    let response = ask_with(&development, "POST", &target, &bare, body);
    assert_eq!(response, refusal(403, "Insufficient client scope"));
}

#[test]
fn foreign_playlists_are_returned_without_items() {
    let (extended, development) = servers();
    let (own, other, shared) = (0, 40, 97);
    for n in [own, shared] {
        let whole = get(&development, &playlist(&development, n));
        assert!(!whole["items"]["items"].as_array().unwrap().is_empty());
    }
    let path = playlist(&development, other);
    let (mut whole, left) = (get(&extended, &path), get(&development, &path));
    whole.as_object_mut().unwrap().retain(|key, _| key != "items" && key != "tracks");
    assert_eq!(left, whole);
    assert!(left["followers"]["total"].is_u64() && left["name"].is_string());
    let fields = get(&development, &format!("{path}?fields=name,items(total)"));
    assert_eq!(fields, serde_json::json!({ "name": whole["name"] }));
    // Lists contain the number of items, and the covers are available.
    let listed = get(&development, "/me/playlists?limit=50&offset=0");
    let id = development.catalog().playlists()[other].to_string();
    let listed = listed["items"].as_array().unwrap().iter().find(|listed| listed["id"] == *id);
    assert!(listed.unwrap()["items"]["total"].is_u64());
    assert_eq!(ask(&development, "GET", &format!("{path}/images"), "").0, 200);
}

#[test]
fn app_without_legacy_access_lacks_only_the_legacy_endpoints() {
    let server = Server::builder().legacy_access(false).start().unwrap();
    let mut unavailable = 0;
    for endpoint in Spotify::endpoints() {
        let response = ask(&server, endpoint.method.as_str(), &target(endpoint, &server), "");
        let is_unavailable =
            response == refusal(403, "Forbidden") || response == (404, String::new());
        assert_eq!(is_unavailable, endpoint.availability == Availability::Legacy, "{endpoint:?}");
        unavailable += usize::from(is_unavailable);
    }
    assert!(unavailable > 5, "{unavailable}");
    // The app gets all fields, and its other limits.
    assert!(get(&server, &playlist(&server, 0))["tracks"].is_object());
    assert_eq!(ask(&server, "GET", "/search?q=a&type=album&limit=50", "").0, 200);
}
