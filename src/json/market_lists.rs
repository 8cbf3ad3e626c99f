//! Shortens the lists of markets in a body before decoding.
//!
//! They are two thirds of a page of tracks. Reading them string by string would take most of the time for the page.

use std::fmt::{self, Formatter};
use std::sync::LazyLock;

use memchr::memmem::Finder;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::buffers;
use super::field::FieldSeed;
use super::keys::Key;
use crate::types::market::{Market, MarketSet};

/// Returns JSON in which lists of markets are short, `"available_markets":"FISE"` for `["FI","SE"]`; `None` if no list
/// can be shortened.
///
/// Only for the models of the crate, because only [`MarketSet`] reads a short list. Text cannot contain the key with its
/// quotation marks, which are escaped in text.
pub(crate) fn shortened(json: &str) -> Option<String> {
    const KEY: &[u8] = b"\"available_markets\":";
    // Preparing the search costs more than searching a short body.
    static SEARCH: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(KEY));
    let bytes = json.as_bytes();
    let mut short = Vec::new();
    let mut copied = 0;
    for found in SEARCH.find_iter(bytes) {
        let begin = found + KEY.len();
        let list = bytes.get(begin..)?;
        let end = memchr::memchr(b']', list)? + 1;
        if short.is_empty() {
            short = buffers::acquire();
            short.reserve(json.len() / 2);
        }
        let length = short.len();
        short.extend_from_slice(bytes.get(copied..begin)?);
        match add_codes(list.get(..end)?, &mut short) {
            Some(()) => copied = begin + end,
            None => short.truncate(length),
        }
    }
    short.extend_from_slice(bytes.get(copied..).filter(|_| copied > 0)?);
    String::from_utf8(short).ok()
}

/// Appends the codes of a list as one text, if all elements are pairs of capital letters without spaces between them.
fn add_codes(list: &[u8], short: &mut Vec<u8>) -> Option<()> {
    short.push(b'"');
    each_code(list, |code| short.extend_from_slice(&code))?;
    short.push(b'"');
    Some(())
}

/// Calls a function with each code of a list; `None` if an element isn't a pair of capital letters, or spaces are between
/// the elements.
#[inline]
fn each_code(list: &[u8], mut add: impl FnMut([u8; 2])) -> Option<()> {
    let entries = list.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let (most, last) = entries.as_chunks::<5>();
    for entry in most {
        let [b'"', a @ b'A'..=b'Z', b @ b'A'..=b'Z', b'"', b','] = entry else { return None };
        add([*a, *b]);
    }
    match last {
        [] if most.is_empty() => {}
        [b'"', a @ b'A'..=b'Z', b @ b'A'..=b'Z', b'"'] => add([*a, *b]),
        _ => return None,
    }
    Some(())
}

/// The name by which serde_json hands out the JSON of a value. Without it, a list is read element by element.
const RAW: &str = "$serde_json::private::RawValue";

/// Reads a list, and skips elements other than two letters; or the text that `shortened` has made of a list.
impl<'de> Deserialize<'de> for MarketSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, SetVisitor)
    }
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = MarketSet;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list of markets")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<MarketSet, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MarketSet, A::Error> {
        match map.next_key()? {
            Some(Key(key)) if key == RAW => map.next_value_seed(RawSeed),
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut markets: A) -> Result<MarketSet, A::Error> {
        let mut set = MarketSet::new();
        while let Some(market) = markets.next_element_seed(FieldSeed::<Option<Market>>::new())? {
            set.extend(market);
        }
        Ok(set)
    }

    fn visit_str<E: Error>(self, short: &str) -> Result<MarketSet, E> {
        from_codes(short.as_bytes()).ok_or_else(|| E::invalid_type(Unexpected::Str(short), &self))
    }
}

/// Reads a set from its JSON.
struct RawSeed;

impl<'de> DeserializeSeed<'de> for RawSeed {
    type Value = MarketSet;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<MarketSet, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for RawSeed {
    type Value = MarketSet;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: Error>(self, json: &str) -> Result<MarketSet, E> {
        from_json(json).map_err(E::custom)
    }
}

fn from_codes(short: &[u8]) -> Option<MarketSet> {
    let (codes, rest) = short.as_chunks::<2>();
    let set: Option<MarketSet> = codes.iter().map(|code| Market::from_letters(code)).collect();
    set.filter(|_| rest.is_empty())
}

fn from_json(json: &str) -> Result<MarketSet, String> {
    if let [b'"', short @ .., b'"'] = json.as_bytes()
        && let Some(set) = from_codes(short)
    {
        return Ok(set);
    }
    let mut set = MarketSet::new();
    let add = |code: [u8; 2]| set.extend(Market::from_letters(&code));
    if each_code(json.as_bytes(), add).is_some() {
        return Ok(set);
    }
    let mut json = serde_json::Deserializer::from_str(json);
    json.deserialize_any(SetVisitor).map_err(|error: serde_json::Error| {
        // The place in the list is not the one in the whole JSON, which serde_json adds.
        without_place(&error)
    })
}

/// Returns the message of an error without the place.
fn without_place(error: &serde_json::Error) -> String {
    let (mut text, place) =
        (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
    if text.ends_with(&place) {
        text.truncate(text.len() - place.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_valid_market_lists_are_shortened() {
        for (json, expected) in [
            (
                r#"{"available_markets":["FI","SE"],"a":1}"#,
                Some(r#"{"available_markets":"FISE","a":1}"#),
            ),
            (r#"{"available_markets":[]}"#, Some(r#"{"available_markets":""}"#)),
            (
                r#"[{"available_markets":["FI"]},{"available_markets":["FI", "SE"]},{"available_markets":["NO"]}]"#,
                Some(
                    r#"[{"available_markets":"FI"},{"available_markets":["FI", "SE"]},{"available_markets":"NO"}]"#,
                ),
            ),
            (r#"{"available_markets":null}"#, None),
            (r#"{"available_markets":["FI",null]}"#, None),
            (r#"{"available_markets":["FI",]}"#, None),
            (r#"{"available_markets":["fi"]}"#, None),
            (r#"{"available_markets":["FIN"]}"#, None),
            (r#"{"available_markets":["FI""SE"]}"#, None),
            (r#"{"available_markets":["FI","SE""#, None),
            (r#"{"name":"\"available_markets\":[\"FI\"]"}"#, None),
            (r#"{"markets":["FI"]}"#, None),
        ] {
            assert_eq!(shortened(json).as_deref(), expected, "{json}");
        }
    }
}
