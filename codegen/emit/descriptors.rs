//! `table.rs`: a static for each endpoint, with what is known about it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::table::{Endpoint, Kind, Param, Table, const_name, ident, type_name};
use super::tokens::{doc, file, file_link, origin};

pub(super) fn table(table: &Table) -> String {
    let statics = table.areas.iter().flat_map(|area| {
        area.endpoints.iter().map(|endpoint| descriptor(&area.name.value, endpoint))
    });
    let names = table.endpoints().map(|endpoint| const_name(&endpoint.name.value));
    file(quote! {
        #(#statics)*
        /// Every endpoint of the table, in the order of Spotify's reference.
        pub(crate) static ENDPOINTS: &[&Endpoint] = &[#(&#names),*];
    })
}

fn descriptor(area: &str, endpoint: &Endpoint) -> TokenStream {
    let Endpoint { name, method, .. } = endpoint;
    let (name, path, facts) = (&name.value, endpoint.path_text(), &endpoint.facts.0);
    let call = format!("`{} {path}`: [`Spotify::{name}`](crate::Spotify::{name}).", method.value);
    let (docs, link) = (doc(&[&call, "", &origin(endpoint)]), file_link(endpoint));
    // `GET` to `Get`.
    let (const_name, method) = (const_name(name), type_name(&method.value.to_lowercase()));
    let params = endpoint.params.iter().map(param_info);
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

fn param_info(param: &Param) -> TokenStream {
    let Param { name, doc, facts, .. } = param;
    let name = &name.value;
    // The generator's enums have the names of the descriptor's.
    let location = param.location.as_ref().map(|at| format!("{:?}", at.value).to_lowercase());
    let location = ident(location.as_deref().unwrap_or("query"));
    let mut pointers = Vec::new();
    let kind = match &param.kind {
        // An id without a URI is any text on the wire.
        Some(Kind::Id(id)) if id.bare => quote!(Text),
        Some(Kind::Id(id)) => {
            let uri = &id.uri;
            quote!(Id(#uri))
        }
        Some(Kind::OneOf(known)) => {
            // The field of the response for each value that selects one.
            pointers.extend(known.values.iter().filter_map(|value| {
                let (value, pointer) = (&value.value, value.pointer.as_ref()?);
                Some(quote!((#value, #pointer)))
            }));
            let values = known.values.iter().map(|value| &value.value);
            quote!(OneOf(&[#(#values),*]))
        }
        Some(Kind::Integer(_)) => quote!(Integer),
        kind => {
            let kind = ident(&format!("{:?}", kind.as_ref().unwrap_or(&Kind::Text)));
            quote!(#kind)
        }
    };
    let mut facts = facts.clone();
    facts.list("pointers", pointers);
    facts.text("summary", Some(doc));
    let facts = facts.0;
    quote!(ParamInfo::#location(#name, ParamKind::#kind) #facts)
}
