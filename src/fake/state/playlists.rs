//! Playlists and the user's changes to them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::fake::catalog::items::MediaItem;
pub(crate) use crate::fake::catalog::items::PlaylistEntry;
use crate::fake::catalog::{self, Catalog, Cover, Playlist, mixed};
use crate::types::id::{PlaylistId, SpotifyUri};
use crate::types::timestamp::Timestamp;

/// All playlists by number: first those of the catalog, then those that the user has created.
#[derive(Clone, Debug)]
pub(crate) struct Playlists {
    catalog: Arc<Catalog>,
    /// The user, as an index.
    me: usize,
    /// Playlists that the user has changed or created.
    edited: HashMap<usize, EditedPlaylist>,
    created: HashMap<SpotifyUri, usize>,
    /// The number of changes, which gives each version a new number.
    writes: u64,
}

/// A playlist that the user has changed or created.
#[derive(Clone, Debug)]
pub(crate) struct EditedPlaylist {
    pub(crate) playlist: Playlist,
    pub(crate) entries: Vec<PlaylistEntry>,
    /// The number of its last change.
    pub(crate) version: u64,
    pub(crate) is_new: bool,
    /// The cover that the user has uploaded.
    pub(crate) uploaded: Option<Arc<[u8]>>,
}

impl EditedPlaylist {
    fn new(playlist: Playlist, entries: Vec<PlaylistEntry>, version: u64, is_new: bool) -> Self {
        EditedPlaylist { playlist, entries, version, is_new, uploaded: None }
    }
}

impl Playlists {
    pub(crate) fn new(catalog: &Arc<Catalog>, me: usize) -> Self {
        let catalog = Arc::clone(catalog);
        Playlists { catalog, me, edited: HashMap::new(), created: HashMap::new(), writes: 0 }
    }

    /// Returns the number of a playlist.
    pub(crate) fn find(&self, uri: &SpotifyUri) -> Option<usize> {
        match uri {
            SpotifyUri::Playlist(_) => {
                self.created.get(uri).copied().or_else(|| self.catalog.find(uri))
            }
            _ => None,
        }
    }

    pub(crate) fn playlist(&self, n: usize) -> Option<&Playlist> {
        match self.edited.get(&n) {
            Some(edited) => Some(&edited.playlist),
            None => self.catalog.playlists.get(n),
        }
    }

    /// Returns a playlist, if the user has changed or created it.
    pub(crate) fn edited(&self, n: usize) -> Option<&EditedPlaylist> {
        self.edited.get(&n)
    }

