//! The settings of a server, and its users.

use tonearm::fake::{Browser, PlayerResponses, Server};
use tonearm::{Error, Scope, Spotify};

use super::{ask, ask_with, raw, split, start};

#[test]
fn known_port_token_and_client_are_used() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::builder()
        .port(free)
        .token("my-token")
        .client_id("my-app")
        .client_secret("my-secret")
        .start()
        .unwrap();
    assert_eq!(server.base_url(), format!("http://127.0.0.1:{free}/v1"));
    assert_eq!((server.token(), server.client_secret()), ("my-token", "my-secret"));
    assert_eq!(ask_with(&server, "GET", "/me", "authorization: Bearer my-token\r\n", "").0, 200);
    let app = server.app().client_secret("my-secret");
    let spotify = Spotify::builder().client_credentials(app).base_url(server.base_url());
    spotify.build().unwrap().get_album(&server.catalog().albums()[0]).send().unwrap();
    let second = Server::builder().port(free).start().unwrap_err();
    assert_eq!(second.kind(), std::io::ErrorKind::AddrInUse);
    let expected = format!("cannot listen on 127.0.0.1:{free}: ");
    assert!(second.to_string().starts_with(&expected), "{second}");
}

#[test]
fn invalid_settings_are_reported_by_start() {
    let error = |builder: tonearm::fake::ServerBuilder| builder.start().unwrap_err().to_string();
    let new = Server::builder;
    insta::assert_snapshot!(error(new().token("a b")), @"token: expected printable ASCII characters without spaces, found `a b`");
    insta::assert_snapshot!(error(new().client_id("a:b")), @"client id: expected printable ASCII characters without spaces and colons, found `a:b`");
    insta::assert_snapshot!(error(new().client_secret("")), @"client secret: expected printable ASCII characters without spaces, found an empty text");
    insta::assert_snapshot!(error(new().redirect_uri("http://localhost:1/cb")), @"redirect_uri: expected `https`, or a loopback address such as `http://127.0.0.1/callback`, because Spotify rejects others, found `http://localhost:1/cb`");
    insta::assert_snapshot!(error(new().redirect_uri("http://127.0.0.1.example.com/cb")), @"redirect_uri: expected `https`, or a loopback address such as `http://127.0.0.1/callback`, because Spotify rejects others, found `http://127.0.0.1.example.com/cb`");
    insta::assert_snapshot!(error(new().redirect_uri("callback")), @"redirect_uri: expected a URI such as `http://127.0.0.1/callback`, found `callback`");
    insta::assert_snapshot!(error(new().base_url("localhost:80/v1")), @"base_url: expected a URL such as `http://127.0.0.1:8080/v1`, found `localhost:80/v1`");
    insta::assert_snapshot!(error(new().rate_limit(0)), @"rate_limit: expected at least 1, found 0");
    insta::assert_snapshot!(error(new().max_connections(0)), @"max_connections: expected at least 1, found 0");
    insta::assert_snapshot!(error(new().read_timeout(std::time::Duration::ZERO)), @"read_timeout: expected more than 0 s and at most a day, found 0ns");
}

/// Returns the target of a login page.
fn authorize(server: &Server, redirect_uri: &str, more: &str) -> String {
    let id = server.client_id();
    format!(
        "{}/authorize?client_id={id}&response_type=code&redirect_uri={redirect_uri}&state=s-1_2.3~4{more}",
        server.accounts_url()
    )
}

#[test]
fn redirect_has_an_unescaped_code() {
    let server = Server::builder().redirect_uri("https://my.example/a?b=c").start().unwrap();
    let url = authorize(&server, "http://127.0.0.1:99/callback", "&scope=user-read-email");
    let address = server.browser().approve(&url).unwrap();
    let (_, query) = address.split_once('?').unwrap();
    assert!(query.starts_with("code=AQ-code-") && query.ends_with("&state=s-1_2.3~4"), "{query}");
    let url = authorize(&server, "https://my.example/a?b=c", "");
    let address = server.browser().approve(&url).unwrap();
    assert!(address.starts_with("https://my.example/a?b=c&code=AQ-"), "{address}");
}

#[test]
fn consent_page_escapes_scopes() {
    let (server, _) = start();
    let scope = "&scope=%3Cscript%3Ealert(1)%3C/script%3E%20a%26b%22";
    let page =
        server.browser().visit(&authorize(&server, "http://127.0.0.1/callback", scope)).unwrap();
    assert!(
        page.contains("<li>&lt;script&gt;alert(1)&lt;/script&gt;</li><li>a&amp;b&quot;</li>"),
        "{page}"
    );
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn user_consents_without_a_page() {
    let server = Server::builder().auto_approve(true).start().unwrap();
    let url = authorize(&server, "http://127.0.0.1/callback", "&scope=user-read-email");
    let target = url.strip_prefix(&server.accounts_url()).unwrap();
    let response = raw(&server, format!("GET {target} HTTP/1.1\r\nconnection: close\r\n\r\n"));
    assert!(response.starts_with("HTTP/1.1 302"), "{response}");
    assert!(response.contains("\r\nlocation: http://127.0.0.1/callback?code=AQ-"), "{response}");
    let browser: Browser = server.browser();
    let login = server.app().login([Scope::UserReadEmail]).unwrap();
    let token =
        login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run().unwrap();
    assert_eq!(token.scopes(), Some(&Scope::UserReadEmail.into()));
    let unknown = target.replace("127.0.0.1", "evil.example");
    let response = raw(&server, format!("GET {unknown} HTTP/1.1\r\nconnection: close\r\n\r\n"));
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
}

#[test]
fn requests_above_the_rate_limit_fail_with_429() {
    let server = Server::builder().rate_limit(3).start().unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&server, "GET", "/me", "").0, 200);
        // Without a valid token a request does not count, nor does a token request.
        assert_eq!(ask_with(&server, "GET", "/me", "", "").0, 401);
        raw(&server, "POST /api/token HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    }
    assert_eq!(ask(&server, "GET", "/nothing", "").0, 404, "which counts");
    let token = server.token();
    let request = format!(
        "PUT /v1/me/tracks HTTP/1.1\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-length: 0\r\n\r\n"
    );
    for _ in 0..2 {
        let response = raw(&server, &request);
        assert_eq!(split(&response).0, 429);
        let wait = response.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
        assert!((1..=30).contains(&wait.parse::<u64>().unwrap()), "{wait}");
    }
    server.reset();
    assert_eq!(ask(&server, "GET", "/me", "").0, 200);
}

