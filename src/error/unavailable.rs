//! Endpoints that Spotify does not offer to this app.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::ApiError;
use crate::endpoint::{Availability, Endpoint};
use crate::types::timestamp::Date;

/// An endpoint that is not available to this app, without a fallback endpoint that supports the call.
///
/// ```
/// use tonearm::{Error, QuotaMode, Spotify};
///
/// let builder = Spotify::builder().token("token").quota_mode(QuotaMode::Development);
/// let result = builder.build()?.get_markets().send();
/// let Err(Error::EndpointUnavailable(error)) = result else { unreachable!() };
/// assert_eq!(error.since, Some("2026-02-11".parse()?));
/// println!("Spotify's replacement: {:?}", error.replacement);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EndpointUnavailable {
    /// The call: `save_tracks`.
    pub call: Cow<'static, str>,
    /// The date since which it is not available, from [`Availability::since`]: `2026-02-11`.
    pub since: Option<Date>,
    /// The replacement that Spotify offers, if any.
    pub replacement: Option<&'static str>,
    /// The fallback endpoint for apps in development mode, if there is one: `save_items`.
    pub fallback: Option<Cow<'static, str>>,
    /// The option that the fallback endpoint does not support: `added_at`. Without it the call works.
    pub unsupported_option: Option<Cow<'static, str>>,
    /// Spotify's error; `None` if nothing was sent.
    pub api_error: Option<ApiError>,
    /// `true` if the fallback endpoint works only for the user of the token.
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
            call: endpoint.name.clone(),
            since: endpoint.availability.since(),
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
        let (problem, preposition) = match self.availability {
            Availability::Legacy => ("available only to apps that had extended access", "before"),
            _ => ("not available to apps in development mode", "since"),
        };
        write!(f, "{}: {problem}", self.call)?;
        if let Some(date) = self.since {
            write!(f, " {preposition} {date}")?;
        }
        match (&self.fallback, &self.unsupported_option, self.replacement) {
            (Some(fallback), Some(param), _) if self.is_owner_only => write!(
                f,
                "; the fallback endpoint `{fallback}` works only for the user of the token, and `{param}` is another user"
            )?,
            (Some(fallback), Some(param), _) => write!(
                f,
                "; the fallback endpoint `{fallback}` does not support `{param}`: leave it out"
            )?,
            (Some(fallback), None, _) => {
                write!(f, "; use `QuotaMode::Auto` for the fallback endpoint `{fallback}`")?;
            }
            (None, _, Some(replacement)) => write!(f, "; Spotify's replacement is {replacement}")?,
            (None, _, None) => f.write_str("; Spotify offers no replacement")?,
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
