//! Every model reads what Spotify sends, in whole and with members missing, and writes it back.
//!
//! `tests/responses` holds an answer for each object: `album.json` with every member that Spotify
//! documents, `album.development.json` as apps in development mode get it, and so on.

mod support;

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use support::{read, response};
use tonearm::model::*;
use tonearm::{CursorPage, Cursors, Market, MarketSet, Missing, MissingReason, Page};

/// Reads JSON in all ways there are, and writes it back.
type Again = fn(&str) -> Value;

fn again<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Value {
    let value: T = read(json);
    let written = serde_json::to_value(&value).unwrap();
    let read_again: T = serde_json::from_value(written.clone()).unwrap();
    // Rows that are missing from a page are not written, so that the values themselves may differ.
    assert_eq!(serde_json::to_value(&read_again).unwrap(), written);
    written
}

/// The answer with the artists that a user follows.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Followed {
    artists: CursorPage<Artist>,
}

/// Answers with every member there is.
const WHOLE: &[(&str, Again)] = &[
    ("album", again::<Album>),
    ("artist", again::<Artist>),
    ("author", again::<Author>),
    ("copyright", again::<Copyright>),
    ("episode", again::<Episode>),
    ("explicit_content", again::<ExplicitContent>),
    ("external_ids", again::<ExternalIds>),
    ("followed_artists", again::<Followed>),
    ("followers", again::<Followers>),
    ("image", again::<Image>),
    ("linked_track", again::<LinkedTrack>),
    ("narrator", again::<Narrator>),
    ("playlist_items_ref", again::<PlaylistItemsRef>),
    ("playlist_owner", again::<PlaylistOwner>),
    ("restriction", again::<Restriction>),
    ("resume_point", again::<ResumePoint>),
    ("saved_albums", again::<Page<SavedAlbum>>),
    ("saved_audiobooks", again::<Page<SavedAudiobook>>),
    ("saved_audiobooks.wrapped", again::<Page<SavedAudiobook>>),
    ("saved_episodes", again::<Page<SavedEpisode>>),
    ("saved_shows", again::<Page<SavedShow>>),
    ("saved_tracks", again::<Page<SavedTrack>>),
    ("simplified_album", again::<SimplifiedAlbum>),
    ("simplified_artist", again::<SimplifiedArtist>),
    ("simplified_audiobook", again::<SimplifiedAudiobook>),
    ("simplified_playlist", again::<SimplifiedPlaylist>),
    ("simplified_show", again::<SimplifiedShow>),
    ("simplified_track", again::<SimplifiedTrack>),
    ("track", again::<Track>),
    ("track.local", again::<Track>),
    ("user", again::<User>),
    ("user.public", again::<User>),
];

/// Answers with members missing, or named as they were before, or with some that no model has.
const STRIPPED: &[(&str, Again)] = &[
    ("album.development", again::<Album>),
    ("artist.development", again::<Artist>),
    ("episode.development", again::<Episode>),
    ("episode.thin", again::<Episode>),
    ("simplified_album.development", again::<SimplifiedAlbum>),
    ("simplified_audiobook.development", again::<SimplifiedAudiobook>),
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
        // Old playlists have `tracks`, and episodes as tracks have members of no model.
        if !["simplified_playlist.tracks", "track.episode"].contains(name) {
            assert_same(name, *again, true);
        }
        again(&response(name));
    }
}

#[test]
fn every_answer_has_a_model() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/responses");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut named: Vec<String> =
        WHOLE.iter().chain(STRIPPED).map(|(name, _)| format!("{name}.json")).collect();
    files.sort();
    named.sort();
    assert_eq!(files, named, "a file in tests/responses needs a line in WHOLE or STRIPPED");
}

