//! The settings of a fake server.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::Server;
use crate::client::QuotaMode;
use crate::fake::accounts::RegisteredApp;
use crate::fake::library::Library;
use crate::fake::state::Clock;
use crate::types::display::Quoted;
use crate::types::secret::Secret;

/// The settings of a [`Server`], from [`Server::builder`]. The command `fake-spotify` has options for most of
/// them.
///
/// ```
/// use tonearm::fake::Server;
///
/// let server = Server::builder().token("my-token").client_id("my-app").start()?;
/// assert_eq!((server.token(), server.client_id()), ("my-token", "my-app"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "the server starts with `.start()`"]
pub struct ServerBuilder {
    pub(super) mode: QuotaMode,
    pub(super) legacy_access: bool,
    pub(super) clock: Clock,
    pub(super) base_url: Option<String>,
    pub(super) library: Option<Library>,
    pub(super) bind: IpAddr,
    pub(super) port: u16,
    pub(super) token: Option<Secret>,
    pub(super) app: RegisteredApp,
    pub(super) rate_limit: Option<u32>,
    pub(super) player_responses: PlayerResponses,
    pub(super) read_timeout: Duration,
    pub(super) max_connections: usize,
    pub(super) log_capacity: usize,
}

/// The response to a player command that succeeds: see [`ServerBuilder::player_responses`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlayerResponses {
    /// A 200 with a short text that is not JSON although its content type is, as observed since August 2024; for
    /// `transfer_playback` and `set_volume` a 204.
    #[default]
    Text,
    /// A 204, as documented.
    Empty,
}

