//! Batches of ids that need several requests: their order, the joined responses, and partial writes.

use std::sync::{Arc, Mutex};

use super::support::{Reply, Seen, Server, json};
use tonearm::param::TimestampedId;
use tonearm::{AlbumId, Error, Event, SpotifyUri, Timestamp, TrackId};

const URIS: [&str; 2] =
    ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh", "spotify:track:7ouMYWpwJ422jRcDASZB7P"];
const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";

fn ids(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
    range.map(|n| format!("{n:022}")).collect()
}

/// The ids of a request, as numbers.
fn sent(seen: &Seen) -> Vec<u32> {
    let list = seen.target().split_once("ids=").map_or("", |(_, list)| list);
    list.split(',').filter(|id| !id.is_empty()).map(|id| id.parse().unwrap()).collect()
}

/// Returns `true` for each even id of a request, and `false` for each odd one.
fn evens(seen: &Seen) -> Reply {
    let answers: Vec<_> = sent(seen).iter().map(|id| (id % 2 == 0).to_string()).collect();
    json(200, format!("[{}]", answers.join(",")))
}

#[test]
fn results_are_joined_in_the_order_of_the_ids() {
    let server = Server::start(|seen, _| evens(seen));
    let album_ids: Vec<AlbumId> = ids(1..=45).iter().map(|id| id.parse().unwrap()).collect();
    let saved = server.client().are_albums_saved(&album_ids).send().unwrap();
    assert_eq!(saved, (1..=45).map(|n| n % 2 == 0).collect::<Vec<_>>());
    let chunks: Vec<_> = server.seen().iter().map(sent).collect();
    assert_eq!(chunks.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
    assert_eq!(chunks.concat(), (1..=45).collect::<Vec<_>>());
}

#[test]
fn id_lists_accept_ids_text_references_and_iterators() {
    let server = Server::start(|seen, _| evens(seen));
    let spotify = server.client();
    let id: AlbumId = ids(2..=2)[0].parse().unwrap();
    let text = "0000000000000000000002";
    let two = [text, "0000000000000000000003"];
    let calls = [
        spotify.are_albums_saved([id.clone()]),
        spotify.are_albums_saved([&id]),
        spotify.are_albums_saved(vec![id.clone()]),
        spotify.are_albums_saved(&[id.clone()][..]),
        spotify.are_albums_saved(Some(&id)),
        spotify.are_albums_saved([text]),
        spotify.are_albums_saved([text].iter()),
        spotify.are_albums_saved([text.to_owned()]),
        spotify.are_albums_saved(&[text.to_owned()]),
        spotify.are_albums_saved(["https://open.spotify.com/album/0000000000000000000002?si=x"]),
        spotify.are_albums_saved(["spotify:album:0000000000000000000002"]),
    ];
    for call in calls {
        assert_eq!(call.send().unwrap(), [true]);
    }
    assert_eq!(spotify.are_albums_saved([two.join(",")]).send().unwrap(), [true, false]);
    assert_eq!(
        spotify
            .are_albums_saved([" 0000000000000000000002 , 0000000000000000000004", two[1]])
            .send()
            .unwrap(),
        [true, true, false]
    );
}

#[test]
fn empty_id_list_sends_nothing_and_returns_empty() {
    let server = Server::json("[]");
    let spotify = server.client();
    let none: [AlbumId; 0] = [];
    assert!(spotify.are_albums_saved(&none).send().unwrap().is_empty());
    spotify.save_albums(none.clone()).send().unwrap();
    spotify.save_tracks([] as [TrackId; 0]).send().unwrap();
    spotify.save_items([] as [SpotifyUri; 0]).send().unwrap();
    assert_eq!(spotify.are_albums_saved(&none).send_raw().unwrap().len(), 0);
    assert!(spotify.are_albums_saved(&none).requests().unwrap().is_empty());
    assert!(spotify.are_albums_saved(&none).request().is_err());
    assert_eq!(server.seen().len(), 0);
    assert!(spotify.are_albums_saved([""]).send().is_err(), "an empty string is not an empty list");
}

#[test]
fn request_fails_if_the_call_needs_several_requests() {
    let spotify = tonearm::Spotify::from_token("token").unwrap();
    let call = spotify.are_albums_saved(ids(1..=45));
    assert_eq!(call.requests().unwrap().len(), 3);
    insta::assert_snapshot!(call.request().unwrap_err(), @"are_albums_saved: `album_ids`: expected ids for one request, found ids for 3; use `.requests()`; nothing was sent");
}

#[test]
fn partial_write_lists_completed_and_remaining_ids() {
    let server = Server::start(|_, number| match number {
        2 => json(502, r#"{"error":{"status":502,"message":"Bad gateway."}}"#),
        _ => json(200, ""),
    });
    let error = server.client().save_albums(ids(1..=70)).send().unwrap_err();
    insta::assert_snapshot!(error, @"save_albums: partial write: 40 of 70 completed, 30 remaining; Spotify returned 502: `Bad gateway.`; Spotify failed to process the request: retry later");
    assert_eq!((error.status(), error.is_retryable()), (Some(502), true));
    let Error::PartialWrite(partial) = error else { panic!("{error}") };
    assert_eq!(partial.completed, ids(1..=40));
    assert_eq!(partial.remaining, ids(41..=70));
    assert!(partial.uncertain.is_empty());
    assert_eq!(server.seen().len(), 3, "nothing is sent after the error");
}

#[test]
fn partial_write_returns_the_reason_and_the_login_of_its_error() {
    for (failure, expected) in [
        (json(401, ""), (None, true)),
        (
            json(403, r#"{"error":{"status":403,"message":"","reason":"OTHER"}}"#),
            (Some("OTHER"), false),
        ),
    ] {
        let server = Server::canned([json(200, ""), failure]);
        let error = server.client().save_albums(ids(1..=40)).send().unwrap_err();
        assert!(matches!(error, Error::PartialWrite(_)), "{error}");
        assert_eq!((error.reason(), error.requires_login()), expected);
    }
}

#[test]
fn addition_that_may_have_taken_effect_is_uncertain() {
    let uris: Vec<String> = ids(1..=250).iter().map(|id| format!("spotify:track:{id}")).collect();
    let lost = || Reply::Last(Vec::new());
    for (number, failure) in [
        (1, lost()),
        (1, json(504, "")),
        (2, json(500, "")),
        (2, json(520, "")),
        (0, json(502, "")),
    ] {
        let server = Server::start(move |_, sent| match sent {
            _ if sent == number => failure.clone(),
            _ => json(201, r#"{"snapshot_id":"a"}"#),
        });
        let error = server.client().add_playlist_items(PLAYLIST, &uris).send().unwrap_err();
        assert!(error.may_have_taken_effect(), "{error}");
        let text = error.to_string();
        assert_eq!(text.matches("add_playlist_items").count(), 1, "{text}");
        assert!(text.contains("may have taken effect"), "{text}");
        let Error::PartialWrite(partial) = error else { panic!("{error}") };
        assert!(partial.error.may_have_taken_effect());
        let (before, after) = (number * 100, (number * 100 + 100).min(250));
        assert_eq!(partial.completed, uris[..before]);
        assert_eq!(partial.uncertain, uris[before..after]);
        assert_eq!(partial.remaining, uris[after..]);
    }
}

#[test]
fn single_addition_that_may_have_taken_effect_is_uncertain() {
    for failure in [Reply::Last(Vec::new()), json(504, "")] {
        let server = Server::canned([failure, json(201, r#"{"snapshot_id":"a"}"#)]);
        let spotify = server.client();
        let error = spotify.add_playlist_items(PLAYLIST, URIS).send().unwrap_err();
        assert!(error.may_have_taken_effect(), "{error}");
        let Error::PartialWrite(partial) = error else { panic!("{error}") };
        assert!(partial.completed.is_empty() && partial.remaining.is_empty());
        assert_eq!(partial.uncertain, URIS);
        assert!(partial.checkpoint().is_some());
        assert!(partial.resume(&spotify).is_err());
        assert_eq!(server.seen().len(), 1);
        partial.clone().uncertain_took_effect(true).resume(&spotify).unwrap();
        assert_eq!(server.seen().len(), 1);
        partial.uncertain_took_effect(false).resume(&spotify).unwrap();
        assert_eq!(server.seen().len(), 2);
    }
    // Nothing is uncertain if the request was rejected, or if the call has no list.
    for failure in [Reply::Last(Vec::new()), json(400, "")] {
        let server = Server::start(move |_, _| failure.clone());
        let spotify = server.client();
        let error = spotify.skip_to_next().send().unwrap_err();
        assert!(!matches!(error, Error::PartialWrite(_)), "{error}");
    }
    let server = Server::canned([json(400, "")]);
    let error = server.client().add_playlist_items(PLAYLIST, URIS).send().unwrap_err();
    assert!(matches!(error, Error::Status(_)), "{error}");
}

#[test]
fn idempotent_write_that_may_have_taken_effect_remains() {
    for failure in [Reply::Last(Vec::new()), json(504, "")] {
        let server = Server::start(move |_, number| match number {
            1 => failure.clone(),
            _ => json(200, ""),
        });
        let error = server.client().save_albums(ids(1..=50)).send().unwrap_err();
        assert!(error.may_have_taken_effect(), "{error}");
        let Error::PartialWrite(partial) = error else { panic!("{error}") };
        assert_eq!((partial.completed, partial.remaining), (ids(1..=20), ids(21..=50)));
        assert!(partial.uncertain.is_empty());
    }
}

#[test]
fn failure_of_the_first_request_is_not_a_partial_write() {
    // The call can be repeated: nothing has taken effect, or the request is idempotent.
    let refused = json(403, r#"{"error":{"status":403,"message":"Not today"}}"#);
    for (failure, status) in
        [(refused, Some(403)), (json(500, ""), Some(500)), (Reply::Last(Vec::new()), None)]
    {
        let server = Server::start(move |_, _| failure.clone());
        let error = server.client().save_albums(ids(1..=50)).send().unwrap_err();
        assert!(!matches!(error, Error::PartialWrite(_)), "{error}");
        assert_eq!(error.status(), status);
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn send_raw_reports_partial_writes() {
    let server = Server::start(|_, number| match number {
        1 => Reply::Last(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        _ => json(500, "{}"),
    });
    let error = server.client().save_albums(ids(1..=30)).send_raw().unwrap_err();
    let Error::PartialWrite(partial) = error else { panic!("{error}") };
    assert_eq!(
        (partial.completed.len(), partial.uncertain.len(), partial.remaining.len()),
        (20, 0, 10)
    );
}

#[test]
fn failed_read_returns_an_error_not_a_partial_result() {
    let server = Server::start(|seen, number| match number {
        1 => json(500, "{}"),
        _ => evens(seen),
    });
    let error = server.client().are_albums_saved(ids(1..=50)).send().unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert!(!matches!(error, Error::PartialWrite(_)));
}

#[test]
fn response_with_too_few_values_fails_to_decode() {
    let server = Server::json("[true]");
    let error = server.client().are_albums_saved(ids(1..=2)).send().unwrap_err();
    insta::assert_snapshot!(error, @"are_albums_saved: cannot decode the response: expected 2 values, one for each id, found 1, near `[true]`; `send_as` decodes it into another type, and `send_raw` returns it undecoded");
}

#[test]
fn save_tracks_accepts_ids_timestamped_pairs_and_a_mix() {
    let server = Server::json("");
    let spotify = server.client();
    let at: Timestamp = "2010-01-01T00:00:00Z".parse().unwrap();
    let id: TrackId = "4iV5W9uYEdYUVa79Axb7Rh".parse().unwrap();
    spotify.save_tracks([&id]).send().unwrap();
    spotify.save_tracks(["4iV5W9uYEdYUVa79Axb7Rh,11dFghVXANMlKmJXsNCbNl"]).send().unwrap();
    spotify.save_tracks([(&id, at)]).send().unwrap();
    spotify.save_tracks([(id.clone(), "2010-01-01T00:00:00Z")]).send().unwrap();
    spotify.save_tracks(&[(id.clone(), at)]).send().unwrap();
    spotify
        .save_tracks([("4iV5W9uYEdYUVa79Axb7Rh", std::time::SystemTime::from(at))])
        .send()
        .unwrap();
    spotify
        .save_tracks([("4iV5W9uYEdYUVa79Axb7Rh", Some(at)), ("11dFghVXANMlKmJXsNCbNl", None)])
        .send()
        .unwrap();
    spotify.save_tracks([TimestampedId::from(&id), TimestampedId::from((&id, at))]).send().unwrap();
    let bodies: Vec<_> =
        server.seen().iter().map(|seen| String::from_utf8(seen.body.clone()).unwrap()).collect();
    let bare = r#"{"ids":["4iV5W9uYEdYUVa79Axb7Rh"]}"#;
    let stamped = r#"{"timestamped_ids":[{"id":"4iV5W9uYEdYUVa79Axb7Rh","added_at":"2010-01-01T00:00:00Z"}]}"#;
    assert_eq!(
        bodies,
        [
            bare,
            r#"{"ids":["4iV5W9uYEdYUVa79Axb7Rh","11dFghVXANMlKmJXsNCbNl"]}"#,
            stamped,
            stamped,
            stamped,
            stamped,
            stamped,
            r#"{"ids":["11dFghVXANMlKmJXsNCbNl"]}"#,
            stamped,
            bare,
        ]
    );
    let bad = spotify.save_tracks([("4iV5W9uYEdYUVa79Axb7Rh", "yesterday")]).send().unwrap_err();
    insta::assert_snapshot!(bad, @"save_tracks: `track_ids`: expected a time such as `2017-05-26T00:00:00Z`, found `yesterday`; nothing was sent");
}

#[test]
fn save_items_accepts_typed_ids_uris_and_links() {
    let server = Server::json("");
    let spotify = server.client();
    let album: AlbumId = "382ObEPsp2rxGrnsizN5TX".parse().unwrap();
    let mixed: [SpotifyUri; 2] = [album.clone().into(), "spotify:user:smedjan".parse().unwrap()];
    spotify.save_items([&album]).send().unwrap();
    spotify.save_items(&mixed).send().unwrap();
    spotify.save_items(["https://open.spotify.com/artist/2CIMQHirSU0MQqyYHq0eOx"]).send().unwrap();
    let targets: Vec<_> = server.seen().iter().map(|seen| seen.target().to_owned()).collect();
    assert_eq!(
        targets,
        [
            "/v1/me/library?uris=spotify:album:382ObEPsp2rxGrnsizN5TX",
            "/v1/me/library?uris=spotify:album:382ObEPsp2rxGrnsizN5TX,spotify:user:smedjan",
            "/v1/me/library?uris=spotify:artist:2CIMQHirSU0MQqyYHq0eOx",
        ]
    );
    let chapter =
        spotify.save_items(["spotify:chapter:0IsXVP0JmcB2adSE338GkK"]).send().unwrap_err();
    insta::assert_snapshot!(chapter, @"save_items: `uris`: expected a URI of the kind track, album, episode, show, audiobook, artist, user or playlist, found `spotify:chapter:0IsXVP0JmcB2adSE338GkK`; nothing was sent");
    let bare = spotify.save_items(["382ObEPsp2rxGrnsizN5TX"]).send().unwrap_err();
    insta::assert_snapshot!(bare, @"save_items: `uris`: expected a URI such as `spotify:track:…` or a link, found `382ObEPsp2rxGrnsizN5TX`; nothing was sent");
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn a_call_for_one_id_needs_one_value_in_the_response() {
    let id = "7ouMYWpwJ422jRcDASZB7P";
    let server = Server::start(|_, number| json(200, ["[true]", "[]", "[true,false]"][number % 3]));
    let spotify = server.client();
    assert!(spotify.is_track_saved(id).send().unwrap());
    for _ in ["[]", "[true,false]"] {
        let error = spotify.is_track_saved(id).send().unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{error}");
    }
    assert_eq!(spotify.is_track_saved(id).send_raw().unwrap().body(), b"[true]");
    assert_eq!(server.seen().len(), 4);
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.target() == format!("/v1/me/tracks/contains?ids={id}"))
    );
    let two = format!("{id},{id}");
    for wrong in ["spotify:album:382ObEPsp2rxGrnsizN5TX", &two, ""] {
        let error = spotify.is_track_saved(wrong).send().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument(_)), "{error}");
    }
    assert_eq!(server.seen().len(), 4, "nothing was sent");
}

#[test]
fn events_have_the_number_of_the_request_in_its_call() {
    let server = Server::start(|seen, number| match number {
        1 => json(503, ""),
        _ if seen.target().contains("contains") => evens(seen),
        _ => json(200, ""),
    });
    let events = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&events);
    let observer = move |event: &Event<'_>| {
        recorded.lock().unwrap().push(match event {
            Event::Attempt { request, requests, attempt, .. } => {
                format!("{request}/{requests} {attempt}")
            }
            Event::Response { request, requests, status, .. } => {
                format!("{request}/{requests}: {status}")
            }
            Event::Wait { request, requests, .. } => format!("{request}/{requests} waits"),
            other => format!("{other:?}"),
        });
    };
    let spotify = server.builder().sleep_with(|_| {}).observer(observer).build().unwrap();
    spotify.save_albums(ids(1..=50)).send().unwrap();
    let events = || std::mem::take(&mut *events.lock().unwrap());
    assert_eq!(
        events(),
        [
            "1/3 1",
            "1/3: 200",
            "2/3 1",
            "2/3: 503",
            "2/3 waits",
            "2/3 2",
            "2/3: 200",
            "3/3 1",
            "3/3: 200"
        ]
    );
    // A read sends the requests after the first one concurrently.
    spotify.are_albums_saved(ids(1..=90)).send().unwrap();
    let mut responses = events();
    responses.retain(|event| event.ends_with(": 200"));
    responses.sort();
    assert_eq!(responses, ["1/5: 200", "2/5: 200", "3/5: 200", "4/5: 200", "5/5: 200"]);
}
