//! From a request to a row of the table, and every check that the row asks for.
//!
//! Nothing here knows an endpoint: what is asked, and what is refused, stands in the row.

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::http::{Answer, Incoming};
use crate::endpoint::{Endpoint, In, Param, ParamKind};
use crate::id::{SEGMENT, SpotifyUri};
use crate::market::Market;
use crate::scope::{Scope, Scopes};
use crate::time::Timestamp;

/// The path under which the Web API stands.
pub(super) const ROOT: &str = "/v1";

/// A target taken apart.
#[derive(Debug, Default)]
pub(super) struct Target {
    /// The segments below [`ROOT`], unescaped; none if the path does not begin with it.
    segments: Option<Vec<String>>,
    /// The path, unescaped.
    pub(super) path: String,
    /// The path as it came.
    pub(super) raw_path: String,
    pub(super) query: Vec<(String, String)>,
}

impl Target {
    pub(super) fn of(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = path
            .strip_prefix(ROOT)
            .and_then(|rest| rest.strip_prefix('/'))
            .map(|rest| rest.split('/').map(decoded).collect());
        let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            // In a query a plus stands for a space; a plus itself is escaped.
            (decoded(&key.replace('+', " ")), decoded(&value.replace('+', " ")))
        });
        Target { segments, path: decoded(path), raw_path: path.to_owned(), query: query.collect() }
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A request that follows every rule of its row.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) row: &'static Endpoint,
    pub(super) target: &'a Target,
    pub(super) scopes: &'a Scopes,
    /// The value of `accept-language`.
    pub(super) language: Option<&'a str>,
    values: Vec<(&'static Param, Given)>,
}

/// The value of a parameter.
#[derive(Clone, Debug)]
enum Given {
    Integer(i64),
    Boolean(bool),
    Text(String),
    Item(Item),
    Items(Vec<Item>),
}

/// An id or a URI, with the time that came with it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) uri: SpotifyUri,
    pub(super) added_at: Option<Timestamp>,
}

impl Call<'_> {
    fn value(&self, key: &str) -> Option<&Given> {
        self.values.iter().find(|(param, _)| param.key == key).map(|(_, given)| given)
    }

    /// A number that was sent, or that the row says is meant otherwise.
    pub(super) fn number(&self, key: &str) -> usize {
        match self.value(key) {
            Some(Given::Integer(number)) => usize::try_from(*number).unwrap_or(0),
            _ => 0,
        }
    }

    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        match self.value(key) {
            Some(Given::Boolean(boolean)) => Some(*boolean),
            _ => None,
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Given::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A single id.
    pub(super) fn item(&self, key: &str) -> Option<&SpotifyUri> {
        match self.value(key) {
            Some(Given::Item(item)) => Some(&item.uri),
            _ => None,
        }
    }

    /// The id in the path.
    pub(super) fn subject(&self) -> Option<&SpotifyUri> {
        self.values.iter().find_map(|(param, given)| match given {
            Given::Item(item) if param.within == In::Path => Some(&item.uri),
            _ => None,
        })
    }

    /// The list of ids or URIs.
    pub(super) fn items(&self) -> &[Item] {
        let list = self.values.iter().find_map(|(_, given)| match given {
            Given::Items(items) => Some(items.as_slice()),
            _ => None,
        });
        list.unwrap_or_default()
    }

    /// Whether the request names a market.
    pub(super) fn has_market(&self) -> bool {
        self.values.iter().any(|(param, _)| param.kind == ParamKind::Market)
    }

    pub(super) fn has_scope(&self, scope: &Scope) -> bool {
        self.scopes.contains(scope)
    }
}

/// A row, and the values that its path has in a request.
pub(super) struct Match {
    pub(super) row: &'static Endpoint,
    in_path: Vec<(String, String)>,
}

