//! How the requests of a call are sent: in order or at once, as documented or in the form for an app in
//! development mode; and what is said when that stops halfway.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::de::DeserializeOwned;

use super::fallback::{self, QuotaMode};
use super::{Call, parallel};
use crate::client::Spotify;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{Availability, Fallback, Method, OwnerCheck};
use crate::error::{EndpointUnavailable, Error, PartialWrite};
use crate::request::Request;
use crate::request::argument::Value;
use crate::request::batch::{self, Batch};
use crate::transport::Deadline;
use crate::transport::response::RawResponse;

/// One request of a call, and the answer to it.
#[derive(Debug)]
pub(crate) struct Exchange {
    part: Batch,
    pub(crate) response: RawResponse,
    /// Whether it is about one element of a list that the call was about.
    is_one: bool,
}

impl Exchange {
    /// The value for each element that was asked about, in order.
    pub(crate) fn joined_into<T: DeserializeOwned>(
        self,
        row: &EndpointRef,
        all: &mut Vec<T>,
    ) -> Result<(), Error> {
        match self.is_one {
            true => all.push(self.response.decode(row, self.part.row.pointer.as_deref())?),
            false => {
                let count = self.part.elements.len();
                all.extend(self.response.decode_list::<T>(row, row.pointer.as_deref(), count)?);
            }
        }
        Ok(())
    }
}

/// What a call sends, as far as that is known before.
pub(crate) enum Strategy<'c> {
    /// What is documented; and the form, if that may be taken when Spotify says that this is closed.
    Documented(Vec<Batch>, Option<&'c Fallback>),
    /// The form.
    Form(Vec<Batch>, &'c Fallback),
}

impl<'c> Strategy<'c> {
    /// How a call with these values is sent by its client.
    pub(crate) fn of(call: &'c Call, values: Vec<(usize, Value)>) -> Result<Self, Error> {
        let (spotify, row) = (call.spotify(), call.row());
        let mode = spotify.quota_mode();
        let Some(form) = &row.fallback else {
            opened(row, mode)?;
            return Ok(Strategy::Documented(batch::split(row, values, spotify.base()), None));
        };
        let is_known = match mode {
            QuotaMode::Auto => spotify.learned().knows(form),
            QuotaMode::Extended => false,
            QuotaMode::Development => true,
        };
        if is_known {
            match fallback_batches(row, form, &values, spotify) {
                Ok(parts) => return Ok(Strategy::Form(parts, form)),
                // Spotify has been seen to answer, so that it is worth asking.
                Err(_) if form.original_still_works && mode == QuotaMode::Auto => {}
                Err(unsaid) => return Err(closed(row, Some(unsaid), None)),
            }
        }
        let parts = batch::split(row, values, spotify.base());
        Ok(Strategy::Documented(parts, (mode == QuotaMode::Auto).then_some(form)))
    }

    pub(crate) fn into_parts(self) -> Vec<Batch> {
        match self {
            Strategy::Documented(parts, _) | Strategy::Form(parts, _) => parts,
        }
    }
}

/// An error if a client for apps in development mode cannot make the call at all.
pub(crate) fn opened(row: &EndpointRef, mode: QuotaMode) -> Result<(), Error> {
    match (row.availability, mode) {
        (Availability::All, _) | (_, QuotaMode::Auto | QuotaMode::Extended) => Ok(()),
        (_, QuotaMode::Development) => Err(closed(row, None, None)),
    }
}

fn closed(
    row: &EndpointRef,
    unsaid: Option<Cow<'static, str>>,
    refusal: Option<RawResponse>,
) -> Error {
    let refusal = refusal.map(|response| response.refusal(row, row));
    Error::EndpointUnavailable(Box::new(EndpointUnavailable::new(row, unsaid, refusal)))
}

/// The requests of a row's form, or the name of what that cannot say.
fn fallback_batches(
    row: &EndpointRef,
    form: &Fallback,
    values: &[(usize, Value)],
    spotify: &Spotify,
) -> Result<Vec<Batch>, Cow<'static, str>> {
    let translated = fallback::translated(row, form, values)?;
    let own = row.batch.map_or(&[] as &[Value], |chunk| batch::list(values, chunk.param));
    Ok(batch::split_form(form, translated, own, spotify.base()))
}

/// Sends the requests of a call until one is no success.
pub(crate) fn answers(call: &Call) -> Result<Vec<Exchange>, Error> {
    Dispatch::of(call, false).send(call)
}

/// Sends the requests of a call until one gets no answer.
pub(crate) fn raw_answers(call: &Call) -> Result<Vec<Exchange>, Error> {
    Dispatch::of(call, true).send(call)
}

