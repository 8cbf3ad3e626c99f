//! Which endpoints an app may call, as a client is told or finds out.

use std::borrow::Cow;
use std::sync::{OnceLock, PoisonError, RwLock};

use crate::endpoint::{Endpoint, Fallback};
use crate::types::enums::{ApiEnum, api_enum};

/// What a client does about the endpoints that Spotify closes to apps in development mode.
///
/// Since February 2026 that is half of the Web API, and what every new app is. Most of it can be said
/// another way, and the calls of this crate say it: `save_albums` becomes `PUT /me/library` with URIs,
/// `get_tracks` becomes a request for each track, several at a time. Arguments and answers are the same.
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
/// What another form cannot say is refused, never left out: [`Error::EndpointUnavailable`] names it. So it is with
/// the time of a saved track and with a private follow. Where there is no other form,
/// [`Error::EndpointUnavailable`] says since when and what Spotify offers.
///
/// It prints and is read as `auto`, `extended` and `development`, so that a program can have it in its settings.
///
/// [`endpoint::availability`] has a table of all endpoints: who may call each, and what an app in
/// development mode gets.
///
/// [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
/// [`endpoint::availability`]: crate::endpoint::availability
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuotaMode {
    /// Finds out: sends the documented request, and when Spotify says that it is closed to this app, the
    /// other form.
    ///
    /// Once the other form was answered with success, it is taken at once for all calls with the same
    /// one, by all clones of the client. So this costs one refused request for each form that a program
    /// uses, and those that were on their way meanwhile.
    #[default]
    Auto,
    /// Always the documented request: for apps in extended quota mode.
    Extended,
    /// Always the other form; a call that has none is refused before anything is sent.
    Development,
}

impl ApiEnum for QuotaMode {
    const VALUES: &'static [(&'static str, Self)] = &[
        ("auto", QuotaMode::Auto),
        ("extended", QuotaMode::Extended),
        ("development", QuotaMode::Development),
    ];
}

api_enum!(QuotaMode);

/// What the clones of a client have found out about their app and its user.
#[derive(Debug, Default)]
pub(crate) struct AppMode {
    /// The fallback endpoints that have succeeded in place of others.
    fallbacks: RwLock<Vec<Cow<'static, str>>>,
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

    /// The id of the user of the token, if it is known.
    pub(crate) fn user(&self) -> Option<&str> {
        self.user.get().map(|user| &**user)
    }

    pub(crate) fn set_user(&self, user: Box<str>) -> &str {
        self.user.get_or_init(|| user)
    }
}
