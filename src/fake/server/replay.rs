//! Servers that replay a recording.

use std::io;
use std::path::Path;

use super::Server;
use super::builder::ServerBuilder;
use crate::fake::record::replay::Replay;

impl Server {
    /// Starts a server that responds from a file written by a [`Recorder`](crate::fake::Recorder).
    ///
    /// A recorded response matches a request with the same method, path and query parameters, in any order. Bodies are
    /// not compared. If a request was recorded several times, the server sends its responses in the recorded order. After
    /// the last response, a `GET` gets it again, and a write fails. A request without a recorded response fails with 501,
    /// which the client does not retry, and a message that names the nearest recorded request.
    /// [`unrecorded`](Server::unrecorded) returns these requests, and [`unused_recordings`](Server::unused_recordings)
    /// the recorded requests that the program did not send.
    ///
    /// Tokens, logins, faults and the log work as with other servers. The [`catalog`](Server::catalog) and the
    /// [`library`](Server::library) do not reflect the recording.
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
    ///     "get_my_saved_tracks: Spotify returned 501: \
    ///      `not recorded: GET /v1/me/tracks?limit=20`, \
    ///      reason the nearest recorded request has limit=50",
    /// );
    /// assert_eq!(server.unused_recordings(), ["GET /v1/me/tracks?limit=50"]);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replay(path: impl AsRef<Path>) -> io::Result<Server> {
        Server::with(ServerBuilder::default(), Some(Replay::open(path.as_ref())?))
    }

    /// Returns the recorded requests that the program has not sent, in order. Empty without a
    /// [recording](Server::replay).
    pub fn unused_recordings(&self) -> Vec<String> {
        self.shared.replayed(Replay::unused_recordings)
    }

    /// Returns the first 10,000 requests that the recording lacks, in order, each with its differences from the nearest
    /// recorded request. Empty without a [recording](Server::replay).
    pub fn unrecorded(&self) -> Vec<String> {
        self.shared.replayed(Replay::missed)
    }
}
