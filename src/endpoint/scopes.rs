//! Checks whether a token lacks a scope that a request needs.

use std::borrow::Cow;

use super::{ConditionalScope, Endpoint, ParamInfo};
use crate::types::scope::Scopes;

/// The parts of a request that determine its scopes.
pub(crate) trait ScopeContext {
    /// Returns the kinds of the URIs in the request.
    fn uri_kinds(&self) -> Vec<&str>;

    /// Returns the value of a parameter as it is sent, or its default.
    fn param_value<'a>(&'a self, param: &'a ParamInfo) -> Option<Cow<'a, str>>;
}

impl Endpoint {
    /// Returns whether Spotify will reject this request with a token that has these scopes. `false` also if only Spotify
    /// can decide.
    pub(crate) fn lacks_scope(&self, granted: &Scopes, request: &impl ScopeContext) -> bool {
        let needed = &self.scopes;
        let has_one = |mut scopes: &mut dyn Iterator<Item = &ConditionalScope>| {
            let mut scopes = (&mut scopes).peekable();
            scopes.peek().is_none() || scopes.any(|case| granted.contains(&case.scope))
        };
        if !needed.required.iter().all(|scope| granted.contains(scope)) {
            return true;
        }
        let alternative = needed.alternative;
        if !alternative.is_empty() && !alternative.iter().any(|scope| granted.contains(scope)) {
            return true;
        }
        // Each URI needs a scope for its kind.
        let of_kinds = || needed.conditional.iter().filter(|case| !case.kinds.is_empty());
        let kinds = if of_kinds().next().is_some() { request.uri_kinds() } else { Vec::new() };
        if !kinds
            .iter()
            .all(|kind| has_one(&mut of_kinds().filter(|case| case.kinds.contains(kind))))
        {
            return true;
        }
        let applies = |case: &&ConditionalScope| match case.given {
            Some((name, value)) => {
                let param = self.params.iter().find(|param| param.name == name);
                param.and_then(|param| request.param_value(param)).is_some_and(|sent| sent == value)
            }
            None => case.kinds.is_empty(),
        };
        !has_one(&mut needed.conditional.iter().filter(applies))
    }
}
