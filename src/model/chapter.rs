//! Chapters of audiobooks.
//!
//! Spotify calls them episodes in `type`, and in their URIs and addresses for people.

use super::common::{DatePrecision, Image, ReleaseDate, Restriction, ResumePoint};
use super::simplified::SimplifiedAudiobook;
use crate::json::object::object;
use crate::types::id::ChapterId;
use crate::types::market::MarketSet;

object! {
    /// A chapter of an audiobook, whole, with the audiobook it belongs to.
    ///
    /// Spotify names it an episode: its `kind()` is `episode`, its `uri()` `spotify:episode:…`.
    Chapter[ChapterId] {
        /// The name.
        name: Box<str>,
        /// The audiobook it belongs to.
        audiobook: Option<SimplifiedAudiobook>,
        /// Its place in the audiobook, as Spotify numbers chapters.
        chapter_number: u32,
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
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// Whether it is hosted outside Spotify; sent at times.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        audio_preview_url: Option<Box<str>>,
        /// Where it can be played. Not for apps in development mode.
        available_markets: Option<MarketSet>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction>,
    }
}
