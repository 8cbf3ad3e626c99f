//! `Call`, which every generated request type contains: it validates arguments, sends requests and decodes responses.

mod dispatch;
mod fallback;
pub(crate) mod parallel;
mod resume;
mod validate;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use serde::de::DeserializeOwned;

use crate::client::Spotify;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Endpoint, ParamInfo, ParamKind, ParamLocation};
use crate::error::{Error, InvalidArgument};
use crate::json::decode::{Expected, is_nothing};
use crate::json::value::Value;
use crate::page::Checkpoint;
use crate::request::Request;
use crate::request::argument::{self, Argument};
use crate::request::value::BadValue;
use crate::transport::{RawResponse, Response};
use crate::types::enums::selector::ResponseSelector;
use dispatch::{Dispatch, Exchange};
pub use resume::WriteCheckpoint;

/// Values by the index of their parameter. Sending the call reports the invalid ones.
pub(crate) type Values = Vec<(usize, Result<Value, BadValue>)>;

/// Sets the value of a parameter, or removes it.
pub(crate) fn set(values: &mut Values, index: usize, value: Option<Result<Value, BadValue>>) {
    values.retain(|(set, _)| *set != index);
    values.extend(value.map(|value| (index, value)));
}

/// An endpoint, the client to call it with, and the values of its parameters.
#[derive(Clone)]
pub(crate) struct Call {
    spotify: Spotify,
    endpoint: EndpointRef,
    values: Values,
    /// The field of the response that is the result.
    pointer: Option<Cow<'static, str>>,
    /// `true` if the result is a type of the caller's, so the JSON may not be prepared for a model.
    is_own_type: bool,
}

impl Debug for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct(&self.endpoint.name);
        for (index, value) in &self.values {
            let name = self.endpoint.params.get(*index).map_or("?", |param| &param.name);
            match value {
                Ok(value) => call.field(name, &format_args!("{value}")),
                Err(bad) => call.field(name, &format_args!("{:?}: {}", bad.value, bad.problem)),
            };
        }
        call.finish()
    }
}

/// Building a call.
impl Call {
    pub(crate) fn new(spotify: &Spotify, endpoint: &'static Endpoint) -> Self {
        Call::with_values(spotify, endpoint.into(), Vec::new())
    }

    pub(crate) fn with_values(spotify: &Spotify, endpoint: EndpointRef, values: Values) -> Self {
        let pointer = endpoint.pointer.clone();
        Call { spotify: spotify.clone(), endpoint, values, pointer, is_own_type: false }
    }

    /// Sets a parameter, or removes it if the value is `None`.
    pub(crate) fn argument(mut self, index: usize, argument: Argument) -> Self {
        set(&mut self.values, index, argument.transpose());
        self
    }

    /// Sets a list of one element.
    pub(crate) fn element(self, index: usize, argument: Argument) -> Self {
        self.argument(index, argument.map(|value| value.map(|value| Value::List(vec![value]))))
    }

    /// Sets an enum whose value determines the type of the response.
    pub(crate) fn choice<K: ResponseSelector>(mut self, index: usize) -> Self {
        self.pointer = K::POINTER.map(Cow::Borrowed).or(self.pointer);
        self.argument(index, Ok(Some(Value::text(K::VALUE))))
    }

    /// Sets a parameter to the value that a text has.
    pub(crate) fn set_text(&mut self, index: usize, text: &str) {
        let Some(param) = self.endpoint.params.get(index) else { return };
        let value = argument::parse_for(param, text);
        if let Ok(Value::Text(value)) = &value {
            let selected = param.pointers.iter().find(|(known, _)| *known == value.as_str());
            self.pointer =
                selected.map(|(_, pointer)| Cow::Borrowed(*pointer)).or(self.pointer.take());
        }
        set(&mut self.values, index, Some(value));
    }

    /// The same call for types of the caller's.
    pub(crate) fn of_own_type(mut self) -> Self {
        self.is_own_type = true;
        self
    }

    /// Makes the call fail before anything is sent, because of an argument that has no parameter.
    pub(crate) fn reject(&mut self, name: &str, value: &str, problem: &str) {
        let mut endpoint = (*self.endpoint).clone();
        self.values.push((endpoint.params.len(), Err(BadValue::new(value, problem))));
        endpoint.params.to_mut().push(ParamInfo::custom(
            ParamLocation::Query,
            ParamKind::Text,
            name,
        ));
        self.endpoint = endpoint.into();
    }
}

/// Pagination.
impl Call {
    pub(crate) fn endpoint(&self) -> &EndpointRef {
        &self.endpoint
    }

    pub(crate) fn spotify(&self) -> &Spotify {
        &self.spotify
    }

