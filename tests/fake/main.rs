//! The fake Spotify server: what it refuses, what it keeps, what it sends, and how it stops.

#[path = "../support/samples.rs"]
mod samples;
#[path = "../../examples/table_diff/diff/spec.rs"]
mod spec;

mod anonymization;
mod catalog;
mod fail_all;
mod library;
mod log;
mod malformed_requests;
mod objects;
mod player;
mod playlists;
mod quota_mode;
mod recording;
mod refusals;
mod replay;
mod script;
mod server;
mod state;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tonearm::fake::Server;
use tonearm::{Scope, Spotify};

/// A test that waits longer than this hangs.
const WATCHDOG: Duration = Duration::from_secs(600);

fn start() -> (Server, Spotify) {
    let server = Server::start().unwrap();
    let spotify = server.client().unwrap();
    (server, spotify)
}

/// A client whose token holds these scopes only.
fn with_scopes(server: &Server, scopes: &[Scope]) -> Spotify {
    server.client_builder().token(server.token_with(scopes)).build().unwrap()
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(address(server)).unwrap();
    stream.set_read_timeout(Some(WATCHDOG)).unwrap();
    stream
}

fn address(server: &Server) -> String {
    server.base_url().trim_start_matches("http://").trim_end_matches("/v1").to_owned()
}

/// What the server answers to bytes, until it ends the connection.
fn raw(server: &Server, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = connect(server);
    stream.write_all(bytes.as_ref()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Status and body of a request on a connection of its own; `headers` are whole lines.
fn ask_with(
    server: &Server,
    method: &str,
    target: &str,
    headers: &str,
    body: &str,
) -> (u16, String) {
    let length = body.len();
    let answer = raw(
        server,
        format!(
            "{method} /v1{target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\
             content-length: {length}\r\n\r\n{body}"
        ),
    );
    split(&answer)
}

/// The same with the token of the server.
fn ask(server: &Server, method: &str, target: &str, body: &str) -> (u16, String) {
    let authorization = format!("authorization: Bearer {}\r\n", server.token());
    ask_with(server, method, target, &authorization, body)
}

/// Status and body of an answer.
fn split(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Status and body of a refusal.
fn refusal(status: u16, message: &str) -> (u16, String) {
    (status, format!(r#"{{"error":{{"status":{status},"message":"{message}"}}}}"#))
}
