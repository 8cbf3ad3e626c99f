//! Converts the errors of ureq.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ureq::Timeout;
use ureq::unversioned::transport::{ConnectionDetails, Connector};

use super::deadline::{Exchange, connecting};
use crate::error::TransportKind;

pub(super) fn kind_of(error: &ureq::Error, exchange: &Exchange) -> TransportKind {
    use ureq::Error as E;
    match error {
        // A connection that breaks later has the same error codes.
        _ if exchange.has_no_connection => TransportKind::Connect,
        E::Timeout(_) => TransportKind::Timeout,
        E::BodyExceedsLimit(_) | E::LargeResponseHeader(..) => TransportKind::TooLarge,
        E::Io(error) if error.kind() == io::ErrorKind::TimedOut => TransportKind::Timeout,
        _ => TransportKind::Broken,
    }
}

/// Returns the cause for an error message, which names the timeouts as the settings of this crate do.
pub(super) fn cause(error: ureq::Error) -> Arc<dyn std::error::Error + Send + Sync> {
    let ureq::Error::Timeout(timeout) = error else { return Arc::new(error) };
    let setting = match timeout {
        Timeout::Connect => "connect_timeout",
        Timeout::PerRead | Timeout::PerWrite => "read_timeout",
        _ => "call_timeout",
    };
    let message = format!("the `{setting}` is over");
    Arc::new(io::Error::new(io::ErrorKind::TimedOut, message))
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
