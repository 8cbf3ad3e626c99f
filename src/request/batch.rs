//! A list of ids, spread over several requests.

use std::sync::Arc;

use super::value::QUERY;
use super::{Base, Request};
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{BatchRule, Endpoint, Fallback};
use crate::json::value::Value;

/// Values by the index of their parameter.
pub(crate) type Values = Vec<(usize, Value)>;

/// One request of a call, before it is made.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The endpoint that it is sent to.
    pub(crate) endpoint: EndpointRef,
    pub(crate) values: Values,
    /// Its part of the caller's list, as the caller gave it.
    pub(crate) ids: Vec<Value>,
    /// Whether it reads one element of a list that the call reads.
    pub(crate) is_single: bool,
}

impl Batch {
    /// The request, for a call of this endpoint.
    pub(crate) fn request(&self, call: &EndpointRef, base: &Arc<Base>) -> Request {
        let values: Vec<(usize, &Value)> =
            self.values.iter().map(|(index, value)| (*index, value)).collect();
        Request::new(&self.endpoint, call, base, &values)
    }

    /// The ids as text, without the fields beside them.
    pub(crate) fn id_strings(&self) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::Object(fields) => {
                fields.first().map(|(_, id)| id.to_string()).unwrap_or_default()
            }
            value => value.to_string(),
        };
        self.ids.iter().map(text).collect()
    }
}

/// The requests of a call, in order: one, or as many as its list needs. An empty list makes none, unless it means
/// something to Spotify.
///
/// Where ids alone have a key of their own, a request has either those or the others; the order within each kind
/// is kept.
pub(crate) fn split(endpoint: &EndpointRef, values: Values, base: &Arc<Base>) -> Vec<Batch> {
    let Some(rule) = endpoint.batch else {
        let endpoint = endpoint.clone();
        return vec![Batch { endpoint, values, ids: Vec::new(), is_single: false }];
    };
    let ids = list(&values, rule.param);
    let has_bare_key =
        endpoint.params.get(rule.param).is_some_and(|param| param.bare_key.is_some());
    let is_bare = |id: &&Value| has_bare_key && matches!(id, Value::Text(_));
    let (bare, others): (Vec<&Value>, Vec<&Value>) = ids.iter().partition(is_bare);
    let room = rule.max_url.map(|max| {
        let without = values.iter().filter(|(index, _)| *index != rule.param);
        let values: Vec<(usize, &Value)> = without.map(|(index, value)| (*index, value)).collect();
        let key = endpoint.params.get(rule.param).map_or(0, |param| param.key.len() + 2);
        let taken = Request::new(endpoint, endpoint, base, &values).url().len() + key;
        usize::try_from(max).unwrap_or(usize::MAX).saturating_sub(taken)
    });
    let mut batches: Vec<Batch> = Vec::new();
    let mut sent = 0;
    let groups = groups(&others, rule, room).into_iter().chain(groups(&bare, rule, room));
    let empty: &[&Value] = &[];
    let groups = groups.chain((ids.is_empty() && rule.send_empty).then_some(empty));
    for group in groups {
        let ids: Vec<Value> = group.iter().map(|id| (*id).clone()).collect();
        let of_batch = values.iter().map(|(index, value)| match value {
            _ if *index == rule.param => (*index, Value::List(ids.clone())),
            Value::Integer(position) if rule.advance == Some(*index) => {
                (*index, Value::Integer(position.saturating_add(sent)))
            }
            value => (*index, value.clone()),
        });
        let (endpoint, values) = match rule.then {
            Some(then) if !batches.is_empty() => {
                (EndpointRef::from(then), by_name(then, endpoint, of_batch))
            }
            _ => (endpoint.clone(), of_batch.collect()),
        };
        sent = sent.saturating_add(i64::try_from(group.len()).unwrap_or(i64::MAX));
        batches.push(Batch { endpoint, values, ids, is_single: false });
    }
    batches
}

/// The requests of a fallback endpoint with these values; `ids` is the list as the caller gave it.
pub(crate) fn split_fallback(
    fallback: &Fallback,
    values: Values,
    ids: &[Value],
    base: &Arc<Base>,
) -> Vec<Batch> {
    let endpoint = EndpointRef::from(fallback.endpoint);
    let spread =
        fallback.fan_out.and_then(|list| fallback.params.iter().find(|param| param.from == list));
    let mut batches = match spread {
        Some(spread) => {
            let single = |id: &Value| {
                let value = |index, value: &Value| {
                    if index == spread.to { id.clone() } else { value.clone() }
                };
                let values = values.iter().map(|(index, old)| (*index, value(*index, old)));
                Batch {
                    endpoint: endpoint.clone(),
                    values: values.collect(),
                    ids: vec![id.clone()],
                    is_single: true,
                }
            };
            list(&values, spread.to).iter().map(single).collect()
        }
        None => split(&endpoint, values, base),
    };
    // The batches have the ids as the fallback endpoint wants them, in the caller's order.
    let mut ids = ids.iter();
    for batch in &mut batches {
        batch.ids = ids.by_ref().take(batch.ids.len()).cloned().collect();
    }
    batches
}

/// The elements of a list among values.
pub(crate) fn list(values: &[(usize, Value)], param: usize) -> &[Value] {
    match values.iter().find(|(index, _)| *index == param) {
        Some((_, Value::List(elements))) => elements,
        _ => &[],
    }
}

/// Ids in groups: no more in each than a request takes, nor more than its URL has room for.
fn groups<'v>(ids: &'v [&'v Value], rule: BatchRule, room: Option<usize>) -> Vec<&'v [&'v Value]> {
    let max = usize::try_from(rule.max).unwrap_or(usize::MAX).max(1);
    let Some(room) = room else { return ids.chunks(max).collect() };
    let mut groups = Vec::new();
    let (mut start, mut taken) = (0, 0);
    let mut escaped = String::new();
    for (index, id) in ids.iter().enumerate() {
        escaped.clear();
        id.escape_into(&mut escaped, QUERY);
        let length = escaped.len() + 1;
        if index > start && (index - start == max || taken + length > room) {
            groups.extend(ids.get(start..index));
            (start, taken) = (index, 0);
        }
        taken += length;
    }
    groups.extend(ids.get(start..).filter(|rest| !rest.is_empty()));
    groups
}

/// The values of one endpoint's parameters as those of another's, by name.
fn by_name(
    target: &Endpoint,
    source: &Endpoint,
    values: impl Iterator<Item = (usize, Value)>,
) -> Values {
    let index = |name: &str| target.params.iter().position(|param| param.name == name);
    values
        .filter_map(|(position, value)| Some((index(&source.params.get(position)?.name)?, value)))
        .collect()
}
