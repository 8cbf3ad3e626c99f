//! A synchronous, blocking client for the Spotify Web API, generated from a table of its endpoints.
//!
//! # Getting started
//!
//! 1. Create an app on <https://developer.spotify.com/dashboard>, with the redirect URI `http://127.0.0.1/callback`,
//!    without a port, and copy its client id. Spotify requires a Premium account for this.
//! 2. Run `cargo new songs && cd songs && cargo add tonearm`.
//! 3. Put this into `src/main.rs`, with your client id, and run it:
//!
//! ```no_run
//! # #[cfg(feature = "login")] mod songs {
//! use tonearm::auth::FileStore;
//! use tonearm::{App, Error, Scopes, Spotify, endpoint};
//!
//! fn main() -> Result<(), Error> {
//!     let client_id = "client-id";
//!     let app = App::new(client_id)
//!         .redirect_uri("http://127.0.0.1/callback")
//!         .store(FileStore::for_app(client_id)?);
//!     // Opens the browser the first time. The client stores the token, and refreshes it when it expires.
//!     app.login(Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS]))?.run_if_needed()?;
//!     let spotify = Spotify::builder().app(app).build()?;
//!
//!     println!("Hello, {}!", spotify.get_me().send()?.display_name.unwrap_or_default());
//!     for saved in spotify.get_my_saved_tracks().items().take(10) {
//!         println!("{}", saved?.track.name);
//!     }
//!     Ok(())
//! }
//! # }
//! ```
//!
//! Without an account, use the [fake Spotify server](guide::testing). With an access token, use [`Spotify::from_token`].
//! [`guide::login`] describes every way to get a token.
//!
//! # Calls
//!
//! Each endpoint is a method of [`Spotify`], under the heading of its area in Spotify's reference. Required parameters are
//! arguments, optional ones are setters, and a last method makes the call:
//!
//! | method | what it does |
//! | --- | --- |
//! | `.send()` | sends the call and returns a [model] |
//! | `.items()`, `.pages()`, `.collect_all()` | reads [all pages](guide::paging) |
//! | `.request()`, `.requests()` | returns the [`Request`]s that `.send()` would send, and [sends nothing](guide::custom) |
//! | `.send_raw()` | returns status, headers and body, as a [`RawResponse`] |
//! | `.send_as::<T>()` | decodes the response into your own type |
//!
//! Arguments and setters accept typed ids, text with an id, a URI or a link, numbers, and an `Option` of these. They never
//! fail: an invalid value makes `.send()` return [`Error::InvalidArgument`] before anything is sent.
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let request = spotify.get_album("https://open.spotify.com/album/382ObEPsp2rxGrnsizN5TX?si=1").request()?;
//! assert_eq!(request.to_string(), "GET /v1/albums/382ObEPsp2rxGrnsizN5TX");
//!
//! let error = spotify.get_my_saved_tracks().limit(100).send().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "get_my_saved_tracks: `limit`: expected a number from 1 to 50, found 100; nothing was sent",
//! );
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! A list of ids may have any length: the client splits it into requests of the size that Spotify accepts, and joins the
//! results in the order of the ids. It sends nothing for an empty list.
//!
//! # Guide
//!
//! The [guide] has [recipes](guide::recipes) for common tasks, and describes [pagination](guide::paging), [errors, retries and rate limits](guide::errors),
//! [apps in development mode](guide::apps), [threads and speed](guide::threads), [custom calls](guide::custom),
//! [changes of the Web API](guide::changes), and [tests](guide::testing) of your program. A [`Spotify`] is cheap to clone,
//! works from several threads, and ends each call within [`call_timeout`](SpotifyBuilder::call_timeout), by default 60
//! seconds.
//!
//! # Logging
//!
//! The client logs through the [`log`](https://docs.rs/log) facade: each request (method, path, status, duration) and
//! each refresh of a token at `debug`, the wait before a retry at `info`; and at `warn` rate limits, a refresh that failed while the old
//! token is still valid, and a login that expires within two weeks. It never logs a header or a token.
//!
//! # Features
//!
//! | feature | default | what it does |
//! | --- | --- | --- |
//! | `rustls` | yes | TLS by rustls, with `ring` and Mozilla's root certificates |
//! | `login` | yes | logging in with a browser; without it, the client still refreshes tokens |
//! | `native-tls` | | TLS by the platform (on Linux OpenSSL, which needs its headers); not used if `rustls` is on |
//! | `platform-verifier` | | with `rustls`: the platform's certificate store |
//! | `rustls-no-provider` | | rustls with a provider that you install before the first call |
//! | `socks` | | SOCKS proxies |
//! | `fake` | | the fake Spotify server |
//! | `chrono`, `jiff`, `time` | | conversions between [`Timestamp`] and the time types of these crates |

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod auth;
mod call;
mod calls;
mod client;
pub mod custom;
#[path = "endpoint/mod.rs"]
mod descriptor;
mod error;
#[cfg(feature = "fake")]
#[cfg_attr(docsrs, doc(cfg(feature = "fake")))]
pub mod fake;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod guide;
mod json;
pub mod model;
mod page;
mod paging;
mod request;
mod transport;
mod types;

#[doc = include_str!("endpoint/overview.md")]
pub mod endpoint {
    pub use crate::calls::*;
    pub use crate::descriptor::*;
}

#[cfg(feature = "login")]
pub use auth::Login;
pub use auth::{App, Token, TokenStore};
pub use client::{QuotaMode, Spotify, SpotifyBuilder};
pub use endpoint::Endpoint;
pub use error::{
    ApiError, ConfigError, DecodeError, EndpointUnavailable, Error, InsufficientScope,
    InvalidArgument, LoginFailed, LoginProblem, LoginRequired, PagingError, PagingProblem,
    PartialWrite, RateLimitKind, RateLimited, StoreError, TransportError, TransportKind,
};
pub use page::{AnyPage, Checkpoint, CursorPage, Cursors, Page, Paged, SkipReason, SkippedItem};
pub use paging::{CollectError, Items, Pages};
pub use request::Request;
pub use transport::RawResponse;
pub use transport::event::{Event, WaitReason};
pub use types::enums::*;
pub use types::id::*;
pub use types::market::{Market, MarketSet, UnknownMarket};
pub use types::scope::{Scope, Scopes};
pub use types::secret::Secret;
pub use types::timestamp::{InvalidTimestamp, Timestamp};

/// The types of arguments and setters. A program rarely names them.
pub mod param {
    pub use crate::request::argument::{Arg, Opt, Param, Text};
    pub use crate::request::{Jpeg, TimestampedId, Tuning};
}

/// The examples of the README compile and run as tests.
#[cfg(all(doctest, feature = "fake"))]
#[doc = include_str!("../README.md")]
struct Readme;
