//! Reads and writes that fail partway return their progress, and can be resumed from there.

use super::support::{Reply, Seen, Server, json};
use tonearm::error::PartialWrite;
use tonearm::fake::{self, Fault, TruncateAt};
use tonearm::param::TimestampedId;
use tonearm::{Checkpoint, Error, PlaylistId, Spotify, Timestamp, TrackId, WriteCheckpoint};

const PLAYLIST: &str = "3cEYpjA9oz9GiPac4AsH4n";

fn ids(numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    numbers.map(|n| format!("{n:022}")).collect()
}

fn body(seen: &Seen) -> serde_json::Value {
    serde_json::from_slice(&seen.body).unwrap()
}

fn query(seen: &Seen, key: &str) -> Option<usize> {
    let pairs = seen.target().split_once('?')?.1.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key)?.1.parse().ok()
}

/// Returns the page that a request asks for, from a list of `total` shows. Items whose number ends in 3 are null.
fn page(seen: &Seen, total: usize) -> Reply {
    let (limit, offset) = (query(seen, "limit").unwrap_or(20), query(seen, "offset").unwrap_or(0));
    let rows: Vec<String> = (offset..total.min(offset + limit))
        .map(|n| match n % 10 {
            3 => "null".to_owned(),
            _ => format!(
                r#"{{"show":{{"id":"{n:022}","name":"{n}","total_episodes":1,"explicit":false}}}}"#
            ),
        })
        .collect();
    let host = seen.header("host").unwrap();
    let next = if offset + limit < total {
        format!(r#""http://{host}/v1/me/shows?offset={}&limit={limit}""#, offset + limit)
    } else {
        "null".to_owned()
    };
    json(
        200,
        format!(
            r#"{{"items":[{}],"limit":{limit},"offset":{offset},"total":{total},"next":{next}}}"#,
            rows.join(",")
        ),
    )
}

#[test]
fn failed_pagination_returns_its_items_and_a_checkpoint() {
    let server = Server::start(|seen, number| match number {
        3 => json(500, ""),
        _ => page(seen, 190),
    });
    let spotify = server.client();
    let stopped = spotify.get_my_saved_shows().collect_all().unwrap_err();
    assert_eq!(stopped.items.len(), 135, "15 of the 150 items are null");
    assert_eq!(
        (&stopped.checkpoint, stopped.error.status()),
        (&Checkpoint::Offset(150), Some(500))
    );
    insta::assert_snapshot!(stopped, @"get_my_saved_shows: Spotify returned 500; Spotify failed to process the request: retry later; 135 items were read before; continue at offset 150");
    let Checkpoint::Offset(offset) = stopped.checkpoint else { panic!() };
    let rest = spotify.get_my_saved_shows().offset(offset).collect_all().unwrap();
    let names: Vec<String> =
        stopped.items.into_iter().chain(rest).map(|saved| saved.show.name).collect();
    let all: Vec<String> = (0..190).filter(|n| n % 10 != 3).map(|n| n.to_string()).collect();
    assert_eq!(names, all);
    // Converted to an `Error`, it is the error of the page that failed.
    let server = Server::start(|_, _| json(500, ""));
    let error: Error = server.client().get_my_saved_shows().collect_all().unwrap_err().into();
    assert_eq!(error.status(), Some(500));
}

#[test]
fn pagination_can_be_resumed_after_any_item() {
    let server = Server::start(|seen, _| page(seen, 120));
    let spotify = server.client();
    let all: Vec<String> = (0..120).filter(|n| n % 10 != 3).map(|n| n.to_string()).collect();
    for stop in [0, 1, 3, 4, 44, 45, 46, 90, 107, 108] {
        let mut items = spotify.get_my_saved_shows().items();
        let read: Vec<_> = items.by_ref().take(stop).map(Result::unwrap).collect();
        let Checkpoint::Offset(offset) = items.checkpoint() else { panic!() };
        let rest = spotify.get_my_saved_shows().offset(offset).items().map(Result::unwrap);
        let names: Vec<String> =
            read.into_iter().chain(rest).map(|saved| saved.show.name).collect();
        assert_eq!(names, all, "after {stop}");
    }
    let mut pages = spotify.get_my_saved_shows().limit(50).pages();
    let mut places = vec![pages.checkpoint()];
    while let Some(page) = pages.next() {
        page.unwrap();
        places.push(pages.checkpoint());
    }
    assert_eq!(places, [0, 50, 100, 120].map(Checkpoint::Offset));
}

#[test]
fn cursor_pagination_can_be_resumed_at_a_page() {
    let server = Server::start(|seen, number| match (seen.target().contains("after="), number) {
        (false, _) => {
            let host = seen.header("host").unwrap();
            json(
                200,
                format!(
                    r#"{{"artists":{{"items":[{{"id":"0I2XqVXqHScXjHhk6AYYRe","name":"a","images":[]}}],"limit":1,"total":2,"cursors":{{"after":"0I2XqVXqHScXjHhk6AYYRe"}},"next":"http://{host}/v1/me/following?type=artist&after=0I2XqVXqHScXjHhk6AYYRe&limit=1"}}}}"#
                ),
            )
        }
        (true, 1) => json(502, ""),
        _ => json(200, r#"{"artists":{"items":[],"limit":1,"total":2,"cursors":{},"next":null}}"#),
    });
    let spotify = server.client();
    let stopped = spotify.get_my_followed_artists().collect_all().unwrap_err();
    assert_eq!(stopped.items.len(), 1);
    let Checkpoint::After(after) = &stopped.checkpoint else { panic!("{:?}", stopped.checkpoint) };
    assert!(spotify.get_my_followed_artists().after(&**after).collect_all().unwrap().is_empty());
    assert!(server.seen()[2].target().contains("after=0I2XqVXqHScXjHhk6AYYRe"));
    assert_eq!(spotify.get_my_followed_artists().items().checkpoint(), Checkpoint::Start);
}

#[test]
fn resumed_write_sends_the_rest_with_its_timestamps() {
    let server = Server::start(|_, number| match number {
        1 => json(502, ""),
        _ => json(200, ""),
    });
    let spotify = server.client();
    let added_at: Timestamp = "2010-01-01T00:00:00Z".parse().unwrap();
    let tracks: Vec<TimestampedId> =
        ids(1..=120).iter().map(|id| (id.parse::<TrackId>().unwrap(), added_at).into()).collect();
    let error = spotify.save_tracks(tracks).send().unwrap_err();
    let Error::PartialWrite(stopped) = error else { panic!("{error}") };
    assert_eq!((stopped.completed.len(), stopped.remaining.len()), (50, 70));
    stopped.resume(&spotify).unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[1].body, seen[2].body);
    assert_eq!(body(&seen[3])["timestamped_ids"][19]["id"], ids(120..=120)[0]);
    assert_eq!(body(&seen[3])["timestamped_ids"][0]["added_at"], "2010-01-01T00:00:00Z");
}

#[test]
fn resume_advances_the_position_as_the_caller_decides() {
    let version = r#"{"snapshot_id":"a"}"#;
    let uris: Vec<String> = ids(1..=350).iter().map(|id| format!("spotify:track:{id}")).collect();
    let sent = |server: &Server| {
        let part = |seen: &Seen| {
            let body = body(seen);
            (body["position"].as_u64().unwrap(), body["uris"].as_array().unwrap().len())
        };
        server.seen().iter().map(part).collect::<Vec<_>>()
    };
    let again = vec![(7, 100), (107, 100), (107, 100), (207, 100), (307, 50)];
    let skipped = vec![(7, 100), (107, 100), (207, 100), (307, 50)];
    for (failure, took_effect, expected) in [
        // Spotify rejected the request, so nothing is uncertain.
        (json(400, ""), true, again.clone()),
        (json(504, ""), true, skipped.clone()),
        (json(504, ""), false, again.clone()),
        (Reply::Last(Vec::new()), true, skipped),
        (Reply::Last(Vec::new()), false, again),
    ] {
        let server = Server::start(move |_, number| match number {
            1 => failure.clone(),
            _ => json(201, version),
        });
        let spotify = server.client();
        let error = spotify.add_playlist_items(PLAYLIST, &uris).position(7).send().unwrap_err();
        let Error::PartialWrite(stopped) = error else { panic!("{error}") };
        stopped.uncertain_took_effect(took_effect).resume(&spotify).unwrap();
        assert_eq!(sent(&server), expected);
    }
}

#[test]
fn uncertain_elements_keep_resume_from_sending() {
    let server = Server::canned([json(201, r#"{"snapshot_id":"a"}"#), json(504, "")]);
    let spotify = server.client();
    let uris: Vec<String> = ids(1..=350).iter().map(|id| format!("spotify:track:{id}")).collect();
    let error = spotify.add_playlist_items(PLAYLIST, &uris).send().unwrap_err();
    insta::assert_snapshot!(error, @"add_playlist_items: partial write: 100 of 350 completed, 100 uncertain, 150 remaining; Spotify returned 504; the write may have taken effect: check before you retry");
    let Error::PartialWrite(mut stopped) = error else { panic!("{error}") };
    let refused = stopped.resume(&spotify).unwrap_err();
    insta::assert_snapshot!(refused, @"add_playlist_items: `uncertain`: expected no uncertain elements, found 100; check whether they took effect, and call `uncertain_took_effect` first; nothing was sent");
    assert!(!refused.is_retryable());
    // The decision is a method, which also knows the requests. Clearing the list decides nothing.
    stopped.uncertain.clear();
    assert!(stopped.resume(&spotify).is_err());
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn stored_write_is_decided_and_resumed_in_another_process() {
    let uris: Vec<String> = ids(1..=350).iter().map(|id| format!("spotify:track:{id}")).collect();
    for took_effect in [true, false] {
        let server = Server::start(|_, number| match number {
            1 => json(504, ""),
            _ => json(201, r#"{"snapshot_id":"a"}"#),
        });
        let error =
            server.client().add_playlist_items(PLAYLIST, &uris).position(7).send().unwrap_err();
        let Error::PartialWrite(stopped) = error else { panic!("{error}") };
        let stored = serde_json::to_string(&stopped.checkpoint().unwrap()).unwrap();
        let read: WriteCheckpoint = serde_json::from_str(&stored).unwrap();
        assert_eq!(
            (read.uncertain(), read.remaining()),
            (stopped.uncertain.clone(), uris[200..].to_vec())
        );
        let other = server.client();
        let text = |error: Error| error.to_string();
        assert_eq!(read.resume(&other).map_err(text), stopped.resume(&other).map_err(text));
        assert_eq!(server.seen().len(), 2);
        let decided = read.uncertain_took_effect(took_effect);
        assert_eq!(decided.remaining(), uris[if took_effect { 200 } else { 100 }..]);
        decided.resume(&other).unwrap();
        let bodies: Vec<_> = server.seen()[2..].iter().map(body).collect();
        // A clone of the original continues with the same requests.
        stopped.uncertain_took_effect(took_effect).resume(&other).unwrap();
        let seen = server.seen();
        assert_eq!(bodies, seen[2 + bodies.len()..].iter().map(body).collect::<Vec<_>>());
        assert_eq!(bodies.len(), if took_effect { 2 } else { 3 });
    }
}

#[test]
fn stored_arguments_are_in_the_order_of_the_parameters() {
    let server = Server::canned([Reply::Last(Vec::new()), Reply::Last(Vec::new())]);
    let spotify = server.client();
    let stored = |error: Error| match error {
        Error::PartialWrite(stopped) => serde_json::to_string(&stopped.checkpoint()).unwrap(),
        other => panic!("{other}"),
    };
    let uri = "spotify:track:7ouMYWpwJ422jRcDASZB7P";
    let of_method = spotify.add_playlist_items(PLAYLIST, [uri]).position(7).send().unwrap_err();
    let by_name = spotify.call("add_playlist_items").set("position", "7").set("uris", uri);
    let by_name = by_name.set("playlist_id", PLAYLIST).send_raw().unwrap_err();
    for json in [stored(of_method), stored(by_name)] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(json, @r#"{"call":"add_playlist_items","completed":0,"uncertain":{"endpoint":"add_playlist_items","arguments":{"playlist_id":"3cEYpjA9oz9GiPac4AsH4n","uris":["spotify:track:7ouMYWpwJ422jRcDASZB7P"],"position":7},"elements":["spotify:track:7ouMYWpwJ422jRcDASZB7P"]},"remaining":[]}"#);
        }
    }
}

#[test]
fn stored_write_keeps_timestamps_and_the_form_of_the_callers_ids() {
    let server = Server::start(|seen, number| match number {
        2 => json(502, ""),
        _ if seen.target().contains("/library")
            || seen.body.windows(8).any(|part| part == b"added_at") =>
        {
            json(200, "")
        }
        _ => json(403, r#"{"error":{"status":403,"message":"Forbidden"}}"#),
    });
    let spotify = server.client();
    // The fallback endpoint gets URIs.
    let Err(Error::PartialWrite(stopped)) = spotify.save_tracks(ids(1..=90)).send() else {
        panic!()
    };
    let checkpoint = stopped.checkpoint().unwrap();
    assert_eq!(checkpoint.remaining(), ids(41..=90));
    checkpoint.resume(&spotify).unwrap();
    let sent: Vec<_> =
        server.seen().iter().map(|seen| seen.target().matches("spotify:track:").count()).collect();
    assert_eq!(sent, [0, 40, 40, 40, 10]);

    let server = Server::canned([json(200, ""), json(400, ""), json(200, "")]);
    let spotify = server.client();
    let tracks = ids(1..=60).into_iter().map(|id| (id, "2010-01-01T00:00:00Z"));
    let Err(Error::PartialWrite(stopped)) = spotify.save_tracks(tracks).send() else { panic!() };
    let stored = serde_json::to_string(&stopped.checkpoint()).unwrap();
    let read: Option<WriteCheckpoint> = serde_json::from_str(&stored).unwrap();
    read.unwrap().resume(&spotify).unwrap();
    let seen = server.seen();
    assert_eq!(seen[1].body, seen[2].body);
}

#[test]
fn invalid_checkpoint_is_rejected_before_sending() {
    let server = Server::json("");
    let spotify = server.client();
    let resume = |text: &str| {
        let checkpoint: WriteCheckpoint = serde_json::from_str(text).unwrap();
        checkpoint.resume(&spotify).unwrap_err().to_string()
    };
    let one = |call: &str, endpoint: &str, arguments: &str| {
        resume(&format!(
            r#"{{"call":"{call}","remaining":[{{"endpoint":"{endpoint}","arguments":{arguments},"elements":[]}}]}}"#
        ))
    };
    let errors = [
        one("save_track", "save_tracks", "{}"),
        one("save_tracks", "save_track", "{}"),
        one("save_tracks", "save_tracks", r#"{"tracks":[]}"#),
        one(
            "add_playlist_items",
            "add_playlist_items",
            r#"{"playlist_id":"..","uris":["spotify:track:1"]}"#,
        ),
        one(
            "add_playlist_items",
            "add_playlist_items",
            r#"{"playlist_id":"a","uris":[],"position":-1}"#,
        ),
        one("add_playlist_items", "add_playlist_items", r#"{"uris":[]}"#),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r"
    resume: `checkpoint`: expected the name of an endpoint, found `save_track`; nothing was sent
    resume: `checkpoint`: expected the name of an endpoint, found `save_track`; nothing was sent
    save_tracks: `checkpoint`: expected a parameter of the call, found `tracks`; nothing was sent
    add_playlist_items: `playlist_id`: expected a value for a path, found `..`; nothing was sent
    add_playlist_items: `position`: expected a number of at least 0, found -1; nothing was sent
    add_playlist_items: `playlist_id`: expected a value, found none; nothing was sent
    ");
    assert_eq!(server.seen().len(), 0);
    let custom = Server::canned([json(200, ""), json(400, "")]);
    let call = custom.client().put("/me/x").query_list("ids", ids(1..=3), 2);
    let Err(Error::PartialWrite(stopped)) = call.send() else { panic!() };
    assert_eq!(stopped.checkpoint(), None);
}

#[test]
fn decision_moves_the_uncertain_elements() {
    let server = Server::canned([json(201, r#"{"snapshot_id":"a"}"#), json(504, "")]);
    let uris: Vec<String> = ids(1..=250).iter().map(|id| format!("spotify:track:{id}")).collect();
    let error = server.client().add_playlist_items(PLAYLIST, &uris).send().unwrap_err();
    let Error::PartialWrite(stopped) = error else { panic!("{error}") };
    for (took_effect, completed) in [(true, 200), (false, 100)] {
        let decided = stopped.clone().uncertain_took_effect(took_effect);
        assert_eq!(decided.completed, uris[..completed]);
        assert_eq!(decided.remaining, uris[completed..]);
        assert!(decided.uncertain.is_empty());
        // Deciding again changes nothing.
        assert_eq!(decided.uncertain_took_effect(!took_effect).remaining, uris[completed..]);
    }
}

/// The last request of a call that is resumed is uncertain too.
#[test]
fn resume_whose_only_request_may_have_taken_effect_is_a_partial_write() {
    let version = r#"{"snapshot_id":"a"}"#;
    let server = Server::canned([json(201, version), json(400, ""), json(504, ""), json(201, "")]);
    let spotify = server.client();
    let uris: Vec<String> = ids(1..=150).iter().map(|id| format!("spotify:track:{id}")).collect();
    let error = spotify.add_playlist_items(PLAYLIST, &uris).send().unwrap_err();
    let Error::PartialWrite(first) = error else { panic!("{error}") };
    let Err(Error::PartialWrite(second)) = first.resume(&spotify) else { panic!() };
    assert_eq!((second.uncertain.len(), second.remaining.len()), (50, 0));
    second.uncertain_took_effect(true).resume(&spotify).unwrap();
    assert_eq!(server.seen().len(), 3);
}

/// The URIs in a playlist, in order.
fn contents(spotify: &Spotify, playlist: &PlaylistId) -> Vec<String> {
    let call = spotify.get_playlist_items(playlist).fields("items(item(type,uri)),next");
    let items = call.collect_all().unwrap();
    items.iter().map(|item| item.item.uri().map_or(String::new(), |uri| uri.to_string())).collect()
}

/// Each call stops at each of its requests for each reason, is decided by what the playlist contains, and is resumed, with a
/// second failure. The playlist then contains each element once and in order.
#[test]
fn every_element_is_written_once_whatever_fails() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client_builder().retries(0).build().unwrap();
    let catalog: Vec<String> =
        server.catalog().tracks()[..260].iter().map(|id| format!("spotify:track:{id}")).collect();
    let (old, new) = catalog.split_at(10);
    let gateway = || fake::Reply::new(504);
    let faults = [
        Fault::Status(400),
        Fault::Status(500),
        Fault::RespondAfterProcessing(gateway()),
        Fault::ResetBeforeProcessing,
        Fault::ResetAfterProcessing,
        Fault::TruncateAfterProcessing(TruncateAt::Head),
    ];
    let path = "/playlists/{playlist_id}/items";
    let insert = |playlist: &PlaylistId| {
        spotify.add_playlist_items(playlist, new).position(3).send().map(drop)
    };
    let append = |playlist: &PlaylistId| spotify.add_playlist_items(playlist, new).send().map(drop);
    let replace =
        |playlist: &PlaylistId| spotify.replace_playlist_items(playlist, new).send().map(drop);
    type Write<'w> = &'w dyn Fn(&PlaylistId) -> Result<(), Error>;
    let calls: [(Write<'_>, Vec<String>); 3] = [
        (&insert, [&old[..3], new, &old[3..]].concat()),
        (&append, [old, new].concat()),
        (&replace, new.to_vec()),
    ];
    let mut partial_writes = 0;
    for (name, (call, expected)) in ["insert", "append", "replace"].iter().zip(&calls) {
        for (number, fault) in (0..3).flat_map(|number| faults.iter().map(move |f| (number, f))) {
            let case = format!("{name}, request {number}: {fault:?}");
            let playlist = spotify.create_playlist("Any").send().unwrap().id;
            spotify.add_playlist_items(&playlist, old).send().unwrap();
            let script = (0..number).fold(server.script(path), |script, _| script.then_normal());
            script.then(fault.clone());
            let mut second = Some(Fault::RespondAfterProcessing(gateway()));
            let mut result = call(&playlist);
            let (mut pending, mut stopped) = (new.to_vec(), None::<PartialWrite>);
            while let Err(error) = result {
                // Another error means that repeating the last call is right.
                if let Error::PartialWrite(next) = error {
                    partial_writes += 1;
                    let lists = [&next.completed[..], &next.uncertain, &next.remaining];
                    assert_eq!(lists.concat(), pending, "{case}");
                    if !next.uncertain.is_empty() {
                        assert!(next.error.may_have_taken_effect(), "{case}");
                        let sent = server.requests().len();
                        assert!(next.resume(&spotify).is_err(), "{case}");
                        assert_eq!(server.requests().len(), sent, "{case}");
                    }
                    let found = contents(&spotify, &playlist);
                    let took_effect = next.uncertain.iter().all(|uri| found.contains(uri));
                    let decided = next.uncertain_took_effect(took_effect);
                    let lists = [&decided.completed[..], &decided.remaining];
                    assert_eq!(lists.concat(), pending, "{case}");
                    pending.clone_from(&decided.remaining);
                    stopped = Some(decided);
                }
                if !pending.is_empty()
                    && let Some(second) = second.take()
                {
                    server.script(path).then(second);
                }
                result = match &stopped {
                    Some(stopped) => stopped.resume(&spotify),
                    None => call(&playlist),
                };
            }
            let found = contents(&spotify, &playlist);
            assert!(found == *expected, "{case}: {} of {}", found.len(), expected.len());
        }
    }
    assert_eq!(server.pending_faults(), 0);
    assert!(partial_writes > 60, "{partial_writes}");
}

#[test]
fn idempotent_writes_resume_without_a_decision() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client_builder().retries(0).build().unwrap();
    let albums = &server.catalog().albums()[..50];
    for fault in [
        Fault::RespondAfterProcessing(fake::Reply::new(504)),
        Fault::ResetBeforeProcessing,
        Fault::ResetAfterProcessing,
    ] {
        server.script("/me/albums").then_normal().then(fault.clone()).then(fault);
        let error = spotify.save_albums(albums).send().unwrap_err();
        let Error::PartialWrite(first) = error else { panic!("{error}") };
        assert_eq!(
            (first.completed.len(), first.uncertain.len(), first.remaining.len()),
            (20, 0, 30)
        );
        assert!(first.resume(&spotify).unwrap_err().is_retryable());
        first.resume(&spotify).unwrap();
        assert!(spotify.are_albums_saved(albums).send().unwrap().into_iter().all(|saved| saved));
        spotify.remove_saved_albums(albums).send().unwrap();
    }
    assert_eq!(server.pending_faults(), 0);
}

#[test]
fn resume_that_fails_returns_another_partial_write() {
    let server = Server::start(|_, number| match number {
        1 | 3 => json(502, ""),
        _ => json(200, ""),
    });
    let spotify = server.client();
    let error = spotify.save_albums(ids(1..=100)).send().unwrap_err();
    let Error::PartialWrite(first) = error else { panic!("{error}") };
    assert_eq!((&first.completed, &first.remaining), (&ids(1..=20), &ids(21..=100)));
    let Err(Error::PartialWrite(second)) = first.resume(&spotify) else { panic!() };
    assert_eq!((&second.completed, &second.remaining), (&ids(21..=40), &ids(41..=100)));
    let counts = |stopped: &PartialWrite| {
        let checkpoint = stopped.checkpoint().unwrap();
        (checkpoint.completed_count(), checkpoint.total_count())
    };
    assert_eq!([counts(&first), counts(&second)], [(20, 100), (40, 100)]);
    second.resume(&spotify).unwrap();
    assert_eq!(server.seen().len(), 2 + 2 + 3);
}

#[test]
fn resume_switches_to_the_fallback_endpoint() {
    let server = Server::start(|seen, number| match (number, seen.target().contains("/library")) {
        (0, _) | (_, true) => json(200, ""),
        (1, _) => json(502, ""),
        _ => json(403, r#"{"error":{"status":403,"message":"Forbidden"}}"#),
    });
    let spotify = server.client();
    let error = spotify.save_albums(ids(1..=50)).send().unwrap_err();
    let Error::PartialWrite(stopped) = error else { panic!("{error}") };
    stopped.resume(&spotify).unwrap();
    let library: Vec<Seen> =
        server.seen().into_iter().filter(|seen| seen.target().contains("/library")).collect();
    let sent = library.iter().map(|seen| seen.target().matches("spotify:album:").count());
    assert_eq!(sent.sum::<usize>(), 30);
}
