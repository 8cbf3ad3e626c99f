//! Start and shutdown of the server, its connections, and its log of requests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use tonearm::fake::{Fault, Reply, Server};
use tonearm::{Error, Market, Spotify};

use super::samples::samples;
use super::support::with_longer_limits;
use super::{WATCHDOG, address, ask, brief, connect, raw, spec, split, start};

#[test]
fn every_endpoint_has_a_response() {
    let (server, spotify) = start();
    for sample in samples() {
        // Without its optional path parameter, a call has the path of another endpoint.
        let name = &*sample.endpoint.name;
        let params = sample.endpoint.params.iter();
        let absent = params
            .filter_map(|param| spec::param(name, &param.name)["when_absent"].as_str())
            .next();
        let then = spec::entry(name)["batch"]["then"].as_str();
        for call in sample.calls {
            server.clear_requests();
            (call.send)(&spotify).unwrap_or_else(|error| panic!("{}: {error}", call.text));
            assert!(!server.requests().is_empty());
            for request in server.requests() {
                let endpoint = Spotify::endpoints()
                    .iter()
                    .find(|endpoint| Some(&*endpoint.name) == request.call);
                let endpoint =
                    endpoint.unwrap_or_else(|| panic!("{request} belongs to no endpoint"));
                // A search for one type is a search, as far as a server can see.
                let is_same = endpoint.method == sample.endpoint.method
                    && endpoint.path == sample.endpoint.path;
                let is_of_call =
                    is_same || Some(&*endpoint.name) == then || Some(&*endpoint.path) == absent;
                assert!(is_of_call, "{}", call.text);
                let name = &endpoint.name;
                assert_ne!(request.status, Some(501), "add a handler for `{name}` in src/fake/api");
                // The ids of the examples aren't in the catalog, and an idle player rejects many commands; but each
                // endpoint has a handler.
                let is_unknown =
                    matches!(request.status, Some(403 | 404)) && endpoint.path.contains("id}");
                let is_idle =
                    matches!(request.status, Some(200 | 403 | 404)) && endpoint.area == "Player";
                let is_done = request
                    .status
                    .is_some_and(|status| spec::success(&endpoint.name).contains(&status));
                assert!(is_done || is_unknown || is_idle, "{request}");
            }
        }
    }
}