#[test]
fn player_commands_return_204_if_wanted() {
    let (empty, text) = (
        Server::builder().player_responses(PlayerResponses::Empty).start().unwrap(),
        Server::start().unwrap(),
    );
    for (server, status) in [(&empty, 204), (&text, 200)] {
        let spotify = server.client().unwrap();
        let device =
            spotify.get_devices().send().unwrap().into_iter().find_map(|device| device.id).unwrap();
        let track = &server.catalog().tracks()[0];
        let body = format!(r#"{{"uris":["spotify:track:{track}"]}}"#);
        let (found, body) =
            ask(server, "PUT", &format!("/me/player/play?device_id={device}"), &body);
        assert_eq!((found, body.is_empty()), (status, status == 204), "{body}");
        assert_eq!(ask(server, "PUT", "/me/player/seek?position_ms=9", "").0, status);
        // Clients accept both.
        spotify.pause_playback().send().unwrap();
        // Errors and reads are the same.
        assert_eq!(ask(server, "PUT", "/me/player/seek?position_ms=-1", "").0, 400);
        assert!(spotify.get_playback().send().unwrap().is_some());
        assert_eq!(ask(server, "PUT", "/me/following?type=user&ids=x", "").0, 204);
    }
}

#[test]
fn users_have_their_own_data_and_tokens() {
    let (server, first) = start();
    let (second, third) = (server.add_user(), server.add_user());
    assert_ne!(second.id, third.id);
    let client = |token: &str| server.client_builder().token(token).build().unwrap();
    let (other, another) = (client(&second.token), client(&third.token));
    let album = &server.catalog().albums()[0];
    other.save_albums([album]).send().unwrap();
    assert_eq!(other.get_my_saved_albums().send().unwrap().total, Some(1));
    assert_eq!(another.get_my_saved_albums().send().unwrap().total, Some(0));
    assert_eq!(first.get_my_saved_albums().send().unwrap().total, Some(210));
    assert_eq!(other.get_my_playlists().send().unwrap().total, Some(0));
    // A refresh token is of its user.
    let app = server.app().refresh_token(second.refresh_token);
    let refreshed = Spotify::builder().app(app).base_url(server.base_url()).build().unwrap();
    assert_eq!(refreshed.get_me().send().unwrap().id, second.id);
    assert_eq!(refreshed.get_my_saved_albums().send().unwrap().total, Some(1));
    // The first user stays the one of logins, also after the others have come.
    server.reset_to_new_user();
    assert_ne!(first.get_me().send().unwrap().id, second.id);
    assert_eq!(other.get_my_saved_albums().send().unwrap().total, Some(1));
}

#[test]
fn reset_restores_the_initial_state() {
    let (server, spotify) = start();
    let other = server.add_user();
    let second = server.client_builder().token(&other.token).build().unwrap();
    let library = server.library();
    let album = server.catalog().albums()[0].clone();
    spotify.remove_saved_albums([&album]).send().unwrap();
    second.save_albums([&album]).send().unwrap();
    server.script("/me").then(tonearm::fake::Fault::Status(500));
    server.inject_randomly(1, [(tonearm::fake::Fault::Status(500), 100)]);
    server.fail_all(Some(tonearm::fake::Failure::UserNotRegistered));
    let (revoked, replaced) =
        [(); 2].map(|()| server.issue_refresh_token(tonearm::Scope::ALL)).into();
    let refreshed = |token: String| {
        let app = server.app().refresh_token(token);
        Spotify::builder().app(app).base_url(server.base_url()).retries(0).build().unwrap()
    };
    let rejection = |token: &String| refreshed(token.clone()).get_me().send().unwrap_err();
    server.rotate_refresh_tokens(true);
    refreshed(replaced.clone()).get_me().send().unwrap_err();
    server.revoke_consent();
    for token in [&revoked, &replaced] {
        assert!(matches!(rejection(token), Error::LoginRequired(_)));
    }
    server.fail_token_requests(7);
    server.reset();
    assert_eq!((server.library(), server.pending_faults()), (library, 0));
    assert!(server.requests().is_empty() && server.injected().is_empty());
    spotify.get_me().send().unwrap();
    // The added user is gone, with all tokens. The next one is the first one again.
    assert!(matches!(second.get_me().send(), Err(Error::Unauthorized(_))));
    assert!(matches!(refreshed(other.refresh_token).get_me().send(), Err(Error::LoginRequired(_))));
    let again = server.add_user();
    assert!(again.id == other.id && again.token != other.token);
    assert!(matches!(second.get_me().send(), Err(Error::Unauthorized(_))));
    // Revoked and replaced tokens of the user are valid again.
    refreshed(revoked).get_me().send().unwrap();
    refreshed(replaced).get_me().send().unwrap();
    assert!(matches!(spotify.get_user("nobody").send(), Err(Error::NotFound(_))));
}
