//! Tracks.

use super::common::{ExternalIds, Restriction};
use super::simplified::{LinkedTrack, SimplifiedAlbum, SimplifiedArtist};
use crate::json::object::{object, related_objects};
use crate::types::id::TrackId;
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

related_objects! {
    [Option<TrackId>] {
        /// The name; empty for a track that was taken down.
        name: String,
        /// The artists.
        artists: Vec<SimplifiedArtist>,
        /// How long it is, in milliseconds; 0 for a track that was taken down.
        duration_ms: u64,
        /// Its number on the disc, from 1; 0 for a local file.
        track_number: u32,
        /// The number of the disc, from 1; 0 for a local file.
        disc_number: u32,
        /// Whether it has explicit lyrics; `false` may mean that it is not known.
        explicit: bool,
        /// Where it can be played; none if a market was asked for.
        available_markets: Option<MarketSet>; extended,
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// The track that was asked for, if another one plays in its place in this market.
        linked_from: Option<LinkedTrack>; extended,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction> = "restrictions" | "restriction",
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        preview_url: Option<String>; extended,
        /// Whether it is a file on the user's own machine.
        is_local: bool,
    }

    /// A track as its album names it.
    SimplifiedTrack {}

    /// A track, whole. A local file has no id, and `spotify:local:…` as its URI.
    ///
    /// In the place of an episode Spotify may send an object with the fields of a track, if the call did not ask for
    /// episodes: its `kind()` is `episode`.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let track = spotify.get_track(&server.catalog().tracks()[0]).send()?;
    /// let artists: Vec<&str> = track.artists.iter().filter_map(|artist| artist.name.as_deref()).collect();
    /// let seconds = track.duration_ms / 1000;
    /// println!("{} by {}, {}:{:02}", track.name, artists.join(", "), seconds / 60, seconds % 60);
    /// println!("{:?}", track.external_url());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    Track {
        /// The album it is on; none where Spotify leaves it out.
        album: Option<SimplifiedAlbum>,
        /// From 0 to 100.
        popularity: Option<u32>; extended,
        /// Its codes outside Spotify, of which tracks have `isrc`; none of them for a local file.
        external_ids: Option<ExternalIds>,
    }
}

object! {
    /// A track in a user's library.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// for saved in &spotify.get_my_saved_tracks().limit(5).send()? {
    ///     println!("{:?}  {}", saved.added_at.map(|time| time.to_string()), saved.track.name);
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    SavedTrack {
        /// When it was saved, exact to the minute.
        added_at: Option<Timestamp>,
        /// The track.
        track: Track,
    }
}
