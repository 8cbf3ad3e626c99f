//! Track ids with a time.

use std::borrow::Cow;

use super::argument::{Argument, Convert, ConvertOption, optional, required};
use super::value::BadValue;
use crate::json::value::Value;
use crate::types::id::{SpotifyUri, TrackId};
use crate::types::timestamp::Timestamp;

/// The id of a track, optionally with the time at which it was added to a library.
///
/// It converts from an id, a URI or a link, and from a pair of one of these and a time. Use
/// [`from`](TimestampedId::from) for a list with both.
///
/// ```
/// # use tonearm::{*, param::*};
/// # let spotify = Spotify::from_token("token")?;
/// let ids_alone = spotify.save_tracks(["4iV5W9uYEdYUVa79Axb7Rh"]);
/// let pairs = spotify.save_tracks([("4iV5W9uYEdYUVa79Axb7Rh", "2010-01-01T00:00:00Z")]);
/// let mixture = spotify.save_tracks([
///     TimestampedId::from("4iV5W9uYEdYUVa79Axb7Rh"),
///     TimestampedId::from(("11dFghVXANMlKmJXsNCbNl", std::time::SystemTime::now())),
/// ]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimestampedId {
    id: Result<Value, BadValue>,
    added_at: Argument,
}

impl TimestampedId {
    pub(super) fn new(
        id: &impl Convert<TrackId>,
        added_at: &impl ConvertOption<Timestamp>,
    ) -> Self {
        TimestampedId { id: required::<TrackId>(id), added_at: optional::<Timestamp>(added_at) }
    }

    pub(super) fn to_value(&self) -> Result<Value, BadValue> {
        let id = self.id.clone()?;
        Ok(match self.added_at.clone()? {
            None => id,
            Some(added_at) => Value::Object(vec![("id".into(), id), ("added_at".into(), added_at)]),
        })
    }
}

impl<I: Convert<TrackId>, A: ConvertOption<Timestamp>> From<(I, A)> for TimestampedId {
    fn from((id, added_at): (I, A)) -> Self {
        TimestampedId::new(&id, &added_at)
    }
}

macro_rules! timestamped_from {
    ($($type:ty)*) => {$(
        impl From<$type> for TimestampedId {
            fn from(id: $type) -> Self {
                TimestampedId::new(&id, &None::<Timestamp>)
            }
        }
    )*};
}

timestamped_from!(TrackId &TrackId &str String &String Box<str> &Box<str> Cow<'_, str> SpotifyUri &SpotifyUri);
