//! The operations of an OpenAPI 3 document.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::document::Document;
use super::schema::{Schema, plain};

const METHODS: [&str; 8] = ["get", "post", "put", "delete", "patch", "head", "options", "trace"];

/// The maximum length of a chain of references, and the maximum depth of nested schemas.
const DEPTH: usize = 16;

/// The maximum number of schemas that are read, because a small document can refer to itself many times.
const SCHEMAS: usize = 100_000;

/// The operations and schemas of a document.
pub struct Api<'a> {
    pub operations: Vec<Operation<'a>>,
    /// Reads the schemas of responses on demand, because they are deeply nested.
    pub reader: Reader<'a>,
}

/// One method of one path.
pub struct Operation<'a> {
    pub method: String,
    pub path: String,
    /// The parameters, and the fields of a JSON body.
    pub params: Vec<Param>,
    /// The content types or JSON types of bodies that are not JSON objects.
    pub other_bodies: Vec<String>,
    pub scopes: BTreeSet<String>,
    pub success: BTreeSet<String>,
    /// The schema of the JSON body in a successful response.
    pub response: Option<&'a Value>,
    pub deprecated: bool,
}

/// A parameter, or a field of the body.
#[derive(Clone, Debug)]
pub struct Param {
    /// `path`, `query`, `body`, or another location in the document.
    pub within: String,
    pub key: String,
    pub required: bool,
    pub schema: Schema,
}

/// Reads the operations, and sorts them by path, because the keys of a JSON object have no order.
pub fn read(document: &Document) -> Result<Api<'_>, String> {
    let root = document.root.as_object().ok_or_else(|| {
        format!("expected a map with `openapi` and `paths`, found {}", describe(&document.root))
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
        Some(other) => {
            return Err(format!("expected `paths` to be a map, found {}", describe(other)));
        }
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
    Ok(Api { operations, reader })
}

/// Describes the type of a value for messages.
pub fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// Reads parts of a document.
pub struct Reader<'a> {
    root: &'a Value,
    /// Mistakes in the document itself.
    pub problems: Vec<String>,
    schemas: usize,
}

impl<'a> Reader<'a> {
    fn problem(&mut self, text: String) {
        if !self.problems.contains(&text) {
            self.problems.push(text);
        }
    }

