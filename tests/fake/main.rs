//! The fake Spotify server: its errors, state, responses and shutdown.

#[path = "../support/samples.rs"]
mod samples;
#[path = "../../examples/table_diff/diff/spec.rs"]
mod spec;
#[path = "../support/mod.rs"]
mod support;

mod admin;
mod anonymization;
mod catalog;
mod fail_all;
mod library;
mod log;
mod malformed_requests;
mod objects;
mod own_library;
mod player;
mod playlists;
mod quota_mode;
mod recording;
mod refusals;
mod replay;
mod script;
mod server;
mod settings;
mod state;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tonearm::fake::Server;
use tonearm::{Scope, Spotify};

/// A test that waits longer than this fails.
const WATCHDOG: Duration = Duration::from_secs(600);

fn start() -> (Server, Spotify) {
    let server = Server::start().unwrap();
    let spotify = server.client().unwrap();
    (server, spotify)
}

/// Returns a client whose token has only these scopes.
fn with_scopes(server: &Server, scopes: &[Scope]) -> Spotify {
    server.client_builder().token(server.issue_token(scopes)).build().unwrap()
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(address(server)).unwrap();
    stream.set_read_timeout(Some(WATCHDOG)).unwrap();
    stream
}

fn address(server: &Server) -> String {
    server.base_url().trim_start_matches("http://").trim_end_matches("/v1").to_owned()
}

/// Sends bytes, and returns everything that the server sends until it closes the connection.
fn raw(server: &Server, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = connect(server);
    stream.write_all(bytes.as_ref()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Returns a response without the headers that every response has.
fn brief(response: &str) -> String {
    let is_in_every_response =
        |line: &str| line.starts_with("server: ") || line.starts_with("access-control-");
    response.split_inclusive("\r\n").filter(|line| !is_in_every_response(line)).collect()
}

/// Sends a request on a new connection, and returns status and body of the response; `headers` are complete lines.
fn ask_with(
    server: &Server,
    method: &str,
    target: &str,
    headers: &str,
    body: &str,
) -> (u16, String) {
    let (host, length) = (address(server), body.len());
    let response = raw(
        server,
        format!(
            "{method} /v1{target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\
             content-length: {length}\r\n\r\n{body}"
        ),
    );
    split(&response)
}

/// Like [`ask_with`], with the token of the server.
fn ask(server: &Server, method: &str, target: &str, body: &str) -> (u16, String) {
    let authorization = format!("authorization: Bearer {}\r\n", server.token());
    ask_with(server, method, target, &authorization, body)
}

/// Returns the JSON of a successful GET.
fn json(server: &Server, target: &str) -> serde_json::Value {
    let (status, body) = ask(server, "GET", target, "");
    assert_eq!(status, 200, "{target} {body}");
    serde_json::from_str(&body).unwrap()
}

/// Returns a header with a new token of the app, which has no user.
fn of_app(server: &Server) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        server.app().client_id(),
        server.client_secret()
    );
    let (status, body) = split(&raw(
        server,
        format!(
            "POST /api/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        ),
    ));
    assert_eq!(status, 200, "{body}");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    format!("authorization: Bearer {}\r\n", body["access_token"].as_str().unwrap())
}

/// Splits a response into status and body.
fn split(response: &str) -> (u16, String) {
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{response:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Returns status and body of an error response.
fn refusal(status: u16, message: &str) -> (u16, String) {
    (status, format!(r#"{{"error":{{"status":{status},"message":"{message}"}}}}"#))
}
