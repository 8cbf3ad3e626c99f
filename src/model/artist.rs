//! Artists.

use super::common::{Followers, Image};
use crate::json::object::object;
use crate::types::id::ArtistId;

object! {
    /// An artist.
    Artist[ArtistId] {
        /// The name.
        name: String,
        /// The number of followers.
        followers: Option<Followers>; extended,
        /// The genres; empty for many artists.
        genres: Vec<String>; extended,
        /// A picture in several sizes, widest first; empty for many artists.
        images: Vec<Image>,
        /// The popularity from 0 to 100.
        popularity: Option<u32>; extended,
    }
}
