//! What sees every exchange of a client: a recorder.

use ureq::http::HeaderValue;

use crate::error::Error;
use crate::request::Request;
use crate::transport::RawResponse;

/// Sees every request and its response. The client does not know who listens.
pub(crate) trait Tap: Send + Sync {
    /// Whether it can be used; called once, when the client is built.
    fn check(&self) -> Result<(), Error>;

    /// A credential that must not show in anything that is kept.
    fn hide(&self, authorization: &HeaderValue);

    /// One exchange.
    fn note(&self, request: &Request, response: &RawResponse);
}
