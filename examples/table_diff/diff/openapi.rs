//! The operations of an OpenAPI 3 document.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::document::Document;
use super::schema::{Schema, plain};

const METHODS: [&str; 8] = ["get", "post", "put", "delete", "patch", "head", "options", "trace"];

/// How many references may lead to each other, and how deep schemas may be put together.
const DEPTH: usize = 16;

/// How many schemas are read in all: a small document can refer to itself very often.
const SCHEMAS: usize = 100_000;

/// What a document says.
#[derive(Debug)]
pub struct Api {
    pub operations: Vec<Operation>,
    /// What is wrong with the document itself.
    pub problems: Vec<String>,
}

/// One method of one path.
#[derive(Debug)]
pub struct Operation {
    pub method: String,
    pub path: String,
    /// The parameters, and the members of a JSON body.
    pub params: Vec<Param>,
    /// What the body is if not a JSON object: a content type, or a JSON type.
    pub other_bodies: Vec<String>,
    pub scopes: BTreeSet<String>,
    pub success: BTreeSet<String>,
    pub deprecated: bool,
}

/// A parameter, or a member of the body.
#[derive(Clone, Debug)]
pub struct Param {
    /// `path`, `query`, `body`, or what else the document says.
    pub within: String,
    pub key: String,
    pub required: bool,
    pub schema: Schema,
}

/// Reads the operations, sorted by path: a JSON document has no order of its own.
pub fn read(document: &Document) -> Result<Api, String> {
    let root = document.root.as_object().ok_or_else(|| {
        format!("expected a map with `openapi` and `paths`, found {}", told(&document.root))
    })?;
    match root.get("openapi").map(plain) {
        Some(version) if version.starts_with("3.") => {}
        Some(version) => return Err(format!("expected `openapi` to be 3.x, found {version}")),
        None => {
            let found = match root.get("swagger").map(plain) {
                Some(version) => format!("`swagger: {version}`"),
                None => match root.keys().take(5).map(|key| format!("`{key}`")).collect::<Vec<_>>()
                {
                    keys if keys.is_empty() => "an empty map".to_owned(),
                    keys => format!("the keys {}", keys.join(", ")),
                },
            };
            return Err(format!("expected the key `openapi` with 3.x, found {found}"));
        }
    }
    let paths = match root.get("paths") {
        Some(Value::Object(paths)) => paths,
        Some(other) => return Err(format!("expected `paths` to be a map, found {}", told(other))),
        None => return Err("expected the key `paths`, found none".to_owned()),
    };
    let mut reader =
        Reader { root: &document.root, problems: document.problems.clone(), schemas: 0 };
    let mut operations = Vec::new();
    for (path, item) in paths.iter().filter(|(path, _)| path.starts_with('/')) {
        let Some(item) = reader.object(item, path) else { continue };
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let place = format!("{} {path}", method.to_uppercase());
                if let Some(operation) = reader.object(operation, &place) {
                    operations.push(reader.operation(method, path, item, operation));
                }
            }
        }
    }
    operations.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Api { operations, problems: reader.problems })
}

/// What a value is, for messages.
fn told(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

struct Reader<'a> {
    root: &'a Value,
    problems: Vec<String>,
    schemas: usize,
}

impl<'a> Reader<'a> {
    fn problem(&mut self, text: String) {
        if !self.problems.contains(&text) {
            self.problems.push(text);
        }
    }

