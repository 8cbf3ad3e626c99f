//! An app as Spotify's dashboard knows it.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Instant;

use super::store::{MemoryStore, TokenStore};
use super::token::Token;
use crate::error::{Error, StoreError};
use crate::transport::config::Config;
use crate::types::secret::Secret;

/// An app as Spotify's dashboard knows it, and where the token of its user is kept.
///
/// Cheap to clone; clones share the store.
///
/// ```
/// use tonearm::{App, Spotify};
/// use tonearm::auth::MemoryStore;
///
/// // A program at a desk: no secret, so PKCE.
/// let app = App::new("client-id").redirect_uri("http://127.0.0.1/callback").store(MemoryStore::new());
/// let spotify = Spotify::builder().app(&app).build()?;
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone)]
pub struct App {
    pub(super) client_id: Box<str>,
    pub(super) secret: Option<Secret>,
    pub(super) redirect_uri: Option<Box<str>>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) accounts_url: Box<str>,
}

impl App {
    /// An app by the client id that the dashboard shows.
    pub fn new(client_id: impl Into<String>) -> Self {
        App {
            client_id: client_id.into().into(),
            secret: None,
            redirect_uri: None,
            refresh_token: None,
            store: Arc::new(MemoryStore::new()),
            accounts_url: "https://accounts.spotify.com".into(),
        }
    }

    /// The client secret that the dashboard shows. Default: none, so that logins use PKCE.
    ///
    /// A secret is for programs on machines of your own; a program that others install cannot keep it.
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Where Spotify sends the browser after a login, as it is registered in the dashboard. Default: none, and no login.
    ///
    /// For programs at a desk and over SSH register `http://127.0.0.1/callback`, without a port: see
    /// [logging in](crate::auth#logging-in).
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into().into());
        self
    }

    /// A refresh token from elsewhere, for when the store has none, or Spotify rejects that. Default: none.
    ///
    /// The client does not send it again after Spotify has rejected it.
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Where the token of the user is kept. Default: a [`MemoryStore`].
    pub fn store(mut self, store: impl TokenStore + 'static) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// Where Spotify's accounts service is. Default: `https://accounts.spotify.com`.
    ///
    /// `http` is valid for a loopback address only, for which no proxy of the environment is used.
    pub fn accounts_url(mut self, url: impl Into<String>) -> Self {
        self.accounts_url = url.into().into();
        self
    }

    /// The client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The token in the store; it may have expired. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    ///
    /// ```
    /// let app = tonearm::App::new("client-id");
    /// assert!(app.stored_token()?.is_none(), "nobody has logged in yet");
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn stored_token(&self) -> Result<Option<Token>, Error> {
        Ok(self.store.load()?)
    }

    /// Removes the token from the store: the next call returns [`Error::LoginRequired`].
    ///
    /// Spotify has no endpoint for it; the user can revoke the permission on <https://www.spotify.com/account/apps>.
    /// A client that was built before uses its access token until that expires. A refresh that another thread or program
    /// is making ends first, so it does not store the token again. A [`refresh_token`](App::refresh_token) of the app
    /// stays with the app.
    ///
    /// # Errors
    ///
    /// [`Error::Store`]; [`StoreErrorKind::Locked`](super::StoreErrorKind::Locked) if a refresh takes longer than 60 s.
    pub fn log_out(&self) -> Result<(), Error> {
        let _lock = self.store.lock(Instant::now() + Config::default().call_timeout)?;
        Ok(self.store.clear()?)
    }
}

impl Debug for App {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("secret", &self.secret)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

impl From<&App> for App {
    fn from(app: &App) -> Self {
        app.clone()
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Store(Box::new(error))
    }
}
