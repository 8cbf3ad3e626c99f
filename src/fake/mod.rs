//! A local fake Spotify server for tests of your program. Requires the feature `fake`.
//!
//! [`guide::testing`](crate::guide::testing) explains the first steps. This page describes the server. The details are
//! documented here:
//!
//! | for | see |
//! | --- | --- |
//! | a server, its client, its tokens | [`Server`], [`ServerBuilder`] |
//! | ids for your tests | [`Catalog`], [`Server::library`] |
//! | a user without any data, a second user | [`Server::reset_to_new_user`], [`Server::add_user`] |
//! | a library of your own | [`ServerBuilder::library`], [`Library::empty`] |
//! | another object, also in the lists of its artist or album; a local file; other devices | [`Server::add_object`], [`Server::add_playlist_item`], [`Server::set_devices`] |
//! | an app in development mode, or without access to legacy endpoints | [`ServerBuilder::quota_mode`], [`ServerBuilder::legacy_access`] |
//! | a known port, token or client id | [`ServerBuilder`] |
//! | an advertisement, a local file or nothing in the player | [`Server::set_playback`] |
//! | playback that moves | [`ServerBuilder::clock`], [`Server::advance_playback`] |
//! | rate limits, server errors, broken connections | [`Server::script`], [`Server::inject_randomly`], [`Fault`], [`ServerBuilder::rate_limit`] |
//! | an app or a user that Spotify rejects, a user without Premium | [`Server::fail_all`] |
//! | the requests of the program | [`Server::log`], [`Server::requests`] |
//! | logins, and tokens that expire | [`Server::app`], [`Browser`] |
//! | responses of the real Spotify | [`Recorder`], [`Server::replay`] |
//! | programs in other languages | [the command](#the-command), [the admin API](#the-admin-api) |
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
//! Also like Spotify, it lists saved items newest first, with times to the minute; saves, follows and adds ids that
//! are not in its catalog without an error, though their objects are 404; leaves private playlists out of lists if the token lacks their scope; and ignores `snapshot_id` in a change.
//! A playlist has at most 10,000 items, a user creates at most 11,000 playlists, and the queue of the player has at most
//! 10,000 items, which is a limit of this server only; more is a 403.
//! The user's country is `GB`, and overrides `market`, as on Spotify. With a client credentials token, `market` applies. One
//! album in thirteen cannot be played in `GB`. For one of these albums, the server relinks tracks: it returns the playable
//! tracks of another edition. Some playlists contain an episode, a local file or a removed item. The last show has 320
//! episodes, and the last playlist 3,000 items.
//!
//! Links and addresses of images lead back to the server, under the name in the `Host` header of the request. That of an
//! uploaded cover returns its bytes, and all others a picture of one pixel.
//!
//! The player has three devices. At first none is active, and one has no id. A command with a `device_id` makes this device
//! the active one, except that the volume of any device can be set. An unknown id is a 404. Playback doesn't advance with time: a track
//! plays until the program skips it or seeks past its end, or the test calls [`Server::advance_playback`].
//! [`Clock::Real`] lets it advance. The player skips local files in playlists, and plays `spotify:user:<id>:collection`, the
//! saved tracks of the user. The history of plays and the library end on 30 June 2024: only what the program itself plays or
//! saves is newer, with the current time. So `get_recently_played` with an `after` of last week returns nothing at first.
//!
//! # Logging in
//!
//! The server also has an accounts service, with a consent page, single-use codes and PKCE. Its tokens expire, and can be
//! refreshed, rotated and revoked. The service itself can fail too.
//!
//! # The command
//!
//! `cargo install tonearm --features fake-server` installs the command `fake-spotify`, which runs the server for programs in
//! any language:
//!
//! ```sh
//! fake-spotify --port 8080 --token my-token
//! ```
//!
//! It has an option for each method of [`ServerBuilder`] that programs need, and `--help` lists them. It prints
//! [`Server::info`], one line of JSON, and then nothing more, except with `--verbose`. It stops on SIGTERM, on Ctrl-C, and
//! with `--stop-with-stdin` at the end of standard input. An invalid option or a port in use is one sentence on standard
//! error, and the exit code 2. If standard output is closed before that line, the exit code is 141, as after SIGPIPE.
//!
//! # The admin API
//!
//! Every server has an API at `/_fake/` with all operations of [`Server`]. `GET /_fake/` lists them:
//!
//! ```sh
//! curl localhost:8080/_fake/script \
//!     -d '{"path": "/me/tracks", "steps": [{"status": 503}, "normal"]}'
//! curl localhost:8080/_fake/log.txt
//! curl -X POST localhost:8080/_fake/reset
//! ```
//!
//! Bodies and responses are JSON, except that of `log.txt`. An invalid request is a 400 with a sentence in `error`. A step
//! of a script is `"normal"` or a [`Fault`]: its name, such as `"quota_exceeded"` or `"reset_after_processing"`, or an
//! object with its name and its arguments, such as `{"rate_limited": {"retry_after": 3}}`,
//! `{"truncate_after_processing": "body"}` or
//! `{"respond_before_processing": {"status": 200, "headers": {}, "body": {"id": "me"}}}`.
//! `{"repeat": {"times": 3, "step": {"status": 503}}}` is a step for three requests; all scripts together plan at most
//! 1,000,000. The [guide](crate::guide::testing#from-other-languages) lists all steps. Faults and rate limits do not apply
//! to the admin API, and the log omits its requests.
//!
//! It responds only to clients on the same machine. The host in the URL of a request must be `localhost`, a name that ends
//! with `.localhost`, or a loopback address, and so must be the host of the web page that sends it, if one does. Otherwise
//! it returns 403, so no page on the internet can read the tokens or change the server.
//!
//! # The HTTP server
//!
//! The server accepts what HTTP clients and proxies send: HEAD, OPTIONS, chunked bodies, absolute targets. As Spotify does, it
//! allows web pages of every origin to read its responses, except those of the [admin API](#the-admin-api). It limits the
//! number of [connections](ServerBuilder::max_connections), the [time](ServerBuilder::read_timeout) that it waits for a
//! request, and the size of the [log](ServerBuilder::log_capacity). If it panics, it responds with 500, or closes the
//! connection if the response has begun, and the log [reports](ReceivedRequest::panicked) it. It then serves further requests.
//!
//! # Recordings
//!
//! A [`Recorder`] writes the responses of the real Spotify to a file, without tokens and personal data.
//! [`Server::replay`] responds from that file. The recorder replaces the ids of users, playlists and devices by
//! `user-1`, `playlist00000000000001` and so on. A test that requests an id must use the replacement, or the recorder must
//! [keep](Recorder::keep) the id.

mod accounts;
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
