//! Models and pages.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::assert_told;
use super::change::Changes;
use crate::endpoint::GET_ME;
use crate::error::Error;
use crate::json::decode::decode_rows;
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
    ($($name:literal: $model:ty,)*) => {
        /// Every answer in `src/fuzzing/responses`, with its model.
        pub(super) const ANSWERS: &[Answer] = &[$(Answer {
            name: $name,
            json: include_str!(concat!("responses/", $name, ".json")),
            check: <$model as Checked>::check,
        }),*];
    };
}

answers! {
    "actions": Actions,
    "album": Album,
    "analysis_meta": AnalysisMeta,
    "analysis_track": AnalysisTrack,
    "artist": Artist,
    "artist_album": ArtistAlbum,
    "audio_analysis": AudioAnalysis,
    "audio_features": AudioFeatures,
    "audiobook": Audiobook,
    "author": Author,
    "category": Category,
    "chapter": Chapter,
    "context": Context,
    "context.collection": Context,
    "copyright": Copyright,
    "currently_playing": CurrentlyPlaying,
    "device": Device,
    "disallows": Disallows,
    "episode": Episode,
    "explicit_content": ExplicitContent,
    "external_ids": ExternalIds,
    "external_urls": ExternalUrls,
    "featured_playlists": FeaturedPlaylists,
    "followed_artists": Followed,
    "followers": Followers,
    "image": Image,
    "linked_track": LinkedTrack,
    "narrator": Narrator,
    "play_history": PlayHistory,
    "playback": Playback,
    "playback.episode": Playback,
    "playlist": Playlist,
    "playlist_item": PlaylistItem,
    "playlist_items_ref": PlaylistItemsRef,
    "playlist_owner": PlaylistOwner,
    "playlist_user": PlaylistUser,
    "queue": Queue,
    "recently_played": CursorPage<PlayHistory>,
    "recommendation_seed": RecommendationSeed,
    "recommendations": Recommendations,
    "restriction": Restriction,
    "resume_point": ResumePoint,
    "saved_albums": Page<SavedAlbum>,
    "saved_audiobooks": Page<SavedAudiobook>,
    "saved_audiobooks.wrapped": Page<SavedAudiobook>,
    "saved_episodes": Page<SavedEpisode>,
    "saved_shows": Page<SavedShow>,
    "saved_tracks": Page<SavedTrack>,
    "search_results": SearchResults,
    "section": Section,
    "segment": Segment,
    "show": Show,
    "simplified_album": SimplifiedAlbum,
    "simplified_artist": SimplifiedArtist,
    "simplified_audiobook": SimplifiedAudiobook,
    "simplified_chapter": SimplifiedChapter,
    "simplified_episode": SimplifiedEpisode,
    "simplified_playlist": SimplifiedPlaylist,
    "simplified_show": SimplifiedShow,
    "simplified_track": SimplifiedTrack,
    "snapshot": Snapshot,
    "time_interval": TimeInterval,
    "track": Track,
    "track.local": Track,
    "unknown_item": UnknownItem,
    "user": User,
    "user.public": User,
    "video_thumbnail": VideoThumbnail,
    "actions.documented": Actions,
    "actions.real": Actions,
    "album.development": Album,
    "artist.development": Artist,
    "artist_album.development": ArtistAlbum,
    "audiobook.development": Audiobook,
    "chapter.development": Chapter,
    "currently_playing.ad": CurrentlyPlaying,
    "device.thin": Device,
    "episode.development": Episode,
    "episode.thin": Episode,
    "playback.development": Playback,
    "playlist.development": Playlist,
    "playlist.foreign": Playlist,
    "playlist.tracks": Playlist,
    "queue.development": Queue,
    "search_results.development": SearchResults,
    "show.development": Show,
    "simplified_album.development": SimplifiedAlbum,
    "simplified_audiobook.development": SimplifiedAudiobook,
    "simplified_chapter.development": SimplifiedChapter,
    "simplified_episode.development": SimplifiedEpisode,
    "simplified_playlist.development": SimplifiedPlaylist,
    "simplified_playlist.tracks": SimplifiedPlaylist,
    "simplified_show.development": SimplifiedShow,
    "simplified_track.development": SimplifiedTrack,
    "track.development": Track,
    "track.emptied": Track,
    "track.episode": Track,
    "user.development": User,
}

/// The answer with the artists that a user follows.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Followed {
    artists: CursorPage<Artist>,
}

/// What is checked of the JSON of a model; more, if it is a page.
trait Checked {
    fn check(json: &str);
}

macro_rules! checked {
    ($($model:ty)*) => {$(
        impl Checked for $model {
            fn check(json: &str) {
                model::<$model>(json);
            }
        }
    )*};
}

checked! {
    Actions Album AnalysisMeta AnalysisTrack Artist ArtistAlbum AudioAnalysis AudioFeatures Audiobook
    Author Category Chapter Context Copyright CurrentlyPlaying Device Disallows Episode ExplicitContent
    ExternalIds ExternalUrls FeaturedPlaylists Followed Followers Image LinkedTrack Narrator PlayHistory
    Playback Playlist PlaylistItem PlaylistItemsRef PlaylistOwner PlaylistUser Queue RecommendationSeed
    Recommendations Restriction ResumePoint SearchResults Section Segment Show SimplifiedAlbum
    SimplifiedArtist SimplifiedAudiobook SimplifiedChapter SimplifiedEpisode SimplifiedPlaylist
    SimplifiedShow SimplifiedTrack Snapshot TimeInterval Track UnknownItem User VideoThumbnail
}

impl<T: DeserializeOwned + Send + Serialize + PartialEq + Debug + 'static> Checked for Page<T> {
    fn check(json: &str) {
        page::<Self>(json);
    }
}

impl<T: DeserializeOwned + Send + Serialize + PartialEq + Debug + 'static> Checked
    for CursorPage<T>
{
    fn check(json: &str) {
        page::<Self>(json);
    }
}

fn model<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Option<T> {
    let plain = serde_json::from_str::<T>(json);
    let in_rows = decode_rows::<T>(json);
    let value = match (plain, in_rows) {
        (Ok(plain), in_rows) => {
            assert_eq!(in_rows.as_ref().ok(), Some(&plain), "row by row it is the same");
            plain
        }
        (Err(_), Ok(value)) => value,
        (Err(_), Err(_)) => {
            let (headers, body) = (Default::default(), json.into());
            let error = RawResponse { status: 200, headers, body }.decode::<T>(&GET_ME, None);
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
    let Some(page) = model::<P>(json) else { return };
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
