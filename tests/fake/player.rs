//! The player: playback state, queue and history.

use std::time::Duration;

use tonearm::fake::{Clock, Server};
use tonearm::model::{ContextType, Device, Item, Playback, PlayingType};
use tonearm::{AdditionalType, AlbumId, Error, RepeatMode, Spotify, SpotifyUri};

use super::{ask, json, refusal, start};

const DESK: &str = "0d1841b0976bae2a3a310dd74c0f3df354899bc8";
const PHONE: &str = "5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e";

fn uri(item: &Item) -> String {
    item.uri().map_or(String::new(), |uri| uri.to_string())
}

fn playback(spotify: &Spotify) -> Playback {
    spotify.get_playback().send().unwrap().unwrap()
}

fn current(spotify: &Spotify) -> String {
    uri(playback(spotify).item.as_ref().unwrap())
}

fn queue(spotify: &Spotify) -> Vec<String> {
    spotify.get_queue().send().unwrap().queue.iter().map(uri).collect()
}

fn tracks(server: &Server, range: std::ops::Range<usize>) -> Vec<SpotifyUri> {
    server.catalog().tracks()[range].iter().cloned().map(SpotifyUri::from).collect()
}

/// Returns a saved album and the URIs of its tracks.
fn album(spotify: &Spotify, n: usize) -> (AlbumId, Vec<String>) {
    let album = &spotify.get_my_saved_albums().limit(50).send().unwrap().items[n].album;
    let tracks = album.tracks.as_ref().unwrap().items.iter();
    (album.id.clone(), tracks.map(|track| track.uri().unwrap().to_string()).collect())
}

/// Returns the status and the reason of an error response.
fn status_and_reason<T: std::fmt::Debug>(result: Result<T, Error>) -> (u16, String) {
    match result.unwrap_err() {
        Error::Status(refusal) | Error::Forbidden(refusal) | Error::NotFound(refusal) => {
            let reason = refusal.reason.as_ref().map(ToString::to_string);
            (refusal.status, reason.unwrap_or_default())
        }
        other => panic!("{other}"),
    }
}

#[test]
fn initially_nothing_plays_and_no_device_is_active() {
    let (server, spotify) = start();
    assert_eq!(spotify.get_playback().send().unwrap(), None);
    assert_eq!(spotify.get_currently_playing().send().unwrap(), None);
    assert_eq!([server.requests()[0].status, server.requests()[1].status], [Some(204); 2]);
    let none = spotify.get_queue().send().unwrap();
    assert!(none.currently_playing.is_none() && none.queue.is_empty());
    let devices = spotify.get_devices().send().unwrap();
    assert_eq!(devices.len(), 3);
    assert_eq!(devices.iter().filter(|device| device.id.is_none()).count(), 1);
    assert!(devices.iter().all(|device| !device.is_active));

    let no_device = (404, "NO_ACTIVE_DEVICE".to_owned());
    let uri = tracks(&server, 0..1)[0].clone();
    assert_eq!(status_and_reason(spotify.start_playback().send()), no_device);
    assert_eq!(status_and_reason(spotify.start_playback().uris([&uri]).send()), no_device);
    assert_eq!(status_and_reason(spotify.pause_playback().send()), no_device);
    assert_eq!(status_and_reason(spotify.skip_to_next().send()), no_device);
    assert_eq!(status_and_reason(spotify.skip_to_previous().send()), no_device);
    assert_eq!(status_and_reason(spotify.seek(1).send()), no_device);
    assert_eq!(status_and_reason(spotify.set_repeat(RepeatMode::Track).send()), no_device);
    assert_eq!(status_and_reason(spotify.set_volume(1).send()), no_device);
    assert_eq!(status_and_reason(spotify.set_shuffle(true).send()), no_device);
    assert_eq!(status_and_reason(spotify.add_to_queue(&uri).send()), no_device);
    let body = r#"{"error":{"status":404,"message":"Player command failed: No active device found","reason":"NO_ACTIVE_DEVICE"}}"#;
    assert_eq!(ask(&server, "PUT", "/me/player/pause", ""), (404, body.to_owned()));
    let body = r#"{"error":{"status":404,"message":"Device not found"}}"#;
    let response = ask(&server, "PUT", "/me/player/pause?device_id=x", "");
    assert_eq!(response, (404, body.to_owned()));
    assert_eq!(status_and_reason(spotify.transfer_playback("x").send()).0, 404);
}

