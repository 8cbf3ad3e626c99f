//! What users change: library, playlists, player.

pub(crate) mod library;
pub(crate) mod player;
pub(crate) mod playlists;
