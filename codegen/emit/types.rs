//! The types that generated code names, with their paths.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::table::{Kind, Param, Table, number};

/// A parameter in a signature, and the call of `Call` that takes its value.
pub(super) fn argument(index: usize, param: &Param, table: &Table) -> (TokenStream, TokenStream) {
    let (name, ty) = (param.ident(), value_type(param, table));
    let (family, ty) = match param.list {
        true => (quote!(IntoList), ty),
        false if param.required => (family(param), ty),
        false => (family(param), quote!(::core::option::Option<#ty>)),
    };
    value(quote!(argument), index, &name, quote!(#family::<#ty>))
}

/// The same for the parameter that selects the type `K` of the items.
pub(super) fn selected(index: usize) -> (TokenStream, TokenStream) {
    let index = number(index);
    (quote!(K), quote!(.choice::<K>(#index)))
}

/// The one element of a list, as [`argument`] has the list.
pub(super) fn element(
    index: usize,
    name: &Ident,
    param: &Param,
    table: &Table,
) -> (TokenStream, TokenStream) {
    let (family, ty) = (family(param), value_type(param, table));
    value(quote!(element), index, name, quote!(#family::<#ty>))
}

fn value(
    step: TokenStream,
    index: usize,
    name: &Ident,
    family: TokenStream,
) -> (TokenStream, TokenStream) {
    let (index, path) = (number(index), quote!(crate::request::argument::#family));
    (quote!(impl #path), quote!(.#step(#index, #path::argument(#name, crate::request::Seal))))
}

/// The type of a parameter's value.
fn value_type(param: &Param, table: &Table) -> TokenStream {
    let (room, name) = (room(&param.ty.value, table), format_ident!("{}", param.ty.value));
    quote!(#room #name)
}

/// The trait of the arguments for one value of a parameter.
fn family(param: &Param) -> TokenStream {
    match param.kind {
        Some(Kind::Integer(_)) => quote!(IntoNumber),
        Some(Kind::Text) | None => quote!(IntoText),
        _ => quote!(IntoParam),
    }
}

/// A type of `spec/`, `Page<Album>`, with paths. `X::Item` becomes `K::Item` for the enum that selects it.
pub(super) fn absolute(ty: &syn::Type, table: &Table) -> TokenStream {
    let path = match ty {
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => return quote!(()),
        syn::Type::Tuple(tuple) => {
            let types = tuple.elems.iter().map(|ty| absolute(ty, table));
            return quote!((#(#types,)*));
        }
        syn::Type::Path(path) => &path.path,
        other => return quote!(#other),
    };
    let segments = path.segments.iter().map(|segment| {
        let name = &segment.ident;
        match &segment.arguments {
            syn::PathArguments::AngleBracketed(arguments) => {
                let types = arguments.args.iter().map(|argument| match argument {
                    syn::GenericArgument::Type(ty) => absolute(ty, table),
                    other => quote!(#other),
                });
                quote!(#name<#(#types),*>)
            }
            _ => quote!(#name),
        }
    });
    let names: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match &names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name, "Item"] if table.enums.iter().any(|known| known.name == name) => quote!(K::Item),
        [name] if path.leading_colon.is_none() => {
            let room = room(name, table);
            quote!(#room #(#segments)*)
        }
        _ => {
            let colon = &path.leading_colon;
            quote!(#colon #(#segments)::*)
        }
    }
}

/// The path before a type's name.
fn room(name: &str, table: &Table) -> TokenStream {
    match name {
        "bool" | "char" | "f32" | "f64" | "i8" | "i16" | "i32" | "i64" | "str" | "u8" | "u16"
        | "u32" | "u64" | "usize" => quote!(),
        "Box" => quote!(::std::boxed::),
        "Option" => quote!(::core::option::),
        "String" => quote!(::std::string::),
        "Vec" => quote!(::std::vec::),
        "Duration" | "SystemTime" => quote!(::std::time::),
        "CursorPage" | "Page" => quote!(crate::page::),
        "Market" => quote!(crate::types::market::),
        "Timestamp" => quote!(crate::types::timestamp::),
        "SpotifyUri" => quote!(crate::types::id::),
        "Jpeg" | "TimestampedId" | "Tuning" => quote!(crate::request::),
        _ if table.ids.iter().any(|id| id.name == name) => quote!(crate::types::id::),
        _ if table.enums.iter().any(|known| known.name == name) => quote!(crate::types::enums::),
        _ => quote!(crate::model::),
    }
}
