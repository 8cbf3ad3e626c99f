//! Users.

use super::common::{Followers, Image};
use crate::json::object::object;
use crate::types::enums::api_enum;
use crate::types::id::UserId;
use crate::types::market::Market;

object! {
    /// The public profile of a user; for the current user, also the private fields.
    ///
    /// Spotify documents that apps in development mode receive neither `followers` nor `country`, `email`, `product`
    /// and `explicit_content`. It still sends them, but may stop.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let me = spotify.get_me().send()?;
    /// println!("{:?} in {:?}, {:?}", me.display_name, me.country, me.product);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    User[UserId] {
        /// The name on the profile; `None` if the user has none.
        display_name: Option<String>,
        /// The picture in several sizes; empty if the user has none.
        images: Vec<Image>,
        /// The number of followers.
        followers: Option<Followers>,
        /// An id that never changes. Sent for the current user since May 2026.
        account_id: Option<String>,
        /// The country of the account. Sent for the current user with the scope `user-read-private`.
        country: Option<Market>,
        /// The email address, which Spotify hasn't verified. Sent for the current user with the scope `user-read-email`.
        email: Option<String>,
        /// The subscription. Sent for the current user with the scope `user-read-private`.
        product: Option<Product>,
        /// The settings for explicit content. Sent for the current user with the scope `user-read-private`.
        explicit_content: Option<ExplicitContent>,
    }

    /// The settings of an account for explicit content.
    #[derive(Default)]
    ExplicitContent {
        /// `true` if Spotify doesn't play explicit content to the user.
        filter_enabled: bool,
        /// `true` if the user cannot change the setting.
        filter_locked: bool,
    }
}

api_enum! {
    /// The subscription of a user.
    open Product {
        /// Spotify Premium.
        Premium = "premium",
        /// Spotify Free.
        Free = "free",
        /// Spotify Free, under another name.
        Open = "open",
    }
}
