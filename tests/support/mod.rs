//! What several test files have in common.

#![allow(dead_code)] // Each test file uses a part of it.

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;
use tonearm::Spotify;

/// The text of a file in `tests/responses`.
pub fn response(name: &str) -> String {
    let path = format!("{}/tests/responses/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads JSON in all four ways there are, which must agree.
pub fn read<T: DeserializeOwned + PartialEq + Debug>(json: &str) -> T {
    let read = |way: &str, value: serde_json::Result<T>| {
        value.unwrap_or_else(|error| panic!("{way}: {error} in {json}"))
    };
    let value = read("from_str", serde_json::from_str(json));
    assert_eq!(read("from_slice", serde_json::from_slice(json.as_bytes())), value);
    assert_eq!(read("from_reader", serde_json::from_reader(json.as_bytes())), value);
    let tree = serde_json::from_str(json).unwrap();
    assert_eq!(read("from_value", serde_json::from_value(tree)), value);
    value
}

/// A successful answer with a JSON body.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("200 OK", "application/json; charset=utf-8", body)
}

/// Any answer.
pub fn answer(status: &str, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// A server on this machine that gives each request the next of its answers, byte for byte, and is
/// gone after the last.
pub struct Canned {
    address: std::net::SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Starts a server with the answers to the first, second, … request.
pub fn canned(answers: Vec<Vec<u8>>) -> Canned {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    std::thread::spawn(move || {
        let mut answers = answers.into_iter().peekable();
        while answers.peek().is_some() {
            let Ok((mut connection, _)) = listener.accept() else { return };
            while answers.peek().is_some() {
                let Some(request) = request(&mut connection) else { break };
                seen.lock().unwrap().push(request);
                let _ = connection.write_all(&answers.next().unwrap_or_default());
            }
        }
    });
    Canned { address, requests }
}

impl Canned {
    /// The server as `base_url` takes it.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// A client of this server.
    pub fn client(&self) -> Spotify {
        Spotify::builder().token("t").base_url(self.url()).build().unwrap()
    }

    /// The requests so far, as they came.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// One request with its body; none at the end of the connection.
fn request(connection: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte).ok()?;
        bytes.extend(byte);
    }
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
    connection.read_exact(&mut body).ok()?;
    bytes.extend(body);
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
