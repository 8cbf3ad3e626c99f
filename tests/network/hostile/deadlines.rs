//! Every phase of a call ends with its deadline, even if the server, the proxy or another process still hangs.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tonearm::auth::{FileStore, TokenStore};
use tonearm::{App, Error, Spotify, SpotifyBuilder};

use super::{Talk, ends, outcome};
use crate::support::{has_left, with_longer_limits};

/// A server that hangs until the client leaves.
struct Hanging {
    listener: Arc<TcpListener>,
    connections: Arc<AtomicUsize>,
}

impl Hanging {
    fn start(hang: impl Fn(&mut Talk) + Send + Sync + 'static) -> Hanging {
        let listener = Arc::new(TcpListener::bind("127.0.0.1:0").unwrap());
        let server = Hanging { listener, connections: Arc::default() };
        let (listener, connections) = (server.listener.clone(), server.connections.clone());
        let hang = Arc::new(hang);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                connections.fetch_add(1, Ordering::SeqCst);
                let hang = hang.clone();
                thread::spawn(move || hang(&mut Talk(stream)));
            }
        });
        server
    }

    fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.listener.local_addr().unwrap())
    }

    fn client(&self) -> SpotifyBuilder {
        Spotify::builder().token("secret").base_url(self.url("http"))
    }
}

/// Sends these bytes one by one, and repeats the last one.
fn drip(talk: &mut Talk, bytes: &[u8]) {
    let last = bytes.last().into_iter().cycle();
    for byte in bytes.iter().chain(last) {
        // Reads what the client has sent first, because `has_left` returns if there are unread bytes.
        let _ = talk.0.set_read_timeout(Some(Duration::from_millis(10)));
        while let Ok(1..) = talk.0.read(&mut [0; 4096]) {}
        if !talk.write([*byte]) || has_left(&talk.0, Duration::from_millis(10)) {
            return;
        }
    }
}

fn silent(bytes: &'static str) -> impl Fn(&mut Talk) {
    move |talk| {
        talk.read();
        talk.write(bytes);
        talk.wait();
    }
}

fn dripping(bytes: &'static str) -> impl Fn(&mut Talk) {
    move |talk| {
        talk.read();
        drip(talk, bytes.as_bytes());
    }
}

/// Returns the outcome of a write within a time limit, and its cause.
fn skip(builder: SpotifyBuilder, limit: Duration) -> String {
    outcome_and_cause(builder.call_timeout(limit).build().unwrap().skip_to_next().send())
}

fn outcome_and_cause(result: Result<(), Error>) -> String {
    let cause = match &result {
        Err(error @ Error::Transport(_)) => {
            let text = error.to_string();
            let (_, cause) = text.split_once(" (").unwrap();
            cause.split(");").next().unwrap().to_owned()
        }
        _ => String::new(),
    };
    format!("{}: {cause}", outcome(result))
}

/// A time limit that isn't reached.
const LONG: Duration = Duration::from_secs(500);

const OVER: &str = "the `call_timeout` is over";

/// Makes a call that must end with this time limit, and returns its outcome.
type Case = Box<dyn Fn(Duration) -> String + Send + Sync>;

/// Panics if a case never has the expected outcome, or does not end.
fn expect(
    name: &'static str,
    expected: String,
    case: impl Fn(Duration) -> String + Send + Sync + 'static,
) {
    let case = Arc::new(case);
    with_longer_limits(Duration::from_millis(500), |limit| {
        let case = case.clone();
        match ends(name, move || case(limit)) {
            outcome if outcome == expected => Ok(()),
            outcome => Err(format!("{name}: {outcome}, expected {expected}")),
        }
    });
}

