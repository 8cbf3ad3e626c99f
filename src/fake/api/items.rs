//! Renders items of playlists and of the player as JSON.

use percent_encoding::percent_decode_str;

use super::check::Call;
use super::objects::View;
use super::template::from_template;
use crate::fake::catalog::items::{MediaItem, seconds_in_uri, seconds_of_file};
use crate::fake::catalog::names;
use crate::fake::library::Item;
use crate::json::value::Value;

impl View<'_> {
    /// Renders an item. A program that does not request episodes gets them in the shape of tracks.
    pub(crate) fn item(&self, item: MediaItem, accepts_episodes: bool) -> Value {
        match item {
            MediaItem::Track(n) => self.track(n),
            MediaItem::Episode(n) if accepts_episodes => self.episode(n),
            MediaItem::Episode(n) => episode_as_track(&self.episode(n)),
            MediaItem::Local(n) => match self.catalog.own.local(n) {
                Some(file) => own_local_file(file),
                None => local_file(n),
            },
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

/// Renders a local file, which has no ids.
fn local_file(n: usize) -> Value {
    let (artist, album, title) =
        (names::name("artist", n), names::name("album", n), names::name("track", n));
    let seconds = seconds_of_file(n);
    let uri = format!("spotify:local:{artist}:{album}:{title}:{seconds}").replace(' ', "+");
    from_template("local_file", |key| match key {
        "artist" => artist.as_str().into(),
        "album" => album.as_str().into(),
        "title" => title.as_str().into(),
        "duration" => (seconds * 1000).into(),
        _ => uri.as_str().into(),
    })
}

/// Renders a local file of the user's own library: `spotify:local:Artist:Album:Title:180`. A text that the library lacks is
/// the one in the URI.
fn own_local_file(file: &Item) -> Value {
    let uri = file.uri.as_ref().map(ToString::to_string).unwrap_or_default();
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
        _ => uri.as_str().into(),
    })
}

/// Returns whether the program requests episodes as well as tracks.
pub(crate) fn accepts_episodes(call: &Call<'_>) -> bool {
    call.texts("additional_types").iter().any(|kind| kind == "episode")
}
