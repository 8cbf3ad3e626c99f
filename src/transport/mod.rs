//! From a [`Request`] to bytes on the wire and back.

pub(crate) mod config;
mod deadline;
pub(crate) mod event;
mod fault;
mod rate_limit;
mod raw_response;
mod redact;
mod resolver;
mod response;
pub(crate) mod retry;
mod retry_after;
#[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
mod tls;

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::{self, HeaderValue, Uri};
use ureq::unversioned::transport::Connector;
use ureq::{Agent, Body};

use crate::endpoint::Method;
use crate::error::{ConfigError, Error, InvalidArgument, TransportError, TransportKind};
use crate::json::buffers;
use crate::request::{Base, Request};
use config::Config;
pub(crate) use deadline::Deadline;
use deadline::Timed;
use fault::{Connecting, is_end_of_gzip, kind_of};
pub(crate) use rate_limit::RateLimiter;
use redact::{RedactingConnector, Redaction};
use resolver::{Addresses, Remembering};
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
            // An error status has a body that says what is the matter.
            .http_status_as_error(false)
            .https_only(settings.https_only)
            // A redirect would take the token elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(settings.user_agent.as_str())
            .accept("application/json")
            .timeout_connect(Some(settings.connect_timeout))
            // A global time-out would start a thread for every request; these do not.
            .timeout_per_read(Some(settings.read_timeout.min(settings.call_timeout)))
            .timeout_per_write(Some(settings.read_timeout.min(settings.call_timeout)))
            // One read alone lets a server drip headers for ever. A body begins its own time, so that
            // at the very worst a call takes twice what it may.
            .timeout_recv_response(Some(settings.call_timeout))
            .timeout_recv_body(Some(settings.call_timeout))
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
        let resolver = Remembering(Arc::clone(&addresses));
        let connector = Connecting::default().chain(RedactingConnector);
        let agent = Agent::with_parts(config.build(), connector, resolver);
        Ok(Transport { agent, addresses, settings })
    }

    /// When a call that begins now must be done.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.settings.call_timeout)
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) fn send(
        &self,
        request: &Request,
        headers: &[(&'static str, &HeaderValue)],
        deadline: Deadline,
    ) -> Result<RawResponse, Error> {
        let fault = |error| self.fault(request, error);
        let uri: Uri = request.url().parse().map_err(|_| too_long(request))?;
        let mut builder = http::Request::builder().method(method(request.method())).uri(uri);
        let mut hidden = Redaction::default();
        for (name, value) in headers {
            builder = match *name {
                "authorization" => {
                    hidden = Redaction::of_header((*value).clone());
                    builder.header(*name, redact::placeholder(value))
                }
                _ => builder.header(*name, (*value).clone()),
            };
        }
        let body = request.body();
        if let Some(content_type) = request.content_type() {
            builder = builder.header("content-type", content_type);
        }
        let (answer, _) = hidden.over(|| match (body, request.method()) {
            (Some(body), _) => self.run(builder.body(body.into_bytes()), deadline),
            // Without a body ureq would send a PUT or POST as chunked; an empty one gives
            // `content-length: 0`, without which Spotify answers 411.
            (None, Method::Put | Method::Post) => self.run(builder.body(Vec::new()), deadline),
            (None, Method::Get | Method::Delete) => self.run(builder.body(()), deadline),
        });
        let (parts, body) = answer.map_err(&fault)?.into_parts();
        let is_write = request.method() != Method::Get;
        let body = self.read(body, is_write, deadline).map_err(fault)?;
        Ok(RawResponse { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Sends a form and reads the whole answer, whatever its status.
    pub(crate) fn post_form(
        &self,
        call: &'static str,
        base: &Base,
        path: &str,
        authorization: Option<&HeaderValue>,
        form: &str,
        deadline: Deadline,
    ) -> Result<RawResponse, Error> {
        // No call of the Web API has happened, whatever became of this request.
        let fault =
            |error| Error::Transport(Box::new(self.broken(call.into(), base, error, false)));
        let mut builder = http::Request::builder()
            .method(http::Method::POST)
            .uri(format!("{}{path}", base.url))
            .header("content-type", "application/x-www-form-urlencoded")
            // It is read as it comes off the wire.
            .header("accept-encoding", "identity");
        if let Some(authorization) = authorization {
            builder = builder.header("authorization", redact::placeholder(authorization));
        }
        let hidden = Redaction::of_form(authorization.cloned(), form, deadline.instant());
        let (ran, answer) =
            hidden.over(|| self.run(builder.body(vec![b'*'; form.len()]), deadline));
        ran.map_err(fault)?;
        answer.ok_or_else(|| {
            let none = io::Error::new(io::ErrorKind::UnexpectedEof, "there was no answer");
            fault(none.into())
        })
    }

    fn run<B: ureq::AsSendBody>(
        &self,
        request: http::Result<http::Request<B>>,
        deadline: Deadline,
    ) -> Result<http::Response<Body>, ureq::Error> {
        let request = request.map_err(ureq::Error::Http)?;
        let left = deadline.left();
        // The agent's own time-outs are right for a call that has just begun.
        if left + Duration::from_millis(100) >= self.settings.call_timeout {
            return self.agent.run(request);
        }
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global));
        }
        let request = self
            .agent
            .configure_request(request)
            .timeout_connect(Some(left.min(self.settings.connect_timeout)))
            .timeout_per_read(Some(left.min(self.settings.read_timeout)))
            .timeout_per_write(Some(left.min(self.settings.read_timeout)))
            .timeout_recv_response(Some(left))
            .timeout_recv_body(Some(left))
            .build();
        self.agent.run(request)
    }

    /// Reads a body to its end, so that its connection can be used again.
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
        // What a server announces is not trusted with memory before it comes.
        let room = usize::try_from(expected.min(1 << 20)).unwrap_or(0);
        let mut bytes = buffers::acquire();
        bytes.reserve(room);
        let mut reader = Timed { reader: body.as_reader(), deadline };
        let read = (&mut reader).take(max.saturating_add(1)).read_to_end(&mut bytes);
        match read.map_err(ureq::Error::from) {
            // Servers announce gzip also where they send nothing. The answer to a write has said all with
            // its status; that to a read cannot be told from one whose beginning is broken.
            Err(error) if is_write && bytes.is_empty() && is_end_of_gzip(&error) => {}
            read => drop(read?),
        }
        if bytes.len() as u64 > max { Err(ureq::Error::BodyExceedsLimit(max)) } else { Ok(bytes) }
    }

    fn fault(&self, request: &Request, error: ureq::Error) -> Error {
        let call = request.call().name.clone();
        // The time was over before anything was sent.
        let may_happen = !matches!(error, ureq::Error::Timeout(ureq::Timeout::Global));
        let fault = self.broken(call, request.base(), error, may_happen);
        Error::Transport(Box::new(TransportError {
            endpoint_ref: Some(request.endpoint_ref().clone()),
            ..fault
        }))
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
        Error::Config(Box::new(ConfigError {
            setting: "proxy",
            problem: "expected a URL such as `http://user:password@localhost:3128`".to_owned(),
        }))
    })
}

/// The error of a request whose URL nobody can send. All else that a URL could have wrong is escaped.
fn too_long(request: &Request) -> Error {
    let (key, value) = request.query().max_by_key(|(_, value)| value.len()).unwrap_or_default();
    let param = request.endpoint().params.iter().find(|param| param.key == key);
    Error::InvalidArgument(Box::new(InvalidArgument {
        endpoint: request.call().name.clone(),
        param: param.map_or("url".into(), |param| param.name.clone()),
        value: value.into(),
        problem: format!(
            "expected a URL of at most 65534 characters, found {}",
            request.url().len()
        )
        .into(),
    }))
}

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Delete => http::Method::DELETE,
    }
}
