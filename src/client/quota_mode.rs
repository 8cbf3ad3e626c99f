//! The quota mode of an app, and its detection.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use crate::endpoint::{Endpoint, Fallback};
use crate::types::enums::api_enum;
use crate::types::id::UserId;

api_enum! {
    /// The [quota mode](https://developer.spotify.com/documentation/web-api/concepts/quota-modes) of an app.
    ///
    /// Every new app is in development mode. Since February 2026, about half of the endpoints are not available to such
    /// apps. Many of these endpoints have a fallback, which the client sends instead: `save_albums` becomes
    /// `PUT /me/library`, and `get_tracks` becomes concurrent requests, one for each track. Arguments and results stay the
    /// same.
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
    /// An argument that the fallback doesn't support, such as the time of a saved track or a private follow, is an error:
    /// [`Error::EndpointUnavailable`] names it. For an endpoint without a fallback, the error contains the date since which
    /// it is unavailable, and Spotify's replacement.
    ///
    /// The values print and parse as `auto`, `extended` and `development`. [`endpoint::availability`] lists the apps to
    /// which each endpoint is available, and its fallback.
    ///
    /// [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
    /// [`endpoint::availability`]: crate::endpoint::availability
    #[derive(Default)]
    QuotaMode {
        /// Sends the endpoint's own request, and then its fallback if the response shows that the endpoint is not available
        /// to the app.
        ///
        /// Once a fallback has succeeded, all clones of the client send it immediately, for every call with the same
        /// fallback endpoint. So each fallback endpoint costs one rejected request, and those sent concurrently with it.
        ///
        /// Pagination starts with the largest pages of an app in extended quota mode. If Spotify rejects that size and
        /// accepts the smaller one of development mode, all clones start with the smaller size from then on, for every
        /// endpoint that has one.
        #[default]
        Auto = "auto",
        /// Always sends the endpoint's own request. For apps in extended quota mode.
        Extended = "extended",
        /// Always sends the fallback. A call without one, or with a number above the maximum of development mode, fails
        /// before anything is sent. Pagination starts with pages of that size.
        Development = "development",
    }
}

/// The state that a client and its clones have learned about the app and its user.
#[derive(Debug, Default)]
pub(crate) struct AppMode {
    /// The names of the fallback endpoints that have succeeded.
    fallbacks: RwLock<Vec<Cow<'static, str>>>,
    /// `true` if Spotify rejected a page size and accepted the same request with the one of development mode.
    pages_are_small: AtomicBool,
    /// The id of the user of the token.
    user: OnceLock<UserId>,
}

impl AppMode {
    /// Returns whether the endpoints with this fallback endpoint are known to be unavailable to this app.
    pub(crate) fn is_restricted(&self, fallback: &Fallback) -> bool {
        let fallbacks = self.fallbacks.read().unwrap_or_else(PoisonError::into_inner);
        fallbacks.contains(&fallback.endpoint.name)
    }

    /// Records that a fallback endpoint has succeeded.
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

    /// Returns `true` if this app is known to get no more than the page sizes of development mode.
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
        self.user.get().map(UserId::as_str)
    }

    pub(crate) fn set_user(&self, user: UserId) -> &str {
        self.user.get_or_init(|| user).as_str()
    }
}
