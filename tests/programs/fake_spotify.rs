//! The command `fake-spotify`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{code_without_messages, ended_on_full_disk, ended_without_reader};

const COMMAND: &str = env!("CARGO_BIN_EXE_fake-spotify-under-test");

/// A running command, killed on drop.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    info: Value,
}

impl Running {
    fn new(options: &[&str]) -> Self {
        Running::start(Command::new(COMMAND).args(options))
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let info = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        Running { input: child.stdin.take(), child, info }
    }

    fn text(&self, key: &str) -> &str {
        self.info[key].as_str().unwrap()
    }

    /// Sends a request, and returns the whole response.
    fn send(&self, method: &str, url: &str) -> String {
        self.send_with(method, url, "")
    }

    fn send_with(&self, method: &str, url: &str, body: &str) -> String {
        let rest = url.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(600))).unwrap();
        let token = self.text("token");
        write!(
            stream,
            "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the command to its end, and returns exit code, standard output and standard error.
fn ended(options: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(COMMAND).args(options).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn command_serves_with_the_options_of_the_builder() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let running = Running::new(&[
        "--port",
        &port,
        "--bind",
        "127.0.0.1",
        "--quota-mode",
        "development",
        "--token",
        "my-token",
        "--client",
        "my-app:my-secret",
        "--redirect-uri",
        "http://127.0.0.1:8888/callback",
        "--redirect-uri",
        "my-app://callback",
        "--auto-approve",
        "--clock",
        "real",
        "--base-url",
        "http://spotify.example/v1",
        "--rate-limit",
        "3",
        "--player-responses",
        "empty",
    ]);
    assert_eq!(running.text("base_url"), format!("http://127.0.0.1:{port}/v1"));
    assert_eq!(running.text("accounts_url"), format!("http://127.0.0.1:{port}"));
    assert_eq!(running.text("admin_url"), format!("http://127.0.0.1:{port}/_fake"));
    assert_eq!((running.text("token"), running.text("client_id")), ("my-token", "my-app"));
    assert_eq!(
        (running.text("client_secret"), running.text("quota_mode")),
        ("my-secret", "development")
    );
    assert_eq!(running.info["legacy_access"], false);
    assert_eq!(running.info["redirect_uris"][4], "my-app://callback");
    assert!(running.info["catalog"]["albums"][0].is_string());
    let base = running.text("base_url");
    let status = |method: &str, url: &str| running.send(method, url)[9..12].to_owned();
    let me = running.send("GET", &format!("{base}/me"));
    assert!(me.starts_with("HTTP/1.1 200"), "{me}");
    assert!(me.contains("\"href\":\"http://spotify.example/v1/users/"), "{me}");
    assert_eq!(
        status("GET", &format!("{base}/markets")),
        "403",
        "not available in development mode"
    );
    assert_eq!(status("GET", &format!("{base}/me")), "200");
    assert_eq!(status("GET", &format!("{base}/me")), "429");
    let login = format!(
        "{}/authorize?client_id=my-app&response_type=code&redirect_uri=http://127.0.0.1:8888/callback",
        running.text("accounts_url")
    );
    assert!(running.send("GET", &login).contains("location: http://127.0.0.1:8888/callback?code="));
    assert_eq!(status("POST", &format!("{}/reset", running.text("admin_url"))), "200");
    let id = &running.info["catalog"]["tracks"][0].as_str().unwrap();
    assert_eq!(status("GET", &format!("{base}/tracks/{id}")), "200");
}

/// A client secret that isn't given is the default one.
#[test]
fn command_needs_no_options() {
    let running = Running::new(&["--client", "my-app"]);
    assert_eq!(running.text("client_id"), "my-app");
    assert!(running.text("client_secret").len() == 32 && running.text("quota_mode") == "extended");
    let [one, two] = [Running::new(&["--no-legacy-access"]), Running::new(&[])];
    assert_eq!([&one, &two].map(|server| server.info["legacy_access"] == true), [false, true]);
    assert_ne!(one.text("base_url"), two.text("base_url"));
    assert!(one.send("GET", &format!("{}/me", one.text("base_url"))).starts_with("HTTP/1.1 200"));
}

#[test]
fn command_stops_with_standard_input() {
    let mut running = Running::new(&["--stop-with-stdin", "--verbose"]);
    let script = r#"{"path": "/me", "steps": [{"status": 503}]}"#;
    running.send_with("POST", &format!("{}/script", running.text("admin_url")), script);
    running.send("GET", &format!("{}/me", running.text("base_url")));
    running.send("GET", &format!("{}/me?market=GB", running.text("base_url")));
    let input = running.input.take().unwrap();
    assert!(running.child.try_wait().unwrap().is_none());
    drop(input);
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    let (mut output, mut log) = (String::new(), String::new());
    running.child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    running.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(output, "", "only one line");
    assert_eq!(
        log,
        "the fake Spotify server: GET /v1/me -> 503, Status(503)\nthe fake Spotify server: GET /v1/me -> 200\n"
    );
}

#[cfg(unix)]
#[test]
fn command_stops_on_sigterm_and_ctrl_c() {
    // A shell without job control starts background jobs that ignore Ctrl-C, and so do their child processes.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap_or("0").trim(), 16).unwrap();
    let signals: &[&str] = if ignored & 0b10 == 0 { &["TERM", "INT"] } else { &["TERM"] };
    for signal in signals {
        let mut running = Running::new(&[]);
        let id = running.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        assert!(!running.child.wait().unwrap().success(), "{signal}");
        let address = running.text("accounts_url").strip_prefix("http://").unwrap();
        assert!(TcpStream::connect(address).is_err());
    }
}

#[test]
fn invalid_options_are_one_sentence_and_exit_code_2() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let error = |options: &[&str]| {
        let (code, output, error) = ended(options);
        assert_eq!((code, output.as_str()), (Some(2), ""), "{options:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        error.replace(&port, "PORT")
    };
    insta::assert_snapshot!(error(&["--prot", "80"]), @"Error: no such flag: `--prot`, did you mean `--port`?");
    insta::assert_snapshot!(error(&["--port", "80000"]), @"Error: couldn't parse `80000`: expected a port from 0 to 65535");
    insta::assert_snapshot!(error(&["--port"]), @"Error: `--port` requires an argument `N`");
    insta::assert_snapshot!(error(&["--bind", "localhost"]), @"Error: couldn't parse `localhost`: expected an IP address such as 127.0.0.1");
    insta::assert_snapshot!(error(&["--quota-mode", "full"]), @"Error: couldn't parse `full`: expected `extended` or `development`");
    insta::assert_snapshot!(error(&["--player-responses", "json"]), @"Error: couldn't parse `json`: expected `empty` or `text`");
    insta::assert_snapshot!(error(&["--rate-limit", "0"]), @"Error: rate_limit: expected at least 1, found 0");
    insta::assert_snapshot!(error(&["--token", "a b"]), @"Error: token: expected printable ASCII characters without spaces, found other characters");
    insta::assert_snapshot!(error(&["--redirect-uri", "callback"]), @"Error: redirect_uri: expected a URI such as `http://127.0.0.1/callback`, found `callback`");
    insta::assert_snapshot!(error(&["--clock", "fast"]), @"Error: couldn't parse `fast`: expected `frozen` or `real`");
    insta::assert_snapshot!(error(&["--base-url", "x"]), @"Error: base_url: expected a URL such as `http://127.0.0.1:8080/v1`, found `x`");
    let folder = std::env::temp_dir().join(format!("tonearm-command-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("library.json");
    let library = || {
        let file = file.to_str().unwrap();
        error(&["--library", file]).replace(file, "FILE")
    };
    let missing = library();
    // Each system has its own words.
    assert!(missing.starts_with("Error: cannot read the library `FILE`: "), "{missing}");
    assert!(missing.trim_end().ends_with(" (os error 2)"), "{missing}");
    std::fs::write(&file, "{\n  \"version\": 1,\n}").unwrap();
    insta::assert_snapshot!(library(), @"Error: `FILE`, line 3, column 1: trailing comma");
    std::fs::write(&file, r#"{"version": 99}"#).unwrap();
    insta::assert_snapshot!(library(), @"Error: `FILE`: expected version 1 of the format, found 99; read it with the version of Tonearm that wrote it");
    std::fs::write(&file, r#"{"version": 1, "user": "ada", "begun_at": "2026-11-30T09:00:00Z", "tracks": {"items": [], "checkpoint": {"offset": 100}}}"#).unwrap();
    insta::assert_snapshot!(library(), @"Error: `FILE`: the library is a part of a backup; complete it with `backup`");
    std::fs::remove_dir_all(folder).unwrap();
    insta::assert_snapshot!(error(&["--client", "x:"]), @"Error: client secret: expected printable ASCII characters without spaces, found an empty text");
    insta::assert_snapshot!(error(&["--redirect-uri", "http://localhost:1/cb"]), @"Error: redirect_uri: expected `https`, or a loopback address such as `http://127.0.0.1/callback`, because Spotify rejects others, found `http://localhost:1/cb`");
    insta::assert_snapshot!(error(&["more"]), @"Error: `more` is not expected in this context");
    let in_use = error(&["--port", &port]);
    assert!(in_use.starts_with("Error: cannot listen on 127.0.0.1:PORT: "), "{in_use}");
}

#[test]
fn command_ends_without_a_panic_if_the_output_is_closed_or_full() {
    for options in [&["--help"][..], &["--version"], &["--stop-with-stdin"]] {
        let closed = ended_without_reader(Command::new(COMMAND).args(options));
        assert_eq!(closed, (Some(141), String::new()), "{options:?}");
        if cfg!(target_os = "linux") {
            let text =
                "Error: cannot write to standard output: No space left on device (os error 28)\n";
            let full = ended_on_full_disk(Command::new(COMMAND).args(options));
            assert_eq!(full, (Some(2), text.to_owned()), "{options:?}");
        }
    }
}

/// Where the operating system allows few of them, as macOS does by default, one connection must not use several.
#[cfg(unix)]
#[test]
fn connection_uses_one_file_descriptor() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 64; exec \"$0\"", COMMAND]);
    let running = Running::start(&mut command);
    let url = running.text("base_url").strip_prefix("http://").unwrap();
    let connect = || {
        let mut stream = TcpStream::connect(url.split_once('/').unwrap().0).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(600))).unwrap();
        stream.write_all(b"GET /v1/me HTTP/1.1\r\n\r\n").unwrap();
        stream
    };
    let serve = |mut stream: TcpStream| {
        stream.read_exact(&mut [0; 100]).unwrap();
        stream
    };
    let served: Vec<TcpStream> = (0..50).map(|_| serve(connect())).collect();
    // These use the others, and the last ones wait until some are free again.
    let waiting: Vec<TcpStream> = (0..20).map(|_| connect()).collect();
    drop(served);
    waiting.into_iter().for_each(|stream| drop(serve(stream)));
}

