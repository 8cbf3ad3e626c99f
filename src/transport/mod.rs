//! Sends a [`Request`], and reads the response.

pub(crate) mod config;
mod cooldown;
mod deadline;
pub(crate) mod event;
mod fault;
pub(crate) mod order;
mod rate_limit;
mod redact;
mod resolver;
mod response;
pub(crate) mod retry;
mod retry_after;
mod tcp;
#[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
mod tls;

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use ureq::http::{self, HeaderValue, Uri};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};
use ureq::{Agent, Body};

use crate::endpoint::Method;
use crate::error::{Error, InvalidArgument, TransportError};
use crate::json::buffers;
use crate::request::{Base, Request};
use config::Config;
pub(crate) use cooldown::CooldownStore;
pub use cooldown::{Cooldown, CooldownKind};
pub(crate) use deadline::Deadline;
use deadline::Exchange;
use fault::{Connecting, cause, is_end_of_gzip, kind_of};
use order::Numbering;
pub(crate) use rate_limit::{RateLimiter, Service};
pub(crate) use redact::Secrets;
use redact::{RedactingConnector, Redaction};
use resolver::{Addresses, CachingResolver};
pub use response::RawResponse;
pub(crate) use response::Response;
#[cfg(any(test, fuzzing))]
pub(crate) use retry_after::retry_after;
#[cfg(any(feature = "fake", feature = "login"))]
pub(crate) use tcp::settled;

/// The connections of a client and all its clones.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
    addresses: Arc<Addresses>,
    settings: Config,
    numbering: Numbering,
}

impl Transport {
    /// Prepares connections to a server.
    pub(crate) fn new(settings: Config, server: &Base) -> Result<Self, Error> {
        let config = ureq::config::Config::builder()
            // The client reads the body of an error response.
            .http_status_as_error(false)
            .https_only(settings.https_only)
            // A redirect would send the token to another server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(settings.user_agent.as_str())
            .accept("application/json")
            .proxy(settings.proxy_to(server)?)
            .max_idle_connections(settings.max_idle_connections)
            .max_idle_connections_per_host(settings.max_idle_connections);
        #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
        let config = config.tls_config(tls::config());
        let addresses = Arc::new(Addresses::default());
        let connect_timeout = settings.connect_timeout;
        let resolver = CachingResolver { addresses: Arc::clone(&addresses), connect_timeout };
        let connector = connector(&settings).chain(RedactingConnector);
        let connector = Connecting { connector, timeout: connect_timeout };
        let agent = Agent::with_parts(config.build(), connector, resolver);
        let numbering = Numbering::new(settings.numbers_requests);
        Ok(Transport { agent, addresses, settings, numbering })
    }

