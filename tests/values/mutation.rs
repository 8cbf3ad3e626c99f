//! Answers changed at random, as Spotify might change them.

use serde_json::{Map, Value};

use crate::support::Random;

/// What an object cannot do without: its id, of those that always have one; what a row in a library
/// wraps; and the rows of a page, since an answer without any is no page.
fn is_needed(object: &Map<String, Value>, key: &str) -> bool {
    match (key, object.get("type").and_then(Value::as_str)) {
        ("id", Some("album")) => {
            object.contains_key("tracks") || object.contains_key("album_group")
        }
        ("id", Some("artist" | "user")) => object.contains_key("images"),
        ("id", kind) => kind != Some("track"),
        ("items", _) => object.contains_key("limit"),
        ("album" | "track" | "show" | "episode" | "audiobook", _) => {
            object.contains_key("added_at") || object.contains_key("played_at")
        }
        ("playlists", _) => object.contains_key("message"),
        ("artists", _) => object.len() == 1,
        _ => false,
    }
}

/// Takes members away, makes them null, adds unknown ones and null entries, and changes words.
pub fn mutate(value: &mut Value, random: &mut Random) {
    const WORDS: [&str; 8] = [
        "album_group",
        "album_type",
        "currently_playing_type",
        "product",
        "reason",
        "release_date_precision",
        "repeat_state",
        "type",
    ];
    match value {
        Value::Object(object) => {
            let keys: Vec<String> =
                object.keys().filter(|key| !is_needed(object, key)).cloned().collect();
            for key in keys {
                match random.below(16) {
                    0 => drop(object.remove(&key)),
                    1 => drop(object.insert(key, Value::Null)),
                    2..=5 if WORDS.contains(&&*key) => {
                        let word =
                            ["", "EP", "vinyl", "Jäätie", "SINGLE"][random.below(5) as usize];
                        object.insert(key, word.into());
                    }
                    _ => {}
                }
            }
            if random.below(8) == 0 {
                object.insert("zz_unknown".into(), serde_json::json!({"id": [1, {"uri": null}]}));
            }
            object.values_mut().for_each(|value| mutate(value, random));
        }
        Value::Array(list) => {
            list.iter_mut().for_each(|value| mutate(value, random));
            if random.below(8) == 0 {
                list.insert(random.below(list.len() as u64 + 1) as usize, Value::Null);
            }
        }
        _ => {}
    }
}

/// Writes JSON with some whole numbers as floats.
pub fn write(value: &Value, random: &mut Random, json: &mut String) {
    match value {
        Value::Number(number) => json.push_str(&match random.below(3) {
            0 => number.to_string(),
            1 if number.is_f64() => format!("\"{number}\""),
            1 => format!("{number}.0"),
            _ => format!("{:E}", number.as_f64().unwrap()),
        }),
        Value::Object(object) => {
            for (index, (key, value)) in object.iter().enumerate() {
                json.push_str(if index == 0 { "{" } else { "," });
                json.push_str(&format!("{key:?}:"));
                write(value, random, json);
            }
            json.push_str(if object.is_empty() { "{}" } else { "}" });
        }
        Value::Array(list) => {
            json.push('[');
            for (index, value) in list.iter().enumerate() {
                json.push_str(if index == 0 { "" } else { "," });
                write(value, random, json);
            }
            json.push(']');
        }
        plain => json.push_str(&plain.to_string()),
    }
}
