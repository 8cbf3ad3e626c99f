//! Models of players, queues and listening histories, decoded from Spotify's responses.

use super::support::{read, response, with};
use serde_json::{Value, json};
use tonearm::model::*;
use tonearm::{CursorPage, Timestamp};

#[test]
fn actions_are_read_nested_in_disallows_or_flat() {
    let real: Actions = read(&response("actions"));
    assert_eq!(real, read::<Actions>(&response("actions.documented")));
    assert!(real.disallows.interrupting_playback && !real.disallows.pausing);
    let disallows = |json: &str| read::<Actions>(json).disallows;
    let pausing = disallows(r#"{"disallows": {"pausing": true, "new": true, "seeking": null}}"#);
    assert!(pausing.pausing && !pausing.seeking && !pausing.resuming);
    assert_eq!(disallows(r#"{"seeking": true, "disallows": {"pausing": true}}"#), pausing);
    assert_eq!(disallows(r#"{"disallows": {"pausing": true}, "seeking": true}"#), pausing);
    assert!(disallows(r#"{"disallows": null, "seeking": true}"#).seeking);
    for nothing in [r#"{"disallows": {}}"#, r#"{"disallows": null}"#, "{}"] {
        assert_eq!(disallows(nothing), Disallows::default());
    }
    assert_eq!(read::<Playback>(r#"{"actions": null}"#).actions, None);
}

#[test]
fn device_without_an_id_is_rejected_before_sending() {
    let spotify = tonearm::Spotify::from_token("token").unwrap();
    let kitchen: Device = read(r#"{"id": null, "name": "Kitchen", "is_restricted": true}"#);
    let error = spotify.set_volume(3).device_id(&kitchen).send().unwrap_err();
    insta::assert_snapshot!(error, @"set_volume: `device_id`: expected a device with an id, found one without, which apps can't control; nothing was sent");
    assert!(spotify.transfer_playback(&kitchen).request().is_err());
    let desk: Device = read(r#"{"id": "desk", "name": "Writing desk"}"#);
    let request = spotify.set_volume(3).device_id(&desk).request().unwrap();
    assert_eq!(request.query_value("device_id").as_deref(), Some("desk"));
}

#[test]
fn playback_of_ads_and_local_files_is_decoded() {
    let ad: CurrentlyPlaying = read(&response("currently_playing.ad"));
    assert_eq!((ad.item, ad.context, ad.progress_ms), (None, None, None));
    assert_eq!((ad.currently_playing_type, ad.is_playing), (Some(PlayingType::Ad), true));
    let playback: Playback = read(r#"{"timestamp": 1.767225600123E12, "progress_ms": 44272.0}"#);
    assert_eq!(
        (playback.timestamp, playback.progress_ms),
        (Some(Timestamp::from_unix_millis(1_767_225_600_123)), Some(44_272))
    );
    assert_eq!((playback.device, playback.smart_shuffle), (None, None));
    let track: Value = response("track.local").parse().unwrap();
    let file = json!({"item": track, "currently_playing_type": "unknown"});
    let file: Playback = read(&file.to_string());
    assert!(matches!(file.item, Some(Item::Local(_))));
    assert_eq!(file.currently_playing_type, Some(PlayingType::Unknown));
}

#[test]
fn device_context_and_seed_types_are_parsed_leniently() {
    let device = |sent: &str| {
        let device: Device = read(&with("device", &[("/type", json!(sent))]));
        device.kind.unwrap()
    };
    for (sent, expected) in [
        ("SMARTWATCH", DeviceType::Smartwatch),
        ("TV", DeviceType::Tv),
        ("Tv", DeviceType::Tv),
        ("Avr", DeviceType::Avr),
        ("Stb", DeviceType::Stb),
        ("computer", DeviceType::Computer),
        ("Toaster", DeviceType::Other("Toaster".into())),
    ] {
        assert_eq!(device(sent), expected, "{sent}");
    }
    let thin: Device = read(&response("device.thin"));
    assert_eq!((thin.id, thin.volume_percent, thin.supports_volume), (None, None, None));

    let context = |sent: &str| {
        let context: Context = read(&with("context.collection", &[("/type", json!(sent))]));
        context.kind.unwrap()
    };
    assert_eq!(context("collection"), ContextType::Collection);
    assert_eq!(context("collectionyourepisodes"), ContextType::CollectionYourEpisodes);
    assert_eq!(context("local"), ContextType::Other("local".into()));

    let seed = |sent: &str| {
        let seed: RecommendationSeed =
            read(&with("recommendation_seed", &[("/type", json!(sent))]));
        (seed.initial_pool_size, seed.kind.unwrap())
    };
    assert_eq!(seed("ARTIST"), (Some(500), SeedType::Artist));
    assert_eq!(seed("artist"), (Some(500), SeedType::Artist));
}

#[test]
fn history_page_needs_no_total_context_or_cursors() {
    let page: CursorPage<PlayHistory> = read(&response("recently_played"));
    assert_eq!((page.total, page.items.len(), page.items[1].context.is_some()), (None, 2, false));
    assert_eq!(page.items[0].played_at.unwrap().to_string(), "2026-01-01T00:00:00.123Z");
    let empty = r#"{"items": [], "next": null, "cursors": null, "limit": 20, "href": "h"}"#;
    let empty: CursorPage<PlayHistory> = read(empty);
    assert_eq!((empty.items.len(), empty.total, empty.cursors.before), (0, None, None));
}
