//! From a client id to a valid token, against a fake Spotify server and against servers that misbehave.

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

/// A client of the fake Spotify server whose user has given these scopes to a login before.
fn client(server: &fake::Server, app: &App) -> Spotify {
    Spotify::builder().app(app).base_url(server.base_url()).build().unwrap()
}

/// How often the accounts service was asked for a token.
fn token_requests(server: &fake::Server) -> usize {
    server.requests().iter().filter(|request| request.path == "/api/token").count()
}

/// A token that ends some seconds from now.
fn token(access_token: &str, refresh_token: &str, seconds: i64) -> Token {
    let now = Timestamp::now();
    let expires_at = Timestamp::from_unix_seconds(now.unix_seconds() + seconds);
    Token::from_json(&format!(
        r#"{{"access_token":"{access_token}","refresh_token":"{refresh_token}","scopes":"user-read-email","expires_at":"{expires_at}","received_at":"{}","authorized_at":"{now}"}}"#,
        Timestamp::from_unix_seconds(now.unix_seconds() + seconds - 3600).min(now),
    ))
    .unwrap()
}

/// A store with a token in it.
fn store_with(token: &Token) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    store.save(token).unwrap();
    store
}

/// A server that is both halves of Spotify: what `accounts` says to requests for a token, by their
/// number, and an empty object, or a 401, to all others.
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

/// An app and a client of such a server. It does not wait before its retries.
fn client_of(server: &Server, app: App) -> Spotify {
    builder_of(server, app).build().unwrap()
}

fn builder_of(server: &Server, app: App) -> SpotifyBuilder {
    let app = app.accounts_url(server.origin());
    Spotify::builder().app(app).base_url(server.base_url()).sleep_with(|_| {})
}

/// The forms that were sent for a token.
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
