//! Servers with the library of a user.

use super::ask;
use tonearm::fake::Library;
use tonearm::fake::Server;
use tonearm::fake::library::{List, Playlist};
use tonearm::{Error, QuotaMode, Scope, Spotify};

/// A library in which every kind of list has items, with and without objects.
const JSON: &str = r#"{
  "version": 1,
  "user": "ada",
  "begun_at": "2026-11-30T09:00:00Z",
  "tracks": {
    "total": 4,
    "items": [
      {"uri": "spotify:track:7ouMYWpwJ422jRcDASZB7P", "name": "Knights", "added_at": "2026-11-02T10:00:07Z"},
      {"uri": "spotify:track:4VqPOruhp5EdPBeR92t6lQ", "name": "Uprising", "added_at": "2026-11-01T10:00:00Z"},
      {"uri": "spotify:track:2takcwOaAZWiXQijPHIx7B", "name": "Time"}
    ],
    "unreadable": {"1": "{\"added_at\": null, \"track\": null}"}
  },
  "albums": {"items": [{"uri": "spotify:album:0eFHYz8NmK75zSplL5qlfM", "name": "Black Holes"}]},
  "shows": {"items": [{"uri": "spotify:show:38bS44xjbVVZ3No3ByF1dJ", "name": "Vetenskap"}]},
  "episodes": {"items": [{"uri": "spotify:episode:512ojhOuo1ktJprKbVcKyQ", "name": "One"}]},
  "audiobooks": {"items": [{"uri": "spotify:audiobook:7iHfbu1YPACw6oZPAFJtqe", "name": "Dune"}]},
  "artists": {
    "items": [
      {"uri": "spotify:artist:2CIMQHirSU0MQqyYHq0eOx", "name": "deadmau5"},
      {"uri": "spotify:artist:12Chz98pHFMPJEknJQMWvI", "name": "Muse"}
    ]
  },
  "playlists": {
    "items": [
      {"id": "3cEYpjA9oz9GiPac4AsH4n", "name": "Mine", "owner": "ada", "public": false, "items": {"items": [
        {"uri": "spotify:track:7ouMYWpwJ422jRcDASZB7P", "name": "Knights", "added_by": "grace"},
        {"uri": "spotify:local:Some+Body:Attic:Rain:90", "name": "Rain", "by": "Some Body"},
        {"uri": "spotify:track:4VqPOruhp5EdPBeR92t6lQ", "name": "Uprising"},
        {}
      ]}},
      {"id": "37i9dQZF1DXcBWIGoYBM5M", "name": "Hits", "owner": "spotify",
        "unavailable": {"status": 404, "message": "Resource not found"}}
    ]
  },
  "objects": {
    "spotify:track:7ouMYWpwJ422jRcDASZB7P": {
      "name": "Knights", "duration_ms": 366213, "popularity": 61,
      "artists": [{"id": "12Chz98pHFMPJEknJQMWvI", "type": "artist", "name": "Muse"}],
      "album": {"id": "0eFHYz8NmK75zSplL5qlfM", "type": "album", "name": "Black Holes"}
    },
    "spotify:album:0eFHYz8NmK75zSplL5qlfM": {
      "name": "Black Holes", "artists": [{"id": "12Chz98pHFMPJEknJQMWvI", "type": "artist", "name": "Muse"}],
      "tracks": {"total": 3, "items": [{"id": "3lPr8ghNDBLc2uZovNyLs9", "type": "track", "name": "Supermassive"}]}
    },
    "spotify:show:38bS44xjbVVZ3No3ByF1dJ": {"name": "Vetenskap"},
    "spotify:episode:512ojhOuo1ktJprKbVcKyQ": {
      "name": "One", "show": {"id": "38bS44xjbVVZ3No3ByF1dJ", "type": "show", "name": "Vetenskap"},
      "resume_point": {"fully_played": true, "resume_position_ms": 0}
    },
    "spotify:audiobook:7iHfbu1YPACw6oZPAFJtqe": {"name": "Dune"},
    "spotify:artist:12Chz98pHFMPJEknJQMWvI": {"name": "Muse", "genres": ["rock"]},
    "spotify:user:ada": {"display_name": "Ada"}
  }
}"#;

