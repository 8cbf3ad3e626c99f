//! Connections that break, and servers that send nothing.

use std::net::TcpListener;

use tonearm::Spotify;

use super::{Hostile, Talk, WELL, ends, outcome, write};

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n";

/// Returns the outcome of a write to a server with this fault.
fn broken(name: &str, fault: impl Fn(&mut Talk) + Send + Sync + 'static) -> String {
    let server = Hostile::start(fault);
    let builder = server.builder();
    write(name, server, builder)
}

#[test]
fn connection_reset_at_any_stage_returns_an_error() {
    let maybe = "Broken, maybe done";
    // The system resets a connection that is dropped with unread bytes.
    assert_eq!(broken("before the request is read", |_| {}), maybe);
    assert_eq!(broken("after the request", Talk::read_nearly), maybe);
    let cases: [(&str, String); 4] = [
        ("in the status line", "HTTP/1.1 2".into()),
        ("in the head", HEAD[..HEAD.len() - 10].into()),
        ("in the body", format!("{HEAD}{{\"id\":")),
        ("in a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc".into()),
    ];
    for (name, bytes) in cases {
        let reset = move |talk: &mut Talk| {
            talk.read_nearly();
            talk.write(&bytes);
        };
        assert_eq!(broken(name, reset), maybe, "{name}");
    }
}

/// A server that accepts connections and closes them before it has read anything.
#[test]
fn connection_closed_before_the_request_returns_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        drop(listener.accept().unwrap());
        let mut talk = Talk(listener.accept().unwrap().0);
        talk.read();
        talk.write(WELL);
        talk.wait();
    });
    let spotify = Spotify::builder().token("secret").base_url(base_url).build().unwrap();
    ends("an end before the request", move || {
        let outcome = outcome(spotify.skip_to_next().send());
        assert_eq!(outcome, "Broken, maybe done");
        assert_eq!(spotify.get_user("well").send().unwrap().id, "well");
    });
}

/// If only the end of the connection ends the body, a reset ends it too. A write has received its status by then.
#[test]
fn reset_ends_a_body_without_a_length() {
    let reset = |talk: &mut Talk| {
        talk.read_nearly();
        talk.write("HTTP/1.1 200 OK\r\n\r\n{\"id\":");
    };
    // On Windows, a reset discards what the client has not read yet, which may be the status.
    let is_lost = |outcome: &str| cfg!(windows) && outcome.starts_with("Broken");
    let outcome = broken("a write", reset);
    assert!(outcome == "survived" || is_lost(&outcome), "{outcome}");
    let server = Hostile::start(reset);
    let builder = server.builder();
    let outcome = super::read("a read", server, builder);
    assert!(outcome == "Decode, 200" || is_lost(&outcome), "{outcome}");
}

#[test]
fn connection_closed_at_any_stage_returns_an_error() {
    for (name, bytes) in [
        ("no byte", ""),
        ("half a status line", "HTTP/1.1 2"),
        ("half a head", &HEAD[..HEAD.len() - 10]),
        ("no body", HEAD),
        ("half a body", &format!("{HEAD}{{\"id\":")),
        ("half a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc"),
        ("no last chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    ] {
        let server = Hostile::closing(bytes);
        let builder = server.builder();
        assert_eq!(write(name, server, builder), "Broken, maybe done", "{name}");
    }
}

/// Bytes after a response are never the response to the next call.
#[test]
fn extra_responses_are_not_used_for_the_next_call() {
    let wrong = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"id\":\"wrong\"}";
    let short = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let no_content = "HTTP/1.1 204 No Content\r\n\r\n";
    let not_modified = "HTTP/1.1 304 Not Modified\r\ncontent-length: 20\r\n\r\n";
    let error = "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n";
    for (name, first, expected) in [
        ("two responses", WELL, "survived"),
        ("a body longer than said", short, "survived"),
        ("204 with a body", no_content, "survived"),
        ("304 with a body", not_modified, "Status, 304"),
        ("an error response and another response", error, "Status, 500"),
    ] {
        let keeping = move |talk: &mut Talk| {
            talk.read();
            talk.write(format!("{first}{wrong}"));
            talk.wait();
        };
        assert_eq!(broken(name, keeping), expected, "{name}");
    }
}

/// The second response arrives after the first one was read and before the next call.
#[test]
fn unsolicited_response_is_not_used_for_the_next_call() {
    let (read, is_read) = std::sync::mpsc::channel();
    let (sent, is_sent) = std::sync::mpsc::channel();
    let (is_read, sent) = (std::sync::Mutex::new(is_read), sent);
    let server = Hostile::start(move |talk| {
        talk.read();
        talk.write(WELL);
        is_read.lock().unwrap().recv().unwrap();
        talk.write("HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"id\":\"wrong\"}");
        sent.send(()).unwrap();
        talk.wait();
    });
    let spotify = server.builder().build().unwrap();
    let outcome =
        super::tried("a response without a request", server, spotify, move |spotify, _| {
            let outcome = outcome(spotify.get_me().send());
            read.send(()).unwrap();
            is_sent.recv().unwrap();
            outcome
        });
    assert_eq!(outcome, "survived");
}
