//! The scopes that a login requests.

use super::Endpoint;
use crate::types::scope::Scopes;

impl Scopes {
    /// Returns the scopes that a login should request for these endpoints.
    ///
    /// They are the required scopes, and the [recommended](crate::endpoint::EndpointScopes::recommended) ones of endpoints
    /// whose scopes depend on the call. These cover the usual call: tracks and albums for
    /// [`save_items`](crate::Spotify::save_items), a public playlist for
    /// [`create_playlist`](crate::Spotify::create_playlist), and both public and private playlists if only Spotify knows
    /// whether the playlist is public. Add the others that your program needs. Scopes that only add data to responses,
    /// such as `playlist-read-private` for the user's private playlists, are not included: see
    /// [`EndpointScopes::unlocks`](crate::endpoint::EndpointScopes::unlocks).
    ///
    /// ```
    /// use tonearm::{Scope, Scopes, endpoint};
    ///
    /// let public = Scopes::for_endpoints([&endpoint::CREATE_PLAYLIST]);
    /// assert_eq!(public, Scope::PlaylistModifyPublic.into());
    /// let both = public | Scope::PlaylistModifyPrivate;
    /// # let _ = both;
    /// ```
    ///
    /// The name of an endpoint that doesn't exist fails to compile:
    ///
    /// ```compile_fail
    /// let scopes = tonearm::Scopes::for_endpoints([&tonearm::endpoint::SAVE_TRAKS]);
    /// ```
    pub fn for_endpoints<'a>(endpoints: impl IntoIterator<Item = &'a Endpoint>) -> Self {
        let mut set = Scopes::empty();
        for endpoint in endpoints {
            set.extend(endpoint.scopes.required.iter().cloned());
            set.extend(endpoint.scopes.recommended.iter().cloned());
        }
        set
    }
}
