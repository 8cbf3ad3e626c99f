//! A call on its way from arguments to an answer: what every generated request type holds.

pub(crate) mod dispatch;
pub(crate) mod fallback;
pub(crate) mod parallel;
mod validate;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use serde::de::DeserializeOwned;

use crate::client::Spotify;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Endpoint, ParamInfo};
use crate::error::{Error, InvalidArgument};
use crate::request::Request;
use crate::request::argument::{Arg, BadValue, Opt, Param, Value};
use crate::transport::response::RawResponse;
use crate::types::enums::ResponseSelector;
use dispatch::{Exchange, Strategy};

/// Values by the index of their parameter; bad ones are held until the call is sent.
pub(crate) type Values = Vec<(usize, Result<Value, BadValue>)>;

/// A row, the client to send it with, and the values of its parameters.
#[derive(Clone)]
pub(crate) struct Call {
    spotify: Spotify,
    row: EndpointRef,
    values: Values,
    /// The member in which the answer stands.
    within: Option<Cow<'static, str>>,
}

impl Debug for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct(&self.row.name);
        for (index, value) in &self.values {
            let name = self.row.params.get(*index).map_or("?", |param| &param.name);
            match value {
                Ok(value) => call.field(name, &format_args!("{value}")),
                Err(bad) => call.field(name, &format_args!("{:?}: {}", bad.value, bad.problem)),
            };
        }
        call.finish()
    }
}

impl Call {
    pub(crate) fn new(spotify: &Spotify, endpoint: &'static Endpoint) -> Self {
        Call::of(spotify, endpoint.into(), Vec::new())
    }

    /// A call with values by the index of their parameter.
    pub(crate) fn of(spotify: &Spotify, row: EndpointRef, values: Values) -> Self {
        let within = row.pointer.clone();
        Call { spotify: spotify.clone(), row, values, within }
    }

    pub(crate) fn value<T: Param>(self, index: usize, arg: Arg<T>) -> Self {
        self.set(index, arg.into_value())
    }

    pub(crate) fn option<T: Param>(mut self, index: usize, arg: Opt<T>) -> Self {
        match arg.into_value() {
            Some(value) => self.set(index, value),
            None => {
                self.values.retain(|(at, _)| *at != index);
                self
            }
        }
    }

    pub(crate) fn list<T: Param>(self, index: usize, args: impl Iterator<Item = Arg<T>>) -> Self {
        let mut values = Vec::with_capacity(args.size_hint().0);
        let bad = args.map(|arg| arg.add_to(&mut values)).find_map(Result::err);
        self.set(index, bad.map_or(Ok(Value::List(values)), Err))
    }

    pub(crate) fn choice<K: ResponseSelector>(mut self, index: usize) -> Self {
        self.within = K::POINTER.map(Cow::Borrowed).or(self.within);
        self.set(index, Ok(Value::text(K::VALUE)))
    }

    /// Sets the parameter with a key, if the row has it or is one's own: how a walk over pages goes on.
    pub(crate) fn set_key(&mut self, key: &'static str, value: Value) -> bool {
        let Some(index) = self.row.index_of(key) else { return false };
        self.values.retain(|(at, _)| *at != index);
        self.values.push((index, Ok(value)));
        true
    }

    /// Lowers the page size, where the row limits its sum with the place that a walk goes on from.
    /// False if there is no room for a page at all: the walk is at its end, whatever Spotify says.
    pub(crate) fn make_room(&mut self, key: &str, place: i64) -> bool {
        let params = &self.row.params;
        let Some(total) = self.row.sum_limit else { return true };
        let is_counted = |key: &str| {
            total
                .params
                .iter()
                .any(|index| params.get(*index).is_some_and(|param| param.key == key))
        };
        if !is_counted(key) || !is_counted("limit") {
            return true;
        }
        let room = total.max.saturating_sub(place);
        if let Some((_, Some(Value::Integer(limit)))) = self.by_key("limit")
            && *limit > room
        {
            self.set_key("limit", Value::Integer(room));
        }
        room > 0
    }

    /// The parameter with a key, and its value if it has a good one.
    pub(crate) fn by_key(&self, key: &str) -> Option<(&ParamInfo, Option<&Value>)> {
        let index = self.row.params.iter().position(|param| param.key == key)?;
        let value = self
            .values
            .iter()
            .find(|(at, _)| *at == index)
            .and_then(|(_, value)| value.as_ref().ok());
        Some((self.row.params.get(index)?, value))
    }

    /// The greatest number that an app in development mode may send under a key, if that is less than
    /// others may: in the request as documented, or in the one that stands in for it.
    pub(crate) fn development_max(&self, key: &str) -> Option<i64> {
        let form = self.row.fallback.map(|form| form.endpoint.params.iter());
        let params = self.row.params.iter().chain(form.unwrap_or_default());
        params.filter(|param| param.key == key).find_map(|param| param.development_max)
    }

    /// Whether the caller chose which members are sent.
    pub(crate) fn is_selective(&self) -> bool {
        self.values
            .iter()
            .any(|(index, _)| self.row.params.get(*index).is_some_and(|param| param.field_filter))
    }

    fn set(mut self, index: usize, value: Result<Value, BadValue>) -> Self {
        self.values.retain(|(at, _)| *at != index);
        self.values.push((index, value));
        self
    }

