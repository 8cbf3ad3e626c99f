//! Shows, that is, podcasts.

use super::common::{Copyright, Image};
use super::simplified::{SimplifiedEpisode, SimplifiedShow};
use crate::json::object::object;
use crate::page::Page;
use crate::types::id::ShowId;
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

object! {
    /// A show, whole, with the first page of its episodes.
    Show[ShowId] {
        /// The name.
        name: Box<str>,
        /// Who publishes it. Not for apps in development mode.
        publisher: Option<Box<str>>,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// How many episodes it has.
        total_episodes: u32,
        /// The first page of the episodes.
        episodes: Option<Page<SimplifiedEpisode>>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as ISO 639 codes.
        languages: Vec<Box<str>>,
        /// `audio`, `video` or `mixed`.
        media_type: Option<Box<str>>,
        /// Whether all episodes are hosted outside Spotify, where that is known.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Where it can be played. Not for apps in development mode.
        available_markets: Option<MarketSet>,
    }
}

object! {
    /// A show in a user's library.
    SavedShow {
        /// When it was saved.
        added_at: Option<Timestamp>,
        /// The show.
        show: SimplifiedShow,
    }
}
