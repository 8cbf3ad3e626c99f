//! Documentation and files.

use proc_macro2::TokenStream;
use quote::quote;

/// Doc attributes, one for each line, with the space that `///` has. A carriage return ends a line too,
/// because Rust rejects it within a comment.
pub(super) fn doc<T: AsRef<str>>(paragraphs: &[T]) -> TokenStream {
    let lines = paragraphs.iter().flat_map(|text| text.as_ref().split(['\n', '\r']));
    let lines = lines.map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Tokens as formatted text.
pub(super) fn file(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // Not Rust: rustc reports where.
        Err(_) => tokens.to_string(),
    }
}
