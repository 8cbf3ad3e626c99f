//! The settings of a client.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use super::{AppMode, Inner, QuotaMode, Spotify, Tap};
use crate::auth::{App, Authenticator};
use crate::error::Error;
use crate::transport::config::{
    Config, accept_language, authorization, base, config_error, header,
};
use crate::transport::event::{Event, Observer};
use crate::transport::retry::{Retries, Sleeper};
use crate::transport::{RateLimiter, Transport};
use crate::types::market::Market;
use crate::types::secret::Secret;

/// The settings of a [`Spotify`] client. Every setting but the token has a default.
///
/// A setting that is not what it must be comes out of [`build`](SpotifyBuilder::build).
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
/// let error = Spotify::builder().token("token").base_url("api.spotify.com").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "base_url: expected a URL such as `https://api.spotify.com/v1`, found `api.spotify.com`",
/// );
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "there is no client until `.build()`"]
pub struct SpotifyBuilder {
    credentials: Option<Credentials>,
    base_url: String,
    market: Option<Market>,
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
            market: None,
            locale: None,
            quota_mode: QuotaMode::Auto,
            connections: 4,
            retries: 3,
            requests_per_30_seconds: None,
            observer: None,
            sleep_with: None,
            settings: Config::default(),
            tap: None,
        }
    }

    /// The access token that requests carry, without the word `Bearer`.
    ///
    /// Of this, [`app`](SpotifyBuilder::app) and [`client_credentials`](SpotifyBuilder::client_credentials)
    /// the last one counts.
    pub fn token(mut self, token: impl AsRef<str>) -> Self {
        self.credentials = Some(Credentials::Bare(token.as_ref().into()));
        self
    }

    /// The app whose user's token requests carry: the one in its store, or its refresh token. It is
    /// renewed before it ends.
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

    /// The app, with its secret, whose own token requests carry: for calls that need no user. It is
    /// got with the first call, and renewed before it ends.
    ///
    /// ```
    /// use tonearm::{App, Spotify};
    ///
    /// let app = App::new("client-id").secret("client-secret");
    /// let spotify = Spotify::builder().client_credentials(app).build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn client_credentials(mut self, app: impl Into<App>) -> Self {
        self.credentials = Some(Credentials::Client(app.into()));
        self
    }

    /// Where the Web API is. Default: `https://api.spotify.com/v1`.
    ///
    /// `http` is taken for a loopback address only, and for such an address no proxy of the
    /// environment is used.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The market that reads ask for if the call names none. Default: none, that is, the country of
    /// the user's account.
    pub fn market(mut self, market: impl Into<Option<Market>>) -> Self {
        self.market = market.into();
        self
    }

    /// The language and country in which Spotify names things, such as `fi_FI`; sent as
    /// `Accept-Language`. Default: none.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// What to do about endpoints that Spotify closes to apps in development mode. Default:
    /// [`QuotaMode::Auto`], which finds out.
    pub fn quota_mode(mut self, mode: QuotaMode) -> Self {
        self.quota_mode = mode;
        self
    }

    /// How many requests of one call may be on their way at once, each on a connection of its own: the pages
    /// of `collect_all`, and what is asked about many ids. From 1 to 64; default: 4. Writes go one after the
    /// other.
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

    /// How often a request is sent again after a failure of the network or of Spotify (500, 502, 503, 504) or a
    /// 429, if the time for the call allows. Default: 3.
    ///
    /// After a failure a request is only sent again if that does no harm: all that read, and those that write the
    /// same when they are sent twice ([`Endpoint::is_idempotent`](crate::Endpoint::is_idempotent)). Others, such as skipping to the next track or
    /// adding to a playlist, are sent again only if they surely did not reach Spotify; otherwise the error says
    /// that they [may have happened](Error::may_have_taken_effect). Before each new try the client waits for a time
    /// at random, up to half a second first, then up to twice as long each time; after a 429 or a 503 for as long
    /// as Spotify asks.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Keeps below a number of requests in any 30 seconds, in which Spotify counts them: for jobs that run long.
    /// Waits that do not fit into the time for a call are [`Error::RateLimited`]. Default: none.
    ///
    /// ```
    /// let spotify = tonearm::Spotify::builder().token("token").requests_per_30_seconds(90).build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn requests_per_30_seconds(mut self, requests: impl Into<Option<u32>>) -> Self {
        self.requests_per_30_seconds = requests.into();
        self
    }

    /// Who is told of each attempt, answer and wait: see [`Event`]. It is called on the thread of the call, and
    /// should be quick. Default: nobody.
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
    ///         Event::Wait { endpoint, duration, .. } => eprintln!("{} waits for {duration:?}", endpoint.name),
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

    /// What waits in place of [`std::thread::sleep`], for tests of your own program: it may come back at once.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::fake::Fault;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// server.script("/me").then(Fault::RateLimited { retry_after: 5 });
    /// let spotify = server.client_builder().sleep_with(|wait| println!("{wait:?} are over")).build()?;
    /// spotify.get_me().send()?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sleep_with(mut self, sleep_with: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.sleep_with = Some(Arc::new(sleep_with));
        self
    }

    /// What requests name as their sender. Default: `tonearm/` and its version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = user_agent.into();
        self
    }

    /// The proxy that requests go through, such as `http://localhost:3128`. Default: that of the
    /// environment (`ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`).
    ///
    /// A SOCKS proxy needs the feature `socks`.
    ///
    /// ```
    /// let spotify = tonearm::Spotify::builder().token("token").proxy("http://localhost:3128").build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.settings.proxy = Some(Some(url.into()));
        self
    }

    /// Use no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.settings.proxy = Some(None);
        self
    }

    /// How long to wait for a connection, TLS included. Default: 5 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long to wait for the next bytes of an answer, or for the server to take those of a
    /// request. Default: 30 s.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// How long one call may take in all, with its waits and all it sends again. Default: 60 s.
    ///
    /// A call that needs several requests has this for all of them together; in a walk over pages
    /// each page has it for itself.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.settings.call_timeout = timeout;
        self
    }

    /// How many bytes an answer may have, decompressed. Default: 64 MiB.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.settings.max_response_size = bytes;
        self
    }

    /// How many connections are kept open while nobody uses them. Default: 8.
    pub fn max_idle_connections(mut self, connections: usize) -> Self {
        self.settings.max_idle_connections = connections;
        self
    }

    /// Shows every exchange to a tap.
    #[cfg_attr(not(feature = "fake"), allow(dead_code))]
    pub(crate) fn tap(mut self, tap: Arc<dyn Tap>) -> Self {
        self.tap = Some(tap);
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Config`], naming the setting and what it must be.
    pub fn build(self) -> Result<Spotify, Error> {
        let SpotifyBuilder {
            credentials,
            base_url,
            market,
            locale,
            quota_mode,
            connections,
            retries,
            requests_per_30_seconds,
            observer,
            sleep_with,
            mut settings,
            tap,
        } = self;
        let authenticator = match credentials {
            None => Authenticator::Bare(authorization(None)?),
            Some(Credentials::Bare(token)) => {
                Authenticator::Bare(authorization(Some(token.reveal()))?)
            }
            Some(Credentials::User(app)) => Authenticator::of_user(app, &settings)?,
            Some(Credentials::Client(app)) => Authenticator::of_client(&app, &settings)?,
        };
        let (base, is_loopback) = base("base_url", "https://api.spotify.com/v1", &base_url)?;
        header("user_agent", &settings.user_agent)?;
        for (setting, timeout) in [
            ("connect_timeout", settings.connect_timeout),
            ("read_timeout", settings.read_timeout),
            ("call_timeout", settings.call_timeout),
        ] {
            if timeout.is_zero() || timeout > Duration::from_secs(86_400) {
                return Err(config_error(
                    setting,
                    format!("expected more than 0 s and at most a day, found {timeout:?}"),
                ));
            }
        }
        if !(1..=64).contains(&connections) {
            return Err(config_error(
                "connections",
                format!("expected from 1 to 64, found {connections}"),
            ));
        }
        if requests_per_30_seconds == Some(0) {
            let problem = "expected at least 1, found 0, with which nothing could be sent";
            return Err(config_error("requests_per_30_seconds", problem.to_owned()));
        }
        // Connections that a call has opened are there for its next requests.
        settings.max_idle_connections = settings.max_idle_connections.max(connections);
        let accept_language = locale.as_deref().map(accept_language).transpose()?;
        settings.serve(is_loopback);
        if let Some(tap) = &tap {
            tap.check()?;
        }
        let transport = Transport::new(settings)?;
        Ok(Spotify(Arc::new(Inner {
            transport,
            base: Arc::new(base),
            authenticator,
            market,
            accept_language,
            quota_mode,
            connections,
            app_mode: AppMode::default(),
            retries: Retries {
                limits: RateLimiter::new(requests_per_30_seconds),
                most: retries,
                observer,
                sleeper: sleep_with,
            },
            tap,
        })))
    }
}

/// With what a client gets its token.
#[derive(Clone)]
enum Credentials {
    Bare(Secret),
    User(App),
    Client(App),
}
