//! Decodes a response into a model or an [`Error`].

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::http::HeaderMap;

use super::redact::Secrets;
use super::retry_after::retry_after;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Endpoint, Method};
use crate::error::{
    ApiError, DecodeError, EndpointUnavailable, Error, ErrorBody, InsufficientScope, Meaning,
    RateLimited,
};
use crate::json::decode::{self, Expected};
use crate::json::error::JsonError;
use crate::json::{buffers, path};
use crate::types::scope::Scopes;
use crate::types::timestamp::Timestamp;

/// A response before decoding.
///
/// The body is unchanged, even if it repeats the token of the request. The output of `Debug` does not contain the
/// token, and headers have `*` in its place.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let response = spotify.get_me().send_raw()?;
/// assert_eq!(response.status(), 200);
/// let content_type = response.header("Content-Type");
/// assert!(content_type.is_some_and(|found| found.starts_with("application/json")));
/// println!("{}", String::from_utf8_lossy(response.body()));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The secrets that must not be shown.
    pub(crate) secrets: Secrets,
}

impl PartialEq for RawResponse {
    fn eq(&self, other: &Self) -> bool {
        (self.status, &self.headers, &self.body) == (other.status, &other.headers, &other.body)
    }
}

impl Eq for RawResponse {}

impl RawResponse {
    /// Returns the HTTP status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the value of the first header with this name, if it is ASCII. Case is ignored.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns all headers, with names in lowercase and values as bytes.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// Returns the body, decompressed and otherwise unchanged.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the body as an owned list of bytes.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// Returns the body without the secrets of the request, for errors and recordings.
    pub(crate) fn redacted_body(&self) -> Cow<'_, [u8]> {
        self.secrets.redact(&self.body)
    }

    /// Returns the wait in the header `Retry-After`.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        retry_after(self.header("retry-after"), Timestamp::now())
    }

    /// Decodes the JSON at a pointer, or the whole body without one.
    pub(crate) fn decode<T: DeserializeOwned>(
        self,
        endpoint: &Endpoint,
        pointer: Option<&str>,
        expected: Expected,
    ) -> Result<T, Error> {
        self.finish(endpoint, |body| decode::decode(body, pointer, expected))
    }

    /// Decodes a list that must have one value for each id of the request.
    pub(crate) fn decode_list<T: DeserializeOwned>(
        self,
        endpoint: &Endpoint,
        pointer: Option<&str>,
        expected: usize,
    ) -> Result<Vec<T>, Error> {
        let one_for_each = Expected { nothing: None, keeps_count: true, ..endpoint.expected() };
        self.finish(endpoint, |body| {
            decode::decode(body, pointer, one_for_each)
                .and_then(|list: Vec<T>| check_count(list, expected))
        })
    }

    fn finish<T>(
        self,
        endpoint: &Endpoint,
        decode: impl Fn(&[u8]) -> serde_json::Result<T>,
    ) -> Result<T, Error> {
        match decode(&self.body) {
            Ok(value) => {
                buffers::release(self.body);
                Ok(value)
            }
            Err(error) => Err(self.decode_error(endpoint, error, &|body| decode(body).err())),
        }
    }

    /// Releases unused memory, for a caller that keeps the response.
    pub(crate) fn shrunk(mut self) -> Self {
        self.body.shrink_to_fit();
        self
    }

    /// Returns the error of the body. `again` decodes another one.
    fn decode_error(
        mut self,
        endpoint: &Endpoint,
        error: serde_json::Error,
        again: &dyn Fn(&[u8]) -> Option<serde_json::Error>,
    ) -> Error {
        let source = match self.redacted_body() {
            Cow::Borrowed(_) => error,
            // The message of serde contains a part of the body.
            Cow::Owned(redacted) => {
                self.body = redacted;
                let message = "the response repeats a secret of its request";
                again(&self.body).unwrap_or_else(|| serde::de::Error::custom(message))
            }
        };
        let content_type =
            self.header("content-type").filter(|found| !found.contains("json")).map(str::to_owned);
        let text = std::str::from_utf8(&self.body).unwrap_or_default();
        Error::Decode(Box::new(DecodeError {
            call: endpoint.name.clone(),
            status: self.status,
            is_write: endpoint.method != Method::Get,
            path: path::of(text, &source),
            content_type,
            snippet: snippet(&self.body, &source),
            cause: JsonError(Arc::new(source)),
            body: self.body,
        }))
    }
}

impl Debug for RawResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &String::from_utf8_lossy(&self.redacted_body()))
            .finish()
    }
}

fn check_count<T>(list: Vec<T>, expected: usize) -> serde_json::Result<Vec<T>> {
    let found = list.len();
    if found == expected {
        return Ok(list);
    }
    Err(serde::de::Error::custom(format_args!(
        "expected {expected} values, one for each id, found {found}"
    )))
}

