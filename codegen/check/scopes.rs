//! The scopes of the table, the scopes of an entry, and the conditions for them.

use std::collections::HashSet;

use quote::quote;

use super::super::diagnostics::phrase;
use super::super::read::{At, Literal, table_reader::TableReader};
use super::super::table::{
    ConditionalScope, Endpoint, Kind, Param, ParamLocation, Scope, Scopes, ident, pascal, type_name,
};
use super::Checker;

impl Checker<'_> {
    /// Reads `[[scope]]`.
    pub(super) fn scopes(&mut self, reader: &mut TableReader<'_>) {
        let scopes = reader.tables("scope", "scope", |reader| {
            let name = reader.text("name", "\"user-library-read\"");
            let summary = reader.text("summary", "one sentence");
            let summary = self.sentence(summary, "the `summary` of a scope");
            let scope = name.and_then(|name| self.scope_definition(&name, summary));
            self.poisoned.scopes |= scope.is_none();
            self.table.scopes.extend(scope);
        });
        self.poisoned.scopes |= scopes.iter().any(Option::is_none);
    }

    fn scope_definition(&mut self, name: &At<String>, summary: String) -> Option<Scope> {
        let At { value: text, location } = name;
        let is_word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if !text.split('-').all(is_word) || text.starts_with(|c: char| c.is_ascii_digit()) {
            self.broken(name, "a scope is written as Spotify does, as in `user-library-read`");
            return None;
        }
        let variant = pascal(text);
        if variant == "Other" || variant == "Self" {
            self.problem(location, format!("`{variant}` is taken: such a scope needs other code"));
        }
        if self.table.scopes.iter().any(|known| known.variant == variant) {
            self.problem(location, format!("the scope `{text}` already exists: remove one"));
            self.poisoned.scopes = true;
        }
        Some(Scope { name: text.clone(), variant: ident(&variant), summary })
    }

    /// Reads `scopes`.
    pub(super) fn endpoint_scopes(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        let mut named = HashSet::new();
        let mut is_known = |scope: &At<String>| {
            if !named.insert(scope.value.clone()) {
                self.twice(scope, "scope");
            }
            self.is_scope(scope)
        };
        let mut required = reader.list::<String>("required");
        required.retain(&mut is_known);
        let mut alternative = reader.list::<String>("alternative");
        if let [only] = &alternative[..] {
            let message = "`alternative` is a choice between scopes, found one: use `required`";
            self.problem(&only.location, message);
        }
        let mut choice = alternative.clone();
        let alternatives = alternative.len();
        alternative.retain(&mut is_known);
        let cases = reader.entries(
            "conditional",
            "scope",
            |scope, when| {
                let (kinds, given) = (Vec::new(), None);
                ConditionalScope { scope, when: when.value, kinds, given }
            },
            |scope, reader| {
                let when = reader.text("when", "the case, \"for tracks.\"");
                let (kinds, given) = self.case(reader, endpoint);
                let when = when.map(|when| when.value).unwrap_or_default();
                ConditionalScope { scope, when, kinds, given }
            },
        );
        let lacks_cases = cases.iter().any(Option::is_none);
        let mut conditional: Vec<ConditionalScope> = cases.into_iter().flatten().collect();
        choice.extend(conditional.iter().map(|case| case.scope.clone()));
        conditional.retain(|case| is_known(&case.scope));
        let recommended = self.recommended(reader, &choice, alternatives, lacks_cases);
        let mut unlocks = reader.text_map("unlocks");
        unlocks.retain(|(scope, _)| is_known(scope));

        let facts = &mut endpoint.facts;
        let variant = |scope: &At<String>| {
            let variant = type_name(&scope.value);
            quote!(Scope::#variant)
        };
        facts.list("required_scopes", required.iter().map(variant));
        facts.list("alternative_scopes", alternative.iter().map(variant));
        let cases = conditional.iter().map(|case| {
            let ConditionalScope { scope, when, kinds, given } = case;
            let scope = variant(scope);
            let given = match given {
                Some((param, value)) => quote!(Some((#param, #value))),
                None => quote!(None),
            };
            quote!(ConditionalScope { scope: #scope, when: #when, kinds: &[#(#kinds),*], given: #given, })
        });
        facts.list("conditional_scopes", cases);
        facts.list("recommended_scopes", recommended.iter().map(variant));
        let unlocking = unlocks.iter().map(|(scope, what)| {
            let (scope, what) = (variant(scope), &what.value);
            quote!(UnlockingScope { scope: #scope, adds: #what })
        });
        facts.list("unlocked_by", unlocking);
        endpoint.scopes = Scopes { required, alternative, conditional, unlocks };
    }

    /// Reads the condition for a scope: kinds of URI, or the value of a parameter.
    fn case(
        &self,
        reader: &mut TableReader<'_>,
        endpoint: &Endpoint,
    ) -> (Vec<String>, Option<(String, String)>) {
        let kinds = reader.list::<String>("kinds");
        let param = reader.maybe::<String>("param");
        let is = reader.maybe::<Literal>("is");
        if let (false, Some(param)) = (kinds.is_empty(), &param) {
            let message =
                "a scope is needed by `kinds` of URI or by the value of a `param`, found both";
            self.problem(&param.location, message);
        }
        self.case_by_kinds(&kinds, endpoint);
        match (&param, &is) {
            (None, None) => {}
            (Some(param), None) => {
                let message = "`param` needs `is`, the value with which the scope is needed";
                self.problem(&param.location, message);
            }
            (None, Some(is)) => {
                let message = "`is` needs `param`, the parameter that has this value";
                self.problem(&is.location, message);
            }
            (Some(param), Some(is)) => self.case_by_value(param, is, endpoint),
        }
        let kinds = kinds.into_iter().map(|kind| kind.value).collect();
        (kinds, param.zip(is).map(|(param, is)| (param.value, is.value.to_string())))
    }

    fn case_by_kinds(&self, kinds: &[At<String>], endpoint: &Endpoint) {
        let Some(first) = kinds.first() else { return };
        let is_uri = |param: &&Param| matches!(param.kind, None | Some(Kind::Uri));
        let uris: Vec<_> = endpoint.params.iter().filter(is_uri).collect();
        if uris.is_empty() && !endpoint.has_unnamed_params {
            let message = "a scope has `kinds` only where a parameter is a `SpotifyUri`, found none: \
                           use `param` and `is`";
            self.problem(&first.location, message);
        }
        if uris.is_empty() || uris.iter().any(|param| param.kind.is_none()) {
            return;
        }
        let accepted = || uris.iter().flat_map(|param| &param.kinds);
        for kind in kinds.iter().filter(|kind| !accepted().any(|known| *known == kind.value)) {
            let message = "the parameter of URIs does not accept the kind";
            self.unknown(kind, message, accepted().map(String::as_str));
        }
    }

    fn case_by_value(&self, name: &At<String>, is: &At<Literal>, endpoint: &Endpoint) {
        let Some(param) = endpoint.param(&name.value) else {
            if !endpoint.has_unnamed_params {
                let known = endpoint.params.iter().map(|param| param.name.value.as_str());
                self.unknown(name, "no parameter has the name", known);
            }
            return;
        };
        if param.is_surely_in(ParamLocation::Path) || param.list {
            let message =
                "a scope is needed by the value of one parameter in the query or the body";
            self.problem(&name.location, message);
        }
        if !param.required && param.default.is_none() {
            let message = format!(
                "the parameter {name} needs a `default`, or the client cannot decide whether the scope is needed without it"
            );
            self.problem(&name.location, message);
        }
        if param.kind == Some(Kind::Boolean) && !matches!(is.value, Literal::Boolean(_)) {
            let message = format!("`is` must be `true` or `false`, found {}", is.value.described());
            self.problem(&is.location, message);
        }
    }

    /// Reads `recommended`: the alternative or conditional scopes that a login requests.
    fn recommended(
        &self,
        reader: &mut TableReader<'_>,
        choice: &[At<String>],
        alternatives: usize,
        lacks_cases: bool,
    ) -> Vec<At<String>> {
        let mut recommended = reader.list::<String>("recommended");
        // A mistake in the choice itself is already reported.
        let is_choice = alternatives != 1 && choice.iter().all(|scope| self.has_scope(scope));
        if let (Some(first), true) = (choice.first(), recommended.is_empty() && is_choice) {
            let message = "`alternative` and `conditional` need `recommended`, a list of those that a login requests";
            self.problem(&first.location, message);
        }
        recommended.retain(|scope| {
            let is_choice = choice.iter().any(|known| known.value == scope.value);
            if !is_choice && !lacks_cases {
                let names = choice.iter().map(|known| known.value.as_str());
                let advice = phrase::did_you_mean(&scope.value, names);
                let message = format!(
                    "the scope {scope} is recommended but neither `alternative` nor `conditional`{advice}"
                );
                self.problem(&scope.location, message);
            }
            is_choice
        });
        recommended
    }

    fn has_scope(&self, scope: &At<String>) -> bool {
        self.table.scopes.iter().any(|known| known.name == scope.value)
    }

    /// Returns whether a scope exists, and reports an unknown one.
    fn is_scope(&self, scope: &At<String>) -> bool {
        let is_known = self.has_scope(scope);
        if !is_known && !self.poisoned.scopes {
            let known = self.table.scopes.iter().map(|known| known.name.as_str());
            let mut advice = phrase::did_you_mean(&scope.value, known);
            if advice.is_empty() {
                advice = ": add it as a `[[scope]]`".to_owned();
            }
            self.problem(&scope.location, format!("unknown scope {scope}{advice}"));
        }
        is_known
    }
}
