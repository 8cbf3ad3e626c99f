//! Positions in lists.

use serde::{Deserialize, Serialize};

/// The position of a page in its list, from which the same call can continue.
///
/// ```no_run
/// use tonearm::Checkpoint;
///
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// # let checkpoint = Checkpoint::Offset(100);
/// let call = spotify.get_my_saved_tracks();
/// let remaining = match checkpoint {
///     Checkpoint::Offset(offset) => call.offset(offset).collect_all()?,
///     _ => call.collect_all()?,
/// };
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// A program that continues later stores it as JSON: `{"offset":100}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Checkpoint {
    /// The first page of a list with cursors.
    Start,
    /// The index of its first item, counted from 0: for `.offset(…)`.
    Offset(u32),
    /// The cursor before its first item: for `.after(…)`.
    After(String),
    /// The cursor after its last item: for `.before(…)`.
    Before(String),
}

impl Checkpoint {
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
