//! Servers that replay a recording.

use std::io;
use std::path::Path;

use super::Server;
use crate::fake::api::development::ServerMode;
use crate::fake::record::replay::Replay;

impl Server {
    /// Starts a server that answers from a file which a [`Recorder`](crate::fake::Recorder) has made.
    ///
    /// A request is answered if one of the same method, path and query, in any order, was recorded; its body is not
    /// looked at. What was recorded several times is answered in that order. After the last one a `GET` is answered
    /// like that again; what writes is not, for it was not done once more then. Whatever was not recorded is answered
    /// with 501, which the client never sends again and which says what the nearest recorded request has otherwise;
    /// [`unrecorded`](Server::unrecorded) and [`unused_recordings`](Server::unused_recordings) list both sides.
    ///
    /// All else is as with other servers: tokens and logins, faults, the log. The
    /// [`catalog`](Server::catalog) and [`library`](Server::library) are not those of the recording.
    ///
    /// # Errors
    ///
    /// If the file cannot be read; [`InvalidData`](io::ErrorKind::InvalidData), with the line and what was expected
    /// there, if it is broken. What the system says if it gives no port or no thread.
    ///
    /// ```
    /// use tonearm::fake::{Fault, Recorder, Server};
    ///
    /// # let folder = std::env::temp_dir().join(format!("tonearm-doc-replay-{}", std::process::id()));
    /// # let path = folder.join("evening.json");
    /// # let real = Server::start()?;
    /// # let recorder = Recorder::new(&path);
    /// # let spotify = real.client_builder().recorder(&recorder).build()?;
    /// # spotify.get_me().send()?;
    /// # spotify.get_my_saved_tracks().limit(50).send()?;
    /// # recorder.save()?;
    /// let server = Server::replay(&path)?;
    /// let spotify = server.client()?;
    ///
    /// server.script("/me").then(Fault::Status(503));
    /// assert_eq!(spotify.get_me().send()?.id.as_str(), "user-1", "after another try");
    ///
    /// let error = spotify.get_my_saved_tracks().limit(20).send().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "get_my_saved_tracks: Spotify answered 501, `not recorded: GET /v1/me/tracks?limit=20`, \
    ///      reason the nearest has limit=50",
    /// );
    /// assert_eq!(server.unused_recordings(), ["GET /v1/me/tracks?limit=50"]);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replay(path: impl AsRef<Path>) -> io::Result<Server> {
        Server::with(ServerMode::default(), Some(Replay::open(path.as_ref())?))
    }

    /// The recorded requests that nobody has made, in order: none at the end of a test whose program still does all
    /// that it did. Empty where nothing is [replayed](Server::replay).
    pub fn unused_recordings(&self) -> Vec<String> {
        self.threads.shared.replayed(Replay::unused_recordings)
    }

    /// The requests that were not in the recording, in order, and what the nearest has otherwise. Empty where nothing
    /// is [replayed](Server::replay).
    pub fn unrecorded(&self) -> Vec<String> {
        self.threads.shared.replayed(Replay::missed)
    }
}
