//! Selects the account of a program: that of a token, that of a user who logs in, or one on a fake Spotify server: its own
//! or a running one.

use std::env;
use std::time::Duration;

use bpaf::{Parser, construct, long};
use indicatif::{ProgressBar, ProgressStyle};
use tonearm::fake::Server;
use tonearm::{App, Error, Event, QuotaMode, Scopes, Spotify, SpotifyBuilder, WaitReason};

use super::Fallible;

/// A client for an account, and the fake Spotify server if the account is there.
pub struct Account {
    pub spotify: Spotify,
    pub server: Option<Server>,
}

/// The settings of a client for an account, and what they come from.
pub struct Settings {
    pub builder: SpotifyBuilder,
    /// The fake Spotify server, if the account is there.
    pub server: Option<Server>,
    /// The token of the fake server, or from the environment.
    pub token: Option<String>,
    /// The app of a login.
    pub app: Option<App>,
    /// The error of the login, if it failed.
    pub login: Option<Error>,
}

/// Where the token comes from.
pub enum Source {
    Fake(Server),
    /// A running server, by its base URL, with a token of it.
    Running(String, String),
    Token(String),
    Login(App),
}

/// The arguments that select the account.
#[derive(Clone, Debug)]
pub struct Choice {
    fake: bool,
    development: bool,
    server: Option<String>,
}

/// Returns the parser of the arguments that every program accepts.
pub fn choice() -> impl Parser<Choice> {
    let fake = long("fake").help("Use a fake Spotify server, without an account").switch();
    let development = long("development")
        .help("Use a fake Spotify server with an app in development mode")
        .switch();
    let server = long("server")
        .help("Use the server at this address, such as `fake-spotify`, with the token in SPOTIFY_TOKEN")
        .argument("URL")
        .optional();
    construct!(Choice { fake, development, server })
}

impl Choice {
    pub fn is_fake(&self) -> bool {
        self.fake || self.development
    }

    /// Opens the account. The bar shows when the client waits.
    pub fn open(&self, scopes: Scopes, bar: &ProgressBar) -> Fallible<Account> {
        let source = self.source(|name| env::var(name).ok())?;
        let Settings { builder, server, login, .. } = source.settings(scopes, bar)?;
        match login {
            Some(error) => Err(error.into()),
            None => Ok(Account { spotify: builder.build()?, server }),
        }
    }

    /// Returns where the token comes from, with the variables of the environment.
    pub fn source(&self, var: impl Fn(&str) -> Option<String>) -> Fallible<Source> {
        if self.development {
            let server = Server::builder().quota_mode(QuotaMode::Development);
            return Ok(Source::Fake(server.start()?));
        }
        if self.fake {
            return Ok(Source::Fake(Server::start()?));
        }
        if let Some(url) = &self.server {
            let url = url.trim_end_matches('/');
            let base_url = format!("{}/v1", url.strip_suffix("/v1").unwrap_or(url));
            return Ok(Source::Running(base_url, var("SPOTIFY_TOKEN").ok_or(NO_TOKEN)?));
        }
        if let Some(token) = var("SPOTIFY_TOKEN") {
            return Ok(Source::Token(token));
        }
        let id = var("SPOTIFY_CLIENT_ID").ok_or(NO_ACCOUNT)?;
        let app = App::new(id).redirect_uri("http://127.0.0.1/callback");
        Ok(Source::Login(app.store_in_file()?))
    }
}

impl Source {
    /// Returns the settings of the client, after a login if one is needed.
    pub fn settings(self, scopes: Scopes, bar: &ProgressBar) -> Fallible<Settings> {
        let bar = bar.clone();
        let builder = Spotify::builder()
            // These programs run for long, so they stay below the rate limit and wait.
            .requests_per_30_seconds(90)
            .call_timeout(Duration::from_secs(600))
            .observer(move |event| match event {
                Event::Wait { duration, reason: WaitReason::RateLimit(_), .. } => {
                    bar.set_message(format!("rate limit, waiting {} s", duration.as_secs()));
                }
                Event::Wait { reason: WaitReason::Failure, .. } => bar.set_message("retrying"),
                _ => bar.set_message(""),
            });
        let mut settings = Settings { builder, server: None, token: None, app: None, login: None };
        match self {
            Source::Fake(server) => {
                settings.builder = server.client_builder();
                settings.token = Some(server.token().to_owned());
                settings.server = Some(server);
            }
            Source::Running(base_url, token) => {
                settings.builder = Spotify::builder().base_url(base_url).token(&*token);
                settings.token = Some(token);
            }
            Source::Token(token) => {
                settings.builder = settings.builder.token(&*token);
                settings.token = Some(token);
            }
            Source::Login(app) => {
                settings.login = app.login(scopes)?.run_if_needed().err();
                settings.builder = settings.builder.app(&app);
                settings.app = Some(app);
            }
        }
        Ok(settings)
    }
}

const NO_ACCOUNT: &str = "expected the client id of your app in SPOTIFY_CLIENT_ID, or a token in SPOTIFY_TOKEN, found \
     neither; register http://127.0.0.1/callback as the redirect URI of the app, or use `--fake` without an app";

const NO_TOKEN: &str = "expected an access token of the server in SPOTIFY_TOKEN, found none; `fake-spotify` prints one \
     when it starts";

/// Returns a progress bar, which is hidden if the output isn't a terminal.
pub fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{prefix:18} {bar:30} {pos}/{len} {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
