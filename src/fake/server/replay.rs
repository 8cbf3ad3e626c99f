//! Servers that replay a recording.

use std::io;
use std::path::Path;

use super::Server;
use crate::client::QuotaMode;
use crate::fake::record::replay::Replay;

impl Server {
    /// Starts a server that responds from a file of a [`Recorder`](crate::fake::Recorder).
    ///
    /// A recorded response fits a request with the same method, path and query parameters, in any order; bodies are not
    /// compared. If a request was recorded several times, its responses come in that order. Then a `GET` gets the last
    /// one again, and a write fails: nothing was recorded for one more write. A request that does not fit fails with
    /// 501, which the client does not retry, and a message that names the nearest recorded request;
    /// [`unrecorded`](Server::unrecorded) and [`unused_recordings`](Server::unused_recordings) list both sides.
    ///
    /// Tokens, logins, faults and the log work as with other servers. The [`catalog`](Server::catalog) and the
    /// [`library`](Server::library) are not those of the recording.
    ///
    /// # Errors
    ///
    /// An error if the file cannot be read; [`InvalidData`](io::ErrorKind::InvalidData), with line and column, if it is
    /// not a valid recording; the error of the operating system if it provides no port or no thread.
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
    /// assert_eq!(spotify.get_me().send()?.id.as_str(), "user-1", "after a retry");
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
        Server::with(QuotaMode::default(), Some(Replay::open(path.as_ref())?))
    }

    /// Returns the recorded requests that the program has not made, in order: none at the end of a test whose program
    /// still makes all of them. Empty without a [recording](Server::replay).
    pub fn unused_recordings(&self) -> Vec<String> {
        self.shared.replayed(Replay::unused_recordings)
    }

    /// Returns the requests that the recording lacks, in order, and how the nearest recorded one differs. Empty without
    /// a [recording](Server::replay).
    pub fn unrecorded(&self) -> Vec<String> {
        self.shared.replayed(Replay::missed)
    }
}
