//! A login of a person.

use std::fmt::{self, Debug, Formatter};
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use super::accounts::Accounts;
use super::app::App;
use super::listener::{Listener, Visit};
use super::pasted_address::Paste;
use super::redirect_uri::{self, Answer, RedirectUri};
use super::refresh::Authenticator;
use super::token::Token;
use super::{browser, pkce};
use crate::error::Error;
use crate::error::{LoginFailed, LoginProblem};
use crate::transport::config::{Config, config_error};
use crate::types::scope::Scopes;
use crate::types::secret::Secret;

/// A login that is being made, from [`App::login`].
///
/// [`run`](Login::run) does everything for a person at a desk or over SSH. A program with a page of its
/// own for the redirect, such as a web server, shows [`url`](Login::url), keeps the login, and calls
/// [`finish`](Login::finish) with the address to which Spotify sends the browser.
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
/// assert_eq!(spotify.get_my_saved_tracks().send()?.total, 320);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nobody is logged in until `.run()` or `.finish(…)`"]
pub struct Login {
    app: App,
    accounts: Accounts,
    redirect: RedirectUri,
    /// As it is sent: with the port that was chosen.
    redirect_uri: String,
    scopes: Scopes,
    state: Secret,
    /// With PKCE, which is without a secret.
    verifier: Option<Secret>,
    show_dialog: bool,
    time_limit: Duration,
    opener: Opener,
    is_quiet: bool,
}

enum Opener {
    Platform,
    Nobody,
    Own(Box<Open>),
}

type Open = dyn FnOnce(&str) -> io::Result<()> + Send;

/// How often the terminal is looked at.
const GLANCE: Duration = Duration::from_millis(30);

impl App {
    /// Begins a login that asks for these scopes: see [`Scopes::for_endpoints`]. Nothing is sent.
    ///
    /// With a [`secret`](App::secret) it is the authorization code flow, without one that with PKCE.
    ///
    /// ```no_run
    /// use tonearm::{App, Scopes, endpoint};
    ///
    /// let app = App::new("client-id").redirect_uri("http://127.0.0.1/callback");
    /// let scopes = Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS]);
    /// let token = app.login(scopes)?.run_if_needed()?;
    /// println!("permitted: {}", token.scopes().cloned().unwrap_or_default());
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the redirect URI is missing or Spotify refuses such as it is, or if another
    /// setting of the app is not what it must be.
    pub fn login(&self, scopes: impl Into<Scopes>) -> Result<Login, Error> {
        let Some(redirect_uri) = &self.redirect_uri else {
            let problem = "expected the redirect URI that Spotify's dashboard shows, found none: set it with \
                           `App::redirect_uri`";
            return Err(config_error("redirect_uri", problem.to_owned()));
        };
        let redirect = RedirectUri::new(redirect_uri)?;
        Ok(Login {
            accounts: Accounts::new(self, Config::default())?,
            redirect_uri: redirect.text.to_string(),
            redirect,
            scopes: scopes.into(),
            state: pkce::random()?,
            verifier: match self.secret {
                Some(_) => None,
                None => Some(pkce::random()?),
            },
            app: self.clone(),
            show_dialog: false,
            time_limit: Duration::from_secs(300),
            opener: Opener::Platform,
            is_quiet: false,
        })
    }
}

impl Login {
    /// What opens the page in place of the platform's browser; it runs on a thread of its own.
    pub fn browser(mut self, open: impl FnOnce(&str) -> io::Result<()> + Send + 'static) -> Self {
        self.opener = Opener::Own(Box::new(open));
        self
    }

    /// Opens no browser; the address is printed.
    pub fn no_browser(mut self) -> Self {
        self.opener = Opener::Nobody;
        self
    }

