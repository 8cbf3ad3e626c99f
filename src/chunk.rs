//! A list of ids over several requests: split, send in order, and say how far it got.

use crate::call::Call;
use crate::endpoint::{Chunk, Endpoint, Method};
use crate::error::{Error, Partial};
use crate::param::Value;
use crate::request::Request;
use crate::response::RawResponse;

/// The row of each request with its values, in order. An empty list makes none, unless it means
/// something.
///
/// Where ids alone have a key of their own, one request holds either those or the others; the order
/// within each kind is kept.
pub(crate) fn split(
    values: &[(usize, Value)],
    chunk: Chunk,
    endpoint: &'static Endpoint,
) -> Vec<(&'static Endpoint, Vec<(usize, Value)>)> {
    let elements = match values.iter().find(|(index, _)| *index == chunk.param) {
        Some((_, Value::List(elements))) => elements.as_slice(),
        _ => &[],
    };
    let has_bare_key =
        endpoint.params.get(chunk.param).is_some_and(|param| param.bare_key.is_some());
    let is_bare = |element: &&Value| has_bare_key && matches!(element, Value::Text(_));
    let (bare, others): (Vec<_>, Vec<_>) = elements.iter().partition(is_bare);
    let max = usize::try_from(chunk.max).unwrap_or(usize::MAX).max(1);
    let request = |(number, part): (usize, &[&Value])| {
        let list = Value::List(part.iter().map(|element| (*element).clone()).collect());
        let values = values.iter().map(|(index, value)| match value {
            _ if *index == chunk.param => (*index, list.clone()),
            Value::Integer(place) if chunk.advance == Some(*index) => {
                let before = i64::try_from(number * max).unwrap_or(i64::MAX);
                (*index, Value::Integer(place.saturating_add(before)))
            }
            value => (*index, value.clone()),
        });
        match chunk.then {
            Some(then) if number > 0 => (then, of_row(then, endpoint, values)),
            _ => (endpoint, values.collect()),
        }
    };
    let parts = others.chunks(max).chain(bare.chunks(max));
    match elements {
        [] if chunk.send_empty => vec![request((0, &[]))],
        _ => parts.enumerate().map(request).collect(),
    }
}

/// The values of one row's parameters as those of another's, by name.
fn of_row(
    row: &Endpoint,
    own: &Endpoint,
    values: impl Iterator<Item = (usize, Value)>,
) -> Vec<(usize, Value)> {
    let index = |name| row.params.iter().position(|param| param.name == name);
    values.filter_map(|(at, value)| Some((index(own.params.get(at)?.name)?, value))).collect()
}

/// Sends the requests of a call one after the other, until one is no success.
pub(crate) fn answers(call: &Call) -> Result<Vec<(Request, RawResponse)>, Error> {
    send(call, |answer| answer.success(call.endpoint()))
}

/// Sends the requests of a call one after the other, until one gets no answer.
pub(crate) fn raw_answers(call: &Call) -> Result<Vec<(Request, RawResponse)>, Error> {
    send(call, Ok)
}

fn send(
    call: &Call,
    accept: impl Fn(RawResponse) -> Result<RawResponse, Error>,
) -> Result<Vec<(Request, RawResponse)>, Error> {
    let deadline = call.spotify().deadline();
    let mut answered = Vec::new();
    let mut requests = call.requests()?.into_iter();
    while let Some(request) = requests.next() {
        match call.spotify().send(&request, deadline).and_then(&accept) {
            Ok(answer) => answered.push((request, answer)),
            Err(error) if call.endpoint().method == Method::Get => return Err(error),
            Err(error) => {
                return Err(stopped(
                    call.endpoint(),
                    &answered,
                    &request,
                    requests.as_slice(),
                    error,
                ));
            }
        }
    }
    Ok(answered)
}

/// What a write says that stopped at `failed`. If that was surely the first thing to happen, nothing
/// is half done, and the error stands for itself.
fn stopped(
    endpoint: &'static Endpoint,
    answered: &[(Request, RawResponse)],
    failed: &Request,
    unsent: &[Request],
    error: Error,
) -> Error {
    let is_unsure = matches!(&error, Error::Transport(transport) if transport.may_have_happened);
    if answered.is_empty() && (!is_unsure || unsent.is_empty()) {
        return error;
    }
    let done = answered.iter().flat_map(|(request, _)| elements(request)).collect();
    let (unsure, mut not_done) = match is_unsure {
        true => (elements(failed), Vec::new()),
        false => (Vec::new(), elements(failed)),
    };
    not_done.extend(unsent.iter().flat_map(elements));
    Error::Partial(Box::new(Partial { endpoint: endpoint.name, done, unsure, not_done, error }))
}

/// How many elements of its list a request holds.
pub(crate) fn length(request: &Request) -> usize {
    request.list().map_or(0, <[Value]>::len)
}

/// The elements of a request's list as text, without what belongs to them.
fn elements(request: &Request) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Object(members) => members.first().map(|(_, id)| id.to_string()).unwrap_or_default(),
        value => value.to_string(),
    };
    request.list().unwrap_or_default().iter().map(text).collect()
}
