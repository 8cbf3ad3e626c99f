//! Lists of markets in a body, made short before it is decoded.

use super::buffers;

/// JSON in which lists of markets are short, `"available_markets":"FISE"` for `["FI","SE"]`; none if there are
/// none in it that can be.
///
/// They are two thirds of a page of tracks, and to read them string by string takes most of the time of the whole
/// page. Only for our own models: [`MarketSet`](crate::types::market::MarketSet) alone knows what is meant. The key with its quotation marks cannot
/// stand within a text, where they are escaped.
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
            // What is left of a page when its lists are short.
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

/// Adds the codes of a list as a text, if it is one of nothing but pairs of letters, as Spotify writes it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_made_short_and_nothing_else_is() {
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
