//! Albums.

use super::common::{Copyright, DatePrecision, ExternalIds, Image, ReleaseDate, Restriction};
use super::simplified::{AlbumType, SimplifiedArtist};
use super::track::SimplifiedTrack;
use crate::json::object::{object, related_objects};
use crate::page::Page;
use crate::types::enums::AlbumGroup;
use crate::types::id::AlbumId;
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

related_objects! {
    [AlbumId] {
        /// The name; empty for an album that was taken down.
        name: String,
        /// What kind of album it is.
        album_type: Option<AlbumType>,
        /// How many tracks it has, where that is known.
        total_tracks: Option<u32>,
        /// The artists.
        artists: Vec<SimplifiedArtist>,
        /// When it was released.
        release_date: Option<ReleaseDate>,
        /// How much of the date is known.
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

    /// An album in the list of an artist's albums.
    ArtistAlbum {
        /// What the album is to the artist.
        album_group: Option<AlbumGroup>; extended,
    }

    /// An album, whole, with the first page of its tracks.
    Album {
        /// The first page of the tracks, at most 50 of them.
        tracks: Option<Page<SimplifiedTrack>>,
        /// Genres; Spotify sends none.
        genres: Vec<String>,
        /// The label.
        label: Option<String>; extended,
        /// From 0 to 100.
        popularity: Option<u32>; extended,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Its codes outside Spotify, of which albums have `upc`.
        external_ids: Option<ExternalIds>,
    }
}

object! {
    /// An album in a user's library.
    SavedAlbum {
        /// When it was saved.
        added_at: Option<Timestamp>,
        /// The album.
        album: Album,
    }
}
