//! Limits and errors: what the client mends by itself, and what is left to the program.
//!
//! # What a program does about errors
//!
//! [`Error`] has one variant for each thing that a program would do differently; [its table](crate::Error) says what. Most
//! programs need three or four:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::Error;
//!
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! # let track_ids = server.catalog().tracks();
//! match spotify.save_tracks(&track_ids).send() {
//!     Ok(()) => println!("saved"),
//!     Err(Error::PartialWrite(stopped)) => println!("saved: {}", stopped.completed.len()),
//!     Err(Error::RateLimited(limited)) => println!("go on at {}", limited.until),
//!     Err(Error::LoginRequired(why)) => println!("log in again: {why}"),
//!     Err(error) if error.is_retryable() => println!("later, perhaps: {error}"),
//!     Err(error) => return Err(error.into()),
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A message says what was expected, what was found and what to do, and begins with the call. No message, and no
//! `Debug`, holds a token or a secret.
//!
//! A 403 has five meanings, of which only Spotify's words tell, and each is a variant: [`Error::EndpointUnavailable`],
//! [`Error::InsufficientScope`], [`Error::UserNotRegistered`], [`Error::OwnerWithoutPremium`] and
//! [`Error::NotPlaylistOwner`]. [`Error::Forbidden`] is what is left.
//!
//! # Bad arguments
//!
//! Arguments and setters never fail. A value that breaks a rule comes out of `.send()`, before anything is sent:
//!
//! ```
//! # let spotify = tonearm::Spotify::from_token("token")?;
//! let error = spotify.get_album("spotify:artist:0TnOYISbd1XYRBk9myaseg").send().unwrap_err();
//! assert!(matches!(&error, tonearm::Error::InvalidArgument(why) if why.param == "album_id"));
//! # Ok::<(), tonearm::Error>(())
//! ```
//!
//! # Limits
//!
//! Spotify counts the requests of an app in any 30 seconds, and answers 429 when there are too many. A 429 is waited out
//! if its `Retry-After` fits into the time for the call, [`call_timeout`]: 60 seconds unless set otherwise. If it does
//! not, [`Error::RateLimited`] comes at once, with the moment from which on it may go on, and the [`RateLimitKind`]: the rate of
//! the app, which is over soon, or the quota of one endpoint, which may last a day.
//!
//! The client remembers. Until that moment the next call fails without a request, from whichever clone or thread,
//! because asking on makes a block longer:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # use tonearm::fake::Fault;
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! server.script("/me/tracks").then(Fault::RateLimited { retry_after: 3600 });
//!
//! let error = spotify.get_my_saved_tracks().send().unwrap_err();
//! assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(3600));
//! assert!(spotify.get_my_saved_albums().send().is_err());
//! assert_eq!(server.requests().len(), 1);             // the second call was not sent
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A job that runs long can stay below the limit by itself: [`requests_per_30_seconds`].
//!
//! # Faults
//!
//! Lost connections, 500, 502, 503 and 504 are tried again, up to three times ([`retries`]), after waits at random that
//! grow. Only what does no harm is sent twice: reads, and writes that come to the same, as saving does. Skipping to the
//! next track or adding to a playlist is sent again only if it surely did not reach Spotify; otherwise the error says
//! that it [may have happened](crate::Error::may_have_taken_effect), and the program looks:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # use tonearm::fake::Fault;
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! # server.script("/me/player/next").then(Fault::ResetAfterProcessing);
//! if let Err(error) = spotify.skip_to_next().send() {
//!     assert!(error.may_have_taken_effect());
//!     let playback = spotify.get_playback().send()?;          // look before you skip again
//! #   let _ = playback;
//! }
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One deadline, [`call_timeout`], bounds a call with all its requests, waits and tries.
//!
//! # Half a write
//!
//! A write of many ids is several requests, and can stop between them. [`Error::PartialWrite`] says what is done, what is not,
//! and what is unsure because its answer was lost; [`resume`](crate::PartialWrite::resume) sends the rest, with all that was
//! said of it:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::Error;
//!
//! # use tonearm::fake::Fault;
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let track_ids = server.catalog().tracks()[..120].to_vec();           // requests of 50, 50 and 20
//! server.script("/me/tracks").then_normal().then(Fault::Status(400));
//!
//! if let Err(Error::PartialWrite(stopped)) = spotify.save_tracks(&track_ids).send() {
//!     assert_eq!((stopped.completed.len(), stopped.remaining.len()), (50, 70));
//!     stopped.resume(&spotify)?;
//! }
//! # assert_eq!(server.pending_faults(), 0);
//! # assert!(spotify.are_tracks_saved(&track_ids).send()?.into_iter().all(|saved| saved));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A read of many ids that fails is made again as a whole. A walk over pages that fails says where to go on: see
//! [`paging`](super::paging#stopping-and-going-on).
//!
//! # Watching
//!
//! [`observer`](crate::SpotifyBuilder::observer) is told of every attempt, answer and wait, for progress displays and
//! statistics. The [`log`](https://docs.rs/log) facade says the same: requests and tries at `debug`, waits at `info` or,
//! for limits, at `warn`.
//!
//! [`Error`]: crate::Error
//! [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
//! [`Error::InsufficientScope`]: crate::Error::InsufficientScope
//! [`Error::UserNotRegistered`]: crate::Error::UserNotRegistered
//! [`Error::OwnerWithoutPremium`]: crate::Error::OwnerWithoutPremium
//! [`Error::NotPlaylistOwner`]: crate::Error::NotPlaylistOwner
//! [`Error::Forbidden`]: crate::Error::Forbidden
//! [`Error::RateLimited`]: crate::Error::RateLimited
//! [`Error::PartialWrite`]: crate::Error::PartialWrite
//! [`RateLimitKind`]: crate::RateLimitKind
//! [`call_timeout`]: crate::SpotifyBuilder::call_timeout
//! [`retries`]: crate::SpotifyBuilder::retries
//! [`requests_per_30_seconds`]: crate::SpotifyBuilder::requests_per_30_seconds
