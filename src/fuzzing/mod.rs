//! Properties of every input, one function for each subject. The fuzz targets in `fuzz/` and the property tests run them.
//!
//! Each function accepts any bytes, and panics if a property is violated. Builds for users don't include this module.

mod change;
mod errors;
mod ids;
mod links;
mod models;
#[cfg(test)]
mod properties;
mod requests;
mod values;

use std::fmt::{Debug, Display};
use std::sync::OnceLock;

use crate::client::Spotify;

pub use errors::errors;
pub use ids::ids;
pub use links::links;
pub use models::{models, shapes};
pub use requests::requests;
pub use values::{markets, scopes, stored, times, waits};

/// The function that a target runs on each input.
pub type Body = fn(&[u8]);

/// All targets except that of the generator, which is not part of the crate.
pub const TARGETS: &[(&str, Body)] = &[
    ("errors", errors),
    ("ids", ids),
    ("links", links),
    ("markets", markets),
    ("models", models),
    ("requests", requests),
    ("scopes", scopes),
    ("shapes", shapes),
    ("stored", stored),
    ("times", times),
    ("waits", waits),
];

/// A client, which builds requests but never sends any.
fn client() -> &'static Spotify {
    static CLIENT: OnceLock<Spotify> = OnceLock::new();
    CLIENT.get_or_init(|| Spotify::from_token("token").expect("the defaults make a client"))
}

/// Checks that an error message is one line of limited length.
fn assert_message(error: &(impl Debug + Display)) {
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.is_empty() && text.chars().count() < 2000, "{} bytes: {text}", text.len());
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert!(!text.contains(breaks), "not one line: {text:?}");
    }
}
