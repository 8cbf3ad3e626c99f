//! Shortens the lists of markets in a body before decoding.
//!
//! They are two thirds of a page of tracks. Reading them string by string would take most of the time for the page.

use std::fmt::{self, Formatter};
use std::sync::LazyLock;

use memchr::memmem::Finder;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::buffers;
use super::error::without_place;
use super::field::FieldSeed;
use super::keys::Key;
use super::scalar::Scalar;
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
    let (mut copied, mut is_short) = (0, false);
    for found in SEARCH.find_iter(bytes) {
        let begin = found + KEY.len();
        if short.is_empty() {
            short = buffers::acquire();
            short.reserve(json.len() / 2);
        }
        short.extend_from_slice(bytes.get(copied..begin)?);
        copied = begin;
        let length = short.len();
        match add_codes(bytes.get(begin..)?, &mut short) {
            Some(end) => {
                copied += end;
                is_short = true;
            }
            None => short.truncate(length),
        }
    }
    if !is_short {
        buffers::release(short);
        return None;
    }
    short.extend_from_slice(bytes.get(copied..)?);
    String::from_utf8(short).ok()
}

/// Appends the codes of the list that begins here as one text, and returns the length of the list; `None` as for
/// [`each_code`].
fn add_codes(json: &[u8], short: &mut Vec<u8>) -> Option<usize> {
    short.push(b'"');
    let length = each_code(json, |code| short.extend_from_slice(&code))?;
    short.push(b'"');
    Some(length)
}

/// Calls a function with each code of the list that begins here, and returns the length of the list; `None` if an element
/// isn't a pair of capital letters, or spaces are between the elements.
///
/// It reads no further than that, so a body with many other lists takes no longer.
#[inline]
fn each_code(json: &[u8], mut add: impl FnMut([u8; 2])) -> Option<usize> {
    let entries = json.strip_prefix(b"[")?;
    if entries.first() == Some(&b']') {
        return Some(2);
    }
    let mut length = 1;
    for entry in entries.as_chunks::<5>().0 {
        let [b'"', a @ b'A'..=b'Z', b @ b'A'..=b'Z', b'"', mark @ (b',' | b']')] = entry else {
            return None;
        };
        add([*a, *b]);
        length += 5;
        if *mark == b']' {
            return Some(length);
        }
    }
    None
}

/// The name by which serde_json hands out the JSON of a value. Without it, a list is read element by element, and a program
/// that decodes a page in extended quota mode with serde_json itself needs half as many instructions more.
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
            Some(Key(key)) if key == RAW => {
                let json: Scalar<'_> = map.next_value()?;
                from_json(&json.text().unwrap_or_default()).map_err(A::Error::custom)
            }
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
    if each_code(json.as_bytes(), add) == Some(json.len()) {
        return Ok(set);
    }
    let mut json = serde_json::Deserializer::from_str(json);
    json.deserialize_any(SetVisitor).map_err(|error: serde_json::Error| {
        // The place in the list is not the one in the whole JSON, which serde_json adds.
        without_place(&error)
    })
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

    /// If each list were searched for its end, or copied what precedes it again, this would take minutes.
    #[test]
    fn lists_that_cannot_be_shortened_are_read_once() {
        let lists = r#"{"available_markets":["fi"#.repeat(600_000);
        assert_eq!(shortened(&format!("{lists}]")), None);
    }
}
