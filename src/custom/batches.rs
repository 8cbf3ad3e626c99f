//! A call of one's own with a list that is sent in several requests.

use std::fmt::{self, Debug, Formatter};

use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::error::Error;
use crate::json::value::Value;
use crate::request::Request;
use crate::request::value::BadValue;
use crate::transport::RawResponse;

/// A call of your own with a list that is spread over as many requests as it needs: from
/// [`query_list`](super::CustomCall::query_list) and [`body_list`](super::CustomCall::body_list).
///
/// They are sent in the order of the list; those of a `GET` several at once.
#[derive(Clone)]
#[must_use = "nothing is sent until `.send()` or another end"]
pub struct CustomChunks {
    call: Call,
}

impl Debug for CustomChunks {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

impl CustomChunks {
    pub(super) fn new(call: Call) -> Self {
        CustomChunks { call }
    }

    /// The request that `send` would make, without sending it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a path that cannot be sent to, or a bad value; and if the list needs none or
    /// several requests: see `requests`.
    pub fn request(&self) -> Result<Request, Error> {
        self.call.request()
    }

    /// All requests that `send` would make, in order, without sending them.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a path that cannot be sent to, or a bad value.
    pub fn requests(&self) -> Result<Vec<Request>, Error> {
        self.call.requests()
    }

    /// Sends the call; what Spotify answers is thrown away.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::PartialWrite`] if a write stopped halfway, from where
    /// [`resume`](crate::PartialWrite::resume) goes on; else what [`Error`] lists for every call.
    pub fn send(self) -> Result<(), Error> {
        self.call.send_unit()
    }

    /// Sends the call, whose answers are lists with a value for each that was sent, and joins them: also if they
    /// stand in the member that [`within`](super::CustomCall::within) names.
    ///
    /// Where an answer has more or fewer values it is no list of that kind: `send_as` reads it.
    ///
    /// # Errors
    ///
    /// Those of `send`; [`Error::Decode`] for an answer with more or fewer values.
    pub fn send_joined<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> {
        self.call.send_joined()
    }

    /// Sends the call and decodes the answers, or the member that [`within`](super::CustomCall::within) names: one
    /// for each request.
    ///
    /// # Errors
    ///
    /// Those of `send`.
    pub fn send_as<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> {
        self.call.send_each()
    }

    /// Sends the call and answers with what came, undecoded, one for each request.
    ///
    /// A status that is no success is an answer here too.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] if no answer came.
    pub fn send_raw(self) -> Result<Vec<RawResponse>, Error> {
        self.call.send_raw_all()
    }
}

/// The elements of a list, of which one text may hold several.
pub(super) fn elements(
    values: impl Iterator<Item = Result<Value, BadValue>>,
) -> Result<Vec<Value>, BadValue> {
    let mut elements = Vec::with_capacity(values.size_hint().0);
    for value in values {
        match value? {
            Value::Text(text) => {
                for part in text.as_str().split(',').map(str::trim) {
                    if part.is_empty() {
                        return Err(BadValue::new(
                            part,
                            "expected a value, found text without any",
                        ));
                    }
                    elements.push(Value::text(part));
                }
            }
            value => elements.push(value),
        }
    }
    Ok(elements)
}
