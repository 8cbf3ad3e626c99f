//! The syntax of the parameter `fields`: `name,items(total,items(item(name)))`, with `!` before unwanted fields.

use crate::json::value::Value;

/// A name in the list, and the names within it; without any, everything within it.
#[derive(Debug, PartialEq)]
struct Wanted<'a> {
    name: &'a str,
    is_unwanted: bool,
    within: Vec<Wanted<'a>>,
}

/// The selected fields of a response.
pub(crate) fn filtered(json: Value, fields: &str) -> Value {
    let (wanted, _) = list(fields, MAX_DEPTH);
    keep(json, &wanted)
}

/// The maximum depth of lists; responses are less deep by far.
const MAX_DEPTH: usize = 20;

/// The names up to the end of a list, and the rest of the text.
fn list(text: &str, depth: usize) -> (Vec<Wanted<'_>>, &str) {
    let mut wanted = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find([',', '(', ')']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let word = word.trim();
        let name = word.strip_prefix('!').unwrap_or(word);
        let mut within = Vec::new();
        rest = after;
        if let Some(inner) = rest.strip_prefix('(') {
            if depth == 0 {
                return (wanted, "");
            }
            (within, rest) = list(inner, depth - 1);
        }
        if !name.is_empty() {
            wanted.push(path(name, name.len() < word.len(), within));
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some(',') => rest = chars.as_str(),
            Some(')') => return (wanted, chars.as_str()),
            // Anything but a comma after a list begins a new name.
            Some(_) => {}
            None => return (wanted, ""),
        }
    }
}

/// A name with dots is short for nested lists: `tracks.total`.
fn path<'a>(name: &'a str, is_unwanted: bool, within: Vec<Wanted<'a>>) -> Wanted<'a> {
    match name.rsplit_once('.') {
        Some((outer, inner)) => {
            path(outer, false, vec![Wanted { name: inner, is_unwanted, within }])
        }
        None => Wanted { name, is_unwanted, within },
    }
}

fn keep(json: Value, wanted: &[Wanted<'_>]) -> Value {
    if wanted.is_empty() {
        return json;
    }
    match json {
        Value::List(values) => {
            Value::List(values.into_iter().map(|value| keep(value, wanted)).collect())
        }
        Value::Object(fields) => {
            let all = wanted.iter().all(|wanted| wanted.is_unwanted);
            let kept = fields.into_iter().filter_map(|(key, value)| {
                match wanted.iter().find(|wanted| wanted.name == key) {
                    Some(wanted) if wanted.is_unwanted && wanted.within.is_empty() => None,
                    Some(wanted) => Some((key, keep(value, &wanted.within))),
                    None => all.then_some((key, value)),
                }
            });
            Value::Object(kept.collect())
        }
        json => json,
    }
}