    /// Sets the parameter with a key, if the endpoint has it or is a custom one. An invalid value stays, for the error.
    pub(crate) fn set_key(&mut self, key: &'static str, value: Value) -> bool {
        let Some(index) = self.endpoint.index_of(key) else { return false };
        if self.values.iter().any(|(set, value)| *set == index && value.is_err()) {
            return true;
        }
        set(&mut self.values, index, Some(Ok(value)));
        true
    }

    /// Starts a list at a checkpoint. The checkpoint of a list of the other kind is an invalid argument.
    pub(crate) fn start_at(self, checkpoint: &Checkpoint) -> Self {
        let Some((key, value)) = checkpoint.param() else { return self };
        let index = |key| self.endpoint.params.iter().position(|param| param.key == key);
        if let Some(index) = index(key) {
            return self.argument(index, Ok(Some(value)));
        }
        let mut positions = ["offset", "after", "before"].into_iter();
        let Some((name, index)) = positions.find_map(|key| Some((key, index(key)?))) else {
            return self;
        };
        let problem = format_args!("expected a checkpoint with `{name}`, found one with `{key}`");
        self.argument(index, Err(BadValue::new(&value.to_string(), problem)))
    }

    /// The parameter with a key, and its value if that is valid.
    pub(crate) fn by_key(&self, key: &str) -> Option<(&ParamInfo, Option<&Value>)> {
        let index = self.endpoint.params.iter().position(|param| param.key == key)?;
        let value = self.values.iter().find(|(set, _)| *set == index);
        let value = value.and_then(|(_, value)| value.as_ref().ok());
        Some((self.endpoint.params.get(index)?, value))
    }

    /// Lowers the page size, where the endpoint limits its sum with the offset that the next page begins at. Returns
    /// `false` if even a page of one item exceeds the sum: pagination then ends, even if Spotify sends another link.
    pub(crate) fn make_room(&mut self, key: &str, offset: i64) -> bool {
        let params = &self.endpoint.params;
        let Some(limit) = self.endpoint.sum_limit else { return true };
        let is_counted = |key: &str| {
            let mut keys = limit.params.iter().filter_map(|index| params.get(*index));
            keys.any(|param| param.key == key)
        };
        if !is_counted(key) || !is_counted("limit") {
            return true;
        }
        let room = limit.max.saturating_sub(offset);
        if let Some((_, Some(Value::Integer(limit)))) = self.by_key("limit")
            && *limit > room
        {
            self.set_key("limit", Value::Integer(room));
        }
        room > 0
    }

    /// The index and the value of `limit`, if the call sets it.
    pub(crate) fn limit(&self) -> Option<(usize, i64)> {
        let index = self.endpoint.params.iter().position(|param| param.key == "limit")?;
        match self.by_key("limit")? {
            (_, Some(Value::Integer(limit))) => Some((index, *limit)),
            _ => None,
        }
    }

    /// Lowers the page size to a maximum. Returns `false` if the size is not greater, or if the endpoint has no maximum.
    pub(crate) fn lower_limit(&mut self, max: fn(&Endpoint, usize) -> Option<i64>) -> bool {
        let Some((index, limit)) = self.limit() else { return false };
        match max(&self.endpoint, index) {
            Some(max) if max < limit => self.set_key("limit", Value::Integer(max)),
            _ => false,
        }
    }

    /// Returns `true` if the call sets a field filter.
    pub(crate) fn has_field_filter(&self) -> bool {
        let mut set = self.values.iter().filter_map(|(index, _)| self.endpoint.params.get(*index));
        set.any(|param| param.field_filter)
    }
}

/// Sending a call.
impl Call {
    /// Returns all requests that the call would send, in order.
    pub(crate) fn requests(&self) -> Result<Vec<Request>, Error> {
        let batches = dispatch::batches(&self.spotify, &self.endpoint, self.validated()?)?;
        let base = self.spotify.base();
        Ok(batches.iter().map(|batch| batch.request(&self.endpoint, base)).collect())
    }

    /// Returns the only request that the call would send.
    pub(crate) fn request(&self) -> Result<Request, Error> {
        let mut requests = self.requests()?;
        match (requests.pop(), requests.len()) {
            (Some(request), 0) => Ok(request),
            (request, more) => {
                let count = more + usize::from(request.is_some());
                let problem = format!(
                    "expected ids for one request, found ids for {count}; use `.requests()`"
                );
                Err(self.invalid(self.list_name(), "", &problem))
            }
        }
    }

