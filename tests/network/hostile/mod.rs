//! Servers that are broken or malicious: each fault leads to the right error or a success, in bounded time and
//! memory, and the same client works afterwards.
//!
//! The crate documentation lists these errors. `tests/network/faults.rs` and `tests/calls/pagination.rs` have more
//! tests of them.

mod accounts;
mod bodies;
mod connections;
mod deadlines;
mod gzip;
mod heads;
mod pagination;
mod tls;

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use tonearm::{Error, Spotify, SpotifyBuilder};

use crate::support::with_longer_limits;

/// A valid response.
const WELL: &str = "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"id\":\"well\"}";

/// Runs a case, and panics with its name if it hasn't ended after ten minutes.
fn ends<T: Send + 'static>(name: &str, case: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, is_done) = mpsc::channel();
    let thread = thread::spawn(move || {
        let _ = done.send(case());
    });
    match is_done.recv_timeout(Duration::from_secs(600)) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name}: doesn't end"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => panic!("{name}: no value"),
        },
    }
}

/// A server with a fault in its response to every request, except those for the user `well`.
struct Hostile {
    address: SocketAddr,
    /// The connections of the requests for `well`.
    well: Arc<Mutex<Vec<usize>>>,
    /// The connections of all other requests.
    bad: Arc<Mutex<Vec<usize>>>,
    /// The number of connections in `bad` that have ended.
    ended: Arc<AtomicUsize>,
    is_stopping: Arc<AtomicBool>,
}

/// A connection with an unread request. If it is dropped now, the system resets it.
struct Talk(TcpStream);

impl Talk {
    /// Reads the whole request.
    fn read(&mut self) {
        let length = self.request().1;
        self.0.read_exact(&mut vec![0; length]).unwrap();
    }

    /// Reads all but the last byte of the request, so dropping the connection resets it even after a response.
    fn read_nearly(&mut self) {
        let length = self.request().1;
        self.0.read_exact(&mut vec![0; length - 1]).unwrap();
    }

    /// Writes bytes; returns `false` if the client has left.
    fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).is_ok()
    }

    /// Shuts down the connection.
    fn close(&mut self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }

    /// Waits for the client to leave.
    fn wait(&mut self) {
        while !matches!(self.0.read(&mut [0; 1024]), Ok(0) | Err(_)) {}
    }

    /// Returns the target and the length of the request without reading it. The body's length is its `content-length`.
    fn request(&mut self) -> (String, usize) {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = self.0.peek(&mut buffer).unwrap_or(0);
            assert_ne!(count, 0, "the client left before it sent a request");
            let text = String::from_utf8_lossy(&buffer[..count]);
            if let Some((head, _)) = text.split_once("\r\n\r\n") {
                let length = head.split("content-length: ").nth(1).and_then(|s| s.lines().next());
                let body: usize = length.map_or(0, |length| length.parse().unwrap());
                let target = head.split(' ').nth(1).unwrap().to_owned();
                if count >= head.len() + 4 + body {
                    return (target, head.len() + 4 + body);
                }
            }
            // More bytes will arrive.
            thread::yield_now();
        }
    }
}

