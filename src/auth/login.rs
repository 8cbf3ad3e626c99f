//! The login of a user.

use std::fmt::{self, Debug, Formatter};
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use super::accounts::Accounts;
use super::app::App;
use super::listener::{Listener, Visit};
use super::pasted_address::Paste;
use super::redirect_uri::{self, Loopback};
use super::refresh::Authenticator;
use super::store::StoreLock;
use super::token::Token;
use super::{browser, pkce};
use crate::error::{Error, LoginFailed, LoginFailedKind};
use crate::transport::config::{Config, config_error};
use crate::transport::retry::RETRIES;
use crate::transport::{Deadline, spawn};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;

/// A login in progress, from [`App::login`].
///
/// For a user on this machine or over SSH, [`run`](Login::run) performs all steps. A web server, which has its own page
/// for the redirect, sends the user to [`url`](Login::url), keeps the `Login`, and calls [`finish`](Login::finish) with
/// the address to which Spotify redirects the browser.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::{Scopes, Spotify, endpoint, fake};
///
/// let server = fake::Server::start()?;
/// let (app, browser) = (server.app(), server.browser());
/// let login = app.login(Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS]))?;
///
/// let redirected = browser.approve(&login.url())?;
/// let token = login.finish(&redirected)?;
/// assert!(token.login_expires_at().is_some());
///
/// // The token is in the store of the app, from which clients load it.
/// let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build()?;
/// assert_eq!(spotify.get_my_saved_tracks().send()?.total, Some(320));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the login has no effect without `.run()` or `.finish(…)`"]
pub struct Login {
    app: App,
    settings: Config,
    accounts: Accounts,
    loopback: Option<Loopback>,
    /// The redirect URI of the request, with the chosen port.
    redirect_uri: String,
    scopes: Scopes,
    state: Secret,
    /// The PKCE verifier. `None` with a client secret.
    verifier: Option<Secret>,
    show_dialog: bool,
    timeout: Duration,
    opener: Option<Box<Open>>,
    is_quiet: bool,
}

/// Opens a page, and logs an error.
type Open = dyn FnOnce(&str) + Send;

/// The interval between two reads of the terminal.
const GLANCE: Duration = Duration::from_millis(30);

impl App {
    /// Begins a login for these scopes: see [`Scopes::for_endpoints`]. It sends no request.
    ///
    /// It uses the proxy of the environment and the default timeouts;
    /// [`SpotifyBuilder::login`](crate::SpotifyBuilder::login) uses those of a client.
    ///
    /// With a [`client_secret`](App::client_secret), it uses the authorization code flow, otherwise the
    /// authorization code flow with PKCE.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the redirect URI is missing or Spotify does not accept it, or if another setting of the app
    /// is invalid.
    pub fn login(&self, scopes: impl Into<Scopes>) -> Result<Login, Error> {
        self.login_with(scopes.into(), Config::default())
    }

    /// Begins a login with the settings of a client.
    pub(crate) fn login_with(&self, scopes: Scopes, settings: Config) -> Result<Login, Error> {
        let Some(redirect_uri) = &self.redirect_uri else {
            let problem = "expected a redirect URI from Spotify's dashboard, found none: set it with \
                           `App::redirect_uri`";
            return Err(config_error("redirect_uri", problem.to_owned()));
        };
        Ok(Login {
            accounts: Accounts::new(self, settings.clone())?,
            settings,
            loopback: Loopback::of(redirect_uri)?,
            redirect_uri: redirect_uri.to_string(),
            scopes,
            state: pkce::random()?,
            verifier: if self.client_secret.is_none() { Some(pkce::random()?) } else { None },
            app: self.clone(),
            show_dialog: false,
            timeout: Duration::from_secs(300),
            opener: Some(Box::new(browser::open)),
            is_quiet: false,
        })
    }
}

impl Login {
    /// Opens the page with this function instead of the browser. The function runs on a separate thread.
    pub fn browser(mut self, open: impl FnOnce(&str) -> io::Result<()> + Send + 'static) -> Self {
        self.opener = Some(Box::new(|url| {
            if let Err(error) = open(url) {
                log::warn!("the page of the login could not be opened: {error}");
            }
        }));
        self
    }

    /// Does not open a browser, and only prints the URL.
    pub fn no_browser(mut self) -> Self {
        self.opener = None;
        self
    }

