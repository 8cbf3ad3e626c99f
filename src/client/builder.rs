//! The builder of a client.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use super::{AppMode, Inner, QuotaMode, Spotify, Tap};
#[cfg(feature = "login")]
use crate::auth::Login;
use crate::auth::{App, Authenticator};
use crate::error::Error;
use crate::request::Seal;
use crate::request::argument::{Argument, IntoParam};
use crate::transport::config::{Config, accept_language, authorization, base, config_error};
use crate::transport::event::{Event, Observer};
use crate::transport::retry::{RETRIES, Retries, Sleeper};
use crate::transport::{RateLimiter, Service, Transport};
use crate::types::market::Market;
#[cfg(feature = "login")]
use crate::types::scope::Scopes;
use crate::types::secret::Secret;

/// The settings of a [`Spotify`] client. Every setting but the token has a default.
///
/// An invalid setting makes [`build`](SpotifyBuilder::build) return an error.
///
/// ```
/// use std::time::Duration;
/// use tonearm::{Market, Spotify};
///
/// let spotify = Spotify::builder()
///     .token("token")
///     .market(Market::FI)
///     .locale("fi_FI")
///     .user_agent("my-program/1.0")
///     .call_timeout(Duration::from_secs(20))
///     .build()?;
///
/// let builder = Spotify::builder().token("token").base_url("api.spotify.com");
/// let error = builder.build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "base_url: expected an `https` URL such as `https://api.spotify.com/v1`, \
///      found `api.spotify.com`",
/// );
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "there is no client until `.build()`"]
pub struct SpotifyBuilder {
    credentials: Option<Credentials>,
    base_url: String,
    market: Argument,
    locale: Option<String>,
    quota_mode: QuotaMode,
    connections: usize,
    retries: u32,
    requests_per_30_seconds: Option<u32>,
    observer: Option<Observer>,
    sleep_with: Option<Sleeper>,
    settings: Config,
    tap: Option<Arc<dyn Tap>>,
}

impl Debug for SpotifyBuilder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpotifyBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl SpotifyBuilder {
    pub(super) fn new() -> Self {
        SpotifyBuilder {
            credentials: None,
            base_url: "https://api.spotify.com/v1".to_owned(),
            market: Ok(None),
            locale: None,
            quota_mode: QuotaMode::Auto,
            connections: 4,
            retries: RETRIES,
            requests_per_30_seconds: None,
            observer: None,
            sleep_with: None,
            settings: Config::default(),
            tap: None,
        }
    }

