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
//! use tonearm::{App, Error, Scopes, Spotify, endpoint};
//!
//! fn main() -> Result<(), Error> {
//!     let app = App::new("client-id").redirect_uri("http://127.0.0.1/callback");
//!     let app = app.store_in_file()?;
//!     // Opens the browser the first time. The client stores and refreshes the token.
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
//! arguments, optional ones are setters, and a last method makes the call. A few required parameters that are easy to swap
//! are setters too; `.send()` fails without them.
//!
//! | method | what it does |
//! | --- | --- |
//! | `.send()` | sends the call and returns a [model] |
//! | `.items()`, `.pages()`, `.collect_all()` | reads [all pages](guide::paging) |
//! | `.first(n)` | reads [the first `n` items](guide::paging) |
//! | `.request()` | returns the [`Request`] that `.send()` would send, and [sends nothing](guide::custom) |
//! | `.requests()` | the same for a call that is split into several requests |
//! | `.send_raw()` | returns status, headers and body, as a [`RawResponse`] |
//! | `.send_as::<T>()` | decodes the response into your own type |
//!
//! Arguments accept typed ids, and text with an id, a URI or a link, as `&str`, `String`, `Box<str>` or `Cow<str>`; numbers
//! of any integer type; and references to these. Setters also accept an `Option` of them, so you can pass them an
//! optional field of a model. The traits in [`param`] list all accepted types. The methods of `Spotify`, and setters, return no `Result`: for
//! an invalid value, `.send()` returns [`Error::InvalidArgument`] before anything is sent.
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let link = "https://open.spotify.com/album/382ObEPsp2rxGrnsizN5TX?si=1";
//! let request = spotify.get_album(link).request()?;
//! assert_eq!(request.to_string(), "GET /v1/albums/382ObEPsp2rxGrnsizN5TX");
//!
//! let error = spotify.get_my_saved_tracks().limit(100).send().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "get_my_saved_tracks: `limit`: expected a number from 1 to 50, found 100; \
//!      nothing was sent",
//! );
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! A list of ids may have any length: the client splits it into requests of the size that Spotify accepts, and joins the
//! results in the order of the ids. If the list of ids is empty, it sends nothing, except in calls whose documentation gives
//! an empty list a meaning: [`replace_playlist_items`](Spotify::replace_playlist_items) empties the playlist.
//!
//! A [`Spotify`] is cheap to clone and works from several threads. Each call, or each page of a list, ends within
//! [`call_timeout`](SpotifyBuilder::call_timeout), by default 60 seconds.
//!
//! # Guide
//!
//! The [guide] has [recipes](guide::recipes) for common tasks, and describes [pagination](guide::paging),
//! [errors, retries and rate limits](guide::errors), [apps in development mode](guide::apps),
//! [threads and speed](guide::threads), [custom calls](guide::custom), [changes of the Web API](guide::changes),
//! [coming from rspotify or spotipy](guide::elsewhere), and [tests](guide::testing) of your program.
//!
//! # Logging
//!
//! The client logs through the [`log`](https://docs.rs/log) facade. It never logs a header or a token.
//!
//! | level | events |
//! | --- | --- |
//! | `warn` | a rate limit; a failed refresh while the old token is still valid; a login that expires within two weeks; an item that can't be decoded; a list that ends early |
//! | `info` | the wait before a retry |
//! | `debug` | each request with method, path, status and duration; each refresh of a token |
//!
//! # Features
//!
//! | feature | default | what it does |
//! | --- | --- | --- |
//! | `rustls` | yes | TLS by rustls, with `ring` and Mozilla's root certificates |
//! | `login` | yes | logging in with a browser; without it, the client still refreshes tokens |
//! | `native-tls` | | TLS by the platform (on Linux OpenSSL, which needs its headers); not used if `rustls` or `rustls-no-provider` is on |
//! | `platform-verifier` | | with `rustls`: the platform's certificate store |
//! | `rustls-no-provider` | | rustls with a provider that you install before the first call |
//! | `socks` | | SOCKS proxies |
//! | `fake` | | the fake Spotify server |
//! | `fake-server` | | the command `fake-spotify`, which runs it: see [`guide::testing`](guide::testing#from-other-languages) |
//! | `chrono-0_4`, `jiff-0_2`, `time-0_3` | | conversions between [`Timestamp`] and the time types of these crates |

#![cfg_attr(docsrs, feature(doc_cfg))]

// First, because rustdoc lists the methods of `Spotify` in the order of the modules.
mod client;

pub mod auth;
mod call;
mod calls;
pub mod custom;
#[path = "endpoint/mod.rs"]
mod descriptor;
pub mod error;
#[cfg(feature = "fake")]
#[cfg_attr(docsrs, doc(cfg(feature = "fake")))]
pub mod fake;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(any(doc, doctest))]
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
pub use call::WriteCheckpoint;
pub use client::{QuotaMode, Spotify, SpotifyBuilder};
pub use endpoint::Endpoint;
pub use error::Error;
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
pub use types::timestamp::{Date, InvalidDate, InvalidTimestamp, Timestamp};

/// The traits of arguments and setters, and types for some of them. A program rarely names the traits.
///
/// A call that takes `impl IntoParam<AlbumId>` accepts an [`AlbumId`], a [`SpotifyUri`], and text with an id, a URI or a
/// link. One that takes `impl IntoParam<Option<Market>>` also accepts an [`Option`] of all that a [`Market`] is made from.
/// A `None` without a type is enough for numbers, `bool` and the argument of [`Spotify::get_user`]; for others write
/// `None::<Market>`, or leave out the setter.
///
/// ```
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// use tonearm::model::Device;
///
/// let device: Device = serde_json::from_str(r#"{"id": "74ASZWbe4lXaubB36ztrGX"}"#)?;
/// spotify.skip_to_next().device_id(&device);         // an error if the device has no id
/// spotify.skip_to_next().device_id(None::<&str>);    // the active device, as without a setter
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub mod param {
    pub use crate::request::argument::{IntoList, IntoNumber, IntoParam, IntoText};
    pub use crate::request::{Jpeg, TimestampedId, Tuning};
}

/// The examples of the README compile and run as tests.
#[cfg(all(doctest, feature = "fake"))]
#[doc = include_str!("../README.md")]
struct Readme;
