//! Artists.

use super::common::{Followers, Image};
use crate::json::object::object;
use crate::types::id::ArtistId;

object! {
    /// An artist, whole.
    Artist[ArtistId] {
        /// The name.
        name: String,
        /// How many follow the artist.
        followers: Option<Followers>; extended,
        /// Genres; often none.
        genres: Vec<String>; extended,
        /// Pictures, widest first; none for many artists.
        images: Vec<Image>,
        /// From 0 to 100.
        popularity: Option<u32>; extended,
    }
}
