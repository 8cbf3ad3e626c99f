//! Creates copies of playlists, each only once, even if a response was lost.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tonearm::{Error, PlaylistId, Spotify, UserId};

use super::Fallible;
use super::library::{self, Playlist};

/// The content of the file, by user.
type AllCopies = HashMap<UserId, Copies>;

#[derive(Default, Serialize, Deserialize)]
struct Copies {
    /// The copy of each playlist.
    playlists: HashMap<PlaylistId, PlaylistId>,
    /// The playlists whose copies may have been created.
    making: HashSet<PlaylistId>,
}

/// Returns the copy of a playlist, and creates it if it doesn't exist.
pub fn create_once(
    spotify: &Spotify,
    me: &UserId,
    playlist: &Playlist,
    file: &Path,
) -> Fallible<PlaylistId> {
    let mut all: AllCopies = library::load(file)?.unwrap_or_default();
    let copies = all.entry(me.clone()).or_default();
    if let Some(id) = copies.playlists.get(&playlist.id) {
        return Ok(id.clone());
    }
    let found =
        if copies.making.contains(&playlist.id) { find(spotify, playlist, copies)? } else { None };
    copies.making.insert(playlist.id.clone());
    library::save(file, &all)?;
    let id = match found {
        Some(id) => id,
        None => create(spotify, playlist)?,
    };
    let copies = all.entry(me.clone()).or_default();
    copies.making.remove(&playlist.id);
    copies.playlists.insert(playlist.id.clone(), id.clone());
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

/// Finds a copy that was created although the response was lost: an empty playlist with the same name.
fn find(
    spotify: &Spotify,
    playlist: &Playlist,
    copies: &Copies,
) -> Result<Option<PlaylistId>, Error> {
    for found in spotify.get_my_playlists().items() {
        let found = found?;
        let is_empty = found.items.and_then(|items| items.total) == Some(0);
        let is_known = copies.playlists.values().any(|id| *id == found.id);
        if is_empty && !is_known && *found.name == *playlist.title() {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}
