//! A custom call with a list that is split into several requests.

use std::fmt::{self, Debug, Formatter};

use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::error::Error;
use crate::json::value::Value;
use crate::request::Request;
use crate::request::value::BadValue;
use crate::transport::RawResponse;

/// A custom call with a list that the client splits into several requests, from
/// [`query_list`](super::CustomCall::query_list) or [`body_list`](super::CustomCall::body_list).
///
/// The client sends the requests in the order of the list, and those of a `GET` concurrently.
#[derive(Clone)]
#[must_use = "nothing is sent until `.send()` or one of its siblings"]
pub struct CustomBatches {
    call: Call,
}

impl Debug for CustomBatches {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

impl CustomBatches {
    pub(super) fn new(call: Call) -> Self {
        CustomBatches { call }
    }

    /// Returns the request that `send` would send, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the path or a value is invalid, or if the list needs no request or several.
    pub fn request(&self) -> Result<Request, Error> {
        self.call.request()
    }

    /// Returns all requests that `send` would send, in order, and sends nothing.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the path or a value is invalid.
    pub fn requests(&self) -> Result<Vec<Request>, Error> {
        self.call.requests()
    }

    /// Sends the call and ignores the responses.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::PartialWrite`] if a request of a write
    /// failed after others completed, or if its elements are uncertain; and the errors that [`Error`] lists for every call.
    pub fn send(self) -> Result<(), Error> {
        self.call.send_unit()
    }

    /// Sends the call and joins the responses, each of which is a list with one element for each value of the request.
    /// The list may be in the field that [`within`](super::CustomCall::within) names.
    ///
    /// # Errors
    ///
    /// Those of `send`; [`Error::Decode`] if a list is shorter or longer than the request's. Use `send_as` for those.
    pub fn send_joined<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> {
        self.call.send_joined()
    }

    /// Sends the call and decodes the response of each request, or the field of it that
    /// [`within`](super::CustomCall::within) names.
    ///
    /// # Errors
    ///
    /// Those of `send`.
    pub fn send_as<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> {
        self.call.send_each()
    }

    /// Sends the call and returns the undecoded response of each request, also if its status is an error.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] without a response.
    pub fn send_raw(self) -> Result<Vec<RawResponse>, Error> {
        self.call.send_raw_all()
    }
}

/// Returns the elements of a list. One text may contain several, separated by commas.
pub(super) fn elements(
    values: impl Iterator<Item = Result<Value, BadValue>>,
) -> Result<Vec<Value>, BadValue> {
    let mut elements = Vec::with_capacity(values.size_hint().0);
    for value in values {
        match value? {
            Value::Text(text) => {
                for part in text.as_str().split(',').map(str::trim) {
                    if part.is_empty() {
                        return Err(BadValue::new(part, "expected a value, found empty text"));
                    }
                    elements.push(Value::text(part));
                }
            }
            value => elements.push(value),
        }
    }
    Ok(elements)
}
