//! Where a page begins.

use serde::{Deserialize, Serialize};

/// Where a page begins: what to give the same call, so that it goes on there.
///
/// ```no_run
/// use tonearm::Checkpoint;
///
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// # let place = Checkpoint::Offset(100);
/// let call = spotify.get_my_saved_tracks();
/// let rest = match place {
///     Checkpoint::Offset(offset) => call.offset(offset).collect_all()?,
///     _ => call.collect_all()?,
/// };
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// A program that goes on another day keeps it as JSON:
///
/// ```
/// use tonearm::Checkpoint;
///
/// assert_eq!(serde_json::to_string(&Checkpoint::Offset(100))?, r#"{"offset":100}"#);
/// assert_eq!(serde_json::from_str::<Checkpoint>(r#"{"offset":100}"#)?, Checkpoint::Offset(100));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Checkpoint {
    /// The beginning of what is read by cursors.
    Start,
    /// The index of its first row, counted from 0: for `.offset(…)`.
    Offset(u32),
    /// What it comes after: for `.after(…)`.
    After(Box<str>),
    /// What it comes before: for `.before(…)`.
    Before(Box<str>),
}

impl Checkpoint {
    /// The checkpoint so many items later, where items are counted.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_as_json() {
        for (place, json) in [
            (Checkpoint::Start, r#""start""#),
            (Checkpoint::Offset(150), r#"{"offset":150}"#),
            (
                Checkpoint::After("0I2XqVXqHScXjHhk6AYYRe".into()),
                r#"{"after":"0I2XqVXqHScXjHhk6AYYRe"}"#,
            ),
            (Checkpoint::Before("1700000000000".into()), r#"{"before":"1700000000000"}"#),
        ] {
            assert_eq!(serde_json::to_string(&place).unwrap(), json);
            assert_eq!(serde_json::from_str::<Checkpoint>(json).unwrap(), place);
        }
        assert!(serde_json::from_str::<Checkpoint>(r#"{"offset":-1}"#).is_err());
    }
}
