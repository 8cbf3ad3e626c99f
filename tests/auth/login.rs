//! Logging in, with a simulated browser.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use insta::assert_snapshot;
use tonearm::auth::{FileStore, LoginRequiredKind, MemoryStore, TokenStore};
use tonearm::error::LoginFailedKind;
use tonearm::{App, Error, Scope, Scopes, Timestamp, endpoint, fake};

use super::file_store::Folder;
use super::support::{Reply, Server, answer, json};
use super::{again, client, client_of, forms, granted, spotify_of_two, token, token_requests};

/// Returns the decoded query of a URL.
pub fn query(url: &str) -> HashMap<String, String> {
    let pairs = url.split_once('?').unwrap().1.split('&');
    let decode =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    pairs
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(k, v)| (k.to_owned(), decode(v)))
        .collect()
}

fn problem(error: &Error) -> LoginFailedKind {
    match error {
        Error::LoginFailed(failed) => failed.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn pkce_login_stores_the_token_and_refreshes_it() {
    let server = fake::Server::start().unwrap();
    let (app, browser) = (server.app(), server.browser());
    let scopes = Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS, &endpoint::SAVE_TRACKS]);
    let before = Timestamp::now();
    let (sender, page) = std::sync::mpsc::channel();
    let login = app.login(scopes.clone()).unwrap().quiet();
    let login = login.browser(move |url| {
        sender.send(browser.approve_and_redirect(url)?).unwrap();
        Ok(())
    });
    let token = login.run().unwrap();
    assert!(page.recv().unwrap().contains("<h1>You are logged in</h1>"));
    assert_eq!(token.scopes(), Some(&scopes));
    let authorized_at = token.authorized_at().unwrap();
    assert!(before <= authorized_at && authorized_at <= Timestamp::now());
    assert_eq!(
        app.stored_token().unwrap().unwrap().to_json(),
        token.to_json(),
        "it is in the store"
    );

    let asked = server.requests().into_iter().find(|seen| seen.path == "/api/token").unwrap();
    assert_eq!(asked.header("authorization"), None);
    assert!(
        asked.body.starts_with("code=…&redirect_uri=http%3A%2F%2F127.0.0.1%3A"),
        "{}",
        asked.body
    );

    let request = server.requests().into_iter().find(|seen| seen.path == "/api/token").unwrap();
    assert_eq!(request.header("authorization"), None);
    assert!(
        request.body.starts_with("code=…&redirect_uri=http%3A%2F%2F127.0.0.1%3A"),
        "{}",
        request.body
    );
    assert!(request.body.ends_with(
        "%2Fcallback&code_verifier=…&grant_type=authorization_code&client_id=1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00"
    ));

    let spotify = client(&server, &app);
    assert_eq!(spotify.get_my_saved_tracks().send().unwrap().total, Some(320));
    server.expire_access_tokens();
    spotify.get_my_saved_tracks().send().unwrap();
    let renewed = app.stored_token().unwrap().unwrap();
    assert_eq!(renewed.authorized_at(), Some(authorized_at), "renewing is no login");
    assert_eq!(renewed.login_expires_at(), token.login_expires_at());
}

#[test]
fn login_url_has_all_required_parameters() {
    let app = App::new("id").redirect_uri("http://127.0.0.1/callback");
    let login = app.login([Scope::UserTopRead, Scope::Streaming]).unwrap();
    let url = login.url();
    assert!(url.starts_with("https://accounts.spotify.com/authorize?client_id=id&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&state="), "{url}");
    let of_url = query(&url);
    assert_eq!(of_url["scope"], "streaming user-top-read");
    assert_eq!(of_url["code_challenge_method"], "S256");
    assert_eq!(of_url["code_challenge"].len(), 43);
    assert!(of_url["state"].len() >= 43);
    assert!(!of_url.contains_key("show_dialog"));
    let other = query(&app.login(Scopes::empty()).unwrap().show_dialog(true).url());
    assert_ne!(
        (&other["state"], &other["code_challenge"]),
        (&of_url["state"], &of_url["code_challenge"])
    );
    assert_eq!((other.get("scope"), other["show_dialog"].as_str()), (None, "true"));
    // An app with a secret uses the flow without PKCE.
    let secret = query(&app.client_secret("s").login(Scopes::empty()).unwrap().url());
    assert!(
        !secret.contains_key("code_challenge") && !secret.contains_key("code_challenge_method")
    );
}

