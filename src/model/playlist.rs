//! Playlists.

use super::common::{Followers, Image};
use super::item::Item;
use crate::json::object::{object, related_objects};
use crate::page::Page;
use crate::types::id::{PlaylistId, UserId};
use crate::types::timestamp::Timestamp;

related_objects! {
    [PlaylistId] {
        /// The name.
        name: Box<str>,
        /// What its owner says about it; none or empty if that is nothing.
        description: Option<Box<str>>,
        /// Whose it is; not sent for some of Spotify's own.
        owner: Option<PlaylistOwner>,
        /// Whether it shows on the owner's profile; none where that is not known.
        public: Option<bool>,
        /// Whether others may change it.
        collaborative: bool,
        /// The version of what is in it: every change makes a new one.
        snapshot_id: Option<Box<str>>,
        /// Covers, widest first; none for a playlist without a cover.
        images: Vec<Image>,
        /// The colour of some of Spotify's own playlists.
        primary_color: Option<Box<str>>,
    }

    /// A playlist as lists name it, without what is in it.
    SimplifiedPlaylist {
        /// How many items it has. Spotify called it `tracks` before 2026; both are read.
        items: Option<PlaylistItemsRef> = "items" | "tracks"; extended "tracks",
    }

    /// A playlist, whole, with the first page of its items.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let playlist = spotify.get_playlist(&server.catalog().playlists()[0]).send()?;
    /// println!("{}: {} items", playlist.name, playlist.items.as_ref().map_or(0, |page| page.total));
    /// for entry in playlist.items.iter().flatten() {
    ///     println!("{:?}", entry.item.name());
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Playlist {
        /// How many follow it.
        followers: Option<Followers>,
        /// The first page of its items, or an empty one that says how many there are. Apps in
        /// development mode get it for playlists only that the user owns or may change. Spotify
        /// called it `tracks` before 2026; both are read.
        items: Option<Page<PlaylistItem>> = "items" | "tracks"; extended "tracks",
    }
}

object! {
    /// An item of a playlist, with the time it was added and the user who added it.
    PlaylistItem {
        /// When it was added; not known in very old playlists.
        added_at: Option<Timestamp>,
        /// Who added it; not known in very old playlists.
        added_by: Option<PlaylistUser>,
        /// Whether it is a file on the user's own machine.
        is_local: bool,
        /// The track, episode or file. Spotify called it `track` before 2026; both are read.
        item: Item = "item" | "track",
        /// A colour; null in all answers seen.
        primary_color: Option<Box<str>>,
        /// A picture of a video.
        video_thumbnail: Option<VideoThumbnail>,
    }

    /// A picture of a video in a playlist.
    VideoThumbnail {
        /// The address of the picture; null in all answers seen.
        url: Option<Box<str>>,
    }

    /// Who added something to a playlist. An account that is gone has no id.
    PlaylistUser[Option<UserId>] {}

    /// What a change of a playlist answers.
    Snapshot {
        /// The version of what is in the playlist after the change.
        snapshot_id: Box<str>,
    }

    /// Playlists that Spotify features.
    FeaturedPlaylists {
        /// What stands above them, such as a greeting.
        message: Option<Box<str>>,
        /// The playlists.
        playlists: Page<SimplifiedPlaylist>,
    }

    /// Where the items of a playlist are, and how many.
    PlaylistItemsRef {
        /// The address of the items in the Web API.
        href: Option<Box<str>>,
        /// How many there are, where Spotify says so.
        total: Option<u32>,
    }

    /// The owner of a playlist. An account that is gone has no id.
    PlaylistOwner[Option<UserId>] {
        /// The name that shows on the profile, if there is one.
        display_name: Option<Box<str>>,
    }
}
