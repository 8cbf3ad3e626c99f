//! Artists, albums and tracks as other objects and lists contain them, with fewer fields.

use super::common::{DatePrecision, Image, ReleaseDate, Restriction, artist_names};
use crate::json::object::object;
use crate::types::enums::api_enum;
use crate::types::id::{AlbumId, ArtistId, TrackId};
use crate::types::market::MarketSet;

object! {
    /// An artist of an album or a track. The artist of a local file has no id.
    #[derive(Default)]
    SimplifiedArtist[Option<ArtistId>] {
        /// The name; empty for a track that was taken down, and in an episode that Spotify sends with the fields of a
        /// track.
        name: String,
    }

    /// An album in a track or a list. The album of a local file has a name, but no id.
    #[derive(Default)]
    SimplifiedAlbum[Option<AlbumId>] {
        /// The name; empty for an album that was taken down.
        name: String,
        /// The type of the album; `None` for the album of a local file.
        album_type: Option<AlbumType>,
        /// The number of tracks, if Spotify sends it.
        total_tracks: Option<u32>,
        /// The artists, in the order of Spotify's apps.
        artists: Vec<SimplifiedArtist>,
        /// The date of the release; `None` for the album of a local file.
        release_date: Option<ReleaseDate>,
        /// The precision of `release_date`; `None` for the album of a local file.
        release_date_precision: Option<DatePrecision>,
        /// The cover in several sizes, widest first; empty for an album that was taken down.
        images: Vec<Image>,
        /// The markets in which it can be played; `None` if the call has a `market`.
        available_markets: Option<MarketSet>; extended,
        /// `true` if it can be played in the market of the call, if Spotify sends it.
        is_playable: Option<bool>,
        /// The reason why it cannot be played; `None` if it can.
        restrictions: Option<Box<Restriction>> = "restrictions" | "restriction",
    }

    /// The requested track, if Spotify plays another one in its place. Some responses lack its id.
    #[derive(Default)]
    LinkedTrack[Option<TrackId>] {}
}

artist_names!(SimplifiedAlbum);

api_enum! {
    /// The type of an album.
    open AlbumType {
        /// An album.
        Album = "album",
        /// A single.
        Single = "single",
        /// A compilation.
        Compilation = "compilation",
        /// An EP; rare, because Spotify sends most EPs as singles.
        Ep = "ep",
    }
}
