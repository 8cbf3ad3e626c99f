//! Keeps secrets, and values that belong to people, out of the report.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A shorter value may be a common word: it counts only as a whole text, or as a part of a URI or an address.
const LONG: usize = 8;

/// Secrets and personal values that were seen, and what each is.
#[derive(Default)]
pub struct Private {
    values: BTreeMap<String, &'static str>,
    /// The names of works and artists, which a playlist may share.
    public: BTreeSet<String>,
}

impl Private {
    /// Takes a token.
    pub fn secret(&mut self, token: &str) {
        self.add("a token", token);
    }

    /// Takes a text that everybody may read.
    pub fn public(&mut self, text: &str) {
        self.public.insert(text.to_lowercase());
    }

    /// Takes the personal values in a response.
    pub fn take(&mut self, json: &Value) {
        match json {
            Value::Array(list) => list.iter().for_each(|element| self.take(element)),
            Value::Object(fields) => {
                let text = |key: &str| json[key].as_str().unwrap_or_default();
                let is_spotify =
                    |user: &Value| user["id"] == "spotify" || user["display_name"] == "Spotify";
                match text("type") {
                    "user" if !is_spotify(json) => {
                        self.add("the id of a user", text("id"));
                        self.add("the name of a user", text("display_name"));
                        self.add("an email address", text("email"));
                        self.add("the id of an account", text("account_id"));
                    }
                    "playlist" => {
                        self.add("the id of a playlist", text("id"));
                        if !is_spotify(&json["owner"]) {
                            self.add("the name of a playlist", text("name"));
                        }
                    }
                    // The `type` of a device does not identify it as one.
                    _ if fields.contains_key("is_private_session") => {
                        self.add("the id of a device", text("id"));
                        self.add("the name of a device", text("name"));
                    }
                    _ => {
                        self.public.insert(text("name").to_lowercase());
                    }
                }
                fields.values().for_each(|value| self.take(value));
            }
            _ => {}
        }
    }

    fn add(&mut self, what: &'static str, value: &str) {
        if value.trim().len() > 1 {
            self.values.entry(value.to_owned()).or_insert(what);
        }
    }

    /// A text of the report without these values.
    pub fn hide(&self, text: &str) -> String {
        let is_hidden =
            |value: &&String| value.len() >= LONG && !self.public.contains(&value.to_lowercase());
        let values = self.values.keys().filter(is_hidden);
        values.fold(text.to_owned(), |text, value| text.replace(value.as_str(), "…"))
    }

    /// Returns the kind of the first private value that a text contains, never the value itself.
    pub fn find(&self, text: &str) -> Option<&'static str> {
        let text = text.to_lowercase();
        let is_in = |(value, what): &(&String, &&'static str)| {
            let value = value.to_lowercase();
            // As the text of a JSON string.
            let escaped = Value::from(&*value).to_string();
            let escaped = escaped.trim_matches('"');
            if self.public.contains(&value) && **what == "the name of a playlist" {
                return false;
            }
            if escaped.len() >= LONG {
                return memchr::memmem::find(text.as_bytes(), escaped.as_bytes()).is_some();
            }
            let is_edge = |c: Option<char>| c.is_none_or(|c| "\":/?&=,".contains(c));
            text.match_indices(escaped).any(|(at, _)| {
                let (before, after) = (&text[..at], &text[at + escaped.len()..]);
                is_edge(before.chars().next_back()) && is_edge(after.chars().next())
            })
        };
        self.values.iter().find(is_in).map(|(_, what)| *what)
    }
}
