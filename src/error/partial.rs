//! A write that stopped halfway.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::client::Spotify;
use crate::endpoint::handle::EndpointRef;
use crate::request::batch::Batch;

/// A write of many ids that stopped halfway.
///
/// Every element of the call is in exactly one of the three lists, in the order given.
#[derive(Debug)]
#[non_exhaustive]
pub struct PartialWrite {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// What Spotify took.
    pub completed: Vec<String>,
    /// What was on its way when no answer came: it may have happened or not.
    pub uncertain: Vec<String>,
    /// What Spotify refused, and what was not sent any more.
    pub remaining: Vec<String>,
    /// Why it stopped.
    pub error: Error,
    pub(crate) row: EndpointRef,
    /// What is sent when it is resumed.
    pub(crate) rest: Vec<Batch>,
}

impl PartialWrite {
    /// Sends what is not done, with everything that the call said of it: times, and the place in a playlist.
    ///
    /// What is unsure is sent again where that does no harm ([`Endpoint::is_idempotent`](crate::Endpoint::is_idempotent)), as saving and following.
    /// Otherwise it is left out: look whether it has happened.
    ///
    /// # Errors
    ///
    /// Those of the call. [`Error::PartialWrite`] is about the rest alone.
    ///
    /// ```no_run
    /// use tonearm::Error;
    ///
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// # let track_ids: Vec<tonearm::TrackId> = Vec::new();
    /// if let Err(Error::PartialWrite(stopped)) = spotify.save_tracks(&track_ids).send() {
    ///     println!("{} saved, then: {}", stopped.completed.len(), stopped.error);
    ///     stopped.resume(&spotify)?;
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    pub fn resume(&self, spotify: &Spotify) -> Result<(), Error> {
        crate::call::dispatch::resume(spotify, &self.row, self.rest.clone())
    }
}

impl Display for PartialWrite {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PartialWrite { endpoint, completed, uncertain, remaining, error, .. } = self;
        let all = completed.len() + uncertain.len() + remaining.len();
        write!(f, "{endpoint}: stopped halfway: {} of {all} done", completed.len())?;
        if !uncertain.is_empty() {
            write!(f, ", {} unsure", uncertain.len())?;
        }
        write!(f, ", {} not done, and `PartialWrite::resume` goes on; {error}", remaining.len())
    }
}

impl std::error::Error for PartialWrite {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
