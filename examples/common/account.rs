//! Selects the account of a program: that of a token, that of a user who logs in, or one on a fake Spotify server: its own
//! or a running one.

use std::env;
use std::time::Duration;

use bpaf::{Parser, construct, long};
use indicatif::{ProgressBar, ProgressStyle};
use tonearm::auth::FileStore;
use tonearm::fake::Server;
use tonearm::{App, Event, QuotaMode, Scopes, Spotify, SpotifyBuilder, WaitReason};

use super::Fallible;

/// A client for an account, and the fake Spotify server if the account is there.
pub struct Account {
    pub spotify: Spotify,
    pub server: Option<Server>,
}

/// The settings of a client for an account, the fake Spotify server, and the app that has logged in.
pub struct Settings {
    pub builder: SpotifyBuilder,
    pub server: Option<Server>,
    pub app: Option<App>,
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
        let Settings { builder, server, .. } = self.settings(scopes, bar)?;
        Ok(Account { spotify: builder.build()?, server })
    }

    /// Returns the settings of the client, for a program that adds its own.
    pub fn settings(&self, scopes: Scopes, bar: &ProgressBar) -> Fallible<Settings> {
        if self.is_fake() {
            let server = if self.development {
                Server::builder().quota_mode(QuotaMode::Development).start()?
            } else {
                Server::start()?
            };
            return Ok(Settings {
                builder: server.client_builder(),
                server: Some(server),
                app: None,
            });
        }
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
        if let Some(url) = &self.server {
            let url = url.trim_end_matches('/');
            let url = url.strip_suffix("/v1").unwrap_or(url);
            let Ok(token) = env::var("SPOTIFY_TOKEN") else { return Err(NO_TOKEN.into()) };
            let builder = builder.base_url(format!("{url}/v1")).token(token);
            return Ok(Settings { builder, server: None, app: None });
        }
        if let Ok(token) = env::var("SPOTIFY_TOKEN") {
            return Ok(Settings { builder: builder.token(token), server: None, app: None });
        }
        let Ok(id) = env::var("SPOTIFY_CLIENT_ID") else {
            return Err(NO_ACCOUNT.into());
        };
        let app = App::new(&id).redirect_uri("http://127.0.0.1/callback");
        let app = app.store(FileStore::for_app(&id)?);
        app.login(scopes)?.run_if_needed()?;
        Ok(Settings { builder: builder.app(&app), server: None, app: Some(app) })
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
