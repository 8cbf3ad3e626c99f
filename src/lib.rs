//! A synchronous, blocking client for the Spotify Web API, generated from a table of its endpoints.
//!
//! # The first call
//!
//! ```no_run
//! use tonearm::{Market, Spotify};
//!
//! let spotify = Spotify::builder().token(std::env::var("SPOTIFY_TOKEN")?).build()?;
//!
//! println!("Hello, {}!", spotify.get_me().send()?.display_name.unwrap_or_default());
//! for saved in &spotify.get_my_saved_episodes().market(Market::FI).limit(10).send()? {
//!     println!("{}  {}", saved.episode.id, saved.episode.name);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every call is a method of [`Spotify`], grouped there by the areas of Spotify's reference; the modules in
//! [`endpoint`] have a table for each area. Required parameters are arguments, optional ones are setters, and
//! every call ends in `.send()`: so that a new option never breaks a program, and so that every request is a
//! value that can be looked at before it is sent.
//!
//! | end of a call | what it does |
//! | --- | --- |
//! | `.send()` | sends it and answers with a [model] |
//! | `.request()`, `.requests()` | the [`Request`]s that would be sent, and nothing is |
//! | `.send_raw()` | status, headers and bytes, as [`RawResponse`] |
//! | `.send_as::<T>()` | decodes into a type of your own |
//! | `.items()`, `.pages()`, `.collect_all()` | walks over all pages |
//!
//! What the table lacks is called by its path, with everything else that a call has: `spotify.get("/me/something")`,
//! see [`custom`].
//!
//! # Tokens
//!
//! The module [`auth`] tells how to get one. In short:
//!
//! ```no_run
//! # #[cfg(feature = "login")] {
//! use tonearm::{App, Scopes, Spotify, endpoint};
//!
//! let app = App::new("client-id").redirect_uri("http://127.0.0.1/callback");
//! app.login(Scopes::for_endpoints([&endpoint::GET_MY_SAVED_TRACKS]))?.run()?;
//! let spotify = Spotify::builder().app(app).build()?;
//! # }
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! # Arguments
//!
//! Arguments and setters take what you have: typed ids, text with an id, a URI or a pasted link, numbers, an
//! `Option` of any of them. They never fail. A value that breaks a rule is held and comes out of `.send()` as
//! [`Error::Invalid`], before anything is sent:
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
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
//! # Both kinds of app
//!
//! Spotify closes half of the Web API to apps in development mode, as every new app is. The calls work for
//! both kinds wherever Spotify has another way to do the thing: a client finds out by itself, sends the other
//! form, and answers with the same types. See [`QuotaMode`], and [`endpoint::who_may_call`] for all endpoints.
//!
//! # Paging
//!
//! ```no_run
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let page = spotify.get_my_saved_tracks().limit(50).offset(100).send()?;     // one page
//! println!("{} of {}", page.items.len(), page.total);
//!
//! for saved in spotify.get_my_saved_tracks().items() {                        // all pages, lazily
//!     println!("{}", saved?.track.name);
//! }
//!
//! let artists = spotify.get_my_followed_artists().collect_all()?;             // all pages, in a list
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! A walk asks for the largest pages unless `limit` is set, and begins at `offset` or the cursor if that is set.
//! `collect_all` reads several pages at once ([`SpotifyBuilder::connections`]).
//! A walk ends after the last page, after an empty one, and after the first error. A link to the next page that
//! leads to another server, or back, is an error: [`Error::Link`]. So is a list that `collect_all` finds no end
//! of: it takes 100,000 rows or twice as many as are announced, whichever is more, and at most a million.
//!
//! A row that is null or cannot be read does not cost its page: [`Page::missing`] says which it was and why.
//!
//! # Errors
//!
//! [`Error`] has one variant for each thing that a program would do differently, and its table says what. Writes
//! of many ids that stop halfway say what went through: [`Error::Partial`]. A 403 has five meanings, and each is a
//! variant: [`Error::Closed`], [`Error::InsufficientScope`], [`Error::UserNotRegistered`],
//! [`Error::OwnerWithoutPremium`], [`Error::ForeignPlaylist`].
//!
//! # Limits and faults
//!
//! A 429 is waited out if that fits into the time for the call; otherwise [`Error::RateLimited`] comes at once, and
//! until its moment has come further calls fail without a request. Lost connections and faults of Spotify are tried
//! again ([`SpotifyBuilder::retries`]) where sending twice does no harm; of others the error says whether they
//! [may have happened](Error::may_have_happened). What stopped halfway goes on with [`Partial::resume`] or from
//! [`Stopped::place`]. [`SpotifyBuilder::observer`] is told of every attempt and wait.
//!
//! # Broken and hostile servers
//!
//! Spotify has bad hours, and hotels have networks of their own. Whatever a server sends, a call ends in bounded
//! time and memory, with an error that says what to do; the client goes on, and what has gone wrong is not used
//! again. A test on a socket holds it to each line:
//!
//! | what a server does | what a program gets |
//! | --- | --- |
//! | ends or resets the connection, at any stage of the answer | [`Transport`], [`Broken`](TransportKind::Broken) |
//! | speaks something else than HTTP: TLS, SSH; breaks its rules: bad lengths, chunks, bytes; more than 128 headers | the same |
//! | sends gzip that is cut or broken | the same |
//! | speaks no TLS where it should, or hangs in the handshake | `Transport`, [`Connect`](TransportKind::Connect) |
//! | keeps silent, sends byte after byte, or 100 Continue for ever | `Transport`, [`Timeout`](TransportKind::Timeout) |
//! | sends or announces a body longer than [`max_body`](SpotifyBuilder::max_body): without an end, a gzip bomb; or a head longer than 64 KiB | `Transport`, [`TooLarge`](TransportKind::TooLarge) |
//! | redirects, to itself or to others | [`Error::Status`]; nothing is followed, nobody else sees the token |
//! | refuses in HTML, in plain text, without a word, or in JSON ten thousand levels deep | the variant of the status, with the beginning of the text |
//! | succeeds with HTML, half a JSON, NUL, or bytes that are no UTF-8 | [`Error::Decode`]; a write that answers nothing succeeds, whatever text comes |
//! | succeeds with JSON ten thousand levels deep | nothing, where nobody knows the member; a row of a page is [missing](Page::missing); elsewhere `Error::Decode` |
//! | gives JSON the type of HTML, strange headers, HTTP/1.0, 102 or 103 before the answer | the answer |
//! | sends more than the answer: a longer body than it said, a body to 204, a second answer | the answer; the rest is never that of another call |
//! | links to a next page on another server | [`Error::Link`], [`OtherServer`](LinkProblem::OtherServer) |
//! | links to the same page again, back, or round in a circle | `Error::Link`, [`Repeats`](LinkProblem::Repeats) |
//! | links on and on | `Error::Link`, [`Endless`](LinkProblem::Endless), from `collect_all`, or where all rows are null; otherwise rows, one by one |
//! | links to a page of a cursor that no request has room for | [`Error::Invalid`] |
//! | announces a `total` that shrinks or lies | the rows |
//!
//! [`Transport::may_have_happened`] is false for `Connect` alone: a request that went out may have been done,
//! whatever came back.
//!
//! # Threads and time
//!
//! [`Spotify`] is cheap to clone and can be used from many threads; clones share connections. A call ends within
//! [`call_timeout`](SpotifyBuilder::call_timeout), 60 seconds unless set otherwise.
//!
//! # Testing
//!
#![cfg_attr(
    feature = "fake",
    doc = "The feature `fake` is an embedded Spotify on loopback, for tests of your own program: see [`fake`]."
)]
#![cfg_attr(
    not(feature = "fake"),
    doc = "The feature `fake` is an embedded Spotify on loopback, for tests of your own program."
)]
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
//! | `fake` | | the embedded Spotify |

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod auth;
pub mod custom;
pub mod endpoint;
#[cfg(feature = "fake")]
#[cfg_attr(docsrs, doc(cfg(feature = "fake")))]
pub mod fake;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod model;

