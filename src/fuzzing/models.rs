//! Properties of models and pages.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::assert_message;
use super::change::Changes;
use crate::endpoint::GET_ME;
use crate::error::Error;
use crate::json::decode::decode_once;
use crate::model::*;
use crate::page::{CursorPage, Page, Paged, SkipReason};
use crate::transport::RawResponse;

/// Checks a model. The input is the name of a file in `src/fuzzing/responses`, a line break, and JSON for the model of
/// that file.
pub fn models(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((name, json)) = text.split_once('\n') else { return };
    if let Some(sample) = SAMPLES.iter().find(|sample| sample.name == name) {
        (sample.check)(json);
    }
}

/// Checks a model with a changed response. The bytes select the response and the changes.
pub fn shapes(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(sample) = SAMPLES.get(usize::from(*first) % SAMPLES.len()) else { return };
    let original: Value = sample.json.parse().expect("a sample is JSON");
    let mut json = String::new();
    Changes(rest).write(&original, &mut json);
    (sample.check)(&json);
}

/// A response of Spotify, and the check of its model.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) json: &'static str,
    check: fn(&str),
}

macro_rules! samples {
    ($($check:expr => $($name:literal)+,)*) => {
        /// Every response in `src/fuzzing/responses`, with the check of its model.
        pub(super) const SAMPLES: &[Sample] = &[$($(Sample {
            name: $name,
            json: include_str!(concat!("responses/", $name, ".json")),
            check: $check,
        },)+)*];
    };
}

samples! {
    model::<Actions> => "actions" "actions.documented" "actions.real",
    model::<Album> => "album" "album.development",
    model::<AnalysisMeta> => "analysis_meta",
    model::<AnalysisTrack> => "analysis_track",
    model::<Artist> => "artist" "artist.development",
    model::<ArtistAlbum> => "artist_album" "artist_album.development",
    model::<AudioAnalysis> => "audio_analysis",
    model::<AudioFeatures> => "audio_features",
    model::<Audiobook> => "audiobook" "audiobook.development",
    model::<Author> => "author",
    model::<Category> => "category",
    model::<Chapter> => "chapter" "chapter.development",
    model::<Context> => "context" "context.collection",
    model::<Copyright> => "copyright",
    model::<CurrentlyPlaying> => "currently_playing" "currently_playing.ad",
    model::<Device> => "device" "device.thin",
    model::<Disallows> => "disallows",
    model::<Episode> => "episode" "episode.development" "episode.thin",
    model::<ExplicitContent> => "explicit_content",
    model::<ExternalIds> => "external_ids",
    model::<ExternalUrls> => "external_urls",
    model::<FeaturedPlaylists> => "featured_playlists",
    model::<Followed> => "followed_artists",
    model::<Followers> => "followers",
    model::<Image> => "image",
    model::<LinkedTrack> => "linked_track",
    model::<Narrator> => "narrator",
    model::<PlayHistory> => "play_history",
    model::<Playback> => "playback" "playback.episode" "playback.development",
    model::<Playlist> => "playlist" "playlist.development" "playlist.foreign" "playlist.tracks",
    model::<PlaylistItem> => "playlist_item",
    model::<PlaylistItemsRef> => "playlist_items_ref",
    model::<PlaylistOwner> => "playlist_owner",
    model::<PlaylistUser> => "playlist_user",
    model::<Queue> => "queue" "queue.development",
    page::<CursorPage<PlayHistory>> => "recently_played",
    model::<RecommendationSeed> => "recommendation_seed",
    model::<Recommendations> => "recommendations",
    model::<Restriction> => "restriction",
    model::<ResumePoint> => "resume_point",
    page::<Page<SavedAlbum>> => "saved_albums",
    page::<Page<SavedAudiobook>> => "saved_audiobooks" "saved_audiobooks.wrapped",
    page::<Page<SavedEpisode>> => "saved_episodes",
    page::<Page<SavedShow>> => "saved_shows",
    page::<Page<SavedTrack>> => "saved_tracks",
    model::<SearchResults> => "search_results" "search_results.development",
    model::<Section> => "section",
    model::<Segment> => "segment",
    model::<Show> => "show" "show.development",
    model::<SimplifiedAlbum> => "simplified_album" "simplified_album.development",
    model::<SimplifiedArtist> => "simplified_artist",
    model::<SimplifiedAudiobook> => "simplified_audiobook" "simplified_audiobook.development",
    model::<SimplifiedChapter> => "simplified_chapter" "simplified_chapter.development",
    model::<SimplifiedEpisode> => "simplified_episode" "simplified_episode.development",
    model::<SimplifiedPlaylist> => "simplified_playlist" "simplified_playlist.development" "simplified_playlist.tracks",
    model::<SimplifiedShow> => "simplified_show" "simplified_show.development",
    model::<SimplifiedTrack> => "simplified_track" "simplified_track.development",
    model::<Snapshot> => "snapshot",
    model::<TimeInterval> => "time_interval",
    model::<Track> => "track" "track.local" "track.development" "track.emptied" "track.episode",
    model::<UnknownItem> => "unknown_item",
    model::<User> => "user" "user.public" "user.development",
    model::<VideoThumbnail> => "video_thumbnail",
}

