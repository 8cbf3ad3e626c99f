//! The addresses of an object, `href`, `uri` and `external_urls`, and its `type`.
//!
//! A field is stored only if it differs from the value that follows from the object's id.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use percent_encoding::utf8_percent_encode;
use serde::Serializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;

use super::field::{HOLLOW, WITHOUT_ID};
use super::keys::KeySeed;
use super::scalar::ScalarVisitor;
use crate::types::id::{IdKind, SEGMENT, SpotifyUri};

/// The id of an object, required or optional.
pub(crate) trait MaybeId: Sized {
    type Kind: IdKind;
    /// The type of the object's URI, an `Option` if the id is one.
    type Uri;
    fn text(&self) -> Option<&str>;
    fn bytes(&self) -> Option<&[u8]>;
    /// Returns the URI that was sent; if none was, or one that does not parse, that of the id.
    fn uri(&self, sent: Option<&str>) -> Self::Uri;
    /// Converts the id that was read; `None` if a required id is missing.
    fn from_read(id: Option<Self::Kind>) -> Option<Self>;
}

impl<K: IdKind> MaybeId for K {
    type Kind = K;
    type Uri = SpotifyUri;

    fn text(&self) -> Option<&str> {
        Some(IdKind::text(self))
    }

    #[inline]
    fn bytes(&self) -> Option<&[u8]> {
        Some(IdKind::bytes(self))
    }

    fn uri(&self, sent: Option<&str>) -> SpotifyUri {
        uri_of(&Starts::of::<K>(), IdKind::text(self), sent)
    }

    fn from_read(id: Option<K>) -> Option<K> {
        id
    }
}

impl<K: IdKind> MaybeId for Option<K> {
    type Kind = K;
    type Uri = Option<SpotifyUri>;

    fn text(&self) -> Option<&str> {
        self.as_ref().map(IdKind::text)
    }

    #[inline]
    fn bytes(&self) -> Option<&[u8]> {
        self.as_ref().map(IdKind::bytes)
    }

    fn uri(&self, sent: Option<&str>) -> Option<SpotifyUri> {
        match self {
            Some(id) => Some(MaybeId::uri(id, sent)),
            None => sent.filter(|uri| !uri.is_empty()).map(SpotifyUri::from_response),
        }
    }

    fn from_read(id: Option<K>) -> Option<Self> {
        Some(id)
    }
}

fn uri_of(starts: &Starts, id: &str, sent: Option<&str>) -> SpotifyUri {
    let of_id = starts.canonical(Link::Uri, id);
    let parsed = sent.and_then(|uri| uri.parse().ok()).or_else(|| of_id.parse().ok());
    let malformed = || sent.filter(|uri| !uri.is_empty()).unwrap_or(&of_id);
    parsed.unwrap_or_else(|| SpotifyUri::from_response(malformed()))
}

/// Returns the id of an object, or the error for a missing one.
pub(crate) fn identified<I: MaybeId, E: Error>(
    id: Option<Option<I::Kind>>,
    seen: &Seen<'_>,
) -> Result<I, E> {
    let is_sent = id.is_some();
    match I::from_read(id.flatten()) {
        Some(id) => Ok(id),
        None => Err(missing_id(is_sent, <I::Kind as IdKind>::URI, seen)),
    }
}

fn missing_id<E: Error>(is_sent: bool, kind: &str, seen: &Seen<'_>) -> E {
    match seen.text(Link::Uri) {
        _ if !is_sent => E::missing_field("id"),
        None => E::custom(format_args!("expected the {kind}{HOLLOW}")),
        Some(_) => E::custom(format_args!("{WITHOUT_ID}{kind}, found none")),
    }
}

/// A field that follows from the id.
#[derive(Clone, Copy)]
pub(crate) enum Link {
    Href,
    Uri,
    Web,
    Type,
}

impl Link {
    const ALL: [Link; 4] = [Link::Href, Link::Uri, Link::Web, Link::Type];

    fn key(self) -> &'static str {
        match self {
            Link::Href => "href",
            Link::Uri => "uri",
            Link::Web => "external_urls",
            Link::Type => "type",
        }
    }
}

/// The four as they were sent. Nothing is stored if all of them follow from the id, as for nearly every object.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Links(Option<Box<Others>>);

/// The state of each of the four, in two bits each, and the values of those that are stored.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Others {
    states: u8,
    stored: Option<Box<[Option<Box<str>>; 4]>>,
}

const ABSENT: u8 = 0;
const NULL: u8 = 1;
const CANONICAL: u8 = 2;
const STORED: u8 = 3;

impl Links {
    fn state(&self, link: Link) -> u8 {
        self.0.as_ref().map_or(CANONICAL, |others| others.states >> (2 * link as u8) & 3)
    }

