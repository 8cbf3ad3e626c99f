//! Checks that no two endpoints have the same name or send the same request.

use std::collections::HashMap;

use super::super::read::At;
use super::super::table::{Endpoint, ParamLocation, pascal};
use super::Checker;

impl Checker<'_> {
    pub(super) fn unique_endpoints(&self) {
        let mut names: HashMap<String, (&At<String>, &Endpoint)> = HashMap::new();
        let mut requests: HashMap<(String, Vec<String>), &Endpoint> = HashMap::new();
        for endpoint in self.table.endpoints() {
            // An entry of a program can replace an entry of the crate.
            let is_beside = |first: &Endpoint| {
                self.is_overlay(&endpoint.location) && !self.is_overlay(&first.location)
            };
            // A missing name is already reported.
            for (at, ..) in endpoint.methods().filter(|(at, ..)| !at.value.is_empty()) {
                let (name, type_name) = (&at.value, pascal(&at.value));
                let (first, entry) = *names.entry(type_name.clone()).or_insert((at, endpoint));
                if std::ptr::eq(first, at) {
                    continue;
                }
                let message = if first.value == *name {
                    let both_are_entries = *first == entry.name && *at == endpoint.name;
                    let advice = if both_are_entries && is_beside(entry) {
                        " of the crate: choose another name, or replace that entry with `replaces = true`"
                    } else {
                        ""
                    };
                    let first = self.origin(&first.location);
                    format!("the name `{name}` is taken by the entry at {first}{advice}")
                } else {
                    format!(
                        "the request type of this entry would be called `{type_name}`, like that of `{}`: choose another name",
                        first.value
                    )
                };
                self.problem(&at.location, message);
            }
            let Some(path) = &endpoint.path else { continue };
            let method = &endpoint.method.value;
            let request =
                (format!("{method} {}", path.value.shape()), distinguishing_keys(endpoint));
            let first = *requests.entry(request).or_insert(endpoint);
            if std::ptr::eq(first, endpoint) {
                continue;
            }
            let name = &first.name.value;
            let advice = if is_beside(first) {
                format!("; to replace that entry, write `name = \"{name}\"` and `replaces = true`")
            } else {
                String::new()
            };
            let message = format!(
                "`{name}` already sends {method} {}: such entries need different fixed or required parameters{advice}",
                first.path_text()
            );
            self.problem(&path.location, message);
        }
    }
}

/// Returns the keys that distinguish an endpoint from others with the same method and path.
fn distinguishing_keys(endpoint: &Endpoint) -> Vec<String> {
    let fixed = endpoint.fixed.iter().map(|(key, value)| format!("{key}={value}"));
    let required = endpoint.params.iter();
    let required =
        required.filter(|param| param.required && !param.is_surely_in(ParamLocation::Path));
    let required =
        required.map(|param| format!("{}{}", param.key.value, if param.list { "[]" } else { "" }));
    let mut all: Vec<String> = fixed.chain(required).collect();
    all.sort();
    all
}
