//! Checks a request against the definition of its endpoint.

use std::borrow::Cow;

use super::params::{self, Item, ParamValue, Raw, required};
use super::route::{Match, Target};
use crate::client::QuotaMode;
use crate::endpoint::scopes::ScopeContext;
use crate::endpoint::{Endpoint, ParamInfo, ParamKind, ParamLocation};
use crate::fake::catalog::markets::HOME;
use crate::fake::http::{Incoming, Response};
use crate::types::id::SpotifyUri;
use crate::types::scope::{Scope, Scopes};

/// A request that passed every check.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) target: &'a Target,
    pub(crate) scopes: &'a Scopes,
    pub(crate) mode: QuotaMode,
    /// `true` if the token is an app's.
    pub(crate) is_of_app: bool,
    /// The value of `accept-language`.
    pub(crate) language: Option<&'a str>,
    values: Vec<(&'static ParamInfo, ParamValue)>,
    /// The maximum number of ids or URIs.
    max_ids: Option<usize>,
}

impl Call<'_> {
    /// The first value of the parameters that `is_chosen` returns true for.
    fn value(&self, is_chosen: impl Fn(&ParamInfo) -> bool) -> Option<&ParamValue> {
        self.values.iter().find(|(param, _)| is_chosen(param)).map(|(_, value)| value)
    }

    /// The text of a parameter.
    fn text_of(&self, is_chosen: impl Fn(&ParamInfo) -> bool) -> Option<&str> {
        self.value(is_chosen)?.texts.first().map(String::as_str)
    }

    /// The values of a parameter that isn't an id or a URI.
    pub(crate) fn texts(&self, key: &str) -> &[String] {
        self.value(|param| param.key == key).map_or(&[], |value| &value.texts)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.text_of(|param| param.key == key)
    }

    /// A number, or its default if it has one.
    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        self.text(key)?.parse().ok()
    }

    /// A non-negative number, or its default.
    pub(crate) fn number(&self, key: &str) -> usize {
        self.integer(key).and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
    }

    pub(crate) fn boolean(&self, key: &str) -> Option<bool> {
        self.text(key)?.parse().ok()
    }

    /// The ids or URIs of one of several lists.
    pub(crate) fn items_of(&self, key: &str) -> &[Item] {
        self.value(|param| param.key == key).map_or(&[], |value| &value.items)
    }

    /// A single id.
    pub(crate) fn item(&self, key: &str) -> Option<&SpotifyUri> {
        self.items_of(key).first().map(|item| &item.uri)
    }

    /// The id in the path.
    pub(crate) fn subject(&self) -> Option<&SpotifyUri> {
        let in_path = self.values.iter().filter(|(param, _)| param.location == ParamLocation::Path);
        in_path.flat_map(|(_, value)| &value.items).map(|item| &item.uri).next()
    }

    /// All ids and URIs.
    pub(crate) fn uris(&self) -> impl Iterator<Item = &SpotifyUri> {
        self.values.iter().flat_map(|(_, value)| &value.items).map(|item| &item.uri)
    }

    /// The image in the body, in base64.
    pub(crate) fn image(&self) -> Option<&str> {
        self.text_of(|param| param.kind == ParamKind::Jpeg)
    }

    /// The list of ids or URIs.
    pub(crate) fn items(&self) -> &[Item] {
        let mut lists = self.values.iter().filter(|(param, _)| param.list);
        let list = lists.find(|(_, value)| !value.items.is_empty());
        list.map_or(&[], |(_, value)| &value.items)
    }

    /// The fields of the response that the request selects.
    pub(crate) fn selected(&self) -> Option<&str> {
        self.text_of(|param| param.field_filter)
    }

    /// Returns the market that the response is for, if the request sets one: for a token of the user, the country of the
    /// account, whatever the request asks for.
    pub(crate) fn market(&self) -> Option<&str> {
        let requested = self.text_of(|param| param.kind == ParamKind::Market)?;
        if self.is_of_app {
            Some(requested).filter(|market| *market != "from_token")
        } else {
            Some(HOME)
        }
    }
}

