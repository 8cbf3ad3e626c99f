//! Track ids with a time.

use super::argument::{Arg, Opt, Param, param, sealed};
use super::value::BadValue;
use crate::json::value::Value;
use crate::types::id::TrackId;
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
    id: Arg<TrackId>,
    added_at: Opt<Timestamp>,
}

impl<I: Into<Arg<TrackId>>, T: Into<Opt<Timestamp>>> From<(I, T)> for TimestampedId {
    fn from((id, added_at): (I, T)) -> Self {
        TimestampedId { id: id.into(), added_at: added_at.into() }
    }
}

impl<I: Into<Arg<TrackId>>, T: Into<Opt<Timestamp>>> From<(I, T)> for Arg<TimestampedId> {
    fn from(pair: (I, T)) -> Self {
        TimestampedId::from(pair).into()
    }
}

impl<'a, I, T> From<&'a (I, T)> for Arg<TimestampedId>
where
    &'a I: Into<Arg<TrackId>>,
    T: Clone + Into<Opt<Timestamp>>,
{
    fn from((id, added_at): &'a (I, T)) -> Self {
        TimestampedId::from((id, added_at.clone())).into()
    }
}

macro_rules! timestamped_from {
    ($($type:ty)*) => {$(
        impl From<$type> for TimestampedId {
            fn from(id: $type) -> Self {
                (id, None::<Timestamp>).into()
            }
        }
    )*};
}

timestamped_from!(TrackId &TrackId &str String);

impl From<TrackId> for Arg<TimestampedId> {
    fn from(id: TrackId) -> Self {
        TimestampedId::from(id).into()
    }
}

impl From<&TrackId> for Arg<TimestampedId> {
    fn from(id: &TrackId) -> Self {
        TimestampedId::from(id).into()
    }
}

// An id without a time stays text, by which `Request` distinguishes the two forms.
param!(
    TimestampedId,
    |value| {
        let id = value.id.into_value()?;
        match value.added_at.into_value() {
            None => Ok(id),
            Some(added_at) => {
                Ok(Value::Object(vec![("id".into(), id), ("added_at".into(), added_at?)]))
            }
        }
    },
    |text| <TrackId as sealed::Sealed>::value_of(text)
);