#[test]
fn command_with_a_device_id_goes_to_that_device() {
    let (server, spotify) = start();
    let uri = tracks(&server, 0..3);
    spotify.start_playback().uris(&uri).device_id(DESK).send().unwrap();
    let queue = format!("POST /me/player/queue?uri={}&", uri[0]);
    let commands = [
        "PUT /me/player/pause?",
        "PUT /me/player/play?",
        "POST /me/player/next?",
        "POST /me/player/previous?",
        "PUT /me/player/seek?position_ms=1&",
        "PUT /me/player/repeat?state=off&",
        "PUT /me/player/shuffle?state=false&",
        queue.as_str(),
    ];
    for (n, command) in commands.into_iter().enumerate() {
        let (method, target) = command.split_once(' ').unwrap();
        let unknown = ask(&server, method, &format!("{target}device_id=x"), "");
        assert_eq!(unknown, refusal(404, "Device not found"), "{command}");
        let (device, other) = if n % 2 == 0 { (PHONE, DESK) } else { (DESK, PHONE) };
        let active = || playback(&spotify).device.unwrap().id.unwrap();
        assert_eq!(active(), other);
        let (status, body) = ask(&server, method, &format!("{target}device_id={device}"), "");
        assert_eq!(status, 200, "{command}: {body}");
        assert_eq!(active(), device, "{command}");
    }
    // A volume is that of one device, which needs not be active.
    spotify.transfer_playback(PHONE).send().unwrap();
    let target = format!("/me/player/volume?volume_percent=7&device_id={DESK}");
    assert_eq!(ask(&server, "PUT", &target, "").0, 204);
    assert_eq!(
        ask(&server, "PUT", "/me/player/volume?volume_percent=7&device_id=x", ""),
        refusal(404, "Device not found")
    );
    let devices = spotify.get_devices().send().unwrap();
    assert_eq!((devices[0].volume_percent, devices[0].is_active), (Some(7), false));
    assert!(devices[1].is_active);
}

#[test]
fn devices_can_be_replaced() {
    let (server, spotify) = start();
    let device = |json: &str| -> Device { serde_json::from_str(json).unwrap() };
    let radio = r#"{"id": "radio", "name": "Radio", "type": "Speaker", "is_active": true, "supports_volume": false}"#;
    let kitchen = r#"{"id": "kitchen", "volume_percent": 30}"#;
    let car = r#"{"id": "car", "is_restricted": true}"#;
    server.set_devices([radio, kitchen, car].map(device));
    let devices = json(&server, "/me/player/devices")["devices"].clone();
    assert_eq!(devices.as_array().unwrap().len(), 3);
    assert_eq!(
        (&devices[0]["is_active"], &devices[0]["volume_percent"]),
        (&true.into(), &().into())
    );
    assert_eq!(
        (&devices[1]["type"], &devices[1]["supports_volume"]),
        (&"Computer".into(), &true.into())
    );

    spotify.start_playback().uris(tracks(&server, 0..2)).send().unwrap();
    assert_eq!(playback(&spotify).device.unwrap().name, "Radio");
    let disallowed = (403, "VOLUME_CONTROL_DISALLOW".to_owned());
    assert_eq!(status_and_reason(spotify.set_volume(1).send()), disallowed);
    spotify.set_volume(12).device_id("kitchen").send().unwrap();
    assert_eq!(spotify.get_devices().send().unwrap()[1].volume_percent, Some(12));
    let restricted = (403, "DEVICE_NOT_CONTROLLABLE".to_owned());
    assert_eq!(status_and_reason(spotify.transfer_playback("car").send()), restricted);
    assert_eq!(status_and_reason(spotify.pause_playback().device_id("car").send()), restricted);

    server.set_devices([device(kitchen)]);
    assert_eq!(spotify.get_playback().send().unwrap(), None);
    let no_device = (404, "NO_ACTIVE_DEVICE".to_owned());
    assert_eq!(status_and_reason(spotify.skip_to_next().send()), no_device);
    spotify.transfer_playback("kitchen").play(true).send().unwrap();
    assert!(playback(&spotify).is_playing);
    server.set_devices([]);
    assert!(spotify.get_devices().send().unwrap().is_empty());
    server.reset();
    assert_eq!(spotify.get_devices().send().unwrap().len(), 3);
}