    fn stored(&self) -> Option<&[Option<Box<str>>; 4]> {
        self.0.as_ref()?.stored.as_deref()
    }

    /// Returns the link as it was sent. A canonical link is built from the id.
    pub(crate) fn get<I: MaybeId>(&self, link: Link, id: &I) -> Option<Cow<'_, str>> {
        self.get_of(&Starts::of::<I::Kind>(), link, id.text())
    }

    fn get_of(&self, starts: &Starts, link: Link, id: Option<&str>) -> Option<Cow<'_, str>> {
        match self.state(link) {
            CANONICAL => Some(Cow::Owned(starts.canonical(link, id?))),
            STORED => self.stored()?.get(link as usize)?.as_deref().map(Cow::Borrowed),
            _ => None,
        }
    }

    /// Returns the URI that was sent; if none was, or one that does not parse, that of the id.
    pub(crate) fn uri<I: MaybeId>(&self, id: &I) -> I::Uri {
        id.uri(self.get(Link::Uri, id).as_deref())
    }

    /// Returns whether the object has no id, and null as its URI.
    pub(crate) fn is_hollow<I: MaybeId>(&self, id: &I) -> bool {
        id.text().is_none() && self.state(Link::Uri) == NULL
    }

    /// Returns the four as they were sent, for an object of another kind.
    pub(crate) fn sent<I: MaybeId>(&self, id: &I) -> Seen<'_> {
        Seen(Link::ALL.map(|link| match self.state(link) {
            ABSENT => Sent::Nothing,
            NULL => Sent::Null,
            _ => self.get(link, id).map_or(Sent::Empty, Sent::Text),
        }))
    }

    /// Serializes the four as fields of an object.
    pub(crate) fn serialize<I: MaybeId, M: SerializeMap>(
        &self,
        id: &I,
        map: &mut M,
    ) -> Result<(), M::Error> {
        for link in [Link::Type, Link::Href, Link::Uri, Link::Web] {
            let value = self.get(link, id);
            match (self.state(link), link) {
                (ABSENT, _) => {}
                (CANONICAL | STORED, Link::Web) => map.serialize_entry(link.key(), &Web(value))?,
                _ => map.serialize_entry(link.key(), &value)?,
            }
        }
        Ok(())
    }
}

/// `{"spotify": "https://…"}`, or `{}`.
struct Web<'a>(Option<Cow<'a, str>>);

impl serde::Serialize for Web<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(url) = &self.0 {
            map.serialize_entry("spotify", url)?;
        }
        map.end()
    }
}

impl Debug for Links {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.stored() {
            Some(stored) => f.debug_set().entries(stored.iter().flatten()).finish(),
            None => f.write_str("canonical"),
        }
    }
}

/// The text of each canonical link before the id.
#[derive(Clone, Copy)]
struct Starts([&'static str; 4]);

impl Starts {
    const fn of<K: IdKind>() -> Self {
        Starts([K::HREF, K::URI_START, K::WEB, K::URI])
    }

    #[inline]
    fn start(&self, link: Link) -> &'static str {
        self.0.get(link as usize).copied().unwrap_or_default()
    }

    /// Returns the link that follows from an id.
    fn canonical(&self, link: Link, id: &str) -> String {
        let start = self.start(link);
        match link {
            Link::Type => start.to_owned(),
            Link::Uri => {
                let mut uri = String::with_capacity(40);
                uri.push_str(start);
                uri.extend(utf8_percent_encode(id, SEGMENT));
                uri
            }
            Link::Href | Link::Web => [start, id].concat(),
        }
    }

    /// Returns whether a link follows from the id, without building it.
    #[inline]
    fn is_canonical(&self, link: Link, found: &[u8], id: &[u8]) -> bool {
        let start = self.start(link).as_bytes();
        match link {
            Link::Type => found == start,
            // A URI with an escaped id is stored.
            Link::Uri => {
                is_joined(found, start, id)
                    && id.iter().fold(true, |all, byte| all & is_unreserved(*byte))
            }
            Link::Href | Link::Web => is_joined(found, start, id),
        }
    }
}

/// Returns whether a character isn't escaped in URIs.
#[inline]
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'_' | b'.' | b'~')
}

#[inline]
fn is_joined(found: &[u8], start: &[u8], end: &[u8]) -> bool {
    found.len() == start.len() + end.len() && found.starts_with(start) && found.ends_with(end)
}

/// The four as they were read, before the id of the object is known.
#[derive(Default)]
pub(crate) struct Seen<'de>([Sent<'de>; 4]);

#[derive(Default)]
enum Sent<'de> {
    #[default]
    Nothing,
    Null,
    /// An object without an address in it.
    Empty,
    Text(Cow<'de, str>),
}

