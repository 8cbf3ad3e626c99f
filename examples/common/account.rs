//! Whose account a program works on: that of a token, of a person who logs in, or a made-up one.

use std::env;
use std::time::Duration;

use bpaf::{Parser, construct, long};
use indicatif::{ProgressBar, ProgressStyle};
use tonearm::auth::FileStore;
use tonearm::fake::Server;
use tonearm::{App, Event, QuotaMode, Scopes, Spotify, SpotifyBuilder, WaitReason};

use super::Fallible;

/// An account, and the fake Spotify server if that is where it is.
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

/// What the arguments say of the account.
#[derive(Clone, Debug)]
pub struct Choice {
    fake: bool,
    development: bool,
}

/// Two arguments that every program here takes.
pub fn choice() -> impl Parser<Choice> {
    let fake = long("fake").help("Try it: on a fake Spotify server, without an account").switch();
    let development =
        long("development").help("The same as an app in development mode sees it").switch();
    construct!(Choice { fake, development })
}

impl Choice {
    pub fn is_fake(&self) -> bool {
        self.fake || self.development
    }

    /// The account. While it waits for Spotify the bar says so.
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
            // Such a program has time, and stays below Spotify's limit by itself.
            .requests_per_30_seconds(90)
            .call_timeout(Duration::from_secs(600))
            .observer(move |event| match event {
                Event::Wait { duration, reason: WaitReason::RateLimit(_), .. } => {
                    bar.set_message(format!("Spotify asks to wait {} s", duration.as_secs()));
                }
                Event::Wait { reason: WaitReason::Failure, .. } => bar.set_message("trying again"),
                _ => bar.set_message(""),
            });
        if let Ok(token) = env::var("SPOTIFY_TOKEN") {
            return Ok(Settings { builder: builder.token(token), server: None, app: None });
        }
        let Ok(id) = env::var("SPOTIFY_CLIENT_ID") else {
            return Err(NOBODY.into());
        };
        let app = App::new(&id).redirect_uri("http://127.0.0.1/callback");
        let app = app.store(FileStore::for_app(&id)?);
        app.login(scopes)?.run_if_needed()?;
        Ok(Settings { builder: builder.app(&app), server: None, app: Some(app) })
    }
}

const NOBODY: &str = "expected the client id of your app in SPOTIFY_CLIENT_ID, or a token in SPOTIFY_TOKEN, found \
     neither; register http://127.0.0.1/callback as the redirect URI of the app, or try `--fake` without one";

/// A bar on a terminal; nothing where the output goes elsewhere.
pub fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{prefix:18} {bar:30} {pos}/{len} {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
