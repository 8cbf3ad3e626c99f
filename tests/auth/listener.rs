//! The listener of a login, and connections that aren't the redirect.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use insta::assert_snapshot;
use tonearm::error::LoginFailedKind;
use tonearm::{Error, Scopes, Token, fake};

use super::login::query;
use super::support::with_longer_limits;

/// Returns the host and port on which a login listens, from its login URL.
fn address(url: &str) -> String {
    let uri = query(url)["redirect_uri"].clone();
    uri.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned()
}

fn try_ask(address: &str, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}

fn ask(address: &str, request: &str) -> String {
    try_ask(address, request).unwrap()
}

fn try_get(address: &str, target: &str) -> io::Result<String> {
    try_ask(address, &format!("GET {target} HTTP/1.1\r\nhost: {address}\r\n\r\n"))
}

fn get(address: &str, target: &str) -> String {
    try_get(address, target).unwrap()
}

/// Runs a login while `user` acts on its URL.
fn run<T: Send + 'static>(
    server: &fake::Server,
    redirect_uri: &str,
    limit: Duration,
    user: impl FnOnce(fake::Browser, &str) -> T + Send + 'static,
) -> (Result<Token, Error>, T) {
    let (sender, done) = mpsc::channel();
    let browser = server.browser();
    let login = server.app().redirect_uri(redirect_uri).login(Scopes::empty()).unwrap();
    let login = login.quiet().timeout(limit).browser(move |url| {
        sender.send(user(browser, url)).map_err(|_| std::io::Error::other("the test is over"))
    });
    let result = login.run();
    (result, done.recv_timeout(Duration::from_secs(300)).unwrap())
}

const LONG: Duration = Duration::from_secs(300);

// Other clients read only the first connection, or block forever.
#[test]
fn login_survives_unrelated_and_malformed_requests() {
    let server = fake::Server::start().unwrap();
    let (token, pages) = run(&server, "http://127.0.0.1/callback", LONG, |browser, url| {
        let address = address(url);
        // Browsers open connections ahead, and send nothing.
        let _silent: Vec<_> = (0..5).map(|_| TcpStream::connect(&address).unwrap()).collect();
        // Port scanners: an immediate close, a partial request, an invalid request, TLS, an oversized request.
        for _ in 0..20 {
            TcpStream::connect(&address).unwrap().shutdown(Shutdown::Both).unwrap();
        }
        TcpStream::connect(&address).unwrap().write_all(b"GET /callback?code=x").unwrap();
        assert_eq!(ask(&address, &"\r\n".repeat(9)), "");
        assert_eq!(ask(&address, &"\n".repeat(17)), "");
        assert_eq!(ask(&address, "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n"), "");
        assert_eq!(ask(&address, "SSH-2.0-x\r\n\r\n"), "");
        let mut flood = TcpStream::connect(&address).unwrap();
        let _ = flood.write_all(&vec![b'x'; 100_000]);
        // The icon, another path, another method, and redirects without a code or with a wrong `state`.
        let pages = [
            get(&address, "/favicon.ico"),
            get(&address, "/"),
            get(&address, "/callback/more?code=x"),
            ask(&address, "POST /callback?code=x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"),
            get(&address, "/callback"),
            get(&address, "/callback?code=AQ-guessed&state=guessed"),
            get(&address, "/callback?error=access_denied&state=guessed"),
        ];
        (pages, browser.approve_and_redirect(url).unwrap())
    });
    token.unwrap();
    let (pages, last) = pages;
    let statuses: Vec<_> = pages.iter().map(|page| &page[9..12]).collect();
    assert_eq!(statuses, ["404", "404", "404", "405", "400", "400", "400"]);
    assert!(last.contains("<h1>You are logged in</h1>"));
}

// LibreWolf sends an empty line before `GET`; see RFC 9112, section 2.2.
#[test]
fn empty_lines_before_a_request_are_skipped() {
    for blank in ["\r\n", "\n", "\r\n\r\n\r\n\r\n", "\n\r\n\n"] {
        let server = fake::Server::start().unwrap();
        let (token, page) = run(&server, "http://127.0.0.1/callback", LONG, move |browser, url| {
            let address = address(url);
            let redirected = browser.approve(url).unwrap();
            let target = redirected.strip_prefix(&format!("http://{address}")).unwrap();
            let mut stream = TcpStream::connect(&address).unwrap();
            // In a separate segment, like browsers.
            stream.set_nodelay(true).unwrap();
            stream.write_all(blank.as_bytes()).unwrap();
            let request = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut page = String::new();
            stream.read_to_string(&mut page).unwrap();
            if page.is_empty() {
                // Without this, a failure of this test would take as long as the login waits.
                browser.visit(&redirected).unwrap();
            }
            page
        });
        token.unwrap();
        assert!(page.contains("<h1>You are logged in</h1>"), "{blank:?}: {page}");
    }
}

#[test]
fn request_whose_lines_end_with_lf_is_read() {
    let server = fake::Server::start().unwrap();
    let (token, page) = run(&server, "http://127.0.0.1/callback", LONG, |browser, url| {
        let page = ask(&address(url), "GET / HTTP/1.1\nhost: x\n\n");
        browser.approve_and_redirect(url).unwrap();
        page
    });
    token.unwrap();
    assert!(page.starts_with("HTTP/1.1 404"), "{page}");
}

#[test]
fn second_tab_of_the_same_login_is_ignored() {
    let server = fake::Server::start().unwrap();
    let (token, second) = run(&server, "http://127.0.0.1/callback", LONG, |browser, url| {
        let second = browser.approve(url).unwrap();
        browser.approve_and_redirect(url).unwrap();
        // The listener is closed, or closes during this visit.
        browser.visit(&second).is_ok_and(|page| page.contains("You are logged in"))
    });
    token.unwrap();
    assert!(!second);
}

