//! The playlists there are, with those that the user has made, and how they change.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::fake::api::objects;
use crate::fake::catalog::items::Thing;
use crate::fake::catalog::{self, Catalog, Playlist, mixed};
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

/// All playlists by their number: first those of the catalog, then those that the user has made.
#[derive(Debug)]
pub(crate) struct Shelf {
    catalog: &'static Catalog,
    /// The user, as an index.
    me: usize,
    /// Playlists that the user has changed or made.
    own: HashMap<usize, Held>,
    made: HashMap<SpotifyUri, usize>,
    /// Counts the changes: every one makes a version that there was not before.
    writes: u64,
}

/// A playlist that the user has changed.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) playlist: Playlist,
    /// What its owner says about it, if that is not what the catalog has.
    pub(crate) description: Option<String>,
    pub(crate) rows: Vec<Row>,
    /// The number of its last change.
    pub(crate) version: u64,
    /// The number of the change that gave it a cover.
    pub(crate) cover: Option<u64>,
    pub(crate) is_made: bool,
}

/// A row of a playlist.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) thing: Thing,
    /// Neither is known of what was added very long ago.
    pub(crate) added: Option<(Timestamp, usize)>,
}

impl Shelf {
    pub(crate) fn new(catalog: &'static Catalog, me: usize) -> Self {
        Shelf { catalog, me, own: HashMap::new(), made: HashMap::new(), writes: 0 }
    }

    /// The number of a playlist.
    pub(crate) fn find(&self, uri: &SpotifyUri) -> Option<usize> {
        match uri {
            SpotifyUri::Playlist(_) => {
                self.made.get(uri).copied().or_else(|| self.catalog.find(uri))
            }
            _ => None,
        }
    }

    pub(crate) fn playlist(&self, n: usize) -> Option<&Playlist> {
        match self.own.get(&n) {
            Some(held) => Some(&held.playlist),
            None => self.catalog.playlists.get(n),
        }
    }

    /// What the user has made of a playlist, if anything.
    pub(crate) fn held(&self, n: usize) -> Option<&Held> {
        self.own.get(&n)
    }

    pub(crate) fn rows(&self, n: usize) -> Cow<'_, [Row]> {
        match self.own.get(&n) {
            Some(held) => Cow::Borrowed(&held.rows),
            None => Cow::Owned(rows_of(self.catalog, n)),
        }
    }

    /// A new playlist of the user, and its number.
    pub(crate) fn make(&mut self, name: &str) -> (usize, &mut Held) {
        let n = self.catalog.playlists.len() + self.made.len();
        let playlist = Playlist {
            id: catalog::id(n),
            name: name.to_owned(),
            owner: self.me,
            is_public: true,
            is_collaborative: false,
        };
        self.writes += 1;
        self.made.insert(playlist.id.clone().into(), n);
        let held = Held {
            playlist,
            description: Some(String::new()),
            rows: Vec::new(),
            version: self.writes,
            cover: None,
            is_made: true,
        };
        (n, self.own.entry(n).or_insert(held))
    }

    /// Whether a playlist is the user's own, or one that the user may add to.
    pub(crate) fn takes_part(&self, n: usize) -> bool {
        let is_own = |playlist: &Playlist| playlist.owner == self.me;
        self.playlist(n).is_some_and(|playlist| is_own(playlist) || playlist.is_collaborative)
    }

    /// A playlist to be changed, in a new version; none in which the user has no part.
    pub(crate) fn change(&mut self, n: usize) -> Option<&mut Held> {
        let playlist = self.playlist(n).filter(|_| self.takes_part(n))?.clone();
        self.writes += 1;
        let catalog = self.catalog;
        let held = self.own.entry(n).or_insert_with(|| Held {
            playlist,
            description: None,
            rows: rows_of(catalog, n),
            version: 0,
            cover: None,
            is_made: false,
        });
        held.version = self.writes;
        Some(held)
    }
}

/// The rows that a playlist of the catalog has: tracks, and in some of them an episode, a file, what
/// is gone, or something from before Spotify noted who added it.
fn rows_of(catalog: &Catalog, n: usize) -> Vec<Row> {
    let seed = mixed(objects::seed("playlist", n));
    let Some(playlist) = catalog.playlists.get(n) else { return Vec::new() };
    let below = |number: u64, end: usize| {
        usize::try_from(number % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    };
    let row = |k: usize| {
        let chance = mixed(seed ^ u64::try_from(k).unwrap_or(0));
        let thing = match k {
            _ if n % 3 == 1 && k % 17 == 5 => Thing::Episode(below(chance, catalog.episodes.len())),
            _ if n % 4 == 1 && k % 23 == 7 => Thing::Local(below(chance, 1000)),
            _ if n % 5 == 1 && k % 29 == 11 => Thing::Gone,
            _ => Thing::Track(below(chance, catalog.tracks.len())),
        };
        let guest = playlist.is_collaborative && k % 4 == 2;
        let user = if guest { 1 + k % 9 } else { playlist.owner };
        let hours = i64::try_from(n * 11 + k * 5).unwrap_or(0);
        let added = Timestamp::from_unix_seconds(FIRST + hours * 3600);
        Row { thing, added: (n % 7 != 3 || k > 1).then_some((added, user)) }
    };
    (0..objects::rows_of_playlist(n)).map(row).collect()
}

/// When the first row of the first playlist was added: 2020-01-04T18:30:00Z.
const FIRST: i64 = 1_578_162_600;

/// What tells the cover of a playlist from all others.
pub(crate) fn cover_of(version: u64, n: usize) -> u64 {
    mixed(objects::seed("cover", n) ^ mixed(version))
}

/// The name of a version of a playlist.
pub(crate) fn snapshot(version: u64, n: usize) -> String {
    let hash = mixed(objects::seed("playlist", n) ^ version);
    match version {
        // As the catalog has it.
        0 => format!("AAAAA{hash:016x}"),
        _ => format!("AAAA{version:04}{hash:016x}"),
    }
}
