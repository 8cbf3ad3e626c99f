//! Audiobooks.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::common::{Copyright, Image};
use super::field::{Key, Member};
use super::object::{Object, object};
use crate::id::AudiobookId;
use crate::market::MarketSet;
use crate::time::Timestamp;

object! {
    /// An audiobook as lists name it, without its chapters.
    SimplifiedAudiobook[AudiobookId] {
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

object! {
    /// Who wrote an audiobook.
    Author {
        /// The name.
        name: Box<str>,
    }
}

object! {
    /// Who reads an audiobook.
    Narrator {
        /// The name.
        name: Box<str>,
    }
}

/// An audiobook in a user's library.
///
/// Spotify sends the audiobook itself, or wraps it as it does all other saved things: both are read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SavedAudiobook {
    /// When it was saved, if Spotify says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
    /// The audiobook.
    pub audiobook: SimplifiedAudiobook,
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

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SavedAudiobook, A::Error> {
        let (mut added_at, mut audiobook) = (None, None);
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "added_at" => added_at = map.next_value_seed(Member::new())?,
                "audiobook" => audiobook = Some(map.next_value()?),
                // The members of the audiobook itself begin here.
                _ if audiobook.is_none() => {
                    let audiobook =
                        SimplifiedAudiobook::visit(From { first: Some(key), rest: map })?;
                    return Ok(SavedAudiobook { added_at, audiobook });
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let audiobook = audiobook.ok_or_else(|| serde::de::Error::missing_field("audiobook"))?;
        Ok(SavedAudiobook { added_at, audiobook })
    }
}

/// The members of an object from one whose key was taken already.
struct From<'de, A> {
    first: Option<Cow<'de, str>>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for From<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => seed.deserialize(CowStrDeserializer::new(key)).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}
