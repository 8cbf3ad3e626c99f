//! The documentation of areas, calls and parameters.

use proc_macro2::Ident;

use super::super::read::At;
use super::super::table::{
    Area, Availability, Endpoint, Fallback, Join, Kind, Param, Returns, Table,
};
use super::samples;
use super::source_link::{file_of, origin};

const REFERENCE: &str = "https://developer.spotify.com/documentation/web-api/reference/";

/// What the columns of an area's table mean.
const LEGEND: &str = "*Scopes*: *no user* if a token of the app itself is enough. *Maximum*: the items of a page, or \
    the ids in one request; the client splits a longer list into several requests. *Available to*: *all* apps; apps in \
    *extended* quota mode; *legacy* apps, which had extended access before 27 November 2024. *In development mode*: the \
    call that the client makes in its place for an app in development mode; see [the guide](crate::guide::apps).";

/// The documentation of an area's module: a table of its calls.
pub(super) fn area(area: &Area) -> Vec<String> {
    let mut lines = vec![
        area.summary.clone(),
        "\n| call | request | scopes | maximum | available to | in development mode |".to_owned(),
        "| --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(area.endpoints.iter().map(area_line));
    lines.push(format!("\n{LEGEND}"));
    let first = area.endpoints.first();
    lines.extend(first.map(|endpoint| format!("\nDefined in {}.", file_of(endpoint))));
    lines
}

fn area_line(endpoint: &Endpoint) -> String {
    let scopes = endpoint.scopes.needed().map(|scope| format!("`{scope}`")).collect::<Vec<_>>();
    let scopes = match (scopes.is_empty(), endpoint.user_token) {
        (true, true) => "none".to_owned(),
        (true, false) => "no user".to_owned(),
        (false, _) => scopes.join(", "),
    };
    let ids = endpoint.batch.as_ref().map(|batch| format!("{} ids", batch.max));
    let items = page_limit(endpoint).and_then(|limit| {
        let less = limit.development_max.map(|less| format!(", {less} in development mode"));
        Some(format!("{} items{}", limit.max?, less.unwrap_or_default()))
    });
    let max = ids.into_iter().chain(items).collect::<Vec<_>>().join(", ");
    let instead = match &endpoint.fallback {
        Some(fallback) => call_link(&fallback.endpoint),
        None if endpoint.is_available_to_all() => "the same".to_owned(),
        None => "unavailable".to_owned(),
    };
    format!(
        "| {} | {} | {scopes} | {max} | {} | {instead} |",
        call_link(&endpoint.name.value),
        request(endpoint),
        availability_word(endpoint)
    )
}

/// The documentation of `endpoint::availability`: every endpoint, and which apps may call it.
pub(super) fn availability(table: &Table) -> Vec<String> {
    let mut lines = vec![
        "Every endpoint, the apps that may call it, and the request that an app in development mode sends in its place.\n\n\
         See [`QuotaMode`](crate::QuotaMode).\n\n\
         | call | request | available to | in development mode |\n| --- | --- | --- | --- |"
            .to_owned(),
    ];
    lines.extend(table.endpoints().map(|endpoint| {
        let instead = match fallback(endpoint, table) {
            Some((fallback, target)) => {
                let mut text = format!("{} {}", call_link(&target.name.value), request(target));
                if fallback.fan_out.is_some() {
                    text.push_str(", one for each id");
                }
                if fallback.owner.is_some() {
                    text.push_str(", only for the user's own");
                }
                for name in unsupported(endpoint, fallback, target) {
                    text.push_str(&format!(", without `{name}`"));
                }
                text
            }
            None if endpoint.is_available_to_all() => "the same".to_owned(),
            None => "unavailable".to_owned(),
        };
        format!(
            "| {} | {} | {} | {instead} |",
            call_link(&endpoint.name.value),
            request(endpoint),
            availability_word(endpoint)
        )
    }));
    lines
}

/// The documentation of a method of `Spotify`.
pub(super) fn method(endpoint: &Endpoint, table: &Table) -> Vec<String> {
    let mut lines = vec![endpoint.summary.clone(), String::new()];
    lines.extend(endpoint.notes.as_ref().map(|notes| format!("{}\n", notes.trim())));
    lines.push(format!("{}\n", request(endpoint)));
    let returns = endpoint.returns.as_ref().map(|at| at.value.text()).unwrap_or_default();
    lines.push(format!("- **Returns**: [`{returns}`]({}::send)", endpoint.type_name));
    let setters = endpoint.params.iter().filter(|param| !param.is_argument());
    let setters = setters
        .map(|param| format!("[`{0}`]({1}::{0})", param.name.value, endpoint.type_name))
        .collect::<Vec<_>>();
    if !setters.is_empty() {
        lines.push(format!("- **Optional parameters**: {}", setters.join(", ")));
    }
    let of_app =
        if endpoint.user_token { "" } else { ", or of the app itself (client credentials)" };
    lines.push(format!("- **Token**: of a user{of_app}"));
    lines.extend(scopes(endpoint));
    lines.extend(batches(endpoint));
    lines.extend(page_size(endpoint));
    lines.push(format!("- **Available to**: {}", available_to(endpoint)));
    lines.extend(in_development_mode(endpoint, table));
    lines.push(String::new());
    for argument in endpoint.params.iter().filter(|param| param.is_argument()) {
        lines.push(format!("`{}`: {}\n", argument.name.value, param(argument, table)));
    }
    let partial = match endpoint.batch.as_ref().and_then(|batch| batch.join) {
        Some(Join::Unit | Join::Last) => {
            ", [`Error::PartialWrite`](crate::Error::PartialWrite) if one of several requests failed"
        }
        _ => "",
    };
    lines.push(format!(
        "# Errors\n\n`.send()` returns [`Error::InvalidArgument`](crate::Error::InvalidArgument) for an invalid value, \
         before it sends anything{partial}, and [the errors of every call](crate::endpoint#errors).\n\n\
         # Examples\n\n```no_run\n{}\n```\n\nSpotify's page: [{1}]({REFERENCE}{1}). {2}",
        samples::doc_test(&samples::example(endpoint, table)),
        endpoint.reference,
        origin(endpoint)
    ));
    lines
}

/// The documentation of the type with which a call begins.
pub(super) fn request_type(endpoint: &Endpoint, table: &Table) -> String {
    format!(
        "The request of {}.\n\n{}\n\n# Examples\n\n```\n{}\n```",
        call_link(&endpoint.name.value),
        origin(endpoint),
        samples::doc_test(&samples::dry_run(endpoint, table))
    )
}

pub(super) fn param(param: &Param, table: &Table) -> String {
    let mut text = param.doc.clone();
    match (param.min, param.max) {
        (Some(min), Some(max)) => text.push_str(&format!(" From {min} to {max}.")),
        (Some(min), None) => text.push_str(&format!(" At least {min}.")),
        (None, Some(max)) if param.kind == Some(Kind::Jpeg) => {
            text.push_str(&format!(" At most {max} characters of base64."));
        }
        (None, Some(max)) => text.push_str(&format!(" At most {max}.")),
        (None, None) => {}
    }
    if let Some(max) = param.development_max {
        text.push_str(&format!(" At most {max} for an app in development mode."));
    }
    if let Some(max) = param.documented_max {
        text.push_str(&format!(" Spotify documents at most {max}, and has accepted more."));
    }
    if let Some(Kind::OneOf(index)) = param.kind
        && let Some(known) = table.enums.get(index)
    {
        let link = if known.selects_item { &known.module } else { &known.name };
        text.push_str(&format!(" See [`{link}`](crate::{link})."));
    }
    if let Some(default) = &param.default {
        text.push_str(&format!(" Spotify's default: {default}."));
    }
    text
}

/// What the raw responses of a call are in an app in development mode.
pub(super) fn fallback_note(endpoint: &Endpoint) -> Option<String> {
    let target = call_link(&endpoint.fallback.as_ref()?.endpoint);
    Some(format!("In an app in development mode these are responses to {target}."))
}

fn call_link(name: &str) -> String {
    format!("[`{name}`](crate::Spotify::{name})")
}

fn request(endpoint: &Endpoint) -> String {
    format!("`{} {}`", endpoint.method.value, endpoint.path_text())
}

fn scopes(endpoint: &Endpoint) -> Vec<String> {
    let scopes = &endpoint.scopes;
    let names = |scopes: &[(At<String>, Ident)], between: &str| {
        let names = scopes.iter().map(|(scope, _)| format!("`{}`", scope.value));
        names.collect::<Vec<_>>().join(between)
    };
    let mut lines = Vec::new();
    if !scopes.required.is_empty() {
        lines.push(format!("- **Scopes**: {}", names(&scopes.required, ", ")));
    }
    if !scopes.alternative.is_empty() {
        lines.push(format!("- **Scopes**: {}", names(&scopes.alternative, " or ")));
    }
    let cases = scopes.conditional.iter();
    lines.extend(cases.map(|case| format!("- **Scope** `{}`: {}", case.scope.value, case.when)));
    let unlocks = scopes.unlocks.iter();
    lines.extend(
        unlocks.map(|(scope, _, what)| format!("- With the scope `{}`: {what}", scope.value)),
    );
    if lines.is_empty() {
        lines.push("- **Scopes**: none".to_owned());
    }
    lines
}

fn batches(endpoint: &Endpoint) -> Option<String> {
    let batch = endpoint.batch.as_ref()?;
    let joined = match batch.join? {
        Join::Concat => " and joins the results in the order of the ids",
        Join::Unit => ", in order",
        Join::Last => ", in order, and returns the last response",
    };
    Some(format!(
        "- **Batches**: {} ids in one request; the client splits longer lists{joined}. It sends nothing for an empty list.",
        batch.max
    ))
}

/// The number of items of a page, for calls that return pages.
fn page_size(endpoint: &Endpoint) -> Option<String> {
    let limit = page_limit(endpoint)?;
    let mut text = match (limit.min, limit.max) {
        (Some(min), Some(max)) => format!("- **Page size**: {min} to {max}"),
        (None, Some(max)) => format!("- **Page size**: at most {max}"),
        _ => return None,
    };
    if let Some(default) = &limit.default {
        text.push_str(&format!(", {default} by default"));
    }
    if let Some(max) = limit.development_max {
        text.push_str(&format!("; at most {max} for an app in development mode"));
    }
    if let Some(max) = limit.documented_max {
        text.push_str(&format!("; Spotify documents at most {max}, and has accepted more"));
    }
    Some(text + "; pagination requests the largest pages")
}

fn page_limit(endpoint: &Endpoint) -> Option<&Param> {
    let is_page = |returns: &At<Returns>| returns.value.is_page();
    endpoint.returns.as_ref().filter(|returns| is_page(returns))?;
    endpoint.query_param("limit")
}

fn available_to(endpoint: &Endpoint) -> String {
    let text = match endpoint.availability {
        Some(Availability::All) | None if endpoint.params.iter().any(|param| param.owner_only) => {
            "every app; in development mode only for objects that the user owns or takes part in, else \
             [`Error::NotPlaylistOwner`](crate::Error::NotPlaylistOwner)"
        }
        Some(Availability::All) | None => "every app",
        Some(Availability::ExtendedQuota) => {
            "apps in extended quota mode; since February 2026 not to apps in development mode"
        }
        Some(Availability::Legacy) => "apps that had extended access before 27 November 2024",
    };
    match &endpoint.replacement {
        // The fallback has a line of its own.
        Some(replacement) if endpoint.fallback.is_none() => {
            format!("{text}. Replaced by: {replacement}")
        }
        _ => text.to_owned(),
    }
}

fn availability_word(endpoint: &Endpoint) -> &'static str {
    endpoint.availability.map_or("all", Availability::word)
}

