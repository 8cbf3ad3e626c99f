//! Tracks.

use super::common::{ExternalIds, Restriction, artist_names, durations};
use super::simplified::{LinkedTrack, SimplifiedAlbum, SimplifiedArtist};
use crate::json::object::{object, related_objects};
use crate::types::id::TrackId;
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

related_objects! {
    [Option<TrackId>] {
        /// The name; empty for a track that was taken down.
        name: String,
        /// The artists, in the order of Spotify's apps.
        artists: Vec<SimplifiedArtist>,
        /// The duration in milliseconds; 0 for a track that was taken down.
        duration_ms: u64,
        /// The number of the track on its disc, from 1; 0 for a local file.
        track_number: u32,
        /// The number of the disc in the album, from 1; 0 for a local file.
        disc_number: u32,
        /// `true` if it has explicit lyrics. Spotify also sends `false` if it doesn't know.
        explicit: bool,
        /// The markets in which it can be played; `None` if the call has a `market`.
        available_markets: Option<MarketSet>; extended,
        /// `true` if it can be played in the market of the call, if Spotify sends it.
        is_playable: Option<bool>,
        /// The requested track, if Spotify plays this one in its place in the market of the call.
        linked_from: Option<Box<LinkedTrack>>; extended,
        /// The reason why it cannot be played; `None` if it can.
        restrictions: Option<Box<Restriction>> = "restrictions" | "restriction",
        /// The URL of a preview of 30 seconds. Sent only to apps that had extended access before 27 November 2024.
        preview_url: Option<String>; extended,
        /// `true` if it is a local file of the user.
        is_local: bool,
    }

    /// A track in a list of the tracks of an album.
    #[derive(Default)]
    SimplifiedTrack {}

    /// A track. A local file has no id, and the URI `spotify:local:…`.
    ///
    /// If a call doesn't request episodes, Spotify may send an episode with the fields of a track: `kind()` returns
    /// `episode`.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let track = spotify.get_track(&server.catalog().tracks()[0]).send()?;
    /// let seconds = track.duration().as_secs();
    /// println!("{} by {}, {}:{:02}", track.name, track.artist_names(), seconds / 60, seconds % 60);
    /// println!("{:?}", track.external_url());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Default)]
    Track {
        /// The album; `None` in responses without it.
        album: Option<SimplifiedAlbum>,
        /// The popularity from 0 to 100.
        popularity: Option<u32>; extended,
        /// The codes of the track outside Spotify; tracks have an `isrc`, local files have none.
        external_ids: Option<ExternalIds>,
    }
}

artist_names!(SimplifiedTrack, Track);
durations!(SimplifiedTrack, Track);

object! {
    /// A track in the library of a user.
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
    #[derive(Default)]
    SavedTrack {
        /// The time at which the user saved it, to the minute.
        added_at: Option<Timestamp>,
        /// The track.
        track: Track,
    }
}
