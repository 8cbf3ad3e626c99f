//! Artists.

use super::common::{Followers, Image};
use crate::json::object::object;
use crate::types::id::ArtistId;

object! {
    /// An artist, whole.
    Artist[ArtistId] {
        /// The name.
        name: Box<str>,
        /// How many follow the artist. Not for apps in development mode.
        followers: Option<Followers>,
        /// Genres; often none. Not for apps in development mode.
        genres: Vec<Box<str>>,
        /// Pictures, widest first; none for many artists.
        images: Vec<Image>,
        /// From 0 to 100. Not for apps in development mode.
        popularity: Option<u32>,
    }
}
