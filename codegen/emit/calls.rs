//! `calls.rs`: the methods of `Spotify`, and the request types that they return, in a module for each area.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::table::{Alias, Area, Case, Endpoint, Join, Shape, Shortcut, Table};
use super::docs;
use super::source_link::file_link;
use super::tokens::{doc, file};
use super::types::{absolute, argument, element, selector};

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
    let Some((selector, _)) = selector(endpoint, table) else {
        return vec![quote!((#name, _) => ::core::option::Option::Some(visitor.#visit::<#ty>()),)];
    };
    let values = table.enums.iter().filter(|known| known.name == *selector);
    let values = values.flat_map(|known| known.values.iter().map(move |value| (known, value)));
    let arms = values.map(|(known, value)| {
        let (module, variant, text) = (&known.module, &value.variant, &value.value);
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
    let heading = doc(&[format!("# {name}")]);
    let methods = endpoints.iter().map(|endpoint| {
        let shortcuts = endpoint.shortcuts.iter();
        let shortcuts = shortcuts.map(|shortcut| shortcut_method(endpoint, shortcut, table));
        let method = method(endpoint, table);
        quote!(#method #(#shortcuts)*)
    });
    let requests = endpoints.iter().map(|endpoint| {
        let shortcuts = endpoint.shortcuts.iter();
        let forms = std::iter::once(Form::Own).chain(shortcuts.filter_map(Form::of));
        let types = forms.map(|form| request_type(endpoint, form, table));
        quote!(#(#types)*)
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

/// The request type of an endpoint, or that of one of its shortcuts.
#[derive(Clone, Copy)]
pub(super) enum Form<'t> {
    Own,
    /// For one element of the list, with the type of its result.
    Element(&'t Shortcut, &'t Ident, &'t syn::Type),
}

impl<'t> Form<'t> {
    fn of(shortcut: &'t Shortcut) -> Option<Self> {
        match &shortcut.case {
            Case::Element { type_name, item, .. } => Some(Form::Element(shortcut, type_name, item)),
            // It returns the request type of the endpoint.
            Case::Value { .. } => None,
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

/// A further method of `Spotify`, for one case of the endpoint.
fn shortcut_method(endpoint: &Endpoint, shortcut: &Shortcut, table: &Table) -> TokenStream {
    let Shortcut { name, method_name, case, .. } = shortcut;
    let docs = doc(&docs::method(endpoint, Some(shortcut), table));
    let link = file_link(endpoint);
    let search_names = search_names(&name.value, &shortcut.aliases);
    let Endpoint { method_name: full, type_name, const_name, .. } = endpoint;
    let selector = selector(endpoint, table);
    let (mut arguments, mut values) = (Vec::new(), Vec::new());
    let (returned, body) = match case {
        Case::Element { type_name, argument, .. } => {
            let list = endpoint.batch.as_ref().and_then(|batch| batch.param);
            let list = list.and_then(|index| Some((index, endpoint.params.get(index)?)));
            let step = list.map(|(index, param)| {
                let (ty, step) = element(index, argument, param, table);
                arguments.push(quote!(#argument: #ty));
                quote!(.#step)
            });
            let call = quote!(crate::call::Call::new(self, &crate::endpoint::#const_name) #step);
            (quote!(#type_name), quote!(#type_name { call: #call }))
        }
        Case::Value { module, variant, .. } => {
            let value = quote!(crate::types::enums::#module::#variant);
            for (index, param) in
                endpoint.params.iter().enumerate().filter(|(_, p)| p.is_argument())
            {
                let name = &param.ident;
                if selector.is_some_and(|(_, selector)| selector.ident == *name) {
                    values.push(value.clone());
                    continue;
                }
                let (ty, _) = argument(index, param, false, table);
                arguments.push(quote!(#name: #ty));
                values.push(quote!(#name));
            }
            (quote!(#type_name<#value>), quote!(self.#full(#(#values),*)))
        }
    };
    quote! {
        #docs
        #link
        #search_names
        pub fn #method_name(&self, #(#arguments),*) -> #returned { #body }
    }
}

/// The method of `Spotify`.
fn method(endpoint: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { method_name, type_name, const_name, .. } = endpoint;
    let (docs, link) = (doc(&docs::method(endpoint, None, table)), file_link(endpoint));
    let search_names = search_names(&endpoint.name.value, &endpoint.aliases);
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
        #search_names
        pub fn #method_name #generics(&self, #(#arguments),*) -> #type_name #of {
            #unused
            #type_name {
                call: crate::call::Call::new(self, &crate::endpoint::#const_name) #(#steps)* #marker
            }
        }
    }
}

/// The type that the method returns, with its setters and the methods that send it.
fn request_type(endpoint: &Endpoint, form: Form<'_>, table: &Table) -> TokenStream {
    let (type_name, shortcut) = match form {
        Form::Own => (&endpoint.type_name, None),
        Form::Element(shortcut, type_name, _) => (type_name, Some(shortcut)),
    };
    let (docs, link) = (doc(&[docs::request_type(endpoint, shortcut, table)]), file_link(endpoint));
    let setters = endpoint.params.iter().enumerate().filter(|(_, param)| !param.is_argument());
    let setters = setters.map(|(index, param)| {
        let (ty, step) = argument(index, param, false, table);
        let (setter, docs) = (&param.ident, doc(&[docs::param(param, endpoint, table)]));
        quote! {
            #docs
            pub fn #setter(mut self, #setter: #ty) -> Self {
                self.call = self.call.#step;
                self
            }
        }
    });
    let send_methods = send_methods(endpoint, form, table);
    let (generics, of, marker) = match selector(endpoint, table) {
        Some((name, _)) => (
            Some(quote!(<K: crate::types::enums::#name>)),
            Some(quote!(<K>)),
            Some(quote!(, item: ::core::marker::PhantomData<fn() -> K>)),
        ),
        None => (None, None, None),
    };
    let into_iterator = into_iterator(endpoint, &quote!(#type_name #of), generics.as_ref(), table);
    quote! {
        #docs
        #link
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent until `.send()`"]
        pub struct #type_name #of { call: crate::call::Call #marker }
        impl #generics #type_name #of { #(#setters)* #send_methods }
        #into_iterator
    }
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
fn send_methods(endpoint: &Endpoint, form: Form<'_>, table: &Table) -> TokenStream {
    let Some(returns) = &endpoint.returns else { return TokenStream::new() };
    let is_model = matches!(returns.value.shape, Shape::One) && !returns.value.text().contains('<');
    let inline = (!is_model).then(|| quote!(#[inline]));
    let (ty, join) = match form {
        Form::Own => (&returns.value.ty, endpoint.batch.as_ref().map(|batch| batch.join)),
        Form::Element(_, _, item) => (item, None),
    };
    let ty = absolute(ty, table);
    let send: Ident = format_ident!(
        "{}",
        match (form, join, &returns.value.shape) {
            (Form::Element(..), ..) => "send_element",
            (_, _, Shape::Unit) => "send_unit",
            (_, _, Shape::Maybe) => "send_optional",
            (_, Some(Some(Join::Concat)), _) => "send_joined",
            (_, _, _) => "send",
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
