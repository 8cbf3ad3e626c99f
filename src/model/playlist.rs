//! Playlists.

use super::common::Image;
use super::object::object;
use crate::id::{PlaylistId, UserId};

object! {
    /// A playlist as lists name it, without what is in it.
    SimplifiedPlaylist[PlaylistId] {
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
        /// How many items it has. Spotify called it `tracks` before 2026; both are read.
        items: Option<PlaylistItemsRef> = "items" | "tracks",
        /// The version of what is in it: every change makes a new one.
        snapshot_id: Option<Box<str>>,
        /// Covers, widest first; none for a playlist without a cover.
        images: Vec<Image>,
        /// The colour of some of Spotify's own playlists.
        primary_color: Option<Box<str>>,
    }
}

object! {
    /// Where the items of a playlist are, and how many.
    PlaylistItemsRef {
        /// The address of the items in the Web API.
        href: Option<Box<str>>,
        /// How many there are, where Spotify says so.
        total: Option<u32>,
    }
}

object! {
    /// The owner of a playlist. An account that is gone has no id.
    PlaylistOwner[Option<UserId>] {
        /// The name that shows on the profile, if there is one.
        display_name: Option<Box<str>>,
    }
}
