//! A library on disk: one file of JSON, with what is needed to restore it and to recognise what is in it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tonearm::{Checkpoint, PlaylistId, SpotifyUri, Timestamp, UserId};

use super::Fallible;

/// Everything that a user has saved, follows and has put into playlists.
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

/// A list, or the part of it that has been read.
#[derive(Serialize, Deserialize)]
pub struct List<T> {
    /// How many rows Spotify says there are.
    pub total: Option<u32>,
    /// Where the rows begin that have not been read; none at the end.
    pub rest: Option<Checkpoint>,
    /// Rows that Spotify has, and does not show or that cannot be read.
    pub missing: Vec<String>,
    /// How often this program has begun with the list again, because it had changed.
    #[serde(skip)]
    pub restarts: u32,
    pub rows: Vec<T>,
}

/// Something saved or followed, or in a playlist. What is gone from a playlist has no URI.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Row {
    pub uri: Option<SpotifyUri>,
    pub name: String,
    /// The artists, the authors or the show.
    pub by: String,
    pub added_at: Option<Timestamp>,
}

/// A playlist, the user's own or one that the user follows.
#[derive(Serialize, Deserialize)]
pub struct Playlist {
    pub id: PlaylistId,
    pub name: String,
    pub description: Option<String>,
    pub owner: Option<UserId>,
    pub public: Option<bool>,
    pub collaborative: bool,
    /// Why Spotify does not tell what is in it, if it does not.
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

    /// The lists of single things, by what they are.
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

    /// Whether all of it has been read.
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
    /// Its name; Spotify has playlists without one, and makes none.
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { "Playlist without a name" } else { &self.name }
    }

    pub fn is_of(&self, user: &UserId) -> bool {
        self.owner.as_ref() == Some(user)
    }
}

impl Row {
    /// How a person would call it.
    pub fn title(&self) -> String {
        match (&*self.name, &*self.by) {
            ("", _) => "something that is gone".to_owned(),
            (name, "") => name.to_owned(),
            (name, by) => format!("{name} – {by}"),
        }
    }
}

/// Reads a file of JSON; none if there is no such file.
pub fn load<T: DeserializeOwned>(path: &Path) -> Fallible<Option<T>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|error| format!("{}: {error}", path.display()))?,
    };
    let broken = |error| {
        format!(
            "{}: expected a file that one of these programs wrote, found: {error}",
            path.display()
        )
    };
    Ok(Some(serde_json::from_str(&text).map_err(broken)?))
}

/// Reads a backup, which must be there.
pub fn open(path: &Path) -> Fallible<Library> {
    let missing = || format!("{}: there is no such file; `backup` makes one", path.display());
    Ok(load(path)?.ok_or_else(missing)?)
}

/// Writes a file of JSON, so that at every moment either the old one or the new one is there, and whole.
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

/// Removes a file, if it is there.
pub fn forget(path: &Path) -> Fallible<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("{}: {error}", path.display()).into())
        }
        _ => Ok(()),
    }
}
