//! A checked table to Rust. Nothing can fail here: what could, failed in `check`.
//!
//! The output only describes. Each request type holds a `Call`, and each of its methods is one call
//! into hand-written code.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::check::{Area, Endpoint, Id, In, Join, Kind, OpenTo, Param, Returns, Table, Words};
use super::row::Literal;
use super::sample;

const REFERENCE: &str = "https://developer.spotify.com/documentation/web-api/reference/";

/// `endpoints.rs`: a module for each area, a static for each row, and the list of them.
pub fn endpoints(table: &Table) -> String {
    let areas = table.areas.iter().map(|area| module(area, table));
    let rows =
        table.areas.iter().flat_map(|area| area.endpoints.iter().map(move |row| (area, row)));
    let statics = rows.clone().map(|(area, row)| descriptor(area, row, table));
    let names = rows.map(|(_, row)| &row.const_name);
    file(quote! {
        #(#areas)*
        #(#statics)*
        /// Every row of the table, in the order of Spotify's reference.
        pub(crate) static ENDPOINTS: &[&Endpoint] = &[#(&#names),*];
    })
}

/// `words.rs`: the enumerations that parameters take.
pub fn words(table: &Table) -> String {
    let items = table.words.iter().map(|words| match words.decides_answer {
        true => choice(words),
        false => enumeration(words),
    });
    let closed = table.words.iter().filter(|words| !words.decides_answer).map(|words| &words.name);
    file(quote! {
        #(#items)*
        /// What each enumeration does as a parameter of a call.
        macro_rules! for_each_words {
            ($each:ident) => { #($each!(#closed);)* };
        }
    })
}

/// `ids.rs`: a type for each kind of id, and the URI over all of them.
pub fn ids(table: &Table) -> String {
    let types = table.ids.iter().map(|id| {
        let Id { name, uri, path, base62, example, .. } = id;
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
            id_type!(#name, #uri, #path, #form);
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
    let words: Vec<_> = table.scopes.iter().map(|scope| &scope.word).collect();
    let docs =
        table.scopes.iter().map(|scope| doc(&[&format!("`{}`: {}", scope.word, scope.summary)]));
    file(quote! {
        /// A permission that a user grants to an app.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Scope {
            #(#docs #variants,)*
            /// A scope that this version of the crate does not know, as it was written.
            Other(Box<str>),
        }
        scope_words! { #(#variants = #words),* }
    })
}

fn enumeration(words: &Words) -> TokenStream {
    let Words { name, .. } = words;
    let variants: Vec<_> = words.values.iter().map(|word| &word.name).collect();
    let texts: Vec<_> = words.values.iter().map(|word| &word.word).collect();
    let docs = words.values.iter().map(|word| doc(&[&format!("`{}`: {}", word.word, word.doc)]));
    let summary = doc(&[&words.summary]);
    quote! {
        #summary
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name { #(#docs #variants,)* }
        impl Words for #name {
            const WORDS: &'static [(&'static str, Self)] = &[#((#texts, #name::#variants)),*];
        }
        words_type!(#name);
    }
}

/// An enumeration whose words are types, because each asks for another answer.
fn choice(words: &Words) -> TokenStream {
    let Words { name, module, .. } = words;
    let summary = doc(&[
        &words.summary,
        "",
        &format!("The words are types in [`{module}`], each with its own answer."),
    ]);
    let inside = format!("The words of [`{name}`](super::{name}).");
    let types = words.values.iter().map(|word| {
        let (ty, text) = (&word.name, &word.word);
        let docs = doc(&[&format!("`{}`: {}", word.word, word.doc)]);
        let answer = word.answer.iter();
        quote! {
            #docs
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct #ty;
            impl Choice for #ty { const WORD: &'static str = #text; }
            impl super::#name for #ty { #(type Answer = #answer;)* }
        }
    });
    quote! {
        #summary
        pub trait #name: Choice {
            /// What each row of the answer is.
            type Answer: serde::de::DeserializeOwned + Send + 'static;
        }
        #[doc = #inside]
        pub mod #module {
            use super::Choice;
            use crate::model::*;
            #(#types)*
        }
    }
}

fn module(area: &Area, table: &Table) -> TokenStream {
    let Area { name, module, .. } = area;
    let mut lines = vec![area.summary.clone(), String::new()];
    lines.push("| call | request | scopes | ids a request | open to |".to_owned());
    lines.push("| --- | --- | --- | --- | --- |".to_owned());
    lines.extend(area.endpoints.iter().map(|row| table_line(row, table)));
    let docs = doc(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let methods = area.endpoints.iter().map(|row| method(row, table));
    let requests = area.endpoints.iter().map(|row| request_type(row, table));
    let heading = format!(" # {name}");
    quote! {
        #docs
        pub mod #module {
            use super::prelude::*;
            #[doc = #heading]
            impl Spotify { #(#methods)* }
            #(#requests)*
        }
    }
}

/// The method on `Spotify`.
fn method(row: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { name, type_name, const_name, .. } = row;
    let docs = doc(&method_docs(row, table).iter().map(String::as_str).collect::<Vec<_>>());
    let choice = choice_of(row, table);
    let arguments = row.params.iter().filter(|param| param.is_argument()).map(|param| {
        let (name, ty) = (&param.name, argument_type(param, table));
        quote!(#name: #ty)
    });
    let steps = row.params.iter().enumerate().filter(|(_, param)| param.is_argument()).map(
        |(index, param)| {
            let step = step(index, param, table);
            quote!(.#step)
        },
    );
    let start = quote!(Call::new(self, &super::#const_name) #(#steps)*);
    match choice {
        Some((words, param)) => {
            let unused = &param.name;
            quote! {
                #docs
                pub fn #name<K: #words>(&self, #(#arguments),*) -> #type_name<K> {
                    let _: K = #unused;
                    #type_name { call: #start, answer: PhantomData }
                }
            }
        }
        None => quote! {
            #docs
            pub fn #name(&self, #(#arguments),*) -> #type_name {
                #type_name { call: #start }
            }
        },
    }
}

/// The type that the method answers with, its setters and its ends.
fn request_type(row: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { name, type_name, .. } = row;
    let docs = doc(&[
        &format!("The request of [`Spotify::{name}`]: {}", lower_first(&row.summary)),
        "",
        &format!("From the row `{name}`, {}.", origin(row)),
    ]);
    let setters = row.params.iter().enumerate().filter(|(_, param)| !param.is_argument()).map(
        |(index, param)| {
            let (setter, ty) = (&param.name, argument_type(param, table));
            let lines = param_docs(param, table);
            let docs = doc(&[&lines]);
            let step = step(index, param, table);
            quote! {
                #docs
                pub fn #setter(mut self, #setter: #ty) -> Self {
                    self.call = self.call.#step;
                    self
                }
            }
        },
    );
    let ends = ends(row, table);
    match choice_of(row, table) {
        Some((words, _)) => quote! {
            #docs
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent until `.send()`"]
            pub struct #type_name<K> { call: Call, answer: PhantomData<fn() -> K> }
            impl<K: #words> #type_name<K> { #(#setters)* #ends }
        },
        None => quote! {
            #docs
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent until `.send()`"]
            pub struct #type_name { call: Call }
            impl #type_name { #(#setters)* #ends }
        },
    }
}

/// `send` and its relatives.
fn ends(row: &Endpoint, table: &Table) -> TokenStream {
    let answer = |ty: &syn::Type| match choice_of(row, table) {
        Some((words, _)) => with_choice(ty, words),
        None => quote!(#ty),
    };
    let send = match (&row.chunk, &row.returns) {
        (Some(chunk), returns) => {
            let (how, ty) = match (chunk.join, returns) {
                (Join::Unit, _) | (_, Returns::Unit) => (format_ident!("send_all"), quote!(())),
                (Join::Concat, Returns::One(ty)) => (format_ident!("send_joined"), answer(ty)),
                (
                    _,
                    Returns::One(ty)
                    | Returns::Page { page: ty, .. }
                    | Returns::CursorPage { page: ty, .. },
                ) => (format_ident!("send_last"), answer(ty)),
            };
            quote! {
                /// Sends the call, in as many requests as its ids need, in their order.
                ///
                /// # Errors
                ///
                /// [`Error::Invalid`] before anything is sent; [`Error::Partial`] if a write stopped
                /// halfway; else what [`Error`] lists for every call.
                pub fn send(self) -> Result<#ty, Error> { self.call.#how() }
            }
        }
        (None, returns) => {
            let (how, ty) = match returns {
                Returns::Unit => (format_ident!("send_unit"), quote!(())),
                Returns::One(ty)
                | Returns::Page { page: ty, .. }
                | Returns::CursorPage { page: ty, .. } => (format_ident!("send"), answer(ty)),
            };
            quote! {
                /// Sends the call.
                ///
                /// # Errors
                ///
                /// [`Error::Invalid`] before anything is sent; else what [`Error`] lists for every call.
                pub fn send(self) -> Result<#ty, Error> { self.call.#how() }
            }
        }
    };
    let looks = match &row.chunk {
        Some(_) => quote! {
            /// The request that `send` would make, without sending it.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`] for a bad value, and if the ids need none or several requests: see
            /// `requests`.
            pub fn request(&self) -> Result<Request, Error> { self.call.request() }
            /// All requests that `send` would make, in order, without sending them.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`] for a bad value.
            pub fn requests(&self) -> Result<Vec<Request>, Error> { self.call.requests() }
            /// Sends the call and answers with what came, undecoded, one for each request.
            ///
            /// A status that is no success is an answer here too.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`] before anything is sent; [`Error::Transport`] if no answer came.
            pub fn send_raw(self) -> Result<Vec<RawResponse>, Error> { self.call.send_raw_all() }
            /// Sends the call and decodes into a type of your own, one for each request.
            ///
            /// # Errors
            ///
            /// Those of `send`.
            pub fn send_as<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> { self.call.send_as_all() }
        },
        None => quote! {
            /// The request that `send` would make, without sending it.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`] for a bad value.
            pub fn request(&self) -> Result<Request, Error> { self.call.request() }
            /// The request that `send` would make, as a list of one.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`] for a bad value.
            pub fn requests(&self) -> Result<Vec<Request>, Error> { self.call.requests() }
            /// Sends the call and answers with what came, undecoded.
            ///
            /// A status that is no success is an answer here too.
            ///
            /// # Errors
            ///
            /// [`Error::Invalid`] before anything is sent; [`Error::Transport`] if no answer came.
            pub fn send_raw(self) -> Result<RawResponse, Error> { self.call.send_raw() }
            /// Sends the call and decodes the whole answer into a type of your own.
            ///
            /// # Errors
            ///
            /// Those of `send`.
            pub fn send_as<T: DeserializeOwned>(self) -> Result<T, Error> { self.call.send_as() }
        },
    };
    let paging = match &row.returns {
        Returns::Page { page, item } | Returns::CursorPage { page, item } => {
            let (page, item) = (answer(page), answer(item));
            Some(quote! {
                /// Every item of every page, read as they are asked for.
                ///
                /// Starts at `offset` or the cursor if one was set; reads the largest pages unless
                /// `limit` was set. Ends after the first error. Rows that are null are passed over,
                /// unreadable ones with a warning in the log.
                pub fn items(self) -> Items<#page> { Items::new(self.call) }
                /// Every page, read as they are asked for. Ends after the first error.
                pub fn pages(self) -> Pages<#page> { Pages::new(self.call) }
                /// Every item of every page, in a list.
                ///
                /// # Errors
                ///
                /// The first error that a page gave; what was read before it is lost.
                pub fn collect_all(self) -> Result<Vec<#item>, Error> { Items::<#page>::new(self.call).collect_all() }
            })
        }
        _ => None,
    };
    quote!(#send #paging #looks)
}

/// `TopItem::Answer` to `K::Answer`, wherever it stands in a type.
fn with_choice(ty: &syn::Type, words: &Ident) -> TokenStream {
    let text = quote!(#ty).to_string().replace(&format!("{words} :: Answer"), "K :: Answer");
    text.parse().unwrap_or_else(|_| quote!(#ty))
}

/// The enumeration that decides this row's answer, and its parameter.
fn choice_of<'a>(row: &'a Endpoint, table: &'a Table) -> Option<(&'a Ident, &'a Param)> {
    row.params.iter().find_map(|param| match param.kind {
        Kind::Words(index) if table.words[index].decides_answer => {
            Some((&table.words[index].name, param))
        }
        _ => None,
    })
}

fn rust_type(kind: &Kind, table: &Table) -> TokenStream {
    match kind {
        Kind::Integer(ty) => quote!(#ty),
        Kind::Boolean => quote!(bool),
        Kind::Text => quote!(String),
        Kind::Id(index) => {
            let name = &table.ids[*index].name;
            quote!(#name)
        }
        Kind::Uri => quote!(SpotifyUri),
        Kind::Market => quote!(Market),
        Kind::Timestamp => quote!(Timestamp),
        Kind::TimestampedId => quote!(TimestampedId),
        Kind::Words(index) => {
            let name = &table.words[*index].name;
            quote!(#name)
        }
    }
}

fn is_choice(kind: &Kind, table: &Table) -> bool {
    matches!(kind, Kind::Words(index) if table.words[*index].decides_answer)
}

fn argument_type(param: &Param, table: &Table) -> TokenStream {
    let ty = rust_type(&param.kind, table);
    match (param.list, param.required) {
        _ if is_choice(&param.kind, table) => quote!(K),
        (true, _) => quote!(impl IntoIterator<Item = impl Into<Arg<#ty>>>),
        (false, true) => quote!(impl Into<Arg<#ty>>),
        (false, false) => quote!(impl Into<Opt<#ty>>),
    }
}

/// The call into `Call` that takes a parameter's value.
fn step(index: usize, param: &Param, table: &Table) -> TokenStream {
    let name = &param.name;
    let ty = rust_type(&param.kind, table);
    match (param.list, param.required) {
        _ if is_choice(&param.kind, table) => quote!(choice::<K>(#index)),
        (true, _) => quote!(list(#index, #name.into_iter().map(Into::<Arg<#ty>>::into))),
        (false, true) => quote!(value(#index, #name.into())),
        (false, false) => quote!(option(#index, #name.into())),
    }
}

/// The static that tells everything about a row.
fn descriptor(area: &Area, row: &Endpoint, table: &Table) -> TokenStream {
    let Endpoint { const_name, summary, reference, fixed, success, .. } = row;
    let (name, area, path) = (row.name.to_string(), &area.name, row.path.to_string());
    let docs = doc(&[&format!("`{} {}`: [`Spotify::{}`].", row.method, row.path, row.name)]);
    let method = format_ident!("{}", super::check::pascal(&row.method.to_lowercase()));
    let token = if row.user_token { quote!(Token::User) } else { quote!(Token::App) };
    let open_to = match row.open_to {
        OpenTo::All => quote!(OpenTo::All),
        OpenTo::Extended => quote!(OpenTo::Extended),
        OpenTo::Closed2024 => quote!(OpenTo::Closed2024),
    };
    let scopes = {
        let noted = |scopes: &[(Ident, String)]| {
            let entries = scopes.iter().map(|(scope, note)| quote!((Scope::#scope, #note)));
            quote!(&[#(#entries),*])
        };
        let (required, alternative) = (&row.scopes.required, &row.scopes.alternative);
        let (conditional, unlocks) = (noted(&row.scopes.conditional), noted(&row.scopes.unlocks));
        quote!(EndpointScopes {
            required: &[#(Scope::#required),*],
            alternative: &[#(Scope::#alternative),*],
            conditional: #conditional,
            unlocks: #unlocks,
        })
    };
    let returns = match &row.returns {
        Returns::Unit => "()".to_owned(),
        Returns::One(ty)
        | Returns::Page { page: ty, .. }
        | Returns::CursorPage { page: ty, .. } => quote!(#ty).to_string().replace(' ', ""),
    };
    let within = option(row.within.as_ref().map(|within| quote!(#within)));
    let replacement = option(row.replacement.as_ref().map(|replacement| quote!(#replacement)));
    let chunk = option(row.chunk.as_ref().map(|chunk| {
        let (param, max) = (chunk.param, chunk.max);
        let join = match chunk.join {
            Join::Concat => quote!(Join::Concat),
            Join::Unit => quote!(Join::Unit),
            Join::Last => quote!(Join::Last),
        };
        quote!(Chunk { param: #param, max: #max, join: #join })
    }));
    let development = option(row.development.as_ref().map(|form| {
        let row = form.row.to_string();
        let params = form.params.iter().map(|(name, template)| quote!((#name, #template)));
        quote!(DevelopmentForm { row: #row, params: &[#(#params),*] })
    }));
    let fixed = fixed.iter().map(|(key, value)| quote!((#key, #value)));
    let params = row.params.iter().map(|param| param_descriptor(param, table));
    quote! {
        #docs
        pub static #const_name: Endpoint = Endpoint {
            name: #name,
            area: #area,
            summary: #summary,
            reference: #reference,
            method: Method::#method,
            path: #path,
            token: #token,
            scopes: #scopes,
            returns: #returns,
            within: #within,
            success: &[#(#success),*],
            chunk: #chunk,
            fixed: &[#(#fixed),*],
            open_to: #open_to,
            replacement: #replacement,
            development: #development,
            params: &[#(#params),*],
        };
    }
}

fn param_descriptor(param: &Param, table: &Table) -> TokenStream {
    let Param { key, doc, list, required, kinds, .. } = param;
    let name = param.name.to_string();
    let within = match param.within {
        In::Path => quote!(In::Path),
        In::Query => quote!(In::Query),
        In::Body => quote!(In::Body),
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
        Kind::Words(index) => {
            let words = table.words[*index].values.iter().map(|word| &word.word);
            quote!(ParamKind::Words(&[#(#words),*]))
        }
    };
    let number = |value: Option<i64>| option(value.map(|value| quote!(#value)));
    let (min, max) = (number(param.min), number(param.max));
    let default = option(param.default.as_ref().map(|default| {
        let text = literal_text(default);
        quote!(#text)
    }));
    let text = |value: &Option<String>| option(value.as_ref().map(|value| quote!(#value)));
    let (when_absent, bare_key) = (text(&param.when_absent), text(&param.bare_key));
    quote!(Param {
        name: #name,
        key: #key,
        within: #within,
        kind: #kind,
        list: #list,
        required: #required,
        min: #min,
        max: #max,
        default: #default,
        when_absent: #when_absent,
        kinds: &[#(#kinds),*],
        bare_key: #bare_key,
        doc: #doc,
    })
}

fn method_docs(row: &Endpoint, table: &Table) -> Vec<String> {
    let mut lines = vec![row.summary.clone(), String::new()];
    if let Some(notes) = &row.notes {
        lines.extend(notes.trim().lines().map(str::to_owned));
        lines.push(String::new());
    }
    lines.push(format!("`{} {}`", row.method, row.path));
    lines.push(String::new());
    lines.push(format!(
        "- **Token**: {}",
        if row.user_token { "a user's" } else { "a user's, or the app's own (client credentials)" }
    ));
    lines.extend(scope_docs(row, table).into_iter().map(|line| format!("- {line}")));
    if let Some(chunk) = &row.chunk {
        let joined = match chunk.join {
            Join::Concat => ", and the answers are joined in the order of the ids",
            Join::Unit => ", in order",
            Join::Last => ", in order, and the last answer is kept",
        };
        lines.push(format!(
            "- **Ids a request**: {}; more are sent in several requests{joined}. None: nothing is sent.",
            chunk.max
        ));
    }
    lines.push(format!("- **Open to**: {}", open_to(row)));
    lines.push(String::new());
    for param in row.params.iter().filter(|param| param.is_argument()) {
        lines.push(format!("`{}`: {}", param.name, param_docs(param, table)));
        lines.push(String::new());
    }
    lines.push("# Errors".to_owned());
    lines.push(String::new());
    lines.push(match row.chunk.as_ref().map(|chunk| chunk.join) {
        Some(Join::Unit | Join::Last) => "From `.send()`: [`Error::Invalid`] before anything is sent, \
            [`Error::Partial`] if it stopped halfway, and what [`Error`] lists for every call."
            .to_owned(),
        _ => "From `.send()`: [`Error::Invalid`] before anything is sent, and what [`Error`] lists for \
            every call."
            .to_owned(),
    });
    lines.push(String::new());
    lines.push("# Examples".to_owned());
    lines.push(String::new());
    lines.push("```no_run".to_owned());
    lines.push("# use tonearm::*;".to_owned());
    lines.push("# let spotify = Spotify::from_token(\"token\")?;".to_owned());
    lines.extend(sample::example(row, table));
    lines.push("# Ok::<(), Error>(())".to_owned());
    lines.push("```".to_owned());
    lines.push(String::new());
    lines.push(format!(
        "Spotify's page: [{}]({REFERENCE}{}). From {}.",
        row.reference,
        row.reference,
        origin(row)
    ));
    lines
}

fn scope_docs(row: &Endpoint, table: &Table) -> Vec<String> {
    let word = |scope: &Ident| {
        let known = table.scopes.iter().find(|known| known.variant == *scope);
        format!("`{}`", known.map_or("", |known| known.word.as_str()))
    };
    let scopes = &row.scopes;
    let mut lines = Vec::new();
    if !scopes.required.is_empty() {
        let words = scopes.required.iter().map(word).collect::<Vec<_>>().join(", ");
        lines.push(format!("**Scopes**: {words}"));
    }
    if !scopes.alternative.is_empty() {
        let words = scopes.alternative.iter().map(word).collect::<Vec<_>>().join(" or ");
        lines.push(format!("**Scopes**: {words}"));
    }
    for (scope, when) in &scopes.conditional {
        lines.push(format!("**Scope** {}: {when}", word(scope)));
    }
    for (scope, what) in &scopes.unlocks {
        lines.push(format!("With the scope {}: {what}", word(scope)));
    }
    if lines.is_empty() {
        lines.push("**Scopes**: none".to_owned());
    }
    lines
}

fn open_to(row: &Endpoint) -> String {
    let text = match row.open_to {
        OpenTo::All => "every app".to_owned(),
        OpenTo::Extended => {
            "apps in extended quota mode; closed to development-mode apps since February 2026"
                .to_owned()
        }
        OpenTo::Closed2024 => "apps that had extended access before 27 November 2024".to_owned(),
    };
    match &row.replacement {
        Some(replacement) => format!("{text}. Replaced by: {replacement}"),
        None => text,
    }
}

fn table_line(row: &Endpoint, table: &Table) -> String {
    let all = row
        .scopes
        .required
        .iter()
        .chain(&row.scopes.alternative)
        .chain(row.scopes.conditional.iter().map(|(scope, _)| scope));
    let scopes = all
        .filter_map(|scope| table.scopes.iter().find(|known| known.variant == *scope))
        .map(|scope| format!("`{}`", scope.word))
        .collect::<Vec<_>>()
        .join(", ");
    let open = match row.open_to {
        OpenTo::All => "all",
        OpenTo::Extended => "extended",
        OpenTo::Closed2024 => "closed 2024",
    };
    let max = row.chunk.as_ref().map(|chunk| chunk.max.to_string()).unwrap_or_default();
    format!(
        "| [`{name}`](Spotify::{name}) | `{} {}` | {scopes} | {max} | {open} |",
        row.method,
        row.path,
        name = row.name
    )
}

fn param_docs(param: &Param, table: &Table) -> String {
    let mut text = param.doc.clone();
    match (param.min, param.max) {
        (Some(min), Some(max)) => text.push_str(&format!(" From {min} to {max}.")),
        (Some(min), None) => text.push_str(&format!(" At least {min}.")),
        (None, Some(max)) => text.push_str(&format!(" At most {max}.")),
        (None, None) => {}
    }
    if let Kind::Words(index) = param.kind {
        let words = &table.words[index];
        let link = if words.decides_answer { &words.module } else { &words.name };
        text.push_str(&format!(" See [`{link}`]."));
    }
    if let Some(default) = &param.default {
        text.push_str(&format!(" Spotify's default: {}.", literal_text(default)));
    }
    text
}

fn origin(row: &Endpoint) -> String {
    format!("`{}`, line {}", row.origin.0, row.origin.1)
}

pub fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Integer(number) => number.to_string(),
        Literal::Boolean(boolean) => boolean.to_string(),
        Literal::List(list) => list.iter().map(literal_text).collect::<Vec<_>>().join(","),
        Literal::Table(entries) => {
            entries.iter().map(|(_, value)| literal_text(value)).collect::<Vec<_>>().join(" ")
        }
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Doc attributes, one for each line, with the space that `///` would have.
fn doc(paragraphs: &[&str]) -> TokenStream {
    let lines = paragraphs.iter().flat_map(|text| text.split('\n')).map(|line| match line {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// Tokens to text that a person can read.
pub fn file(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // Not Rust: let rustc say so, at the place where it is.
        Err(_) => tokens.to_string(),
    }
}
