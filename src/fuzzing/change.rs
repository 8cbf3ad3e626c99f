//! Changes JSON responses, as bytes select.

use serde_json::{Map, Value};

/// Bytes, each of which selects a change at one position of a response. After the last byte, the response is unchanged.
pub(super) struct Changes<'a>(pub(super) &'a [u8]);

/// Values that are invalid for most fields.
const ODD: &str = concat!(
    r#"null|true|false|0|1|-1|4.9E7|-0.0|0.1|1e300|5e-324|123456789.123456789123456789|"#,
    r#"4294967296|18446744073709551615|99999999999999999999|""|" 7 "|"0000"|"NaN"|"1e999"|"#,
    r#""a b:c/d%"|"\ud83c\udfb5\u0000\n\u2028"|"spotify:local:::x:1"|"spotify:episode:"|"#,
    r#""https://open.spotify.com/"|[]|[null,7,[]]|{}|{"spotify":null,"total":{"total":2}}|"#,
    r#"{"items":[null,{}],"total":-1,"id":"","type":"episode","added_at":"2024-06-30T21:04:00Z"}"#,
);
/// Keys by which models distinguish objects.
const KEYS: &str = "id|type|uri|href|external_urls|items|item|track|tracks|show|album|audiobook|added_at|disallows|\
                    is_local|next";

impl Changes<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Selects one of several texts separated by `|`.
    fn pick(&mut self, from: &'static str) -> &'static str {
        let index = usize::from(self.next().unwrap_or_default()) % from.split('|').count();
        from.split('|').nth(index).unwrap_or("null")
    }

    /// Writes a response as JSON, with changes.
    pub(super) fn write(&mut self, value: &Value, json: &mut String) {
        match (self.next(), value) {
            (Some(0), _) => json.push_str(self.pick(ODD)),
            (Some(1), Value::Number(number)) => json.push_str(&format!("\"{number}\"")),
            (Some(1), Value::String(text)) => self.text(text, json),
            (_, Value::Object(object)) => self.object(object, json),
            (_, Value::Array(list)) => {
                json.push('[');
                for (index, value) in list.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    self.write(value, json);
                }
                json.push(']');
            }
            (_, plain) => json.push_str(&plain.to_string()),
        }
    }

    fn object(&mut self, object: &Map<String, Value>, json: &mut String) {
        let mut mark = '{';
        for (key, value) in object {
            let decision = self.next();
            // The field is omitted.
            if decision == Some(0) {
                continue;
            }
            json.push(mark);
            mark = ',';
            match decision {
                // The field has another name.
                Some(1) => json.push_str(&format!("{:?}", self.pick(KEYS))),
                // The field occurs twice, first with another value.
                Some(2) => json.push_str(&format!("{key:?}:{},{key:?}", self.pick(ODD))),
                // Another field precedes it.
                Some(3) => {
                    let other = self.pick(KEYS);
                    json.push_str(&format!("{other:?}:{},{key:?}", self.pick(ODD)));
                }
                _ => json.push_str(&format!("{key:?}")),
            }
            json.push(':');
            self.write(value, json);
        }
        json.push_str(if mark == '{' { "{}" } else { "}" });
    }

    /// Writes text with an inserted character.
    fn text(&mut self, text: &str, json: &mut String) {
        let index = usize::from(self.next().unwrap_or_default());
        let (start, end) = text.split_at_checked(index).unwrap_or((text, ""));
        let new = char::from(self.next().unwrap_or_default());
        json.push_str(&Value::from(format!("{start}{new}{end}")).to_string());
    }
}
