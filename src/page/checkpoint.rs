//! Where a walk stands, and where one goes on that stopped.

use std::fmt::{self, Debug, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::error::Error;
use crate::request::argument::Value;

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

/// A walk over all pages that stopped before its end: what it has, and where it would go on.
///
/// Becomes an [`Error`] with `?`, which gives up what was read.
///
/// ```no_run
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// match spotify.get_my_saved_tracks().collect_all() {
///     Ok(tracks) => println!("all {} tracks", tracks.len()),
///     Err(stopped) => println!(
///         "{} tracks, then {}; go on at {:?}",
///         stopped.items.len(),
///         stopped.error,
///         stopped.checkpoint,
///     ),
/// }
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct CollectError<T> {
    /// The items of all pages before the one that failed.
    pub items: Vec<T>,
    /// Where the page begins that failed.
    pub checkpoint: Checkpoint,
    /// Why.
    pub error: Error,
}

impl<T> Display for CollectError<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let CollectError { items, checkpoint, error } = self;
        write!(f, "{error}; {} items were read before, go on ", items.len())?;
        match checkpoint {
            Checkpoint::Start => f.write_str("from the beginning"),
            Checkpoint::Offset(offset) => write!(f, "at offset {offset}"),
            Checkpoint::After(cursor) => write!(f, "after `{cursor}`"),
            Checkpoint::Before(cursor) => write!(f, "before `{cursor}`"),
        }
    }
}

impl<T: Debug> std::error::Error for CollectError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl<T> From<CollectError<T>> for Error {
    fn from(stopped: CollectError<T>) -> Self {
        stopped.error
    }
}

/// Where the page of a call begins.
pub(crate) fn place_of(call: &Call) -> Checkpoint {
    let text = |key| match call.by_key(key) {
        Some((_, Some(value))) => Some(value.to_string().into_boxed_str()),
        _ => None,
    };
    match (call.by_key("offset"), text("after"), text("before")) {
        (Some((_, Some(Value::Integer(offset)))), ..) => {
            Checkpoint::Offset(u32::try_from(*offset).unwrap_or(u32::MAX))
        }
        (Some(_), ..) => Checkpoint::Offset(0),
        (None, Some(after), _) => Checkpoint::After(after),
        (None, None, Some(before)) => Checkpoint::Before(before),
        (None, None, None) => Checkpoint::Start,
    }
}

/// The place so many rows behind another, where rows are counted.
pub(crate) fn behind(place: &Checkpoint, rows: usize) -> Checkpoint {
    match place {
        Checkpoint::Offset(offset) => {
            Checkpoint::Offset(offset.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX)))
        }
        other => other.clone(),
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
