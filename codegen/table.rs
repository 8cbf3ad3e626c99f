//! The endpoint table. `check` reads it from `spec/`, and `emit` writes it as Rust.
//!
//! A missing or invalid value of an entry is `None` or empty here, and reported as a problem. The generator writes Rust
//! only from a table without problems.

use std::fmt::Display;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::diagnostics::Location;
use super::read::template::PathTemplate;
use super::read::{At, Literal};

#[derive(Default)]
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Scope>,
    pub ids: Vec<Id>,
    pub enums: Vec<Enum>,
    /// Methods of other libraries without a call.
    pub elsewhere: Vec<Elsewhere>,
}

impl Table {
    /// Returns the endpoints of all areas.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint> + Clone {
        self.areas.iter().flat_map(|area| &area.endpoints)
    }

    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints().find(|endpoint| endpoint.name.value == name)
    }
}

pub struct Area {
    pub name: String,
    pub module: Ident,
    pub summary: String,
    pub endpoints: Vec<Endpoint>,
}

pub struct Scope {
    pub name: String,
    pub variant: Ident,
    pub summary: String,
}

pub struct Id {
    pub name: Ident,
    /// The variant of `SpotifyUri`: the name without `Id`.
    pub variant: Ident,
    pub summary: String,
    pub uri: String,
    pub path: String,
    pub base62: bool,
    /// `true` if it has no URI.
    pub bare: bool,
    pub example: String,
    pub also: Option<String>,
}

pub struct Enum {
    pub name: Ident,
    /// The module with a type for each value, if the values select the item type.
    pub module: Ident,
    pub summary: String,
    pub values: Vec<EnumValue>,
    pub selects_item: bool,
    /// `true` if responses contain it too. The enum then keeps values that this version does not know.
    pub open: bool,
}

pub struct EnumValue {
    pub value: String,
    pub variant: Ident,
    pub doc: String,
    pub item: Option<syn::Type>,
    pub pointer: Option<String>,
}

pub struct Endpoint {
    pub location: Location,
    /// The path of the file and the line of the entry: `spec/albums.toml` and 12.
    pub origin: (String, usize),
    pub name: At<String>,
    pub method_name: Ident,
    pub type_name: Ident,
    pub const_name: Ident,
    pub summary: String,
    pub notes: Option<String>,
    pub method: At<String>,
    pub path: Option<At<PathTemplate>>,
    pub reference: String,
    pub user_token: bool,
    pub scopes: Scopes,
    pub returns: Option<At<Returns>>,
    pub pointer: Option<String>,
    pub batch: Option<Batch>,
    pub fixed: Vec<(String, String)>,
    pub availability: Option<Availability>,
    pub replacement: Option<String>,
    pub fallback_entry: Option<FallbackEntry>,
    pub fallback: Option<Fallback>,
    pub sum_limit: Option<SumLimit>,
    /// The indices of the parameters of which a call needs at least one.
    pub any_of: Vec<usize>,
    pub aliases: Vec<Alias>,
    pub shortcuts: Vec<Shortcut>,
    pub params: Vec<Param>,
    /// True if parameters have an unknown name because of a mistake.
    pub has_unnamed_params: bool,
    /// Calls of the descriptor's builder, for values that are not needed here.
    pub facts: Facts,
}

impl Endpoint {
    pub fn index_of(&self, param: &str) -> Option<usize> {
        self.params.iter().position(|known| known.name.value == param)
    }

    /// Returns the query parameter with this key.
    pub fn query_param(&self, key: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.key.value == key && param.is_in(ParamLocation::Query))
    }

    /// Returns the names of the methods of `Spotify` that call this endpoint.
    pub fn method_names(&self) -> impl Iterator<Item = &str> {
        let shortcuts = self.shortcuts.iter().map(|shortcut| &shortcut.name);
        std::iter::once(&self.name).chain(shortcuts).map(|name| name.value.as_str())
    }

    pub fn is_available_to_all(&self) -> bool {
        self.availability == Some(Availability::All)
    }

    /// Returns the path as in `spec/`.
    pub fn path_text(&self) -> String {
        self.path.as_ref().map(|path| path.value.to_string()).unwrap_or_default()
    }
}

