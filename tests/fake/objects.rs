//! The JSON that the server sends: profiles, pages, objects and their links.

use std::io::{Read, Write};

use serde_json::Value;
use tonearm::fake::Server;
use tonearm::{Market, Scope, Spotify, TimeRange, endpoint, search_item, top_item};

use super::{address, ask, ask_with, connect, json, raw, spec, split, start, with_scopes};

#[test]
fn profile_fields_depend_on_the_granted_scopes() {
    let (server, spotify) = start();
    let me = spotify.get_me().send().unwrap();
    assert_eq!(me.country, Some(Market::GB));
    assert_eq!(me.email.as_deref(), Some("mira.halvorsen@example.com"));
    assert!(me.product.is_some() && me.explicit_content.is_some() && me.account_id.is_some());
    let bare = with_scopes(&server, &[]).get_me().send().unwrap();
    assert!(bare.email.is_none() && bare.country.is_none() && bare.product.is_none());
    assert!(bare.explicit_content.is_none() && bare.account_id.is_some());
    let private = with_scopes(&server, &[Scope::UserReadPrivate]).get_me().send().unwrap();
    assert!(private.email.is_none() && private.country.is_some());
    assert!(private.product.is_some() && private.explicit_content.is_some());
    let public = spotify.get_user(&me.id).send().unwrap();
    assert!(public.email.is_none() && public.country.is_none() && public.account_id.is_none());

    for id in server.catalog().users() {
        let user = spotify.get_user(&id).send().unwrap();
        assert_eq!(user.id, id);
        assert!(user.display_name.is_some() && user.followers.is_some());
    }
    assert_eq!(spotify.get_user(None).send().unwrap(), me);
}

