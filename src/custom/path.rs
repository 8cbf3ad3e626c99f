//! The rules for the path of a custom call.

use crate::types::display::{Escaped, Quoted};

/// Returns the problem of a path whose parameters in `set` have a value; `None` if it is valid. The text contains no part
/// of the path that could be a secret, such as the query of a link.
pub(super) fn problem(path: &str, base_path: &str, set: &[&str]) -> Option<String> {
    if path.contains("://") || path.starts_with("//") {
        return Some(
            "expected a path below the base URL, found a full URL; the client sends its token only to the server \
             of the base URL, so pass the path alone"
                .to_owned(),
        );
    }
    if let Some(at) = path.find(['?', '#']) {
        let (before, after) = path.split_at(at);
        return Some(if after.starts_with('?') {
            format!(
                "expected a path without a query, found `?` after {}; set the parameters with \
                 `.query(key, value)`",
                Quoted(before)
            )
        } else {
            format!(
                "expected a path without a fragment, found `#` after {}; remove the fragment",
                Quoted(before)
            )
        });
    }
    if let Some(bad) = path.chars().find(|c| !is_plain(*c)) {
        return Some(format!(
            "expected a path of letters, digits, `-`, `_`, `.`, `~`, `/` and `{{names}}`, found `{}`; write `{{name}}` \
             in its place, and set the unescaped text with `.path(\"name\", text)`",
            Escaped(&bad.to_string(), 1)
        ));
    }
    if !path.starts_with('/') {
        return Some(format!(
            "expected a path that begins with a slash, such as `/me/tracks`, found {}",
            Quoted(path)
        ));
    }
    let below_base = path.strip_prefix(base_path).filter(|_| !base_path.is_empty());
    if below_base.is_some_and(|rest| rest.starts_with('/')) {
        return Some(format!(
            "expected a path without that of the base URL, found `{base_path}`; remove it"
        ));
    }
    let mut named = Vec::new();
    for segment in path.split('/').skip(1) {
        let name = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
        match (segment, name) {
            ("", _) => {
                return Some(
                    "expected a segment after each slash, found a double or trailing slash"
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
                    "expected `{{name}}` as a whole segment, found {}",
                    Quoted(segment)
                ));
            }
            _ => {}
        }
    }
    if let Some(name) = named.iter().find(|name| !set.contains(name)) {
        return Some(format!(
            "expected a value for `{{{name}}}`, found none; set it with `.path(\"{name}\", value)`"
        ));
    }
    set.iter().find(|name| !named.contains(name)).map(|name| {
        format!(
            "expected `{{{}}}` in the path, because `.path` sets it, found none",
            Escaped(name, 80)
        )
    })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '{' | '}' | '-' | '_' | '.' | '~')
}
