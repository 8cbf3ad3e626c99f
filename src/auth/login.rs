//! A login of a user.

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
use super::token::Token;
use super::{browser, pkce};
use crate::error::{Error, LoginFailed, LoginFailedKind};
use crate::transport::config::{Config, config_error};
use crate::transport::retry::RETRIES;
use crate::types::scope::Scopes;
use crate::types::secret::Secret;

/// A login that has begun, from [`App::login`].
///
/// [`run`](Login::run) does everything for a user at a desk or over SSH. A program with a page of its own for the
/// redirect, such as a web server, shows [`url`](Login::url), keeps the login, and calls [`finish`](Login::finish) with
/// the address to which Spotify sends the browser.
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
/// // It is in the app's store, where clients find it.
/// let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build()?;
/// assert_eq!(spotify.get_my_saved_tracks().send()?.total, Some(320));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nobody is logged in until `.run()` or `.finish(…)`"]
pub struct Login {
    app: App,
    settings: Config,
    accounts: Accounts,
    loopback: Option<Loopback>,
    /// As it is sent: with the port that was chosen.
    redirect_uri: String,
    scopes: Scopes,
    state: Secret,
    /// With PKCE, which is without a secret.
    verifier: Option<Secret>,
    show_dialog: bool,
    time_limit: Duration,
    opener: Option<Box<Open>>,
    is_quiet: bool,
}

/// Opens a page, and logs an error.
type Open = dyn FnOnce(&str) + Send;

/// The time between two reads of the terminal.
const GLANCE: Duration = Duration::from_millis(30);

impl App {
    /// Begins a login for these scopes: see [`Scopes::for_endpoints`]. Nothing is sent.
    ///
    /// It uses the proxy of the environment and the default timeouts;
    /// [`SpotifyBuilder::login`](crate::SpotifyBuilder::login) uses those of a client.
    ///
    /// With a [`secret`](App::secret) it is the authorization code flow, without one the flow with PKCE.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the redirect URI is missing, or Spotify does not accept it, or if another setting of the
    /// app is invalid.
    pub fn login(&self, scopes: impl Into<Scopes>) -> Result<Login, Error> {
        self.login_with(scopes.into(), Config::default())
    }

    /// Begins a login with the settings of a client.
    pub(crate) fn login_with(&self, scopes: Scopes, settings: Config) -> Result<Login, Error> {
        let Some(redirect_uri) = &self.redirect_uri else {
            let problem = "expected the redirect URI that Spotify's dashboard shows, found none: set it with \
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
            verifier: if self.secret.is_none() { Some(pkce::random()?) } else { None },
            app: self.clone(),
            show_dialog: false,
            time_limit: Duration::from_secs(300),
            opener: Some(Box::new(browser::open)),
            is_quiet: false,
        })
    }
}

impl Login {
    /// Opens the page with this function in place of the platform's browser, on a thread of its own.
    pub fn browser(mut self, open: impl FnOnce(&str) -> io::Result<()> + Send + 'static) -> Self {
        self.opener = Some(Box::new(|url| {
            if let Err(error) = open(url) {
                log::warn!("the page of the login was not opened: {error}");
            }
        }));
        self
    }

    /// Opens no browser; the address is printed.
    pub fn no_browser(mut self) -> Self {
        self.opener = None;
        self
    }

