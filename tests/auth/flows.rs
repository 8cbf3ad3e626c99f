//! Flows that need no user, and Spotify's errors.

use insta::assert_snapshot;
use tonearm::auth::{FileStore, LoginRequiredKind, TokenStore};
use tonearm::{App, Error, Scope, Spotify, Timestamp, fake};

use super::file_store::Folder;
use super::support::{Server, answer, json};
use super::{again, client, client_of, forms, granted, refused, spotify_of_two, token_requests};

#[test]
fn client_credentials_token_is_fetched_again_when_it_expires() {
    let server = fake::Server::start().unwrap();
    let app = server.app().client_secret(server.client_secret());
    let spotify =
        Spotify::builder().client_credentials(&app).base_url(server.base_url()).build().unwrap();
    let album = server.catalog().albums()[0].clone();
    assert_eq!(server.requests().len(), 0, "expected no request before the first call");
    spotify.get_album(&album).send().unwrap();
    spotify.get_album(&album).send().unwrap();
    assert_eq!(token_requests(&server), 1);
    let first = &server.requests()[0];
    assert_eq!(
        (first.path.as_str(), first.body.as_str()),
        ("/api/token", "grant_type=client_credentials")
    );
    assert_eq!(first.header("authorization"), Some("Basic …"));

    server.expire_access_tokens();
    spotify.clone().get_album(&album).send().unwrap();
    assert_eq!(token_requests(&server), 2);
    let paths: Vec<_> = server.requests().iter().filter_map(|request| request.status).collect();
    assert_eq!(paths, [200, 200, 200, 401, 200, 200]);
}

#[test]
fn client_credentials_are_sent_in_the_authorization_header() {
    let server = spotify_of_two(|_, _| granted("BQ-1", ""), |bearer| bearer == "Bearer BQ-1");
    let app = App::new("id-of-the-app").client_secret("its:secret").accounts_url(server.origin());
    let spotify =
        Spotify::builder().client_credentials(app).base_url(server.base_url()).build().unwrap();
    spotify.get_markets().send_raw().unwrap();
    let request = &server.seen()[0];
    // base64 of `id-of-the-app:its:secret`.
    assert_eq!(request.header("authorization"), Some("Basic aWQtb2YtdGhlLWFwcDppdHM6c2VjcmV0"));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.header("content-length"), Some("29"));
    assert_eq!((request.method(), request.target()), ("POST", "/api/token"));
    assert_eq!(forms(&server), ["grant_type=client_credentials"]);
}

#[test]
fn refresh_token_alone_authorizes_a_client() {
    let server = fake::Server::start().unwrap();
    let app = server.app().refresh_token(server.issue_refresh_token([Scope::UserLibraryRead]));
    let spotify = client(&server, &app);
    spotify.get_my_saved_tracks().send().unwrap();
    spotify.get_my_saved_albums().send().unwrap();
    assert_eq!(token_requests(&server), 1);
    let token = app.stored_token().unwrap().expect("it is stored");
    assert_eq!(token.scopes().unwrap().to_string(), "user-library-read");
    assert_eq!((token.authorized_at(), token.login_expires_at()), (None, None));
}

#[test]
fn store_at_keeps_the_token_of_the_app_in_this_file() {
    let (server, folder) = (fake::Server::start().unwrap(), Folder::new());
    let app = || server.app().store_at(folder.file());
    let token = server.issue_refresh_token([Scope::UserLibraryRead]);
    client(&server, &app().refresh_token(token)).get_my_saved_tracks().send().unwrap();
    assert!(folder.names().contains(&"mira.json".to_owned()));
    let stored = FileStore::at(folder.file(), server.client_id()).load().unwrap().unwrap();
    assert_eq!(app().stored_token().unwrap().as_ref(), Some(&stored));
    // Another app does not read it.
    let error = App::new("another").store_at(folder.file()).stored_token().unwrap_err();
    assert!(matches!(error, Error::Store(_)), "{error:?}");
}

