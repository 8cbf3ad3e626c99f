//! What holds for every input, one function for each subject: the targets in `fuzz/` and the property
//! tests run the same ones.
//!
//! Each takes any bytes, answers nothing, and panics when a promise is broken. None of this is in the
//! crate that users build.

mod answers;
mod change;
mod errors;
mod ids;
mod links;
#[cfg(test)]
mod properties;
mod requests;
mod values;

use std::fmt::{Debug, Display};
use std::sync::OnceLock;

use crate::client::Spotify;

pub use answers::{models, shapes};
pub use errors::errors;
pub use ids::ids;
pub use links::links;
pub use requests::requests;
pub use values::{markets, scopes, times, waits};

/// What a target runs on each input.
pub type Body = fn(&[u8]);

/// Every target but that of the table's compiler, which is no part of the crate.
pub const TARGETS: &[(&str, Body)] = &[
    ("errors", errors),
    ("ids", ids),
    ("links", links),
    ("markets", markets),
    ("models", models),
    ("requests", requests),
    ("scopes", scopes),
    ("shapes", shapes),
    ("times", times),
    ("waits", waits),
];

/// A client that is never asked to send anything.
fn client() -> &'static Spotify {
    static CLIENT: OnceLock<Spotify> = OnceLock::new();
    CLIENT.get_or_init(|| Spotify::from_token("token").expect("the defaults make a client"))
}

/// An error is one line of bounded length, whatever came from outside.
fn assert_told(error: &(impl Debug + Display)) {
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.is_empty() && text.chars().count() < 2000, "{} bytes: {text}", text.len());
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert!(!text.contains(breaks), "not one line: {text:?}");
    }
}
