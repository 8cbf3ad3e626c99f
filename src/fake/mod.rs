//! A Spotify of its own, for examples and tests: with the feature `fake`.
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
//!
//! // What was sent, as Spotify would have seen it.
//! assert_eq!(
//!     server.requests()[1].to_string(),
//!     format!("DELETE /v1/me/tracks -> 200\n    ids = {last_added}"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
//! let spotify = server.builder().token(token).build()?;
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
//! One that is made by [`Server::development`] answers as Spotify answers an app in development mode,
//! which is what every new app is:
//!
//! - A call whose row in the [table](crate::endpoint) is not [open to all](crate::endpoint::OpenTo) is
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
//! Both can be told to [refuse everything](Server::refuse), as Spotify does when the app or its user is
//! not in order.
//!
//! # Faults
//!
//! What goes wrong in a job that runs all night can be made to go wrong in a test: limits, faults of
//! Spotify's, connections that break before and after a thing was done. A [script](Server::script) says
//! what happens to the next requests of a path; [by chance](Server::faults) something can go wrong with
//! any of them. [`Fault`] has the list.
//!
//! ```
//! use tonearm::fake::{Fault, Half, Server};
//!
//! let server = Server::start()?;
//! let spotify = server.client()?;
//! let track = server.catalog().tracks()[0].clone();
//! server.script("/me/tracks").then(Fault::RateLimited { retry_after: 86_400 }).then(Fault::Cut(Half::Body));
//!
//! let limited = spotify.remove_saved_tracks([&track]).send().unwrap_err();
//! assert_eq!(limited.retry_after().map(|wait| wait.as_secs()), Some(86_400));
//!
//! assert_eq!(
//!     server.requests()[0].to_string(),
//!     format!("DELETE /v1/me/tracks -> 429, RateLimited {{ retry_after: 86400 }}\n    ids = {track}"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
//! app.login([Scope::UserReadEmail])?.browser(move |url| browser.log_in(url).map(drop)).run()?;
//! let spotify = Spotify::builder().app(&app).base_url(server.base_url()).build()?;
//!
//! server.expire_access_tokens();
//! server.accounts_down(1);
//! assert!(spotify.get_me().send().is_err(), "no token to be had");
//! assert!(spotify.get_me().send().is_ok(), "and nothing is lost");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accounts;
mod answers;
mod browser;
mod catalog;
mod check;
mod deck;
mod development;
mod fault;
mod fields;
mod gzip;
mod http;
mod json;
mod library;
mod log;
mod markets;
mod more_objects;
mod names;
mod objects;
mod page;
mod personal;
mod player;
mod playlists;
mod reads;
mod recorder;
mod recording;
mod refusing;
mod replay;
mod route;
mod running;
mod script;
mod server;
mod shelf;
mod strike;
mod things;
mod tree;
mod value;
mod veil;

pub use browser::Browser;
pub use catalog::Catalog;
pub use fault::{Fault, Half, Reply};
pub use log::{Log, SeenRequest};
pub use recorder::Recorder;
pub(crate) use recorder::Tape;
pub use refusing::Refusing;
pub use script::Script;
pub use server::Server;
