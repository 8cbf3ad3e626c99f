//! An HTTP server that sends the bytes of a test and records the requests, and helpers for JSON.
#![allow(dead_code)] // Each test uses its own part of this.

use std::fmt::Debug;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tonearm::{Spotify, SpotifyBuilder, SpotifyUri};

/// Returns the text of a URI.
pub fn text(uri: Option<SpotifyUri>) -> Option<String> {
    uri.map(|uri| uri.to_string())
}

/// A sequence of random-looking numbers that is the same in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Repeats an attempt with a time limit that doubles from `shortest` to a minute, until it succeeds.
///
/// On a busy machine, a short limit may end before the phase that a test is about.
pub fn with_longer_limits<T, E: Debug>(
    shortest: Duration,
    mut attempt: impl FnMut(Duration) -> Result<T, E>,
) -> T {
    let mut limit = shortest;
    loop {
        match attempt(limit) {
            Ok(value) => return value,
            Err(_) if limit < Duration::from_secs(60) => limit *= 2,
            Err(error) => panic!("not within {limit:?} either: {error:?}"),
        }
    }
}

/// A request that the server received.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Request line and headers, without the empty line.
    pub head: String,
    pub body: Vec<u8>,
    /// The number of its connection, from 0.
    pub connection: usize,
}

impl Seen {
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap()
    }

    /// Path and query, as sent.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// The server's reaction to a request.
#[derive(Clone)]
pub enum Reply {
    /// Write these bytes and wait for the next request.
    Bytes(Vec<u8>),
    /// Write these bytes and close the connection.
    Last(Vec<u8>),
    /// Write these bytes, then nothing, and keep the connection open.
    Silence(Vec<u8>),
    /// Write these bytes one at a time, forever.
    Drip(Vec<u8>),
}

/// Returns a response with a JSON body.
pub fn json(status: u16, body: impl AsRef<[u8]>) -> Reply {
    answer(status, &[("content-type", "application/json; charset=utf-8")], body.as_ref())
}

/// Returns the text of a file in `src/fuzzing/responses`.
pub fn response(name: &str) -> String {
    let path = format!("{}/../src/fuzzing/responses/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the text of a file in `src/fuzzing/responses` with changed fields, by JSON pointer. `"-"` removes a field.
pub fn with(name: &str, changes: &[(&str, Value)]) -> String {
    let mut json: Value = response(name).parse().unwrap();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let object = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value.as_str() {
            Some("-") => drop(object.remove(key).unwrap()),
            _ => drop(object.insert(key.to_owned(), value.clone())),
        }
    }
    json.to_string()
}

/// Deserializes JSON with all four functions of `serde_json`, whose results must be equal.
pub fn read<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> T {
    let read = |function: &str, value: serde_json::Result<T>| {
        value.unwrap_or_else(|error| panic!("{function}: {error} in {json}"))
    };
    let value = read("from_str", serde_json::from_str(json));
    assert_eq!(read("from_slice", serde_json::from_slice(json.as_bytes())), value);
    assert_eq!(read("from_reader", serde_json::from_reader(json.as_bytes())), value);
    let tree = serde_json::from_str(json).unwrap();
    assert_eq!(read("from_value", serde_json::from_value(tree)), value);
    value
}

pub fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut bytes = format!("HTTP/1.1 {status} Status\r\n").into_bytes();
    for (key, value) in headers {
        bytes.extend(format!("{key}: {value}\r\n").bytes());
    }
    bytes.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend(body);
    Reply::Bytes(bytes)
}

pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server that calls `reply` with each request and its number, from 0.
    pub fn start(reply: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            open: Arc::default(),
            stop: Arc::default(),
        };
        let (seen, open, stop) = (server.seen.clone(), server.open.clone(), server.stop.clone());
        let reply = Arc::new(reply);
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                open.lock().unwrap().push(stream.try_clone().unwrap());
                let (seen, reply) = (seen.clone(), reply.clone());
                thread::spawn(move || serve(stream, connection, &seen, &*reply));
            }
        });
        server
    }

    /// Starts a server that sends these replies in order, and repeats the last one.
    pub fn canned(replies: impl IntoIterator<Item = Reply>) -> Server {
        let replies: Vec<Reply> = replies.into_iter().collect();
        Server::start(move |_, number| replies[number.min(replies.len() - 1)].clone())
    }

    /// Starts a server that sends the same body for every request.
    pub fn json(body: &str) -> Server {
        let body = body.to_owned();
        Server::start(move |_, _| json(200, &body))
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Builds a client without retries and without concurrent requests.
    pub fn client(&self) -> Spotify {
        self.builder().retries(0).connections(1).build().unwrap()
    }

    /// Returns a builder for clients of this server.
    pub fn builder(&self) -> SpotifyBuilder {
        Spotify::builder().token("token-of-the-test").base_url(self.base_url())
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        for stream in self.open.lock().unwrap().iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// The pause between two bytes of [`Reply::Drip`].
const DRIP: Duration = Duration::from_millis(5);

/// Waits until the client closes the connection, at most `limit`, and returns whether it did.
pub fn has_left(stream: &TcpStream, limit: Duration) -> bool {
    stream.set_read_timeout(Some(limit)).unwrap();
    match stream.peek(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

fn serve(
    mut stream: TcpStream,
    connection: usize,
    seen: &Mutex<Vec<Seen>>,
    reply: &dyn Fn(&Seen, usize) -> Reply,
) {
    let mut bytes = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut bytes, connection) {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        match reply(&request, number) {
            Reply::Bytes(response) if stream.write_all(&response).is_ok() => {}
            Reply::Bytes(_) => return,
            Reply::Last(response) => {
                let _ = stream.write_all(&response);
                let _ = stream.shutdown(Shutdown::Both);
                return;
            }
            Reply::Silence(response) => {
                let _ = stream.write_all(&response);
                // Ends when either side closes.
                let _ = stream.read(&mut [0]);
                return;
            }
            Reply::Drip(response) => {
                for byte in response.iter().cycle() {
                    if stream.write_all(&[*byte]).is_err() || has_left(&stream, DRIP) {
                        return;
                    }
                }
            }
        }
    }
}

/// Reads one request; `None` at the end of the connection. A chunked body stays encoded.
fn read_request(stream: &mut TcpStream, bytes: &mut Vec<u8>, connection: usize) -> Option<Seen> {
    let find =
        |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|window| window == part);
    let mut more = |bytes: &mut Vec<u8>| {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => None,
            Ok(count) => {
                bytes.extend(&buffer[..count]);
                Some(())
            }
        }
    };
    let end = loop {
        match find(bytes, b"\r\n\r\n") {
            Some(end) => break end,
            None => more(bytes)?,
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    bytes.drain(..end + 4);
    let mut request = Seen { head, body: Vec::new(), connection };
    let length = match request.header("transfer-encoding") {
        Some(_) => loop {
            match find(bytes, b"0\r\n\r\n") {
                Some(end) => break end + 5,
                None => more(bytes)?,
            }
        },
        None => request.header("content-length").map_or(0, |length| length.parse().unwrap()),
    };
    while bytes.len() < length {
        more(bytes)?;
    }
    request.body = bytes.drain(..length).collect();
    Some(request)
}
