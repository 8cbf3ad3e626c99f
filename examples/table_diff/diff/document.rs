//! Reads YAML and JSON into the same tree.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Number, Value};

/// The maximum depth of nested maps and lists, similar to the limit of serde_json.
const DEPTH: usize = 120;

/// The maximum number of values in a document, including those that aliases repeat. Spotify's document has about
/// 10,000.
const VALUES: usize = 1_000_000;

/// A document as a tree, with the mistakes in it that could be ignored.
#[derive(Debug, PartialEq)]
pub struct Document {
    pub root: Value,
    pub problems: Vec<String>,
}

/// Reads JSON if the text begins like a JSON object, and YAML otherwise.
///
/// A YAML parser cannot read all JSON, because YAML has no surrogate pairs.
pub fn read(text: &str) -> Result<Document, String> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return yaml(text);
    }
    serde_json::from_str(text).map(|root| Document { root, problems: Vec::new() }).map_err(
        |error| format!("expected JSON, since the document begins with `{{`, found: {error}"),
    )
}

/// A value with its number of values and its depth, which are limited.
#[derive(Clone)]
struct Sized {
    value: Value,
    values: usize,
    depth: usize,
}

impl Sized {
    fn scalar(value: Value) -> Self {
        Sized { value, values: 1, depth: 0 }
    }
}

/// A map or list whose end has not been read.
struct Open {
    anchor: usize,
    values: usize,
    depth: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

fn yaml(text: &str) -> Result<Document, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Sized> = HashMap::new();
    let mut problems = Vec::new();
    let mut root = None;
    let mut total = 0;
    // Read events, because the recursive loader of the parser does not limit the depth.
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("expected YAML, found: {error}"))?;
        let line = span.start.line();
        let (anchor, mut done) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                (anchor, Sized::scalar(scalar(&text, style, tag.as_deref())))
            }
            Event::Alias(id) => match anchors.get(&id) {
                Some(found) => (0, found.clone()),
                None => {
                    return Err(format!(
                        "expected an alias of an earlier value, found one of an incomplete value on line {line}"
                    ));
                }
            },
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _)
                if open.len() >= DEPTH =>
            {
                let _ = anchor;
                return Err(too_deep(line));
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Open { anchor, values: 1, depth: 0, kind: Kind::List(Vec::new()) });
                continue;
            }
            Event::MappingStart(anchor, _) => {
                open.push(Open { anchor, values: 1, depth: 0, kind: Kind::Map(Map::new(), None) });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => {
                    let value = match closed.kind {
                        Kind::List(items) => Value::Array(items),
                        Kind::Map(members, _) => Value::Object(members),
                    };
                    let (values, depth) = (closed.values, closed.depth);
                    (closed.anchor, Sized { value, values, depth })
                }
                None => continue,
            },
            Event::DocumentStart(_) if root.is_some() => {
                return Err(format!("expected one YAML document, found another on line {line}"));
            }
            _ => continue,
        };
        total += done.values;
        if total > VALUES {
            return Err(format!("expected at most {VALUES} values, found more by line {line}"));
        }
        if open.len() + done.depth > DEPTH {
            return Err(too_deep(line));
        }
        if anchor != 0 {
            anchors.insert(anchor, done.clone());
        }
        let Some(parent) = open.last_mut() else {
            root = Some(done.value);
            continue;
        };
        parent.values += done.values;
        parent.depth = parent.depth.max(done.depth + 1);
        match &mut parent.kind {
            Kind::List(items) => items.push(done.value),
            Kind::Map(members, key) => match key.take() {
                Some(key) => {
                    if members.contains_key(&key) {
                        problems.push(format!(
                            "expected each key of a map once, found `{key}` again on line {line}"
                        ));
                    }
                    members.insert(key, done.value);
                }
                None => *key = Some(key_text(&mut done.value, line)?),
            },
        }
    }
    let root = root.ok_or("expected an OpenAPI document, found nothing in it")?;
    Ok(Document { root, problems })
}

fn too_deep(line: usize) -> String {
    format!("expected maps and lists at most {DEPTH} deep, found more on line {line}")
}

/// Converts a key to text, as in JSON. YAML documents often write a status code as a number.
fn key_text(value: &mut Value, line: usize) -> Result<String, String> {
    match value.take() {
        Value::String(text) => Ok(text),
        Value::Array(_) | Value::Object(_) => {
            Err(format!("expected a text as the key of a map, found a map or list on line {line}"))
        }
        other => Ok(other.to_string()),
    }
}

/// Reads a scalar with the core schema of YAML 1.2.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str") {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = if numeric {
        text.parse()
            .ok()
            .map(|whole: i64| Number::from(whole))
            .or_else(|| text.parse().ok().and_then(Number::from_f64))
    } else {
        None
    };
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
