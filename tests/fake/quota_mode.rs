//! The two kinds of app: what is closed to one in development mode, and what its answers leave out.
//!
//! All of it is asked over a socket: what a client makes of the answers is not the matter here.

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

/// The JSON of an answer, with links that are alike for all servers.
fn get(server: &Server, target: &str) -> Value {
    let (status, body) = ask(server, "GET", target, "");
    assert_eq!(status, 200, "{target} {body}");
    serde_json::from_str(&body.replace(&server.base_url(), "")).unwrap()
}

fn playlist(server: &Server, n: usize) -> String {
    format!("/playlists/{}", server.catalog().playlists()[n])
}

/// The path of a row, with ids of what there is, and what it always sends.
fn target(row: &Endpoint, server: &Server) -> String {
    let catalog = server.catalog();
    let id = match row.path.split('/').nth(1) {
        Some("albums") => catalog.albums()[0].to_string(),
        Some("artists") => catalog.artists()[0].to_string(),
        Some("audiobooks") => catalog.audiobooks()[0].to_string(),
        Some("chapters") => catalog.chapters()[0].to_string(),
        Some("episodes") => catalog.episodes()[0].to_string(),
        Some("shows") => catalog.shows()[0].to_string(),
        _ => catalog.tracks()[0].to_string(),
    };
    let path = row.path.replace("{id}", &id).replace("{type}", "artists");
    let path = path.replace("{playlist_id}", catalog.playlists()[0].as_str());
    let path = path.replace("{user_id}", "mira.halvorsen").replace("{category_id}", "party");
    assert!(!path.contains('{'), "{path}");
    let fixed = spec::fixed(&row.name).into_iter();
    let fixed: Vec<_> = fixed.map(|(key, value)| format!("{key}={value}")).collect();
    format!("{path}?{}", fixed.join("&"))
}

#[test]
fn every_row_is_closed_or_open_as_it_says() {
    let (extended, development) = servers();
    let mut closed = [0, 0];
    for row in Spotify::endpoints() {
        // Nothing that a call would need is given: of what is closed, nobody asks for it.
        let ask = |server: &Server| ask(server, row.method.as_str(), &target(row, server), "");
        let answer = ask(&development);
        let (is_forbidden, is_empty) =
            (answer == refusal(403, "Forbidden"), answer == (404, String::new()));
        let status = spec::entry(&row.name)["unavailable_status"].as_i64().unwrap_or(403);
        assert_eq!(is_forbidden, row.availability != Availability::All && status == 403, "{row:?}");
        assert_eq!(is_empty, row.availability != Availability::All && status == 404, "{row:?}");
        let answer = ask(&extended);
        assert!(answer.0 != 403 && answer != (404, String::new()), "{row:?} {answer:?}");
        closed[0] += usize::from(is_forbidden);
        closed[1] += usize::from(is_empty);
    }
    assert!(closed[0] > 45 && closed[1] == 2, "{closed:?}");
    // Nothing of what was closed was done all the same, such as to unfollow a playlist.
    assert!(
        development.library()
            == Server::builder().quota_mode(QuotaMode::Development).start().unwrap().library()
    );
    assert!(development.library() != extended.library());
}

#[test]
fn only_the_address_and_the_token_come_before_what_is_closed() {
    let (extended, server) = servers();
    for header in ["", "authorization: Bearer x\r\n"] {
        let answer = ask_with(&server, "PUT", "/me/albums", header, "");
        assert_eq!(answer.0, 401, "{}", answer.1);
    }
    assert_eq!(ask(&server, "GET", "/me/nothing", ""), refusal(404, "Service not found"));
    assert_eq!(ask(&server, "POST", "/me/albums", ""), refusal(405, "Method not allowed"));
    // A scope that is missing, a body that is no JSON, bad ids and words are not looked at.
    let bare = format!("authorization: Bearer {}\r\n", server.token_with(Scopes::empty()));
    for (method, target, body) in [
        ("PUT", "/me/tracks", "{"),
        ("PUT", "/me/albums?ids=x", ""),
        ("GET", "/albums", ""),
        ("PUT", "/me/following?type=band", ""),
        ("PUT", "/me/following", ""),
        ("GET", "/users/nobody", ""),
        ("GET", "/users/mira.halvorsen", ""),
        ("GET", "/playlists/x/tracks", ""),
        ("PUT", "/playlists/x/followers", ""),
    ] {
        let answer = ask_with(&server, method, target, &bare, body);
        assert_eq!(answer, refusal(403, "Forbidden"), "{method} {target}");
    }
    // The log names the row that was meant, where that can be told.
    ask(&server, "PUT", "/me/following?type=user", "");
    assert_eq!(server.requests().last().unwrap().call, Some("follow_users"));
    let no_type = ask(&extended, "PUT", "/me/following", "");
    assert_eq!(no_type, refusal(400, "Missing required field: type"));
    // The current user is open, though another row names the same address where it has no id.
    assert_eq!(get(&server, "/me")["id"], "mira.halvorsen");
    assert_eq!(ask(&server, "GET", "/me/following?type=user", ""), refusal(400, "Invalid type"));
}

