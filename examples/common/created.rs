//! Playlists that are made anew: each once, also where nobody was told whether it was.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tonearm::{Error, PlaylistId, Spotify, UserId};

use super::Fallible;
use super::library::{self, Playlist};

/// What is kept in a file, for each user.
type AllMade = HashMap<UserId, Made>;

#[derive(Default, Serialize, Deserialize)]
struct Made {
    /// Which playlists have become which.
    playlists: HashMap<PlaylistId, PlaylistId>,
    /// Those that were about to be made.
    making: HashSet<PlaylistId>,
}

/// The playlist of the user that stands for another one, made if there is none yet.
pub fn create_once(
    spotify: &Spotify,
    me: &UserId,
    playlist: &Playlist,
    file: &Path,
) -> Fallible<PlaylistId> {
    let mut all: AllMade = library::load(file)?.unwrap_or_default();
    let mine = all.entry(me.clone()).or_default();
    if let Some(id) = mine.playlists.get(&playlist.id) {
        return Ok(id.clone());
    }
    let found =
        if mine.making.contains(&playlist.id) { find(spotify, playlist, mine)? } else { None };
    mine.making.insert(playlist.id.clone());
    library::save(file, &all)?;
    let id = match found {
        Some(id) => id,
        None => create(spotify, playlist)?,
    };
    let mine = all.entry(me.clone()).or_default();
    mine.making.remove(&playlist.id);
    mine.playlists.insert(playlist.id.clone(), id.clone());
    library::save(file, &all)?;
    Ok(id)
}

fn create(spotify: &Spotify, playlist: &Playlist) -> Result<PlaylistId, Error> {
    let call = spotify
        .create_playlist(playlist.title())
        .public(playlist.public.unwrap_or(true) && !playlist.collaborative)
        .collaborative(playlist.collaborative)
        .description(playlist.description.as_deref().unwrap_or_default());
    Ok(call.send()?.id)
}

/// The one that was made before the answer was lost: it has the name, and nothing in it yet.
fn find(spotify: &Spotify, playlist: &Playlist, mine: &Made) -> Result<Option<PlaylistId>, Error> {
    for found in spotify.get_my_playlists().items() {
        let found = found?;
        let is_empty = found.items.and_then(|items| items.total) == Some(0);
        let is_known = mine.playlists.values().any(|id| *id == found.id);
        if is_empty && !is_known && *found.name == *playlist.title() {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}
