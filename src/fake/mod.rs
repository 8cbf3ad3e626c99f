//! A Spotify of its own, for examples and tests: with the feature `fake`.
//!
//! [`Server::start`] opens an HTTP server on this machine that answers as Spotify does, and stops when
//! it is dropped. It has a made-up [`Catalog`] and a user with a library of hundreds of items, all of
//! it the same in every run. What a program saves, removes, follows or unfollows, later calls see:
//!
//! ```
//! use tonearm::fake;
//!
//! let server = fake::Server::start()?;
//! let spotify = server.client()?;
//!
//! let page = spotify.get_my_saved_tracks().limit(50).send()?;
//! assert_eq!((page.items.len(), page.total), (50, 320));
//!
//! let last_added = page.items[0].track.id.clone().expect("an id");
//! spotify.remove_saved_tracks([&last_added]).send()?;
//! assert_eq!(spotify.are_tracks_saved([&last_added]).send()?, [false]);
//!
//! // What was sent, as Spotify would have seen it.
//! assert_eq!(
//!     server.requests()[1].to_string(),
//!     format!("DELETE /v1/me/tracks -> 200\n    ids = {last_added}"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It refuses what Spotify refuses, by the [table](crate::endpoint) from which this crate is made: a
//! missing or unknown token (401), a missing scope (403), a path that is not there (404), a value out
//! of its range, an unknown market, a bad id, too many ids (400), a `PUT` without a length (411), a
//! URL that is too long (414).
//!
//! ```
//! use tonearm::{Error, Scope, fake};
//!
//! let server = fake::Server::start()?;
//! let token = server.token_with([Scope::UserLibraryRead]);
//! let spotify = server.builder().token(token).build()?;
//!
//! assert_eq!(spotify.get_my_saved_shows().send()?.total, 120);
//! let refused = spotify.get_my_followed_artists().send();
//! assert!(matches!(refused, Err(Error::InsufficientScope(_))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Some things that it does as Spotify does, and that tests stumble over: saved things come last
//! added first; times are kept to the minute; an id that is not in the catalog is taken without a word
//! and does nothing; one album in thirteen cannot be played in the user's country, which is `GB`
//! whatever `market` says; private playlists are left out of lists without their scope.
//!
//! Playlists hold tracks, and some of them an episode, a file of the user's own, or a row of which the
//! item is gone. Every change makes a new `snapshot_id`; one that comes with a change is not looked at,
//! for changes are always made to the newest version. `fields` is understood.
//!
//! # Two kinds of app
//!
//! Spotify does not answer all apps alike, so there are two kinds of server. One that is made by
//! [`Server::start`] answers as Spotify answers an app in extended quota mode, and one that had its
//! access before November 2024: nothing is closed, nothing is left out, and what a playlist holds
//! stands under its new name, `items`, as well as under the old one, `tracks`.
//!
//! One that is made by [`Server::development`] answers as Spotify answers an app in development mode,
//! which is what every new app is:
//!
//! - A call whose row in the [table](crate::endpoint) is not [open to all](crate::endpoint::OpenTo) is
//!   refused, whatever it asks for, with the status in the row. That goes strictly by the row: also
//!   where Spotify was seen to answer such an app all the same, as it does those who follow a playlist.
//! - A page longer than the row allows such an app is refused. Where a call does not say how long, the
//!   page is no longer than that.
//! - Playlists call what they hold `items` only, and their rows `item`; `fields` knows no other names.
//!   One of somebody else comes without its items, and all that names it to read or change them is
//!   refused, unless the user takes part in it.
//! - Albums lose `album_group`, `available_markets`, `label` and `popularity`; artists `followers`,
//!   `genres` and `popularity`; tracks `available_markets`, `linked_from`, `popularity` and
//!   `preview_url`; shows and audiobooks `available_markets` and `publisher`; chapters
//!   `available_markets`. Users lose nothing, as was seen, although Spotify's documents say otherwise.
//!
//! Both can be told to [refuse everything](Server::refuse), as Spotify does when the app or its user is
//! not in order.
//!
//! # Faults
//!
//! What goes wrong in a job that runs all night can be made to go wrong in a test: limits, faults of
//! Spotify's, connections that break before and after a thing was done. A [script](Server::script) says
//! what happens to the next requests of a path; [by chance](Server::faults) something can go wrong with
//! any of them. [`Fault`] has the list.
//!
//! ```
//! use tonearm::fake::{Fault, Half, Server};
//!
//! let server = Server::start()?;
//! let spotify = server.client()?;
//! let track = server.catalog().tracks()[0].clone();
//! server.script("/me/tracks").then(Fault::RateLimited { retry_after: 86_400 }).then(Fault::Cut(Half::Body));
//!
//! let limited = spotify.remove_saved_tracks([&track]).send().unwrap_err();
//! assert_eq!(limited.retry_after().map(|wait| wait.as_secs()), Some(86_400));
//!
//! assert_eq!(
//!     server.requests()[0].to_string(),
//!     format!("DELETE /v1/me/tracks -> 429, RateLimited {{ retry_after: 86400 }}\n    ids = {track}"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The player
//!
//! The player has three devices, of which none is active to begin with, and one has no id. It has no
//! clock: what plays goes on until it is skipped, or until a `seek` behind its end.
//!
//! ```
//! use tonearm::{Error, fake};
//!
//! let server = fake::Server::start()?;
//! let spotify = server.client()?;
//! let tracks = server.catalog().tracks();
//!
//! let refused = spotify.start_playback().uris(&tracks[..3]).send();
//! assert!(matches!(refused, Err(Error::NotFound(_))), "no device is active");
//!
//! let device = spotify.get_devices().send()?.into_iter().find_map(|device| device.id);
//! spotify.start_playback().uris(&tracks[..3]).device_id(device.as_deref().unwrap_or_default()).send()?;
//! spotify.skip_to_next().send()?;
//! let playback = spotify.get_playback().send()?.expect("something plays");
//! assert_eq!(playback.item.expect("a track").id(), Some(tracks[1].as_str()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Logging in
//!
//! It plays the accounts service too: the page on which a person consents, codes that work once, PKCE, tokens that end,
//! are renewed, replaced and revoked, and times when it is out of order.
//!
//! ```
//! # #[cfg(feature = "login")] {
//! use tonearm::{Scope, Spotify, fake};
//!
//! let server = fake::Server::start()?;
//! server.rotate_refresh_tokens(true);
//! let (app, browser) = (server.app(), server.browser());
//! app.login([Scope::UserReadEmail])?.browser(move |url| browser.log_in(url).map(drop)).run()?;
//! let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build()?;
//!
//! server.expire_access_tokens();
//! server.accounts_down(1);
//! assert!(spotify.get_me().send().is_err(), "no token to be had");
//! assert!(spotify.get_me().send().is_ok(), "and nothing is lost");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
mod answers;
mod browser;
mod catalog;
mod check;
mod deck;
mod development;
mod fault;
mod fields;
mod gzip;
mod http;
mod json;
mod library;
mod log;
mod markets;
mod more_objects;
mod names;
mod objects;
mod page;
mod player;
mod playlists;
mod reads;
mod refusing;
mod route;
mod script;
mod server;
mod shelf;
mod things;
mod value;

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::time::Duration;

