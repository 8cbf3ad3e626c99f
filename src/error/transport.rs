//! Requests without a complete response.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use crate::endpoint::handle::EndpointRef;

/// A request that got no complete response.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::fake::Fault;
/// use tonearm::{Error, TransportKind};
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// server.script("/me/player/next").then(Fault::ResetBeforeProcessing);
/// let Err(Error::Transport(error)) = spotify.skip_to_next().send() else { unreachable!() };
/// assert_eq!(error.kind, TransportKind::Broken);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// The call: `get_me`.
    pub endpoint: Cow<'static, str>,
    /// The server: scheme, host and port.
    pub server: String,
    /// What happened.
    pub kind: TransportKind,
    /// Whether the request may have reached the server, so that a write may have happened.
    pub may_have_taken_effect: bool,
    /// The endpoint; `None` for a request to the accounts service.
    pub(crate) endpoint_ref: Option<EndpointRef>,
    pub(crate) source: Arc<dyn std::error::Error + Send + Sync>,
}

/// The kind of a [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportKind {
    /// No connection to the server: unknown host, refused, unreachable, an error of TLS or the proxy.
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
        let TransportError { endpoint, server, source, .. } = self;
        let is_once = self.endpoint_ref.as_ref().is_some_and(|endpoint| !endpoint.idempotent);
        let again = if is_once && self.may_have_taken_effect {
            "it may have happened all the same, so look before you try again"
        } else {
            "try again"
        };
        match self.kind {
            TransportKind::Connect => write!(
                f,
                "{endpoint}: no connection to {server} ({source}); check the network, the base URL and the proxy"
            ),
            TransportKind::Timeout => write!(
                f,
                "{endpoint}: {server} did not answer in time ({source}); {again}, or allow more time with \
                 `SpotifyBuilder::call_timeout`"
            ),
            TransportKind::Broken => {
                write!(
                    f,
                    "{endpoint}: {server} broke off before its answer was whole ({source}); {again}"
                )
            }
            TransportKind::TooLarge => write!(
                f,
                "{endpoint}: the answer of {server} is too long ({source}); ask for less, or allow more with \
                 `SpotifyBuilder::max_response_size`"
            ),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}
