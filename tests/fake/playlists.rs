//! Playlists: items, changes, and requests that return an error.

use std::io::{Read, Write};

use tonearm::fake::Server;
use tonearm::model::{Item, PlaylistItem};
use tonearm::param::Jpeg;
use tonearm::{AdditionalType, Error, PlaylistId, QuotaMode, Scope, Spotify, SpotifyUri};

use super::{ask, ask_with, connect, json, refusal, spec, start, with_scopes};

/// Returns the URIs of all items of a playlist, in order.
fn uris(spotify: &Spotify, playlist: &PlaylistId) -> Vec<String> {
    let rows = spotify.get_playlist_items(playlist).collect_all().unwrap();
    rows.iter().map(|row| row.item.uri().map_or(String::new(), |uri| uri.to_string())).collect()
}

fn tracks(server: &Server, range: std::ops::Range<usize>) -> Vec<SpotifyUri> {
    server.catalog().tracks()[range].iter().cloned().map(SpotifyUri::from).collect()
}

fn texts(uris: &[SpotifyUri]) -> Vec<String> {
    uris.iter().map(ToString::to_string).collect()
}

/// Creates a playlist with the first tracks of the catalog.
fn made(server: &Server, spotify: &Spotify, count: usize) -> PlaylistId {
    let playlist = spotify.create_playlist("New").send().unwrap();
    spotify.add_playlist_items(&playlist.id, tracks(server, 0..count)).send().unwrap();
    playlist.id
}

fn status<T: std::fmt::Debug>(result: Result<T, Error>) -> u16 {
    let error = result.unwrap_err();
    error.status().unwrap_or_else(|| panic!("{error}"))
}

#[test]
fn playlists_of_any_owner_contain_their_items() {
    let (server, spotify) = start();
    for playlist in [0, 7, 40, 100].map(|n| server.catalog().playlists()[n].clone()) {
        let whole = spotify.get_playlist(&playlist).send().unwrap();
        let items = whole.items.unwrap();
        let all = spotify.get_playlist_items(&playlist).limit(50).collect_all().unwrap();
        assert_eq!(items.total.unwrap() as usize, all.len());
        assert_eq!(items.items, all[..all.len().min(items.limit as usize)]);
        if let Some(next) = &items.next {
            let target = next.strip_prefix(&server.base_url()).unwrap();
            assert_eq!(ask(&server, "GET", target, "").0, 200);
        }
        assert_eq!(items.next.is_some(), all.len() > items.limit as usize);
        assert!(whole.followers.is_some() && whole.owner.is_some());
        let tracks = spotify.get_playlist_tracks(&playlist).collect_all().unwrap();
        assert_eq!(tracks, all);
        let listed = spotify.get_user_playlists(whole.owner.unwrap().id.unwrap()).collect_all();
        let listed = listed.unwrap().into_iter().find(|listed| listed.id == playlist);
        if let Some(listed) = listed {
            assert_eq!(listed.items.unwrap().total, items.total);
            assert_eq!(listed.snapshot_id, whole.snapshot_id);
        }
    }
    let first = server.catalog().playlists()[0].clone();
    let row = |path: &str| ask(&server, "GET", &format!("/playlists/{first}/{path}?limit=1"), "").1;
    assert!(row("items").contains("\"item\":{") && !row("items").contains("\"track\":{"));
    assert!(row("tracks").contains("\"track\":{") && !row("tracks").contains("\"item\":{"));
    let unknown = "0000000000000000000000";
    assert_eq!(status(spotify.get_playlist(unknown).send()), 404);
    assert_eq!(status(spotify.get_playlist_tracks(unknown).send()), 404);
}

