//! The static that tells everything about a row.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::check::{
    self, Area, Availability, Endpoint, Fallback, Given, In, Join, Kind, Param, Returns, Table,
};
use super::super::read::Literal;
use super::doc;
use super::docs::{file_link, origin};

pub(super) fn descriptor(area: &Area, row: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { const_name, summary, reference, fixed, success, .. } = row;
    let (name, area, path) = (row.name.to_string(), &area.name, row.path.to_string());
    let what =
        format!("`{} {}`: [`Spotify::{name}`](crate::Spotify::{name}).", row.method, row.path);
    let (docs, link) = (doc(&[&what, "", &origin(row)]), file_link(Some(row)));
    let docs = quote!(#docs #link);
    let method = format_ident!("{}", check::pascal(&row.method.to_lowercase()));
    let token = if row.user_token { quote!(TokenKind::User) } else { quote!(TokenKind::App) };
    let availability = match row.availability {
        Availability::All => quote!(Availability::All),
        Availability::ExtendedQuota => quote!(Availability::ExtendedQuota),
        Availability::Legacy => quote!(Availability::Legacy),
    };
    let scopes = {
        let noted = |scopes: &[(Ident, String)]| {
            let entries = scopes.iter().map(|(scope, note)| quote!((Scope::#scope, #note)));
            quote!(&[#(#entries),*])
        };
        let (required, alternative) = (&row.scopes.required, &row.scopes.alternative);
        let (recommended, unlocks) = (&row.scopes.recommended, noted(&row.scopes.unlocks));
        let conditional = row.scopes.conditional.iter().map(|case| {
            let check::Case { scope, when, kinds, given } = case;
            let given = option(given.as_ref().map(|(param, value)| quote!((#param, #value))));
            quote!(ConditionalScope {
                scope: Scope::#scope,
                when: #when,
                kinds: &[#(#kinds),*],
                given: #given,
            })
        });
        quote!(EndpointScopes {
            required: Cow::Borrowed(&[#(Scope::#required),*]),
            alternative: &[#(Scope::#alternative),*],
            conditional: &[#(#conditional),*],
            recommended: &[#(Scope::#recommended),*],
            unlocks: #unlocks,
        })
    };
    let returns = match &row.returns {
        Returns::Unit => "()".to_owned(),
        Returns::One(ty)
        | Returns::Page { page: ty, .. }
        | Returns::CursorPage { page: ty, .. } => quote!(#ty).to_string().replace(' ', ""),
        Returns::Maybe(ty) => quote!(Option<#ty>).to_string().replace(' ', ""),
    };
    let pointer = option(row.pointer.as_ref().map(|pointer| quote!(Cow::Borrowed(#pointer))));
    let replacement = option(row.replacement.as_ref().map(|replacement| quote!(#replacement)));
    let batch = option(row.batch.as_ref().map(|batch| {
        let (param, max) = (batch.param, batch.max);
        let join = match batch.join {
            Join::Concat => quote!(JoinResponses::Concat),
            Join::Unit => quote!(JoinResponses::Unit),
            Join::Last => quote!(JoinResponses::Last),
        };
        let advance = option(batch.advance.map(|index| quote!(#index)));
        let then = option(batch.then.as_ref().map(|then| quote!(&#then)));
        let send_empty = batch.send_empty;
        let max_url = option(batch.max_url.map(|max| quote!(#max)));
        quote!(BatchRule {
            param: #param,
            max: #max,
            join: #join,
            advance: #advance,
            then: #then,
            send_empty: #send_empty,
            max_url: #max_url,
        })
    }));
    let (idempotent, unavailable_status, total_is_estimate) =
        (row.idempotent, row.unavailable_status, row.total_is_estimate);
    let fallback = option(row.fallback.as_ref().map(form_descriptor));
    let sum_limit = option(row.sum_limit.as_ref().map(|sum_limit| {
        let (params, min, max) = (&sum_limit.params, sum_limit.min, sum_limit.max);
        quote!(SumLimit { params: &[#(#params),*], min: #min, max: #max })
    }));
    let any_of = &row.any_of;
    let fixed = fixed.iter().map(|(key, value)| quote!((#key, #value)));
    let params = row.params.iter().map(|param| param_descriptor(param, table));
    quote! {
        #docs
        pub static #const_name: Endpoint = Endpoint {
            name: Cow::Borrowed(#name),
            area: #area,
            summary: #summary,
            reference: #reference,
            method: Method::#method,
            path: Cow::Borrowed(#path),
            token: #token,
            scopes: #scopes,
            returns: #returns,
            pointer: #pointer,
            success: &[#(#success),*],
            batch: #batch,
            fixed: &[#(#fixed),*],
            idempotent: #idempotent,
            total_is_estimate: #total_is_estimate,
            availability: #availability,
            unavailable_status: #unavailable_status,
            replacement: #replacement,
            fallback: #fallback,
            sum_limit: #sum_limit,
            any_of: &[#(#any_of),*],
            params: Cow::Borrowed(&[#(#params),*]),
        };
    }
}

fn form_descriptor(form: &Fallback) -> TokenStream {
    let Fallback { row, original_still_works, .. } = form;
    let params = form.params.iter().map(|given| {
        let Given { from, to, prefix } = given;
        quote!(FallbackParam { from: #from, to: #to, prefix: #prefix })
    });
    let element_key = option(form.element_key.map(|element_key| quote!(#element_key)));
    let own = option(
        form.own.as_ref().map(|(param, row)| quote!(OwnerCheck { param: #param, endpoint: &#row })),
    );
    let renames = form.renames.iter().map(|(from, to)| quote!((#from, #to)));
    quote!(Fallback {
        endpoint: &#row,
        params: &[#(#params),*],
        fan_out: #element_key,
        owner_only: #own,
        renames: &[#(#renames),*],
        original_still_works: #original_still_works,
    })
}

fn param_descriptor(param: &Param, table: &Table) -> TokenStream {
    let Param { key, doc, list, required, kinds, sent_as_list, field_filter, owner_only, .. } =
        param;
    let name = param.name.to_string();
    let pointer = match param.pointer {
        In::Path => quote!(ParamLocation::Path),
        In::Query => quote!(ParamLocation::Query),
        In::Body => quote!(ParamLocation::Body),
    };
    let kind = match &param.kind {
        Kind::Integer(_) => quote!(ParamKind::Integer),
        Kind::Boolean => quote!(ParamKind::Boolean),
        Kind::Text => quote!(ParamKind::Text),
        Kind::Id(index) => {
            let uri = &table.ids[*index].uri;
            quote!(ParamKind::Id(#uri))
        }
        Kind::Uri => quote!(ParamKind::Uri),
        Kind::Market => quote!(ParamKind::Market),
        Kind::Timestamp => quote!(ParamKind::Timestamp),
        Kind::TimestampedId => quote!(ParamKind::TimestampedId),
        Kind::Jpeg => quote!(ParamKind::Jpeg),
        Kind::Tuning => quote!(ParamKind::Tuning),
        Kind::Enum(index) => {
            let enums = table.enums[*index].values.iter().map(|word| &word.word);
            quote!(ParamKind::OneOf(&[#(#enums),*]))
        }
    };
    let number = |value: Option<i64>| option(value.map(|value| quote!(#value)));
    let (min, max) = (number(param.min), number(param.max));
    let development_max = number(param.development_max);
    let literal = |literal: &Option<Literal>| {
        option(literal.as_ref().map(|literal| {
            let text = literal.to_string();
            quote!(#text)
        }))
    };
    let (default, preset) = (literal(&param.default), literal(&param.preset));
    let excludes = &param.excludes;
    let text = |value: &Option<String>| option(value.as_ref().map(|value| quote!(#value)));
    let (when_absent, bare_key) = (text(&param.when_absent), text(&param.bare_key));
    let element_key = text(&param.element_key);
    quote!(ParamInfo {
        name: Cow::Borrowed(#name),
        key: Cow::Borrowed(#key),
        location: #pointer,
        kind: #kind,
        list: #list,
        required: #required,
        min: #min,
        max: #max,
        development_max: #development_max,
        default: #default,
        when_absent: #when_absent,
        kinds: &[#(#kinds),*],
        bare_key: #bare_key,
        element_key: #element_key,
        sent_as_list: #sent_as_list,
        field_filter: #field_filter,
        owner_only: #owner_only,
        excludes: &[#(#excludes),*],
        preset: #preset,
        doc: #doc,
    })
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