/// What happens in an app in development mode, if the endpoint is not available to it.
fn in_development_mode(endpoint: &Endpoint, table: &Table) -> Option<String> {
    if endpoint.is_available_to_all() {
        return None;
    }
    let unavailable = "[`Error::EndpointUnavailable`](crate::Error::EndpointUnavailable)";
    let Some((fallback, target)) = fallback(endpoint, table) else {
        return Some(format!("- **In development mode**: {unavailable}"));
    };
    let call = format!("{}, {}", call_link(&target.name.value), request(target));
    let mut text = match (fallback.fan_out, &target.batch) {
        (Some(_), _) => format!(
            "{call}, one request for each id, several at a time; `None` for an id that Spotify does not know"
        ),
        (None, Some(batch)) => format!("{call}, at most {} in one request", batch.max),
        (None, None) => call,
    };
    if let Some(owner) = fallback.owner.and_then(|index| endpoint.params.get(index)) {
        let name = &owner.name.value;
        text.push_str(&format!(", if `{name}` is the user of the token, else {unavailable}"));
    }
    for name in unsupported(endpoint, fallback, target) {
        text.push_str(&format!("; {unavailable} for a call with `{name}`"));
    }
    Some(format!("- **In development mode**: {text}. See [`QuotaMode`](crate::QuotaMode)"))
}

fn fallback<'t>(endpoint: &'t Endpoint, table: &'t Table) -> Option<(&'t Fallback, &'t Endpoint)> {
    let fallback = endpoint.fallback.as_ref()?;
    Some((fallback, table.endpoint(&fallback.endpoint)?))
}

/// The names of options for which a fallback endpoint has no place.
fn unsupported(endpoint: &Endpoint, fallback: &Fallback, target: &Endpoint) -> Vec<String> {
    let names = endpoint.params.iter().enumerate().filter_map(|(index, param)| {
        match fallback.params.iter().find(|given| given.from == index) {
            None => (fallback.owner != Some(index)).then(|| param.name.value.clone()),
            Some(given) => {
                let accepted = target.params.get(given.to).and_then(|param| param.kind.as_ref());
                // An id with a time becomes an id.
                let loses =
                    param.kind == Some(Kind::TimestampedId) && accepted != param.kind.as_ref();
                loses.then(|| "added_at".to_owned())
            }
        }
    });
    names.collect()
}
