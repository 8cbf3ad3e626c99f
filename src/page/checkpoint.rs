//! Where a walk stands, and where one goes on that stopped.

use std::fmt::{self, Debug, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::error::Error;
use crate::request::argument::Value;

/// Where a page begins: what to give the same call, so that it goes on there.
///
/// ```no_run
/// use tonearm::Place;
///
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// # let place = Place::Offset(100);
/// let call = spotify.get_my_saved_tracks();
/// let rest = match place {
///     Place::Offset(offset) => call.offset(offset).collect_all()?,
///     _ => call.collect_all()?,
/// };
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// A program that goes on another day keeps it as JSON:
///
/// ```
/// use tonearm::Place;
///
/// assert_eq!(serde_json::to_string(&Place::Offset(100))?, r#"{"offset":100}"#);
/// assert_eq!(serde_json::from_str::<Place>(r#"{"offset":100}"#)?, Place::Offset(100));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Place {
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
///         stopped.place,
///     ),
/// }
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Stopped<T> {
    /// The items of all pages before the one that failed.
    pub items: Vec<T>,
    /// Where the page begins that failed.
    pub place: Place,
    /// Why.
    pub error: Error,
}

impl<T> Display for Stopped<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Stopped { items, place, error } = self;
        write!(f, "{error}; {} items were read before, go on ", items.len())?;
        match place {
            Place::Start => f.write_str("from the beginning"),
            Place::Offset(offset) => write!(f, "at offset {offset}"),
            Place::After(cursor) => write!(f, "after `{cursor}`"),
            Place::Before(cursor) => write!(f, "before `{cursor}`"),
        }
    }
}

impl<T: Debug> std::error::Error for Stopped<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl<T> From<Stopped<T>> for Error {
    fn from(stopped: Stopped<T>) -> Self {
        stopped.error
    }
}

/// Where the page of a call begins.
pub(crate) fn place_of(call: &Call) -> Place {
    let text = |key| match call.by_key(key) {
        Some((_, Some(value))) => Some(value.to_string().into_boxed_str()),
        _ => None,
    };
    match (call.by_key("offset"), text("after"), text("before")) {
        (Some((_, Some(Value::Integer(offset)))), ..) => {
            Place::Offset(u32::try_from(*offset).unwrap_or(u32::MAX))
        }
        (Some(_), ..) => Place::Offset(0),
        (None, Some(after), _) => Place::After(after),
        (None, None, Some(before)) => Place::Before(before),
        (None, None, None) => Place::Start,
    }
}

/// The place so many rows behind another, where rows are counted.
pub(crate) fn behind(place: &Place, rows: usize) -> Place {
    match place {
        Place::Offset(offset) => {
            Place::Offset(offset.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX)))
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
            (Place::Start, r#""start""#),
            (Place::Offset(150), r#"{"offset":150}"#),
            (
                Place::After("0I2XqVXqHScXjHhk6AYYRe".into()),
                r#"{"after":"0I2XqVXqHScXjHhk6AYYRe"}"#,
            ),
            (Place::Before("1700000000000".into()), r#"{"before":"1700000000000"}"#),
        ] {
            assert_eq!(serde_json::to_string(&place).unwrap(), json);
            assert_eq!(serde_json::from_str::<Place>(json).unwrap(), place);
        }
        assert!(serde_json::from_str::<Place>(r#"{"offset":-1}"#).is_err());
    }
}
