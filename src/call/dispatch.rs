//! How the requests of a call are sent: in order or at once, as documented or in the form for an app in
//! development mode; and what is said when that stops halfway.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::de::DeserializeOwned;

use super::fallback::{self, QuotaMode};
use super::{Call, parallel};
use crate::client::Spotify;
use crate::endpoint::handle::Row;
use crate::endpoint::{DevelopmentForm, Method, OpenTo, Own};
use crate::error::{Closed, Error, Partial};
use crate::request::Request;
use crate::request::argument::Value;
use crate::request::batch::{self, Part};
use crate::transport::Deadline;
use crate::transport::response::RawResponse;

/// One request of a call, and the answer to it.
#[derive(Debug)]
pub(crate) struct Answered {
    part: Part,
    pub(crate) response: RawResponse,
    /// Whether it is about one element of a list that the call was about.
    is_one: bool,
}

impl Answered {
    /// The value for each element that was asked about, in order.
    pub(crate) fn joined_into<T: DeserializeOwned>(
        self,
        row: &Row,
        all: &mut Vec<T>,
    ) -> Result<(), Error> {
        match self.is_one {
            true => all.push(self.response.decode(row, self.part.row.within.as_deref())?),
            false => {
                let count = self.part.elements.len();
                all.extend(self.response.decode_list::<T>(row, row.within.as_deref(), count)?);
            }
        }
        Ok(())
    }
}

/// What a call sends, as far as that is known before.
pub(crate) enum Way<'c> {
    /// What is documented; and the form, if that may be taken when Spotify says that this is closed.
    Documented(Vec<Part>, Option<&'c DevelopmentForm>),
    /// The form.
    Form(Vec<Part>, &'c DevelopmentForm),
}

impl<'c> Way<'c> {
    /// How a call with these values is sent by its client.
    pub(crate) fn of(call: &'c Call, values: Vec<(usize, Value)>) -> Result<Self, Error> {
        let (spotify, row) = (call.spotify(), call.row());
        let mode = spotify.quota_mode();
        let Some(form) = &row.development else {
            opened(row, mode)?;
            return Ok(Way::Documented(batch::split(row, values, spotify.base()), None));
        };
        let is_known = match mode {
            QuotaMode::Auto => spotify.learned().knows(form),
            QuotaMode::Extended => false,
            QuotaMode::Development => true,
        };
        if is_known {
            match formed(row, form, &values, spotify) {
                Ok(parts) => return Ok(Way::Form(parts, form)),
                // Spotify has been seen to answer, so that it is worth asking.
                Err(_) if form.still_answers && mode == QuotaMode::Auto => {}
                Err(unsaid) => return Err(closed(row, Some(unsaid), None)),
            }
        }
        let parts = batch::split(row, values, spotify.base());
        Ok(Way::Documented(parts, (mode == QuotaMode::Auto).then_some(form)))
    }

    pub(crate) fn into_parts(self) -> Vec<Part> {
        match self {
            Way::Documented(parts, _) | Way::Form(parts, _) => parts,
        }
    }
}

/// An error if a client for apps in development mode cannot make the call at all.
pub(crate) fn opened(row: &Row, mode: QuotaMode) -> Result<(), Error> {
    match (row.open_to, mode) {
        (OpenTo::All, _) | (_, QuotaMode::Auto | QuotaMode::Extended) => Ok(()),
        (_, QuotaMode::Development) => Err(closed(row, None, None)),
    }
}

fn closed(row: &Row, unsaid: Option<Cow<'static, str>>, refusal: Option<RawResponse>) -> Error {
    let refusal = refusal.map(|response| response.refusal(row, row));
    Error::Closed(Box::new(Closed::new(row, unsaid, refusal)))
}

/// The requests of a row's form, or the name of what that cannot say.
fn formed(
    row: &Row,
    form: &DevelopmentForm,
    values: &[(usize, Value)],
    spotify: &Spotify,
) -> Result<Vec<Part>, Cow<'static, str>> {
    let translated = fallback::translated(row, form, values)?;
    let own = row.chunk.map_or(&[] as &[Value], |chunk| batch::list(values, chunk.param));
    Ok(batch::split_form(form, translated, own, spotify.base()))
}

/// Sends the requests of a call until one is no success.
pub(crate) fn answers(call: &Call) -> Result<Vec<Answered>, Error> {
    Sending::of(call, false).send(call)
}

