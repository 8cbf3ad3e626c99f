//! Reads and checks the keys of an `[[endpoint]]` entry.

use quote::quote;

use super::super::read::template::PathTemplate;
use super::super::read::{At, Literal, table_reader::TableReader};
use super::super::table::{
    Availability, Endpoint, Facts, Param, ParamLocation, SumLimit, ident, number, pascal,
};
use super::Checker;

/// Methods that `Spotify` has in addition to the calls, which therefore cannot have these names.
#[rustfmt::skip]
const METHODS: [&str; 18] = [
    "base", "builder", "clone", "connections", "deadline", "default_for", "delete", "endpoints", "fmt", "from_token",
    "get", "learned", "new", "post", "put", "quota_mode", "request", "send",
];

impl Checker<'_> {
    pub(super) fn endpoint(&mut self, reader: &mut TableReader<'_>) -> Endpoint {
        let location = reader.location.clone();
        let mut endpoint =
            Endpoint { origin: self.problems.line_of(&location), location, ..Endpoint::default() };
        match reader.text("name", "of the method, \"get_album\"") {
            Some(name) => {
                self.call_name(&name);
                endpoint.name = name;
            }
            None => self.poisoned.endpoints = true,
        }
        endpoint.replaces = reader.flag("replaces");
        let summary = reader.text("summary", "what the call does, in one sentence");
        endpoint.summary = self.sentence(summary, "the `summary`");
        endpoint.notes = self.not_empty(reader, "notes");
        let reference = reader.text("reference", "the end of the address of Spotify's page");
        endpoint.reference = reference.map(|text| self.reference(text)).unwrap_or_default();
        endpoint.facts.text("summary", Some(&endpoint.summary));
        endpoint.facts.text("reference", Some(&endpoint.reference));

        let method = reader.text("method", "\"GET\", \"POST\", \"PUT\" or \"DELETE\"");
        if let Some(method) = &method {
            let methods = ["GET", "POST", "PUT", "DELETE"].map(|method| (method, ()));
            self.one_of(method, "`method`", &methods);
        }
        endpoint.method = method.unwrap_or_default();
        endpoint.path = reader.text("path", "\"/albums/{album_id}\"").and_then(|text| {
            let parsed = PathTemplate::parse(&text.value);
            parsed.map(|path| text.with(path)).map_err(|m| self.problem(&text.location, m)).ok()
        });
        let user_token = self.choice(reader, "token", "`token`", &[("user", true), ("app", false)]);
        endpoint.user_token = user_token.is_some_and(|at| at.value);
        endpoint.facts.flag("user_token", endpoint.user_token);

        let params = reader.tables("params", "parameter", |reader| self.param(reader));
        let is_unnamed =
            |param: &Option<Param>| param.as_ref().is_none_or(|param| param.name.value.is_empty());
        endpoint.has_unnamed_params = params.iter().any(is_unnamed);
        endpoint.params = params.into_iter().flatten().collect();
        self.param_set(&endpoint);

        reader.table("scopes", |reader| self.endpoint_scopes(reader, &mut endpoint));
        self.returned(reader, &mut endpoint);
        self.success(reader, &mut endpoint.facts);
        self.batch(reader, &mut endpoint);
        self.fixed(reader, &mut endpoint);
        self.availability(reader, &mut endpoint);
        self.idempotent(reader, &mut endpoint);
        endpoint.facts.flag("total_is_estimate", reader.flag("total_is_estimate"));
        let max_body = reader.maybe::<i64>("max_body");
        if let Some(max) = max_body.as_ref().filter(|max| max.value < 1) {
            self.problem(&max.location, "`max_body` is a number of bytes, at least 1");
        }
        endpoint.facts.number("max_body", max_body.map(|max| max.value));
        endpoint.replacement = self.not_empty(reader, "replacement");
        endpoint.facts.text("replacement", endpoint.replacement.as_deref());
        endpoint.fallback = self.fallback_entry(reader);
        self.sum_limit(reader, &mut endpoint);
        self.any_of(reader, &mut endpoint);
        endpoint.aliases = self.aliases(reader);
        endpoint.shortcuts = self.shortcuts(reader, &endpoint);
        endpoint
    }

    pub(super) fn call_name(&self, name: &At<String>) {
        let At { value: text, location } = name;
        let type_name = pascal(text);
        if METHODS.contains(&text.as_str()) {
            let message = format!("`Spotify` already has a method `{text}`: choose another name");
            self.problem(location, message);
        } else if self.taken_types.contains(&*type_name) || self.types.contains_key(&type_name) {
            let message = format!(
                "the request type of this entry would be called `{type_name}`, which is the name of another type: choose another name"
            );
            self.problem(location, message);
        }
        self.identifier(name, "choose another name");
    }

    fn reference(&self, text: At<String>) -> String {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.value.is_empty() || !text.value.chars().all(is_plain) {
            let rule =
                "`reference` is the end of the address of Spotify's page, as in `get-an-album`";
            self.broken(&text, rule);
        }
        text.value
    }

    fn success(&self, reader: &mut TableReader<'_>, facts: &mut Facts) {
        let mut codes = Vec::new();
        for status in reader.list::<i64>("success") {
            let message = match u16::try_from(status.value) {
                Ok(code @ 200..=299) if codes.contains(&code) => {
                    format!("the status {code} is named twice")
                }
                Ok(code @ 200..=299) => {
                    codes.push(code);
                    continue;
                }
                _ => format!("a status of success is from 200 to 299, found {}", status.value),
            };
            self.problem(&status.location, message);
        }
        if codes != [200] {
            facts.list("success", codes.iter().map(number));
        }
    }

    fn fixed(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        let entries =
            reader.table("fixed", |reader| reader.rest_of::<Literal>()).unwrap_or_default();
        for (key, value) in entries {
            self.key(&key);
            let is_same = |param: &Param| {
                param.key.value == key.value && param.is_surely_in(ParamLocation::Query)
            };
            if endpoint.params.iter().any(is_same) {
                let message = format!(
                    "`{}` is in `fixed` and in `params`: remove it from `fixed` or from `params`",
                    key.value
                );
                self.problem(&key.location, message);
            }
            if let Literal::List(_) | Literal::Table(_) = &value.value {
                let message = format!(
                    "a fixed value is a string, an integer or a boolean, found {}",
                    value.value.described()
                );
                self.problem(&value.location, message);
            }
            endpoint.fixed.push((key.value, value.value.to_string()));
        }
        let fixed = endpoint.fixed.iter().map(|(key, value)| quote!((#key, #value)));
        endpoint.facts.list("fixed", fixed);
    }

    /// Reads `availability` and `unavailable_status`.
    fn availability(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        let all = [Availability::All, Availability::ExtendedQuota, Availability::Legacy];
        let words = all.map(|availability| (availability.word(), availability));
        let found = self.choice(reader, "availability", "`availability`", &words);
        let found = found.map(|at| at.value);
        endpoint.availability = found;
        if let Some(availability) = found.filter(|found| *found != Availability::All) {
            let variant = ident(&format!("{availability:?}"));
            endpoint.facts.call("availability", quote!(Availability::#variant));
        }
        if let Some(At { value: status, location }) = reader.maybe::<i64>("unavailable_status") {
            if !(400..=499).contains(&status) || found == Some(Availability::All) {
                let message = format!(
                    "`unavailable_status` is a status from 400 to 499, for an endpoint that is not available to all, found {status}"
                );
                self.problem(&location, message);
            }
            endpoint.facts.number("unavailable_status", Some(status));
        }
    }

    fn idempotent(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        let Some(At { value, location }) = reader.maybe::<bool>("idempotent") else { return };
        if value || matches!(endpoint.method.value.as_str(), "GET" | "POST") {
            let message = "only `idempotent = false` is allowed, and only for a PUT or DELETE: the method decides for all others";
            self.problem(&location, message);
        }
        endpoint.facts.flag("not_idempotent", !value);
    }

    /// Reads `sum_limit`: parameters whose sum has a limit, where a list counts with its length.
    fn sum_limit(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        reader.table("sum_limit", |reader| {
            let names = reader.list::<String>("params");
            let rule = "`sum_limit.params` names integers or lists among the parameters";
            let params = self.indices(&names, endpoint, rule, |p| p.list || p.is_integer());
            self.at_least_two(names.len(), &reader.location, "sum_limit", "max");
            let min = reader.maybe::<i64>("min").map_or(0, |min| min.value);
            let max = reader.required::<i64>("max", "the greatest sum that Spotify accepts");
            if let Some(max) = max.as_ref().filter(|max| min > max.value) {
                let message = format!("`min` is {min}, which is above `max`, {}", max.value);
                self.problem(&max.location, message);
            }
            let max = max.map_or(0, |max| max.value);
            let (indices, least, most) = (params.iter().map(number), number(min), number(max));
            endpoint.facts.call("sum_limit", quote!(&[#(#indices),*], #least, #most));
            endpoint.sum_limit = Some(SumLimit { params, min });
        });
    }

    /// Reads `any_of`: setters of which a call needs at least one.
    fn any_of(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        let names = reader.list::<String>("any_of");
        let rule = "`any_of` names parameters that are not required";
        endpoint.any_of = self.indices(&names, endpoint, rule, |param| !param.required);
        if let Some(first) = names.first() {
            self.at_least_two(names.len(), &first.location, "any_of", "required");
        }
        endpoint.facts.list("any_of", endpoint.any_of.iter().map(number));
    }
}
