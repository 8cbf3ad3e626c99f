//! The rules for the path of a custom call.

use crate::types::display::{Escaped, Quoted};

/// The problem of a path, of which the parameters `{name}` have these values; `None` if it is valid. The text contains
/// no part of the path that could contain a secret, such as the query of a link.
pub(super) fn problem(path: &str, base_path: &str, set: &[&str]) -> Option<String> {
    if path.contains("://") || path.starts_with("//") {
        return Some(
            "expected a path below the base URL, found an address with a server: the token goes to the server \
             of the base URL alone, so give what comes after that"
                .to_owned(),
        );
    }
    if let Some(at) = path.find(['?', '#']) {
        let (before, after) = path.split_at(at);
        return Some(if after.starts_with('?') {
            format!(
                "expected a path without a query, found `?` after {}: give its parameters with \
                 `.query(key, value)`",
                Quoted(before)
            )
        } else {
            format!(
                "expected a path, found `#` after {}: what follows it is never sent, so leave it out",
                Quoted(before)
            )
        });
    }
    if let Some(bad) = path.chars().find(|c| !is_plain(*c)) {
        return Some(format!(
            "expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{{names}}`, found `{}`: put `{{name}}` \
             in its place, and give the text, as it is, with `.path(\"name\", text)`",
            Escaped(&bad.to_string(), 1)
        ));
    }
    if !path.starts_with('/') {
        return Some(format!(
            "expected a path that begins with a slash, as `/me/tracks` does, found {}",
            Quoted(path)
        ));
    }
    let below_base = path.strip_prefix(base_path).filter(|_| !base_path.is_empty());
    if below_base.is_some_and(|rest| rest.starts_with('/')) {
        return Some(format!(
            "expected a path below the base URL, which ends in `{base_path}`, found that once more: leave it out"
        ));
    }
    let mut named = Vec::new();
    for segment in path.split('/').skip(1) {
        let name = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
        match (segment, name) {
            ("", _) => {
                return Some(
                    "expected a segment after each slash, found none: two slashes, or one at the end"
                        .to_owned(),
                );
            }
            ("." | "..", _) => {
                return Some(format!(
                    "expected names between slashes, found the segment `{segment}`"
                ));
            }
            (_, Some(name)) if !name.is_empty() && !name.contains(['{', '}']) => named.push(name),
            _ if segment.contains(['{', '}']) => {
                return Some(format!(
                    "expected `{{name}}` from one slash to the next, found {}",
                    Quoted(segment)
                ));
            }
            _ => {}
        }
    }
    if let Some(name) = named.iter().find(|name| !set.contains(name)) {
        return Some(format!(
            "expected a value for `{{{name}}}`, found none: give it with `.path(\"{name}\", value)`"
        ));
    }
    set.iter().find(|name| !named.contains(name)).map(|name| {
        format!(
            "expected `{{{}}}` in the path, for which there is a value, found none",
            Escaped(name, 80)
        )
    })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '{' | '}' | '-' | '_' | '.' | '~')
}