const NULL: serde_json::Value = serde_json::Value::Null;

fn server() -> Server {
    Server::builder().library(Library::from_json(JSON).unwrap()).start().unwrap()
}

/// Returns the JSON of a response.
fn get(server: &Server, path: &str) -> serde_json::Value {
    get_with(&server.client().unwrap(), path)
}

fn get_with(spotify: &Spotify, path: &str) -> serde_json::Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut call = spotify.get(path);
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        call = call.query(key, value);
    }
    call.send_as().unwrap()
}

#[test]
fn own_library_replaces_the_made_up_one() {
    let server = server();
    let spotify = server.client().unwrap();
    let me = spotify.get_me().send().unwrap();
    assert_eq!((me.id.as_str(), me.display_name.as_deref()), ("ada", Some("Ada")));

    let saved = spotify.get_my_saved_tracks().send().unwrap();
    assert_eq!(saved.total, Some(4));
    let seen: Vec<_> = saved
        .items
        .iter()
        .map(|saved| (saved.track.name.as_str(), saved.added_at.unwrap().to_string()))
        .collect();
    // The times have seconds. An item without an object is null.
    assert_eq!(seen, [("Knights", "2026-11-02T10:00:07Z".to_owned())]);
    assert_eq!(saved.skipped.len(), 3);
    assert_eq!(spotify.get_my_saved_albums().send().unwrap().items[0].album.name, "Black Holes");
    assert_eq!(spotify.get_my_saved_shows().send().unwrap().items[0].show.name, "Vetenskap");
    assert_eq!(spotify.get_my_saved_episodes().send().unwrap().items[0].episode.name, "One");
    assert_eq!(spotify.get_my_saved_audiobooks().send().unwrap().items[0].audiobook.name, "Dune");
    let names: Vec<_> = spotify.get_my_playlists().collect_all().unwrap();
    let names: Vec<_> = names.iter().map(|playlist| playlist.name.as_str()).collect();
    assert_eq!(names, ["Mine", "Hits"]);
    assert!(spotify.get_recently_played().send().unwrap().items.is_empty());

    let saved = ["spotify:track:4VqPOruhp5EdPBeR92t6lQ", "spotify:artist:12Chz98pHFMPJEknJQMWvI"];
    assert_eq!(spotify.are_items_saved(saved).send().unwrap(), [true, true]);
}

#[test]
fn followed_artists_keep_their_order_while_some_are_unfollowed() {
    let server = server();
    let spotify = server.client().unwrap();
    let new = server.catalog().artists()[0].clone();
    spotify.follow_artists([&new]).send().unwrap();
    let page = spotify.get_my_followed_artists().limit(1).send().unwrap();
    assert_eq!(page.skipped.len(), 1, "deadmau5 has no object");
    let after = page.cursors.after.unwrap();
    assert_eq!(after, "2CIMQHirSU0MQqyYHq0eOx");
    spotify.unfollow_artists([&*after]).send().unwrap();
    let rest = spotify.get_my_followed_artists().after(&*after).send().unwrap();
    let ids: Vec<_> = rest.items.iter().map(|artist| artist.id.clone().to_string()).collect();
    assert_eq!(ids, ["12Chz98pHFMPJEknJQMWvI".to_owned(), new.to_string()]);
}

