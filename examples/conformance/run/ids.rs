//! The values that requests are made of: ids that were found in responses, and after them the examples in `spec/`.

use std::collections::BTreeMap;

use serde_json::Value;
use tonearm::Spotify;
use tonearm::endpoint::{Endpoint, Method, ParamInfo, ParamKind};

use super::spec;

/// The values found in responses so far.
#[derive(Default)]
pub struct Found {
    /// Ids by kind, and other values by the name of the parameter that takes them.
    values: BTreeMap<String, Vec<String>>,
    /// The id of the user.
    me: Option<String>,
    has_own_playlist: bool,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub text: String,
    /// `true` if it was found in a response, so Spotify must accept it. A playlist must be the user's own.
    pub is_found: bool,
}

impl Found {
    /// Takes the ids of the objects in a response.
    pub fn take(&mut self, json: &Value) {
        // The first profile is that of the user.
        if self.me.is_none() && json["type"] == "user" {
            self.me = json["id"].as_str().map(str::to_owned);
        }
        self.take_within(json);
    }

    fn take_within(&mut self, json: &Value) {
        match json {
            Value::Array(list) => list.iter().for_each(|element| self.take_within(element)),
            Value::Object(fields) => {
                self.take_object(json);
                fields.values().for_each(|value| self.take_within(value));
            }
            _ => {}
        }
    }

    fn take_object(&mut self, object: &Value) {
        let text = |key: &str| object[key].as_str();
        let uri = text("uri").and_then(|uri| uri.strip_prefix("spotify:")?.split_once(':'));
        let uri = uri.filter(|(_, id)| !id.contains(':'));
        // Chapters have the type of episodes; the URI of an audiobook may be that of a show.
        let kind = match text("type") {
            Some("episode") if object.get("chapter_number").is_some() => Some("chapter"),
            kind => kind.or(uri.map(|(kind, _)| kind)),
        };
        // The user's own playlists come first: an app in development mode can read no others.
        let is_mine = self.me.is_some() && object["owner"]["id"].as_str() == self.me.as_deref();
        if let (Some(kind), Some(id)) = (kind, text("id").or(uri.map(|(_, id)| id))) {
            self.add(kind, id, is_mine);
            self.has_own_playlist |= is_mine;
        }
        for (name, value) in text("href").map(values_in_path).unwrap_or_default() {
            self.add(name, &value, false);
        }
    }

    fn add(&mut self, of: &str, value: &str, is_first: bool) {
        let values = self.values.entry(of.to_owned()).or_default();
        if !values.iter().any(|known| known == value) {
            let place = if is_first { 0 } else { values.len() };
            values.insert(place, value.to_owned());
        }
    }

    /// The URIs of a kind.
    pub fn uris(&self, kind: &str) -> Vec<String> {
        let ids = self.values.get(kind).into_iter().flatten();
        ids.map(|id| format!("spotify:{kind}:{id}")).collect()
    }

    /// The values for a parameter, at most `count`: those that were found, or else the example.
    pub fn choose(&self, endpoint: &Endpoint, param: &ParamInfo, count: usize) -> Option<Chosen> {
        let spec = spec::param(&endpoint.name, &param.name);
        let of_kind = |kind: &str| self.values.get(kind).into_iter().flatten();
        let found: Vec<String> = match param.kind {
            ParamKind::Id(kind) => of_kind(kind).take(count).cloned().collect(),
            ParamKind::Uri => {
                let kinds = spec["kinds"].as_array().into_iter().flatten();
                let uris = kinds.filter_map(Value::as_str).flat_map(|kind| {
                    of_kind(kind).take(count).map(move |id| format!("spotify:{kind}:{id}"))
                });
                uris.take(count).collect()
            }
            ParamKind::Text => of_kind(&param.name).take(count).cloned().collect(),
            _ => Vec::new(),
        };
        if !found.is_empty() {
            let is_found = param.kind != ParamKind::Id("playlist") || self.has_own_playlist;
            return Some(Chosen { text: found.join(","), is_found });
        }
        let plain = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        let text = match &spec["example"] {
            Value::Array(list) => {
                let texts = list.iter().take(count).filter_map(plain);
                Some(texts.collect::<Vec<_>>().join(",")).filter(|text| !text.is_empty())
            }
            value => plain(value),
        };
        text.map(|text| Chosen { text, is_found: false })
    }
}

/// The path parameters that are text in the address of an object: `category_id` and `party`.
fn values_in_path(href: &str) -> Vec<(&'static str, String)> {
    let Some((_, path)) = href.split_once("/v1/") else { return Vec::new() };
    let segments: Vec<&str> =
        path.split(['?', '#']).next().unwrap_or_default().split('/').collect();
    let mut found = Vec::new();
    for endpoint in Spotify::endpoints().iter().filter(|known| known.method == Method::Get) {
        let template: Vec<&str> = endpoint.path.trim_start_matches('/').split('/').collect();
        let fits = |(word, segment): (&&str, &&str)| word.starts_with('{') || word == segment;
        if template.len() != segments.len() || !template.iter().zip(&segments).all(fits) {
            continue;
        }
        let texts = endpoint.params.iter().filter(|param| param.kind == ParamKind::Text);
        for param in texts {
            let word = format!("{{{}}}", param.key);
            let place = template.iter().position(|known| *known == word);
            found.extend(place.map(|place| (&*param.name, segments[place].to_owned())));
        }
    }
    found
}
