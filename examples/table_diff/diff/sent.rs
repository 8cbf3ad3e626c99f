//! The parameters of an endpoint, in the terms of an OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value;
use tonearm::endpoint::{Endpoint, ParamInfo, ParamKind, ParamLocation};

use super::spec;

/// One key that an endpoint sends.
#[derive(Clone, Debug)]
pub struct Sent {
    pub within: &'static str,
    pub key: &'static str,
    /// True if every call sends it. Of two alternative keys, neither is required.
    pub required: bool,
    /// True if its value is always the same.
    pub fixed: bool,
    /// The type of one element. `None` for a kind that this program does not know.
    pub element: Option<&'static str>,
    pub list: bool,
    /// The allowed values. `None` if any text is allowed.
    pub values: Option<Vec<&'static str>>,
    /// The fields of the object, or of each object of a list.
    pub fields: BTreeSet<&'static str>,
    pub min: Option<i64>,
    /// The maximum for the comparison. The document has the maximum for apps in development mode, which may be lower
    /// than the one that Spotify accepts.
    pub max: Option<i64>,
    pub unsigned: bool,
    pub default: Option<&'static str>,
    pub max_ids: Option<u32>,
}

impl Sent {
    /// Describes the type: `array of string`.
    pub fn kind(&self) -> String {
        let element = self.element.unwrap_or("something");
        if self.list { format!("array of {element}") } else { element.to_owned() }
    }
}

/// Returns all keys that an endpoint sends.
pub fn sent(endpoint: &'static Endpoint) -> Vec<Sent> {
    let fixed = spec::fixed(&endpoint.name).into_iter().map(|(key, value)| Sent {
        within: "query",
        key,
        required: true,
        fixed: true,
        element: Some("string"),
        list: false,
        values: Some(vec![value]),
        fields: BTreeSet::new(),
        min: None,
        max: None,
        unsigned: false,
        default: None,
        max_ids: None,
    });
    let by = spec::entry(&endpoint.name)["batch"]["by"].as_str();
    let params = endpoint.params.iter().flat_map(|param| {
        let max_ids = endpoint.max_ids().filter(|_| Some(&*param.name) == by);
        keys(param, spec::param(&endpoint.name, &param.name), max_ids)
    });
    let mut all: Vec<Sent> = Vec::new();
    for sent in fixed.chain(params) {
        let same = |known: &&mut Sent| known.within == sent.within && known.key == sent.key;
        match all.iter_mut().find(same) {
            // Several parameters may be fields of the same object.
            Some(known) if !sent.fields.is_empty() => known.fields.extend(sent.fields),
            _ => all.push(sent),
        }
    }
    all
}

fn keys(param: &'static ParamInfo, entry: &'static Value, max_ids: Option<u32>) -> Vec<Sent> {
    // The key of a tuning parameter depends on its value, and a picture is a body without fields. `decided.toml` has
    // the differences for both.
    if matches!(param.kind, ParamKind::Tuning | ParamKind::Jpeg) {
        return Vec::new();
    }
    let sent = Sent {
        within: match param.location {
            ParamLocation::Path => "path",
            ParamLocation::Query => "query",
            _ => "body",
        },
        key: param.key.split('.').next().unwrap_or(&param.key),
        // A path parameter is always required in its path: without it, the call uses another path.
        required: param.required || param.location == ParamLocation::Path,
        fixed: false,
        element: match param.kind {
            ParamKind::Integer => Some("integer"),
            ParamKind::Boolean => Some("boolean"),
            ParamKind::Text | ParamKind::Id(_) | ParamKind::Uri | ParamKind::Market => {
                Some("string")
            }
            ParamKind::Timestamp | ParamKind::OneOf(_) => Some("string"),
            ParamKind::TimestampedId => Some("object"),
            _ => None,
        }
        .map(|element| {
            if entry["element_key"].is_string() || param.key.contains('.') {
                "object"
            } else {
                element
            }
        }),
        list: param.list || entry["sent_as_list"] == true,
        values: match param.kind {
            ParamKind::OneOf(values) => Some(values.to_vec()),
            _ => None,
        },
        min: param.min.filter(|_| !param.key.contains('.')),
        fields: match (param.key.split_once('.'), entry["element_key"].as_str()) {
            (Some((_, field)), _) | (None, Some(field)) => BTreeSet::from([field]),
            _ if param.kind == ParamKind::TimestampedId => BTreeSet::from(["id", "added_at"]),
            _ => BTreeSet::new(),
        },
        max: entry["documented_max"].as_i64().or(param.development_max).or(param.max),
        unsigned: entry["type"]
            .as_str()
            .is_some_and(|ty| ty.starts_with('u') || ["Duration", "SystemTime"].contains(&ty)),
        default: param.default,
        max_ids,
    };
    match entry["bare_key"].as_str() {
        Some(key) => {
            let either = Sent { required: false, ..sent };
            vec![
                either.clone(),
                Sent { key, element: Some("string"), fields: BTreeSet::new(), ..either },
            ]
        }
        None => vec![sent],
    }
}