#[test]
fn playlists_have_their_items_and_can_be_changed() {
    let server = server();
    let spotify = server.client().unwrap();
    let id = "3cEYpjA9oz9GiPac4AsH4n";
    let page = get(&server, &format!("/playlists/{id}/items"));
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 4);
    assert_eq!(items[0]["item"]["name"], "Knights");
    assert_eq!(items[0]["added_by"]["id"], "grace");
    assert_eq!(items[0]["added_at"], NULL);
    assert_eq!(items[1]["item"]["uri"], "spotify:local:Some+Body:Attic:Rain:90");
    assert_eq!(items[1]["item"]["album"]["name"], "Attic");
    assert_eq!(items[1]["item"]["duration_ms"], 90_000);
    assert_eq!((&items[2]["item"], &items[3]["item"]), (&NULL, &NULL));

    spotify.remove_playlist_items(id, ["spotify:track:7ouMYWpwJ422jRcDASZB7P"]).send().unwrap();
    spotify.change_playlist_details(id).name("Ours").description("new").send().unwrap();
    let playlist = spotify.get_playlist(id).send().unwrap();
    assert_eq!((&*playlist.name, playlist.items.unwrap().total), ("Ours", Some(3)));
    assert_eq!(playlist.description.as_deref(), Some("new"));

    // The items of the other playlist are unavailable, as when it was backed up.
    let hits = spotify.get_playlist("37i9dQZF1DXcBWIGoYBM5M").send().unwrap();
    assert_eq!(hits.owner.and_then(|owner| owner.id).unwrap(), "spotify");
    let Err(Error::NotFound(error)) = spotify.get_playlist_items("37i9dQZF1DXcBWIGoYBM5M").send()
    else {
        panic!("the items are available")
    };
    assert_eq!(error.message, "Resource not found");
}

#[test]
fn objects_are_served_by_the_catalog_endpoints() {
    let server = server();
    let base = server.base_url();
    let track = get(&server, "/tracks/7ouMYWpwJ422jRcDASZB7P");
    assert_eq!(track["uri"], "spotify:track:7ouMYWpwJ422jRcDASZB7P");
    assert_eq!(track["duration_ms"], 366_213);
    assert_eq!(track["href"], format!("{base}/tracks/7ouMYWpwJ422jRcDASZB7P"));
    assert_eq!(track["album"]["href"], format!("{base}/albums/0eFHYz8NmK75zSplL5qlfM"));
    assert!(track["available_markets"].as_array().unwrap().len() > 100);
    let track = get(&server, "/tracks/7ouMYWpwJ422jRcDASZB7P?market=GB");
    assert_eq!((&track["is_playable"], &track["available_markets"]), (&true.into(), &NULL));

    // The library has one of the three tracks of the album.
    let album = get(&server, "/albums/0eFHYz8NmK75zSplL5qlfM");
    assert_eq!(album["tracks"]["total"], 3);
    let tracks = get(&server, "/albums/0eFHYz8NmK75zSplL5qlfM/tracks?limit=2");
    assert_eq!(tracks["items"][0]["name"], "Supermassive");
    assert_eq!(tracks["items"][1], NULL);
    assert_eq!(
        tracks["next"],
        format!("{base}/albums/0eFHYz8NmK75zSplL5qlfM/tracks?offset=2&limit=2")
    );
    assert_eq!(get(&server, "/shows/38bS44xjbVVZ3No3ByF1dJ/episodes")["items"][0]["name"], "One");
    assert_eq!(get(&server, "/audiobooks/7iHfbu1YPACw6oZPAFJtqe")["chapters"]["total"], 0);
    let artist = "/artists/12Chz98pHFMPJEknJQMWvI";
    assert_eq!(get(&server, artist)["genres"][0], "rock");
    assert_eq!(get(&server, &format!("{artist}/albums"))["items"][0]["name"], "Black Holes");
    let top = get(&server, &format!("{artist}/top-tracks?market=GB"));
    assert_eq!(top["tracks"][0]["album"]["name"], "Black Holes");
    assert_eq!(get(&server, "/users/ada")["display_name"], "Ada");

    let found = get(&server, "/search?q=muse genre:rock&type=artist,album,track");
    assert_eq!(found["artists"]["items"][0]["name"], "Muse");
    assert_eq!(found["tracks"]["total"], 0, "tracks have no genre");
    let found = get(&server, "/search?q=album:holes artist:muse&type=album,track");
    assert_eq!(found["albums"]["items"][0]["id"], "0eFHYz8NmK75zSplL5qlfM");
    assert_eq!(found["tracks"]["items"][0]["name"], "Knights");

    let sound = get(&server, "/audio-features/7ouMYWpwJ422jRcDASZB7P");
    assert_eq!(sound["duration_ms"], 366_213);

    // The made-up catalog is there too.
    let made_up = server.catalog().albums()[0].clone();
    server.client().unwrap().get_album(&made_up).send().unwrap();
}