/// Sends the requests of a call until one gets no answer.
pub(crate) fn raw_answers(call: &Call) -> Result<Vec<Answered>, Error> {
    Sending::of(call, true).send(call)
}

/// Sends what is left of a call that stopped halfway.
pub(crate) fn resume(spotify: &Spotify, row: &Row, rest: Vec<Part>) -> Result<(), Error> {
    let deadline = spotify.deadline();
    let is_documented = rest.iter().all(|part| part.row.development.is_some());
    let form = row.development.as_ref();
    let form = form.filter(|_| is_documented && spotify.quota_mode() == QuotaMode::Auto);
    let sending = Sending { spotify, row, deadline, is_raw: false };
    sending.documented(rest, form, None).map(drop)
}

struct Sending<'c> {
    spotify: &'c Spotify,
    row: &'c Row,
    deadline: Deadline,
    /// Whether an answer that is no success is an answer too.
    is_raw: bool,
}

impl<'c> Sending<'c> {
    fn of(call: &'c Call, is_raw: bool) -> Self {
        let spotify = call.spotify();
        Sending { spotify, row: call.row(), deadline: spotify.deadline(), is_raw }
    }

    fn send(&self, call: &Call) -> Result<Vec<Answered>, Error> {
        let values = call.checked()?;
        // Of a call that can be routed, what the form is made from.
        let kept = match self.row.development {
            Some(_) => values.clone(),
            None => Vec::new(),
        };
        match Way::of(call, values)? {
            Way::Form(parts, form) => {
                self.check_own(form, &kept, None)?;
                self.form(form, Vec::new(), parts)
            }
            Way::Documented(parts, form) => self.documented(parts, form, Some(&kept)),
        }
    }

