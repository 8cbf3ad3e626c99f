//! Enumerations, ids and scopes.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::check::{Enum, Id, Table};
use super::{doc, file};

/// `words.rs`: the enumerations that parameters take.
pub fn enums(table: &Table) -> String {
    let items = table.enums.iter().map(|enums| match enums.selects_item {
        true => choice(enums),
        false => enumeration(enums),
    });
    let closed = table.enums.iter().filter(|enums| !enums.selects_item).map(|enums| &enums.name);
    file(quote! {
        #(#items)*
        /// What each enumeration does as a parameter of a call.
        macro_rules! for_each_enum {
            ($element_key:ident) => { #($element_key!(#closed);)* };
        }
    })
}

/// `ids.rs`: a type for each kind of id, and the URI over all of them.
pub fn ids(table: &Table) -> String {
    let types = table.ids.iter().map(|id| {
        let Id { name, uri, path, base62, example, .. } = id;
        let also = id.also.iter();
        let form = if *base62 { quote!(Form::Base62) } else { quote!(Form::Text) };
        let example = format!(
            "```\nlet id: tonearm::{name} = \"spotify:{uri}:{example}\".parse()?;\n\
             assert_eq!(id.as_str(), \"{example}\");\n# Ok::<(), tonearm::InvalidId>(())\n```"
        );
        let text = doc(&[&id.summary, "", &example]);
        quote! {
            #text
            #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct #name(SmallText);
            id_type!(#name, #uri, #path, #form #(, #also)*);
        }
    });
    let (variants, names): (Vec<_>, Vec<_>) =
        table.ids.iter().map(|id| (&id.variant, &id.name)).unzip();
    file(quote! {
        #(#types)*
        spotify_uri! { #(#variants: #names),* }
    })
}

/// `scopes.rs`
pub fn scopes(table: &Table) -> String {
    let variants: Vec<_> = table.scopes.iter().map(|scope| &scope.variant).collect();
    let enums: Vec<_> = table.scopes.iter().map(|scope| &scope.word).collect();
    let docs =
        table.scopes.iter().map(|scope| doc(&[&format!("`{}`: {}", scope.word, scope.summary)]));
    file(quote! {
        /// A permission that a user grants to an app.
        ///
        /// [`Scopes::for_endpoints`](crate::Scopes::for_endpoints) knows which ones a program needs.
        ///
        /// ```
        /// use tonearm::Scope;
        ///
        /// assert_eq!(Scope::from("user-library-read"), Scope::UserLibraryRead);
        /// // One that this version does not know is asked for all the same.
        /// assert_eq!(Scope::from("user-mood-read").as_str(), "user-mood-read");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Scope {
            #(#docs #variants,)*
            /// A scope that this version of the crate does not know, as it was written.
            Other(Box<str>),
        }
        scope_words! { #(#variants = #enums),* }
    })
}

fn enumeration(enums: &Enum) -> TokenStream {
    let Enum { name, .. } = enums;
    let variants: Vec<_> = enums.values.iter().map(|word| &word.name).collect();
    let texts: Vec<_> = enums.values.iter().map(|word| &word.word).collect();
    let docs = enums.values.iter().map(|word| doc(&[&format!("`{}`: {}", word.word, word.doc)]));
    let word = texts.first().map_or("", |word| word.as_str());
    let example = format!(
        "```\nlet word: tonearm::{name} = \"{word}\".parse()?;\nassert_eq!(word.as_str(), \"{word}\");\n\
         # Ok::<(), tonearm::UnknownValue>(())\n```"
    );
    let summary = doc(&[&enums.summary, "", &example]);
    quote! {
        #summary
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name { #(#docs #variants,)* }
        impl ApiEnum for #name {
            const VALUES: &'static [(&'static str, Self)] = &[#((#texts, #name::#variants)),*];
        }
        api_enum!(#name);
    }
}

/// An enumeration whose words are types, because each asks for another answer.
fn choice(enums: &Enum) -> TokenStream {
    let Enum { name, module, .. } = enums;
    let summary = doc(&[
        &enums.summary,
        "",
        &format!("The words are types in [`{module}`], each with its own answer."),
    ]);
    let inside = format!("The words of [`{name}`](super::{name}).");
    let types = enums.values.iter().map(|word| {
        let (ty, text) = (&word.name, &word.word);
        let docs = doc(&[&format!("`{}`: {}", word.word, word.doc)]);
        let item = word.item.iter();
        let pointer = word.pointer.iter();
        quote! {
            #docs
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct #ty;
            impl ResponseSelector for #ty {
                const VALUE: &'static str = #text;
                #(const POINTER: Option<&'static str> = Some(#pointer);)*
            }
            impl super::#name for #ty { #(type Item = crate::model::#item;)* }
        }
    });
    quote! {
        #summary
        pub trait #name: ResponseSelector {
            /// What each row of the answer is.
            type Item: serde::de::DeserializeOwned + Send + 'static;
        }
        #[doc = #inside]
        pub mod #module {
            use super::ResponseSelector;
            #(#types)*
        }
    }
}