/// The libraries for which entries have `aliases`.
pub const LIBRARIES: [&str; 3] = ["rspotify", "spotipy", "minim"];

/// The name of a method in another library.
pub struct Alias {
    pub library: &'static str,
    pub name: At<String>,
}

/// Methods of other libraries without a call, and the advice for their users.
pub struct Elsewhere {
    pub names: Vec<Alias>,
    pub instead: String,
}

/// An additional method of `Spotify` for one case of an endpoint.
pub struct Shortcut {
    pub name: At<String>,
    pub method_name: Ident,
    pub summary: String,
    pub aliases: Vec<Alias>,
    pub case: Case,
}

/// The argument with which a shortcut calls the endpoint.
pub enum Case {
    /// One element of the list in `batch.by`.
    Element { type_name: Ident, argument: Ident, item: syn::Type },
    /// One value of the enum that selects the item type.
    Value { module: Ident, variant: Ident, item: Option<syn::Type> },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Availability {
    All,
    ExtendedQuota,
    Legacy,
}

impl Availability {
    /// Returns the value in `spec/`.
    pub fn word(self) -> &'static str {
        match self {
            Availability::All => "all",
            Availability::ExtendedQuota => "extended",
            Availability::Legacy => "legacy",
        }
    }
}

/// The scopes of an endpoint, each with its variant.
#[derive(Default)]
pub struct Scopes {
    pub required: Vec<(At<String>, Ident)>,
    pub alternative: Vec<(At<String>, Ident)>,
    pub conditional: Vec<ConditionalScope>,
    pub unlocks: Vec<(At<String>, Ident, String)>,
}

impl Scopes {
    /// Returns all scopes that a call may need.
    pub fn needed(&self) -> impl Iterator<Item = &str> {
        let always = self.required.iter().chain(&self.alternative).map(|(scope, _)| scope);
        let sometimes = self.conditional.iter().map(|case| &case.scope);
        always.chain(sometimes).map(|scope| scope.value.as_str())
    }
}

/// A scope that is needed under a condition.
pub struct ConditionalScope {
    pub scope: At<String>,
    pub variant: Ident,
    pub when: String,
    pub kinds: Vec<String>,
    /// The key and the value of a parameter, as text in a query.
    pub given: Option<(String, String)>,
}

/// The return type of a call, as in `spec/`.
pub struct Returns {
    pub ty: syn::Type,
    pub shape: Shape,
}

impl Returns {
    /// Returns the type without spaces: `Vec<bool>`.
    pub fn text(&self) -> String {
        let ty = &self.ty;
        quote!(#ty).to_string().replace(' ', "")
    }

    pub fn is_page(&self) -> bool {
        matches!(self.shape, Shape::Page(_))
    }
}

pub enum Shape {
    Unit,
    One,
    /// `Option<T>`: `None` if Spotify sends no body.
    Maybe,
    /// `Page<T>` or `CursorPage<T>`.
    Page(Box<syn::Type>),
}

pub struct Batch {
    pub by: At<String>,
    /// The index of the list.
    pub param: Option<usize>,
    pub max: u32,
    pub join: Option<Join>,
    pub advance: Option<usize>,
    pub then: Option<At<String>>,
    /// `true` if an empty list is sent.
    pub send_empty: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Join {
    Concat,
    Unit,
    Last,
}

/// Parameters whose sum has a limit, where a list counts with its length.
pub struct SumLimit {
    pub params: Vec<usize>,
    pub min: i64,
}

/// The key `fallback`: the endpoint that apps in development mode use instead.
pub struct FallbackEntry {
    pub endpoint: At<String>,
    /// The parameters of the fallback endpoint, each with a template.
    pub templates: Vec<(At<String>, At<String>)>,
    /// The parameter that must be the id of the current user, and the endpoint that returns the user.
    pub owner_only: Vec<(At<String>, At<String>)>,
    pub original_still_works: bool,
}

/// A fallback whose names have been resolved, after all entries were read.
pub struct Fallback {
    pub endpoint: String,
    pub params: Vec<FallbackParam>,
    /// The index of the list whose elements become one request each.
    pub fan_out: Option<usize>,
    /// The index of the parameter that must be the id of the current user.
    pub owner: Option<usize>,
}

/// A parameter of a fallback endpoint: a parameter of the entry with a prefix.
pub struct FallbackParam {
    pub from: usize,
    pub to: usize,
    pub prefix: String,
}

pub struct Param {
    pub name: At<String>,
    pub ident: Ident,
    pub key: At<String>,
    pub location: Option<At<ParamLocation>>,
    pub ty: At<String>,
    pub kind: Option<Kind>,
    pub list: bool,
    pub required: bool,
    /// `true` if it is a setter, although it is required.
    pub named: bool,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub development_max: Option<i64>,
    pub documented_max: Option<i64>,
    pub default: Option<Literal>,
    pub example: Option<At<Literal>>,
    pub doc: String,
    pub when_absent: Option<At<PathTemplate>>,
    pub kinds: Vec<String>,
    pub field_filter: bool,
    pub owner_only: bool,
    pub excludes: Vec<At<String>>,
    /// Calls of the descriptor's builder, for values that are not needed here.
    pub facts: Facts,
}

impl Param {
    /// Returns whether it is an argument of the method, and not a setter of the request.
    pub fn is_argument(&self) -> bool {
        self.required && !self.named || self.is_surely_in(ParamLocation::Path)
    }

