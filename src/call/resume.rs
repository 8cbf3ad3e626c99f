//! Resumes partial writes.

use super::dispatch::Dispatch;
use crate::client::Spotify;
use crate::error::{Error, PartialWrite};

impl PartialWrite {
    /// Sends the remaining elements, with the other arguments of the call, such as times or the position in a playlist.
    ///
    /// It also sends the uncertain elements again if the endpoint is
    /// [idempotent](crate::Endpoint::is_idempotent), as for saving and following. Otherwise it omits them: check whether
    /// the write took effect.
    ///
    /// # Errors
    ///
    /// The same as the call. An [`Error::PartialWrite`] contains only the elements that this method sent.
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
        Dispatch::new(spotify, &self.endpoint, false).resume(self.batches.clone())
    }
}
