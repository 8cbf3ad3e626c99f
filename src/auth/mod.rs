//! From a client id to a valid token.
//!
//! Every flow begins with an app of your own on <https://developer.spotify.com/dashboard>, an [`App`] here. The guide
//! shows [how to log in](crate::guide::login).
//!
//! | you have | you want | use |
//! | --- | --- | --- |
//! | a user at a desk or over SSH | their library, playlists, player | [`App::login`](App), without a secret: the authorization code flow with PKCE |
//! | a web server with a client secret | the same for its users | [`App::login`](App) with [`App::secret`], and `Login::url` and `Login::finish`: the authorization code flow |
//! | a client secret | albums, artists, tracks | [`SpotifyBuilder::client_credentials`](crate::SpotifyBuilder::client_credentials) |
//! | a refresh token | what it permits | [`App::refresh_token`] |
//! | an access token | an hour of it | [`SpotifyBuilder::token`](crate::SpotifyBuilder::token) |
//!
//! Spotify has ended the implicit grant. The client refreshes all but the last.
//!
//! # Logging in
//!
//! `Login::run` opens the browser, prints the address, and waits for the browser on the redirect URI, or for its last
//! address to be pasted on the terminal: over SSH the browser is on another machine. It ends after a time limit.
//!
//! | redirect URI | how the code arrives |
//! | --- | --- |
//! | `http://127.0.0.1/callback`, `http://[::1]/callback` | on a free port of exactly this address, or by pasting |
//! | `http://127.0.0.1:8888/callback` | on this port, or by pasting; register it with the port |
//! | `https://…`, `my-app:…` | by pasting, or in a program of yours that calls `Login::finish` |
//! | `http://localhost…`, other addresses with `http` | Spotify rejects them |
//!
//! # Refreshing
//!
//! An access token lasts an hour. A client refreshes it before it expires, and when Spotify returns 401; then it sends
//! the request once more. One refresh serves all clones and threads of a client, and all clients and programs that share
//! a [`TokenStore`]. A new refresh token is stored before it is used; if Spotify sends none, the old one stays. A fault
//! of the network or of Spotify loses nothing, and calls continue with the old access token while it is valid.
//!
//! Only `invalid_grant` means that the user has to log in: [`Error::LoginRequired`](crate::Error::LoginRequired), after
//! which the store is empty. That happens when the user revokes the permission, and six months after the login, however
//! often the token was refreshed: see [`Token::login_expires_at`].
//!
//! The client retries requests for tokens as it retries reads of the Web API, within the
//! [time of the call](crate::SpotifyBuilder::call_timeout), and remembers a 429 in the same way: at a refresh, for client
//! credentials, and at the end of a login. An error contains the code and the description of the accounts service, but
//! never another part of the response, which may contain a token.
//!
//! | what happens | what the client does |
//! | --- | --- |
//! | the response to a request for a token is lost | sends the request again. Spotify may have replaced the refresh token or used up the code, but then the user has to log in with or without the retry |
//! | a refresh hangs while the access token is valid | waits for half of the call's time and 10 s at most, without retries, and uses the token; a call 5 s later makes the next attempt |
//! | the access token has expired, and the refresh takes longer than the call | returns [`Error::Transport`](crate::Error::Transport). The refresh continues on its own thread for up to 10 s, or the [`read_timeout`](crate::SpotifyBuilder::read_timeout) if that is shorter, and stores the new token; a program that ends before may lose the login |
//! | Spotify returns 401 for the new token, too | returns [`Error::Unauthorized`](crate::Error::Unauthorized). In the next minute a 401 causes no refresh, but a newer token in the store is used |
//! | Spotify returns 401 because no token came, although the client has sent one | sends the request once more with the same token, also with an access token of your own |
//! | Spotify rejects the stored refresh token | looks for another one in the store, which a client without the lock may have saved, then uses that of [`App::refresh_token`] |
//! | the store cannot save the new token, or panics | returns [`Error::Store`](crate::Error::Store) and keeps the token in memory. The next refresh saves it, unless the store has another token by then |
//!
//! # Where tokens are kept
//!
//! In memory by default, in a file with [`FileStore`], or in a [`TokenStore`] of your own, such as a database that
//! machines share: `examples/shared_tokens.rs`. The client requests no token that the store has no room for
//! ([`TokenStore::prepare_save`]).
//!
//! A store may also keep the limits that Spotify has reported with 429, as [`Cooldown`]s. A client loads them before its
//! first request, and again before a request if a second has passed; it saves each limit that it meets. So a limit
//! outlives the program, and stops all programs that share the store. A client with an access token of your own keeps
//! them in memory.
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
mod cooldown_file;
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
    LoginFailed, LoginFailedKind, LoginRequired, LoginRequiredKind, StoreError, StoreErrorKind,
};
pub use app::App;
pub use file_store::FileStore;
#[cfg(feature = "login")]
#[cfg_attr(docsrs, doc(cfg(feature = "login")))]
pub use login::Login;
pub(crate) use refresh::{Authenticator, Bearer};
pub use store::{MemoryStore, StoreLock, TokenStore};
pub use token::Token;

pub use crate::transport::{Cooldown, CooldownKind};
