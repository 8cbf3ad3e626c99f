//! Episodes of shows.

use super::common::{DatePrecision, Image, ReleaseDate, Restriction, ResumePoint};
use super::simplified::SimplifiedShow;
use crate::json::object::object;
use crate::types::id::EpisodeId;
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

object! {
    /// An episode, whole, with the show it belongs to.
    Episode[EpisodeId] {
        /// The name.
        name: Box<str>,
        /// The show it belongs to; none in some answers about playlists and players.
        show: Option<SimplifiedShow>,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// How long it is, in milliseconds.
        duration_ms: u64,
        /// When it was released.
        release_date: Option<ReleaseDate>,
        /// How much of the date is known.
        release_date_precision: Option<DatePrecision>,
        /// How far the user has listened. Only with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as ISO 639-1 codes.
        languages: Vec<Box<str>>,
        /// The language it is in: what `languages` was before, and still sent at times.
        language: Option<Box<str>>,
        /// Whether it can be played in the market that was asked for; not sent at times.
        is_playable: Option<bool>,
        /// Whether it is hosted outside Spotify, where that is known.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        audio_preview_url: Option<Box<str>>,
        /// Where it can be played; sent at times.
        available_markets: Option<MarketSet>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction>,
    }
}

object! {
    /// An episode in a user's library.
    SavedEpisode {
        /// When it was saved.
        added_at: Option<Timestamp>,
        /// The episode.
        episode: Episode,
    }
}
