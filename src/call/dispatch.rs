//! Sends the requests of a call, in order or concurrently, to the endpoint or to its fallback endpoint.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::fallback::map_params;
use super::parallel::map_ordered;
use crate::client::{QuotaMode, Spotify};
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Availability, Fallback, Method, OwnerCheck};
use crate::error::{EndpointUnavailable, Error, Meaning, PartialWrite};
use crate::json::value::Value;
use crate::model::User;
use crate::request::Request;
use crate::request::batch::{self, Batch, Values};
use crate::transport::event::Position;
use crate::transport::{Deadline, RawResponse, Response};

/// One request of a call, and its response.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) batch: Batch,
    pub(super) response: RawResponse,
}

/// The endpoint to which the requests of a call are sent, as far as it is known before the first response.
enum Strategy<'e> {
    /// The endpoint itself, and the fallback endpoint if Spotify responds that the endpoint is not available.
    Original(Vec<Batch>, Option<&'e Fallback>),
    Fallback(Vec<Batch>, &'e Fallback),
}

/// The sending of one call, with its deadline.
pub(super) struct Dispatch<'c> {
    spotify: &'c Spotify,
    call: &'c EndpointRef,
    deadline: Deadline,
    /// `true` if an error response is a result too, as for `send_raw`.
    keeps_failures: bool,
    /// The number of elements that were completed before, if it continues a partial write.
    resumed_after: Option<usize>,
}

/// The requests of a call, as far as they are known before the first response.
pub(super) fn batches(
    spotify: &Spotify,
    call: &EndpointRef,
    values: Values,
) -> Result<Vec<Batch>, Error> {
    match strategy(spotify, call, values)? {
        Strategy::Original(batches, _) | Strategy::Fallback(batches, _) => Ok(batches),
    }
}

fn strategy<'e>(
    spotify: &Spotify,
    call: &'e EndpointRef,
    values: Values,
) -> Result<Strategy<'e>, Error> {
    let mode = spotify.quota_mode();
    let Some(fallback) = &call.fallback else {
        if mode == QuotaMode::Development && call.availability != Availability::All {
            return Err(unavailable(call, None, None));
        }
        return Ok(Strategy::Original(batch::split(call, values, spotify.base()), None));
    };
    let is_restricted = match mode {
        QuotaMode::Auto => spotify.app_mode().is_restricted(fallback),
        QuotaMode::Extended => false,
        QuotaMode::Development => true,
    };
    if is_restricted {
        match fallback_batches(spotify, call, fallback, &values) {
            Ok(batches) => return Ok(Strategy::Fallback(batches, fallback)),
            // Spotify was observed to accept the original request too.
            Err(_) if fallback.original_still_works && mode == QuotaMode::Auto => {}
            Err(option) => return Err(unavailable(call, Some(option), None)),
        }
    }
    let batches = batch::split(call, values, spotify.base());
    Ok(Strategy::Original(batches, (mode == QuotaMode::Auto).then_some(fallback)))
}

fn unavailable(
    call: &EndpointRef,
    unsupported_option: Option<Cow<'static, str>>,
    response: Option<Response>,
) -> Error {
    let error = response.and_then(|response| response.into_api_error(call));
    let unavailable = EndpointUnavailable::new(call, unsupported_option, error);
    Error::EndpointUnavailable(Box::new(unavailable))
}

/// The requests to a fallback endpoint, or the name of an option that it does not support.
fn fallback_batches(
    spotify: &Spotify,
    endpoint: &EndpointRef,
    fallback: &Fallback,
    values: &[(usize, Value)],
) -> Result<Vec<Batch>, Cow<'static, str>> {
    let mapped = map_params(endpoint, fallback, values)?;
    let ids = endpoint.batch.map_or(&[] as &[Value], |rule| batch::list(values, rule.param));
    Ok(batch::split_fallback(fallback, mapped, ids, spotify.base()))
}

impl<'c> Dispatch<'c> {
    pub(super) fn new(spotify: &'c Spotify, call: &'c EndpointRef, keeps_failures: bool) -> Self {
        let deadline = spotify.deadline();
        Dispatch { spotify, call, deadline, keeps_failures, resumed_after: None }
    }

    /// Sends all requests of a call, and stops at the first without a result.
    pub(super) fn execute(&self, values: Values) -> Result<Vec<Exchange>, Error> {
        // The requests of the fallback endpoint are made from these.
        let kept = if self.call.fallback.is_some() { values.clone() } else { Vec::new() };
        match strategy(self.spotify, self.call, values)? {
            Strategy::Original(batches, fallback) => {
                self.send_original(batches, fallback, Some(&kept))
            }
            Strategy::Fallback(batches, fallback) => {
                self.check_owner(fallback, &kept, None)?;
                self.send_fallback(fallback, Vec::new(), batches)
            }
        }
    }