#[test]
fn album_plays_from_beginning_to_end() {
    let (server, spotify) = start();
    let (album, tracks) = album(&spotify, 0);
    assert!(tracks.len() > 4);
    spotify
        .start_playback()
        .context_uri(SpotifyUri::from(album.clone()))
        .device_id(DESK)
        .send()
        .unwrap();
    let request = server.requests().pop().unwrap();
    assert_eq!(
        (request.status, request.body),
        (Some(200), format!(r#"{{"context_uri":"spotify:album:{album}"}}"#))
    );
    let state = playback(&spotify);
    assert!(state.is_playing && !state.shuffle_state);
    assert_eq!(state.device.unwrap().id.unwrap(), DESK);
    assert_eq!(state.currently_playing_type, Some(PlayingType::Track));
    assert_eq!(state.repeat_state, Some(RepeatMode::Off));
    let context = state.context.unwrap();
    assert_eq!(context.kind, Some(ContextType::Album));
    assert_eq!(context.uri, Some(album.clone().into()));
    let disallows = state.actions.unwrap().disallows;
    assert!(disallows.resuming && disallows.skipping_prev && !disallows.pausing);
    assert_eq!(queue(&spotify), tracks[1..tracks.len().min(21)]);

    for track in &tracks[1..] {
        spotify.skip_to_next().send().unwrap();
        assert_eq!(current(&spotify), *track);
    }
    assert_eq!(status_and_reason(spotify.skip_to_next().send()), (403, "NO_NEXT_TRACK".to_owned()));
    spotify.skip_to_previous().send().unwrap();
    assert_eq!(current(&spotify), tracks[tracks.len() - 2]);
    spotify.skip_to_next().send().unwrap();
    spotify.set_repeat(RepeatMode::Context).send().unwrap();
    let repeat = playback(&spotify).repeat_state.unwrap();
    assert_eq!(repeat, RepeatMode::Context);
    spotify.set_repeat(repeat).send().unwrap();
    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), tracks[0]);

    let start = || spotify.start_playback().context_uri(SpotifyUri::from(album.clone()));
    start().offset_position(3).position_ms(1234).send().unwrap();
    assert_eq!(
        (current(&spotify), playback(&spotify).progress_ms),
        (tracks[3].clone(), Some(1234))
    );
    start().offset_uri(&*tracks[2]).send().unwrap();
    assert_eq!(current(&spotify), tracks[2]);
    assert_eq!(status_and_reason(start().offset_position(200).send()).0, 400);
    for kind in ["album", "artist", "playlist", "show"] {
        let unknown: SpotifyUri = format!("spotify:{kind}:0000000000000000000000").parse().unwrap();
        let error = spotify.start_playback().context_uri(unknown).send();
        assert_eq!(status_and_reason(error).0, 404, "{kind}");
    }
    let both = r#"{"context_uri":"spotify:album:0000000000000000000000","uris":["spotify:track:0000000000000000000000"]}"#;
    assert_eq!(ask(&server, "PUT", "/me/player/play", both).0, 400);
    assert_eq!(current(&spotify), tracks[2]);
}

