//! The return type of a call.

use super::super::diagnostics::phrase;
use super::super::read::{At, table_reader::TableReader};
use super::super::table::{Endpoint, Param, Returns, Shape};
use super::Checker;

impl Checker<'_> {
    /// Reads `returns` and `pointer`.
    pub(super) fn returned(&self, reader: &mut TableReader<'_>, endpoint: &mut Endpoint) {
        let text = reader.text("returns", "a Rust type, or \"()\" for nothing");
        endpoint.returns = text.and_then(|text| {
            let ty = self.rust_type(&text, "`returns`")?;
            let generic = generic_argument(&ty);
            let generic = generic.as_ref().map(|(name, item)| (name.as_str(), item));
            let shape = match generic {
                Some(("Page", item)) => {
                    self.page(&text, endpoint, "Page", &["offset"]);
                    Shape::Page(Box::new(item.clone()))
                }
                Some(("CursorPage", item)) => {
                    self.page(&text, endpoint, "CursorPage", &["after", "before"]);
                    Shape::Page(Box::new(item.clone()))
                }
                Some(("Option", _)) => Shape::Maybe,
                _ if is_unit(&ty) => Shape::Unit,
                _ => Shape::One,
            };
            Some(text.with(Returns { ty, shape }))
        });
        if let Some(returns) = &endpoint.returns {
            endpoint.facts.text("returns", Some(&returns.value.text()));
        }
        let pointer = reader.maybe::<String>("pointer");
        if let Some(pointer) = &pointer {
            self.pointer(pointer);
            if endpoint.returns.as_ref().is_some_and(|returns| is_unit(&returns.value.ty)) {
                let message = "a call that returns `()` has no `pointer`: remove it";
                self.problem(&pointer.location, message);
            }
        }
        endpoint.pointer = pointer.map(|pointer| pointer.value);
        endpoint.facts.text("pointer", endpoint.pointer.as_deref());
        self.item_selectors(endpoint);
    }

    pub(super) fn pointer(&self, pointer: &At<String>) {
        let text = &pointer.value;
        let is_field = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_field && text != "[0]" {
            let rule =
                "`pointer` is the name of one field, or `[0]` for the first element of a list";
            self.broken(pointer, rule);
        }
    }

    /// Parses a type, which must not depend on the module in which generated code uses it.
    pub(super) fn rust_type(&self, text: &At<String>, key: &str) -> Option<syn::Type> {
        // The parser is recursive, so the length of the text is limited.
        let parsed = Some(&text.value).filter(|text| text.len() <= 200);
        let parsed = parsed.and_then(|text| syn::parse_str(text).ok()).filter(is_plain);
        if parsed.is_none() {
            let rule = "is a Rust type, as in `Album`, `Vec<bool>`, `Page<Album>` or `()`";
            self.broken(text, format_args!("{key} {rule}"));
        }
        parsed
    }

    /// Checks the parameters that pagination needs: `limit`, and one of these positions.
    fn page(&self, text: &At<String>, endpoint: &Endpoint, what: &str, positions: &[&str]) {
        let limit = endpoint.query_param("limit");
        let position = positions.iter().find_map(|key| endpoint.query_param(key));
        let needed =
            [(limit, "`limit`".to_owned()), (position, phrase::any_of(positions.iter().copied()))];
        let missing = needed.into_iter().filter(|(found, _)| found.is_none()).map(|(_, name)| name);
        let missing: Vec<String> = missing.collect();
        if !missing.is_empty() && !endpoint.has_unnamed_params {
            let missing = phrase::joined(&missing, "and");
            let message = format!("a `{what}` needs {missing} among the parameters in the query");
            self.problem(&text.location, message);
        }
        for param in limit.into_iter().chain(position) {
            let is_number = matches!(param.key.value.as_str(), "limit" | "offset");
            if param.list || (is_number && !param.is_integer()) {
                let expected =
                    if is_number { "one integer, as in \"u32\"" } else { "one value, not a list" };
                let message = format!("`{}` of a `{what}` is {expected}", param.key.value);
                self.problem(&param.ty.location, message);
            }
        }
        if let Some(limit) = limit.filter(|limit| limit.max.is_none()) {
            let message = format!(
                "`limit` of a `{what}` needs a `max`: pagination requests the largest pages"
            );
            self.problem(&limit.name.location, message);
        }
    }

    /// Checks enums whose values select the item type: parameters of such a type, and `X::Item` in `returns`.
    fn item_selectors(&self, endpoint: &Endpoint) {
        let Some(returns) = &endpoint.returns else { return };
        let text = returns.value.text();
        let names = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':'));
        let named: Vec<&str> = names.filter_map(|name| name.strip_suffix("::Item")).collect();
        let selects = |param: &&Param| param.selects().is_some();
        let params: Vec<&Param> = endpoint.params.iter().filter(selects).collect();
        // A parameter with an unknown type may be the required one.
        let all_known = !endpoint.has_unnamed_params
            && endpoint.params.iter().all(|param| param.kind.is_some());
        for name in named.iter().copied() {
            let is_there = params.iter().any(|param| param.ty.value == name);
            if !is_there && all_known && !self.poisoned.is_type(name) {
                let message = format!(
                    "`{name}::Item` needs a parameter of the type `{name}`, an enum whose values have an `item`"
                );
                self.problem(&returns.location, message);
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
            } else if !named.contains(&ty.as_str()) {
                let message =
                    format!("`{ty}` selects the item type, so `returns` must contain `{ty}::Item`");
                self.problem(&returns.location, message);
            }
        }
    }
}

/// Returns whether a type consists only of names with arguments, and tuples.
fn is_plain(ty: &syn::Type) -> bool {
    let is_plain_segment = |segment: &syn::PathSegment| match &segment.arguments {
        syn::PathArguments::None => true,
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().all(|argument| match argument {
                syn::GenericArgument::Type(ty) => is_plain(ty),
                _ => false,
            })
        }
        syn::PathArguments::Parenthesized(_) => false,
    };
    match ty {
        syn::Type::Path(path) => {
            path.qself.is_none() && path.path.segments.iter().all(is_plain_segment)
        }
        syn::Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        _ => false,
    }
}

fn is_unit(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Splits `Page<Album>` into `("Page", Album)`.
pub(super) fn generic_argument(ty: &syn::Type) -> Option<(String, syn::Type)> {
    let syn::Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(item) => Some((segment.ident.to_string(), item.clone())),
        _ => None,
    }
}
