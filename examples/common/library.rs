//! A library in a JSON file, with the data that restoring and comparing it requires.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tonearm::{Checkpoint, PlaylistId, SpotifyUri, Timestamp, UserId};

use super::Fallible;

/// The saved items, followed artists and playlists of a user.
#[derive(Serialize, Deserialize)]
pub struct Library {
    pub user: UserId,
    pub begun_at: Timestamp,
    pub tracks: List<Row>,
    pub albums: List<Row>,
    pub shows: List<Row>,
    pub episodes: List<Row>,
    pub audiobooks: List<Row>,
    pub artists: List<Row>,
    pub playlists: List<Playlist>,
}

/// A list, of which a part may have been read.
#[derive(Serialize, Deserialize)]
pub struct List<T> {
    /// The number of items according to Spotify.
    pub total: Option<u32>,
    /// The position of the first item that has not been read; `None` after the last.
    pub rest: Option<Checkpoint>,
    /// Descriptions of items that are null or cannot be decoded.
    pub missing: Vec<String>,
    /// The number of times that this run restarted the list, because it had changed.
    #[serde(skip)]
    pub restarts: u32,
    pub rows: Vec<T>,
}

/// A saved or followed item, or an item of a playlist. A removed item of a playlist has no URI.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Row {
    pub uri: Option<SpotifyUri>,
    pub name: String,
    /// The artists, the authors or the show.
    pub by: String,
    pub added_at: Option<Timestamp>,
}

/// A playlist that the user owns or follows.
#[derive(Serialize, Deserialize)]
pub struct Playlist {
    pub id: PlaylistId,
    pub name: String,
    pub description: Option<String>,
    pub owner: Option<UserId>,
    pub public: Option<bool>,
    pub collaborative: bool,
    /// The reason why Spotify doesn't return its items, if it doesn't.
    pub closed: Option<String>,
    pub items: List<Row>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List {
            total: None,
            rest: Some(Checkpoint::Start),
            missing: Vec::new(),
            restarts: 0,
            rows: Vec::new(),
        }
    }
}

impl Library {
    pub fn new(user: UserId) -> Self {
        Library {
            user,
            begun_at: Timestamp::now(),
            tracks: List::default(),
            albums: List::default(),
            shows: List::default(),
            episodes: List::default(),
            audiobooks: List::default(),
            artists: List::default(),
            playlists: List::default(),
        }
    }

    /// Returns the lists except playlists, each with a name for its items.
    pub fn lists(&self) -> [(&'static str, &List<Row>); 6] {
        [
            ("saved track", &self.tracks),
            ("saved album", &self.albums),
            ("saved show", &self.shows),
            ("saved episode", &self.episodes),
            ("saved audiobook", &self.audiobooks),
            ("followed artist", &self.artists),
        ]
    }

    /// Returns whether the whole library has been read.
    pub fn is_complete(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.rest.is_none())
            && self.playlists.rest.is_none()
            && self
                .playlists
                .rows
                .iter()
                .all(|playlist| playlist.items.rest.is_none() || playlist.closed.is_some())
    }
}

impl Playlist {
    /// Returns its name. Spotify has playlists without a name, but does not create them.
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { "Untitled playlist" } else { &self.name }
    }

    pub fn is_of(&self, user: &UserId) -> bool {
        self.owner.as_ref() == Some(user)
    }
}

impl Row {
    /// Returns the name and the artists.
    pub fn title(&self) -> String {
        match (&*self.name, &*self.by) {
            ("", _) => "removed item".to_owned(),
            (name, "") => name.to_owned(),
            (name, by) => format!("{name} – {by}"),
        }
    }
}

/// Reads a JSON file; `None` if it doesn't exist.
pub fn load<T: DeserializeOwned>(path: &Path) -> Fallible<Option<T>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|error| format!("{}: {error}", path.display()))?,
    };
    let invalid = |error| {
        format!(
            "{}: expected a file written by one of these examples, found: {error}",
            path.display()
        )
    };
    Ok(Some(serde_json::from_str(&text).map_err(invalid)?))
}

/// Reads a backup, which must exist.
pub fn open(path: &Path) -> Fallible<Library> {
    let missing = || format!("{}: file not found; create it with `backup`", path.display());
    Ok(load(path)?.ok_or_else(missing)?)
}

/// Writes a JSON file atomically.
pub fn save<T: Serialize>(path: &Path, value: &T) -> Fallible<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let write = || {
        let mut text = serde_json::to_vec_pretty(value)?;
        text.push(b'\n');
        let mut file = File::create(&new)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    Ok(write().map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Removes a file, if it exists.
pub fn forget(path: &Path) -> Fallible<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("{}: {error}", path.display()).into())
        }
        _ => Ok(()),
    }
}
