//! Randomly mutated requests never make the server panic.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{connect, start};

/// The number of server threads that panicked.
static PANICS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn mutated_requests_do_not_crash_the_server() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        if name.starts_with("fake-spotify") && !info.to_string().contains(super::server::PANIC) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        usual(info);
    }));
    let (server, spotify) = start();
    let headers = format!("authorization: Bearer {}\r\nconnection: close\r\n", server.token());
    let track = server.catalog().tracks()[0].clone();
    let artist = server.catalog().artists()[3].clone();
    let timed =
        format!(r#"{{"timestamped_ids":[{{"id":"{track}","added_at":"2020-01-01T00:00:00Z"}}]}}"#);
    let playlist = server.catalog().playlists()[1].clone();
    let device = "0d1841b0976bae2a3a310dd74c0f3df354899bc8";
    let with_body = |method: &str, target: &str, body: &str| {
        let length = body.len();
        format!(
            "{method} /v1{target} HTTP/1.1\r\n{headers}content-type: image/jpeg\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let requests = [
        format!(
            "GET /v1/me/tracks?limit=2&offset=9&market=FI HTTP/1.1\r\naccept-language: fi\r\n{headers}\r\n"
        ),
        format!("GET /v1/me/following?type=artist&after={artist} HTTP/1.1\r\n{headers}\r\n"),
        format!(
            "PUT /v1/me/library?uris=spotify:track:{track},spotify:user:zo%25C3%25AB HTTP/1.1\r\n{headers}content-length: 0\r\n\r\n"
        ),
        format!(
            "PUT /v1/me/tracks HTTP/1.1\r\n{headers}content-length: {}\r\n\r\n{timed}",
            timed.len()
        ),
        format!(
            "PUT /v1/me/tracks HTTP/1.1\r\n{headers}transfer-encoding: chunked\r\n\r\n1f\r\n{{\"ids\":[\"{track}\"\r\n2\r\n]}}\r\n0\r\n\r\n"
        ),
        format!("GET /v1/users/zo%C3%AB.%C3%A5%231/playlists?limit=1 HTTP/1.1\r\n{headers}\r\n"),
        with_body(
            "POST",
            &format!("/playlists/{playlist}/items"),
            &format!(r#"{{"uris":["spotify:track:{track}"],"position":1}}"#),
        ),
        with_body(
            "DELETE",
            &format!("/playlists/{playlist}/tracks"),
            &format!(r#"{{"tracks":[{{"uri":"spotify:track:{track}"}}]}}"#),
        ),
        with_body(
            "PUT",
            &format!("/playlists/{playlist}/items"),
            r#"{"range_start":1,"insert_before":7,"range_length":3}"#,
        ),
        with_body("PUT", &format!("/playlists/{playlist}/images"), "/9j/2Q=="),
        with_body("POST", "/me/playlists", r#"{"name":"x","public":false}"#),
        with_body(
            "PUT",
            &format!("/me/player/play?device_id={device}"),
            &format!(
                r#"{{"context_uri":"spotify:playlist:{playlist}","offset":{{"position":4}}}}"#
            ),
        ),
        with_body("POST", "/me/player/next", ""),
        with_body("PUT", "/me/player/seek?position_ms=99999999", ""),
        with_body("PUT", "/me/player/shuffle?state=true", ""),
        with_body("POST", &format!("/me/player/queue?uri=spotify:track:{track}"), ""),
        format!("GET /v1/me/player/queue HTTP/1.1\r\n{headers}\r\n"),
        format!("GET /v1/me/player?additional_types=track,episode HTTP/1.1\r\n{headers}\r\n"),
        format!(
            "GET /v1/me/player/recently-played?limit=9&after=1719745632000 HTTP/1.1\r\n{headers}\r\n"
        ),
        format!(
            "GET /v1/playlists/{playlist}?fields=name,items(total,items.item(!uri)) HTTP/1.1\r\n{headers}\r\n"
        ),
        format!("GET /v1/me/top/artists?time_range=long_term HTTP/1.1\r\n{headers}\r\n"),
    ];
    let pieces: [&[u8]; 14] = [
        b"\r\n",
        b"%",
        b"%00",
        b"\0",
        b"-",
        b"99999999999999999999",
        b"=",
        b"&",
        b",",
        b"\"",
        b"}",
        b"\xff",
        b"/",
        b" ",
    ];
    let mut chance = 0x5eed_u64;
    let mut below = |end: usize| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        usize::try_from(chance % u64::try_from(end).unwrap()).unwrap()
    };
    for _ in 0..3000 {
        let mut bytes = requests[below(requests.len())].clone().into_bytes();
        for _ in 0..1 + below(4) {
            let at = below(bytes.len());
            let piece = pieces[below(pieces.len())];
            let end = (at + 1 + below(9)).min(bytes.len());
            match below(3) {
                0 => bytes[at] = u8::try_from(below(256)).unwrap(),
                1 => drop(bytes.splice(at..at, piece.iter().copied())),
                _ => drop(bytes.splice(at..end, piece.iter().copied())),
            }
        }
        let mut stream = connect(&server);
        // The server may close the connection before it has read all bytes.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    spotify.get_me().send().unwrap();
    let statuses: Vec<u16> =
        server.requests().iter().filter_map(|request| request.status).collect();
    for status in [200, 400, 401, 404] {
        assert!(statuses.contains(&status), "{status}");
    }
    assert!(statuses.iter().all(|status| *status < 500));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}
