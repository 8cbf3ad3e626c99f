//! Every model deserializes Spotify's responses, complete or with fields missing, and serializes them again.
//!
//! `src/fuzzing/responses` contains sample responses for each object: `album.json` with every field that Spotify
//! documents, `album.development.json` as apps in development mode get it, and so on.

use std::fmt::Debug;

use super::mutations::{mutate, write};
use super::support::{Random, read, response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tonearm::model::shape::{Absence, Field, MODELS, Model, Shape, model};
use tonearm::model::*;
use tonearm::{
    AlbumGroup, CursorPage, Cursors, Market, MarketSet, Page, RepeatMode, SkipReason, SkippedItem,
};

/// Deserializes JSON in several ways and serializes it again. Returns `None` if the model cannot read it.
type Again = fn(&str) -> Option<Value>;

fn again<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Option<Value> {
    serde_json::from_str::<T>(json).ok()?;
    let value: T = read(json);
    // This goes through text, because an `f32` has other digits in a `Value`.
    let write = |value: &T| serde_json::to_string(value).unwrap().parse::<Value>().unwrap();
    let written = write(&value);
    let read_again: T = serde_json::from_value(written.clone()).unwrap();
    // Pages are serialized without their skipped items, so the values themselves may differ.
    assert_eq!(write(&read_again), written);
    Some(written)
}

/// The response with the artists that a user follows.
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Followed {
    artists: CursorPage<Artist>,
}

/// Responses with every documented field.
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

/// Responses that lack fields, use earlier field names, or have fields that the models lack.
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

/// Collects the differences between the JSON that was sent and the JSON that was written.
///
/// A null field may be missing, because the models treat both alike. With `may_add`, a field that was not sent may be
/// written as `""`, `0`, `false` or `[]`, or as null for an id.
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
    differences(name, &text.parse().unwrap(), &again(&text).unwrap(), may_add, &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn complete_responses_round_trip_field_by_field() {
    for (name, again) in WHOLE {
        assert_same(name, *again, false);
    }
}

#[test]
fn reduced_responses_round_trip_without_loss() {
    for (name, again) in STRIPPED {
        // These are written with the current field names, and without the fields that the models lack.
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
        assert!(again(&response(name)).is_some(), "{name}");
    }
}

#[test]
fn every_response_file_has_a_model() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/fuzzing/responses");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut named: Vec<String> =
        WHOLE.iter().chain(STRIPPED).map(|(name, _)| format!("{name}.json")).collect();
    files.sort();
    named.sort();
    assert_eq!(
        files, named,
        "each file in src/fuzzing/responses needs an entry in WHOLE or STRIPPED"
    );
}

/// The docs in `src/model/mod.rs` promise these traits.
#[test]
fn models_can_be_cloned_compared_and_sent_to_other_threads() {
    fn assert_model<T: Clone + Debug + PartialEq + Send + Sync + 'static>() {}
    macro_rules! assert_models {
        ($($model:ty),* $(,)?) => { $(assert_model::<$model>();)* };
    }
    assert_models!(
        Item,
        ReleaseDate,
        AlbumGroup,
        AlbumType,
        ContextType,
        CopyrightType,
        DatePrecision,
        DeviceType,
        PlayingType,
        Product,
        RepeatMode,
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

/// Returns whether a shape contains floating-point numbers.
fn has_floats(shape: Shape) -> bool {
    match shape {
        Shape::Number => true,
        Shape::List(shape) | Shape::Page(shape) | Shape::CursorPage(shape) => has_floats(*shape),
        shape => shape
            .models()
            .iter()
            .flat_map(|model| model.fields)
            .any(|field| has_floats(field.shape)),
    }
}

fn names(
    all: &[&'static str],
    is_expected: impl Fn(&'static Model) -> bool,
) -> [Vec<&'static str>; 2] {
    let expected = MODELS.iter().filter(|model| is_expected(model)).map(|model| model.name);
    [all.to_vec(), expected.collect()]
}

macro_rules! models_with {
    ($($bound:path),+: $($model:ident)*) => {{
        fn assert_bound<T: $($bound +)+>() {}
        $(assert_bound::<$model>();)*
        [$(stringify!($model)),*]
    }};
}

#[test]
fn models_without_floats_are_keys() {
    let all = models_with! { Eq, std::hash::Hash:
        Actions Album Artist ArtistAlbum Audiobook Author Category Chapter Context Copyright CurrentlyPlaying Device
        Disallows Episode ExplicitContent ExternalIds ExternalUrls FeaturedPlaylists Followers Image LinkedTrack
        Narrator PlayHistory Playback Playlist PlaylistItem PlaylistItemsRef PlaylistOwner PlaylistUser Queue
        RecommendationSeed Recommendations Restriction ResumePoint SavedAlbum SavedAudiobook SavedEpisode SavedShow
        SavedTrack SearchResults Show SimplifiedAlbum SimplifiedArtist SimplifiedAudiobook SimplifiedChapter
        SimplifiedEpisode SimplifiedPlaylist SimplifiedShow SimplifiedTrack Snapshot Track UnknownItem User
        VideoThumbnail
    };
    let [all, expected] = names(&all, |model| !has_floats(Shape::Object(model)));
    assert_eq!(all, expected);
}

#[test]
fn models_whose_fields_may_all_be_missing_have_a_default() {
    let all = models_with! { Default:
        AnalysisMeta AnalysisTrack AudioAnalysis Author Context Copyright CurrentlyPlaying Device Disallows
        ExplicitContent ExternalIds ExternalUrls Followers Image LinkedTrack Narrator Playback PlaylistItem
        PlaylistItemsRef PlaylistOwner PlaylistUser Queue RecommendationSeed Recommendations Restriction ResumePoint
        SearchResults Section Segment SimplifiedAlbum SimplifiedArtist SimplifiedTrack Snapshot TimeInterval Track
        UnknownItem VideoThumbnail
    };
    let [all, expected] = names(&all, |model| {
        let fails = |field: &Field| field.absence == Absence::Fails;
        !model.fields.iter().any(fails)
    });
    assert_eq!(all, expected);
    models_with! { Default: Actions PlayHistory SavedTrack };
}

#[test]
fn models_are_built_from_an_id_or_a_default() {
    let id: tonearm::AlbumId = "382ObEPsp2rxGrnsizN5TX".parse().unwrap();
    let mut album = Album::new(id);
    album.name = "TRON".into();
    album.artists = vec![SimplifiedArtist::default(), SimplifiedArtist::new(None)];
    album.artists[0].name = "Daft Punk".into();
    album.artists[1].name = "Joseph Trapanese".into();
    assert_eq!(album.artist_names(), "Daft Punk, Joseph Trapanese");
    assert_eq!(album.uri().to_string(), "spotify:album:382ObEPsp2rxGrnsizN5TX");
    assert_eq!(album.artists[0].uri(), None);
    let read: Album = read(&serde_json::to_string(&album).unwrap());
    assert_eq!((read.artists.len(), read.id), (2, album.id));
}

#[test]
fn durations_are_those_in_milliseconds() {
    use std::time::Duration;

    let mut track = Track::default();
    track.duration_ms = 1500;
    assert_eq!(track.duration(), Duration::from_millis(1500));
    let playback: Playback = read(r#"{"progress_ms": 7}"#);
    assert_eq!(playback.progress(), Some(Duration::from_millis(7)));
    let point: ResumePoint = read(r#"{"resume_position_ms": 7}"#);
    assert_eq!(point.resume_position(), Duration::from_millis(7));
}

#[test]
fn times_since_1970_are_timestamps() {
    let meta: AnalysisMeta = read(r#"{"timestamp": 1700000000}"#);
    assert_eq!(meta.timestamp, Some(tonearm::Timestamp::from_unix_seconds(1_700_000_000)));
    assert_eq!(serde_json::to_string(&meta).unwrap(), r#"{"timestamp":1700000000}"#);
    let playing: CurrentlyPlaying = read(r#"{"timestamp": 1700000000123}"#);
    assert_eq!(playing.timestamp, Some(tonearm::Timestamp::from_unix_millis(1_700_000_000_123)));
    for nothing in ["null", "1e300", "9223372036854775807", "253402300800", "[]"] {
        let meta: AnalysisMeta = read(&format!(r#"{{"timestamp": {nothing}}}"#));
        assert_eq!(meta.timestamp, None, "{nothing}");
    }
}

/// Generates the table in the guide that lists the models whose fields differ in development mode.
fn fields_by_quota_mode() -> String {
    const METHODS: [&str; 4] = ["href", "uri", "external_urls", "type"];
    let mut table = String::from(
        "| model | not sent in development mode | `None` at times in both modes |\n| --- | --- | --- |\n",
    );
    for model in MODELS {
        let is_extended = |field: &Field| field.keys == field.extended;
        let listed = |is_listed: &dyn Fn(&Field) -> bool| {
            let fields = model.fields.iter().filter(|field| is_listed(field));
            let names: Vec<String> = fields.map(|field| format!("`{}`", field.keys[0])).collect();
            names.join(", ")
        };
        let extended = listed(&is_extended);
        let others = listed(&|field| {
            field.absence == Absence::None
                && !is_extended(field)
                && !METHODS.contains(&field.keys[0])
        });
        if !extended.is_empty() {
            let name = model.name;
            table += &format!("| [`{name}`](crate::model::{name}) | {extended} | {others} |\n");
        }
    }
    table
}

#[test]
fn guide_lists_the_fields_that_apps_in_development_mode_lack() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/guide/apps.md");
    let (guide, table) = (std::fs::read_to_string(guide).unwrap(), fields_by_quota_mode());
    assert!(guide.contains(&table), "src/guide/apps.md needs this table:\n\n{table}");
}

#[test]
fn text_in_models_is_a_string() {
    let track: Track = read(&response("track"));
    assert_eq!(track.name, "Railo");
    let name: String = track.name;
    assert_eq!(name.len(), 5);
}

/// Returns the shape of a sample response, by the name of its file.
fn shape_of(name: &str) -> Shape {
    let stem = name.split('.').next().unwrap();
    let named = |name: &str| {
        let words = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
        model(&words.collect::<String>()).map(Shape::Object)
    };
    let page_of = |name: &str| Shape::Page(Box::leak(Box::new(named(name).unwrap())));
    match (named(stem), stem) {
        (Some(shape), _) => shape,
        (None, "recently_played") => page_of("play_history"),
        (None, "followed_artists") => {
            let field = Field {
                keys: &["artists"],
                shape: page_of("artist"),
                absence: Absence::Fails,
                extended: &[],
            };
            let fields = Box::leak(Box::new([field]));
            Shape::Object(Box::leak(Box::new(Model {
                name: "Followed",
                kind: None,
                fields,
                unwrapped: None,
            })))
        }
        (None, pages) => page_of(pages.strip_suffix('s').unwrap()),
    }
}

/// Deserializes an object and serializes it again, or returns `None` if it cannot be read.
type Reads = dyn Fn(&Value) -> Option<Value>;

/// Returns an object with all fields of a model, and the function that reads it.
fn sample(model: &Model) -> (Value, Box<Reads>) {
    for (name, again) in WHOLE {
        let json: Value = response(name).parse().unwrap();
        match shape_of(name) {
            Shape::Object(found) if found.name == model.name => {
                return (json, Box::new(|json| again(&json.to_string())));
            }
            // The last one, because the first audiobooks are not wrapped.
            Shape::Page(Shape::Object(found))
                if found.name == model.name && json["items"][0].get("added_at").is_some() =>
            {
                let in_page =
                    |json: &Value| again(&serde_json::json!({"items": [json]}).to_string());
                return (json["items"][0].clone(), Box::new(in_page));
            }
            _ => {}
        }
    }
    panic!("{} has no response in src/fuzzing/responses", model.name);
}

fn fits(value: &Value, shape: Shape) -> bool {
    match shape {
        Shape::Text | Shape::Id(_) | Shape::Enum(_) => value.is_string(),
        Shape::Integer => value.is_i64() || value.is_u64(),
        Shape::Number => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        Shape::List(element) => {
            value.as_array().is_some_and(|list| list.iter().all(|value| fits(value, *element)))
        }
        Shape::Page(item) | Shape::CursorPage(item) => {
            fits(&value["items"], Shape::List(item)) || value["total"].is_u64()
        }
        Shape::OneOf(models) => models.iter().any(|model| fits(value, Shape::Object(model))),
        Shape::Object(model) => value.as_object().is_some_and(|object| {
            let is_plain = model.unwrapped.is_some_and(|key| !object.contains_key(key));
            is_plain
                || object.iter().all(|(key, value)| {
                    let mut fields = model.fields.iter();
                    let field = fields.find(|field| field.keys.contains(&key.as_str()));
                    field.is_some_and(|field| value.is_null() || fits(value, field.shape))
                })
        }),
    }
}

#[test]
fn lists_of_fields_say_what_the_models_read() {
    for model in MODELS {
        let (whole, read) = sample(model);
        assert!(fits(&whole, Shape::Object(model)), "{}: {whole}", model.name);
        for field in model.fields {
            let place = format!("{}.{}", model.name, field.keys[0]);
            let Some(value) = whole.get(field.keys[0]) else {
                // Spotify sends their `analysis_url` and `track_href` instead.
                assert!(
                    matches!(&*place, "AudioFeatures.href" | "AudioFeatures.external_urls"),
                    "{place}"
                );
                continue;
            };
            let with = |keys: &[&str], value: Option<&Value>| {
                let mut json = whole.clone();
                let object = json.as_object_mut().unwrap();
                field.keys.iter().for_each(|key| drop(object.remove(*key)));
                let added =
                    value.into_iter().flat_map(|value| keys.iter().map(move |key| (key, value)));
                object.extend(added.map(|(key, value)| (key.to_string(), value.clone())));
                read(&json)
            };
            for key in field.keys {
                assert_eq!(
                    with(&[key], Some(value)),
                    with(&field.keys[..1], Some(value)),
                    "{place}: {key}"
                );
            }
            if model.unwrapped.is_none() {
                let fails = field.absence == Absence::Fails;
                assert_eq!(with(&[], None).is_none(), fails, "{place} is missing");
            }
        }
        for nested in model.fields.iter().flat_map(|field| field.shape.models()) {
            assert!(shape::model(nested.name).is_some(), "{} is not in MODELS", nested.name);
        }
    }
}

#[test]
fn every_model_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/model");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let source: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let names = source.lines().filter_map(|line| match line.strip_prefix("listed!(") {
        Some(hand_written) => hand_written.split(' ').next(),
        None => line.strip_prefix("    ")?.split_once('{')?.0.trim_end().split('[').next(),
    });
    let is_name = |name: &&str| {
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|char| char.is_ascii_alphanumeric())
    };
    let mut expected: Vec<&str> = names.filter(is_name).collect();
    expected.sort();
    let listed: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
    assert_eq!(listed, expected);
}

#[test]
fn responses_in_development_mode_lack_the_fields_that_models_mark() {
    fn assert_lacks(place: &str, value: &Value, shape: Shape) {
        match (value, shape) {
            (Value::Array(list), Shape::List(element)) => {
                list.iter().for_each(|value| assert_lacks(place, value, *element));
            }
            (value, Shape::Page(item) | Shape::CursorPage(item)) => {
                assert_lacks(place, &value["items"], Shape::List(item));
            }
            (Value::Object(object), shape) => {
                for field in shape.models().iter().flat_map(|model| model.fields) {
                    for (key, value) in
                        field.keys.iter().filter_map(|key| object.get_key_value(*key))
                    {
                        let place = format!("{place}.{key}");
                        assert!(!field.extended.contains(&key.as_str()), "{place}");
                        assert_lacks(&place, value, field.shape);
                    }
                }
            }
            _ => {}
        }
    }
    let answers = STRIPPED.iter().filter(|(name, _)| name.ends_with(".development"));
    for (name, _) in answers {
        assert_lacks(name, &response(name).parse().unwrap(), shape_of(name));
    }
}

#[test]
fn missing_null_or_unknown_fields_do_not_prevent_decoding() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for (name, again) in WHOLE {
        let whole: Value = response(name).parse().unwrap();
        for _ in 0..40 {
            let mut changed = whole.clone();
            mutate(&mut changed, Some(shape_of(name)), &mut random);
            let mut floats = String::new();
            write(&changed, &mut random, &mut floats);
            let read = again(&floats);
            // Without an id and a URI, the track of a history entry counts as missing, so the entry cannot be read.
            assert!(read.is_some() || *name == "play_history", "{name}: {floats}");
            assert_eq!(read, again(&changed.to_string()), "{name}: {floats}");
        }
    }
}
