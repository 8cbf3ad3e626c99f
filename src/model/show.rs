//! Shows, that is, podcasts, and their episodes.

use super::common::{Copyright, DatePrecision, Image, ReleaseDate, Restriction, ResumePoint};
use crate::json::object::{object, related_objects};
use crate::page::Page;
use crate::types::id::{EpisodeId, ShowId};
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

related_objects! {
    [ShowId] {
        /// The name.
        name: String,
        /// Who publishes it.
        publisher: Option<String>; extended,
        /// What it is about, as plain text.
        description: String,
        /// What it is about, with HTML tags.
        html_description: Option<String>,
        /// How many episodes it has, where that is known.
        total_episodes: Option<u32>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as ISO 639 codes.
        languages: Vec<String>,
        /// `audio`, `video` or `mixed`.
        media_type: Option<String>,
        /// Whether all episodes are hosted outside Spotify, where that is known.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Where it can be played.
        available_markets: Option<MarketSet>; extended,
    }

    /// A show as episodes and lists name it, without its episodes.
    SimplifiedShow {}

    /// A show, whole, with the first page of its episodes.
    Show {
        /// The first page of the episodes.
        episodes: Option<Page<SimplifiedEpisode>>,
    }
}

related_objects! {
    [EpisodeId] {
        /// The name.
        name: String,
        /// What it is about, as plain text.
        description: String,
        /// What it is about, with HTML tags.
        html_description: Option<String>,
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
        languages: Vec<String>,
        /// The language it is in: what `languages` was before, and still sent at times.
        language: Option<String>,
        /// Whether it can be played in the market that was asked for; not sent at times.
        is_playable: Option<bool>,
        /// Whether it is hosted outside Spotify, where that is known.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        audio_preview_url: Option<String>,
        /// Where it can be played; sent at times.
        available_markets: Option<MarketSet>,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction> = "restrictions" | "restriction",
    }

    /// An episode as its show lists it.
    SimplifiedEpisode {}

    /// An episode, whole, with the show it belongs to.
    Episode {
        /// The show it belongs to; none in some answers about playlists and players.
        show: Option<SimplifiedShow>,
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

    /// An episode in a user's library.
    SavedEpisode {
        /// When it was saved.
        added_at: Option<Timestamp>,
        /// The episode.
        episode: Episode,
    }
}
