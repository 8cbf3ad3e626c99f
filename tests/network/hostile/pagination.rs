//! Lists whose next page is a page that was read already, on another server, or always present.
//!
//! `tests/calls/pagination.rs` tests more: links to other servers, links to the same page, totals that shrink.

use std::sync::atomic::{AtomicUsize, Ordering};

use tonearm::Spotify;

use super::{ends, outcome};
use crate::support::{Server, json};

const SHOW: &str =
    r#"{"added_at":"2024-01-01T00:00:00Z","show":{"id":"0000000000000000000000","name":"One"}}"#;

/// Returns a page of this many items, with a total and the JSON of its next link.
fn page(rows: usize, total: u64, next: &str) -> String {
    let rows = vec![SHOW; rows].join(",");
    format!(r#"{{"items":[{rows}],"limit":50,"offset":0,"total":{total},"next":{next}}}"#)
}

/// Starts a server for followed artists. `after` returns the cursor of the next page, by the number of the request.
fn artists(after: impl Fn(usize) -> String + Send + Sync + 'static) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |seen, _| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let after = after(number);
        let host = seen.header("host").unwrap();
        let next = format!("http://{host}/v1/me/following?type=artist&after={after}");
        let row = r#"{"id":"0000000000000000000000","name":"One"}"#;
        json(
            200,
            format!(
                r#"{{"artists":{{"items":[{row}],"total":9,"next":"{next}","cursors":{{"after":"{after}"}}}}}}"#
            ),
        )
    })
}

#[test]
fn cyclic_next_links_return_an_error() {
    for length in [1, 2, 3, 7, 40] {
        // A cycle from the first page on, and a cycle after five other pages.
        for before in [0, 5] {
            let server = artists(move |number| match number {
                number if number < before => format!("before{number}"),
                number => format!("round{}", (number - before) % length),
            });
            let spotify = server.client();
            let result = ends("a cycle", move || {
                outcome(
                    spotify.get_my_followed_artists().collect_all().map_err(tonearm::Error::from),
                )
            });
            assert_eq!(result, "Link, Repeats", "{length}");
            // The client detects the cycle after a few rounds.
            assert!(
                server.seen().len() <= 4 * (before + length),
                "{length}: {}",
                server.seen().len()
            );
        }
    }
}

#[test]
fn iteration_ends_after_a_paging_error() {
    let server = artists(|number| format!("round{}", number % 3));
    let items = server.client().get_my_followed_artists().items();
    let (good, bad): (Vec<_>, Vec<_>) = items.partition(Result::is_ok);
    assert_eq!((bad.len(), good.len()), (1, server.seen().len() - 1));
}

/// Starts a server whose offsets grow and whose `next` is never null.
fn endless(rows: usize, total: u64) -> Server {
    Server::start(move |seen, number| {
        let host = seen.header("host").unwrap();
        let next = format!("\"http://{host}/v1/me/shows?offset={}\"", (number + 1) * rows);
        json(200, page(rows, total, &next))
    })
}

fn shows(spotify: Spotify) -> String {
    ends("a list without an end", move || {
        outcome(spotify.get_my_saved_shows().collect_all().map_err(tonearm::Error::from))
    })
}

#[test]
fn endless_list_fails_in_collect_all_but_not_in_items() {
    // A list may exceed its total by 100,000 items, or by its total again.
    for (rows, total, requests) in [(30_000, 10, 4), (30_000, 0, 4), (30_000, 70_000, 5)] {
        let server = endless(rows, total);
        assert_eq!(shows(server.client()), "Link, Endless", "{total}");
        assert_eq!(server.seen().len(), requests, "{total}");
    }
    let server = endless(60_000, 10);
    let error = server.client().get_my_saved_shows().collect_all().unwrap_err().error;
    insta::assert_snapshot!(error, @"get_my_saved_shows: the list has far more items than its `total`; `.pages()` continues without a limit");
    // The iterator reads them one by one without a limit.
    let items = server.client().get_my_saved_shows().items();
    assert_eq!(items.take(200_000).filter(Result::is_ok).count(), 200_000);
}

/// Null items aren't returned, and the search for an item among them ends too.
#[test]
fn endless_pages_of_null_items_return_an_error() {
    let server = Server::start(move |seen, number| {
        let host = seen.header("host").unwrap();
        let next = format!("\"http://{host}/v1/me/shows?offset={}\"", (number + 1) * 30_000);
        let first = if number == 0 { SHOW } else { "null" };
        json(200, page(30_000, 10, &next).replace(SHOW, "null").replacen("null", first, 1))
    });
    let mut items = server.client().get_my_saved_shows().items();
    let (mut items, first) = ends("the first", move || {
        let first = items.next();
        (items, first)
    });
    assert!(first.unwrap().is_ok());
    let (mut items, next) = ends("null", move || {
        let next = items.next();
        (items, next)
    });
    assert_eq!(outcome(next.unwrap()), "Link, Endless");
    assert!(items.next().is_none());
    assert_eq!(server.seen().len(), 5);
}

/// A list may grow while it is read, and its total may be wrong.
#[test]
fn list_longer_than_its_total_is_read() {
    let server = Server::start(move |seen, number| {
        let host = seen.header("host").unwrap();
        let next = match number {
            0..18 => format!("\"http://{host}/v1/me/shows?offset={}\"", (number + 1) * 5000),
            _ => "null".to_owned(),
        };
        json(200, page(5000, 3, &next))
    });
    assert_eq!(server.client().get_my_saved_shows().collect_all().unwrap().len(), 95_000);
}

#[test]
fn invalid_offsets_in_next_links_return_an_error() {
    for offset in ["99999999999999999999999", "-1", "1e9", "", "%00"] {
        let server = Server::start(move |seen, _| {
            let host = seen.header("host").unwrap();
            json(200, page(1, 9, &format!("\"http://{host}/v1/me/shows?offset={offset}\"")))
        });
        let spotify = server.client();
        let result = ends(offset, move || {
            outcome(spotify.get_my_saved_shows().collect_all().map_err(tonearm::Error::from))
        });
        assert_eq!(result, "Link, Repeats", "{offset}");
        assert!(server.seen().len() <= 3, "{offset}");
    }
    let server = Server::start(move |seen, _| {
        let host = seen.header("host").unwrap();
        let last = "http://HOST/v1/me/shows?offset=9223372036854775807".replace("HOST", host);
        json(200, page(1, 9, &format!("{last:?}")))
    });
    assert_eq!(shows(server.client()), "Link, Repeats");
}

/// A cursor that is too long for a request.
#[test]
fn oversized_cursor_is_rejected_before_sending() {
    let server = artists(|_| "x".repeat(1 << 20));
    let spotify = server.client();
    let mut items = spotify.get_my_followed_artists().items();
    assert!(items.next().unwrap().is_ok());
    let error = items.next().unwrap().unwrap_err();
    insta::assert_snapshot!(error, @"get_my_followed_artists: `after`: expected a URL of at most 65534 characters, found 1048642; nothing was sent");
    assert!(items.next().is_none());
    assert_eq!(server.seen().len(), 1);
}
