//! The settings of a fake server.

use std::io;

use super::Server;
use crate::client::QuotaMode;

/// The settings of a [`Server`], from [`Server::builder`].
#[derive(Clone, Debug, Default)]
#[must_use = "no server runs before `.start()`"]
pub struct ServerBuilder {
    mode: QuotaMode,
}

impl ServerBuilder {
    /// Sets the quota mode of the app that the server responds to. Default: [`QuotaMode::Extended`], and
    /// [`QuotaMode::Auto`] means the same here.
    ///
    /// In [`QuotaMode::Development`] the server treats its app as Spotify treats every new app:
    ///
    /// - An endpoint whose [availability](crate::endpoint::Availability) is not `All` fails with the status of its
    ///   definition, whatever the request asks for. Spotify makes exceptions, for example for users who follow a
    ///   playlist; the server makes none.
    /// - A page longer than the limit of such apps fails. Without a `limit` the page is no longer than that limit.
    /// - Playlists call their contents `items` only, and each of them `item`; `fields` accepts no other names. A
    ///   playlist in which the user has no part comes without its items, and every request to read or change them
    ///   fails.
    /// - Albums lose `album_group`, `available_markets`, `label` and `popularity`; artists `followers`, `genres` and
    ///   `popularity`; tracks `available_markets`, `linked_from`, `popularity` and `preview_url`; shows and
    ///   audiobooks `available_markets` and `publisher`; chapters `available_markets`. Users lose nothing, as
    ///   observed, although Spotify's documentation says otherwise.
    ///
    /// ```
    /// use tonearm::{QuotaMode, fake::Server};
    ///
    /// let server = Server::builder().quota_mode(QuotaMode::Development).start()?;
    /// let spotify = server.client()?;
    ///
    /// // This endpoint is unavailable, and nothing replaces it.
    /// assert!(spotify.get_markets().send().is_err());
    /// assert_eq!(server.requests()[0].status, 403);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quota_mode(mut self, mode: QuotaMode) -> Self {
        self.mode = mode;
        self
    }

    /// Starts the server on a free port of this machine.
    ///
    /// # Errors
    ///
    /// The error of the operating system if it provides no port or no thread.
    pub fn start(self) -> io::Result<Server> {
        Server::with(self.mode, None)
    }
}