#[test]
fn call_ends_with_its_deadline_in_every_phase() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n";
    let cases: Vec<(&str, String, Case)> = vec![
        ("TLS handshake", format!("Connect, not done: {OVER}"), {
            let server = Hanging::start(Talk::wait);
            Box::new(move |limit| skip(server.client().base_url(server.url("https")), limit))
        }),
        ("dripping TLS handshake", format!("Connect, not done: {OVER}"), {
            // A TLS record of 16 kB.
            let server =
                Hanging::start(|talk| drip(talk, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03"));
            Box::new(move |limit| skip(server.client().base_url(server.url("https")), limit))
        }),
        ("CONNECT of a proxy", format!("Connect, not done: {OVER}"), {
            let proxy = Hanging::start(Talk::wait);
            Box::new(move |limit| skip(proxy.client().proxy(proxy.url("http")), limit))
        }),
        ("dripping CONNECT of a proxy", format!("Connect, not done: {OVER}"), {
            let proxy = Hanging::start(|talk| drip(talk, b"HTTP/1.1 200 OK\r\nx: "));
            Box::new(move |limit| skip(proxy.client().proxy(proxy.url("http")), limit))
        }),
        ("large body", format!("Timeout, maybe done: {OVER}"), {
            // Never reads, and keeps the connection open.
            let server = Hanging::start(|_| {
                loop {
                    thread::park();
                }
            });
            Box::new(move |limit| upload(server.client(), limit))
        }),
        ("large body that is read slowly", format!("Timeout, maybe done: {OVER}"), {
            let server = Hanging::start(|talk| {
                let mut buffer = [0; 1024];
                while let Ok(1..) = talk.0.read(&mut buffer) {
                    thread::sleep(Duration::from_millis(5));
                }
            });
            Box::new(move |limit| upload(server.client(), limit))
        }),
        ("head", format!("Timeout, maybe done: {OVER}"), {
            let server = Hanging::start(silent(""));
            Box::new(move |limit| skip(server.client(), limit))
        }),
        ("dripping head", format!("Timeout, maybe done: {OVER}"), {
            let server = Hanging::start(dripping("HTTP/1.1 200 OK\r\nx: "));
            Box::new(move |limit| skip(server.client(), limit))
        }),
        ("endless heads", format!("Timeout, maybe done: {OVER}"), {
            let server = Hanging::start(|talk| {
                talk.read();
                while talk.write("HTTP/1.1 100 Continue\r\n\r\n")
                    && !has_left(&talk.0, Duration::from_millis(10))
                {}
            });
            Box::new(move |limit| skip(server.client(), limit))
        }),
        ("body", format!("Timeout, maybe done: {OVER}"), {
            let server = Hanging::start(silent("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"));
            Box::new(move |limit| skip(server.client(), limit))
        }),
        ("dripping body", format!("Timeout, maybe done: {OVER}"), {
            let server = Hanging::start(move |talk| {
                talk.read();
                talk.write(format!("{head}\r\n"));
                drip(talk, b" ");
            });
            Box::new(move |limit| skip(server.client(), limit))
        }),
        ("dripping body in chunks", format!("Timeout, maybe done: {OVER}"), {
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n ";
            let server = Hanging::start(dripping(head));
            Box::new(move |limit| skip(server.client(), limit))
        }),
        (
            "request for a token",
            format!("Timeout, not done: {OVER} before the token is refreshed"),
            {
                let accounts = Hanging::start(silent(""));
                Box::new(move |limit| {
                    let app = App::new("id").refresh_token("AQ").accounts_url(accounts.url("http"));
                    skip(accounts.client().app(app), limit)
                })
            },
        ),
        ("lock of another program", "Store, Locked".to_owned(), Box::new(locked)),
        ("rate limit", "RateLimited, 429: ".to_owned(), {
            let limited = "HTTP/1.1 429 No\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n";
            let server = Hanging::start(silent(limited));
            Box::new(move |limit| skip(server.client(), limit))
        }),
        ("retry", "Status, 503: ".to_owned(), {
            let down = "HTTP/1.1 503 No\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n";
            let server = Hanging::start(silent(down));
            Box::new(move |limit| {
                let spotify = server.client().call_timeout(limit).build().unwrap();
                outcome_and_cause(spotify.pause_playback().send())
            })
        }),
        // The other timeouts, with a deadline that isn't reached.
        ("connect_timeout", "Connect, not done: the `connect_timeout` is over".to_owned(), {
            let server = Hanging::start(Talk::wait);
            Box::new(move |limit| {
                let builder = server.client().base_url(server.url("https")).retries(0);
                skip(builder.connect_timeout(limit), LONG)
            })
        }),
        ("read_timeout of a read", "Timeout, maybe done: the `read_timeout` is over".to_owned(), {
            let server = Hanging::start(silent(""));
            Box::new(move |limit| skip(server.client().read_timeout(limit), LONG))
        }),
    ];
    thread::scope(|scope| {
        for (name, expected, case) in cases {
            scope.spawn(move || expect(name, expected, case));
        }
    });
}

/// Sends more than the buffers of the system can hold. Serializing it as JSON also takes a while.
fn upload(builder: SpotifyBuilder, limit: Duration) -> String {
    let spotify = builder.call_timeout(limit * 2).build().unwrap();
    outcome_and_cause(spotify.post("/me/anything").body(&"x".repeat(5 << 20)).send())
}

fn locked(limit: Duration) -> String {
    let path = std::env::temp_dir().join(format!("tonearm-locked-{}.json", std::process::id()));
    let other = FileStore::at(&path, "id");
    let _held = other.lock(Instant::now() + LONG).unwrap();
    let app = App::new("id").store(FileStore::at(&path, "id")).refresh_token("AQ");
    let spotify = Spotify::builder().app(app).call_timeout(limit).build().unwrap();
    let result = spotify.get_me().send();
    drop(_held);
    let _ = std::fs::remove_file(path.with_extension("json.lock"));
    match result {
        Err(Error::Store(error)) => format!("Store, {:?}", error.kind()),
        result => outcome_and_cause(result.map(drop)),
    }
}

/// With the feature `socks`: `cargo test --features socks`.
#[test]
fn call_ends_with_its_deadline_behind_a_socks_proxy() {
    let with = |proxy: &Hanging| proxy.client().proxy(proxy.url("socks5"));
    // The greeting, and the address to which the proxy has connected.
    fn connect(talk: &mut Talk) {
        talk.0.read_exact(&mut [0; 3]).unwrap();
        talk.write(b"\x05\x00");
        talk.0.read_exact(&mut [0; 10]).unwrap();
        talk.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01");
    }
    let silent = Hanging::start(Talk::wait);
    if with(&silent).build().is_err() {
        return;
    }
    let dripping = Hanging::start(|talk| drip(talk, b"\x05\x00\x05\x00\x00\x03\xffx"));
    let slow = Hanging::start(|talk| {
        connect(talk);
        while let Ok(1..) = talk.0.read(&mut [0; 1024]) {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let head = Hanging::start(|talk| {
        connect(talk);
        talk.wait();
    });
    let timeout = format!("Timeout, maybe done: {OVER}");
    let connecting = format!("Connect, not done: {OVER}");
    expect("silent", connecting.clone(), move |limit| skip(with(&silent), limit));
    expect("dripping", connecting, move |limit| skip(with(&dripping), limit));
    expect("large body", timeout.clone(), move |limit| upload(with(&slow), limit));
    expect("head", timeout, move |limit| skip(with(&head), limit));
}

/// A listener that accepts nothing queues some connections; the system doesn't respond to more.
#[cfg(target_os = "linux")]
#[test]
fn call_ends_with_its_deadline_while_it_connects() {
    expect("connect", format!("Connect, not done: {OVER}"), |limit| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, limit) {
            waiting.push(stream);
        }
        skip(Spotify::builder().token("secret").base_url(format!("http://{address}")), limit)
    });
}

#[test]
fn nothing_is_sent_after_the_deadline() {
    let server = Hanging::start(Talk::wait);
    let app = App::new("id").refresh_token("AQ").accounts_url(server.url("http"));
    for builder in [server.client(), server.client().app(app)] {
        let spotify = builder.call_timeout(Duration::from_nanos(1)).build().unwrap();
        let outcome = outcome_and_cause(spotify.skip_to_next().send());
        assert!(outcome.starts_with(&format!("Timeout, not done: {OVER}")), "{outcome}");
    }
    // The listener queues connections in order, so a connection of the client would have been accepted before this one.
    let mut own = TcpStream::connect(server.listener.local_addr().unwrap()).unwrap();
    own.write_all(b"x").unwrap();
    while server.connections.load(Ordering::SeqCst) == 0 {
        thread::yield_now();
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}
