//! Paging: long lists, one page or all of them.
//!
//! # One page
//!
//! `.send()` reads one page. `limit` says how many rows it has, `offset` where it begins, counted from 0:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let page = spotify.get_my_saved_tracks().limit(50).offset(100).send()?;
//! println!("{} to {} of {}", page.offset, page.offset as usize + page.items.len(), page.total);
//! # assert_eq!((page.items.len(), page.total), (50, 320));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Lists that Spotify counts come as [`Page`]s. Some, such as followed artists and what was played last, go from one
//! cursor to the next: those are [`CursorPage`]s, and have `after` and `before` in place of `offset`.
//!
//! # All pages
//!
//! | end of the call | what it does |
//! | --- | --- |
//! | `.items()` | an iterator over rows; a page is read when it is needed |
//! | `.pages()` | the same, page by page |
//! | `.collect_all()` | all rows in a list, pages read several at once |
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! for saved in spotify.get_my_saved_tracks().items().take(120) {          // three requests
//!     println!("{}", saved?.track.name);
//! }
//! # assert_eq!(server.requests().len(), 3);
//!
//! let artists = spotify.get_my_followed_artists().collect_all()?;
//! println!("{} artists", artists.len());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A walk asks for the largest pages unless `limit` is set, and begins at `offset` or the cursor if that is set. It ends
//! after the last page, after an empty one, and after the first error. Each page has the whole
//! [`call_timeout`](crate::SpotifyBuilder::call_timeout) for itself. Iterators own all they need: they can be stored,
//! returned, and sent to another thread.
//!
//! `collect_all` reads as many pages at once as there are [`connections`](crate::SpotifyBuilder::connections), and keeps
//! their order. If the list changes meanwhile it is read once more, so that no row is there twice or missing; if it
//! does not stand still, page by page. `.items().prefetch(2)` and `.pages().prefetch(2)` read the next pages while
//! the program works on this one: see [`threads`](super::threads).
//!
//! # Stopping and going on
//!
//! A walk knows where it stands, and the same call goes on from there, another day if need be:
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! use tonearm::Checkpoint;
//!
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client()?;
//! let mut items = spotify.get_my_saved_tracks().items();
//! let first = items.by_ref().take(70).collect::<Result<Vec<_>, _>>()?;
//! let Checkpoint::Offset(offset) = items.checkpoint() else { return Ok(()) };       // of a list that is counted
//!
//! let rest = spotify.get_my_saved_tracks().offset(offset).collect_all()?;
//! assert_eq!(first.len() + rest.len(), 320);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `collect_all` that fails has not read in vain: [`CollectError`] holds the rows before the error, the place, and the error.
//! `?` makes an [`Error`](crate::Error) of it, and gives up the rows.
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # use tonearm::fake::Fault;
//! # let server = tonearm::fake::Server::start()?;
//! # let spotify = server.client_builder().connections(1).build()?;
//! # server.script("/me/tracks").then_normal().then(Fault::RateLimited { retry_after: 3600 });
//! match spotify.get_my_saved_tracks().collect_all() {
//!     Ok(tracks) => println!("all {}", tracks.len()),
//!     Err(stopped) => println!("{} tracks, then {}", stopped.items.len(), stopped.error),
//! }
//! # assert!(spotify.get_my_saved_tracks().send().is_err());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rows that are missing
//!
//! Spotify sends `null` for what is gone, and now and then a row that nobody can read. Neither costs the page:
//! [`Page::missing`] says which it was, why, and what came. Walks pass over them, over unreadable ones with a warning in
//! the log.
//!
//! # Lists without an end
//!
//! The link to the next page is not followed as it is: the walk takes the place from it and makes the request itself. A
//! link that leads to another server, or back, is an error: [`Error::Paging`]. So is a list that `collect_all` finds no
//! end of: it takes 100,000 rows or twice as many as are announced, whichever is more, and at most a million. `.pages()`
//! and `.items()` read on for as long as the program asks, and a server sends rows.
//!
//! [`Page`]: crate::Page
//! [`Page::missing`]: crate::Page::missing
//! [`CursorPage`]: crate::CursorPage
//! [`CollectError`]: crate::CollectError
//! [`Error::Paging`]: crate::Error::Paging
