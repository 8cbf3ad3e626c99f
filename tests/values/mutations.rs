//! Random changes to responses, of the kinds that Spotify might make.

use serde_json::Value;
use tonearm::model::shape::{Absence, Model, Shape};

use crate::support::Random;

/// Returns the keys of an object, the shape of each value, and whether the object cannot be read without it.
fn keys_of(shape: Option<Shape>) -> Vec<(&'static str, Shape, bool)> {
    let of = |model: &'static Model| {
        let fields = model.fields.iter();
        fields.flat_map(|field| {
            field.keys.iter().map(|key| (*key, field.shape, field.absence == Absence::Fails))
        })
    };
    match shape {
        Some(Shape::Page(item) | Shape::CursorPage(item)) => {
            vec![("items", Shape::List(item), true)]
        }
        Some(Shape::Object(model)) => {
            let inner = model.fields.iter().filter(|field| Some(field.keys[0]) == model.unwrapped);
            let inner = inner.flat_map(|field| field.shape.models()).flat_map(of);
            of(model).chain(inner).collect()
        }
        Some(shape) => {
            let keys = shape.models().into_iter().flat_map(of);
            keys.map(|(key, shape, _)| (key, shape, false)).collect()
        }
        None => Vec::new(),
    }
}

/// Removes optional fields or makes them null, adds unknown fields and null elements, and changes the values of enums.
pub fn mutate(value: &mut Value, shape: Option<Shape>, random: &mut Random) {
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
            let known = keys_of(shape);
            let find = |key: &str| known.iter().find(|(known, ..)| *known == key);
            let is_needed = |key: &str| find(key).is_some_and(|(.., is_needed)| *is_needed);
            let keys: Vec<String> = object.keys().filter(|key| !is_needed(key)).cloned().collect();
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
            for (key, value) in object {
                mutate(value, find(key).map(|(_, shape, _)| *shape), random);
            }
        }
        Value::Array(list) => {
            let element = match shape {
                Some(Shape::List(element)) => Some(*element),
                _ => None,
            };
            list.iter_mut().for_each(|value| mutate(value, element, random));
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
