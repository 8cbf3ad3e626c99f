//! Scopes that a token lacks.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::ApiError;
use crate::endpoint::EndpointScopes;
use crate::types::scope::{Scope, Scopes};

/// A call that needs a scope that its token lacks.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InsufficientScope {
    /// The call: `save_tracks`.
    pub call: Cow<'static, str>,
    /// The scopes that the call needs, and those that unlock more of the response.
    pub needed: EndpointScopes,
    /// The scopes that the token has, if they are known.
    pub held: Option<Scopes>,
    /// Spotify's error; `None` if nothing was sent.
    pub api_error: Option<ApiError>,
}

impl Display for InsufficientScope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let EndpointScopes { required, alternative, conditional, unlocks, .. } = &self.needed;
        let quoted = |scope: &Scope| format!("`{scope}`");
        let mut needed: Vec<String> = required.iter().map(quoted).collect();
        if !alternative.is_empty() {
            needed.push(alternative.iter().map(quoted).collect::<Vec<_>>().join(" or "));
        }
        let cases = conditional.iter();
        needed
            .extend(cases.map(|case| {
                format!("{} {}", quoted(&case.scope), case.when.trim_end_matches('.'))
            }));
        let is_held = |scope| self.held.as_ref().is_some_and(|held| held.contains(scope));
        let cases = conditional.iter().map(|case| &case.scope);
        if required.iter().chain(*alternative).chain(cases).all(is_held) {
            // Spotify rejected the call although the token has them, so the call needs a scope that unlocks a part.
            let unlocks = unlocks.iter();
            needed.extend(unlocks.map(|unlocking| {
                format!("{} for {}", quoted(&unlocking.scope), unlocking.adds.trim_end_matches('.'))
            }));
        }
        write!(f, "{}: the token lacks a scope: expected ", self.call)?;
        if needed.is_empty() {
            f.write_str("one that the endpoint table does not contain")?;
        } else {
            f.write_str(&needed.join(", "))?;
        }
        match &self.held {
            Some(held) if held.is_empty() => f.write_str(", found none")?,
            Some(held) => write!(f, ", found `{held}`")?,
            None => {}
        }
        f.write_str("; log in again with this scope; ")?;
        match &self.api_error {
            Some(error) => error.write_reported(f),
            None => f.write_str("nothing was sent"),
        }
    }
}

impl std::error::Error for InsufficientScope {}