#[test]
fn app_with_a_secret_logs_in_without_pkce() {
    let server = fake::Server::start().unwrap();
    let app = server
        .app()
        .client_secret(server.client_secret())
        .redirect_uri("https://app.example/callback");
    let login = app.login([Scope::UserReadEmail]).unwrap();
    let redirected = server.browser().approve(&login.url()).unwrap();
    assert!(redirected.starts_with("https://app.example/callback?code="), "{redirected}");
    login.finish(&redirected).unwrap();
    let request = server.requests().into_iter().find(|seen| seen.path == "/api/token").unwrap();
    assert_eq!(request.header("authorization"), Some("Basic …"));
    assert_eq!(
        request.body,
        "code=…&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&grant_type=authorization_code"
    );
    assert!(client(&server, &app).get_me().send().unwrap().email.is_some());
    server.expire_access_tokens();
    client(&server, &app).get_me().send().unwrap();
}

#[test]
fn authorization_code_can_be_used_only_once() {
    let server = fake::Server::start().unwrap();
    let app = server.app();
    let login = app.login([Scope::UserReadEmail]).unwrap();
    let redirected = server.browser().approve(&login.url()).unwrap();
    login.finish(&redirected).unwrap();
    let error = login.finish(&redirected).unwrap_err();
    assert_eq!((again(&error).kind, error.call()), (LoginRequiredKind::Code, None));
    assert_snapshot!(error, @"login required: Spotify rejected the authorization code, which works once and for a short time: `Invalid authorization code`; log in again");
    assert!(app.stored_token().unwrap().is_some(), "the first login stands");
    client(&server, &app).get_me().send().unwrap();
}

#[test]
fn code_of_another_login_fails_the_pkce_verifier() {
    let server = fake::Server::start().unwrap();
    let app = server.app();
    let (mine, other) = (app.login(Scopes::empty()).unwrap(), app.login(Scopes::empty()).unwrap());
    let redirected = server.browser().approve(&other.url()).unwrap();
    // An attacker who also knows the state.
    let code = &query(&redirected)["code"];
    let forged =
        format!("http://127.0.0.1/callback?code={code}&state={}", query(&mine.url())["state"]);
    let error = mine.finish(&forged).unwrap_err();
    assert_eq!(&*again(&error).message, "code_verifier was invalid");
}

#[test]
fn denied_consent_and_wrong_state_return_login_errors() {
    let server = fake::Server::start().unwrap();
    let login = server.app().login([Scope::UserReadEmail]).unwrap();
    let cancelled = server.browser().refuse(&login.url()).unwrap();
    let error = login.finish(&cancelled).unwrap_err();
    assert_eq!(problem(&error), LoginFailedKind::Denied);
    assert_snapshot!(error, @"login: the user did not consent: `access_denied`; log in again and accept");
    // The state is checked first.
    let other = server.app().login([Scope::UserReadEmail]).unwrap();
    for address in [cancelled, server.browser().approve(&login.url()).unwrap()] {
        let error = other.finish(&address).unwrap_err();
        assert_eq!(problem(&error), LoginFailedKind::WrongState);
        insta::allow_duplicates! {
            assert_snapshot!(error, @"login: expected the redirect of this login, found that of another, whose `state` is different; log in on the page that was opened last, or start a new login");
        }
    }
    assert_eq!(token_requests(&server), 0);
    let unknown = server.app().login(Scope::Other("user-fly".into())).unwrap();
    let error = unknown.finish(&server.browser().approve(&unknown.url()).unwrap()).unwrap_err();
    assert_snapshot!(error, @"login: Spotify ended the login: `invalid_scope`; log in again");
    let nonsense = unknown.finish("AQ-the-code-alone").unwrap_err();
    assert_snapshot!(nonsense, @"login: expected the whole address to which Spotify redirected the browser, with `code=` and `state=`, found something else; copy it from the browser's address bar");
}

