//! The public API of the fake Spotify server.

mod admin;
pub(crate) mod builder;
mod faults;
pub(crate) mod log;
mod replay;
pub(crate) mod threads;

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::api::route;
use super::catalog::Catalog;
use crate::auth;
use crate::client::{Spotify, SpotifyBuilder};
use crate::error::Error;
use crate::fake::accounts::browser::Browser;
use crate::fake::library::{self, Item};
use crate::fake::lock::lock;
use crate::fake::record::replay::Replay;
use crate::json::value::Value;
use crate::model::{Device, Playback};
use crate::types::id::{PlaylistId, SpotifyUri, UserId};
use crate::types::scope::Scopes;
use builder::ServerBuilder;
use log::{Log, ReceivedRequest};
use serde::Serialize;
use threads::Shared;

/// A user that was added to a server, from [`Server::add_user`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewUser {
    /// The id.
    pub id: UserId,
    /// An access token with every scope. It never expires.
    pub token: String,
    /// A refresh token with every scope, as after a login with PKCE.
    pub refresh_token: String,
}

/// A fake Spotify server. Dropping it stops the server and closes its connections.
///
/// Servers share the catalog, but no state.
pub struct Server {
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Debug for Server {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop(self.acceptor.take());
    }
}

impl Server {
    /// Starts a server on a free loopback port, with an app in extended quota mode. Use [`builder`](Server::builder) for
    /// development mode.
    ///
    /// # Errors
    ///
    /// The error of the operating system if it provides no port or no thread.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// assert!(server.base_url().starts_with("http://127.0.0.1:"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start() -> io::Result<Server> {
        Server::builder().start()
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    pub(crate) fn with(settings: ServerBuilder, replay: Option<Replay>) -> io::Result<Server> {
        settings.check()?;
        let (shared, acceptor) = threads::start(settings, replay)?;
        Ok(Server { shared, acceptor: Some(acceptor) })
    }