#[test]
fn scopes_and_quota_mode_apply_to_objects() {
    let server = server();
    let spotify = server
        .client_builder()
        .token(server.issue_token([Scope::UserLibraryRead]))
        .build()
        .unwrap();
    assert_eq!(get_with(&spotify, "/episodes/512ojhOuo1ktJprKbVcKyQ")["resume_point"], NULL);
    let with_scope = get(&server, "/episodes/512ojhOuo1ktJprKbVcKyQ");
    assert_eq!(with_scope["resume_point"]["fully_played"], true);

    let library = Library::from_json(JSON).unwrap();
    let server =
        Server::builder().quota_mode(QuotaMode::Development).library(library).start().unwrap();
    let track = get(&server, "/tracks/7ouMYWpwJ422jRcDASZB7P");
    assert_eq!((&track["popularity"], &track["available_markets"]), (&NULL, &NULL));
    assert_eq!(track["name"], "Knights");
}

#[test]
fn id_without_an_object_fails_and_the_log_reports_it() {
    let server = server();
    let spotify = server.client().unwrap();
    let artist = "2CIMQHirSU0MQqyYHq0eOx";
    assert!(matches!(spotify.get_artist(artist).send(), Err(Error::NotFound(_))));
    // Found in an object: a track of the album.
    let ids = ["7ouMYWpwJ422jRcDASZB7P", "3lPr8ghNDBLc2uZovNyLs9", "11dFghVXANMlKmJXsNCbNl"];
    let tracks: serde_json::Value = get(&server, &format!("/tracks?ids={}", ids.join(",")));
    assert_eq!(tracks["tracks"][0]["name"], "Knights");
    assert_eq!((&tracks["tracks"][1], &tracks["tracks"][2]), (&NULL, &NULL));
    // The library has this item.
    spotify.remove_saved_items(["spotify:track:4VqPOruhp5EdPBeR92t6lQ"]).send().unwrap();
    assert!(matches!(spotify.get_user("grace").send(), Err(Error::NotFound(_))));

    insta::assert_snapshot!(server.log(), @r"
    GET /v1/artists/2CIMQHirSU0MQqyYHq0eOx -> 404
        the library has no object for spotify:artist:2CIMQHirSU0MQqyYHq0eOx
    GET /v1/tracks -> 200
        the library has no object for spotify:track:3lPr8ghNDBLc2uZovNyLs9
        ids = 7ouMYWpwJ422jRcDASZB7P,3lPr8ghNDBLc2uZovNyLs9,11dFghVXANMlKmJXsNCbNl
    DELETE /v1/me/library -> 200
        uris = spotify:track:4VqPOruhp5EdPBeR92t6lQ
    GET /v1/users/grace -> 404
        the library has no object for spotify:user:grace
    ");
    let missing: Vec<usize> = server.requests().iter().map(|seen| seen.missing.len()).collect();
    assert_eq!(missing, [1, 1, 0, 1]);
    let json = serde_json::to_value(server.log()).unwrap();
    assert_eq!(json[0]["missing"][0], format!("spotify:artist:{artist}"));
    assert_eq!(json[2].get("missing"), None);
}

/// A library that mentions URIs without an object in every place that can mention one.
const MENTIONS: &str = r#"{
  "version": 1, "user": "ada", "begun_at": "2026-11-30T09:00:00Z",
  "tracks": {"items": [{"uri": "spotify:track:000000000000000000000t"}]},
  "albums": {"items": [{"uri": "spotify:album:000000000000000000000a"}]},
  "shows": {"items": [{"uri": "spotify:show:000000000000000000000s"}]},
  "episodes": {"items": [{"uri": "spotify:episode:000000000000000000000e"},
    {"uri": "spotify:episode:000000000000000000001e"}]},
  "audiobooks": {"items": [{"uri": "spotify:audiobook:000000000000000000000b"}]},
  "artists": {"items": [{"uri": "spotify:artist:000000000000000000000r"}]},
  "playlists": {"items": [{"id": "000000000000000000000p", "name": "Mine", "owner": "grace", "items": {"items": [
    {"uri": "spotify:track:000000000000000000002t", "added_by": "linus"},
    {"uri": "spotify:episode:000000000000000000002e"},
    {"uri": "spotify:track:000000000000000000003t"}
  ]}}]},
  "objects": {
    "spotify:episode:000000000000000000001e": {"name": "One", "show": {"id": "000000000000000000001s", "type": "show"}},
    "spotify:track:000000000000000000003t": {
      "name": "Three",
      "artists": [{"id": "000000000000000000001r", "type": "artist", "name": "Ann"}],
      "album": {"id": "000000000000000000001a", "type": "album", "artists": [{"uri": "spotify:artist:000000000000000000002r"}]},
      "linked_from": {"uri": "spotify:track:000000000000000000004t"}
    }
  }
}"#;