#[test]
fn keep_alive_and_chunked_bodies_are_supported() {
    let (server, spotify) = start();
    let saved = spotify.get_my_saved_tracks().limit(1).send().unwrap();
    let track = saved.items[0].track.id.clone().unwrap();
    spotify.remove_saved_tracks([&track]).send().unwrap();
    server.clear_requests();
    let body = format!(r#"{{"ids":["{track}"]}}"#);
    let (first, rest) = body.split_at(5);
    let token = server.token();
    let mut stream = connect(&server);
    let text = format!(
        "PUT /v1/me/tracks HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\
         Transfer-Encoding: chunked\r\n\r\n\
         5;x=y\r\n{first}\r\n{:X}\r\n{rest}\r\n0\r\ntrailer: x\r\n\r\n\
         GET /v1/me/tracks/contains?ids={track} HTTP/1.1\r\nAUTHORIZATION: bearer {token}\r\n\
         Connection: Close\r\n\r\n",
        rest.len()
    );
    stream.write_all(text.as_bytes()).unwrap();
    let mut responses = String::new();
    stream.read_to_string(&mut responses).unwrap();
    let first = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\n";
    assert!(brief(&responses).starts_with(first), "{responses}");
    assert!(responses.ends_with("\r\n\r\n[true]"), "{responses}");
    let seen = &server.requests()[0];
    assert_eq!((seen.header("transfer-encoding"), &seen.body), (Some("chunked"), &body));
}

/// A response without content has no `content-length`.
#[test]
fn status_204_has_no_content_length() {
    let (server, _) = start();
    let request = format!(
        "PUT /v1/me/following?type=user&ids=x HTTP/1.1\r\nauthorization: Bearer {}\r\n\
         content-length: 0\r\nconnection: close\r\n\r\n",
        server.token()
    );
    assert_eq!(brief(&raw(&server, request)), "HTTP/1.1 204 No Content\r\n\r\n");
}

#[test]
fn expect_100_continue_is_supported() {
    let (server, _) = start();
    let mut stream = connect(&server);
    let head = format!(
        "PUT /v1/me/tracks HTTP/1.1\r\nauthorization: Bearer {}\r\nexpect: 100-continue\r\n\
         connection: close\r\ncontent-length: 34\r\n\r\n",
        server.token()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(br#"{"ids":["0000000000000000000000"]}"#).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK"), "{response}");
}

#[test]
fn requests_are_logged_as_sent() {
    let (server, spotify) = start();
    let call = spotify.get_my_saved_tracks().limit(3).market(Market::FI);
    let request = call.request().unwrap();
    call.send().unwrap();
    spotify.get_user("zoë.å#1").send().unwrap();
    let seen = server.requests();
    assert_eq!(seen[0].to_string(), "GET /v1/me/tracks -> 200\n    market = FI\n    limit = 3");
    assert_eq!(seen[0].to_string().replace(" -> 200", ""), request.to_string());
    assert_eq!(seen[0].call, Some("get_my_saved_tracks"));
    assert_eq!(seen[1].path, "/v1/users/zoë.å#1");
    server.clear_requests();
    assert!(matches!(spotify.get_user("nobody").send(), Err(Error::NotFound(_))));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.requests()[0].to_string(), "GET /v1/users/nobody -> 404");
}

#[test]
fn servers_do_not_share_state_or_tokens() {
    let (one, first) = start();
    let (two, second) = start();
    let album = one.catalog().albums()[0].clone();
    assert_eq!(album, two.catalog().albums()[0]);
    first.remove_saved_albums([&album]).send().unwrap();
    assert_eq!(first.are_albums_saved([&album]).send().unwrap(), [false]);
    assert_eq!(second.are_albums_saved([&album]).send().unwrap(), [true]);
    assert_eq!((one.requests().len(), two.requests().len()), (2, 1));
    let stranger = two.client_builder().token(one.token()).build().unwrap();
    assert!(matches!(stranger.get_me().send(), Err(Error::Unauthorized(_))));
}

#[test]
fn concurrent_clients_are_served() {
    let (server, spotify) = start();
    let albums = server.catalog().albums();
    spotify.remove_saved_albums(&albums).send().unwrap();
    server.clear_requests();
    std::thread::scope(|scope| {
        for part in albums.chunks(34) {
            let spotify = spotify.clone();
            scope.spawn(move || {
                for album in part {
                    spotify.save_albums([album]).send().unwrap();
                }
            });
        }
    });
    assert_eq!(server.requests().len(), albums.len());
    let saved = spotify.get_my_saved_albums().limit(1).send().unwrap().total.unwrap();
    assert_eq!(saved as usize, albums.len());
}

/// The server stops soon, even if clients keep connections open in any state.
#[test]
fn drop_stops_the_server_and_closes_connections() {
    let (server, spotify) = start();
    spotify.get_me().send().unwrap();
    let address = address(&server);
    let idle = connect(&server);
    let mut half_head = connect(&server);
    half_head.write_all(b"GET /v1/me HTTP/1.1\r\nauthor").unwrap();
    let mut half_body = connect(&server);
    half_body.write_all(b"PUT /v1/me/tracks HTTP/1.1\r\ncontent-length: 100\r\n\r\n{").unwrap();
    // A client that doesn't read its responses, so the server blocks on a write.
    let mut not_reading = connect(&server);
    let request = format!(
        "GET /v1/me/albums?limit=50 HTTP/1.1\r\nauthorization: Bearer {}\r\n\r\n",
        server.token()
    );
    for _ in 0..40 {
        not_reading.write_all(request.as_bytes()).unwrap();
    }

    assert_stops(server);

    // The port is closed, and so are all open connections.
    assert!(TcpStream::connect(address).is_err());
    for mut stream in [idle, half_head, half_body] {
        match stream.read(&mut [0; 1]) {
            Ok(0) => {}
            Ok(_) => panic!("a response to an incomplete request"),
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
            }
        }
    }
    assert!(matches!(spotify.get_me().send(), Err(Error::Transport(_))));
}

/// The server connects to itself to stop.
#[cfg(unix)]
#[test]
fn server_stops_if_the_process_has_run_out_of_file_descriptors() {
    const NAME: &str = "server::server_stops_if_the_process_has_run_out_of_file_descriptors";
    if std::env::var_os("TONEARM_TEST_ALONE").is_none() {
        let mut alone = std::process::Command::new("sh");
        alone.args(["-c", "ulimit -n 64; exec \"$0\" --exact \"$1\""]);
        alone.arg(std::env::current_exe().unwrap()).arg(NAME).env("TONEARM_TEST_ALONE", "");
        let output = alone.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let (server, _) = start();
    let address = address(&server);
    let clients = [(); 5].map(|()| {
        let mut client = connect(&server);
        client.write_all(b"GET /v1/me HTTP/1.1\r\n\r\n").unwrap();
        client.read_exact(&mut [0; 100]).unwrap();
        client
    });
    let mut files = Vec::new();
    while let Ok(file) = std::fs::File::open("/dev/null") {
        files.push(file);
    }
    assert!(TcpStream::connect(&address).is_err());
    assert_stops(server);
    drop(files);
    let open = TcpStream::connect(&address).map_err(|error| error.kind());
    assert!(matches!(open, Err(std::io::ErrorKind::ConnectionRefused)), "{open:?}");
    clients.into_iter().for_each(|client| drop(rest(client)));
}

/// The server would read from each connection for up to a minute, to let the client read the response.
#[test]
fn drop_does_not_wait_after_invalid_requests() {
    let (server, _) = start();
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = connect(&server);
        stream.write_all(b"hello\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        streams.push(stream);
    }
    assert_stops(server);
}

#[test]
fn hanging_connection_ends_when_the_client_disconnects() {
    let (server, _) = start();
    server.script_all().then(Fault::HangBeforeProcessing);
    let wait = |what: &str, is_so: &dyn Fn() -> bool| {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < WATCHDOG, "{what}");
            std::thread::yield_now();
        }
    };
    let mut client = connect(&server);
    client.write_all(b"GET /v1/me HTTP/1.1\r\n\r\n").unwrap();
    wait("no request meets the fault", &|| server.pending_faults() == 0);
    assert_eq!(server.connections(), 1);
    drop(client);
    wait("the connection is still open", &|| server.connections() == 0);
}