#[test]
fn numbers_are_kept_to_what_the_app_may_ask_for() {
    let (extended, development) = servers();
    let mut numbers = 0;
    for row in Spotify::endpoints().iter().filter(|row| row.availability == Availability::All) {
        for param in &*row.params {
            let (Some(less), Some(max)) = (param.development_max, param.max) else { continue };
            let query = if row.path == "/search" { "&q=a&type=track" } else { "" };
            let target = target(row, &development) + query;
            let ask = |server: &Server, number: i64| {
                ask(server, row.method.as_str(), &format!("{target}&{}={number}", param.key), "")
            };
            let invalid = refusal(400, &format!("Invalid {}", param.key));
            assert_eq!(ask(&development, less).0, 200, "{}", row.name);
            assert_eq!(ask(&development, less + 1), invalid, "{}", row.name);
            assert_eq!(ask(&development, max), invalid, "{}", row.name);
            assert_eq!(ask(&extended, max).0, 200, "{}", row.name);
            assert_eq!(ask(&extended, max + 1), invalid, "{}", row.name);
            // What is meant where nothing is said is no more.
            let meant = |server| {
                let answer = get(server, &target);
                let page = if query.is_empty() { &answer } else { &answer["tracks"] };
                page[&*param.key].as_i64().unwrap()
            };
            let default: i64 = param.default.unwrap().parse().unwrap();
            assert_eq!(meant(&extended), default, "{}", row.name);
            assert_eq!(meant(&development), default.min(less), "{}", row.name);
            numbers += 1;
        }
    }
    assert_eq!(numbers, 3);
    // What Spotify only documents is not enforced.
    let playlist = development.catalog().playlists()[0].clone();
    let items = format!("/playlists/{playlist}/items?limit=100");
    assert_eq!(ask(&development, "GET", &items, "").0, 200);
    // Other numbers are as for every app.
    assert_eq!(ask(&development, "GET", "/me/tracks?limit=50", "").0, 200);
    assert_eq!(ask(&development, "GET", "/me/tracks?limit=51", ""), refusal(400, "Invalid limit"));
    // The sum of two is made with the smaller one.
    let last = "/search?q=a&type=track&offset=990";
    assert_eq!(ask(&development, "GET", last, "").0, 200);
    assert_eq!(ask(&extended, "GET", last, "").0, 400);
}

/// The fields that the models declare as not for apps in development mode, as `track.popularity`.
fn lost() -> BTreeSet<String> {
    let fields =
        MODELS.iter().flat_map(|model| model.fields.iter().map(|field| (model.kind, field)));
    let keys = fields.flat_map(|(kind, field)| field.extended.iter().map(move |key| (kind, key)));
    keys.map(|(kind, key)| format!("{}.{key}", kind.unwrap())).collect()
}

/// Takes them out, and notes which were there.
fn leave_out(json: &mut Value, lost: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    match json {
        Value::Array(values) => values.iter_mut().for_each(|value| leave_out(value, lost, seen)),
        Value::Object(members) => {
            let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
            members.retain(|key, _| {
                let name = format!("{kind}.{key}");
                let is_kept = !lost.contains(&name);
                if !is_kept {
                    seen.insert(name);
                }
                is_kept
            });
            members.values_mut().for_each(|value| leave_out(value, lost, seen));
        }
        _ => {}
    }
}

#[test]
fn members_are_left_out_by_type_and_all_else_is_alike() {
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
    let (mut lost, mut seen) = (lost(), BTreeSet::new());
    let names: Vec<&str> = lost.iter().map(String::as_str).collect();
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
        leave_out(&mut whole, &lost, &mut seen);
        for json in [&mut whole, &mut left] {
            if json.get("timestamp").is_some() {
                json["timestamp"] = Value::Null;
            }
        }
        assert_eq!(left, whole, "{target}");
    }
    // Nothing in the catalog was replaced by something else.
    assert!(lost.remove("track.linked_from"));
    assert_eq!(seen, lost);
    let album = get(&development, &format!("/albums/{}", catalog.albums()[3]));
    assert_eq!(album["genres"], Value::Array(Vec::new()));
    assert!(get(&development, "/me")["followers"]["total"].is_u64());
}

#[test]
fn playlists_call_what_they_hold_by_one_name() {
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
    // What is saved and what was played keep the old name.
    for target in ["/me/tracks", "/me/player/recently-played"] {
        assert!(get(&development, target)["items"][0]["track"].is_object(), "{target}");
    }
    // A new one too.
    for (server, has_old) in [(&extended, true), (&development, false)] {
        let (status, body) = ask(server, "POST", "/me/playlists", r#"{"name":"New"}"#);
        let made: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &made["items"]["total"]), (201, &0.into()));
        assert_eq!(made.get("tracks").is_some(), has_old);
    }
}

