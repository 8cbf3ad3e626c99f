//! Categories.

use super::common::Image;
use crate::json::object::object;

object! {
    /// A category of playlists.
    #[derive(Default)]
    Category {
        /// The id: a word such as `party`, or 22 letters and digits.
        id: String,
        /// The name, in the language of the call's `locale`.
        name: String,
        /// The address of the category in the Web API.
        href: Option<String>,
        /// The icon in one or more sizes.
        icons: Vec<Image>,
    }
}