#[test]
fn servers_share_one_catalog() {
    let (one, other) = (start().0, start().0);
    assert!(std::ptr::eq(one.catalog(), other.catalog()));
}

/// Drops a server, and panics if that hangs.
fn assert_stops(server: Server) {
    let (done, is_done) = mpsc::channel();
    std::thread::spawn(move || {
        drop(server);
        let _ = done.send(());
    });
    is_done.recv_timeout(WATCHDOG).expect("the server does not stop");
}

#[test]
fn head_returns_the_headers_of_get() {
    let (server, _) = start();
    let send = |method: &str| {
        let token = server.token();
        let head =
            format!("{method} /v1/me/tracks?limit=3 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        raw(&server, format!("{head}authorization: Bearer {token}\r\n\r\n"))
    };
    let (get, head) = (send("GET"), send("HEAD"));
    let (head_of_get, body) = get.split_once("\r\n\r\n").unwrap();
    assert!(body.len() > 100);
    assert_eq!(head, format!("{head_of_get}\r\n\r\n"));
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    let seen = server.requests();
    assert_eq!((seen[1].method.as_str(), seen[1].status), ("HEAD", Some(200)));
    assert_eq!(seen[1].call, seen[0].call);
}

/// Browsers ask with OPTIONS before a request, without a token.
#[test]
fn every_response_allows_web_pages_of_other_origins() {
    let (server, _) = start();
    server.script_all().then(Fault::Status(500));
    let preflight = "OPTIONS /v1/me/tracks HTTP/1.1\r\nhost: x\r\norigin: http://localhost:3000\r\n\
                     access-control-request-method: PUT\r\nconnection: close\r\n\r\n";
    insta::assert_snapshot!(raw(&server, preflight).replace('\r', ""), @r"
    HTTP/1.1 204 No Content
    server: fake-spotify
    access-control-allow-origin: *
    access-control-allow-headers: Accept, App-Platform, Authorization, Content-Type, Origin, Retry-After, Spotify-App-Version, X-Cloud-Trace-Context, client-token, content-access-token
    access-control-allow-methods: GET, POST, OPTIONS, PUT, DELETE, PATCH
    access-control-allow-credentials: true
    access-control-max-age: 604800
    ");
    assert_eq!(server.pending_faults(), 1, "no fault hits a preflight");
    let allows_all = "\r\naccess-control-allow-origin: *\r\n";
    let requests = [
        ("the fault", "GET /v1/me HTTP/1.1\r\n", "500"),
        ("an error", "GET /v1/me HTTP/1.1\r\n", "401"),
        ("a token", "POST /api/token HTTP/1.1\r\ncontent-length: 0\r\n", "400"),
        ("another path", "GET /nothing HTTP/1.1\r\n", "404"),
        ("all paths", "OPTIONS * HTTP/1.1\r\n", "204"),
    ];
    for (what, request, status) in requests {
        let response = raw(&server, format!("{request}host: x\r\nconnection: close\r\n\r\n"));
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {response}");
        assert!(response.contains(allows_all), "{what}: {response}");
    }
}

#[test]
fn requests_through_a_proxy_have_absolute_targets() {
    let (server, _) = start();
    let token = server.token();
    for (target, status) in [
        ("http://api.spotify.com/v1/me?x=y", "200"),
        ("HTTPS://api.spotify.com/v1/me", "200"),
        ("http://api.spotify.com", "404"),
        ("http://api.spotify.com?x", "404"),
        ("http:///v1/me", "400"),
        ("ftp://api.spotify.com/v1/me", "400"),
        ("*", "400"),
    ] {
        let response = raw(
            &server,
            format!(
                "GET {target} HTTP/1.1\r\nHOST: other\r\nconnection: close\r\n\
                 authorization: Bearer {token}\r\n\r\n"
            ),
        );
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{target}: {response}");
    }
    let seen = &server.requests()[0];
    assert_eq!((seen.path.as_str(), seen.header("host")), ("/v1/me", Some("api.spotify.com")));
    assert_eq!(seen.query_value("x"), Some("y"));
}

/// Returns everything that the server sends until it closes the connection.
fn rest(mut stream: TcpStream) -> String {
    let mut response = String::new();
    let _ = stream.read_to_string(&mut response);
    response
}

#[test]
fn silent_clients_are_disconnected() {
    // The server may read the bytes that a client did send too late for a short timeout.
    with_longer_limits(Duration::from_millis(50), |limit| {
        let server = Server::builder().read_timeout(limit).start().unwrap();
        let idle = connect(&server);
        let mut half_head = connect(&server);
        half_head.write_all(b"GET /v1/me HTTP/1.1\r\nauthor")?;
        let mut half_body = connect(&server);
        half_body.write_all(b"PUT /v1/me/tracks HTTP/1.1\r\ncontent-length: 100\r\n\r\n{")?;
        // The time for a request is over, even if bytes arrive one by one.
        let mut slow = connect(&server);
        let began = Instant::now();
        slow.write_all(b"GET /v1/me HTTP/1.1\r\nx: y")?;
        while slow.write_all(b"y").is_ok() {
            assert!(began.elapsed() < WATCHDOG, "the server reads forever");
            std::thread::yield_now();
        }
        assert_eq!(rest(idle), "");
        let mut whole = connect(&server);
        let token = server.token();
        write!(
            whole,
            "GET /v1/me HTTP/1.1\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        )?;
        let responses = [half_head, half_body, whole].map(rest);
        let statuses = responses.each_ref().map(|response| response.get(..12).unwrap_or(response));
        match statuses {
            ["HTTP/1.1 408", "HTTP/1.1 408", "HTTP/1.1 200"] => Ok(()),
            found => Err(std::io::Error::other(format!("{found:?}"))),
        }
    });
}

#[test]
fn connections_are_limited() {
    // A new connection replaces one that waits for the next request of its client.
    let builder = Server::builder().max_connections(1).read_timeout(Duration::from_secs(3600));
    let server = builder.start().unwrap();
    let get = format!("GET /v1/me HTTP/1.1\r\nauthorization: Bearer {}\r\n\r\n", server.token());
    let mut idle = connect(&server);
    idle.write_all(get.as_bytes()).unwrap();
    idle.read_exact(&mut [0; 100]).unwrap();
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    idle.read_to_string(&mut String::new()).expect("the server closes the connection");

    let server = Server::builder().max_connections(2).start().unwrap();
    // Clients that send half a request, or garbage, without closing, do not block other clients.
    for bytes in [
        &b"GET /v1/me HT"[..],
        b"PUT /v1/me/tracks HTTP/1.1\r\ncontent-length: 9\r\n\r\n",
        b"?\r\n\r\n",
    ] {
        let streams: Vec<TcpStream> = (0..3)
            .map(|_| {
                let mut stream = connect(&server);
                stream.write_all(bytes).unwrap();
                stream
            })
            .collect();
        assert_eq!(ask(&server, "GET", "/me", "").0, 200);
        drop(streams);
    }

    // Requests that wait for a response keep their connections.
    let server = Server::builder().max_connections(1).start().unwrap();
    let get = format!("GET /v1/me HTTP/1.1\r\nauthorization: Bearer {}\r\n\r\n", server.token());
    server.script_all().then(Fault::HangBeforeProcessing);
    let mut hanging = connect(&server);
    hanging.write_all(get.as_bytes()).unwrap();
    let began = Instant::now();
    while server.pending_faults() > 0 {
        assert!(began.elapsed() < WATCHDOG, "no request meets the fault");
        std::thread::yield_now();
    }
    let rejected = rest(connect(&server));
    assert!(rejected.starts_with("HTTP/1.1 503"), "{rejected}");
    drop(hanging);
    while server.connections() > 0 {
        assert!(began.elapsed() < WATCHDOG, "the connection is still open");
        std::thread::yield_now();
    }
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
}

#[test]
fn clients_that_connect_at_the_same_time_wait_for_a_connection() {
    // The server disconnects a client that the system stops for a quarter of a second before its first request.
    let mut attempts = (0..10).map(|_| {
        let server = Server::builder().max_connections(4).start().unwrap();
        let get = format!(
            "GET /v1/me HTTP/1.1\r\nconnection: close\r\nauthorization: Bearer {}\r\n\r\n",
            server.token()
        );
        let is_served = || {
            let mut client = connect(&server);
            client.write_all(get.as_bytes()).is_ok() && rest(client).starts_with("HTTP/1.1 200")
        };
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..60).map(|_| scope.spawn(is_served)).collect();
            clients
                .into_iter()
                .map(|client| client.join().unwrap())
                .filter(|is_served| !is_served)
                .count()
        })
    });
    assert!(attempts.any(|failed| failed == 0));
}

