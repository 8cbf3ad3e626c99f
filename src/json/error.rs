//! Errors of serde_json, bounded and on one line.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use crate::types::display::Escaped;
use crate::types::text_traits::text_error;

/// An error of serde_json with the message of [`PlainMessage`].
#[derive(Clone)]
pub(crate) struct JsonError(pub(crate) Arc<serde_json::Error>);

impl Display for JsonError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        PlainMessage(&self.0).fmt(f)
    }
}

text_error!(JsonError);

/// The place and the problem of an error in a file, to follow its name: `, line 3, column 7: invalid type: …`.
#[cfg(feature = "fake")]
pub(crate) fn problem_with_place(error: &serde_json::Error) -> String {
    format!(", line {}, column {}: {}", error.line(), error.column(), without_place(error))
}

/// Returns the message of an error without its place.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let mut problem = error.to_string();
    if problem.ends_with(&place) {
        problem.truncate(problem.len() - place.len());
    }
    problem
}

/// The shortened message of an error of serde_json, which repeats the whole text if text is the wrong type.
pub(crate) struct PlainMessage<'a>(pub(crate) &'a serde_json::Error);

impl Display for PlainMessage<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        // The end contains the expected type and the place.
        let cut = text.char_indices().nth(100).zip(text.char_indices().nth_back(99));
        match cut {
            Some(((start, _), (end, _))) if start < end => {
                let (start, end) = (text.get(..start), text.get(end..));
                write!(f, "{}…", Escaped(start.unwrap_or_default(), 100))?;
                Escaped(end.unwrap_or_default(), 100).fmt(f)
            }
            _ => Escaped(&text, 200).fmt(f),
        }
    }
}
