//! Links from one page to the next.

use serde::de::IgnoredAny;
use ureq::http::Uri;

use super::{assert_told, client};
use crate::call::Call;
use crate::endpoint::{GET_MY_FOLLOWED_ARTISTS, GET_MY_SAVED_TRACKS, GET_RECENTLY_PLAYED};
use crate::error::Error;
use crate::json::value::Value;
use crate::page::{CursorPage, Page, Paged};
use crate::paging::Pages;

/// A page with a link, written in three lines: where the walk is, the cursor in the page, and the link.
pub fn links(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(3, '\n');
    let (Some(place), Some(cursor), Some(link)) = (lines.next(), lines.next(), lines.next()) else {
        return;
    };
    let before: Option<i64> = place.parse().ok();
    let mut call = Call::new(client(), &GET_MY_SAVED_TRACKS);
    if let Some(before) = before {
        call.set_key("offset", Value::Integer(before));
    }
    let page = serde_json::json!({
        "items": [1, 2], "limit": 2, "offset": before, "total": 1000, "next": link
    });
    if let Some(page) = read::<Page<IgnoredAny>>(page)
        && let Some(after) = step(call, &page, link)
    {
        let Some((_, Some(Value::Integer(after)))) = after.by_key("offset") else {
            panic!("a walk goes on from a number: {after:?}")
        };
        assert!(*after > before.unwrap_or(0), "from {before:?} to {after}");
    }
    for (row, key) in [
        (&GET_MY_FOLLOWED_ARTISTS, "after"),
        (&GET_RECENTLY_PLAYED, "after"),
        (&GET_RECENTLY_PLAYED, "before"),
    ] {
        let mut call = Call::new(client(), row);
        if !place.is_empty() {
            call.set_key(key, Value::text(place));
        }
        let before = cursors(&call);
        let page = serde_json::json!({
            "items": [1], "limit": 1, "next": link, "cursors": { "after": cursor, "before": cursor }
        });
        if let Some(page) = read::<CursorPage<IgnoredAny>>(page)
            && let Some(after) = step(call, &page, link)
        {
            assert_ne!(cursors(&after), before, "the same page again");
        }
    }
}

fn cursors(call: &Call) -> [Option<String>; 2] {
    ["after", "before"].map(|key| Some(call.by_key(key)?.1?.to_string()))
}

fn read<P: Paged>(page: serde_json::Value) -> Option<P> {
    serde_json::from_value(page).ok()
}

/// The call for the page behind this one. What it sends goes to our own server, whatever the link says.
fn step<P: Paged>(call: Call, page: &P, link: &str) -> Option<Call> {
    let row = call.endpoint().clone();
    let after = match Pages::next_call(call, page) {
        Ok(after) => after?,
        Err(error) => {
            assert!(matches!(error, Error::Paging(_)), "{error}");
            assert_told(&error);
            return None;
        }
    };
    // A link that another reader of URLs takes for one to another server is not taken for ours.
    if let Ok(uri) = link.parse::<Uri>() {
        assert_eq!((uri.scheme_str(), uri.host()), (Some("https"), Some("api.spotify.com")));
        assert!(uri.authority().is_some_and(|authority| !authority.as_str().contains('@')));
    }
    match after.request() {
        Ok(request) => {
            let url = request.url();
            let expected = format!("https://api.spotify.com/v1{}", row.path);
            assert_eq!(url.split('?').next(), Some(&*expected));
            assert!(url.parse::<Uri>().is_ok(), "{url}");
        }
        Err(error) => assert_told(&error),
    }
    Some(after)
}
