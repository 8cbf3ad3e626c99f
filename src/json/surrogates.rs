//! Replaces lone surrogates in JSON, such as `"\ud83d"`, which a server sends if it truncates text within a character.
//!
//! They are not valid Unicode, so serde_json would reject the whole body.

/// Returns JSON in which `\ufffd` replaces each lone surrogate; `None` if the JSON contains none.
///
/// The length stays the same, so errors have the same position.
pub(super) fn replaced(json: &[u8]) -> Option<Vec<u8>> {
    let mut fixed: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let start = at + found;
        at = match (half(json, start), half(json, start + 6)) {
            (Some(Half::First), Some(Half::Second)) => start + 12,
            (Some(_), _) => {
                let fixed = fixed.get_or_insert_with(|| json.to_vec());
                if let Some(escape) = fixed.get_mut(start..start + 6) {
                    escape.copy_from_slice(b"\\ufffd");
                }
                start + 6
            }
            // An escape of one character, such as `\\`.
            (None, _) => start + 2,
        };
    }
    fixed
}

enum Half {
    First,
    Second,
}

/// Returns which half of a surrogate pair the escape at this position is.
fn half(json: &[u8], start: usize) -> Option<Half> {
    let digits = json.get(start..start + 6)?.strip_prefix(b"\\u")?;
    let [b'd' | b'D', second, third, fourth] = digits else { return None };
    let is_hexadecimal = third.is_ascii_hexdigit() && fourth.is_ascii_hexdigit();
    match second.to_ascii_lowercase() {
        b'8'..=b'9' | b'a'..=b'b' if is_hexadecimal => Some(Half::First),
        b'c'..=b'f' if is_hexadecimal => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_replaced_and_whole_characters_are_not() {
        for (json, expected) in [
            (r#"["x\ud83d"]"#, Some(r#"["x\ufffd"]"#)),
            (r#"["\uDE00x", "\ud83d\ude00"]"#, Some(r#"["\ufffdx", "\ud83d\ude00"]"#)),
            (r#"["\ud83d\ud83d\ude00"]"#, Some(r#"["\ufffd\ud83d\ude00"]"#)),
            (r#"["\ud83d\u00e9"]"#, Some(r#"["\ufffd\u00e9"]"#)),
            (r#"{"\udc00": 1}"#, Some(r#"{"\ufffd": 1}"#)),
            (r#"["\ud83d\ude00 \\ud83d \u00e9 \" d83d"]"#, None),
            (r#"["\ud83"#, None),
            (r#"["\ud83x"]"#, None),
            ("\\", None),
            ("", None),
        ] {
            let fixed = replaced(json.as_bytes());
            let fixed = fixed.as_deref().map(|fixed| std::str::from_utf8(fixed).unwrap());
            assert_eq!(fixed, expected, "{json}");
        }
    }
}
