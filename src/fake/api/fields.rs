//! The parameter `fields`: `name,items(total,items(item(name)))`, with `!` before excluded fields.

use crate::json::value::Value;

/// The name of a field, and the fields to select within it. An empty list selects all of them.
#[derive(Debug, PartialEq)]
struct Selector<'a> {
    name: &'a str,
    is_excluded: bool,
    within: Vec<Selector<'a>>,
}

/// Returns the selected fields of a response.
pub(crate) fn filtered(json: Value, fields: &str) -> Value {
    let (selectors, _) = list(fields, MAX_DEPTH);
    keep(json, &selectors)
}

/// The maximum depth of lists, far above that of responses.
const MAX_DEPTH: usize = 20;

/// Parses a list up to its end, and returns its selectors and the rest of the text.
fn list(text: &str, depth: usize) -> (Vec<Selector<'_>>, &str) {
    let mut selectors = Vec::new();
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
                return (selectors, "");
            }
            (within, rest) = list(inner, depth - 1);
        }
        if !name.is_empty() {
            selectors.push(path(name, name.len() < word.len(), within));
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some(',') => rest = chars.as_str(),
            Some(')') => return (selectors, chars.as_str()),
            // After a list, any other character begins a new name.
            Some(_) => {}
            None => return (selectors, ""),
        }
    }
}

/// Parses a name with dots, which is short for nested lists: `tracks.total`.
fn path<'a>(name: &'a str, is_excluded: bool, within: Vec<Selector<'a>>) -> Selector<'a> {
    match name.rsplit_once('.') {
        Some((outer, inner)) => {
            path(outer, false, vec![Selector { name: inner, is_excluded, within }])
        }
        None => Selector { name, is_excluded, within },
    }
}

fn keep(json: Value, selectors: &[Selector<'_>]) -> Value {
    if selectors.is_empty() {
        return json;
    }
    match json {
        Value::List(values) => {
            Value::List(values.into_iter().map(|value| keep(value, selectors)).collect())
        }
        Value::Object(fields) => {
            let all = selectors.iter().all(|selector| selector.is_excluded);
            let kept = fields.into_iter().filter_map(|(key, value)| {
                match selectors.iter().find(|selector| selector.name == key) {
                    Some(selector) if selector.is_excluded && selector.within.is_empty() => None,
                    Some(selector) => Some((key, keep(value, &selector.within))),
                    None => all.then_some((key, value)),
                }
            });
            Value::Object(kept.collect())
        }
        json => json,
    }
}
