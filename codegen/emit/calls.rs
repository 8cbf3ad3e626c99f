//! `calls.rs`: the methods of `Spotify`, and the request types that they return, in a module for each area.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::table::{Area, Endpoint, Join, Shape, Table};
use super::docs;
use super::source_link::file_link;
use super::tokens::{doc, file};
use super::types::{absolute, argument, selector};

pub(super) fn calls(table: &Table) -> String {
    let areas = table.areas.iter().map(|area| module(area, table));
    let availability = doc(&docs::availability(table));
    file(quote! {
        #(#areas)*
        #availability
        pub mod availability {}
    })
}

fn module(area: &Area, table: &Table) -> TokenStream {
    let Area { name, module, endpoints, .. } = area;
    let (docs, link) = (doc(&docs::area(area)), endpoints.first().and_then(file_link));
    let heading = doc(&[format!("# {name}")]);
    let methods = endpoints.iter().map(|endpoint| method(endpoint, table));
    let requests = endpoints.iter().map(|endpoint| request_type(endpoint, table));
    quote! {
        #docs
        #link
        pub mod #module {
            #heading
            impl crate::client::Spotify { #(#methods)* }
            #(#requests)*
        }
    }
}

/// The method of `Spotify`.
fn method(endpoint: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { method_name, type_name, const_name, .. } = endpoint;
    let (docs, link) = (doc(&docs::method(endpoint, table)), file_link(endpoint));
    let selector = selector(endpoint, table);
    let mut arguments = Vec::new();
    let mut steps = Vec::new();
    for (index, param) in endpoint.params.iter().enumerate().filter(|(_, p)| p.is_argument()) {
        let is_selector = selector.is_some_and(|(_, selector)| selector.ident == param.ident);
        let (ty, step) = argument(index, param, is_selector, table);
        let name = &param.ident;
        arguments.push(quote!(#name: #ty));
        steps.push(quote!(.#step));
    }
    let generics = selector.map(|(name, _)| quote!(<K: crate::types::enums::#name>));
    let of = selector.map(|_| quote!(<K>));
    let unused = selector.map(|(_, param)| {
        let name = &param.ident;
        quote!(let _: K = #name;)
    });
    let marker = selector.map(|_| quote!(, item: ::core::marker::PhantomData));
    quote! {
        #docs
        #link
        pub fn #method_name #generics(&self, #(#arguments),*) -> #type_name #of {
            #unused
            #type_name {
                call: crate::call::Call::new(self, &crate::endpoint::#const_name) #(#steps)* #marker
            }
        }
    }
}

/// The type that the method returns, with its setters and the methods that send it.
fn request_type(endpoint: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { type_name, .. } = endpoint;
    let (docs, link) = (doc(&[docs::request_type(endpoint, table)]), file_link(endpoint));
    let setters = endpoint.params.iter().enumerate().filter(|(_, param)| !param.is_argument());
    let setters = setters.map(|(index, param)| {
        let (ty, step) = argument(index, param, false, table);
        let (setter, docs) = (&param.ident, doc(&[docs::param(param, table)]));
        quote! {
            #docs
            pub fn #setter(mut self, #setter: #ty) -> Self {
                self.call = self.call.#step;
                self
            }
        }
    });
    let send_methods = send_methods(endpoint, table);
    let (generics, of, marker) = match selector(endpoint, table) {
        Some((name, _)) => (
            Some(quote!(<K: crate::types::enums::#name>)),
            Some(quote!(<K>)),
            Some(quote!(, item: ::core::marker::PhantomData<fn() -> K>)),
        ),
        None => (None, None, None),
    };
    quote! {
        #docs
        #link
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent until `.send()`"]
        pub struct #type_name #of { call: crate::call::Call #marker }
        impl #generics #type_name #of { #(#setters)* #send_methods }
    }
}

/// `send` and its relatives.
///
/// What reads one model is compiled here, once. Pages, lists and options of models are `#[inline]`: a program compiles
/// those that it uses, from the models that are compiled already.
fn send_methods(endpoint: &Endpoint, table: &Table) -> TokenStream {
    let Some(returns) = &endpoint.returns else { return TokenStream::new() };
    let ty = absolute(&returns.value.ty, table);
    let is_model = matches!(returns.value.shape, Shape::One) && !returns.value.text().contains('<');
    let inline = (!is_model).then(|| quote!(#[inline]));
    let join = endpoint.batch.as_ref().map(|batch| batch.join);
    let send: Ident = format_ident!(
        "{}",
        match (join, &returns.value.shape) {
            (_, Shape::Unit) => "send_unit",
            (_, Shape::Maybe) => "send_optional",
            (Some(Some(Join::Concat)), _) => "send_joined",
            (_, _) => "send",
        }
    );
    let note = docs::fallback_note(endpoint).map(|note| doc(&["", &note]));
    let (all, of_each, plural, one_each) = match join {
        Some(_) => ("_all", " of each request", "s", ", one for each request"),
        None => ("", "", "", ""),
    };
    let (raw, own) = (format_ident!("send_raw{all}"), format_ident!("send_as{all}"));
    let raw_docs = doc(&[format!(
        "Sends the call and returns the [undecoded response{plural}](crate::endpoint#calls){one_each}."
    )]);
    let own_docs = doc(&[format!(
        "Sends the call and decodes the response{of_each} into [your own type](crate::endpoint#calls)."
    )]);
    let each = |ty: TokenStream| if join.is_some() { quote!(::std::vec::Vec<#ty>) } else { ty };
    let (raw_type, own_type) = (each(quote!(crate::transport::RawResponse)), each(quote!(T)));
    let paging = match &returns.value.shape {
        Shape::Page(item) => {
            let item = absolute(item, table);
            Some(quote! {
                /// Returns an iterator over the items of [all pages](crate::endpoint#pages).
                #[inline]
                pub fn items(self) -> crate::paging::Items<#ty> {
                    crate::paging::Items::new(self.call)
                }
                /// Returns an iterator over [all pages](crate::endpoint#pages).
                #[inline]
                pub fn pages(self) -> crate::paging::Pages<#ty> {
                    crate::paging::Pages::new(self.call)
                }
                /// Returns [the first `count` items](crate::endpoint#pages), and requests no more than these.
                #[inline]
                pub fn first(self, count: usize) -> ::core::result::Result<
                    ::std::vec::Vec<#item>,
                    crate::paging::CollectError<#item>,
                > {
                    self.items().first(count)
                }
                /// Reads [all pages](crate::endpoint#pages) and returns their items.
                #[inline]
                pub fn collect_all(self) -> ::core::result::Result<
                    ::std::vec::Vec<#item>,
                    crate::paging::CollectError<#item>,
                > {
                    self.items().collect_all()
                }
            })
        }
        _ => None,
    };
    quote! {
        /// Sends the call and returns [the result](crate::endpoint#calls).
        #inline
        pub fn send(self) -> ::core::result::Result<#ty, crate::error::Error> {
            self.call.#send()
        }
        #paging
        /// Returns the request that [`send`](Self::send) would make, without sending it.
        #[inline]
        pub fn request(&self) -> ::core::result::Result<crate::request::Request, crate::error::Error> {
            self.call.request()
        }
        /// Returns all requests that [`send`](Self::send) would make, without sending them.
        #[inline]
        pub fn requests(&self) -> ::core::result::Result<
            ::std::vec::Vec<crate::request::Request>,
            crate::error::Error,
        > {
            self.call.requests()
        }
        #raw_docs
        #note
        #[inline]
        pub fn send_raw(self) -> ::core::result::Result<#raw_type, crate::error::Error> {
            self.call.#raw()
        }
        #own_docs
        pub fn send_as<T: ::serde::de::DeserializeOwned>(
            self,
        ) -> ::core::result::Result<#own_type, crate::error::Error> {
            self.call.#own()
        }
    }
}
