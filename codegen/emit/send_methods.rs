//! How a request ends: `send` and its relatives.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::check::{Endpoint, Join, Returns, Table};
use super::request_type::choice_of;

/// `send` and its relatives.
pub(super) fn ends(row: &Endpoint, table: &Table) -> TokenStream {
    let answer = |ty: &syn::Type| match choice_of(row, table) {
        Some((enums, _)) => with_choice(ty, enums),
        None => quote!(#ty),
    };
    let send = match (&row.batch, &row.returns) {
        (Some(batch), returns) => {
            let (how, ty) = match (batch.join, returns) {
                (Join::Unit, _) | (_, Returns::Unit) => (format_ident!("send_all"), quote!(())),
                (Join::Concat, Returns::One(ty)) => (format_ident!("send_joined"), answer(ty)),
                (
                    _,
                    Returns::One(ty)
                    | Returns::Page { page: ty, .. }
                    | Returns::CursorPage { page: ty, .. },
                ) => (format_ident!("send_last"), answer(ty)),
                (_, Returns::Maybe(ty)) => {
                    let ty = answer(ty);
                    (format_ident!("send_last_of_any"), quote!(Option<#ty>))
                }
            };
            quote! {
                /// Sends the call, in as many requests as its ids need, in their order.
                ///
                /// # Errors
                ///
                /// [`Error::InvalidArgument`] before anything is sent; [`Error::PartialWrite`] if a write stopped
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
                Returns::Maybe(ty) => {
                    let ty = answer(ty);
                    (format_ident!("send_maybe"), quote!(Option<#ty>))
                }
            };
            quote! {
                /// Sends the call.
                ///
                /// # Errors
                ///
                /// [`Error::InvalidArgument`] before anything is sent; else what [`Error`] lists for every call.
                pub fn send(self) -> Result<#ty, Error> { self.call.#how() }
            }
        }
    };
    // Of calls that are made otherwise for some apps.
    let note = row.fallback.as_ref().map(|form| {
        let text = format!(
            " In an app in development mode these are the answers of [`Spotify::{}`].",
            form.method_name
        );
        quote!(#[doc = ""] #[doc = #text])
    });
    let looks = match &row.batch {
        Some(_) => quote! {
            /// The request that `send` would make, without sending it.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArgument`] for a bad value, and if the ids need none or several requests: see
            /// `requests`.
            pub fn request(&self) -> Result<Request, Error> { self.call.request() }
            /// All requests that `send` would make, in order, without sending them.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArgument`] for a bad value.
            pub fn requests(&self) -> Result<Vec<Request>, Error> { self.call.requests() }
            /// Sends the call and answers with what came, undecoded, one for each request.
            ///
            /// A status that is no success is an answer here too.
            #note
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] if no answer came.
            pub fn send_raw(self) -> Result<Vec<RawResponse>, Error> { self.call.send_raw_all() }
            /// Sends the call and decodes into a type of your own, one for each request.
            #note
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
            /// [`Error::InvalidArgument`] for a bad value.
            pub fn request(&self) -> Result<Request, Error> { self.call.request() }
            /// The request that `send` would make, as a list of one.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArgument`] for a bad value.
            pub fn requests(&self) -> Result<Vec<Request>, Error> { self.call.requests() }
            /// Sends the call and answers with what came, undecoded.
            ///
            /// A status that is no success is an answer here too.
            #note
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArgument`] before anything is sent; [`Error::Transport`] if no answer came.
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
                /// Pages that are counted are read several at once, as many as
                /// [`connections`](crate::SpotifyBuilder::connections) says, and come in order. If the list
                /// changes meanwhile it is read once more, so that no row is there twice or missing; if it does
                /// not stand still, page by page.
                ///
                /// # Errors
                ///
                /// [`CollectError`] with the first error that a page gave, what was read before it, and where to go
                /// on. `?` makes an [`Error`] of it.
                pub fn collect_all(self) -> Result<Vec<#item>, CollectError<#item>> { Items::<#page>::new(self.call).collect_all() }
            })
        }
        _ => None,
    };
    quote!(#send #paging #looks)
}

/// `TopItem::Answer` to `K::Answer`, wherever it stands in a type.
fn with_choice(ty: &syn::Type, enums: &Ident) -> TokenStream {
    let text = quote!(#ty).to_string().replace(&format!("{enums} :: Item"), "K :: Item");
    text.parse().unwrap_or_else(|_| quote!(#ty))
}
