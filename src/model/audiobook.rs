//! Audiobooks.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

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
        let mut wrapper = Wrapper { map, added_at: None, wrapped: None, is_read: false };
        let plain = SimplifiedAudiobook::visit(&mut wrapper);
        let audiobook = match wrapper {
            // The wrapper itself is no audiobook, which is not what matters.
            Wrapper { wrapped: Some(audiobook), is_read: true, .. } => audiobook,
            _ => plain?,
        };
        Ok(SavedAudiobook { added_at: wrapper.added_at, audiobook })
    }
}

/// The members of an audiobook, or none of them if it is wrapped: those of the wrapper are kept here.
struct Wrapper<A> {
    map: A,
    added_at: Option<Timestamp>,
    wrapped: Option<SimplifiedAudiobook>,
    /// Whether all members were read, the last one without an error.
    is_read: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for &mut Wrapper<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(Key(key)) = self.map.next_key()? {
            match &*key {
                "added_at" => self.added_at = self.map.next_value_seed(Member::new())?,
                "audiobook" => self.wrapped = self.map.next_value_seed(Member::new())?,
                _ if self.wrapped.is_some() => drop(self.map.next_value::<IgnoredAny>()?),
                _ => {
                    return match key {
                        Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
                        Cow::Owned(key) => seed.deserialize(key.into_deserializer()),
                    }
                    .map(Some);
                }
            }
        }
        self.is_read = true;
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
