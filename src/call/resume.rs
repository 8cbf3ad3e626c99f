//! How a partial write goes on.

use super::dispatch::Dispatch;
use crate::client::Spotify;
use crate::error::{Error, PartialWrite};

impl PartialWrite {
    /// Sends what remains, with everything that the call said about it: times, and the position in a playlist.
    ///
    /// The uncertain ids are sent again where that does no harm
    /// ([`Endpoint::is_idempotent`](crate::Endpoint::is_idempotent)), as for saving and following. Otherwise they are left
    /// out: look whether the write has taken effect.
    ///
    /// # Errors
    ///
    /// Those of the call. [`Error::PartialWrite`] is about the remaining ids alone.
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
