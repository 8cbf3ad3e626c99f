//! The Rust names of calls, parameters and types.

use std::collections::HashSet;

use proc_macro2::Ident;

use super::super::read::At;
use super::super::table::ident;
use super::Checker;

/// The parameter types that the table does not define, except integers.
#[rustfmt::skip]
pub(super) const PARAM_TYPES: [&str; 10] = [
    "bool", "String", "Market", "Timestamp", "TimestampedId", "SpotifyUri", "Jpeg", "Tuning", "Duration", "SystemTime",
];

/// Names that the files around the generated types use.
#[rustfmt::skip]
const RESERVED: [&str; 11] = [
    "AsRef", "Box", "Debug", "Display", "Formatter", "InvalidId", "Option", "Result", "Self", "UnknownValue", "Vec",
];

/// The root of the crate. Each of its `pub use` hides a type of the table with the same name, without an error.
const ROOT: &str = include_str!("../../src/lib.rs");

impl Checker<'_> {
    /// Checks that a name is in snake case and not a keyword of Rust. The message for a keyword contains the advice.
    pub(super) fn identifier(&self, name: &At<String>, advice: &str) {
        let text = &name.value;
        if !is_snake(text) {
            let better = snake(text.trim_matches('_'));
            let better = Some(better).filter(|better| text.is_ascii() && is_snake(better));
            let advice = match better {
                Some(better) => format!("write `{better}`"),
                None => "letters a to z and digits, with a single `_` between words".to_owned(),
            };
            let message = format!("a name is written in snake_case, found {name}: {advice}");
            self.problem(&name.location, message);
        } else if is_keyword(text) {
            self.problem(&name.location, format!("`{text}` is a keyword of Rust: {advice}"));
        }
    }

    /// Checks the name of a new type, which must be in upper camel case and not in use.
    pub(super) fn type_name(&mut self, name: &At<String>) -> Option<Ident> {
        let text = &name.value;
        if !text.starts_with(|c: char| c.is_ascii_uppercase())
            || !text.chars().all(|c| c.is_ascii_alphanumeric())
        {
            self.broken(name, "a type is written in UpperCamelCase, as in `TimeRange`");
        } else if self.taken_types.contains(text.as_str()) {
            let message =
                format!("`{text}` is a type of the crate or of Rust: choose another name");
            self.problem(&name.location, message);
        } else if let Some(first) = self.types.get(text) {
            let first = self.origin(first);
            let message =
                format!("the name `{text}` is taken by a type at {first}: choose another");
            self.problem(&name.location, message);
        } else {
            self.types.insert(text.clone(), name.location.clone());
            return Some(ident(text));
        }
        // Entries may refer to the correct name.
        self.poisoned.types = true;
        None
    }
}

/// Returns the names of types that the table cannot define. The root of the crate exports its names one by one.
pub(super) fn taken_types() -> HashSet<&'static str> {
    let uses = ROOT.split("\npub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = uses.flat_map(|path| path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let exported = names.filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()));
    exported.chain(RESERVED).chain(PARAM_TYPES).collect()
}

pub(super) fn is_keyword(text: &str) -> bool {
    // `gen` is a keyword since edition 2024, which `syn` does not assume.
    text == "gen" || syn::parse_str::<Ident>(text).is_err()
}

/// Returns whether text is in snake case: a to z, 0 to 9 and single `_` between words, with a letter at the beginning.
pub(super) fn is_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('_').all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// Converts `TopItem` and `Saved things` to `top_item` and `saved_things`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            c if c.is_ascii_uppercase() => {
                if index > 0 && !out.ends_with('_') {
                    out.push('_');
                }
                out.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out
}

/// Returns whether text is a valid key in a query or a body.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
