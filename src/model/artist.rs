//! Artists.

use super::common::{Followers, Image};
use super::object::object;
use crate::id::ArtistId;

object! {
    /// An artist, whole.
    Artist[ArtistId] {
        /// The name.
        name: Box<str>,
        /// How many follow the artist. Not for apps in development mode.
        followers: Option<Followers>,
        /// Genres; often none. Not for apps in development mode.
        genres: Vec<Box<str>>,
        /// Pictures, widest first.
        images: Vec<Image>,
        /// From 0 to 100. Not for apps in development mode.
        popularity: Option<u32>,
    }
}

object! {
    /// An artist as albums and tracks name it.
    SimplifiedArtist[Option<ArtistId>] {
        /// The name; null for some entries that are no artists.
        name: Option<Box<str>>,
    }
}
