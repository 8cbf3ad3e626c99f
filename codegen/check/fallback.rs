//! What an app in development mode sends in place of a request: whether it can say and return the same.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{At, table_reader::TableReader};
use super::super::table::{
    Availability, Endpoint, Facts, Fallback, FallbackEntry, FallbackParam, Param, number,
};
use super::Checker;
use super::names::ident;

impl Checker<'_> {
    /// `fallback`
    pub(super) fn fallback_entry(&self, reader: &mut TableReader<'_>) -> Option<FallbackEntry> {
        let entry = reader.table("fallback", |reader| {
            let endpoint = reader.text("endpoint", "the name of the endpoint that does the same");
            let owner_only = reader.text_map("owner_only");
            let renames = reader.text_map("renames");
            let original_still_works = reader.flag("original_still_works");
            let templates = reader.rest_texts();
            Some(FallbackEntry {
                endpoint: endpoint?,
                templates,
                owner_only,
                renames,
                original_still_works,
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
            if let (Some(entry), Some(fallback)) = (&endpoint.fallback_entry, &fallback) {
                endpoint.facts.call("fallback", descriptor(entry, fallback));
            }
            endpoint.fallback = fallback;
        }
    }

    fn fallback(&self, endpoint: &Endpoint) -> Option<Fallback> {
        let fallback = endpoint.fallback_entry.as_ref()?;
        let before = self.problems.len();
        let name = &fallback.endpoint;
        let target = self.endpoint_named(name)?;
        if endpoint.is_available_to_all() {
            let message = "every app may call this endpoint: `fallback` is for an endpoint that is not available to all";
            self.problem(&name.location, message);
        }
        if let Some(word) = target.availability.and_then(|availability| match availability {
            Availability::All => None,
            Availability::ExtendedQuota => Some("extended"),
            Availability::Legacy => Some("legacy"),
        }) {
            let message = format!(
                "`{}` has `availability = \"{word}\"`, so an app in development mode cannot call it either",
                name.value
            );
            self.problem(&name.location, message);
        }
        let (ours, theirs) = (&endpoint.method.value, &target.method.value);
        if ours != theirs && !ours.is_empty() && !theirs.is_empty() {
            let message = format!(
                "`{}` sends {ours} and `{}` sends {theirs}: a fallback endpoint has the same method",
                endpoint.name.value, name.value
            );
            self.problem(&name.location, message);
        }
        let params = self.fallback_params(fallback, endpoint, target);
        let fan_out = self.fan_out(fallback, &params, endpoint, target);
        let owner = self.owner(fallback, endpoint);
        if let Some((first, _)) = fallback.renames.first()
            && !endpoint.params.iter().any(|param| param.field_filter)
            && !endpoint.has_unnamed_params
        {
            let message =
                "`renames` is for endpoints with a parameter that has `field_filter = true`";
            self.problem(&first.location, message);
        }
        // What follows from a reported mistake is no news.
        let is_known = !endpoint.has_unnamed_params && !target.has_unnamed_params;
        if self.problems.len() == before && is_known {
            self.left_out(fallback, &params, owner, endpoint);
            self.limits(fallback, &params, fan_out, endpoint, target);
            self.returns_fit(fallback, fan_out, endpoint, target);
            self.scopes_fit(fallback, endpoint, target);
        }
        Some(Fallback { endpoint: name.value.clone(), params, fan_out, owner })
    }

    /// What the fallback endpoint gets: by template, or because both have a parameter with one name and type.
    fn fallback_params(
        &self,
        fallback: &FallbackEntry,
        endpoint: &Endpoint,
        target: &Endpoint,
    ) -> Vec<FallbackParam> {
        let name = &fallback.endpoint;
        let mut params = Vec::new();
        for (param, template) in &fallback.templates {
            let to = target.index_of(&param.value);
            if to.is_none() && !target.has_unnamed_params {
                self.no_param(param, &param.value, target);
            }
            let accepted = to.and_then(|to| target.params.get(to));
            let from = self.template(template, endpoint, accepted);
            if let (Some((prefix, from)), Some(to)) = (from, to) {
                params.push(FallbackParam { from, to, prefix });
            }
        }
        for (to, param) in target.params.iter().enumerate() {
            if fallback.templates.iter().any(|(name, _)| name.value == param.name.value) {
                continue;
            }
            match endpoint.params.iter().position(|own| own.is_like(param)) {
                Some(from) => params.push(FallbackParam { from, to, prefix: String::new() }),
                None if param.required && !endpoint.has_unnamed_params => {
                    let message = format!(
                        "`{}` needs `{}`: add a template for it",
                        name.value, param.name.value
                    );
                    self.problem(&name.location, message);
                }
                None => {}
            }
        }
        params
    }

    /// A value for a parameter of another endpoint: text, and then one parameter of this one.
    fn template(
        &self,
        template: &At<String>,
        endpoint: &Endpoint,
        accepted: Option<&Param>,
    ) -> Option<(String, usize)> {
        let parsed = PathTemplate::parse_value(&template.value);
        let parsed = parsed.map_err(|message| self.problem(&template.location, message)).ok()?;
        for gap in parsed.names() {
            if endpoint.index_of(gap).is_none() && !endpoint.has_unnamed_params {
                self.no_param(template, gap, endpoint);
            }
        }
        let gap = template.value.split_once('{');
        let gap = gap.and_then(|(prefix, gap)| Some((prefix, gap.strip_suffix('}')?)));
        let Some((prefix, gap)) = gap.filter(|(_, gap)| !gap.contains('{')) else {
            let message = format!(
                "a template is text and then one parameter, as in `spotify:album:{{album_ids}}`, found {}",
                phrase::shown(&template.value)
            );
            self.problem(&template.location, message);
            return None;
        };
        if let Some(accepted) = accepted.filter(|accepted| !accepted.kinds.is_empty())
            && let Some((kind, _)) =
                template.value.strip_prefix("spotify:").and_then(|uri| uri.split_once(':'))
            && !accepted.kinds.iter().any(|known| known == kind)
        {
            let known = phrase::any_of(accepted.kinds.iter().map(String::as_str));
            let message = format!(
                "`{}` takes URIs of {known}, found {}",
                accepted.name.value,
                phrase::shown(kind)
            );
            self.problem(&template.location, message);
        }
        Some((prefix.to_owned(), endpoint.index_of(gap)?))
    }

    fn no_param(&self, at: &At<String>, name: &str, endpoint: &Endpoint) {
        let known = endpoint.params.iter().map(|known| known.name.value.as_str());
        let advice = phrase::did_you_mean(name, known);
        let shown = phrase::shown(name);
        let message = format!("`{}` has no parameter {shown}{advice}", endpoint.name.value);
        self.problem(&at.location, message);
    }

    /// The list whose elements become one request each: it goes where one value is accepted.
    fn fan_out(
        &self,
        fallback: &FallbackEntry,
        params: &[FallbackParam],
        endpoint: &Endpoint,
        target: &Endpoint,
    ) -> Option<usize> {
        let is_list =
            |given: &FallbackParam| endpoint.params.get(given.from).is_some_and(|param| param.list);
        let is_one =
            |given: &FallbackParam| target.params.get(given.to).is_some_and(|param| !param.list);
        let mut spread = params.iter().filter(|given| is_list(given) && is_one(given));
        let index = spread.next()?.from;
        let list = endpoint.params.get(index)?;
        let by = endpoint.batch.as_ref().and_then(|batch| batch.param);
        if spread.any(|other| other.from != index) || by != Some(index) {
            let message = format!(
                "only the list of `batch.by` can become one request for each element, found `{}`",
                list.name.value
            );
            self.problem(&fallback.endpoint.location, message);
        }
        if endpoint.method.value != "GET" && !endpoint.method.value.is_empty() {
            let message = "only a GET can become one request for each element";
            self.problem(&fallback.endpoint.location, message);
        }
        Some(index)
    }

    /// `owner_only = { user_id = "get_me" }`
    fn owner(&self, fallback: &FallbackEntry, endpoint: &Endpoint) -> Option<usize> {
        if let Some((second, _)) = fallback.owner_only.get(1) {
            let message = "`owner_only` names one parameter: this is the second";
            self.problem(&second.location, message);
        }
        let (param, user) = fallback.owner_only.first()?;
        let index = endpoint.index_of(&param.value);
        if index.is_none() && !endpoint.has_unnamed_params {
            self.no_param(param, &param.value, endpoint);
        }
        let target = self.endpoint_named(user)?;
        let is_plain = target.method.value == "GET"
            && target.is_available_to_all()
            && !target.params.iter().any(|param| param.required);
        if !is_plain {
            let message = format!(
                "`owner_only` names a GET that is available to all apps and has no required parameter, found `{}`",
                user.value
            );
            self.problem(&user.location, message);
        }
        index
    }

    /// What a call needs must reach the fallback endpoint.
    fn left_out(
        &self,
        fallback: &FallbackEntry,
        params: &[FallbackParam],
        owner: Option<usize>,
        endpoint: &Endpoint,
    ) {
        let name = &fallback.endpoint;
        for (index, param) in endpoint.params.iter().enumerate() {
            let is_given = params.iter().any(|given| given.from == index) || owner == Some(index);
            if param.required && !is_given {
                let message = format!(
                    "`{}` has no value for `{}`, which `{}` requires: add a template with it",
                    name.value, param.name.value, endpoint.name.value
                );
                self.problem(&name.location, message);
            }
        }
    }

    /// What this endpoint accepts, the fallback endpoint accepts too, and its limit is known.
    fn limits(
        &self,
        fallback: &FallbackEntry,
        params: &[FallbackParam],
        fan_out: Option<usize>,
        endpoint: &Endpoint,
        target: &Endpoint,
    ) {
        let name = &fallback.endpoint;
        let list = |endpoint: &Endpoint| endpoint.batch.as_ref().and_then(|batch| batch.param);
        for given in params {
            let pair = (endpoint.params.get(given.from), target.params.get(given.to));
            let (Some(from), Some(to)) = pair else { continue };
            let is_split = list(endpoint) == Some(given.from) && fan_out != Some(given.from);
            if is_split && list(target) != Some(given.to) {
                let message = format!(
                    "`{}` has no `batch` by `{}`, so its maximum per request is unknown",
                    name.value, to.name.value
                );
                self.problem(&name.location, message);
            }
            let is_below = to.min.is_some_and(|min| from.min.is_none_or(|own| own < min));
            let is_above = to.max.is_some_and(|max| from.max.is_none_or(|own| own > max));
            if is_below || is_above {
                let message = format!(
                    "`{}` of `{}` has a narrower range than `{}` of `{}`",
                    to.name.value, name.value, from.name.value, endpoint.name.value
                );
                self.problem(&name.location, message);
            }
        }
    }

    /// The response of the fallback endpoint can be decoded as that of this one.
    fn returns_fit(
        &self,
        fallback: &FallbackEntry,
        fan_out: Option<usize>,
        endpoint: &Endpoint,
        target: &Endpoint,
    ) {
        let (Some(ours), Some(theirs)) = (&endpoint.returns, &target.returns) else { return };
        let (ours, theirs) = (ours.value.text(), theirs.value.text());
        let fits = if fan_out.is_some() {
            let one = ours.strip_prefix("Vec<Option<").and_then(|one| one.strip_suffix(">>"));
            one.is_some_and(|one| one == theirs || one == format!("Simplified{theirs}"))
        } else if endpoint.pointer.as_deref() == Some("[0]") {
            // The first element of the list that the fallback endpoint returns.
            format!("Vec<{ours}>") == theirs && target.pointer.is_none()
        } else {
            ours == theirs && endpoint.pointer == target.pointer
        };
        if !fits {
            let message = format!(
                "`{}` returns `{theirs}`, which does not fit `{}`, which returns `{ours}`",
                fallback.endpoint.value, endpoint.name.value
            );
            self.problem(&fallback.endpoint.location, message);
        }
    }

    /// A token that may make the call may use the fallback endpoint: it names the scopes too.
    fn scopes_fit(&self, fallback: &FallbackEntry, endpoint: &Endpoint, target: &Endpoint) {
        let unlocks = || target.scopes.unlocks.iter().map(|(scope, ..)| scope.value.as_str());
        for (scope, _) in endpoint.scopes.required.iter().chain(&endpoint.scopes.alternative) {
            if !target.scopes.needed().chain(unlocks()).any(|known| known == scope.value) {
                let message = format!(
                    "`{}` does not name the scope `{}`, which `{}` requires",
                    fallback.endpoint.value, scope.value, endpoint.name.value
                );
                self.problem(&fallback.endpoint.location, message);
            }
        }
    }
}

/// A fallback in the descriptor.
fn descriptor(fallback: &FallbackEntry, resolved: &Fallback) -> TokenStream {
    let constant = |name: &At<String>| ident(&name.value.to_uppercase());
    let params = resolved.params.iter().map(|param| {
        let (from, to, prefix) = (number(param.from), number(param.to), &param.prefix);
        quote!(FallbackParam { from: #from, to: #to, prefix: #prefix })
    });
    let mut calls = Facts::default();
    if let Some(list) = resolved.fan_out {
        calls.call("fan_out", number(list));
    }
    if let (Some(param), Some((_, user))) = (resolved.owner, fallback.owner_only.first()) {
        let (param, user) = (number(param), constant(user));
        calls.call("owner_only", quote!(#param, &#user));
    }
    let renames = fallback.renames.iter().map(|(from, to)| (&from.value, &to.value));
    calls.list("renames", renames.map(|(from, to)| quote!((#from, #to))));
    calls.flag("original_still_works", fallback.original_still_works);
    let (endpoint, calls) = (constant(&fallback.endpoint), calls.0);
    quote!(Fallback::new(&#endpoint, &[#(#params),*]) #calls)
}