#[test]
fn every_mention_without_an_object_is_reported() {
    let library = Library::from_json(MENTIONS).unwrap();
    let server = Server::builder().library(library).start().unwrap();
    let missing = || {
        let request = server.requests().pop().unwrap();
        let uris =
            request.missing.iter().map(|uri| uri.to_string().replace("00000000000000000000", ""));
        (request.status.unwrap(), uris.collect::<Vec<_>>().join(" "))
    };
    // The endpoint of an object returns 404.
    for (path, uri) in [
        ("tracks/000000000000000000000t", "spotify:track:0t"),
        ("tracks/000000000000000000002t", "spotify:track:2t"),
        ("tracks/000000000000000000004t", "spotify:track:4t"),
        ("audio-features/000000000000000000000t", "spotify:track:0t"),
        ("albums/000000000000000000000a", "spotify:album:0a"),
        ("albums/000000000000000000001a/tracks", "spotify:album:1a"),
        ("shows/000000000000000000000s", "spotify:show:0s"),
        ("shows/000000000000000000001s/episodes", "spotify:show:1s"),
        ("episodes/000000000000000000000e", "spotify:episode:0e"),
        ("episodes/000000000000000000002e", "spotify:episode:2e"),
        ("audiobooks/000000000000000000000b", "spotify:audiobook:0b"),
        ("artists/000000000000000000000r", "spotify:artist:0r"),
        ("artists/000000000000000000001r/albums", "spotify:artist:1r"),
        ("artists/000000000000000000002r/top-tracks?market=GB", "spotify:artist:2r"),
        ("users/grace", "spotify:user:grace"),
        ("users/linus", "spotify:user:linus"),
    ] {
        assert_eq!(ask(&server, "GET", &format!("/{path}"), "").0, 404, "{path}");
        assert_eq!(missing(), (404, uri.to_owned()), "{path}");
    }
    // A list contains null.
    for (path, pointer, uris) in [
        ("me/tracks", "/items/0", "spotify:track:0t"),
        ("me/albums", "/items/0", "spotify:album:0a"),
        ("me/shows", "/items/0", "spotify:show:0s"),
        ("me/episodes", "/items/0", "spotify:episode:0e"),
        ("me/audiobooks", "/items/0", "spotify:audiobook:0b"),
        ("me/following?type=artist", "/artists/items/0", "spotify:artist:0r"),
        (
            "playlists/000000000000000000000p/items",
            "/items/0/item",
            "spotify:track:2t spotify:episode:2e",
        ),
        (
            "playlists/000000000000000000000p",
            "/tracks/items/1/track",
            "spotify:track:2t spotify:episode:2e",
        ),
        ("tracks?ids=000000000000000000000t", "/tracks/0", "spotify:track:0t"),
    ] {
        let page = get(&server, &format!("/{path}"));
        assert_eq!(page.pointer(pointer), Some(&NULL), "{path}: {page}");
        assert_eq!(missing(), (200, uris.to_owned()), "{path}");
    }
    // These need no object.
    get(&server, "/me/library/contains?uris=spotify:track:000000000000000000000t");
    assert_eq!(missing(), (200, String::new()));
    get(&server, "/me/tracks?offset=1");
    assert_eq!(missing(), (200, String::new()));
    let device = "?device_id=0d1841b0976bae2a3a310dd74c0f3df354899bc8";
    let album = r#"{"context_uri": "spotify:album:000000000000000000000a"}"#;
    assert_eq!(ask(&server, "PUT", &format!("/me/player/play{device}"), album).0, 404);
    assert_eq!(missing(), (404, "spotify:album:0a".to_owned()));
}

