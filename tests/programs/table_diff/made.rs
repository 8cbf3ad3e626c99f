//! A document made from the table, which therefore differs from it in nothing.

use serde_json::{Value, json};
use tonearm::endpoint::{Availability, Endpoint};

use super::diff::sent::{Sent, sent};

pub fn document_of(rows: &[&'static Endpoint]) -> Value {
    let mut document = json!({ "openapi": "3.0.3", "paths": {} });
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
        for status in super::diff::spec::success(&row.name) {
            operation["responses"][status.to_string()] = json!({});
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
    document
}

fn add_param(operation: &mut Value, sent: &Sent) {
    let params = operation["parameters"].as_array_mut().unwrap();
    match params.iter_mut().find(|param| param["name"] == sent.key && param["in"] == sent.within) {
        Some(param) => {
            // Rows with a fixed value have a word each.
            let known = param["schema"].get_mut("enum").and_then(Value::as_array_mut);
            if let (Some(known), Some(words)) = (known, &sent.words) {
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
    if let Some(words) = &sent.words {
        schema["enum"] = json!(words);
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
