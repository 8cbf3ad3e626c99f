//! `calls.rs`: the methods of `Spotify`, and the request types that they return, in a module for each area.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::table::{
    Alias, Area, Case, Endpoint, Enum, Join, Method, Shape, Table, const_name, ident, type_name,
};
use super::docs;
use super::tokens::{doc, file, file_link};
use super::types::{absolute, argument, element, selected};

pub(super) fn calls(table: &Table) -> String {
    let areas = table.areas.iter().map(|area| module(area, table));
    let availability = doc(&docs::availability(table));
    let results = table.endpoints().flat_map(|endpoint| results(endpoint, table));
    file(quote! {
        #(#areas)*
        #availability
        #[cfg(any(doc, doctest))]
        pub mod availability {}
        /// Hands the type that the call with a name returns to a visitor. `selected` is the value that selects it.
        #[doc(hidden)]
        pub fn visit_result<V: ResultVisitor>(
            name: &str,
            selected: &str,
            visitor: V,
        ) -> ::core::option::Option<V::Output> {
            match (name, selected) {
                #(#results)*
                _ => ::core::option::Option::None,
            }
        }
    })
}

/// The type that a call returns, one for each value that selects it.
fn results(endpoint: &Endpoint, table: &Table) -> Vec<TokenStream> {
    let Some(returns) = &endpoint.returns else { return Vec::new() };
    let (name, ty) = (&endpoint.name.value, absolute(&returns.value.ty, table));
    let visit = if returns.value.is_page() { quote!(page) } else { quote!(value) };
    let Some((known, _)) = endpoint.selector() else {
        return vec![quote!((#name, _) => ::core::option::Option::Some(visitor.#visit::<#ty>()),)];
    };
    let Enum { name: selector, module, .. } = known;
    let arms = known.values.iter().map(|value| {
        let (variant, text) = (&value.variant, &value.value);
        quote! {
            (#name, #text) => {
                fn visit<K: crate::types::enums::#selector, V: ResultVisitor>(visitor: V) -> V::Output {
                    visitor.#visit::<#ty>()
                }
                ::core::option::Option::Some(visit::<crate::types::enums::#module::#variant, V>(visitor))
            }
        }
    });
    arms.collect()
}

fn module(area: &Area, table: &Table) -> TokenStream {
    let Area { name, module, endpoints, .. } = area;
    let (docs, link) = (doc(&docs::area(area)), endpoints.first().and_then(file_link));
    let heading = doc(&[format!("# {}", name.value)]);
    let methods = endpoints
        .iter()
        .flat_map(|endpoint| endpoint.methods().map(move |named| method(endpoint, named, table)));
    let requests = endpoints.iter().flat_map(|endpoint| {
        endpoint.methods().filter_map(move |named| request_type(endpoint, named, table))
    });
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

/// The names in other libraries, by which a search in the documentation finds the method.
fn search_names(name: &str, aliases: &[Alias]) -> Option<TokenStream> {
    let mut names: Vec<&str> = aliases.iter().map(|alias| alias.name.value.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    // rustdoc rejects the name itself.
    names.retain(|alias| *alias != name);
    (!names.is_empty()).then(|| quote!(#[doc(alias(#(#names),*))]))
}

/// The method of `Spotify` for an endpoint, or for one of its shortcuts.
fn method(
    endpoint: &Endpoint,
    (name, aliases, shortcut): Method<'_>,
    table: &Table,
) -> TokenStream {
    let own_name = &endpoint.name;
    let docs = doc(&docs::method(endpoint, shortcut, table));
    let (link, search_names) = (file_link(endpoint), search_names(&name.value, aliases));
    let (method, own_method) = (ident(&name.value), ident(&own_name.value));
    let (request_type, descriptor) = (type_name(&own_name.value), const_name(&own_name.value));
    let case = shortcut.map(|shortcut| &shortcut.case);
    let (mut arguments, mut values, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(Case::Element { argument, .. }) = case {
        if let Some((index, param)) = endpoint.batch_list() {
            let (ty, step) = element(index, argument, param, table);
            arguments.push(quote!(#argument: #ty));
            steps.push(step);
        }
    } else {
        for (index, param) in endpoint.arguments() {
            let name = param.ident();
            let (ty, step) = match (param.selects(), case) {
                (Some(_), Some(Case::Value { module, variant, .. })) => {
                    values.push(quote!(crate::types::enums::#module::#variant));
                    continue;
                }
                (Some(_), _) => selected(index),
                (None, _) => argument(index, param, table),
            };
            arguments.push(quote!(#name: #ty));
            values.push(quote!(#name));
            steps.push(step);
        }
    }
    let call = quote!(crate::call::Call::new(self, &crate::endpoint::#descriptor) #(#steps)*);
    let (generics, returned, body) = match (case, endpoint.selector()) {
        (Some(Case::Element { .. }), _) => {
            let ty = type_name(&name.value);
            (None, quote!(#ty), quote!(#ty { call: #call }))
        }
        (Some(Case::Value { module, variant, .. }), _) => {
            let ty = quote!(#request_type<crate::types::enums::#module::#variant>);
            (None, ty, quote!(self.#own_method(#(#values),*)))
        }
        (None, Some((Enum { name, .. }, param))) => {
            let value = param.ident();
            let body = quote! {
                let _: K = #value;
                #request_type { call: #call, item: ::core::marker::PhantomData }
            };
            (Some(quote!(<K: crate::types::enums::#name>)), quote!(#request_type<K>), body)
        }
        (None, None) => (None, quote!(#request_type), quote!(#request_type { call: #call })),
    };
    quote! {
        #docs
        #link
        #search_names
        pub fn #method #generics(&self, #(#arguments),*) -> #returned { #body }
    }
}

/// The type that the method returns, with its setters and the methods that send it.
fn request_type(
    endpoint: &Endpoint,
    (name, _, shortcut): Method<'_>,
    table: &Table,
) -> Option<TokenStream> {
    let item = match shortcut.map(|shortcut| &shortcut.case) {
        None => None,
        Some(Case::Element { item, .. }) => Some(item),
        // It returns the request type of the endpoint.
        Some(Case::Value { .. }) => return None,
    };
    let type_name = type_name(&name.value);
    let (docs, link) = (doc(&[docs::request_type(endpoint, shortcut)]), file_link(endpoint));
    let setters = endpoint.setters().map(|(index, param)| {
        let (ty, step) = argument(index, param, table);
        let (setter, docs) = (param.ident(), doc(&[docs::param(param, endpoint)]));
        quote! {
            #docs
            pub fn #setter(mut self, #setter: #ty) -> Self {
                self.call = self.call #step;
                self
            }
        }
    });
    let send_methods = send_methods(endpoint, item, table);
    let (generics, of, marker) = match endpoint.selector() {
        Some((Enum { name, .. }, _)) => (
            Some(quote!(<K: crate::types::enums::#name>)),
            Some(quote!(<K>)),
            Some(quote!(, item: ::core::marker::PhantomData<fn() -> K>)),
        ),
        None => (None, None, None),
    };
    let into_iterator = into_iterator(endpoint, &quote!(#type_name #of), generics.as_ref(), table);
    Some(quote! {
        #docs
        #link
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent until `.send()`"]
        pub struct #type_name #of { call: crate::call::Call #marker }
        impl #generics #type_name #of { #(#setters)* #send_methods }
        #into_iterator
    })
}

/// `IntoIterator` for a call that returns a page, so it can stand in a `for` loop.
fn into_iterator(
    endpoint: &Endpoint,
    name: &TokenStream,
    generics: Option<&TokenStream>,
    table: &Table,
) -> Option<TokenStream> {
    let returns = &endpoint.returns.as_ref()?.value;
    let Shape::Page(item) = &returns.shape else { return None };
    let (ty, item) = (absolute(&returns.ty, table), absolute(item, table));
    Some(quote! {
        impl #generics ::core::iter::IntoIterator for #name {
            type Item = ::core::result::Result<#item, crate::error::Error>;
            type IntoIter = crate::paging::Items<#ty>;
            #[inline]
            fn into_iter(self) -> Self::IntoIter {
                self.items()
            }
        }
    })
}

/// `send` and its relatives.
///
/// Methods that decode a single model are compiled once, in this crate. Those for pages, lists and options of models
/// are `#[inline]`: a program compiles only those that it uses, from models that are already compiled.
fn send_methods(endpoint: &Endpoint, item: Option<&syn::Type>, table: &Table) -> TokenStream {
    let Some(returns) = &endpoint.returns else { return TokenStream::new() };
    let is_model = matches!(returns.value.shape, Shape::One) && !returns.value.text().contains('<');
    let inline = (!is_model).then(|| quote!(#[inline]));
    // A shortcut for one element sends one request.
    let join = endpoint.batch.as_ref().filter(|_| item.is_none()).map(|batch| batch.join);
    let ty = absolute(item.unwrap_or(&returns.value.ty), table);
    let send = ident(match (item, join, &returns.value.shape) {
        (Some(_), ..) => "send_element",
        (_, _, Shape::Unit) => "send_unit",
        (_, _, Shape::Maybe) => "send_optional",
        (_, Some(Some(Join::Concat)), _) => "send_joined",
        (_, _, _) => "send",
    });
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
                /// Starts at a [checkpoint](crate::Checkpoint) of the same list.
                pub fn start_at(mut self, checkpoint: &crate::page::Checkpoint) -> Self {
                    self.call = self.call.start_at(checkpoint);
                    self
                }
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
