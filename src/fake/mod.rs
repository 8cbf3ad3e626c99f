//! A local fake Spotify server for tests of your program. Requires the feature `fake`.
//!
//! [`guide::testing`](crate::guide::testing) explains the first steps. This page describes the server. The details are
//! documented here:
//!
//! | for | see |
//! | --- | --- |
//! | a server, its client, its tokens | [`Server`], [`ServerBuilder`] |
//! | ids for your tests | [`Catalog`], [`Server::library`] |
//! | a user without any data | [`Server::reset_to_new_user`] |
//! | a library of your own | [`ServerBuilder::library`] |
//! | an app in development mode | [`ServerBuilder::quota_mode`] |
//! | playback that moves | [`ServerBuilder::clock`], [`Server::advance_playback`] |
//! | rate limits, server errors, broken connections | [`Server::script`], [`Server::inject_randomly`], [`Fault`] |
//! | an app that may not call Spotify at all | [`Server::fail_all`] |
//! | the requests of the program | [`Server::log`], [`Server::requests`] |
//! | logins, and tokens that expire | [`Server::app`], [`Browser`] |
//! | responses of the real Spotify | [`Recorder`], [`Server::replay`] |
//!
//! # The server
//!
//! [`Server::start`] starts an HTTP server that stops when it is dropped. It has a made-up [`Catalog`] and a user with a
//! library of hundreds of items, the same in every run. When a program saves, removes, follows or unfollows something,
//! later responses contain the change:
//!
//! ```
//! use tonearm::fake::Server;
//!
//! let server = Server::start()?;
//! let spotify = server.client()?;
//!
//! let page = spotify.get_my_saved_tracks().limit(50).send()?;
//! assert_eq!((page.items.len(), page.total), (50, Some(320)));
//! let last_added = page.items[0].track.id.clone().expect("an id");
//! spotify.remove_saved_tracks([&last_added]).send()?;
//! assert_eq!(spotify.are_tracks_saved([&last_added]).send()?, [false]);
//! assert_eq!(
//!     server.log().requests()[1].to_string(),
//!     format!("DELETE /v1/me/tracks -> 200\n    ids = {last_added}"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It checks requests against the [table of endpoints](crate::endpoint) and fails as Spotify does: 401 for a bad token, 403
//! for a missing scope, 404 for an unknown path, 400 for a bad value, 411 and 414 for a missing length and a long URL.
//! Also like Spotify, it lists saved items newest first, with times to the minute; accepts ids that are not in its
//! catalog; leaves private playlists out of lists if the token lacks their scope; and ignores `snapshot_id` in a change.
//! One album in thirteen cannot be played in the user's country, which is `GB` for every `market`; for a token of the app
//! alone, the `market` counts. The tracks of one such album are relinked to another edition. Some playlists contain an
//! episode, a local file or a removed item. The last show has 320 episodes, and the last playlist 3,000 items.
//!
//! Links and addresses of images lead back to the server, under the name in the `Host` header of the request.
//!
//! The player has three devices. At first none is active, and one has no id. Playback doesn't advance with time: a track
//! plays until the program skips it or seeks past its end, or the test calls [`Server::advance_playback`].
//! [`Clock::Real`] lets it advance.
//!
//! # Logging in
//!
//! The server also has an accounts service, with a consent page, single-use codes and PKCE. Its tokens expire, and can be
//! refreshed, rotated and revoked. The service itself can fail too.
//!
//! # Recordings
//!
//! A [`Recorder`] writes the responses of the real Spotify to a file, without tokens and personal data.
//! [`Server::replay`] responds from that file. The recorder replaces the ids of users, playlists and devices. If your
//! program uses fixed ids, request `user-1` or `playlist00000000000001` in such a test, or have the recorder
//! [keep](Recorder::keep) the ids.

mod accounts;
mod admin;
pub(crate) mod api;
mod catalog;
pub(crate) mod faults;
mod http;
pub mod library;
mod lock;
pub(crate) mod record;
mod server;
pub(crate) mod state;

pub use accounts::browser::Browser;
pub use catalog::Catalog;
pub use faults::fail_all::Failure;
pub use faults::fault::{Fault, Reply, TruncateAt};
pub use faults::script::Script;
pub use library::Library;
pub use record::recorder::Recorder;
pub use server::NewUser;
pub use server::Server;
pub use server::builder::{PlayerResponses, ServerBuilder};
pub use server::log::{Log, ReceivedRequest};
pub use state::Clock;
