//! The entries of `spec/`, for the keys that the public descriptors of endpoints do not have.
#![allow(dead_code)] // Each program uses its own part of this.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// The entries and the enums by name.
static TABLES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [package.join("spec"), package.join("../spec")];
    let folder = folders.into_iter().find(|folder| folder.exists()).unwrap();
    let mut entries = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(path).unwrap();
            let mut table = json_of_table(DeTable::parse(&text).unwrap().get_ref());
            for kind in ["endpoint", "enum"] {
                for entry in table[kind].as_array_mut().into_iter().flatten() {
                    let name = entry["name"].as_str().unwrap().to_owned();
                    entries.insert(name, std::mem::take(entry));
                }
            }
        }
    }
    entries
});

/// The entry of an endpoint as JSON.
pub fn entry(endpoint: &str) -> &'static Value {
    &TABLES[endpoint]
}

/// An enum as JSON.
pub fn enumeration(name: &str) -> &'static Value {
    &TABLES[name]
}

/// A parameter of an endpoint as JSON.
pub fn param(endpoint: &str, param: &str) -> &'static Value {
    let params = entry(endpoint)["params"].as_array().unwrap();
    params.iter().find(|known| known["name"] == param).unwrap()
}

/// The status codes of success.
pub fn success(endpoint: &str) -> Vec<u16> {
    let codes = entry(endpoint)["success"].as_array();
    let codes = codes.map(|codes| codes.iter().map(|code| code.as_u64().unwrap() as u16));
    codes.map_or_else(|| vec![200], Iterator::collect)
}

/// The query parameters that every request has.
pub fn fixed(endpoint: &str) -> Vec<(&'static str, &'static str)> {
    let fixed = entry(endpoint)["fixed"].as_object().into_iter().flatten();
    fixed.map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect()
}

fn json_of_table(table: &DeTable<'_>) -> Value {
    let entries = table.iter();
    entries.map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect()
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::Table(table) => json_of_table(table),
        DeValue::Array(list) => list.iter().map(|element| json(element.get_ref())).collect(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Integer(value) => value.as_str().parse::<i64>().unwrap().into(),
        value => value.as_str().unwrap().into(),
    }
}
