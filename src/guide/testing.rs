//! Testing a program of your own, without Spotify.
//!
//! The feature `fake` is a whole Spotify on your own machine: an HTTP server on loopback, with a catalog, a user who has
//! hundreds of saved things, playlists, a player, and the accounts service. Tests need no network, no account and no
//! mock of this crate:
//!
//! ```toml
//! [dev-dependencies]
//! tonearm = { version = "0.1", features = ["fake"] }
//! ```
//!
//! # The first test
//!
//! Give your functions a [`Spotify`](crate::Spotify), and tests give them that of a server:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::{Error, Spotify};
//!
//! /// What the program does: saves the albums that are not saved yet, and says how many there were.
//! fn save_missing(spotify: &Spotify, albums: &[tonearm::AlbumId]) -> Result<usize, Error> {
//!     let saved = spotify.are_albums_saved(albums).send()?;
//!     let missing: Vec<_> = albums.iter().zip(saved).filter(|(_, saved)| !saved).map(|(id, _)| id).collect();
//!     spotify.save_albums(missing.iter().copied()).send()?;
//!     Ok(missing.len())
//! }
//!
//! let server = tonearm::fake::Server::start()?;               // stops when dropped
//! let spotify = server.client()?;
//!
//! let albums = server.catalog().albums();
//! let unsaved = albums.iter().filter(|id| !server.library().contains(&(*id).clone().into())).count();
//! assert_eq!(save_missing(&spotify, &albums)?, unsaved);
//! assert_eq!(save_missing(&spotify, &albums)?, 0);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every server begins with the same state, and servers share nothing: tests can run at once.
//!
//! # What was sent
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! spotify.save_albums(["382ObEPsp2rxGrnsizN5TX"]).send()?;
//!
//! let request = &server.requests()[0];
//! assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/v1/me/albums"));
//! assert_eq!(request.endpoint, Some("save_albums"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A program that only makes requests can be tested without a server: [`.request()`](super::custom#looking-before-sending).
//!
//! # What goes wrong
//!
//! A script says what happens to the next requests of a path: limits, faults of Spotify's, connections that break before
//! or after a thing was done, any answer of your own. Waits need not be waited for:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::fake::{Fault, Reply, Server};
//!
//! let server = Server::start()?;
//! let spotify = server.client_builder().sleep_with(|_| {}).build()?;            // no time passes
//!
//! server.script("/me/tracks").then(Fault::Status(503)).then(Fault::RateLimited { retry_after: 2 });
//! assert_eq!(spotify.get_my_saved_tracks().send()?.total, 320);       // the third attempt
//!
//! server.script("/me").then(Reply::new(200).body(r#"{"id": "me", "product": "platinum"}"#));
//! assert_eq!(spotify.get_me().send()?.product.map(|word| word.to_string()).as_deref(), Some("platinum"));
//! # assert_eq!(server.pending_faults(), 0);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Who asks
//!
//! | what | how |
//! | --- | --- |
//! | an app in development mode | `Server::builder().quota_mode(QuotaMode::Development).start()` |
//! | a token that lacks scopes | `server.token_with([…])` |
//! | an app that is not in order | `server.fail_all(Some(Failure::UserNotRegistered))` |
//! | a person who logs in | `server.app()` and `server.browser()` |
//! | a login that ends | `server.revoke()` and `server.expire_access_tokens()` |
//!
//! The module [`fake`] has all of it, and says where it differs from Spotify.
//!
#![cfg_attr(feature = "fake", doc = "[`fake`]: crate::fake")]
#![cfg_attr(not(feature = "fake"), doc = "[`fake`]: https://docs.rs/tonearm/latest/tonearm/fake/")]
