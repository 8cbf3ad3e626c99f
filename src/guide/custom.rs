//! Looking at requests, raw answers, types of your own, and calls of your own.
//!
//! # Looking before sending
//!
//! Every call is a value, and can be looked at before it is sent. `.request()` makes the [`Request`], `.requests()` all
//! of them where ids need several. Nothing is sent, and no token is needed:
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let request = spotify.get_my_saved_tracks().limit(50).request()?;
//! assert_eq!(request.to_string(), "GET /v1/me/tracks\n    limit = 50");
//! assert_eq!(request.url(), "https://api.spotify.com/v1/me/tracks?limit=50");
//!
//! let album_ids = ["382ObEPsp2rxGrnsizN5TX"; 45];
//! assert_eq!(spotify.are_albums_saved(album_ids).requests()?.len(), 3);      // 20, 20 and 5
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! A bad argument comes out here as it does from `.send()`. The request is the documented one, and with
//! [`QuotaMode::Development`] the [other form](super::apps).
//!
//! # The answer as it came
//!
//! `.send_raw()` answers with status, headers and bytes. Statuses that are no success are answers too. Limits, retries
//! and tokens work as in `.send()`:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let answer = spotify.get_me().send_raw()?;
//! assert_eq!(answer.status(), 200);
//! println!("{} bytes of {:?}", answer.body().len(), answer.header("content-type"));
//!
//! let me: serde_json::Value = serde_json::from_slice(answer.body())?;
//! println!("{}", me["display_name"]);
//! # assert_eq!(me["display_name"], "Mira Halvorsen");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A type of your own
//!
//! `.send_as::<T>()` decodes the whole answer into any type that serde can read: fewer members than the model has, or
//! [more](super::changes#members-that-this-version-does-not-know).
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! #[derive(serde::Deserialize)]
//! struct Total {
//!     total: u32,
//! }
//!
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let Total { total } = spotify.get_my_saved_tracks().limit(1).send_as()?;
//! assert_eq!(total, 320);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It is the *whole* answer. Where `.send()` takes one member of it, as `get_albums` takes `albums`, the type has that
//! member. Calls that take many ids answer with a `Vec`, one element for each request.
//!
//! # A call of your own
//!
//! Spotify adds endpoints and parameters between two releases of a crate. [`Spotify::get`], [`put`](crate::Spotify::put),
//! [`post`](crate::Spotify::post) and [`delete`](crate::Spotify::delete) call any path, with everything else that a call
//! has: the token, limits, retries, the dry run, walks over pages, and lists that are split:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::model::SavedTrack;
//!
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let call = spotify.get("/me/tracks").query("market", "GB").query("limit", 50);
//! println!("{}", call.request()?);                                // nothing is sent
//!
//! for saved in call.items::<SavedTrack>().take(60) {
//!     println!("{}", saved?.track.name);
//! }
//! # assert_eq!(server.requests().len(), 2);
//!
//! let me: serde_json::Value = spotify.get("/me").send_as()?;
//! # assert_eq!(me["display_name"], "Mira Halvorsen");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The module [`custom`](crate::custom) tells of paths, bodies, scopes, and writes that may be sent again.
//!
//! # A row of your own
//!
//! A call that a program makes in many places can have a row: it becomes a method of [`Spotify`](crate::Spotify), with
//! documentation, setters, ranges that are checked, pages and parts. Put the file into a folder of your program, and name
//! the folder in `.cargo/config.toml`; [`spec/README.md`] has an example from beginning to end. A row with
//! `replaces = true` takes the place of the crate's, for when Spotify has changed something.
//!
//! # The table
//!
//! What the crate knows of a call can be asked for at run time: [`Spotify::endpoints`] lists all rows, and each is a
//! static in [`endpoint`](crate::endpoint), with its path, its scopes, its limits, and who may call it.
//!
//! [`Request`]: crate::Request
//! [`QuotaMode::Development`]: crate::QuotaMode::Development
//! [`Spotify::endpoints`]: crate::Spotify::endpoints
//! [`Spotify::get`]: crate::Spotify::get
#![doc = concat!(
    "[`spec/README.md`]: https://docs.rs/crate/tonearm/",
    env!("CARGO_PKG_VERSION"),
    "/source/spec/README.md"
)]
