//! What a call answers, and how the answers of several requests become one.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::super::diagnostics::phrase;
use super::super::read::{self, At, RawEndpoint};
use super::{Batch, Checker, Join, Kind, Returns, SumLimit};

/// More than Spotify takes anywhere.
const MAX_BATCH: u32 = 1000;

impl Checker<'_> {
    pub(super) fn returns(&mut self, row: &RawEndpoint) -> Option<Returns> {
        let ty = self.rust_type(&row.returns);
        if let Some(pointer) = &row.pointer {
            self.pointer(pointer, ty.as_ref());
        }
        let ty = ty?;
        if is_unit(&ty) {
            return Some(Returns::Unit);
        }
        Some(match generic_argument(&ty) {
            Some((name, item)) if name == "Page" => {
                self.page(row, "Page", &["offset"]);
                Returns::Page { page: ty, item }
            }
            Some((name, item)) if name == "CursorPage" => {
                self.page(row, "CursorPage", &["after", "before"]);
                Returns::CursorPage { page: ty, item }
            }
            Some((name, item)) if name == "Option" => Returns::Maybe(item),
            _ => Returns::One(ty),
        })
    }

    pub(super) fn pointer(&mut self, pointer: &At<String>, ty: Option<&syn::Type>) {
        let text = &pointer.value;
        if ty.is_some_and(is_unit) {
            let message = "a call that returns `()` has no `pointer`: remove it";
            self.problem(&pointer.location, message);
        }
        let is_member = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_member && text != "[0]" {
            let message = format!(
                "`pointer` is the name of one field, or `[0]` for the first element of a list, found {}",
                phrase::shown(text)
            );
            self.problem(&pointer.location, message);
        }
    }

    /// How a walk goes from page to page: by a limit, and from one of these places.
    fn page(&mut self, row: &RawEndpoint, what: &str, places: &[&str]) {
        let find = |key: &str| {
            row.params.iter().find(|param| param.key.value == key && param.pointer.value == "query")
        };
        let limit = find("limit");
        let location = places.iter().find_map(|key| find(key));
        if (limit.is_none() || location.is_none()) && !row.lacks_params {
            let missing = match (limit, location) {
                (None, None) => format!("`limit` and {}", phrase::any_of(places.iter().copied())),
                (None, Some(_)) => "`limit`".to_owned(),
                _ => phrase::any_of(places.iter().copied()),
            };
            let message = format!("a `{what}` needs {missing} among the parameters in the query");
            self.problem(&row.returns.location, message);
        }
        for param in limit.into_iter().chain(location) {
            let counts = matches!(param.key.value.as_str(), "limit" | "offset");
            let is_integer = super::param::is_integer(&param.ty.value);
            if param.list || (counts && !is_integer) {
                let message = format!(
                    "`{}` of a `{what}` is {}",
                    param.key.value,
                    if counts { "one integer, as in \"u32\"" } else { "one value, not a list" }
                );
                self.problem(&param.ty.location, message);
            }
        }
        if let Some(limit) = limit
            && limit.max.is_none()
        {
            let message = format!(
                "`limit` of a `{what}` needs a `max`: pagination requests the largest pages"
            );
            self.problem(&limit.name.location, message);
        }
    }

    /// Enumerations whose words decide the answer: parameters of such a type, and `X::Answer`.
    pub(super) fn choices(&mut self, row: &RawEndpoint, returns: Option<&Returns>) {
        let ty = match returns {
            Some(
                Returns::One(ty)
                | Returns::Maybe(ty)
                | Returns::Page { page: ty, .. }
                | Returns::CursorPage { page: ty, .. },
            ) => Some(ty),
            _ => None,
        };
        let named = ty.map(|ty| choices_in(ty.to_token_stream())).unwrap_or_default();
        let decides = |checker: &Self, param: &&read::Param| {
            checker
                .table
                .enums
                .iter()
                .any(|enums| enums.selects_item && enums.name == param.ty.value)
        };
        let params: Vec<&read::Param> =
            row.params.iter().filter(|param| decides(self, param)).collect();
        // A parameter of an unknown type is told already, and may be the one.
        let all_known =
            !row.lacks_params && row.params.iter().all(|p| self.kind_of(&p.ty.value).is_some());
        for name in &named {
            let is_there = params.iter().any(|param| param.ty.value == *name);
            if !is_there && all_known && !self.poisoned.types.holds(name) {
                let message = format!(
                    "`{name}::Item` needs a parameter of the type `{name}`, an enum whose values have an `item`"
                );
                self.problem(&row.returns.location, message);
            }
        }
        for (index, param) in params.into_iter().enumerate() {
            let ty = &param.ty.value;
            if index > 0 {
                let message = "only one parameter selects the item type: this is the second";
                self.problem(&param.ty.location, message);
            } else if !param.required || param.list {
                let message = format!(
                    "`{ty}` selects the item type, so the parameter needs `required = true` and is not a list"
                );
                self.problem(&param.ty.location, message);
            } else if returns.is_some() && !named.contains(ty) {
                let message =
                    format!("`{ty}` selects the item type, so `returns` must contain `{ty}::Item`");
                self.problem(&row.returns.location, message);
            }
        }
    }

    pub(super) fn batch(
        &mut self,
        batch: &read::Batch,
        row: &RawEndpoint,
        returns: Option<&Returns>,
    ) -> Option<Batch> {
        let index = row.params.iter().position(|param| param.name.value == batch.by.value);
        let param = index.and_then(|index| row.params.get(index));
        let problem = match param {
            None if row.lacks_params => None,
            None => Some("which no parameter is called".to_owned()),
            Some(param) if !param.list => Some("which has no `list = true`".to_owned()),
            Some(param) if !param.required => Some("which has no `required = true`".to_owned()),
            Some(param) if param.pointer.value == "path" => Some("which is in the path".to_owned()),
            Some(param) => match self.kind_of(&param.ty.value) {
                None | Some(Kind::Id(_) | Kind::Uri | Kind::TimestampedId | Kind::Text) => None,
                Some(_) => Some(format!("whose elements are `{}`", param.ty.value)),
            },
        };
        if let Some(problem) = problem {
            let message = format!(
                "`batch.by` names a required list of ids, URIs or text, found {}, {problem}",
                phrase::shown(&batch.by.value)
            );
            self.problem(&batch.by.location, message);
        }
        let max = u32::try_from(batch.max.value).ok().filter(|max| (1..=MAX_BATCH).contains(max));
        if max.is_none() {
            let message =
                format!("`batch.max` is from 1 to {MAX_BATCH}, found {}", batch.max.value);
            self.problem(&batch.max.location, message);
        }
        let advance = batch.advance.as_ref().and_then(|advance| self.advance(advance, row));
        let joins = [("concat", Join::Concat), ("unit", Join::Unit), ("last", Join::Last)];
        let join = self.one_of(&batch.join, "`batch.join`", &joins)?;
        self.join(batch, join, row, returns?);
        let then = batch.then.as_ref().map(|then| super::name::ident(&then.value.to_uppercase()));
        let max_url = batch.max_url.as_ref().and_then(|max| self.max_url(max, param));
        let send_empty = batch.send_empty;
        Some(Batch { param: index?, max: max?, join, advance, then, send_empty, max_url })
    }

    /// How long a URL may be: for a list that stands in it.
    fn max_url(&mut self, max: &At<i64>, list: Option<&read::Param>) -> Option<u32> {
        let bytes = u32::try_from(max.value).ok().filter(|bytes| (200..=65_536).contains(bytes));
        if bytes.is_none() {
            let message =
                format!("`max_url` is a number of bytes from 200 to 65536, found {}", max.value);
            self.problem(&max.location, message);
        } else if list.is_some_and(|list| list.pointer.value != "query") {
            let message = "`max_url` is for a list in the query";
            self.problem(&max.location, message);
        }
        bytes
    }

    /// The place at which a list is put in, which moves on with each request.
    fn advance(&mut self, advance: &At<String>, row: &RawEndpoint) -> Option<usize> {
        let index = row.params.iter().position(|param| param.name.value == advance.value);
        let param = index.and_then(|index| row.params.get(index));
        let is_number =
            |param: &read::Param| super::param::is_integer(&param.ty.value) && !param.list;
        if !param.is_some_and(is_number) && !row.lacks_params {
            let message = format!(
                "`batch.advance` names an integer among the parameters, found {}",
                phrase::shown(&advance.value)
            );
            self.problem(&advance.location, message);
        }
        index
    }

    /// Integers, or lengths of lists, whose sum has limits.
    pub(super) fn sum_limit(&mut self, sum_limit: &read::SumLimit, row: &RawEndpoint) -> SumLimit {
        let mut params = Vec::new();
        for name in &sum_limit.params {
            let index = row.params.iter().position(|param| param.name.value == name.value);
            let param = index.and_then(|index| row.params.get(index));
            match param {
                Some(param) if param.list || super::param::is_integer(&param.ty.value) => {
                    params.extend(index);
                }
                _ if row.lacks_params => {}
                _ => {
                    let message = format!(
                        "`sum_limit.params` names integers or lists among the parameters, found {}",
                        phrase::shown(&name.value)
                    );
                    self.problem(&name.location, message);
                }
            }
        }
        if sum_limit.params.len() < 2 {
            let message = "`sum_limit` is for two parameters or more: for one, use its `max`";
            self.problem(&sum_limit.location, message);
        }
        let min = sum_limit.min.as_ref().map_or(0, |min| min.value);
        if min > sum_limit.max.value {
            let message = format!("`min` is {min}, which is above `max`, {}", sum_limit.max.value);
            self.problem(&sum_limit.max.location, message);
        }
        SumLimit { params, min, max: sum_limit.max.value }
    }

    /// Setters of which a call needs at least one.
    pub(super) fn any_of(&mut self, row: &RawEndpoint) -> Vec<usize> {
        let mut params = Vec::new();
        for name in &row.any_of {
            let index = row.params.iter().position(|param| param.name.value == name.value);
            match index.and_then(|index| row.params.get(index)) {
                Some(param) if !param.required => params.extend(index),
                _ if row.lacks_params => {}
                _ => {
                    let message = format!(
                        "`any_of` names parameters that are not required, found {}",
                        phrase::shown(&name.value)
                    );
                    self.problem(&name.location, message);
                }
            }
        }
        if let [only] = &*row.any_of {
            let message = "`any_of` is for two parameters or more: for one, use its `required`";
            self.problem(&only.location, message);
        }
        params
    }

    fn join(&mut self, batch: &read::Batch, join: Join, row: &RawEndpoint, returns: &Returns) {
        let found = phrase::shown(&row.returns.value);
        let is_list = |ty: &syn::Type| generic_argument(ty).is_some_and(|(name, _)| name == "Vec");
        let fits = match returns {
            Returns::Page { .. } | Returns::CursorPage { .. } => {
                let message = format!(
                    "a page cannot come from several requests, found {found} and a `batch`: remove one"
                );
                self.problem(&row.returns.location, message);
                return;
            }
            Returns::Unit => join == Join::Unit,
            Returns::One(ty) if is_list(ty) => join == Join::Concat,
            Returns::One(_) => join == Join::Last && batch.send_empty,
            Returns::Maybe(_) => join == Join::Last && !batch.send_empty,
        };
        if !fits {
            let wanted = match join {
                Join::Concat => "joins lists, so `returns` is a `Vec<…>`",
                Join::Unit => "joins nothing, so `returns` is `()`",
                Join::Last if batch.send_empty => {
                    "keeps the last response, and there is always one, so `returns` is a single value"
                }
                Join::Last => {
                    "keeps the last response, and an empty list has none, so `returns` is an `Option<…>`"
                }
            };
            let message = format!("`{}` {wanted}, found {found}", batch.join.value);
            self.problem(&batch.join.location, message);
        }
    }

    pub(super) fn statuses(&mut self, statuses: &[At<i64>]) -> Vec<u16> {
        let mut codes = Vec::new();
        for status in statuses {
            match u16::try_from(status.value) {
                Ok(code @ 200..=299) if codes.contains(&code) => {
                    self.problem(&status.location, format!("the status {code} is named twice"));
                }
                Ok(code @ 200..=299) => codes.push(code),
                _ => {
                    let message =
                        format!("a status of success is from 200 to 299, found {}", status.value);
                    self.problem(&status.location, message);
                }
            }
        }
        codes
    }
}

fn is_unit(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Tuple(tuple) if tuple.elems.is_empty())
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

/// The `X` of every `X::Answer` in a type.
fn choices_in(tokens: TokenStream) -> Vec<String> {
    let enums = enums(tokens);
    enums
        .windows(4)
        .filter_map(|window| match window {
            [name, a, b, item] if a == ":" && b == ":" && item == "Item" => Some(name.clone()),
            _ => None,
        })
        .collect()
}

/// Names and colons, in order.
fn enums(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => enums(group.stream()),
            TokenTree::Ident(ident) => vec![ident.to_string()],
            TokenTree::Punct(punct) if punct.as_char() == ':' => vec![":".to_owned()],
            _ => Vec::new(),
        })
        .collect()
}