/// Sends what is left of a call that stopped halfway.
pub(crate) fn resume(spotify: &Spotify, row: &EndpointRef, rest: Vec<Batch>) -> Result<(), Error> {
    let deadline = spotify.deadline();
    let is_documented = rest.iter().all(|part| part.row.fallback.is_some());
    let form = row.fallback.as_ref();
    let form = form.filter(|_| is_documented && spotify.quota_mode() == QuotaMode::Auto);
    let sending = Dispatch { spotify, row, deadline, is_raw: false };
    sending.documented(rest, form, None).map(drop)
}

struct Dispatch<'c> {
    spotify: &'c Spotify,
    row: &'c EndpointRef,
    deadline: Deadline,
    /// Whether an answer that is no success is an answer too.
    is_raw: bool,
}

impl<'c> Dispatch<'c> {
    fn of(call: &'c Call, is_raw: bool) -> Self {
        let spotify = call.spotify();
        Dispatch { spotify, row: call.row(), deadline: spotify.deadline(), is_raw }
    }

    fn send(&self, call: &Call) -> Result<Vec<Exchange>, Error> {
        let values = call.checked()?;
        // Of a call that can be routed, what the form is made from.
        let kept = match self.row.fallback {
            Some(_) => values.clone(),
            None => Vec::new(),
        };
        match Strategy::of(call, values)? {
            Strategy::Form(parts, form) => {
                self.check_own(form, &kept, None)?;
                self.form(form, Vec::new(), parts)
            }
            Strategy::Documented(parts, form) => self.documented(parts, form, Some(&kept)),
        }
    }

    /// Sends requests in order, and turns to the form where one of them is closed to this app: for the whole
    /// call, if these are its values and nothing was answered yet.
    fn documented(
        &self,
        parts: Vec<Batch>,
        form: Option<&Fallback>,
        values: Option<&[(usize, Value)]>,
    ) -> Result<Vec<Exchange>, Error> {
        let mut answered: Vec<Exchange> = Vec::new();
        let (mut parts, mut ahead) = (parts.into_iter(), VecDeque::new());
        while let Some(part) = parts.next() {
            let response = match ahead.pop_front().unwrap_or_else(|| self.response(&part)) {
                Ok(response) => response,
                Err(error) => return Err(self.stopped(&answered, &part, parts.as_slice(), error)),
            };
            if let Some(form) = form
                && response.is_closed(&part.row)
            {
                // A refusal has no effect, so that all of this part can be said again.
                let rest = std::iter::once(part.clone()).chain(parts.clone());
                let fallback_batches = match values.filter(|_| answered.is_empty()) {
                    Some(values) => fallback_batches(self.row, form, values, self.spotify),
                    None => self.fallback_batches_of_rest(rest),
                };
                return match fallback_batches {
                    Ok(fallback_batches) => {
                        self.check_own(form, values.unwrap_or_default(), Some(response))?;
                        self.form(form, answered, fallback_batches)
                    }
                    Err(_) if self.is_raw => {
                        answered.push(Exchange { part, response, is_one: false });
                        Ok(answered)
                    }
                    Err(unsaid) => {
                        let error = closed(self.row, Some(unsaid), Some(response));
                        Err(self.stopped(&answered, &part, parts.as_slice(), error))
                    }
                };
            }
            match self.accepted(response, &part) {
                Ok(response) => answered.push(Exchange { part, response, is_one: false }),
                Err(error) => return Err(self.stopped(&answered, &part, parts.as_slice(), error)),
            }
            if answered.len() == 1 {
                ahead = self.prefetch(parts.as_slice());
            }
        }
        Ok(answered)
    }

    /// The responses to what is left of a call that only reads, several at once; of one that writes none, for
    /// it stops where something is refused.
    fn prefetch(&self, parts: &[Batch]) -> VecDeque<Result<RawResponse, Error>> {
        if self.row.method != Method::Get {
            return VecDeque::new();
        }
        let is_end = |response: &Result<RawResponse, Error>| match response {
            Ok(response) => !self.is_raw && !(200..300).contains(&response.status),
            Err(_) => true,
        };
        let connections = self.spotify.connections();
        parallel::map_ordered(parts, connections, |part| self.response(part), is_end).into()
    }

