//! Renders pages, with links to this server.

use percent_encoding::utf8_percent_encode;

use super::check::Call;
use super::objects::View;
use super::route::ROOT;
use crate::endpoint::{Endpoint, ParamKind};
use crate::json::value::{Value, json_object};
use crate::request::value::QUERY;

/// Returns the first page of the list that belongs to an object, with the maximum length for the app.
pub(crate) fn first_page<T>(
    endpoint: &Endpoint,
    view: &View<'_>,
    id: &str,
    query: &[(&str, &str)],
    list: &[T],
    item: impl Fn(&T) -> Value,
) -> Value {
    let segments =
        endpoint.path.split('/').map(|word| if word.starts_with('{') { id } else { word });
    let address = format!("{}{}", view.base, segments.collect::<Vec<_>>().join("/"));
    let limit = endpoint.params.iter().find(|param| param.key == "limit");
    let limit = limit.and_then(|limit| view.mode.max(limit));
    let limit = limit.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    offset_page(&address, query, (0, limit), list, item)
}

/// Returns the page of a list that a call requests.
pub(crate) fn listed<T>(
    call: &Call<'_>,
    view: &View<'_>,
    list: &[T],
    item: impl Fn(&T) -> Value,
) -> Value {
    let window = (call.number("offset"), call.number("limit"));
    offset_page(&address(call, view), &kept(call), window, list, item)
}

/// Returns the URL of the list that a call requests, without a query.
pub(crate) fn address(call: &Call<'_>, view: &View<'_>) -> String {
    let path = call.target.raw_path.strip_prefix(ROOT).unwrap_or_default();
    format!("{}{}", view.base, path.strip_suffix('/').unwrap_or(path))
}

/// Returns the query that links to other pages keep: that of the call without the position, and the locale.
pub(crate) fn kept<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let query = call.target.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    query
        .filter(|(key, _)| !matches!(*key, "limit" | "offset" | "after" | "before" | "locale"))
        .chain(locale(call))
        .collect()
}

/// Returns the query that links within objects keep: the market and the locale of the call.
pub(crate) fn carried<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let market = call.endpoint.params.iter().find(|param| param.kind == ParamKind::Market);
    let market = market.and_then(|param| Some((&*param.key, call.text(&param.key)?)));
    market.into_iter().chain(locale(call)).collect()
}

/// The locale, which is a parameter of some endpoints and a header for all.
pub(crate) fn locale<'a>(call: &'a Call<'_>) -> Option<(&'a str, &'a str)> {
    call.text("locale").or(call.language).map(|language| ("locale", language))
}

/// Returns a page with an offset. All its links contain `query`.
pub(crate) fn offset_page<T>(
    address: &str,
    query: &[(&str, &str)],
    (offset, limit): (usize, usize),
    list: &[T],
    item: impl Fn(&T) -> Value,
) -> Value {
    let items = list.iter().skip(offset).take(limit).map(item).collect();
    page_of(address, query, (offset, limit), list.len(), items)
}

/// Returns a page of these items. All its links contain `query`.
pub(crate) fn page_of(
    address: &str,
    query: &[(&str, &str)],
    (offset, limit): (usize, usize),
    total: usize,
    items: Value,
) -> Value {
    let at = |offset: usize| {
        let (offset, limit) = (offset.to_string(), limit.to_string());
        let position = [("offset", offset.as_str()), ("limit", limit.as_str())];
        link(address, position.iter().chain(query))
    };
    let next = offset.saturating_add(limit);
    json_object! {
        "href": at(offset),
        "items": items,
        "limit": limit,
        "next": (next < total).then(|| at(next)),
        "offset": offset,
        "previous": (offset > 0).then(|| at(offset.saturating_sub(limit))),
        "total": total,
    }
}

pub(crate) fn link<'a>(
    address: &str,
    query: impl Iterator<Item = &'a (&'a str, &'a str)>,
) -> String {
    let mut link = address.to_owned();
    for (index, (key, value)) in query.enumerate() {
        link.push(if index == 0 { '?' } else { '&' });
        link.extend(utf8_percent_encode(key, QUERY));
        link.push('=');
        link.extend(utf8_percent_encode(value, QUERY));
    }
    link
}
