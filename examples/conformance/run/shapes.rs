//! Compares the fields in responses with those of the models.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tonearm::model::shape::{self, Absence, Field, Model, Shape};

use super::common::count;

/// The fields of a page of either kind.
const PAGE: [&str; 8] =
    ["href", "items", "limit", "next", "offset", "previous", "total", "cursors"];

/// The objects that were seen, by the name of their model.
#[derive(Default, Serialize, Deserialize)]
pub struct Seen(pub BTreeMap<String, SeenModel>);

/// The objects of a model.
#[derive(Default, Serialize, Deserialize)]
pub struct SeenModel {
    pub objects: u32,
    /// The number of objects that had each field.
    pub fields: BTreeMap<String, u32>,
    pub findings: BTreeMap<Finding, Evidence>,
}

/// A difference between the objects and the model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Finding {
    /// A field that the model does not have, and its JSON type.
    Unknown(String, String),
    /// A field that the model promises.
    Missing(String),
    /// A value that the enum of a field does not have.
    Value(String, String),
    /// The type that the model expects, and the JSON type that was sent.
    Type(String, String, String),
    /// A field that apps in development mode do not get, as the model has it.
    Extended(String),
}

/// The number of objects with a finding, and the endpoints that returned them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Evidence {
    pub objects: u32,
    pub endpoints: BTreeSet<String>,
}

// The keys of a JSON object are text.
impl From<Finding> for String {
    fn from(finding: Finding) -> String {
        let parts: Vec<String> = match finding {
            Finding::Unknown(key, kind) => vec!["unknown".into(), key, kind],
            Finding::Missing(key) => vec!["missing".into(), key],
            Finding::Value(key, value) => vec!["value".into(), key, value],
            Finding::Type(key, model, sent) => vec!["type".into(), key, model, sent],
            Finding::Extended(key) => vec!["extended".into(), key],
        };
        parts.join("\t")
    }
}

impl TryFrom<String> for Finding {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('\t').collect();
        let owned = |text: &str| text.to_owned();
        match parts[..] {
            ["unknown", key, kind] => Ok(Finding::Unknown(owned(key), owned(kind))),
            ["missing", key] => Ok(Finding::Missing(owned(key))),
            ["value", key, value] => Ok(Finding::Value(owned(key), owned(value))),
            ["type", key, model, sent] => Ok(Finding::Type(owned(key), owned(model), owned(sent))),
            ["extended", key] => Ok(Finding::Extended(owned(key))),
            _ => Err(format!("expected a finding, found `{text}`")),
        }
    }
}

/// The shape of a type, by its name in Rust: `Page<SavedTrack>`.
pub fn shape_of(type_name: &str) -> Option<Shape> {
    let (outer, inner) = match type_name.split_once('<') {
        Some((outer, rest)) => (outer, rest.strip_suffix('>')?),
        None => (type_name, ""),
    };
    // The shape of an endpoint is needed as long as the program runs.
    let inside = || Some(&*Box::leak(Box::new(shape_of(inner)?)));
    match outer.rsplit("::").next()? {
        "Option" | "Box" => shape_of(inner),
        "Vec" => Some(Shape::List(inside()?)),
        "Page" => Some(Shape::Page(inside()?)),
        "CursorPage" => Some(Shape::CursorPage(inside()?)),
        "bool" => Some(Shape::Boolean),
        "str" | "Market" => Some(Shape::Text),
        name => shape::model(name).map(Shape::Object),
    }
}

/// A response that is compared.
pub struct Comparison<'s> {
    pub seen: &'s mut Seen,
    pub endpoint: &'s str,
    pub is_development: bool,
}

