//! Splits a list of ids into several requests.

use std::sync::Arc;

use super::value::QUERY;
use super::{Base, Request};
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{BatchRule, Endpoint, Fallback};
use crate::json::value::Value;

/// Values by the index of their parameter.
pub(crate) type Values = Vec<(usize, Value)>;

/// The endpoint and the values of one request of a call.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) endpoint: EndpointRef,
    pub(crate) values: Values,
    /// The part of the caller's list that it contains, as the caller passed it.
    pub(crate) ids: Vec<Value>,
    /// `true` if it reads a single element of the caller's list.
    pub(crate) is_single: bool,
}

impl Batch {
    /// Builds the request, for a call of the endpoint `call`.
    pub(crate) fn request(&self, call: &EndpointRef, base: &Arc<Base>) -> Request {
        let values: Vec<(usize, &Value)> =
            self.values.iter().map(|(index, value)| (*index, value)).collect();
        Request::new(&self.endpoint, call, base, &values)
    }

    /// Returns the ids as text, without the other fields of their objects.
    pub(crate) fn id_strings(&self) -> Vec<String> {
        id_strings(&self.ids)
    }
}

/// Returns ids as text, without the other fields of their objects.
pub(crate) fn id_strings(ids: &[Value]) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Object(fields) => fields.first().map(|(_, id)| id.to_string()).unwrap_or_default(),
        value => value.to_string(),
    };
    ids.iter().map(text).collect()
}

/// Splits a call into its requests: one, or as many as its list needs. An empty list needs none, unless it has a meaning
/// for Spotify.
///
/// If bare ids have a separate key in the body, a request contains either bare ids or objects. The objects come first,
/// and the order within each kind is kept.
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
        let batch_values = values.iter().map(|(index, value)| match value {
            _ if *index == rule.param => (*index, Value::List(ids.clone())),
            Value::Integer(position) if rule.advance == Some(*index) => {
                (*index, Value::Integer(position.saturating_add(sent)))
            }
            value => (*index, value.clone()),
        });
        let (endpoint, values) = match rule.then {
            Some(then) if !batches.is_empty() => {
                (EndpointRef::from(then), by_name(then, endpoint, batch_values))
            }
            _ => (endpoint.clone(), batch_values.collect()),
        };
        sent = sent.saturating_add(i64::try_from(group.len()).unwrap_or(i64::MAX));
        batches.push(Batch { endpoint, values, ids, is_single: false });
    }
    batches
}

/// Splits a call of a fallback endpoint into its requests. `ids` is the list as the caller passed it.
pub(crate) fn split_fallback(
    fallback: &Fallback,
    values: Values,
    ids: &[Value],
    base: &Arc<Base>,
) -> Vec<Batch> {
    let endpoint = EndpointRef::from(fallback.endpoint);
    let fan_out =
        fallback.fan_out.and_then(|list| fallback.params.iter().find(|param| param.from == list));
    let mut batches = match fan_out {
        Some(fan_out) => {
            let single = |id: &Value| {
                let value = |index, value: &Value| {
                    if index == fan_out.to { id.clone() } else { value.clone() }
                };
                let values = values.iter().map(|(index, old)| (*index, value(*index, old)));
                Batch {
                    endpoint: endpoint.clone(),
                    values: values.collect(),
                    ids: vec![id.clone()],
                    is_single: true,
                }
            };
            list(&values, fan_out.to).iter().map(single).collect()
        }
        None => split(&endpoint, values, base),
    };
    // `split` has set the ids in the form of the fallback endpoint, in the caller's order.
    let mut ids = ids.iter();
    for batch in &mut batches {
        batch.ids = ids.by_ref().take(batch.ids.len()).cloned().collect();
    }
    batches
}

/// Returns the elements of a list parameter.
pub(crate) fn list(values: &[(usize, Value)], param: usize) -> &[Value] {
    match values.iter().find(|(index, _)| *index == param) {
        Some((_, Value::List(elements))) => elements,
        _ => &[],
    }
}

/// Groups ids by the maximum of a request, and by the room in its URL.
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

/// Converts the values of `source` to values of `target`, by the names of the parameters.
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
