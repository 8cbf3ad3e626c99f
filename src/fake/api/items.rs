//! Items of playlists and players as JSON.

use super::check::Call;
use super::objects::View;
use crate::fake::catalog::items::MediaItem;
use crate::fake::catalog::names;
use crate::json::value::{Value, json_object};

impl View<'_> {
    /// An item. A program that does not ask for episodes gets an episode in the shape of a track.
    pub(crate) fn item(&self, item: MediaItem, takes_episodes: bool) -> Value {
        match item {
            MediaItem::Track(n) => self.track(n),
            MediaItem::Episode(n) if takes_episodes => self.episode(n),
            MediaItem::Episode(n) => episode_as_track(&self.episode(n)),
            MediaItem::Local(n) => local_file(n),
            MediaItem::Removed => Value::Null,
        }
    }

    /// How long an item is, in milliseconds.
    pub(crate) fn duration(&self, item: MediaItem) -> i64 {
        match self.item(item, true).get("duration_ms") {
            Some(Value::Integer(duration)) => *duration,
            _ => 0,
        }
    }
}

/// An episode in the shape of a track, as Spotify sends it to programs that know tracks only.
fn episode_as_track(episode: &Value) -> Value {
    let of = |json: &Value, key| json.get(key).cloned().unwrap_or(Value::Null);
    let show = of(episode, "show");
    let album = json_object! {
        "album_type": Value::Null,
        "artists": Value::List(Vec::new()),
        "external_urls": of(&show, "external_urls"),
        "href": of(&show, "href"),
        "id": of(&show, "id"),
        "images": of(episode, "images"),
        "name": of(&show, "name"),
        "release_date": Value::Null,
        "release_date_precision": Value::Null,
        "total_tracks": of(&show, "total_episodes"),
        "type": "show",
        "uri": of(&show, "uri"),
    };
    // The name of the show stands where the kind of an artist does.
    let artist = json_object! {
        "external_urls": of(&show, "external_urls"),
        "href": Value::Null,
        "id": Value::Null,
        "name": Value::Null,
        "type": of(&show, "name"),
        "uri": Value::Null,
    };
    json_object! {
        "album": album,
        "artists": vec![artist],
        "disc_number": 0_usize,
        "duration_ms": of(episode, "duration_ms"),
        "episode": false,
        "explicit": of(episode, "explicit"),
        "external_ids": json_object! {},
        "external_urls": of(episode, "external_urls"),
        "href": of(episode, "href"),
        "id": of(episode, "id"),
        "is_local": false,
        "is_playable": true,
        "name": of(episode, "name"),
        "popularity": 0_usize,
        "preview_url": Value::Null,
        "track": true,
        "track_number": 0_usize,
        "type": "episode",
        "uri": of(episode, "uri"),
    }
}

/// A local file: nothing in it has an id.
fn local_file(n: usize) -> Value {
    let (artist, album, title) = (names::artist(n), names::album(n), names::track(n));
    let seconds = 120 + n % 200;
    let word = |text: &str| text.replace(' ', "+").replace(':', "%3A");
    let nothing = || Value::List(Vec::new());
    let maker = json_object! {
        "external_urls": json_object! {},
        "href": Value::Null,
        "id": Value::Null,
        "name": artist.as_str(),
        "type": "artist",
        "uri": Value::Null,
    };
    let record = json_object! {
        "album_type": Value::Null,
        "artists": nothing(),
        "available_markets": nothing(),
        "external_urls": json_object! {},
        "href": Value::Null,
        "id": Value::Null,
        "images": nothing(),
        "name": album.as_str(),
        "release_date": Value::Null,
        "release_date_precision": Value::Null,
        "type": "album",
        "uri": Value::Null,
    };
    json_object! {
        "album": record,
        "artists": vec![maker],
        "available_markets": nothing(),
        "disc_number": 0_usize,
        "duration_ms": seconds * 1000,
        "explicit": false,
        "external_ids": json_object! {},
        "external_urls": json_object! {},
        "href": Value::Null,
        "id": Value::Null,
        "is_local": true,
        "name": title.as_str(),
        "popularity": 0_usize,
        "preview_url": Value::Null,
        "track_number": 0_usize,
        "type": "track",
        "uri": format!("spotify:local:{}:{}:{}:{seconds}", word(&artist), word(&album), word(&title)),
    }
}

/// Whether the program asks for episodes among tracks.
pub(crate) fn takes_episodes(call: &Call<'_>) -> bool {
    call.texts("additional_types").contains(&"episode")
}
