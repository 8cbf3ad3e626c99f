//! Pagination: it is lazy, keeps the order, and ends.

use std::cell::RefCell;

use super::support::{Reply, Seen, Server, json};
use tonearm::error::PagingErrorKind;
use tonearm::{Checkpoint, CursorPage, Error, Items, Page, QuotaMode, model};

/// The warnings that a thread logged.
struct Warnings;

thread_local! {
    static WARNINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl log::Log for Warnings {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            WARNINGS.with_borrow_mut(|warnings| warnings.push(record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// Runs `what` and returns the warnings that this thread logged meanwhile.
fn warnings(what: impl FnOnce()) -> Vec<String> {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Warnings).unwrap();
        log::set_max_level(log::LevelFilter::Warn);
    });
    WARNINGS.take();
    what();
    WARNINGS.take()
}

/// The number after `key=` in a request's query.
fn number(seen: &Seen, key: &str) -> Option<usize> {
    let query = seen.target().split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
}

fn show(index: usize) -> String {
    format!(
        r#"{{"added_at":"2024-01-01T00:00:00Z","show":{{"id":"{index:022}","name":"Show {index}"}}}}"#
    )
}

/// A page of shows as Spotify sends it, with a link to the next one on the same server.
fn page(seen: &Seen, total: usize) -> Reply {
    let (offset, limit) =
        (number(seen, "offset").unwrap_or(0), number(seen, "limit").unwrap_or(20));
    let end = total.min(offset + limit);
    let items: Vec<_> = (offset..end).map(show).collect();
    let link = format!(
        "http://{}/v1/me/shows?offset={end}&limit={limit}&locale=fi",
        seen.header("host").unwrap()
    );
    let next = if end < total { format!("{link:?}") } else { "null".to_owned() };
    let body = format!(
        r#"{{"href":"x","items":[{}],"limit":{limit},"offset":{offset},"total":{total},"next":{next},"previous":null}}"#,
        items.join(",")
    );
    json(200, &body)
}

fn targets(server: &Server) -> Vec<String> {
    server.seen().iter().map(|seen| seen.target().to_owned()).collect()
}

fn names(shows: Vec<model::SavedShow>) -> Vec<String> {
    shows.into_iter().map(|saved| saved.show.name).collect()
}

#[test]
fn items_are_in_order_and_pages_are_fetched_lazily() {
    let server = Server::start(|seen, _| page(seen, 120));
    let mut items = server.client().get_my_saved_shows().items();
    assert_eq!(targets(&server).len(), 0, "nothing is sent before the first item is requested");
    for index in 0..50 {
        assert_eq!(&*items.next().unwrap().unwrap().show.name, format!("Show {index}"));
        assert_eq!(targets(&server).len(), 1);
    }
    assert_eq!(items.by_ref().map(Result::unwrap).count(), 70);
    assert!(items.next().is_none() && items.next().is_none());
    assert_eq!(
        targets(&server),
        [
            "/v1/me/shows?limit=50",
            "/v1/me/shows?limit=50&offset=50",
            "/v1/me/shows?limit=50&offset=100"
        ]
    );
    assert!(server.seen().iter().all(|seen| seen.connection == 0));
}

#[test]
fn first_requests_no_more_items_than_it_returns() {
    let first = |total, count| {
        let server = Server::start(move |seen, _| page(seen, total));
        let shows = server.client().get_my_saved_shows().first(count).unwrap();
        assert_eq!(
            names(shows),
            (0..count.min(total)).map(|i| format!("Show {i}")).collect::<Vec<_>>()
        );
        targets(&server)
    };
    assert_eq!(first(120, 0), [] as [&str; 0]);
    assert_eq!(first(120, 7), ["/v1/me/shows?limit=7"]);
    assert_eq!(first(120, 70), ["/v1/me/shows?limit=50", "/v1/me/shows?limit=20&offset=50"]);
    assert_eq!(first(12, 70), ["/v1/me/shows?limit=50"], "the list may be shorter");

    let server = Server::start(|seen, _| page(seen, 120));
    let call = server.client().get_my_saved_shows().limit(10).offset(30);
    assert_eq!(call.first(15).unwrap().len(), 15);
    let expected = ["/v1/me/shows?limit=10&offset=30", "/v1/me/shows?limit=5&offset=40"];
    assert_eq!(targets(&server), expected, "`limit` is the maximum size of a page");

    let call = server.client().get("/me/shows").query("limit", 4);
    assert_eq!(call.first::<model::SavedShow>(6).unwrap().len(), 6);
    let expected = ["/v1/me/shows?limit=4", "/v1/me/shows?limit=2&offset=4"];
    assert_eq!(targets(&server)[2..], expected, "a custom call does the same");
}

#[test]
fn first_replaces_null_items_without_requesting_them_one_by_one() {
    let server = Server::start(|seen, _| {
        let offset = number(seen, "offset").unwrap_or(0);
        let limit = number(seen, "limit").unwrap();
        let item = |index| if index < 60 { "null".to_owned() } else { show(index) };
        let items: Vec<_> = (offset..offset + limit).map(item).collect();
        let next = format!(
            "http://{}/v1/me/shows?offset={}",
            seen.header("host").unwrap(),
            offset + limit
        );
        let items = items.join(",");
        json(
            200,
            format!(
                r#"{{"items":[{items}],"limit":{limit},"offset":{offset},"total":200,"next":"{next}"}}"#
            ),
        )
    });
    let shows = server.client().get_my_saved_shows().first(3).unwrap();
    assert_eq!(names(shows), ["Show 60", "Show 61", "Show 62"]);
    let expected = [
        "/v1/me/shows?limit=3",
        "/v1/me/shows?limit=50&offset=3",
        "/v1/me/shows?limit=50&offset=53",
    ];
    assert_eq!(targets(&server), expected);
}

#[test]
fn first_returns_the_items_before_an_error() {
    let server = Server::start(|seen, _| match number(seen, "offset") {
        None => page(seen, 120),
        Some(_) => json(500, "{}"),
    });
    let stopped = server.builder().retries(0).build().unwrap().get_my_saved_shows();
    let stopped = stopped.first(70).unwrap_err();
    assert_eq!((stopped.items.len(), stopped.checkpoint), (50, tonearm::Checkpoint::Offset(50)));
}

#[test]
fn pagination_uses_limit_and_offset_of_the_call() {
    let server = Server::start(|seen, _| page(seen, 30));
    let call = server.client().get_my_saved_shows().limit(7).offset(12);
    let pages: Vec<Page<_>> = call.clone().pages().map(Result::unwrap).collect();
    assert_eq!(pages.iter().map(|page| page.items.len()).collect::<Vec<_>>(), [7, 7, 4]);
    assert_eq!(
        names(call.collect_all().unwrap()),
        (12..30).map(|i| format!("Show {i}")).collect::<Vec<_>>()
    );
    assert_eq!(
        targets(&server)[..3],
        [
            "/v1/me/shows?limit=7&offset=12",
            "/v1/me/shows?limit=7&offset=19",
            "/v1/me/shows?limit=7&offset=26"
        ]
    );
}

#[test]
fn pagination_follows_pages_smaller_than_requested() {
    // The client asks for 50 items; the server returns 10, and its next link has `limit=10`.
    let server = Server::start(|seen, _| {
        let mut seen = seen.clone();
        seen.head = seen.head.replace("limit=50", "limit=10");
        page(&seen, 25)
    });
    let all = server.client().get_my_saved_shows().collect_all().unwrap();
    assert_eq!(names(all), (0..25).map(|i| format!("Show {i}")).collect::<Vec<_>>());
    assert_eq!(targets(&server).len(), 3);
}

#[test]
fn next_link_without_offset_continues_after_the_last_item() {
    let server = Server::start(|seen, number| match number {
        0 => json(
            200,
            format!(
                r#"{{"items":[{},null],"limit":2,"total":3,"next":"http://{}/v1/x"}}"#,
                show(0),
                seen.header("host").unwrap()
            ),
        ),
        _ => json(200, format!(r#"{{"items":[{}],"total":3,"next":null}}"#, show(2))),
    });
    assert_eq!(server.client().get_my_saved_shows().into_iter().map(Result::unwrap).count(), 2);
    assert_eq!(targets(&server), ["/v1/me/shows?limit=50", "/v1/me/shows?limit=50&offset=2"]);
}

#[test]
fn pagination_ends_after_an_error() {
    let server = Server::start(|seen, number| match number {
        0 => page(seen, 500),
        _ => json(500, r#"{"error":{"status":500,"message":"Server error."}}"#),
    });
    let mut items = server.client().get_my_saved_shows().items();
    assert_eq!(items.by_ref().take(50).filter(Result::is_ok).count(), 50);
    assert_eq!(items.next().unwrap().unwrap_err().status(), Some(500));
    assert!(items.next().is_none() && items.next().is_none());
    let mut pages = server.client().get_my_saved_shows().pages();
    assert!(pages.next().unwrap().is_err());
    assert!(pages.next().is_none());
    assert!(server.client().get_my_saved_shows().collect_all().is_err());
    assert_eq!(targets(&server).len(), 4);
}

#[test]
fn pagination_ends_at_an_empty_page_despite_its_next_link() {
    let server = Server::start(|seen, _| {
        let host = seen.header("host").unwrap();
        json(
            200,
            format!(
                r#"{{"items":[],"limit":50,"offset":0,"total":99,"next":"http://{host}/v1/me/shows?offset=50"}}"#
            ),
        )
    });
    assert_eq!(server.client().get_my_saved_shows().items().count(), 0);
    assert_eq!(targets(&server).len(), 1);
}

#[test]
fn next_link_to_another_server_fails_without_sending_the_token() {
    let elsewhere = Server::json(r#"{"items":[],"next":null}"#);
    let link = format!("{}/v1/me/shows?offset=50", elsewhere.origin());
    let server = Server::start(move |seen, _| {
        let host = seen.header("host").unwrap();
        let links = [
            link.clone(),
            format!("https://{host}/v1/me/shows?offset=50"),
            format!("http://{host}.example.com/v1?offset=50"),
            format!("http://{host}@example.com/?offset=50"),
            "//example.com/x?offset=50".into(),
        ];
        let link = &links[number(seen, "limit").unwrap() - 1];
        json(
            200,
            format!(r#"{{"items":[{}],"limit":1,"offset":0,"total":9,"next":"{link}"}}"#, show(0)),
        )
    });
    for limit in 1..=5 {
        let mut pages = server.client().get_my_saved_shows().limit(limit).pages();
        match pages.next() {
            Some(Err(Error::Paging(link))) => {
                assert_eq!(link.kind, PagingErrorKind::OtherServer, "{link}")
            }
            other => panic!("{limit}: {other:?}"),
        }
        assert!(pages.next().is_none());
    }
    assert_eq!((elsewhere.seen().len(), server.seen().len()), (0, 5));
}

#[test]
fn next_link_with_a_scheme_in_capitals_is_followed() {
    let server = Server::start(|seen, _| {
        let host = seen.header("host").unwrap().to_uppercase();
        let (offset, next) = match number(seen, "offset") {
            None => (0, format!(r#""HTTP://{host}/v1/me/shows?offset=1&limit=1""#)),
            Some(offset) => (offset, "null".into()),
        };
        let items = show(offset);
        json(
            200,
            format!(r#"{{"items":[{items}],"limit":1,"offset":{offset},"total":2,"next":{next}}}"#),
        )
    });
    let shows = server.client().get_my_saved_shows().limit(1).items();
    assert_eq!(shows.collect::<Result<Vec<_>, _>>().unwrap().len(), 2);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn next_link_to_an_earlier_page_fails() {
    let server = Server::start(|seen, _| {
        let host = seen.header("host").unwrap();
        json(
            200,
            format!(
                r#"{{"items":[{}],"limit":50,"offset":0,"total":99,"next":"http://{host}/v1/me/shows?offset=0"}}"#,
                show(0)
            ),
        )
    });
    let error = server.client().get_my_saved_shows().collect_all().unwrap_err().error;
    let text = error.to_string().replace(&server.origin(), "http://server");
    insta::assert_snapshot!(text, @"get_my_saved_shows: expected a link to the next page, found one to an earlier page: `http://server/v1/me/shows?offset=0`");
}

#[test]
fn pagination_ignores_a_wrong_total() {
    let server = Server::start(|seen, number| {
        let reply = page(seen, 120);
        let Reply::Bytes(bytes) = reply else { unreachable!() };
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("200"));
        json(
            200,
            body.replace(
                r#""total":120"#,
                ["\"total\":9999999", "\"total\":0", "\"total\":null"][number],
            ),
        )
    });
    assert_eq!(server.client().get_my_saved_shows().collect_all().unwrap().len(), 120);
}

#[test]
fn followed_artists_are_paginated_by_cursor() {
    let artist = |id: usize| format!(r#"{{"id":"{id:022}","name":"Artist {id}"}}"#);
    let server = Server::start(move |seen, _| {
        let after = number(seen, "after").unwrap_or(0);
        let end = (after + 2).min(5);
        let rows: Vec<_> = (after + 1..=end).map(artist).collect();
        let next = match end {
            5 => "null".to_owned(),
            _ => format!(
                "\"http://{}/v1/me/following?type=artist&limit=2&after={end:022}\"",
                seen.header("host").unwrap()
            ),
        };
        let cursor = if end == 5 { "null".to_owned() } else { format!("\"{end:022}\"") };
        json(
            200,
            format!(
                r#"{{"artists":{{"items":[{}],"limit":2,"total":5,"next":{next},"cursors":{{"after":{cursor}}}}}}}"#,
                rows.join(",")
            ),
        )
    });
    let call = server.client().get_my_followed_artists().limit(2);
    let page: CursorPage<model::Artist> = call.clone().send().unwrap();
    assert_eq!(page.cursors.after.as_deref(), Some("0000000000000000000002"));
    assert_eq!((page.total, page.items.len()), (Some(5), 2));
    let mut artists = call.items();
    let names: Vec<_> = artists.by_ref().map(|artist| artist.unwrap().name).collect();
    assert_eq!(names, [1, 2, 3, 4, 5].map(|id| format!("Artist {id}")));
    // At the end, it is where the last page begins.
    let last = Checkpoint::After("0000000000000000000004".to_owned());
    assert_eq!(artists.checkpoint(), last);
    assert_eq!(
        targets(&server)[1..],
        [
            "/v1/me/following?type=artist&limit=2",
            "/v1/me/following?type=artist&after=0000000000000000000002&limit=2",
            "/v1/me/following?type=artist&after=0000000000000000000004&limit=2"
        ]
    );
}

#[test]
fn top_items_are_typed_by_their_argument() {
    let server = Server::json(
        r#"{"items":[{"id":"7ouMYWpwJ422jRcDASZB7P","name":"One"}],"total":1,"next":null}"#,
    );
    let spotify = server.client();
    let artists: Vec<model::Artist> =
        spotify.get_my_top_items(tonearm::top_item::Artists).collect_all().unwrap();
    let tracks: Vec<model::Track> =
        spotify.get_my_top_items(tonearm::top_item::Tracks).collect_all().unwrap();
    assert_eq!((&*artists[0].name, &*tracks[0].name), ("One", "One"));
}

#[test]
fn paginators_and_clients_can_be_sent_to_other_threads() {
    fn is<T: Send + 'static>() {}
    is::<Items<Page<model::SavedTrack>>>();
    is::<tonearm::Pages<CursorPage<model::Artist>>>();
    is::<tonearm::endpoint::tracks::GetMySavedTracks>();
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<tonearm::Spotify>();
    shared::<tonearm::Request>();
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    error::<Error>();
    assert!(size_of::<Error>() <= 16);
}

const INVALID_LIMIT: &str = r#"{"error":{"status":400,"message":"Invalid limit"}}"#;

/// A server of 25 shows and 25 albums, in pages of at most `max`.
fn pages_of(max: usize) -> Server {
    Server::start(move |seen, _| {
        if number(seen, "limit").is_some_and(|limit| limit > max) {
            return json(400, INVALID_LIMIT);
        }
        let Reply::Bytes(bytes) = page(seen, 25) else { unreachable!() };
        let text = String::from_utf8(bytes).unwrap();
        let body = text.split_once("\r\n\r\n").unwrap().1;
        let body = body
            .replace(r#"{"added_at":"2024-01-01T00:00:00Z","show":"#, "")
            .replace("\"}}", "\"}");
        let is_search = seen.target().starts_with("/v1/search");
        json(200, if is_search { format!(r#"{{"shows":{body}}}"#) } else { body })
    })
}

fn limits(server: &Server) -> Vec<usize> {
    server.seen().iter().map(|seen| number(seen, "limit").unwrap_or(0)).collect()
}

const ARTIST: &str = "2CIMQHirSU0MQqyYHq0eOx";

#[test]
fn a_rejected_page_size_is_learned_once_for_all_clones_and_endpoints() {
    let server = pages_of(10);
    let spotify = server.client();
    let shows = spotify.search_for("x", tonearm::search_item::Show);
    let waiting = spotify.get_artist_albums(ARTIST).pages();
    assert_eq!(shows.clone().collect_all().unwrap().len(), 25);
    assert_eq!(limits(&server), [50, 10, 10, 10]);
    // The limit applies to other endpoints, clones, existing iterators, and page sizes set by the caller.
    assert_eq!(spotify.clone().get_artist_albums(ARTIST).collect_all().unwrap().len(), 25);
    assert_eq!(waiting.map(|page| page.unwrap().items.len()).sum::<usize>(), 25);
    assert_eq!(shows.limit(20).items().map(Result::unwrap).count(), 25);
    assert_eq!(limits(&server)[4..], [10; 9]);
}

#[test]
fn pagination_falls_back_from_a_page_size_that_the_caller_set() {
    let server = pages_of(10);
    let albums = server.client().get_artist_albums(ARTIST);
    assert_eq!(albums.clone().limit(20).items().map(Result::unwrap).count(), 25);
    assert_eq!(albums.limit(7).items().map(Result::unwrap).count(), 25);
    assert_eq!(limits(&server), [20, 10, 10, 10, 7, 7, 7, 7]);
    // This endpoint has no smaller maximum in development mode, so the error is returned.
    let server = pages_of(10);
    let error = server.client().get_my_saved_shows().pages().next().unwrap().unwrap_err();
    assert_eq!((error.status(), limits(&server)), (Some(400), vec![50]));
    insta::assert_snapshot!(error, @"get_my_saved_shows: Spotify returned 400: `Invalid limit`; Spotify rejected the request: check the arguments");
}

#[test]
fn a_rejected_page_size_alone_proves_nothing() {
    // The server rejects the smaller page size too, so the client must not remember it.
    let server = pages_of(9);
    let albums = server.client().get_artist_albums(ARTIST);
    for _ in 0..2 {
        let error = albums.clone().items().next().unwrap().unwrap_err();
        assert_eq!(error.status(), Some(400));
    }
    assert_eq!(limits(&server), [50, 10, 50, 10]);
}

#[test]
fn a_maximum_that_spotify_only_documents_is_the_second_choice_and_proves_nothing() {
    let server = pages_of(50);
    let spotify = server.client();
    assert_eq!(spotify.get_playlist_items(ARTIST).items().count(), 25);
    assert_eq!(spotify.search_for("x", tonearm::search_item::Show).items().count(), 25);
    assert_eq!(limits(&server), [100, 50, 50]);
    // A documented maximum that works doesn't show that the app is in development mode.
    assert_eq!(spotify.get_artist_albums(ARTIST).items().count(), 25);
    assert_eq!(limits(&server)[3..], [50]);
}

#[test]
fn in_development_mode_pagination_starts_with_pages_that_the_app_gets() {
    let server = pages_of(10);
    let spotify = server.builder().quota_mode(QuotaMode::Development).build().unwrap();
    assert_eq!(spotify.get_artist_albums(ARTIST).collect_all().unwrap().len(), 25);
    assert_eq!(spotify.get_artist_albums(ARTIST).limit(5).items().count(), 25);
    assert_eq!(limits(&server), [10, 10, 10, 5, 5, 5, 5, 5]);
    // In extended quota mode, no page size is remembered.
    let server = pages_of(10);
    let spotify = server.builder().quota_mode(QuotaMode::Extended).build().unwrap();
    for _ in 0..2 {
        assert_eq!(spotify.get_artist_albums(ARTIST).items().count(), 25);
    }
    assert_eq!(limits(&server), [50, 10, 10, 10, 50, 10, 10, 10]);
}

#[test]
fn without_links_pagination_ends_at_the_total_or_at_an_empty_page() {
    // The field filter removes the links, and the total if `total` is `None`.
    let offsets = |all: usize, start: u32, total: Option<usize>| {
        let server = Server::start(move |seen, _| {
            let (offset, limit) =
                (number(seen, "offset").unwrap_or(0), number(seen, "limit").unwrap());
            let items = vec![r#"{"track":null}"#; limit.min(all.saturating_sub(offset))].join(",");
            let total = total.map_or_else(String::new, |total| format!(r#","total":{total}"#));
            json(200, format!(r#"{{"items":[{items}]{total}}}"#))
        });
        let call = server.client().get_playlist_items(ARTIST).fields("items").limit(10);
        let call = if start > 0 { call.offset(start) } else { call };
        let pages = call.pages().map(|page| page.unwrap().items.len()).collect::<Vec<_>>();
        let seen = server.seen();
        (seen.iter().map(|seen| number(seen, "offset").unwrap_or(0)).collect::<Vec<_>>(), pages)
    };
    assert_eq!(offsets(25, 0, None), (vec![0, 10, 20, 25], vec![10, 10, 5, 0]));
    assert_eq!(offsets(25, 0, Some(25)), (vec![0, 10, 20], vec![10, 10, 5]));
    assert_eq!(offsets(20, 0, Some(20)).0, [0, 10]);
    assert_eq!(offsets(25, 15, Some(25)).0, [15]);
    // The total may count only the items of the page, so a full page is followed by another request.
    assert_eq!(offsets(25, 0, Some(10)).0, [0, 10, 20]);
    assert_eq!(offsets(0, 0, None).0, [0]);
}

#[test]
fn search_pagination_ends_at_1000_results() {
    // The server reports 1,810 results. Its next links continue after the 1,000 that it returns.
    let server = Server::start(|seen, _| {
        let (offset, limit) = (number(seen, "offset").unwrap_or(0), number(seen, "limit").unwrap());
        let rows: Vec<_> =
            (offset..offset + limit).map(|n| format!(r#"{{"name":"{n}"}}"#)).collect();
        let host = seen.header("host").unwrap();
        let next = format!(
            "http://{host}/v1/search?query=x&type=track&offset={}&limit={limit}",
            offset + limit
        );
        json(
            200,
            format!(
                r#"{{"tracks":{{"items":[{}],"limit":{limit},"offset":{offset},"total":1810,"next":"{next}"}}}}"#,
                rows.join(",")
            ),
        )
    });
    let spotify = server.client();
    let call = || spotify.search_for("x", tonearm::search_item::Track);
    for (call, requests) in [(call(), 20), (call().limit(30), 34), (call().offset(980), 1)] {
        let before = server.seen().len();
        let found = call.clone().collect_all().unwrap();
        assert_eq!(&*found.last().unwrap().name, "999", "{call:?}");
        assert_eq!(server.seen().len() - before, requests, "{call:?}");
    }
    let empty = spotify.search("x", [] as [tonearm::SearchType; 0]).send().unwrap_err();
    insta::assert_snapshot!(empty, @"search: `types`: expected at least one value, found an empty list; nothing was sent");
}

#[test]
fn an_invalid_page_size_is_rejected_and_not_replaced() {
    let server = tonearm::fake::Server::start().unwrap();
    let spotify = server.client().unwrap();
    let mut items = spotify.get_my_saved_tracks().limit(u64::MAX).items();
    let error = items.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("`limit`: expected a number"), "{error}");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn list_that_ends_early_is_warned_of() {
    let early = Server::start(|seen, _| {
        let Reply::Bytes(whole) = page(seen, 150) else { unreachable!() };
        let whole = String::from_utf8(whole).unwrap();
        let (_, body) = whole.split_once("\r\n\r\n").unwrap();
        let mut body: serde_json::Value = body.parse().unwrap();
        body["next"] = serde_json::Value::Null;
        json(200, body.to_string())
    });
    let expected = "get_my_saved_shows: the list ends after 50 of 150 items, without a next page";
    let call = || early.client().get_my_saved_shows();
    assert_eq!(warnings(|| assert_eq!(call().items().count(), 50)), [expected]);
    assert_eq!(warnings(|| assert_eq!(call().collect_all().unwrap().len(), 50)), [expected]);
    assert_eq!(warnings(|| drop(call().pages().last())), [expected]);

    let whole = Server::start(|seen, _| page(seen, 150));
    let call = || whole.client().get_my_saved_shows();
    assert_eq!(warnings(|| assert_eq!(call().items().count(), 150)), [""; 0]);
    assert_eq!(warnings(|| assert_eq!(call().offset(140).items().count(), 10)), [""; 0]);
    // The total of a search is an estimate.
    let found = Server::json(r#"{"tracks": {"items": [{"id": "1"}], "total": 900, "next": null}}"#);
    let call = || found.client().search_for("a", tonearm::search_item::Track);
    assert_eq!(warnings(|| assert_eq!(call().items().count(), 1)), [""; 0]);
}

#[test]
fn items_that_are_gone_are_skipped_without_a_warning() {
    let gone =
        r#"{"id": null, "name": null, "uri": null, "type": "episode", "show": {"id": null}}"#;
    let body = format!(
        r#"{{"items": [{{"episode": {gone}}}, {{"episode": null}}, null, {{"episode": {{"id": "1"}}}}]}}"#
    );
    let server = Server::json(&body);
    let read = || assert_eq!(server.client().get_my_saved_episodes().items().count(), 1);
    assert_eq!(warnings(read), [""; 0]);
    let server = Server::json(
        r#"{"items": [{"episode": {"id": "1", "show": {"id": "2", "images": 7}}}, {"episode": 7}]}"#,
    );
    let read = || assert_eq!(server.client().get_my_saved_episodes().items().count(), 1);
    let warnings = warnings(read);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("left out") && warnings[1].contains("skipped"), "{warnings:?}");
}

#[test]
fn items_have_the_index_that_spotify_counts() {
    let start = |filtered: bool| {
        Server::start(move |seen, _| {
            let offset = number(seen, "offset").unwrap_or(0);
            let origin = format!("http://{}", seen.header("host").unwrap());
            let items = match offset {
                0 => r#"null,{"track":{"id":"a"}},{"track":7}"#,
                3 => r#"{"track":{"id":"b"}},null,{"track":{"id":"c"}}"#,
                _ => r#"{"track":null},{"track":{"id":"d"}}"#,
            };
            let next = if offset < 6 {
                format!(r#""{}/v1/me/tracks?offset={}""#, origin, offset + 3)
            } else {
                "null".into()
            };
            let rest = if filtered {
                String::new()
            } else {
                format!(r#","offset":{offset},"limit":3,"total":8"#)
            };
            json(200, format!(r#"{{"items":[{items}],"next":{next}{rest}}}"#))
        })
    };
    let expected = [(1, "a"), (3, "b"), (5, "c"), (7, "d")];
    for filtered in [false, true] {
        let server = start(filtered);
        let call = || server.client().get_my_saved_tracks().limit(3);
        let name =
            |(index, saved): (u32, model::SavedTrack)| (index, saved.track.id.unwrap().to_string());
        let found: Vec<_> = call().items().indexed().map(|item| name(item.unwrap())).collect();
        assert_eq!(found, expected.map(|(index, id)| (index, id.to_owned())));
        let later = call().offset(3).items().prefetch(1).indexed().map(|item| item.unwrap().0);
        assert_eq!(later.collect::<Vec<_>>(), [3, 5, 7]);
    }
    let server = start(false);
    let page = server.client().get_my_saved_tracks().offset(3).send().unwrap();
    assert_eq!(page.indexed().map(|(index, _)| index).collect::<Vec<_>>(), [3, 5]);
}
