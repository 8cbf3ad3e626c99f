//! An app as Spotify's dashboard knows it.

use std::ffi::OsString;
use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::file_store::FileStore;
use super::store::{MemoryStore, TokenStore};
use super::token::Token;
use crate::error::{Error, StoreError};
use crate::transport::config::{Config, config_error};
use crate::types::secret::Secret;

/// The redirect URI of programs on the user's own machine.
const LOOPBACK: &str = "http://127.0.0.1/callback";

/// An app as Spotify's dashboard knows it, and where the token of its user is kept.
///
/// Cheap to clone; clones share the store.
///
/// ```
/// use tonearm::{App, Spotify};
/// use tonearm::auth::MemoryStore;
///
/// // A program at a desk: no secret, so PKCE.
/// let app = App::new("client-id")
///     .redirect_uri("http://127.0.0.1/callback")
///     .store(MemoryStore::new());
/// let spotify = Spotify::builder().app(&app).build()?;
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "the app has no effect until a client is built with it or its user logs in"]
pub struct App {
    pub(super) client_id: Box<str>,
    pub(super) client_secret: Option<Secret>,
    pub(super) redirect_uri: Option<Box<str>>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) accounts_url: Box<str>,
}

impl App {
    /// Creates an app by the client id from Spotify's dashboard.
    pub fn new(client_id: impl Into<String>) -> Self {
        App {
            client_id: client_id.into().into(),
            client_secret: None,
            redirect_uri: None,
            refresh_token: None,
            store: Arc::new(MemoryStore::new()),
            accounts_url: "https://accounts.spotify.com".into(),
        }
    }

    /// Creates an app from environment variables: the client id, the client secret if it is set, and the redirect URI,
    /// which is `http://127.0.0.1/callback` if it is not set. Variables of rspotify and spotipy work too.
    ///
    /// | Tonearm | rspotify | spotipy |
    /// | --- | --- | --- |
    /// | `SPOTIFY_CLIENT_ID` | `RSPOTIFY_CLIENT_ID` | `SPOTIPY_CLIENT_ID` |
    /// | `SPOTIFY_CLIENT_SECRET` | `RSPOTIFY_CLIENT_SECRET` | `SPOTIPY_CLIENT_SECRET` |
    /// | `SPOTIFY_REDIRECT_URI` | `RSPOTIFY_REDIRECT_URI` | `SPOTIPY_REDIRECT_URI` |
    ///
    /// An empty variable counts as not set.
    ///
    /// ```no_run
    /// use tonearm::{App, Spotify};
    ///
    /// let spotify = Spotify::builder().client_credentials(App::from_env()?).build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if no variable for the client id is set, if two variables of a line are set and differ, or
    /// if a variable isn't Unicode.
    pub fn from_env() -> Result<Self, Error> {
        App::from_vars(|name| std::env::var_os(name))
    }

    fn from_vars(var: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let error = |problem| config_error("from_env", problem);
        let read = |name: &str| match var(name).map(OsString::into_string) {
            Some(Err(_)) => Err(error(format!("the environment variable {name} isn't Unicode"))),
            text => Ok(text.and_then(Result::ok).filter(|text| !text.trim().is_empty())),
        };
        let any = |name: &str| {
            let mut found: Option<(String, String)> = None;
            for library in ["SPOTIFY", "RSPOTIFY", "SPOTIPY"] {
                let variable = format!("{library}_{name}");
                let Some(value) = read(&variable)? else { continue };
                match &found {
                    Some((other, known)) if *known != value.trim() => {
                        return Err(error(format!(
                            "the environment variables {other} and {variable} differ: unset one of them"
                        )));
                    }
                    Some(_) => {}
                    None => found = Some((variable, value.trim().to_owned())),
                }
            }
            Ok(found.map(|(_, value)| value))
        };
        let Some(client_id) = any("CLIENT_ID")? else {
            let problem =
                "expected the client id in the environment variable SPOTIFY_CLIENT_ID, found none";
            return Err(error(problem.to_owned()));
        };
        let mut app = App::new(client_id);
        app.client_secret = any("CLIENT_SECRET")?.map(Secret::from);
        app.redirect_uri = Some(any("REDIRECT_URI")?.unwrap_or_else(|| LOOPBACK.to_owned()).into());
        Ok(app)
    }