#[test]
fn redirect_of_an_older_login_does_not_end_this_one() {
    let server = fake::Server::start().unwrap();
    let older = server.app().login(Scopes::empty()).unwrap().url();
    let (token, page) = run(&server, "http://127.0.0.1/callback", LONG, move |browser, url| {
        let of_older = browser.approve(&older).unwrap().replace("127.0.0.1", &address(url));
        let page = browser.visit(&of_older).unwrap();
        browser.approve_and_redirect(url).unwrap();
        page
    });
    token.unwrap();
    assert!(page.contains("<h1>This is another login</h1>"), "{page}");
}

#[test]
fn denied_consent_ends_the_login_and_is_shown() {
    let server = fake::Server::start().unwrap();
    let (refused, page) = run(&server, "http://127.0.0.1/callback", LONG, |browser, url| {
        browser.visit(&browser.refuse(url).unwrap()).unwrap()
    });
    assert_snapshot!(refused.unwrap_err(), @"login: the user did not consent: `access_denied`; log in again and accept");
    assert!(page.contains("<h1>You are not logged in</h1>"), "{page}");
}

#[test]
fn rejected_code_is_not_shown_as_success() {
    let server = fake::Server::start().unwrap();
    let (failed, page) = run(&server, "http://127.0.0.1/callback", LONG, |_, url| {
        let target = format!("/callback?code=AQ-bad&state={}", query(url)["state"]);
        get(&address(url), &target)
    });
    assert!(matches!(failed, Err(Error::LoginRequired(_))));
    assert!(
        page.starts_with("HTTP/1.1 502") && page.contains("<h1>The login failed</h1>"),
        "{page}"
    );
}

#[test]
fn login_fails_after_its_timeout() {
    let server = fake::Server::start().unwrap();
    let short = Duration::from_millis(200);
    let (late, ()) = run(&server, "http://127.0.0.1/callback", short, |_, _| ());
    assert_snapshot!(late.unwrap_err(), @"login: expected a login within 0.2 s, found none; log in again");
}

#[test]
fn login_timeout_mentions_a_response_to_another_login() {
    let server = fake::Server::start().unwrap();
    let error = with_longer_limits(Duration::from_secs(1), |limit| {
        let (late, page) = run(&server, "http://127.0.0.1/callback", limit, |_, url| {
            try_get(&address(url), "/callback?code=AQ&state=guessed")
        });
        let error = late.unwrap_err().to_string();
        match page {
            Ok(page) if !page.is_empty() => assert!(page.starts_with("HTTP/1.1 400"), "{page}"),
            late => return Err(late),
        }
        Ok(error.replace(&format!("{} s", limit.as_secs()), "LIMIT"))
    });
    assert_snapshot!(error, @"login: expected the redirect of this login within LIMIT, found only that of another, whose `state` is different; log in on the page that was opened last, or start a new login");
}

// Another client listens on 0.0.0.0 for `localhost`, and on 0.0.0.0:443 for https.
#[test]
fn listener_binds_only_the_address_of_the_redirect_uri() {
    let server = fake::Server::start().unwrap();
    let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (token, (of_url, others)) =
        run(&server, &format!("http://127.0.0.1:{}/callback", free()), LONG, |browser, url| {
            let address = address(url);
            let port: u16 = address.rsplit_once(':').unwrap().1.parse().unwrap();
            // The other addresses of this machine are free, which they wouldn't be with 0.0.0.0.
            let others =
                ["127.0.0.2", "::1"].map(|other| TcpListener::bind((other, port)).map(drop));
            browser.approve_and_redirect(url).unwrap();
            (address, others)
        });
    token.unwrap();
    assert!(of_url.starts_with("127.0.0.1:"));
    let in_use = |result: &Result<(), std::io::Error>| {
        result.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    };
    assert!(others.iter().all(|other| !in_use(other)), "{others:?}");

    if TcpListener::bind("[::1]:0").is_ok() {
        let (token, of_url) = run(&server, "http://[::1]/callback", LONG, |browser, url| {
            browser.approve_and_redirect(url).unwrap();
            address(url)
        });
        token.unwrap();
        assert!(of_url.starts_with("[::1]:"), "{of_url}");
    }
}

#[test]
fn port_in_use_fails_before_the_browser_opens() {
    let server = fake::Server::start().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let app = server.app().redirect_uri(format!("http://{address}/callback"));
    let login = app
        .login(Scopes::empty())
        .unwrap()
        .quiet()
        .browser(|_| panic!("expected no browser to be opened"));
    let error = login.run().unwrap_err();
    assert!(
        matches!(&error, Error::LoginFailed(failed) if failed.kind == LoginFailedKind::NoBrowser),
        "{error:?}"
    );
    let message = error.to_string();
    assert!(
        message.contains(
            "end the program that uses the port, or register a redirect URI without a port"
        ),
        "{message}"
    );
}

#[test]
fn login_fails_without_a_terminal_or_a_listener() {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        return;
    }
    let server = fake::Server::start().unwrap();
    let app = server.app().redirect_uri("https://app.example/callback");
    let login = app
        .login(Scopes::empty())
        .unwrap()
        .quiet()
        .browser(|_| panic!("expected no browser to be opened"));
    assert_snapshot!(login.run().unwrap_err(), @"login: expected a terminal for pasting, because this program does not receive requests for `https://app.example/callback`, found none; show `Login::url` to the user and call `Login::finish`");
}