    /// Prints nothing. Default: [`run`](Login::run) prints instructions for the user on standard error.
    pub fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self
    }

    /// Sets whether Spotify asks for consent again if the user has already approved the app. Default: `false`.
    pub fn show_dialog(mut self, show: bool) -> Self {
        self.show_dialog = show;
        self
    }

    /// Sets how long [`run`](Login::run) waits for the user. Default: 5 minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the URL of the page on which the user logs in and approves the app.
    pub fn url(&self) -> String {
        let scopes = self.scopes.to_string();
        let challenge = self.verifier.as_ref().map(pkce::challenge);
        let mut query = vec![
            ("client_id", self.app.client_id()),
            ("response_type", "code"),
            ("redirect_uri", &self.redirect_uri),
            ("state", self.state.reveal()),
        ];
        if !scopes.is_empty() {
            query.push(("scope", &scopes));
        }
        if let Some(challenge) = &challenge {
            query.push(("code_challenge_method", "S256"));
            query.push(("code_challenge", challenge));
        }
        if self.show_dialog {
            query.push(("show_dialog", "true"));
        }
        self.accounts.authorize_url(&query)
    }

    /// Finishes the login with the address to which Spotify redirected the browser, and saves the token in the store of
    /// the app.
    ///
    /// # Errors
    ///
    /// - [`Error::LoginFailed`] if the address belongs to another login, or has no code because the user rejected the
    ///   app;
    /// - [`Error::LoginRequired`] if Spotify does not accept the code, which is valid only once;
    /// - [`Error::InvalidClient`] if Spotify does not accept the client id or secret;
    /// - [`Error::Store`] if the token cannot be stored;
    /// - [`Error::Transport`] and [`Error::Status`] if the accounts service fails.
    pub fn finish(&self, address: &str) -> Result<Token, Error> {
        let code = redirect_uri::code(address, &self.state)?;
        let deadline = self.accounts.deadline();
        let verifier = self.verifier.as_ref();
        // Check the store first, because the code can be used only once.
        let _lock = self.prepared_store(deadline)?;
        let token = self.accounts.code(&code, &self.redirect_uri, verifier, deadline)?;
        let mut token = token.with_default_scopes(self.scopes.clone());
        token.authorized_at = Some(token.received_at);
        self.app.store.save(&token)?;
        Ok(token)
    }

    /// Calls [`run`](Login::run) if the store has no token, or if the token lacks one of the scopes. In the second case, the
    /// login requests these scopes and those of the stored token. An expired token is refreshed.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Login::run).
    pub fn run_if_needed(mut self) -> Result<Token, Error> {
        let stored = self.app.store.load()?;
        if let Some(granted) = stored.as_ref().and_then(Token::scopes)
            && !granted.contains_all(&self.scopes)
        {
            self.scopes |= granted.clone();
            return self.run();
        }
        let authenticator =
            Authenticator::of_user(self.app.clone(), &self.settings, RETRIES, None)?;
        let stored = match authenticator.bearer(self.accounts.deadline()) {
            Ok(_) => self.app.store.load()?,
            Err(Error::LoginRequired(_)) => None,
            Err(error) => return Err(error),
        };
        stored.map_or_else(|| self.run(), Ok)
    }

    /// Opens the page in the browser, prints its URL, and waits for the redirect of the browser, or until the user
    /// pastes the redirect address.
    ///
    /// It listens on the loopback address of the redirect URI, on a free port if the URI has none. With any other
    /// redirect URI, the user must paste the address. Pasting requires that standard input is a terminal and the
    /// program is in the foreground. It is not available on Windows, where the login would also read input that is
    /// meant for the program: there, show [`url`](Login::url) and pass the pasted address to
    /// [`finish`](Login::finish).
    ///
    /// # Errors
    ///
    /// Those of [`finish`](Login::finish), except that the address of another login is ignored. [`Error::Store`] is
    /// returned before the browser opens. [`Error::LoginFailed`] is also returned after the timeout, if the port is
    /// in use, or if pasting is required and not available.
    pub fn run(mut self) -> Result<Token, Error> {
        let until = Instant::now() + self.timeout.min(Duration::from_secs(86_400));
        // Check the store before the user does anything.
        drop(self.prepared_store(self.accounts.deadline())?);
        let listener = self.loopback.as_ref().map(Listener::bind).transpose()?;
        if let (Some(listener), Some(loopback)) = (&listener, &self.loopback) {
            self.redirect_uri = loopback.uri(listener.port());
        }
        let mut paste = Paste::of_terminal();
        if listener.is_none() && paste.is_none() {
            let message = format!(
                "expected a terminal for pasting, because this program does not receive requests for `{}`, found \
                 none; show `Login::url` to the user and call `Login::finish`",
                self.redirect_uri
            );
            return Err(LoginFailed::error(LoginFailedKind::NoBrowser, message));
        }
        let url = self.url();
        self.print(&format!("To log in to Spotify, open this page:\n\n{url}\n"));
        if paste.is_some() {
            self.print(
                "If the browser shows an error after the login, paste the address of that page here and press Enter.\n",
            );
        }
        self.open(url);
        let mut was_other_login = false;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(self.time_is_up(was_other_login));
            }
            let wait = if paste.is_some() { left.min(GLANCE) } else { left };
            let visit = listener.as_ref().and_then(|listener| listener.visit(wait));
            if listener.is_none() {
                thread::sleep(wait);
            }
            if let Some(visit) = visit
                && let Some(ended) = self.finish_visit(visit, &mut was_other_login)
            {
                return ended;
            }
            if let Some(line) = paste.as_mut().and_then(Paste::typed) {
                match self.finish(&line) {
                    Err(Error::LoginFailed(failed)) if is_ignored(&failed) => {
                        was_other_login |= failed.kind == LoginFailedKind::WrongState;
                        self.print(&format!("This address does not work: {failed}.\n"));
                    }
                    ended => return ended,
                }
            }
        }
    }

    /// Locks the store, and checks that it can save the token.
    fn prepared_store(&self, deadline: Deadline) -> Result<StoreLock<'_>, Error> {
        let lock = self.app.store.lock(deadline.instant())?;
        self.app.store.load()?;
        self.app.store.prepare_save()?;
        Ok(lock)
    }

    /// Finishes the login with a request of the browser. Returns `None` if the login continues.
    fn finish_visit(
        &self,
        visit: Visit,
        was_other_login: &mut bool,
    ) -> Option<Result<Token, Error>> {
        let ended = self.finish(&visit.target);
        let (status, heading, text) = match &ended {
            Ok(_) => ("200 OK", "You are logged in", "You can close this page."),
            Err(Error::LoginFailed(failed)) if is_ignored(failed) => {
                *was_other_login |= failed.kind == LoginFailedKind::WrongState;
                let text =
                    "The program waits for a different login: use the page that was opened last.";
                visit.respond("400 Bad Request", "This is another login", text);
                return None;
            }
            Err(Error::LoginFailed(failed)) if failed.kind == LoginFailedKind::Denied => (
                "200 OK",
                "You are not logged in",
                "You did not allow access to your account. You can close this page.",
            ),
            Err(_) => (
                "502 Bad Gateway",
                "The login failed",
                "The program has the error message. You can close this page.",
            ),
        };
        visit.respond(status, heading, text);
        Some(ended)
    }

    fn time_is_up(&self, was_other_login: bool) -> Error {
        let seconds = self.timeout.as_secs_f32();
        if was_other_login {
            let message = format!(
                "expected the redirect of this login within {seconds} s, found only that of another, whose \
                 `state` is different; log in on the page that was opened last, or start a new login"
            );
            return LoginFailed::error(LoginFailedKind::WrongState, message);
        }
        let message = format!("expected a login within {seconds} s, found none; log in again");
        LoginFailed::error(LoginFailedKind::Timeout, message)
    }

    fn print(&self, text: &str) {
        if !self.is_quiet {
            // Standard error may be closed.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Opens the page on a separate thread, because the caller's function may block until the end of the login.
    fn open(&mut self, url: String) {
        let Some(opener) = self.opener.take() else { return };
        if let Err(error) = spawn("tonearm-open", move || opener(&url)) {
            log::warn!("the browser was not opened for the login: {error}");
        }
    }
}

/// Returns whether a waiting login ignores this error, because the address belongs to another login or to none.
fn is_ignored(failed: &LoginFailed) -> bool {
    matches!(failed.kind, LoginFailedKind::WrongState | LoginFailedKind::NoResponse)
}

impl Debug for Login {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("app", &self.app)
            .field("scopes", &self.scopes.to_string())
            .finish_non_exhaustive()
    }
}
