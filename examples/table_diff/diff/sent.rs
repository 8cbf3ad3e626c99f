//! What a row sends, in the terms of an OpenAPI document.

use std::collections::BTreeSet;

use serde_json::Value;
use tonearm::endpoint::{Endpoint, ParamInfo, ParamKind, ParamLocation};

use super::spec;

/// One key that a row sends.
#[derive(Clone, Debug)]
pub struct Sent {
    pub within: &'static str,
    pub key: &'static str,
    /// Whether the row always sends it; of two keys of which a call takes one, neither is.
    pub required: bool,
    /// Whether it is sent with the same value always.
    pub fixed: bool,
    /// The type of one element; none for a kind that this program does not know.
    pub element: Option<&'static str>,
    pub list: bool,
    /// The words that it may be, if not any text.
    pub words: Option<Vec<&'static str>>,
    /// The fields of the object, or of each object of a list.
    pub members: BTreeSet<&'static str>,
    pub min: Option<i64>,
    /// The maximum that the document has: it describes apps in development mode, and not all that Spotify accepts.
    pub max: Option<i64>,
    pub unsigned: bool,
    pub default: Option<&'static str>,
    pub max_ids: Option<u32>,
}

impl Sent {
    /// The type in words: `array of string`.
    pub fn kind(&self) -> String {
        let element = self.element.unwrap_or("something");
        if self.list { format!("array of {element}") } else { element.to_owned() }
    }
}

/// All that a row sends.
pub fn sent(row: &'static Endpoint) -> Vec<Sent> {
    let fixed = spec::fixed(&row.name).into_iter().map(|(key, value)| Sent {
        within: "query",
        key,
        required: true,
        fixed: true,
        element: Some("string"),
        list: false,
        words: Some(vec![value]),
        members: BTreeSet::new(),
        min: None,
        max: None,
        unsigned: false,
        default: None,
        max_ids: None,
    });
    let by = spec::entry(&row.name)["batch"]["by"].as_str();
    let params = row.params.iter().flat_map(|param| {
        let max_ids = row.max_ids().filter(|_| Some(&*param.name) == by);
        keys(param, spec::param(&row.name, &param.name), max_ids)
    });
    let mut all: Vec<Sent> = Vec::new();
    for sent in fixed.chain(params) {
        let same = |known: &&mut Sent| known.within == sent.within && known.key == sent.key;
        match all.iter_mut().find(same) {
            // Parameters with one object have a field each.
            Some(known) if !sent.members.is_empty() => known.members.extend(sent.members),
            _ => all.push(sent),
        }
    }
    all
}

fn keys(param: &'static ParamInfo, entry: &'static Value, max_ids: Option<u32>) -> Vec<Sent> {
    // A wish makes its key itself, and a picture is a body without members: the document's side of
    // both stands among what was decided.
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
        // Without a path parameter the path is another one, so in its own it is required always.
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
        words: match param.kind {
            ParamKind::OneOf(words) => Some(words.to_vec()),
            _ => None,
        },
        min: param.min.filter(|_| !param.key.contains('.')),
        members: match (param.key.split_once('.'), entry["element_key"].as_str()) {
            (Some((_, field)), _) | (None, Some(field)) => BTreeSet::from([field]),
            _ if param.kind == ParamKind::TimestampedId => BTreeSet::from(["id", "added_at"]),
            _ => BTreeSet::new(),
        },
        max: entry["documented_max"].as_i64().or(param.development_max).or(param.max),
        unsigned: entry["type"].as_str().is_some_and(|ty| ty.starts_with('u')),
        default: param.default,
        max_ids,
    };
    match entry["bare_key"].as_str() {
        Some(key) => {
            let either = Sent { required: false, ..sent };
            vec![
                either.clone(),
                Sent { key, element: Some("string"), members: BTreeSet::new(), ..either },
            ]
        }
        None => vec![sent],
    }
}