#[test]
fn playlists_contain_episodes_local_files_and_removed_items() {
    let (server, spotify) = start();
    let all = |playlist: &PlaylistId| spotify.get_playlist_items(playlist).collect_all().unwrap();
    let playlists = &server.catalog().playlists()[..30];
    let rows: Vec<PlaylistItem> = playlists.iter().flat_map(all).collect();
    let count = |filter: fn(&&PlaylistItem) -> bool| rows.iter().filter(filter).count();
    assert!(count(|row| matches!(row.item, Item::Episode(_))) > 5);
    assert!(count(|row| matches!(row.item, Item::Local(_)) && row.is_local) > 5);
    assert!(count(|row| matches!(row.item, Item::Removed)) > 2);
    assert!(count(|row| row.added_at.is_none() && row.added_by.is_none()) > 1);
    assert_eq!(count(|row| matches!(row.item, Item::Unknown(_))), 0);
    let local = rows.iter().find(|row| row.is_local).unwrap();
    assert!(matches!(local.item.uri(), Some(SpotifyUri::Local(_))));
    assert!(!local.item.is_addable());

    let with_episode = playlists
        .iter()
        .find(|playlist| all(playlist).iter().any(|row| matches!(row.item, Item::Episode(_))));
    let playlist = with_episode.unwrap();
    let hybrids = spotify.get_playlist_items(playlist).additional_types([AdditionalType::Track]);
    let hybrids = hybrids.collect_all().unwrap();
    for (hybrid, row) in hybrids.iter().zip(all(playlist)) {
        assert_eq!(hybrid.item.uri(), row.item.uri());
        if let Item::Episode(whole) = &row.item {
            let episode = hybrid.item.as_episode().unwrap();
            assert!(!whole.description.is_empty() && episode.description.is_empty());
            let show = (episode.show.as_ref().unwrap(), whole.show.as_ref().unwrap());
            assert_eq!((&show.0.id, &show.0.name), (&show.1.id, &show.1.name));
            assert_eq!(episode.images, whole.images);
        } else {
            assert_eq!(hybrid.item, row.item);
        }
    }
    let body = |types: &str| {
        ask(&server, "GET", &format!("/playlists/{playlist}/tracks?additional_types={types}"), "").1
    };
    assert!(body("track").contains("\"episode\":false") && !body("track").contains("\"show\":{"));
    assert!(body("track,episode").contains("\"show\":{"));
    let response = ask(&server, "GET", &format!("/playlists/{playlist}?additional_types=film"), "");
    assert_eq!(response.0, 400);
}

#[test]
fn fields_parameter_selects_response_fields() {
    let (server, spotify) = start();
    let playlist = &server.catalog().playlists()[0];
    let response = spotify.get_playlist(playlist).fields("name,items(total)").send_raw().unwrap();
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 2);
    assert_eq!(body["items"].as_object().unwrap().len(), 1);
    let rows = spotify.get_playlist_items(playlist).fields("items(item(name,uri)),total");
    let page = rows.limit(3).send().unwrap();
    assert_eq!(page.items.len(), 3);
    assert!(page.items.iter().all(|row| row.added_by.is_none()));

    let selected = |fields: &str| {
        let response = spotify.get_playlist(playlist).fields(fields).send_raw().unwrap();
        assert_eq!(response.status(), 200, "{fields}");
        serde_json::from_slice::<serde_json::Value>(response.body()).unwrap()
    };
    assert_eq!(selected("name,items.total"), selected("name,items(total)"));
    assert_eq!(selected("!items").get("items"), None);
    assert!(selected("!items").get("name").is_some());
    let items = &selected("items.items(!item)")["items"]["items"];
    assert!(items[0].get("item").is_none() && items[0].get("is_local").is_some());
    assert_eq!(selected("nothing"), serde_json::json!({}));
    for odd in ["(", ")", "((((((", "a(b", "a)b", ",", "!", "items(", "a(b)c", "."] {
        selected(odd);
    }
    selected(&"(".repeat(1_000));
    selected(&"a.".repeat(1_000));
}

