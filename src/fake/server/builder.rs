//! The settings of a fake server.

use std::io;

use super::Server;
use crate::client::QuotaMode;
use crate::fake::state::Clock;

/// The settings of a [`Server`], from [`Server::builder`].
#[derive(Clone, Debug, Default)]
#[must_use = "the server starts with `.start()`"]
pub struct ServerBuilder {
    pub(super) mode: QuotaMode,
    pub(super) clock: Clock,
    pub(super) base_url: Option<String>,
}

impl ServerBuilder {
    /// Sets the quota mode of the server's app. Default: [`QuotaMode::Extended`]. [`QuotaMode::Auto`] is the same here.
    ///
    /// In [`QuotaMode::Development`] the server treats its app as Spotify treats every new app:
    ///
    /// - Every request to an endpoint whose [availability](crate::endpoint::Availability) is not `All` fails with the
    ///   status in its definition, except to follow or unfollow a playlist, which Spotify still accepts.
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

    /// Sets the clock of the player. Default: [`Clock::Frozen`].
    ///
    /// ```
    /// use tonearm::fake::{Clock, Server};
    ///
    /// let server = Server::builder().clock(Clock::Real).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the base URL of the Web API in links: `href`, `next`, and the addresses of images. Default: the name in the
    /// `Host` header of each request.
    ///
    /// Set it if programs reach the server through a proxy with another address.
    ///
    /// ```
    /// use tonearm::fake::Server;
    ///
    /// let server = Server::builder().base_url("https://spotify.example/v1").start()?;
    /// let me = server.client()?.get_me().send()?;
    /// assert_eq!(me.href.as_deref(), Some("https://spotify.example/v1/users/mira.halvorsen"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Starts the server on a free loopback port.
    ///
    /// # Errors
    ///
    /// The error of the operating system if it provides no port or no thread.
    pub fn start(self) -> io::Result<Server> {
        Server::with(self, None)
    }
}
