//! The saved and followed items of the user.

use std::collections::HashMap;
use std::sync::Arc;

use crate::fake::catalog::own::OwnEntry;
use crate::fake::catalog::{ALBUMS, Catalog, SHOWS, mixed};
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

/// All items that the user saved or follows.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    catalog: Arc<Catalog>,
    /// The user, as an index.
    me: usize,
    entries: HashMap<SpotifyUri, Entry>,
    /// The numbers of playlists that the user has created or changed, and whether they are public.
    own_playlists: HashMap<SpotifyUri, (usize, bool)>,
    /// The places of followed artists in the user's own library, which are kept when artists are unfollowed.
    places: HashMap<SpotifyUri, usize>,
    /// The number of additions, which orders items of the same minute.
    added: u64,
}

/// An item in the library.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its index in the catalog.
    pub(crate) index: usize,
    pub(crate) added_at: Timestamp,
    /// `true` if it is visible on the user's profile; `false` only for some playlists.
    pub(crate) is_public: bool,
    order: u64,
}

/// The time of the newest entry in a new library, before the current time of any test.
const NEWEST: i64 = 1_719_756_000; // 2024-06-30T14:00:00Z

impl Library {
    /// The initial library of every server.
    pub(crate) fn new(catalog: &Arc<Catalog>) -> Self {
        let mut library = Library::empty(catalog, 0);
        let every = |step: usize, count: usize, length: usize| {
            // Step and length are coprime, so the numbers are unique.
            (0..count).map(move |n| n * step % length.max(1))
        };
        let Catalog {
            artists, albums, tracks, shows, episodes, audiobooks, users, playlists, ..
        } = &**catalog;
        let (in_tracks, in_episodes) = (catalog.drawn_tracks, catalog.drawn_episodes);
        library.seed(every(7, 320, in_tracks), |n| Some(tracks.get(n)?.id.clone().into()));
        library.seed(every(3, 210, ALBUMS), |n| Some(albums.get(n)?.id.clone().into()));
        library.seed(every(7, 120, SHOWS), |n| Some(shows.get(n)?.id.clone().into()));
        library.seed(every(7, 260, in_episodes), |n| Some(episodes.get(n)?.id.clone().into()));
        library.seed(0..40, |n| Some(audiobooks.get(n * 3)?.id.clone().into()));
        library.seed(every(7, 130, artists.len()), |n| Some(artists.get(n)?.id.clone().into()));
        library.seed(1..25, |n| Some(users.get(n)?.id.clone().into()));
        library.seed(0..75, |n| Some(playlists.get(n)?.id.clone().into()));
        library
    }

    /// An empty library.
    pub(crate) fn empty(catalog: &Arc<Catalog>, me: usize) -> Self {
        Library {
            catalog: Arc::clone(catalog),
            me,
            entries: HashMap::new(),
            own_playlists: HashMap::new(),
            places: HashMap::new(),
            added: 0,
        }
    }

    /// The user's own library, in its order.
    pub(crate) fn of_user(catalog: &Arc<Catalog>) -> Self {
        let mut library = Library::empty(catalog, catalog.own.me);
        for OwnEntry { uri, index, added_at, is_public } in catalog.own.saved.iter().rev() {
            library.insert(uri.clone(), *index, *added_at, *is_public);
        }
        let artists = catalog.own.saved.iter().filter(|entry| entry.uri.kind() == "artist");
        library.places = artists.enumerate().map(|(n, entry)| (entry.uri.clone(), n)).collect();
        library
    }

    fn insert(&mut self, uri: SpotifyUri, index: usize, added_at: Timestamp, is_public: bool) {
        self.added += 1;
        let entry = Entry { index, added_at, is_public, order: self.added };
        self.entries.insert(uri, entry);
    }

    fn seed(
        &mut self,
        numbers: impl DoubleEndedIterator<Item = usize> + ExactSizeIterator,
        uri: impl Fn(usize) -> Option<SpotifyUri>,
    ) {
        let mut minutes = NEWEST / 60;
        let mut entries = Vec::new();
        for number in numbers {
            // Entries are minutes to days apart.
            minutes -= i64::try_from(mixed(self.added ^ 0x5eed) % 9_000).unwrap_or(0);
            entries
                .extend(uri(number).map(|uri| (uri, Timestamp::from_unix_seconds(minutes * 60))));
            self.added += 1;
        }
        for (uri, added_at) in entries.into_iter().rev() {
            self.add(&uri, Some(added_at));
        }
    }

