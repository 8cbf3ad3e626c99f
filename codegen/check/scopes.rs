//! The scopes of a row, and the cases in which they are needed.

use std::collections::HashSet;

use proc_macro2::Ident;

use super::super::diagnostics::phrase;
use super::super::read::scopes::Conditional;
use super::super::read::{At, Literal, RawEndpoint};
use super::super::table::{Case, Scopes};
use super::Checker;

impl Checker<'_> {
    pub(super) fn scopes_of(&mut self, row: &RawEndpoint) -> Scopes {
        let scopes = &row.scopes;
        if let [only] = &scopes.alternative[..] {
            let message = "`alternative` is a choice between scopes, found one: use `required`";
            self.problem(&only.location, message);
        }
        let mut named = HashSet::new();
        let mut scope = |scope: &At<String>| {
            if !named.insert(scope.value.clone()) {
                let message = format!("the scope {} is named twice", phrase::shown(&scope.value));
                self.problem(&scope.location, message);
            }
            self.scope(scope)
        };
        let required = scopes.required.iter().filter_map(&mut scope).collect();
        let alternative: Vec<Ident> = scopes.alternative.iter().filter_map(&mut scope).collect();
        let conditional: Vec<(Option<Ident>, &Conditional)> =
            scopes.conditional.iter().map(|case| (scope(&case.scope), case)).collect();
        let unlocks = scopes
            .unlocks
            .iter()
            .filter_map(|(word, what)| Some((scope(word)?, what.value.clone())))
            .collect();
        let conditional = conditional
            .into_iter()
            .filter_map(|(scope, case)| {
                self.case(case, row);
                Some(Case {
                    scope: scope?,
                    when: case.when.value.clone(),
                    kinds: case.kinds.iter().map(|kind| kind.value.clone()).collect(),
                    given: case
                        .param
                        .as_ref()
                        .zip(case.is.as_ref())
                        .map(|(param, is)| (param.value.clone(), is.value.to_string())),
                })
            })
            .collect();
        let recommended = self.recommended(row);
        Scopes { required, alternative, conditional, recommended, unlocks }
    }

    /// The case in which a scope is needed: what of the request tells it.
    fn case(&mut self, case: &Conditional, row: &RawEndpoint) {
        if let (Some(kind), Some(param)) = (case.kinds.first(), &case.param) {
            let message =
                "a scope is needed by `kinds` of URI or by the value of a `param`, found both";
            self.problem(&param.location, message);
            let _ = kind;
        }
        if let Some(first) = case.kinds.first() {
            let uris: Vec<_> =
                row.params.iter().filter(|param| param.ty.value == "SpotifyUri").collect();
            if uris.is_empty() && !row.lacks_params {
                let message = "a scope has `kinds` only where a parameter is a `SpotifyUri`, found none: \
                               use `param` and `is`";
                self.problem(&first.location, message);
            }
            for kind in &case.kinds {
                let taken = || uris.iter().flat_map(|param| &param.kinds);
                let is_taken = taken().any(|taken| taken.value == kind.value);
                if !uris.is_empty() && !is_taken {
                    let advice =
                        phrase::did_you_mean(&kind.value, taken().map(|kind| kind.value.as_str()));
                    let message = format!(
                        "the parameter of URIs does not take the kind {}{advice}",
                        phrase::shown(&kind.value)
                    );
                    self.problem(&kind.location, message);
                }
            }
        }
        match (&case.param, &case.is) {
            (None, None) => {}
            (Some(param), None) => {
                let message = "`param` needs `is`, the value with which the scope is needed";
                self.problem(&param.location, message);
            }
            (None, Some(is)) => {
                let message = "`is` needs `param`, the parameter that has this value";
                self.problem(&is.location, message);
            }
            (Some(param), Some(is)) => self.case_by_value(param, is, row),
        }
    }

    fn case_by_value(&mut self, name: &At<String>, is: &At<Literal>, row: &RawEndpoint) {
        let Some(param) = row.params.iter().find(|param| param.name.value == name.value) else {
            if !row.lacks_params {
                let names = row.params.iter().map(|param| param.name.value.as_str());
                let advice = phrase::did_you_mean(&name.value, names);
                let message =
                    format!("no parameter is called {}{advice}", phrase::shown(&name.value));
                self.problem(&name.location, message);
            }
            return;
        };
        if param.pointer.value == "path" || param.list {
            let message =
                "a scope is needed by the value of one parameter in the query or the body";
            self.problem(&name.location, message);
        }
        if !param.required && param.default.is_none() {
            let message = format!(
                "the parameter {} needs a `default`, or the client cannot decide whether the scope is needed without it",
                phrase::shown(&name.value)
            );
            self.problem(&name.location, message);
        }
        if param.ty.value == "bool" && !matches!(is.value, Literal::Boolean(_)) {
            let message = format!("`is` must be `true` or `false`, found {}", is.value.described());
            self.problem(&is.location, message);
        }
    }

    /// What a login asks for of the scopes among which there is a choice.
    fn recommended(&mut self, row: &RawEndpoint) -> Vec<Ident> {
        let scopes = &row.scopes;
        let choice: Vec<&At<String>> = scopes
            .alternative
            .iter()
            .chain(scopes.conditional.iter().map(|case| &case.scope))
            .collect();
        let is_known = |scope: &str| self.table.scopes.iter().any(|known| known.word == scope);
        // Where the choice itself is wrong, that is told first.
        let is_choice =
            choice.iter().all(|scope| is_known(&scope.value)) && scopes.alternative.len() != 1;
        if let (Some(first), []) = (choice.first(), &scopes.recommended[..])
            && is_choice
        {
            let message = "`alternative` and `conditional` need `recommended`, a list of those that a login asks for";
            self.problem(&first.location, message);
        }
        for scope in &scopes.recommended {
            let is_choice = choice.iter().any(|known| known.value == scope.value);
            if !is_choice && !scopes.lacks_conditional {
                let advice = phrase::did_you_mean(
                    &scope.value,
                    choice.iter().map(|known| known.value.as_str()),
                );
                let message = format!(
                    "the scope {} is recommended but neither `alternative` nor `conditional`{advice}",
                    phrase::shown(&scope.value)
                );
                self.problem(&scope.location, message);
            }
        }
        let known = |scope: &&At<String>| choice.iter().any(|known| known.value == scope.value);
        let recommended: Vec<_> = scopes.recommended.iter().filter(known).cloned().collect();
        recommended
            .iter()
            .filter_map(|scope| {
                let known = self.table.scopes.iter().find(|known| known.word == scope.value)?;
                Some(known.variant.clone())
            })
            .collect()
    }

    fn scope(&mut self, scope: &At<String>) -> Option<Ident> {
        let known = self.table.scopes.iter().find(|known| known.word == scope.value);
        let variant = known.map(|known| known.variant.clone());
        if variant.is_none() && !self.poisoned.scopes.holds(&scope.value) {
            let known = self.table.scopes.iter().map(|known| known.word.as_str());
            let mut advice = phrase::did_you_mean(&scope.value, known);
            if advice.is_empty() {
                advice = ": add it as a `[[scope]]`".to_owned();
            }
            let message = format!("unknown scope {}{advice}", phrase::shown(&scope.value));
            self.problem(&scope.location, message);
        }
        variant
    }
}
