//! The scopes that a login requests.

use super::Endpoint;
use crate::types::scope::Scopes;

impl Scopes {
    /// What a login asks for so that these endpoints can be called: the scopes that they require, and
    /// where there is a choice, or a scope is needed only in some cases, those that its entry recommends.
    ///
    /// What is recommended covers the usual call: tracks and albums for
    /// [`save_items`](crate::Spotify::save_items), a public playlist for
    /// [`create_playlist`](crate::Spotify::create_playlist), public and private playlists where only
    /// Spotify knows which it is. Add the others that your program needs. Scopes that only add fields
    /// to a response are not in it: see [`EndpointScopes`](crate::endpoint::EndpointScopes).
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
    /// A call that does not exist does not compile:
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