    /// Returns the base URL of the Web API: `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> String {
        self.shared.origin() + route::ROOT
    }

    /// Returns an access token of the user, with every scope.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Issues another access token of the same user, with these scopes only. The server has at most 10,000 access tokens:
    /// then it forgets the oldest ones, those of logins and refreshes first.
    ///
    /// ```
    /// use tonearm::{Error, Scope, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let token = server.issue_token([Scope::UserReadEmail]);
    /// let spotify = server.client_builder().token(token).build()?;
    /// let me = spotify.get_me().send()?;
    /// assert!(me.email.is_some() && me.country.is_none());
    /// let result = spotify.get_my_followed_artists().send();
    /// assert!(matches!(result, Err(Error::InsufficientScope(_))));
    ///
    /// let spotify = server.client_builder().token("not-issued-here").build()?;
    /// assert!(matches!(spotify.get_me().send(), Err(Error::Unauthorized(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn issue_token(&self, scopes: impl Into<Scopes>) -> String {
        self.shared.issue(scopes.into(), 0)
    }

    /// Builds a client of this server, with the token that has every scope.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the client cannot be built.
    pub fn client(&self) -> Result<Spotify, Error> {
        self.client_builder().build()
    }

    /// Returns a builder of that client, to change its settings.
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
        Spotify::builder().base_url(self.base_url()).token(self.token()).numbers_requests()
    }

    /// Returns the URL of the accounts service: `http://127.0.0.1:PORT`.
    pub fn accounts_url(&self) -> String {
        self.shared.origin()
    }

    /// Returns the registered app, without its secret and without a login.
    ///
    /// Its redirect URI is `http://127.0.0.1/callback`. The URIs `http://[::1]/callback` and
    /// `https://app.example/callback` are registered too.
    ///
    /// ```
    /// use tonearm::{App, Spotify, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let app = server.app().refresh_token(server.issue_refresh_token(["user-library-read"]));
    /// let spotify = Spotify::builder().app(app).base_url(server.base_url()).build()?;
    /// assert_eq!(spotify.get_my_saved_tracks().limit(5).send()?.items.len(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn app(&self) -> auth::App {
        auth::App::new(self.client_id())
            .redirect_uri("http://127.0.0.1/callback")
            .accounts_url(self.accounts_url())
    }

    /// Returns the id of the registered app.
    pub fn client_id(&self) -> &str {
        &self.shared.settings.app.id
    }

    /// Returns the secret of the registered app.
    ///
    /// ```
    /// use tonearm::{Spotify, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let app = server.app().client_secret(server.client_secret());
    /// let builder = Spotify::builder().client_credentials(app);
    /// let spotify = builder.base_url(server.base_url()).build()?;
    /// spotify.get_album(&server.catalog().albums()[0]).send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_secret(&self) -> &str {
        self.shared.settings.app.secret.reveal()
    }

    /// Issues a refresh token of the user with these scopes, like a login with PKCE.
    pub fn issue_refresh_token(&self, scopes: impl Into<Scopes>) -> String {
        self.shared.issue_refresh_token(scopes.into(), 0)
    }

    /// Returns the browser of a user who logs in.
    pub fn browser(&self) -> Browser {
        Browser::default()
    }

    /// Sets whether every refresh issues a new refresh token and revokes the old one, as Spotify did for PKCE until
    /// July 2026. Default: no.
    pub fn rotate_refresh_tokens(&self, rotate: bool) {
        lock(&self.shared.accounts).rotates = rotate;
    }

    /// Revokes the consent of all users: refreshing any token issued so far fails with `invalid_grant`. Access tokens work
    /// until they expire.
    ///
    /// ```
    /// use tonearm::{Error, Scope, Spotify, fake};
    ///
    /// let server = fake::Server::start()?;
    /// let app = server.app().refresh_token(server.issue_refresh_token([Scope::UserReadEmail]));
    /// let spotify = Spotify::builder().app(app).base_url(server.base_url()).build()?;
    /// spotify.get_me().send()?;
    ///
    /// server.revoke_consent();
    /// server.expire_access_tokens();
    /// let Err(Error::LoginRequired(error)) = spotify.get_me().send() else { unreachable!() };
    /// assert_eq!(error.message, "Refresh token revoked");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revoke_consent(&self) {
        lock(&self.shared.accounts).revoke_consent();
    }

    /// Expires every access token of a login or a refresh. Those of [`token`](Server::token) and
    /// [`issue_token`](Server::issue_token) never expire.
    pub fn expire_access_tokens(&self) {
        self.shared.expire();
    }

    /// Sets the lifetime of access tokens that are issued from now on, at most 4,294,967,295 seconds. Default: one hour,
    /// like Spotify's.
    pub fn set_access_token_lifetime(&self, lifetime: Duration) {
        let lifetime = lifetime.min(Duration::from_secs(u32::MAX.into()));
        lock(&self.shared.accounts).lifetime = Some(lifetime);
    }

    /// Makes the accounts service respond with 503 to the next `times` requests.
    pub fn fail_token_requests(&self, times: u32) {
        lock(&self.shared.accounts).down = times;
    }

    /// Assigns all tokens to a new user, who has saved, followed and played nothing and owns no playlist. The changes of
    /// the previous user are lost.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// server.reset_to_new_user();
    ///
    /// let spotify = server.client()?;
    /// assert_eq!(spotify.get_me().send()?.id, server.catalog().users()[139]);
    /// assert_eq!(spotify.get_my_saved_tracks().send()?.total, Some(0));
    /// assert!(server.library().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reset_to_new_user(&self) {
        self.shared.reset_to_new_user();
    }

    /// Moves playback on as if this time had passed, whatever the [`Clock`](crate::fake::Clock) is. At the end of a track,
    /// the next one plays.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let server = tonearm::fake::Server::start()?;
    /// let spotify = server.client()?;
    /// let device = spotify.get_devices().send()?[0].id.clone().expect("an id");
    /// spotify.start_playback().uris(&server.catalog().tracks()[..2]).device_id(device).send()?;
    /// server.advance_playback(Duration::from_secs(30));
    ///
    /// let playback = spotify.get_playback().send()?.expect("playback");
    /// assert_eq!(playback.progress_ms, Some(30_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn advance_playback(&self, time: Duration) {
        self.shared.advance_playback(time);
    }

    /// Restores the initial state: the data of the user, the settings of faults, failures and tokens, and the log. A
    /// [recording](Server::replay) begins again. Tokens of the user stay valid, and revoked refresh tokens are valid again.
    /// Users that [`add_user`](Server::add_user) added are removed, and their tokens are invalid.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let spotify = server.client()?;
    /// let album = server.catalog().albums()[0].clone();
    /// spotify.remove_saved_albums([&album]).send()?;
    ///
    /// server.reset();
    /// assert_eq!(spotify.are_albums_saved([&album]).send()?, [true]);
    /// assert_eq!(server.requests().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Adds a user, who has saved, followed and played nothing and owns no playlist. The users of a server don't see each
    /// other's changes.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// let other = server.add_user();
    ///
    /// let spotify = server.client_builder().token(&other.token).build()?;
    /// assert_eq!(spotify.get_me().send()?.id, other.id);
    /// spotify.save_albums([&server.catalog().albums()[0]]).send()?;
    /// assert_eq!(spotify.get_my_saved_albums().send()?.total, Some(1));
    /// assert_eq!(server.client()?.get_my_saved_albums().send()?.total, Some(210));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_user(&self) -> NewUser {
        self.shared.add_user()
    }

    /// Adds an object to the catalog for all users of this server, until it is [reset](Server::reset), or replaces the one
    /// with the same URI. The endpoints of the catalog and searches return it. The lists of its artist, album, show or
    /// audiobook contain it if it names one by id, as in `{"artists": [{"id": …}]}` or `{"album": {"id": …}}`. An album, a
    /// show or an audiobook that lists its own parts, as in `{"tracks": {"items": […]}}`, has these parts only.
    ///
    /// The object is a [model](crate::model) or any JSON object, as in a [`Library`](crate::fake::Library::add_object):
    /// the server adds id, type, web addresses and lists of markets. An object for a user sets the display name only.
    ///
    /// ```
    /// use tonearm::fake::Server;
    ///
    /// let server = Server::start()?;
    /// let spotify = server.client()?;
    /// let album = std::collections::BTreeMap::from([("name", "Black Holes and Revelations")]);
    /// server.add_object("spotify:album:0eFHYz8NmK75zSplL5qlfM".parse()?, &album);
    ///
    /// spotify.save_albums(["0eFHYz8NmK75zSplL5qlfM"]).send()?;
    /// let saved = spotify.get_my_saved_albums().limit(1).send()?;
    /// assert_eq!(saved.items[0].album.name, "Black Holes and Revelations");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the object does not serialize to a JSON object.
    #[track_caller]
    pub fn add_object(&self, uri: SpotifyUri, object: &impl Serialize) {
        let json = library::json_of(object).unwrap_or(Value::Null);
        if let Err(problem) = self.shared.add_object(uri, json) {
            // Only a test calls this, and its mistake is best reported at its own line.
            panic!("{problem}");
        }
    }

    /// Adds an item to the end of any playlist, such as a local file, which the Web API cannot add. An item
    /// without a URI is one that Spotify has removed.
    ///
    /// ```
    /// use tonearm::fake::Server;
    /// use tonearm::fake::library::Item;
    ///
    /// let server = Server::start()?;
    /// let spotify = server.client()?;
    /// let playlist = spotify.create_playlist("Demos").send()?;
    /// let file = Item::new("spotify:local:Muse:Attic:Rain:90".parse()?, "Rain");
    /// server.add_playlist_item(&playlist.id, file);
    ///
    /// let items = spotify.get_playlist_items(&playlist.id).send()?.items;
    /// assert!(items[0].is_local);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the server has no such playlist, or if it has 10,000 items.
    #[track_caller]
    pub fn add_playlist_item(&self, playlist: &PlaylistId, item: Item) {
        if let Err(problem) = self.shared.add_playlist_item(playlist.clone(), &item) {
            // Only a test calls this, and its mistake is best reported at its own line.
            panic!("{problem}");
        }
    }

    /// Replaces the devices of the user. One with `is_active` becomes the active device; without one, playback stops.
    ///
    /// A device without a type is a computer, and one without `supports_volume` supports it. Commands to one with
    /// `is_restricted` fail with 403.
    ///
    /// ```
    /// use tonearm::fake::Server;
    /// use tonearm::model::Device;
    ///
    /// let server = Server::start()?;
    /// let mut desk = Device::default();
    /// (desk.id, desk.name) = (Some("desk".parse()?), "Desk".to_owned());
    /// server.set_devices([desk]);
    ///
    /// let spotify = server.client()?;
    /// assert_eq!(spotify.get_devices().send()?[0].name, "Desk");
    /// spotify.transfer_playback("desk").send()?;
    /// server.set_devices([]);
    /// assert!(spotify.transfer_playback("desk").send().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_devices(&self, devices: impl IntoIterator<Item = Device>) {
        self.shared.set_devices(devices);
    }

    /// Replaces the playback of the user: the item, the device, the context and the settings. With `None`, nothing plays and no
    /// device is active. Commands then change this playback.
    ///
    /// An item that the catalog lacks is [added](Server::add_object) to it. An advertisement has no item and
    /// [`PlayingType::Ad`](crate::model::PlayingType::Ad). Without a device, the active one plays, or else the first one.
    ///
    /// ```
    /// use tonearm::fake::Server;
    /// use tonearm::model::{Playback, PlayingType};
    ///
    /// let server = Server::start()?;
    /// let spotify = server.client()?;
    /// let mut playback = Playback::default();
    /// (playback.is_playing, playback.currently_playing_type) = (true, Some(PlayingType::Ad));
    /// server.set_playback(Some(playback));
    ///
    /// let playback = spotify.get_playback().send()?.expect("playback");
    /// assert_eq!((playback.item, playback.currently_playing_type), (None, Some(PlayingType::Ad)));
    /// spotify.pause_playback().send()?;
    /// server.set_playback(None);
    /// assert_eq!(spotify.get_playback().send()?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the playback has no device and the user has none either.
    #[track_caller]
    pub fn set_playback(&self, playback: Option<Playback>) {
        if let Err(problem) = self.shared.set_playback(playback) {
            // Only a test calls this, and its mistake is best reported at its own line.
            panic!("{problem}");
        }
    }

    /// Ends the [rate limit](ServerBuilder::rate_limit) of the server, as if 30 seconds had passed: the next request
    /// succeeds. A client that has stored the limit still waits for its end, unless it has
    /// [`sleep_with`](crate::SpotifyBuilder::sleep_with).
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tonearm::fake::Server;
    ///
    /// let server = Arc::new(Server::builder().rate_limit(1).start()?);
    /// let clock = Arc::clone(&server);
    /// let spotify = server.client_builder().sleep_with(move |_| clock.end_rate_limit()).build()?;
    /// spotify.get_me().send()?;
    /// spotify.get_me().send()?;
    /// assert_eq!(server.requests()[1].status, Some(429));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn end_rate_limit(&self) {
        self.shared.end_rate_limit();
    }

    /// Returns the catalog, with all objects that a user can save or follow.
    pub fn catalog(&self) -> &Catalog {
        Catalog::shared()
    }

    /// Returns the URIs of everything that the user has currently saved or follows, ordered by kind and id.
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
        lock(&self.shared.state).saved_uris()
    }

    /// Returns the requests that this server has received, in order. The server adds a request before it sends the
    /// response.
    ///
    /// Requests are in the order of the program. Where a call of Tonearm sends several ones concurrently, they are in the
    /// order of the call, and so are [faults](Server::script) assigned to them. A program with one thread therefore has the
    /// same list in every run, also with faults, as long as its calls succeed. After a request that fails, Tonearm sends no
    /// further ones, and it depends on the time which ones it has sent already.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.log().requests
    }

    /// Returns the requests for a snapshot, without ports, tokens and times, in the order of [`requests`](Server::requests).
    ///
    /// If threads of the program send requests, their order varies: [sort](Log::sorted) them.
    ///
    /// ```
    /// let server = tonearm::fake::Server::start()?;
    /// server.client()?.transfer_playback("device-1").play(true).send_raw()?;
    ///
    /// let text = r#"PUT /v1/me/player -> 404
    ///     {
    ///       "device_ids": [
    ///         "device-1"
    ///       ],
    ///       "play": true
    ///     }"#;
    /// // Or `insta::assert_snapshot!(server.log(), @…)`.
    /// assert_eq!(server.log().to_string(), text);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn log(&self) -> Log {
        lock(&self.shared.log).log()
    }

    /// Returns the number of open connections to this server, including idle ones.
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
        self.shared.connections()
    }

    /// Returns what a test in another language needs, as one line of JSON: the URLs, the token, the app, and some ids of the
    /// catalog. The command `fake-spotify` prints it.
    pub fn info(&self) -> String {
        self.shared.info().to_json()
    }

    /// Clears the list of received requests.
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Library;

    #[test]
    fn memory_of_a_library_is_freed_with_its_server() {
        let library = Library::empty("mira".parse().unwrap());
        let server = Server::builder().library(library).start().unwrap();
        let catalog = Arc::downgrade(&lock(&server.shared.state).catalog);
        server.client().unwrap().get_me().send().unwrap();
        server.add_object("spotify:user:ada".parse().unwrap(), &serde_json::json!({}));
        let changed = Arc::downgrade(&lock(&server.shared.state).catalog);
        assert!(catalog.upgrade().is_some() && changed.upgrade().is_some());
        drop(server);
        assert!(catalog.upgrade().is_none() && changed.upgrade().is_none());
    }
    #[test]
    fn server_is_usable_after_a_handler_panics_with_a_lock() {
        use std::io::{Read, Write};
        let server = Server::start().unwrap();
        let token = server.issue_refresh_token([crate::Scope::UserReadEmail]);
        let id = server.client_id();
        let form = format!("grant_type=refresh_token&refresh_token={token}&client_id={id}");
        let status = || {
            let mut stream = std::net::TcpStream::connect(server.shared.address).unwrap();
            write!(
                stream,
                "POST /api/token HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n\
                 content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
                form.len()
            )
            .unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).unwrap();
            response.split(' ').nth(1).unwrap_or_default().to_owned()
        };
        // No clock reaches the time at which such a token would expire.
        lock(&server.shared.accounts).lifetime = Some(Duration::MAX);
        assert_eq!(status(), "500");
        assert!(server.shared.accounts.is_poisoned() && server.requests()[0].panicked);
        server.set_access_token_lifetime(Duration::MAX);
        assert_eq!(status(), "200");
    }
    /// A client that repeats a request forever does not use all memory.
    #[test]
    fn queue_playlists_tokens_and_items_of_a_playlist_are_bounded() {
        let server = Server::start().unwrap();
        let spotify = server.client().unwrap();
        let device = spotify.get_devices().send().unwrap().remove(0).id;
        let tracks = server.catalog().tracks();
        spotify.start_playback().uris(&tracks[..1]).device_id(device).send().unwrap();
        let queue = |length| {
            let item = lock(&server.shared.state).player.current.unwrap();
            lock(&server.shared.state).player.queue = vec![item; length].into();
            spotify.add_to_queue(&tracks[0]).send()
        };
        queue(9_999).unwrap();
        let refused = queue(10_000).unwrap_err();
        assert_eq!((refused.status(), refused.reason()), (Some(403), Some("UNKNOWN")));

        let create = |count| {
            for _ in 0..count {
                lock(&server.shared.state).playlists.create("a");
            }
            spotify.create_playlist("b").send()
        };
        let playlist = create(10_999).unwrap().id;
        assert_eq!(create(0).unwrap_err().status(), Some(403));

        let entry = lock(&server.shared.state).playlists.entries(0)[0].clone();
        let uri = playlist.clone().into();
        let n = lock(&server.shared.state).playlists.find(&uri).unwrap();
        lock(&server.shared.state).playlists.edit(n).unwrap().entries = vec![entry; 9_999];
        let add = || server.shared.add_playlist_item(playlist.clone(), &Item::default());
        add().unwrap();
        assert_eq!(
            add().unwrap_err(),
            format!(
                "add_playlist_item: expected a playlist with less than 10000 items, found `{uri}` with 10000"
            )
        );

        let oldest = server.issue_token([crate::Scope::UserReadEmail]);
        (0..9_999).for_each(|_| drop(server.issue_token([crate::Scope::UserReadEmail])));
        let get_me = |token: &str| server.client_builder().token(token).build()?.get_me().send();
        assert!(get_me(server.token()).is_ok());
        assert!(matches!(get_me(&oldest), Err(Error::Unauthorized(_))));
    }
    #[test]
    fn clock_of_the_player_counts_from_the_playback_that_a_test_sets() {
        let server = Server::builder().clock(crate::fake::Clock::Real).start().unwrap();
        lock(&server.shared.state).player.seen_at = Some(0);
        server.set_playback(Some(Playback::default()));
        assert_ne!(lock(&server.shared.state).player.seen_at, Some(0));
    }
    #[test]
    fn search_index_of_the_catalog_outlives_added_objects() {
        let server = Server::start().unwrap();
        let spotify = server.client().unwrap();
        spotify.search("harbour", [crate::SearchType::Album]).send().unwrap();
        server.add_object(
            "spotify:album:0eFHYz8NmK75zSplL5qlfM".parse().unwrap(),
            &serde_json::json!({"name": "a"}),
        );
        assert!(lock(&server.shared.state).catalog.words.get().is_some());
    }
}
