//! Playlists.

use std::borrow::Cow;

use super::common::{Followers, Image};
use super::item::Item;
use crate::json::object::{object, related_objects};
use crate::page::Page;
use crate::types::id::{PlaylistId, UserId};
use crate::types::timestamp::Timestamp;

related_objects! {
    [PlaylistId] {
        /// The name.
        name: String,
        /// The description by the owner, with HTML escapes: `Drum &amp; bass`. `description_text()` returns plain text.
        /// A playlist without a description has `None` or an empty text.
        description: Option<String>,
        /// The owner; missing from some of Spotify's own playlists.
        owner: Option<PlaylistOwner>,
        /// `true` if the owner's profile shows it; `None` if Spotify sends null.
        public: Option<bool>,
        /// `true` if the owner's collaborators can change it.
        collaborative: bool,
        /// The version of the items; each change creates a new one.
        snapshot_id: Option<String>,
        /// The cover in several sizes, widest first; empty for a playlist without a cover. URLs may expire within a day.
        images: Vec<Image>,
        /// The colour of the playlist; sent for some of Spotify's own playlists.
        primary_color: Option<String>,
    }

    /// A playlist in a list, without its items.
    SimplifiedPlaylist {
        /// The number of items. Spotify called this field `tracks` before 2026; the model accepts both.
        items: Option<PlaylistItemsRef> = "items" | "tracks"; extended "tracks",
    }

    /// A playlist with the first page of its items.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let playlist = spotify.get_playlist(&server.catalog().playlists()[0]).send()?;
    /// let total = playlist.items.as_ref().and_then(|page| page.total);
    /// println!("{}: {total:?} items", playlist.name);
    /// for entry in playlist.items.iter().flatten() {
    ///     println!("{:?}", entry.item.name());
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Playlist {
        /// The number of followers.
        followers: Option<Followers>,
        /// The first page of the items; if Spotify sends only their number, an empty page with that `total`. Apps in
        /// development mode receive it for playlists that the user owns or can change. Spotify called this field
        /// `tracks` before 2026; the model accepts both.
        items: Option<Page<PlaylistItem>> = "items" | "tracks"; extended "tracks",
    }
}

macro_rules! description_text {
    ($($playlist:ident),*) => {$(
        impl $playlist {
            /// Returns the description as plain text.
            ///
            /// Spotify sends descriptions with HTML escapes, but expects plain text when a program sets one.
            ///
            /// ```
            #[doc = concat!("use tonearm::model::", stringify!($playlist), ";")]
            ///
            #[doc = concat!("let playlist: ", stringify!($playlist), " = serde_json::from_str(")]
            ///     r#"{"id": "3cEYpjA9oz9GiPac4AsH4n", "description": "Drum &amp; bass &#x2F; &quot;Jungle&quot;"}"#,
            /// )?;
            /// assert_eq!(playlist.description_text().as_deref(), Some("Drum & bass / \"Jungle\""));
            /// # Ok::<(), serde_json::Error>(())
            /// ```
            pub fn description_text(&self) -> Option<Cow<'_, str>> {
                self.description.as_deref().map(unescaped)
            }
        }
    )*};
}

description_text!(SimplifiedPlaylist, Playlist);

/// Replaces HTML escapes by their characters. Keeps text that isn't a valid escape.
fn unescaped(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut parts = html.split('&');
    text.extend(parts.next());
    for part in parts {
        let escape = part.split_once(';').and_then(|(name, rest)| Some((escaped(name)?, rest)));
        match escape {
            Some((char, rest)) => {
                text.push(char);
                text.push_str(rest);
            }
            None => {
                text.push('&');
                text.push_str(part);
            }
        }
    }
    Cow::Owned(text)
}

/// The character of an escape, `amp` or `#x27`.
fn escaped(name: &str) -> Option<char> {
    let number = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "nbsp" => return Some('\u{a0}'),
        _ => name.strip_prefix('#')?,
    };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

object! {
    /// An item of a playlist, with the time at which it was added and the user who added it.
    #[derive(Default)]
    PlaylistItem {
        /// The time at which it was added; `None` in very old playlists.
        added_at: Option<Timestamp>,
        /// The user who added it; `None` in very old playlists.
        added_by: Option<PlaylistUser>,
        /// `true` if it is a local file of the user.
        is_local: bool,
        /// The track, episode or local file. Spotify called this field `track` before 2026; the model accepts both.
        item: Item = "item" | "track",
        /// The colour of the item; so far always null.
        primary_color: Option<String>,
        /// The picture of a video.
        video_thumbnail: Option<VideoThumbnail>,
    }

    /// The picture of a video in a playlist.
    #[derive(Default)]
    VideoThumbnail {
        /// The URL of the picture; so far always null.
        url: Option<String>,
    }

    /// The user who added an item to a playlist. A deleted account has no id.
    #[derive(Default)]
    PlaylistUser[Option<UserId>] {}

    /// The response to a change of a playlist.
    #[derive(Default)]
    Snapshot {
        /// The version of the items after the change.
        snapshot_id: String,
    }

    /// Playlists that Spotify features.
    FeaturedPlaylists {
        /// The heading of the playlists, such as a greeting.
        message: Option<String>,
        /// The playlists.
        playlists: Page<SimplifiedPlaylist>,
    }

    /// The address and the number of the items of a playlist.
    #[derive(Default)]
    PlaylistItemsRef {
        /// The address of the items in the Web API.
        href: Option<String>,
        /// The number of items, if Spotify sends it.
        total: Option<u32>,
    }

    /// The owner of a playlist. A deleted account has no id.
    #[derive(Default)]
    PlaylistOwner[Option<UserId>] {
        /// The name on the profile; `None` if the owner has none.
        display_name: Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_html_become_characters_and_all_else_stays() {
        for (html, text) in [
            ("", ""),
            ("plain; text", "plain; text"),
            ("&lt;b&gt; &quot;x&quot; &amp;amp; &#x27;&#39;&#X2F;", "<b> \"x\" &amp; ''/"),
            (
                "a & b && c &; &unknown; &#; &#x; &#xd800; &#99999999999; &amp",
                "a & b && c &; &unknown; &#; &#x; &#xd800; &#99999999999; &amp",
            ),
            ("&#128512;é&apos;", "\u{1f600}é'"),
        ] {
            assert_eq!(unescaped(html), text);
        }
    }
}
