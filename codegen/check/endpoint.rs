//! The rules of one row.

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{self, At, Literal, RawEndpoint};
use super::name::{ident, is_taken_type, pascal};
use super::{Availability, Checker, Endpoint, Param};

/// What `Spotify` has by hand, so that no row may be called so.
const METHODS: [&str; 18] = [
    "base",
    "builder",
    "clone",
    "connections",
    "deadline",
    "default_for",
    "delete",
    "endpoints",
    "fmt",
    "from_token",
    "get",
    "learned",
    "new",
    "post",
    "put",
    "quota_mode",
    "request",
    "send",
];

impl Checker<'_> {
    pub(super) fn endpoint(&mut self, row: &RawEndpoint) -> Option<Endpoint> {
        let name = self.identifier(&row.name, "take another name");
        let type_name = pascal(&row.name.value);
        if METHODS.contains(&row.name.value.as_str()) {
            let message = format!(
                "`Spotify` has a method `{}` of its own: take another name",
                row.name.value
            );
            self.problem(&row.name.location, message);
        } else if is_taken_type(&type_name) || self.types.contains_key(&type_name) {
            let message = format!(
                "the request type of this entry would be called `{type_name}`, which is the name of another type: take another name"
            );
            self.problem(&row.name.location, message);
        }
        self.sentence(&row.summary, "the `summary`");
        self.not_empty(row.notes.as_ref(), "`notes`");
        self.not_empty(row.replacement.as_ref(), "`replacement`");
        self.reference(&row.reference);
        let methods = ["GET", "POST", "PUT", "DELETE"].map(|method| (method, method));
        let method = self.one_of(&row.method, "`method`", &methods);
        let path = PathTemplate::parse(&row.path.value);
        if let Err(message) = &path {
            self.problem(&row.path.location, message.as_str());
        }
        let path = path.ok();
        let user_token = self.one_of(&row.token, "`token`", &[("user", true), ("app", false)]);
        let availability = [
            ("all", Availability::All),
            ("extended", Availability::ExtendedQuota),
            ("legacy", Availability::Legacy),
        ];
        let availability = self.one_of(&row.availability, "`availability`", &availability);
        let scopes = self.scopes_of(row);
        let params: Vec<Option<Param>> = row.params.iter().map(|param| self.param(param)).collect();
        let params: Option<Vec<Param>> = params.into_iter().collect();
        self.params_together(row, path.as_ref());
        let returns = self.returns(row);
        self.choices(row, returns.as_ref());
        let batch = row.batch.as_ref().and_then(|batch| self.batch(batch, row, returns.as_ref()));
        let fixed =
            row.fixed.iter().filter_map(|(key, value)| self.fixed(key, value, row)).collect();
        let sum_limit = row.sum_limit.as_ref().map(|sum_limit| self.sum_limit(sum_limit, row));
        let any_of = self.any_of(row);
        let success = self.statuses(&row.success);
        let unavailable_status = self.unavailable_status(row);
        if let Some(idempotent) = &row.idempotent
            && (idempotent.value || matches!(row.method.value.as_str(), "GET" | "POST"))
        {
            let message = "only `idempotent = false` is allowed, and only for a PUT or DELETE: the method decides for all others";
            self.problem(&idempotent.location, message);
        }
        Some(Endpoint {
            origin: self.problems.line_of(&row.location),
            type_name: ident(&type_name),
            const_name: ident(&row.name.value.to_uppercase()),
            name: name?,
            summary: row.summary.value.clone(),
            notes: row.notes.as_ref().map(|notes| notes.value.clone()),
            reference: row.reference.value.clone(),
            method: method?.to_owned(),
            path: path?,
            user_token: user_token?,
            scopes,
            returns: returns?,
            pointer: row.pointer.as_ref().map(|pointer| pointer.value.clone()),
            success: if success.is_empty() { vec![200] } else { success },
            batch,
            fixed,
            total_is_estimate: row.total_is_estimate,
            idempotent: row.method.value != "POST" && row.idempotent.is_none(),
            availability: availability?,
            unavailable_status,
            replacement: row.replacement.as_ref().map(|replacement| replacement.value.clone()),
            // Known when all rows are.
            fallback: None,
            sum_limit,
            any_of,
            params: params?,
        })
    }

    /// The status with which Spotify refuses an app that the row is closed to.
    fn unavailable_status(&mut self, row: &RawEndpoint) -> u16 {
        let Some(status) = &row.unavailable_status else { return 403 };
        let code = u16::try_from(status.value).ok().filter(|code| (400..=499).contains(code));
        if code.is_none() || row.availability.value == "all" {
            let message = format!(
                "`unavailable_status` is a status from 400 to 499, for an endpoint that is not available to all, found {}",
                status.value
            );
            self.problem(&status.location, message);
        }
        code.unwrap_or(403)
    }

    fn reference(&mut self, reference: &At<String>) {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if reference.value.is_empty() || !reference.value.chars().all(is_plain) {
            let message = format!(
                "`reference` is the end of the address of Spotify's page, as in `get-an-album`, found {}",
                phrase::shown(&reference.value)
            );
            self.problem(&reference.location, message);
        }
    }

    fn fixed(
        &mut self,
        key: &At<String>,
        value: &At<Literal>,
        row: &RawEndpoint,
    ) -> Option<(String, String)> {
        self.key(key);
        let is_same =
            |param: &&read::Param| param.key.value == key.value && param.pointer.value == "query";
        if row.params.iter().any(|param| is_same(&param)) {
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
        Some((key.value.clone(), value.value.to_string()))
    }
}
