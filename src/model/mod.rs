//! The objects in Spotify's responses.
//!
//! A field that Spotify may omit is an `Option`. Text, numbers and lists that every object has are empty or 0 if they are
//! missing; counts, such as `total_tracks`, are `None`. The variant `Other` of an enum keeps an unknown value. Unknown
//! fields are ignored. A nested object without its id, or another value in its place, is `None`. The guide lists the
//! [fields that are missing in development mode](crate::guide::apps#missing-fields).
//!
//! The addresses of an object are methods: `href()`, `uri()` and `external_url()`. A model stores an address only if it
//! differs from the one that follows from the id.
//!
//! A model serializes to the JSON that it was read from, with these exceptions:
//!
//! - Null fields may be omitted, except `href`, `uri`, `external_urls` and `type` of an object with an id.
//! - Text, numbers and lists that every object has are written even if they were missing.
//! - Known values of enums are written in Spotify's spelling, markets in the order of their codes, and the URI of a context
//!   in Spotify's current format.
//! - An object that Spotify sends in two formats is written in the current one.
//! - Null elements of lists and unknown fields are not written.
//!
//! ```
//! use tonearm::model::Album;
//!
//! let album: Album = serde_json::from_str(
//!     r#"{
//!         "id": "382ObEPsp2rxGrnsizN5TX", "type": "album", "name": "TRON",
//!         "album_type": "album", "release_date": "2010-12",
//!         "uri": "spotify:album:382ObEPsp2rxGrnsizN5TX"
//!     }"#,
//! )?;
//! assert_eq!(album.uri().to_string(), "spotify:album:382ObEPsp2rxGrnsizN5TX");
//! assert_eq!(album.release_date.and_then(|date| date.month()), Some(12));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Models in tests
//!
//! A test of your program can build a model with `new`, from its id, or with `Default`, if all fields may be missing:
//!
//! ```
//! use tonearm::AlbumId;
//! use tonearm::model::{Album, SimplifiedArtist};
//!
//! let mut artist = SimplifiedArtist::default();
//! artist.name = "Daft Punk".to_owned();
//! let mut album = Album::new("382ObEPsp2rxGrnsizN5TX".parse::<AlbumId>()?);
//! album.artists.push(artist);
//! assert_eq!(album.artist_names(), "Daft Punk");
//! # Ok::<(), tonearm::InvalidId>(())
//! ```

mod album;
mod artist;
mod audio;
mod audiobook;
mod category;
mod common;
mod item;
mod player;
mod playlist;
mod recommendations;
mod search;
mod show;
mod simplified;
mod track;
mod user;

pub use album::*;
pub use artist::*;
pub use audio::*;
pub use audiobook::*;
pub use category::*;
pub use common::*;
pub use item::*;
pub use player::*;
pub use playlist::*;
pub use recommendations::*;
pub use search::*;
pub use show::*;
pub use simplified::*;
pub use track::*;
pub use user::*;

/// Every model and its fields, for programs and tests that compare responses with the models. Not part of the public API.
#[doc(hidden)]
pub mod shape {
    use std::fmt::Debug;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    pub use crate::json::shape::{Absence, Field, Model, Shape};

    use super::*;
    use crate::json::shape::Listed;

    macro_rules! models {
        ($($model:ident)*) => {
            /// In the order of their names.
            pub static MODELS: &[&Model] = &[$(listed::<$model>()),*];
        };
    }

    models! {
        Actions Album AnalysisMeta AnalysisTrack Artist ArtistAlbum AudioAnalysis AudioFeatures Audiobook Author Category
        Chapter Context Copyright CurrentlyPlaying Device Disallows Episode ExplicitContent ExternalIds ExternalUrls
        FeaturedPlaylists Followers Image LinkedTrack Narrator PlayHistory Playback Playlist PlaylistItem
        PlaylistItemsRef PlaylistOwner PlaylistUser Queue RecommendationSeed Recommendations Restriction ResumePoint
        SavedAlbum SavedAudiobook SavedEpisode SavedShow SavedTrack SearchResults Section Segment Show SimplifiedAlbum
        SimplifiedArtist SimplifiedAudiobook SimplifiedChapter SimplifiedEpisode SimplifiedPlaylist SimplifiedShow
        SimplifiedTrack Snapshot TimeInterval Track UnknownItem User VideoThumbnail
    }

    /// The list of a model, which promises the traits that every model has.
    const fn listed<T>() -> &'static Model
    where
        T: Listed + Clone + Debug + PartialEq + DeserializeOwned + Serialize + Send + Sync,
    {
        T::MODEL
    }

    /// The model with a name.
    pub fn model(name: &str) -> Option<&'static Model> {
        MODELS.iter().copied().find(|model| model.name == name)
    }
}
