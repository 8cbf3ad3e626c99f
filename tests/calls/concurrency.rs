//! Concurrent reads on several connections: every item is returned once and in order.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use super::support::{Reply, Seen, Server, json};
use tonearm::{Checkpoint, Spotify, search_item};

fn query(seen: &Seen, key: &str) -> usize {
    let pairs = seen.target().split_once('?').map_or("", |(_, query)| query).split('&');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == key).map_or(0, |(_, value)| value.parse().unwrap())
}

/// Returns the page that a request asks for, from a list of numbered shows.
fn page(seen: &Seen, list: &[usize]) -> Reply {
    let (limit, offset) = (query(seen, "limit"), query(seen, "offset"));
    let end = list.len().min(offset + limit);
    let rows = list.get(offset..end).unwrap_or_default().iter().map(|n| {
        format!(r#"{{"show":{{"id":"{n:022}","name":"{n}","total_episodes":1,"explicit":false}}}}"#)
    });
    let host = seen.header("host").unwrap();
    let next = if end < list.len() {
        format!(r#""http://{host}/v1/me/shows?offset={end}&limit={limit}""#)
    } else {
        "null".to_owned()
    };
    json(
        200,
        format!(
            r#"{{"items":[{}],"limit":{limit},"offset":{offset},"total":{},"next":{next}}}"#,
            rows.collect::<Vec<_>>().join(","),
            list.len()
        ),
    )
}

fn client(server: &Server, connections: usize) -> Spotify {
    server.builder().retries(0).connections(connections).build().unwrap()
}

fn numbers(spotify: &Spotify) -> Vec<usize> {
    let all = spotify.get_my_saved_shows().collect_all().unwrap();
    all.iter().map(|saved| saved.show.name.parse().unwrap()).collect()
}

#[test]
fn pages_are_fetched_concurrently_and_joined_in_order() {
    // The requests after the first wait for each other. The test hangs unless they are concurrent.
    let meeting = Arc::new(Barrier::new(4));
    let list: Vec<usize> = (0..450).collect();
    let server = Server::start(move |seen, _| {
        if query(seen, "offset") > 0 {
            meeting.wait();
        }
        page(seen, &list)
    });
    let spotify = Spotify::builder().token("t").base_url(server.base_url()).build().unwrap();
    assert_eq!(numbers(&spotify), (0..450).collect::<Vec<_>>());
    let seen = server.seen();
    assert_eq!(seen.len(), 9, "each page is requested once");
    let connections: BTreeSet<usize> = seen.iter().map(|seen| seen.connection).collect();
    assert_eq!(connections.len(), 4);
    assert!(seen.iter().all(|seen| query(seen, "limit") == 50), "pages have the maximum size");
}

#[test]
fn connections_stay_within_the_configured_limit() {
    let list: Vec<usize> = (0..1000).collect();
    for allowed in [1, 2, 8] {
        let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let (list, noted) = (list.clone(), Arc::clone(&most));
        let server = Server::start(move |seen, _| {
            noted.fetch_max(1 + now.fetch_add(1, Ordering::SeqCst), Ordering::SeqCst);
            let page = page(seen, &list);
            now.fetch_sub(1, Ordering::SeqCst);
            page
        });
        assert_eq!(numbers(&client(&server, allowed)).len(), 1000);
        let connections: BTreeSet<usize> =
            server.seen().iter().map(|seen| seen.connection).collect();
        assert!(connections.len() <= allowed && most.load(Ordering::SeqCst) <= allowed);
        assert_eq!(server.seen().len(), 20);
        if allowed == 1 {
            let offsets: Vec<usize> =
                server.seen().iter().map(|seen| query(seen, "offset")).collect();
            assert_eq!(offsets, (0..20).map(|n| n * 50).collect::<Vec<_>>());
        }
    }
}

/// Panics unless one of ten attempts sends less than `most` requests. The system may stop the thread that reads the
/// error for a while, and the others send more meanwhile.
fn one_attempt_sends_less_than(most: usize, attempt: impl Fn() -> usize) {
    let mut sent = Vec::new();
    while sent.last().is_none_or(|sent| *sent >= most) {
        assert!(sent.len() < 10, "expected less than {most} requests, found {sent:?}");
        sent.push(attempt());
    }
}

#[test]
fn first_failure_stops_fetching_and_keeps_earlier_items() {
    let list: Arc<Vec<usize>> = Arc::new((0..10_000).collect());
    one_attempt_sends_less_than(30, || {
        let list = list.clone();
        let server = Server::start(move |seen, _| match query(seen, "offset") {
            300 => json(500, ""),
            _ => page(seen, &list),
        });
        let stopped = client(&server, 4).get_my_saved_shows().collect_all().unwrap_err();
        assert_eq!((stopped.items.len(), &stopped.checkpoint), (300, &Checkpoint::Offset(300)));
        assert_eq!(stopped.error.status(), Some(500));
        let mut shows = stopped.items.iter().enumerate();
        assert!(shows.all(|(n, saved)| *saved.show.name == *n.to_string()));
        // Of 200.
        server.seen().len()
    });
}

#[test]
fn list_that_changes_while_fetching_is_read_again() {
    // After the second request, the user saves a show, which moves all others back by one.
    let server = Server::start(move |seen, number| {
        let first = if number < 2 { 1 } else { 0 };
        page(seen, &(first..400).collect::<Vec<_>>())
    });
    assert_eq!(numbers(&client(&server, 4)), (0..400).collect::<Vec<_>>());
    assert!(server.seen().len() <= 8 + 8, "{}", server.seen().len());
    // After the fifth request, the user removes a show.
    let server = Server::start(move |seen, number| {
        page(seen, &(if number < 5 { 0..400 } else { 1..400 }).collect::<Vec<_>>())
    });
    assert_eq!(numbers(&client(&server, 4)), (1..400).collect::<Vec<_>>());
}

#[test]
fn list_that_keeps_changing_is_read_a_bounded_number_of_times() {
    let server = Server::start(|seen, number| page(seen, &(0..400 + number).collect::<Vec<_>>()));
    let read = numbers(&client(&server, 4));
    assert!(read.len() >= 400);
    assert!(server.seen().len() <= 3 * 12, "{}", server.seen().len());
}

#[test]
fn changing_search_total_does_not_restart_pagination() {
    let server = Server::start(|seen, number| {
        let (offset, host) = (query(seen, "offset"), seen.header("host").unwrap());
        let rows: Vec<String> = (offset..offset + 50)
            .map(|n| format!(r#"{{"id":"{n:022}","name":"{n}","type":"artist","images":[]}}"#))
            .collect();
        let next = match offset {
            950 => "null".to_owned(),
            _ => format!(r#""http://{host}/v1/search?offset={}&limit=50""#, offset + 50),
        };
        json(
            200,
            format!(
                r#"{{"artists":{{"items":[{}],"limit":50,"offset":{offset},"total":{},"next":{next}}}}}"#,
                rows.join(","),
                5000 + number
            ),
        )
    });
    let all = client(&server, 4).search_for("x", search_item::Artist).collect_all().unwrap();
    assert_eq!(all.len(), 1000);
    assert!(all.iter().enumerate().all(|(n, artist)| *artist.name == *n.to_string()));
    let offsets: Vec<usize> = server.seen().iter().map(|seen| query(seen, "offset")).collect();
    assert_eq!(
        offsets.len(),
        20,
        "no page is requested twice or after the 1,000th item: {offsets:?}"
    );
}

#[test]
fn pagination_follows_next_links_of_shorter_pages() {
    // The client asks for 50 items. The server returns 30, and its next links advance by 30.
    let list: Vec<usize> = (0..300).collect();
    let server = Server::start(move |seen, _| {
        let short = seen.head.replace("limit=50", "limit=30");
        page(&Seen { head: short, ..seen.clone() }, &list)
    });
    assert_eq!(numbers(&client(&server, 4)), (0..300).collect::<Vec<_>>());
    let changing: Vec<usize> = (0..300).collect();
    // Only the first page is full.
    let server = Server::start(move |seen, _| match query(seen, "offset") {
        0 => page(seen, &changing),
        _ => {
            let short = seen.head.replace("limit=50", "limit=20");
            page(&Seen { head: short, ..seen.clone() }, &changing)
        }
    });
    assert_eq!(numbers(&client(&server, 4)), (0..300).collect::<Vec<_>>());
}

/// Returns `true` for each even id of a request, and `false` for each odd one.
fn evens(seen: &Seen) -> Reply {
    let list = seen
        .target()
        .split(['?', '&'])
        .find_map(|pair| pair.strip_prefix("uris=").or_else(|| pair.strip_prefix("ids=")));
    let even = |id: &str| id.ends_with(['0', '2', '4', '6', '8']);
    json(200, format!("{:?}", list.unwrap_or_default().split(',').map(even).collect::<Vec<_>>()))
}

#[test]
fn checks_of_many_ids_are_concurrent_and_joined_in_order() {
    let ids: Vec<String> = (0..1000).map(|n| format!("{n:022}")).collect();
    let expected: Vec<bool> = (0..1000).map(|n| n % 2 == 0).collect();
    // There are 20 requests: the first is sent alone, then four run concurrently, and the last three
    // don't fill a group of four.
    let (meeting, number) = (Arc::new(Barrier::new(4)), AtomicUsize::new(0));
    let server = Server::start(move |seen, _| {
        if (1..17).contains(&number.fetch_add(1, Ordering::SeqCst)) {
            meeting.wait();
        }
        evens(seen)
    });
    assert_eq!(client(&server, 4).are_tracks_saved(&ids).send().unwrap(), expected);
    assert_eq!(server.seen().len(), 20);
    let connections: BTreeSet<usize> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections.len(), 4);
    // The fallback endpoint for apps in development mode checks 40 ids a request.
    let server = Server::start(|seen, _| {
        if seen.target().contains("/library") {
            evens(seen)
        } else {
            json(403, r#"{"error":{"status":403,"message":"Forbidden"}}"#)
        }
    });
    assert_eq!(client(&server, 4).are_tracks_saved(&ids).send().unwrap(), expected);
    assert_eq!(server.seen().len(), 1 + 25);
}

#[test]
fn failed_check_stops_the_remaining_requests() {
    let ids: Vec<String> = (0..50_000).map(|n| format!("{n:022}")).collect();
    one_attempt_sends_less_than(200, || {
        let server = Server::start(|seen, _| match seen.target() {
            target if target.contains("0000000000000000000250") => json(500, ""),
            _ => evens(seen),
        });
        let error = client(&server, 4).are_tracks_saved(&ids).send().unwrap_err();
        assert_eq!(error.status(), Some(500));
        // Of 1,000.
        server.seen().len()
    });
}

#[test]
fn writes_are_sent_in_sequence_on_one_connection() {
    let server = Server::start(|_, _| json(200, ""));
    let ids: Vec<String> = (0..200).map(|n| format!("{n:022}")).collect();
    client(&server, 8).save_albums(&ids).send().unwrap();
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.connection == 0));
    let sent: Vec<&str> = seen
        .iter()
        .flat_map(|seen| seen.target().split("ids=").nth(1).unwrap_or_default().split(','))
        .collect();
    assert_eq!(sent, ids);
}

#[test]
fn pages_of_null_items_are_fetched_once() {
    // All items are null until the last page.
    let server = Server::start(|seen, _| {
        let (limit, offset) = (query(seen, "limit"), query(seen, "offset"));
        let host = seen.header("host").unwrap();
        let next = if offset + limit < 400 {
            format!(r#""http://{host}/v1/me/shows?offset={}&limit={limit}""#, offset + limit)
        } else {
            "null".to_owned()
        };
        let rows = vec!["null"; limit].join(",");
        json(
            200,
            format!(
                r#"{{"items":[{rows}],"limit":{limit},"offset":{offset},"total":400,"next":{next}}}"#
            ),
        )
    });
    assert!(numbers(&client(&server, 4)).is_empty());
    assert_eq!(server.seen().len(), 8);
}

/// Waits until the server reports the offset of the next request.
fn next_offset(told: &std::sync::mpsc::Receiver<usize>) -> usize {
    told.recv_timeout(std::time::Duration::from_secs(600)).expect("a request")
}

#[test]
fn items_prefetch_the_requested_number_of_pages() {
    let (tell, asked) = std::sync::mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    let list: Vec<usize> = (0..1000).collect();
    let server = Server::start(move |seen, _| {
        tell.lock().unwrap().send(query(seen, "offset")).unwrap();
        page(seen, &list)
    });
    let mut items = client(&server, 4).get_my_saved_shows().items().prefetch(2);
    assert_eq!(*items.next().unwrap().unwrap().show.name, *"0");
    // The client prefetches the next two pages, in either order.
    assert_eq!(
        BTreeSet::from([next_offset(&asked), next_offset(&asked), next_offset(&asked)]),
        [0, 50, 100].into()
    );
    assert!(asked.try_recv().is_err(), "no third page is prefetched");
    // Each page that the iterator finishes starts one more request.
    assert!(items.by_ref().take(50).all(|item| item.is_ok()));
    assert_eq!(next_offset(&asked), 150);
    assert_eq!(items.checkpoint(), Checkpoint::Offset(51));
    let rest: Vec<usize> = items.map(|item| item.unwrap().show.name.parse().unwrap()).collect();
    assert_eq!(rest, (51..1000).collect::<Vec<_>>());
    assert_eq!(server.seen().len(), 20, "each page is requested once");
}

#[test]
fn cursor_pages_are_prefetched_in_sequence() {
    let artist = |n: usize| format!(r#"{{"id":"{n:022}","name":"{n}"}}"#);
    let (tell, asked) = std::sync::mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    let server = Server::start(move |seen, _| {
        let after = query(seen, "after");
        tell.lock().unwrap().send(after).unwrap();
        let last = after + 1;
        let after = if last < 9 { format!(r#""{last}""#) } else { "null".to_owned() };
        let host = seen.header("host").unwrap();
        let next = if last < 9 {
            format!(r#""http://{host}/v1/me/following?type=artist&after={last}""#)
        } else {
            "null".to_owned()
        };
        json(
            200,
            format!(
                r#"{{"artists":{{"items":[{}],"limit":1,"total":9,"cursors":{{"after":{after}}},"next":{next}}}}}"#,
                artist(last)
            ),
        )
    });
    let mut pages = client(&server, 4).get_my_followed_artists().pages().prefetch(1);
    assert_eq!(&*pages.next().unwrap().unwrap().items[0].name, "1");
    assert_eq!([next_offset(&asked), next_offset(&asked)], [0, 1]);
    let names: Vec<String> = pages.map(|page| page.unwrap().items[0].name.clone()).collect();
    assert_eq!(names.concat(), "23456789");
    assert_eq!(server.seen().len(), 9);
}

#[test]
fn dropping_items_does_not_wait_for_prefetched_pages() {
    let (tell, asked) = std::sync::mpsc::channel();
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let (tell, held) = (std::sync::Mutex::new(tell), std::sync::Mutex::new(held));
    let list: Vec<usize> = (0..1000).collect();
    let server = Server::start(move |seen, _| {
        if query(seen, "offset") > 0 {
            tell.lock().unwrap().send(query(seen, "offset")).unwrap();
            let _ = held.lock().unwrap().recv();
        }
        page(seen, &list)
    });
    let mut items = client(&server, 2).get_my_saved_shows().items().prefetch(1);
    assert!(items.next().unwrap().is_ok());
    // The second request has been sent, and its response is held back until the end of this test.
    assert_eq!(next_offset(&asked), 50);
    drop(items);
    drop(let_go);
}

#[test]
fn prefetched_error_is_returned_in_page_order() {
    let list: Vec<usize> = (0..1000).collect();
    let server = Server::start(move |seen, _| match query(seen, "offset") {
        100 => json(500, ""),
        _ => page(seen, &list),
    });
    let items: Vec<_> = client(&server, 4).get_my_saved_shows().items().prefetch(8).collect();
    assert_eq!(items.len(), 101);
    assert!(items.iter().take(100).all(Result::is_ok));
    assert_eq!(items[100].as_ref().unwrap_err().status(), Some(500));
}

#[test]
fn rate_limit_on_one_connection_stops_all_connections() {
    one_attempt_sends_less_than(40, || {
        let list: Vec<usize> = (0..10_000).collect();
        let server = Server::start(move |seen, _| match query(seen, "offset") {
            200 => crate::support::answer(429, &[("retry-after", "600")], b""),
            _ => page(seen, &list),
        });
        let spotify = client(&server, 4);
        let stopped = spotify.get_my_saved_shows().collect_all().unwrap_err();
        assert_eq!((stopped.items.len(), &stopped.checkpoint), (200, &Checkpoint::Offset(200)));
        assert!(matches!(stopped.error, tonearm::Error::RateLimited(_)), "{}", stopped.error);
        let sent = server.seen().len();
        // The next call isn't sent either.
        spotify.get_my_saved_shows().items().prefetch(4).next().unwrap().unwrap_err();
        assert_eq!(server.seen().len(), sent);
        // Of 200.
        sent
    });
}
