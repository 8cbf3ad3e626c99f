//! Renders items of playlists and of the player as JSON.

use percent_encoding::percent_decode_str;

use super::check::Call;
use super::objects::View;
use super::template::from_template;
use crate::fake::catalog::items::{MediaItem, seconds_in_uri, seconds_of_file};
use crate::fake::catalog::{Catalog, names};
use crate::fake::library::Item;
use crate::json::value::Value;

impl View<'_> {
    /// Renders an item. A program that does not request episodes gets them in the shape of tracks.
    pub(crate) fn item(&self, item: MediaItem, accepts_episodes: bool) -> Value {
        match item {
            MediaItem::Track(n) => self.track(n),
            MediaItem::Episode(n) if accepts_episodes => self.episode(n),
            MediaItem::Episode(n) => episode_as_track(&self.episode(n)),
            MediaItem::Local(n) => {
                let uri = uri_of_file(self.catalog, n);
                match self.catalog.own.local(n) {
                    Some(file) => own_local_file(file, &uri),
                    None => local_file(n, &uri),
                }
            }
            MediaItem::Missing(n) => self.absent(n).unwrap_or(Value::Null),
            MediaItem::Removed | MediaItem::Unreadable(_) | MediaItem::Hidden(_) => Value::Null,
        }
    }
}

/// Renders an episode in the shape of a track, as Spotify does for programs that only support tracks. The name of the show
/// replaces the type of the artist.
fn episode_as_track(episode: &Value) -> Value {
    from_template("episode_as_track", |key| {
        let value = match key.strip_prefix("show ") {
            Some(key) => episode.get("show").and_then(|show| show.get(key)),
            None => episode.get(key),
        };
        value.cloned().unwrap_or(Value::Null)
    })
}

/// Returns the URI of a local file: `spotify:local:Artist:Album:Title:180`.
pub(crate) fn uri_of_file(catalog: &Catalog, n: usize) -> String {
    if let Some(file) = catalog.own.local(n) {
        return file.uri.as_ref().map(ToString::to_string).unwrap_or_default();
    }
    let [artist, album, title] = ["artist", "album", "track"].map(|kind| names::name(kind, n));
    format!("spotify:local:{artist}:{album}:{title}:{}", seconds_of_file(n)).replace(' ', "+")
}

/// Renders a local file, which has no ids.
fn local_file(n: usize, uri: &str) -> Value {
    from_template("local_file", |key| match key {
        "artist" => names::name("artist", n).into(),
        "album" => names::name("album", n).into(),
        "title" => names::name("track", n).into(),
        "duration" => (seconds_of_file(n) * 1000).into(),
        _ => uri.into(),
    })
}

/// Renders a local file of the user's own library. A text that the library lacks is the one in the URI.
fn own_local_file(file: &Item, uri: &str) -> Value {
    let part = |n: usize| {
        let part = uri.split(':').nth(n).unwrap_or_default().replace('+', " ");
        percent_decode_str(&part).decode_utf8_lossy().into_owned()
    };
    let text = |text: &str, n| if text.is_empty() { part(n) } else { text.to_owned() };
    from_template("local_file", |key| match key {
        "artist" => text(&file.by, 2).into(),
        "album" => part(3).into(),
        "title" => text(&file.name, 4).into(),
        "duration" => seconds_in_uri(file).saturating_mul(1000).into(),
        _ => uri.into(),
    })
}

/// Returns whether the program requests episodes as well as tracks.
pub(crate) fn accepts_episodes(call: &Call<'_>) -> bool {
    call.texts("additional_types").iter().any(|kind| kind == "episode")
}