#[test]
fn pause_resume_seek_and_transfer_change_the_playback() {
    let (server, spotify) = start();
    let uris = tracks(&server, 0..3);
    spotify.start_playback().uris(&uris).device_id(PHONE).send().unwrap();
    assert_eq!(playback(&spotify).context, None);
    assert_eq!(status_and_reason(spotify.start_playback().send()), (403, "UNKNOWN".to_owned()));
    spotify.pause_playback().send().unwrap();
    assert!(!playback(&spotify).is_playing);
    assert_eq!(status_and_reason(spotify.pause_playback().send()), (403, "UNKNOWN".to_owned()));
    spotify.seek(30_000).send().unwrap();
    assert_eq!(playback(&spotify).progress_ms, Some(30_000));
    spotify.start_playback().send().unwrap();
    let state = playback(&spotify);
    assert!(state.is_playing && state.progress_ms == Some(30_000));
    assert!(playback(&spotify).timestamp.is_some());
    // Behind the end of a track the next one plays, and behind the last one nothing.
    spotify.seek(90_000_000).send().unwrap();
    assert_eq!(current(&spotify), uris[1].to_string());
    spotify.seek(90_000_000).send().unwrap();
    spotify.seek(90_000_000).send().unwrap();
    let state = spotify.get_currently_playing().send().unwrap().unwrap();
    assert_eq!((state.is_playing, state.progress_ms), (false, Some(0)));
    assert_eq!(uri(state.item.as_ref().unwrap()), uris[2].to_string());

    assert_eq!(
        status_and_reason(spotify.set_volume(10).send()),
        (403, "VOLUME_CONTROL_DISALLOW".to_owned())
    );
    spotify.transfer_playback(DESK).play(true).send().unwrap();
    assert_eq!(server.requests().last().unwrap().status, Some(204));
    let state = playback(&spotify);
    assert!(state.is_playing);
    assert_eq!(state.device.unwrap().id.unwrap(), DESK);
    spotify.set_volume(10).send().unwrap();
    assert_eq!(server.requests().last().unwrap().status, Some(204));
    assert_eq!(playback(&spotify).device.unwrap().volume_percent, Some(10));
    let active: Vec<_> =
        spotify.get_devices().send().unwrap().into_iter().filter(|d| d.is_active).collect();
    assert_eq!(active.len(), 1);
}

#[test]
fn queued_items_play_first_and_shuffle_keeps_all_items() {
    let (server, spotify) = start();
    let uris = tracks(&server, 0..12);
    let names: Vec<String> = uris.iter().map(ToString::to_string).collect();
    spotify.start_playback().uris(&uris).offset_position(2).device_id(DESK).send().unwrap();
    let extra = tracks(&server, 40..41)[0].clone();
    let episode: SpotifyUri = server.catalog().episodes()[0].clone().into();
    spotify.add_to_queue(&extra).send().unwrap();
    spotify.add_to_queue(&episode).send().unwrap();
    spotify.add_to_queue("spotify:track:0000000000000000000000").send().unwrap();
    let queued = [extra.to_string(), episode.to_string()];
    assert_eq!(queue(&spotify), [&queued[..], &names[3..]].concat());
    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), queued[0]);
    spotify.skip_to_next().send().unwrap();
    let state = playback(&spotify);
    assert_eq!(state.currently_playing_type, Some(PlayingType::Episode));
    assert!(matches!(state.item, Some(Item::Episode(_))));
    // A call that requests only tracks gets no item while an episode plays.
    let tracks_only = spotify.get_playback().additional_types([AdditionalType::Track]);
    assert_eq!(tracks_only.send().unwrap().unwrap().item, None);
    let tracks_only = spotify.get_currently_playing().additional_types([AdditionalType::Track]);
    assert_eq!(tracks_only.send().unwrap().unwrap().item, None);

    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), names[3]);
    spotify.set_shuffle(true).send().unwrap();
    assert!(playback(&spotify).shuffle_state);
    let mut order = queue(&spotify);
    assert_ne!(order, names[4..]);
    order.push(current(&spotify));
    order.sort_unstable();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(order, sorted);
    spotify.set_shuffle(false).send().unwrap();
    assert_eq!(queue(&spotify), names[4..]);

    // Playlists, shows and artists can be played; their unplayable items are skipped.
    let playlist: SpotifyUri = server.catalog().playlists()[1].clone().into();
    spotify.start_playback().context_uri(&playlist).send().unwrap();
    assert!(!queue(&spotify).is_empty());
    let show: SpotifyUri = server.catalog().shows()[1].clone().into();
    spotify.start_playback().context_uri(&show).send().unwrap();
    assert!(current(&spotify).starts_with("spotify:episode:"));
    let artist: SpotifyUri = server.catalog().artists()[7].clone().into();
    spotify.start_playback().context_uri(&artist).send().unwrap();
    assert!(current(&spotify).starts_with("spotify:track:"));
}

