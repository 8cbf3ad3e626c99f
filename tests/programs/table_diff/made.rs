//! A document made from the table, which therefore differs from it in nothing.

use serde_json::{Value, json};
use tonearm::endpoint::{Availability, Endpoint, ParamKind};
use tonearm::model::shape::Shape;

use super::diff::responses::{fields_of, returned_by};
use super::diff::sent::{Sent, sent};

pub fn document_of(rows: &[&'static Endpoint]) -> Value {
    let mut document = json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": {} } });
    let mut components = document["components"]["schemas"].take();
    for row in rows {
        let method = row.method.as_str().to_lowercase();
        let operation = &mut document["paths"][&*row.path][&method];
        if operation.is_null() {
            *operation = json!({
                "parameters": [],
                "responses": { "401": {} },
                "security": [{ "oauth_2_0": [] }],
                "deprecated": row.availability != Availability::All,
            });
        }
        let success = super::diff::spec::success(&row.name);
        for status in &success {
            operation["responses"][status.to_string()] = json!({});
        }
        for (pointer, shape) in returned_by(row) {
            let response = &mut operation["responses"][success[0].to_string()];
            let json = &mut response["content"]["application/json"];
            let schema = response_schema(*shape, &mut components);
            match pointer {
                None => json["schema"] = schema,
                Some(field) => json["schema"]["properties"][field] = schema,
            }
        }
        if row.params.iter().any(|param| param.kind == ParamKind::Jpeg) {
            operation["requestBody"] = json!({ "content": { "image/jpeg": {} } });
        }
        let scopes = &row.scopes;
        let known = operation["security"][0]["oauth_2_0"].as_array_mut().unwrap();
        for scope in (scopes.required.iter().chain(scopes.alternative))
            .chain(scopes.conditional.iter().map(|case| &case.scope))
            .chain(scopes.unlocks.iter().map(|(scope, _)| scope))
        {
            let scope = json!(scope.as_str());
            if !known.contains(&scope) {
                known.push(scope);
            }
        }
        let same = |other: &&&Endpoint| other.method == row.method && other.path == row.path;
        for mut sent in sent(row) {
            // What only some rows of an operation send is not required by it.
            sent.required &= rows.iter().filter(same).all(|other| {
                super::diff::sent::sent(other)
                    .iter()
                    .any(|twin| twin.within == sent.within && twin.key == sent.key && twin.required)
            });
            match sent.within {
                "body" => add_member(operation, &sent),
                _ => add_param(operation, &sent),
            }
        }
    }
    document["components"]["schemas"] = components;
    document
}

/// The schema of a shape; those of models go to the components.
fn response_schema(shape: Shape, components: &mut Value) -> Value {
    match shape {
        Shape::Text | Shape::Id(_) => json!({ "type": "string" }),
        Shape::Enum(words) => json!({ "type": "string", "enum": words }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::List(element) => {
            json!({ "type": "array", "items": response_schema(*element, components) })
        }
        Shape::OneOf(models) => {
            let mut schema = |model| response_schema(Shape::Object(model), components);
            json!({ "oneOf": models.iter().map(|model| schema(model)).collect::<Vec<_>>() })
        }
        Shape::Object(model) => {
            if components.get(model.name).is_none() {
                components[model.name] = Value::Null;
                components[model.name] = object_schema(shape, components);
            }
            json!({ "$ref": format!("#/components/schemas/{}", model.name) })
        }
        Shape::Page(_) | Shape::CursorPage(_) => object_schema(shape, components),
    }
}

fn object_schema(shape: Shape, components: &mut Value) -> Value {
    let fields = fields_of(shape).into_iter();
    let properties: serde_json::Map<_, _> = fields
        .map(|field| (field.keys[0].to_owned(), response_schema(field.shape, components)))
        .collect();
    json!({ "type": "object", "properties": properties })
}

fn add_param(operation: &mut Value, sent: &Sent) {
    let params = operation["parameters"].as_array_mut().unwrap();
    match params.iter_mut().find(|param| param["name"] == sent.key && param["in"] == sent.within) {
        Some(param) => {
            // Rows with a fixed value have a word each.
            let known = param["schema"].get_mut("enum").and_then(Value::as_array_mut);
            if let (Some(known), Some(words)) = (known, &sent.values) {
                known.extend(words.iter().map(|word| json!(word)));
            }
        }
        None => params.push(json!({
            "name": sent.key, "in": sent.within, "required": sent.required, "schema": schema(sent),
        })),
    }
}

fn add_member(operation: &mut Value, sent: &Sent) {
    let body = &mut operation["requestBody"]["content"]["application/json"]["schema"];
    if body.is_null() {
        *body = json!({ "type": "object", "required": [], "properties": {} });
    }
    body["properties"][sent.key] = schema(sent);
    let required = body["required"].as_array_mut().unwrap();
    if sent.required && !required.contains(&json!(sent.key)) {
        required.push(json!(sent.key));
    }
}

fn schema(sent: &Sent) -> Value {
    let mut schema = match sent.element {
        Some(element) => json!({ "type": element }),
        None => json!({}),
    };
    if let Some(words) = &sent.values {
        schema["enum"] = json!(words);
    }
    for member in &sent.fields {
        schema["properties"][*member] = json!({});
    }
    if sent.list {
        schema = json!({ "type": "array", "items": schema });
    }
    for (key, number) in [("minimum", sent.min), ("maximum", sent.max)] {
        if let Some(number) = number {
            schema[key] = json!(number);
        }
    }
    if let Some(default) = sent.default {
        schema["default"] = json!(default);
    }
    if let Some(most) = sent.max_ids {
        schema["description"] = json!(format!("Comma-separated. Maximum: {most} IDs."));
    }
    schema
}