    /// Prints nothing. Default: [`run`](Login::run) says on standard error what the person is to do.
    pub fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self
    }

    /// Asks the person for consent also if they gave it before. Default: no.
    pub fn show_dialog(mut self, show: bool) -> Self {
        self.show_dialog = show;
        self
    }

    /// How long [`run`](Login::run) waits for the person. Default: 5 minutes.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// The page on which the person logs in and consents.
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

    /// Ends the login with the address to which Spotify sent the browser. The token is in the app's
    /// store when this comes back.
    ///
    /// # Errors
    ///
    /// - [`Error::Login`] if the address is of another login, says that the person refused, or is none
    ///   to which Spotify sends a browser;
    /// - [`Error::LoginRequired`] if Spotify does not take the code, which works once only;
    /// - [`Error::InvalidClient`] if it does not take the client;
    /// - [`Error::Store`] if the token cannot be stored;
    /// - [`Error::Transport`] and [`Error::Status`] if the accounts service is out of order.
    pub fn finish(&self, address: &str) -> Result<Token, Error> {
        let code = match redirect_uri::answer(address, &self.state)? {
            Answer::Code(code) => code,
            Answer::Refused(word) => return Err(LoginFailed::error(LoginProblem::Refused, word)),
        };
        let deadline = self.accounts.deadline();
        let verifier = self.verifier.as_ref();
        let _lock = self.app.store.lock(deadline.instant())?;
        // A store that will not take the token says so before the code is used up.
        self.app.store.load()?;
        let granted = self.accounts.code(&code, &self.redirect_uri, verifier, deadline)?;
        let token = granted.first(self.scopes.clone(), true);
        self.app.store.save(&token)?;
        Ok(token)
    }

    /// As [`run`](Login::run), but only if it must be: if nobody is logged in, or without one of these
    /// scopes, which are then asked for together with those that were granted before.
    ///
    /// A token that has ended is renewed.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Login::run).
    pub fn run_if_needed(mut self) -> Result<Token, Error> {
        let stored = self.app.store.load()?;
        let granted = stored.as_ref().and_then(Token::scopes);
        if let Some(granted) = granted
            && !granted.contains_all(&self.scopes)
        {
            self.scopes |= granted.clone();
            return self.run();
        }
        let authenticator = Authenticator::of_user(self.app.clone(), &Config::default())?;
        match authenticator.bearer(self.accounts.deadline()) {
            Ok(_) => {}
            Err(Error::LoginRequired(_)) => return self.run(),
            Err(error) => return Err(error),
        }
        match self.app.store.load()? {
            Some(token) => Ok(token),
            None => self.run(),
        }
    }

    /// Lets a person log in: opens the page in the browser, prints its address, and waits for the
    /// browser to come back, or for the person to paste the address at which it ended, whichever is
    /// first.
    ///
    /// It listens on exactly the loopback address of the redirect URI, on a free port if that names
    /// none. A redirect URI that does not lead to this machine goes by pasting. Nothing is pasted where
    /// standard input is no terminal, nor on Windows, where it cannot be read without taking what is
    /// typed later.
    ///
    /// # Errors
    ///
    /// Those of [`finish`](Login::finish); an answer to another login is passed over, here, until the
    /// time is up. [`Error::Login`] also if the time is up, if the port is taken, or if there is no way
    /// for the answer to come.
    pub fn run(mut self) -> Result<Token, Error> {
        let until = Instant::now() + self.time_limit.min(Duration::from_secs(86_400));
        // Better now than after all the work.
        self.app.store.load()?;
        let listener = self.redirect.loopback.as_ref().map(Listener::bind).transpose()?;
        if let (Some(listener), Some(loopback)) = (&listener, &self.redirect.loopback) {
            self.redirect_uri = loopback.uri(listener.port());
        }
        let mut paste = Paste::of_terminal();
        if listener.is_none() && paste.is_none() {
            let message = format!(
                "expected a terminal on which to paste, because `{}` does not lead to this program, found \
                 none; show `Login::url` in your own way and call `Login::finish`",
                self.redirect_uri
            );
            return Err(LoginFailed::error(LoginProblem::NoBrowser, message));
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
            let visit = match &listener {
                Some(listener) => listener.visit(wait),
                None => {
                    thread::sleep(wait);
                    None
                }
            };
            if let Some(visit) = visit
                && let Some(ended) = self.visited(visit, &mut was_of_another)
            {
                return ended;
            }
            if let Some(line) = paste.as_mut().and_then(Paste::line) {
                match self.finish(&line) {
                    Err(Error::Login(failed)) if is_passed_over(&failed) => {
                        was_of_another |= failed.problem == LoginProblem::WrongState;
                        self.say(&format!("That is not it: {failed}.\n"));
                    }
                    ended => return ended,
                }
            }
        }
    }

    /// What becomes of the login by a visit; nothing if it goes on.
    fn visited(&self, visit: Visit, was_of_another: &mut bool) -> Option<Result<Token, Error>> {
        let ended = self.finish(&visit.target);
        match &ended {
            Ok(_) => {
                visit.answer("200 OK", "That worked", "You are logged in, and can close this page.")
            }
            Err(Error::Login(failed)) if is_passed_over(failed) => {
                *was_of_another |= failed.problem == LoginProblem::WrongState;
                visit.answer(
                    "400 Bad Request",
                    "This is another login",
                    "The program waits for the answer to a newer page: log in there.",
                );
                return None;
            }
            Err(Error::Login(failed)) if failed.problem == LoginProblem::Refused => visit.answer(
                "200 OK",
                "You are not logged in",
                "Spotify has told the program that you did not agree. You can close this page.",
            ),
            Err(_) => visit.answer(
                "502 Bad Gateway",
                "That did not work",
                "The program will tell you why. You can close this page.",
            ),
        }
        Some(ended)
    }

    fn too_late(&self, was_of_another: bool) -> Error {
        let limit = self.time_limit.as_secs_f32();
        if was_of_another {
            LoginFailed::error(
                LoginProblem::WrongState,
                format!(
                    "expected the answer to this login within {limit} s, found only that to another, whose \
                     `state` is not the one that was sent; log in on the page that was opened last"
                ),
            )
        } else {
            LoginFailed::error(
                LoginProblem::TimedOut,
                format!(
                    "expected somebody to log in within {limit} s, found nobody; log in once more"
                ),
            )
        }
    }

    fn say(&self, text: &str) {
        if !self.is_quiet {
            // There may be nobody to read it.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Opens the page on a thread of its own, since what the caller gave may wait for the login's end.
    fn open(&mut self, url: String) {
        let opener = std::mem::replace(&mut self.opener, Opener::Nobody);
        let is_own = matches!(opener, Opener::Own(_));
        let open = move || {
            let opened = match opener {
                Opener::Platform => browser::open(&url),
                Opener::Own(open) => open(&url),
                Opener::Nobody => Ok(()),
            };
            if let Err(error) = opened {
                if is_own {
                    log::warn!("the page of the login was not opened: {error}")
                } else {
                    log::debug!("no browser was opened for the login: {error}")
                }
            }
        };
        if let Err(error) = thread::Builder::new().name("tonearm-open".to_owned()).spawn(open) {
            log::warn!("no browser was opened for the login: {error}");
        }
    }
}

/// What does not end a login that waits: an answer to another, or none at all.
fn is_passed_over(failed: &LoginFailed) -> bool {
    matches!(failed.problem, LoginProblem::WrongState | LoginProblem::NoResponse)
}

impl Debug for Login {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("app", &self.app)
            .field("scopes", &self.scopes.to_string())
            .finish_non_exhaustive()
    }
}