#[test]
fn played_tracks_appear_in_the_paginated_history() {
    let (server, spotify) = start();
    let all = spotify.get_recently_played().collect_all().unwrap();
    assert_eq!(all.len(), 50);
    assert!(all.is_sorted_by(|a, b| a.played_at > b.played_at));
    assert!(all.iter().any(|play| play.context.is_none()));
    server.clear_requests();
    let pages: Vec<_> =
        spotify.get_recently_played().limit(20).pages().collect::<Result<_, _>>().unwrap();
    let lengths: Vec<_> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!((lengths, server.requests().len()), (vec![20, 20, 10], 3));
    assert_eq!(pages.iter().flat_map(|page| page.items.clone()).collect::<Vec<_>>(), all);
    let millis = |n: usize| all[n].played_at.unwrap().unix_millis();
    assert_eq!(pages[0].total, None);
    assert_eq!(pages[0].cursors.after, Some(millis(0).to_string()));
    assert_eq!(pages[0].cursors.before, Some(millis(19).to_string()));

    let at = |n: usize| u64::try_from(millis(n)).unwrap();
    let before = spotify.get_recently_played().before(at(44)).send().unwrap();
    assert_eq!((before.items, before.next), (all[45..].to_vec(), None));
    // `after` returns the plays that follow the given time, and pagination continues up to now.
    let after = spotify.get_recently_played().after(at(10)).limit(4).send().unwrap();
    assert_eq!(after.items, all[6..10]);
    let collected = spotify.get_recently_played().after(at(10)).limit(4).collect_all().unwrap();
    assert_eq!(collected.len(), 10);
    let none = spotify.get_recently_played().after(at(0)).send().unwrap();
    assert!(none.items.is_empty() && none.next.is_none() && none.cursors.after.is_none());
    let both = spotify.get_recently_played().after(at(10)).before(at(1)).send();
    assert!(matches!(both, Err(Error::InvalidArgument(_))));
    let target = "/me/player/recently-played?after=1&before=2";
    assert_eq!(ask(&server, "GET", target, "").0, 400);

    let (album, tracks) = album(&spotify, 0);
    spotify
        .start_playback()
        .context_uri(SpotifyUri::from(album.clone()))
        .device_id(DESK)
        .send()
        .unwrap();
    spotify.skip_to_next().send().unwrap();
    spotify.skip_to_next().send().unwrap();
    let newest = spotify.get_recently_played().limit(3).send().unwrap().items;
    let played: Vec<_> = newest.iter().map(|play| play.track.uri().unwrap().to_string()).collect();
    assert_eq!(played[..2], [tracks[1].clone(), tracks[0].clone()]);
    assert_eq!(newest[2], all[0]);
    assert_eq!(newest[0].context.as_ref().unwrap().kind, Some(ContextType::Album));
    assert_eq!(spotify.get_recently_played().collect_all().unwrap().len(), 50);
}

#[test]
fn previous_after_a_queued_item_returns_to_the_list() {
    let (server, spotify) = start();
    let uris = tracks(&server, 0..3);
    let names: Vec<String> = uris.iter().map(ToString::to_string).collect();
    spotify.start_playback().uris(&uris).device_id(DESK).send().unwrap();
    let extra = tracks(&server, 40..41)[0].clone();
    spotify.add_to_queue(&extra).send().unwrap();
    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), extra.to_string());
    let disallows = json(&server, "/me/player")["actions"]["disallows"].clone();
    assert!(disallows.get("skipping_prev").is_none(), "{disallows}");
    spotify.skip_to_previous().send().unwrap();
    assert_eq!(current(&spotify), names[0]);
    // At the first item of the list there is no previous one.
    assert_eq!(status_and_reason(spotify.skip_to_previous().send()).0, 403);
    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), names[1]);
}

#[test]
fn playing_too_many_uris_returns_413() {
    let (server, _) = start();
    let play = |count: usize| {
        let uris: Vec<_> = tracks(&server, 0..count).iter().map(ToString::to_string).collect();
        let body = serde_json::json!({ "uris": uris }).to_string();
        ask(&server, "PUT", &format!("/me/player/play?device_id={DESK}"), &body)
    };
    assert_eq!(play(233).0, 200);
    assert_eq!(play(234), refusal(413, "Payload Too Large"));
    assert_eq!(play(850), refusal(413, "Payload Too Large"));
}