    /// Sends the call and decodes the last response.
    pub(crate) fn send<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.decoded(self.last(self.execute()?)?, self.pointer.as_deref())
    }

    fn decoded<T: DeserializeOwned>(
        &self,
        response: RawResponse,
        pointer: Option<&str>,
    ) -> Result<T, Error> {
        let expected =
            if self.is_own_type { Expected::default() } else { self.endpoint.expected() };
        response.decode(&self.endpoint, pointer, expected)
    }

    /// Sends the call and ignores the responses.
    pub(crate) fn send_unit(&self) -> Result<(), Error> {
        self.execute().map(drop)
    }

    /// Sends the call and decodes the last response, if there is one and its body is not empty.
    pub(crate) fn send_optional<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        match self.execute()?.pop() {
            Some(Exchange { response, .. }) if !is_nothing(response.body()) => {
                self.decoded(response, self.pointer.as_deref()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Sends the call and returns one value for each id, in order.
    pub(crate) fn send_joined<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let mut joined = Vec::new();
        for Exchange { batch, response } in self.execute()? {
            if batch.is_single {
                let pointer = batch.endpoint.pointer.as_deref();
                joined.push(self.decoded(response, pointer)?);
            } else {
                let (pointer, count) = (self.pointer.as_deref(), batch.ids.len());
                joined.extend(response.decode_list::<T>(&self.endpoint, pointer, count)?);
            }
        }
        Ok(joined)
    }

    /// The value for the one id of the call.
    pub(crate) fn send_element<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // As many values as ids, or an error.
        self.send_joined()?
            .pop()
            .ok_or_else(|| self.invalid(self.list_name(), "", "expected one id, found none"))
    }

    /// Sends the call and decodes each response that has a body.
    pub(crate) fn send_each<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let mut exchanges = self.execute()?;
        exchanges.retain(|exchange| !exchange.response.body().trim_ascii().is_empty());
        let decode = |Exchange { batch, response }| {
            let pointer = if batch.is_single { &batch.endpoint.pointer } else { &self.pointer };
            self.decoded(response, pointer.as_deref())
        };
        exchanges.into_iter().map(decode).collect()
    }

    /// The value in a response that the call got from its own endpoint, or the error that such a response is.
    pub(crate) fn decode<T: DeserializeOwned>(&self, response: &RawResponse) -> Result<T, Error> {
        let response = Response::new(response.clone(), &self.endpoint);
        let response = response.into_result(&self.endpoint, &self.endpoint)?;
        self.decoded(response, self.pointer.as_deref())
    }

    pub(crate) fn send_as<T: DeserializeOwned>(self) -> Result<T, Error> {
        Call { pointer: None, ..self.of_own_type() }.send()
    }

    pub(crate) fn send_as_all<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let expected = Expected::default();
        let decode = |exchange: Exchange| exchange.response.decode(&self.endpoint, None, expected);
        self.execute()?.into_iter().map(decode).collect()
    }

    pub(crate) fn send_raw(&self) -> Result<RawResponse, Error> {
        self.last(self.execute_raw()?).map(RawResponse::shrunk)
    }

    pub(crate) fn send_raw_all(&self) -> Result<Vec<RawResponse>, Error> {
        let exchanges = self.execute_raw()?.into_iter();
        Ok(exchanges.map(|exchange| exchange.response.shrunk()).collect())
    }

    /// Sends the requests of the call in order, and stops at the first that fails.
    fn execute(&self) -> Result<Vec<Exchange>, Error> {
        let values = self.validated()?;
        Dispatch::new(&self.spotify, &self.endpoint, false).execute(values)
    }

    /// Sends the requests of the call in order, and stops at the first that gets no response.
    fn execute_raw(&self) -> Result<Vec<Exchange>, Error> {
        let values = self.validated()?;
        Dispatch::new(&self.spotify, &self.endpoint, true).execute(values)
    }

    fn last(&self, mut exchanges: Vec<Exchange>) -> Result<RawResponse, Error> {
        match exchanges.pop() {
            Some(exchange) => Ok(exchange.response),
            None => {
                let problem = "expected at least one value, found an empty list";
                Err(self.invalid(self.list_name(), "", problem))
            }
        }
    }

    /// The name of the list that the call splits.
    fn list_name(&self) -> Cow<'static, str> {
        let list = self.endpoint.batch.and_then(|rule| self.endpoint.params.get(rule.param));
        list.map_or(&self.endpoint.name, |param| &param.name).clone()
    }

    /// The error of an argument that breaks a rule.
    fn invalid(&self, param: Cow<'static, str>, value: &str, message: &str) -> Error {
        Error::InvalidArgument(Box::new(InvalidArgument {
            call: Some(self.endpoint.name.clone()),
            param: Some(param),
            value: value.into(),
            message: message.into(),
        }))
    }
}
