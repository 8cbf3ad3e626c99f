//! Audiobooks and their chapters.

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::common::{Copyright, DatePrecision, Image, ReleaseDate, Restriction, ResumePoint};
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
        /// Who wrote it.
        authors: Vec<Author>,
        /// Who reads it.
        narrators: Vec<Narrator>,
        /// Who publishes it.
        publisher: Option<String>; extended,
        /// What it is about, as plain text.
        description: String,
        /// What it is about, with HTML tags.
        html_description: Option<String>,
        /// The edition, such as `Unabridged`.
        edition: Option<String>,
        /// How many chapters it has, where that is known.
        total_chapters: Option<u32>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as words or ISO 639 codes.
        languages: Vec<String>,
        /// `audio` in all answers seen.
        media_type: Option<String>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Where it can be played.
        available_markets: Option<MarketSet>; extended,
        /// Whether it is hosted outside Spotify; sent at times.
        is_externally_hosted: Option<bool>,
        /// Whether it can be played in the market that was asked for; sent at times.
        is_playable: Option<bool>,
    }

    /// An audiobook as lists name it, without its chapters.
    SimplifiedAudiobook {}

    /// An audiobook, whole, with the first page of its chapters.
    Audiobook {
        /// The first page of the chapters.
        chapters: Option<Page<SimplifiedChapter>>,
    }
}

related_objects! {
    [ChapterId] {
        /// The name.
        name: String,
        /// Its place in the audiobook, as Spotify numbers chapters.
        chapter_number: u32,
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
        /// Whether it can be played in the market that was asked for, where Spotify says so.
        is_playable: Option<bool>,
        /// Whether it is hosted outside Spotify; sent at times.
        is_externally_hosted: Option<bool>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// A preview of 30 seconds. Only for apps that had extended access before 27 November 2024.
        audio_preview_url: Option<String>,
        /// Where it can be played.
        available_markets: Option<MarketSet>; extended,
        /// Why it cannot be played; none if it can.
        restrictions: Option<Restriction> = "restrictions" | "restriction",
    }

    /// A chapter as its audiobook lists it.
    ///
    /// Its `uri()` is that of an episode, `spotify:episode:…`. Its `kind()` is `chapter`, although Spotify documents
    /// `episode`. In playlists and players it is an [`Item::Episode`](crate::model::Item::Episode).
    SimplifiedChapter {}

    /// A chapter of an audiobook, whole, with the audiobook it belongs to.
    ///
    /// Its `uri()` is that of an episode, `spotify:episode:…`. Its `kind()` is `chapter`, although Spotify documents
    /// `episode`. In playlists and players it is an [`Item::Episode`](crate::model::Item::Episode).
    Chapter {
        /// The audiobook it belongs to.
        audiobook: Option<SimplifiedAudiobook>,
    }
}

object! {
    /// Who wrote an audiobook.
    Author {
        /// The name.
        name: String,
    }

    /// Who reads an audiobook.
    Narrator {
        /// The name.
        name: String,
    }
}

/// An audiobook in a user's library.
///
/// Spotify sends the audiobook itself, or wraps it as it does all other saved things: both are read.
/// Written back it is wrapped if it says when it was saved, and otherwise the audiobook itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SavedAudiobook {
    /// When it was saved, if Spotify says so.
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
