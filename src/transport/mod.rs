//! From a [`Request`] to bytes on the wire and back.

pub(crate) mod config;
mod cooldown;
mod deadline;
pub(crate) mod event;
mod fault;
mod rate_limit;
mod redact;
mod resolver;
mod response;
pub(crate) mod retry;
mod retry_after;
#[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
mod tls;

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use ureq::http::{self, HeaderValue, Uri};
use ureq::unversioned::transport::Connector;
use ureq::{Agent, Body};

use crate::endpoint::Method;
use crate::error::{Error, InvalidArgument, TransportError, TransportKind};
use crate::json::buffers;
use crate::request::{Base, Request};
use config::{Config, config_error};
pub(crate) use cooldown::CooldownStore;
pub use cooldown::{Cooldown, CooldownKind};
pub(crate) use deadline::Deadline;
use deadline::Timed;
use fault::{Connecting, is_end_of_gzip, kind_of};
pub(crate) use rate_limit::{RateLimiter, Service};
use redact::{RedactingConnector, Redaction};
use resolver::{Addresses, CachingResolver};
pub use response::RawResponse;
pub(crate) use response::Response;
#[cfg(any(test, fuzzing))]
pub(crate) use retry_after::retry_after;

/// The connections of a client and all its clones.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
    addresses: Arc<Addresses>,
    settings: Config,
}

impl Transport {
    pub(crate) fn new(settings: Config) -> Result<Self, Error> {
        let mut config = ureq::config::Config::builder()
            // The body of an error response is read too.
            .http_status_as_error(false)
            .https_only(settings.https_only)
            // A redirect would send the token to another server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(settings.user_agent.as_str())
            .accept("application/json")
            .max_idle_connections(settings.max_idle_connections)
            .max_idle_connections_per_host(settings.max_idle_connections);
        #[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
        {
            config = config.tls_config(tls::config());
        }
        if let Some(proxy) = &settings.proxy {
            config = config.proxy(proxy.as_deref().map(proxy_of).transpose()?);
        }
        let addresses = Arc::new(Addresses::default());
        let resolver = CachingResolver(Arc::clone(&addresses));
        let connector = Connecting::default().chain(RedactingConnector);
        let agent = Agent::with_parts(config.build(), connector, resolver);
        Ok(Transport { agent, addresses, settings })
    }