#[test]
fn invalid_client_fails_when_the_code_is_exchanged() {
    let server = fake::Server::start().unwrap();
    let app = server.app().client_secret("of-another-app");
    let login = app.login(Scopes::empty()).unwrap();
    let redirected = server.browser().approve(&login.url()).unwrap();
    let error = login.finish(&redirected).unwrap_err();
    assert!(matches!(error, Error::InvalidClient(_)), "{error:?}");
    assert_snapshot!(error, @"authorization_code: Spotify rejected the client id or the secret: `Invalid client`; compare both with the app's dashboard");
    // If Spotify shows an error on its page, it does not redirect to the program.
    let unknown = App::new("nobody")
        .accounts_url(server.accounts_url())
        .redirect_uri("http://127.0.0.1/callback");
    let error =
        server.browser().approve(&unknown.login(Scopes::empty()).unwrap().url()).unwrap_err();
    assert!(error.to_string().contains("INVALID_CLIENT"), "{error}");
    let elsewhere = server.app().redirect_uri("https://evil.example/callback");
    let error =
        server.browser().approve(&elsewhere.login(Scopes::empty()).unwrap().url()).unwrap_err();
    assert!(error.to_string().contains("Invalid redirect URI"), "{error}");
}

#[test]
fn code_exchange_is_retried_and_an_outage_does_not_use_up_the_login() {
    let server = fake::Server::start().unwrap();
    let app = server.app();
    let login = app.login(Scopes::empty()).unwrap();
    let redirected = server.browser().approve(&login.url()).unwrap();
    // More than one exchange is retried.
    server.fail_token_requests(5);
    assert_eq!(login.finish(&redirected).unwrap_err().status(), Some(503));
    assert_eq!(token_requests(&server), 4);
    login.finish(&redirected).unwrap();
    assert_eq!(token_requests(&server), 6);
}

#[test]
fn limit_and_reset_at_the_code_exchange_are_retried() {
    let resets = Reply::Last(Vec::new());
    for first in [answer(429, &[("retry-after", "1")], b""), resets] {
        let server = Server::start(move |_, number| match number {
            0 => first.clone(),
            _ => granted("BQ", ""),
        });
        let app = App::new("id").accounts_url(server.origin()).redirect_uri("http://127.0.0.1/");
        let login = app.login([Scope::UserReadEmail]).unwrap();
        let state = &query(&login.url())["state"];
        login.finish(&format!("?code=AQ&state={state}")).unwrap();
        let seen = server.seen();
        assert_eq!((seen.len(), &seen[0].body), (2, &seen[1].body));
    }
}

#[test]
fn token_scopes_are_those_granted_or_else_requested() {
    let scopes = |more: &'static str| {
        let server = Server::start(move |_, _| granted("BQ", more));
        let app = App::new("id").accounts_url(server.origin()).redirect_uri("http://127.0.0.1/");
        let login = app.login([Scope::UserReadEmail]).unwrap();
        let state = &query(&login.url())["state"];
        let token = login.finish(&format!("?code=AQ&state={state}")).unwrap();
        token.scopes().map(|scopes| scopes.to_string())
    };
    assert_eq!(
        scopes(r#","scope":"streaming  user-soa-link""#).as_deref(),
        Some("streaming user-soa-link")
    );
    // RFC 6749: left out if they are the requested scopes.
    assert_eq!(scopes("").as_deref(), Some("user-read-email"));
    assert_eq!(scopes(r#","scope":"""#).as_deref(), Some(""));
}

#[test]
fn run_if_needed_skips_an_unnecessary_login() {
    let server = fake::Server::start().unwrap();
    let app = server.app();
    let log_in = |scopes: Scopes| {
        let browser = server.browser();
        let login = app.login(scopes).unwrap().quiet();
        login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run_if_needed()
    };
    let pages = || server.requests().iter().filter(|seen| seen.path == "/authorize").count();
    log_in(Scope::UserReadEmail.into()).unwrap();
    assert_eq!(pages(), 1);
    log_in(Scope::UserReadEmail.into()).unwrap();
    log_in(Scopes::empty()).unwrap();
    assert_eq!(pages(), 1);
    // Another scope: the login requests both, so the token keeps the first one.
    let more = log_in(Scope::UserTopRead.into()).unwrap();
    assert_eq!(pages(), 2);
    assert_eq!(more.scopes().unwrap().to_string(), "user-read-email user-top-read");
    // An expired token is refreshed. A revoked one requires a login.
    server.revoke_consent();
    log_in(Scope::UserTopRead.into()).unwrap();
    assert_eq!(pages(), 2, "expected no login: the access token still works");
    let store = Arc::new(MemoryStore::new());
    store.save(&token("BQ-ended", &server.issue_refresh_token(["user-read-email"]), -10)).unwrap();
    let app = server.app().store(store);
    let refreshed = app.login(Scope::UserReadEmail).unwrap().no_browser().quiet();
    refreshed.run_if_needed().unwrap();
    assert_eq!(pages(), 2);
}

#[test]
fn unusable_store_fails_before_the_login() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.file().parent().unwrap()).unwrap();
    std::fs::write(folder.file(), "{}").unwrap();
    let server = fake::Server::start().unwrap();
    let app = server.app().store(FileStore::at(folder.file(), "id"));
    let login = app.login(Scopes::empty()).unwrap();
    let redirected = server.browser().approve(&login.url()).unwrap();
    assert!(matches!(login.finish(&redirected), Err(Error::Store(_))));
    let unopened =
        app.login(Scopes::empty()).unwrap().browser(|_| panic!("expected no browser to be opened"));
    assert!(matches!(unopened.quiet().run(), Err(Error::Store(_))));
    assert_eq!(token_requests(&server), 0);
    assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), "{}");
    assert!(matches!(client(&server, &app).get_me().send(), Err(Error::Store(_))));
}