impl Default for ServerBuilder {
    fn default() -> Self {
        ServerBuilder {
            mode: QuotaMode::default(),
            legacy_access: true,
            clock: Clock::default(),
            base_url: None,
            library: None,
            bind: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            token: None,
            app: RegisteredApp::default(),
            rate_limit: None,
            player_responses: PlayerResponses::default(),
            read_timeout: Duration::from_secs(60),
            max_connections: 256,
            log_capacity: 20_000,
        }
    }
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
    /// assert_eq!(server.requests()[0].status, Some(403));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn quota_mode(mut self, mode: QuotaMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets whether the app had extended access before 27 November 2024. Default: yes. Without it, requests to endpoints
    /// whose [availability](crate::endpoint::Availability) is `Legacy`, such as recommendations and audio features, fail
    /// with the status in their definitions. An app in development mode never has this access.
    ///
    /// ```
    /// use tonearm::{Error, fake::Server};
    ///
    /// let server = Server::builder().legacy_access(false).start()?;
    /// let result = server.client()?.get_audio_features(&server.catalog().tracks()[0]).send();
    /// assert!(matches!(result, Err(Error::EndpointUnavailable(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn legacy_access(mut self, access: bool) -> Self {
        self.legacy_access = access;
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
    /// assert_eq!(me.href().as_deref(), Some("https://spotify.example/v1/users/mira.halvorsen"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into().trim_end_matches('/').to_owned());
        self
    }

    /// Sets the port. Default: 0, which is any free port.
    ///
    /// ```no_run
    /// let server = tonearm::fake::Server::builder().port(8080).start()?;
    /// assert_eq!(server.base_url(), "http://127.0.0.1:8080/v1");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the address to listen on. Default: `127.0.0.1`. The [admin API](crate::fake#the-admin-api) responds to clients on
    /// the same machine only, whatever this address is.
    ///
    /// ```
    /// use std::net::Ipv6Addr;
    ///
    /// # if std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() { return Ok(()); }
    /// let server = tonearm::fake::Server::builder().bind(Ipv6Addr::LOCALHOST).start()?;
    /// assert!(server.base_url().starts_with("http://[::1]:"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn bind(mut self, address: impl Into<IpAddr>) -> Self {
        self.bind = address.into();
        self
    }

    /// Sets the access token of the user that has every scope and never expires: see [`Server::token`]. Default: another
    /// one for each server.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Secret::new(token));
        self
    }

    /// Sets the id of the registered app. The default one is the same for all servers.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.app.id = id.into();
        self
    }

    /// Sets the secret of the registered app. The default one is the same for all servers.
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.app.secret = Secret::new(secret);
        self
    }

    /// Registers a redirect URI, in addition to those of [`Server::app`]. A URI with a loopback address and without a port
    /// is valid with every port.
    ///
    /// ```
    /// # #[cfg(feature = "login")] {
    /// use tonearm::fake::Server;
    ///
    /// let server = Server::builder().redirect_uri("myapp://callback").start()?;
    /// let login = server.app().redirect_uri("myapp://callback").login(["user-read-email"])?;
    /// let address = server.browser().approve(&login.url())?;
    /// assert!(address.starts_with("myapp://callback?code="));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.app.redirect_uris.push(uri.into());
        self
    }

    /// Sets whether the user consents without a page: the server redirects the browser immediately. Default: no.
    pub fn auto_approve(mut self, approve: bool) -> Self {
        self.app.auto_approve = approve;
        self
    }

    /// Sets the number of requests of the Web API in 30 seconds. The server returns 429 to further ones, with the seconds
    /// until the next one succeeds in `Retry-After`. Default: no limit.
    ///
    /// ```
    /// use tonearm::{Error, fake::Server};
    ///
    /// let server = Server::builder().rate_limit(2).start()?;
    /// let spotify = server.client_builder().retries(0).build()?;
    /// spotify.get_me().send()?;
    /// spotify.get_me().send()?;
    /// assert!(matches!(spotify.get_me().send(), Err(Error::RateLimited(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rate_limit(mut self, requests: u32) -> Self {
        self.rate_limit = Some(requests);
        self
    }

    /// Sets the response to player commands that succeed. Default: [`PlayerResponses::Text`].
    ///
    /// ```
    /// use tonearm::fake::{PlayerResponses, Server};
    ///
    /// let server = Server::builder().player_responses(PlayerResponses::Empty).start()?;
    /// let spotify = server.client()?;
    /// let device = spotify.get_devices().send()?.into_iter().find_map(|device| device.id);
    /// let call = spotify.start_playback().device_id(device).uris(&server.catalog().tracks()[..2]);
    /// let response = call.send_raw()?;
    /// assert_eq!((response.status(), response.body().len()), (204, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn player_responses(mut self, responses: PlayerResponses) -> Self {
        self.player_responses = responses;
        self
    }

    /// Sets how long the server waits for the next request of a connection, and then for the whole of it. Default: one
    /// minute. It closes the connection afterwards, with a 408 if the request is incomplete.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Sets the maximum number of open connections, each of which uses one file descriptor of the process. Default: 256.
    /// To accept a further one, the server closes the connection that has waited longest for a request or for the rest of
    /// one, but gives each a quarter of a second for its first request. If all of them are then in use, it returns 503.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets the number of requests that the [log](Server::log) contains. Default: 20,000, and at most 64 MiB. The server
    /// drops the oldest ones, and the log reports [how many](crate::fake::Log::dropped).
    ///
    /// ```
    /// let server = tonearm::fake::Server::builder().log_capacity(2).start()?;
    /// let spotify = server.client()?;
    /// for _ in 0..5 {
    ///     spotify.get_me().send()?;
    /// }
    /// assert_eq!((server.log().requests().len(), server.log().dropped()), (2, 3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn log_capacity(mut self, requests: usize) -> Self {
        self.log_capacity = requests;
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
    ///         "playlists": {"items": [
    ///             {"id": "3cEYpjA9oz9GiPac4AsH4n", "name": "Songs for later", "owner": "mira"}
    ///         ]}
    ///     }"#,
    /// )?;
    /// let server = Server::builder().library(library).start()?;
    /// let spotify = server.client()?;
    ///
    /// let track = &server.catalog().tracks()[0];
    /// spotify.add_playlist_items("3cEYpjA9oz9GiPac4AsH4n", [track]).send()?;
    /// let playlist = spotify.get_playlist("3cEYpjA9oz9GiPac4AsH4n").send()?;
    /// assert_eq!(playlist.name, "Songs for later");
    /// assert_eq!(playlist.items.and_then(|items| items.total), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn library(mut self, library: Library) -> Self {
        self.library = Some(library);
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) if a setting is invalid;
    /// [`AddrInUse`](io::ErrorKind::AddrInUse) if another program uses the port; other errors of the operating system if it
    /// provides no port or no thread.
    ///
    /// ```
    /// let result = tonearm::fake::Server::builder().rate_limit(0).start();
    /// assert_eq!(result.unwrap_err().to_string(), "rate_limit: expected at least 1, found 0");
    /// ```
    pub fn start(self) -> io::Result<Server> {
        Server::with(self, None)
    }

    /// Checks the settings.
    pub(super) fn check(&self) -> io::Result<()> {
        let invalid = |setting: &str, expected: &str, found: &dyn std::fmt::Display| {
            let message = format!("{setting}: expected {expected}, found {found}");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        };
        let is_graphic =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let RegisteredApp { id, secret, redirect_uris, .. } = &self.app;
        for (setting, secret) in [("token", self.token.as_ref()), ("client secret", Some(secret))] {
            if let Some(secret) = secret.filter(|secret| !is_graphic(secret.reveal())) {
                let expected = "printable ASCII characters without spaces";
                let found = if secret.is_empty() { "an empty text" } else { "other characters" };
                return invalid(setting, expected, &found);
            }
        }
        if !is_graphic(id) || id.contains(':') {
            let expected = "printable ASCII characters without spaces and colons";
            return invalid("client id", expected, &Quoted(id));
        }
        let is_url = |url: &str| {
            is_graphic(url)
                && ["http://", "https://"]
                    .iter()
                    .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        };
        if let Some(url) = self.base_url.as_deref().filter(|url| !is_url(url)) {
            let expected = "a URL such as `http://127.0.0.1:8080/v1`";
            return invalid("base_url", expected, &Quoted(url));
        }
        let is_uri = |uri: &String| is_graphic(uri) && uri.contains("://") && !uri.contains('#');
        if let Some(uri) = redirect_uris.iter().find(|uri| !is_uri(uri)) {
            let expected = "a URI such as `http://127.0.0.1/callback`";
            return invalid("redirect_uri", expected, &Quoted(uri));
        }
        // Spotify accepts `http` only with these two hosts, so not with `localhost`.
        let is_refused = |uri: &&String| {
            uri.strip_prefix("http://").is_some_and(|rest| {
                let host = rest.split(['/', '?']).next().unwrap_or_default();
                let is_loopback = |name: &str| {
                    let port = host.strip_prefix(name);
                    port.is_some_and(|port| port.is_empty() || port.starts_with(':'))
                };
                !is_loopback("127.0.0.1") && !is_loopback("[::1]")
            })
        };
        if let Some(uri) = redirect_uris.iter().find(is_refused) {
            let expected = "`https`, or a loopback address such as `http://127.0.0.1/callback`, because Spotify rejects \
                            others";
            return invalid("redirect_uri", expected, &Quoted(uri));
        }
        if let Some((found, constructor)) = self.library.as_ref().and_then(Library::unread) {
            let advice =
                format!("create it with `{constructor}`, or complete the backup with `backup`");
            return invalid("library", "a complete library", &format!("{found}; {advice}"));
        }
        let at_least_1 = "at least 1";
        if self.rate_limit == Some(0) {
            return invalid("rate_limit", at_least_1, &0);
        }
        if self.max_connections == 0 {
            return invalid("max_connections", at_least_1, &0);
        }
        if self.read_timeout.is_zero() || self.read_timeout > Duration::from_secs(86_400) {
            let expected = "more than 0 s and at most a day";
            return invalid("read_timeout", expected, &format!("{:?}", self.read_timeout));
        }
        Ok(())
    }
}
