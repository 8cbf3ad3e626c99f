//! Names in Rust: of calls, parameters and types.

use proc_macro2::{Ident, Span};

use super::super::row::At;
use super::Checker;

impl Checker<'_> {
    /// A name in snake case that Rust takes as an identifier.
    pub(super) fn identifier(&mut self, name: &At<String>) -> Option<Ident> {
        let text = &name.value;
        let snake_case = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !snake_case {
            self.problem(
                &name.place,
                format!("a name is written in snake_case (a to z, 0 to 9, _), found `{text}`"),
            );
            return None;
        }
        match syn::parse_str::<Ident>(text) {
            Ok(ident) => Some(ident),
            Err(_) => {
                self.problem(
                    &name.place,
                    format!("`{text}` is a keyword of Rust and cannot be a name"),
                );
                None
            }
        }
    }

    /// The name of a type, in upper camel case and not taken twice.
    pub(super) fn type_name(&mut self, name: &At<String>) -> Option<Ident> {
        let text = &name.value;
        if !text.starts_with(|c: char| c.is_ascii_uppercase())
            || !text.chars().all(|c| c.is_ascii_alphanumeric())
        {
            self.problem(
                &name.place,
                format!("a type is written in UpperCamelCase, found `{text}`"),
            );
            return None;
        }
        if self.names.insert(text.clone(), name.place.clone()).is_some() {
            self.problem(&name.place, format!("two types have the name `{text}`"));
            return None;
        }
        Some(ident(text))
    }

    pub(super) fn rust_type(&mut self, ty: &At<String>) -> Option<syn::Type> {
        match syn::parse_str(&ty.value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.problem(&ty.place, format!("`{}` is not a Rust type: {error}", ty.value));
                None
            }
        }
    }
}

pub(super) fn ident(text: &str) -> Ident {
    match syn::parse_str(text) {
        Ok(ident) => ident,
        // A keyword or nonsense: told elsewhere, or turned into a name here.
        Err(_) => {
            let plain: String =
                text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            Ident::new(&format!("_{plain}_"), Span::call_site())
        }
    }
}

/// `user-library-read` and `are_albums_saved` to `UserLibraryRead` and `AreAlbumsSaved`.
pub fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

/// `TopItem` and `Saved things` to `top_item` and `saved_things`.
pub(super) fn snake(text: &str) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            c if c.is_ascii_uppercase() => {
                if index > 0 && !out.ends_with('_') {
                    out.push('_');
                }
                out.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out
}