    /// Prints nothing. Default: [`run`](Login::run) prints instructions for the user on standard error.
    pub fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self
    }

    /// Whether Spotify asks the user for consent also if they gave it before. Default: no.
    pub fn show_dialog(mut self, show: bool) -> Self {
        self.show_dialog = show;
        self
    }

    /// How long [`run`](Login::run) waits for the user. Default: 5 minutes.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// The page on which the user logs in and consents.
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

    /// Finishes the login with the address to which Spotify sent the browser, and saves the token in the app's store.
    ///
    /// # Errors
    ///
    /// - [`Error::Login`] if the address is of another login, or has no code because the user refused;
    /// - [`Error::LoginRequired`] if Spotify does not accept the code, which works once only;
    /// - [`Error::InvalidClient`] if it does not accept the client;
    /// - [`Error::Store`] if the token cannot be stored;
    /// - [`Error::Transport`] and [`Error::Status`] if the accounts service fails.
    pub fn finish(&self, address: &str) -> Result<Token, Error> {
        let code = redirect_uri::code(address, &self.state)?;
        let deadline = self.accounts.deadline();
        let verifier = self.verifier.as_ref();
        let _lock = self.app.store.lock(deadline.instant())?;
        // A store that fails does so before the code is used up.
        self.app.store.load()?;
        self.app.store.prepare_save()?;
        let token = self.accounts.code(&code, &self.redirect_uri, verifier, deadline)?;
        let mut token = token.with_default_scopes(self.scopes.clone());
        token.authorized_at = Some(token.received_at);
        self.app.store.save(&token)?;
        Ok(token)
    }

    /// Like [`run`](Login::run), but only if nobody is logged in, or without one of these scopes, which are then
    /// requested together with those that were granted before. An expired token is refreshed.
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

    /// Opens the page in the browser, prints its address, and waits until the browser comes back, or the user pastes
    /// the address at which it ended.
    ///
    /// It listens on exactly the loopback address of the redirect URI, on a free port if that has none. With any other
    /// redirect URI the address must be pasted. Pasting needs a terminal as standard input, and the program in its
    /// foreground; it does not work on Windows, where the login would also read the input that the user types later.
    ///
    /// # Errors
    ///
    /// Those of [`finish`](Login::finish), except that an address of another login is ignored until the time is up;
    /// [`Error::Store`] before the browser opens. [`Error::Login`] also if the time is up, if the port is in use, or if
    /// nobody can paste.
    pub fn run(mut self) -> Result<Token, Error> {
        let until = Instant::now() + self.time_limit.min(Duration::from_secs(86_400));
        self.check_store()?;
        let listener = self.loopback.as_ref().map(Listener::bind).transpose()?;
        if let (Some(listener), Some(loopback)) = (&listener, &self.loopback) {
            self.redirect_uri = loopback.uri(listener.port());
        }
        let mut paste = Paste::of_terminal();
        if listener.is_none() && paste.is_none() {
            let message = format!(
                "expected a terminal on which to paste, because `{}` does not lead to this program, found \
                 none; show `Login::url` in your own way and call `Login::finish`",
                self.redirect_uri
            );
            return Err(LoginFailed::error(LoginFailedKind::NoBrowser, message));
        }
        let url = self.url();
        self.say(&format!("To log in to Spotify, open this page:\n\n{url}\n"));
        if paste.is_some() {
            self.say(
                "If the browser cannot show its last page, paste the address of that page here and press Enter.\n",
            );
        }
        self.open(url);
        let mut was_of_another = false;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(self.too_late(was_of_another));
            }
            let wait = if paste.is_some() { left.min(GLANCE) } else { left };
            let visit = listener.as_ref().and_then(|listener| listener.visit(wait));
            if listener.is_none() {
                thread::sleep(wait);
            }
            if let Some(visit) = visit
                && let Some(ended) = self.visited(visit, &mut was_of_another)
            {
                return ended;
            }
            if let Some(line) = paste.as_mut().and_then(Paste::typed) {
                match self.finish(&line) {
                    Err(Error::Login(failed)) if is_passed_over(&failed) => {
                        was_of_another |= failed.kind == LoginFailedKind::WrongState;
                        self.say(&format!("That is not it: {failed}.\n"));
                    }
                    ended => return ended,
                }
            }
        }
    }

    /// A store that fails does so before the user does anything.
    fn check_store(&self) -> Result<(), Error> {
        let _lock = self.app.store.lock(self.accounts.deadline().instant())?;
        self.app.store.load()?;
        Ok(self.app.store.prepare_save()?)
    }

    /// Finishes the login with a visit; `None` if the login goes on.
    fn visited(&self, visit: Visit, was_of_another: &mut bool) -> Option<Result<Token, Error>> {
        let ended = self.finish(&visit.target);
        let (status, heading, text) = match &ended {
            Ok(_) => ("200 OK", "That worked", "You are logged in, and can close this page."),
            Err(Error::Login(failed)) if is_passed_over(failed) => {
                *was_of_another |= failed.kind == LoginFailedKind::WrongState;
                let text = "The program waits for the answer to a newer page: log in there.";
                visit.answer("400 Bad Request", "This is another login", text);
                return None;
            }
            Err(Error::Login(failed)) if failed.kind == LoginFailedKind::Denied => (
                "200 OK",
                "You are not logged in",
                "Spotify has told the program that you did not agree. You can close this page.",
            ),
            Err(_) => (
                "502 Bad Gateway",
                "That did not work",
                "The program will tell you why. You can close this page.",
            ),
        };
        visit.answer(status, heading, text);
        Some(ended)
    }

    fn too_late(&self, was_of_another: bool) -> Error {
        let limit = self.time_limit.as_secs_f32();
        if was_of_another {
            let message = format!(
                "expected the answer to this login within {limit} s, found only that to another, whose \
                 `state` is not the one that was sent; log in on the page that was opened last"
            );
            return LoginFailed::error(LoginFailedKind::WrongState, message);
        }
        let message =
            format!("expected somebody to log in within {limit} s, found nobody; log in once more");
        LoginFailed::error(LoginFailedKind::TimedOut, message)
    }

    fn say(&self, text: &str) {
        if !self.is_quiet {
            // There may be nobody to read it.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Opens the page on a thread of its own, because the caller's function may wait for the end of the login.
    fn open(&mut self, url: String) {
        let Some(opener) = self.opener.take() else { return };
        let thread = thread::Builder::new().name("tonearm-open".to_owned());
        if let Err(error) = thread.spawn(move || opener(&url)) {
            log::warn!("no browser was opened for the login: {error}");
        }
    }
}

/// Whether a login that waits ignores this error: the address is of another login, or of none.
fn is_passed_over(failed: &LoginFailed) -> bool {
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