#[test]
fn requests_that_servers_understand_differently_are_rejected() {
    let server = Server::start().unwrap();
    let token = format!("authorization: Bearer {}\r\n", server.token());
    let chunked = "transfer-encoding: chunked\r\n";
    for (version, headers) in [
        ("1.1", format!("host: x\r\n{chunked}transfer-encoding: identity\r\n")),
        ("1.1", format!("host: x\r\n{chunked}{chunked}")),
        ("1.1", format!("host: x\r\n{chunked}content-length: 5\r\n")),
        ("1.1", "host: x\r\ntransfer-encoding: gzip, chunked\r\n".to_owned()),
        ("1.0", format!("host: x\r\n{chunked}")),
        ("1.1", "host: x\r\ncontent-length: 0\r\ncontent-length: 5\r\n".to_owned()),
        ("1.1", "host: x\r\ncontent-length: +0\r\n".to_owned()),
        ("1.1", "host: x\r\nhost: y\r\ncontent-length: 0\r\n".to_owned()),
        ("1.1", "host: x\r\na: b\rcontent-length: 0\r\n".to_owned()),
        ("1.1", "host: x\r\na: b\0c\r\ncontent-length: 0\r\n".to_owned()),
        ("1.1", "host: x\r\ncontent-length : 0\r\n".to_owned()),
        ("1.1", "host: x\r\na: b\r\n content-length: 0\r\n".to_owned()),
    ] {
        // The bytes that follow are not a request.
        let next = format!("GET /v1/me HTTP/1.1\r\nhost: x\r\n{token}\r\n");
        let request = format!("POST /v1/me/playlists HTTP/{version}\r\n{token}{headers}\r\n");
        let response = raw(&server, format!("{request}0\r\n\r\n{next}"));
        assert!(response.starts_with("HTTP/1.1 400 "), "{headers:?}: {response}");
        assert_eq!(response.matches("HTTP/1.1").count(), 1, "{headers:?}");
    }
}

