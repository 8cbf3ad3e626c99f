//! Recommendations.

use super::track::Track;
use crate::json::object::object;
use crate::types::enums::api_enum;

object! {
    /// Tracks that Spotify recommends, and what they were chosen by.
    Recommendations {
        /// What the tracks were chosen by.
        seeds: Vec<RecommendationSeed>,
        /// The tracks.
        tracks: Vec<Track>,
    }

    /// An artist, track or genre by which tracks were chosen.
    RecommendationSeed {
        /// The id of the artist or track, or the name of the genre.
        id: String,
        /// What it is.
        kind: Option<SeedType> = "type",
        /// The address of the artist or track in the Web API; none for a genre.
        href: Option<String>,
        /// How many tracks there were to choose from.
        initial_pool_size: Option<u32> = "initialPoolSize",
        /// How many were left by the minima and maxima that were asked for.
        after_filtering_size: Option<u32> = "afterFilteringSize",
        /// How many of those were left that can be played in the market.
        after_relinking_size: Option<u32> = "afterRelinkingSize",
    }
}

api_enum! {
    /// What tracks were chosen by.
    open SeedType {
        /// An artist.
        Artist = "ARTIST",
        /// A track.
        Track = "TRACK",
        /// A genre.
        Genre = "GENRE",
    }
}
