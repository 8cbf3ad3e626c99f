//! Checks that a fallback endpoint, for apps in development mode, accepts the same parameters and returns the same
//! type.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{At, table_reader::TableReader};
use super::super::table::{
    Availability, Endpoint, Facts, Fallback, FallbackParam, Param, const_name, number,
};
use super::Checker;

impl Checker<'_> {
    /// Reads `fallback`.
    pub(super) fn fallback_entry(&self, reader: &mut TableReader<'_>) -> Option<Fallback> {
        let entry = reader.table("fallback", |reader| {
            let endpoint = reader.text("endpoint", "the name of the endpoint that does the same");
            let owner_only = reader.text_map("owner_only");
            let original_still_works = reader.flag("original_still_works");
            let templates = reader.rest_of::<String>();
            Some(Fallback {
                endpoint: endpoint?,
                templates,
                owner_only,
                original_still_works,
                params: Vec::new(),
                fan_out: None,
                owner: None,
            })
        });
        entry.flatten()
    }

    /// Checks the fallbacks of all entries, and adds them to the descriptors.
    pub(super) fn fallbacks(&mut self) {
        let fallbacks: Vec<_> =
            self.table.endpoints().map(|endpoint| self.fallback(endpoint)).collect();
        let endpoints = self.table.areas.iter_mut().flat_map(|area| &mut area.endpoints);
        for (endpoint, fallback) in endpoints.zip(fallbacks) {
            if let Some(fallback) = &fallback {
                endpoint.facts.call("fallback", descriptor(fallback));
            }
            endpoint.fallback = fallback;
        }
    }

    fn fallback(&self, endpoint: &Endpoint) -> Option<Fallback> {
        let entry = endpoint.fallback.as_ref()?;
        let target = self.endpoint_named(&entry.endpoint)?;
        Some(Pair { checker: self, entry, endpoint, target }.resolved())
    }
}

/// An endpoint and its fallback endpoint.
struct Pair<'p> {
    checker: &'p Checker<'p>,
    entry: &'p Fallback,
    endpoint: &'p Endpoint,
    target: &'p Endpoint,
}

