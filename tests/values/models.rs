//! Every model reads what Spotify sends, in whole and with members missing, and writes it back.
//!
//! `src/fuzzing/responses` holds an answer for each object: `album.json` with every member that Spotify
//! documents, `album.development.json` as apps in development mode get it, and so on.

use std::fmt::Debug;

use super::mutation::{mutate, write};
use super::support::{Random, read, response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tonearm::model::*;
use tonearm::{CursorPage, Cursors, Market, MarketSet, Page, SkipReason, SkippedItem};

/// Reads JSON in all ways there are, and writes it back.
type Again = fn(&str) -> Value;

fn again<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Value {
    let value: T = read(json);
    // By way of text, for in a `Value` an `f32` has other digits.
    let write = |value: &T| serde_json::to_string(value).unwrap().parse::<Value>().unwrap();
    let written = write(&value);
    let read_again: T = serde_json::from_value(written.clone()).unwrap();
    // Rows that are missing from a page are not written, so that the values themselves may differ.
    assert_eq!(write(&read_again), written);
    written
}

/// The answer with the artists that a user follows.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Followed {
    artists: CursorPage<Artist>,
}

/// Answers with every member there is.
const WHOLE: &[(&str, Again)] = &[
    ("actions", again::<Actions>),
    ("album", again::<Album>),
    ("analysis_meta", again::<AnalysisMeta>),
    ("analysis_track", again::<AnalysisTrack>),
    ("artist", again::<Artist>),
    ("artist_album", again::<ArtistAlbum>),
    ("audio_analysis", again::<AudioAnalysis>),
    ("audio_features", again::<AudioFeatures>),
    ("audiobook", again::<Audiobook>),
    ("author", again::<Author>),
    ("category", again::<Category>),
    ("chapter", again::<Chapter>),
    ("context", again::<Context>),
    ("context.collection", again::<Context>),
    ("copyright", again::<Copyright>),
    ("currently_playing", again::<CurrentlyPlaying>),
    ("device", again::<Device>),
    ("disallows", again::<Disallows>),
    ("episode", again::<Episode>),
    ("explicit_content", again::<ExplicitContent>),
    ("external_ids", again::<ExternalIds>),
    ("external_urls", again::<ExternalUrls>),
    ("featured_playlists", again::<FeaturedPlaylists>),
    ("followed_artists", again::<Followed>),
    ("followers", again::<Followers>),
    ("image", again::<Image>),
    ("linked_track", again::<LinkedTrack>),
    ("narrator", again::<Narrator>),
    ("play_history", again::<PlayHistory>),
    ("playback", again::<Playback>),
    ("playback.episode", again::<Playback>),
    ("playlist", again::<Playlist>),
    ("playlist_item", again::<PlaylistItem>),
    ("playlist_items_ref", again::<PlaylistItemsRef>),
    ("playlist_owner", again::<PlaylistOwner>),
    ("playlist_user", again::<PlaylistUser>),
    ("queue", again::<Queue>),
    ("recently_played", again::<CursorPage<PlayHistory>>),
    ("recommendation_seed", again::<RecommendationSeed>),
    ("recommendations", again::<Recommendations>),
    ("restriction", again::<Restriction>),
    ("resume_point", again::<ResumePoint>),
    ("saved_albums", again::<Page<SavedAlbum>>),
    ("saved_audiobooks", again::<Page<SavedAudiobook>>),
    ("saved_audiobooks.wrapped", again::<Page<SavedAudiobook>>),
    ("saved_episodes", again::<Page<SavedEpisode>>),
    ("saved_shows", again::<Page<SavedShow>>),
    ("saved_tracks", again::<Page<SavedTrack>>),
    ("search_results", again::<SearchResults>),
    ("section", again::<Section>),
    ("segment", again::<Segment>),
    ("show", again::<Show>),
    ("simplified_album", again::<SimplifiedAlbum>),
    ("simplified_artist", again::<SimplifiedArtist>),
    ("simplified_audiobook", again::<SimplifiedAudiobook>),
    ("simplified_chapter", again::<SimplifiedChapter>),
    ("simplified_episode", again::<SimplifiedEpisode>),
    ("simplified_playlist", again::<SimplifiedPlaylist>),
    ("simplified_show", again::<SimplifiedShow>),
    ("simplified_track", again::<SimplifiedTrack>),
    ("snapshot", again::<Snapshot>),
    ("time_interval", again::<TimeInterval>),
    ("track", again::<Track>),
    ("track.local", again::<Track>),
    ("unknown_item", again::<UnknownItem>),
    ("user", again::<User>),
    ("user.public", again::<User>),
    ("video_thumbnail", again::<VideoThumbnail>),
];

