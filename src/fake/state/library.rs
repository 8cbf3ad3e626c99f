//! The saved and followed items of the user.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::fake::catalog::own::{Own, OwnEntry};
use crate::fake::catalog::{ALBUMS, Catalog, SHOWS, mixed};
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

/// All items that the user saved or follows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Library {
    entries: HashMap<SpotifyUri, Entry>,
    /// The places of followed artists in the user's own library, which are kept when artists are unfollowed.
    places: HashMap<SpotifyUri, usize>,
    /// The number of additions, which orders items of the same minute.
    added: u64,
}

/// An item in the library.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) added_at: Timestamp,
    /// `true` if it is visible on the user's profile; `false` only for some playlists.
    pub(crate) is_public: bool,
    order: u64,
}

/// The time of the newest entry in a new library, before the current time of any test.
const NEWEST: i64 = 1_719_756_000; // 2024-06-30T14:00:00Z

impl Library {
    /// The initial library of every server.
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut library = Library::default();
        let every = |step: usize, count: usize, length: usize| {
            // Step and length are coprime, so the numbers are unique.
            (0..count).map(move |n| n * step % length.max(1))
        };
        let Catalog {
            artists, albums, tracks, shows, episodes, audiobooks, users, playlists, ..
        } = catalog;
        let (in_tracks, in_episodes) = (catalog.drawn_tracks, catalog.drawn_episodes);
        library.seed(every(7, 320, in_tracks), |n| Some(tracks.get(n)?.id.clone().into()));
        library.seed(every(3, 210, ALBUMS), |n| Some(albums.get(n)?.id.clone().into()));
        library.seed(every(7, 120, SHOWS), |n| Some(shows.get(n)?.id.clone().into()));
        library.seed(every(7, 260, in_episodes), |n| Some(episodes.get(n)?.id.clone().into()));
        library.seed(0..40, |n| Some(audiobooks.get(n * 3)?.id.clone().into()));
        library.seed(every(7, 130, artists.len()), |n| Some(artists.get(n)?.id.clone().into()));
        library.seed(1..25, |n| Some(users.get(n)?.id.clone().into()));
        library.seed(0..75, |n| Some(playlists.get(n)?.id.clone().into()));
        for own in playlists.iter().filter(|playlist| playlist.owner == 0) {
            library.set_public(&own.id.clone().into(), own.is_public);
        }
        library
    }

    /// The user's own library, in its order.
    pub(crate) fn of_user(own: &Own) -> Self {
        let mut library = Library::default();
        for OwnEntry { uri, added_at, is_public } in own.saved.iter().rev() {
            library.insert(uri.clone(), *added_at, *is_public);
        }
        let artists = own.saved.iter().filter(|entry| entry.uri.kind() == "artist");
        library.places = artists.enumerate().map(|(n, entry)| (entry.uri.clone(), n)).collect();
        library
    }

    fn insert(&mut self, uri: SpotifyUri, added_at: Timestamp, is_public: bool) {
        self.added += 1;
        self.entries.insert(uri, Entry { added_at, is_public, order: self.added });
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
            self.insert(uri, added_at, true);
        }
    }

    /// Adds an item. Without `added_at`, an item that was added before keeps its time.
    pub(crate) fn add(&mut self, uri: &SpotifyUri, added_at: Option<Timestamp>, is_public: bool) {
        if added_at.is_none() && self.contains(uri) {
            return;
        }
        let moment = added_at.unwrap_or_else(Timestamp::now);
        let minute = Timestamp::from_unix_seconds(moment.unix_seconds().div_euclid(60) * 60);
        self.insert(uri.clone(), minute, is_public);
    }

    /// Sets whether a playlist is visible on the user's profile, if the library contains it.
    pub(crate) fn set_public(&mut self, uri: &SpotifyUri, is_public: bool) {
        if let Some(entry) = self.entries.get_mut(uri) {
            entry.is_public = is_public;
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
    pub(crate) fn newest(&self, kind: &'static str) -> Vec<(&SpotifyUri, &Entry)> {
        let mut entries: Vec<_> = self.of_kind(kind).collect();
        entries.sort_unstable_by_key(|(_, entry)| Reverse((entry.added_at, entry.order)));
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

    /// Returns the URIs of all items.
    pub(crate) fn uris(&self) -> impl Iterator<Item = &SpotifyUri> {
        self.entries.keys()
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
            assert!(entries.is_sorted_by(|(_, a), (_, b)| a.added_at >= b.added_at), "{kind}");
        }
    }
}
