//! Recommendations.

use super::track::Track;
use crate::json::object::object;
use crate::types::enums::api_enum;

object! {
    /// Recommended tracks and their seeds.
    #[derive(Default)]
    Recommendations {
        /// The seeds, in the order of the call.
        seeds: Vec<RecommendationSeed>,
        /// The recommended tracks.
        tracks: Vec<Track>,
    }

    /// An artist, track or genre to which the recommended tracks are similar.
    #[derive(Default)]
    RecommendationSeed {
        /// The id of the artist or track, or the name of the genre.
        id: String,
        /// The type of the seed.
        kind: Option<SeedType> = "type",
        /// The address of the artist or track in the Web API; `None` for a genre.
        href: Option<String>,
        /// The number of tracks that Spotify found for the seed.
        initial_pool_size: Option<u32> = "initialPoolSize",
        /// The number of these tracks within the `min_…` and `max_…` values of the call.
        after_filtering_size: Option<u32> = "afterFilteringSize",
        /// The number of the remaining tracks that can be played in the market of the call.
        after_relinking_size: Option<u32> = "afterRelinkingSize",
    }
}

api_enum! {
    /// The type of a seed.
    open SeedType {
        /// An artist.
        Artist = "ARTIST",
        /// A track.
        Track = "TRACK",
        /// A genre.
        Genre = "GENRE",
    }
}
