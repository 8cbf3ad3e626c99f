//! `table.rs`: a static for each endpoint, with what is known about it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::table::{Endpoint, Enum, Kind, Param, Table};
use super::source_link::{file_link, origin};
use super::tokens::{doc, file};

pub(super) fn table(table: &Table) -> String {
    let statics = table.areas.iter().flat_map(|area| {
        area.endpoints.iter().map(|endpoint| descriptor(&area.name, endpoint, table))
    });
    let names = table.endpoints().map(|endpoint| &endpoint.const_name);
    file(quote! {
        #(#statics)*
        /// Every endpoint of the table, in the order of Spotify's reference.
        pub(crate) static ENDPOINTS: &[&Endpoint] = &[#(&#names),*];
    })
}

fn descriptor(area: &str, endpoint: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { const_name, name, method, .. } = endpoint;
    let (name, path, facts) = (&name.value, endpoint.path_text(), &endpoint.facts.0);
    let call = format!("`{} {path}`: [`Spotify::{name}`](crate::Spotify::{name}).", method.value);
    let (docs, link) = (doc(&[&call, "", &origin(endpoint)]), file_link(endpoint));
    // `GET` to `Get`.
    let (first, rest) = method.value.split_at_checked(1).unwrap_or_default();
    let method = format_ident!("{first}{}", rest.to_lowercase());
    let params = endpoint.params.iter().map(|param| param_info(param, table));
    let has_params = !endpoint.params.is_empty();
    let params = has_params.then(|| quote!(static PARAMS: &[ParamInfo] = &[#(#params),*];));
    let call = has_params.then(|| quote!(.params(PARAMS)));
    quote! {
        #docs
        #link
        pub static #const_name: Endpoint = {
            #params
            Endpoint::new(#name, Method::#method, #path).area(#area) #facts #call
        };
    }
}

fn param_info(param: &Param, table: &Table) -> TokenStream {
    let Param { name, doc, facts, .. } = param;
    let (name, facts) = (&name.value, &facts.0);
    // The generator's enums have the names of the descriptor's.
    let location = param.location.as_ref().map(|at| format!("{:?}", at.value).to_lowercase());
    let location = format_ident!("{}", location.as_deref().unwrap_or("query"));
    let id = match &param.kind {
        Some(Kind::Id(index)) => table.ids.get(*index),
        _ => None,
    };
    // An id without a URI is any text on the wire.
    let id = id.filter(|id| !id.bare);
    let kind = param.kind.as_ref().filter(|kind| id.is_some() || !matches!(kind, Kind::Id(_)));
    let kind = format!("{:?}", kind.unwrap_or(&Kind::Text));
    let kind = format_ident!("{}", kind.split('(').next().unwrap_or("Text"));
    let of = match &param.kind {
        Some(Kind::Id(_)) => id.map(|id| {
            let uri = &id.uri;
            quote!((#uri))
        }),
        Some(Kind::OneOf(index)) => table.enums.get(*index).map(|known| {
            let values = known.values.iter().map(|value| &value.value);
            quote!((&[#(#values),*]))
        }),
        _ => None,
    };
    let pointers = match &param.kind {
        Some(Kind::OneOf(index)) => table.enums.get(*index).map(pointers),
        _ => None,
    };
    quote!(ParamInfo::#location(#name, ParamKind::#kind #of) #facts #pointers .summary(#doc))
}

/// The field of the response for each value that selects one.
fn pointers(known: &Enum) -> Option<TokenStream> {
    let pairs = known.values.iter().filter_map(|value| {
        let (value, pointer) = (&value.value, value.pointer.as_ref()?);
        Some(quote!((#value, #pointer)))
    });
    let pairs: Vec<TokenStream> = pairs.collect();
    (!pairs.is_empty()).then(|| quote!(.pointers(&[#(#pairs),*])))
}
