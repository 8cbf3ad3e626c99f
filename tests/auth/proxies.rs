//! Token requests and refreshes through a proxy.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use insta::assert_snapshot;
use tonearm::{App, Error, Scopes, Spotify, SpotifyBuilder};

use super::login::query;
use super::{forms, granted, spotify_of_two};

/// Starts a proxy that opens tunnels, and records the heads of its requests.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let recorded = heads.clone();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let recorded = recorded.clone();
            thread::spawn(move || tunnel(client, &recorded));
        }
    });
    (url, heads)
}

fn tunnel(mut client: TcpStream, recorded: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let target = head.split(' ').nth(1).unwrap().to_owned();
    recorded.lock().unwrap().push(head);
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
fn login_uses_the_settings_of_the_client() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |_| true);
    let (url, heads) = proxy();
    let app = App::new("id").accounts_url(server.origin()).redirect_uri("http://127.0.0.1/");
    let builder = Spotify::builder().app(&app).base_url(server.base_url()).user_agent("mine/1");
    let builder = builder.proxy(url);
    let log_in = || {
        let login = builder.login(Scopes::empty()).unwrap();
        let state = &query(&login.url())["state"];
        login.finish(&format!("?code=AQ&state={state}")).unwrap();
    };
    log_in();
    assert_eq!(heads.lock().unwrap().len(), 1, "expected a request to the proxy");
    assert_eq!(server.seen()[0].header("user-agent"), Some("mine/1"));
    // A refresh that makes a login unnecessary also uses the proxy.
    app.log_out().unwrap();
    let app = app.refresh_token("AQ-r");
    let builder = builder.clone().app(app);
    builder.login(Scopes::empty()).unwrap().run_if_needed().unwrap();
    assert_eq!(heads.lock().unwrap().len(), 2);
    // It also uses the timeouts of the builder. This server never responds.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_url = format!("http://{}", silent.local_addr().unwrap());
    let app = App::new("id").accounts_url(silent_url).redirect_uri("http://127.0.0.1/");
    let builder = Spotify::builder().app(app).call_timeout(Duration::from_millis(50));
    let login = builder.login(Scopes::empty()).unwrap();
    let state = &query(&login.url())["state"];
    let error = login.finish(&format!("?code=AQ&state={state}")).unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

#[test]
fn login_with_invalid_settings_is_rejected() {
    let app = App::new("id").redirect_uri("http://127.0.0.1/");
    let error = |builder: SpotifyBuilder| builder.login(Scopes::empty()).unwrap_err();
    assert_snapshot!(error(Spotify::builder()), @"app: expected an app, found none: call `.app(…)` before `.login(…)`");
    assert_snapshot!(error(Spotify::builder().app(&app).call_timeout(Duration::ZERO)), @"call_timeout: expected more than 0 s and at most a day, found 0ns");
    assert_snapshot!(error(Spotify::builder().app(&app).proxy("")), @"proxy: expected a URL such as `http://user:password@localhost:3128`");
    assert_snapshot!(error(Spotify::builder().app(App::new("id"))), @"redirect_uri: expected a redirect URI from Spotify's dashboard, found none: set it with `App::redirect_uri`");
}

#[test]
fn token_is_sent_only_inside_the_proxy_tunnel() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-new");
    let (url, heads) = proxy();
    let app =
        App::new("id").client_secret("secret").refresh_token("AQ-r").accounts_url(server.origin());
    let spotify =
        Spotify::builder().app(app).base_url(server.base_url()).proxy(url).build().unwrap();
    spotify.get_me().send().unwrap();
    spotify.get_me().send().unwrap();
    assert_eq!(forms(&server), ["refresh_token=AQ-r&grant_type=refresh_token"]);
    let requests = server.seen();
    assert_eq!(requests[0].header("authorization"), Some("Basic aWQ6c2VjcmV0"));
    assert_eq!(requests[1].header("authorization"), Some("Bearer BQ-new"));
    let heads = heads.lock().unwrap();
    assert!(!heads.is_empty(), "expected a request to the proxy");
    for head in &*heads {
        assert!(head.starts_with("CONNECT 127.0.0.1:"), "{head}");
        assert!(!head.to_lowercase().contains("\r\nauthorization"), "{head}");
    }
}

/// Returns the result of building a client and its accounts service.
fn built(builder: SpotifyBuilder) -> String {
    let text = |built: Result<Spotify, Error>| match built {
        Ok(_) => "built".to_owned(),
        Err(error) => error.to_string(),
    };
    let client = text(builder.clone().build());
    let app = App::new("id").refresh_token("AQ-r");
    assert_eq!(text(builder.app(app).base_url("http://127.0.0.1:1").build()), client);
    client
}

/// Returns the result of a program with these environment variables.
fn built_with(variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    child.args(["--exact", "--nocapture", "proxies::client_of_the_environment"]);
    child.env("TONEARM_TEST_PART", "proxy").envs(variables.iter().copied());
    let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let line = output.lines().find_map(|line| line.split_once("=> "));
    line.unwrap_or_else(|| panic!("{output}")).1.to_owned()
}

/// Prints the result of a build in a copy of this program. In the test run itself, it does nothing.
#[test]
fn client_of_the_environment() {
    if std::env::var("TONEARM_TEST_PART").as_deref() == Ok("proxy") {
        println!("\n=> {}", built(Spotify::builder().token("token")));
    }
}

#[cfg(not(feature = "socks"))]
#[test]
fn socks_proxy_is_an_error_of_the_build_without_its_feature() {
    let with = |proxy: &str| built(Spotify::builder().token("token").proxy(proxy));
    for scheme in ["socks", "socks4", "socks4a", "socks5", "socks5h", "SOCKS5"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(with(&format!("{scheme}://user:password@127.0.0.1:9")), @"proxy: expected an `http` proxy, found a SOCKS proxy; enable the feature `socks` of this crate");
        }
    }
    insta::assert_snapshot!(built_with(&[("ALL_PROXY", "socks5h://user:password@127.0.0.1:9")]), @"proxy: expected an `http` proxy, found a SOCKS proxy in `ALL_PROXY`; enable the feature `socks` of this crate");
}

#[test]
fn unusable_proxy_is_an_error_of_the_build() {
    let with = |proxy: &str| built(Spotify::builder().token("token").proxy(proxy));
    insta::assert_snapshot!(with("ftp://user:password@127.0.0.1:9"), @"proxy: expected a URL such as `http://user:password@localhost:3128`");
    for proxy in ["http://user:password@127.0.0.1:9", "https://127.0.0.1:9", "localhost"] {
        assert_eq!(with(proxy), "built", "{proxy}");
    }
    // Windows has one variable for both names.
    let error = built_with(&[("https_proxy", "ftp://user:password@127.0.0.1:9")]);
    insta::assert_snapshot!(error.replace("HTTPS_PROXY", "https_proxy"), @"proxy: expected a URL such as `http://user:password@localhost:3128`, found another value in `https_proxy`");
    let socks = ("all_proxy", "socks5://127.0.0.1:9");
    for variables in [
        &[][..],
        &[("ALL_PROXY", ""), ("HTTPS_PROXY", "http://127.0.0.1:9")],
        &[socks, ("NO_PROXY", ".spotify.com")],
    ] {
        assert_eq!(built_with(variables), "built", "{variables:?}");
    }
}
