//! A synchronous, blocking client for the Spotify Web API, generated from a table of its endpoints.
//!
//! # The first program
//!
//! Five minutes, and an account with Premium, which Spotify wants of those who make an app:
//!
//! 1. Make an app on <https://developer.spotify.com/dashboard>. Its redirect URI is `http://127.0.0.1/callback`, without
//!    a port. Copy its client id.
//! 2. `cargo new songs && cd songs && cargo add tonearm`
//! 3. Put this into `src/main.rs`, with your client id, and `cargo run`:
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
//!     // The browser opens the first time. The token is kept, and renewed by itself.
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
//! Without an account, a [fake Spotify server](guide::testing) will do. A program that has a token already says
//! [`Spotify::from_token`]. [`guide::login`] tells of all the ways to a token.
//!
//! # Calls
//!
//! Every call is a method of [`Spotify`], grouped there by the areas of Spotify's reference; the modules in
//! [`endpoint`] have a table for each area. Required parameters are arguments, optional ones are setters, and
//! every call ends in `.send()`: so that a new option never breaks a program, and so that every request is a
//! value that can be looked at before it is sent.
//!
//! | end of a call | what it does |
//! | --- | --- |
//! | `.send()` | sends it and answers with a [model] |
//! | `.items()`, `.pages()`, `.collect_all()` | walks over [all pages](guide::paging) |
//! | `.request()`, `.requests()` | the [`Request`]s that would be sent, [and nothing is](guide::custom) |
//! | `.send_raw()` | status, headers and bytes, as [`RawResponse`] |
//! | `.send_as::<T>()` | decodes into a type of your own |
//!
//! What the table lacks is called by its path, with everything else that a call has: `spotify.get("/me/something")`,
//! see [`guide::custom`].
//!
//! Arguments and setters take what you have: typed ids, text with an id, a URI or a pasted link, numbers, an
//! `Option` of any of them. They never fail. A value that breaks a rule is held and comes out of `.send()` as
//! [`Error::InvalidArgument`], before anything is sent:
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
//! Lists of ids may have any length. They are split at the number that Spotify takes, sent in order, and the
//! answers joined in the order of the ids; a list without ids sends nothing.
//!
//! # Paging
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let page = spotify.get_my_saved_tracks().limit(50).offset(100).send()?;     // one page
//! println!("{} of {}", page.items.len(), page.total);
//!
//! for saved in spotify.get_my_saved_tracks().items() {                        // all pages, lazily
//!     println!("{}", saved?.track.name);
//! }
//!
//! let artists = spotify.get_my_followed_artists().collect_all()?;             // all pages, in a list
//! # assert!(!artists.is_empty());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`guide::paging`]: where walks begin and end, how to stop and go on, and what becomes of rows that are null.
//!
//! # Errors
//!
//! [`Error`] has one variant for each thing that a program would do differently, and its table says what. Limits are
//! waited out and faults are tried again where that does no harm, within the time for a call; what is left is told,
//! with what to do. [`guide::errors`]: limits, faults, and writes that stop halfway. [`guide::servers`]: what becomes of
//! everything that a broken or hostile server may send.
//!
//! # Both kinds of app
//!
//! Spotify closes half of the Web API to apps in development mode, as every new app is. The calls work for
//! both kinds wherever Spotify has another way to do the thing: a client finds out by itself, sends the other
//! form, and answers with the same types. See [`guide::apps`], and [`endpoint::availability`] for all endpoints.
//!
//! # Threads and time
//!
//! [`Spotify`] is cheap to clone and can be used from many threads; clones share connections. A call ends within
//! [`call_timeout`](SpotifyBuilder::call_timeout), 60 seconds unless set otherwise. [`guide::threads`]: several requests
//! at once, reading ahead, and what makes it fast.
//!
//! # Testing
//!
//! The feature `fake` is a fake Spotify server on loopback, for tests of your own program: see [`guide::testing`].
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! let server = tonearm::fake::Server::start()?;
//! let spotify = server.client()?;
//! assert!(spotify.get_my_saved_tracks().send()?.total > 100);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # When Spotify changes something
//!
//! What a version does not know yet does not break it: unknown members are passed over, unknown words are kept, rows
//! that cannot be read do not cost their page. [`guide::changes`] has the list.
//!
//! # Logging
//!
//! Requests are logged at `debug` through the [`log`](https://docs.rs/log) facade: method, path, status, time.
//! Never a header, never a token. Tokens that are renewed are logged at `debug`, and at `warn` what a person should
//! know: a renewal that failed while the old token still works, and the last two weeks of a login.
//!
//! # Features
//!
//! | feature | default | what it does |
//! | --- | --- | --- |
//! | `rustls` | yes | TLS by rustls, with `ring` and Mozilla's roots |
//! | `login` | yes | logging in with a browser; tokens that are there are renewed without it |
//! | `native-tls` | | TLS by the platform, which trusts what that does; on Linux it is OpenSSL with its headers; unused beside rustls |
//! | `platform-verifier` | | with `rustls`: the platform's certificate store |
//! | `rustls-no-provider` | | rustls with a provider that you install before the first call |
//! | `socks` | | SOCKS proxies |
//! | `fake` | | the fake Spotify server |

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
