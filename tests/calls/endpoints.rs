//! Endpoints with unusual requests and responses.
//!
//! Examples are writes in several requests, links to another path, and responses without a body.

use super::support::{Reply, Seen, Server, answer, json};
use tonearm::param::Jpeg;
use tonearm::{AdditionalType, Error, Market, SpotifyUri, TunableAttribute, search_item};

const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";

fn uris(count: usize) -> Vec<SpotifyUri> {
    (0..count).map(|n| format!("spotify:track:{n:022}").parse().unwrap()).collect()
}

fn body(seen: &Seen) -> serde_json::Value {
    serde_json::from_slice(&seen.body).unwrap()
}

/// Returns a different snapshot id for each write.
fn versions() -> Server {
    Server::start(|_, number| json(201, format!(r#"{{"snapshot_id":"version {number}"}}"#)))
}

#[test]
fn position_advances_over_several_add_requests() {
    let server = versions();
    let uris = uris(250);
    let call = server.client().add_playlist_items(PLAYLIST, &uris).position(3);
    let requests = call.requests().unwrap();
    let snapshot = call.send().unwrap().unwrap();
    assert_eq!(&*snapshot.snapshot_id, "version 2", "the last snapshot id is returned");
    let bodies: Vec<_> = server.seen().iter().map(body).collect();
    assert_eq!(
        bodies.iter().map(|body| body["position"].as_u64()).collect::<Vec<_>>(),
        [Some(3), Some(103), Some(203)]
    );
    let sent: Vec<_> =
        bodies.iter().flat_map(|body| body["uris"].as_array().unwrap().clone()).collect();
    assert_eq!(sent, uris.iter().map(|uri| uri.to_string()).collect::<Vec<_>>());
    let told: Vec<_> = requests.iter().map(|request| request.body().unwrap()).collect();
    let sent: Vec<_> =
        server.seen().iter().map(|seen| String::from_utf8(seen.body.clone()).unwrap()).collect();
    assert_eq!(told, sent, "`requests()` returns the requests that are sent");
}

#[test]
fn position_is_omitted_if_not_set() {
    let server = versions();
    server.client().add_playlist_items(PLAYLIST, uris(150)).send().unwrap();
    assert!(server.seen().iter().all(|seen| body(seen).get("position").is_none()));
}

#[test]
fn replacing_over_100_items_puts_100_and_posts_the_rest() {
    let server = versions();
    let spotify = server.client();
    let snapshot = spotify.replace_playlist_items(PLAYLIST, uris(250)).send().unwrap();
    assert_eq!(&*snapshot.snapshot_id, "version 2");
    let lines: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| {
            format!(
                "{} {} {}",
                seen.method(),
                seen.target(),
                body(seen)["uris"].as_array().unwrap().len()
            )
        })
        .collect();
    let path = format!("/v1/playlists/{PLAYLIST}/items");
    assert_eq!(
        lines,
        [format!("PUT {path} 100"), format!("POST {path} 100"), format!("POST {path} 50")]
    );
}

#[test]
fn empty_list_clears_a_playlist_but_adds_and_removes_nothing() {
    let server = versions();
    let spotify = server.client();
    assert_eq!(
        &*spotify.replace_playlist_items(PLAYLIST, uris(0)).send().unwrap().snapshot_id,
        "version 0"
    );
    assert_eq!(body(&server.seen()[0]), serde_json::json!({ "uris": [] }));
    assert!(spotify.add_playlist_items(PLAYLIST, uris(0)).send().unwrap().is_none());
    assert!(spotify.remove_playlist_items(PLAYLIST, uris(0)).send().unwrap().is_none());
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn partial_removal_lists_the_remaining_uris() {
    let server = Server::start(|_, number| match number {
        0 => json(200, r#"{"snapshot_id":"a"}"#),
        _ => json(403, r#"{"error":{"status":403,"message":"Forbidden"}}"#),
    });
    let uris = uris(120);
    let error = server.client().remove_playlist_items(PLAYLIST, &uris).send().unwrap_err();
    assert_eq!(
        body(&server.seen()[0])["items"][0],
        serde_json::json!({ "uri": uris[0].to_string() })
    );
    let Error::PartialWrite(partial) = error else { panic!("{error}") };
    assert_eq!((partial.completed.len(), partial.remaining.len()), (100, 20));
    assert_eq!(partial.remaining[19], uris[119].to_string());
}

#[test]
fn conflicting_parameters_are_rejected_before_sending() {
    let spotify = tonearm::Spotify::from_token("token").unwrap();
    let album = "spotify:album:382ObEPsp2rxGrnsizN5TX";
    let both =
        spotify.start_playback().context_uri(album).uris(["spotify:track:7ouMYWpwJ422jRcDASZB7P"]);
    insta::assert_snapshot!(both.request().unwrap_err(), @"start_playback: `context_uri`: expected no `uris` beside it, found both; leave one out; nothing was sent");
    let places = spotify
        .start_playback()
        .offset_position(1)
        .offset_uri("spotify:track:7ouMYWpwJ422jRcDASZB7P");
    assert!(places.request().is_err());
    let track = spotify.start_playback().context_uri("spotify:track:7ouMYWpwJ422jRcDASZB7P");
    assert!(track.request().is_err(), "a track is not a context");
    let user = spotify.start_playback().context_uri("spotify:user:ada");
    assert!(user.request().is_err(), "a user is not a context");
    // This URI is the context of a playback of saved tracks.
    let saved = spotify.start_playback().context_uri("spotify:user:ada:collection");
    let body = saved.request().unwrap().body();
    assert_eq!(body.as_deref(), Some(r#"{"context_uri":"spotify:user:ada:collection"}"#));
    assert_eq!(spotify.start_playback().request().unwrap().body(), None, "resuming has no body");
}

#[test]
fn combined_limits_of_parameters_are_checked() {
    let spotify = tonearm::Spotify::from_token("token").unwrap();
    let far = spotify.search_for("x", search_item::Track).limit(50).offset(951);
    insta::assert_snapshot!(far.request().unwrap_err(), @"search_for: `offset`: expected the sum of `limit` and `offset` to be at most 1000, found 1001; nothing was sent");
    assert!(spotify.search_for("x", search_item::Track).limit(50).offset(950).request().is_ok());
    assert!(
        spotify.search_for("x", search_item::Track).offset(981).request().is_err(),
        "the default `limit` is part of the sum"
    );
    let none = spotify.get_recommendations().request().unwrap_err();
    insta::assert_snapshot!(none, @"get_recommendations: `seed_tracks`: expected the sum of `seed_artists` and `seed_genres` and `seed_tracks` to be from 1 to 5, found 0; nothing was sent");
    let six = spotify.get_recommendations().seed_genres(["a,b,c,d,e,f"]);
    assert!(six.request().is_err());
}

#[test]
fn tunable_attributes_become_separate_query_keys() {
    let spotify = tonearm::Spotify::from_token("token").unwrap();
    let call = spotify.get_recommendations().seed_genres(["jazz"]);
    let tuned = call.clone().tune([
        TunableAttribute::Energy.at_least(0.25),
        TunableAttribute::Tempo.target(120.0),
        TunableAttribute::Key.at_most(7.0),
    ]);
    assert_eq!(
        tuned.request().unwrap().url(),
        "https://api.spotify.com/v1/recommendations?seed_genres=jazz&min_energy=0.25&target_tempo=120&max_key=7"
    );
    insta::assert_snapshot!(call.clone().tune(["min_charm=1"]).request().unwrap_err(), @"get_recommendations: `tune`: expected an attribute and a value such as `min_energy=0.4`, found `min_charm=1`; nothing was sent");
    assert!(call.tune([TunableAttribute::Energy.target(f64::NAN)]).request().is_err());
}

#[test]
fn playlist_cover_is_checked_and_sent_as_base64() {
    let server = Server::start(|_, _| answer(202, &[], b""));
    let spotify = server.client();
    let picture = [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 90]].concat();
    spotify.upload_playlist_cover(PLAYLIST, Jpeg::from_bytes(&picture)).send().unwrap();
    let seen = server.seen().remove(0);
    assert_eq!(
        (seen.header("content-type"), seen.header("content-length")),
        (Some("image/jpeg"), Some("128"))
    );
    assert!(seen.body.starts_with(b"/9j/") && !seen.body.contains(&b'\n'));
    let png =
        spotify.upload_playlist_cover(PLAYLIST, Jpeg::from_bytes(b"\x89PNG")).send().unwrap_err();
    insta::assert_snapshot!(png, @"upload_playlist_cover: `cover`: expected a JPEG, which begins with the bytes FF D8 FF; nothing was sent");
    let large = [&[0xff, 0xd8, 0xff][..], &[0; 200_000]].concat();
    let large =
        spotify.upload_playlist_cover(PLAYLIST, Jpeg::from_bytes(large)).send().unwrap_err();
    insta::assert_snapshot!(large, @"upload_playlist_cover: `cover`: expected at most 262144 characters of base64, found 266672; use a smaller image; nothing was sent");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn empty_playback_response_gives_none() {
    let server = Server::start(|_, number| match number {
        0 => Reply::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        1 => json(200, ""),
        _ => json(200, r#"{"is_playing":true,"item":null}"#),
    });
    let spotify = server.client();
    assert!(spotify.get_playback().send().unwrap().is_none());
    assert!(spotify.get_playback().send().unwrap().is_none());
    assert!(
        spotify
            .get_playback()
            .additional_types([AdditionalType::Track])
            .send()
            .unwrap()
            .unwrap()
            .is_playing
    );
    let targets: Vec<_> = server.seen().iter().map(|seen| seen.target().to_owned()).collect();
    assert_eq!(
        targets[1..],
        ["/v1/me/player?additional_types=track,episode", "/v1/me/player?additional_types=track"]
    );
}

#[test]
fn player_commands_ignore_a_body_that_is_not_json() {
    let server =
        Server::start(|_, _| answer(200, &[("content-type", "application/json")], b"GpqtUNZroN"));
    let spotify = server.client();
    spotify.pause_playback().send().unwrap();
    spotify.skip_to_next().send().unwrap();
    spotify.set_volume(50u32).send().unwrap();
    assert_eq!(
        server.seen()[1].header("content-length"),
        Some("0"),
        "a POST without a body has a content length"
    );
}

#[test]
fn batch_results_keep_order_and_null_items() {
    let server = Server::start(|seen, _| {
        let ids = seen.target().split_once("ids=").unwrap().1;
        let rows: Vec<_> = ids
            .split(',')
            .map(|id| {
                if id.ends_with('7') {
                    "null".to_owned()
                } else {
                    format!(r#"{{"id":"{id}","name":"{id}"}}"#)
                }
            })
            .collect();
        json(200, format!(r#"{{"albums":[{}]}}"#, rows.join(",")))
    });
    let albums = server.client().get_albums((0..45).map(|n| format!("{n:022}"))).send().unwrap();
    assert_eq!((albums.len(), server.seen().len()), (45, 3));
    for (n, album) in albums.iter().enumerate() {
        assert_eq!(
            album.as_ref().map(|album| album.id.to_string()),
            (n % 10 != 7).then(|| format!("{n:022}"))
        );
    }
}

#[test]
fn search_for_reads_the_field_of_its_type() {
    let server = Server::json(
        r#"{"tracks":{"items":[{"name":"T"},null],"total":9},"artists":{"items":[{"id":"2CIMQHirSU0MQqyYHq0eOx","name":"A"}]}}"#,
    );
    let spotify = server.client();
    let tracks = spotify.search_for("x", search_item::Track).send().unwrap();
    assert_eq!((&*tracks.items[0].name, tracks.skipped.len(), tracks.total), ("T", 1, Some(9)));
    assert_eq!(&*spotify.search_for("x", search_item::Artist).send().unwrap().items[0].name, "A");
    assert!(
        spotify.search_for("x", search_item::Show).send().is_err(),
        "the response has no `shows`"
    );
}

#[test]
fn history_is_paginated_by_cursor_to_its_end() {
    let server = Server::start(|seen, number| {
        let host = seen.header("host").unwrap();
        let row = |at: u32| {
            format!(r#"{{"track":{{"name":"{at}"}},"played_at":"2024-01-01T00:00:{at:02}Z"}}"#)
        };
        match number {
            0 => json(
                200,
                format!(
                    r#"{{"items":[{},{}],"limit":2,"next":"http://{host}/v1/me/player/recently-played?before=1484811043508&limit=2","cursors":{{"after":"1","before":"1484811043508"}}}}"#,
                    row(9),
                    row(8)
                ),
            ),
            1 => json(
                200,
                format!(
                    r#"{{"items":[{}],"limit":2,"next":"http://{host}/v1/me/player/recently-played?before=7&limit=2","cursors":{{"before":"7"}}}}"#,
                    row(7)
                ),
            ),
            _ => json(200, r#"{"items":[],"next":null,"cursors":null}"#),
        }
    });
    let played = server.client().get_recently_played().limit(2).collect_all().unwrap();
    let names: Vec<_> = played.iter().map(|play| &*play.track.name).collect();
    assert_eq!(names, ["9", "8", "7"]);
    assert_eq!(
        server.seen()[1].target(),
        "/v1/me/player/recently-played?limit=2&before=1484811043508"
    );
}

#[test]
fn nothing_looks_the_same_for_all_reads_that_may_have_nothing() {
    for (status, body) in [(204, ""), (200, ""), (200, " \n"), (200, "null"), (200, " null ")] {
        let server = Server::canned([json(status, body)]);
        let spotify = server.client();
        let context = format!("{status} {body:?}");
        assert_eq!(spotify.get_playback().send().unwrap(), None, "{context}");
        assert_eq!(spotify.get_currently_playing().send().unwrap(), None, "{context}");
        let queue = spotify.get_queue().send().unwrap();
        assert_eq!((queue.currently_playing, queue.queue.len()), (None, 0), "{context}");
        assert_eq!(spotify.get_devices().send().unwrap(), [], "{context}");
        assert_eq!(spotify.get_recently_played().send().unwrap().items, [], "{context}");
        assert_eq!(spotify.get_recently_played().collect_all().unwrap(), [], "{context}");
        assert_eq!(spotify.get_my_saved_tracks().collect_all().unwrap(), [], "{context}");
        assert_eq!(spotify.get_my_followed_artists().send().unwrap().items, [], "{context}");
        // For an object that was requested by its id, an empty response is an error.
        let album = spotify.get_album("382ObEPsp2rxGrnsizN5TX").send();
        assert!(matches!(album, Err(Error::Decode(_))), "{context}");
        assert!(!album.unwrap_err().may_have_taken_effect(), "{context}");
        let saved = spotify.are_albums_saved(["382ObEPsp2rxGrnsizN5TX"]).send();
        assert!(matches!(saved, Err(Error::Decode(_))), "{context}");
    }
    let server =
        Server::canned([json(200, r#"{"devices": null}"#), json(200, r#"{"artists": null}"#)]);
    assert_eq!(server.client().get_devices().send().unwrap(), []);
    assert_eq!(server.client().get_my_followed_artists().send().unwrap().items, []);
}

#[test]
fn a_write_whose_response_cannot_be_read_took_effect() {
    for (status, body) in [(201, ""), (200, "OK"), (200, "{"), (200, "[]"), (201, "null")] {
        let server = Server::canned([json(status, body)]);
        let spotify = server.client();
        let track = "spotify:track:7ouMYWpwJ422jRcDASZB7P";
        let results = [
            spotify.create_playlist("A").send().map(drop),
            spotify
                .reorder_playlist_items(PLAYLIST)
                .range_start(0)
                .insert_before(1)
                .send()
                .map(drop),
            spotify.replace_playlist_items(PLAYLIST, [track]).send().map(drop),
            spotify
                .create_playlist("A")
                .send_as::<std::collections::BTreeMap<String, u8>>()
                .map(drop),
        ];
        for result in results {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::Decode(_)) && error.may_have_taken_effect(), "{error}");
        }
        for result in [
            spotify.add_playlist_items(PLAYLIST, [track]).send(),
            spotify.remove_playlist_items(PLAYLIST, [track]).send(),
        ] {
            match result {
                // The body has no snapshot id.
                Ok(snapshot) => {
                    assert!(snapshot.is_none() && matches!(body, "" | "null"), "{body}")
                }
                Err(error) => assert!(error.may_have_taken_effect(), "{error}"),
            }
        }
    }
    let server = Server::canned([json(201, ""), json(200, "OK")]);
    let error = || server.client().create_playlist("A").send().unwrap_err();
    insta::assert_snapshot!(error(), @"create_playlist: expected JSON, found an empty body with status 201; retry, or ignore the body with `send_raw`; if the response is Spotify's, the write has taken effect");
    insta::assert_snapshot!(error(), @"create_playlist: expected JSON, found other text: expected value at line 1 column 1, near `OK`; check the network, the base URL and the proxy; if the response is Spotify's, the write has taken effect");
}

#[test]
fn elements_of_a_list_that_cannot_be_read_do_not_cost_the_list() {
    let server = Server::canned([
        json(200, r#"{"markets": ["FI", "xx", 7, null, "SE"]}"#),
        json(200, r#"{"devices": [{"name": "A"}, "B", {"name": "C"}]}"#),
        json(200, r#"{"markets": [1, 2]}"#),
        json(200, r#"{"albums": [{"id": "1"}, {"name": "A"}, null]}"#),
    ]);
    let spotify = server.client();
    assert_eq!(spotify.get_markets().send().unwrap(), [Market::FI, Market::SE]);
    let devices = spotify.get_devices().send().unwrap();
    assert_eq!(devices.iter().map(|device| &*device.name).collect::<Vec<_>>(), ["A", "C"]);
    assert!(spotify.get_markets().send().is_err(), "no element can be read");
    let ids = ["382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo", "2up3OPMp9Tb4dAKM2erWXQ"];
    let albums = spotify.get_albums(ids).send().unwrap();
    assert_eq!(albums.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false]);
}