/// The row that a request is for.
pub(super) fn find(
    table: &[&'static Endpoint],
    incoming: &Incoming,
    target: &Target,
) -> Result<Match, Answer> {
    let matches: Vec<Match> = table
        .iter()
        .filter_map(|row| {
            Some(Match { row, in_path: in_path(row.path, target.segments.as_deref()?)? })
        })
        .collect();
    // A path without parameters is meant before one that takes the same word as a parameter.
    let Some(fewest) = matches.iter().map(|found| found.in_path.len()).min() else {
        return Err(Answer::refusal(404, "Service not found"));
    };
    let (of_path, of_method): (Vec<_>, Vec<_>) = matches
        .into_iter()
        .filter(|found| found.in_path.len() == fewest)
        .partition(|found| found.row.method.as_str() != incoming.method);
    if of_method.is_empty() {
        let mut allowed: Vec<&str> =
            of_path.iter().map(|found| found.row.method.as_str()).collect();
        allowed.dedup();
        return Err(
            Answer::refusal(405, "Method not allowed").with_header("allow", allowed.join(", "))
        );
    }
    let wrong = of_method.iter().find_map(|found| {
        found
            .row
            .fixed
            .iter()
            .find(|(key, value)| target.value(key) != Some(*value))
            .map(|(k, _)| k)
    });
    let is_fixed = |found: &Match| {
        found.row.fixed.iter().all(|(key, value)| target.value(key) == Some(*value))
    };
    let body = body_of(incoming).ok().flatten();
    let missing = |found: &Match| {
        let of_row = found.row.params.iter().filter(|param| param.required);
        of_row.filter(|param| raw(param, found, target, body.as_ref()).is_none()).count()
    };
    // Rows that share method and path are told apart by what they fix, then by what they require.
    of_method
        .into_iter()
        .filter(is_fixed)
        .min_by_key(|found| (usize::MAX - found.row.fixed.len(), missing(found)))
        .ok_or_else(|| match wrong {
            Some(key) if target.value(key).is_some() => invalid(key),
            Some(key) => required(key),
            None => Answer::refusal(404, "Service not found"),
        })
}

/// The parameters of a path template by the segments of a path, if they fit.
fn in_path(template: &str, segments: &[String]) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut segments = segments.iter();
    for word in template.trim_start_matches('/').split('/') {
        let segment = segments.next()?;
        match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(key) if !segment.is_empty() => values.push((key.to_owned(), segment.clone())),
            None if word == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(values)
}

/// Holds a request against its row.
pub(super) fn check<'a>(
    found: &Match,
    incoming: &'a Incoming,
    target: &'a Target,
    scopes: &'a Scopes,
) -> Result<Call<'a>, Answer> {
    let row = found.row;
    let needed = &row.scopes;
    let holds_one = |scopes_of: &[Scope]| scopes_of.iter().any(|scope| scopes.contains(scope));
    if !needed.required.iter().all(|scope| scopes.contains(scope))
        || !(needed.alternative.is_empty() || holds_one(needed.alternative))
    {
        return Err(insufficient_scope());
    }
    let body = match row.params.iter().any(|param| param.within == In::Body) {
        true => body_of(incoming).map_err(|()| Answer::refusal(400, "Error parsing JSON."))?,
        false => None,
    };
    let mut values = Vec::new();
    for param in row.params {
        let given = match raw(param, found, target, body.as_ref()) {
            Some(raw) => Some(read(param, raw)?),
            None if param.required => return Err(required(param.key)),
            None => match param.default {
                Some(default) => Some(read(param, Raw::Text(default))?),
                None => None,
            },
        };
        values.extend(given.map(|given| (param, given)));
    }
    let call = Call { row, target, scopes, language: incoming.header("accept-language"), values };
    if let Some(max) = row.max_ids()
        && call.items().len() > usize::try_from(max).unwrap_or(usize::MAX)
    {
        let is_uris = row
            .chunk
            .and_then(|chunk| row.params.get(chunk.param))
            .is_some_and(|param| param.kind == ParamKind::Uri);
        let message = if is_uris { "Too many uris requested" } else { "Too many ids requested" };
        return Err(Answer::refusal(400, message));
    }
    check_conditional(&call)?;
    Ok(call)
}

/// Scopes that a row asks for in some cases: by the kinds of the URIs, where it takes URIs of several
/// kinds, otherwise any one of them.
fn check_conditional(call: &Call<'_>) -> Result<(), Answer> {
    let scopes = call.row.scopes.conditional;
    let holds_one = |family: &str| {
        let mut of_family =
            scopes.iter().filter(|(scope, _)| scope.as_str().starts_with(family)).peekable();
        of_family.peek().is_none() || of_family.any(|(scope, _)| is_held(call, scope))
    };
    let takes_uris = call.row.params.iter().any(|param| param.kind == ParamKind::Uri);
    let is_held = match takes_uris {
        true => call.items().iter().all(|item| holds_one(scope_family(item.uri.kind()))),
        false => holds_one(""),
    };
    if is_held { Ok(()) } else { Err(insufficient_scope()) }
}

/// Whether the token holds a scope, or the one that does as well.
fn is_held(call: &Call<'_>, scope: &Scope) -> bool {
    call.has_scope(scope)
        || *scope == Scope::PlaylistModifyPublic && call.has_scope(&Scope::PlaylistModifyPrivate)
}

/// How the scopes for a kind of item begin.
fn scope_family(kind: &str) -> &'static str {
    match kind {
        "artist" | "user" => "user-follow-",
        "playlist" => "playlist-",
        _ => "user-library-",
    }
}

