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
        /// What its owner says about it, escaped as in HTML: `Drum &amp; bass`. None or empty if that is nothing. See
        /// `description_text()` for plain text.
        description: Option<String>,
        /// Whose it is; not sent for some of Spotify's own.
        owner: Option<PlaylistOwner>,
        /// Whether it shows on the owner's profile; none where that is not known.
        public: Option<bool>,
        /// Whether others may change it.
        collaborative: bool,
        /// The version of what is in it: every change makes a new one.
        snapshot_id: Option<String>,
        /// Covers, widest first; none for a playlist without a cover.
        images: Vec<Image>,
        /// The colour of some of Spotify's own playlists.
        primary_color: Option<String>,
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

macro_rules! description_text {
    ($($playlist:ident),*) => {$(
        impl $playlist {
            /// Returns the description as plain text.
            ///
            /// Spotify escapes descriptions as in HTML when it sends them, and takes plain text when a program sets
            /// them.
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

/// Text without the escapes of HTML. What only looks like one stays.
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
        primary_color: Option<String>,
        /// A picture of a video.
        video_thumbnail: Option<VideoThumbnail>,
    }

    /// A picture of a video in a playlist.
    VideoThumbnail {
        /// The address of the picture; null in all answers seen.
        url: Option<String>,
    }

    /// Who added something to a playlist. An account that is gone has no id.
    PlaylistUser[Option<UserId>] {}

    /// What a change of a playlist answers.
    Snapshot {
        /// The version of what is in the playlist after the change.
        snapshot_id: String,
    }

    /// Playlists that Spotify features.
    FeaturedPlaylists {
        /// What stands above them, such as a greeting.
        message: Option<String>,
        /// The playlists.
        playlists: Page<SimplifiedPlaylist>,
    }

    /// Where the items of a playlist are, and how many.
    PlaylistItemsRef {
        /// The address of the items in the Web API.
        href: Option<String>,
        /// How many there are, where Spotify says so.
        total: Option<u32>,
    }

    /// The owner of a playlist. An account that is gone has no id.
    PlaylistOwner[Option<UserId>] {
        /// The name that shows on the profile, if there is one.
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
