//! Properties of links to the next page.

use serde::de::IgnoredAny;
use ureq::http::Uri;

use super::{assert_message, client};
use crate::call::Call;
use crate::endpoint::{GET_MY_FOLLOWED_ARTISTS, GET_MY_SAVED_TRACKS, GET_RECENTLY_PLAYED};
use crate::error::Error;
use crate::json::value::Value;
use crate::page::{CursorPage, Page, Paged};
use crate::paging::Pages;

/// Checks a page with a link. The input has three lines: the current position, the cursor of the page, and the link.
pub fn links(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(3, '\n');
    let (Some(position), Some(cursor), Some(link)) = (lines.next(), lines.next(), lines.next())
    else {
        return;
    };
    let offset: Option<i64> = position.parse().ok();
    let mut call = Call::new(client(), &GET_MY_SAVED_TRACKS);
    if let Some(offset) = offset {
        call.set_key("offset", Value::Integer(offset));
    }
    let page = serde_json::json!({
        "items": [1, 2], "limit": 2, "offset": offset, "total": 1000, "next": link
    });
    if let Some(page) = read::<Page<IgnoredAny>>(page)
        && let Some(next) = step(call, &page, link)
    {
        let Some((_, Some(Value::Integer(next)))) = next.by_key("offset") else {
            panic!("pagination continues at an offset: {next:?}")
        };
        assert!(*next > offset.unwrap_or(0), "from {offset:?} to {next}");
    }
    for (endpoint, key) in [
        (&GET_MY_FOLLOWED_ARTISTS, "after"),
        (&GET_RECENTLY_PLAYED, "after"),
        (&GET_RECENTLY_PLAYED, "before"),
    ] {
        let mut call = Call::new(client(), endpoint);
        if !position.is_empty() {
            call.set_key(key, Value::text(position));
        }
        let previous = cursors(&call);
        let page = serde_json::json!({
            "items": [1], "limit": 1, "next": link, "cursors": { "after": cursor, "before": cursor }
        });
        if let Some(page) = read::<CursorPage<IgnoredAny>>(page)
            && let Some(next) = step(call, &page, link)
        {
            assert_ne!(cursors(&next), previous, "the same page again");
        }
    }
}

fn cursors(call: &Call) -> [Option<String>; 2] {
    ["after", "before"].map(|key| Some(call.by_key(key)?.1?.to_string()))
}

fn read<P: Paged>(page: serde_json::Value) -> Option<P> {
    serde_json::from_value(page).ok()
}

/// Returns the call for the next page, and checks that its request goes to Spotify's server, whatever the link is.
fn step<P: Paged>(call: Call, page: &P, link: &str) -> Option<Call> {
    let endpoint = call.endpoint().clone();
    let next = match Pages::next_call(call, page) {
        Ok(next) => next?,
        Err(error) => {
            assert!(matches!(error, Error::Paging(_)), "{error}");
            assert_message(&error);
            return None;
        }
    };
    // If another URL parser finds another server in the link, the client must not have accepted it.
    if let Ok(uri) = link.parse::<Uri>() {
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        assert_eq!((uri.scheme_str(), &*host), (Some("https"), "api.spotify.com"));
        assert!(uri.authority().is_some_and(|authority| !authority.as_str().contains('@')));
    }
    match next.request() {
        Ok(request) => {
            let url = request.url();
            let expected = format!("https://api.spotify.com/v1{}", endpoint.path);
            assert_eq!(url.split('?').next(), Some(&*expected));
            assert!(url.parse::<Uri>().is_ok(), "{url}");
        }
        Err(error) => assert_message(&error),
    }
    Some(next)
}
