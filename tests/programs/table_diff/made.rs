//! A document that is generated from the table, and so has no differences from it.

use serde_json::{Value, json};
use tonearm::endpoint::{Availability, Endpoint, ParamKind};
use tonearm::model::shape::Shape;

use super::diff::responses::{fields_of, returned_by};
use super::diff::sent::{Sent, sent};

pub fn document_of(endpoints: &[&'static Endpoint]) -> Value {
    let mut document = json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": {} } });
    let mut components = document["components"]["schemas"].take();
    for endpoint in endpoints {
        let method = endpoint.method.as_str().to_lowercase();
        let operation = &mut document["paths"][&*endpoint.path][&method];
        if operation.is_null() {
            *operation = json!({
                "parameters": [],
                "responses": { "401": {} },
                "security": [{ "oauth_2_0": [] }],
                "deprecated": endpoint.availability != Availability::All,
            });
        }
        let success = super::diff::spec::success(&endpoint.name);
        for status in &success {
            operation["responses"][status.to_string()] = json!({});
        }
        for (pointer, shape) in returned_by(endpoint) {
            let response = &mut operation["responses"][success[0].to_string()];
            let json = &mut response["content"]["application/json"];
            let schema = response_schema(*shape, &mut components);
            match pointer {
                None => json["schema"] = schema,
                Some(field) => json["schema"]["properties"][field] = schema,
            }
        }
        if endpoint.params.iter().any(|param| param.kind == ParamKind::Jpeg) {
            operation["requestBody"] = json!({ "content": { "image/jpeg": {} } });
        }
        let scopes = &endpoint.scopes;
        let known = operation["security"][0]["oauth_2_0"].as_array_mut().unwrap();
        for scope in (scopes.required.iter().chain(scopes.alternative))
            .chain(scopes.conditional.iter().map(|case| &case.scope))
            .chain(scopes.unlocks.iter().map(|unlocking| &unlocking.scope))
        {
            let scope = json!(scope.as_str());
            if !known.contains(&scope) {
                known.push(scope);
            }
        }
        let same =
            |other: &&&Endpoint| other.method == endpoint.method && other.path == endpoint.path;
        for mut sent in sent(endpoint) {
            // A parameter that only some endpoints of an operation send isn't required.
            sent.required &= endpoints.iter().filter(same).all(|other| {
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

/// Returns the schema of a shape. Schemas of models are added to the components.
fn response_schema(shape: Shape, components: &mut Value) -> Value {
    match shape {
        Shape::Text | Shape::Id(_) => json!({ "type": "string" }),
        Shape::Enum(values) => json!({ "type": "string", "enum": values }),
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
            // Endpoints with a fixed value have one value each.
            let known = param["schema"].get_mut("enum").and_then(Value::as_array_mut);
            if let (Some(known), Some(values)) = (known, &sent.values) {
                known.extend(values.iter().map(|value| json!(value)));
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
    if let Some(values) = &sent.values {
        schema["enum"] = json!(values);
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
