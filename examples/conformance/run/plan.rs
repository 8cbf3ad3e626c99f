//! The requests of an endpoint: the smallest, the fullest, and one beyond what the table allows.

use tonearm::custom::{CustomCall, NamedCall};
use tonearm::endpoint::{Endpoint, ParamInfo, ParamKind, ParamLocation};
use tonearm::{Error, Spotify};

use super::ids::{Chosen, Found};
use super::spec;

/// The arguments of a call.
pub type Arguments = Vec<(&'static ParamInfo, Chosen)>;

/// A request beyond a maximum, and the maximum.
pub struct Probe {
    pub param: &'static ParamInfo,
    pub max: i64,
    pub arguments: Arguments,
}

/// The arguments of the smallest request: what is required, and everything in the path.
pub fn smallest(endpoint: &'static Endpoint, found: &Found) -> Result<Arguments, String> {
    let mut arguments = Arguments::new();
    let is_needed = |param: &&ParamInfo| param.required || param.location == ParamLocation::Path;
    for param in endpoint.params.iter().filter(is_needed) {
        arguments.push((param, choose(endpoint, param, found, 2)?));
    }
    // Some endpoints need at least one of several parameters.
    let offline = Spotify::from_token("offline").map_err(|error| error.to_string())?;
    for param in endpoint.params.iter().filter(|param| !is_needed(param)) {
        if call(&offline, endpoint, &arguments).requests().is_ok() {
            break;
        }
        arguments.push((param, choose(endpoint, param, found, 1)?));
    }
    Ok(arguments)
}

/// The arguments of the fullest request: every parameter that can go with the others, with its greatest value. A
/// parameter that selects fields of the response is left out, because it would hide the others.
pub fn fullest(
    endpoint: &'static Endpoint,
    found: &Found,
    is_development: bool,
) -> Result<Arguments, String> {
    let mut arguments = Arguments::new();
    for param in &*endpoint.params {
        let excludes = &spec::param(&endpoint.name, &param.name)["excludes"];
        let is_excluded = |(other, _): &(&ParamInfo, Chosen)| {
            let names = excludes.as_array().into_iter().flatten();
            let theirs = &spec::param(&endpoint.name, &other.name)["excludes"];
            names
                .chain(theirs.as_array().into_iter().flatten())
                .any(|name| *name == *other.name || *name == *param.name)
        };
        if is_field_filter(endpoint, param) || arguments.iter().any(is_excluded) {
            continue;
        }
        let count = match endpoint.max_ids() {
            Some(max) if is_split(endpoint, param) => max as usize,
            _ => 1,
        };
        let mut chosen = choose(endpoint, param, found, count)?;
        match param.kind {
            ParamKind::Integer
                if param.max.is_some() && param.default.is_some_and(|it| it != "0") =>
            {
                chosen.text = max(param, is_development).unwrap_or_default().to_string();
            }
            // The first item is enough to see that an offset has an effect.
            ParamKind::Integer if param.default == Some("0") => chosen.text = "1".to_owned(),
            ParamKind::OneOf(values) if param.list => chosen.text = values.join(","),
            _ => {}
        }
        arguments.push((param, chosen));
    }
    Ok(arguments)
}

/// A request with one more than the maximum page size, or than the maximum number of ids.
pub fn probe(
    endpoint: &'static Endpoint,
    smallest: &Arguments,
    found: &Found,
    is_development: bool,
) -> Option<Probe> {
    let beyond = |param: &'static ParamInfo, max: i64, text: String| {
        let mut arguments = smallest.clone();
        arguments.retain(|(other, _)| other.name != param.name);
        arguments.push((param, Chosen { text, is_found: true }));
        Some(Probe { param, max, arguments })
    };
    if let Some(limit) = page_size(endpoint) {
        let max = max(limit, is_development)?;
        return beyond(limit, max, (max + 1).to_string());
    }
    let list = endpoint.params.iter().find(|param| is_split(endpoint, param))?;
    let max = i64::from(endpoint.max_ids()?);
    let count = usize::try_from(max + 1).ok()?;
    let ids = found.choose(endpoint, list, count)?.text;
    // If there are too few, some occur again.
    let ids: Vec<&str> = ids.split(',').cycle().take(count).collect();
    beyond(list, max, ids.join(","))
}

/// The parameter with the size of a page.
pub fn page_size(endpoint: &'static Endpoint) -> Option<&'static ParamInfo> {
    let is_size = |param: &&ParamInfo| {
        param.kind == ParamKind::Integer
            && param.max.is_some()
            && param.default.is_some_and(|it| it != "0")
    };
    endpoint.params.iter().find(is_size)
}

/// The maximum of a number for the app.
pub fn max(param: &ParamInfo, is_development: bool) -> Option<i64> {
    param.development_max.filter(|_| is_development).or(param.max)
}

fn choose(
    endpoint: &Endpoint,
    param: &ParamInfo,
    found: &Found,
    count: usize,
) -> Result<Chosen, String> {
    let count = if param.list { count } else { 1 };
    let none =
        || format!("no value for `{}`: the account has none, and neither has `spec/`", param.name);
    found.choose(endpoint, param, count).ok_or_else(none)
}

fn is_field_filter(endpoint: &Endpoint, param: &ParamInfo) -> bool {
    spec::param(&endpoint.name, &param.name)["field_filter"] == true
}

/// Returns `true` if the client splits this list into several requests.
pub fn is_split(endpoint: &Endpoint, param: &ParamInfo) -> bool {
    spec::entry(&endpoint.name)["batch"]["by"] == *param.name
}

/// The call of an endpoint with these arguments.
pub fn call(spotify: &Spotify, endpoint: &Endpoint, arguments: &Arguments) -> NamedCall {
    let call = spotify.call(&endpoint.name);
    arguments.iter().fold(call, |call, (param, value)| call.set(&param.name, &value.text))
}

/// The same request of an endpoint that reads, without the client's checks.
pub fn unchecked(spotify: &Spotify, endpoint: &Endpoint, arguments: &Arguments) -> CustomCall {
    let call = spotify.get(&*endpoint.path);
    let fixed = spec::fixed(&endpoint.name).into_iter();
    let call = fixed.fold(call, |call, (key, value)| call.query(key, value));
    arguments.iter().fold(call, |call, (param, value)| match param.location {
        ParamLocation::Path => call.path(&param.key, &*value.text),
        _ => call.query(&param.key, &*value.text),
    })
}

/// The request in one line, with `{names}` in the place of ids that belong to people.
pub fn shown(request: Result<tonearm::Request, Error>, arguments: &Arguments) -> String {
    let request = match request {
        Ok(request) => request,
        Err(error) => return error.to_string(),
    };
    let query = request.query().map(|(key, value)| shortened(&format!("{key}={value}")));
    let query = query.collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    let body = request.body().map(|body| format!(" {body}")).unwrap_or_default();
    let mut text = format!("{} {}{mark}{query}{body}", request.method(), request.path());
    for (param, value) in arguments.iter().filter(|(_, value)| value.is_found) {
        let is_personal = matches!(param.kind, ParamKind::Id("user" | "playlist"));
        for id in value.text.split(',').filter(|_| is_personal) {
            text = text.replace(id, &format!("{{{}}}", param.name));
        }
    }
    text
}

/// A parameter without the middle of a long list.
fn shortened(pair: &str) -> String {
    match pair.split(',').collect::<Vec<_>>()[..] {
        [first, second, .., last] if pair.matches(',').count() > 5 => {
            format!("{first},{second},…,{last} ({} values)", pair.matches(',').count() + 1)
        }
        _ => pair.to_owned(),
    }
}