#[test]
fn members_are_chosen_by_the_names_that_are_sent() {
    let (extended, development) = servers();
    let path = playlist(&extended, 0);
    let chosen = |server, fields: &str| get(server, &format!("{path}?fields={fields}"));
    let by_new = chosen(&extended, "name,items(total,items(item(name)))");
    let in_development = chosen(&development, "name,items(total,items(item(name)))");
    assert_eq!(in_development["items"]["items"][3], by_new["items"]["items"][3]);
    assert_eq!(in_development["items"]["total"], by_new["items"]["total"]);
    assert_eq!(in_development.as_object().unwrap().len(), 2);
    // The old name chooses nothing, as nothing has it.
    assert_eq!(chosen(&development, "tracks.total"), serde_json::json!({}));
    // What is left out cannot be chosen either, not even without the type by which it is known.
    let fields = "/items?limit=1&fields=items(item(name,popularity,artists(popularity)))";
    let row = |server| get(server, &(path.clone() + fields))["items"][0]["item"].clone();
    assert!(row(&extended)["popularity"].is_u64());
    assert!(row(&development).get("popularity").is_none() && row(&development)["name"].is_string());
    let old = get(&extended, &format!("{path}/tracks?limit=1&fields=items(track(name))"));
    assert_eq!(old["items"][0]["track"]["name"], row(&extended)["name"]);
}

/// Requests that would succeed for the user's own, one for each row that names a playlist.
fn named(row: &Endpoint, server: &Server, n: usize) -> (u16, String) {
    let track = format!("spotify:track:{}", server.catalog().tracks()[0]);
    let body = match (row.method, row.path.rsplit('/').next()) {
        (Method::Get, _) => String::new(),
        (Method::Delete, _) => format!(r#"{{"items":[{{"uri":"{track}"}}]}}"#),
        (_, Some("images")) => "/9j/2Q==".to_owned(),
        (_, Some("items")) if row.name.starts_with("reorder") => {
            r#"{"range_start":0,"insert_before":1}"#.to_owned()
        }
        (_, Some("items")) => format!(r#"{{"uris":["{track}"]}}"#),
        _ => r#"{"name":"Renamed"}"#.to_owned(),
    };
    let kind = if body.starts_with('/') { "content-type: image/jpeg\r\n" } else { "" };
    let header = format!("authorization: Bearer {}\r\n{kind}", server.token());
    let id = &server.catalog().playlists()[n];
    let target = row.path.replace("{playlist_id}", id.as_str());
    ask_with(server, row.method.as_str(), &target, &header, &body)
}

#[test]
fn playlists_of_others_are_not_to_be_read_or_changed() {
    let (extended, development) = servers();
    let (own, other, shared) = (0, 40, 97);
    let mut rows = 0;
    for row in Spotify::endpoints().iter().filter(|row| row.availability == Availability::All) {
        let is_owner_only = |param: &ParamInfo| {
            param.location == ParamLocation::Path
                && spec::param(&row.name, &param.name)["owner_only"] == true
        };
        if !row.params.iter().any(is_owner_only) {
            continue;
        }
        let success = spec::success(&row.name)[0];
        assert_eq!(named(row, &development, other), refusal(403, "Forbidden"), "{}", row.name);
        assert_eq!(named(row, &development, own).0, success, "{}", row.name);
        // What others let the user add to is like the user's own, but for what it says of itself.
        let is_of_owner =
            ["change_playlist_details", "upload_playlist_cover"].contains(&&*row.name);
        let answer = named(row, &development, shared);
        assert_eq!(answer.0, if is_of_owner { 403 } else { success }, "{} {answer:?}", row.name);
        assert_ne!(answer, refusal(403, "Forbidden"), "{}", row.name);
        // An app in extended quota mode may read.
        let answer = named(row, &extended, other);
        let (is_read, change) = match row.method {
            Method::Get => (true, ""),
            Method::Post => (false, "add tracks to"),
            Method::Delete => (false, "remove tracks from"),
            _ => (false, "change"),
        };
        let message = format!("You cannot {change} a playlist you don't own.");
        assert_eq!(answer.0 == 200, is_read, "{}", row.name);
        assert!(is_read || answer == refusal(403, &message), "{} {answer:?}", row.name);
        rows += 1;
    }
    assert!(rows >= 7, "{rows}");
    let unknown = "/playlists/0000000000000000000000/items";
    assert_eq!(ask(&development, "GET", unknown, "").0, 404);
    // A missing scope is said first.
    let bare =
        format!("authorization: Bearer {}\r\n", development.token_with([Scope::UserReadEmail]));
    let body = r#"{"uris":["spotify:track:0000000000000000000000"]}"#;
    let target = playlist(&development, other) + "/items";
    let answer = ask_with(&development, "POST", &target, &bare, body);
    assert_eq!(answer, refusal(403, "Insufficient client scope"));
}

#[test]
fn of_playlists_of_others_only_what_they_say_of_themselves_is_sent() {
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
    // In lists they say how many items they have, and their covers are for all.
    let listed = get(&development, "/me/playlists?limit=50&offset=0");
    let id = development.catalog().playlists()[other].to_string();
    let listed = listed["items"].as_array().unwrap().iter().find(|listed| listed["id"] == *id);
    assert!(listed.unwrap()["items"]["total"].is_u64());
    assert_eq!(ask(&development, "GET", &format!("{path}/images"), "").0, 200);
}