    /// Sets the client secret, which the dashboard shows. Default: none; logins then use PKCE.
    ///
    /// Set it only in programs that run on your own machines: users can read the secret in a program that they install.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Sets the redirect URI, as registered in the dashboard. Logins need it. Default: none.
    ///
    /// For programs at a desk and over SSH register `http://127.0.0.1/callback`, without a port: see
    /// [logging in](crate::auth#logging-in).
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into().into());
        self
    }

    /// Sets a refresh token from elsewhere. Default: none.
    ///
    /// The client uses it if the store has no refresh token, or after Spotify has rejected the stored one. If Spotify
    /// rejects this one too, the client does not send it again.
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Sets the store of the user's token. Default: a [`MemoryStore`].
    pub fn store(mut self, store: impl TokenStore + 'static) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// Stores the user's token in a file below the platform's folder for application state, such as
    /// `~/.local/state/tonearm`: that of [`FileStore::for_app`]. [`store_at`](App::store_at) takes the path of a file.
    ///
    /// ```no_run
    /// use tonearm::App;
    ///
    /// let app = App::from_env()?.store_in_file()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Store`] if the platform has no folder for such files, as under cron without `HOME`, or if the client id
    /// is empty.
    pub fn store_in_file(self) -> Result<Self, Error> {
        let store = FileStore::for_app(&self.client_id)?;
        Ok(self.store(store))
    }

    /// Stores the user's token in this file: that of [`FileStore::at`]. A login creates missing folders.
    ///
    /// ```no_run
    /// use tonearm::App;
    ///
    /// let app = App::from_env()?.store_at("/var/lib/releases/token.json");
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn store_at(self, path: impl Into<PathBuf>) -> Self {
        let store = FileStore::at(path, self.client_id.as_ref());
        self.store(store)
    }

    /// Sets the URL of Spotify's accounts service. Default: `https://accounts.spotify.com`.
    ///
    /// `http` is valid for a loopback address only, for which no proxy of the environment is used.
    pub fn accounts_url(mut self, url: impl Into<String>) -> Self {
        self.accounts_url = url.into().into();
        self
    }

    /// Returns the client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Returns the token in the store, which may have expired. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    ///
    /// ```
    /// let app = tonearm::App::new("client-id");
    /// assert!(app.stored_token()?.is_none(), "no user has logged in yet");
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn stored_token(&self) -> Result<Option<Token>, Error> {
        Ok(self.store.load()?)
    }

    /// Removes the token from the store: the next call returns [`Error::LoginRequired`].
    ///
    /// Spotify has no endpoint for it; the user can revoke the permission on <https://www.spotify.com/account/apps>. A
    /// client that was built before uses its access token until that expires. This method waits until a refresh by
    /// another thread or program has ended, which would otherwise store a token again. A
    /// [`refresh_token`](App::refresh_token) of the app stays with the app.
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
            .field("client_secret", &self.client_secret)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn app(vars: &[(&str, &str)]) -> Result<App, String> {
        let var = |name: &str| vars.iter().find(|(known, _)| *known == name);
        App::from_vars(|name| var(name).map(|(_, value)| value.into()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn app_of_the_environment() {
        let rspotify = [
            ("RSPOTIFY_CLIENT_ID", "id"),
            ("RSPOTIFY_CLIENT_SECRET", "hunter2"),
            ("RSPOTIFY_REDIRECT_URI", "http://127.0.0.1/callback"),
        ];
        let spotipy = rspotify.map(|(name, value)| (name.replace("RSPOTIFY", "SPOTIPY"), value));
        let spotipy: Vec<_> = spotipy.iter().map(|(name, value)| (&**name, *value)).collect();
        let both = [&rspotify[..], &spotipy[..]].concat();
        let own = rspotify.map(|(name, value)| (name.replace("RSPOTIFY", "SPOTIFY"), value));
        let own: Vec<_> = own.iter().map(|(name, value)| (&**name, *value)).collect();
        for vars in [&rspotify[..], &spotipy[..], &own[..], &both[..]] {
            let app = app(vars).unwrap();
            assert_eq!(app.client_id(), "id");
            assert_eq!(app.redirect_uri.as_deref(), Some("http://127.0.0.1/callback"));
            assert!(app.client_secret == Some(Secret::new("hunter2")));
        }
        let public = app(&[("SPOTIPY_CLIENT_ID", " id\n"), ("SPOTIPY_CLIENT_SECRET", "")]).unwrap();
        assert!(public.client_id() == "id" && public.client_secret.is_none());
        assert_eq!(public.redirect_uri.as_deref(), Some(LOOPBACK));
    }

    #[test]
    fn the_environment_names_two_apps_or_none() {
        let secrets = [
            ("RSPOTIFY_CLIENT_ID", "id"),
            ("RSPOTIFY_CLIENT_SECRET", "hunter2"),
            ("SPOTIPY_CLIENT_SECRET", "hunter3"),
        ];
        assert_eq!(
            app(&secrets).unwrap_err(),
            "from_env: the environment variables RSPOTIFY_CLIENT_SECRET and SPOTIPY_CLIENT_SECRET differ: unset one of them"
        );
        let ids = [("RSPOTIFY_CLIENT_ID", "one"), ("SPOTIPY_CLIENT_ID", "two")];
        let error = app(&ids).unwrap_err();
        assert!(error.contains("RSPOTIFY_CLIENT_ID and SPOTIPY_CLIENT_ID differ"), "{error}");
        for vars in [&[][..], &[("RSPOTIFY_CLIENT_ID", " ")], &secrets[1..2]] {
            let error = app(vars).unwrap_err();
            assert!(error.contains("in the environment variable SPOTIFY_CLIENT_ID"), "{error}");
        }
    }
}
