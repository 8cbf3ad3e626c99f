//! Albums.

use super::common::{
    Copyright, DatePrecision, ExternalIds, Image, ReleaseDate, Restriction, artist_names,
};
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
        /// The type of the album.
        album_type: Option<AlbumType>,
        /// The number of tracks, if Spotify sends it.
        total_tracks: Option<u32>,
        /// The artists, in the order of Spotify's apps.
        artists: Vec<SimplifiedArtist>,
        /// The date of the release.
        release_date: Option<ReleaseDate>,
        /// The precision of `release_date`.
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

    /// An album in the list of the albums of an artist.
    ArtistAlbum {
        /// The relation of the album to the artist.
        album_group: Option<AlbumGroup>; extended,
    }

    /// An album with the first page of its tracks.
    Album {
        /// The first page of the tracks, with at most 50 tracks.
        tracks: Option<Page<SimplifiedTrack>>,
        /// The genres; always empty in Spotify's responses.
        genres: Vec<String>,
        /// The record label.
        label: Option<String>; extended,
        /// The popularity from 0 to 100.
        popularity: Option<u32>; extended,
        /// The copyright statements.
        copyrights: Vec<Copyright>,
        /// The codes of the album outside Spotify; albums have a `upc`.
        external_ids: Option<ExternalIds>,
    }
}

artist_names!(ArtistAlbum, Album);

object! {
    /// An album in the library of a user.
    SavedAlbum {
        /// The time at which the user saved it.
        added_at: Option<Timestamp>,
        /// The album.
        album: Album,
    }
}
