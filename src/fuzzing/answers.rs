//! Models and pages.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::assert_told;
use super::change::Changes;
use crate::endpoint::GET_ME;
use crate::error::Error;
use crate::json::decode::decode_item_by_item;
use crate::model::*;
use crate::page::{CursorPage, Page, Paged, SkipReason};
use crate::transport::RawResponse;

/// An answer: the name of a file in `src/fuzzing/responses`, a line break, and JSON for the model that is read
/// from it.
pub fn models(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((name, json)) = text.split_once('\n') else { return };
    if let Some(answer) = ANSWERS.iter().find(|answer| answer.name == name) {
        (answer.check)(json);
    }
}

/// An answer that is changed here and there: the bytes say which, where and how.
pub fn shapes(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(answer) = ANSWERS.get(usize::from(*first) % ANSWERS.len()) else { return };
    let whole: Value = answer.json.parse().expect("an answer is JSON");
    let mut json = String::new();
    Changes(rest).write(&whole, &mut json);
    (answer.check)(&json);
}

/// An answer as Spotify sends it, and what is to hold of it and of everything that looks like it.
pub(super) struct Answer {
    pub(super) name: &'static str,
    pub(super) json: &'static str,
    check: fn(&str),
}

macro_rules! answers {
    ($($check:expr => $($name:literal)+,)*) => {
        /// Every answer in `src/fuzzing/responses`, with the check of its model.
        pub(super) const ANSWERS: &[Answer] = &[$($(Answer {
            name: $name,
            json: include_str!(concat!("responses/", $name, ".json")),
            check: $check,
        },)+)*];
    };
}

answers! {
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

/// The answer with the artists that a user follows.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Followed {
    artists: CursorPage<Artist>,
}

fn model<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) {
    read::<T>(json);
}

/// Checks the JSON of a model and returns the model, unless it cannot be read.
fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Option<T> {
    let plain = serde_json::from_str::<T>(json);
    let in_rows = decode_item_by_item::<T>(json);
    let value = match (plain, in_rows) {
        (Ok(plain), in_rows) => {
            assert_eq!(in_rows.as_ref().ok(), Some(&plain), "row by row it is the same");
            plain
        }
        (Err(_), Ok(value)) => value,
        (Err(_), Err(_)) => {
            let (headers, body) = (Default::default(), json.into());
            let error = RawResponse { status: 200, headers, body, secrets: Default::default() }
                .decode::<T>(&GET_ME, None);
            let error = error.expect_err("what cannot be decoded is an error");
            assert!(matches!(error, Error::Decode(_)), "{error}");
            assert_told(&error);
            return None;
        }
    };
    let written = serde_json::to_string(&value).expect("a model can be written");
    let again: T = serde_json::from_str(&written)
        .unwrap_or_else(|error| panic!("what was written cannot be read: {error}: {written}"));
    let written_again = serde_json::to_string(&again).expect("a model can be written");
    if written != written_again {
        assert_same(&value_of(&written), &value_of(&written_again));
    }
    if let Ok(sent) = json.parse() {
        assert_uris_stay(&sent, &value_of(&written));
    }
    // From a stream, and from what is decoded already.
    assert_eq!(serde_json::from_reader::<_, T>(written.as_bytes()).ok().as_ref(), Some(&again));
    assert_eq!(serde_json::from_value::<T>(value_of(&written)).ok(), Some(again));
    Some(value)
}

fn page<P>(json: &str)
where
    P: Paged + Serialize + PartialEq + Debug,
{
    let Some(page) = read::<P>(json) else { return };
    let rows = page.item_count();
    let (items, missing) = page.into_items();
    assert_eq!(items.len() + missing.len(), rows);
    assert!(missing.is_sorted_by(|a, b| a.index < b.index), "{missing:?}");
    for row in missing {
        assert!(row.index < rows && json.contains(&*row.raw), "{row:?}");
        match row.reason {
            SkipReason::Null => assert_eq!(&*row.raw, "null"),
            SkipReason::Unreadable(why) => assert_told(&why),
        }
    }
}

fn value_of(json: &str) -> Value {
    json.parse().expect("what was written is JSON")
}

/// A URI is written as it was sent, whether the id says the same or not.
fn assert_uris_stay(sent: &Value, written: &Value) {
    match (sent, written) {
        // What was wrapped may be written plain.
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
        // Entries that are null are not written.
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            sent.iter().zip(written).for_each(|(sent, written)| assert_uris_stay(sent, written));
        }
        _ => {}
    }
}

/// Decoding rounds the last digit of a long float otherwise than writing does.
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