    /// The forms of requests that are left when others have been answered already.
    fn fallback_batches_of_rest(
        &self,
        parts: impl Iterator<Item = Batch>,
    ) -> Result<Vec<Batch>, Cow<'static, str>> {
        let mut formed_parts = Vec::new();
        for part in parts {
            let Some(form) = &part.row.fallback else { return Err(part.row.name.clone()) };
            formed_parts.extend(fallback_batches(&part.row, form, &part.values, self.spotify)?);
        }
        Ok(formed_parts)
    }

    /// Sends the requests of a form, after those that were answered in the documented way.
    fn form(
        &self,
        form: &Fallback,
        mut answered: Vec<Exchange>,
        parts: Vec<Batch>,
    ) -> Result<Vec<Exchange>, Error> {
        let learn = |response: &RawResponse| {
            if (200..300).contains(&response.status) {
                self.spotify.learned().answered(form, self.row);
            }
        };
        if form.fan_out.is_some() {
            let one = |part: &Batch| {
                let response = self.response(part)?;
                learn(&response);
                self.accepted_one(response, part)
            };
            let connections = self.spotify.connections();
            let responses = parallel::map_ordered(&parts, connections, one, Result::is_err);
            for (part, response) in parts.into_iter().zip(responses) {
                answered.push(Exchange { part, response: response?, is_one: true });
            }
            return Ok(answered);
        }
        let (mut parts, mut ahead) = (parts.into_iter(), VecDeque::new());
        while let Some(part) = parts.next() {
            let response = ahead.pop_front().unwrap_or_else(|| self.response(&part)).inspect(learn);
            match response.and_then(|response| self.accepted(response, &part)) {
                Ok(response) => answered.push(Exchange { part, response, is_one: false }),
                Err(error) => return Err(self.stopped(&answered, &part, parts.as_slice(), error)),
            }
            if ahead.is_empty() {
                ahead = self.prefetch(parts.as_slice());
            }
        }
        Ok(answered)
    }

    fn response(&self, part: &Batch) -> Result<RawResponse, Error> {
        let spotify = self.spotify;
        spotify.send(&part.request(self.row, spotify.base()), self.deadline)
    }

    fn accepted(&self, response: RawResponse, part: &Batch) -> Result<RawResponse, Error> {
        match self.is_raw {
            true => Ok(response),
            false => self.spotify.accepted(response, self.row, &part.row),
        }
    }

    /// What is not there is no failure where others are asked about too: it is `null`, as in the answer
    /// about all of them.
    fn accepted_one(&self, mut response: RawResponse, part: &Batch) -> Result<RawResponse, Error> {
        if response.status == 404 && !self.is_raw {
            response.body = b"null".to_vec();
            return Ok(response);
        }
        self.accepted(response, part)
    }

    /// Whether a form that is for the user's own alone can be taken.
    fn check_own(
        &self,
        form: &Fallback,
        values: &[(usize, Value)],
        refusal: Option<RawResponse>,
    ) -> Result<(), Error> {
        let Some(own) = form.owner_only else { return Ok(()) };
        let Some((_, id)) = values.iter().find(|(index, _)| *index == own.param) else {
            // Nobody was named, so the user is meant.
            return Ok(());
        };
        if *self.user(own)? == *id.to_string() {
            return Ok(());
        }
        let param = self.row.params.get(own.param).map(|param| param.name.clone());
        Err(closed(self.row, param, refusal))
    }

    /// The id of the user of the token; asked for once.
    fn user(&self, own: OwnerCheck) -> Result<Box<str>, Error> {
        #[derive(serde::Deserialize)]
        struct User {
            id: Box<str>,
        }
        let spotify = self.spotify;
        if let Some(user) = spotify.learned().user.get() {
            return Ok(user.clone());
        }
        let request = Request::new(&own.endpoint.into(), self.row, spotify.base(), &[]);
        let response = spotify.send(&request, self.deadline)?;
        let response = spotify.accepted(response, self.row, own.endpoint)?;
        let user: User = response.decode(self.row, None)?;
        Ok(spotify.learned().user.get_or_init(|| user.id).clone())
    }

    /// What a write says that stopped at `failed`. If that was surely the first thing to happen, nothing
    /// is half done, and the error stands for itself; so it does for what only reads.
    fn stopped(
        &self,
        answered: &[Exchange],
        failed: &Batch,
        unsent: &[Batch],
        error: Error,
    ) -> Error {
        let is_unsure =
            matches!(&error, Error::Transport(transport) if transport.may_have_taken_effect);
        let is_first = answered.is_empty() && (!is_unsure || unsent.is_empty());
        if is_first || self.row.method == Method::Get {
            return error;
        }
        let completed = answered.iter().flat_map(|answered| answered.part.names()).collect();
        let (uncertain, mut remaining) = match is_unsure {
            true => (failed.names(), Vec::new()),
            false => (Vec::new(), failed.names()),
        };
        remaining.extend(unsent.iter().flat_map(Batch::names));
        // What may have happened is left to the caller, unless it does no harm to do it again.
        let again = (!is_unsure || failed.row.idempotent).then_some(failed);
        let rest = again.into_iter().chain(unsent).cloned().collect();
        let (endpoint, row) = (self.row.name.clone(), self.row.clone());
        Error::PartialWrite(Box::new(PartialWrite {
            endpoint,
            completed,
            uncertain,
            remaining,
            error,
            row,
            rest,
        }))
    }
}
