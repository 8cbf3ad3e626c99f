//! The client, `Spotify`, and how it sends a request with a token.

mod builder;
mod quota_mode;
mod tap;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::HeaderValue;

use crate::auth::{Authenticator, Bearer};
use crate::endpoint::{ENDPOINTS, Endpoint, Method, ParamKind};
use crate::error::{Error, InsufficientScope, Meaning};
use crate::json::value::Value;
use crate::request::{Base, Request};
use crate::transport::event::Position;
use crate::transport::retry::Retries;
use crate::transport::{Cooldown, Deadline, RawResponse, Response, Transport};
use crate::types::secret::Secret;
pub use builder::SpotifyBuilder;
pub(crate) use quota_mode::AppMode;
pub use quota_mode::QuotaMode;
pub(crate) use tap::Tap;

/// A client of the Spotify Web API.
///
/// Clones are cheap, can be used from several threads, and share connections and the token. The calls are listed below,
/// grouped by the areas of Spotify's reference.
///
/// After a `fork`, the child process must build a new client. A client that has sent requests has open connections, and
/// each process would read responses meant for the other.
///
/// ```no_run
/// use tonearm::{Market, Spotify};
///
/// let spotify = Spotify::builder().token("token").market(Market::FI).build()?;
/// println!("{:?}", spotify.get_me().send()?.display_name);
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Clone)]
pub struct Spotify(Arc<Inner>);

// After a panic the locks inside are poisoned or consistent. Said here, or a change in ureq would be one of this API.
impl UnwindSafe for Spotify {}
impl RefUnwindSafe for Spotify {}

struct Inner {
    transport: Transport,
    base: Arc<Base>,
    authenticator: Authenticator,
    market: Option<Value>,
    accept_language: Option<HeaderValue>,
    quota_mode: QuotaMode,
    connections: usize,
    app_mode: AppMode,
    retries: Retries,
    tap: Option<Arc<dyn Tap>>,
}

impl Debug for Spotify {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spotify").field("base_url", &self.0.base.url).finish_non_exhaustive()
    }
}

