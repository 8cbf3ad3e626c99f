//! Logs in to Spotify.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example login
//! ```
//!
//! Create an app on <https://developer.spotify.com/dashboard>, and register `http://127.0.0.1/callback` as its redirect
//! URI, without a port. On a desktop, the program opens the browser. Over SSH, it prints the URL of the login and waits
//! until you paste the address that the browser is redirected to. When you run it again, it uses the stored token.

#[path = "common/output.rs"]
mod output;

use tonearm::auth::FileStore;
use tonearm::{App, Error, Scopes, Spotify, endpoint};

use output::println;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Ok(client_id) = std::env::var("SPOTIFY_CLIENT_ID") else {
        return Err("expected the client id of your app in SPOTIFY_CLIENT_ID, found none".into());
    };
    let store = FileStore::for_app(&client_id)?;
    println!("The token is stored in {}.", store.path().display());
    let app = App::new(&client_id).redirect_uri("http://127.0.0.1/callback").store(store);

    // The endpoints that the program calls. A misspelled name doesn't compile.
    let scopes = Scopes::for_endpoints([&endpoint::GET_ME, &endpoint::GET_MY_SAVED_TRACKS]);
    let token = app.login(scopes.clone())?.run_if_needed()?;
    if let Some(end) = token.login_expires_at() {
        println!("The login expires at {end}.");
    }

    // The client refreshes the token automatically, once for all clones and for all programs that share the file.
    let spotify = Spotify::builder().app(&app).build()?;
    match spotify.get_my_saved_tracks().limit(5).send() {
        Ok(page) => println!("{} saved tracks.", page.total.unwrap_or_default()),
        // The user revoked access, or the login expired after six months. The store is empty now.
        Err(Error::LoginRequired(error)) => {
            println!("{error}");
            app.login(scopes)?.run()?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
