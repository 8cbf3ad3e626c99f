//! The method on `Spotify`, and the request type that it answers with.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::check::{Endpoint, Kind, Param, Table};
use super::doc;
use super::docs::{file_link, method_docs, param_docs, request_docs};
use super::send_methods::ends;

/// The method on `Spotify`.
pub(super) fn method(row: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { name, type_name, const_name, .. } = row;
    let docs = doc(&method_docs(row, table).iter().map(String::as_str).collect::<Vec<_>>());
    let link = file_link(Some(row));
    let docs = quote!(#docs #link);
    let choice = choice_of(row, table);
    let arguments = row.params.iter().filter(|param| param.is_argument()).map(|param| {
        let (name, ty) = (&param.name, argument_type(param, table));
        quote!(#name: #ty)
    });
    let steps = row.params.iter().enumerate().filter(|(_, param)| param.is_argument()).map(
        |(index, param)| {
            let step = step(index, param, table);
            quote!(.#step)
        },
    );
    let start = quote!(Call::new(self, &super::#const_name) #(#steps)*);
    match choice {
        Some((enums, param)) => {
            let unused = &param.name;
            quote! {
                #docs
                pub fn #name<K: #enums>(&self, #(#arguments),*) -> #type_name<K> {
                    let _: K = #unused;
                    #type_name { call: #start, item: PhantomData }
                }
            }
        }
        None => quote! {
            #docs
            pub fn #name(&self, #(#arguments),*) -> #type_name {
                #type_name { call: #start }
            }
        },
    }
}

/// The type that the method answers with, its setters and its ends.
pub(super) fn request_type(row: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { type_name, .. } = row;
    let docs = doc(&request_docs(row, table).iter().map(String::as_str).collect::<Vec<_>>());
    let link = file_link(Some(row));
    let docs = quote!(#docs #link);
    let setters = row.params.iter().enumerate().filter(|(_, param)| !param.is_argument()).map(
        |(index, param)| {
            let (setter, ty) = (&param.name, argument_type(param, table));
            let lines = param_docs(param, table);
            let docs = doc(&[&lines]);
            let step = step(index, param, table);
            quote! {
                #docs
                pub fn #setter(mut self, #setter: #ty) -> Self {
                    self.call = self.call.#step;
                    self
                }
            }
        },
    );
    let ends = ends(row, table);
    match choice_of(row, table) {
        Some((enums, _)) => quote! {
            #docs
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent until `.send()`"]
            pub struct #type_name<K> { call: Call, item: PhantomData<fn() -> K> }
            impl<K: #enums> #type_name<K> { #(#setters)* #ends }
        },
        None => quote! {
            #docs
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent until `.send()`"]
            pub struct #type_name { call: Call }
            impl #type_name { #(#setters)* #ends }
        },
    }
}

/// The enumeration that decides this row's answer, and its parameter.
pub(super) fn choice_of<'a>(row: &'a Endpoint, table: &'a Table) -> Option<(&'a Ident, &'a Param)> {
    row.params.iter().find_map(|param| match param.kind {
        Kind::Enum(index) if table.enums[index].selects_item => {
            Some((&table.enums[index].name, param))
        }
        _ => None,
    })
}

fn rust_type(kind: &Kind, table: &Table) -> TokenStream {
    match kind {
        Kind::Integer(ty) => quote!(#ty),
        Kind::Boolean => quote!(bool),
        Kind::Text => quote!(Text),
        Kind::Id(index) => {
            let name = &table.ids[*index].name;
            quote!(#name)
        }
        Kind::Uri => quote!(SpotifyUri),
        Kind::Market => quote!(Market),
        Kind::Timestamp => quote!(Timestamp),
        Kind::TimestampedId => quote!(TimestampedId),
        Kind::Jpeg => quote!(Jpeg),
        Kind::Tuning => quote!(Tuning),
        Kind::Enum(index) => {
            let name = &table.enums[*index].name;
            quote!(#name)
        }
    }
}

fn is_choice(kind: &Kind, table: &Table) -> bool {
    matches!(kind, Kind::Enum(index) if table.enums[*index].selects_item)
}

fn argument_type(param: &Param, table: &Table) -> TokenStream {
    let ty = rust_type(&param.kind, table);
    match (param.list, param.required) {
        _ if is_choice(&param.kind, table) => quote!(K),
        (true, _) => quote!(impl IntoIterator<Item = impl Into<Arg<#ty>>>),
        (false, true) => quote!(impl Into<Arg<#ty>>),
        (false, false) => quote!(impl Into<Opt<#ty>>),
    }
}

/// The call into `Call` that takes a parameter's value.
fn step(index: usize, param: &Param, table: &Table) -> TokenStream {
    let name = &param.name;
    let ty = rust_type(&param.kind, table);
    match (param.list, param.required) {
        _ if is_choice(&param.kind, table) => quote!(choice::<K>(#index)),
        (true, _) => quote!(list(#index, #name.into_iter().map(Into::<Arg<#ty>>::into))),
        (false, true) => quote!(value(#index, #name.into())),
        (false, false) => quote!(option(#index, #name.into())),
    }
}