    /// Sends the remaining requests of a partial write, of which this many elements were completed before.
    pub(super) fn resume(mut self, batches: Vec<Batch>, completed: usize) -> Result<(), Error> {
        self.resumed_after = Some(completed);
        let is_original = batches.iter().all(|batch| batch.endpoint.fallback.is_some());
        let fallback = self.call.fallback.as_ref();
        let is_auto = self.spotify.quota_mode() == QuotaMode::Auto;
        let fallback = fallback.filter(|_| is_original && is_auto);
        self.send_original(batches, fallback, None).map(drop)
    }

    /// Sends requests in order. If Spotify responds that the endpoint is not available, it sends the remaining ones to the
    /// fallback endpoint: the whole call, if `values` contains its values and no request has succeeded.
    fn send_original(
        &self,
        batches: Vec<Batch>,
        fallback: Option<&Fallback>,
        values: Option<&[(usize, Value)]>,
    ) -> Result<Vec<Exchange>, Error> {
        let mut exchanges: Vec<Exchange> = Vec::new();
        let (mut batches, mut ahead) = (batches.into_iter(), VecDeque::new());
        while let Some(batch) = batches.next() {
            let position =
                Position::after(exchanges.len(), exchanges.len() + 1 + batches.as_slice().len());
            let result = ahead.pop_front().unwrap_or_else(|| self.send(&batch, position));
            if let Ok(response) = &result
                && response.meaning() == Some(Meaning::Unavailable)
                && let Some(fallback) = fallback
            {
                // This request had no effect, so it is one of the remaining ones.
                let rest = std::iter::once(&batch).chain(batches.as_slice());
                let rest = match values.filter(|_| exchanges.is_empty()) {
                    Some(values) => fallback_batches(self.spotify, self.call, fallback, values),
                    None => self.fallback_batches_of_rest(rest),
                };
                match rest {
                    Ok(rest) => {
                        let owner =
                            self.check_owner(fallback, values.unwrap_or_default(), result.ok());
                        owner.map_err(|error| {
                            self.stopped(&exchanges, &batch, batches.as_slice(), error)
                        })?;
                        return self.send_fallback(fallback, exchanges, rest);
                    }
                    Err(_) if self.keeps_failures => {}
                    Err(option) => {
                        let error = unavailable(self.call, Some(option), result.ok());
                        return Err(self.stopped(&exchanges, &batch, batches.as_slice(), error));
                    }
                }
                exchanges.push(Exchange { batch, response: result?.raw });
                return Ok(exchanges);
            }
            match self.accept(result, &batch) {
                Ok(response) => exchanges.push(Exchange { batch, response }),
                Err(error) => {
                    return Err(self.stopped(&exchanges, &batch, batches.as_slice(), error));
                }
            }
            if exchanges.len() == 1 {
                ahead = self.send_ahead(batches.as_slice(), exchanges.len());
            }
        }
        Ok(exchanges)
    }

    /// Sends requests to a fallback endpoint, after those that the original endpoint has accepted.
    fn send_fallback(
        &self,
        fallback: &Fallback,
        mut exchanges: Vec<Exchange>,
        batches: Vec<Batch>,
    ) -> Result<Vec<Exchange>, Error> {
        let mut ahead = match batches.first() {
            Some(batch) if batch.is_single => self.send_ahead(&batches, exchanges.len()),
            _ => VecDeque::new(),
        };
        let mut batches = batches.into_iter();
        while let Some(batch) = batches.next() {
            let position =
                Position::after(exchanges.len(), exchanges.len() + 1 + batches.as_slice().len());
            let result = ahead.pop_front().unwrap_or_else(|| self.send(&batch, position));
            if result.as_ref().is_ok_and(Response::is_success) {
                self.spotify.app_mode().set_restricted(fallback, self.call);
            }
            match self.accept(result, &batch) {
                Ok(response) => exchanges.push(Exchange { batch, response }),
                Err(error) => {
                    return Err(self.stopped(&exchanges, &batch, batches.as_slice(), error));
                }
            }
            if ahead.is_empty() {
                ahead = self.send_ahead(batches.as_slice(), exchanges.len());
            }
        }
        Ok(exchanges)
    }

