//! Finds the endpoint of a request.

use percent_encoding::percent_decode_str;

use super::development::Access;
use super::params::{self, invalid, required};
use crate::endpoint::Endpoint;
use crate::fake::http::{Incoming, Response};

/// The path of the Web API.
pub(crate) const ROOT: &str = "/v1";

/// The parts of a request target.
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// The segments below [`ROOT`], unescaped; `None` if the path does not begin with it.
    pub(crate) segments: Option<Vec<String>>,
    /// The path, unescaped.
    pub(crate) path: String,
    /// The path, escaped.
    pub(crate) raw_path: String,
    pub(crate) query: Vec<(String, String)>,
}

impl Target {
    pub(crate) fn of(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = path
            .strip_prefix(ROOT)
            .and_then(|rest| rest.strip_prefix('/'))
            // Spotify ignores a slash at the end.
            .map(|rest| rest.strip_suffix('/').unwrap_or(rest).split('/').map(decoded).collect());
        Target { segments, path: decoded(path), raw_path: path.to_owned(), query: pairs(query) }
    }

    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        // Links between pages of a search contain `query` instead of `q`.
        let is_key = |name: &str| name == key || key == "q" && name == "query";
        self.query.iter().find(|(name, _)| is_key(name)).map(|(_, value)| value.as_str())
    }
}

/// Parses the pairs of a query or a form.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        // `+` is a space; a literal plus is escaped.
        (decoded(&key.replace('+', " ")), decoded(&value.replace('+', " ")))
    });
    pairs.collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// An endpoint, and its path parameters in a request.
pub(crate) struct Match {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) in_path: Vec<(String, String)>,
}

/// Finds the endpoint of a request.
pub(crate) fn find(
    table: &[&'static Endpoint],
    incoming: &Incoming,
    target: &Target,
    access: Access,
) -> Result<Match, Response> {
    let matches: Vec<Match> = table
        .iter()
        .filter_map(|endpoint| {
            Some(Match { endpoint, in_path: in_path(&endpoint.path, target.segments.as_deref()?)? })
        })
        .collect();
    // Literal segments take precedence over parameters.
    let Some(fewest) = matches.iter().map(|found| found.in_path.len()).min() else {
        return Err(Response::error(404, "Service not found"));
    };
    let (of_method, others): (Vec<_>, Vec<_>) = matches
        .into_iter()
        .filter(|found| found.in_path.len() == fewest)
        .partition(|found| found.endpoint.method.as_str() == incoming.method);
    if of_method.is_empty() {
        let mut allowed: Vec<&str> =
            others.iter().map(|found| found.endpoint.method.as_str()).collect();
        allowed.sort_unstable();
        allowed.dedup();
        return Err(
            Response::error(405, "Method not allowed").with_header("allow", allowed.join(", "))
        );
    }
    let missing_fixed = |found: &Match| {
        let mut fixed = found.endpoint.fixed.iter();
        fixed.find(|(key, value)| target.value(key) != Some(*value)).map(|(key, _)| *key)
    };
    let mismatch = of_method.iter().find_map(missing_fixed);
    let body = params::body(incoming).ok().flatten();
    let missing = |found: &Match| {
        let required = found.endpoint.params.iter().filter(|param| param.required);
        required.filter(|param| params::raw(param, found, target, body.as_ref()).is_none()).count()
    };
    // Every request to an unavailable endpoint fails, whatever its parameters are.
    let is_unavailable = |found: &Match| access.unavailable(found.endpoint).is_some();
    // Endpoints with the same method and path differ in their fixed parameters, then in their required ones.
    of_method
        .into_iter()
        .filter(|found| missing_fixed(found).is_none() || is_unavailable(found))
        .min_by_key(|found| {
            (
                missing_fixed(found).is_some(),
                usize::MAX - found.endpoint.fixed.len(),
                missing(found),
            )
        })
        .ok_or_else(|| match mismatch {
            Some(key) if target.value(key).is_some() => invalid(key),
            Some(key) => required(key),
            None => Response::error(404, "Service not found"),
        })
}

/// Returns the parameters in a path, if it matches the template.
pub(crate) fn in_path(template: &str, segments: &[String]) -> Option<Vec<(String, String)>> {
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
