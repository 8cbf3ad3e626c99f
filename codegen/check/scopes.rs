//! The scopes of the table, the scopes of an entry, and the conditions for them.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::quote;

use super::super::diagnostics::phrase;
use super::super::read::{At, Literal, table_reader::TableReader};
use super::super::table::{ConditionalScope, Facts, Kind, Param, ParamLocation, Scope, Scopes};
use super::Checker;
use super::names::{ident, pascal};
use super::param_set::ParamSet;

impl Checker<'_> {
    /// Reads `[[scope]]`.
    pub(super) fn scopes(&mut self, reader: &mut TableReader<'_>) {
        let scopes = reader.tables("scope", "scope", |reader| {
            let name = reader.text("name", "\"user-library-read\"");
            let summary = reader.text("summary", "one sentence");
            let summary = self.sentence(summary, "the `summary` of a scope");
            let scope = name.and_then(|name| self.scope_definition(&name, summary));
            self.poisoned.scopes.has_unknown |= scope.is_none();
            self.table.scopes.extend(scope);
        });
        self.poisoned.scopes.has_unknown |= scopes.iter().any(Option::is_none);
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
            self.poisoned.scopes.has_unknown = true;
        }
        Some(Scope { name: text.clone(), variant: ident(&variant), summary })
    }

    /// Reads `scopes`.
    pub(super) fn endpoint_scopes(
        &self,
        reader: &mut TableReader<'_>,
        set: &ParamSet,
        facts: &mut Facts,
    ) -> Scopes {
        let mut named = HashSet::new();
        let mut scope = |scope: At<String>| {
            if !named.insert(scope.value.clone()) {
                self.twice(&scope, "scope");
            }
            let variant = self.scope(&scope)?;
            Some((scope, variant))
        };
        let required: Vec<_> =
            reader.list::<String>("required").into_iter().filter_map(&mut scope).collect();
        let alternative = reader.list::<String>("alternative");
        if let [only] = &alternative[..] {
            let message = "`alternative` is a choice between scopes, found one: use `required`";
            self.problem(&only.location, message);
        }
        let mut choice = alternative.clone();
        let alternative: Vec<_> = alternative.into_iter().filter_map(&mut scope).collect();
        let cases = reader.entries(
            "conditional",
            "scope",
            |scope, when| (scope, when.value, Vec::new(), None),
            |scope, reader| {
                let when = reader.text("when", "the case, \"for tracks.\"");
                let (kinds, given) = self.case(reader, set);
                (scope, when.map(|when| when.value).unwrap_or_default(), kinds, given)
            },
        );
        let lacks_cases = cases.iter().any(Option::is_none);
        let cases: Vec<_> = cases.into_iter().flatten().collect();
        choice.extend(cases.iter().map(|(scope, ..)| scope.clone()));
        let conditional: Vec<ConditionalScope> = cases
            .into_iter()
            .filter_map(|(name, when, kinds, given)| {
                let (scope, variant) = scope(name)?;
                Some(ConditionalScope { scope, variant, when, kinds, given })
            })
            .collect();
        let recommended = self.recommended(reader, &choice, alternative.len(), lacks_cases);
        let unlocks: Vec<_> = reader
            .text_map("unlocks")
            .into_iter()
            .filter_map(|(name, what)| {
                let (scope, variant) = scope(name)?;
                Some((scope, variant, what.value))
            })
            .collect();

        let variants = |scopes: &[(At<String>, Ident)]| {
            let variants = scopes.iter().map(|(_, variant)| quote!(Scope::#variant));
            variants.collect::<Vec<_>>()
        };
        facts.list("required_scopes", variants(&required));
        facts.list("alternative_scopes", variants(&alternative));
        let cases = conditional.iter().map(|case| {
            let ConditionalScope { variant, when, kinds, given, .. } = case;
            let given = match given {
                Some((param, value)) => quote!(Some((#param, #value))),
                None => quote!(None),
            };
            quote!(ConditionalScope {
                scope: Scope::#variant,
                when: #when,
                kinds: &[#(#kinds),*],
                given: #given,
            })
        });
        facts.list("conditional_scopes", cases);
        facts.list("recommended_scopes", recommended.iter().map(|scope| quote!(Scope::#scope)));
        let unlocking = unlocks.iter().map(
            |(_, variant, what)| quote!(UnlockingScope { scope: Scope::#variant, adds: #what }),
        );
        facts.list("unlocked_by", unlocking);
        Scopes { required, alternative, conditional, unlocks }
    }

    /// Reads the condition for a scope: kinds of URI, or the value of a parameter.
    fn case(
        &self,
        reader: &mut TableReader<'_>,
        set: &ParamSet,
    ) -> (Vec<String>, Option<(String, String)>) {
        let kinds = reader.list::<String>("kinds");
        let param = reader.maybe::<String>("param");
        let is = reader.maybe::<Literal>("is");
        if let (false, Some(param)) = (kinds.is_empty(), &param) {
            let message =
                "a scope is needed by `kinds` of URI or by the value of a `param`, found both";
            self.problem(&param.location, message);
        }
        self.case_by_kinds(&kinds, set);
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
            (Some(param), Some(is)) => self.case_by_value(param, is, set),
        }
        let kinds = kinds.into_iter().map(|kind| kind.value).collect();
        (kinds, param.zip(is).map(|(param, is)| (param.value, is.value.to_string())))
    }

    fn case_by_kinds(&self, kinds: &[At<String>], set: &ParamSet) {
        let Some(first) = kinds.first() else { return };
        let is_uri = |param: &&Param| matches!(param.kind, None | Some(Kind::Uri));
        let uris: Vec<_> = set.params.iter().filter(is_uri).collect();
        if uris.is_empty() && !set.has_unnamed {
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

    fn case_by_value(&self, name: &At<String>, is: &At<Literal>, set: &ParamSet) {
        let shown = phrase::shown(&name.value);
        let Some(param) = set.named(&name.value) else {
            if !set.has_unnamed {
                self.unknown(name, "no parameter has the name", set.names());
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
                "the parameter {shown} needs a `default`, or the client cannot decide whether the scope is needed without it"
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
    ) -> Vec<Ident> {
        let recommended = reader.list::<String>("recommended");
        let known = |scope: &str| self.table.scopes.iter().find(|known| known.name == scope);
        // A mistake in the choice itself is already reported.
        let is_choice =
            alternatives != 1 && choice.iter().all(|scope| known(&scope.value).is_some());
        if let (Some(first), true) = (choice.first(), recommended.is_empty() && is_choice) {
            let message = "`alternative` and `conditional` need `recommended`, a list of those that a login requests";
            self.problem(&first.location, message);
        }
        let mut variants = Vec::new();
        for scope in &recommended {
            if choice.iter().any(|known| known.value == scope.value) {
                variants.extend(known(&scope.value).map(|known| known.variant.clone()));
            } else if !lacks_cases {
                let names = choice.iter().map(|known| known.value.as_str());
                let advice = phrase::did_you_mean(&scope.value, names);
                let message = format!(
                    "the scope {} is recommended but neither `alternative` nor `conditional`{advice}",
                    phrase::shown(&scope.value)
                );
                self.problem(&scope.location, message);
            }
        }
        variants
    }

    fn scope(&self, scope: &At<String>) -> Option<Ident> {
        let known = self.table.scopes.iter().find(|known| known.name == scope.value);
        let variant = known.map(|known| known.variant.clone());
        if variant.is_none() && !self.poisoned.scopes.contains(&scope.value) {
            let known = self.table.scopes.iter().map(|known| known.name.as_str());
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
