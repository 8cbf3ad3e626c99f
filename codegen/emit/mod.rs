//! A checked table to Rust. Nothing can fail here: what could, failed in `check`.
//!
//! The output only describes. Each request type holds a `Call`, and each of its methods is one call
//! into hand-written code.

mod descriptor;
mod docs;
mod enums;
mod request_type;
pub mod samples;
mod send_methods;

use proc_macro2::TokenStream;
use quote::quote;

use super::check::{Area, Table};

pub use enums::{enums, ids, scopes};

use descriptor::descriptor;
use docs::{file_link, table_line};
use request_type::{method, request_type};

/// What the words of an area's table mean.
const LEGEND: &str = "*Scopes*: where it says *no user*, the app's own token will do. *At most*: so many rows has a \
    page, and a longer list of ids is sent in several requests. *Open to*: *all* apps; those in *extended* quota mode; \
    those that had it before 27 November 2024, *closed 2024*. *In development mode* this call is made in its place, for \
    an app in development mode: see [the guide](crate::guide::apps).";

/// `endpoints.rs`: a module for each area, a static for each row, and the list of them.
pub fn endpoints(table: &Table) -> String {
    let areas = table.areas.iter().map(|area| module(area, table));
    let rows =
        table.areas.iter().flat_map(|area| area.endpoints.iter().map(move |row| (area, row)));
    let statics = rows.clone().map(|(area, row)| descriptor(area, row, table));
    let names = rows.map(|(_, row)| &row.const_name);
    let who = docs::availability(table);
    let who = doc(&who.iter().map(String::as_str).collect::<Vec<_>>());
    file(quote! {
        #(#areas)*
        #who
        pub mod availability {}
        #(#statics)*
        /// Every row of the table, in the order of Spotify's reference.
        pub(crate) static ENDPOINTS: &[&Endpoint] = &[#(&#names),*];
    })
}

fn module(area: &Area, table: &Table) -> TokenStream {
    let Area { name, module, .. } = area;
    let mut lines = vec![area.summary.clone(), String::new()];
    lines.push("| call | request | scopes | at most | open to | in development mode |".to_owned());
    lines.push("| --- | --- | --- | --- | --- | --- |".to_owned());
    lines.extend(area.endpoints.iter().map(|row| table_line(row, table)));
    lines.extend([String::new(), LEGEND.to_owned()]);
    if let Some(row) = area.endpoints.first() {
        lines.extend([String::new(), format!("The rows stand in {}.", docs::file_of(row))]);
    }
    let docs = doc(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let link = file_link(area.endpoints.first());
    let docs = quote!(#docs #link);
    let methods = area.endpoints.iter().map(|row| method(row, table));
    let requests = area.endpoints.iter().map(|row| request_type(row, table));
    let heading = doc(&[&format!("# {name}")]);
    quote! {
        #docs
        pub mod #module {
            use super::prelude::*;
            #heading
            impl Spotify { #(#methods)* }
            #(#requests)*
        }
    }
}

/// Doc attributes, one for each line, with the space that `///` would have. A carriage return is a line's
/// end too: within a comment it is no Rust.
fn doc(paragraphs: &[&str]) -> TokenStream {
    let lines =
        paragraphs.iter().flat_map(|text| text.split(['\n', '\r'])).map(|line| match line {
            "" => String::new(),
            line => format!(" {line}"),
        });
    quote!(#(#[doc = #lines])*)
}

/// Tokens to text that a person can read.
pub fn file(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // Not Rust: let rustc say so, at the place where it is.
        Err(_) => tokens.to_string(),
    }
}
