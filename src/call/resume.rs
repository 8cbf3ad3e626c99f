//! Resumes partial writes.

use super::dispatch::Dispatch;
use crate::client::Spotify;
use crate::error::{Error, InvalidArgument, PartialWrite};

impl PartialWrite {
    /// Sends the remaining elements, with the other arguments of the call, such as times. A position in a playlist is
    /// that of the first remaining element.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`], and nothing is sent, as long as elements are uncertain: decide with
    /// [`uncertain_took_effect`](Self::uncertain_took_effect). Otherwise those of the call. An [`Error::PartialWrite`]
    /// contains only the elements that this method sent.
    ///
    /// ```no_run
    /// use tonearm::Error;
    ///
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// # let track_ids: Vec<tonearm::TrackId> = Vec::new();
    /// if let Err(Error::PartialWrite(stopped)) = spotify.save_tracks(&track_ids).send() {
    ///     println!("{} saved, then: {}", stopped.completed.len(), stopped.error);
    ///     stopped.resume(&spotify)?;          // saving is idempotent, so nothing is uncertain
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    pub fn resume(&self, spotify: &Spotify) -> Result<(), Error> {
        if let Some(undecided) = &self.undecided {
            let found = undecided.ids.len();
            return Err(Error::InvalidArgument(Box::new(InvalidArgument {
                call: self.call.clone(),
                param: "uncertain".into(),
                value: found.to_string(),
                message: format!(
                    "expected no uncertain elements, found {found}; check whether they took effect, and call \
                     `PartialWrite::uncertain_took_effect` first"
                ),
            })));
        }
        Dispatch::new(spotify, &self.endpoint, false).resume(self.batches.clone())
    }
}
