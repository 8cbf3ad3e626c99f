//! Errors of serde_json, bounded and on one line.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use crate::types::display::Escaped;

/// serde's own error, in as few words as [`PlainMessage`] has for it.
#[derive(Clone)]
pub(crate) struct JsonError(pub(crate) Arc<serde_json::Error>);

impl Display for JsonError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        PlainMessage(&self.0).fmt(f)
    }
}

impl Debug for JsonError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "JsonError({self})")
    }
}

impl std::error::Error for JsonError {}

/// Why JSON cannot be read, as an error tells it: serde repeats the whole of a text that stands in the
/// wrong place.
pub(crate) struct PlainMessage<'a>(pub(crate) &'a serde_json::Error);

impl Display for PlainMessage<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        // The end says what was expected, and where.
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
