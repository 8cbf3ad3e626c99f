//! Audiobooks and their chapters.

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::common::{
    Copyright, DatePrecision, Image, ReleaseDate, Restriction, ResumePoint, durations,
};
use crate::json::object::{Object, listed, object, object_impls, related_objects};
use crate::json::shape::field;
use crate::json::wrapper::read_wrapped;
use crate::page::Page;
use crate::types::id::{AudiobookId, ChapterId};
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

related_objects! {
    [AudiobookId] {
        /// The name.
        name: String,
        /// The authors.
        authors: Vec<Author>,
        /// The narrators.
        narrators: Vec<Narrator>,
        /// The publisher.
        publisher: Option<String>; extended,
        /// The description as plain text.
        description: String,
        /// The description with HTML tags.
        html_description: Option<String>,
        /// The edition, such as `Unabridged`.
        edition: Option<String>,
        /// The number of chapters, if Spotify sends it.
        total_chapters: Option<u32>,
        /// `true` if it has explicit content. Spotify also sends `false` if it doesn't know.
        explicit: bool,
        /// The languages, as names or as ISO 639 codes.
        languages: Vec<String>,
        /// The type of the media; so far `audio`.
        media_type: Option<String>,
        /// The cover in several sizes, widest first.
        images: Vec<Image>,
        /// The copyright statements.
        copyrights: Vec<Copyright>,
        /// The markets in which it can be played.
        available_markets: Option<MarketSet>; extended,
        /// `true` if it is hosted outside Spotify; often missing.
        is_externally_hosted: Option<bool>,
        /// `true` if it can be played in the market of the call; often missing.
        is_playable: Option<bool>,
    }

    /// An audiobook in a list, without its chapters.
    SimplifiedAudiobook {}

    /// An audiobook with the first page of its chapters.
    Audiobook {
        /// The first page of the chapters.
        chapters: Option<Page<SimplifiedChapter>>,
    }
}

related_objects! {
    [ChapterId] {
        /// The name.
        name: String,
        /// The number of the chapter in the audiobook, as Spotify counts.
        chapter_number: u32,
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
        /// `true` if it can be played in the market of the call, if Spotify sends it.
        is_playable: Option<bool>,
        /// `true` if it is hosted outside Spotify; often missing.
        is_externally_hosted: Option<bool>,
        /// The cover in several sizes, widest first.
        images: Vec<Image>,
        /// The URL of a preview of 30 seconds. Sent only to apps that had extended access before 27 November 2024.
        audio_preview_url: Option<String>,
        /// The markets in which it can be played.
        available_markets: Option<MarketSet>; extended,
        /// The reason why it cannot be played; `None` if it can.
        restrictions: Option<Box<Restriction>> = "restrictions" | "restriction",
    }

    /// A chapter in a list of the chapters of an audiobook.
    ///
    /// `uri()` returns the URI of an episode, `spotify:episode:…`. `kind()` returns `chapter`, although Spotify
    /// documents `episode`. In playlists and players a chapter is an [`Item::Episode`](crate::model::Item::Episode).
    SimplifiedChapter {}

    /// A chapter with the audiobook it belongs to.
    ///
    /// `uri()` returns the URI of an episode, `spotify:episode:…`. `kind()` returns `chapter`, although Spotify
    /// documents `episode`. In playlists and players a chapter is an [`Item::Episode`](crate::model::Item::Episode).
    Chapter {
        /// The audiobook it belongs to.
        audiobook: Option<SimplifiedAudiobook>,
    }
}

durations!(SimplifiedChapter, Chapter);

object! {
    /// The author of an audiobook.
    #[derive(Default)]
    Author {
        /// The name.
        name: String,
    }

    /// The narrator of an audiobook.
    #[derive(Default)]
    Narrator {
        /// The name.
        name: String,
    }
}

/// An audiobook in the library of a user.
///
/// Spotify sends the audiobook itself, or an object with `added_at` and `audiobook`; the model accepts both. It
/// serializes as the object if `added_at` is known, and as the audiobook otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SavedAudiobook {
    /// The time at which the user saved it, if Spotify sends it.
    pub added_at: Option<Timestamp>,
    /// The audiobook.
    pub audiobook: SimplifiedAudiobook,
}

impl Serialize for SavedAudiobook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(added_at) = &self.added_at else { return self.audiobook.serialize(serializer) };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("added_at", added_at)?;
        map.serialize_entry("audiobook", &self.audiobook)?;
        map.end()
    }
}

object_impls!(SavedAudiobook);

listed!(SavedAudiobook unwraps "audiobook" {
    field::<Option<Timestamp>>(&["added_at"]),
    field::<SimplifiedAudiobook>(&["audiobook"]),
});

impl<'de> Object<'de> for SavedAudiobook {
    const EXPECTED: &'static str = "an audiobook, or an object with `audiobook`";

    fn visit<A: MapAccess<'de>>(map: A) -> Result<SavedAudiobook, A::Error> {
        let (audiobook, added_at) = read_wrapped(map, "audiobook")?;
        Ok(SavedAudiobook { added_at, audiobook })
    }
}
