//! Categories of playlists.

use super::common::Image;
use crate::json::object::object;
use crate::types::id::CategoryId;

object! {
    /// A category that Spotify sorts playlists into.
    Category {
        /// The id: a word such as `party`, or 22 characters.
        id: CategoryId,
        /// The name, in the language that was asked for.
        name: Box<str>,
        /// The address of the category in the Web API.
        href: Option<Box<str>>,
        /// Icons.
        icons: Vec<Image>,
    }
}
