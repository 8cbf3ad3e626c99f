//! A minimal server on loopback. It runs in the measuring process, and the clients run in separate processes, so their
//! figures don't include the server.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::pages::{self, Quota};

/// The traffic since the last reset.
#[derive(Debug, Default)]
pub struct Traffic {
    pub requests: AtomicUsize,
    pub connections: AtomicUsize,
    pub bytes: AtomicUsize,
}

impl Traffic {
    fn reset(&self) {
        for count in [&self.requests, &self.connections, &self.bytes] {
            count.store(0, Relaxed);
        }
    }
}

pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    traffic: Traffic,
    /// Complete responses, by target and whether they are compressed.
    responses: Mutex<Responses>,
}

type Responses = HashMap<(String, bool), Arc<Vec<u8>>>;

impl Server {
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state =
            Arc::new(State { traffic: Traffic::default(), responses: Mutex::new(HashMap::new()) });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || {
                    state.traffic.connections.fetch_add(1, Relaxed);
                    let _ = serve(&stream, &state, address);
                });
            }
        });
        Ok(Server { address, state })
    }

    /// Returns the base URL of a Web API with this number of saved tracks, which waits before each response.
    pub fn base(&self, quota: Quota, tracks: usize, milliseconds: usize) -> String {
        let quota = match quota {
            Quota::Development => "development",
            Quota::Extended => "extended",
        };
        format!("http://127.0.0.1:{}/{tracks}/{milliseconds}/{quota}/v1", self.address.port())
    }

    /// Returns the base URL of a Web API that doesn't compress its responses.
    pub fn plain_base(&self, quota: Quota, tracks: usize) -> String {
        self.base(quota, tracks, 0).replace("/v1", "/plain/v1")
    }

    /// Resets the traffic, and returns it.
    pub fn traffic(&self) -> &Traffic {
        self.state.traffic.reset();
        &self.state.traffic
    }
}

fn serve(stream: &TcpStream, state: &State, address: SocketAddr) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let target = line.split(' ').nth(1).unwrap_or("/").to_owned();
        let (mut gzip, mut length) = (false, 0);
        loop {
            line.clear();
            if reader.read_line(&mut line)? <= 2 {
                break;
            }
            let header = line.to_ascii_lowercase();
            gzip |= header.starts_with("accept-encoding:") && header.contains("gzip");
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink())?;

        let wait = target.split('/').nth(2).and_then(|part| part.parse().ok()).unwrap_or(0);
        let response = state.response(&target, gzip && !target.contains("/plain/"), address);
        if wait > 0 {
            std::thread::sleep(Duration::from_millis(wait));
        }
        state.traffic.requests.fetch_add(1, Relaxed);
        state.traffic.bytes.fetch_add(response.len(), Relaxed);
        (&*stream).write_all(&response)?;
    }
}

impl State {
    /// Returns a complete response. It is cached, unless it is one of thousands.
    fn response(&self, target: &str, gzip: bool, address: SocketAddr) -> Arc<Vec<u8>> {
        let key = (target.to_owned(), gzip);
        if let Some(response) = self.responses.lock().ok().and_then(|all| all.get(&key).cloned()) {
            return response;
        }
        let (body, tracks) = body(target, address);
        let response = Arc::new(encoded(&body, gzip, tracks > 10_000));
        if tracks <= 10_000
            && let Ok(mut all) = self.responses.lock()
        {
            all.insert(key, Arc::clone(&response));
        }
        response
    }
}

fn body(target: &str, address: SocketAddr) -> (String, usize) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let number = |name, or| value(name).and_then(|text| text.parse().ok()).unwrap_or(or);
    let tracks = path.split('/').nth(1).and_then(|part| part.parse().ok()).unwrap_or(0);
    let body = match path.trim_end_matches('/').rsplit_once("/v1").map(|(_, path)| path) {
        Some("/me") => pages::me(),
        Some("/me/tracks") => {
            let base = path.trim_end_matches("/me/tracks");
            let base = format!("http://{address}{base}");
            let quota = match path.split('/').nth(3) {
                Some("development") => Quota::Development,
                _ => Quota::Extended,
            };
            pages::saved_tracks(quota, &base, tracks, number("offset", 0), number("limit", 20))
        }
        Some("/me/tracks/contains") => {
            let ids = value("ids").unwrap_or("");
            let count = ids.replace("%2C", ",").split(',').count();
            format!("[{}]", vec!["true"; count].join(","))
        }
        _ => r#"{"error":{"status":404,"message":"Not found"}}"#.to_owned(),
    };
    (body, tracks)
}

/// Builds a complete response. A body that fits into a packet is not compressed.
fn encoded(body: &str, gzip: bool, is_fast: bool) -> Vec<u8> {
    let gzip = gzip && body.len() > 1_400;
    let level = flate2::Compression::new(if is_fast { 1 } else { 6 });
    let mut bytes = body.as_bytes().to_vec();
    if gzip {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
        bytes = encoder.write_all(&bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    }
    let encoding = if gzip { "content-encoding: gzip\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n{encoding}content-length: {}\r\n\r\n",
        bytes.len()
    );
    let mut response = head.into_bytes();
    response.append(&mut bytes);
    response
}
