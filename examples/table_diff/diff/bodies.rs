//! Compares recorded responses with the schemas of a document.

use serde_json::Value;

use super::compare::{ABSENT, Compared, Differences, Kind};
use super::openapi::{Api, Operation, Reader};

/// The name of the other side of these differences in the report.
const RECORDING: &[&str] = &["the recording"];

/// Compares the response bodies of a recording by `tonearm::fake::Recorder`.
pub fn compare(api: &mut Api<'_>, recording: &str) -> Result<Vec<Compared>, String> {
    let expected = "expected a recording of `tonearm::fake::Recorder`, found";
    let json: Value =
        serde_json::from_str(recording).map_err(|error| format!("{expected}: {error}"))?;
    let Some(exchanges) =
        json["exchanges"].as_array().filter(|_| json["tonearm_recording"].is_u64())
    else {
        return Err(format!("{expected} other JSON"));
    };
    let mut all: Vec<Compared> = Vec::new();
    for exchange in exchanges {
        let (request, response) = (&exchange["request"], &exchange["response"]);
        let text = |value: &'static str| request[value].as_str().unwrap_or_default();
        let is_success = matches!(response["status"].as_u64(), Some(200..=299));
        let body = &response["body"];
        if !is_success || body.is_null() {
            continue;
        }
        let (method, recorded) = (text("method"), text("path"));
        let recorded = recorded.strip_prefix("/v1").unwrap_or(recorded);
        let operation = operation_at(&api.operations, method, recorded);
        let path = operation.map_or(recorded, |operation| &operation.path);
        let known = |compared: &Compared| compared.path == path && compared.method == method;
        let index = all.iter().position(known).unwrap_or(all.len());
        if index == all.len() {
            let (method, path) = (method.to_owned(), path.to_owned());
            all.push(Compared { method, path, differences: Vec::new(), kind: Kind::Recorded });
        }
        let mut found = Differences(std::mem::take(&mut all[index].differences));
        match operation.map(|operation| operation.response) {
            Some(Some(schema)) => {
                let mut comparison =
                    Comparison { reader: &mut api.reader, place: path, found: &mut found };
                comparison.value(body, &[schema], "body");
            }
            Some(None) => found.add("body", ABSENT, kind(body), RECORDING),
            None => found.add("operation", ABSENT, "present", RECORDING),
        }
        all[index].differences = found.0;
    }
    Ok(all)
}

/// Returns the operation of a recorded request. If several match, it is the one with the fewest path parameters.
fn operation_at<'o, 'a>(
    operations: &'o [Operation<'a>],
    method: &str,
    path: &str,
) -> Option<&'o Operation<'a>> {
    let matches = |operation: &&Operation<'_>| {
        let mut segments = operation.path.split('/').zip(path.split('/'));
        operation.method == method
            && operation.path.split('/').count() == path.split('/').count()
            && segments.all(|(known, found)| known == found || known.starts_with('{'))
    };
    operations.iter().filter(matches).min_by_key(|operation| operation.path.matches('{').count())
}

/// Returns the JSON type of a value.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

struct Comparison<'w, 'a> {
    reader: &'w mut Reader<'a>,
    place: &'w str,
    found: &'w mut Differences,
}

impl<'a> Comparison<'_, 'a> {
    fn value(&mut self, value: &Value, schemas: &[&'a Value], about: &str) {
        let parts = self.reader.parts(schemas, self.place);
        let (types, kind) = (parts.types(), kind(value));
        let is_number = kind == "integer" && types.contains("number");
        let fits = types.contains(kind) || is_number || (value.is_null() && parts.is_nullable());
        if !types.is_empty() && !fits {
            let types = types.into_iter().collect::<Vec<_>>().join(" or ");
            return self.found.add(format!("{about} type"), types, kind, RECORDING);
        }
        match value {
            Value::String(text) => {
                let values = parts.values();
                if !values.is_empty() && !values.contains(text) {
                    self.found.add(format!("{about} value {text}"), ABSENT, "present", RECORDING);
                }
            }
            Value::Array(elements) => {
                let schemas = parts.items();
                for element in elements.iter().filter(|_| !schemas.is_empty()) {
                    self.value(element, &schemas, &format!("{about}[]"));
                }
            }
            Value::Object(fields) => {
                let schemas = parts.fields();
                // If the document lists no fields, the object may have any.
                for (key, value) in fields.iter().filter(|_| !schemas.is_empty()) {
                    let about = format!("{about}.{key}");
                    match schemas.get(key.as_str()) {
                        Some(schema) => self.value(value, schema, &about),
                        None => self.found.add(about, ABSENT, self::kind(value), RECORDING),
                    }
                }
                for key in parts.required().filter(|key| !fields.contains_key(*key)) {
                    self.found.add(format!("{about}.{key}"), "required", ABSENT, RECORDING);
                }
            }
            _ => {}
        }
    }
}
