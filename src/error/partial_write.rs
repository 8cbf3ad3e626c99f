//! Writes that stopped after some of their requests.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::endpoint::handle::EndpointRef;
use crate::request::batch::Batch;

/// A write of a list of ids that stopped after some of its requests, or whose only request may have taken effect.
///
/// Each element of the call is in one of the three lists, in the order in which the client sends them. An element is an id
/// such as `4iV5W9uYEdYUVa79Axb7Rh` if the call has a list of ids (`save_tracks`), and a URI such as
/// `spotify:track:4iV5W9uYEdYUVa79Axb7Rh` if it has a list of URIs (`save_items`, `add_playlist_items`), also if you passed
/// links, for example. The time of a saved track is not in the lists; `resume` sends it.
///
/// [`resume`](Self::resume) sends the remaining elements. If some are uncertain, your program decides first, with
/// [`uncertain_took_effect`](Self::uncertain_took_effect):
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
///
/// # use tonearm::fake::{Fault, Server};
/// # let server = Server::start()?;
/// # let spotify = server.client()?;
/// let playlist = spotify.create_playlist("Long").send()?.id;
/// let tracks = &server.catalog().tracks()[..250];      // requests of 100, 100 and 50
/// # server.script("/playlists/{playlist_id}/items").then_normal().then(Fault::ResetAfterProcessing);
///
/// match spotify.add_playlist_items(&playlist, tracks).send() {
///     Ok(_) => {}
///     Err(Error::PartialWrite(stopped)) => {
///         let counts = (stopped.completed.len(), stopped.uncertain.len(), stopped.remaining.len());
///         assert_eq!(counts, (100, 100, 50));
///         let total = spotify.get_playlist_items(&playlist).limit(1).send()?.total;
///         stopped.uncertain_took_effect(total == Some(200)).resume(&spotify)?;
///     }
///     Err(error) => return Err(error.into()),
/// }
/// assert_eq!(spotify.get_playlist_items(&playlist).limit(1).send()?.total, Some(250));
/// # assert_eq!(server.pending_faults(), 0);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// To continue in another process, store its [`checkpoint`](Self::checkpoint).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartialWrite {
    /// The call: `save_tracks`.
    pub call: Cow<'static, str>,
    /// The elements that Spotify has accepted.
    pub completed: Vec<String>,
    /// The elements of a request that may have taken effect, and that has another effect if it is sent twice, such as an
    /// addition to a playlist: it got no response, or one with a status of 500 or above.
    pub uncertain: Vec<String>,
    /// The elements that Spotify rejected, those of an [idempotent](crate::Endpoint::is_idempotent) request that may have
    /// taken effect, and those that were not sent.
    pub remaining: Vec<String>,
    /// The error of the request at which it stopped. The methods of [`Error`], such as `status` and `is_retryable`, return
    /// the values of this error.
    pub error: Error,
    pub(crate) endpoint: EndpointRef,
    /// The number of elements that were completed before the call was resumed.
    pub(crate) completed_before: usize,
    /// The request whose elements are uncertain.
    pub(crate) undecided: Option<Batch>,
    /// The requests of the remaining elements.
    pub(crate) batches: Vec<Batch>,
}

impl PartialWrite {
    /// Moves the uncertain elements to `completed` if their request took effect, or to `remaining` if it did not.
    ///
    /// Check that first: read the playlist, for example. A request takes effect for all of its elements or for none.
    /// Without uncertain elements, nothing changes.
    #[must_use = "it returns the partial write to resume"]
    pub fn uncertain_took_effect(mut self, took_effect: bool) -> PartialWrite {
        let batch = self.undecided.take();
        if took_effect {
            self.completed.append(&mut self.uncertain);
        } else {
            self.remaining.splice(..0, self.uncertain.drain(..));
            self.batches.splice(..0, batch);
        }
        self
    }
}

impl Display for PartialWrite {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PartialWrite { call, completed, uncertain, remaining, error, .. } = self;
        let all = completed.len() + uncertain.len() + remaining.len();
        write!(f, "{call}: partial write: {} of {all} completed", completed.len())?;
        if !uncertain.is_empty() {
            write!(f, ", {} uncertain", uncertain.len())?;
        }
        let error = error.to_string();
        let cause = error.strip_prefix(&**call).and_then(|rest| rest.strip_prefix(": "));
        write!(f, ", {} remaining; {}", remaining.len(), cause.unwrap_or(&error))
    }
}

impl std::error::Error for PartialWrite {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
