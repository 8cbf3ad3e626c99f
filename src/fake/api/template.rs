//! Renders objects from templates in a file, for objects whose fields are mostly fixed.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::json::value::Value;

static TEMPLATES: LazyLock<Value> =
    LazyLock::new(|| Value::parse(include_bytes!("templates.json")).unwrap_or(Value::Null));

/// Renders a template. `value` returns the values of the strings that begin with `$`.
pub(crate) fn from_template(name: &str, value: impl Fn(&str) -> Value) -> Value {
    filled(TEMPLATES.get(name).unwrap_or(&Value::Null), &value)
}

/// Returns the name of the value of a field of a template, without the `$`.
pub(crate) fn placeholder(template: &str, field: &str) -> Option<&'static str> {
    TEMPLATES.get(template)?.get(field)?.as_str()?.strip_prefix('$')
}

/// Returns the devices that every user has at first.
pub(crate) fn made_up_devices() -> &'static [Value] {
    match TEMPLATES.get("devices") {
        Some(Value::List(devices)) => devices,
        _ => &[],
    }
}

/// Returns the names of the fields of a device.
pub(crate) fn device_fields() -> impl Iterator<Item = &'static str> {
    let fields = match made_up_devices().first() {
        Some(Value::Object(fields)) => fields.as_slice(),
        _ => &[],
    };
    fields.iter().map(|(name, _)| &**name)
}

fn filled(json: &Value, value: &dyn Fn(&str) -> Value) -> Value {
    match json {
        Value::Text(text) => text.as_str().strip_prefix('$').map_or_else(|| json.clone(), value),
        Value::List(values) => values.iter().map(|json| filled(json, value)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, json)| (key.clone(), filled(json, value)));
            Value::Object(fields.collect())
        }
        json => json.clone(),
    }
}

/// Returns the ids of the categories, and their names by language.
pub(crate) fn categories() -> &'static [(Cow<'static, str>, Value)] {
    match TEMPLATES.get("categories") {
        Some(Value::Object(categories)) => categories,
        _ => &[],
    }
}