    /// Adds an item, unless neither the catalog nor the user's own library contains it. Without `added_at`, an item that was added before keeps its time.
    pub(crate) fn add(&mut self, uri: &SpotifyUri, added_at: Option<Timestamp>) {
        let own = self.own_playlists.get(uri).copied();
        let index = own.map(|(index, _)| index).or_else(|| self.catalog.find_or_missing(uri));
        let Some(index) = index else { return };
        if added_at.is_none() && self.contains(uri) {
            return;
        }
        let moment = added_at.unwrap_or_else(Timestamp::now);
        let minute = Timestamp::from_unix_seconds(moment.unix_seconds().div_euclid(60) * 60);
        let is_public = match (uri, own) {
            (_, Some((_, is_public))) => is_public,
            (SpotifyUri::Playlist(_), None) => self
                .catalog
                .playlists
                .get(index)
                .is_none_or(|playlist| playlist.owner != self.me || playlist.is_public),
            _ => true,
        };
        self.insert(uri.clone(), index, minute, is_public);
    }

    /// Follows a playlist, publicly or privately.
    pub(crate) fn follow_playlist(&mut self, uri: &SpotifyUri, is_public: bool) {
        self.add(uri, None);
        if self.own_playlists.contains_key(uri) {
            return;
        }
        let owner = self.catalog.find(uri).and_then(|n| self.catalog.playlists.get(n));
        if let Some(entry) = self.entries.get_mut(uri)
            && owner.is_some_and(|playlist| playlist.owner != self.me)
        {
            entry.is_public = is_public;
        }
    }

    /// Records a playlist that the user has created or changed, even if it is not in the library.
    pub(crate) fn set_own_playlist(&mut self, uri: &SpotifyUri, number: usize, is_public: bool) {
        self.own_playlists.insert(uri.clone(), (number, is_public));
        if let Some(entry) = self.entries.get_mut(uri) {
            entry.is_public = is_public;
        }
    }

    /// Replaces the catalog by one that has more objects.
    pub(crate) fn set_catalog(&mut self, catalog: &Arc<Catalog>) {
        self.catalog = Arc::clone(catalog);
        for (uri, entry) in &mut self.entries {
            // A playlist that the user has changed keeps its number.
            if let (Some(index), false) = (catalog.find(uri), self.own_playlists.contains_key(uri))
            {
                entry.index = index;
            }
        }
    }

    pub(crate) fn remove(&mut self, uri: &SpotifyUri) {
        self.entries.remove(uri);
    }

    pub(crate) fn contains(&self, uri: &SpotifyUri) -> bool {
        self.entries.contains_key(uri)
    }

    pub(crate) fn get(&self, uri: &SpotifyUri) -> Option<&Entry> {
        self.entries.get(uri)
    }

    /// Returns all items of a kind, newest first.
    pub(crate) fn newest(&self, kind: &'static str) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.of_kind(kind).map(|(_, entry)| entry).collect();
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse((entry.added_at, entry.order)));
        entries
    }

    /// Returns all items of a kind in the order of their [places](Library::place).
    pub(crate) fn by_place(&self, kind: &'static str) -> Vec<(&SpotifyUri, &Entry)> {
        let mut entries: Vec<_> = self.of_kind(kind).collect();
        entries.sort_unstable_by_key(|(uri, _)| self.place(uri));
        entries
    }

    /// Returns the place of an item, which is stable under additions and removals: the place in the user's own library,
    /// then the order of ids.
    pub(crate) fn place<'a>(&self, uri: &'a SpotifyUri) -> (usize, &'a SpotifyUri) {
        (self.places.get(uri).copied().unwrap_or(usize::MAX), uri)
    }

    /// Returns the URIs of all items, ordered by kind and id.
    pub(crate) fn uris(&self) -> Vec<SpotifyUri> {
        let is_readable = |entry: &Entry| self.catalog.own.unreadable(entry.index).is_none();
        let entries = self.entries.iter().filter(|(_, entry)| is_readable(entry));
        let mut uris: Vec<SpotifyUri> = entries.map(|(uri, _)| uri.clone()).collect();
        uris.sort_unstable();
        uris
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = (&SpotifyUri, &Entry)> {
        self.entries.iter().filter(move |(uri, _)| uri.kind() == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_library_has_saved_and_unsaved_items_of_each_kind() {
        let catalog = Catalog::shared();
        let library = Library::new(catalog);
        for (kind, count, all) in [
            ("track", 320, catalog.tracks.len()),
            ("album", 210, catalog.albums.len()),
            ("show", 120, catalog.shows.len()),
            ("episode", 260, catalog.episodes.len()),
            ("audiobook", 40, catalog.audiobooks.len()),
            ("artist", 130, catalog.artists.len()),
            ("user", 24, catalog.users.len()),
            ("playlist", 75, catalog.playlists.len()),
        ] {
            let entries = library.newest(kind);
            assert_eq!(entries.len(), count, "{kind}");
            assert!(all >= count + 100, "{kind}: {all}");
            assert!(entries.is_sorted_by(|a, b| a.added_at >= b.added_at), "{kind}");
        }
    }
}
