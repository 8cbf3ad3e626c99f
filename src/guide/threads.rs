//! Threads and speed.
//!
//! # One client for all threads
//!
//! [`Spotify`] is `Clone`, `Send` and `Sync`. A clone costs a counter; clones share connections, the token, and what
//! they have found out about limits and the app. Make one client, and clone or borrow it:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let (tracks, shows) = std::thread::scope(|scope| {
//!     let tracks = scope.spawn(|| spotify.get_my_saved_tracks().collect_all());
//!     let shows = scope.spawn(|| spotify.get_my_saved_shows().collect_all());
//!     (tracks.join().expect("no panic"), shows.join().expect("no panic"))
//! });
//! println!("{} tracks, {} shows", tracks?.len(), shows?.len());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Two clients with one token share nothing, and each would run into Spotify's limit by itself.
//!
//! # Several requests at once
//!
//! A call that needs several requests reads with as many as [`SpotifyBuilder::connections`] says, four unless set
//! otherwise: the pages of `collect_all`, and what is asked about many ids. Results keep their order. Writes go one after
//! the other, so that it can be said what is done and what is not. The threads for this end with the call.
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! let spotify = server.client_builder().connections(8).build()?;
//! let tracks = spotify.get_my_saved_tracks().collect_all()?;          // seven pages of 50
//! # assert_eq!((tracks.len(), server.requests().len()), (320, 7));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! More connections are faster until Spotify says 429: it counts the requests of the app in any 30 seconds, however they
//! come. With [`SpotifyBuilder::requests_per_30_seconds`] a client keeps below that by itself.
//!
//! # Reading ahead
//!
//! A program that works on each page for a while can have the next ones read meanwhile. Memory stays bounded, which that
//! of `collect_all` is not:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let mut minutes = 0;
//! for saved in spotify.get_my_saved_tracks().items().prefetch(2) {
//!     minutes += saved?.track.duration_ms / 60_000;
//! }
//! # assert!(minutes > 0);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What makes it fast
//!
//! | do | because |
//! | --- | --- |
//! | keep one client | connections stay open, so that TLS is agreed on once; [`max_idle_connections`] says how many are kept |
//! | ask for many ids in one call | `get_tracks(&ids)` is one request for 50 |
//! | leave `limit` alone in walks | they take the largest pages |
//! | give `fields` to `get_playlist` and its items | what is not sent is neither loaded nor read |
//! | build with `--release` | decoding is most of what the client does |
//!
//! # Time
//!
//! A call ends within [`call_timeout`], with all its requests, waits and tries: 60 seconds unless set otherwise. In a
//! walk each page has that for itself.
//!
//! [`Spotify`]: crate::Spotify
//! [`SpotifyBuilder::connections`]: crate::SpotifyBuilder::connections
//! [`SpotifyBuilder::requests_per_30_seconds`]: crate::SpotifyBuilder::requests_per_30_seconds
//! [`max_idle_connections`]: crate::SpotifyBuilder::max_idle_connections
//! [`call_timeout`]: crate::SpotifyBuilder::call_timeout
