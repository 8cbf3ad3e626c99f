//! What a token needs on its way through a proxy.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use tonearm::{App, Spotify};

use super::{forms, granted, spotify_of_two};

/// A proxy that opens tunnels, and notes what it is asked for.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = heads.clone();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let noted = noted.clone();
            thread::spawn(move || tunnel(client, &noted));
        }
    });
    (url, heads)
}

fn tunnel(mut client: TcpStream, noted: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let target = head.split(' ').nth(1).unwrap().to_owned();
    noted.lock().unwrap().push(head);
    let mut server = TcpStream::connect(target).unwrap();
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
    let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut back);
        let _ = back.shutdown(Shutdown::Both);
    });
    let _ = std::io::copy(&mut client, &mut server);
    let _ = server.shutdown(Shutdown::Both);
}

#[test]
fn tokens_are_renewed_and_used_through_a_proxy_that_does_not_see_them_before_its_tunnel() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let (url, heads) = proxy();
    let app = App::new("id").secret("secret").refresh_token("AQ-r").accounts_url(server.origin());
    let spotify =
        Spotify::builder().app(app).base_url(server.base_url()).proxy(url).build().unwrap();
    spotify.get_me().send().unwrap();
    spotify.get_me().send().unwrap();
    assert_eq!(forms(&server), ["refresh_token=AQ-r&grant_type=refresh_token"]);
    let asked = server.seen();
    assert_eq!(asked[0].header("authorization"), Some("Basic aWQ6c2VjcmV0"));
    assert_eq!(asked[1].header("authorization"), Some("Bearer BQ-new"));
    let heads = heads.lock().unwrap();
    assert!(!heads.is_empty(), "the proxy was used");
    for head in &*heads {
        assert!(head.starts_with("CONNECT 127.0.0.1:"), "{head}");
        assert!(!head.to_lowercase().contains("\r\nauthorization"), "{head}");
    }
}
