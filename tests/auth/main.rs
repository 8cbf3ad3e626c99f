//! Getting a valid token, from a fake Spotify server and from faulty servers.

#[path = "../support/mod.rs"]
mod support;

mod file_store;
mod flows;
mod listener;
mod login;
#[cfg(target_os = "linux")]
mod pasted_address;
mod processes;
mod proxies;
mod refresh;
mod scopes;
mod stores;

use std::sync::Arc;

use support::{Reply, Seen, Server, json};
use tonearm::auth::{MemoryStore, Token, TokenStore};
use tonearm::{App, Error, Spotify, SpotifyBuilder, Timestamp, fake};

/// Returns a client of the fake server for an app that has a token.
fn client(server: &fake::Server, app: &App) -> Spotify {
    Spotify::builder().app(app).base_url(server.base_url()).build().unwrap()
}

/// Returns the number of token requests.
fn token_requests(server: &fake::Server) -> usize {
    server.requests().iter().filter(|request| request.path == "/api/token").count()
}

/// Returns a token that expires in some seconds.
fn token(access_token: &str, refresh_token: &str, seconds: i64) -> Token {
    let now = Timestamp::now();
    let expires_at = Timestamp::from_unix_seconds(now.unix_seconds() + seconds);
    Token::from_json(&format!(
        r#"{{"access_token":"{access_token}","refresh_token":"{refresh_token}","scopes":"user-read-email","expires_at":"{expires_at}","received_at":"{}","authorized_at":"{now}"}}"#,
        Timestamp::from_unix_seconds(now.unix_seconds() + seconds - 3600).min(now),
    ))
    .unwrap()
}

/// Returns a store that contains a token.
fn store_with(token: &Token) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    store.save(token).unwrap();
    store
}

/// Starts a server for both the accounts service and the Web API. `accounts` responds to token requests, by their
/// number. Other requests get an empty object, or a 401 if `is_good` rejects their token.
fn spotify_of_two(
    accounts: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    is_good: impl Fn(&str) -> bool + Send + Sync + 'static,
) -> Server {
    let number = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |seen, _| match seen.target() {
        "/api/token" => accounts(seen, number.fetch_add(1, std::sync::atomic::Ordering::SeqCst)),
        _ if is_good(seen.header("authorization").unwrap_or_default()) => {
            json(200, r#"{"id": "mira", "type": "user", "uri": "spotify:user:mira"}"#)
        }
        _ => json(401, r#"{"error": {"status": 401, "message": "The access token expired"}}"#),
    })
}

/// Returns a client for such a server, which doesn't wait before its retries.
fn client_of(server: &Server, app: App) -> Spotify {
    builder_of(server, app).build().unwrap()
}

fn builder_of(server: &Server, app: App) -> SpotifyBuilder {
    let app = app.accounts_url(server.origin());
    Spotify::builder().app(app).base_url(server.base_url()).sleep_with(|_| {})
}

/// Returns the forms of the token requests.
fn forms(server: &Server) -> Vec<String> {
    let seen = server.seen().into_iter().filter(|seen| seen.target() == "/api/token");
    seen.map(|seen| String::from_utf8(seen.body).unwrap()).collect()
}

fn granted(access_token: &str, more: &str) -> Reply {
    json(
        200,
        format!(
            r#"{{"access_token":"{access_token}","token_type":"Bearer","expires_in":3600{more}}}"#
        ),
    )
}

fn refused(error: &str, description: &str) -> Reply {
    json(400, format!(r#"{{"error":"{error}","error_description":"{description}"}}"#))
}

fn again(error: &Error) -> &tonearm::error::LoginRequired {
    match error {
        Error::LoginRequired(again) => again,
        other => panic!("{other:?}"),
    }
}
