//! `enums.rs`, `ids.rs` and `scopes.rs`: the types that the table defines.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::table::{Enum, Id, Table};
use super::tokens::{doc, file};

/// The enums that parameters take.
pub(super) fn enums(table: &Table) -> String {
    let items = table
        .enums
        .iter()
        .map(|known| if known.selects_item { selector(known) } else { enumeration(known) });
    let plain = table.enums.iter().filter(|known| !known.selects_item).map(|known| &known.name);
    file(quote! {
        #(#items)*
        /// Expands a macro for each enum.
        macro_rules! for_each_enum {
            ($each:ident) => { #($each!(#plain);)* };
        }
    })
}

/// A type for each kind of id, and the URI over all of them.
pub(super) fn ids(table: &Table) -> String {
    let types = table.ids.iter().map(|id| {
        let Id { name, uri, path, base62, bare, example, .. } = &**id;
        let also = id.also.iter();
        let form = match (base62, bare) {
            (true, _) => quote!(Form::Base62),
            (false, false) => quote!(Form::Text),
            (false, true) => quote!(Form::Bare),
        };
        let prefix = if *bare { String::new() } else { format!("spotify:{uri}:") };
        let with_uri = (!bare).then(|| quote!(uri_type!(#name, #uri);));
        let example = format!(
            "```\nlet id: tonearm::{name} = \"{prefix}{example}\".parse()?;\n\
             assert_eq!(id.as_str(), \"{example}\");\n# Ok::<(), tonearm::InvalidId>(())\n```"
        );
        let docs = doc(&[id.summary.as_str(), "", &example]);
        quote! {
            #docs
            #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct #name(SmallText);
            id_type!(#name, #uri, #path, #form #(, #also)*);
            #with_uri
        }
    });
    let with_uri = || table.ids.iter().filter(|id| !id.bare);
    let variants = with_uri().map(|id| &id.variant);
    let uri_names = with_uri().map(|id| &id.name);
    let names = table.ids.iter().map(|id| &id.name);
    file(quote! {
        #(#types)*
        spotify_uri! { #(#variants: #uri_names),* }
        /// Expands a macro for each type of id.
        macro_rules! for_each_id {
            ($each:ident) => { #($each!(#names);)* };
        }
    })
}

pub(super) fn scopes(table: &Table) -> String {
    let variants: Vec<_> = table.scopes.iter().map(|scope| &scope.variant).collect();
    let names: Vec<_> = table.scopes.iter().map(|scope| &scope.name).collect();
    let docs =
        table.scopes.iter().map(|scope| doc(&[format!("`{}`: {}", scope.name, scope.summary)]));
    file(quote! { api_enum! {
        /// A permission that a user grants to an app.
        ///
        /// [`Scopes::for_endpoints`](crate::Scopes::for_endpoints) returns the scopes that a program needs.
        ///
        /// ```
        /// use tonearm::Scope;
        ///
        /// assert_eq!(Scope::from("user-library-read"), Scope::UserLibraryRead);
        /// // A scope that this version does not know can be requested too.
        /// assert_eq!(Scope::from("user-mood-read").as_str(), "user-mood-read");
        /// ```
        open Scope { #(#docs #variants = #names,)* }
    } })
}

fn enumeration(known: &Enum) -> TokenStream {
    let Enum { name, .. } = known;
    let variants: Vec<_> = known.values.iter().map(|value| &value.variant).collect();
    let texts: Vec<_> = known.values.iter().map(|value| &value.value).collect();
    let docs = known.values.iter().map(|value| doc(&[format!("`{}`: {}", value.value, value.doc)]));
    let first = texts.first().map_or("", |text| text.as_str());
    let example = format!(
        "```\nlet value: tonearm::{name} = \"{first}\".parse()?;\nassert_eq!(value.as_str(), \"{first}\");\n\
         # Ok::<(), tonearm::UnknownValue>(())\n```"
    );
    let summary = doc(&[known.summary.as_str(), "", &example]);
    let kind = known.open.then(|| quote!(shared));
    quote! {
        api_enum! { #summary #kind #name { #(#docs #variants = #texts,)* } }
    }
}

/// An enum whose values are types, because each selects another type of item.
fn selector(known: &Enum) -> TokenStream {
    let Enum { name, module, .. } = known;
    let summary = doc(&[
        known.summary.as_str(),
        "",
        &format!(
            "The values are types in [`{module}`], each with its own type of item. Only they implement this trait."
        ),
    ]);
    let inside = doc(&[format!("The types that implement [`{name}`](crate::{name}).")]);
    let types = known.values.iter().map(|value| {
        let (ty, text) = (&value.variant, &value.value);
        let docs = doc(&[format!("`{text}`: {}", value.doc)]);
        let (item, pointer) = (value.item.iter(), value.pointer.iter());
        quote! {
            #docs
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct #ty;
            impl super::selector::ResponseSelector for #ty {
                const VALUE: &'static str = #text;
                #(const POINTER: ::core::option::Option<&'static str> = ::core::option::Option::Some(#pointer);)*
            }
            impl super::#name for #ty { #(type Item = crate::model::#item;)* }
        }
    });
    quote! {
        #summary
        pub trait #name: selector::ResponseSelector {
            /// The type of each item of the response.
            type Item: serde::de::DeserializeOwned + Send + 'static;
        }
        #inside
        pub mod #module { #(#types)* }
    }
}
