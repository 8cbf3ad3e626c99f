//! Audiobooks.

use std::fmt::{self, Formatter};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::common::{Copyright, Image};
use super::simplified::{Author, Narrator, SimplifiedAudiobook, SimplifiedChapter};
use crate::json::field::FieldSeed;
use crate::json::object::{Object, object};
use crate::json::wrapper::{Wrapper, Wrapping};
use crate::page::Page;
use crate::types::id::AudiobookId;
use crate::types::market::MarketSet;
use crate::types::timestamp::Timestamp;

object! {
    /// An audiobook, whole, with the first page of its chapters.
    Audiobook[AudiobookId] {
        /// The name.
        name: Box<str>,
        /// Who wrote it.
        authors: Vec<Author>,
        /// Who reads it.
        narrators: Vec<Narrator>,
        /// Who publishes it. Not for apps in development mode.
        publisher: Option<Box<str>>,
        /// What it is about, as plain text.
        description: Box<str>,
        /// What it is about, with HTML tags.
        html_description: Option<Box<str>>,
        /// The edition, such as `Unabridged`.
        edition: Option<Box<str>>,
        /// How many chapters it has.
        total_chapters: u32,
        /// The first page of the chapters.
        chapters: Option<Page<SimplifiedChapter>>,
        /// Whether it is explicit; `false` may mean that it is not known.
        explicit: bool,
        /// The languages it is in, as words or ISO 639 codes.
        languages: Vec<Box<str>>,
        /// `audio` in all answers seen.
        media_type: Option<Box<str>>,
        /// Covers, widest first.
        images: Vec<Image>,
        /// Copyright statements.
        copyrights: Vec<Copyright>,
        /// Where it can be played. Not for apps in development mode.
        available_markets: Option<MarketSet>,
        /// Whether it is hosted outside Spotify; sent at times.
        is_externally_hosted: Option<bool>,
        /// Whether it can be played in the market that was asked for; sent at times.
        is_playable: Option<bool>,
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

impl<'de> Deserialize<'de> for SavedAudiobook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SavedVisitor)
    }
}

struct SavedVisitor;

impl<'de> Visitor<'de> for SavedVisitor {
    type Value = SavedAudiobook;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("an audiobook, or an object with `audiobook`")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SavedAudiobook, A::Error> {
        let mut wrapper = Wrapper::new(map, Outer::default());
        let plain = SimplifiedAudiobook::visit(&mut wrapper);
        let is_read = wrapper.is_read();
        let Outer { added_at, wrapped } = wrapper.outer();
        let audiobook = match wrapped {
            // The wrapper itself is no audiobook, which is not what matters.
            Some(audiobook) if is_read => audiobook,
            _ => plain?,
        };
        Ok(SavedAudiobook { added_at, audiobook })
    }
}

/// What the wrapper has.
#[derive(Default)]
struct Outer {
    added_at: Option<Timestamp>,
    wrapped: Option<SimplifiedAudiobook>,
}

impl<'de> Wrapping<'de> for Outer {
    fn take<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "added_at" => self.added_at = map.next_value_seed(FieldSeed::new())?,
            "audiobook" => self.wrapped = map.next_value_seed(FieldSeed::new())?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn is_found(&self) -> bool {
        self.wrapped.is_some()
    }
}
