//! Documentation, with links to the source of an entry, and files.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::table::Endpoint;

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

/// The entry that a generated item comes from. Its file is a link if [`file_link`] follows.
pub(super) fn origin(endpoint: &Endpoint) -> String {
    let name = &endpoint.name.value;
    format!("Defined as `{name}` in {}, line {}.", file_of(endpoint), endpoint.origin.1)
}

/// The file of an entry, as a link if it belongs to the crate.
pub(super) fn file_of(endpoint: &Endpoint) -> String {
    let file = &endpoint.origin.0;
    if is_of_crate(file) { format!("[`{file}`]") } else { format!("`{file}`") }
}

/// Returns `true` if a file belongs to the crate. The files of a program have absolute paths.
fn is_of_crate(file: &str) -> bool {
    file.starts_with("spec/")
}

/// The target of the link: the file in the package on docs.rs, in this version.
pub(super) fn file_link(endpoint: &Endpoint) -> Option<TokenStream> {
    let file = Some(&endpoint.origin.0).filter(|file| is_of_crate(file))?;
    let begin = format!(" [`{file}`]: https://docs.rs/crate/tonearm/");
    let end = format!("/source/{file}");
    Some(quote!(#[doc = ""] #[doc = concat!(#begin, env!("CARGO_PKG_VERSION"), #end)]))
}
