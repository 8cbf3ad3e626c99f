//! Shortens the lists of markets in a body before decoding.
//!
//! They are two thirds of a page of tracks. Reading them string by string would take most of the time for the page.

use std::fmt::{self, Formatter};

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Unexpected, Visitor};

use super::buffers;
use super::field::FieldSeed;
use crate::types::market::{Market, MarketSet};

/// Returns JSON in which lists of markets are short, `"available_markets":"FISE"` for `["FI","SE"]`; `None` if no list
/// can be shortened.
///
/// Only for the models of the crate, because only [`MarketSet`] reads a short list. Text cannot contain the key with its
/// quotation marks, which are escaped in text.
pub(crate) fn shortened(json: &str) -> Option<String> {
    const KEY: &[u8] = b"\"available_markets\":";
    let bytes = json.as_bytes();
    let mut short = Vec::new();
    let mut copied = 0;
    for found in memchr::memmem::find_iter(bytes, KEY) {
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
    let entries = list.strip_prefix(b"[")?.strip_suffix(b"]")?;
    short.push(b'"');
    let (most, last) = entries.as_chunks::<5>();
    for entry in most {
        let [b'"', a @ b'A'..=b'Z', b @ b'A'..=b'Z', b'"', b','] = entry else { return None };
        short.extend_from_slice(&[*a, *b]);
    }
    match last {
        [] if most.is_empty() => {}
        [b'"', a @ b'A'..=b'Z', b @ b'A'..=b'Z', b'"'] => short.extend_from_slice(&[*a, *b]),
        _ => return None,
    }
    short.push(b'"');
    Some(())
}

/// Reads a list, and skips elements other than two letters; or the text that `shortened` has made of a list.
impl<'de> Deserialize<'de> for MarketSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SetVisitor)
    }
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = MarketSet;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list of markets")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut markets: A) -> Result<MarketSet, A::Error> {
        let mut set = MarketSet::new();
        while let Some(market) = markets.next_element_seed(FieldSeed::<Option<Market>>::new())? {
            set.extend(market);
        }
        Ok(set)
    }

    fn visit_str<E: Error>(self, short: &str) -> Result<MarketSet, E> {
        let (codes, rest) = short.as_bytes().as_chunks::<2>();
        let set: Option<MarketSet> = codes.iter().map(|code| Market::from_letters(code)).collect();
        set.filter(|_| rest.is_empty())
            .ok_or_else(|| E::invalid_type(Unexpected::Str(short), &self))
    }
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
