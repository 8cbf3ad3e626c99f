//! What a call answers, and how the answers of several requests become one.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::super::diagnostics::phrase;
use super::super::read::{self, At, Row};
use super::{Checker, Chunk, Join, Kind, Returns, Total};

/// More than Spotify takes anywhere.
const MAX_CHUNK: u32 = 1000;

impl Checker<'_> {
    pub(super) fn returns(&mut self, row: &Row) -> Option<Returns> {
        let ty = self.rust_type(&row.returns);
        if let Some(within) = &row.within {
            self.within(within, ty.as_ref());
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

    pub(super) fn within(&mut self, within: &At<String>, ty: Option<&syn::Type>) {
        let text = &within.value;
        if ty.is_some_and(is_unit) {
            let message = "a call that answers nothing has nothing `within`: remove it";
            self.problem(&within.place, message);
        }
        let is_member = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_member && text != "[0]" {
            let message = format!(
                "`within` is the name of one member, or `[0]` for the first of a list, found {}",
                phrase::shown(text)
            );
            self.problem(&within.place, message);
        }
    }

    /// How a walk goes from page to page: by a limit, and from one of these places.
    fn page(&mut self, row: &Row, what: &str, places: &[&str]) {
        let find = |key: &str| {
            row.params.iter().find(|param| param.key.value == key && param.within.value == "query")
        };
        let limit = find("limit");
        let place = places.iter().find_map(|key| find(key));
        if (limit.is_none() || place.is_none()) && !row.lacks_params {
            let missing = match (limit, place) {
                (None, None) => format!("`limit` and {}", phrase::any_of(places.iter().copied())),
                (None, Some(_)) => "`limit`".to_owned(),
                _ => phrase::any_of(places.iter().copied()),
            };
            let message = format!("a `{what}` needs {missing} among the parameters in the query");
            self.problem(&row.returns.place, message);
        }
        for param in limit.into_iter().chain(place) {
            let counts = matches!(param.key.value.as_str(), "limit" | "offset");
            let is_integer = super::param::is_integer(&param.ty.value);
            if param.list || (counts && !is_integer) {
                let message = format!(
                    "`{}` of a `{what}` is {}",
                    param.key.value,
                    if counts { "one integer, as in \"u32\"" } else { "one value, not a list" }
                );
                self.problem(&param.ty.place, message);
            }
        }
        if let Some(limit) = limit
            && limit.max.is_none()
        {
            let message = format!(
                "`limit` of a `{what}` needs a `max`: a walk over all pages asks for the largest"
            );
            self.problem(&limit.name.place, message);
        }
    }

    /// Enumerations whose words decide the answer: parameters of such a type, and `X::Answer`.
    pub(super) fn choices(&mut self, row: &Row, returns: Option<&Returns>) {
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
                .words
                .iter()
                .any(|words| words.decides_answer && words.name == param.ty.value)
        };
        let params: Vec<&read::Param> =
            row.params.iter().filter(|param| decides(self, param)).collect();
        // A parameter of an unknown type is told already, and may be the one.
        let all_known =
            !row.lacks_params && row.params.iter().all(|p| self.kind_of(&p.ty.value).is_some());
        for name in &named {
            let is_there = params.iter().any(|param| param.ty.value == *name);
            if !is_there && all_known && !self.unread.types.holds(name) {
                let message = format!(
                    "`{name}::Answer` needs a parameter of the type `{name}`, an enumeration whose words have an `answer`"
                );
                self.problem(&row.returns.place, message);
            }
        }
        for (index, param) in params.into_iter().enumerate() {
            let ty = &param.ty.value;
            if index > 0 {
                let message = "only one parameter decides the answer: this is the second";
                self.problem(&param.ty.place, message);
            } else if !param.required || param.list {
                let message = format!(
                    "`{ty}` decides the answer, so the parameter is `required = true` and no list"
                );
                self.problem(&param.ty.place, message);
            } else if returns.is_some() && !named.contains(ty) {
                let message =
                    format!("`{ty}` decides the answer, so `returns` needs a `{ty}::Answer` in it");
                self.problem(&row.returns.place, message);
            }
        }
    }

    pub(super) fn chunk(
        &mut self,
        chunk: &read::Chunk,
        row: &Row,
        returns: Option<&Returns>,
    ) -> Option<Chunk> {
        let index = row.params.iter().position(|param| param.name.value == chunk.by.value);
        let param = index.and_then(|index| row.params.get(index));
        let problem = match param {
            None if row.lacks_params => None,
            None => Some("which no parameter is called".to_owned()),
            Some(param) if !param.list => Some("which has no `list = true`".to_owned()),
            Some(param) if !param.required => Some("which has no `required = true`".to_owned()),
            Some(param) if param.within.value == "path" => Some("which is in the path".to_owned()),
            Some(param) => match self.kind_of(&param.ty.value) {
                None | Some(Kind::Id(_) | Kind::Uri | Kind::TimestampedId | Kind::Text) => None,
                Some(_) => Some(format!("whose elements are `{}`", param.ty.value)),
            },
        };
        if let Some(problem) = problem {
            let message = format!(
                "`chunk.by` names a required list of ids, URIs or text, found {}, {problem}",
                phrase::shown(&chunk.by.value)
            );
            self.problem(&chunk.by.place, message);
        }
        let max = u32::try_from(chunk.max.value).ok().filter(|max| (1..=MAX_CHUNK).contains(max));
        if max.is_none() {
            let message =
                format!("`chunk.max` is from 1 to {MAX_CHUNK}, found {}", chunk.max.value);
            self.problem(&chunk.max.place, message);
        }
        let advance = chunk.advance.as_ref().and_then(|advance| self.advance(advance, row));
        let joins = [("concat", Join::Concat), ("unit", Join::Unit), ("last", Join::Last)];
        let join = self.one_of(&chunk.join, "`chunk.join`", &joins)?;
        self.join(chunk, join, row, returns?);
        let then = chunk.then.as_ref().map(|then| super::name::ident(&then.value.to_uppercase()));
        let max_url = chunk.max_url.as_ref().and_then(|max| self.max_url(max, param));
        let send_empty = chunk.send_empty;
        Some(Chunk { param: index?, max: max?, join, advance, then, send_empty, max_url })
    }

    /// How long a URL may be: for a list that stands in it.
    fn max_url(&mut self, max: &At<i64>, list: Option<&read::Param>) -> Option<u32> {
        let bytes = u32::try_from(max.value).ok().filter(|bytes| (200..=65_536).contains(bytes));
        if bytes.is_none() {
            let message =
                format!("`max_url` is a number of bytes from 200 to 65536, found {}", max.value);
            self.problem(&max.place, message);
        } else if list.is_some_and(|list| list.within.value != "query") {
            let message = "`max_url` is for a list in the query";
            self.problem(&max.place, message);
        }
        bytes
    }

    /// The place at which a list is put in, which moves on with each request.
    fn advance(&mut self, advance: &At<String>, row: &Row) -> Option<usize> {
        let index = row.params.iter().position(|param| param.name.value == advance.value);
        let param = index.and_then(|index| row.params.get(index));
        let is_number =
            |param: &read::Param| super::param::is_integer(&param.ty.value) && !param.list;
        if !param.is_some_and(is_number) && !row.lacks_params {
            let message = format!(
                "`chunk.advance` names an integer among the parameters, found {}",
                phrase::shown(&advance.value)
            );
            self.problem(&advance.place, message);
        }
        index
    }

    /// Integers, or lengths of lists, whose sum has limits.
    pub(super) fn total(&mut self, total: &read::Total, row: &Row) -> Total {
        let mut params = Vec::new();
        for name in &total.params {
            let index = row.params.iter().position(|param| param.name.value == name.value);
            let param = index.and_then(|index| row.params.get(index));
            match param {
                Some(param) if param.list || super::param::is_integer(&param.ty.value) => {
                    params.extend(index);
                }
                _ if row.lacks_params => {}
                _ => {
                    let message = format!(
                        "`total.params` names integers or lists among the parameters, found {}",
                        phrase::shown(&name.value)
                    );
                    self.problem(&name.place, message);
                }
            }
        }
        if total.params.len() < 2 {
            let message = "a total is of two parameters or more: for one, use its `max`";
            self.problem(&total.place, message);
        }
        let min = total.min.as_ref().map_or(0, |min| min.value);
        if min > total.max.value {
            let message = format!("`min` is {min}, which is above `max`, {}", total.max.value);
            self.problem(&total.max.place, message);
        }
        Total { params, min, max: total.max.value }
    }

    /// Setters of which a call needs at least one.
    pub(super) fn any_of(&mut self, row: &Row) -> Vec<usize> {
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
                    self.problem(&name.place, message);
                }
            }
        }
        if let [only] = &*row.any_of {
            let message = "`any_of` is of two parameters or more: for one, use its `required`";
            self.problem(&only.place, message);
        }
        params
    }

    fn join(&mut self, chunk: &read::Chunk, join: Join, row: &Row, returns: &Returns) {
        let found = phrase::shown(&row.returns.value);
        let is_list = |ty: &syn::Type| generic_argument(ty).is_some_and(|(name, _)| name == "Vec");
        let fits = match returns {
            Returns::Page { .. } | Returns::CursorPage { .. } => {
                let message = format!(
                    "a page cannot come from several requests, found {found} and a `chunk`: remove one"
                );
                self.problem(&row.returns.place, message);
                return;
            }
            Returns::Unit => join == Join::Unit,
            Returns::One(ty) if is_list(ty) => join == Join::Concat,
            Returns::One(_) => join == Join::Last && chunk.send_empty,
            Returns::Maybe(_) => join == Join::Last && !chunk.send_empty,
        };
        if !fits {
            let wanted = match join {
                Join::Concat => "joins lists, so `returns` is a `Vec<…>`",
                Join::Unit => "joins nothing, so `returns` is `()`",
                Join::Last if chunk.send_empty => {
                    "keeps the last answer, and there is one, so `returns` is a single value"
                }
                Join::Last => {
                    "keeps the last answer, and an empty list has none, so `returns` is an `Option<…>`"
                }
            };
            let message = format!("`{}` {wanted}, found {found}", chunk.join.value);
            self.problem(&chunk.join.place, message);
        }
    }

    pub(super) fn statuses(&mut self, statuses: &[At<i64>]) -> Vec<u16> {
        let mut codes = Vec::new();
        for status in statuses {
            match u16::try_from(status.value) {
                Ok(code @ 200..=299) if codes.contains(&code) => {
                    self.problem(&status.place, format!("the status {code} is named twice"));
                }
                Ok(code @ 200..=299) => codes.push(code),
                _ => {
                    let message =
                        format!("a status of success is from 200 to 299, found {}", status.value);
                    self.problem(&status.place, message);
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
    let words = words(tokens);
    words
        .windows(4)
        .filter_map(|window| match window {
            [name, a, b, answer] if a == ":" && b == ":" && answer == "Answer" => {
                Some(name.clone())
            }
            _ => None,
        })
        .collect()
}

/// Names and colons, in order.
fn words(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => words(group.stream()),
            TokenTree::Ident(ident) => vec![ident.to_string()],
            TokenTree::Punct(punct) if punct.as_char() == ':' => vec![":".to_owned()],
            _ => Vec::new(),
        })
        .collect()
}