impl Pair<'_> {
    /// Reports a problem at the name of the fallback endpoint.
    fn problem(&self, message: impl Into<String>) {
        self.checker.problem(&self.entry.endpoint.location, message);
    }

    fn resolved(&self) -> Fallback {
        let Pair { checker, entry, endpoint, target } = self;
        let before = checker.problems.len();
        let (own_name, name) = (&endpoint.name.value, &entry.endpoint.value);
        if endpoint.is_available_to_all() {
            self.problem(
                "every app may call this endpoint: `fallback` is for an endpoint that is not available to all",
            );
        }
        if let Some(availability @ ("extended" | "legacy")) =
            target.availability.map(Availability::word)
        {
            self.problem(format!(
                "`{name}` has `availability = \"{availability}\"`, so an app in development mode cannot call it either"
            ));
        }
        let (ours, theirs) = (&endpoint.method.value, &target.method.value);
        if ours != theirs && !ours.is_empty() && !theirs.is_empty() {
            self.problem(format!(
                "`{own_name}` sends {ours} and `{name}` sends {theirs}: a fallback endpoint has the same method"
            ));
        }
        let params = self.params();
        let fan_out = self.fan_out(&params);
        let owner = self.owner();
        // Skip checks that could fail because of a mistake that is already reported.
        let is_known = !endpoint.has_unnamed_params && !target.has_unnamed_params;
        if checker.problems.len() == before && is_known {
            self.left_out(&params, owner);
            self.limits(&params, fan_out);
            self.returns_fit(fan_out);
            self.scopes_fit();
        }
        Fallback { params, fan_out, owner, ..(*entry).clone() }
    }

    /// Returns the parameters of the fallback endpoint. Each has a template, or the name and type of a parameter of
    /// this endpoint.
    fn params(&self) -> Vec<FallbackParam> {
        let Pair { entry, endpoint, target, .. } = self;
        let mut params = Vec::new();
        for (param, template) in &entry.templates {
            let to = self.index_of(param, target);
            let accepted = to.and_then(|to| target.params.get(to));
            let from = self.template(template, accepted);
            if let (Some((prefix, from)), Some(to)) = (from, to) {
                params.push(FallbackParam { from, to, prefix });
            }
        }
        for (to, param) in target.params.iter().enumerate() {
            if entry.templates.iter().any(|(name, _)| name.value == param.name.value) {
                continue;
            }
            match endpoint.params.iter().position(|own| own.is_like(param)) {
                Some(from) => params.push(FallbackParam { from, to, prefix: String::new() }),
                None if param.required && !endpoint.has_unnamed_params => {
                    let (name, param) = (&entry.endpoint.value, &param.name.value);
                    self.problem(format!("`{name}` needs `{param}`: add a template for it"));
                }
                None => {}
            }
        }
        params
    }

    /// Reads the template of a parameter of the fallback endpoint: text, followed by one parameter of this endpoint.
    fn template(&self, template: &At<String>, accepted: Option<&Param>) -> Option<(String, usize)> {
        let Pair { checker, endpoint, .. } = self;
        let parsed = PathTemplate::parse_value(&template.value);
        let parsed = parsed.map_err(|message| checker.problem(&template.location, message)).ok()?;
        for gap in parsed.names() {
            self.index_of(&template.with(gap.to_owned()), endpoint);
        }
        let gap = template.value.split_once('{');
        let gap = gap.and_then(|(prefix, gap)| Some((prefix, gap.strip_suffix('}')?)));
        let Some((prefix, gap)) = gap.filter(|(_, gap)| !gap.contains('{')) else {
            let rule =
                "a template is text and then one parameter, as in `spotify:album:{album_ids}`";
            checker.broken(template, rule);
            return None;
        };
        if let Some(accepted) = accepted.filter(|accepted| !accepted.kinds.is_empty())
            && let Some((kind, _)) =
                template.value.strip_prefix("spotify:").and_then(|uri| uri.split_once(':'))
            && !accepted.kinds.iter().any(|known| known == kind)
        {
            let known = phrase::any_of(accepted.kinds.iter().map(String::as_str));
            let rule = format!("`{}` takes URIs of {known}", accepted.name.value);
            checker.broken(&template.with(kind.to_owned()), rule);
        }
        Some((prefix.to_owned(), endpoint.index_of(gap)?))
    }

    /// Returns the index of a parameter, and reports an unknown name.
    fn index_of(&self, name: &At<String>, endpoint: &Endpoint) -> Option<usize> {
        let index = endpoint.index_of(&name.value);
        if index.is_none() && !endpoint.has_unnamed_params {
            let known = endpoint.params.iter().map(|known| known.name.value.as_str());
            let message = format_args!("`{}` has no parameter", endpoint.name.value);
            self.checker.unknown(name, message, known);
        }
        index
    }

    /// Returns the index of the list whose elements become one request each, because the fallback endpoint accepts a
    /// single value.
    fn fan_out(&self, params: &[FallbackParam]) -> Option<usize> {
        let Pair { endpoint, target, .. } = self;
        let is_list =
            |given: &FallbackParam| endpoint.params.get(given.from).is_some_and(|param| param.list);
        let is_one =
            |given: &FallbackParam| target.params.get(given.to).is_some_and(|param| !param.list);
        let mut spread = params.iter().filter(|given| is_list(given) && is_one(given));
        let index = spread.next()?.from;
        let list = &endpoint.params.get(index)?.name.value;
        let by = endpoint.batch.as_ref().and_then(|batch| batch.param);
        if spread.any(|other| other.from != index) || by != Some(index) {
            self.problem(format!(
                "only the list of `batch.by` can become one request for each element, found `{list}`"
            ));
        }
        if endpoint.method.value != "GET" && !endpoint.method.value.is_empty() {
            self.problem("only a GET can become one request for each element");
        }
        Some(index)
    }

    /// Checks `owner_only = { user_id = "get_me" }`, and returns the index of the parameter.
    fn owner(&self) -> Option<usize> {
        let Pair { checker, entry, endpoint, .. } = self;
        if let Some((second, _)) = entry.owner_only.get(1) {
            let message = "`owner_only` names one parameter: this is the second";
            checker.problem(&second.location, message);
        }
        let (param, user) = entry.owner_only.first()?;
        let index = self.index_of(param, endpoint);
        let target = checker.endpoint_named(user)?;
        let is_plain = target.method.value == "GET"
            && target.is_available_to_all()
            && !target.params.iter().any(|param| param.required);
        if !is_plain {
            let message = format!(
                "`owner_only` names a GET that is available to all apps and has no required parameter, found `{}`",
                user.value
            );
            checker.problem(&user.location, message);
        }
        index
    }

    /// Checks that each required parameter is sent to the fallback endpoint.
    fn left_out(&self, params: &[FallbackParam], owner: Option<usize>) {
        let (own_name, name) = (&self.endpoint.name.value, &self.entry.endpoint.value);
        for (index, param) in self.endpoint.params.iter().enumerate() {
            let is_given = params.iter().any(|given| given.from == index) || owner == Some(index);
            if param.required && !is_given {
                self.problem(format!(
                    "`{name}` has no value for `{}`, which `{own_name}` requires: add a template with it",
                    param.name.value
                ));
            }
        }
    }

    /// Checks that the fallback endpoint accepts all values of this endpoint, and that its maximum per request is
    /// known.
    fn limits(&self, params: &[FallbackParam], fan_out: Option<usize>) {
        let (own_name, name) = (&self.endpoint.name.value, &self.entry.endpoint.value);
        let list = |endpoint: &Endpoint| endpoint.batch.as_ref().and_then(|batch| batch.param);
        for given in params {
            let pair = (self.endpoint.params.get(given.from), self.target.params.get(given.to));
            let (Some(from), Some(to)) = pair else { continue };
            let (from_name, to_name) = (&from.name.value, &to.name.value);
            let is_split = list(self.endpoint) == Some(given.from) && fan_out != Some(given.from);
            if is_split && list(self.target) != Some(given.to) {
                self.problem(format!(
                    "`{name}` has no `batch` by `{to_name}`, so its maximum per request is unknown"
                ));
            }
            let is_below = to.min.is_some_and(|min| from.min.is_none_or(|own| own < min));
            let is_above = to.max.is_some_and(|max| from.max.is_none_or(|own| own > max));
            if is_below || is_above {
                self.problem(format!(
                    "`{to_name}` of `{name}` has a narrower range than `{from_name}` of `{own_name}`"
                ));
            }
        }
    }

    /// Checks that the response of the fallback endpoint can be decoded as the return type of this one.
    fn returns_fit(&self, fan_out: Option<usize>) {
        let Pair { entry, endpoint, target, .. } = self;
        let (Some(ours), Some(theirs)) = (&endpoint.returns, &target.returns) else { return };
        let (ours, theirs) = (ours.value.text(), theirs.value.text());
        let fits = if fan_out.is_some() {
            let one = ours.strip_prefix("Vec<Option<").and_then(|one| one.strip_suffix(">>"));
            one.is_some_and(|one| one == theirs || one == format!("Simplified{theirs}"))
        } else if endpoint.pointer.as_deref() == Some("[0]") {
            // This endpoint returns the first element of the list of the fallback endpoint.
            format!("Vec<{ours}>") == theirs && target.pointer.is_none()
        } else {
            ours == theirs && endpoint.pointer == target.pointer
        };
        if !fits {
            self.problem(format!(
                "`{}` returns `{theirs}`, which does not fit `{}`, which returns `{ours}`",
                entry.endpoint.value, endpoint.name.value
            ));
        }
    }

    /// Checks that this endpoint lists the scopes of the fallback endpoint.
    fn scopes_fit(&self) {
        let Pair { entry, endpoint, target, .. } = self;
        let unlocks = || target.scopes.unlocks.iter().map(|(scope, _)| scope.value.as_str());
        for scope in endpoint.scopes.required.iter().chain(&endpoint.scopes.alternative) {
            if !target.scopes.needed().chain(unlocks()).any(|known| known == scope.value) {
                self.problem(format!(
                    "`{}` does not name the scope `{}`, which `{}` requires",
                    entry.endpoint.value, scope.value, endpoint.name.value
                ));
            }
        }
    }
}

/// Generates the fallback of a descriptor.
fn descriptor(fallback: &Fallback) -> TokenStream {
    let params = fallback.params.iter().map(|param| {
        let (from, to, prefix) = (number(param.from), number(param.to), &param.prefix);
        quote!(FallbackParam { from: #from, to: #to, prefix: #prefix })
    });
    let mut calls = Facts::default();
    if let Some(list) = fallback.fan_out {
        calls.call("fan_out", number(list));
    }
    if let (Some(param), Some((_, user))) = (fallback.owner, fallback.owner_only.first()) {
        let (param, user) = (number(param), const_name(&user.value));
        calls.call("owner_only", quote!(#param, &#user));
    }
    calls.flag("original_still_works", fallback.original_still_works);
    let (endpoint, calls) = (const_name(&fallback.endpoint.value), calls.0);
    quote!(Fallback::new(&#endpoint, &[#(#params),*]) #calls)
}
