//! Categories of playlists.

use super::common::Image;
use crate::json::object::object;

object! {
    /// A category that Spotify sorts playlists into.
    Category {
        /// The id: a word such as `party`, or 22 characters.
        id: String,
        /// The name, in the language that was asked for.
        name: String,
        /// The address of the category in the Web API.
        href: Option<String>,
        /// Icons.
        icons: Vec<Image>,
    }
}
