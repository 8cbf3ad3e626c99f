//! Bodies that are too long, nested too deeply, or invalid.

use tonearm::{Error, SkipReason};

use super::{Hostile, Talk, ends, read, write, write_until_timeout};
use crate::support::Server;

fn endless(head: &'static str, again: &'static str) -> Hostile {
    Hostile::start(move |talk: &mut Talk| {
        talk.read();
        talk.write(head);
        let again = again.repeat(500);
        while talk.write(&again) {}
    })
}

#[test]
fn endless_bodies_return_an_error() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let huge = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffff\r\n";
    for (name, head, again) in [
        ("until the end", "HTTP/1.1 200 OK\r\n\r\n", " "),
        ("in chunks", chunked, "4\r\nabcd\r\n"),
        ("in one chunk", huge, " "),
        ("as an error", "HTTP/1.1 500 Oh\r\n\r\n", "<p>"),
    ] {
        let server = endless(head, again);
        let builder = server.builder().max_response_size(100_000);
        assert_eq!(write(name, server, builder), "TooLarge, maybe done", "{name}");
    }
    // These add nothing to the body, so some of them end only with the call's deadline.
    let trailers = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n";
    for (name, head, again) in [
        ("trailers", trailers, "x: 1\r\n"),
        ("a size", chunked, "0"),
        ("the extension of a chunk", chunked, ";x=1"),
    ] {
        write_until_timeout(name, "maybe done", 100_000, || endless(head, again));
    }
}

#[test]
fn content_length_is_checked_against_the_maximum_size() {
    let waiting = |length: &'static str| {
        Hostile::start(move |talk: &mut Talk| {
            talk.read();
            talk.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{{"));
            talk.wait();
        })
    };
    // The client doesn't wait for a body that is longer than its maximum.
    for length in ["100001", "18446744073709551615"] {
        let server = waiting(length);
        let builder = server.builder().max_response_size(100_000);
        assert_eq!(write(length, server, builder), "TooLarge, maybe done");
    }
    // Without a maximum, the client doesn't allocate the announced length.
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n{";
    let server = Hostile::closing(head);
    let builder = server.builder().max_response_size(u64::MAX);
    assert_eq!(write("everything", server, builder), "Broken, maybe done");
    // A body of exactly the maximum length is accepted.
    let body = format!("{{\"id\":\"me\"}}{}", " ".repeat(100_000 - 11));
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n";
    let server = Hostile::closing(format!("{head}{body}"));
    let builder = server.builder().max_response_size(100_000);
    assert_eq!(read("just as long", server, builder), "survived");
}

#[test]
fn invalid_chunk_sizes_return_an_error() {
    for size in ["ffffffffffffffff", "fffffffffffffffff", "-1", "0x4", "zz", "", "8000000000000000"]
    {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let server = Hostile::closing(format!("{head}{size}\r\n{{}}\r\n"));
        let builder = server.builder();
        assert_eq!(write(size, server, builder), "Broken, maybe done", "{size}");
    }
}

#[test]
fn invalid_json_bodies_return_a_decode_error() {
    for (name, body) in [
        ("NUL", "{\"id\":\"\0\"}"),
        ("a NUL behind it", "{\"id\":\"me\"}\0"),
        ("two values", "{\"id\":\"a\"}{\"id\":\"b\"}"),
        ("a mark before it", "\u{feff}{\"id\":\"me\"}"),
        ("nothing", ""),
    ] {
        let server = Server::json(body);
        let error = server.client().get_me().send().unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{name}: {error}");
    }
}

#[test]
fn deeply_nested_json_returns_an_error_or_is_skipped() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    let (lists, objects) = (deep("[", "]"), deep("{\"a\":", "}").replace(":}", ":1}"));
    for deep in [lists, objects] {
        // The values of unknown fields aren't decoded.
        let server = Server::json(&format!(r#"{{"id":"me","new":{deep}}}"#));
        assert_eq!(ends("unknown", move || server.client().get_me().send()).unwrap().id, "me");
        // A list that can't be decoded is empty.
        let server = Server::json(&format!(r#"{{"id":"me","images":{deep}}}"#));
        assert_eq!(ends("list", move || server.client().get_me().send()).unwrap().images, []);
        for body in [deep.clone(), format!(r#"{{"id":{deep}}}"#)] {
            let server = Server::json(&body);
            let error = ends("known", move || server.client().get_me().send()).unwrap_err();
            assert!(matches!(error, Error::Decode(_)), "{error}");
            assert!(error.to_string().len() < 1000);
        }
        // An item that is nested too deeply is skipped.
        let row = r#"{"added_at":"2024-01-01T00:00:00Z","show":{"id":"a","name":"b"}}"#;
        let server = Server::json(&format!(r#"{{"items":[{deep},{row}],"total":2,"next":null}}"#));
        let page = ends("item", move || server.client().get_my_saved_shows().send()).unwrap();
        assert_eq!((page.items.len(), page.skipped[0].index), (1, 0));
        assert!(matches!(page.skipped[0].reason, SkipReason::Unreadable(_)));
        // The body of an error response is kept as text.
        for body in [deep.clone(), format!(r#"{{"error":{deep}}}"#)] {
            let server = Server::start(move |_, _| crate::support::json(418, &body));
            let error = ends("error", move || server.client().get_me().send()).unwrap_err();
            assert_eq!(error.status(), Some(418));
            assert!(error.to_string().len() < 1000);
        }
    }
}
