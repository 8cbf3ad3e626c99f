//! A plain server on loopback, so that what is measured is the client. It runs in the process that measures,
//! and the clients in processes of their own.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::pages;

/// What went over the wire since the last look.
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
    /// Whole answers by their target and whether they are in gzip.
    answers: Mutex<Answers>,
}

type Answers = HashMap<(String, bool), Arc<Vec<u8>>>;

impl Server {
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state =
            Arc::new(State { traffic: Traffic::default(), answers: Mutex::new(HashMap::new()) });
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

    /// The address of a Web API with so many saved tracks, that waits before each answer.
    pub fn base(&self, tracks: usize, milliseconds: usize) -> String {
        format!("http://127.0.0.1:{}/{tracks}/{milliseconds}/v1", self.address.port())
    }

    /// What goes over the wire from here on.
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
        let answer = state.answer(&target, gzip, address);
        if wait > 0 {
            std::thread::sleep(Duration::from_millis(wait));
        }
        state.traffic.requests.fetch_add(1, Relaxed);
        state.traffic.bytes.fetch_add(answer.len(), Relaxed);
        (&*stream).write_all(&answer)?;
    }
}

impl State {
    /// A whole answer; kept, where it is not one of thousands.
    fn answer(&self, target: &str, gzip: bool, address: SocketAddr) -> Arc<Vec<u8>> {
        let key = (target.to_owned(), gzip);
        if let Some(answer) = self.answers.lock().ok().and_then(|all| all.get(&key).cloned()) {
            return answer;
        }
        let (body, tracks) = body(target, address);
        let answer = Arc::new(encoded(&body, gzip, tracks > 10_000));
        if tracks <= 10_000
            && let Ok(mut all) = self.answers.lock()
        {
            all.insert(key, Arc::clone(&answer));
        }
        answer
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
            pages::saved_tracks(&base, tracks, number("offset", 0), number("limit", 20))
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

/// The whole answer. What fits into a packet is not made smaller.
fn encoded(body: &str, gzip: bool, quickly: bool) -> Vec<u8> {
    let gzip = gzip && body.len() > 1_400;
    let level = flate2::Compression::new(if quickly { 1 } else { 6 });
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
    let mut answer = head.into_bytes();
    answer.append(&mut bytes);
    answer
}
