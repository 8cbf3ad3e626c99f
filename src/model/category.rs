//! Categories.

use super::common::Image;
use crate::json::object::object;
use crate::types::id::CategoryId;

object! {
    /// A category of playlists.
    Category {
        /// The id: a word such as `party`, or 22 letters and digits.
        id: CategoryId,
        /// The name, in the language of the call's `locale`.
        name: String,
        /// The address of the category in the Web API.
        href: Option<String>,
        /// The icon in one or more sizes.
        icons: Vec<Image>,
    }
}
