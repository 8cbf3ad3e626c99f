//! Checkpoints: positions in lists, from which a pagination continues.

use serde::{Deserialize, Serialize};

use crate::json::value::Value;

/// A position in a list, from which the same call can continue with `.start_at(…)`.
///
/// ```no_run
/// use tonearm::Checkpoint;
///
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// let checkpoint: Checkpoint = serde_json::from_str(r#"{"offset":100}"#)?;
/// let remaining = spotify.get_my_saved_tracks().start_at(&checkpoint).collect_all()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A program that continues later stores it as JSON: `{"offset":100}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Checkpoint {
    /// The beginning of a list with cursors; the default.
    #[default]
    Start,
    /// The index of the next item, counted from 0: the value of `.offset(…)`.
    Offset(u32),
    /// The cursor after which the next page begins: the value of `.after(…)`.
    After(String),
    /// The cursor before which the next page ends: the value of `.before(…)`.
    Before(String),
}

impl Checkpoint {
    /// Returns the key and the value of the parameter with which a list starts here; `None` at the start.
    pub(crate) fn param(&self) -> Option<(&'static str, Value)> {
        match self {
            Checkpoint::Start => None,
            Checkpoint::Offset(offset) => Some(("offset", Value::Integer(i64::from(*offset)))),
            Checkpoint::After(cursor) => Some(("after", Value::text(cursor))),
            Checkpoint::Before(cursor) => Some(("before", Value::text(cursor))),
        }
    }

    /// Returns the checkpoint this many items later, in a list with offsets.
    pub(crate) fn later(&self, items: usize) -> Checkpoint {
        match self {
            Checkpoint::Offset(offset) => {
                let items = u32::try_from(items).unwrap_or(u32::MAX);
                Checkpoint::Offset(offset.saturating_add(items))
            }
            other => other.clone(),
        }
    }
}
