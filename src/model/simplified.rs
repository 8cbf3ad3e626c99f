//! Objects as other objects and lists contain them: without what only the full object has.

use super::common::{DatePrecision, Image, ReleaseDate, Restriction};
use crate::json::object::object;
use crate::types::enums::api_enum;
use crate::types::id::{AlbumId, ArtistId, TrackId};
use crate::types::market::MarketSet;

object! {
    /// An artist as albums and tracks name it. That of a local file has no id.
    SimplifiedArtist[Option<ArtistId>] {
        /// The name; none for an entry that is no artist, as in an episode sent as a track.
        name: Option<String>,
    }

    /// An album as tracks and lists name it. That of a local file has a name only, and no id.
    SimplifiedAlbum[Option<AlbumId>] {
        /// The name; empty for an album that was taken down.
        name: String,
        /// What kind of album it is; none for that of a local file.
        album_type: Option<AlbumType>,
        /// How many tracks it has, where that is known.
        total_tracks: Option<u32>,
        /// The artists.
        artists: Vec<SimplifiedArtist>,
        /// When it was released; none for that of a local file.
        release_date: Option<ReleaseDate>,
        /// How much of the date is known; none for that of a local file.
        release_date_precision: Option<DatePrecision>,
        /// Covers, widest first; none for an album that was taken down.
        images: Vec<Image>,
        /// Where it can be played; none if a market was asked for.
        available_markets: Option<MarketSet>; extended,
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction> = "restrictions" | "restriction",
    }

    /// The track that was asked for, where another one plays in its place. At times it has no id.
    LinkedTrack[Option<TrackId>] {}
}

api_enum! {
    /// What kind of album it is.
    open AlbumType {
        /// An album.
        Album = "album",
        /// A single.
        Single = "single",
        /// A compilation.
        Compilation = "compilation",
        /// An EP; rare, most come as singles.
        Ep = "ep",
    }
}
