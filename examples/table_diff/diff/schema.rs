//! Schemas of parameters and of fields in a body.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A schema, merged with its references and with the schemas in `allOf`.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The values of `type`. Empty if the document has none.
    pub types: BTreeSet<String>,
    pub values: Vec<String>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub default: Option<String>,
    pub max_items: Option<u64>,
    /// Title and descriptions, in which Spotify documents limits and defaults without a key.
    pub text: String,
    pub items: Option<Box<Schema>>,
    pub fields: BTreeMap<String, Schema>,
    pub required: BTreeSet<String>,
}

impl Schema {
    /// Describes the type: `array of string`.
    pub fn kind(&self) -> Option<String> {
        if self.types.is_empty() {
            return None;
        }
        let mut kind = self.types.iter().map(String::as_str).collect::<Vec<_>>().join(" or ");
        if let Some(items) = self.items.as_ref().and_then(|items| items.kind())
            && self.types.contains("array")
        {
            kind = format!("{kind} of {items}");
        }
        Some(kind)
    }

    /// Returns the values of `enum`, or those of a list's elements.
    pub fn all_values(&self) -> &[String] {
        match &self.items {
            Some(items) if self.values.is_empty() => &items.values,
            _ => &self.values,
        }
    }

    /// Returns the maximum number of ids in a request, from `maxItems` or from the text.
    pub fn max_ids(&self) -> Option<u64> {
        self.max_items.or_else(|| most_in(&self.text))
    }

    /// Returns whether the text contains this default value, as in "Defaults to `true`" or "Default: 20".
    pub fn names_default(&self, value: &str) -> bool {
        let inside = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
        let words: Vec<&str> =
            self.text.split(|char| !inside(char)).filter(|word| !word.is_empty()).collect();
        let is_default = |word: &str| {
            ["default", "defaults"].iter().any(|known| word.eq_ignore_ascii_case(known))
        };
        words.iter().enumerate().any(|(at, word)| {
            is_default(word) && words.iter().skip(at + 1).take(3).any(|word| *word == value)
        })
    }

    /// Returns whether the text contains a word.
    pub fn names(&self, word: &str) -> bool {
        let inside = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
        self.text.split(|char| !inside(char)).any(|found| found == word)
    }
}

/// Finds the maximum number of elements in the text of a list: "Maximum: 50 IDs", "A maximum of 100 items", "Maximum:
/// 50.". It ignores a maximum of something else, such as characters.
fn most_in(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    text.match_indices("maximum").find_map(|(at, word)| {
        let rest = text[at + word.len()..].trim_start_matches(':').trim_start();
        let rest = rest.strip_prefix("of ").unwrap_or(rest).trim_start();
        let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        let (number, rest) = rest.split_at(end);
        let what = rest.trim_start().split(|char: char| !char.is_alphabetic()).next();
        let counted = ["", "id", "ids", "uri", "uris", "item", "items", "object", "objects"];
        what.is_some_and(|what| counted.contains(&what)).then(|| number.parse().ok()).flatten()
    })
}

/// Converts a scalar to text. An integer such as `1.0` becomes `1`.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                format!("{float:.0}")
            }
            _ => number.to_string(),
        },
        Value::Array(items) if !items.iter().any(|item| item.is_array() || item.is_object()) => {
            items.iter().map(plain).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}
