//! The time by which a call exceeds its `call_timeout`, for each phase in which the other side can hang. Run it with
//! `cargo bench --bench deadlines`.
//!
//! The largest of some runs. No phase may take more than a second.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use tonearm::{App, Spotify, SpotifyBuilder};

const TIMEOUT: Duration = Duration::from_millis(700);
const RUNS: usize = 5;

/// The way in which a server hangs on a connection.
type Hang = fn(TcpStream);

fn main() {
    type Client = fn(SocketAddr) -> SpotifyBuilder;
    let plain: Client =
        |address| Spotify::builder().token("t").base_url(format!("http://{address}"));
    let tls: Client =
        |address| Spotify::builder().token("t").base_url(format!("https://{address}"));
    let proxy: Client = |address| Spotify::builder().token("t").proxy(format!("http://{address}"));
    let accounts: Client = |address| {
        let accounts = format!("http://{address}");
        Spotify::builder().app(App::new("id").refresh_token("r").accounts_url(accounts))
    };
    let cases: [(&str, Client, Hang); 11] = [
        ("TLS handshake", tls, |stream| silent(stream, b"")),
        ("TLS handshake, dripping", tls, |stream| {
            drip(stream, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03")
        }),
        ("CONNECT of a proxy", proxy, |stream| silent(stream, b"")),
        ("CONNECT of a proxy, dripping", proxy, |stream| drip(stream, b"HTTP/1.1 200 OK\r\nx: x")),
        ("large body", plain, |_stream| thread::sleep(TIMEOUT * 20)),
        ("large body, read slowly", plain, |mut stream| {
            while let Ok(1..) = stream.read(&mut [0; 1024]) {
                thread::sleep(Duration::from_millis(20));
            }
        }),
        ("head", plain, |stream| silent(stream, b"")),
        ("head, dripping", plain, |stream| drip(stream, b"HTTP/1.1 200 OK\r\nx: x")),
        ("body", plain, |stream| silent(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")),
        ("body, dripping", plain, |stream| drip(stream, b"HTTP/1.1 200 OK\r\n\r\n ")),
        ("request for a token", accounts, |stream| silent(stream, b"")),
    ];
    println!("{:32} {:>9} beyond a call_timeout of {TIMEOUT:?}", "phase", "longest");
    for (name, client, hang) in cases {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || hang(stream));
            }
        });
        row(name, client(address));
    }
    // A listener that accepts nothing has room for some connections; the system does not respond to more.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200));
    let waiting: Vec<TcpStream> = std::iter::from_fn(|| connect().ok()).take(10_000).collect();
    row("connecting", plain(address));
    drop(waiting);
}

fn row(name: &str, client: SpotifyBuilder) {
    let spotify = client.call_timeout(TIMEOUT).build().unwrap();
    let body = "x".repeat(if name.starts_with("large") { 5 << 20 } else { 1 });
    let overshoot = (0..RUNS).map(|_| {
        let began = Instant::now();
        spotify.put("/me/anything").body(&body).send().unwrap_err();
        began.elapsed().saturating_sub(TIMEOUT)
    });
    println!("{name:32} {:>6} ms", overshoot.max().unwrap_or_default().as_millis());
}

fn silent(mut stream: TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Sends these bytes one by one, the last one again and again.
fn drip(mut stream: TcpStream, bytes: &[u8]) {
    let last = bytes.last().into_iter().cycle();
    for byte in bytes.iter().chain(last) {
        thread::sleep(Duration::from_millis(20));
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
    }
}