    pub(crate) fn row(&self) -> &EndpointRef {
        &self.row
    }

    pub(crate) fn spotify(&self) -> &Spotify {
        &self.spotify
    }

    /// All requests that the call makes, in order; or what is wrong with its arguments.
    pub(crate) fn requests(&self) -> Result<Vec<Request>, Error> {
        if self.is_plain() {
            return Ok(vec![self.plain_request()?]);
        }
        let parts = Strategy::of(self, self.checked()?)?.into_parts();
        let base = self.spotify.base();
        Ok(parts.iter().map(|part| part.request(&self.row, base)).collect())
    }

    /// The one request that the call makes.
    pub(crate) fn request(&self) -> Result<Request, Error> {
        if self.is_plain() {
            return self.plain_request();
        }
        let mut requests = self.requests()?;
        match (requests.pop(), requests.len()) {
            (Some(request), 0) => Ok(request),
            (request, more) => {
                let count = more + usize::from(request.is_some());
                let problem = format!(
                    "these ids make {count} requests, not one: use `.requests()` to see them"
                );
                Err(self.invalid(self.list_name(), "", &problem))
            }
        }
    }

    /// Whether the call is one request, and the same for every app.
    fn is_plain(&self) -> bool {
        self.row.batch.is_none() && self.row.fallback.is_none()
    }

    fn plain_request(&self) -> Result<Request, Error> {
        dispatch::opened(&self.row, self.spotify.quota_mode())?;
        let values = self.checked()?;
        let values: Vec<(usize, &Value)> =
            values.iter().map(|(index, value)| (*index, value)).collect();
        Ok(Request::new(&self.row, &self.row, self.spotify.base(), &values))
    }

    /// The name of the list by which the call is split.
    fn list_name(&self) -> Cow<'static, str> {
        let list = self.row.batch.and_then(|chunk| self.row.params.get(chunk.param));
        list.map_or(&self.row.name, |param| &param.name).clone()
    }

    /// An argument that breaks a rule.
    fn invalid(&self, param: Cow<'static, str>, value: &str, problem: &str) -> Error {
        Error::InvalidArgument(Box::new(InvalidArgument {
            endpoint: self.row.name.clone(),
            param,
            value: value.into(),
            problem: problem.into(),
        }))
    }

    /// One request, and its answer if that is a success.
    fn answer(&self) -> Result<RawResponse, Error> {
        if self.is_plain() {
            return self.spotify.accepted(self.plain_response()?, &self.row, &self.row);
        }
        self.only(dispatch::answers(self)?)
    }

    fn plain_response(&self) -> Result<RawResponse, Error> {
        self.spotify.send(&self.plain_request()?, self.spotify.deadline())
    }

    /// The answer to a call that is one request in every form.
    fn only(&self, mut answers: Vec<Exchange>) -> Result<RawResponse, Error> {
        match answers.pop() {
            Some(answer) => Ok(answer.response),
            None => Err(self.invalid(
                self.list_name(),
                "",
                "expected something to ask for, found nothing",
            )),
        }
    }

    pub(crate) fn send<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.answer()?.decode(&self.row, self.within.as_deref())
    }

    pub(crate) fn send_unit(&self) -> Result<(), Error> {
        self.answer().map(drop)
    }

    pub(crate) fn send_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.answer()?.decode_as(&self.row)
    }

    pub(crate) fn send_raw(&self) -> Result<RawResponse, Error> {
        if self.is_plain() {
            return self.plain_response().map(RawResponse::shrunk);
        }
        self.only(dispatch::raw_answers(self)?).map(RawResponse::shrunk)
    }

    pub(crate) fn send_joined<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let mut joined = Vec::new();
        for answer in dispatch::answers(self)? {
            answer.joined_into(&self.row, &mut joined)?;
        }
        Ok(joined)
    }

    pub(crate) fn send_all(&self) -> Result<(), Error> {
        dispatch::answers(self).map(drop)
    }

    /// The last answer, of which there is always one.
    pub(crate) fn send_last<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.only(dispatch::answers(self)?)?.decode(&self.row, self.within.as_deref())
    }

    /// The last answer, if anything was sent.
    pub(crate) fn send_last_of_any<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        let last = dispatch::answers(self)?.pop();
        last.map(|answer| answer.response.decode(&self.row, self.within.as_deref())).transpose()
    }

    /// The answer, if Spotify sends one.
    pub(crate) fn send_maybe<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        let answer = self.answer()?;
        match answer.body().trim_ascii().is_empty() {
            true => Ok(None),
            false => answer.decode(&self.row, self.within.as_deref()),
        }
    }

    pub(crate) fn send_each<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let answers = dispatch::answers(self)?.into_iter();
        answers.map(|answer| answer.response.decode(&self.row, self.within.as_deref())).collect()
    }

    pub(crate) fn send_as_all<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        dispatch::answers(self)?
            .into_iter()
            .map(|answer| answer.response.decode_as(&self.row))
            .collect()
    }

    pub(crate) fn send_raw_all(&self) -> Result<Vec<RawResponse>, Error> {
        Ok(dispatch::raw_answers(self)?
            .into_iter()
            .map(|answer| answer.response.shrunk())
            .collect())
    }
}