#[test]
fn connection_stays_open_if_version_and_headers_say_so() {
    let server = Server::start().unwrap();
    let token = server.token();
    for (version, headers, stays_open, sent) in [
        ("1.1", "", true, ""),
        ("1.1", "connection: close\r\n", false, ""),
        ("1.1", "connection: te\r\nconnection: x, Close\r\n", false, ""),
        ("1.0", "", false, ""),
        ("1.0", "connection: te\r\n", false, ""),
        ("1.0", "connection: keep-alive\r\n", true, "connection: keep-alive\r\n"),
    ] {
        let get =
            format!("GET /v1/me HTTP/{version}\r\n{headers}authorization: Bearer {token}\r\n");
        let last = "connection: close\r\n\r\n";
        let responses = raw(&server, format!("{get}\r\n{}{last}", get.replace(headers, "")));
        let count = if stays_open { 2 } else { 1 };
        assert_eq!(responses.matches("HTTP/1.1 200 OK").count(), count, "{version} {headers}");
        assert!(responses.contains(sent) && responses.contains("connection: ") != sent.is_empty());
    }
}

#[test]
fn header_values_may_be_latin_1() {
    let server = Server::start().unwrap();
    let mut request =
        format!("GET /v1/me HTTP/1.1\r\nauthorization: Bearer {}\r\n", server.token());
    request += "connection: close\r\nuser-agent: M";
    let response = raw(&server, [request.as_bytes(), b"\xf6re\r\n\r\n"].concat());
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    assert_eq!(server.requests()[0].header("user-agent"), Some("M\u{fffd}re"));
}

