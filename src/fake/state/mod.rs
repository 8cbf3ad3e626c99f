//! The state that users change: library, playlists and player.

pub(crate) mod library;
pub(crate) mod player;
pub(crate) mod playlists;

use crate::fake::catalog::Catalog;
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
    pub(crate) fn new(catalog: &'static Catalog) -> Self {
        State {
            catalog,
            me: 0,
            library: Library::new(catalog),
            playlists: Playlists::new(catalog, 0),
            player: Player::new(catalog),
        }
    }

    /// The state of a user without data: of the last one of the catalog, or of the `n`th before it. These users own no
    /// playlist.
    pub(crate) fn of_new_user(catalog: &'static Catalog, n: usize) -> Self {
        let me = catalog.users.len().saturating_sub(1).saturating_sub(n);
        State {
            catalog,
            me,
            library: Library::empty(catalog, me),
            playlists: Playlists::new(catalog, me),
            player: Player::unused(),
        }
    }
}
