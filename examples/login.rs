//! Logging in to Spotify: what a program of yours copies.
//!
//! ```sh
//! SPOTIFY_CLIENT_ID=… cargo run --example login
//! ```
//!
//! Make an app on <https://developer.spotify.com/dashboard>, and register `http://127.0.0.1/callback` as its
//! redirect URI, without a port. It works at a desk, where the browser opens, and over SSH, where the address is
//! printed and the one at which the browser ends is pasted. The second start does not ask again.

use tonearm::auth::FileStore;
use tonearm::{App, Error, Scopes, Spotify, endpoint};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Ok(client_id) = std::env::var("SPOTIFY_CLIENT_ID") else {
        return Err("expected the client id of your app in SPOTIFY_CLIENT_ID, found none".into());
    };
    let store = FileStore::for_app(&client_id)?;
    println!("The token is kept in {}.", store.path().display());
    let app = App::new(&client_id).redirect_uri("http://127.0.0.1/callback").store(store);

    // What the program calls; a name that does not exist does not compile.
    let scopes = Scopes::for_endpoints([&endpoint::GET_ME, &endpoint::GET_MY_SAVED_TRACKS]);
    let token = app.login(scopes.clone())?.run_if_needed()?;
    if let Some(end) = token.login_expires_at() {
        println!("The login ends at {end}.");
    }

    // The client renews the token by itself, for all its clones and for other programs with this file.
    let spotify = Spotify::builder().app(&app).build()?;
    match spotify.get_my_saved_tracks().limit(5).send() {
        Ok(page) => println!("{} saved tracks.", page.total.unwrap_or_default()),
        // The permission was taken back, or the six months are over: the store is empty now.
        Err(Error::LoginRequired(why)) => {
            println!("{why}");
            app.login(scopes)?.run()?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
