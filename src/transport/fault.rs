//! The kinds of ureq's errors.

use std::fmt::{self, Display, Formatter};
use std::io;

use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector};

use crate::error::TransportErrorKind;

pub(super) fn kind_of(error: &ureq::Error) -> TransportErrorKind {
    use ureq::Error as E;
    match error {
        E::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve)
        | E::HostNotFound
        | E::ConnectionFailed
        | E::ConnectProxyFailed(_)
        | E::Tls(_)
        | E::TlsRequired => TransportErrorKind::Connect,
        E::Timeout(_) => TransportErrorKind::Timeout,
        #[cfg(feature = "rustls")]
        E::Rustls(_) => TransportErrorKind::Connect,
        E::BodyExceedsLimit(_) | E::LargeResponseHeader(..) => TransportErrorKind::TooLarge,
        E::Io(error) if NoConnection::is_in(error) => TransportErrorKind::Connect,
        E::Io(error) => match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportErrorKind::Timeout,
            _ => TransportErrorKind::Broken,
        },
        _ => TransportErrorKind::Broken,
    }
}

/// Whether a body with `content-encoding: gzip` is complete and empty.
pub(super) fn is_end_of_gzip(error: &ureq::Error) -> bool {
    // If the connection ended, the error has a message of ureq's.
    matches!(error, ureq::Error::Decompress(_, why)
        if why.kind() == io::ErrorKind::UnexpectedEof && why.get_ref().is_none())
}

/// ureq's connector, with proxy and TLS.
#[derive(Debug, Default)]
pub(super) struct Connecting(DefaultConnector);

impl Connector for Connecting {
    type Out = <DefaultConnector as Connector>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        self.0.connect(details, chained).map_err(NoConnection::mark)
    }
}

/// An error of the system or of TLS before there was a connection, when nothing can have been sent. The system has the
/// same kinds of error for a connection that breaks later.
#[derive(Debug)]
pub(super) struct NoConnection(io::Error);

impl NoConnection {
    pub(super) fn mark(error: ureq::Error) -> ureq::Error {
        match kind_of(&error) {
            TransportErrorKind::Connect => error,
            _ => {
                let error = error.into_io();
                io::Error::new(error.kind(), NoConnection(error)).into()
            }
        }
    }

    fn is_in(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|error| error.is::<NoConnection>())
    }
}

impl Display for NoConnection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl std::error::Error for NoConnection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