#[test]
fn added_items_keep_their_position_and_order() {
    let (server, spotify) = start();
    let playlist = made(&server, &spotify, 5);
    let before = texts(&tracks(&server, 0..5));
    assert_eq!(uris(&spotify, &playlist), before);

    let many = tracks(&server, 100..350);
    server.clear_requests();
    let snapshot =
        spotify.add_playlist_items(&playlist, &many).position(3).send().unwrap().unwrap();
    let requests = server.requests();
    assert_eq!(requests.iter().map(|request| request.status).collect::<Vec<_>>(), [Some(201); 3]);
    let expected = [&before[..3], &texts(&many), &before[3..]].concat();
    assert_eq!(uris(&spotify, &playlist), expected);
    let whole = spotify.get_playlist(&playlist).send().unwrap();
    assert_eq!(whole.snapshot_id.as_deref(), Some(&*snapshot.snapshot_id));
    assert_eq!(whole.items.unwrap().total, Some(255));
    let row = &spotify.get_playlist_items(&playlist).limit(1).send().unwrap().items[0];
    let me = spotify.get_me().send().unwrap().id;
    assert_eq!(row.added_by.as_ref().unwrap().id, Some(me));
    assert!(row.added_at.is_some());

    // An episode, a second copy of a track, and an unknown track.
    let episode: SpotifyUri = server.catalog().episodes()[3].clone().into();
    let unknown: SpotifyUri = "spotify:track:0000000000000000000000".parse().unwrap();
    let more = [episode, many[0].clone(), unknown];
    spotify.add_playlist_tracks(&playlist, &more).position(0).send().unwrap();
    assert_eq!(uris(&spotify, &playlist)[..3], [texts(&more[..2]), before[..1].to_vec()].concat());
    assert_eq!(spotify.add_playlist_items(&playlist, [""; 0]).send().unwrap(), None);

    let error = spotify.add_playlist_items(&playlist, &many[..1]).position(258).send();
    assert_eq!(status(error), 400);
    spotify.add_playlist_items(&playlist, &many[..1]).position(257).send().unwrap();
    assert_eq!(uris(&spotify, &playlist).len(), 258);
}

