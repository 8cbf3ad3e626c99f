//! Users.

use super::common::{Followers, Image};
use crate::json::object::object;
use crate::types::enums::api_enum;
use crate::types::id::UserId;
use crate::types::market::Market;

object! {
    /// The profile of a user: the public part, and for the current user the private part too.
    ///
    /// Spotify has said that apps in development mode get neither `followers` nor `country`, `email`,
    /// `product` and `explicit_content`. It has gone on sending them, which may end.
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
        /// The name that shows on the profile, if there is one.
        display_name: Option<String>,
        /// Pictures of the profile, if there are any.
        images: Vec<Image>,
        /// How many follow the user.
        followers: Option<Followers>,
        /// An id that never changes, unlike names. Current user only, since May 2026.
        account_id: Option<String>,
        /// The country of the account. Current user only, with the scope `user-read-private`.
        country: Option<Market>,
        /// The email address, which Spotify has not verified. Current user only, with the scope
        /// `user-read-email`.
        email: Option<String>,
        /// The subscription. Current user only, with the scope `user-read-private`.
        product: Option<Product>,
        /// What the account does with explicit content. Current user only, with the scope
        /// `user-read-private`.
        explicit_content: Option<ExplicitContent>,
    }

    /// What an account does with explicit content.
    ExplicitContent {
        /// Whether it is not to be played.
        filter_enabled: bool,
        /// Whether the user cannot change that.
        filter_locked: bool,
    }
}

api_enum! {
    /// A user's subscription.
    open Product {
        /// Spotify Premium.
        Premium = "premium",
        /// Spotify Free.
        Free = "free",
        /// The same as `free`.
        Open = "open",
    }
}