/// # Creating a client
impl Spotify {
    /// Returns a builder with the default settings.
    ///
    /// ```no_run
    /// use tonearm::{App, Spotify};
    ///
    /// let app = App::new("client-id").refresh_token("refresh-token");
    /// let spotify = Spotify::builder().app(app).build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn builder() -> SpotifyBuilder {
        SpotifyBuilder::new()
    }

    /// Creates a client with default settings and an access token.
    ///
    /// ```
    /// let spotify = tonearm::Spotify::from_token("token")?;
    /// println!("{}", spotify.get_me().request()?);
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the token is empty or contains characters that are invalid in a header.
    pub fn from_token(token: impl Into<Secret>) -> Result<Self, Error> {
        Spotify::builder().token(token).build()
    }

    /// Returns the descriptors of all endpoints, in the order of Spotify's reference: see [`endpoint`](crate::endpoint).
    ///
    /// ```
    /// use tonearm::Spotify;
    ///
    /// for endpoint in Spotify::endpoints() {
    ///     if let Some(max) = endpoint.max_ids() {
    ///         println!("{}: at most {max} ids per request", endpoint.name);
    ///     }
    /// }
    /// ```
    pub fn endpoints() -> &'static [&'static Endpoint] {
        ENDPOINTS
    }

    /// Returns the limits of Spotify that have not ended, and when each ends: those that this client and its clones have
    /// got with a 429, and those of other programs with the same token store. Nothing is sent.
    ///
    /// A call to which one of them applies waits or fails with [`Error::RateLimited`], without a request.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::auth::CooldownKind;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// # server.script("/me").then(tonearm::fake::Fault::QuotaExceeded);
    /// # assert!(spotify.get_me().send().is_err());
    /// for cooldown in spotify.cooldowns() {
    ///     match &cooldown.kind {
    ///         CooldownKind::Quota { path, .. } => {
    ///             println!("no calls of {path} until {}", cooldown.until);
    ///         }
    ///         _ => println!("no calls until {}", cooldown.until),
    ///     }
    /// }
    /// # assert_eq!(spotify.cooldowns().len(), 1);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cooldowns(&self) -> Vec<Cooldown> {
        let mut cooldowns = self.0.retries.limits.cooldowns();
        cooldowns.extend(self.0.authenticator.token_cooldowns());
        cooldowns
    }

    pub(crate) fn base(&self) -> &Arc<Base> {
        &self.0.base
    }

    /// Returns the client's value for a parameter that the call doesn't set.
    pub(crate) fn default_for(&self, method: Method, kind: ParamKind) -> Option<Value> {
        match (method, kind) {
            (Method::Get, ParamKind::Market) => self.0.market.clone(),
            _ => None,
        }
    }

    pub(crate) fn quota_mode(&self) -> QuotaMode {
        self.0.quota_mode
    }

    /// The number of concurrent requests of one call.
    pub(crate) fn connections(&self) -> usize {
        self.0.connections
    }

    /// The state that the client has learned about the app and its user.
    pub(crate) fn app_mode(&self) -> &AppMode {
        &self.0.app_mode
    }

    /// A text of a response without the token in use, for errors and the log.
    pub(crate) fn redacted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.0.authenticator.secrets().redact_text(text)
    }

    pub(crate) fn deadline(&self) -> Deadline {
        self.0.transport.deadline()
    }

    /// Sends a request with this client's token, with retries.
    pub(crate) fn send(
        &self,
        request: &Request,
        position: Position,
        deadline: Deadline,
    ) -> Result<Response, Error> {
        let call = request.call();
        self.0.authenticator.check(call)?;
        self.0.retries.send(request.endpoint_ref(), call, position, deadline, || {
            let mut response = self.send_once(request, deadline)?;
            if let Some(tap) = &self.0.tap {
                tap.note(request, &response.raw);
            }
            if response.meaning() == Some(Meaning::Scope) {
                response.set_held_scopes(self.0.authenticator.held_scopes());
            }
            Ok(response)
        })
    }

    /// Sends a request once more after a 401: with the same token if Spotify has not seen it, else with a refreshed one if
    /// there is one.
    fn send_once(&self, request: &Request, deadline: Deadline) -> Result<Response, Error> {
        let of_call = |error| of_call(error, request);
        let mut bearer = self.0.authenticator.bearer(deadline).map_err(of_call)?;
        if let Some(error) = missing_scope_error(&bearer, request) {
            // The user may have logged in again in the meantime, and granted more scopes.
            match self.0.authenticator.stored(&bearer) {
                Some(other) if missing_scope_error(&other, request).is_none() => bearer = other,
                _ => return Err(error),
            }
        }
        let is_refused = |response: &Response| response.meaning() == Some(Meaning::Unauthorized);
        let mut response = self.send_with(request, bearer.header(), deadline)?;
        if response.misses_token() {
            response = self.send_with(request, bearer.header(), deadline)?;
        }
        if !is_refused(&response) {
            return Ok(response);
        }
        let other = self.0.authenticator.after_unauthorized(&bearer, deadline).map_err(of_call)?;
        if let Some(other) = other {
            response = self.send_with(request, other.header(), deadline)?;
            if is_refused(&response) {
                self.0.authenticator.refused_again();
            }
        }
        Ok(response)
    }

    fn send_with(
        &self,
        request: &Request,
        authorization: &HeaderValue,
        deadline: Deadline,
    ) -> Result<Response, Error> {
        if let Some(tap) = &self.0.tap {
            tap.hide(authorization);
        }
        let began = log::log_enabled!(log::Level::Debug).then(std::time::Instant::now);
        let language = self.0.accept_language.as_ref();
        let result = self.0.transport.send(request, authorization, language, deadline);
        if let Some(began) = began {
            log_attempt(request, &result, began.elapsed());
        }
        Ok(Response::new(result?, request.endpoint()))
    }
}

/// Names the call in the error of a token. Calls share the error of a refresh, which belongs to none of them.
fn of_call(mut error: Error, request: &Request) -> Error {
    if let Error::LoginRequired(required) = &mut error {
        required.call = Some(request.call().name.clone());
    }
    error
}

fn log_attempt(request: &Request, result: &Result<RawResponse, Error>, took: Duration) {
    let (method, path, took) = (request.method(), request.path(), took.as_millis());
    match result {
        Ok(response) => log::debug!("{method} {path}: {} in {took} ms", response.status()),
        Err(error) => log::debug!("{method} {path}: no response in {took} ms: {error}"),
    }
}

/// Returns an error if the token is known to lack a scope that the request needs.
fn missing_scope_error(bearer: &Bearer<'_>, request: &Request) -> Option<Error> {
    let endpoint = request.endpoint();
    let held = bearer.scopes().filter(|held| endpoint.lacks_scope(held, request))?;
    Some(Error::InsufficientScope(Box::new(InsufficientScope {
        call: request.call().name.clone(),
        needed: endpoint.scopes.clone(),
        held: Some(held.clone()),
        api_error: None,
    })))
}
