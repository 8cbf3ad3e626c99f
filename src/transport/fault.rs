//! Converts the errors of ureq.

use std::io;
use std::time::Duration;

use ureq::Timeout;
use ureq::unversioned::transport::{ConnectionDetails, Connector};

use super::deadline::{Exchange, connecting};
use crate::error::TransportErrorKind;

pub(super) fn kind_of(error: &ureq::Error, exchange: &Exchange) -> TransportErrorKind {
    use ureq::Error as E;
    match error {
        // The system has the same errors for a connection that breaks later.
        _ if exchange.has_no_connection => TransportErrorKind::Connect,
        E::Timeout(_) => TransportErrorKind::Timeout,
        E::BodyExceedsLimit(_) | E::LargeResponseHeader(..) => TransportErrorKind::TooLarge,
        E::Io(error) if error.kind() == io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Broken,
    }
}

/// The cause that an error shows: ureq does not know the names of our settings.
pub(super) fn cause(error: &ureq::Error) -> String {
    let setting = match error {
        ureq::Error::Timeout(Timeout::Connect) => "connect_timeout",
        ureq::Error::Timeout(Timeout::PerRead | Timeout::PerWrite) => "read_timeout",
        ureq::Error::Timeout(_) => "call_timeout",
        ureq::Error::BodyExceedsLimit(max) => return format!("more than {max} bytes"),
        error => return error.to_string(),
    };
    format!("the `{setting}` is over")
}

/// Returns whether the error means that a body with `content-encoding: gzip` is complete and empty.
pub(super) fn is_end_of_gzip(error: &ureq::Error) -> bool {
    // If the connection ended early, ureq has set its own message.
    matches!(error, ureq::Error::Decompress(_, why)
        if why.kind() == io::ErrorKind::UnexpectedEof && why.get_ref().is_none())
}

/// Opens connections within a timeout.
#[derive(Debug)]
pub(super) struct Connecting<C> {
    pub(super) connector: C,
    pub(super) timeout: Duration,
}

impl<C: Connector> Connector for Connecting<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        connecting(self.timeout, || self.connector.connect(details, chained))
    }
}