/// The client waits for the server then, and the bytes contain no line break.
#[test]
fn tls_is_rejected_immediately() {
    let (server, _) = start();
    let response = raw(&server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    assert!(response.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{response}");
    assert_eq!(server.requests()[0].status, Some(400));
}

#[test]
fn endless_requests_are_rejected() {
    let (server, _) = start();
    let endless = [
        ("GET /v1/me HTTP/1.1\r\n", "x: y\r\n", "431"),
        ("GET /v1/", "x", "431"),
        (
            "PUT /v1/me/tracks HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
            "4\r\nxxxx\r\n",
            "413",
        ),
    ];
    for (begin, repeated, status) in endless {
        let mut stream = connect(&server);
        let mut reader = stream.try_clone().unwrap();
        stream.write_all(begin.as_bytes()).unwrap();
        let repeated = repeated.repeat(1000);
        // Until the server has closed the connection.
        let writer =
            std::thread::spawn(move || while stream.write_all(repeated.as_bytes()).is_ok() {});
        let mut first = [0; 12];
        reader.read_exact(&mut first).unwrap();
        assert_eq!(first, format!("HTTP/1.1 {status}").as_bytes());
        drop(reader);
        server.clear_requests();
        writer.join().unwrap();
        assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    }
}

#[test]
fn response_whose_status_has_no_body_is_only_a_head() {
    let server = Server::start().unwrap();
    server
        .script("/me")
        .then(Fault::Status(204))
        .then(Fault::Status(304))
        .then(Reply::new(204).body("x"));
    let get = format!("GET /v1/me HTTP/1.1\r\nauthorization: Bearer {}\r\n", server.token());
    let responses =
        raw(&server, format!("{get}\r\n{get}\r\n{get}\r\n{get}connection: close\r\n\r\n"));
    let responses: Vec<&str> = responses.split("HTTP/1.1 ").skip(1).collect();
    assert_eq!(responses.len(), 4);
    for (response, status) in responses.iter().zip(["204", "304", "204"]) {
        assert!(response.starts_with(status) && response.ends_with("\r\n\r\n"), "{response}");
    }
}

#[test]
fn http_1_0_connection_stays_open_after_every_response() {
    let server = Server::start().unwrap();
    server.script("/me").then(Fault::Status(503));
    let head = format!(
        "HTTP/1.0\r\nconnection: keep-alive\r\nauthorization: Bearer {}\r\n\r\n",
        server.token()
    );
    let targets = ["GET /v1/me", "GET /v1/me", "OPTIONS /v1/me", "GET /_fake/info"];
    let requests: String = targets.iter().map(|target| format!("{target} {head}")).collect();
    let responses = raw(&server, format!("{requests}GET /v1/me HTTP/1.0\r\n\r\n"));
    assert_eq!(
        responses.matches("connection: keep-alive\r\n").count(),
        targets.len(),
        "{responses}"
    );
}

#[test]
fn fault_of_a_head_is_logged_with_its_call() {
    let server = Server::start().unwrap();
    server.script("/me").method(tonearm::endpoint::Method::Get).then(Fault::Status(503));
    let response = raw(&server, "HEAD /v1/me HTTP/1.1\r\nconnection: close\r\n\r\n");
    assert!(response.starts_with("HTTP/1.1 503") && response.ends_with("\r\n\r\n"), "{response}");
    let request = &server.requests()[0];
    assert_eq!((&*request.method, request.call), ("HEAD", Some("get_me")));
}

/// The message of the panics of the logger.
pub(super) const PANIC: &str = "the logger of the test panics";

/// A logger that panics if a message contains one of these texts, as it can run on the threads of a server.
struct Panicking(Mutex<Vec<String>>);

static LOGGER: Panicking = Panicking(Mutex::new(Vec::new()));

impl log::Log for Panicking {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("tonearm::fake")
    }

    fn log(&self, record: &log::Record<'_>) {
        let is_chosen = |text: &String| record.args().to_string().contains(text.as_str());
        let panics =
            self.enabled(record.metadata()) && self.0.lock().unwrap().iter().any(is_chosen);
        assert!(!panics, "{PANIC}");
    }

    fn flush(&self) {}
}

/// Makes the logger panic if a message contains this text.
fn panic_at(text: impl Into<String>) {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        log::set_logger(&LOGGER).unwrap();
        log::set_max_level(log::LevelFilter::Debug);
    });
    LOGGER.0.lock().unwrap().push(text.into());
}

