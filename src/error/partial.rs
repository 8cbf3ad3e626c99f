//! A write that stopped halfway.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::client::Spotify;
use crate::endpoint::handle::Row;
use crate::request::batch::Part;

/// A write of many ids that stopped halfway.
///
/// Every element of the call is in exactly one of the three lists, in the order given.
#[derive(Debug)]
#[non_exhaustive]
pub struct Partial {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// What Spotify took.
    pub done: Vec<String>,
    /// What was on its way when no answer came: it may have happened or not.
    pub unsure: Vec<String>,
    /// What Spotify refused, and what was not sent any more.
    pub not_done: Vec<String>,
    /// Why it stopped.
    pub error: Error,
    pub(crate) row: Row,
    /// What is sent when it is resumed.
    pub(crate) rest: Vec<Part>,
}

impl Partial {
    /// Sends what is not done, with everything that the call said of it: times, and the place in a playlist.
    ///
    /// What is unsure is sent again where that does no harm ([`Endpoint::idempotent`](crate::endpoint::Endpoint::idempotent)), as saving and following.
    /// Otherwise it is left out: look whether it has happened.
    ///
    /// # Errors
    ///
    /// Those of the call. [`Error::Partial`] is about the rest alone.
    ///
    /// ```no_run
    /// use tonearm::Error;
    ///
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// # let track_ids: Vec<tonearm::TrackId> = Vec::new();
    /// if let Err(Error::Partial(stopped)) = spotify.save_tracks(&track_ids).send() {
    ///     println!("{} saved, then: {}", stopped.done.len(), stopped.error);
    ///     stopped.resume(&spotify)?;
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    pub fn resume(&self, spotify: &Spotify) -> Result<(), Error> {
        crate::call::dispatch::resume(spotify, &self.row, self.rest.clone())
    }
}

impl Display for Partial {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Partial { endpoint, done, unsure, not_done, error, .. } = self;
        let all = done.len() + unsure.len() + not_done.len();
        write!(f, "{endpoint}: stopped halfway: {} of {all} done", done.len())?;
        if !unsure.is_empty() {
            write!(f, ", {} unsure", unsure.len())?;
        }
        write!(f, ", {} not done, and `Partial::resume` goes on; {error}", not_done.len())
    }
}

impl std::error::Error for Partial {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