impl<'de> Seen<'de> {
    /// Reads the value of one of the four.
    pub(crate) fn read<A: MapAccess<'de>>(
        &mut self,
        link: Link,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let is_object = matches!(link, Link::Web);
        match self.0.get_mut(link as usize) {
            Some(sent) => map.next_value_seed(LinkSeed { sent, is_object }),
            None => Ok(()),
        }
    }

    /// Returns the text of one of the four, if it was sent.
    pub(crate) fn text(&self, link: Link) -> Option<&str> {
        match self.0.get(link as usize) {
            Some(Sent::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the address in `external_urls`; the inner `None` if that object is empty.
    pub(crate) fn web(self) -> Option<Option<String>> {
        match self.0.into_iter().nth(Link::Web as usize)? {
            Sent::Nothing | Sent::Null => None,
            Sent::Empty => Some(None),
            Sent::Text(url) => Some(Some(url.into())),
        }
    }

    pub(crate) fn links<I: MaybeId>(mut self, id: &I) -> Links {
        self.links_of(const { &Starts::of::<I::Kind>() }, id.bytes())
    }

    fn links_of(&mut self, starts: &Starts, id: Option<&[u8]>) -> Links {
        let [href, uri, web, kind] = &self.0;
        let is_canonical = |link, sent: &Sent<'_>| match (sent, id) {
            (Sent::Text(found), Some(id)) => starts.is_canonical(link, found.as_bytes(), id),
            _ => false,
        };
        if is_canonical(Link::Href, href)
            && is_canonical(Link::Uri, uri)
            && is_canonical(Link::Web, web)
            && is_canonical(Link::Type, kind)
        {
            return Links(None);
        }
        let mut others = Box::<Others>::default();
        for (link, sent) in Link::ALL.into_iter().zip(&mut self.0) {
            let state = match std::mem::take(sent) {
                Sent::Nothing => ABSENT,
                Sent::Null => NULL,
                // The `{}` of local files needs no allocation.
                Sent::Empty => STORED,
                sent if is_canonical(link, &sent) => CANONICAL,
                Sent::Text(found) => {
                    if let Some(place) =
                        others.stored.get_or_insert_default().get_mut(link as usize)
                    {
                        *place = Some(found.into());
                    }
                    STORED
                }
            };
            others.states |= state << (2 * link as u8);
        }
        Links(Some(others))
    }
}

/// Reads text; or, with `is_object`, the text in `{"spotify": "https://…"}`.
struct LinkSeed<'s, 'de> {
    sent: &'s mut Sent<'de>,
    is_object: bool,
}

impl<'de> LinkSeed<'_, 'de> {
    #[inline]
    fn found<E>(self, text: impl FnOnce() -> Cow<'de, str>) -> Result<(), E> {
        *self.sent = if self.is_object { Sent::Null } else { Sent::Text(text()) };
        Ok(())
    }

    fn null<E>(self) -> Result<(), E> {
        *self.sent = Sent::Null;
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for LinkSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LinkSeed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_object { "an object with `spotify`" } else { "text" })
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.null()
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.null()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.null()
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.null()
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.found(|| number.to_string().into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.found(|| number.to_string().into())
    }

    #[inline]
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.found(|| Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.found(|| text.to_owned().into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        IgnoredAny.visit_seq(seq)?;
        self.null()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if !self.is_object {
            *self.sent = ScalarVisitor.visit_map(map)?.text().map_or(Sent::Null, Sent::Text);
            return Ok(());
        }
        *self.sent = Sent::Empty;
        while let Some(index) = map.next_key_seed(KeySeed { texts: &["spotify"], next: 0 })? {
            match index {
                0 => map.next_value_seed(LinkSeed { sent: &mut *self.sent, is_object: false })?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if let Sent::Null = self.sent {
            *self.sent = Sent::Empty;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::id::UserId;

    #[test]
    fn only_uris_that_follow_from_the_id_are_canonical() {
        let starts = Starts::of::<UserId>();
        for (uri, id, expected) in [
            ("spotify:user:ada", "ada", true),
            ("spotify:user:a.d_a-~1", "a.d_a-~1", true),
            ("spotify:user:ada", "bob", false),
            ("spotify:user:adaada", "ada", false),
            ("spotify:artist:ada", "ada", false),
            // The URI of this id is `spotify:user:a%20b`.
            ("spotify:user:a b", "a b", false),
            ("spotify:user:a%20b", "a b", false),
            ("spotify:user:é", "é", false),
        ] {
            let found = starts.is_canonical(Link::Uri, uri.as_bytes(), id.as_bytes());
            assert_eq!(found, expected, "{uri}");
            if found {
                assert_eq!(starts.canonical(Link::Uri, id), uri);
            }
        }
    }
}
