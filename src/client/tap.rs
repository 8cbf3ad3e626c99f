//! The hook for a recorder.

use ureq::http::HeaderValue;

use crate::error::Error;
use crate::request::Request;
use crate::transport::RawResponse;

/// A recorder, which receives every request and its response.
pub(crate) trait Tap: Send + Sync {
    /// Returns an error if the tap cannot work; called once, when the client is built.
    fn check(&self) -> Result<(), Error>;

    /// Receives a credential, which must not appear in a recording.
    fn hide(&self, authorization: &HeaderValue);

    /// Receives one request and its response.
    fn note(&self, request: &Request, response: &RawResponse);
}