    /// Sends the remaining requests of a call that reads, after the first `done`, concurrently. A write sends its requests one after the other,
    /// because it stops at the first that fails.
    fn send_ahead(&self, batches: &[Batch], done: usize) -> VecDeque<Result<Response, Error>> {
        if self.call.method != Method::Get || batches.is_empty() {
            return VecDeque::new();
        }
        let base = self.spotify.base();
        let job = |(index, batch): (usize, &Batch)| {
            let position = Position::after(done + index, done + batches.len());
            (batch.request(self.call, base), position, batch.is_single)
        };
        let jobs: Vec<_> = batches.iter().enumerate().map(job).collect();
        let (spotify, deadline, keeps_failures) =
            (self.spotify.clone(), self.deadline, self.keeps_failures);
        let send = move |(request, position, is_single): (Request, Position, bool)| {
            (spotify.send(&request, position, deadline), is_single)
        };
        let is_last = move |(result, is_single): &(Result<Response, Error>, bool)| match result {
            Ok(response) => !keeps_failures && !is_accepted(response, *is_single),
            Err(_) => true,
        };
        let results = map_ordered(jobs, self.spotify.connections(), send, is_last);
        results.into_iter().map(|(result, _)| result).collect()
    }

    /// The batches for the fallback endpoints of the remaining batches.
    fn fallback_batches_of_rest<'b>(
        &self,
        rest: impl Iterator<Item = &'b Batch>,
    ) -> Result<Vec<Batch>, Cow<'static, str>> {
        let mut batches = Vec::new();
        for batch in rest {
            let endpoint = &batch.endpoint;
            let Some(fallback) = &endpoint.fallback else { return Err(endpoint.name.clone()) };
            batches.extend(fallback_batches(self.spotify, endpoint, fallback, &batch.values)?);
        }
        Ok(batches)
    }

    fn send(&self, batch: &Batch, position: Position) -> Result<Response, Error> {
        let request = batch.request(self.call, self.spotify.base());
        self.spotify.send(&request, position, self.deadline)
    }

    /// The response, if it is a result of the call.
    fn accept(&self, result: Result<Response, Error>, batch: &Batch) -> Result<RawResponse, Error> {
        let mut response = result?;
        if self.keeps_failures {
            return Ok(response.raw);
        }
        if !response.is_success() && is_accepted(&response, batch.is_single) {
            // An unknown id becomes `null`, as in a response with several ids.
            response.raw.body = b"null".to_vec();
            return Ok(response.raw);
        }
        response.into_result(self.call, &batch.endpoint)
    }

    /// Returns an error if the fallback endpoint works only for the user of the token, and the call is about another user.
    fn check_owner(
        &self,
        fallback: &Fallback,
        values: &[(usize, Value)],
        response: Option<Response>,
    ) -> Result<(), Error> {
        let Some(owner) = fallback.owner_only else { return Ok(()) };
        let Some((_, id)) = values.iter().find(|(index, _)| *index == owner.param) else {
            // Without an id the call is about the user of the token.
            return Ok(());
        };
        if self.user(owner)? == id.to_string() {
            return Ok(());
        }
        let param = self.call.params.get(owner.param).map(|param| param.name.clone());
        Err(unavailable(self.call, param, response))
    }

    /// The id of the user of the token; requested once for each client.
    fn user(&self, owner: OwnerCheck) -> Result<&str, Error> {
        if let Some(user) = self.spotify.app_mode().user() {
            return Ok(user);
        }
        let request = Request::new(&owner.endpoint.into(), self.call, self.spotify.base(), &[]);
        let response = self.spotify.send(&request, Position::ONLY, self.deadline)?;
        let response = response.into_result(self.call, owner.endpoint)?;
        let user: User = response.decode(self.call, None, self.call.expected())?;
        Ok(self.spotify.app_mode().set_user(user.id))
    }

    /// The error of a call that stopped at a batch. It is a partial write if a request has succeeded, or if the elements of
    /// the failed one are uncertain.
    fn stopped(
        &self,
        exchanges: &[Exchange],
        failed: &Batch,
        unsent: &[Batch],
        error: Error,
    ) -> Error {
        // The endpoint is that of the request: a call may continue with another one.
        let is_uncertain = error.may_have_taken_effect() && !failed.endpoint.idempotent;
        let has_uncertain = is_uncertain && !failed.ids.is_empty();
        if exchanges.is_empty() && !has_uncertain || self.call.method == Method::Get {
            return error;
        }
        let completed = exchanges.iter().flat_map(|exchange| exchange.batch.id_strings()).collect();
        let again = (!is_uncertain).then_some(failed);
        let batches: Vec<Batch> = again.into_iter().chain(unsent).cloned().collect();
        let undecided = is_uncertain.then(|| failed.clone());
        Error::PartialWrite(Box::new(PartialWrite {
            call: self.call.name.clone(),
            completed,
            uncertain: undecided.iter().flat_map(Batch::id_strings).collect(),
            remaining: batches.iter().flat_map(Batch::id_strings).collect(),
            error,
            endpoint: self.call.clone(),
            completed_before: self.resumed_after.unwrap_or(0),
            undecided,
            batches,
        }))
    }
}

/// Returns `true` if a response is a result: a success, or a 404 for one of several ids.
fn is_accepted(response: &Response, is_single: bool) -> bool {
    response.is_success() || is_single && response.meaning() == Some(Meaning::NotFound)
}
