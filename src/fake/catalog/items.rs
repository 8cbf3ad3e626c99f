//! What playlists and players hold, beside tracks: episodes, files, and what is gone.

use super::{Catalog, names};
use crate::fake::api::check::Call;
use crate::fake::api::objects::View;
use crate::fake::json::{Json, object};
use crate::types::id::SpotifyUri;

/// A row of a playlist or a queue, without who put it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A track, by its place in the catalog.
    Track(usize),
    /// An episode, by its place in the catalog.
    Episode(usize),
    /// A file on the user's own machine.
    Local(usize),
    /// What is no longer there.
    Gone,
}

impl Thing {
    /// What a URI names, if the catalog has it.
    pub(crate) fn of(catalog: &Catalog, uri: &SpotifyUri) -> Option<Thing> {
        let n = catalog.find(uri)?;
        match uri {
            SpotifyUri::Track(_) => Some(Thing::Track(n)),
            SpotifyUri::Episode(_) => Some(Thing::Episode(n)),
            _ => None,
        }
    }

    /// Whether a player can play it without the user's machine.
    pub(crate) fn is_playable(self) -> bool {
        matches!(self, Thing::Track(_) | Thing::Episode(_))
    }

    /// What Spotify sends. To a program that does not ask for episodes, an episode comes in the shape
    /// of a track.
    pub(crate) fn json(self, view: &View<'_>, takes_episodes: bool) -> Json {
        match self {
            Thing::Track(n) => view.track(n),
            Thing::Episode(n) if takes_episodes => view.episode(n),
            Thing::Episode(n) => hybrid(&view.episode(n)),
            Thing::Local(n) => local(n),
            Thing::Gone => Json::Null,
        }
    }

    /// How long it is, in milliseconds.
    pub(crate) fn duration(self, view: &View<'_>) -> i64 {
        match self.json(view, true).get("duration_ms") {
            Some(Json::Number(duration)) => *duration,
            _ => 0,
        }
    }
}

/// An episode in the shape of a track, as Spotify sends it to programs that know tracks only.
fn hybrid(episode: &Json) -> Json {
    let of = |json: &Json, key| json.get(key).cloned().unwrap_or(Json::Null);
    let show = of(episode, "show");
    let album = object! {
        "album_type": Json::Null,
        "artists": Json::List(Vec::new()),
        "external_urls": of(&show, "external_urls"),
        "href": of(&show, "href"),
        "id": of(&show, "id"),
        "images": of(episode, "images"),
        "name": of(&show, "name"),
        "release_date": Json::Null,
        "release_date_precision": Json::Null,
        "total_tracks": of(&show, "total_episodes"),
        "type": "show",
        "uri": of(&show, "uri"),
    };
    // The name of the show stands where the kind of an artist does.
    let artist = object! {
        "external_urls": of(&show, "external_urls"),
        "href": Json::Null,
        "id": Json::Null,
        "name": Json::Null,
        "type": of(&show, "name"),
        "uri": Json::Null,
    };
    object! {
        "album": album,
        "artists": vec![artist],
        "disc_number": 0_usize,
        "duration_ms": of(episode, "duration_ms"),
        "episode": false,
        "explicit": of(episode, "explicit"),
        "external_ids": object! {},
        "external_urls": of(episode, "external_urls"),
        "href": of(episode, "href"),
        "id": of(episode, "id"),
        "is_local": false,
        "is_playable": true,
        "name": of(episode, "name"),
        "popularity": 0_usize,
        "preview_url": Json::Null,
        "track": true,
        "track_number": 0_usize,
        "type": "episode",
        "uri": of(episode, "uri"),
    }
}

/// A file that no catalog knows: nothing in it has an id.
fn local(n: usize) -> Json {
    let (artist, album, title) = (names::artist(n), names::album(n), names::track(n));
    let seconds = 120 + n % 200;
    let word = |text: &str| text.replace(' ', "+").replace(':', "%3A");
    let nothing = || Json::List(Vec::new());
    let maker = object! {
        "external_urls": object! {},
        "href": Json::Null,
        "id": Json::Null,
        "name": artist.as_str(),
        "type": "artist",
        "uri": Json::Null,
    };
    let record = object! {
        "album_type": Json::Null,
        "artists": nothing(),
        "available_markets": nothing(),
        "external_urls": object! {},
        "href": Json::Null,
        "id": Json::Null,
        "images": nothing(),
        "name": album.as_str(),
        "release_date": Json::Null,
        "release_date_precision": Json::Null,
        "type": "album",
        "uri": Json::Null,
    };
    object! {
        "album": record,
        "artists": vec![maker],
        "available_markets": nothing(),
        "disc_number": 0_usize,
        "duration_ms": seconds * 1000,
        "explicit": false,
        "external_ids": object! {},
        "external_urls": object! {},
        "href": Json::Null,
        "id": Json::Null,
        "is_local": true,
        "name": title.as_str(),
        "popularity": 0_usize,
        "preview_url": Json::Null,
        "track_number": 0_usize,
        "type": "track",
        "uri": format!("spotify:local:{}:{}:{}:{seconds}", word(&artist), word(&album), word(&title)),
    }
}

/// Whether a program can take episodes where there are tracks.
pub(crate) fn takes_episodes(call: &Call<'_>) -> bool {
    call.texts("additional_types").iter().any(|word| word == "episode")
}