/// The response with the artists that a user follows.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Followed {
    artists: CursorPage<Artist>,
}

fn model<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) {
    read::<T>(json);
}

/// Decodes and checks a model; `None` if the JSON is invalid.
fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Option<T> {
    let plain = serde_json::from_str::<T>(json);
    let by_item = decode_once::<T>(json, false);
    if let Ok(first) = decode_once::<T>(json, true) {
        assert_eq!(by_item.as_ref().ok(), Some(&first), "decoding item by item differs");
        assert_eq!(plain.as_ref().ok(), Some(&first), "decoding with serde alone differs");
    }
    if let Ok(plain) = plain {
        // Serde alone leaves out the text of items without content, which are not serialized.
        let by_item = by_item.as_ref().map(serde_json::to_string);
        let by_item = by_item.expect("what serde decodes, decodes item by item");
        let plain = serde_json::to_string(&plain);
        assert_eq!(by_item.expect("a model serializes"), plain.expect("a model serializes"));
    }
    let value = match by_item {
        Ok(value) => value,
        Err(_) => {
            let (headers, body) = (Default::default(), json.into());
            let error = RawResponse { status: 200, headers, body, secrets: Default::default() }
                .decode::<T>(&GET_ME, None, GET_ME.expected());
            let error = error.expect_err("invalid JSON is an error");
            assert!(matches!(error, Error::Decode(_)), "{error}");
            assert_message(&error);
            return None;
        }
    };
    let written = serde_json::to_string(&value).expect("a model serializes");
    let again: T = serde_json::from_str(&written).unwrap_or_else(|error| {
        panic!("a serialized model doesn't deserialize: {error}: {written}")
    });
    let written_again = serde_json::to_string(&again).expect("a model serializes");
    if written != written_again {
        assert_same(&value_of(&written), &value_of(&written_again));
    }
    if let Ok(sent) = json.parse() {
        assert_uris_stay(&sent, &value_of(&written));
    }
    // Also from a stream and from a `Value`.
    assert_eq!(serde_json::from_reader::<_, T>(written.as_bytes()).ok().as_ref(), Some(&again));
    assert_eq!(serde_json::from_value::<T>(value_of(&written)).ok(), Some(again));
    Some(value)
}

fn page<P>(json: &str)
where
    P: Paged<Item: DeserializeOwned> + Serialize + PartialEq + Debug,
{
    let Some(page) = read::<P>(json) else { return };
    let count = page.item_count();
    let (items, skipped) = page.into_items();
    assert_eq!(items.len() + skipped.len(), count);
    assert!(skipped.is_sorted_by(|a, b| a.index < b.index), "{skipped:?}");
    for item in skipped {
        assert!(item.index < count && json.contains(&*item.raw), "{item:?}");
        match item.reason {
            SkipReason::Null => {
                let item_alone = serde_json::from_str::<Option<P::Item>>(&item.raw);
                assert!(matches!(item_alone, Ok(None) | Err(_)), "{item:?}");
            }
            SkipReason::Unreadable(problem) => assert_message(&problem),
        }
    }
}

fn value_of(json: &str) -> Value {
    json.parse().expect("a serialized model is JSON")
}

/// Checks that every URI is serialized as it was sent, even if it differs from the id.
fn assert_uris_stay(sent: &Value, written: &Value) {
    match (sent, written) {
        // A wrapped audiobook may be serialized without its wrapper.
        (Value::Object(sent), Value::Object(written)) if !sent.contains_key("audiobook") => {
            if let (Some(Value::String(sent)), Some(written)) =
                (sent.get("uri"), written.get("uri"))
            {
                assert_eq!(sent, written);
            }
            for (key, written) in written {
                if let Some(sent) = sent.get(key) {
                    assert_uris_stay(sent, written);
                }
            }
        }
        // Elements that are null are not serialized.
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            sent.iter().zip(written).for_each(|(sent, written)| assert_uris_stay(sent, written));
        }
        _ => {}
    }
}

/// Compares JSON. Floats may differ in the last digit, because deserializing rounds long ones differently.
fn assert_same(first: &Value, second: &Value) {
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            assert!(first.keys().eq(second.keys()), "{first:?} {second:?}");
            first.values().zip(second.values()).for_each(|(a, b)| assert_same(a, b));
        }
        (Value::Array(first), Value::Array(second)) => {
            assert_eq!(first.len(), second.len());
            first.iter().zip(second).for_each(|(a, b)| assert_same(a, b));
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            assert!((a - b).abs() <= a.abs() * 1e-14, "{a} {b}");
        }
        (first, second) => assert_eq!(first, second),
    }
}
