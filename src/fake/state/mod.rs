//! The state that users change: library, playlists and player.

pub(crate) mod library;
pub(crate) mod player;
pub(crate) mod playlists;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::fake::catalog::{Catalog, Playlist};
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;
use library::Library;
use player::Player;
use playlists::Playlists;

/// The state of the current user.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) catalog: Arc<Catalog>,
    /// The user, as an index.
    pub(crate) me: usize,
    pub(crate) library: CopyOnWrite<Library>,
    pub(crate) playlists: CopyOnWrite<Playlists>,
    pub(crate) player: CopyOnWrite<Player>,
    pub(crate) clock: Clock,
}

/// A part of the state that is cheap to clone. Changing it copies it first if there is another clone.
#[derive(Clone, Debug)]
pub(crate) struct CopyOnWrite<T>(Arc<T>);

impl<T> From<T> for CopyOnWrite<T> {
    fn from(part: T) -> Self {
        CopyOnWrite(Arc::new(part))
    }
}

impl<T> Deref for CopyOnWrite<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for CopyOnWrite<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

/// The clock of the player of a [`Server`](crate::fake::Server).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Clock {
    /// Playback does not advance, which makes tests deterministic: a track plays until the program skips it or seeks past its
    /// end, or [`Server::advance_playback`](crate::fake::Server::advance_playback) is called.
    #[default]
    Frozen,
    /// Playback moves with the clock of the system. At the end of a track, the next one plays.
    Real,
}

impl State {
    /// The initial state: with the user's own library, or with the made-up one of every server.
    pub(crate) fn new(catalog: &Arc<Catalog>) -> Self {
        let is_own = catalog.own.is_library;
        let me = catalog.own.me;
        State {
            catalog: Arc::clone(catalog),
            me,
            library: if is_own { Library::of_user(&catalog.own) } else { Library::new(catalog) }
                .into(),
            playlists: Playlists::new(catalog, me).into(),
            player: if is_own { Player::unused() } else { Player::new(catalog) }.into(),
            clock: Clock::Frozen,
        }
    }

    /// The state of a user without data, by the user's index.
    pub(crate) fn of_new_user(catalog: &Arc<Catalog>, me: usize) -> Self {
        State {
            catalog: Arc::clone(catalog),
            me,
            library: Library::default().into(),
            playlists: Playlists::new(catalog, me).into(),
            player: Player::unused().into(),
            clock: Clock::Frozen,
        }
    }

    /// Returns the same state with this clock.
    pub(crate) fn with_clock(self, clock: Clock) -> Self {
        State { clock, ..self }
    }

    /// Replaces the catalog by one that has more objects.
    pub(crate) fn set_catalog(&mut self, catalog: &Arc<Catalog>) {
        self.catalog = Arc::clone(catalog);
        self.playlists.set_catalog(catalog);
    }

    /// Returns the index of an object of the catalog, of a playlist that the user has created, or of an item of the user's
    /// own library without an object.
    pub(crate) fn index(&self, uri: &SpotifyUri) -> Option<usize> {
        self.playlists.find(uri).or_else(|| self.catalog.find_or_missing(uri))
    }

    /// Saves or follows an item that has an [index](State::index). Without `added_at`, an item that was added before keeps
    /// its time.
    pub(crate) fn save(&mut self, uri: &SpotifyUri, added_at: Option<Timestamp>) {
        if self.index(uri).is_some() {
            let is_public = self.own_playlist(uri).is_none_or(|playlist| playlist.is_public);
            self.library.add(uri, added_at, is_public);
        }
    }

    /// Follows a playlist, publicly or privately. A playlist of the user stays as public as it is.
    pub(crate) fn follow_playlist(&mut self, uri: &SpotifyUri, is_public: bool) {
        self.save(uri, None);
        if self.own_playlist(uri).is_none() {
            self.library.set_public(uri, is_public);
        }
    }

    fn own_playlist(&self, uri: &SpotifyUri) -> Option<&Playlist> {
        let playlist = self.playlists.playlist(self.playlists.find(uri)?);
        playlist.filter(|playlist| playlist.owner == self.me)
    }

    /// Returns the URIs of everything that the user has saved or follows, ordered by kind and id.
    pub(crate) fn saved_uris(&self) -> Vec<SpotifyUri> {
        // An item that could not be read has a made-up URI.
        let is_readable = |uri: &&SpotifyUri| {
            self.index(uri).is_none_or(|n| self.catalog.own.unreadable(n).is_none())
        };
        let mut uris: Vec<_> = self.library.uris().filter(is_readable).cloned().collect();
        uris.sort_unstable();
        uris
    }

    /// Moves playback on by the time since the last call, unless the clock is frozen.
    pub(crate) fn advance_to_now(&mut self) {
        if self.clock == Clock::Real {
            let now = Timestamp::now().unix_millis();
            let elapsed = now - self.player.seen_at.unwrap_or(now);
            self.player.seen_at = Some(now);
            self.player.advance(elapsed, &self.catalog);
        }
    }
}
