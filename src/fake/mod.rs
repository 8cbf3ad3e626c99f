//! A Spotify of its own, for tests of your own program: with the feature `fake`.
//!
//! ```toml
//! [dev-dependencies]
//! tonearm = { version = "0.1", features = ["fake"] }
//! ```
//!
//! # A test from beginning to end
//!
//! This is a part of a program, and what its author is not sure of: does it begin anew when Spotify wants it to wait,
//! and does it go on when an answer gets lost?
//!
//! ```
//! use tonearm::{Error, Spotify, endpoint::Method, fake::{Fault, Server}};
//!
//! /// Keeps the saved albums that were added last, and removes all others.
//! fn keep_newest(spotify: &Spotify, count: usize) -> Result<usize, Error> {
//!     let saved = spotify.get_my_saved_albums().collect_all().map_err(|stopped| stopped.error)?;
//!     let old: Vec<_> = saved.iter().skip(count).map(|saved| &saved.album.id).collect();
//!     spotify.remove_saved_albums(old.iter().copied()).send()?;
//!     Ok(old.len())
//! }
//!
//! // The rest stands in a function with `#[test]`.
//! let server = Server::start()?;
//! let spotify = server.client_builder().connections(1).sleep_with(|_| {}).build()?;
//! server
//!     .script("/me/albums")
//!     .method(Method::Delete)
//!     .then(Fault::RateLimited { retry_after: 3 })
//!     .then(Fault::ResetAfterProcessing);
//!
//! assert_eq!(keep_newest(&spotify, 190)?, 20);
//!
//! # mod insta {
//! #     macro_rules! assert_snapshot {
//! #         ($log:expr, @$text:literal) => { assert_eq!($log.to_string().trim(), $text.trim()) };
//! #     }
//! #     pub(crate) use assert_snapshot;
//! # }
//! // How it has done it, in words that a change of the program changes.
//! insta::assert_snapshot!(server.log(), @r"
//! GET /v1/me/albums -> 200
//!     limit = 50
//! GET /v1/me/albums -> 200
//!     limit = 50
//!     offset = 50
//! GET /v1/me/albums -> 200
//!     limit = 50
//!     offset = 100
//! GET /v1/me/albums -> 200
//!     limit = 50
//!     offset = 150
//! GET /v1/me/albums -> 200
//!     limit = 50
//!     offset = 200
//! DELETE /v1/me/albums -> 429, RateLimited { retry_after: 3 }
//!     ids = K2pd4Hw14Q1z0mUiuqp1oC,d1O2AISJJ996RiiWbR3P54,…,4RloI7up7Y6ct4Fn9LJeVG (20 values)
//! DELETE /v1/me/albums -> 200, ResetAfterProcessing
//!     ids = K2pd4Hw14Q1z0mUiuqp1oC,d1O2AISJJ996RiiWbR3P54,…,4RloI7up7Y6ct4Fn9LJeVG (20 values)
//! DELETE /v1/me/albums -> 200
//!     ids = K2pd4Hw14Q1z0mUiuqp1oC,d1O2AISJJ996RiiWbR3P54,…,4RloI7up7Y6ct4Fn9LJeVG (20 values)
//! ");
//!
//! // What it has done.
//! let left = spotify.get_my_saved_albums().limit(1).send()?;
//! assert_eq!((left.total, server.pending_faults()), (190, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `cargo insta review` has filled in the log; `connections(1)` keeps its order. Without insta:
//! `server.log().to_string()` is the same text.
//!
//! | for | see |
//! | --- | --- |
//! | a server, its client, its tokens | [`Server`] |
//! | what there is: ids for your tests | [`Catalog`], [`Server::library`] |
//! | an account without anything | [`Server::reset_to_new_user`] |
//! | an app as every new one is | [Two kinds of app](self#two-kinds-of-app), [`Server::fail_all`] |
//! | limits, faults, broken connections | [Scripts and faults](self#scripts-and-faults), [`Fault`] |
//! | answers of the real Spotify | [Recordings](self#recordings), [`Recorder`], [`Server::replay`] |
//! | what the program has sent | [The log](self#the-log), [`Server::log`], [`Server::requests`] |
//! | logins, and tokens that end | [Logging in](self#logging-in), [`Browser`] |
//!
//! # The server
//!
//! [`Server::start`] opens an HTTP server on this machine that answers as Spotify does, and stops when
//! it is dropped. It has a made-up [`Catalog`] and a user with a library of hundreds of items, all of
//! it the same in every run. What a program saves, removes, follows or unfollows, later calls see:
//!
//! ```
//! use tonearm::fake;
//!
//! let server = fake::Server::start()?;
//! let spotify = server.client()?;
//!
//! let page = spotify.get_my_saved_tracks().limit(50).send()?;
//! assert_eq!((page.items.len(), page.total), (50, 320));
//!
//! let last_added = page.items[0].track.id.clone().expect("an id");
//! spotify.remove_saved_tracks([&last_added]).send()?;
//! assert_eq!(spotify.are_tracks_saved([&last_added]).send()?, [false]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Your program only needs to take its client, or the base URL, from outside.
//!
//! It refuses what Spotify refuses, by the [table](crate::endpoint) from which this crate is made: a
//! missing or unknown token (401), a missing scope (403), a path that is not there (404), a value out
//! of its range, an unknown market, a bad id, too many ids (400), a `PUT` without a length (411), a
//! URL that is too long (414).
//!
//! ```
//! use tonearm::{Error, Scope, fake};
//!
//! let server = fake::Server::start()?;
//! let token = server.token_with([Scope::UserLibraryRead]);
//! let spotify = server.client_builder().token(token).build()?;
//!
//! assert_eq!(spotify.get_my_saved_shows().send()?.total, 120);
//! let refused = spotify.get_my_followed_artists().send();
//! assert!(matches!(refused, Err(Error::InsufficientScope(_))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Some things that it does as Spotify does, and that tests stumble over: saved things come last
//! added first; times are kept to the minute; an id that is not in the catalog is taken without a word
//! and does nothing; one album in thirteen cannot be played in the user's country, which is `GB`
//! whatever `market` says; private playlists are left out of lists without their scope.
//!
//! Playlists hold tracks, and some of them an episode, a file of the user's own, or a row of which the
//! item is gone. Every change makes a new `snapshot_id`; one that comes with a change is not looked at,
//! for changes are always made to the newest version. `fields` is understood.
//!
//! # Two kinds of app
//!
//! Spotify does not answer all apps alike, so there are two kinds of server. One that is made by
//! [`Server::start`] answers as Spotify answers an app in extended quota mode, and one that had its
//! access before November 2024: nothing is closed, nothing is left out, and what a playlist holds
//! stands under its new name, `items`, as well as under the old one, `tracks`.
//!
//! One that is made by [`ServerBuilder::quota_mode`] answers as Spotify answers an app in development mode,
//! which is what every new app is:
//!
//! - A call whose row in the [table](crate::endpoint) is not [open to all](crate::endpoint::Availability) is
//!   refused, whatever it asks for, with the status in the row. That goes strictly by the row: also
//!   where Spotify was seen to answer such an app all the same, as it does those who follow a playlist.
//! - A page longer than the row allows such an app is refused. Where a call does not say how long, the
//!   page is no longer than that.
//! - Playlists call what they hold `items` only, and their rows `item`; `fields` knows no other names.
//!   One of somebody else comes without its items, and all that names it to read or change them is
//!   refused, unless the user takes part in it.
//! - Albums lose `album_group`, `available_markets`, `label` and `popularity`; artists `followers`,
//!   `genres` and `popularity`; tracks `available_markets`, `linked_from`, `popularity` and
//!   `preview_url`; shows and audiobooks `available_markets` and `publisher`; chapters
//!   `available_markets`. Users lose nothing, as was seen, although Spotify's documents say otherwise.
//!
//! Both can be told to [refuse everything](Server::fail_all), as Spotify does when the app or its user is
//! not in order.
//!
//! # Scripts and faults
//!
//! What goes wrong in a job that runs all night can be made to go wrong in a test. A [script](Server::script) says
//! what happens to the next requests of a path; [by chance](Server::inject_randomly) something can go wrong with any of them.
//! [`Fault`] has the list, with an example for each kind.
//!
//! | what shall happen | script |
//! | --- | --- |
//! | 429 for three seconds, then 200 | `server.script("/me").then(Fault::RateLimited { retry_after: 3 })` |
//! | a block of a day, the quota | `.then(Fault::RateLimited { retry_after: 86_400 })`, `.then(Fault::QuotaExceeded)` |
//! | Spotify has a bad minute | `.then(Fault::Status(503)).then(Fault::Status(502))` |
//! | a page of a gateway | `.then(Reply::new(502).header("content-type", "text/html").body("<h1>Bad Gateway</h1>"))` |
//! | the connection breaks | `.then(Fault::ResetBeforeProcessing)` |
//! | it was done, and the answer is lost | `.then(Fault::ResetAfterProcessing)` |
//! | a body cut in half | `.then(Fault::TruncateAfterProcessing(TruncateAt::Body))` |
//! | no answer at all | `.then(Fault::HangBeforeProcessing)`, with a short [`read_timeout`](crate::SpotifyBuilder::read_timeout) |
//! | the second page fails | `.then_normal().then(Fault::Status(500))` |
//! | a renewal without a refresh token | as it is; with one: [`rotate_refresh_tokens`](Server::rotate_refresh_tokens) |
//! | a renewal that fails | `server.script("/api/token").then(Fault::Status(503))` |
//! | the user takes it all back | [`Server::revoke`] |
//!
//! The client waits between its tries as it always does, unless the test has a
//! [`sleep_with`](crate::SpotifyBuilder::sleep_with).
//!
//! # The log
//!
//! [`Server::log`] is all that a program has sent, as one text, in the form in which `.request()` prints a call before
//! it is sent. [`Server::requests`] has the same as values, with headers:
//!
//! ```
//! let server = tonearm::fake::Server::start()?;
//! let spotify = server.client()?;
//! let track = &server.catalog().tracks()[0];
//! spotify.remove_saved_tracks([track]).send()?;
//!
//! assert_eq!(server.log().to_string(), format!("DELETE /v1/me/tracks -> 200\n    ids = {track}"));
//! let seen = &server.requests()[0];
//! assert_eq!((seen.endpoint, seen.query_value("ids")), (Some("remove_saved_tracks"), Some(track.as_str())));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Recordings
//!
//! Where the made-up catalog will not do, a [`Recorder`] takes down what the real Spotify answers, once, into a file
//! without tokens and without the people in it; [`Server::replay`] answers from the file for ever after. One function
//! does for both, with the real Spotify as long as there is no file:
//!
//! ```no_run
//! use std::path::Path;
//! use tonearm::{App, Spotify, fake::{Recorder, Server}};
//!
//! # fn program(spotify: &Spotify) -> Result<(), tonearm::Error> { spotify.get_me().send().map(drop) }
//! let path = Path::new("tests/recordings/evening.json");
//! if !path.exists() {
//!     let recorder = Recorder::new(path);
//!     let spotify = Spotify::builder().app(App::new("client-id")).recorder(&recorder).build()?;
//!     program(&spotify)?;
//!     recorder.save()?;
//! }
//! let server = Server::replay(path)?;
//! program(&server.client()?)?;
//! assert_eq!(server.unused_recordings(), [""; 0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Users, playlists and devices have stand-ins for their ids in the file: a program that knows ids by heart asks for
//! `user-1` or `playlist00000000000001` in such a test, or the recorder is told to [keep](Recorder::keep) them.
//!
//! # The player
//!
//! The player has three devices, of which none is active to begin with, and one has no id. It has no
//! clock: what plays goes on until it is skipped, or until a `seek` behind its end.
//!
//! ```
//! use tonearm::{Error, fake};
//!
//! let server = fake::Server::start()?;
//! let spotify = server.client()?;
//! let tracks = server.catalog().tracks();
//!
//! let refused = spotify.start_playback().uris(&tracks[..3]).send();
//! assert!(matches!(refused, Err(Error::NotFound(_))), "no device is active");
//!
//! let device = spotify.get_devices().send()?.into_iter().find_map(|device| device.id);
//! spotify.start_playback().uris(&tracks[..3]).device_id(device.as_deref().unwrap_or_default()).send()?;
//! spotify.skip_to_next().send()?;
//! let playback = spotify.get_playback().send()?.expect("something plays");
//! assert_eq!(playback.item.expect("a track").id(), Some(tracks[1].as_str()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Logging in
//!
//! It plays the accounts service too: the page on which a person consents, codes that work once, PKCE, tokens that end,
//! are renewed, replaced and revoked, and times when it is out of order.
//!
//! ```
//! # #[cfg(feature = "login")] {
//! use tonearm::{Scope, Spotify, fake};
//!
//! let server = fake::Server::start()?;
//! server.rotate_refresh_tokens(true);
//! let (app, browser) = (server.app(), server.browser());
//! app.login([Scope::UserReadEmail])?.browser(move |url| browser.approve_and_redirect(url).map(drop)).run()?;
//! let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build()?;
//!
//! server.expire_access_tokens();
//! server.fail_token_requests(1);
//! assert!(spotify.get_me().send().is_err(), "no token to be had");
//! assert!(spotify.get_me().send().is_ok(), "and nothing is lost");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
pub(crate) mod api;
mod catalog;
pub(crate) mod faults;
mod http;
mod lock;
pub(crate) mod record;
mod server;
pub(crate) mod state;

pub use accounts::browser::Browser;
pub use catalog::Catalog;
pub use faults::fail_all::Failure;
pub use faults::fault::{Fault, Reply, TruncateAt};
pub use faults::script::Script;
pub use record::recorder::Recorder;
pub use server::Server;
pub use server::builder::ServerBuilder;
pub use server::log::{Log, ReceivedRequest};
