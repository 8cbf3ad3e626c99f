//! Items of playlists and queues.

use super::Catalog;
use crate::fake::library::Item;
use crate::types::id::SpotifyUri;
use crate::types::timestamp::Timestamp;

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
    /// An item of the user's library that could not be read, by its index.
    Unreadable(usize),
    /// An item that the user's library contains without an object, by its index.
    Missing(usize),
    /// Something that the player plays without showing it, such as an advertisement, by its type.
    Hidden(&'static str),
}

/// An item of a playlist, with the time and the user that added it. Spotify has neither for very old items.
#[derive(Clone, Debug)]
pub(crate) struct PlaylistEntry {
    pub(crate) item: MediaItem,
    pub(crate) added_at: Option<Timestamp>,
    /// The user, as an index.
    pub(crate) added_by: Option<usize>,
}

impl MediaItem {
    /// Returns the item with a URI, if the catalog has it or the user's library contains it.
    pub(crate) fn of(catalog: &Catalog, uri: &SpotifyUri) -> Option<MediaItem> {
        let n = catalog.find_or_missing(uri)?;
        match (catalog.own.missing(n), catalog.own.unreadable(n)) {
            (Some(_), _) => Some(MediaItem::Missing(n)),
            (None, Some(_)) => Some(MediaItem::Unreadable(n)),
            (None, None) => MediaItem::with_index(uri, n),
        }
    }

    /// Returns the item with a URI and its index.
    pub(crate) fn with_index(uri: &SpotifyUri, n: usize) -> Option<MediaItem> {
        match uri {
            SpotifyUri::Track(_) => Some(MediaItem::Track(n)),
            SpotifyUri::Episode(_) => Some(MediaItem::Episode(n)),
            _ => None,
        }
    }

    /// Returns the duration in milliseconds.
    pub(crate) fn duration(self, catalog: &Catalog) -> i64 {
        let duration = match self {
            MediaItem::Track(n) => {
                (catalog.own.duration(n)).unwrap_or_else(|| duration_of_track(catalog.recording(n)))
            }
            MediaItem::Episode(n) => {
                catalog.own.duration(n).unwrap_or_else(|| duration_of_episode(n))
            }
            MediaItem::Local(n) => match catalog.own.local(n) {
                Some(file) => seconds_in_uri(file).saturating_mul(1_000),
                None => 1_000 * seconds_of_file(n),
            },
            MediaItem::Hidden(_) => DURATION_OF_HIDDEN,
            MediaItem::Removed | MediaItem::Unreadable(_) | MediaItem::Missing(_) => 0,
        };
        i64::try_from(duration).unwrap_or(i64::MAX)
    }

    /// Returns whether the player can play it.
    pub(crate) fn is_playable(self) -> bool {
        matches!(self, MediaItem::Track(_) | MediaItem::Episode(_))
    }
}

/// The duration of a recording in milliseconds.
pub(crate) fn duration_of_track(n: usize) -> usize {
    95_000 + n * 7_919 % 260_000
}

pub(crate) fn duration_of_episode(n: usize) -> usize {
    900_000 + n * 104_729 % 4_000_000
}

/// The duration of something that the player does not show, in milliseconds, such as an advertisement.
const DURATION_OF_HIDDEN: usize = 30_000;

/// The duration at the end of the URI of a local file, in seconds.
pub(crate) fn seconds_in_uri(file: &Item) -> usize {
    let uri = file.uri.as_ref().map(ToString::to_string).unwrap_or_default();
    uri.rsplit(':').next().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The duration of a made-up local file in seconds.
pub(crate) fn seconds_of_file(n: usize) -> usize {
    120 + n % 200
}
