//! The settings of a fake server.

use std::io;

use super::Server;
use crate::client::QuotaMode;
use crate::fake::catalog::Catalog;
use crate::fake::library::Library;
use crate::fake::lock::lock;
use crate::fake::state::State;

/// The settings of a [`Server`], from [`Server::builder`].
#[derive(Clone, Debug, Default)]
#[must_use = "the server starts with `.start()`"]
pub struct ServerBuilder {
    mode: QuotaMode,
    library: Option<Library>,
}

impl ServerBuilder {
    /// Sets the quota mode of the server's app. Default: [`QuotaMode::Extended`]. [`QuotaMode::Auto`] is the same here.
    ///
    /// In [`QuotaMode::Development`] the server treats its app as Spotify treats every new app:
    ///
    /// - Every request to an endpoint whose [availability](crate::endpoint::Availability) is not `All` fails with the
    ///   status in its definition. Spotify makes exceptions, such as for users who follow a playlist. The server makes
    ///   none.
    /// - A request fails if its `limit` exceeds the maximum of such apps. A page without a `limit` has at most that many
    ///   items.
    /// - Playlists contain their items in `items` only, and each one in `item`; `fields` accepts no other names. A
    ///   playlist that the user neither owns nor collaborates on has no items, and requests that read or change its
    ///   items fail.
    /// - Albums lack `album_group`, `available_markets`, `label` and `popularity`; artists `followers`, `genres` and
    ///   `popularity`; tracks `available_markets`, `linked_from`, `popularity` and `preview_url`; shows and
    ///   audiobooks `available_markets` and `publisher`; chapters `available_markets`. Users have all fields, as
    ///   observed, contrary to Spotify's documentation.
    ///
    /// ```
    /// use tonearm::{QuotaMode, fake::Server};
    ///
    /// let server = Server::builder().quota_mode(QuotaMode::Development).start()?;
    /// let spotify = server.client()?;
    ///
    /// // This endpoint is unavailable, and has no fallback.
    /// assert!(spotify.get_markets().send().is_err());
    /// assert_eq!(server.requests()[0].status, 403);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quota_mode(mut self, mode: QuotaMode) -> Self {
        self.mode = mode;
        self
    }

    /// Replaces the made-up user by the user of a library, with its saved items, followed artists and playlists. Default:
    /// the library of every server.
    ///
    /// The endpoints of the catalog return the objects of the library too. An id that the library contains without an
    /// object fails with 404; in a list it is null, and [`ReceivedRequest::missing`](crate::fake::ReceivedRequest::missing)
    /// and the log report it. What a library does not contain is made up, such as the devices of the user.
    ///
    /// `examples/backup` writes such a library: see [`guide::rehearsal`](crate::guide::rehearsal).
    ///
    /// ```
    /// use tonearm::fake::{Library, Server};
    ///
    /// let library = Library::from_json(
    ///     r#"{
    ///         "version": 1,
    ///         "user": "mira",
    ///         "begun_at": "2026-11-30T09:00:00Z",
    ///         "playlists": {"items": [{"id": "3cEYpjA9oz9GiPac4AsH4n", "name": "Songs for later", "owner": "mira"}]}
    ///     }"#,
    /// )?;
    /// let server = Server::builder().library(library).start()?;
    /// let spotify = server.client()?;
    ///
    /// spotify.add_playlist_items("3cEYpjA9oz9GiPac4AsH4n", [&server.catalog().tracks()[0]]).send()?;
    /// let playlist = spotify.get_playlist("3cEYpjA9oz9GiPac4AsH4n").send()?;
    /// assert_eq!(playlist.name, "Songs for later");
    /// assert_eq!(playlist.items.and_then(|items| items.total), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn library(mut self, library: Library) -> Self {
        self.library = Some(library);
        self
    }

    /// Starts the server on a free loopback port.
    ///
    /// # Errors
    ///
    /// The error of the operating system if it provides no port or no thread;
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if the library is not complete.
    pub fn start(self) -> io::Result<Server> {
        let catalog = match self.library {
            Some(library) if !library.is_complete() => {
                let problem = "the library is a part of a backup; complete it with `backup`";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
            }
            Some(library) => Some(Catalog::with_library(library)),
            None => None,
        };
        let server = Server::with(self.mode, None)?;
        if let Some(catalog) = catalog {
            *lock(&server.shared.state) = State::new(catalog);
        }
        Ok(server)
    }
}