/// Answers with members missing, or named as they were before, or with some that no model has.
const STRIPPED: &[(&str, Again)] = &[
    ("actions.documented", again::<Actions>),
    ("actions.real", again::<Actions>),
    ("album.development", again::<Album>),
    ("artist.development", again::<Artist>),
    ("artist_album.development", again::<ArtistAlbum>),
    ("audiobook.development", again::<Audiobook>),
    ("chapter.development", again::<Chapter>),
    ("currently_playing.ad", again::<CurrentlyPlaying>),
    ("device.thin", again::<Device>),
    ("episode.development", again::<Episode>),
    ("episode.thin", again::<Episode>),
    ("playback.development", again::<Playback>),
    ("playlist.development", again::<Playlist>),
    ("playlist.foreign", again::<Playlist>),
    ("playlist.tracks", again::<Playlist>),
    ("queue.development", again::<Queue>),
    ("search_results.development", again::<SearchResults>),
    ("show.development", again::<Show>),
    ("simplified_album.development", again::<SimplifiedAlbum>),
    ("simplified_audiobook.development", again::<SimplifiedAudiobook>),
    ("simplified_chapter.development", again::<SimplifiedChapter>),
    ("simplified_episode.development", again::<SimplifiedEpisode>),
    ("simplified_playlist.development", again::<SimplifiedPlaylist>),
    ("simplified_playlist.tracks", again::<SimplifiedPlaylist>),
    ("simplified_show.development", again::<SimplifiedShow>),
    ("simplified_track.development", again::<SimplifiedTrack>),
    ("track.development", again::<Track>),
    ("track.emptied", again::<Track>),
    ("track.episode", again::<Track>),
    ("user.development", again::<User>),
];

/// How what was written differs from what was read.
///
/// A member that is null may be left out, for a model does not tell the two apart. With `may_add`,
/// members that were not sent may stand there as `""`, `0`, `false` and `[]`, or null for an id.
fn differences(path: &str, sent: &Value, written: &Value, may_add: bool, found: &mut Vec<String>) {
    match (sent, written) {
        (Value::Object(sent), Value::Object(written)) => {
            for (key, sent) in sent {
                match written.get(key) {
                    Some(written) => {
                        differences(&format!("{path}.{key}"), sent, written, may_add, found);
                    }
                    None if sent.is_null() => {}
                    None => found.push(format!("{path}.{key} is lost")),
                }
            }
            for (key, written) in written.iter().filter(|(key, _)| !sent.contains_key(*key)) {
                let empty = ["".into(), 0.into(), false.into(), Value::Array(vec![])];
                let is_null_id = key == "id" && written.is_null();
                if !(may_add && (empty.contains(written) || is_null_id)) {
                    found.push(format!("{path}.{key} is new: {written}"));
                }
            }
        }
        (Value::Array(sent), Value::Array(written)) if sent.len() == written.len() => {
            for (index, (sent, written)) in sent.iter().zip(written).enumerate() {
                differences(&format!("{path}[{index}]"), sent, written, may_add, found);
            }
        }
        _ if sent == written => {}
        _ => found.push(format!("{path} was {sent} and is {written}")),
    }
}

