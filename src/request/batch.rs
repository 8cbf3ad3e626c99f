//! A list of ids over several requests.

use std::sync::Arc;

use super::argument::{QUERY, Value};
use super::{Base, Request};
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{BatchRule, Endpoint, Fallback};

/// One request of a call, before it is made.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The row that it calls.
    pub(crate) row: EndpointRef,
    /// The values of the row's parameters, by index.
    pub(crate) values: Vec<(usize, Value)>,
    /// What it holds of the caller's list, as the caller gave it.
    pub(crate) elements: Vec<Value>,
}

impl Batch {
    /// The request, for a call of `row`.
    pub(crate) fn request(&self, row: &EndpointRef, base: &Arc<Base>) -> Request {
        let values: Vec<(usize, &Value)> =
            self.values.iter().map(|(index, value)| (*index, value)).collect();
        Request::new(&self.row, row, base, &values)
    }

    /// The elements as text, without what belongs to them.
    pub(crate) fn names(&self) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::Object(members) => {
                members.first().map(|(_, id)| id.to_string()).unwrap_or_default()
            }
            value => value.to_string(),
        };
        self.elements.iter().map(text).collect()
    }
}

/// The requests of a call, in order: one, or as many as its list needs. An empty list makes none, unless
/// it means something.
///
/// Where ids alone have a key of their own, one request holds either those or the others; the order
/// within each kind is kept.
pub(crate) fn split(
    row: &EndpointRef,
    values: Vec<(usize, Value)>,
    base: &Arc<Base>,
) -> Vec<Batch> {
    let Some(chunk) = row.batch else {
        return vec![Batch { row: row.clone(), values, elements: Vec::new() }];
    };
    let elements = list(&values, chunk.param);
    let has_bare_key = row.params.get(chunk.param).is_some_and(|param| param.bare_key.is_some());
    let is_bare = |element: &&Value| has_bare_key && matches!(element, Value::Text(_));
    let (bare, others): (Vec<&Value>, Vec<&Value>) = elements.iter().partition(is_bare);
    let room = chunk.max_url.map(|max| {
        let without = values.iter().filter(|(index, _)| *index != chunk.param);
        let values: Vec<(usize, &Value)> = without.map(|(index, value)| (*index, value)).collect();
        let key = row.params.get(chunk.param).map_or(0, |param| param.key.len() + 2);
        let taken = Request::new(row, row, base, &values).url().len() + key;
        usize::try_from(max).unwrap_or(usize::MAX).saturating_sub(taken)
    });
    let mut parts: Vec<Batch> = Vec::new();
    let mut before = 0;
    let groups = groups(&others, chunk, room).into_iter().chain(groups(&bare, chunk, room));
    let empty: &[&Value] = &[];
    let groups = groups.chain((elements.is_empty() && chunk.send_empty).then_some(empty));
    for group in groups {
        let elements: Vec<Value> = group.iter().map(|element| (*element).clone()).collect();
        let own = values.iter().map(|(index, value)| match value {
            _ if *index == chunk.param => (*index, Value::List(elements.clone())),
            Value::Integer(place) if chunk.advance == Some(*index) => {
                (*index, Value::Integer(place.saturating_add(before)))
            }
            value => (*index, value.clone()),
        });
        let (row, values) = match chunk.then {
            Some(then) if !parts.is_empty() => (EndpointRef::from(then), of_row(then, row, own)),
            _ => (row.clone(), own.collect()),
        };
        before = before.saturating_add(i64::try_from(group.len()).unwrap_or(i64::MAX));
        parts.push(Batch { row, values, elements });
    }
    parts
}

/// The requests of a form, whose values are given, with the elements of the caller's own list.
pub(crate) fn split_form(
    form: &Fallback,
    values: Vec<(usize, Value)>,
    own: &[Value],
    base: &Arc<Base>,
) -> Vec<Batch> {
    let spread = form.fan_out.and_then(|each| form.params.iter().find(|given| given.from == each));
    let mut parts = match spread {
        Some(spread) => {
            let with = |element: &Value| {
                let values = values.iter().map(|(index, value)| match *index == spread.to {
                    true => (*index, element.clone()),
                    false => (*index, value.clone()),
                });
                Batch {
                    row: form.endpoint.into(),
                    values: values.collect(),
                    elements: vec![element.clone()],
                }
            };
            list(&values, spread.to).iter().map(with).collect()
        }
        None => split(&form.endpoint.into(), values, base),
    };
    // The form holds the elements in its own words and in the caller's order.
    let mut own = own.iter();
    for part in &mut parts {
        part.elements = own.by_ref().take(part.elements.len()).cloned().collect();
    }
    parts
}

/// The elements of a list among values.
pub(crate) fn list(values: &[(usize, Value)], param: usize) -> &[Value] {
    match values.iter().find(|(index, _)| *index == param) {
        Some((_, Value::List(elements))) => elements,
        _ => &[],
    }
}

/// Elements in groups: no more in each than a request takes, nor more than its URL has room for.
fn groups<'v>(
    elements: &'v [&'v Value],
    chunk: BatchRule,
    room: Option<usize>,
) -> Vec<&'v [&'v Value]> {
    let max = usize::try_from(chunk.max).unwrap_or(usize::MAX).max(1);
    let Some(room) = room else { return elements.chunks(max).collect() };
    let mut groups = Vec::new();
    let (mut start, mut taken) = (0, 0);
    let mut escaped = String::new();
    for (index, element) in elements.iter().enumerate() {
        escaped.clear();
        element.escape_into(&mut escaped, QUERY);
        let length = escaped.len() + 1;
        if index > start && (index - start == max || taken + length > room) {
            groups.extend(elements.get(start..index));
            (start, taken) = (index, 0);
        }
        taken += length;
    }
    groups.extend(elements.get(start..).filter(|rest| !rest.is_empty()));
    groups
}

/// The values of one row's parameters as those of another's, by name.
fn of_row(
    row: &Endpoint,
    own: &Endpoint,
    values: impl Iterator<Item = (usize, Value)>,
) -> Vec<(usize, Value)> {
    let index = |name: &str| row.params.iter().position(|param| param.name == name);
    values.filter_map(|(at, value)| Some((index(&own.params.get(at)?.name)?, value))).collect()
}
