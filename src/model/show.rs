//! Shows (podcasts) and their episodes.

use super::common::{
    Copyright, DatePrecision, Image, ReleaseDate, Restriction, ResumePoint, durations,
};
use crate::json::object::{object, related_objects};
use crate::page::Page;
use crate::types::id::{EpisodeId, ShowId};
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

related_objects! {
    [ShowId] {
        /// The name.
        name: String,
        /// The publisher.
        publisher: Option<String>; extended,
        /// The description as plain text.
        description: String,
        /// The description with HTML tags.
        html_description: Option<String>,
        /// The number of episodes, if Spotify sends it.
        total_episodes: Option<u32>,
        /// `true` if it has explicit content. Spotify also sends `false` if it doesn't know.
        explicit: bool,
        /// The languages, as ISO 639 codes.
        languages: Vec<String>,
        /// The type of the media: `audio`, `video` or `mixed`.
        media_type: Option<String>,
        /// `true` if all episodes are hosted outside Spotify, if Spotify knows.
        is_externally_hosted: Option<bool>,
        /// The cover in several sizes, widest first.
        images: Vec<Image>,
        /// The copyright statements.
        copyrights: Vec<Copyright>,
        /// The markets in which it can be played.
        available_markets: Option<MarketSet>; extended,
    }

    /// A show in an episode or a list, without its episodes.
    SimplifiedShow {}

    /// A show with the first page of its episodes.
    Show {
        /// The first page of the episodes.
        episodes: Option<Page<SimplifiedEpisode>>,
    }
}

related_objects! {
    [EpisodeId] {
        /// The name.
        name: String,
        /// The description as plain text.
        description: String,
        /// The description with HTML tags.
        html_description: Option<String>,
        /// The duration in milliseconds.
        duration_ms: u64,
        /// The date of the release.
        release_date: Option<ReleaseDate>,
        /// The precision of `release_date`.
        release_date_precision: Option<DatePrecision>,
        /// The position at which the user stopped listening. Sent with the scope `user-read-playback-position`.
        resume_point: Option<ResumePoint>,
        /// `true` if it has explicit content. Spotify also sends `false` if it doesn't know.
        explicit: bool,
        /// The languages, as ISO 639-1 codes.
        languages: Vec<String>,
        /// The language. Spotify has replaced it by `languages`, but still sends it in some responses.
        language: Option<String>,
        /// `true` if it can be played in the market of the call, if Spotify sends it.
        is_playable: Option<bool>,
        /// `true` if it is hosted outside Spotify, if Spotify knows.
        is_externally_hosted: Option<bool>,
        /// The cover in several sizes, widest first.
        images: Vec<Image>,
        /// The URL of a preview of 30 seconds. Sent only to apps that had extended access before 27 November 2024.
        audio_preview_url: Option<String>,
        /// The markets in which it can be played; often missing.
        available_markets: Option<MarketSet>,
        /// The reason why it cannot be played; `None` if it can.
        restrictions: Option<Box<Restriction>> = "restrictions" | "restriction",
    }

    /// An episode in a list of the episodes of a show.
    SimplifiedEpisode {}

    /// An episode with the show it belongs to.
    Episode {
        /// The show; `None` in some responses about playlists and players.
        show: Option<SimplifiedShow>,
    }
}

durations!(SimplifiedEpisode, Episode);

object! {
    /// A show in the library of a user.
    SavedShow {
        /// The time at which the user saved it.
        added_at: Option<Timestamp>,
        /// The show.
        show: SimplifiedShow,
    }

    /// An episode in the library of a user.
    SavedEpisode {
        /// The time at which the user saved it.
        added_at: Option<Timestamp>,
        /// The episode.
        episode: Episode,
    }
}
