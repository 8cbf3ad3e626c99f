//! The entries of `spec/`, for the keys that the public descriptors of endpoints do not have.
#![allow(dead_code)] // Each program uses its own part of this.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// The `[[endpoint]]` and `[[enum]]` entries by name.
static TABLES: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let folder = folder();
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

/// Returns the folder `spec/`.
fn folder() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [package.join("spec"), package.join("../spec")];
    folders.into_iter().find(|folder| folder.exists()).unwrap()
}

/// Returns the entry of an endpoint as JSON.
pub fn entry(endpoint: &str) -> &'static Value {
    &TABLES[endpoint]
}

/// Returns an enum as JSON.
pub fn enumeration(name: &str) -> &'static Value {
    &TABLES[name]
}

/// Returns a parameter of an endpoint as JSON.
pub fn param(endpoint: &str, param: &str) -> &'static Value {
    let params = entry(endpoint)["params"].as_array().unwrap();
    params.iter().find(|known| known["name"] == param).unwrap()
}

/// Returns the status codes of a successful response.
pub fn success(endpoint: &str) -> Vec<u16> {
    let codes = entry(endpoint)["success"].as_array();
    let codes = codes.map(|codes| codes.iter().map(|code| code.as_u64().unwrap() as u16));
    codes.map_or_else(|| vec![200], Iterator::collect)
}

/// Returns the query parameters that every request has.
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

/// Returns the line of a parameter with another number for a key.
pub fn changed_param(endpoint: &str, param: &str, key: &str, number: i64) -> Option<String> {
    changed_line(endpoint, &format!("{{ name = \"{param}\","), key, number)
}

/// Returns the line with the rule for splitting lists, with another maximum.
pub fn changed_batch(endpoint: &str, max: i64) -> Option<String> {
    changed_line(endpoint, "batch ", "max", max)
}

fn changed_line(endpoint: &str, start: &str, key: &str, number: i64) -> Option<String> {
    let files = std::fs::read_dir(folder()).ok()?;
    let mut texts = files.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok());
    let entry = texts.find_map(|text| {
        let entries = text.split("[[endpoint]]");
        let name = format!("name         = \"{endpoint}\"\n");
        entries.into_iter().find(|entry| entry.contains(&name)).map(str::to_owned)
    })?;
    let line = entry.lines().map(str::trim).find(|line| line.starts_with(start))?;
    let with = |line: &str, key: &str| {
        let assignment = format!(" {key} = ");
        let (before, after) = line.split_once(&assignment)?;
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (old, after) = after.split_at(end);
        Some((old.parse::<i64>().ok()?, format!("{before}{assignment}{number}{after}")))
    };
    let mut line = match (with(line, key), line.split_once(" doc = ")) {
        (Some((_, line)), _) => line,
        // Insert a missing key before `doc`.
        (None, Some((before, doc))) => format!("{before} {key} = {number}, doc = {doc}"),
        (None, None) => return None,
    };
    // Lower an example that is above the new maximum.
    if let Some((example, smaller)) = with(&line, "example")
        && key == "max"
        && example > number
    {
        line = smaller;
    }
    Some(line)
}
