//! The rules for splitting a list into several requests.

use quote::quote;

use super::super::diagnostics::phrase;
use super::super::read::{At, table_reader::TableReader};
use super::super::table::{
    Batch, Endpoint, Facts, Join, Kind, Param, ParamLocation, Returns, Shape, const_name, ident,
    number,
};
use super::Checker;
use super::returns::generic_argument;

/// Higher than the maximum of any endpoint.
const MAX_BATCH: i64 = 1000;

impl Checker<'_> {
    pub(super) fn batch(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        reader.table("batch", |reader| {
            let by = reader.text("by", "the name of the list");
            let list = by.as_ref().and_then(|by| self.batch_list(by, endpoint));
            let max = reader.required::<i64>("max", "how many ids one request takes");
            if let Some(max) = max.as_ref().filter(|max| !(1..=MAX_BATCH).contains(&max.value)) {
                let message = format!("`batch.max` is from 1 to {MAX_BATCH}, found {}", max.value);
                self.problem(&max.location, message);
            }
            let joins = [("concat", Join::Concat), ("unit", Join::Unit), ("last", Join::Last)];
            let join = self.choice(reader, "join", "`batch.join`", &joins);
            let mut calls = Facts::default();
            let advance = reader.maybe::<String>("advance").and_then(|name| {
                let rule = "`batch.advance` names an integer among the parameters";
                let is_number = |param: &Param| param.is_integer() && !param.list;
                self.indices(&[name], endpoint, rule, is_number).first().copied()
            });
            calls.number("advance", advance.and_then(|index| i64::try_from(index).ok()));
            let then = reader.maybe::<String>("then");
            if let Some(then) = &then {
                let rest = const_name(&then.value);
                calls.call("then", quote!(&#rest));
            }
            let send_empty = reader.flag("send_empty");
            calls.flag("send_empty", send_empty);
            if let Some(max) = reader.maybe::<i64>("max_url") {
                self.max_url(&max, list);
                calls.number("max_url", Some(max.value));
            }
            if let (Some(join), Some(returns)) = (&join, &endpoint.returns) {
                self.join(join, send_empty, returns);
            }

            let param = by.as_ref().and_then(|by| endpoint.index_of(&by.value));
            let max = max.and_then(|max| u32::try_from(max.value).ok()).unwrap_or_default();
            let join = join.map(|join| join.value);
            let joined = ident(&format!("{:?}", join.unwrap_or(Join::Unit)));
            let (index, count) = (number(param.unwrap_or_default()), number(max));
            let calls = calls.0;
            let rule = quote!(BatchRule::new(#index, #count, JoinResponses::#joined) #calls);
            endpoint.facts.call("batch", rule);
            let by = by.unwrap_or_default();
            endpoint.batch = Some(Batch { by, param, max, join, advance, then, send_empty });
        });
    }

    /// Checks `by`.
    fn batch_list<'e>(&self, by: &At<String>, endpoint: &'e Endpoint) -> Option<&'e Param> {
        let param = endpoint.param(&by.value);
        let problem = match param {
            None if endpoint.has_unnamed_params => return None,
            None => "which is not a parameter".to_owned(),
            Some(param) if !param.list => "which has no `list = true`".to_owned(),
            Some(param) if !param.required => "which has no `required = true`".to_owned(),
            Some(param) if param.is_surely_in(ParamLocation::Path) => {
                "which is in the path".to_owned()
            }
            Some(param) => match param.kind {
                None | Some(Kind::Id(_) | Kind::Uri | Kind::TimestampedId | Kind::Text) => {
                    return Some(param);
                }
                Some(_) => format!("whose elements are `{}`", param.ty.value),
            },
        };
        let message =
            format!("`batch.by` names a required list of ids, URIs or text, found {by}, {problem}");
        self.problem(&by.location, message);
        param
    }

    /// Checks `max_url`, the maximum length of a URL, which applies to a list in the query.
    fn max_url(&self, max: &At<i64>, list: Option<&Param>) {
        if !(200..=65_536).contains(&max.value) {
            let message =
                format!("`max_url` is a number of bytes from 200 to 65536, found {}", max.value);
            self.problem(&max.location, message);
        } else if list.is_some_and(|list| !list.is_in(ParamLocation::Query)) {
            self.problem(&max.location, "`max_url` is for a list in the query");
        }
    }

    fn join(&self, join: &At<Join>, send_empty: bool, returns: &At<Returns>) {
        let found = format!("found {}", phrase::shown(&returns.value.text()));
        let is_list = generic_argument(&returns.value.ty).is_some_and(|(name, _)| name == "Vec");
        let fits = match &returns.value.shape {
            Shape::Page(_) => {
                let message = format!(
                    "a page cannot come from several requests, {found} and a `batch`: remove one"
                );
                self.problem(&returns.location, message);
                return;
            }
            Shape::Unit => join.value == Join::Unit,
            Shape::One if is_list => join.value == Join::Concat,
            Shape::One => join.value == Join::Last && send_empty,
            Shape::Maybe => join.value == Join::Last && !send_empty,
        };
        if !fits {
            let rule = match join.value {
                Join::Concat => "`concat` joins lists, so `returns` is a `Vec<…>`",
                Join::Unit => "`unit` joins nothing, so `returns` is `()`",
                Join::Last if send_empty => {
                    "`last` keeps the last response, and there is always one, so `returns` is a single value"
                }
                Join::Last => {
                    "`last` keeps the last response, and an empty list has none, so `returns` is an `Option<…>`"
                }
            };
            self.problem(&join.location, format!("{rule}, {found}"));
        }
    }

    /// Checks that the endpoint in `then` accepts the parameters of the first one.
    pub(super) fn batch_continuations(&self) {
        for endpoint in self.table.endpoints() {
            let Some(batch) = &endpoint.batch else { continue };
            let Some(then) = &batch.then else { continue };
            let Some(target) = self.endpoint_named(then) else { continue };
            let is_known = |param: &Param| endpoint.params.iter().any(|own| own.is_like(param));
            let mut is_alike = true;
            for param in target.params.iter().filter(|param| param.required && !is_known(param)) {
                if endpoint.has_unnamed_params {
                    continue;
                }
                is_alike = false;
                let message = format!(
                    "`{}` requires `{}`, for which `{}` has no parameter with the same name and type",
                    then.value, param.name.value, endpoint.name.value
                );
                self.problem(&then.location, message);
            }
            let message = match &target.batch {
                Some(rest) if rest.by.value == batch.by.value => {
                    if !is_alike || rest.max >= batch.max || rest.max == 0 {
                        continue;
                    }
                    format!(
                        "`{}` accepts {} per request, which is less than the batch size of {}",
                        then.value, rest.max, batch.max
                    )
                }
                _ => format!(
                    "`{}` continues with `{}`, so its `batch.by` must be the same",
                    then.value, batch.by.value
                ),
            };
            self.problem(&then.location, message);
        }
    }
}
