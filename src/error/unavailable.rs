//! Endpoints that Spotify does not offer to this app.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::ApiError;
use crate::endpoint::{Availability, Endpoint};

/// An endpoint that is closed to this app, with no other way to say the call.
///
/// ```
/// use tonearm::{Error, QuotaMode, Spotify};
///
/// let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development).build()?;
/// let Err(Error::EndpointUnavailable(error)) = spotify.get_markets().send() else { unreachable!() };
/// println!("not available since {}: {:?}", error.since, error.replacement);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EndpointUnavailable {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// Since when, as year, month and day.
    pub since: &'static str,
    /// What Spotify offers in its place, if anything.
    pub replacement: Option<&'static str>,
    /// The call that stands in for it in an app in development mode, if there is one: `save_items`.
    pub fallback: Option<Cow<'static, str>>,
    /// What this call says and the other cannot: `added_at`. Without it the call would work.
    pub unsupported_option: Option<Cow<'static, str>>,
    /// What Spotify said; none if nothing was sent.
    pub api_error: Option<ApiError>,
    /// Whether the form is for the user of the token alone.
    is_owner_only: bool,
    availability: Availability,
}

impl EndpointUnavailable {
    pub(crate) fn new(
        endpoint: &Endpoint,
        unsupported_option: Option<Cow<'static, str>>,
        api_error: Option<ApiError>,
    ) -> Self {
        let owner =
            endpoint.fallback.and_then(|fallback| endpoint.params.get(fallback.owner_only?.param));
        EndpointUnavailable {
            endpoint: endpoint.name.clone(),
            since: endpoint.availability.since().unwrap_or_default(),
            replacement: endpoint.replacement,
            fallback: endpoint.fallback.map(|fallback| fallback.endpoint.name.clone()),
            is_owner_only: owner
                .is_some_and(|owner| Some(&owner.name) == unsupported_option.as_ref()),
            unsupported_option,
            api_error,
            availability: endpoint.availability,
        }
    }
}

impl Display for EndpointUnavailable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let EndpointUnavailable { endpoint, since, .. } = self;
        match self.availability {
            Availability::Legacy => write!(
                f,
                "{endpoint}: closed since {since} to all apps but those that had extended access before"
            )?,
            _ => write!(f, "{endpoint}: closed to apps in development mode since {since}")?,
        }
        match (&self.fallback, &self.unsupported_option, self.replacement) {
            (Some(form), Some(param), _) if self.is_owner_only => write!(
                f,
                "; `{form}`, which stands in for it, is about the user of the token, and `{param}` is somebody else"
            )?,
            (Some(form), Some(param), _) => write!(
                f,
                "; `{form}`, which stands in for it, takes no `{param}`: leave it out, and the call works"
            )?,
            (Some(form), None, _) => {
                write!(f, "; `QuotaMode::Auto` would call `{form}` in its place")?
            }
            (None, _, Some(replacement)) => write!(f, "; Spotify offers {replacement}")?,
            (None, _, None) => f.write_str("; Spotify offers nothing in its place")?,
        }
        match &self.api_error {
            Some(error) => {
                f.write_str("; ")?;
                error.write_reported(f)
            }
            None => f.write_str("; nothing was sent"),
        }
    }
}

impl std::error::Error for EndpointUnavailable {}