/// A value as it stands in the request.
enum Raw<'a> {
    Text(&'a str),
    Json(&'a Value),
}

fn raw<'a>(
    param: &Param,
    found: &'a Match,
    target: &'a Target,
    body: Option<&'a Value>,
) -> Option<Raw<'a>> {
    match param.within {
        In::Path => {
            let value = found.in_path.iter().find(|(key, _)| key == param.key);
            value.map(|(_, value)| Raw::Text(value))
        }
        // An empty list is none.
        In::Query => {
            target.value(param.key).filter(|value| !(param.list && value.is_empty())).map(Raw::Text)
        }
        In::Body => {
            let value = body?.get(param.key).or_else(|| body?.get(param.bare_key?))?;
            match value {
                Value::Null => None,
                Value::Array(values) if values.is_empty() => None,
                value => Some(Raw::Json(value)),
            }
        }
    }
}

/// The JSON object in the body; none if there is no body.
fn body_of(incoming: &Incoming) -> Result<Option<Value>, ()> {
    if incoming.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    match serde_json::from_slice(&incoming.body) {
        Ok(body @ Value::Object(_)) => Ok(Some(body)),
        _ => Err(()),
    }
}

fn read(param: &Param, raw: Raw<'_>) -> Result<Given, Answer> {
    match (param.list, raw) {
        (false, Raw::Text(text)) => read_one(param, text),
        (false, Raw::Json(Value::String(text))) => read_one(param, text),
        (false, Raw::Json(value @ (Value::Number(_) | Value::Bool(_)))) => {
            read_one(param, &value.to_string())
        }
        (true, Raw::Text(text)) => text
            .split(',')
            .map(|text| item(param, text))
            .collect::<Result<_, _>>()
            .map(Given::Items),
        (true, Raw::Json(Value::Array(values))) => values
            .iter()
            .map(|value| element(param, value))
            .collect::<Result<_, _>>()
            .map(Given::Items),
        _ => Err(invalid(param.key)),
    }
}

fn read_one(param: &Param, text: &str) -> Result<Given, Answer> {
    match param.kind {
        ParamKind::Integer => {
            let range = param.min.unwrap_or(i64::MIN)..=param.max.unwrap_or(i64::MAX);
            match text.parse() {
                Ok(number) if range.contains(&number) => Ok(Given::Integer(number)),
                _ => Err(invalid(param.key)),
            }
        }
        ParamKind::Boolean => text.parse().map(Given::Boolean).map_err(|_| invalid(param.key)),
        ParamKind::Id(_) | ParamKind::Uri | ParamKind::TimestampedId => {
            item(param, text).map(Given::Item)
        }
        ParamKind::Market => match text {
            // The country of the token's user.
            "from_token" => Ok(Given::Text(text.to_owned())),
            _ => match text.parse::<Market>() {
                Ok(market) => Ok(Given::Text(market.to_string())),
                Err(_) => Err(Answer::refusal(400, "Invalid market code")),
            },
        },
        ParamKind::Timestamp => match text.parse::<Timestamp>() {
            Ok(_) => Ok(Given::Text(text.to_owned())),
            Err(_) => Err(invalid(param.key)),
        },
        ParamKind::Words(words) if !words.contains(&text) => Err(invalid(param.key)),
        ParamKind::Words(_) | ParamKind::Text => Ok(Given::Text(text.to_owned())),
    }
}

/// An element of a list in a body: text, or an object with an id and perhaps a time.
fn element(param: &Param, value: &Value) -> Result<Item, Answer> {
    match value {
        Value::String(text) => item(param, text),
        Value::Object(members) if param.kind == ParamKind::TimestampedId => {
            let Some(Value::String(id)) = members.get("id") else { return Err(required("id")) };
            let added_at = match members.get("added_at") {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(text.parse().map_err(|_| invalid("added_at"))?),
                Some(_) => return Err(invalid("added_at")),
            };
            Ok(Item { added_at, ..item(param, id)? })
        }
        _ => Err(invalid(param.key)),
    }
}

fn item(param: &Param, text: &str) -> Result<Item, Answer> {
    let kind = match param.kind {
        ParamKind::Id(kind) => kind,
        ParamKind::TimestampedId => "track",
        _ => {
            let uri = text.starts_with("spotify:").then(|| text.parse::<SpotifyUri>());
            return match uri {
                Some(Ok(uri)) if param.kinds.is_empty() || param.kinds.contains(&uri.kind()) => {
                    Ok(Item { uri, added_at: None })
                }
                _ => Err(Answer::refusal(400, "Invalid Spotify URI")),
            };
        }
    };
    // Whether the kind has ids of 22 characters is known to the parser of URIs.
    match format!("spotify:{kind}:{}", utf8_percent_encode(text, SEGMENT)).parse() {
        Ok(uri) => Ok(Item { uri, added_at: None }),
        Err(_) => Err(Answer::refusal(400, "Invalid base62 id")),
    }
}

fn invalid(key: &str) -> Answer {
    Answer::refusal(400, &format!("Invalid {key}"))
}

fn required(key: &str) -> Answer {
    Answer::refusal(400, &format!("Missing required field: {key}"))
}

fn insufficient_scope() -> Answer {
    Answer::refusal(403, "Insufficient client scope")
}
