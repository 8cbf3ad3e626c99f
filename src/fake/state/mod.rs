//! The state that users change: library, playlists and player.

pub(crate) mod library;
pub(crate) mod player;
pub(crate) mod playlists;

use crate::fake::catalog::{Catalog, NEW_USER};
use library::Library;
use player::Player;
use playlists::Playlists;

/// The state of the current user.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) catalog: &'static Catalog,
    /// The user, as an index.
    pub(crate) me: usize,
    pub(crate) library: Library,
    pub(crate) playlists: Playlists,
    pub(crate) player: Player,
}

impl State {
    /// The initial state: with the user's own library, or with the made-up one of every server.
    pub(crate) fn new(catalog: &'static Catalog) -> Self {
        let is_own = catalog.own.library.is_some();
        let me = catalog.own.me;
        State {
            catalog,
            me,
            library: if is_own { Library::of_user(catalog) } else { Library::new(catalog) },
            playlists: Playlists::new(catalog, me),
            player: if is_own { Player::unused() } else { Player::new(catalog) },
        }
    }

    /// The state of the last made-up user, who has no followers and owns no playlist.
    pub(crate) fn of_new_user(catalog: &'static Catalog) -> Self {
        let me = NEW_USER;
        State {
            catalog,
            me,
            library: Library::empty(catalog, me),
            playlists: Playlists::new(catalog, me),
            player: Player::unused(),
        }
    }
}