impl Hostile {
    fn start(fault: impl Fn(&mut Talk) + Send + Sync + 'static) -> Hostile {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Hostile {
            address: listener.local_addr().unwrap(),
            well: Arc::default(),
            bad: Arc::default(),
            ended: Arc::default(),
            is_stopping: Arc::default(),
        };
        let (well, bad) = (server.well.clone(), server.bad.clone());
        let (ended, is_stopping) = (server.ended.clone(), server.is_stopping.clone());
        let fault = Arc::new(fault);
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { continue };
                if is_stopping.load(Ordering::SeqCst) {
                    return;
                }
                let (well, bad, fault) = (well.clone(), bad.clone(), fault.clone());
                let ended = ended.clone();
                thread::spawn(move || {
                    let _ = stream.set_nodelay(true);
                    let mut talk = Talk(stream);
                    while let Ok(1..) = talk.0.peek(&mut [0]) {
                        if talk.request().0.contains("/users/well") {
                            talk.read();
                            well.lock().unwrap().push(number);
                            assert!(talk.write(WELL));
                        } else {
                            bad.lock().unwrap().push(number);
                            fault(&mut talk);
                            drop(talk);
                            ended.fetch_add(1, Ordering::SeqCst);
                            return;
                        }
                    }
                });
            }
        });
        server
    }

    /// Starts a server that reads a request, writes these bytes and closes the connection.
    fn closing(bytes: impl Into<Vec<u8>>) -> Hostile {
        let bytes = bytes.into();
        Hostile::start(move |talk| {
            talk.read();
            talk.write(&bytes);
            talk.close();
        })
    }

    /// Waits until every connection in `bad` has ended. A response can be complete before its connection ends; a
    /// call between the two would fail with any client.
    fn wait(&self) {
        while self.ended.load(Ordering::SeqCst) < self.bad.lock().unwrap().len() {
            thread::yield_now();
        }
    }

    /// Returns a builder with immediate retries. Its timeouts aren't reached, so the outcome doesn't depend on time.
    fn builder(&self) -> SpotifyBuilder {
        let long = Duration::from_secs(500);
        let builder = Spotify::builder().base_url(format!("http://{}/v1", self.address));
        builder.token("secret").read_timeout(long).call_timeout(long).sleep_with(|_| {})
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// Starts a server that sends until the client gives up, and makes a write with a timeout that is long enough for an
/// outcome with this end.
fn write_until_timeout(
    name: &str,
    expected_end: &str,
    max_response_size: u64,
    start: impl Fn() -> Hostile,
) {
    with_longer_limits(Duration::from_millis(500), |limit| {
        let server = start();
        let builder = server.builder().call_timeout(limit).max_response_size(max_response_size);
        match write(name, server, builder) {
            outcome if outcome.ends_with(expected_end) => Ok(()),
            outcome => Err(format!("{name}: {outcome}, expected {expected_end}")),
        }
    });
}

/// Summarizes the result of a call.
fn outcome<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "survived".to_owned(),
        Err(Error::Transport(fault)) => {
            let happened = if fault.may_have_taken_effect { "maybe done" } else { "not done" };
            format!("{:?}, {happened}", fault.kind)
        }
        Err(Error::Decode(decode)) => format!("Decode, {}", decode.status),
        Err(Error::Paging(link)) => format!("Link, {:?}", link.kind),
        Err(error) => match (error.status(), format!("{error:?}").split('(').next()) {
            (Some(status), Some(variant)) => format!("{variant}, {status}"),
            other => panic!("{other:?}: {error}"),
        },
    }
}

/// Makes a write to the faulty server, then a valid call with the same client.
fn write(name: &str, server: Hostile, builder: SpotifyBuilder) -> String {
    let spotify = builder.build().unwrap();
    tried(name, server, spotify, |spotify, server| {
        let outcome = outcome(spotify.skip_to_next().send());
        server.wait();
        outcome
    })
}

/// Makes a read from the faulty server, then a valid call with the same client.
fn read(name: &str, server: Hostile, builder: SpotifyBuilder) -> String {
    let spotify = builder.build().unwrap();
    tried(name, server, spotify, |spotify, server| {
        let outcome = outcome(spotify.get_me().send());
        server.wait();
        outcome
    })
}

/// Makes two calls with the same client, and returns the outcome of the first one.
fn tried(
    name: &str,
    server: Hostile,
    spotify: Spotify,
    call: impl FnOnce(&Spotify, &Hostile) -> String + Send + 'static,
) -> String {
    let of_case = name.to_owned();
    ends(name, move || {
        let outcome = call(&spotify, &server);
        let well = match spotify.get_user("well").send() {
            Ok(well) => well,
            Err(error) => return format!("{outcome}, but the valid call failed: {error}"),
        };
        assert_eq!(well.id, "well", "{of_case}: the response to another request");
        // A broken connection isn't reused.
        let (well, bad) = (server.well.lock().unwrap(), server.bad.lock().unwrap());
        assert_eq!(well.len(), 1, "{of_case}");
        assert!(!bad.contains(&well[0]), "{of_case}: the connection is reused");
        outcome
    })
}