/// Checks a request against the definition of its endpoint.
pub(crate) fn check<'a>(
    found: &Match,
    incoming: &'a Incoming,
    target: &'a Target,
    (scopes, is_of_app): (&'a Scopes, bool),
    mode: QuotaMode,
) -> Result<Call<'a>, Response> {
    let endpoint = found.endpoint;
    let needed = &endpoint.scopes;
    let has_one = |scopes_of: &[Scope]| scopes_of.iter().any(|scope| scopes.contains(scope));
    if !needed.required.iter().all(|scope| scopes.contains(scope))
        || !(needed.alternative.is_empty() || has_one(needed.alternative))
    {
        return Err(insufficient_scope());
    }
    if endpoint.max_body.is_some_and(|max| incoming.body.len() > max) {
        return Err(Response::error(413, "Payload Too Large"));
    }
    let is_in_body = |param: &&ParamInfo| {
        param.location == ParamLocation::Body || param.also_in == Some(ParamLocation::Body)
    };
    let body = match endpoint.params.iter().find(is_in_body) {
        Some(param) if param.kind == ParamKind::Jpeg => params::text_body(incoming)?,
        Some(_) => {
            let accepts_list = endpoint.params.iter().any(|param| param.also_bare);
            let body = params::body(incoming).ok();
            let body = body.filter(|body| {
                accepts_list || !body.as_ref().is_some_and(serde_json::Value::is_array)
            });
            body.ok_or_else(|| Response::error(400, "Error parsing JSON."))?
        }
        None => None,
    };
    let mut values = Vec::new();
    let mut max_ids = endpoint.max_ids().and_then(|max| usize::try_from(max).ok());
    for param in &*endpoint.params {
        let max = mode.max(param);
        let default = param.default.map(|default| match (default.parse(), max) {
            // The default is at most the maximum of the app.
            (Ok(number), Some(max)) => i64::min(number, max).to_string(),
            _ => default.to_owned(),
        });
        let found = params::raw(param, found, target, body.as_ref());
        if let (Some((_, part)), Some(max)) = (&found, param.also_max)
            && Some(*part) == param.also_in
        {
            max_ids = usize::try_from(max).ok();
        }
        let raw = found.map(|(raw, _)| raw);
        match raw.or(default.as_deref().map(Raw::Text)) {
            Some(raw) => values.push((param, params::read(param, raw, max)?)),
            None if param.required => return Err(required(&param.key)),
            None => {}
        }
    }
    for (param, _) in &values {
        let is_excluded = |other: &ParamInfo| param.excludes.contains(&&*other.name);
        if let Some((other, _)) = values.iter().find(|(other, _)| is_excluded(other)) {
            let message = format!("Only one of {} and {} can be given", param.key, other.key);
            return Err(Response::error(400, &message));
        }
    }
    let language = incoming.header("accept-language");
    let call = Call { endpoint, target, scopes, mode, is_of_app, language, values, max_ids };
    if call.max_ids.is_some_and(|max| call.items().len() > max) {
        // For items of a playlist, which are in the body, Spotify's message contains `ids`.
        let is_uris = |param: &ParamInfo| {
            param.list && param.kind == ParamKind::Uri && param.location == ParamLocation::Query
        };
        let what = if endpoint.params.iter().any(is_uris) { "uris" } else { "ids" };
        return Err(Response::error(400, &format!("Too many {what} requested")));
    }
    check_sum(&call)?;
    if endpoint.lacks_scope(scopes, &call) { Err(insufficient_scope()) } else { Ok(call) }
}

/// Checks the sum of numbers, or of lengths of lists.
fn check_sum(call: &Call<'_>) -> Result<(), Response> {
    let Some(total) = call.endpoint.sum_limit else { return Ok(()) };
    let params = total.params.iter().filter_map(|index| call.endpoint.params.get(*index));
    let amounts = params.clone().map(|param| {
        if param.list {
            call.texts(&param.key).len() + call.items_of(&param.key).len()
        } else {
            call.number(&param.key)
        }
    });
    let sum = i64::try_from(amounts.fold(0, usize::saturating_add)).unwrap_or(i64::MAX);
    let names: Vec<String> = params.map(|param| capitalized(&param.key)).collect();
    let problem = match sum {
        sum if sum > total.max => format!("exceeds maximum of {}", total.max),
        sum if sum < total.min => format!("is below minimum of {}", total.min),
        _ => return Ok(()),
    };
    Err(Response::error(400, &format!("{} {problem}", names.join(" + "))))
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

impl ScopeContext for Call<'_> {
    fn uri_kinds(&self) -> Vec<&str> {
        self.items().iter().map(|item| item.uri.kind()).collect()
    }

    fn param_value<'a>(&'a self, param: &'a ParamInfo) -> Option<Cow<'a, str>> {
        self.text(&param.key).filter(|_| !param.list).map(Cow::Borrowed)
    }
}

pub(super) fn insufficient_scope() -> Response {
    Response::error(403, "Insufficient client scope")
}