/// The part of a body around the place of an error.
fn snippet(body: &[u8], error: &serde_json::Error) -> String {
    let start = path::offset(body, error)
        .unwrap_or_else(|| std::str::from_utf8(body).err().map_or(0, |error| error.valid_up_to()));
    let start = start.saturating_sub(40);
    let part = body.get(start..).unwrap_or(body);
    let text = String::from_utf8_lossy(part.get(..80).unwrap_or(part));
    text.trim_matches('\u{fffd}').split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A response, and its error if the status is an error. The error body is parsed once, here.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) raw: RawResponse,
    /// Without the body, which is still in `raw`.
    failure: Option<Box<ApiError>>,
    /// The scopes of the token, if they are known and relevant to the error.
    held_scopes: Option<Scopes>,
}

impl Response {
    /// Creates it from the response to a request of this endpoint.
    pub(crate) fn new(raw: RawResponse, endpoint: &Endpoint) -> Self {
        let status = match raw.status {
            200..300 => ErrorBody::status_in_success(&raw.body, raw.status),
            status => Some(status),
        };
        let failure = status.map(|status| {
            let body = ErrorBody::parse(&raw.redacted_body());
            let meaning = Meaning::of(endpoint, status, &body);
            let name = endpoint.name.clone();
            let mut error = ApiError::new(name, status, meaning, body, raw.retry_after());
            error.may_have_taken_effect = status >= 500 && endpoint.method != Method::Get;
            error.is_idempotent = endpoint.idempotent;
            Box::new(error)
        });
        Response { raw, failure, held_scopes: None }
    }

    /// Creates it from a response of the accounts service, and its error if there is one.
    pub(crate) fn judged(raw: RawResponse, failure: Option<ApiError>) -> Self {
        Response { raw, failure: failure.map(Box::new), held_scopes: None }
    }

    /// Returns whether a 401 means that the request had no token. Spotify occasionally returns it for a request with a
    /// valid token.
    pub(crate) fn misses_token(&self) -> bool {
        let Some(failure) = self.failure.as_ref() else { return false };
        let challenge = self.raw.header("www-authenticate").unwrap_or_default();
        failure.meaning == Meaning::Unauthorized
            && (challenge.contains("missing_token")
                || failure.message.eq_ignore_ascii_case("access token missing"))
    }

    /// Returns the meaning of an error response.
    pub(crate) fn meaning(&self) -> Option<Meaning> {
        self.failure.as_ref().map(|failure| failure.meaning)
    }

    pub(crate) fn is_success(&self) -> bool {
        self.failure.is_none()
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.failure.as_ref()?.retry_after
    }

    /// Sets the scopes of the token, for the error.
    pub(crate) fn set_held_scopes(&mut self, held: Option<Scopes>) {
        self.held_scopes = held;
    }

    /// Returns Spotify's error, if there is one.
    pub(crate) fn into_api_error(self, call: &EndpointRef) -> Option<ApiError> {
        let (call, body) = (call.name.clone(), self.raw.redacted_body().into());
        self.failure.map(|failure| ApiError { call, body, ..*failure })
    }

    /// Returns the response if it is successful, or the error of this call.
    pub(crate) fn into_result(
        self,
        call: &EndpointRef,
        endpoint: &Endpoint,
    ) -> Result<RawResponse, Error> {
        let Response { raw, failure, held_scopes: held } = self;
        let Some(mut error) = failure else { return Ok(raw) };
        (error.call, error.body) = (call.name.clone(), raw.redacted_body().into());
        Err(match error.meaning {
            Meaning::Unavailable => Error::EndpointUnavailable(Box::new(EndpointUnavailable::new(
                endpoint,
                None,
                Some(*error),
            ))),
            Meaning::Scope => Error::InsufficientScope(Box::new(InsufficientScope {
                call: call.name.clone(),
                needed: endpoint.scopes.clone(),
                held,
                api_error: Some(*error),
            })),
            Meaning::RateLimit(kind) => {
                Error::RateLimited(Box::new(RateLimited::new(kind, *error)))
            }
            Meaning::UserNotRegistered => Error::UserNotRegistered(error),
            Meaning::OwnerWithoutPremium => Error::OwnerWithoutPremium(error),
            Meaning::NotPlaylistOwner => Error::NotPlaylistOwner(error),
            Meaning::Unauthorized => Error::Unauthorized(error),
            Meaning::InvalidClient => Error::InvalidClient(error),
            Meaning::Forbidden => Error::Forbidden(error),
            Meaning::NotFound => Error::NotFound(error),
            Meaning::InvalidLimit { .. }
            | Meaning::ServerFault
            | Meaning::TokenRequest
            | Meaning::Other => Error::Status(error),
        })
    }
}
