//! The fake Spotify server as its users see it.

pub(crate) mod builder;
mod faults;
pub(crate) mod log;
mod replay;
pub(crate) mod threads;

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::time::Duration;

use super::accounts;
use super::api::route;
use super::catalog::Catalog;
use crate::auth;
use crate::client::{Spotify, SpotifyBuilder};
use crate::error::Error;
use crate::fake::accounts::browser::Browser;
use crate::fake::api::development::ServerMode;
use crate::fake::record::replay::Replay;
use crate::fake::state::State;
use crate::types::id::SpotifyUri;
use crate::types::scope::Scope;
use builder::ServerBuilder;
use log::{Log, ReceivedRequest};
use threads::ServerThreads;

/// A fake Spotify server. It stops, and its connections end, when it is dropped.
///
/// Servers share nothing but the catalog: what one of them is told to save, no other knows.
pub struct Server {
    pub(crate) threads: ServerThreads,
    token: String,
}

impl Debug for Server {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server on a free port of this machine, one that answers as Spotify answers an app in
    /// extended quota mode.
    ///
    /// # Errors
    ///
    /// What the system says if it gives no port or no thread.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// assert!(server.base_url().starts_with("http://127.0.0.1:"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start() -> io::Result<Server> {
        Server::builder().start()
    }

    /// The settings of a server other than the default one.
    ///
    /// ```
    /// use tonearm::{QuotaMode, fake::Server};
    ///
    /// let server = Server::builder().quota_mode(QuotaMode::Development).start()?;
    /// # drop(server);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    pub(crate) fn with(mode: ServerMode, replay: Option<Replay>) -> io::Result<Server> {
        let threads = ServerThreads::start(mode, replay)?;
        let token = threads.shared.issue(Scope::ALL.iter().cloned());
        Ok(Server { threads, token })
    }

    /// Where the Web API of this server is: `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> String {
        self.threads.shared.origin() + route::ROOT
    }

    /// An access token of the user that holds every scope.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Issues another access token of the same user, one that holds these scopes only.
    ///
    /// ```
    /// use tonearm::{Error, Scope, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let token = server.token_with([Scope::UserReadEmail]);
    /// let me = server.client_builder().token(token).build()?.get_me().send()?;
    /// assert!(me.email.is_some() && me.country.is_none());
    ///
    /// let nobody = server.client_builder().token("not-issued-here").build()?;
    /// assert!(matches!(nobody.get_me().send(), Err(Error::Unauthorized(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn token_with(&self, scopes: impl IntoIterator<Item = Scope>) -> String {
        self.threads.shared.issue(scopes)
    }

    /// A client of this server, with the token that holds every scope.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the client cannot be built.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let me = server.client()?.get_me().send()?;
    /// assert_eq!(me.display_name.as_deref(), Some("Mira Halvorsen"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client(&self) -> Result<Spotify, Error> {
        self.client_builder().build()
    }

    /// The settings of a client of this server, for more of them to be set.
    ///
    /// ```
    /// use tonearm::{Market, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let spotify = server.client_builder().market(Market::FI).locale("fi_FI").build()?;
    /// spotify.get_my_saved_albums().send()?;
    /// assert_eq!(server.requests()[0].query_value("market"), Some("FI"));
    /// assert_eq!(server.requests()[0].header("accept-language"), Some("fi-FI"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_builder(&self) -> SpotifyBuilder {
        Spotify::builder().base_url(self.base_url()).token(&self.token)
    }

    /// Where the accounts service of this server is: `http://127.0.0.1:PORT`.
    pub fn accounts_url(&self) -> String {
        self.threads.shared.origin()
    }

    /// The app that this server knows, without its secret and with nobody logged in.
    ///
    /// Its redirect URI is `http://127.0.0.1/callback`; `http://[::1]/callback` and
    /// `https://app.example/callback` are registered too.
    ///
    /// ```
    /// use tonearm::{App, Spotify, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let app = server.app().refresh_token(server.refresh_token(["user-library-read"]));
    /// let spotify = Spotify::builder().app(app).base_url(server.base_url()).build()?;
    /// assert_eq!(spotify.get_my_saved_tracks().limit(5).send()?.items.len(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn app(&self) -> auth::App {
        auth::App::new(accounts::CLIENT_ID)
            .redirect_uri("http://127.0.0.1/callback")
            .accounts_url(self.accounts_url())
    }

    /// The secret of that app.
    ///
    /// ```
    /// use tonearm::{Spotify, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let app = server.app().secret(server.client_secret());
    /// let spotify = Spotify::builder().client_credentials(app).base_url(server.base_url()).build()?;
    /// spotify.get_album(&server.catalog().albums()[0]).send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_secret(&self) -> &str {
        accounts::CLIENT_SECRET
    }

    /// Issues a refresh token of the user, as a login with PKCE gives one, that holds these scopes.
    pub fn refresh_token<S: Into<Scope>>(&self, scopes: impl IntoIterator<Item = S>) -> String {
        let shared = &self.threads.shared;
        let scopes = scopes.into_iter().map(Into::into).collect();
        shared.accounts().refresh_token(scopes, shared.port())
    }

    /// A person at a browser who logs in here.
    pub fn browser(&self) -> Browser {
        Browser::default()
    }

    /// Whether every refresh gives a new refresh token and ends the old one, as Spotify did for PKCE
    /// until July 2026. Default: no.
    pub fn rotate_refresh_tokens(&self, rotate: bool) {
        self.threads.shared.accounts().rotates = rotate;
    }

    /// Takes back what the user permitted: every refresh token so far is an `invalid_grant` from now
    /// on. Access tokens go on until they end.
    ///
    /// ```
    /// use tonearm::{Error, Scope, Spotify, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let app = server.app().refresh_token(server.refresh_token([Scope::UserReadEmail]));
    /// let spotify = Spotify::builder().app(app).base_url(server.base_url()).build()?;
    /// spotify.get_me().send()?;
    ///
    /// server.revoke();
    /// server.expire_access_tokens();
    /// let refused = spotify.get_me().send().unwrap_err();
    /// assert!(matches!(&refused, Error::LoginRequired(again) if &*again.message == "Refresh token revoked"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revoke(&self) {
        self.threads.shared.accounts().revoke();
    }

    /// Ends every access token that came from a login or a refresh; [`token`](Server::token) and
    /// [`token_with`](Server::token_with) last for ever.
    pub fn expire_access_tokens(&self) {
        self.threads.shared.expire();
    }

    /// How long access tokens last from now on. Default: an hour, as at Spotify.
    pub fn access_token_lifetime(&self, lifetime: Duration) {
        self.threads.shared.accounts().lifetime = Some(lifetime);
    }

    /// Lets the accounts service answer 503 to as many requests as given.
    pub fn fail_token_requests(&self, times: u32) {
        self.threads.shared.accounts().down = times;
    }

    /// Lets another user have all tokens from now on, one who has just joined: with nothing saved and nothing
    /// followed, without playlists and without a play. What was Mira's is forgotten, and what the
    /// [catalog](Catalog) says is hers is somebody else's.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// server.reset_to_new_user();
    ///
    /// let spotify = server.client()?;
    /// assert_eq!(spotify.get_me().send()?.id, server.catalog().users()[139]);
    /// assert_eq!(spotify.get_my_saved_tracks().send()?.total, 0);
    /// assert!(server.library().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reset_to_new_user(&self) {
        *self.threads.shared.state() = State::of_new_user(Catalog::shared());
    }

    /// What there is to save and follow.
    pub fn catalog(&self) -> &Catalog {
        Catalog::shared()
    }

    /// Everything that the user has saved or follows now, in the order of kinds and ids.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let album = server.catalog().albums()[0].clone();
    /// assert!(server.library().contains(&album.clone().into()));
    /// server.client()?.remove_saved_albums([&album]).send()?;
    /// assert!(!server.library().contains(&album.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn library(&self) -> Vec<SpotifyUri> {
        self.threads.shared.state().library.uris()
    }

    /// The requests that this server has answered, in order, the refused ones included.
    ///
    /// A request is in the list before its answer is sent.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.threads.shared.log().clone()
    }

    /// The same as one text, for snapshots: no ports, no tokens, no times.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let spotify = server.client()?;
    /// spotify.get_my_saved_albums().limit(2).send()?;
    /// spotify.transfer_playback("device-1").play(true).send_raw()?;
    ///
    /// # mod insta {
    /// #     macro_rules! assert_snapshot {
    /// #         ($log:expr, @$text:literal) => { assert_eq!($log.to_string().trim(), $text.trim()) };
    /// #     }
    /// #     pub(crate) use assert_snapshot;
    /// # }
    /// insta::assert_snapshot!(server.log(), @r#"
    /// GET /v1/me/albums -> 200
    ///     limit = 2
    /// PUT /v1/me/player -> 404
    ///     {
    ///       "device_ids": [
    ///         "device-1"
    ///       ],
    ///       "play": true
    ///     }
    /// "#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// `cargo insta review` fills such a snapshot in. What a program does on several connections comes in any order:
    /// [`sorted`](Log::sorted) puts it in one, or the client is built with
    /// [`connections(1)`](SpotifyBuilder::connections).
    pub fn log(&self) -> Log {
        Log(self.requests())
    }

    /// How many connections are open to this server now, those included that a client keeps for later.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let spotify = server.client()?;
    /// spotify.get_me().send()?;
    /// spotify.get_devices().send()?;
    /// assert_eq!(server.connections(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn connections(&self) -> usize {
        self.threads.shared.connections()
    }

    /// Forgets the requests so far.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// server.client()?.get_me().send()?;
    /// server.clear_requests();
    /// assert!(server.requests().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clear_requests(&self) {
        self.threads.shared.log().clear();
    }
}