    /// Returns whether one of them cannot be combined with the other.
    pub fn conflicts_with(&self, other: &Param) -> bool {
        let excludes =
            |a: &Param, b: &Param| a.excludes.iter().any(|name| b.name.value == name.value);
        excludes(self, other) || excludes(other, self)
    }

    /// Returns whether it is in this part of the request.
    pub fn is_surely_in(&self, location: ParamLocation) -> bool {
        self.location.as_ref().is_some_and(|at| at.value == location)
    }

    /// Returns whether it is in this part of the request, or may be, because `in` is invalid.
    pub fn is_in(&self, location: ParamLocation) -> bool {
        self.location.as_ref().is_none_or(|at| at.value == location)
    }

    pub fn is_integer(&self) -> bool {
        matches!(self.kind, None | Some(Kind::Integer(_)))
    }

    /// Returns whether both parameters have the same name and type.
    pub fn is_like(&self, other: &Param) -> bool {
        self.name.value == other.name.value
            && self.ty.value == other.ty.value
            && self.list == other.list
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamLocation {
    Path,
    Query,
    Body,
}

/// The kind of a parameter. The names are those of the descriptor's `ParamKind`.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Integer(Ident),
    Boolean,
    Text,
    Id(usize),
    Uri,
    Market,
    Timestamp,
    TimestampedId,
    Jpeg,
    Tuning,
    OneOf(usize),
}

/// Calls of a descriptor's builder, in `src/endpoint/`: `.list().max(50)`.
#[derive(Clone, Default)]
pub struct Facts(pub TokenStream);

impl Facts {
    /// Adds `.method()`, if `is_so`.
    pub fn flag(&mut self, method: &str, is_so: bool) {
        if is_so {
            self.call(method, TokenStream::new());
        }
    }

    /// Adds `.method("text")`, if there is a text.
    pub fn text(&mut self, method: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.call(method, quote!(#text));
        }
    }

    /// Adds `.method(1)`, if there is a number.
    pub fn number(&mut self, method: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.call(method, number(value));
        }
    }

    /// Adds `.method(&[a, b])`, unless the list is empty.
    pub fn list(&mut self, method: &str, elements: impl IntoIterator<Item = TokenStream>) {
        let elements: Vec<TokenStream> = elements.into_iter().collect();
        if !elements.is_empty() {
            self.call(method, quote!(&[#(#elements),*]));
        }
    }

    pub fn call(&mut self, method: &str, arguments: TokenStream) {
        let method = format_ident!("{method}");
        self.0.extend(quote!(.#method(#arguments)));
    }
}

/// Returns a number literal without a type suffix.
pub fn number(number: impl Display) -> TokenStream {
    number.to_string().parse().unwrap_or_default()
}