#[test]
fn resume_points_require_their_scope() {
    let (server, spotify) = start();
    let has_point = |client: &Spotify| {
        let page = client.get_my_saved_episodes().send().unwrap();
        page.items.iter().map(|row| row.episode.resume_point.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(has_point(&spotify), [true; 20]);
    assert_eq!(has_point(&with_scopes(&server, &[Scope::UserLibraryRead])), [false; 20]);
}

#[test]
fn top_items_depend_on_type_and_time_range() {
    let (_server, spotify) = start();
    let artists = |range| {
        let all = spotify.get_my_top_items(top_item::Artists).time_range(range).collect_all();
        all.unwrap().into_iter().map(|artist| artist.id).collect::<Vec<_>>()
    };
    let long = artists(TimeRange::LongTerm);
    assert_eq!(long.len(), 90);
    assert_eq!(artists(TimeRange::LongTerm), long);
    assert_ne!(artists(TimeRange::ShortTerm), long);
    let by_default = spotify.get_my_top_items(top_item::Artists).send().unwrap();
    assert_eq!(by_default.items[0].id, artists(TimeRange::MediumTerm)[0]);
    let tracks = spotify.get_my_top_items(top_item::Tracks).collect_all().unwrap();
    assert_eq!(tracks.len(), 180);
    assert!(tracks.iter().all(|track| track.album.is_some()));
}

#[test]
fn pages_link_to_neighbours_on_the_same_server() {
    let (server, spotify) = start();
    let base = server.base_url();
    let links = |offset: u32| {
        let page = spotify.get_my_saved_tracks().limit(50).offset(offset).send().unwrap();
        assert_eq!((page.limit, page.offset, page.total), (50, offset, Some(320)));
        assert_eq!(page.href, link(&base, offset));
        (page.previous, page.next, page.items.len())
    };
    fn link(base: &str, offset: u32) -> Option<String> {
        Some(format!("{base}/me/tracks?offset={offset}&limit=50"))
    }
    let link = |offset| link(&base, offset);
    assert_eq!(links(0), (None, link(50), 50));
    assert_eq!(links(50), (link(0), link(100), 50));
    assert_eq!(links(20), (link(0), link(70), 50));
    assert_eq!(links(270), (link(220), None, 50));
    assert_eq!(links(300), (link(250), None, 20));
    assert_eq!(links(320), (link(270), None, 0));
    assert_eq!(links(1_000_000), (link(999_950), None, 0));
    let usual = spotify.get_my_saved_shows().send().unwrap();
    assert_eq!((usual.limit, usual.offset, usual.items.len()), (20, 0, 20));
}

#[test]
fn page_links_keep_the_other_query_parameters() {
    let (server, _) = start();
    let base = server.base_url();
    let spotify = server.client_builder().locale("fi_FI").market(Market::FI).build().unwrap();
    let page = spotify.get_my_saved_albums().limit(5).send().unwrap();
    let next = format!("{base}/me/albums?offset=5&limit=5&market=FI&locale=fi-FI");
    assert_eq!(page.next.as_deref(), Some(next.as_str()));
    // The `next` link leads to the next page as it is; a header doesn't add a second locale.
    let headers = format!("authorization: Bearer {}\r\naccept-language: sv\r\n", server.token());
    let target = next.strip_prefix(&base).unwrap();
    let (status, body) = ask_with(&server, "GET", target, &headers, "");
    assert_eq!(status, 200);
    let page: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(page["next"], format!("{base}/me/albums?offset=10&limit=5&market=FI&locale=sv"));

    // Pagination returns each item once.
    server.clear_requests();
    let mut ids: Vec<_> =
        spotify.get_my_saved_albums().items().map(|row| row.unwrap().album.id).collect();
    assert_eq!(server.requests().len(), 5);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 210);
}

/// Returns all texts in JSON that are addresses.
fn addresses(json: &Value) -> Vec<&str> {
    match json {
        Value::String(text) if text.starts_with("http") => vec![text],
        Value::Array(values) => values.iter().flat_map(addresses).collect(),
        Value::Object(fields) => fields.values().flat_map(addresses).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn links_and_images_have_the_address_that_the_client_used() {
    let (server, _) = start();
    let catalog = server.catalog();
    let get = |host: &str, target: &str| -> Value {
        let request = format!(
            "GET /v1{target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nauthorization: Bearer {}\r\n\r\n",
            server.token()
        );
        let (status, body) = split(&raw(&server, request));
        assert_eq!(status, 200, "{target} {body}");
        serde_json::from_str(&body).unwrap()
    };
    let (track, playlist) = (&catalog.tracks()[0], &catalog.playlists()[0]);
    for target in [
        "/me",
        "/me/tracks?limit=2",
        "/me/albums?limit=2",
        "/me/playlists?limit=9",
        "/me/following?type=artist&limit=2",
        "/me/player/recently-played?limit=2",
        &format!("/playlists/{playlist}"),
        &format!("/audio-features/{track}"),
        &format!("/recommendations?seed_tracks={track}&limit=2"),
        &format!("/chapters/{}", catalog.chapters()[0]),
        &format!("/episodes/{}", catalog.episodes()[0]),
        "/browse/categories?limit=2",
        "/search?q=the&type=show,audiobook,artist&limit=2",
    ] {
        let json = get("spotify.test:8080", target);
        let found = addresses(&json);
        assert!(found.iter().any(|url| url.starts_with("http://spotify.test:8080/")), "{target}");
        for url in found {
            let is_page = url.starts_with("https://open.spotify.com/");
            assert!(is_page || url.starts_with("http://spotify.test:8080/"), "{target} {url}");
        }
    }
    // The links work, and images need no token.
    let address = address(&server);
    let me = get(&address, "/me");
    let href = me["href"].as_str().unwrap().strip_prefix(&server.base_url()).unwrap();
    assert_eq!(
        ask_with(
            &server,
            "GET",
            href,
            &format!("authorization: Bearer {}\r\n", server.token()),
            ""
        )
        .0,
        200
    );
    let image = me["images"][0]["url"]
        .as_str()
        .unwrap()
        .strip_prefix(&format!("http://{address}"))
        .unwrap();
    let mut stream = connect(&server);
    write!(stream, "GET {image} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&response[..end]);
    assert!(
        head.starts_with("HTTP/1.1 200 OK") && head.contains("content-type: image/jpeg"),
        "{head}"
    );
    assert!(response[end + 4..].starts_with(&[0xff, 0xd8]) && response.ends_with(&[0xff, 0xd9]));
    // A strange name is not repeated in links.
    let me = get("a/b\"c", "/me");
    assert!(me["href"].as_str().unwrap().starts_with(&server.base_url()), "{me}");
}

#[test]
fn base_url_of_the_builder_overrides_the_host() {
    let server = Server::builder().base_url("https://spotify.test/proxy/v1/").start().unwrap();
    let me = json(&server, "/me");
    assert_eq!(me["href"], "https://spotify.test/proxy/v1/users/mira.halvorsen");
    let image = me["images"][0]["url"].as_str().unwrap();
    assert!(image.starts_with("https://spotify.test/proxy/image/"), "{image}");
    let next = json(&server, "/me/tracks?limit=1")["next"].clone();
    assert_eq!(next, "https://spotify.test/proxy/v1/me/tracks?offset=1&limit=1");
}

#[test]
fn some_images_have_no_size() {
    let (server, _) = start();
    let sizes = |images: &Value| -> Vec<Option<u64>> {
        images.as_array().unwrap().iter().map(|image| image["height"].as_u64()).collect()
    };
    let users = server.catalog().users();
    let of_user = |n: usize| sizes(&json(&server, &format!("/users/{}", users[n]))["images"]);
    assert_eq!(
        [of_user(3), of_user(4), of_user(5)],
        [vec![Some(300), Some(64)], vec![None], vec![]]
    );
    let listed = json(&server, "/me/playlists?limit=50");
    let of_playlists: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|playlist| &playlist["images"]).collect();
    let uploaded =
        of_playlists.iter().filter(|images| images.is_array() && sizes(images) == [None]);
    let generated = of_playlists
        .iter()
        .filter(|images| images.is_array() && sizes(images) == [Some(640), Some(300), Some(60)]);
    assert!(uploaded.count() > 5 && generated.count() > 20);
}

#[test]
fn saved_albums_contain_their_tracks() {
    let (server, spotify) = start();
    spotify.save_albums(server.catalog().albums()).send().unwrap();
    let albums = spotify.get_my_saved_albums().collect_all().unwrap();
    for album in albums.iter().map(|row| &row.album) {
        let tracks = album.tracks.as_ref().unwrap();
        assert_eq!(tracks.total, album.total_tracks);
        assert_eq!(tracks.items.len(), tracks.total.unwrap().min(50) as usize);
        assert_eq!(tracks.items[0].artists[0], album.artists[0]);
        assert!(!album.images.is_empty() && !album.copyrights.is_empty());
        assert!(album.label.is_some() && album.popularity.is_some());
        assert!(album.is_playable.is_none());
        assert!(album.available_markets.as_ref().unwrap().len() > 180);
    }
    let long =
        albums.iter().map(|row| &row.album).find(|album| album.total_tracks == Some(62)).unwrap();
    let next = format!("{}/albums/{}/tracks?offset=50&limit=50", server.base_url(), long.id);
    assert_eq!(long.tracks.as_ref().unwrap().next.as_deref(), Some(next.as_str()));

    // With a market, `available_markets` is absent, and some albums aren't playable.
    let albums = spotify.get_my_saved_albums().market(Market::FI).collect_all().unwrap();
    let playable = albums.iter().filter(|row| row.album.is_playable == Some(true)).count();
    assert!(playable > 300 && playable < albums.len(), "{playable}");
    for album in albums.iter().map(|row| &row.album) {
        assert!(album.available_markets.is_none());
        assert_eq!(album.restrictions.is_some(), album.is_playable == Some(false));
    }
}

/// Models serialize to the JSON that the server sent, so they have every field that the server sends.
#[test]
fn library_responses_round_trip_through_the_models() {
    let (_server, spotify) = start();
    let mut rows = 0;
    let mut check = |row: &tonearm::Endpoint, written: Value, sent: &[u8]| {
        let sent: Value = serde_json::from_slice(sent).unwrap();
        let sent = spec::entry(&row.name)["pointer"].as_str().map_or(&sent, |field| &sent[field]);
        compare(&row.name, &written["items"], &sent["items"]);
        rows += sent["items"].as_array().unwrap().len();
    };
    macro_rules! check {
        ($row:ident, $call:expr) => {
            let page = serde_json::to_value($call.send().unwrap()).unwrap();
            check(&endpoint::$row, page, $call.send_raw().unwrap().body());
        };
    }
    check!(GET_MY_SAVED_ALBUMS, spotify.get_my_saved_albums());
    check!(GET_MY_SAVED_ALBUMS, spotify.get_my_saved_albums().market(Market::FI));
    check!(GET_MY_SAVED_TRACKS, spotify.get_my_saved_tracks());
    check!(GET_MY_SAVED_TRACKS, spotify.get_my_saved_tracks().market(Market::FI));
    check!(GET_MY_SAVED_EPISODES, spotify.get_my_saved_episodes());
    check!(GET_MY_SAVED_SHOWS, spotify.get_my_saved_shows());
    check!(GET_MY_SAVED_AUDIOBOOKS, spotify.get_my_saved_audiobooks());
    check!(GET_MY_PLAYLISTS, spotify.get_my_playlists());
    check!(GET_MY_FOLLOWED_ARTISTS, spotify.get_my_followed_artists());
    check!(GET_MY_TOP_ITEMS, spotify.get_my_top_items(top_item::Artists));
    assert_eq!(rows, 200);
    let me = serde_json::to_value(spotify.get_me().send().unwrap()).unwrap();
    let sent = serde_json::from_slice(spotify.get_me().send_raw().unwrap().body()).unwrap();
    compare("get_me", &me, &sent);
}

/// Checks that `written` contains every field of `sent` that isn't null.
pub(crate) fn compare(place: &str, written: &Value, sent: &Value) {
    match sent {
        Value::Object(fields) => {
            for (name, sent_field) in fields {
                // The field's name before 2026, which is sent in addition to the new one. Models have only one of them.
                let is_old_name = name == "tracks" && fields.contains_key("items");
                if !sent_field.is_null() && !is_old_name {
                    compare(&format!("{place}.{name}"), &written[name.as_str()], sent_field);
                }
            }
        }
        Value::Array(values) => {
            assert_eq!(written.as_array().map(Vec::len), Some(values.len()), "{place}");
            for (index, value) in values.iter().enumerate() {
                compare(&format!("{place}[{index}]"), &written[index], value);
            }
        }
        value => assert_eq!(written, value, "{place}"),
    }
}

/// Returns the ids or the names of the items of a list.
fn listed(server: &Server, target: &str, key: &str) -> Vec<String> {
    let page = json(server, target);
    let items = page["items"].as_array().or(page["tracks"].as_array()).unwrap();
    items.iter().map(|item| item[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn added_albums_and_tracks_are_in_the_lists_of_made_up_artists_and_albums() {
    let (server, spotify) = start();
    let artist = server.catalog().artists()[21].to_string();
    let (albums, top) =
        (format!("/artists/{artist}/albums?limit=50"), format!("/artists/{artist}/top-tracks"));
    let before = listed(&server, &albums, "id");
    let group = json(&server, &albums)["items"][0]["album_group"].clone();
    let named = |name: &str| spotify.search_for(name, search_item::Album).send().unwrap().total;
    let id = "0eFHYz8NmK75zSplL5qlfM";
    let uri = |kind: &str, id: &str| format!("spotify:{kind}:{id}").parse().unwrap();
    let by = serde_json::json!([{"id": artist, "type": "artist", "name": "x"}]);
    // The newest one is first, whenever it was added.
    let old = "1A2GTWGtFfWp7KSQTwWOyo";
    let album = |name, date| serde_json::json!({"name": name, "album_type": "SINGLE", "artists": by, "release_date": date});
    let mut older = album("Old", "1900");
    older["album_group"] = "single".into();
    server.add_object(uri("album", old), &older);
    server.add_object(uri("album", id), &album("New", "2026-01-02"));
    let (_, text) = ask(&server, "GET", &albums, "");
    assert_eq!(text.matches("\"album_group\"").count(), before.len() + 2);
    let singles = json(&server, &format!("{albums}&include_groups=single"));
    let ids = listed(&server, &format!("{albums}&include_groups=single"), "id");
    assert_eq!((&*ids[0], ids.last().unwrap().as_str()), (id, old));
    let mut groups = singles["items"].as_array().unwrap().iter().map(|album| &album["album_group"]);
    assert!(groups.all(|group| group == "single"), "{singles}");
    assert!(
        !listed(&server, &format!("{albums}&include_groups=album"), "id").contains(&id.to_owned())
    );

    // Another artist's album is in the list because of one track.
    let other = "382ObEPsp2rxGrnsizN5TX";
    server.add_object(uri("album", other), &serde_json::json!({"name": "Theirs", "artists": []}));
    let track = serde_json::json!({"name": "Guest", "artists": by, "album": {"id": other}});
    server.add_object(uri("track", "4VqPOruhp5EdPBeR92t6lQ"), &track);
    assert_eq!(
        listed(&server, &format!("{albums}&include_groups=appears_on"), "id").last().unwrap(),
        other
    );
    assert_eq!(listed(&server, &format!("/albums/{other}/tracks"), "name"), ["Guest"]);
    assert_eq!(json(&server, &format!("/albums/{other}"))["tracks"]["total"], 1);
    // The added tracks are first, by popularity.
    let made_up = listed(&server, &top, "id").pop().unwrap();
    for (n, popularity) in [5, 90].into_iter().enumerate() {
        let track = serde_json::json!({"name": format!("P{popularity}"), "artists": by, "popularity": popularity});
        server.add_object(uri("track", &format!("{n:022}")), &track);
    }
    assert_eq!(listed(&server, &top, "name")[..3], ["P90", "P5", "Guest"]);
    assert_eq!(listed(&server, &top, "id").len(), 10);
    // A made-up track that a test replaces is still by its artist.
    server.add_object(
        uri("track", &made_up),
        &serde_json::json!({"name": "Replaced", "popularity": 7}),
    );
    assert_eq!(listed(&server, &top, "name")[..3], ["P90", "Replaced", "P5"]);

    // A made-up object that a test replaces stays in the lists, once.
    let made_up = before[0].as_str();
    let name = json(&server, &format!("/albums/{made_up}"))["name"].as_str().unwrap().to_owned();
    let found = named(&name);
    server.add_object(uri("album", made_up), &serde_json::json!({"name": "Replaced Zq"}));
    let names = listed(&server, &albums, "name");
    assert_eq!(
        (names.len(), names.iter().filter(|name| **name == "Replaced Zq").count()),
        (before.len() + 3, 1)
    );
    let replaced = json(&server, &albums)["items"].clone();
    let replaced = replaced.as_array().unwrap().iter().find(|album| album["id"] == made_up);
    assert_eq!(replaced.unwrap()["album_group"], group);
    assert!(!listed(&server, &format!("/albums/{made_up}/tracks"), "id").is_empty());
    assert_eq!(named("zq"), Some(1));
    assert_eq!(named(&name), found.map(|total| total - 1));
}

#[test]
fn albums_with_tracks_of_an_artist_are_in_the_list_of_the_artist() {
    let (server, _) = start();
    let artist = server.catalog().artists()[0].to_string();
    let is_by =
        |object: &Value| object["artists"].as_array().unwrap().iter().any(|by| by["id"] == *artist);
    let albums = json(&server, &format!("/artists/{artist}/albums?include_groups=appears_on"));
    let albums = albums["items"].as_array().unwrap();
    assert_eq!(albums.len(), 3);
    for album in albums {
        let id = album["id"].as_str().unwrap();
        let tracks = json(&server, &format!("/albums/{id}/tracks?limit=50"));
        assert!(!is_by(album) && tracks["items"].as_array().unwrap().iter().any(is_by), "{album}");
    }
}

#[test]
fn added_parts_are_in_the_lists_of_made_up_objects() {
    let (server, _) = start();
    let catalog = server.catalog();
    let add = |uri: String, object: &Value| server.add_object(uri.parse().unwrap(), object);
    let pair = |one: &dyn ToString, next: &dyn ToString| (one.to_string(), next.to_string());
    let (albums, shows, audiobooks) = (catalog.albums(), catalog.shows(), catalog.audiobooks());
    for (n, (whole, part, parts, (id, next))) in [
        ("album", "track", "tracks", pair(&albums[4], &albums[5])),
        ("show", "episode", "episodes", pair(&shows[4], &shows[5])),
        ("audiobook", "chapter", "chapters", pair(&audiobooks[4], &audiobooks[5])),
    ]
    .into_iter()
    .enumerate()
    {
        let list = format!("/{whole}s/{id}/{parts}?limit=50");
        let before = listed(&server, &list, "id");
        let new = format!("{n:022}");
        add(
            format!("spotify:{part}:{new}"),
            &serde_json::json!({"name": "New", whole: {"id": id}}),
        );
        add(
            format!("spotify:{part}:{}", before[0]),
            &serde_json::json!({"name": "Replaced", whole: {"id": id}}),
        );
        let mut expected = before.clone();
        expected.push(new.clone());
        assert_eq!(listed(&server, &list, "id"), expected, "{whole}");
        assert_eq!(listed(&server, &list, "name")[0], "Replaced");
        let full = json(&server, &format!("/{whole}s/{id}"));
        assert_eq!(
            (&full[parts]["total"], &full[format!("total_{parts}")]),
            (&expected.len().into(), &expected.len().into())
        );
        assert_eq!(json(&server, &format!("/{part}s/{new}"))["name"], "New");
        // A replaced part of the next object is not a part of this one.
        let next = listed(&server, &format!("/{whole}s/{next}/{parts}"), "id").remove(0);
        add(format!("spotify:{part}:{next}"), &serde_json::json!({"name": "Next"}));
        assert_eq!(listed(&server, &list, "id"), expected, "{whole}");
    }
}

#[test]
fn added_albums_shows_and_tracks_play_in_their_contexts() {
    let (server, spotify) = start();
    let add = |uri: &str, object: Value| server.add_object(uri.parse().unwrap(), &object);
    let (album, show) = ("0eFHYz8NmK75zSplL5qlfM", "5CfCWKI5pZ28U0uOzXkDHe");
    add(
        &format!("spotify:album:{album}"),
        serde_json::json!({"name": "A", "tracks": {"items": [{"id": "4VqPOruhp5EdPBeR92t6lQ"}]}}),
    );
    add(
        "spotify:track:4VqPOruhp5EdPBeR92t6lQ",
        serde_json::json!({"name": "T", "duration_ms": 1000}),
    );
    add(&format!("spotify:show:{show}"), serde_json::json!({"name": "S"}));
    add(
        "spotify:episode:77o6BIVlYM3msb4MMIL1jH",
        serde_json::json!({"name": "E", "show": {"id": show}}),
    );
    let listing = "38bS44xjbVVZ3No3ByF1dJ";
    add(
        &format!("spotify:show:{listing}"),
        serde_json::json!({"name": "L", "episodes": {"items": [{"id": "512ojhOuo1ktJprKbVcKyQ"}]}}),
    );
    add("spotify:episode:512ojhOuo1ktJprKbVcKyQ", serde_json::json!({"name": "F"}));
    let device = spotify.get_devices().send().unwrap()[0].id.clone().unwrap();
    for (context, name) in [
        (format!("spotify:album:{album}"), "T"),
        (format!("spotify:show:{show}"), "E"),
        (format!("spotify:show:{listing}"), "F"),
    ] {
        spotify.start_playback().context_uri(context).device_id(&device).send().unwrap();
        let playback = json(&server, "/me/player?additional_types=track,episode");
        assert_eq!(playback["item"]["name"], name);
    }
}
