//! Servers that don't support TLS.

use std::time::Duration;

use tonearm::Spotify;

use super::{ends, outcome};

/// No request is sent before the TLS handshake, so nothing can have taken effect.
#[test]
fn no_tls_is_no_connection() {
    use std::io::{Read, Write};
    for (name, bytes) in [
        ("HTTP", &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..]),
        ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("an alert", b"\x15\x03\x01\x00\x02\x02\x28"),
        ("an empty server hello", b"\x16\x03\x03\x00\x04\x02\x00\x00\x00"),
        ("an end", b""),
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().take(4) {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(bytes);
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = stream.read_to_end(&mut Vec::new());
            }
        });
        let builder = Spotify::builder().token("secret").base_url(format!("https://{address}/v1"));
        let builder = builder.call_timeout(Duration::from_secs(500)).sleep_with(|_| {});
        let spotify = builder.build().unwrap();
        let outcome = ends(name, move || outcome(spotify.skip_to_next().send()));
        assert_eq!(outcome, "Connect, not done", "{name}");
    }
}
