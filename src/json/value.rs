//! A JSON value whose objects keep the order of their fields.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::types::small_text::SmallText;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    /// An integer above `i64::MAX`.
    Unsigned(u64),
    Number(f64),
    Text(SmallText),
    List(Vec<Value>),
    Object(Vec<(Cow<'static, str>, Value)>),
    Serialized(Serialized),
}

/// JSON that is serialized once and written many times, such as a list of 184 markets that each object of a page
/// contains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Serialized(pub(crate) &'static RawValue);

impl PartialEq for Serialized {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Value::Text(SmallText::new(text))
    }

    /// Parses JSON; `None` if the bytes are something else.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Value> {
        serde_json::from_slice(bytes).ok()
    }

    pub(crate) fn to_json(&self) -> String {
        // JSON is always UTF-8.
        String::from_utf8(self.to_bytes()).unwrap_or_default()
    }

    /// Returns the JSON as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(1024);
        self.write(&mut json);
        json
    }

    /// Writes the JSON, as [`serde_json`] does. This takes a third of the time in a debug build, where a call for one byte
    /// costs a quarter of one for a text.
    fn write(&self, json: &mut Vec<u8>) {
        match self {
            Value::Null => json.extend_from_slice(b"null"),
            Value::Boolean(true) => json.extend_from_slice(b"true"),
            Value::Boolean(false) => json.extend_from_slice(b"false"),
            Value::Text(text) => write_text(text.as_str(), json),
            Value::List(values) => {
                json.push(b'[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        json.push(b',');
                    }
                    value.write(json);
                }
                json.push(b']');
            }
            Value::Object(fields) => {
                json.push(b'{');
                for (index, (key, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        json.push(b',');
                    }
                    match key {
                        // The names in our code need no escapes.
                        Cow::Borrowed(name) => write_quoted(name, json),
                        Cow::Owned(name) => write_text(name, json),
                    }
                    json.push(b':');
                    value.write(json);
                }
                json.push(b'}');
            }
            Value::Serialized(Serialized(text)) => json.extend_from_slice(text.get().as_bytes()),
            Value::Integer(number) => json.extend_from_slice(number.to_string().as_bytes()),
            Value::Unsigned(number) => json.extend_from_slice(number.to_string().as_bytes()),
            // Every number can be written.
            Value::Number(number) => json.extend(serde_json::to_vec(number).unwrap_or_default()),
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The fields of an object; none of another value.
    pub(crate) fn fields(&self) -> &[(Cow<'static, str>, Value)] {
        match self {
            Value::Object(fields) => fields,
            _ => &[],
        }
    }

    /// A field of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.fields().iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// Adds fields to an object.
    pub(crate) fn with(mut self, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        if let Value::Object(fields) = &mut self {
            fields.extend(more.into_iter().map(|(key, value)| (key.into(), value)));
        }
        self
    }

    /// Removes the fields of an object that `keep` returns false for.
    pub(crate) fn retained(mut self, keep: impl Fn(&str) -> bool) -> Value {
        if let Value::Object(fields) = &mut self {
            fields.retain(|(key, _)| keep(key));
        }
        self
    }

    /// Returns whether the value contains no other value.
    pub(crate) fn is_leaf(&self) -> bool {
        match self {
            Value::List(values) => values.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => true,
        }
    }
}

fn write_text(text: &str, json: &mut Vec<u8>) {
    if needs_escape(text.as_bytes()) {
        // Every text can be written.
        json.extend(serde_json::to_vec(text).unwrap_or_default());
    } else {
        write_quoted(text, json);
    }
}

fn write_quoted(text: &str, json: &mut Vec<u8>) {
    json.push(b'"');
    json.extend_from_slice(text.as_bytes());
    json.push(b'"');
}

/// Returns whether JSON escapes one of the bytes: a control character, a quote or a backslash.
fn needs_escape(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    let is_escaped = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    // The high bit of some byte is set if a byte of the word is below another one.
    let below = |word: u64, end: u64| word.wrapping_sub(ONES * end) & !word & HIGHS != 0;
    let needs_escape = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        below(word, 0x20) || below(word ^ (ONES * 0x22), 1) || below(word ^ (ONES * 0x5c), 1)
    };
    // The last word overlaps the one before it.
    let Some(last) = bytes.last_chunk::<8>() else { return bytes.iter().any(is_escaped) };
    bytes.as_chunks::<8>().0.iter().any(needs_escape) || needs_escape(last)
}

/// An object with its fields in this order: `json_object! { "id": id, "total": 2_usize }`.
macro_rules! json_object {
    ($($key:literal: $value:expr),* $(,)?) => {
        $crate::json::value::Value::Object(vec![
            $((std::borrow::Cow::Borrowed($key), $crate::json::value::Value::from($value))),*
        ])
    };
}

pub(crate) use json_object;

macro_rules! value_from {
    ($($type:ty: |$value:ident| $into:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $into
            }
        }
    )*};
}

value_from! {
    bool: |boolean| Value::Boolean(boolean);
    i64: |number| Value::Integer(number);
    u64: |number| i64::try_from(number).map_or(Value::Unsigned(number), Value::Integer);
    usize: |number| u64::try_from(number).unwrap_or(u64::MAX).into();
    f64: |number| Value::Number(number);
    &str: |text| Value::text(text);
    String: |text| Value::text(&text);
    Vec<Value>: |values| Value::List(values);
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Value::List(values.into_iter().collect())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Unsigned(number) => serializer.serialize_u64(*number),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text.as_str()),
            Value::List(values) => serializer.collect_seq(values),
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Value::Serialized(json) => json.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

macro_rules! visits {
    ($($visit:ident: $type:ty),*) => {$(
        fn $visit<E>(self, value: $type) -> Result<Value, E> {
            Ok(value.into())
        }
    )*};
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    visits!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            fields.push((key.into(), value));
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_round_trips_with_order_and_numbers() {
        let json =
            r#"{"b":[1,-1,1.0,0.1,18446744073709551615,9007199254740993],"a":{"":null,"a":true}}"#;
        let value = Value::parse(json.as_bytes()).unwrap();
        assert_eq!(value.to_json(), json);
        assert_eq!(Value::parse(b"{} {}"), None);
    }

    #[test]
    fn text_is_written_as_by_serde_json() {
        for byte in 0..=0x7f_u8 {
            for text in [&[byte][..], &[&[b'a'; 11][..], &[byte]].concat(), &[byte; 8]] {
                let text = str::from_utf8(text).unwrap();
                let expected = serde_json::to_string(text).unwrap();
                assert_eq!(Value::text(text).to_json(), expected);
                let object = Value::Object(vec![(text.to_owned().into(), Value::Null)]);
                assert_eq!(object.to_json(), format!("{{{expected}:null}}"));
            }
        }
        for text in ["", "é ß \u{2028} 😀", "only some letters and a \u{1f}", "\u{7f}ÿÿÿÿÿÿÿÿ\""]
        {
            assert_eq!(Value::text(text).to_json(), serde_json::to_string(text).unwrap());
        }
    }

    #[test]
    fn fields_are_added_and_removed() {
        let object = json_object! { "a": 1_usize, "b": None::<String> };
        let object = object.with([("c", "d".into())]);
        assert_eq!(object.retained(|key| key != "b").to_json(), r#"{"a":1,"c":"d"}"#);
    }
}