    pub(crate) fn entries(&self, n: usize) -> Cow<'_, [PlaylistEntry]> {
        match self.edited.get(&n) {
            Some(edited) => Cow::Borrowed(&edited.entries),
            None => Cow::Owned(entries_of(&self.catalog, n)),
        }
    }

    /// The number of playlists that the user has created.
    pub(crate) fn created(&self) -> usize {
        self.created.len()
    }

    /// Creates a playlist of the user. Returns its number and the playlist.
    pub(crate) fn create(&mut self, name: &str) -> (usize, &mut EditedPlaylist) {
        let n = self.catalog.playlists.len() + self.created.len();
        let playlist = Playlist {
            id: catalog::created_playlist(self.me, self.created.len()),
            name: name.to_owned(),
            owner: self.me,
            is_public: true,
            is_collaborative: false,
            description: String::new(),
            cover: None,
        };
        self.writes += 1;
        self.created.insert(playlist.id.clone().into(), n);
        let edited = EditedPlaylist::new(playlist, Vec::new(), self.writes, true);
        (n, self.edited.entry(n).or_insert(edited))
    }

    /// Returns whether the user owns a playlist or collaborates on it.
    pub(crate) fn can_edit(&self, n: usize) -> bool {
        self.playlist(n)
            .is_some_and(|playlist| playlist.owner == self.me || playlist.is_collaborative)
    }

    /// Starts a new version of a playlist and returns it; `None` if the user cannot edit it.
    pub(crate) fn edit(&mut self, n: usize) -> Option<&mut EditedPlaylist> {
        if self.can_edit(n) { self.new_version(n) } else { None }
    }

    /// Starts a new version of a playlist of any user; `None` if the playlist does not exist.
    pub(crate) fn new_version(&mut self, n: usize) -> Option<&mut EditedPlaylist> {
        let playlist = self.playlist(n)?.clone();
        self.writes += 1;
        let edited = self.edited.entry(n).or_insert_with(|| {
            EditedPlaylist::new(playlist, entries_of(&self.catalog, n), 0, false)
        });
        edited.version = self.writes;
        Some(edited)
    }

    /// Returns the uploaded cover whose address has this seed.
    pub(crate) fn uploaded(&self, seed: u64) -> Option<Arc<[u8]>> {
        let mut edited = self.edited.values();
        edited.find_map(|edited| match edited.playlist.cover {
            Some(Cover::Uploaded(of)) if of == seed => edited.uploaded.clone(),
            _ => None,
        })
    }

    /// Replaces the catalog by one that has more objects.
    pub(crate) fn set_catalog(&mut self, catalog: &Arc<Catalog>) {
        self.catalog = Arc::clone(catalog);
        for entry in self.edited.values_mut().flat_map(|edited| &mut edited.entries) {
            if let MediaItem::Missing(n) = entry.item
                && let Some(found) =
                    catalog.own.missing(n).and_then(|uri| MediaItem::of(catalog, uri))
            {
                entry.item = found;
            }
        }
    }
}

/// Returns the initial entries of a playlist: tracks, and in some playlists episodes, local files, removed items, or
/// items without a time and a user.
fn entries_of(catalog: &Catalog, n: usize) -> Vec<PlaylistEntry> {
    if let Some((_, entries)) = catalog.own.playlist(n) {
        return entries.to_vec();
    }
    let seed = mixed(catalog::seed("playlist", n));
    let Some(playlist) = catalog.playlists.get(n) else { return Vec::new() };
    let below = |number: u64, end: usize| {
        usize::try_from(number % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    };
    let entry = |k: usize| {
        let chance = mixed(seed ^ u64::try_from(k).unwrap_or(0));
        let item = match k {
            _ if n % 3 == 1 && k % 17 == 5 => {
                MediaItem::Episode(below(chance, catalog.drawn_episodes))
            }
            _ if n % 4 == 1 && k % 23 == 7 => MediaItem::Local(below(chance, 1000)),
            _ if n % 5 == 1 && k % 29 == 11 => MediaItem::Removed,
            _ => MediaItem::Track(below(chance, catalog.drawn_tracks)),
        };
        let guest = playlist.is_collaborative && k % 4 == 2;
        let user = if guest { 1 + k % 9 } else { playlist.owner };
        let hours = i64::try_from(n * 11 + k * 5).unwrap_or(0);
        let added = Timestamp::from_unix_seconds(FIRST + hours * 3600);
        let is_old = n % 7 == 3 && k <= 1;
        PlaylistEntry {
            item,
            added_at: Some(added).filter(|_| !is_old),
            added_by: Some(user).filter(|_| !is_old),
        }
    };
    (0..catalog::playlist_length(n)).map(entry).collect()
}

/// The time at which the first item of the first playlist was added: 2020-01-04T18:30:00Z.
const FIRST: i64 = 1_578_162_600;

/// Returns the cover that the user has uploaded. Its address is different from those of other users.
pub(crate) fn uploaded_cover(version: u64, playlist: &PlaylistId) -> Cover {
    Cover::Uploaded(mixed(catalog::seed(playlist.as_str(), 0) ^ mixed(version)))
}

/// Returns the `snapshot_id` of a version of a playlist.
pub(crate) fn snapshot(version: u64, n: usize) -> String {
    let hash = mixed(catalog::seed("playlist", n) ^ version);
    match version {
        // The initial version.
        0 => format!("AAAAA{hash:016x}"),
        _ => format!("AAAA{version:04}{hash:016x}"),
    }
}