    /// Returns the deadline of a call that begins now.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.settings.call_timeout)
    }

    /// Sends a request, and reads the whole response with any status code.
    pub(crate) fn send(
        &self,
        request: &Request,
        authorization: &HeaderValue,
        accept_language: Option<&HeaderValue>,
        deadline: Deadline,
    ) -> Result<RawResponse, Error> {
        let uri: Uri = request.url().parse().map_err(|_| too_long(request))?;
        let secrets = Secrets::new(Some(authorization), "");
        let redaction = Redaction::new(&secrets);
        let mut builder = http::Request::builder()
            .method(request.method().as_str())
            .uri(uri)
            .header("authorization", redact::placeholder(authorization));
        if redaction.hides_body {
            // ureq cannot decompress a body that is hidden from it.
            builder = builder.header("accept-encoding", "identity");
        }
        if let Some(language) = accept_language {
            builder = builder.header("accept-language", language);
        }
        if let Some(content_type) = request.content_type() {
            builder = builder.header("content-type", content_type);
        }
        let body = request.body().map(|body| body.into_bytes());
        // Without a body, ureq sends a chunked PUT or POST, for which Spotify returns 411 (it requires
        // `content-length`).
        let empty = matches!(request.method(), Method::Put | Method::Post).then(Vec::new);
        let is_write = request.method() != Method::Get;
        match body.or(empty) {
            Some(body) => self.exchange(builder.body(body), redaction, secrets, is_write, deadline),
            None => self.exchange(builder.body(()), redaction, secrets, is_write, deadline),
        }
        .map_err(|failure| self.fault(request, failure))
    }

    /// Sends a form, and reads the whole response with any status code. ureq does not log either of them.
    pub(crate) fn post_form(
        &self,
        call: &'static str,
        base: &Base,
        path: &str,
        authorization: Option<&HeaderValue>,
        form: &str,
        deadline: Deadline,
    ) -> Result<RawResponse, Error> {
        let mut builder = http::Request::builder()
            .method(http::Method::POST)
            .uri(format!("{}{path}", base.url))
            .header("content-type", "application/x-www-form-urlencoded")
            // ureq cannot decompress a body that is hidden from it.
            .header("accept-encoding", "identity")
            // The next token request is an hour later.
            .header("connection", "close");
        if let Some(authorization) = authorization {
            builder = builder.header("authorization", redact::placeholder(authorization));
        }
        let secrets = Secrets::new(authorization, form);
        let redaction = Redaction::new(&secrets);
        let request = builder.body(vec![b'*'; form.len()]);
        self.exchange(request, redaction, secrets, false, deadline).map_err(|failure| {
            // A token request is not a write of the Web API, so no call can have taken effect.
            let fault = self.broken(call.into(), base, failure);
            Error::Transport(Box::new(TransportError { may_have_taken_effect: false, ..fault }))
        })
    }

    /// Sends a request, and reads the whole response with any status code.
    fn exchange<B: ureq::AsSendBody>(
        &self,
        request: http::Result<http::Request<B>>,
        redaction: Redaction,
        secrets: Secrets,
        is_write: bool,
        deadline: Deadline,
    ) -> Result<RawResponse, (ureq::Error, Exchange)> {
        let mut request = request.map_err(ureq::Error::Http);
        if let (Ok(request), Some(order)) = (&mut request, self.numbering.header()) {
            request.headers_mut().insert(order::HEADER, order);
        }
        let ((response, hidden), exchange) = deadline.bound(|| {
            redaction.over(|| {
                if deadline.left().is_zero() {
                    return Err(ureq::Error::Timeout(ureq::Timeout::Global));
                }
                let (parts, body) = self.agent.run(request?)?.into_parts();
                Ok((parts, self.read(body, is_write)?))
            })
        });
        let (mut parts, mut body) = response.map_err(|error| (error, exchange))?;
        if let Some(hidden) = hidden {
            body.iter_mut().zip(&*hidden).for_each(|(star, byte)| *star = *byte);
        }
        self.numbering.note(&parts.headers);
        secrets.mask_headers(&mut parts.headers);
        Ok(RawResponse { status: parts.status.as_u16(), headers: parts.headers, body, secrets })
    }

    /// Reads a body to its end, so the connection can be reused.
    fn read(&self, mut body: Body, is_write: bool) -> Result<Vec<u8>, ureq::Error> {
        let max = self.settings.max_response_size;
        let expected = body.content_length().unwrap_or(0);
        if expected > max {
            return Err(ureq::Error::BodyExceedsLimit(max));
        }
        // Do not allocate memory for the announced length of a long body.
        let room = usize::try_from(expected.min(1 << 20)).unwrap_or(0);
        let mut bytes = buffers::acquire();
        bytes.reserve(room);
        let read = body.as_reader().take(max.saturating_add(1)).read_to_end(&mut bytes);
        match read.map_err(ureq::Error::from) {
            // Servers also send the gzip header for an empty body. Accept it for a write, which needs no body; for a
            // read, the body may be damaged.
            Err(error) if is_write && bytes.is_empty() && is_end_of_gzip(&error) => {}
            read => drop(read?),
        }
        if bytes.len() as u64 > max { Err(ureq::Error::BodyExceedsLimit(max)) } else { Ok(bytes) }
    }

    fn fault(&self, request: &Request, failure: (ureq::Error, Exchange)) -> Error {
        let call = request.call().name.clone();
        let mut fault = self.broken(call, request.base(), failure);
        fault.endpoint_ref = Some(request.endpoint_ref().clone());
        Error::Transport(Box::new(fault))
    }

    fn broken(
        &self,
        call: Cow<'static, str>,
        base: &Base,
        (error, exchange): (ureq::Error, Exchange),
    ) -> TransportError {
        if exchange.has_no_connection {
            self.addresses.forget();
        }
        TransportError {
            call,
            server: base.origin().into(),
            kind: kind_of(&error, &exchange),
            may_have_taken_effect: exchange.is_sent,
            endpoint_ref: None,
            cause: cause(&error),
        }
    }
}

/// Returns connectors for TCP, proxies and TLS. They replace those of ureq, which ignore the deadline of a call.
fn connector(settings: &Config) -> impl Connector {
    let timeout = settings.read_timeout;
    #[cfg(feature = "socks")]
    let connector = tcp::SocksConnector { inner: Default::default(), timeout };
    #[cfg(not(feature = "socks"))]
    let connector = ();
    let connector =
        connector.chain(ConnectProxyConnector::default()).chain(tcp::TcpConnector { timeout });
    #[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
    let connector = connector.chain(ureq::unversioned::transport::RustlsConnector::default());
    #[cfg(feature = "native-tls")]
    let connector = connector.chain(ureq::unversioned::transport::NativeTlsConnector::default());
    connector
}

/// Locks a mutex, also after a panic of another holder: each holder leaves the value consistent.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a thread. The function is boxed, so the compiler builds the code of a thread once.
pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let run: Box<dyn FnOnce() + Send> = Box::new(run);
    thread::Builder::new().name(name.to_owned()).spawn(run)
}

/// Returns the error for a URL that is too long. Escaping prevents all other errors.
fn too_long(request: &Request) -> Error {
    let (key, value) = request.query().max_by_key(|(_, value)| value.len()).unwrap_or_default();
    let param = request.endpoint().params.iter().find(|param| param.key == key);
    Error::InvalidArgument(Box::new(InvalidArgument {
        call: Some(request.call().name.clone()),
        param: Some(param.map_or("url".into(), |param| param.name.clone())),
        value,
        message: format!(
            "expected a URL of at most 65534 characters, found {}",
            request.url().len()
        ),
    }))
}