    /// Follows the reference, if the value is one.
    fn resolve(&mut self, value: &'a Value, place: &str) -> Option<&'a Value> {
        let mut value = value;
        for _ in 0..DEPTH {
            let Some(reference) = value.get("$ref") else { return Some(value) };
            value = self.target(reference, place)?;
        }
        self.problem(format!(
            "{place}: expected at most {DEPTH} references in a chain, found more"
        ));
        None
    }

    fn target(&mut self, reference: &'a Value, place: &str) -> Option<&'a Value> {
        let Some(reference) = reference.as_str() else {
            let found = describe(reference);
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
            Value::Object(fields) => Some(fields),
            other => {
                self.problem(format!("{place}: expected a map, found {}", describe(other)));
                None
            }
        }
    }

    /// Returns the elements of a list. Empty if the value is missing or not a list.
    fn list(&mut self, value: Option<&'a Value>, what: &str, place: &str) -> &'a [Value] {
        match value {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                let found = describe(other);
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
    ) -> Operation<'a> {
        let method = method.to_uppercase();
        let place = format!("{method} {path}");
        let mut read = Operation {
            path: path.to_owned(),
            params: Vec::new(),
            other_bodies: Vec::new(),
            scopes: self.scopes(operation, &place),
            success: BTreeSet::new(),
            response: None,
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            method,
        };
        // A parameter of the operation replaces one of the path.
        for source in [operation, item] {
            for param in self.list(source.get("parameters"), "parameters", &place) {
                if let Some(param) = self.param(param, &place)
                    && !read
                        .params
                        .iter()
                        .any(|known| known.within == param.within && known.key == param.key)
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
            for (status, response) in responses.iter().filter(|(status, _)| status.starts_with('2'))
            {
                read.success.insert(status.clone());
                if let Some(response) = self.object(response, &place)
                    && let Some(content) = response.get("content")
                    && let Some(content) = self.object(content, &place)
                {
                    let mut json = content.iter().filter(|(kind, _)| is_json(kind));
                    read.response = read.response.or_else(|| json.next()?.1.get("schema"));
                }
            }
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

    fn body(&mut self, body: &'a Value, place: &str, operation: &mut Operation<'a>) {
        let place = &format!("{place}, body");
        let Some(content) = self.object(body, place).and_then(|body| body.get("content")) else {
            return;
        };
        let Some(content) = self.object(content, place) else { return };
        for (kind, media) in content {
            if !is_json(kind) {
                operation.other_bodies.push(bare_type(kind).to_owned());
                continue;
            }
            let Some(schema) = media.get("schema") else { continue };
            let schema = self.schema(schema, place);
            match schema.kind() {
                Some(kind) if !schema.types.contains("object") => operation.other_bodies.push(kind),
                _ => {}
            }
            // Spotify's document requires a field without a schema.
            let mut fields = schema.fields;
            for key in &schema.required {
                fields.entry(key.clone()).or_default();
            }
            operation.params.extend(fields.into_iter().map(|(key, field)| Param {
                within: "body".to_owned(),
                required: schema.required.contains(&key),
                schema: field,
                key,
            }));
        }
    }

    /// Returns the scopes of all security requirements, independent of the name of the scheme.
    fn scopes(&mut self, operation: &'a Map<String, Value>, place: &str) -> BTreeSet<String> {
        let security = operation.get("security").or_else(|| self.root.get("security"));
        let mut scopes = BTreeSet::new();
        for requirement in self.list(security, "security", place) {
            for scheme in requirement.as_object().into_iter().flat_map(Map::values) {
                let names = self.list(Some(scheme), "security", place);
                scopes.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
            }
        }
        scopes
    }

    fn schema(&mut self, value: &'a Value, place: &str) -> Schema {
        let mut schema = Schema::default();
        self.add(value, place, 0, 4, &mut schema);
        schema
    }

    /// Returns the maps of schemas: the schemas themselves, then those in references, `allOf`, `anyOf` and `oneOf`. For
    /// a key that several maps have, the first map counts.
    pub fn parts(&mut self, schemas: &[&'a Value], place: &str) -> Parts<'a> {
        let mut parts = Vec::new();
        for schema in schemas {
            self.collect(schema, place, 0, &mut parts);
        }
        Parts(parts)
    }

    fn collect(
        &mut self,
        value: &'a Value,
        place: &str,
        depth: usize,
        parts: &mut Vec<&'a Map<String, Value>>,
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
        let Value::Object(part) = value else {
            // In OpenAPI 3.1, `true` is a schema that accepts any value.
            if *value != Value::Bool(true) {
                self.problem(format!(
                    "{place}: expected a schema to be a map, found {}",
                    describe(value)
                ));
            }
            return;
        };
        parts.push(part);
        if let Some(reference) = part.get("$ref")
            && let Some(target) = self.target(reference, place)
        {
            self.collect(target, place, depth + 1, parts);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for schema in self.list(part.get(keyword), keyword, place) {
                self.collect(schema, place, depth + 1, parts);
            }
        }
    }

    /// Merges a value into a schema. `levels` limits the depth of fields and elements.
    fn add(
        &mut self,
        value: &'a Value,
        place: &str,
        depth: usize,
        levels: usize,
        schema: &mut Schema,
    ) {
        let mut parts = Vec::new();
        self.collect(value, place, depth, &mut parts);
        let parts = Parts(parts);
        schema.types.extend(parts.types());
        for value in parts.values() {
            if !schema.values.contains(&value) {
                schema.values.push(value);
            }
        }
        for part in &parts.0 {
            for key in ["enum", "required"] {
                self.list(part.get(key), key, place);
            }
            for (key, slot) in [
                ("minimum", &mut schema.min),
                ("maximum", &mut schema.max),
                ("default", &mut schema.default),
            ] {
                if slot.is_none() {
                    *slot = part.get(key).filter(|value| !value.is_null()).map(plain);
                }
            }
            schema.max_items =
                schema.max_items.or_else(|| part.get("maxItems").and_then(Value::as_u64));
            for text in ["title", "description"].iter().filter_map(|key| part.get(*key)?.as_str()) {
                // A schema that refers to itself is read many times.
                if !schema.text.contains(text) {
                    schema.text.push_str(text);
                    schema.text.push('\n');
                }
            }
        }
        let required = parts.0.iter().filter_map(|part| part.get("required")?.as_array());
        schema.required.extend(required.flatten().filter_map(Value::as_str).map(str::to_owned));
        if levels > 0 {
            for items in parts.items() {
                let items_schema = schema.items.get_or_insert_default();
                self.add(items, place, depth + 1, levels - 1, items_schema);
            }
            for (key, fields) in parts.fields() {
                let place = format!("{place} {key}");
                let field_schema = schema.fields.entry(key.to_owned()).or_default();
                for field in fields {
                    self.add(field, &place, depth + 1, levels - 1, field_schema);
                }
            }
        }
    }
}

/// The maps of a schema and of its references.
pub struct Parts<'a>(Vec<&'a Map<String, Value>>);

impl<'a> Parts<'a> {
    /// Returns the last segment of the first reference: `TrackObject`.
    pub fn name(&self) -> Option<&'a str> {
        let references = self.0.iter().filter_map(|part| part.get("$ref")?.as_str());
        references.filter_map(|reference| reference.rsplit('/').next()).next()
    }

    /// Returns the values of `type`, or `object` if there are only `properties`.
    pub fn types(&self) -> BTreeSet<String> {
        let mut types = BTreeSet::new();
        for part in &self.0 {
            match part.get("type") {
                Some(Value::String(name)) => _ = types.insert(name.clone()),
                Some(Value::Array(names)) => {
                    types.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {}
            }
        }
        types.remove("null");
        if types.is_empty() && self.0.iter().any(|part| part.contains_key("properties")) {
            types.insert("object".to_owned());
        }
        types
    }

    /// Returns the values of `enum`.
    pub fn values(&self) -> Vec<String> {
        let lists = self.0.iter().filter_map(|part| part.get("enum")?.as_array());
        let mut values: Vec<String> = lists.flatten().map(plain).collect();
        values.retain(|value| value != "null");
        values
    }

    /// Returns whether the value may be null.
    pub fn is_nullable(&self) -> bool {
        let has_null = |part: &&Map<String, Value>| match part.get("type") {
            Some(Value::Array(names)) => names.iter().any(|name| name == "null"),
            name => name.is_some_and(|name| name == "null"),
        };
        self.0.iter().any(|part| part.get("nullable") == Some(&Value::Bool(true)) || has_null(part))
    }

    /// Returns the fields that are always present. Empty if the schema has alternatives.
    pub fn required(&self) -> impl Iterator<Item = &'a str> {
        let is_one_of =
            |part: &&Map<String, Value>| part.contains_key("oneOf") || part.contains_key("anyOf");
        let parts = if self.0.iter().any(is_one_of) { &[] } else { self.0.as_slice() };
        let lists = parts.iter().filter_map(|part| part.get("required")?.as_array());
        lists.flatten().filter_map(Value::as_str).collect::<BTreeSet<_>>().into_iter()
    }

    /// Returns the schemas of a list's elements.
    pub fn items(&self) -> Vec<&'a Value> {
        self.0.iter().filter_map(|part| part.get("items")).collect()
    }

    /// Returns the fields with their schemas.
    pub fn fields(&self) -> BTreeMap<&'a str, Vec<&'a Value>> {
        let mut fields: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for part in &self.0 {
            for (key, field) in
                part.get("properties").and_then(Value::as_object).into_iter().flatten()
            {
                fields.entry(key).or_default().push(field);
            }
        }
        fields
    }
}

/// Returns a content type without its parameters.
fn bare_type(kind: &str) -> &str {
    kind.split(';').next().unwrap_or(kind).trim()
}

fn is_json(kind: &str) -> bool {
    bare_type(kind) == "application/json"
}