#[test]
fn uris_and_position_are_accepted_in_the_query() {
    let (server, spotify) = start();
    let all = texts(&tracks(&server, 0..6));
    for name in ["items", "tracks"] {
        let playlist = made(&server, &spotify, 1);
        let path = format!("/playlists/{playlist}/{name}");
        let of = |numbers: &[usize]| numbers.iter().map(|n| all[*n].clone()).collect::<Vec<_>>();
        let post = |query: &str, body: &str| {
            let (status, body) = ask(&server, "POST", &format!("{path}?{query}"), body);
            assert!(status == 201 && body.starts_with(r#"{"snapshot_id":"#), "{status} {body}");
        };
        let body = |n: usize| format!(r#"{{"uris":["{}"]}}"#, all[n]);
        post("position=0", &body(1));
        assert_eq!(uris(&spotify, &playlist), of(&[1, 0]));
        post(&format!("uris={},{}", all[2], all[3].replace(':', "%3A")), "");
        assert_eq!(uris(&spotify, &playlist), of(&[1, 0, 2, 3]));
        post(&format!("uris={}&position=1", all[4]), "");
        assert_eq!(uris(&spotify, &playlist), of(&[1, 4, 0, 2, 3]));
        // A body that is the list alone.
        post("", &format!(r#"["{}"]"#, all[5]));
        assert_eq!(uris(&spotify, &playlist), of(&[1, 4, 0, 2, 3, 5]));
        // The query has priority.
        let target = format!("{path}?uris={}", all[3]);
        assert_eq!(ask(&server, "PUT", &target, &body(5)).0, 200);
        assert_eq!(uris(&spotify, &playlist), of(&[3]));
        let too_many = vec![&*all[0]; 101].join(",");
        let refused =
            ask(&server, "POST", &path, &format!(r#"["{}"]"#, too_many.replace(',', "\",\"")));
        assert_eq!(refused, refusal(400, "Too many ids requested"));
        assert_eq!(ask(&server, "PUT", &path, &format!(r#"["{}"]"#, all[5])).0, 400);
        assert_eq!(uris(&spotify, &playlist), of(&[3]));
    }
}

#[test]
fn last_playlist_has_thousands_of_items_in_both_quota_modes() {
    for mode in [QuotaMode::Extended, QuotaMode::Development] {
        let server = Server::builder().quota_mode(mode).start().unwrap();
        let playlist = server.catalog().playlists().pop().unwrap();
        let page = |offset: usize| {
            json(&server, &format!("/playlists/{playlist}/items?limit=100&offset={offset}"))
        };
        let (first, last) = (page(0), page(2_950));
        assert_eq!((&first["total"], last["items"].as_array().unwrap().len()), (&3_000.into(), 50));
        assert!(first["next"].is_string() && last["next"].is_null());
        let listed = json(&server, "/me/playlists?limit=50&offset=50");
        assert_eq!(listed["total"], 75);
        // Spotify can restore a playlist that its owner has removed.
        assert_eq!(ask(&server, "PUT", &format!("/playlists/{playlist}/followers"), "").0, 200);
        assert_eq!(json(&server, "/me/playlists?limit=1")["items"][0]["id"], playlist.as_str());
    }
}

#[test]
fn replace_leaves_exactly_the_given_items() {
    let (server, spotify) = start();
    let playlist = server.catalog().playlists()[0].clone();
    let many = tracks(&server, 50..300);
    server.clear_requests();
    let last = spotify.replace_playlist_items(&playlist, &many).send().unwrap();
    let seen: Vec<_> = server.requests().iter().map(|r| (r.call, r.status.unwrap())).collect();
    let add = (Some("add_playlist_items"), 201);
    assert_eq!(seen, [(Some("replace_playlist_items"), 200), add, add]);
    assert_eq!(uris(&spotify, &playlist), texts(&many));
    let whole = spotify.get_playlist(&playlist).send().unwrap();
    assert_eq!(whole.snapshot_id.as_deref(), Some(&*last.snapshot_id));

    spotify.replace_playlist_tracks(&playlist, &many[..7]).send().unwrap();
    assert_eq!(uris(&spotify, &playlist), texts(&many[..7]));
    let none = spotify.replace_playlist_items(&playlist, [""; 0]).send().unwrap();
    assert!(none.snapshot_id != last.snapshot_id);
    assert_eq!(uris(&spotify, &playlist).len(), 0);
    let listed = spotify.get_my_playlists().collect_all().unwrap();
    let listed = listed.into_iter().find(|listed| listed.id == playlist).unwrap();
    assert_eq!(listed.items.unwrap().total, Some(0));
    assert_eq!(listed.snapshot_id.as_deref(), Some(&*none.snapshot_id));
}

#[test]
fn reorder_moves_ranges_and_rejects_invalid_ones() {
    let (server, spotify) = start();
    let playlist = made(&server, &spotify, 10);
    let names = texts(&tracks(&server, 0..10));
    let order = |expected: [usize; 10]| {
        let uris = uris(&spotify, &playlist);
        assert_eq!(uris, expected.map(|n| names[n].clone()));
    };
    let first = spotify
        .reorder_playlist_items(&playlist)
        .range_start(2)
        .insert_before(0)
        .range_length(3)
        .send()
        .unwrap();
    order([2, 3, 4, 0, 1, 5, 6, 7, 8, 9]);
    let second =
        spotify.reorder_playlist_tracks(&playlist).range_start(0).insert_before(10).send().unwrap();
    order([3, 4, 0, 1, 5, 6, 7, 8, 9, 2]);
    assert!(first.snapshot_id != second.snapshot_id);
    let moved =
        spotify.reorder_playlist_items(&playlist).range_start(1).insert_before(6).range_length(2);
    moved.snapshot_id(&*second.snapshot_id).send().unwrap();
    order([3, 1, 5, 6, 4, 0, 7, 8, 9, 2]);
    spotify
        .reorder_playlist_items(&playlist)
        .range_start(4)
        .insert_before(5)
        .range_length(4)
        .send()
        .unwrap();
    order([3, 1, 5, 6, 4, 0, 7, 8, 9, 2]);
    let snapshot = spotify.get_playlist(&playlist).send().unwrap().snapshot_id;
    for (start, before, length) in [(10, 0, 1), (0, 11, 1), (8, 0, 3)] {
        let call = spotify
            .reorder_playlist_items(&playlist)
            .range_start(start)
            .insert_before(before)
            .range_length(length);
        assert_eq!(status(call.send()), 400);
    }
    // A request that returned an error creates no snapshot.
    assert_eq!(spotify.get_playlist(&playlist).send().unwrap().snapshot_id, snapshot);
}

#[test]
fn remove_deletes_every_copy_of_an_item() {
    let (server, spotify) = start();
    let playlist = made(&server, &spotify, 6);
    let all = tracks(&server, 0..6);
    spotify.add_playlist_items(&playlist, &all[1..4]).position(0).send().unwrap();
    let gone = [all[1].clone(), all[3].clone()];
    server.clear_requests();
    let snapshot = spotify.remove_playlist_items(&playlist, &gone).send().unwrap().unwrap();
    let body = format!(r#"{{"items":[{{"uri":"{}"}},{{"uri":"{}"}}]}}"#, gone[0], gone[1]);
    assert_eq!(server.requests()[0].body, body);
    let left = texts(&[2, 0, 2, 4, 5].map(|n| all[n].clone()));
    assert_eq!(uris(&spotify, &playlist), left);
    let call = spotify.remove_playlist_tracks(&playlist, [&all[2]]);
    call.snapshot_id(&*snapshot.snapshot_id).send().unwrap();
    assert_eq!(uris(&spotify, &playlist), texts(&[0, 4, 5].map(|n| all[n].clone())));
    // `/items` doesn't accept the key of `/tracks`.
    let path = format!("/playlists/{playlist}/items");
    let response = ask(&server, "DELETE", &path, &body.replace("items", "tracks"));
    assert_eq!(response.0, 400, "{}", response.1);
    for elements in [r#"["spotify:track:0000000000000000000000"]"#, "[{}]", r#"[{"uri":7}]"#, "7"] {
        let body = format!(r#"{{"items":{elements}}}"#);
        assert_eq!(ask(&server, "DELETE", &path, &body).0, 400, "{elements}");
    }
    let many = spotify.remove_playlist_items(&playlist, tracks(&server, 0..250)).send();
    assert!(many.unwrap().is_some());
    assert_eq!(uris(&spotify, &playlist).len(), 0);
}

#[test]
fn playlists_are_created_changed_and_unfollowed() {
    let (server, spotify) = start();
    let made = spotify.create_playlist("Coltrane").description("Slow & late").public(false);
    let made = made.send().unwrap();
    assert_eq!(server.requests()[0].status, Some(201));
    assert_eq!((&*made.name, made.description.as_deref()), ("Coltrane", Some("Slow &amp; late")));
    assert_eq!((made.public, made.collaborative), (Some(false), false));
    assert_eq!((made.items.unwrap().total, made.images.len()), (Some(0), 0));
    assert_eq!(made.followers.unwrap().total, Some(0));
    let me = spotify.get_me().send().unwrap().id;
    assert_eq!(made.owner.unwrap().id, Some(me.clone()));
    let second = spotify.create_playlist_for_user(&me, "Other").send().unwrap();
    assert!(second.id != made.id && second.public == Some(true));
    let listed = spotify.get_my_playlists().limit(2).send().unwrap();
    assert_eq!(listed.total, Some(77));
    assert_eq!([&listed.items[0].id, &listed.items[1].id], [&second.id, &made.id]);
    assert!(spotify.is_following_playlist(&made.id).send().unwrap());
    let bare = with_scopes(&server, &[Scope::PlaylistModifyPublic]);
    assert_eq!(status(bare.get_playlist(&made.id).send()), 404);
    assert_eq!(bare.get_playlist(&second.id).send().unwrap().id, second.id);

    let other = &server.catalog().users()[1];
    assert_eq!(status(spotify.create_playlist_for_user(other, "X").send()), 403);
    let both = spotify.create_playlist("X").collaborative(true).send();
    assert_eq!(status(both), 400);

    let call = spotify.change_playlist_details(&made.id).name("Ours").public(false);
    call.collaborative(true).description("").send().unwrap();
    let changed = spotify.get_playlist(&made.id).send().unwrap();
    assert_eq!((&*changed.name, changed.description.as_deref()), ("Ours", Some("")));
    assert!(changed.collaborative && changed.snapshot_id != made.snapshot_id);
    assert_eq!(status(spotify.change_playlist_details(&made.id).public(true).send()), 400);
    // A private playlist of the catalog that is made public.
    let private = server.catalog().playlists()[2].clone();
    let seen = || bare.is_following_playlist(&private).send().unwrap();
    assert!(!seen());
    spotify.change_playlist_details(&private).public(true).send().unwrap();
    assert!(seen());

    spotify.unfollow_playlist(&made.id).send().unwrap();
    assert_eq!(spotify.get_my_playlists().send().unwrap().total, Some(76));
    assert_eq!(&*spotify.get_playlist(&made.id).send().unwrap().name, "Ours");
    spotify.follow_playlist(&made.id).send().unwrap();
    assert_eq!(spotify.get_my_playlists().send().unwrap().total, Some(77));
}

#[test]
fn foreign_playlists_and_missing_scopes_return_403() {
    let (server, spotify) = start();
    let other = server.catalog().playlists()[40].clone();
    let uri = tracks(&server, 0..1);
    let before = uris(&spotify, &other);
    assert_eq!(status(spotify.add_playlist_items(&other, &uri).send()), 403);
    assert_eq!(status(spotify.add_playlist_tracks(&other, &uri).send()), 403);
    assert_eq!(status(spotify.replace_playlist_items(&other, &uri).send()), 403);
    assert_eq!(status(spotify.replace_playlist_tracks(&other, &uri).send()), 403);
    assert_eq!(
        status(spotify.reorder_playlist_items(&other).range_start(0).insert_before(1).send()),
        403
    );
    assert_eq!(
        status(spotify.reorder_playlist_tracks(&other).range_start(0).insert_before(1).send()),
        403
    );
    assert_eq!(status(spotify.remove_playlist_items(&other, &uri).send()), 403);
    assert_eq!(status(spotify.remove_playlist_tracks(&other, &uri).send()), 403);
    assert_eq!(status(spotify.change_playlist_details(&other).name("X").send()), 403);
    let cover = Jpeg::from_base64("/9j/2Q==");
    assert_eq!(status(spotify.upload_playlist_cover(&other, cover).send()), 403);
    assert_eq!(uris(&spotify, &other), before);
    let own = &server.catalog().playlists()[0];
    let bare = with_scopes(&server, &[Scope::PlaylistReadPrivate]);
    assert_eq!(status(bare.add_playlist_items(own, &uri).send()), 403);
    let one = with_scopes(&server, &[Scope::PlaylistModifyPublic]);
    one.add_playlist_items(own, &uri).send().unwrap();
    let too_many = vec![format!("\"{}\"", uri[0]); 101].join(",");
    let path = format!("/playlists/{own}/items");
    for method in ["POST", "PUT"] {
        assert_eq!(ask(&server, method, &path, &format!(r#"{{"uris":[{too_many}]}}"#)).0, 400);
    }
    assert_eq!(ask(&server, "POST", &path, r#"{"uris":[]}"#).0, 400);
    let artist = r#"{"uris":["spotify:artist:0000000000000000000000"]}"#;
    assert_eq!(ask(&server, "POST", &path, artist).0, 400);
}

#[test]
fn covers_are_uploaded_and_invalid_ones_rejected() {
    let (server, spotify) = start();
    let playlist = server.catalog().playlists()[0].clone();
    let before = spotify.get_playlist_cover(&playlist).send().unwrap();
    assert_eq!(before.len(), 3);
    let bytes = [&[0xff, 0xd8, 0xff][..], &[7; 3000]].concat();
    server.clear_requests();
    spotify.upload_playlist_cover(&playlist, Jpeg::from_bytes(bytes.clone())).send().unwrap();
    assert_eq!(server.requests()[0].status, Some(202));
    assert_eq!(server.requests()[0].header("content-type"), Some("image/jpeg"));
    let after = spotify.get_playlist_cover(&playlist).send().unwrap();
    assert!(after.len() == 1 && after[0].url != before[0].url);
    assert_eq!((after[0].height, after[0].width), (None, None));
    assert_eq!(spotify.get_playlist(&playlist).send().unwrap().images, after);
    // The address serves the same bytes, without a token.
    let read = |url: &str| {
        let path = url.strip_prefix(server.base_url().trim_end_matches("/v1")).unwrap();
        let mut stream = connect(&server);
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        let body = response.split_off(end);
        (String::from_utf8(response).unwrap(), body)
    };
    let (head, body) = read(&after[0].url);
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-type: image/jpeg\r\n"));
    assert_eq!(body, bytes);
    assert_ne!(read(&before[0].url).1, bytes);
    // A new playlist has no cover.
    let made = spotify.create_playlist("X").send().unwrap().id;
    assert_eq!(spotify.get_playlist_cover(&made).send().unwrap(), []);

    let put = |kind: &str, body: &str| {
        let headers =
            format!("authorization: Bearer {}\r\ncontent-type: {kind}\r\n", server.token());
        ask_with(&server, "PUT", &format!("/playlists/{playlist}/images"), &headers, body).0
    };
    let large = |length: usize| format!("/9j/{}", "A".repeat(length - 4));
    assert_eq!(put("image/jpeg", "/9j/2Q=="), 202);
    assert_eq!(put("image/jpeg", &large(256 * 1024)), 202);
    assert_eq!(put("image/jpeg", &large(256 * 1024 + 4)), 413);
    for body in ["/9j/2Q==\n", "/9j/\n2Q==", "/9j/2Q", "iVBORw0KGgo=", "\u{fe}", ""] {
        assert_eq!(put("image/jpeg", body), 400, "{body:?}");
    }
    assert_eq!(put("application/json", "/9j/2Q=="), 400);
}

#[test]
fn pagination_with_selected_fields_reads_all_items() {
    let (server, spotify) = start();
    let playlist = made(&server, &spotify, 250);
    // The selected fields, the offset, the number of items, and the number of requests that pagination makes.
    for (fields, start, rows, requests) in [
        ("items(item(name)),next", 0, 250, 4),
        ("items(item(name)),total", 0, 250, 3),
        ("items(item(name))", 0, 250, 4),
        ("items(item(name)),total", 120, 130, 2),
    ] {
        let before = server.requests().len();
        let call = spotify.get_playlist_items(&playlist).fields(fields).offset(start);
        assert_eq!(call.collect_all().unwrap().len(), rows, "{fields}");
        assert_eq!(server.requests().len() - before, requests, "{fields}");
    }
}

#[test]
fn playlist_contains_items_and_legacy_tracks() {
    let (server, _) = start();
    let path = format!("/playlists/{}", server.catalog().playlists()[0]);
    let get = |target: &str| -> serde_json::Value {
        let (status, body) = ask(&server, "GET", target, "");
        assert_eq!(status, 200, "{target}");
        serde_json::from_str(&body.replace(&server.base_url(), "")).unwrap()
    };
    let whole = get(&path);
    let rows = |name: &str| whole[name]["items"].as_array().unwrap();
    assert_eq!(rows("items").len(), rows("tracks").len());
    for (row, old) in rows("items").iter().zip(rows("tracks")) {
        // Under the old name, each item contains its type.
        let mut item = old["track"].clone();
        if let Some(fields) = item.as_object_mut() {
            let is_episode = fields["type"] == "episode";
            assert!(fields["episode"] == false || is_episode);
            if row["item"].get("episode").is_none() {
                assert_eq!(fields.remove("track"), Some((!is_episode).into()));
                assert_eq!(fields.remove("episode"), Some(is_episode.into()));
            }
        }
        assert!(row["item"] == item && row["added_at"] == old["added_at"]);
        assert!(row.get("track").is_none() && old.get("item").is_none());
    }
    // The `href` of each field returns its own shape, and each name can be selected with `fields`.
    for (name, key) in [("items", "item"), ("tracks", "track")] {
        assert_eq!(get(whole[name]["href"].as_str().unwrap()), whole[name]);
        let chosen = get(&format!("{path}?fields=name,{name}(total,items({key}(name)))"));
        assert_eq!(chosen.as_object().unwrap().len(), 2);
        assert_eq!(chosen[name]["total"], whole[name]["total"]);
        let row = serde_json::json!({ key: { "name": whole[name]["items"][3][key]["name"] } });
        assert_eq!(chosen[name]["items"][3], row);
    }
}

/// The playlist is another user's and collaborative: the user can add items, but doesn't own it.
#[test]
fn collaborator_can_add_items_but_not_change_details() {
    let (server, spotify) = start();
    let [shared, other] = [97, 40].map(|n| server.catalog().playlists()[n].clone());
    let (before, uri) = (uris(&spotify, &shared), tracks(&server, 0..1));
    let body = format!(r#"{{"uris":["{}"]}}"#, uri[0]);
    let add = |playlist| ask(&server, "POST", &format!("/playlists/{playlist}/items"), &body);
    assert_eq!(add(&shared).0, 201);
    assert_eq!(uris(&spotify, &shared), [before, texts(&uri)].concat());
    let message = "You cannot add tracks to a playlist you don't own.";
    assert_eq!(add(&other), refusal(403, message));
    let path = format!("/playlists/{shared}");
    let renamed = ask(&server, "PUT", &path, r#"{"name":"Mine"}"#);
    assert_eq!(renamed, refusal(403, "You cannot change a playlist you don't own."));
}

#[test]
fn descriptions_are_sent_escaped_and_taken_plain() {
    let (_server, spotify) = start();
    let text = r#"Drum & bass / "Jungle" <3 it's &amp;"#;
    let html = "Drum &amp; bass &#x2F; &quot;Jungle&quot; &lt;3 it&#x27;s &amp;amp;";
    let made = spotify.create_playlist("R & B").description(text).send().unwrap();
    assert_eq!((made.description.as_deref(), &*made.name), (Some(html), "R & B"));
    assert_eq!(made.description_text().as_deref(), Some(text));
    let listed = spotify.get_my_playlists().send().unwrap().items;
    assert_eq!(listed[0].description.as_deref(), Some(html));
    // A program that sends a description as it received it escapes it twice.
    spotify.change_playlist_details(&made.id).description(html).send().unwrap();
    let again = spotify.get_playlist(&made.id).send().unwrap();
    assert_eq!(again.description_text().as_deref(), Some(html));
}

/// Returns the example value of the parameter `fields` in the endpoint definition.
fn documented_fields(name: &str) -> &'static str {
    spec::param(name, "fields")["example"].as_str().unwrap()
}

#[test]
fn documented_field_filters_decode() {
    let (server, spotify) = start();
    let id = &server.catalog().playlists()[0];
    let fields = documented_fields("get_playlist");
    let found = spotify.get_playlist(id).fields(fields).send().unwrap();
    assert!(found.items.unwrap().total > Some(0) && !found.name.is_empty());
    let fields = documented_fields("get_playlist_items");
    let found = spotify.get_playlist_items(id).fields(fields).send().unwrap();
    assert!(found.total > Some(0) && !found.items.is_empty());
    let fields = documented_fields("get_playlist_tracks");
    let found = spotify.get_playlist_tracks(id).fields(fields).send().unwrap();
    assert!(found.total > Some(0) && !found.items.is_empty());
    // Spotify's old name of the field, and no item.
    let found = spotify.get_playlist_items(id).fields("items(added_at,track(uri,name)),total");
    let found = found.send().unwrap();
    assert!(found.items.iter().any(|entry| entry.item.name().is_some_and(|name| !name.is_empty())));
    let found = spotify.get_playlist_items(id).fields("items(added_at)").send().unwrap();
    assert!(found.items.iter().all(|entry| matches!(entry.item, Item::Unknown(_))));
    assert!(found.items[0].added_at.is_some() && found.items[0].item.uri().is_none());
    // The error names the field that is not selected.
    let error = spotify.get_playlist(id).fields("name").send().unwrap_err();
    insta::assert_snapshot!(error, @r#"get_playlist: cannot decode the response: missing field `id` at line 1 column 38, near `{"name":"Copper mornings in Ostervik"}`; `send_as` decodes it into another type, and `send_raw` returns it undecoded"#);
}

#[test]
fn change_needs_the_scope_for_the_visibility_of_the_playlist() {
    let (server, spotify) = start();
    let track = &server.catalog().tracks()[0];
    for (is_public, right, wrong) in [
        (true, Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate),
        (false, Scope::PlaylistModifyPrivate, Scope::PlaylistModifyPublic),
    ] {
        let id = spotify.create_playlist("New").public(is_public).send().unwrap().id;
        let add = |scope| with_scopes(&server, &[scope]).add_playlist_items(&id, [track]).send();
        let error = add(wrong).unwrap_err().to_string();
        assert!(error.contains("403: `Insufficient client scope`"), "{error}");
        add(right).unwrap();
    }
}

#[test]
fn playlist_has_at_most_10_000_items() {
    let (server, spotify) = start();
    let playlist = server.catalog().playlists().pop().unwrap();
    let track = tracks(&server, 0..1).remove(0);
    let add = |count| spotify.add_playlist_items(&playlist, vec![&track; count]).send();
    add(6_999).unwrap();
    let before = spotify.get_playlist(&playlist).send().unwrap();
    assert_eq!(status(add(2)), 403);
    let after = spotify.get_playlist(&playlist).send().unwrap();
    assert_eq!(after.items.and_then(|items| items.total), Some(9_999));
    assert_eq!(after.snapshot_id, before.snapshot_id);
    add(1).unwrap();
    assert_eq!(status(add(1)), 403);
    // An item less makes room for another one.
    let uri = track.to_string();
    let body = format!(r#"{{"uris":["{uri}"]}}"#);
    assert_eq!(ask(&server, "PUT", &format!("/playlists/{playlist}/items"), &body).0, 200);
    add(1).unwrap();
}
