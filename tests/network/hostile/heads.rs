//! Invalid, oversized and misleading heads.

use super::{Hostile, Talk, WELL, read, write};

fn closing(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let server = Hostile::closing(bytes);
    let builder = server.builder();
    write(name, server, builder)
}

fn reading(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let server = Hostile::closing(bytes);
    let builder = server.builder();
    read(name, server, builder)
}

fn endless(name: &str, first: &str, again: &str) -> String {
    let (first, again) = (first.to_owned(), again.repeat(500));
    let server = Hostile::start(move |talk: &mut Talk| {
        talk.read();
        talk.write(&first);
        while talk.write(&again) {}
    });
    let builder = server.builder();
    write(name, server, builder)
}

#[test]
fn what_is_no_http() {
    for (name, bytes) in [
        ("TLS", &b"\x15\x03\x01\x00\x02\x02\x28"[..]),
        ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("SMTP", b"220 mail.example.com ESMTP\r\n"),
        ("HTTP/2", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"),
        ("HTTP/0.9", b"<html>hello</html>"),
        ("a version to come", b"HTTP/3.0 200 OK\r\n\r\n"),
        ("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\n"),
        ("a status of five digits", b"HTTP/1.1 20000 OK\r\n\r\n"),
        ("a status below 100", b"HTTP/1.1 099 OK\r\n\r\n"),
        ("NUL in a name", b"HTTP/1.1 200 OK\r\na\0b: 1\r\n\r\n"),
        ("NUL in a value", b"HTTP/1.1 200 OK\r\na: \0\r\n\r\n"),
        ("a header without a colon", b"HTTP/1.1 200 OK\r\nabc\r\n\r\n"),
        ("no length", b"HTTP/1.1 200 OK\r\ncontent-length: \r\n\r\n{}"),
        ("a negative length", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}"),
        ("two lengths", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        (
            "a length that no machine has",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
        ),
    ] {
        assert_eq!(closing(name, bytes), "Broken, maybe done", "{name}");
    }
}

#[test]
fn what_is_strange_and_can_be_read() {
    let well = |headers: &[u8]| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 11\r\n".to_vec();
        bytes.extend(headers);
        bytes.extend(b"\r\n{\"id\":\"me\"}");
        bytes
    };
    for (name, headers) in [
        ("no UTF-8", &b"x: \xff\xfe\r\ncontent-type: \xe9\r\n"[..]),
        ("the type of HTML", b"content-type: text/html; charset=utf-8\r\n"),
        ("the type of a picture", b"content-type: image/png\r\n"),
        ("a coding that was not asked for", b"content-encoding: x-none\r\n"),
        ("the same length twice", b"content-length: 11\r\n"),
        ("a hundred headers", &b"x: 1\r\n".repeat(100)),
        ("a long header", format!("x: {}\r\n", "x".repeat(50_000)).as_bytes()),
        ("headers without values", b"x:\r\ny:\r\n"),
    ] {
        assert_eq!(reading(name, well(headers)), "survived", "{name}");
    }
    let body = "{\"id\":\"me\"}";
    for (name, head) in [
        ("HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n"),
        ("no reason", "HTTP/1.1 200\r\n\r\n"),
        ("bare line feeds", "HTTP/1.1 200 OK\ncontent-length: 11\n\n"),
        ("a status of its own", "HTTP/1.1 299 Yes\r\n\r\n"),
        (
            "chunks and a length",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nb\r\n",
        ),
        ("hints before it", "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        (
            "100 before it",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ),
    ] {
        let end = if head.contains("chunked") { "\r\n0\r\n\r\n" } else { "" };
        assert_eq!(reading(name, format!("{head}{body}{end}")), "survived", "{name}");
    }
}

#[test]
fn heads_without_measure() {
    let (long, many) = ("TooLarge, maybe done", "Broken, maybe done");
    let ok = "HTTP/1.1 200 OK\r\n";
    assert_eq!(closing("300 headers", format!("{ok}{}\r\n", "x: 1\r\n".repeat(300))), many);
    assert_eq!(
        closing("a line of megabytes", format!("{ok}x: {}\r\n\r\n", "x".repeat(4 << 20))),
        long
    );
    assert_eq!(
        closing("a reason of megabytes", format!("HTTP/1.1 200 {}\r\n\r\n", "x".repeat(4 << 20))),
        long
    );
    assert_eq!(endless("endless headers", ok, "x: 1\r\n"), many);
    assert_eq!(endless("an endless line", ok, "x"), long);
    // Either the timeout or the length limit is reached first.
    let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    let outcome = endless("endless 100", go_on, go_on);
    assert!(["Timeout, maybe done", long].contains(&&*outcome), "{outcome}");
}

/// A redirect is an error response, and the client doesn't follow it; see also
/// `a_redirect_does_not_take_the_token_along` in `tests/network/faults.rs`.
#[test]
fn redirects_are_followed_nowhere() {
    for status in [300, 301, 302, 303, 305, 307, 308, 399] {
        let server = Hostile::start(move |talk| {
            let target = talk.request().0;
            talk.read();
            let head = format!("HTTP/1.1 {status} Round\r\nlocation: {target}\r\n");
            talk.write(format!("{head}connection: close\r\ncontent-length: 0\r\n\r\n"));
            talk.close();
        });
        let bad = server.bad.clone();
        let builder = server.builder();
        let name = format!("a redirect to itself, {status}");
        assert_eq!(read(&name, server, builder), format!("Status, {status}"));
        assert_eq!(bad.lock().unwrap().len(), 1, "{name}");
    }
    assert_eq!(
        closing("to another protocol", "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"),
        "Status, 101"
    );
    // An incomplete head isn't a response.
    assert_eq!(
        closing("half a redirect", "HTTP/1.1 302 Found\r\nlocation: /\r\n"),
        "Broken, maybe done"
    );
}

#[test]
fn a_good_server_is_none_of_these() {
    assert_eq!(reading("well", WELL.replace("OK\r\n", "OK\r\nconnection: close\r\n")), "survived");
}
