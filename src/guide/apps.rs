//! Both kinds of app: development mode and extended quota mode.
//!
//! # Which kind an app is
//!
//! Every new app is in *development mode*. Spotify gives *extended quota mode* on request, to organizations only. Since
//! February 2026 half of the Web API answers development-mode apps with `403 Forbidden`, and some of the rest leaves
//! members out of its answers. Some calls have been closed to all but old apps since November 2024.
//!
//! # What a client makes of it
//!
//! Most of what is closed can be said another way, and the client says it: the call, its arguments and its answer stay
//! the same. There is nothing to set. By default, [`QuotaMode::Auto`], a client sends what Spotify documents; when
//! Spotify says that this is closed to the app, it sends the other form, and remembers, once that form has succeeded.
//! This costs one refused request for each form that a program uses.
//!
//! ```
//! # #[cfg(feature = "fake")] {
//! # let server = tonearm::fake::Server::builder().quota_mode(tonearm::QuotaMode::Development).start()?;
//! # let spotify = server.client()?;
//! let albums = &server.catalog().albums()[..2];
//! spotify.save_albums(albums).send()?;
//! spotify.save_albums(albums).send()?;
//!
//! let sent: Vec<_> = server.requests().iter().map(|request| (request.path.clone(), request.status)).collect();
//! assert_eq!(sent[0], ("/v1/me/albums".to_owned(), 403));             // as documented: closed
//! assert_eq!(sent[1], ("/v1/me/library".to_owned(), 200));            // the other form
//! assert_eq!(sent[2], ("/v1/me/library".to_owned(), 200));            // from here on at once
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | calls | in an app in development mode |
//! | --- | --- |
//! | save, remove, check: albums, audiobooks, episodes, shows, tracks | `/me/library` with URIs, 40 a request |
//! | follow, unfollow, check: artists, users, playlists | `/me/library` with URIs |
//! | many at once: `get_albums`, `get_tracks` … | one request for each, several at a time; `None` for unknown ids |
//! | `…_playlist_tracks` | `/playlists/{playlist_id}/items` |
//! | `get_user`, `get_user_playlists`, `create_playlist_for_user` | `/me…`, for the user of the token |
//! | others, such as audio features and recommendations | [`Error::EndpointUnavailable`]: since when, and what Spotify offers |
//!
//! [`endpoint::availability`] has all calls in one table, and each call says it of itself.
//!
//! # What cannot be said
//!
//! What the other form has no word for is refused, never dropped: the time of a saved track, a private follow.
//! [`Error::EndpointUnavailable`] names it:
//!
//! ```
//! use tonearm::{Error, QuotaMode, Spotify};
//!
//! let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development).build()?;
//! let error = spotify.save_tracks([("4iV5W9uYEdYUVa79Axb7Rh", "2010-01-01T00:00:00Z")]).send().unwrap_err();
//! assert!(matches!(error, Error::EndpointUnavailable(closed) if closed.unsupported_option.as_deref() == Some("added_at")));
//! # Ok::<(), Error>(())
//! ```
//!
//! # What is left out of answers
//!
//! Members that Spotify leaves out for apps in development mode, such as `popularity` and `available_markets`, are
//! `Option`s or empty. A playlist of somebody else comes without its items, and reading or changing them is
//! [`Error::NotPlaylistOwner`]. Pages may be smaller: a walk finds out and goes on with what the app may have.
//!
//! # Other refusals
//!
//! | error | what to do |
//! | --- | --- |
//! | [`Error::UserNotRegistered`] | an app in development mode is for five users: add this one in the dashboard, under User Management |
//! | [`Error::OwnerWithoutPremium`] | the owner of the app needs a Premium subscription, which counts some hours after it begins |
//! | [`Error::RateLimited`] with [`RateLimitKind::Quota`] | the quota of one endpoint is used up, which may last a day |
//!
//! # Saying it yourself
//!
//! A program that knows its app can pin it with [`SpotifyBuilder::quota_mode`]. [`QuotaMode::Extended`] never sends the
//! other form, [`QuotaMode::Development`] sends it at once, and refuses calls that have none before anything is sent.
//!
//! [`QuotaMode::Auto`]: crate::QuotaMode::Auto
//! [`QuotaMode::Extended`]: crate::QuotaMode::Extended
//! [`QuotaMode::Development`]: crate::QuotaMode::Development
//! [`SpotifyBuilder::quota_mode`]: crate::SpotifyBuilder::quota_mode
//! [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
//! [`Error::NotPlaylistOwner`]: crate::Error::NotPlaylistOwner
//! [`Error::UserNotRegistered`]: crate::Error::UserNotRegistered
//! [`Error::OwnerWithoutPremium`]: crate::Error::OwnerWithoutPremium
//! [`Error::RateLimited`]: crate::Error::RateLimited
//! [`RateLimitKind::Quota`]: crate::RateLimitKind::Quota
//! [`endpoint::availability`]: crate::endpoint::availability
