//! The static that tells everything about a row.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::check::{
    self, Area, Development, Endpoint, Given, In, Join, Kind, OpenTo, Param, Returns, Table,
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
    let open_to = match row.open_to {
        OpenTo::All => quote!(Availability::All),
        OpenTo::Extended => quote!(Availability::ExtendedQuota),
        OpenTo::Closed2024 => quote!(Availability::Legacy),
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
    let within = option(row.within.as_ref().map(|within| quote!(Cow::Borrowed(#within))));
    let replacement = option(row.replacement.as_ref().map(|replacement| quote!(#replacement)));
    let chunk = option(row.chunk.as_ref().map(|chunk| {
        let (param, max) = (chunk.param, chunk.max);
        let join = match chunk.join {
            Join::Concat => quote!(JoinResponses::Concat),
            Join::Unit => quote!(JoinResponses::Unit),
            Join::Last => quote!(JoinResponses::Last),
        };
        let advance = option(chunk.advance.map(|index| quote!(#index)));
        let then = option(chunk.then.as_ref().map(|then| quote!(&#then)));
        let send_empty = chunk.send_empty;
        let max_url = option(chunk.max_url.map(|max| quote!(#max)));
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
    let (idempotent, closed_with, estimate) = (row.idempotent, row.closed_with, row.estimate);
    let development = option(row.development.as_ref().map(form_descriptor));
    let total = option(row.total.as_ref().map(|total| {
        let (params, min, max) = (&total.params, total.min, total.max);
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
            pointer: #within,
            success: &[#(#success),*],
            batch: #chunk,
            fixed: &[#(#fixed),*],
            idempotent: #idempotent,
            total_is_estimate: #estimate,
            availability: #open_to,
            unavailable_status: #closed_with,
            replacement: #replacement,
            fallback: #development,
            sum_limit: #total,
            any_of: &[#(#any_of),*],
            params: Cow::Borrowed(&[#(#params),*]),
        };
    }
}

fn form_descriptor(form: &Development) -> TokenStream {
    let Development { row, still_answers, .. } = form;
    let params = form.params.iter().map(|given| {
        let Given { from, to, prefix } = given;
        quote!(FallbackParam { from: #from, to: #to, prefix: #prefix })
    });
    let each = option(form.each.map(|each| quote!(#each)));
    let own = option(
        form.own.as_ref().map(|(param, row)| quote!(OwnerCheck { param: #param, endpoint: &#row })),
    );
    let renames = form.renames.iter().map(|(from, to)| quote!((#from, #to)));
    quote!(Fallback {
        endpoint: &#row,
        params: &[#(#params),*],
        fan_out: #each,
        owner_only: #own,
        renames: &[#(#renames),*],
        original_still_works: #still_answers,
    })
}

fn param_descriptor(param: &Param, table: &Table) -> TokenStream {
    let Param { key, doc, list, required, kinds, in_list, selects, owned, .. } = param;
    let name = param.name.to_string();
    let within = match param.within {
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
        Kind::Words(index) => {
            let words = table.words[*index].values.iter().map(|word| &word.word);
            quote!(ParamKind::OneOf(&[#(#words),*]))
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
    let each = text(&param.each);
    quote!(ParamInfo {
        name: Cow::Borrowed(#name),
        key: Cow::Borrowed(#key),
        location: #within,
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
        element_key: #each,
        sent_as_list: #in_list,
        field_filter: #selects,
        owner_only: #owned,
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