#[test]
fn items_without_an_object_can_be_saved_removed_and_added() {
    let library = Library::from_json(&MENTIONS.replace("grace", "ada")).unwrap();
    let server = Server::builder().library(library).start().unwrap();
    let spotify = server.client().unwrap();
    let saved = "spotify:track:000000000000000000000t";
    assert!(server.library().contains(&saved.parse().unwrap()));
    for _ in 0..2 {
        spotify.remove_saved_items([saved]).send().unwrap();
        assert_eq!(spotify.are_items_saved([saved]).send().unwrap(), [false]);
        spotify.save_items([saved]).send().unwrap();
        assert_eq!(spotify.get_my_saved_tracks().send().unwrap().total, Some(1));
    }
    let (id, uri) = ("000000000000000000000p", "spotify:track:000000000000000000002t");
    let total = || spotify.get_playlist_items(id).send().unwrap().total.unwrap();
    spotify.remove_playlist_items(id, [uri]).send().unwrap();
    assert_eq!(total(), 2);
    spotify.add_playlist_items(id, [uri, saved]).send().unwrap();
    assert_eq!(total(), 4);

    // With its object an item is complete, wherever it is.
    let object = serde_json::json!({"name": "Two"});
    server.add_object(uri.parse().unwrap(), &object);
    server.add_object(saved.parse().unwrap(), &object);
    let page = get(&server, &format!("/playlists/{id}/items"));
    let names: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|item| &item["item"]["name"]).collect();
    assert_eq!(names, [&NULL, &"Three".into(), &"Two".into(), &"Two".into()]);
    assert_eq!(spotify.get_my_saved_tracks().send().unwrap().items[0].track.name, "Two");
    assert!(server.requests().pop().unwrap().missing.is_empty());
}

