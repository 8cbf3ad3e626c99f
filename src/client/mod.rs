//! The client.

mod builder;

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use ureq::http::HeaderValue;

use crate::auth::{Authenticator, Bearer};
use crate::call::fallback::{Learned, QuotaMode};
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{ENDPOINTS, Endpoint, Method, ParamKind};
use crate::error::{Error, InsufficientScope};
use crate::request::argument::Value;
use crate::request::{Base, Request};
use crate::transport::response::RawResponse;
use crate::transport::retry::Retries;
use crate::transport::{Deadline, Transport};
use crate::types::market::Market;
pub use builder::SpotifyBuilder;

/// A client of the Spotify Web API.
///
/// Cheap to clone, and for many threads at once: clones share connections and token. Its calls are
/// grouped below by the area of Spotify's reference.
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

struct Inner {
    transport: Transport,
    base: Arc<Base>,
    authenticator: Authenticator,
    market: Option<Market>,
    accept_language: Option<HeaderValue>,
    quota_mode: QuotaMode,
    connections: usize,
    learned: Learned,
    retries: Retries,
    /// What everything is recorded on, if anything is.
    #[cfg(feature = "fake")]
    tape: Option<Arc<crate::fake::Tape>>,
}

impl Debug for Spotify {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spotify").field("base_url", &self.0.base.url).finish_non_exhaustive()
    }
}

impl Spotify {
    /// A client with default settings and an access token that you have.
    ///
    /// ```
    /// let spotify = tonearm::Spotify::from_token("token")?;
    /// println!("{}", spotify.get_me().request()?);
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the token is empty or holds what a header cannot.
    pub fn from_token(token: impl AsRef<str>) -> Result<Self, Error> {
        Spotify::builder().token(token).build()
    }

    /// The settings of a client.
    ///
    /// ```
    /// let spotify = tonearm::Spotify::builder().token("token").locale("fi_FI").build()?;
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn builder() -> SpotifyBuilder {
        SpotifyBuilder::new()
    }

    /// The table of endpoints, in the order of Spotify's reference: see [`endpoint`](crate::endpoint).
    ///
    /// ```
    /// use tonearm::Spotify;
    ///
    /// for row in Spotify::endpoints().iter().filter(|row| row.max_ids().is_some()) {
    ///     println!("{} takes {:?} ids a request", row.name, row.max_ids());
    /// }
    /// ```
    pub fn endpoints() -> &'static [&'static Endpoint] {
        ENDPOINTS
    }

    pub(crate) fn base(&self) -> &Arc<Base> {
        &self.0.base
    }

    /// The value that this client gives a parameter if the call does not.
    pub(crate) fn default_for(&self, method: Method, kind: ParamKind) -> Option<Value> {
        match (method, kind) {
            (Method::Get, ParamKind::Market) => {
                self.0.market.map(|market| Value::text(market.as_str()))
            }
            _ => None,
        }
    }

    pub(crate) fn quota_mode(&self) -> QuotaMode {
        self.0.quota_mode
    }

    /// How many requests of one call may be on their way at once.
    pub(crate) fn connections(&self) -> usize {
        self.0.connections
    }

    /// What was found out about the app and its user.
    pub(crate) fn learned(&self) -> &Learned {
        &self.0.learned
    }

    pub(crate) fn deadline(&self) -> Deadline {
        self.0.transport.deadline()
    }

    /// Sends a request with this client's token, and again where that may help.
    pub(crate) fn send(&self, request: &Request, deadline: Deadline) -> Result<RawResponse, Error> {
        self.0.retries.send(request.row(), request.call(), deadline, || {
            let answer = self.send_once(request, deadline);
            #[cfg(feature = "fake")]
            if let (Some(tape), Ok(answer)) = (&self.0.tape, &answer) {
                tape.note(request, answer);
            }
            answer
        })
    }

    /// An answer to a request of this row, if it is a success. Where Spotify misses a scope, the error says which
    /// the token holds.
    pub(crate) fn accepted(
        &self,
        answer: RawResponse,
        call: &EndpointRef,
        row: &Endpoint,
    ) -> Result<RawResponse, Error> {
        answer.success(call, row).map_err(|mut error| {
            if let Error::InsufficientScope(lacking) = &mut error {
                lacking.held = self.0.authenticator.held();
            }
            error
        })
    }

    /// On a 401 it is sent once more, if the token could be renewed.
    fn send_once(&self, request: &Request, deadline: Deadline) -> Result<RawResponse, Error> {
        let mut pass = self.0.authenticator.pass(deadline)?;
        if let Some(error) = lacking(&pass, request) {
            // The person may have logged in again meanwhile, and permitted more.
            match self.0.authenticator.stored(&pass) {
                Some(other) if lacking(&other, request).is_none() => pass = other,
                _ => return Err(error),
            }
        }
        let answer = self.send_with(request, pass.header(), deadline)?;
        if answer.status() != 401 {
            return Ok(answer);
        }
        match self.0.authenticator.another(&pass, deadline)? {
            Some(pass) => self.send_with(request, pass.header(), deadline),
            None => Ok(answer),
        }
    }

    fn send_with(
        &self,
        request: &Request,
        authorization: &HeaderValue,
        deadline: Deadline,
    ) -> Result<RawResponse, Error> {
        let mut headers = [("authorization", authorization); 2];
        let mut count = 1;
        if let Some(language) = &self.0.accept_language {
            headers[1] = ("accept-language", language);
            count = 2;
        }
        #[cfg(feature = "fake")]
        if let Some(tape) = &self.0.tape {
            tape.hide(authorization);
        }
        let began = log::log_enabled!(log::Level::Debug).then(std::time::Instant::now);
        let answer = self.0.transport.send(request, headers.get(..count).unwrap_or(&[]), deadline);
        if let Some(began) = began {
            let (method, path, took) =
                (request.method(), request.path(), began.elapsed().as_millis());
            match &answer {
                Ok(answer) => log::debug!("{method} {path}: {} in {took} ms", answer.status()),
                Err(error) => log::debug!("{method} {path}: no answer in {took} ms: {error}"),
            }
        }
        answer
    }
}

/// What a call is answered with whose token is known to lack a scope.
fn lacking(pass: &Bearer<'_>, request: &Request) -> Option<Error> {
    let row = request.endpoint();
    let held = pass.scopes().filter(|held| row.is_refused(held, request))?;
    Some(Error::InsufficientScope(Box::new(InsufficientScope {
        endpoint: request.call().name.clone(),
        needed: row.scopes.clone(),
        held: Some(held.clone()),
        api_error: None,
    })))
}
