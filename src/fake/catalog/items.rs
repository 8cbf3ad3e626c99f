//! Items of playlists and queues.

use super::Catalog;
use crate::types::id::SpotifyUri;

/// An item of a playlist or of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaItem {
    /// A track, by its index in the catalog.
    Track(usize),
    /// An episode, by its index in the catalog.
    Episode(usize),
    /// A file on the user's machine.
    Local(usize),
    /// An item that no longer exists.
    Removed,
}

impl MediaItem {
    /// Returns the item with a URI, if the catalog has it.
    pub(crate) fn of(catalog: &Catalog, uri: &SpotifyUri) -> Option<MediaItem> {
        let n = catalog.find(uri)?;
        match uri {
            SpotifyUri::Track(_) => Some(MediaItem::Track(n)),
            SpotifyUri::Episode(_) => Some(MediaItem::Episode(n)),
            _ => None,
        }
    }

    /// Returns whether the player can play it.
    pub(crate) fn is_playable(self) -> bool {
        matches!(self, MediaItem::Track(_) | MediaItem::Episode(_))
    }
}