#[test]
fn broken_libraries_are_rejected_with_a_position() {
    let error = |text: &str| Library::from_json(text).unwrap_err().to_string();
    let with = |fields: &str| {
        let head = "{\"version\": 1, \"user\": \"ada\", \"begun_at\": \"2026-11-30T09:00:00Z\"";
        error(&format!("{head},\n{fields}}}"))
    };
    let problems = [
        error(""),
        error("[1]"),
        error("{\"version\": 1, \"user\": \"ada\""),
        error(
            "{\"user\": \"ada\", \"begun_at\": \"2026-11-30T09:00:00Z\", \"tracks\": {\"rows\": []}}",
        ),
        error("{\"version\": 2, \"what\": 1}"),
        error("{\"version\": \"1\"}"),
        error("{\"version\": 1, \"user\": \"ada\"}"),
        with("\"trakcs\": {}"),
        with("\"tracks\": {\"items\": [{\"uri\": \"spotify:album:0eFHYz8NmK75zSplL5qlfM\"}]}"),
        with("\"tracks\": {\"items\": [{\"uri\": \"7ouMYWpwJ422jRcDASZB7P\"}]}"),
        with("\"tracks\": {\"items\": [{\"url\": null}]}"),
        with("\"tracks\": {\"unreadable\": {\"0\": \"nul\"}}"),
        with("\"tracks\": {\"checkpoint\": \"somewhere\"}"),
        with("\"playlists\": {\"items\": [{\"name\": \"no id\"}]}"),
        with(
            "\"playlists\": {\"items\": [{\"id\": \"3cEYpjA9oz9GiPac4AsH4n\", \"unavailable\": {\"status\": 200, \"message\": \"\"}}]}",
        ),
        with("\"objects\": {\"track\": {}}"),
        with("\"objects\": {\"spotify:track:7ouMYWpwJ422jRcDASZB7P\": []}"),
    ];
    insta::assert_snapshot!(problems.join("\n"), @r#"
    the library: expected a library, an object with the field `version`, found something else
    the library: expected a library, an object with the field `version`, found something else
    the library, line 1, column 28: EOF while parsing an object
    the library: expected version 1 of the format, found a file without `version`; back up the library again, to another file
    the library: expected version 1 of the format, found 2; read it with the version of Tonearm that wrote it
    the library: expected version 1 of the format, found "1"; read it with the version of Tonearm that wrote it
    the library, line 1, column 29: missing field `begun_at`
    the library, line 2, column 8: unknown field `trakcs`, expected one of `version`, `user`, `begun_at`, `tracks`, `albums`, `shows`, `episodes`, `audiobooks`, `artists`, `playlists`, `objects`
    the library, line 2, column 69: expected a URI such as `spotify:track:…`, found `spotify:album:0eFHYz8NmK75zSplL5qlfM`
    the library, line 2, column 54: expected a Spotify URI, found `7ouMYWpwJ422jRcDASZB7P`
    the library, line 2, column 27: unknown field `url`, expected one of `uri`, `name`, `by`, `added_at`, `added_by`
    the library, line 2, column 38: expected JSON as text, found `nul`
    the library, line 2, column 36: unknown variant `somewhere`, expected one of `start`, `offset`, `after`, `before`
    the library, line 2, column 41: missing field `id`
    the library, line 2, column 86: expected a status from 400 to 599, found 200
    the library, line 2, column 19: expected a Spotify URI, found `track`
    the library, line 2, column 55: expected an object for `spotify:track:7ouMYWpwJ422jRcDASZB7P`, found []
    "#);
}

#[test]
fn part_of_a_backup_is_rejected_at_the_start() {
    let error = |library| Server::builder().library(library).start().unwrap_err().to_string();
    let part = Library::new("ada".parse().unwrap());
    insta::assert_snapshot!(error(part), @"library: expected a complete library, found only a part of the saved tracks; create it with `Library::empty`, or complete the backup with `backup`");
    let mut library = Library::empty("ada".parse().unwrap());
    library.playlists = List::unread();
    insta::assert_snapshot!(error(library.clone()), @"library: expected a complete library, found only a part of the playlists; create it with `Library::empty`, or complete the backup with `backup`");
    library.playlists = List::default();
    let mut playlist = Playlist::new("3cEYpjA9oz9GiPac4AsH4n".parse().unwrap());
    playlist.name = "Demos".to_owned();
    library.playlists.items =
        vec![Playlist::empty("37i9dQZF1DXcBWIGoYBM5M".parse().unwrap()), playlist];
    insta::assert_snapshot!(error(library.clone()), @"library: expected a complete library, found the playlist `3cEYpjA9oz9GiPac4AsH4n` (Demos), whose items have not all been read; create it with `Playlist::empty`, or complete the backup with `backup`");
    // Spotify does not return the items of this one.
    library.playlists.items[1].unavailable =
        serde_json::from_str(r#"{"status": 404, "message": "Resource not found"}"#).unwrap();
    assert!(library.is_complete());
    let server = Server::builder().library(library).start().unwrap();
    let playlist = server.client().unwrap().get_playlist("37i9dQZF1DXcBWIGoYBM5M").send().unwrap();
    assert_eq!(playlist.items.and_then(|items| items.total), Some(0));
}

#[test]
fn new_user_has_an_empty_library_and_a_reset_restores_the_own_one() {
    let server = server();
    server.reset_to_new_user();
    let spotify = server.client().unwrap();
    assert_eq!(spotify.get_me().send().unwrap().id, server.catalog().users()[139]);
    assert_eq!(spotify.get_my_playlists().send().unwrap().total, Some(0));
    // The objects are still there.
    spotify.get_track("7ouMYWpwJ422jRcDASZB7P").send().unwrap();

    server.reset();
    assert_eq!(spotify.get_me().send().unwrap().id, "ada");
    assert_eq!(spotify.get_my_playlists().send().unwrap().total, Some(2));
}
