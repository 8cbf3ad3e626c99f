//! The rules of one row.

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{self, At, Literal, Row};
use super::name::{ident, is_taken_type, pascal};
use super::{Checker, Endpoint, OpenTo, Param};

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
    pub(super) fn endpoint(&mut self, row: &Row) -> Option<Endpoint> {
        let name = self.identifier(&row.name, "take another name");
        let type_name = pascal(&row.name.value);
        if METHODS.contains(&row.name.value.as_str()) {
            let message = format!(
                "`Spotify` has a method `{}` of its own: take another name",
                row.name.value
            );
            self.problem(&row.name.place, message);
        } else if is_taken_type(&type_name) || self.types.contains_key(&type_name) {
            let message = format!(
                "the request of this row would be called `{type_name}`, which is another type: take another name"
            );
            self.problem(&row.name.place, message);
        }
        self.sentence(&row.summary, "the `summary`");
        self.not_empty(row.notes.as_ref(), "`notes`");
        self.not_empty(row.replacement.as_ref(), "`replacement`");
        self.reference(&row.reference);
        let methods = ["GET", "POST", "PUT", "DELETE"].map(|method| (method, method));
        let method = self.one_of(&row.method, "`method`", &methods);
        let path = PathTemplate::parse(&row.path.value);
        if let Err(message) = &path {
            self.problem(&row.path.place, message.as_str());
        }
        let path = path.ok();
        let user_token = self.one_of(&row.token, "`token`", &[("user", true), ("app", false)]);
        let open_to = [
            ("all", OpenTo::All),
            ("extended", OpenTo::Extended),
            ("closed-2024", OpenTo::Closed2024),
        ];
        let open_to = self.one_of(&row.open_to, "`open_to`", &open_to);
        let scopes = self.scopes_of(row);
        let params: Vec<Option<Param>> = row.params.iter().map(|param| self.param(param)).collect();
        let params: Option<Vec<Param>> = params.into_iter().collect();
        self.params_together(row, path.as_ref());
        let returns = self.returns(row);
        self.choices(row, returns.as_ref());
        let chunk = row.chunk.as_ref().and_then(|chunk| self.chunk(chunk, row, returns.as_ref()));
        let fixed =
            row.fixed.iter().filter_map(|(key, value)| self.fixed(key, value, row)).collect();
        let total = row.total.as_ref().map(|total| self.total(total, row));
        let any_of = self.any_of(row);
        let success = self.statuses(&row.success);
        let closed_with = self.closed_with(row);
        if row.once && matches!(row.method.value.as_str(), "GET" | "POST") {
            let message = format!(
                "`once` is for a PUT or DELETE that must not be sent twice; what it says of a {} is known",
                row.method.value
            );
            self.problem(&row.method.place, message);
        }
        Some(Endpoint {
            origin: self.problems.line_of(&row.place),
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
            within: row.within.as_ref().map(|within| within.value.clone()),
            success: if success.is_empty() { vec![200] } else { success },
            chunk,
            fixed,
            estimate: row.estimate,
            idempotent: row.method.value != "POST" && !row.once,
            open_to: open_to?,
            closed_with,
            replacement: row.replacement.as_ref().map(|replacement| replacement.value.clone()),
            // Known when all rows are.
            development: None,
            total,
            any_of,
            params: params?,
        })
    }

    /// The status with which Spotify refuses an app that the row is closed to.
    fn closed_with(&mut self, row: &Row) -> u16 {
        let Some(status) = &row.closed_with else { return 403 };
        let code = u16::try_from(status.value).ok().filter(|code| (400..=499).contains(code));
        if code.is_none() || row.open_to.value == "all" {
            let message = format!(
                "`closed_with` is the status, from 400 to 499, of a row that is closed to some, found {}",
                status.value
            );
            self.problem(&status.place, message);
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
            self.problem(&reference.place, message);
        }
    }

    fn fixed(
        &mut self,
        key: &At<String>,
        value: &At<Literal>,
        row: &Row,
    ) -> Option<(String, String)> {
        self.key(key);
        let is_same =
            |param: &&read::Param| param.key.value == key.value && param.within.value == "query";
        if row.params.iter().any(|param| is_same(&param)) {
            let message = format!(
                "`{}` is fixed and a parameter at once: take it out of `fixed` or out of `params`",
                key.value
            );
            self.problem(&key.place, message);
        }
        if let Literal::List(_) | Literal::Table(_) = &value.value {
            let message = format!(
                "a fixed value is a string, an integer or a boolean, found {}",
                value.value.described()
            );
            self.problem(&value.place, message);
        }
        Some((key.value.clone(), value.value.to_string()))
    }
}
