//! Pages, with links on this server.

use percent_encoding::utf8_percent_encode;

use super::check::Call;
use super::development::ServerMode;
use super::objects::View;
use super::route::ROOT;
use crate::endpoint::{Endpoint, ParamKind};
use crate::json::value::{Value, json_object};
use crate::request::value::QUERY;

/// The part of a list that a page contains.
#[derive(Clone, Copy)]
pub(crate) struct PageWindow {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) total: usize,
}

impl PageWindow {
    /// The part that a call asks for.
    pub(crate) fn of(call: &Call<'_>, total: usize) -> Self {
        PageWindow { limit: call.number("limit"), offset: call.number("offset"), total }
    }

    pub(crate) fn slice<'a, T>(&self, list: &'a [T]) -> &'a [T] {
        let end = self.offset.saturating_add(self.limit).min(list.len());
        list.get(self.offset..end).unwrap_or_default()
    }
}

/// The address of the list that belongs to an object, and the longest page of it for an app.
pub(crate) fn of_endpoint(
    endpoint: &Endpoint,
    mode: ServerMode,
    base: &str,
    id: &str,
) -> (String, usize) {
    let segments =
        endpoint.path.split('/').map(|word| if word.starts_with('{') { id } else { word });
    let address = segments.collect::<Vec<_>>().join("/");
    let limit = endpoint.params.iter().find(|param| param.key == "limit");
    let limit = limit.and_then(|limit| mode.max(limit));
    let limit = limit.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    (format!("{base}{address}"), limit)
}

/// The page of a list that a call asks for.
pub(crate) fn listed<T>(
    call: &Call<'_>,
    view: &View<'_>,
    list: &[T],
    item: impl Fn(&T) -> Value,
) -> Value {
    let window = PageWindow::of(call, list.len());
    let items = window.slice(list).iter().map(item).collect();
    offset_page(&address(call, view), &kept(call), window, items)
}

/// The address of the list that a call asks for, without a query.
pub(crate) fn address(call: &Call<'_>, view: &View<'_>) -> String {
    let path = call.target.raw_path.strip_prefix(ROOT).unwrap_or_default();
    format!("{}{path}", view.base)
}

/// The query of a call without its position in the list, and the locale: links to other pages keep it.
pub(crate) fn kept<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let query = call.target.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    query
        .filter(|(key, _)| !matches!(*key, "limit" | "offset" | "after" | "before" | "locale"))
        .chain(locale(call))
        .collect()
}

/// The market and the locale of a call: links within objects keep them.
pub(crate) fn carried<'a>(call: &'a Call<'_>) -> Vec<(&'a str, &'a str)> {
    let market = call.endpoint.params.iter().find(|param| param.kind == ParamKind::Market);
    let market = market.and_then(|param| Some((&*param.key, call.text(&param.key)?)));
    market.into_iter().chain(locale(call)).collect()
}

/// The locale, which is a parameter of some endpoints and a header for all.
fn locale<'a>(call: &'a Call<'_>) -> Option<(&'a str, &'a str)> {
    call.text("locale").or(call.language).map(|language| ("locale", language))
}

/// A page with an offset. All its links carry `query`.
pub(crate) fn offset_page(
    address: &str,
    query: &[(&str, &str)],
    window: PageWindow,
    items: Vec<Value>,
) -> Value {
    let PageWindow { limit, offset, total } = window;
    let at = |offset: usize| {
        let (offset, limit) = (offset.to_string(), limit.to_string());
        let own = [("offset", offset.as_str()), ("limit", limit.as_str())];
        link(address, own.iter().chain(query))
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

/// A page with a cursor: this page begins after `after`, the next one after `last`.
pub(crate) fn cursor_page(
    address: &str,
    query: &[(&str, &str)],
    PageWindow { limit, total, .. }: PageWindow,
    (after, last): (Option<&str>, Option<&str>),
    items: Vec<Value>,
) -> Value {
    let size = limit.to_string();
    let at = |after: Option<&str>| {
        let own = after.map(|after| ("after", after));
        let own: Vec<_> = own.into_iter().chain([("limit", size.as_str())]).collect();
        link(address, query.iter().chain(&own))
    };
    json_object! {
        "href": at(after),
        "items": items,
        "limit": limit,
        "next": last.map(|last| at(Some(last))),
        "cursors": json_object! { "after": last },
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
