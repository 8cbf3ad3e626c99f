//! Lists that lead round in a circle, elsewhere, or on for ever.
//!
//! `tests/paging.rs` has more: links to other servers, back to the same page, totals that shrink.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::support::{Server, json};

/// The answers with followed artists whose next page begins behind the cursor that `after` says for the
/// number of the request.
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

/// A cursor that no request has room for.
#[test]
fn a_cursor_of_a_megabyte() {
    let server = artists(|_| "x".repeat(1 << 20));
    let spotify = server.client();
    let mut items = spotify.get_my_followed_artists().items();
    assert!(items.next().unwrap().is_ok());
    let error = items.next().unwrap().unwrap_err();
    insta::assert_snapshot!(error, @"get_my_followed_artists: `after`: expected a URL of at most 65534 characters, found 1048642; nothing was sent");
    assert!(items.next().is_none());
    assert_eq!(server.seen().len(), 1);
}