#[test]
fn models_can_be_cloned_compared_and_sent_to_other_threads() {
    fn assert_model<T: Clone + Debug + PartialEq + Send + Sync + 'static>() {}
    macro_rules! assert_models {
        ($($model:ty),* $(,)?) => { $(assert_model::<$model>();)* };
    }
    assert_models!(
        Album,
        Artist,
        Author,
        Copyright,
        Episode,
        ExplicitContent,
        ExternalIds,
        Followers,
        Image,
        LinkedTrack,
        Narrator,
        PlaylistItemsRef,
        PlaylistOwner,
        ReleaseDate,
        Restriction,
        ResumePoint,
        SavedAlbum,
        SavedAudiobook,
        SavedEpisode,
        SavedShow,
        SavedTrack,
        SimplifiedAlbum,
        SimplifiedArtist,
        SimplifiedAudiobook,
        SimplifiedPlaylist,
        SimplifiedShow,
        SimplifiedTrack,
        Track,
        User,
        AlbumType,
        CopyrightKind,
        DatePrecision,
        Product,
        RestrictionReason,
        Page<SavedTrack>,
        CursorPage<Artist>,
        Cursors,
        Missing,
        MissingReason,
        Market,
        MarketSet,
    );
}

/// A sequence of numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// What an object cannot do without: its id, of those that always have one; what a row in a library
/// wraps; and the rows of a page, since an answer without any is no page.
fn is_needed(object: &Map<String, Value>, key: &str) -> bool {
    match (key, object.get("type").and_then(Value::as_str)) {
        ("id", Some("album")) => object.contains_key("tracks"),
        ("id", Some("artist" | "user")) => object.contains_key("images"),
        ("id", kind) => kind != Some("track"),
        ("items", _) => object.contains_key("limit"),
        ("album" | "track" | "show" | "episode" | "audiobook", _) => {
            object.contains_key("added_at")
        }
        ("artists", _) => object.len() == 1,
        _ => false,
    }
}

/// Takes members away, makes them null, adds unknown ones and null entries, and changes words.
fn mutate(value: &mut Value, random: &mut Random) {
    const WORDS: [&str; 5] = ["album_type", "release_date_precision", "reason", "product", "type"];
    match value {
        Value::Object(object) => {
            let keys: Vec<String> =
                object.keys().filter(|key| !is_needed(object, key)).cloned().collect();
            for key in keys {
                match random.below(16) {
                    0 => drop(object.remove(&key)),
                    1 => drop(object.insert(key, Value::Null)),
                    2..=5 if WORDS.contains(&&*key) => {
                        let word =
                            ["", "EP", "vinyl", "Jäätie", "SINGLE"][random.below(5) as usize];
                        object.insert(key, word.into());
                    }
                    _ => {}
                }
            }
            if random.below(8) == 0 {
                object.insert("zz_unknown".into(), serde_json::json!({"id": [1, {"uri": null}]}));
            }
            object.values_mut().for_each(|value| mutate(value, random));
        }
        Value::Array(list) => {
            list.iter_mut().for_each(|value| mutate(value, random));
            if random.below(8) == 0 {
                list.insert(random.below(list.len() as u64 + 1) as usize, Value::Null);
            }
        }
        _ => {}
    }
}

/// Writes JSON with some whole numbers as floats.
fn write(value: &Value, random: &mut Random, json: &mut String) {
    match value {
        Value::Number(number) => json.push_str(&match random.below(3) {
            0 => number.to_string(),
            1 => format!("{number}.0"),
            _ => format!("{:E}", number.as_f64().unwrap()),
        }),
        Value::Object(object) => {
            for (index, (key, value)) in object.iter().enumerate() {
                json.push_str(if index == 0 { "{" } else { "," });
                json.push_str(&format!("{key:?}:"));
                write(value, random, json);
            }
            json.push_str(if object.is_empty() { "{}" } else { "}" });
        }
        Value::Array(list) => {
            json.push('[');
            for (index, value) in list.iter().enumerate() {
                json.push_str(if index == 0 { "" } else { "," });
                write(value, random, json);
            }
            json.push(']');
        }
        plain => json.push_str(&plain.to_string()),
    }
}

#[test]
fn whatever_is_missing_null_unknown_or_a_float_the_rest_is_read() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for (name, again) in WHOLE {
        let whole: Value = response(name).parse().unwrap();
        for _ in 0..200 {
            let mut changed = whole.clone();
            mutate(&mut changed, &mut random);
            let mut floats = String::new();
            write(&changed, &mut random, &mut floats);
            assert_eq!(again(&floats), again(&changed.to_string()), "{name}: {floats}");
        }
    }
}
