//! From a client id to a valid token.
//!
//! # Which way
//!
//! Every way begins with an app of your own on <https://developer.spotify.com/dashboard>, an [`App`] here.
//!
//! | you have | you want | way |
//! | --- | --- | --- |
//! | a person at a desk or over SSH | their library, playlists, player | [`App::login`](App), without a secret: the authorization code flow with PKCE |
//! | a web server with a client secret | the same for many people | [`App::login`](App) with [`App::secret`], and `Login::url` and `Login::finish`: the authorization code flow |
//! | a client secret, and nobody | albums, artists, tracks | [`SpotifyBuilder::client_credentials`](crate::SpotifyBuilder::client_credentials) |
//! | a refresh token | what it permits | [`App::refresh_token`] |
//! | an access token | an hour of it | [`SpotifyBuilder::token`](crate::SpotifyBuilder::token) |
//!
//! Spotify has ended the implicit grant. All but the last are renewed by themselves.
//!
//! # Logging in
//!
//! ```no_run
//! # #[cfg(feature = "login")] {
//! use tonearm::auth::FileStore;
//! use tonearm::{App, Scopes, Spotify, endpoint};
//!
//! let app = App::new("client-id")
//!     .redirect_uri("http://127.0.0.1/callback")
//!     .store(FileStore::for_app("client-id")?);
//! let scopes = Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS, &endpoint::SAVE_TRACKS]);
//! app.login(scopes)?.run_if_needed()?;
//!
//! let spotify = Spotify::builder().app(app).build()?;
//! # }
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! `Login::run` opens the browser, prints the address, listens for the browser to come back, and at the same time takes
//! the address at which it ended, pasted on the terminal: over SSH the browser is on another machine. It ends after a
//! time limit. What may stand as the redirect URI is what Spotify takes:
//!
//! | redirect URI | how the answer comes |
//! | --- | --- |
//! | `http://127.0.0.1/callback`, `http://[::1]/callback` | to a free port of exactly this address, or by pasting |
//! | `http://127.0.0.1:8888/callback` | to this port, or by pasting; register it with the port |
//! | `https://…`, `my-app:…` | by pasting, or to a program of yours that calls `Login::finish` |
//! | `http://localhost…`, other addresses with `http` | refused: Spotify does not take them |
//!
//! # Refresher
//!
//! An access token lasts an hour. A client renews it ahead of its end, and when Spotify answers 401, then once, and the
//! request is sent again. One renewal serves all clones and threads of a client, and all clients and programs that share
//! a [`TokenStore`]. A new refresh token is stored before it is used; where Spotify sends none the old one stays. A fault
//! of the network or of Spotify loses nothing, and as long as the old access token is good, calls go on with it.
//!
//! Only `invalid_grant` means that a person has to log in: [`Error::LoginRequired`](crate::Error::LoginRequired), and the
//! store is empty then. That happens when the person takes the permission back, and six months after the login, however
//! often the token was renewed: [`Token::login_expires_at`] tells when, and the log has a warning in the last two weeks.
//!
//! # Where tokens are kept
//!
//! | store | for |
//! | --- | --- |
//! | [`MemoryStore`], the default | as long as the program runs |
//! | [`FileStore`] | programs on one machine; one file for each app and user |
//! | a [`TokenStore`] of your own | machines that share a database: `examples/shared_tokens.rs` |
//!
//! # Scopes
//!
//! [`Scopes::for_endpoints`](crate::Scopes::for_endpoints) makes what a login asks for from the calls that a program makes. A call
//! for which the token is known to lack a scope is not sent:
//! [`Error::InsufficientScope`](crate::Error::InsufficientScope). What only Spotify knows, such as whether a playlist is public, is left to it.
//!
//! # Secrets
//!
//! Client secrets, codes, verifiers and tokens are [`Secret`](crate::Secret)s, which do not print and are wiped when they
//! are dropped.

mod access_token;
mod accounts;
mod app;
#[cfg(feature = "login")]
mod browser;
mod clock;
mod file_store;
#[cfg(feature = "login")]
mod listener;
#[cfg(feature = "login")]
mod login;
#[cfg(feature = "login")]
mod pasted_address;
#[cfg(feature = "login")]
mod pkce;
#[cfg(feature = "login")]
mod redirect_uri;
mod refresh;
mod state_dir;
mod store;
mod token;

pub use crate::error::{
    LoginFailed, LoginProblem, LoginRequired, LoginRequiredCause, StoreError, StoreProblem,
};
pub use app::App;
pub use file_store::FileStore;
#[cfg(feature = "login")]
#[cfg_attr(docsrs, doc(cfg(feature = "login")))]
pub use login::Login;
pub(crate) use refresh::{Authenticator, Bearer};
pub use store::{MemoryStore, StoreLock, TokenStore};
pub use token::Token;
