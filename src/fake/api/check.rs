//! The checks that follow from the definition of an endpoint.

use std::borrow::Cow;

use super::development::ServerMode;
use super::params::{self, Item, ParamValue, Raw, invalid, required};
use super::route::{Match, Target};
use crate::endpoint::scopes::Asked;
use crate::endpoint::{Endpoint, ParamInfo, ParamKind, ParamLocation};
use crate::fake::http::{Incoming, Response};
use crate::types::id::SpotifyUri;
use crate::types::scope::{Scope, Scopes};

/// A request that passed every check.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) target: &'a Target,
    pub(crate) scopes: &'a Scopes,
    pub(crate) mode: ServerMode,
    /// The value of `accept-language`.
    pub(crate) language: Option<&'a str>,
    values: Vec<(&'static ParamInfo, ParamValue)>,
}

impl Call<'_> {
    fn value(&self, key: &str) -> Option<&ParamValue> {
        self.values.iter().find(|(param, _)| param.key == key).map(|(_, given)| given)
    }

    /// A number or its default.
    pub(crate) fn number(&self, key: &str) -> usize {
        match self.value(key) {
            Some(ParamValue::Integer(number)) => usize::try_from(*number).unwrap_or(0),
            _ => 0,
        }
    }

    /// A number, or the length of a list.
    fn amount(&self, key: &str) -> usize {
        match self.value(key) {
            Some(ParamValue::Items(items)) => items.len(),
            Some(ParamValue::Texts(texts)) => texts.len(),
            _ => self.number(key),
        }
    }

    /// The ids or URIs of one of several lists.
    pub(crate) fn items_of(&self, key: &str) -> &[Item] {
        match self.value(key) {
            Some(ParamValue::Items(items)) => items,
            _ => &[],
        }
    }

    /// A number or its default, if it has one.
    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        match self.value(key) {
            Some(ParamValue::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn boolean(&self, key: &str) -> Option<bool> {
        match self.value(key) {
            Some(ParamValue::Boolean(boolean)) => Some(*boolean),
            _ => None,
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(ParamValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A list of texts, or a single one.
    pub(crate) fn texts(&self, key: &str) -> Vec<&str> {
        match self.value(key) {
            Some(ParamValue::Texts(words)) => words.iter().map(String::as_str).collect(),
            Some(ParamValue::Text(word)) => vec![word],
            _ => Vec::new(),
        }
    }

    /// A single id.
    pub(crate) fn item(&self, key: &str) -> Option<&SpotifyUri> {
        match self.value(key) {
            Some(ParamValue::Item(item)) => Some(&item.uri),
            _ => None,
        }
    }

    /// The id in the path.
    pub(crate) fn subject(&self) -> Option<&SpotifyUri> {
        self.values.iter().find_map(|(param, given)| match given {
            ParamValue::Item(item) if param.location == ParamLocation::Path => Some(&item.uri),
            _ => None,
        })
    }

    /// The list of ids or URIs.
    pub(crate) fn items(&self) -> &[Item] {
        let list = self.values.iter().find_map(|(_, given)| match given {
            ParamValue::Items(items) => Some(items.as_slice()),
            _ => None,
        });
        list.unwrap_or_default()
    }

    /// The fields of the response that the request selects.
    pub(crate) fn selected(&self) -> Option<&str> {
        self.values.iter().find_map(|(param, given)| match given {
            ParamValue::Text(text) if param.field_filter => Some(text.as_str()),
            _ => None,
        })
    }

    /// Whether the request names a market.
    pub(crate) fn has_market(&self) -> bool {
        self.values.iter().any(|(param, _)| param.kind == ParamKind::Market)
    }

    pub(crate) fn has_scope(&self, scope: &Scope) -> bool {
        self.scopes.contains(scope)
    }
}
/// Checks a request against the definition of its endpoint.
pub(crate) fn check<'a>(
    found: &Match,
    incoming: &'a Incoming,
    target: &'a Target,
    scopes: &'a Scopes,
    mode: ServerMode,
) -> Result<Call<'a>, Response> {
    let endpoint = found.endpoint;
    let needed = &endpoint.scopes;
    let holds_one = |scopes_of: &[Scope]| scopes_of.iter().any(|scope| scopes.contains(scope));
    if !needed.required.iter().all(|scope| scopes.contains(scope))
        || !(needed.alternative.is_empty() || holds_one(needed.alternative))
    {
        return Err(insufficient_scope());
    }
    let body = match endpoint.params.iter().find(|param| param.location == ParamLocation::Body) {
        Some(param) if param.kind == ParamKind::Jpeg => params::text_body(incoming)?,
        Some(_) => {
            params::body(incoming).map_err(|()| Response::error(400, "Error parsing JSON."))?
        }
        None => None,
    };
    let mut values = Vec::new();
    for param in &*endpoint.params {
        let max = mode.max(param).unwrap_or(i64::MAX);
        let given = match params::raw(param, found, target, body.as_ref()) {
            Some(raw) => match params::read(param, raw)? {
                ParamValue::Integer(number) if number > max => return Err(invalid(&param.key)),
                given => Some(given),
            },
            None if param.required => return Err(required(&param.key)),
            None => match param.default {
                Some(default) => Some(match params::read(param, Raw::Text(default))? {
                    // A default is no greater than the maximum of the app.
                    ParamValue::Integer(number) => ParamValue::Integer(number.min(max)),
                    given => given,
                }),
                None => None,
            },
        };
        values.extend(given.map(|given| (param, given)));
    }
    check_excludes(&values)?;
    let language = incoming.header("accept-language");
    let call = Call { endpoint, target, scopes, mode, language, values };
    if let Some(max) = endpoint.max_ids()
        && call.items().len() > usize::try_from(max).unwrap_or(usize::MAX)
    {
        // For items of a playlist Spotify's message says ids.
        let is_uris =
            endpoint.batch.and_then(|chunk| endpoint.params.get(chunk.param)).is_some_and(
                |param| param.kind == ParamKind::Uri && param.location == ParamLocation::Query,
            );
        let message = if is_uris { "Too many uris requested" } else { "Too many ids requested" };
        return Err(Response::error(400, message));
    }
    check_sum(&call)?;
    if endpoint.lacks_scope(scopes, &call) { Err(insufficient_scope()) } else { Ok(call) }
}

/// Checks the sum of numbers, or of lengths of lists.
fn check_sum(call: &Call<'_>) -> Result<(), Response> {
    let Some(total) = call.endpoint.sum_limit else { return Ok(()) };
    let params: Vec<_> =
        total.params.iter().filter_map(|index| call.endpoint.params.get(*index)).collect();
    let amounts =
        params.iter().map(|param| i64::try_from(call.amount(&param.key)).unwrap_or(i64::MAX));
    let sum = amounts.fold(0, i64::saturating_add);
    let names: Vec<String> = params.iter().map(|param| capitalized(&param.key)).collect();
    let names = names.join(" + ");
    match sum {
        sum if sum > total.max => {
            let message = format!("{names} exceeds maximum of {}", total.max);
            Err(Response::error(400, &message))
        }
        sum if sum < total.min => {
            let message = format!("{names} is below minimum of {}", total.min);
            Err(Response::error(400, &message))
        }
        _ => Ok(()),
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Checks parameters that exclude each other.
fn check_excludes(values: &[(&'static ParamInfo, ParamValue)]) -> Result<(), Response> {
    for (param, _) in values {
        let is_excluded = |other: &ParamInfo| param.excludes.contains(&&*other.name);
        if let Some((other, _)) = values.iter().find(|(other, _)| is_excluded(other)) {
            let message = format!("Only one of {} and {} can be given", param.key, other.key);
            return Err(Response::error(400, &message));
        }
    }
    Ok(())
}

impl Asked for Call<'_> {
    fn kinds(&self) -> Vec<&str> {
        self.items().iter().map(|item| item.uri.kind()).collect()
    }

    fn given<'a>(&'a self, param: &'a ParamInfo) -> Option<Cow<'a, str>> {
        match self.value(&param.key)? {
            ParamValue::Boolean(boolean) => Some(boolean.to_string().into()),
            ParamValue::Integer(number) => Some(number.to_string().into()),
            ParamValue::Text(text) => Some(text.as_str().into()),
            _ => None,
        }
    }
}

fn insufficient_scope() -> Response {
    Response::error(403, "Insufficient client scope")
}