#[test]
fn store_without_room_is_found_before_the_browser_opens() {
    let folder = Folder::new();
    let server = fake::Server::start().unwrap();
    let app = server.app();
    let client_id = app.client_id().to_owned();
    let app = app.store(FileStore::at(folder.full(), client_id));
    let login =
        app.login(Scopes::empty()).unwrap().browser(|_| panic!("expected no browser to be opened"));
    let login = login.timeout(Duration::from_secs(10));
    let error = login.quiet().run().unwrap_err().to_string();
    assert!(error.contains("cannot reserve disk space for a new token beside"), "{error}");
}

#[test]
fn logged_out_stays_logged_out_while_a_refresh_is_in_flight() {
    let (requested, is_requested) = mpsc::channel();
    let (respond, may_respond) = mpsc::channel();
    let channels = Mutex::new((requested, may_respond));
    let server = spotify_of_two(
        move |_, _| {
            let channels = channels.lock().unwrap();
            channels.0.send(()).unwrap();
            channels.1.recv().unwrap();
            granted("BQ-new", r#","refresh_token":"AQ-new""#)
        },
        |_| true,
    );
    let folder = Folder::new();
    let file = FileStore::at(folder.file(), "id");
    let stores: [Arc<dyn TokenStore>; 2] = [Arc::new(file), Arc::new(MemoryStore::new())];
    for store in stores {
        store.save(&token("BQ-ended", "AQ", -10)).unwrap();
        let app = App::new("id").store(store);
        let spotify = client_of(&server, app.clone());
        std::thread::scope(|scope| {
            let call = scope.spawn(|| spotify.get_me().send().map(drop));
            is_requested.recv().unwrap();
            let (out, is_out) = mpsc::channel();
            let app = &app;
            let log_out = scope.spawn(move || out.send(app.log_out()).unwrap());
            // Without the lock, the logout would be done by now.
            let early = is_out.recv_timeout(Duration::from_millis(300));
            respond.send(()).unwrap();
            call.join().unwrap().unwrap();
            log_out.join().unwrap();
            early.or_else(|_| is_out.recv()).unwrap().unwrap();
        });
        assert!(app.stored_token().unwrap().is_none());
    }
}

#[test]
fn unsupported_redirect_uri_is_rejected_with_advice() {
    let message = |uri: &str| {
        App::new("id").redirect_uri(uri).login(Scopes::empty()).unwrap_err().to_string()
    };
    assert_snapshot!(message("http://localhost:8888/callback"), @"redirect_uri: found `http://localhost:8888/callback`, which Spotify has rejected since November 2025; register and set `http://127.0.0.1/callback`, or `http://[::1]/callback`");
    assert_snapshot!(message("http://0.0.0.0:8888/"), @"redirect_uri: expected `https`, or `http` with the host `127.0.0.1` or `[::1]`, because Spotify accepts no others, found `http://0.0.0.0:8888/`");
    assert_snapshot!(message("127.0.0.1:8888"), @"redirect_uri: expected an address such as `http://127.0.0.1/callback`, found `127.0.0.1:8888`");
    assert_snapshot!(App::new("id").login(Scopes::empty()).unwrap_err(), @"redirect_uri: expected a redirect URI from Spotify's dashboard, found none: set it with `App::redirect_uri`");
}

#[test]
fn redirect_uri_follows_the_rules_of_spotify() {
    let is_accepted = |uri: &str| match App::new("id").redirect_uri(uri).login(Scopes::empty()) {
        Ok(_) => true,
        Err(Error::Config(_)) => false,
        Err(error) => panic!("{uri}: {error}"),
    };
    for uri in [
        "http://127.0.0.1/callback",
        "http://127.0.0.1:8888",
        "http://[::1]:80/a/b?c=d",
        "http://[::1]",
        "https://app.example/callback",
        "https://127.0.0.1/x",
        "my-app:/login",
        "my.app://x",
        "HTTP://127.0.0.1/callback",
        "HTTPS://App.Example/callback",
        "My-App:/login",
    ] {
        assert!(is_accepted(uri), "{uri}");
    }
    for uri in [
        "http://example.com/cb",
        "http://127.0.0.2/",
        "http://127.1/",
        "http://[::]/",
        "http://LOCALHOST/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://mira@127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:/",
        "http://127.0.0.1/#x",
        "http://127.0.0.1/a b",
        "https://",
        "https:",
        "https:443",
        "http:",
        "",
        "callback",
    ] {
        assert!(!is_accepted(uri), "{uri}");
    }
}

#[test]
fn redirect_address_is_parsed_in_every_pasted_form() {
    let server = Server::start(|_, _| granted("BQ", ""));
    let app = App::new("id").accounts_url(server.origin()).redirect_uri("http://127.0.0.1/");
    let login = app.login(Scopes::empty()).unwrap();
    let state = query(&login.url())["state"].clone();
    let escaped = state.replacen(&state[..1], &format!("%{:02x}", state.as_bytes()[0]), 1);
    for address in [
        format!("http://127.0.0.1:8888/callback?code=AQ%2Dx%3D&state={state}"),
        format!("  https://app.example/?state={state}&code=AQ-x=#_=_\n"),
        format!("HTTP://App.Example/Callback?code=AQ-x=&state={state}"),
        format!("?code=AQ-x=&state={state}"),
        format!("code=AQ-x=&state={state}"),
        format!("/callback?x&code=AQ-x=&state={escaped}&state=other"),
    ] {
        login.finish(&address).unwrap();
    }
    let codes: Vec<_> =
        forms(&server).iter().map(|form| query(&format!("?{form}"))["code"].clone()).collect();
    assert_eq!(codes, ["AQ-x="; 6]);
    for (address, expected) in [
        (format!("/?error=access_denied&state={state}&code=x"), LoginFailedKind::Denied),
        (format!("/?code=AQ&state={state}x"), LoginFailedKind::WrongState),
        ("/?error=access_denied&state=".to_owned(), LoginFailedKind::WrongState),
        ("/?code=AQ".to_owned(), LoginFailedKind::NoResponse),
        (format!("/?code=&state={state}"), LoginFailedKind::NoResponse),
        (format!("/?state={state}"), LoginFailedKind::NoResponse),
        (String::new(), LoginFailedKind::NoResponse),
    ] {
        assert_eq!(problem(&login.finish(&address).unwrap_err()), expected, "{address}");
    }
}

#[test]
fn invalid_token_response_is_not_shown_in_the_error() {
    let server =
        Server::start(|_, _| json(200, r#"{"refresh_token":"AQ-secret","access_token":5}"#));
    let app = App::new("id").accounts_url(server.origin()).redirect_uri("http://127.0.0.1/");
    let login = app.login(Scopes::empty()).unwrap();
    let state = &query(&login.url())["state"];
    let error = login.finish(&format!("?code=AQ&state={state}")).unwrap_err();
    assert_snapshot!(error, @"authorization_code: Spotify returned 200: `a response without an access token`");
    assert!(!format!("{error:?} {error:#?}").contains("secret"));
}