#[test]
fn panic_of_a_server_thread_is_a_500_and_in_the_log() {
    panic_at("/v1/me/tracks/panic");
    let (server, spotify) = start();
    let message = "The fake Spotify server panicked while it processed this request. Standard error has the message. \
                   Please report it, unless it comes from your program's own logger.";
    for _ in 0..2 {
        assert_eq!(ask(&server, "GET", "/me/tracks/panic", ""), super::refusal(500, message));
    }
    // A fault does not hide the panic.
    server.script_custom("/me/tracks/panic").then(Fault::ResetAfterProcessing);
    assert_eq!(ask(&server, "PUT", "/me/tracks/panic", ""), super::refusal(500, message));
    assert!(spotify.get_me().send().is_ok());
    insta::assert_snapshot!(server.log(), @r"
    GET /v1/me/tracks/panic -> 500
        the server panicked: see standard error
    GET /v1/me/tracks/panic -> 500
        the server panicked: see standard error
    PUT /v1/me/tracks/panic -> 500
        the server panicked: see standard error
    GET /v1/me -> 200
    ");
    let log = server.requests();
    assert!(log[0].panicked && log[2].panicked && !log[3].panicked);
    assert_eq!(serde_json::to_value(&log[0]).unwrap()["panicked"], true);
    assert_stops(server);
}

#[test]
fn panic_outside_of_a_request_does_not_stop_the_server() {
    let server = Server::builder().max_connections(1).start().unwrap();
    panic_at(server.accounts_url());
    panic_at("/v1/without-length");
    let incomplete = raw(&server, "POST /v1/without-length HTTP/1.1\r\n\r\n");
    assert!(incomplete.starts_with("HTTP/1.1 500"), "{incomplete}");
    server.script_all().then(Fault::HangBeforeProcessing);
    let mut hanging = connect(&server);
    hanging.write_all(b"GET /v1/me HTTP/1.1\r\n\r\n").unwrap();
    let began = Instant::now();
    while server.pending_faults() > 0 {
        assert!(began.elapsed() < WATCHDOG, "no request meets the fault");
        std::thread::yield_now();
    }
    for _ in 0..2 {
        let rejected = rest(connect(&server));
        insta::allow_duplicates! {
            insta::assert_snapshot!(split(&rejected).1, @r#"{"error":{"status":503,"message":"All connections of the fake Spotify server are in use; close some, or raise `max_connections`, which is 1"}}"#);
        }
    }
    drop(hanging);
    while server.connections() > 0 {
        assert!(began.elapsed() < WATCHDOG, "the connection is still open");
        std::thread::yield_now();
    }
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
    assert_stops(server);
}
