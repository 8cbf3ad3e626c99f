//! Items of playlists, players and queues. Their type is detected from their fields, in any order.

use std::time::Duration;

use super::support::{read, response, text};
use serde_json::{Map, Value, json};
use tonearm::Page;
use tonearm::model::*;

/// Returns the fields of a sample response.
fn members(name: &str) -> Map<String, Value> {
    serde_json::from_str(&response(name)).unwrap()
}

fn with(name: &str, changes: Value) -> Map<String, Value> {
    let mut members = members(name);
    for (key, value) in changes.as_object().unwrap() {
        match value.as_str() {
            Some("-") => drop(members.remove(key).unwrap()),
            _ => drop(members.insert(key.clone(), value.clone())),
        }
    }
    members
}

/// Reads an item with its fields in order and in reverse, and checks that both are equal.
fn item(members: &Map<String, Value>) -> Item {
    let text = |members: Vec<(&String, &Value)>| {
        let members: Vec<String> =
            members.iter().map(|(key, value)| format!("{key:?}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    };
    let item: Item = read(&text(members.iter().collect()));
    assert_eq!(read::<Item>(&text(members.iter().rev().collect())), item);
    assert_eq!(read::<Item>(&json!(item).to_string()), item, "round trip");
    item
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Track(_) => "track",
        Item::Episode(_) => "episode",
        Item::Local(_) => "local",
        Item::Removed => "removed",
        Item::Unknown(_) => "unknown",
        _ => "new",
    }
}

#[test]
fn each_item_type_round_trips_as_its_own_model() {
    let track = item(&members("track"));
    assert_eq!(track, Item::Track(read::<Track>(&response("track")).into()));
    assert_eq!((track.as_track().is_some(), track.as_episode()), (true, None));
    let episode = item(&members("episode"));
    assert_eq!(episode, Item::Episode(read::<Episode>(&response("episode")).into()));
    assert_eq!((episode.as_track(), episode.as_episode().is_some()), (None, true));
    let local = item(&members("track.local"));
    assert_eq!(local, Item::Local(read::<Track>(&response("track.local")).into()));
    assert_eq!(
        (local.as_track().is_some(), local.duration()),
        (true, Some(Duration::from_secs(187)))
    );
    let unknown = item(&members("unknown_item"));
    assert_eq!(unknown, Item::Unknown(read::<UnknownItem>(&response("unknown_item")).into()));
    for name in ["track", "episode", "track.local", "unknown_item"] {
        let (item, members) = (item(&members(name)), members(name));
        assert_eq!(text(item.uri()).as_deref(), members["uri"].as_str(), "{name}");
        assert_eq!(item.name(), members["name"].as_str(), "{name}");
        assert_eq!(item.duration_ms(), members["duration_ms"].as_u64(), "{name}");
    }
    assert_eq!(size_of::<Item>(), 2 * size_of::<usize>());
}

#[test]
fn type_field_decides_the_kind_of_an_item() {
    let lies = json!({"track": true, "episode": false});
    assert_eq!(kind(&item(&with("episode", lies))), "episode");
    let lies = json!({"track": false, "episode": true});
    assert_eq!(kind(&item(&with("track", lies))), "track");
    let both = json!({"show": members("simplified_show"), "type": "Track"});
    assert_eq!(kind(&item(&with("track", both))), "track");
    // Thin episodes have neither a show nor an album.
    assert_eq!(kind(&item(&members("episode.thin"))), "episode");
    // A local file has the type `track`.
    assert_eq!(kind(&item(&with("track", json!({"is_local": true})))), "local");
    assert_eq!(kind(&item(&with("track.local", json!({"is_local": "-"})))), "local");
    let emptied = item(&members("track.emptied"));
    assert_eq!(
        (kind(&emptied), emptied.name(), emptied.duration_ms()),
        ("track", Some(""), Some(0))
    );
    assert!(emptied.is_addable());
}

#[test]
fn item_without_a_type_is_classified_by_uri_show_or_album() {
    for nothing in [json!(null), json!(""), json!("-"), json!(7.5)] {
        for name in ["track", "episode", "track.episode", "track.local"] {
            let expected = name.strip_prefix("track.").unwrap_or(name);
            let found = item(&with(name, json!({"type": nothing})));
            assert_eq!(kind(&found), expected, "{name} {nothing}");
        }
        for (name, expected) in [("track", "track"), ("episode", "episode")] {
            let changes = json!({"type": nothing, "uri": "-"});
            assert_eq!(kind(&item(&with(name, changes))), expected, "{name} {nothing}");
        }
        let changes = json!({"type": nothing, "uri": null});
        assert_eq!(kind(&item(&with("episode.thin", changes))), "unknown");
    }
    // Items as a call with `fields` returns them.
    let few = |json: &str| read::<Item>(json);
    assert_eq!(kind(&few(r#"{"uri": "spotify:track:1", "name": "A"}"#)), "track");
    let episode = few(r#"{"name": "A", "uri": "spotify:episode:e1"}"#);
    assert_eq!(
        (kind(&episode), text(episode.uri()).as_deref()),
        ("episode", Some("spotify:episode:e1"))
    );
    let capitals = few(r#"{"name": "A", "uri": "SPOTIFY:episode:77o6BIVlYM3msb4MMIL1jH"}"#);
    assert_eq!(
        (kind(&capitals), text(capitals.uri()).as_deref()),
        ("episode", Some("spotify:episode:77o6BIVlYM3msb4MMIL1jH"))
    );
    let named = few(r#"{"name": "A"}"#);
    assert_eq!((kind(&named), named.name(), named.uri()), ("unknown", Some("A"), None));
    let nameless = few(r#"{"type": "episode", "name": "A"}"#);
    assert_eq!((kind(&nameless), nameless.name()), ("unknown", Some("A")));
    assert_eq!(kind(&few("{}")), "unknown");
}

#[test]
fn unknown_item_keeps_its_name_and_links() {
    let Item::Unknown(unknown) = item(&members("unknown_item")) else { panic!() };
    assert_eq!(unknown.kind.as_deref(), Some("video"));
    assert_eq!(unknown.duration_ms, Some(93_000));
    let urls = unknown.external_urls.unwrap();
    assert_eq!(
        urls.spotify.as_deref(),
        Some("https://open.spotify.com/video/Vd0rK1q2w3E4r5T6y7U8i9")
    );
    for (sent, expected) in [(json!({}), json!({})), (json!(null), json!(null))] {
        let item = item(&with("unknown_item", json!({"external_urls": sent})));
        assert_eq!(json!(item)["external_urls"], expected);
    }
}

#[test]
fn episode_in_the_shape_of_a_track_becomes_an_episode() {
    let Item::Episode(episode) = item(&members("track.episode")) else { panic!() };
    assert_eq!((&*episode.name, &*episode.description), ("Luotsin yövuoro", ""));
    assert_eq!(episode.duration_ms, 2_514_000);
    assert_eq!(episode.kind().as_deref(), Some("episode"));
    assert_eq!(episode.uri().to_string(), "spotify:episode:gft7sZiossDT05K4a48oL7");
    assert_eq!((episode.images.len(), episode.images[0].width), (1, Some(640)));
    let links = format!("{episode:?}");
    assert_eq!(links.matches("links: canonical").count(), 2, "{links}");
    let show = episode.show.unwrap();
    assert_eq!((show.id.as_str(), &*show.name), ("9wME38t1DjOgWjG3OwFxXb", "Myrskylyhty"));
    assert_eq!(show.uri().to_string(), "spotify:show:9wME38t1DjOgWjG3OwFxXb");
    assert_eq!(show.kind().as_deref(), Some("show"));

    let album = |key: &str, value: Value| {
        let mut album = members("track.episode")["album"].clone();
        album[key] = value;
        let Item::Episode(episode) = item(&with("track.episode", json!({"album": album}))) else {
            panic!()
        };
        episode
    };
    // The name of the show is in one of two fields.
    assert_eq!(&*album("name", json!("")).show.unwrap().name, "Myrskylyhty");
    assert_eq!(&*album("name", json!("In the album")).show.unwrap().name, "In the album");
    let nameless = album("id", json!(null));
    assert_eq!((nameless.show, nameless.images.len()), (None, 1));
    let bare = json!(album("href", json!(null)));
    assert_eq!(bare["show"].get("href"), Some(&json!(null)));
    let bare = album("external_urls", json!({}));
    assert_eq!(json!(bare)["show"]["external_urls"], json!({}));
    // The episode's own fields take precedence over those of the album.
    let images = json!({"images": [{"url": "own"}]});
    let Item::Episode(own) = item(&with("track.episode", images)) else { panic!() };
    assert_eq!((&*own.images[0].url, own.show.is_some()), ("own", true));
    let own = json!({"images": [{"url": "own"}], "show": {"id": "s1", "name": "Own"}});
    let Item::Episode(own) = item(&with("track.episode", own)) else { panic!() };
    assert_eq!((&*own.images[0].url, &*own.show.unwrap().name), ("own", "Own"));
}

#[test]
fn removed_items_keep_their_position() {
    let row: PlaylistItem = read(r#"{"added_at": "2017-05-26T00:00:00Z", "track": null}"#);
    assert_eq!((&row.item, row.item.name(), row.item.duration_ms()), (&Item::Removed, None, None));
    assert_eq!(
        json!(row),
        json!({"added_at": "2017-05-26T00:00:00Z", "item": null, "is_local": false})
    );
    assert_eq!(read::<PlaylistItem>(&json!(row).to_string()), row);
    // An item that the request did not select is not removed.
    let row: PlaylistItem = read(r#"{"added_at": "2017-05-26T00:00:00Z"}"#);
    assert_eq!((&row.item, row.item.uri()), (&Item::default(), None));
    assert!(matches!(row.item, Item::Unknown(_)));
    assert_eq!(json!(row), json!({"added_at": "2017-05-26T00:00:00Z", "is_local": false}));
    assert_eq!((read::<Item>("null"), json!(Item::Removed)), (Item::Removed, json!(null)));

    let playlist: Playlist = read(&response("playlist.tracks"));
    let items = playlist.items.unwrap();
    let kinds: Vec<&str> = items.items.iter().map(|row| kind(&row.item)).collect();
    assert_eq!(kinds, ["track", "episode", "episode", "removed"]);
    assert_eq!((items.skipped.len(), playlist.images.len()), (0, 0));

    let queue: Queue = read(r#"{"currently_playing": null, "queue": [{"type": "track"}, null]}"#);
    assert_eq!((queue.currently_playing, queue.queue.len()), (None, 1));
    let queue: Queue = read(r#"{"queue": []}"#);
    assert_eq!((queue.currently_playing, queue.queue.len()), (None, 0));
}

#[test]
fn playlist_item_prefers_item_over_track() {
    let name = |members: &str| {
        let row: PlaylistItem = read(&format!("{{{members}}}"));
        row.item.name().map(str::to_owned)
    };
    let new = r#""item": {"type": "track", "name": "new"}"#;
    let old = r#""track": {"type": "track", "name": "old"}"#;
    assert_eq!(name(new).as_deref(), Some("new"));
    assert_eq!(name(old).as_deref(), Some("old"));
    assert_eq!(name(&format!("{new}, {old}")).as_deref(), Some("new"));
    assert_eq!(name(&format!("{old}, {new}")).as_deref(), Some("new"));
    assert_eq!(name(&format!(r#""item": null, {old}"#)).as_deref(), Some("old"));
    assert_eq!(name(&format!(r#"{old}, "item": null"#)).as_deref(), Some("old"));
    assert_eq!(name(&format!(r#"{new}, "track": null"#)).as_deref(), Some("new"));
}

#[test]
fn playlist_items_may_be_items_tracks_a_count_or_missing() {
    let items = |members: &str| {
        read::<Playlist>(&format!(r#"{{"id": "1", {members}}}"#))
            .items
            .map(|items| items.total.unwrap())
    };
    let page = r#"{"items": [{"item": null}], "limit": 100, "total": 1}"#;
    assert_eq!(items(&format!(r#""items": {page}"#)), Some(1));
    assert_eq!(items(&format!(r#""tracks": {page}"#)), Some(1));
    assert_eq!(items(&format!(r#""tracks": {page}, "items": {{"total": 2}}"#)), Some(2));
    // Lists of playlists contain only the link to the items and their total.
    let counted: Playlist = read(r#"{"id": "1", "tracks": {"href": "h", "total": 64}}"#);
    let counted = counted.items.unwrap();
    assert_eq!(
        (counted.items.len(), counted.total, counted.href.as_deref()),
        (0, Some(64), Some("h"))
    );
    assert_eq!(items(r#""items": {"total": null}"#), None);
    assert_eq!(items(r#""items": null"#), None);
    assert_eq!(read::<Playlist>(&response("playlist.foreign")).items, None);
    // This applies only to a page within an object. A response without `items` fails.
    assert!(serde_json::from_str::<Page<PlaylistItem>>(r#"{"total": 64}"#).is_err());
}

#[test]
fn added_by_may_be_null_or_without_an_id() {
    let added_by = |sent: Value| {
        read::<PlaylistItem>(&json!({"added_by": sent, "added_at": null}).to_string()).added_by
    };
    assert_eq!(added_by(json!(null)), None);
    let gone = added_by(json!({"id": "", "uri": "spotify:user:"})).unwrap();
    assert_eq!((&gone.id, text(gone.uri()).as_deref()), (&None, Some("spotify:user:")));
    let wind = added_by(members("playlist_user").into()).unwrap();
    assert_eq!(wind.id.unwrap(), "wind miller ✿");
}

#[test]
fn invalid_items_fail_to_decode() {
    for json in ["7", "true", r#""text""#, "[]", r#"{"name": "A""#, r#"{"artists": 7}"#] {
        assert!(serde_json::from_str::<Item>(json).is_err(), "{json}");
    }
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    for key in ["album", "show", "artists", "images", "external_urls"] {
        let json = format!(r#"{{"{key}": {deep}, "is_local": true}}"#);
        // A list in place of an object is ignored.
        let is_list = matches!(key, "artists" | "images");
        assert_eq!(serde_json::from_str::<Item>(&json).is_err(), is_list, "{key}");
    }
    let item = serde_json::from_str(&format!(r#"{{"zz": {deep}, "is_local": true}}"#));
    assert_eq!(kind(&item.unwrap()), "local");
}

#[test]
fn item_is_an_argument_if_it_has_a_uri() {
    const TRACK: &str = "7ouMYWpwJ422jRcDASZB7P";
    let items = |json: &str| read::<Item>(json);
    let uri = |kind: &str| format!("spotify:{kind}:{TRACK}");
    let of = |kind: &str| items(&json!({"type": kind, "id": TRACK, "uri": uri(kind)}).to_string());
    let without = |kind: &str| items(&json!({"type": kind, "id": TRACK}).to_string());
    let local = item(&members("track.local"));
    for (item, expected, is_addable) in [
        (of("track"), Some(uri("track")), true),
        (of("episode"), Some(uri("episode")), true),
        (without("track"), Some(uri("track")), true),
        (without("episode"), Some(uri("episode")), true),
        (without("chapter"), Some(uri("chapter")), false),
        (without("Chapter"), Some(uri("chapter")), false),
        // Spotify sends the URI of an episode.
        (
            items(&json!({"type": "chapter", "id": TRACK, "uri": uri("episode")}).to_string()),
            Some(uri("episode")),
            true,
        ),
        (of("audiobook"), Some(uri("audiobook")), false),
        (of("song"), Some(uri("song")), false),
        (local.clone(), text(local.uri()), false),
        (items("null"), None, false),
        (items(r#"{"type": "track", "name": "A"}"#), None, false),
    ] {
        assert_eq!(text(item.uri()), expected);
        assert_eq!(item.is_addable(), is_addable, "{item:?}");
        let request = spotify().add_to_queue(&item).request();
        let sent = request.ok().and_then(|request| request.query_value("uri"));
        assert_eq!(sent, expected.filter(|_| is_addable), "{item:?}");
    }
    assert!(!item(&with("track", json!({"is_local": true}))).is_addable());
    // A name identifies the element of a list.
    let nameless = items(r#"{"type": "track", "name": "A"}"#);
    let error = spotify().save_items([&of("track"), &nameless]).request().unwrap_err();
    let tonearm::Error::InvalidArgument(error) = error else { panic!("{error}") };
    assert_eq!((error.param.as_deref(), &*error.value), (Some("uris"), "A"));
    let error = spotify().add_to_queue(Item::Removed).request().unwrap_err();
    insta::assert_snapshot!(error, @"add_to_queue: `uri`: expected an item with a URI, found one without; nothing was sent");
}

#[test]
fn original_uri_is_that_of_the_replaced_track() {
    let linked =
        json!({"id": "4iV5W9uYEdYUVa79Axb7Rh", "uri": "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"});
    let track = item(&with("track", json!({"linked_from": linked})));
    assert_eq!(text(track.original_uri()).as_deref(), Some("spotify:track:4iV5W9uYEdYUVa79Axb7Rh"));
    assert_ne!(track.original_uri(), track.uri());
    for same in
        [with("track", json!({"linked_from": "-"})), members("track.local"), members("episode")]
    {
        let same = item(&same);
        assert!(same.uri().is_some() && same.original_uri() == same.uri(), "{same:?}");
    }
}

#[test]
fn malformed_ids_of_responses_are_read_and_rejected_as_arguments() {
    let track = r#""type": "track", "name": "A""#;
    for sent in [
        format!(r#"{{"id": "8", {track}}}"#),
        format!(r#"{{"id": 8, {track}, "uri": "spotify:track:8"}}"#),
        format!(r#"{{"id": null, {track}, "uri": "spotify:track:8"}}"#),
    ] {
        let item = read::<Item>(&sent);
        let uri = item.uri().unwrap();
        assert_eq!((uri.to_string().as_str(), uri.kind()), ("spotify:track:8", "track"));
        assert!(!item.is_addable(), "{sent}");
        assert_eq!(read::<tonearm::SpotifyUri>(r#""spotify:track:8""#), uri);
        let good = "spotify:track:7ouMYWpwJ422jRcDASZB7P";
        for error in [
            spotify().add_playlist_items("3cEYpjA9oz9GiPac4AsH4n", [&item]).request().unwrap_err(),
            spotify().save_items([&good.parse().unwrap(), &uri]).request().unwrap_err(),
        ] {
            let tonearm::Error::InvalidArgument(invalid) = &error else { panic!("{error}") };
            let found = (invalid.param.as_deref(), &*invalid.value);
            assert_eq!(found, (Some("uris"), "spotify:track:8"), "{error}");
        }
    }
    let id: tonearm::TrackId = read(r#""8""#);
    let error = spotify().save_tracks([&id]).request().unwrap_err();
    insta::assert_snapshot!(error, @"save_tracks: `track_ids`: expected a track id of 22 characters (0-9, a-z, A-Z), a URI or a link, found `8` (1 character); nothing was sent");
    for error in [
        spotify().get_track(&id).request().unwrap_err(),
        spotify().save_tracks([(&id, "2017-05-26T00:00:00Z")]).request().unwrap_err(),
        spotify().add_to_queue(&id).request().unwrap_err(),
        spotify().call("get_track").set("track_id", &id).request().unwrap_err(),
        spotify().get_user(read::<tonearm::UserId>(r#""..""#)).request().unwrap_err(),
        spotify()
            .skip_to_next()
            .device_id(read::<tonearm::DeviceId>(r#""https://a/b""#))
            .request()
            .unwrap_err(),
    ] {
        assert!(matches!(error, tonearm::Error::InvalidArgument(_)), "{error}");
    }
    // Spaces around an id are not sent.
    let id: tonearm::TrackId = read(r#"" 7ouMYWpwJ422jRcDASZB7P""#);
    let request = spotify().get_track(&id).request().unwrap();
    assert!(request.url().ends_with("/tracks/7ouMYWpwJ422jRcDASZB7P"), "{request:?}");
}

fn spotify() -> tonearm::Spotify {
    tonearm::Spotify::from_token("token").unwrap()
}