impl Comparison<'_> {
    /// Compares a value; `of` is the model and the field that contain it.
    pub fn compare(&mut self, value: &Value, shape: Shape, of: (&str, &str)) {
        match (shape, value) {
            (_, Value::Null) => {}
            (Shape::List(element), Value::Array(list)) => {
                list.iter().for_each(|value| self.compare(value, *element, of));
            }
            (Shape::Page(item) | Shape::CursorPage(item), Value::Object(fields)) => {
                for key in fields.keys().filter(|key| !PAGE.contains(&key.as_str())) {
                    self.find("Page", Finding::Unknown(key.clone(), json_type(&fields[key])));
                }
                let items = fields.get("items").and_then(Value::as_array);
                for value in items.into_iter().flatten() {
                    self.compare(value, *item, of);
                }
            }
            (Shape::OneOf(models), Value::Object(fields)) => {
                let kind = fields.get("type").and_then(Value::as_str);
                let fits = |model: &&&Model| model.kind.is_some() && model.kind == kind;
                if let Some(model) = models.iter().find(fits).or(models.last()) {
                    self.object(value, model);
                }
            }
            (Shape::Object(model), Value::Object(fields)) => match model.unwrapped {
                Some(key) if !fields.contains_key(key) => {
                    let field = model.fields.iter().find(|field| field.keys.contains(&key));
                    if let Some(field) = field {
                        self.compare(value, field.shape, (model.name, key));
                    }
                }
                _ => self.object(value, model),
            },
            (Shape::Enum(known), Value::String(text)) => {
                if !known.iter().any(|known| known.eq_ignore_ascii_case(text)) {
                    self.find(of.0, Finding::Value(of.1.to_owned(), text.clone()));
                }
            }
            (Shape::Text | Shape::Id(_), Value::String(_))
            | (Shape::Integer | Shape::Number, Value::Number(_))
            | (Shape::Boolean, Value::Bool(_)) => {}
            (shape, value) => {
                let finding = Finding::Type(of.1.to_owned(), word(shape), json_type(value));
                self.find(of.0, finding);
            }
        }
    }

    fn object(&mut self, value: &Value, model: &'static Model) {
        let Value::Object(fields) = value else { return };
        let seen = self.seen.0.entry(model.name.to_owned()).or_default();
        seen.objects += 1;
        for field in model.fields {
            let has = |key: &&str| fields.get(*key).is_some_and(|value| !value.is_null());
            if field.keys.iter().any(has) {
                *seen.fields.entry(field.keys[0].to_owned()).or_default() += 1;
            }
        }
        for (key, value) in fields {
            match model.fields.iter().find(|field| field.keys.contains(&key.as_str())) {
                Some(field) => {
                    if self.is_development && field.extended.contains(&key.as_str()) {
                        self.find(model.name, Finding::Extended(key.clone()));
                    }
                    self.compare(value, field.shape, (model.name, key));
                }
                None => self.find(model.name, Finding::Unknown(key.clone(), json_type(value))),
            }
        }
        let is_development = self.is_development;
        // The album of a local file has neither an id nor anything else.
        if model.kind.is_some() && fields.get("id").is_some_and(Value::is_null) {
            return;
        }
        for field in model.fields.iter().filter(|field| is_promised(field, is_development)) {
            let is_left_out = |key: &&str| match fields.get(*key) {
                None => true,
                // The models read null as empty, unless the field must have a value.
                Some(value) => value.is_null() && field.absence == Absence::Fails,
            };
            if field.keys.iter().all(is_left_out) {
                self.find(model.name, Finding::Missing(field.keys[0].to_owned()));
            }
        }
    }

    fn find(&mut self, model: &str, finding: Finding) {
        let seen = self.seen.0.entry(model.to_owned()).or_default();
        let evidence = seen.findings.entry(finding).or_default();
        evidence.objects += 1;
        evidence.endpoints.insert(self.endpoint.to_owned());
    }
}

/// Returns `true` if the model expects the field in every object.
fn is_promised(field: &Field, is_development: bool) -> bool {
    let is_lost = is_development && field.keys.iter().all(|key| field.extended.contains(key));
    field.absence != Absence::None && !is_lost
}

/// The fields that apps like this one get and no object had.
pub fn unseen(seen: &Seen, is_development: bool) -> Vec<String> {
    // An object that may be sent without its wrapper counts as the wrapped one.
    let is_unseen = |model: &&&Model| model.unwrapped.is_none() && !seen.0.contains_key(model.name);
    let models: Vec<&str> = shape::MODELS.iter().filter(is_unseen).map(|it| it.name).collect();
    let models = (!models.is_empty()).then(|| format!("no object: {}", models.join(", ")));
    let fields = |(name, seen): (&String, &SeenModel)| {
        let is_lost = |field: &&Field| {
            is_development && field.keys.iter().all(|key| field.extended.contains(key))
        };
        let fields = shape::model(name)?.fields.iter().filter(|field| !is_lost(field));
        let fields = fields.map(|field| field.keys[0]);
        let fields: Vec<&str> = fields.filter(|key| !seen.fields.contains_key(*key)).collect();
        let objects = count(seen.objects as usize, "object");
        (!fields.is_empty()).then(|| format!("{name} ({objects}): {}", fields.join(", ")))
    };
    seen.0.iter().filter_map(fields).chain(models).collect()
}

fn json_type(value: &Value) -> String {
    let word = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    word.to_owned()
}

fn word(shape: Shape) -> String {
    let word = match shape {
        Shape::Text | Shape::Id(_) | Shape::Enum(_) => "text",
        Shape::Integer => "integer",
        Shape::Number => "number",
        Shape::Boolean => "boolean",
        Shape::List(_) => "list",
        _ => "object",
    };
    word.to_owned()
}
