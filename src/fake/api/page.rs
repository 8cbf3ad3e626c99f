//! Pages, with links on this server.

use percent_encoding::utf8_percent_encode;

use super::check::Call;
use super::development::ServerMode;
use crate::endpoint::Endpoint;
use crate::fake::json::{Json, object};
use crate::request::argument::QUERY;

/// Where a page stands in its list.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) total: usize,
}

impl Place {
    /// The place that a call asks for.
    pub(crate) fn asked(call: &Call<'_>, total: usize) -> Self {
        Place { limit: call.number("limit"), offset: call.number("offset"), total }
    }

    /// The part of a list that the page holds.
    pub(crate) fn rows<'a, T>(&self, list: &'a [T]) -> &'a [T] {
        let end = self.offset.saturating_add(self.limit).min(list.len());
        list.get(self.offset..end).unwrap_or_default()
    }
}

/// Where the list stands that a row gives of a thing, and how many a page of it holds at most for an app.
pub(crate) fn of_row(row: &Endpoint, mode: ServerMode, base: &str, id: &str) -> (String, usize) {
    let segments = row.path.split('/').map(|word| if word.starts_with('{') { id } else { word });
    let address = segments.collect::<Vec<_>>().join("/");
    let limit = row.params.iter().find(|param| param.key == "limit");
    let limit = limit.and_then(|limit| mode.max(limit));
    let limit = limit.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    (format!("{base}{address}"), limit)
}

/// A page that is counted. `query` is what all its links carry beside their place.
pub(crate) fn offset_page(
    address: &str,
    query: &[(&str, &str)],
    place: Place,
    items: Vec<Json>,
) -> Json {
    let Place { limit, offset, total } = place;
    let at = |offset: usize| {
        let (offset, limit) = (offset.to_string(), limit.to_string());
        let own = [("offset", offset.as_str()), ("limit", limit.as_str())];
        link(address, own.iter().chain(query))
    };
    let next = offset.saturating_add(limit);
    object! {
        "href": at(offset),
        "items": items,
        "limit": limit,
        "next": (next < total).then(|| at(next)),
        "offset": offset,
        "previous": (offset > 0).then(|| at(offset.saturating_sub(limit))),
        "total": total,
    }
}

/// A page that goes on from a cursor: `after` is where this one began, `last` where the next one does.
pub(crate) fn cursor_page(
    address: &str,
    query: &[(&str, &str)],
    limit: usize,
    (after, last): (Option<&str>, Option<&str>),
    total: usize,
    items: Vec<Json>,
) -> Json {
    let size = limit.to_string();
    let at = |after: Option<&str>| {
        let own = after.map(|after| ("after", after));
        let own: Vec<_> = own.into_iter().chain([("limit", size.as_str())]).collect();
        link(address, query.iter().chain(&own))
    };
    object! {
        "href": at(after),
        "items": items,
        "limit": limit,
        "next": last.map(|last| at(Some(last))),
        "cursors": object! { "after": last.map(str::to_owned) },
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