pub use browser::Browser;
pub use catalog::Catalog;
pub use fault::{Fault, Half, Reply};
pub use log::SeenRequest;
pub use refusing::Refusing;
pub use script::Script;

use crate::auth;
use crate::client::{Spotify, SpotifyBuilder};
use crate::error::Error;
use crate::id::SpotifyUri;
use crate::scope::Scope;
use development::App;
use server::Running;

/// An embedded Spotify. It stops, and its connections end, when it is dropped.
///
/// Servers share nothing but the catalog: what one of them is told to save, no other knows.
pub struct Server {
    running: Running,
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
        Server::of(App::Extended)
    }

    /// Starts a server that answers as Spotify answers an app in [development
    /// mode](self#two-kinds-of-app).
    ///
    /// # Errors
    ///
    /// What the system says if it gives no port or no thread.
    ///
    /// ```
    /// use tonearm::fake;
    ///
    /// let server = fake::Server::development()?;
    /// let spotify = server.client()?;
    ///
    /// // Some calls are closed, and there is nothing in their place.
    /// assert!(spotify.get_markets().send().is_err());
    /// assert_eq!(server.requests()[0].status, 403);
    ///
    /// // Some members are left out, and what is in the playlists of others.
    /// let artist = spotify.get_artist(&server.catalog().artists()[0]).send()?;
    /// assert!(artist.followers.is_none() && artist.popularity.is_none());
    /// let (own, other) = (&server.catalog().playlists()[0], &server.catalog().playlists()[40]);
    /// assert!(spotify.get_playlist(own).send()?.items.is_some());
    /// assert!(spotify.get_playlist(other).send()?.items.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn development() -> io::Result<Server> {
        Server::of(App::Development)
    }

    fn of(app: App) -> io::Result<Server> {
        let running = Running::start(app)?;
        let token = running.shared.issue(Scope::ALL.iter().cloned());
        Ok(Server { running, token })
    }

    /// Where the Web API of this server is: `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> String {
        self.running.shared.origin() + route::ROOT
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
    /// let me = server.builder().token(token).build()?.get_me().send()?;
    /// assert!(me.email.is_some() && me.country.is_none());
    ///
    /// let nobody = server.builder().token("not-issued-here").build()?;
    /// assert!(matches!(nobody.get_me().send(), Err(Error::Unauthorized(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn token_with(&self, scopes: impl IntoIterator<Item = Scope>) -> String {
        self.running.shared.issue(scopes)
    }

    /// A client of this server, with the token that holds every scope.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] if the client cannot be built.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let me = server.client()?.get_me().send()?;
    /// assert_eq!(me.display_name.as_deref(), Some("Mira Halvorsen"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client(&self) -> Result<Spotify, Error> {
        self.builder().build()
    }

    /// The settings of a client of this server, for more of them to be set.
    ///
    /// ```
    /// use tonearm::{Market, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let spotify = server.builder().market(Market::FI).locale("fi_FI").build()?;
    /// spotify.get_my_saved_albums().send()?;
    /// assert_eq!(server.requests()[0].query_value("market"), Some("FI"));
    /// assert_eq!(server.requests()[0].header("accept-language"), Some("fi-FI"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(&self) -> SpotifyBuilder {
        Spotify::builder().base_url(self.base_url()).token(&self.token)
    }

    /// Where the accounts service of this server is: `http://127.0.0.1:PORT`.
    pub fn accounts_url(&self) -> String {
        self.running.shared.origin()
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
        let shared = &self.running.shared;
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
        self.running.shared.accounts().rotates = rotate;
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
    /// assert!(matches!(&refused, Error::LoginAgain(again) if &*again.message == "Refresh token revoked"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revoke(&self) {
        self.running.shared.accounts().revoke();
    }

    /// Ends every access token that came from a login or a refresh; [`token`](Server::token) and
    /// [`token_with`](Server::token_with) last for ever.
    pub fn expire_access_tokens(&self) {
        self.running.shared.expire();
    }

    /// How long access tokens last from now on. Default: an hour, as at Spotify.
    pub fn access_token_lifetime(&self, lifetime: Duration) {
        self.running.shared.accounts().lifetime = Some(lifetime);
    }

    /// Lets the accounts service answer 503 to as many requests as given.
    pub fn accounts_down(&self, times: u32) {
        self.running.shared.accounts().down = times;
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
        self.running.shared.state().library.uris()
    }

    /// Refuses every request from now on for one reason, or for none again.
    ///
    /// Only what is wrong with the address or the token is said before.
    ///
    /// ```
    /// use tonearm::fake::{Refusing, Server};
    ///
    /// let server = Server::development()?;
    /// let spotify = server.client()?;
    ///
    /// for reason in [Refusing::UserNotRegistered, Refusing::OwnerWithoutPremium] {
    ///     server.refuse(Some(reason));
    ///     assert!(spotify.get_me().send().is_err());
    ///     assert_eq!(server.requests().last().map(|request| request.status), Some(403));
    /// }
    /// server.refuse(None);
    /// spotify.get_me().send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refuse(&self, reason: Option<Refusing>) {
        self.running.shared.refuse(reason);
    }

    /// The requests that this server has answered, in order, the refused ones included.
    ///
    /// A request is in the list before its answer is sent.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.running.shared.log().clone()
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
        self.running.shared.connections()
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
        self.running.shared.log().clear();
    }
}