    /// Sends requests in order, and turns to the form where one of them is closed to this app: for the whole
    /// call, if these are its values and nothing was answered yet.
    fn documented(
        &self,
        parts: Vec<Part>,
        form: Option<&DevelopmentForm>,
        values: Option<&[(usize, Value)]>,
    ) -> Result<Vec<Answered>, Error> {
        let mut answered: Vec<Answered> = Vec::new();
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
                let formed = match values.filter(|_| answered.is_empty()) {
                    Some(values) => formed(self.row, form, values, self.spotify),
                    None => self.formed_of(rest),
                };
                return match formed {
                    Ok(formed) => {
                        self.check_own(form, values.unwrap_or_default(), Some(response))?;
                        self.form(form, answered, formed)
                    }
                    Err(_) if self.is_raw => {
                        answered.push(Answered { part, response, is_one: false });
                        Ok(answered)
                    }
                    Err(unsaid) => {
                        let error = closed(self.row, Some(unsaid), Some(response));
                        Err(self.stopped(&answered, &part, parts.as_slice(), error))
                    }
                };
            }
            match self.accepted(response, &part) {
                Ok(response) => answered.push(Answered { part, response, is_one: false }),
                Err(error) => return Err(self.stopped(&answered, &part, parts.as_slice(), error)),
            }
            if answered.len() == 1 {
                ahead = self.read_ahead(parts.as_slice());
            }
        }
        Ok(answered)
    }

    /// The responses to what is left of a call that only reads, several at once; of one that writes none, for
    /// it stops where something is refused.
    fn read_ahead(&self, parts: &[Part]) -> VecDeque<Result<RawResponse, Error>> {
        if self.row.method != Method::Get {
            return VecDeque::new();
        }
        let is_end = |response: &Result<RawResponse, Error>| match response {
            Ok(response) => !self.is_raw && !(200..300).contains(&response.status),
            Err(_) => true,
        };
        let connections = self.spotify.connections();
        parallel::in_order(parts, connections, |part| self.response(part), is_end).into()
    }

    /// The forms of requests that are left when others have been answered already.
    fn formed_of(&self, parts: impl Iterator<Item = Part>) -> Result<Vec<Part>, Cow<'static, str>> {
        let mut formed_parts = Vec::new();
        for part in parts {
            let Some(form) = &part.row.development else { return Err(part.row.name.clone()) };
            formed_parts.extend(formed(&part.row, form, &part.values, self.spotify)?);
        }
        Ok(formed_parts)
    }

    /// Sends the requests of a form, after those that were answered in the documented way.
    fn form(
        &self,
        form: &DevelopmentForm,
        mut answered: Vec<Answered>,
        parts: Vec<Part>,
    ) -> Result<Vec<Answered>, Error> {
        let learn = |response: &RawResponse| {
            if (200..300).contains(&response.status) {
                self.spotify.learned().answered(form, self.row);
            }
        };
        if form.each.is_some() {
            let one = |part: &Part| {
                let response = self.response(part)?;
                learn(&response);
                self.accepted_one(response, part)
            };
            let connections = self.spotify.connections();
            let responses = parallel::in_order(&parts, connections, one, Result::is_err);
            for (part, response) in parts.into_iter().zip(responses) {
                answered.push(Answered { part, response: response?, is_one: true });
            }
            return Ok(answered);
        }
        let (mut parts, mut ahead) = (parts.into_iter(), VecDeque::new());
        while let Some(part) = parts.next() {
            let response = ahead.pop_front().unwrap_or_else(|| self.response(&part)).inspect(learn);
            match response.and_then(|response| self.accepted(response, &part)) {
                Ok(response) => answered.push(Answered { part, response, is_one: false }),
                Err(error) => return Err(self.stopped(&answered, &part, parts.as_slice(), error)),
            }
            if ahead.is_empty() {
                ahead = self.read_ahead(parts.as_slice());
            }
        }
        Ok(answered)
    }

    fn response(&self, part: &Part) -> Result<RawResponse, Error> {
        let spotify = self.spotify;
        spotify.send(&part.request(self.row, spotify.base()), self.deadline)
    }

    fn accepted(&self, response: RawResponse, part: &Part) -> Result<RawResponse, Error> {
        match self.is_raw {
            true => Ok(response),
            false => self.spotify.accepted(response, self.row, &part.row),
        }
    }

    /// What is not there is no failure where others are asked about too: it is `null`, as in the answer
    /// about all of them.
    fn accepted_one(&self, mut response: RawResponse, part: &Part) -> Result<RawResponse, Error> {
        if response.status == 404 && !self.is_raw {
            response.body = b"null".to_vec();
            return Ok(response);
        }
        self.accepted(response, part)
    }

    /// Whether a form that is for the user's own alone can be taken.
    fn check_own(
        &self,
        form: &DevelopmentForm,
        values: &[(usize, Value)],
        refusal: Option<RawResponse>,
    ) -> Result<(), Error> {
        let Some(own) = form.own else { return Ok(()) };
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
    fn user(&self, own: Own) -> Result<Box<str>, Error> {
        #[derive(serde::Deserialize)]
        struct User {
            id: Box<str>,
        }
        let spotify = self.spotify;
        if let Some(user) = spotify.learned().user.get() {
            return Ok(user.clone());
        }
        let request = Request::new(&own.row.into(), self.row, spotify.base(), &[]);
        let response = spotify.send(&request, self.deadline)?;
        let response = spotify.accepted(response, self.row, own.row)?;
        let user: User = response.decode(self.row, None)?;
        Ok(spotify.learned().user.get_or_init(|| user.id).clone())
    }

    /// What a write says that stopped at `failed`. If that was surely the first thing to happen, nothing
    /// is half done, and the error stands for itself; so it does for what only reads.
    fn stopped(
        &self,
        answered: &[Answered],
        failed: &Part,
        unsent: &[Part],
        error: Error,
    ) -> Error {
        let is_unsure =
            matches!(&error, Error::Transport(transport) if transport.may_have_happened);
        let is_first = answered.is_empty() && (!is_unsure || unsent.is_empty());
        if is_first || self.row.method == Method::Get {
            return error;
        }
        let done = answered.iter().flat_map(|answered| answered.part.names()).collect();
        let (unsure, mut not_done) = match is_unsure {
            true => (failed.names(), Vec::new()),
            false => (Vec::new(), failed.names()),
        };
        not_done.extend(unsent.iter().flat_map(Part::names));
        // What may have happened is left to the caller, unless it does no harm to do it again.
        let again = (!is_unsure || failed.row.idempotent).then_some(failed);
        let rest = again.into_iter().chain(unsent).cloned().collect();
        let (endpoint, row) = (self.row.name.clone(), self.row.clone());
        Error::Partial(Box::new(Partial { endpoint, done, unsure, not_done, error, row, rest }))
    }
}