#[test]
fn command_continues_if_the_reader_of_its_messages_has_ended() {
    let mut running = Running::new(&["--verbose"]);
    drop(running.child.stderr.take());
    let me = format!("{}/me", running.text("base_url"));
    for _ in 0..2 {
        assert!(running.send("GET", &me).starts_with("HTTP/1.1 200"));
    }
    assert_eq!(code_without_messages(Command::new(COMMAND).arg("more")), Some(2));
}

#[test]
fn help_lists_the_options() {
    let (code, output, _) = ended(&["--help"]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(output, @r"
    A local fake Spotify server. It prints one line of JSON with its URLs and its token.

    Usage: fake-spotify [--port=N] [--bind=ADDR] [--quota-mode=MODE] [--no-legacy-access] [--token=TEXT]
    [--client=<ID[:SECRET]>] [--redirect-uri=URL]... [--auto-approve] [--rate-limit=N] [
    --player-responses=KIND] [--library=FILE] [--clock=CLOCK] [--base-url=URL] [--stop-with-stdin] [
    --verbose]

    Available options:
            --port=N            The port; 0 for any free one
                                [default: 0]
            --bind=ADDR         The address to listen on
                                [default: 127.0.0.1]
            --quota-mode=MODE   The quota mode of the app: extended (default) or development
            --no-legacy-access  An app without access to legacy endpoints such as recommendations
            --token=TEXT        An access token with all scopes
            --client=<ID[:SECRET]>  The id of the app, and its secret
            --redirect-uri=URL  A redirect URI of the app; can be repeated
            --auto-approve      Let the user consent without a page
            --rate-limit=N      The number of requests in 30 seconds
            --player-responses=KIND  The responses to player commands: text (default) or empty
            --library=FILE      The library of the user, a file that `backup` wrote; default: a made-up
                                library
            --clock=CLOCK       The clock of the player: frozen (default) or real
            --base-url=URL      The base URL in links; default: the name in the Host header
            --stop-with-stdin   Stop at the end of standard input
            --verbose           Print each request to standard error
        -h, --help              Prints help information
        -V, --version           Prints version information
    ");
}

#[test]
fn command_serves_a_library_of_your_own() {
    let file = std::env::temp_dir().join(format!("tonearm-own-{}.json", std::process::id()));
    let name = file.to_str().unwrap();
    let head = r#"{"version": 1, "user": "ada", "begun_at": "2026-11-30T09:00:00Z""#;
    let track = "7ouMYWpwJ422jRcDASZB7P";
    let objects =
        format!(r#""objects": {{"spotify:track:{track}": {{"name": "Knights of Cydonia"}}}}"#);
    std::fs::write(&file, format!("{head}, {objects}}}")).unwrap();
    let running = Running::new(&["--library", name]);
    assert_eq!(running.text("user_id"), "ada");
    let base = running.text("base_url");
    let response = running.send("GET", &format!("{base}/tracks/{track}"));
    assert!(response.contains("\"Knights of Cydonia\""), "{response}");

    std::fs::write(&file, format!("{head},\n\"trakcs\": {{}}}}")).unwrap();
    let (code, output, error) = ended(&["--library", name]);
    assert_eq!((code, output.as_str()), (Some(2), ""));
    insta::assert_snapshot!(error.replace(name, "library.json"), @"Error: `library.json`, line 2, column 8: unknown field `trakcs`, expected one of `version`, `user`, `begun_at`, `tracks`, `albums`, `shows`, `episodes`, `audiobooks`, `artists`, `playlists`, `objects`");
    std::fs::remove_file(&file).unwrap();
}