mod call;
mod chunk;
mod client;
mod error;
mod id;
mod limits;
mod market;
mod observer;
mod page;
mod param;
mod permit;
mod plan;
mod request;
mod response;
mod retry;
mod route;
mod row;
mod scope;
mod secret;
mod settings;
mod spare;
mod text;
mod time;
mod transport;
mod walk;
mod word;
mod workers;

#[cfg(feature = "login")]
pub use auth::Login;
pub use auth::{App, LoginAgain, LoginFailed, LoginProblem, StoreError, Token, TokenStore};
pub use client::{Spotify, SpotifyBuilder};
pub use endpoint::Endpoint;
pub use error::{
    Closed, Decode, Error, InsufficientScope, Invalid, Link, LinkProblem, Partial, RateLimited,
    Refusal, Setup, Transport, TransportKind,
};
pub use id::*;
pub use limits::Limit;
pub use market::{Market, MarketSet, UnknownMarket};
pub use observer::{Event, Why};
pub use page::{AnyPage, CursorPage, Cursors, Missing, MissingReason, Page, Paged};
pub use param::{Arg, Jpeg, Opt, Param, Text, TimestampedId, Tuning};
pub use request::Request;
pub use response::RawResponse;
pub use route::QuotaMode;
pub use scope::{Scope, Scopes};
pub use secret::Secret;
pub use time::{InvalidTimestamp, Timestamp};
pub use walk::{Items, Pages, Place, Stopped};
pub use word::*;

/// The examples of the README compile and run as tests.
#[cfg(all(doctest, feature = "fake"))]
#[doc = include_str!("../README.md")]
struct Readme;