    /// The deadline of a call that begins now.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.settings.call_timeout)
    }

    /// Sends a request and reads the whole response, whatever its status.
    pub(crate) fn send(
        &self,
        request: &Request,
        authorization: &HeaderValue,
        accept_language: Option<&HeaderValue>,
        deadline: Deadline,
    ) -> Result<RawResponse, Error> {
        let uri: Uri = request.url().parse().map_err(|_| too_long(request))?;
        let mut builder = http::Request::builder()
            .method(request.method().as_str())
            .uri(uri)
            .header("authorization", redact::placeholder(authorization));
        if let Some(language) = accept_language {
            builder = builder.header("accept-language", language);
        }
        if let Some(content_type) = request.content_type() {
            builder = builder.header("content-type", content_type);
        }
        let body = request.body().map(|body| body.into_bytes());
        // Without a body ureq sends a PUT or POST as chunked, and Spotify returns 411 without a `content-length`.
        let empty = matches!(request.method(), Method::Put | Method::Post).then(Vec::new);
        let is_write = request.method() != Method::Get;
        let redaction = Redaction::new(Some(authorization), None);
        match body.or(empty) {
            Some(body) => self.exchange(builder.body(body), redaction, is_write, deadline),
            None => self.exchange(builder.body(()), redaction, is_write, deadline),
        }
        .map_err(|error| self.fault(request, error))
    }

    /// Sends a form and reads the whole response, whatever its status. The log of ureq has neither.
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
            // ureq cannot decompress a body that it does not see.
            .header("accept-encoding", "identity")
            // The next request of this kind comes in an hour.
            .header("connection", "close");
        if let Some(authorization) = authorization {
            builder = builder.header("authorization", redact::placeholder(authorization));
        }
        let redaction = Redaction::new(authorization, Some(form));
        let request = builder.body(vec![b'*'; form.len()]);
        // No call of the Web API, so none can have taken effect.
        self.exchange(request, redaction, false, deadline).map_err(|error| {
            Error::Transport(Box::new(self.broken(call.into(), base, error, false)))
        })
    }

    /// Sends a request and reads the whole response, whatever its status.
    fn exchange<B: ureq::AsSendBody>(
        &self,
        request: http::Result<http::Request<B>>,
        redaction: Redaction,
        is_write: bool,
        deadline: Deadline,
    ) -> Result<RawResponse, ureq::Error> {
        let left = deadline.left();
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global));
        }
        let request = self
            .agent
            .configure_request(request.map_err(ureq::Error::Http)?)
            .timeout_connect(Some(left.min(self.settings.connect_timeout)))
            // A global timeout would start a thread for every request.
            .timeout_per_read(Some(left.min(self.settings.read_timeout)))
            .timeout_per_write(Some(left.min(self.settings.read_timeout)))
            // Against servers that send header after header.
            .timeout_recv_response(Some(left))
            .timeout_recv_body(Some(left))
            .build();
        let (response, hidden) = redaction.over(|| {
            let (parts, body) = self.agent.run(request)?.into_parts();
            Ok::<_, ureq::Error>((parts, self.read(body, is_write, deadline)?))
        });
        let (parts, mut body) = response?;
        if let Some(hidden) = hidden {
            body.iter_mut().zip(&*hidden).for_each(|(star, byte)| *star = *byte);
        }
        Ok(RawResponse { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Reads a body to its end, after which its connection can be reused.
    fn read(
        &self,
        mut body: Body,
        is_write: bool,
        deadline: Deadline,
    ) -> Result<Vec<u8>, ureq::Error> {
        let max = self.settings.max_response_size;
        let expected = body.content_length().unwrap_or(0);
        if expected > max {
            return Err(ureq::Error::BodyExceedsLimit(max));
        }
        // A server that announces a long body gets no memory for it in advance.
        let room = usize::try_from(expected.min(1 << 20)).unwrap_or(0);
        let mut bytes = buffers::acquire();
        bytes.reserve(room);
        let mut reader = Timed { reader: body.as_reader(), deadline };
        let read = (&mut reader).take(max.saturating_add(1)).read_to_end(&mut bytes);
        match read.map_err(ureq::Error::from) {
            // Servers announce gzip also for an empty body. The response to a write needs no body; that to a read
            // may be one whose beginning is broken.
            Err(error) if is_write && bytes.is_empty() && is_end_of_gzip(&error) => {}
            read => drop(read?),
        }
        if bytes.len() as u64 > max { Err(ureq::Error::BodyExceedsLimit(max)) } else { Ok(bytes) }
    }

    fn fault(&self, request: &Request, error: ureq::Error) -> Error {
        // After this timeout nothing was sent.
        let may_happen = !matches!(error, ureq::Error::Timeout(ureq::Timeout::Global));
        let call = request.call().name.clone();
        let mut fault = self.broken(call, request.base(), error, may_happen);
        fault.endpoint_ref = Some(request.endpoint_ref().clone());
        Error::Transport(Box::new(fault))
    }

    fn broken(
        &self,
        endpoint: Cow<'static, str>,
        base: &Base,
        error: ureq::Error,
        may_happen: bool,
    ) -> TransportError {
        let kind = kind_of(&error);
        if kind == TransportKind::Connect {
            self.addresses.forget();
        }
        TransportError {
            endpoint,
            server: base.origin().into(),
            kind,
            may_have_taken_effect: may_happen && kind != TransportKind::Connect,
            endpoint_ref: None,
            source: Arc::new(error),
        }
    }
}

fn proxy_of(url: &str) -> Result<ureq::Proxy, Error> {
    ureq::Proxy::new(url).map_err(|_| {
        let problem = "expected a URL such as `http://user:password@localhost:3128`";
        config_error("proxy", problem.to_owned())
    })
}

/// The error of a URL that is too long, the only error that escaping leaves.
fn too_long(request: &Request) -> Error {
    let (key, value) = request.query().max_by_key(|(_, value)| value.len()).unwrap_or_default();
    let param = request.endpoint().params.iter().find(|param| param.key == key);
    Error::InvalidArgument(Box::new(InvalidArgument {
        endpoint: request.call().name.clone(),
        param: param.map_or("url".into(), |param| param.name.clone()),
        value,
        problem: format!(
            "expected a URL of at most 65534 characters, found {}",
            request.url().len()
        ),
    }))
}
