//! The rules of one row.

use proc_macro2::Ident;

use super::super::path::PathTemplate;
use super::super::row::{self, At, Literal, Row};
use super::name::{ident, pascal};
use super::{Checker, Chunk, Development, Endpoint, Join, OpenTo, Param, Returns, Scopes};

impl Checker<'_> {
    pub(super) fn endpoint(&mut self, row: &Row) -> Option<Endpoint> {
        let name = self.identifier(&row.name);
        if row.summary.value.trim().is_empty() {
            self.problem(
                &row.summary.place,
                "a row needs a `summary`: one sentence that says what the call does",
            );
        }
        let methods = ["GET", "POST", "PUT", "DELETE"].map(|method| (method, method));
        let method = self.one_of(&row.method, "`method`", &methods);
        let path = match PathTemplate::parse(&row.path.value) {
            Ok(path) => Some(path),
            Err(message) => {
                self.problem(&row.path.place, message);
                None
            }
        };
        let user_token = self.one_of(&row.token, "`token`", &[("user", true), ("app", false)]);
        let open_to = self.one_of(
            &row.open_to,
            "`open_to`",
            &[
                ("all", OpenTo::All),
                ("extended", OpenTo::Extended),
                ("closed-2024", OpenTo::Closed2024),
            ],
        );
        let scopes = self.scopes(&row.scopes);
        let params: Vec<Option<Param>> = row.params.iter().map(|param| self.param(param)).collect();
        let params: Option<Vec<Param>> = params.into_iter().collect();
        self.params_together(row, path.as_ref());
        let returns = self.returns(row);
        let chunk = row.chunk.as_ref().and_then(|chunk| self.chunk(chunk, row));
        let fixed =
            row.fixed.iter().filter_map(|(key, value)| self.fixed(key, value, row)).collect();
        let success =
            row.success.iter().filter_map(|status| self.status(status)).collect::<Vec<_>>();
        let name = name?;
        let text = name.to_string();
        Some(Endpoint {
            origin: self.problems.line_of(&row.place),
            type_name: ident(&pascal(&text)),
            const_name: ident(&text.to_uppercase()),
            name,
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
            open_to: open_to?,
            replacement: row.replacement.as_ref().map(|replacement| replacement.value.clone()),
            development: row.development.as_ref().map(|development| Development {
                row: ident(&development.row.value),
                params: development
                    .params
                    .iter()
                    .map(|(k, v)| (k.value.clone(), v.value.clone()))
                    .collect(),
            }),
            params: params?,
        })
    }

    fn scope(&mut self, scope: &At<String>) -> Option<Ident> {
        let known = self.table.scopes.iter().find(|known| known.word == scope.value);
        let variant = known.map(|known| known.variant.clone());
        if variant.is_none() {
            self.problem(
                &scope.place,
                format!("unknown scope `{}`; scopes stand in spec/scopes.toml", scope.value),
            );
        }
        variant
    }

    fn scopes(&mut self, scopes: &row::Scopes) -> Scopes {
        let mut noted = |scopes: &[(At<String>, At<String>)]| -> Vec<(Ident, String)> {
            scopes
                .iter()
                .filter_map(|(scope, note)| Some((self.scope(scope)?, note.value.clone())))
                .collect()
        };
        let (conditional, unlocks) = (noted(&scopes.conditional), noted(&scopes.unlocks));
        Scopes {
            required: scopes.required.iter().filter_map(|scope| self.scope(scope)).collect(),
            alternative: scopes.alternative.iter().filter_map(|scope| self.scope(scope)).collect(),
            conditional,
            unlocks,
        }
    }

    fn status(&mut self, status: &At<i64>) -> Option<u16> {
        match u16::try_from(status.value) {
            Ok(code @ 200..=299) => Some(code),
            _ => {
                self.problem(
                    &status.place,
                    format!("a success status is from 200 to 299, found {}", status.value),
                );
                None
            }
        }
    }

    fn returns(&mut self, row: &Row) -> Option<Returns> {
        let ty = self.rust_type(&row.returns)?;
        if let Some(within) = &row.within
            && row.returns.value == "()"
        {
            self.problem(&within.place, "a call that answers nothing has nothing `within`");
        }
        let has = |key: &str| {
            row.params.iter().any(|param| param.key.value == key && param.within.value == "query")
        };
        Some(match generic_argument(&ty) {
            _ if row.returns.value == "()" => Returns::Unit,
            Some((name, item)) if name == "Page" => {
                if !has("limit") || !has("offset") {
                    self.problem(
                        &row.returns.place,
                        "a `Page` needs the query parameters `limit` and `offset`",
                    );
                }
                Returns::Page { page: ty, item }
            }
            Some((name, item)) if name == "CursorPage" => {
                if !has("limit") || !(has("after") || has("before")) {
                    self.problem(
                        &row.returns.place,
                        "a `CursorPage` needs the query parameters `limit` and `after` or `before`",
                    );
                }
                Returns::CursorPage { page: ty, item }
            }
            _ => Returns::One(ty),
        })
    }

    fn chunk(&mut self, chunk: &row::Chunk, row: &Row) -> Option<Chunk> {
        let param = row.params.iter().position(|param| param.name.value == chunk.by.value);
        if !param.is_some_and(|index| row.params[index].list && row.params[index].required) {
            let message = format!(
                "`chunk.by` must name a required parameter with `list = true`, found `{}`",
                chunk.by.value
            );
            self.problem(&chunk.by.place, message);
        }
        let max = u32::try_from(chunk.max.value).ok().filter(|max| *max > 0);
        if max.is_none() {
            self.problem(
                &chunk.max.place,
                format!("`chunk.max` must be at least 1, found {}", chunk.max.value),
            );
        }
        let joins = [("concat", Join::Concat), ("unit", Join::Unit), ("last", Join::Last)];
        let join = self.one_of(&chunk.join, "`chunk.join`", &joins)?;
        let returns = row.returns.value.as_str();
        let fits = match join {
            Join::Concat => returns.starts_with("Vec<"),
            Join::Unit => returns == "()",
            Join::Last => returns != "()" && !returns.starts_with("Vec<"),
        };
        if !fits {
            let wanted = match join {
                Join::Concat => "joins lists, so `returns` must be a `Vec<…>`",
                Join::Unit => "joins nothing, so `returns` must be `()`",
                Join::Last => "keeps the last answer, so `returns` must be a single value",
            };
            self.problem(
                &chunk.join.place,
                format!("`{}` {wanted}, found `{returns}`", chunk.join.value),
            );
        }
        Some(Chunk { param: param?, max: max?, join })
    }

    fn fixed(
        &mut self,
        key: &At<String>,
        value: &At<Literal>,
        row: &Row,
    ) -> Option<(String, String)> {
        if row
            .params
            .iter()
            .any(|param| param.key.value == key.value && param.within.value == "query")
        {
            self.problem(&key.place, format!("`{}` is fixed and a parameter at once", key.value));
        }
        let text = match &value.value {
            Literal::Text(text) => text.clone(),
            Literal::Integer(number) => number.to_string(),
            Literal::Boolean(boolean) => boolean.to_string(),
            Literal::List(_) | Literal::Table(_) => {
                self.problem(&value.place, "a fixed value is a string, an integer or a boolean");
                return None;
            }
        };
        Some((key.value.clone(), text))
    }
}

/// `Page<Album>` to `("Page", Album)`.
fn generic_argument(ty: &syn::Type) -> Option<(String, syn::Type)> {
    let syn::Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(item) => Some((segment.ident.to_string(), item.clone())),
        _ => None,
    }
}
