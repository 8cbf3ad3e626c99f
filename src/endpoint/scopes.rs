//! Whether a token is known to lack a scope that a request needs.

use std::borrow::Cow;

use super::{ConditionalScope, Endpoint, ParamInfo};
use crate::types::scope::Scopes;

/// A request as far as its scopes depend on it.
pub(crate) trait Asked {
    /// The kinds of the URIs in it.
    fn kinds(&self) -> Vec<&str>;

    /// The value of a parameter as it is sent, or as it is meant if it is not sent.
    fn given<'a>(&'a self, param: &'a ParamInfo) -> Option<Cow<'a, str>>;
}

impl Endpoint {
    /// Whether Spotify will reject this request with a token that holds these scopes. `false` also where only
    /// Spotify knows.
    pub(crate) fn lacks_scope(&self, held: &Scopes, asked: &impl Asked) -> bool {
        let needed = &self.scopes;
        let holds_one = |mut scopes: &mut dyn Iterator<Item = &ConditionalScope>| {
            let mut scopes = (&mut scopes).peekable();
            scopes.peek().is_none() || scopes.any(|case| held.contains(&case.scope))
        };
        if !needed.required.iter().all(|scope| held.contains(scope)) {
            return true;
        }
        let alternative = needed.alternative;
        if !alternative.is_empty() && !alternative.iter().any(|scope| held.contains(scope)) {
            return true;
        }
        // Every URI is a case of its own.
        let of_kinds = || needed.conditional.iter().filter(|case| !case.kinds.is_empty());
        let kinds = if of_kinds().next().is_some() { asked.kinds() } else { Vec::new() };
        if !kinds
            .iter()
            .all(|kind| holds_one(&mut of_kinds().filter(|case| case.kinds.contains(kind))))
        {
            return true;
        }
        let is_so = |case: &&ConditionalScope| match case.given {
            Some((name, value)) => {
                let param = self.params.iter().find(|param| param.name == name);
                param.and_then(|param| asked.given(param)).is_some_and(|given| given == value)
            }
            None => case.kinds.is_empty(),
        };
        !holds_one(&mut needed.conditional.iter().filter(is_so))
    }
}
