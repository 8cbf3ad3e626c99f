//! The documentation of areas, calls and parameters.

use proc_macro2::Ident;
use quote::quote;

use super::super::read::At;
use super::super::table::{
    Alias, Area, Availability, Case, Endpoint, Fallback, Join, Kind, LIBRARIES, Param, Shortcut,
    Table, type_name,
};
use super::samples;
use super::tokens::{file_of, origin};

const REFERENCE: &str = "https://developer.spotify.com/documentation/web-api/reference/";

/// The meaning of the columns of an area's table.
const LEGEND: &str = "*Scopes*: *none (app token)* if a client credentials token is enough. *Maximum*: the items of a page, or \
    the ids in one request; the client splits a longer list into several requests. *Available to*: *all* apps; apps in \
    *extended* quota mode; *legacy* apps, which had extended access before 27 November 2024. *In development mode*: the \
    call that the client makes in its place for an app in development mode; see [the guide](crate::guide::apps).";

/// The documentation of an area's module: a table of its calls.
pub(super) fn area(area: &Area) -> Vec<String> {
    let mut lines = vec![
        area.summary.clone(),
        "\n| call and request | scopes | maximum | available to; in development mode |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(area.endpoints.iter().map(area_line));
    lines.push(format!("\n{LEGEND}"));
    let first = area.endpoints.first();
    lines.extend(first.map(|endpoint| format!("\nDefined in {}.", file_of(endpoint))));
    lines
}

fn area_line(endpoint: &Endpoint) -> String {
    let mut scopes = names(endpoint.scopes.needed(), "<br>");
    if scopes.is_empty() {
        scopes.push_str(if endpoint.user_token { "none" } else { "none (app token)" });
    }
    let ids = endpoint.batch.as_ref().map(|batch| format!("{} ids", batch.max));
    let items = page_limit(endpoint).and_then(|limit| {
        let less = limit.development_max.map(|less| format!(", {less} in development mode"));
        Some(format!("{} items{}", limit.max?, less.unwrap_or_default()))
    });
    let max = ids.into_iter().chain(items).collect::<Vec<_>>().join(", ");
    let calls = endpoint.method_names().map(call_link).collect::<Vec<_>>().join("<br>");
    format!(
        "| {calls}<br>{} | {scopes} | {max} | {};<br>{} |",
        request(endpoint),
        availability_word(endpoint),
        in_its_place(endpoint)
    )
}

/// The call that an app in development mode makes.
fn in_its_place(endpoint: &Endpoint) -> String {
    match &endpoint.fallback {
        Some(fallback) => call_link(&fallback.endpoint.value),
        None if endpoint.is_available_to_all() => "the same".to_owned(),
        None => "unavailable".to_owned(),
    }
}

/// The methods of other libraries, and what to write in their place, for the guide.
pub(super) fn elsewhere(table: &Table) -> String {
    let mut text = String::new();
    for library in LIBRARIES {
        let names = |aliases: &[Alias]| {
            let aliases = aliases.iter().filter(|alias| alias.library == library);
            Some(names(aliases.map(|alias| alias.name.value.as_str()), "<br>"))
                .filter(|names| !names.is_empty())
        };
        let mut lines = Vec::new();
        for endpoint in table.endpoints() {
            lines.extend(endpoint.methods().filter_map(|(name, aliases, _)| {
                let call = call_link(&name.value);
                let place = match availability_word(endpoint) {
                    "extended" => {
                        format!("<br>*extended*; in development mode: {}", in_its_place(endpoint))
                    }
                    "legacy" => "<br>*legacy*".to_owned(),
                    _ => String::new(),
                };
                Some(format!("| {} | {call}{place} |\n", names(aliases)?))
            }));
        }
        lines.extend(table.elsewhere.iter().filter_map(|elsewhere| {
            let instead = with_links(&elsewhere.instead.value);
            Some(format!("| {} | {instead} |\n", names(&elsewhere.names)?))
        }));
        if !lines.is_empty() {
            text.push_str(&format!(
                "\n# Methods of {library}\n\n| {library} | here |\n| --- | --- |\n{}",
                lines.concat()
            ));
        }
    }
    text
}

/// A text in which [`get_me`] is a link to the call.
fn with_links(text: &str) -> String {
    let mut out = String::new();
    let mut pieces = text.split("[`");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match piece.split_once("`]") {
            Some((name, rest)) if !rest.starts_with('(') => out.push_str(&(call_link(name) + rest)),
            _ => out.push_str(&format!("[`{piece}")),
        }
    }
    out
}

