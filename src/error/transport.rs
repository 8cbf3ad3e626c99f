//! Requests without a complete response.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use crate::endpoint::handle::EndpointRef;

/// A request that got no complete response.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::fake::Fault;
/// use tonearm::Error;
/// use tonearm::error::TransportErrorKind;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// server.script("/me/player/next").then(Fault::ResetBeforeProcessing);
/// let Err(Error::Transport(error)) = spotify.skip_to_next().send() else { unreachable!() };
/// assert_eq!(error.kind, TransportErrorKind::Broken);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// The call: `get_me`.
    pub call: Cow<'static, str>,
    /// The server: scheme, host and port.
    pub server: String,
    /// The kind of the failure.
    pub kind: TransportErrorKind,
    /// `true` if the request may have reached the server, so a write may have taken effect.
    pub may_have_taken_effect: bool,
    /// The endpoint; `None` for a request to the accounts service.
    pub(crate) endpoint_ref: Option<EndpointRef>,
    pub(crate) cause: String,
}

/// The kind of a [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The client cannot connect to the server: its name or address is not reachable, or TLS or the proxy failed.
    Connect,
    /// The server took longer than the timeouts of the client.
    Timeout,
    /// The server closed the connection, or sent invalid HTTP, before the response was complete.
    Broken,
    /// The response is longer than the client accepts.
    TooLarge,
}

impl Display for TransportError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let TransportError { call, server, cause, .. } = self;
        let is_once = self.endpoint_ref.as_ref().is_some_and(|endpoint| !endpoint.idempotent);
        let is_uncertain = is_once && self.may_have_taken_effect;
        let again = if is_uncertain {
            "the write may have taken effect, so check before you retry"
        } else {
            "retry"
        };
        match self.kind {
            TransportErrorKind::Connect => write!(
                f,
                "{call}: cannot connect to {server} ({cause}); check the network, the base URL and the proxy"
            ),
            TransportErrorKind::Timeout => write!(
                f,
                "{call}: expected a response from {server}, found none in time ({cause}); {again}, or allow more time"
            ),
            TransportErrorKind::Broken => write!(
                f,
                "{call}: expected a complete response from {server}, found part of one or none ({cause}); {again}"
            ),
            TransportErrorKind::TooLarge => {
                let less = if is_uncertain { again } else { "request less" };
                write!(
                    f,
                    "{call}: the response from {server} is too large ({cause}); {less}, or allow more with \
                     `SpotifyBuilder::max_response_size`"
                )
            }
        }
    }
}

impl std::error::Error for TransportError {}
