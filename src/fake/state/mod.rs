//! The state that users change: library, playlists and player.

pub(crate) mod library;
pub(crate) mod player;
pub(crate) mod playlists;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::fake::catalog::Catalog;
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
            library: if is_own { Library::of_user(catalog) } else { Library::new(catalog) }.into(),
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
            library: Library::empty(catalog, me).into(),
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
        self.library.set_catalog(catalog);
        self.playlists.set_catalog(catalog);
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