/// The documentation of `endpoint::availability`: every endpoint, and which apps may call it.
pub(super) fn availability(table: &Table) -> Vec<String> {
    let mut lines = vec![
        "Every endpoint, the apps that may call it, and the request that an app in development mode sends in its place.\n\n\
         See [`QuotaMode`](crate::QuotaMode).\n\n\
         | call and request | available to | in development mode |\n| --- | --- | --- |"
            .to_owned(),
    ];
    lines.extend(table.endpoints().map(|endpoint| {
        let instead = match fallback(endpoint, table) {
            Some((fallback, target)) => {
                let mut text = format!("{}<br>{}", in_its_place(endpoint), request(target));
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
            None => in_its_place(endpoint),
        };
        format!(
            "| {}<br>{} | {} | {instead} |",
            call_link(&endpoint.name.value),
            request(endpoint),
            availability_word(endpoint)
        )
    }));
    lines
}

/// The documentation of a method of `Spotify`.
pub(super) fn method(
    endpoint: &Endpoint,
    shortcut: Option<&Shortcut>,
    table: &Table,
) -> Vec<String> {
    let case = shortcut.map(|shortcut| &shortcut.case);
    let is_element = matches!(case, Some(Case::Element { .. }));
    let summary = shortcut.map_or(&endpoint.summary, |shortcut| &shortcut.summary);
    let mut lines = vec![summary.clone(), String::new()];
    lines.extend(endpoint.notes.as_ref().map(|notes| format!("{}\n", notes.trim())));
    let full = call_link(&endpoint.name.value);
    let alike = match case {
        Some(Case::Element { .. }) => format!(", which is {full} with a list of one"),
        Some(Case::Value { module, variant, .. }) => {
            format!(", which is {full} with [`{module}::{variant}`](crate::{module}::{variant})")
        }
        None => String::new(),
    };
    lines.push(format!("{}{alike}\n", request(endpoint)));
    let returns = endpoint.returns.as_ref().map(|at| at.value.text()).unwrap_or_default();
    let returns = match case {
        Some(Case::Element { item, .. }) => quote!(#item).to_string().replace(' ', ""),
        Some(Case::Value { item: Some(item), .. }) => selected(&returns, item, endpoint),
        _ => returns,
    };
    let own_type = shortcut.filter(|_| is_element).map_or(&endpoint.name, |own| &own.name);
    let type_name = type_name(&own_type.value);
    // The documentation of Spotify shows the list.
    let of_list = match endpoint.pointer.as_deref() {
        Some("[0]") => ", the only value of the list in Spotify's response",
        _ => "",
    };
    lines.push(format!("- **Returns**: [`{returns}`]({type_name}::send){of_list}"));
    for (what, named) in [("Required setters", true), ("Optional parameters", false)] {
        let setters = endpoint.setters().filter(|(_, param)| param.named == named);
        let setters = setters
            .map(|(_, param)| format!("[`{0}`]({type_name}::{0})", param.name.value))
            .collect::<Vec<_>>();
        if !setters.is_empty() {
            lines.push(format!("- **{what}**: {}", setters.join(", ")));
        }
    }
    let of_app =
        if endpoint.user_token { "" } else { ", or of the app itself (client credentials)" };
    lines.push(format!("- **Token**: of a user{of_app}"));
    lines.extend(scopes(endpoint));
    lines.extend(batches(endpoint).filter(|_| !is_element));
    lines.extend(page_size(endpoint));
    lines.push(format!("- **Available to**: {}", available_to(endpoint)));
    lines.extend(in_development_mode(endpoint, is_element, table));
    if shortcut.is_none() {
        lines.extend(shortcuts(endpoint));
    }
    lines.push(String::new());
    for (_, argument) in endpoint.arguments() {
        let text = match case {
            Some(Case::Element { argument: name, .. }) => {
                format!("`{name}`: {}", element(argument))
            }
            Some(Case::Value { .. }) if argument.selects().is_some() => continue,
            _ => format!("`{}`: {}", argument.name.value, param(argument, endpoint)),
        };
        lines.push(text + "\n");
    }
    let partial = match endpoint.batch.as_ref().and_then(|batch| batch.join) {
        Some(Join::Unit | Join::Last) => {
            ", [`Error::PartialWrite`](crate::Error::PartialWrite) if a request failed after others completed, or if its elements are uncertain"
        }
        _ => "",
    };
    lines.push(format!(
        "# Errors\n\n`.send()` returns [`Error::InvalidArgument`](crate::Error::InvalidArgument) for an invalid value, \
         before it sends anything{partial}, and [the errors of every call](crate::endpoint#errors).\n\n\
         # Examples\n\n```no_run\n{}\n```\n\nSpotify's page: [{1}]({REFERENCE}{1}). {2}",
        samples::doc_test(&samples::example(endpoint, shortcut)),
        endpoint.reference,
        origin(endpoint)
    ));
    lines
}

/// The documentation of the type with which a call begins.
pub(super) fn request_type(endpoint: &Endpoint, shortcut: Option<&Shortcut>) -> String {
    let name = shortcut.map_or(&endpoint.name, |shortcut| &shortcut.name);
    format!(
        "The call {} and its optional parameters.\n\n{}\n\n# Examples\n\n```\n{}\n```",
        call_link(&name.value),
        origin(endpoint),
        samples::doc_test(&samples::dry_run(endpoint, shortcut))
    )
}

pub(super) fn param(param: &Param, endpoint: &Endpoint) -> String {
    let mut text = param.doc.clone();
    if !param.kinds.is_empty() {
        let kinds = names(param.kinds.iter().map(String::as_str), ", ");
        text.push_str(&format!(" Accepts URIs of the kinds {kinds}."));
    }
    match (param.min, param.max) {
        (Some(min), Some(max)) => text.push_str(&format!(" From {min} to {max}.")),
        // A sentence about an unsigned type would say nothing.
        (Some(0), None) => {}
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
    if let Some(Kind::OneOf(known)) = &param.kind {
        text.push_str(&format!(" See [`{0}`](crate::{0}).", known.path()));
    }
    if let Some(default) = &param.default {
        text.push_str(&format!(" Spotify's default: {default}."));
    }
    let conflicts = endpoint.params.iter().filter(|other| param.conflicts_with(other));
    let conflicts = names(conflicts.map(|other| other.name.value.as_str()), ", ");
    if !conflicts.is_empty() {
        text.push_str(&format!(" Can't be combined with {conflicts}."));
    }
    text
}

/// Names as code, with a text between them.
fn names<'n>(names: impl IntoIterator<Item = &'n str>, between: &str) -> String {
    let names = names.into_iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(between)
}

fn texts(names: &[At<String>]) -> impl Iterator<Item = &str> {
    names.iter().map(|name| name.value.as_str())
}

/// A sentence about the source of a call's raw responses for an app in development mode.
pub(super) fn fallback_note(endpoint: &Endpoint) -> Option<String> {
    let target = call_link(&endpoint.fallback.as_ref()?.endpoint.value);
    Some(format!("In an app in development mode these are responses to {target}."))
}

/// The calls for one case of an endpoint.
fn shortcuts(endpoint: &Endpoint) -> Option<String> {
    let one = match endpoint.shortcuts.first()?.case {
        Case::Element { .. } => "one id",
        Case::Value { .. } => "one type",
    };
    let links = endpoint.shortcuts.iter().map(|shortcut| call_link(&shortcut.name.value));
    Some(format!("- **For {one}**: {}", links.collect::<Vec<_>>().join(", ")))
}

/// The one element of a list.
fn element(param: &Param) -> String {
    match &param.kind {
        Some(Kind::Id(id)) => {
            format!("The [`{0}`](crate::{0}), or text with an id, a URI or a link.", id.name)
        }
        Some(Kind::Uri) => {
            "The [`SpotifyUri`](crate::SpotifyUri), a typed id, or text with a URI or a link."
                .to_owned()
        }
        _ => format!("One element of `{}`.", param.name.value),
    }
}

/// `Page<TopItem::Item>` with the type of the items.
fn selected(returns: &str, item: &Ident, endpoint: &Endpoint) -> String {
    let name = endpoint.selector().map(|(known, _)| format!("{}::Item", known.name));
    returns.replace(&name.unwrap_or_default(), &item.to_string())
}

fn call_link(name: &str) -> String {
    format!("[`{name}`](crate::Spotify::{name})")
}

fn request(endpoint: &Endpoint) -> String {
    format!("`{} {}`", endpoint.method.value, endpoint.path_text())
}

fn scopes(endpoint: &Endpoint) -> Vec<String> {
    let scopes = &endpoint.scopes;
    let always = [names(texts(&scopes.required), ", "), names(texts(&scopes.alternative), " or ")];
    let always = always.into_iter().filter(|names| !names.is_empty());
    let mut lines: Vec<_> = always.map(|names| format!("- **Scopes**: {names}")).collect();
    let cases = scopes.conditional.iter();
    lines.extend(cases.map(|case| format!("- **Scope** `{}`: {}", case.scope.value, case.when)));
    let unlocks = scopes.unlocks.iter();
    lines.extend(unlocks.map(|(scope, what)| {
        format!("- **Optional scope** `{}`: for {}", scope.value, what.value)
    }));
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
    // Otherwise an empty list has a meaning, which the entry describes.
    let empty = if batch.send_empty { "" } else { " It sends nothing for an empty list." };
    Some(format!(
        "- **Batches**: {} ids in one request; the client splits longer lists{joined}.{empty}",
        batch.max
    ))
}

/// The number of items of a page, for calls that return pages.
fn page_size(endpoint: &Endpoint) -> Option<String> {
    let limit = page_limit(endpoint)?;
    let max = limit.max?;
    let range = limit.min.map_or(format!("at most {max}"), |min| format!("{min} to {max}"));
    let mut text = format!("- **Page size**: {range}");
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
    let is_page = endpoint.returns.as_ref()?.value.is_page();
    endpoint.query_param("limit").filter(|_| is_page)
}

fn available_to(endpoint: &Endpoint) -> String {
    let text = match endpoint.availability {
        Some(Availability::All) | None if endpoint.params.iter().any(|param| param.owner_only) => {
            "every app; in development mode only for playlists that the user owns or collaborates on, else \
             [`Error::NotPlaylistOwner`](crate::Error::NotPlaylistOwner)"
        }
        Some(Availability::All) | None => "every app",
        Some(Availability::ExtendedQuota) => {
            "apps in extended quota mode; since February 2026 not to apps in development mode"
        }
        Some(Availability::Legacy) => "apps that had extended access before 27 November 2024",
    };
    match &endpoint.replacement {
        // The fallback has a separate line.
        Some(replacement) if endpoint.fallback.is_none() => {
            format!("{text}. Replaced by: {replacement}")
        }
        _ => text.to_owned(),
    }
}

fn availability_word(endpoint: &Endpoint) -> &'static str {
    endpoint.availability.map_or("all", Availability::word)
}

/// The effect of the call for an app in development mode, if the endpoint is not available to it.
fn in_development_mode(endpoint: &Endpoint, is_element: bool, table: &Table) -> Option<String> {
    if endpoint.is_available_to_all() {
        return None;
    }
    let unavailable = "[`Error::EndpointUnavailable`](crate::Error::EndpointUnavailable)";
    let Some((fallback, target)) = fallback(endpoint, table) else {
        return Some(format!("- **In development mode**: {unavailable}"));
    };
    let call = format!("{}, {}", call_link(&target.name.value), request(target));
    let mut text = match (fallback.fan_out, &target.batch) {
        _ if is_element => call,
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
    Some((fallback, table.endpoint(&fallback.endpoint.value)?))
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
