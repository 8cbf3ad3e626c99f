//! Logins, and access tokens that are refreshed automatically.
//!
//! Every flow requires an app, which you register on <https://developer.spotify.com/dashboard> and pass as an [`App`].
//! The guide explains [how to log in](crate::guide::login).
//!
//! | you have | you want | use |
//! | --- | --- | --- |
//! | a user on this machine or over SSH | their library, playlists, player | [`App::login`](App), without a secret: the authorization code flow with PKCE |
//! | a web server with a client secret | the same for its users | [`App::login`](App) with [`App::client_secret`], and `Login::url` and `Login::finish`: the authorization code flow |
//! | a client secret | albums, artists, tracks | [`SpotifyBuilder::client_credentials`](crate::SpotifyBuilder::client_credentials) |
//! | a refresh token | the data that its scopes permit | [`App::refresh_token`] |
//! | an access token | the data that its scopes permit, for an hour | [`SpotifyBuilder::token`](crate::SpotifyBuilder::token) |
//!
//! The client refreshes the token, except an access token that you pass. Spotify no longer supports the implicit grant.
//!
//! # Logging in
//!
//! `Login::run` opens the browser and waits up to five minutes (`Login::timeout`) until Spotify redirects the browser
//! to this program. It also prints the URL. Over SSH, the browser runs on another machine, so the user can also paste the
//! redirect address into the terminal (not on Windows).
//!
//! | redirect URI | how the code arrives |
//! | --- | --- |
//! | `http://127.0.0.1/callback`, `http://[::1]/callback` | at a free port of this address, or by pasting |
//! | `http://127.0.0.1:8888/callback` | at this port, or by pasting. Register the URI with the port |
//! | `https://…`, `my-app:…` | by pasting, or through your program, which calls `Login::finish` |
//! | `http://localhost…`, other addresses with `http` | not at all: Spotify rejects these URIs |
//!
//! # Refreshing
//!
//! An access token is valid for an hour. A client refreshes it before it expires. If Spotify returns 401, the client
//! refreshes the token and retries the request once. All clones and threads of a client share one refresh, and so do
//! all clients and programs with the same [`TokenStore`], through its lock. A new refresh token is stored before it is used. If Spotify
//! sends none, the old one is kept. If a refresh fails because of the network or Spotify, the login is kept, and calls
//! use the old access token while it is valid.
//!
//! Only if Spotify returns `invalid_grant` must the user log in again: the call returns
//! [`Error::LoginRequired`](crate::Error::LoginRequired), and the client clears the store. This happens if the user
//! revokes the permission, and six months after the login, even if the token was refreshed: see
//! [`Token::login_expires_at`].
//!
//! The client retries token requests in the same cases as GET requests, until the
//! [deadline of the call](crate::SpotifyBuilder::call_timeout), and handles a 429 in the same way. This applies to
//! refreshes, client credentials and the exchange of the code for a token. An error contains the accounts service's error code, such
//! as `invalid_grant`, and its description, but no other part of the response, which may contain a token.
//!
//! | event | result |
//! | --- | --- |
//! | the response to a token request is lost | The client retries the request. Spotify may already have revoked the refresh token or the code; then the user must log in again, with or without the retry |
//! | a refresh hangs while the access token is valid | The call waits for at most half of the time until its deadline, and at most 10 s, without retries. Then it uses the old token. For 5 s after that, no call tries to refresh again |
//! | the access token has expired, and the refresh takes longer than the call may | The call returns [`Error::Transport`](crate::Error::Transport). The refresh continues on its own thread for up to 10 s, or for the [`read_timeout`](crate::SpotifyBuilder::read_timeout) if that is shorter, and stores the new token. If the program ends before that, the login may be lost |
//! | Spotify also returns 401 for the new token | The call returns [`Error::Unauthorized`](crate::Error::Unauthorized). For the next minute, a 401 causes no refresh, but a newer token in the store is used |
//! | Spotify returns 401 with the message that the token is missing, although the client has sent one | The client retries the request once with the same token, also with an access token from [`SpotifyBuilder::token`](crate::SpotifyBuilder::token) |
//! | Spotify rejects the stored refresh token | The client loads the store again, because another client may have saved a token without the lock. If the store has no other token, it uses the token of [`App::refresh_token`]. If there is none, the call returns [`Error::LoginRequired`](crate::Error::LoginRequired) |
//! | the store cannot save the new token, or panics | The call returns [`Error::Store`](crate::Error::Store) and the client keeps the token in memory. The client tries again to save it at the next refresh, unless the store has another token by then |
//!
//! # Token stores
//!
//! Tokens are kept in memory by default, in a file with [`App::store_in_file`] or a [`FileStore`], or in a custom
//! [`TokenStore`], such as a database that machines share: see `examples/redis_store`. Before each token request, the
//! client checks that the store can save a new token ([`TokenStore::prepare_save`]).
//!
//! A store may also keep the limits that Spotify has reported with 429, as [`Cooldown`]s. A client loads them before
//! its first request, and then at most once a second, and saves each new limit. So a limit also applies to the next
//! run, and to all programs that share the store. With an access token that you pass, the client keeps the limits in memory.
//!
//! # Secrets
//!
//! Client secrets, codes, verifiers and tokens are [`Secret`](crate::Secret)s, which are not printed, and are wiped
//! when dropped.

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