#[test]
fn last_page_of_the_history_has_no_cursors() {
    let (server, _) = start();
    let first = json(&server, "/me/player/recently-played?limit=30");
    assert!(first["cursors"]["before"].is_string() && first["next"].is_string());
    let next = first["next"].as_str().unwrap().strip_prefix(&server.base_url()).unwrap();
    let last = json(&server, next);
    assert_eq!(last["items"].as_array().unwrap().len(), 20);
    assert!(last["cursors"].is_null() && last["next"].is_null());
}

/// Returns the durations of the first tracks in milliseconds.
fn durations(server: &Server, count: usize) -> Vec<u64> {
    let tracks = server.client().unwrap().get_tracks(&server.catalog().tracks()[..count]).send();
    tracks.unwrap().into_iter().map(|track| track.unwrap().duration_ms).collect()
}

#[test]
fn playback_advances_through_queue_list_and_repeats() {
    let (server, spotify) = start();
    let uris = tracks(&server, 0..3);
    let names: Vec<String> = uris.iter().map(ToString::to_string).collect();
    let durations = durations(&server, 3);
    let advance = |milliseconds: u64| server.advance_playback(Duration::from_millis(milliseconds));
    let at = || {
        let playback = playback(&spotify);
        (uri(playback.item.as_ref().unwrap()), playback.progress_ms.unwrap(), playback.is_playing)
    };
    spotify.start_playback().uris(&uris).device_id(DESK).send().unwrap();
    advance(10_000);
    assert_eq!(at(), (names[0].clone(), 10_000, true));
    spotify.pause_playback().send().unwrap();
    advance(60_000);
    assert_eq!(at(), (names[0].clone(), 10_000, false));
    spotify.start_playback().send().unwrap();
    // Past the end of the first track, and of one from the queue.
    let extra = tracks(&server, 0..1)[0].clone();
    spotify.add_to_queue(&extra).send().unwrap();
    advance(durations[0] - 10_000 + durations[0] + 7);
    assert_eq!(at(), (names[1].clone(), 7, true));
    spotify.set_repeat(RepeatMode::Track).send().unwrap();
    advance(durations[1] * 2);
    assert_eq!(at(), (names[1].clone(), 7, true));
    spotify.set_repeat(RepeatMode::Context).send().unwrap();
    advance(durations[1] - 7 + durations[2] + 3);
    assert_eq!(at(), (names[0].clone(), 3, true));
    // The history has what was played to its end.
    let played = spotify.get_recently_played().limit(6).send().unwrap().items;
    let played: Vec<_> = played.iter().map(|play| play.track.uri().unwrap().to_string()).collect();
    assert_eq!(played, [2, 1, 1, 1, 0, 0].map(|n| names[n].clone()));
    // After the last track, playback stops.
    spotify.set_repeat(RepeatMode::Off).send().unwrap();
    advance(durations.iter().sum::<u64>() * 2);
    assert_eq!(at(), (names[2].clone(), 0, false));
    advance(u64::MAX);
    assert_eq!(at(), (names[2].clone(), 0, false));
}

#[test]
fn playback_moves_with_a_real_clock_only() {
    for clock in [Clock::Frozen, Clock::Real] {
        let server = Server::builder().clock(clock).start().unwrap();
        let spotify = server.client().unwrap();
        let uris = tracks(&server, 0..2);
        spotify.start_playback().uris(&uris).device_id(DESK).send().unwrap();
        let progress = || playback(&spotify).progress_ms.unwrap();
        if clock == Clock::Frozen {
            assert_eq!((0..20).map(|_| progress()).max(), Some(0));
            continue;
        }
        // Each request reads the clock, so some millisecond has passed after enough of them.
        while progress() == 0 {}
        let (before, after) = (progress(), progress());
        assert!(before <= after);
        let length = durations(&server, 1)[0];
        server.advance_playback(Duration::from_millis(length));
        assert_eq!(current(&spotify), uris[1].to_string());
    }
    // A new user's player has the same clock.
    let server = Server::builder().clock(Clock::Real).start().unwrap();
    server.reset_to_new_user();
    let spotify = server.client().unwrap();
    spotify.start_playback().uris(tracks(&server, 0..2)).device_id(DESK).send().unwrap();
    while playback(&spotify).progress_ms == Some(0) {}
}