#[test]
fn refresh_sends_the_secret_in_the_header_or_the_id_in_the_form() {
    let server = spotify_of_two(|_, _| granted("BQ-1", ""), |bearer| bearer == "Bearer BQ-1");
    let app = || App::new("id&of=the-app-").refresh_token("AQ-r/+&=");
    client_of(&server, app()).get_me().send().unwrap();
    client_of(&server, app().client_secret("s")).get_me().send().unwrap();
    assert_eq!(
        forms(&server),
        [
            "refresh_token=AQ-r%2F%2B%26%3D&grant_type=refresh_token&client_id=id%26of%3Dthe-app-",
            "refresh_token=AQ-r%2F%2B%26%3D&grant_type=refresh_token",
        ]
    );
    let basic: Vec<_> = server
        .seen()
        .iter()
        .filter(|seen| seen.target() == "/api/token")
        .map(|seen| seen.header("authorization").is_some())
        .collect();
    assert_eq!(basic, [false, true]);
}

#[test]
fn bare_access_token_is_not_refreshed() {
    let server = fake::Server::start().unwrap();
    let spotify = server.client_builder().token("BQ-of-yesterday").build().unwrap();
    let error = spotify.get_me().send().unwrap_err();
    assert!(matches!(error, Error::Unauthorized(_)), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn last_credentials_set_on_the_builder_win() {
    let server = fake::Server::start().unwrap();
    let app = server.app().client_secret(server.client_secret());
    let spotify =
        server.client_builder().client_credentials(app).token(server.token()).build().unwrap();
    spotify.get_me().send().unwrap();
    assert_eq!(token_requests(&server), 0);
}

#[test]
fn invalid_client_error_quotes_spotify() {
    let server = fake::Server::start().unwrap();
    let spotify = |app: App| {
        Spotify::builder().client_credentials(app).base_url(server.base_url()).build().unwrap()
    };
    let error =
        spotify(server.app().client_secret("of-another-app")).get_markets().send().unwrap_err();
    assert!(matches!(error, Error::InvalidClient(_)) && !error.is_retryable(), "{error:?}");
    assert_snapshot!(error, @"client_credentials: Spotify rejected the client id or the secret: `Invalid client`; compare both with the app's dashboard");
    let unknown = App::new("nobody").client_secret("x").accounts_url(server.accounts_url());
    assert!(matches!(spotify(unknown).get_markets().send(), Err(Error::InvalidClient(_))));
}

#[test]
fn invalid_refresh_tokens_require_a_new_login() {
    let server = fake::Server::start().unwrap();
    let app = server.app().refresh_token(server.issue_refresh_token([Scope::UserReadEmail]));
    let logged_in = client(&server, &app);
    logged_in.get_me().send().unwrap();
    server.revoke_consent();
    server.expire_access_tokens();
    // After a 401, and then without a request.
    let error = logged_in.get_me().send().unwrap_err();
    assert_eq!(again(&error).kind, LoginRequiredKind::RefreshToken);
    assert_eq!(error.call(), Some("get_me"));
    assert_eq!(logged_in.get_markets().send().unwrap_err().call(), Some("get_markets"));
    let error = client(&server, &app).get_me().send().unwrap_err();
    assert_eq!(again(&error).kind, LoginRequiredKind::RefreshToken);
    assert_snapshot!(error, @"get_me: login required: Spotify rejected the refresh token: `Refresh token revoked`; log in again");
    let foreign = client(&server, &server.app().refresh_token("AQ-foreign"));
    assert_eq!(&*again(&foreign.get_me().send().unwrap_err()).message, "Invalid refresh token");
    let nobody = client(&server, &server.app()).get_me().send().unwrap_err();
    assert_eq!(again(&nobody).kind, LoginRequiredKind::NoToken);
    assert_snapshot!(nobody, @"get_me: login required: expected a stored token of the app `1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00`, found none; log in");
}

#[test]
fn oauth_error_code_decides_not_its_description() {
    for (reply, expected) in [
        (refused("invalid_grant", "invalid_client"), "LoginRequired"),
        (json(400, r#"{"error":"invalid_grant"}"#), "LoginRequired"),
        (refused("invalid_client", "invalid_grant"), "InvalidClient"),
        (json(401, r#"{"error":"invalid_client"}"#), "InvalidClient"),
        (refused("invalid_request", "refresh_token must be supplied"), "Status"),
        (refused("server_error", "invalid_grant"), "Status"),
        (json(400, "invalid_grant"), "Status"),
        (json(500, r#"{"error":"invalid_grant"}"#), "Status"),
        (json(503, "<html>invalid_grant</html>"), "Status"),
        (answer(429, &[("retry-after", "7")], b""), "RateLimited"),
        (answer(302, &[("location", "/login")], b""), "Status"),
        (json(200, "<html>Log in to this hotel</html>"), "Status"),
        (json(200, "{}"), "Status"),
        (json(200, r#"{"access_token":""}"#), "Status"),
        (json(200, r#"{"access_token":"BQ\nx"}"#), "Status"),
    ] {
        let server = Server::canned([reply]);
        let error =
            client_of(&server, App::new("id").refresh_token("AQ-r")).get_me().send().unwrap_err();
        let printed = format!("{error:?}");
        assert!(printed.starts_with(&format!("{expected}(")), "{expected}: {printed}");
        let call = if expected == "LoginRequired" { "get_me" } else { "refresh_token" };
        assert_eq!(error.call(), Some(call));
    }
    let server = Server::canned([answer(429, &[("retry-after", "7")], b"")]);
    let error = client_of(&server, App::new("id").refresh_token("r")).get_me().send().unwrap_err();
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(7));
    assert!(error.is_retryable());
}

#[test]
fn invalid_app_settings_are_rejected() {
    let message = |app: App| Spotify::builder().app(app).build().map(drop).unwrap_err().to_string();
    assert_snapshot!(message(App::new("")), @"client_id: expected the client id from Spotify's dashboard, found text that is empty or contains white space");
    assert_snapshot!(message(App::new("id").client_secret("a b")), @"client_secret: expected the client secret from Spotify's dashboard, found text that is empty or contains white space");
    assert_snapshot!(message(App::new("id").accounts_url("http://accounts.spotify.com")), @"accounts_url: expected `https`, found `http://accounts.spotify.com`: the client sends tokens without TLS only to a loopback address");
    assert_snapshot!(Spotify::builder().client_credentials(App::new("id")).build().unwrap_err(), @"client_credentials: expected the client secret, which Spotify requires for a token of the app itself, found none: set it with `App::client_secret`");
}

#[test]
fn call_for_a_user_is_rejected_before_an_app_sends_anything() {
    let server = fake::Server::start().unwrap();
    let app = server.app().client_secret(server.client_secret());
    let spotify = server.client_builder().client_credentials(app).build().unwrap();
    let error = spotify.get_me().send().unwrap_err();
    assert_eq!(again(&error).kind, LoginRequiredKind::AppToken);
    assert_eq!(error.call(), Some("get_me"));
    assert_snapshot!(error, @"get_me: expected the token of a user, found that of the app `1b2f0e5c9a7d4c3e8f6a5b4c3d2e1f00`; log in with `App::login`, and build the client with `SpotifyBuilder::app`; nothing was sent");
    for error in [
        spotify.get_my_saved_tracks().send().unwrap_err(),
        spotify.get_my_saved_tracks().collect_all().unwrap_err().into(),
        spotify.save_tracks(["4iV5W9uYEdYUVa79Axb7Rh"]).send().unwrap_err(),
    ] {
        assert_eq!(again(&error).kind, LoginRequiredKind::AppToken);
    }
    assert_eq!(server.requests().len(), 0);
    spotify.get_markets().send().unwrap();
}

#[test]
fn every_success_with_a_token_is_a_token() {
    for status in [200, 201, 202, 203, 206, 299] {
        let server = spotify_of_two(
            move |_, _| json(status, r#"{"access_token":"BQ-1","refresh_token":"AQ-1"}"#),
            |bearer| bearer == "Bearer BQ-1",
        );
        let app = App::new("id").refresh_token("AQ-0").accounts_url(server.origin());
        client_of(&server, app.clone()).get_me().send().unwrap();
        let token = app.stored_token().unwrap().unwrap();
        assert_eq!(token.refresh_token().unwrap().reveal(), "AQ-1");
    }
}

#[test]
fn lifetime_is_read_in_any_spelling_and_odd_fields_lose_nothing() {
    for (more, seconds) in [
        (r#""expires_in":1800"#, 1800),
        (r#""expires_in":1800.0"#, 1800),
        (r#""expires_in":1.8e3"#, 1800),
        (r#""expires_in":"1800""#, 1800),
        (r#""expires_in":" 1800 ""#, 1800),
        (r#""expires_in":"1800.0""#, 1800),
        // If `expires_in` is missing or invalid, a token expires after Spotify's usual hour.
        (r#""expires_in":"an hour""#, 3600),
        (r#""expires_in":null"#, 3600),
        (r#""expires_in":"""#, 3600),
        (r#""expires_in":true"#, 3600),
        (r#""expires_in":{}"#, 3600),
        (r#""expires_in":0"#, 3600),
        (r#""expires_in":"-1""#, 3600),
        (r#""expires_in":1e300"#, 3600),
        (r#""expires_in":"NaN""#, 3600),
        (r#""scope":["a"],"token_type":7,"refresh_token":7"#, 3600),
    ] {
        let body = format!(r#"{{"access_token":"BQ-1",{more}}}"#);
        let server = spotify_of_two(move |_, _| json(200, &body), |bearer| bearer == "Bearer BQ-1");
        let app = App::new("id").refresh_token("AQ-0").accounts_url(server.origin());
        client_of(&server, app.clone()).get_me().send().unwrap();
        let token = app.stored_token().unwrap().unwrap();
        let stored: serde_json::Value = serde_json::from_str(token.to_json().reveal()).unwrap();
        let moment = |key: &str| -> Timestamp { stored[key].as_str().unwrap().parse().unwrap() };
        let lifetime = moment("expires_at").unix_millis() - moment("received_at").unix_millis();
        assert_eq!(lifetime, seconds * 1000, "{more}");
        assert_eq!(token.refresh_token().unwrap().reveal(), "AQ-0", "{more}");
    }
}

#[test]
fn error_has_the_code_and_plain_words_of_the_token_endpoint_only() {
    let message = |status: u16, body: &'static str| {
        let server = Server::start(move |_, _| json(status, body));
        let app = App::new("id").refresh_token("AQ-0");
        match client_of(&server, app).get_me().send().unwrap_err() {
            Error::LoginRequired(error) => error.message.to_string(),
            Error::Status(error) | Error::InvalidClient(error) => {
                assert!(error.body.is_empty());
                error.message.to_string()
            }
            error => panic!("{error:?}"),
        }
    };
    for (body, expected) in [
        (
            r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#,
            "Refresh token revoked",
        ),
        (r#"{"error":"invalid_grant"}"#, "invalid_grant"),
        (
            r#"{"error":"invalid_request","error_description":"`code_verifier` is needed (400)."}"#,
            "`code_verifier` is needed (400).",
        ),
        (r#"{"error":"invalid_grant","error_description":"BQDx3k was refused"}"#, "… was refused"),
        (r#"{"error":"invalid_grant","error_description":"see https://x.y/?t=1"}"#, "see …"),
        (r#"{"error":"BQDx3k"}"#, "…"),
        (r#"{"access_token":"BQDx3k"}"#, ""),
        ("BQDx3k", ""),
        ("<html>BQDx3k</html>", ""),
    ] {
        assert_eq!(message(400, body), expected, "{body}");
    }
    assert_eq!(message(503, r#"{"access_token":"BQDx3k"}"#), "");
    assert_eq!(message(302, "BQDx3k"), "");
}