    /// Sets the access token, without the word `Bearer`: text or a [`Secret`], such as that of a
    /// [`Token`](crate::Token::access_token).
    ///
    /// If you call several of `token`, [`app`](SpotifyBuilder::app) and
    /// [`client_credentials`](SpotifyBuilder::client_credentials), the last one takes effect.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials = Some(Credentials::Bare(token.into()));
        self
    }

    /// Uses the token of a user, from the app's store or its refresh token. The client refreshes it before it expires.
    ///
    /// ```
    /// use tonearm::{App, Spotify};
    ///
    /// let app = App::new("client-id").refresh_token("refresh-token");
    /// let spotify = Spotify::builder().app(app).build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn app(mut self, app: impl Into<App>) -> Self {
        self.credentials = Some(Credentials::User(app.into()));
        self
    }

    /// Uses the app's own token, for calls that need no user. The app needs its [secret](App::client_secret).
    ///
    /// The client requests the token with the first call, and again before it expires. Calls that need the token of a user
    /// return [`Error::LoginRequired`] before anything is sent.
    pub fn client_credentials(mut self, app: impl Into<App>) -> Self {
        self.credentials = Some(Credentials::Client(app.into()));
        self
    }

    /// Sets the base URL of the Web API. Default: `https://api.spotify.com/v1`.
    ///
    /// `http` is an error unless the host is a loopback address. The client ignores the proxy of the environment for such a
    /// host.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets the market of reads that set none, as calls do: `Market::FI`, `"FI"`, or an [`Option`] of these. Default: none.
    ///
    /// With a market, Spotify reports `is_playable` and may replace tracks. With the token of a user, it does so for the
    /// country of the user's account, whatever the market is. To an app in development mode, it doesn't send
    /// `linked_from`, the track that it replaced: see [markets](crate::guide::recipes#markets).
    pub fn market(mut self, market: impl IntoParam<Option<Market>>) -> Self {
        self.market = market.argument(Seal);
        self
    }

    /// Sets the language and country of names in responses, such as `fi_FI`, sent as `Accept-Language`. Default: none.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// Sets the quota mode of the app. Default: [`QuotaMode::Auto`].
    pub fn quota_mode(mut self, mode: QuotaMode) -> Self {
        self.quota_mode = mode;
        self
    }

    /// Sets the number of concurrent requests of one call, from 1 to 64. Default: 4.
    ///
    /// It applies to the pages of `collect_all`, and to reads with a list of ids. Writes are sent one after the other.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let spotify = server.client_builder().connections(8).build()?;
    /// let tracks = spotify.get_my_saved_tracks().collect_all()?;
    /// assert_eq!(tracks.len(), 320);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// Sets the maximum number of retries of a request, after a network error or status 429, 500, 502, 503 or 504.
    /// Default: 3.
    ///
    /// The client retries reads, and writes that are [idempotent](crate::Endpoint::is_idempotent). It retries others, such
    /// as skipping to the next track or adding to a playlist, only if the request did not reach Spotify; if that is
    /// uncertain, [`Error::may_have_taken_effect`] returns `true`. The wait before a retry is random: up to half a second
    /// at first, then up to twice as long each time; after 429 or 503 it is the `Retry-After` of the response. The client
    /// does not retry if the wait exceeds [`call_timeout`](SpotifyBuilder::call_timeout).
    ///
    /// Requests for tokens are retried as often: see [refreshing](crate::auth#refreshing).
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Limits the requests in any 30 seconds, the window in which Spotify counts them. Default: no limit.
    ///
    /// It applies to all requests of this client and its clones to the Web API, retries included. Spotify counts the
    /// requests of all clients and programs of the app together, so divide the app's limit among them.
    ///
    /// A request over the limit waits until one of those before it is 30 seconds old. If that is after the end of
    /// [`call_timeout`](SpotifyBuilder::call_timeout), the call immediately returns [`Error::RateLimited`] with
    /// [`RateLimitKind::Pace`](crate::error::RateLimitKind), so set a timeout of more than 30 seconds.
    pub fn requests_per_30_seconds(mut self, requests: impl Into<Option<u32>>) -> Self {
        self.requests_per_30_seconds = requests.into();
        self
    }

    /// Sets a function that is called for each attempt, response and wait: see [`Event`]. Default: none.
    ///
    /// It runs on the thread of the call, which waits for it.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::Event;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let spotify = server
    ///     .client_builder()
    ///     .observer(|event| match event {
    ///         Event::Wait { endpoint, duration, .. } => {
    ///             eprintln!("{} waits for {duration:?}", endpoint.name);
    ///         }
    ///         _ => {}
    ///     })
    ///     .build()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observer(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets a function that waits in place of [`std::thread::sleep`], for tests: it may return immediately.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use std::time::Duration;
    /// use tonearm::fake::Fault;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let retry_after = Duration::from_secs(5);
    /// server.script("/me").then(Fault::RateLimited { retry_after });
    /// let spotify = server.client_builder().sleep_with(|wait| println!("waits {wait:?}")).build()?;
    /// spotify.get_me().send()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sleep_with(mut self, sleep_with: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.sleep_with = Some(Arc::new(sleep_with));
        self
    }

    /// Sets the header `User-Agent`. Default: `tonearm/` and its version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = user_agent.into();
        self
    }

    /// Sets the proxy, such as `http://localhost:3128`. Default: that of the environment (`ALL_PROXY`, `HTTPS_PROXY`,
    /// `HTTP_PROXY`, `NO_PROXY`).
    ///
    /// A SOCKS proxy requires the feature `socks`: without it, [`build`](SpotifyBuilder::build) returns an error, also
    /// if the proxy is that of the environment.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.settings.proxy = Some(Some(url.into()));
        self
    }

    /// Disables the proxy, including that of the environment.
    pub fn no_proxy(mut self) -> Self {
        self.settings.proxy = Some(None);
        self
    }

    /// Sets the timeout of connecting, including the TLS handshake. Default: 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Sets the timeout of each read from the server and each write to it. Default: 30 s.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// Sets the timeout of a call with all its requests, waits and retries. Default: 60 s.
    ///
    /// In a pagination it applies to each page. A call with a list of ids ends within it, however many requests the list
    /// needs: if the time is over between two requests of a write, the call returns [`Error::PartialWrite`], and
    /// [`resume`](crate::error::PartialWrite::resume) gets the whole time again.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.settings.call_timeout = timeout;
        self
    }

    /// Sets the maximum size of a decompressed response, in bytes. Default: 64 MiB.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// Sets the maximum number of idle connections that the client keeps open. Default: 8.
    pub fn max_idle_connections(mut self, connections: usize) -> Self {
        self.settings.max_idle_connections = connections;
        self
    }

    /// Sets a tap, which receives every request and response.
    #[cfg_attr(not(feature = "fake"), allow(dead_code))]
    pub(crate) fn tap(mut self, tap: Arc<dyn Tap>) -> Self {
        self.tap = Some(tap);
        self
    }

    /// Sends the position of each request, already with the first one: see [`order`](crate::transport::order).
    #[cfg_attr(not(feature = "fake"), allow(dead_code))]
    pub(crate) fn numbers_requests(mut self) -> Self {
        self.settings.numbers_requests = true;
        self
    }

    /// Begins a login of the user of the [app](SpotifyBuilder::app), with the proxy, the timeouts and the user agent of
    /// the client: see [`App::login`].
    ///
    /// ```
    /// use tonearm::{App, Scope, Spotify};
    ///
    /// let app = App::new("client-id").redirect_uri("http://127.0.0.1/callback");
    /// let builder = Spotify::builder().app(app).proxy("http://localhost:3128");
    /// let login = builder.login(Scope::UserLibraryRead)?;     // `.run_if_needed()`
    /// let spotify = builder.build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`App::login`]; [`Error::Config`] also if a setting is invalid, or the builder has no app.
    #[cfg(feature = "login")]
    #[cfg_attr(docsrs, doc(cfg(feature = "login")))]
    pub fn login(&self, scopes: impl Into<Scopes>) -> Result<Login, Error> {
        let Some(Credentials::User(app)) = &self.credentials else {
            let problem = "expected an app, found none: call `.app(…)` before `.login(…)`";
            return Err(config_error("app", problem.to_owned()));
        };
        self.settings.check()?;
        app.login_with(scopes.into(), self.settings.clone())
    }

    /// Builds the client, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if a setting is invalid.
    pub fn build(mut self) -> Result<Spotify, Error> {
        let (retries, sleeper) = (self.retries, self.sleep_with.clone());
        let authenticator = match self.credentials {
            None => Authenticator::Bare(authorization(None)?),
            Some(Credentials::Bare(token)) => {
                Authenticator::Bare(authorization(Some(token.reveal()))?)
            }
            Some(Credentials::User(app)) => {
                Authenticator::of_user(app, &self.settings, retries, sleeper)?
            }
            Some(Credentials::Client(app)) => {
                Authenticator::of_client(&app, &self.settings, retries, sleeper)?
            }
        };
        let (base, is_loopback) = base("base_url", "https://api.spotify.com/v1", &self.base_url)?;
        self.settings.check()?;
        let connections = self.connections;
        if !(1..=64).contains(&connections) {
            let problem = format!("expected from 1 to 64, found {connections}");
            return Err(config_error("connections", problem));
        }
        if self.requests_per_30_seconds == Some(0) {
            let problem = "expected at least 1, found 0".to_owned();
            return Err(config_error("requests_per_30_seconds", problem));
        }
        // Keep the connections of a call open for its next requests.
        let idle = &mut self.settings.max_idle_connections;
        *idle = connections.max(*idle);
        let accept_language = self.locale.as_deref().map(accept_language).transpose()?;
        self.settings.serve(is_loopback);
        if let Some(tap) = &self.tap {
            tap.check()?;
        }
        let market = self.market.map_err(|bad| config_error("market", bad.problem.into()))?;
        let transport = Transport::new(self.settings, &base)?;
        let limits = RateLimiter::new(self.requests_per_30_seconds)
            .shared(Service::WebApi, authenticator.cooldowns());
        Ok(Spotify(Arc::new(Inner {
            transport,
            base: Arc::new(base),
            authenticator,
            market,
            accept_language,
            quota_mode: self.quota_mode,
            connections,
            app_mode: AppMode::default(),
            retries: Retries {
                limits,
                most: retries,
                observer: self.observer,
                sleeper: self.sleep_with,
            },
            tap: self.tap,
        })))
    }
}

/// The source of a client's token.
#[derive(Clone)]
enum Credentials {
    Bare(Secret),
    User(App),
    Client(App),
}