#[test]
fn saved_tracks_play_as_the_collection_of_the_user() {
    let (server, spotify) = start();
    let device = spotify.get_devices().send().unwrap()[0].id.clone().unwrap();
    let start = |uri: &str| {
        let uri: SpotifyUri = uri.parse().unwrap();
        spotify.start_playback().context_uri(uri).device_id(&device).send()
    };
    let me = spotify.get_me().send().unwrap().id;
    let collection = format!("spotify:user:{me}:collection");
    start(&collection).unwrap();
    let saved = spotify.get_my_saved_tracks().send().unwrap().items;
    let saved: Vec<_> = saved.iter().map(|saved| saved.track.uri().unwrap().to_string()).collect();
    assert_eq!((current(&spotify), &queue(&spotify)[..9]), (saved[0].clone(), &saved[1..10]));
    let context = playback(&spotify).context.unwrap();
    assert_eq!(
        (context.kind, context.uri),
        (Some(ContextType::Collection), collection.parse().ok())
    );
    assert_eq!(context.href, Some(format!("{}/me/tracks", server.base_url())));
    let other = server.catalog().users()[5].clone();
    assert_eq!(status_and_reason(start(&format!("spotify:user:{other}:collection"))).0, 404);
}

#[test]
fn test_sets_the_playback() {
    let (server, spotify) = start();
    let set = |playback: &Playback| server.set_playback(Some(playback.clone()));
    let seen = || playback(&spotify);

    // An advertisement, on the first device.
    let mut given = Playback::default();
    (given.is_playing, given.currently_playing_type) = (true, Some(PlayingType::Ad));
    given.progress_ms = Some(4_000);
    given.timestamp = Some("2024-01-02T03:04:05Z".parse().unwrap());
    set(&given);
    let ad = seen();
    assert_eq!(ad.timestamp, given.timestamp);
    assert_eq!(
        (ad.item, ad.currently_playing_type, ad.progress_ms),
        (None, Some(PlayingType::Ad), Some(4_000))
    );
    assert_eq!(ad.device.unwrap().id.unwrap(), DESK);
    assert_eq!(spotify.get_queue().send().unwrap().currently_playing, None);
    // It lasts for 30 seconds.
    for (seconds, expected) in [(25, (true, Some(29_000))), (2, (false, Some(0)))] {
        server.advance_playback(Duration::from_secs(seconds));
        assert_eq!((seen().is_playing, seen().progress_ms), expected);
    }
    set(&given);
    spotify.pause_playback().send().unwrap();
    assert!(!seen().is_playing);
    for kind in [PlayingType::Track, PlayingType::Episode, PlayingType::Unknown] {
        given.currently_playing_type = Some(kind);
        set(&given);
        let hidden = seen();
        assert_eq!(
            (hidden.item, hidden.currently_playing_type),
            (None, given.currently_playing_type.clone())
        );
    }

    // A local file, which the catalog lacks.
    let file = r#"{"is_local": true, "type": "track", "uri": "spotify:local:Muse:Attic:Rain:90", "name": "Rain",
        "artists": [{"name": "Muse Live"}], "duration_ms": 90000}"#;
    let file: Item = serde_json::from_str(file).unwrap();
    (given.item, given.currently_playing_type) = (Some(file.clone()), Some(PlayingType::Track));
    set(&given);
    let Some(Item::Local(seen_file)) = seen().item else { panic!("{:?}", seen()) };
    assert_eq!(
        (&*seen_file.name, seen_file.artist_names(), seen_file.duration_ms),
        ("Rain", "Muse Live".to_owned(), 90_000)
    );
    for (seconds, expected) in [(85, (true, Some(89_000))), (2, (false, Some(0)))] {
        server.advance_playback(Duration::from_secs(seconds));
        assert_eq!((seen().is_playing, seen().progress_ms), expected);
    }

    // An episode of the catalog, which keeps its name, on another device.
    let episode = spotify.get_episode(&server.catalog().episodes()[3]).send().unwrap();
    let mut renamed = episode.clone();
    renamed.name = "Renamed".into();
    given.item = Some(Item::Episode(Box::new(renamed)));
    let mut device = Device::default();
    (device.id, device.name) = (Some("car".parse().unwrap()), "Car".to_owned());
    (given.device, given.repeat_state, given.shuffle_state) =
        (Some(device), Some(RepeatMode::Track), true);
    set(&given);
    let request =
        spotify.get_playback().additional_types([AdditionalType::Track, AdditionalType::Episode]);
    let now = request.send().unwrap().unwrap();
    assert_eq!(
        (now.item.unwrap().name(), now.currently_playing_type),
        (Some(&*episode.name), Some(PlayingType::Episode))
    );
    assert_eq!((now.repeat_state, now.shuffle_state), (Some(RepeatMode::Track), true));
    let car = now.device.unwrap();
    assert_eq!((&*car.name, &*car.kind.unwrap().to_string()), ("Car", "Computer"));
    // The same device under another name, then one without an id, then none.
    for (id, name, count) in [(Some("car"), "Bus", 4), (None, "Radio", 5)] {
        let device = given.device.as_mut().unwrap();
        (device.id, device.name) = (id.map(|id| id.parse().unwrap()), name.to_owned());
        set(&given);
        assert_eq!(seen().device.unwrap().name, name);
        assert_eq!(spotify.get_devices().send().unwrap().len(), count);
    }
    (given.device, given.repeat_state) = (None, Some(RepeatMode::Context));
    set(&given);
    assert_eq!(
        (seen().device.unwrap().name.as_str(), seen().repeat_state),
        ("Radio", given.repeat_state.clone())
    );

    // A track in its context: commands go on from there.
    let (album, tracks) = album(&spotify, 0);
    let track = spotify.get_album(&album).send().unwrap().tracks.unwrap().items[1].clone();
    let mut of_album = Playback::default();
    of_album.item = Some(serde_json::from_value(serde_json::to_value(&track).unwrap()).unwrap());
    of_album.context =
        serde_json::from_value(serde_json::json!({"uri": format!("spotify:album:{album}")}))
            .unwrap();
    set(&of_album);
    assert_eq!((current(&spotify), seen().is_playing), (tracks[1].clone(), false));
    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), tracks[2]);
    // A track that the catalog lacks gets an object.
    let new = r#"{"type": "track", "id": "4VqPOruhp5EdPBeR92t6lQ", "uri": "spotify:track:4VqPOruhp5EdPBeR92t6lQ", "name": "New"}"#;
    of_album.item = Some(serde_json::from_str(new).unwrap());
    set(&of_album);
    assert_eq!(seen().item.unwrap().name(), Some("New"));
    assert_eq!(spotify.get_track("4VqPOruhp5EdPBeR92t6lQ").send().unwrap().name, "New");

    spotify.add_to_queue(&*tracks[0]).send().unwrap();
    server.set_playback(None);
    assert_eq!(spotify.get_playback().send().unwrap(), None);
    assert_eq!(queue(&spotify), Vec::<String>::new());
    assert_eq!(status_and_reason(spotify.pause_playback().send()).1, "NO_ACTIVE_DEVICE");
}