    /// What a value refers to, if it is a reference.
    fn resolve(&mut self, value: &'a Value, place: &str) -> Option<&'a Value> {
        let mut value = value;
        for _ in 0..DEPTH {
            let Some(reference) = value.get("$ref") else { return Some(value) };
            value = self.target(reference, place)?;
        }
        self.problem(format!("{place}: expected at most {DEPTH} references in a row, found more"));
        None
    }

    fn target(&mut self, reference: &'a Value, place: &str) -> Option<&'a Value> {
        let Some(reference) = reference.as_str() else {
            let found = told(reference);
            self.problem(format!("{place}: expected `$ref` to be a text, found {found}"));
            return None;
        };
        let Some(pointer) = reference.strip_prefix('#') else {
            self.problem(format!(
                "{place}: expected a reference within the document, `#/…`, found `{reference}`"
            ));
            return None;
        };
        let found = self.root.pointer(&percent_decode_str(pointer).decode_utf8_lossy());
        if found.is_none() {
            self.problem(format!(
                "{place}: expected `{reference}` in the document, found nothing there"
            ));
        }
        found
    }

    fn object(&mut self, value: &'a Value, place: &str) -> Option<&'a Map<String, Value>> {
        match self.resolve(value, place)? {
            Value::Object(members) => Some(members),
            other => {
                self.problem(format!("{place}: expected a map, found {}", told(other)));
                None
            }
        }
    }

    /// The elements of a list; none if there is no list.
    fn list(&mut self, value: Option<&'a Value>, what: &str, place: &str) -> &'a [Value] {
        match value {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                let found = told(other);
                self.problem(format!("{place}: expected `{what}` to be a list, found {found}"));
                &[]
            }
        }
    }

    fn operation(
        &mut self,
        method: &str,
        path: &str,
        item: &'a Map<String, Value>,
        operation: &'a Map<String, Value>,
    ) -> Operation {
        let method = method.to_uppercase();
        let place = format!("{method} {path}");
        let mut read = Operation {
            path: path.to_owned(),
            params: Vec::new(),
            other_bodies: Vec::new(),
            scopes: self.scopes(operation, &place),
            success: BTreeSet::new(),
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            method,
        };
        // An operation's own parameter stands in for that of its path.
        for source in [operation, item] {
            for param in self.list(source.get("parameters"), "parameters", &place) {
                if let Some(param) = self.param(param, &place)
                    && !read
                        .params
                        .iter()
                        .any(|had| had.within == param.within && had.key == param.key)
                {
                    read.params.push(param);
                }
            }
        }
        if let Some(body) = operation.get("requestBody") {
            self.body(body, &place, &mut read);
        }
        if let Some(responses) = operation.get("responses")
            && let Some(responses) = self.object(responses, &place)
        {
            let success = responses.keys().filter(|status| status.starts_with('2'));
            read.success = success.cloned().collect();
        }
        read
    }

    fn param(&mut self, param: &'a Value, place: &str) -> Option<Param> {
        let param = self.object(param, place)?;
        let (Some(key), Some(within)) =
            (param.get("name").and_then(Value::as_str), param.get("in").and_then(Value::as_str))
        else {
            self.problem(format!(
                "{place}: expected a parameter to have `name` and `in`, found one without"
            ));
            return None;
        };
        let place = format!("{place}, {within} {key}");
        let mut schema = match param.get("schema") {
            Some(schema) => self.schema(schema, &place),
            None => Schema::default(),
        };
        if let Some(text) = param.get("description").and_then(Value::as_str) {
            schema.text = format!("{text}\n{}", schema.text);
        }
        let required = param.get("required") == Some(&Value::Bool(true));
        Some(Param { within: within.to_owned(), key: key.to_owned(), required, schema })
    }

    fn body(&mut self, body: &'a Value, place: &str, operation: &mut Operation) {
        let place = &format!("{place}, body");
        let Some(content) = self.object(body, place).and_then(|body| body.get("content")) else {
            return;
        };
        let Some(content) = self.object(content, place) else { return };
        for (kind, media) in content {
            let bare = kind.split(';').next().unwrap_or(kind).trim();
            if bare != "application/json" {
                operation.other_bodies.push(bare.to_owned());
                continue;
            }
            let Some(schema) = media.get("schema") else { continue };
            let schema = self.schema(schema, place);
            match schema.kind() {
                Some(kind) if !schema.types.contains("object") => operation.other_bodies.push(kind),
                _ => {}
            }
            // A member may be called required and be described nowhere: Spotify's document does so.
            let mut members = schema.members;
            for key in &schema.required {
                members.entry(key.clone()).or_default();
            }
            operation.params.extend(members.into_iter().map(|(key, member)| Param {
                within: "body".to_owned(),
                required: schema.required.contains(&key),
                schema: member,
                key,
            }));
        }
    }

    /// The scopes of all the ways in, whatever the document calls the scheme.
    fn scopes(&mut self, operation: &'a Map<String, Value>, place: &str) -> BTreeSet<String> {
        let security = operation.get("security").or_else(|| self.root.get("security"));
        let mut scopes = BTreeSet::new();
        for way in self.list(security, "security", place) {
            for words in way.as_object().into_iter().flat_map(Map::values) {
                let words = self.list(Some(words), "security", place);
                scopes.extend(words.iter().filter_map(Value::as_str).map(str::to_owned));
            }
        }
        scopes
    }

    fn schema(&mut self, value: &'a Value, place: &str) -> Schema {
        let mut schema = Schema::default();
        self.add(value, place, 0, 2, &mut schema);
        schema
    }

    /// Adds what a schema says; `levels` is how far its members and elements are followed.
    fn add(
        &mut self,
        value: &'a Value,
        place: &str,
        depth: usize,
        levels: usize,
        schema: &mut Schema,
    ) {
        self.schemas += 1;
        if self.schemas == SCHEMAS + 1 {
            self.problem(format!("{place}: expected at most {SCHEMAS} schemas in all, found more"));
        }
        if self.schemas > SCHEMAS {
            return;
        }
        if depth > DEPTH {
            self.problem(format!("{place}: expected schemas at most {DEPTH} deep, found more"));
            return;
        }
        let Value::Object(said) = value else {
            // In OpenAPI 3.1 `true` is a schema that says nothing.
            if *value != Value::Bool(true) {
                self.problem(format!(
                    "{place}: expected a schema to be a map, found {}",
                    told(value)
                ));
            }
            return;
        };
        // What stands nearest is read first, and counts.
        match said.get("type") {
            Some(Value::String(word)) => _ = schema.types.insert(word.clone()),
            Some(Value::Array(words)) => {
                let words = words.iter().filter_map(Value::as_str).filter(|word| *word != "null");
                schema.types.extend(words.map(str::to_owned));
            }
            _ => {}
        }
        for word in self.list(said.get("enum"), "enum", place) {
            let word = plain(word);
            if word != "null" && !schema.words.contains(&word) {
                schema.words.push(word);
            }
        }
        for (key, slot) in [
            ("minimum", &mut schema.min),
            ("maximum", &mut schema.max),
            ("default", &mut schema.default),
        ] {
            if slot.is_none() {
                *slot = said.get(key).filter(|value| !value.is_null()).map(plain);
            }
        }
        schema.max_items =
            schema.max_items.or_else(|| said.get("maxItems").and_then(Value::as_u64));
        for text in ["title", "description"].iter().filter_map(|key| said.get(*key)?.as_str()) {
            // A schema that refers to itself is met many times.
            if !schema.text.contains(text) {
                schema.text.push_str(text);
                schema.text.push('\n');
            }
        }
        for key in self.list(said.get("required"), "required", place) {
            schema.required.extend(key.as_str().map(str::to_owned));
        }
        if levels > 0 {
            if let Some(items) = said.get("items") {
                let items_schema = schema.items.get_or_insert_default();
                self.add(items, place, depth + 1, levels - 1, items_schema);
            }
            if let Some(members) = said.get("properties").and_then(Value::as_object) {
                if schema.types.is_empty() {
                    schema.types.insert("object".to_owned());
                }
                for (key, member) in members {
                    let member_schema = schema.members.entry(key.clone()).or_default();
                    self.add(
                        member,
                        &format!("{place} {key}"),
                        depth + 1,
                        levels - 1,
                        member_schema,
                    );
                }
            }
        }
        if let Some(reference) = said.get("$ref")
            && let Some(target) = self.target(reference, place)
        {
            self.add(target, place, depth + 1, levels, schema);
        }
        for together in ["allOf", "anyOf", "oneOf"] {
            for part in self.list(said.get(together), together, place) {
                self.add(part, place, depth + 1, levels, schema);
            }
        }
        schema.types.remove("null");
    }
}
