//! The quota mode of an app, and what a client has found out about it.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use crate::endpoint::{Endpoint, Fallback};
use crate::types::enums::api_enum;

api_enum! {
    /// The [quota mode](https://developer.spotify.com/documentation/web-api/concepts/quota-modes) of an app.
    ///
    /// Since February 2026, apps in development mode, as every new app is, may not call about half of the endpoints.
    /// Many of these have a fallback, which the client sends in their place: `save_albums` becomes `PUT /me/library`,
    /// `get_tracks` becomes one request for each track, several at a time. Arguments and results are the same.
    ///
    /// ```
    /// use tonearm::{QuotaMode, Spotify};
    ///
    /// let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development).build()?;
    /// let request = spotify.save_albums(["382ObEPsp2rxGrnsizN5TX"]).request()?;
    /// assert_eq!(
    ///     request.to_string(),
    ///     "PUT /v1/me/library\n    uris = spotify:album:382ObEPsp2rxGrnsizN5TX",
    /// );
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    ///
    /// An argument that the fallback cannot express, such as the time of a saved track or a private follow, is an error:
    /// [`Error::EndpointUnavailable`] names it. The same error of an endpoint without a fallback says since when it is
    /// closed and what Spotify offers in its place.
    ///
    /// Printed and parsed as `auto`, `extended` and `development`. [`endpoint::availability`] has a table of all
    /// endpoints: which apps may call each, and what an app in development mode gets.
    ///
    /// [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
    /// [`endpoint::availability`]: crate::endpoint::availability
    #[derive(Default)]
    QuotaMode {
        /// Sends the endpoint's own request, and its fallback if Spotify says that the endpoint is not available to the
        /// app.
        ///
        /// Once a fallback has succeeded, all clones of the client send it at once for all calls that have the same one.
        /// So each fallback costs a program one refused request, and those that were on their way meanwhile.
        ///
        /// Pagination starts with the largest pages of an app in extended quota mode. If Spotify rejects that size and
        /// accepts the smaller one of development mode, all clones start with the smaller size from then on, for every
        /// endpoint that has one.
        #[default]
        Auto = "auto",
        /// Always the endpoint's own request: for apps in extended quota mode.
        Extended = "extended",
        /// Always the fallback; a call without one is an error before anything is sent. So is a number above the
        /// maximum of development mode, and pagination starts with pages of that size.
        Development = "development",
    }
}

/// What the clones of a client have found out about their app and its user.
#[derive(Debug, Default)]
pub(crate) struct AppMode {
    /// The fallback endpoints that have succeeded in place of others.
    fallbacks: RwLock<Vec<Cow<'static, str>>>,
    /// Whether Spotify rejected a page size and accepted the same request with the one of development mode.
    pages_are_small: AtomicBool,
    /// The id of the user of the token.
    user: OnceLock<Box<str>>,
}

impl AppMode {
    /// Whether the endpoints with this fallback endpoint are known not to be available to this app.
    pub(crate) fn is_restricted(&self, fallback: &Fallback) -> bool {
        let fallbacks = self.fallbacks.read().unwrap_or_else(PoisonError::into_inner);
        fallbacks.contains(&fallback.endpoint.name)
    }

    /// Remembers that a fallback endpoint has succeeded in place of another one.
    pub(crate) fn set_restricted(&self, fallback: &Fallback, original: &Endpoint) {
        if self.is_restricted(fallback) {
            return;
        }
        let endpoint = fallback.endpoint;
        let mut fallbacks = self.fallbacks.write().unwrap_or_else(PoisonError::into_inner);
        if !fallbacks.contains(&endpoint.name) {
            log::info!(
                "{}: not available to this app; using `{} {}` from now on",
                original.name,
                endpoint.method,
                endpoint.path
            );
            fallbacks.push(endpoint.name.clone());
        }
    }

    /// Whether this app is known to get no more than the page sizes of development mode.
    pub(crate) fn are_pages_small(&self) -> bool {
        self.pages_are_small.load(Ordering::Relaxed)
    }

    /// Remembers that Spotify rejected a page size and accepted the same request with the one of development mode.
    /// The page size is the only difference between the two requests, so this proves the mode: for all endpoints,
    /// because it belongs to the app. The rejection alone does not.
    pub(crate) fn set_pages_small(&self) {
        self.pages_are_small.store(true, Ordering::Relaxed);
    }

    /// The id of the user of the token, if it is known.
    pub(crate) fn user(&self) -> Option<&str> {
        self.user.get().map(|user| &**user)
    }

    pub(crate) fn set_user(&self, user: Box<str>) -> &str {
        self.user.get_or_init(|| user)
    }
}