#[test]
fn local_file_plays_in_its_playlist_only_if_a_test_sets_it() {
    let (server, spotify) = start();
    let id = server.catalog().playlists().pop().unwrap();
    let tracks = tracks(&server, 0..2);
    spotify.replace_playlist_items(&id, &tracks[..1]).send().unwrap();
    let file: SpotifyUri = "spotify:local:Muse:Attic:Rain:90".parse().unwrap();
    for name in ["Rain", "Snow"] {
        let uri = file.to_string().replace("Rain", name).parse().unwrap();
        server.add_playlist_item(&id, tonearm::fake::library::Item::new(uri, name));
    }
    spotify.add_playlist_items(&id, &tracks[1..]).send().unwrap();
    let items = spotify.get_playlist_items(&id).send().unwrap().items;
    let mut given = Playback::default();
    given.item = Some(items[1].item.clone());
    given.context =
        serde_json::from_value(serde_json::json!({"uri": format!("spotify:playlist:{id}")}))
            .unwrap();
    server.set_playback(Some(given));
    assert_eq!(current(&spotify), file.to_string());
    spotify.skip_to_next().send().unwrap();
    assert_eq!(current(&spotify), tracks[1].to_string());
    for uri in [file.to_string(), tracks[0].to_string()] {
        spotify.skip_to_previous().send().unwrap();
        assert_eq!(current(&spotify), uri);
    }
}