fn assert_same(name: &str, again: Again, may_add: bool) {
    let text = response(name);
    let mut found = Vec::new();
    differences(name, &text.parse().unwrap(), &again(&text), may_add, &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn whole_answers_are_written_back_member_for_member() {
    for (name, again) in WHOLE {
        assert_same(name, *again, false);
    }
}

#[test]
fn stripped_answers_lose_nothing() {
    for (name, again) in STRIPPED {
        // They are written as Spotify sends them now, and not with members of no model.
        const OTHERWISE: [&str; 5] = [
            "actions.documented",
            "playlist.tracks",
            "search_results.development",
            "simplified_playlist.tracks",
            "track.episode",
        ];
        if !OTHERWISE.contains(name) {
            assert_same(name, *again, true);
        }
        again(&response(name));
    }
}

#[test]
fn every_answer_has_a_model() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/fuzzing/responses");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut named: Vec<String> =
        WHOLE.iter().chain(STRIPPED).map(|(name, _)| format!("{name}.json")).collect();
    files.sort();
    named.sort();
    assert_eq!(files, named, "a file in src/fuzzing/responses needs a line in WHOLE or STRIPPED");
}

#[test]
fn models_can_be_cloned_compared_and_sent_to_other_threads() {
    fn assert_model<T: Clone + Debug + PartialEq + Send + Sync + 'static>() {}
    macro_rules! assert_models {
        ($($model:ty),* $(,)?) => { $(assert_model::<$model>();)* };
    }
    assert_models!(
        Actions,
        Album,
        AnalysisMeta,
        AnalysisTrack,
        Artist,
        ArtistAlbum,
        AudioAnalysis,
        AudioFeatures,
        Audiobook,
        Author,
        Category,
        Chapter,
        Context,
        Copyright,
        CurrentlyPlaying,
        Device,
        Disallows,
        Episode,
        ExplicitContent,
        ExternalIds,
        ExternalUrls,
        FeaturedPlaylists,
        Followers,
        Image,
        Item,
        LinkedTrack,
        Narrator,
        PlayHistory,
        Playback,
        Playlist,
        PlaylistItem,
        PlaylistItemsRef,
        PlaylistOwner,
        PlaylistUser,
        Queue,
        RecommendationSeed,
        Recommendations,
        ReleaseDate,
        Restriction,
        ResumePoint,
        SavedAlbum,
        SavedAudiobook,
        SavedEpisode,
        SavedShow,
        SavedTrack,
        SearchResults,
        Section,
        Segment,
        Show,
        SimplifiedAlbum,
        SimplifiedArtist,
        SimplifiedAudiobook,
        SimplifiedChapter,
        SimplifiedEpisode,
        SimplifiedPlaylist,
        SimplifiedShow,
        SimplifiedTrack,
        Snapshot,
        TimeInterval,
        Track,
        UnknownItem,
        User,
        VideoThumbnail,
        AlbumGroup,
        AlbumType,
        ContextType,
        CopyrightKind,
        DatePrecision,
        DeviceType,
        PlayingType,
        Product,
        RepeatState,
        RestrictionReason,
        SeedType,
        Page<SavedTrack>,
        CursorPage<Artist>,
        Cursors,
        SkippedItem,
        SkipReason,
        Market,
        MarketSet,
    );
}

#[test]
fn whatever_is_missing_null_unknown_or_a_float_the_rest_is_read() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for (name, again) in WHOLE {
        let whole: Value = response(name).parse().unwrap();
        for _ in 0..40 {
            let mut changed = whole.clone();
            mutate(&mut changed, &mut random);
            let mut floats = String::new();
            write(&changed, &mut random, &mut floats);
            assert_eq!(again(&floats), again(&changed.to_string()), "{name}: {floats}");
        }
    }
}
