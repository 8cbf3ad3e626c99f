//! The endpoint table. `check` reads it from `spec/`, and `emit` writes it as Rust.
//!
//! A missing or invalid value of an entry is `None` or empty here, and reported as a problem. The generator writes Rust
//! only from a table without problems.

use std::fmt::Display;
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::diagnostics::Location;
use super::read::template::PathTemplate;
use super::read::{At, Literal};

#[derive(Default)]
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Scope>,
    pub ids: Vec<Rc<Id>>,
    pub enums: Vec<Rc<Enum>>,
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
    pub name: At<String>,
    pub module: Ident,
    pub summary: String,
    pub endpoints: Vec<Endpoint>,
}

pub struct Scope {
    pub name: String,
    pub variant: Ident,
    pub summary: String,
}

#[derive(Debug, PartialEq)]
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

#[derive(Debug, PartialEq)]
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

impl Enum {
    /// Returns the name by which a call uses a value: that of the enum, or of the module with a type for each value.
    pub fn path(&self) -> &Ident {
        if self.selects_item { &self.module } else { &self.name }
    }
}

#[derive(Debug, PartialEq)]
pub struct EnumValue {
    pub location: Location,
    pub value: String,
    pub variant: Ident,
    pub doc: String,
    /// The name of a model.
    pub item: Option<Ident>,
    pub pointer: Option<String>,
}

#[derive(Default)]
pub struct Endpoint {
    pub location: Location,
    /// The path of the file and the line of the entry: `spec/albums.toml` and 12.
    pub origin: (String, usize),
    pub name: At<String>,
    /// `true` in an entry of a program that replaces the crate's entry with this name.
    pub replaces: bool,
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

    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name.value == name)
    }

    /// Returns the parameters that are arguments of the method, with their indices.
    pub fn arguments(&self) -> impl Iterator<Item = (usize, &Param)> {
        self.params.iter().enumerate().filter(|(_, param)| param.is_argument())
    }

    /// Returns the parameters that are setters of the request, with their indices.
    pub fn setters(&self) -> impl Iterator<Item = (usize, &Param)> {
        self.params.iter().enumerate().filter(|(_, param)| !param.is_argument())
    }

    /// Returns the query parameter with this key.
    pub fn query_param(&self, key: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.key.value == key && param.is_in(ParamLocation::Query))
    }

    /// Returns the list that is split into requests, and its index.
    pub fn batch_list(&self) -> Option<(usize, &Param)> {
        let index = self.batch.as_ref()?.param?;
        Some((index, self.params.get(index)?))
    }

    /// Returns the enum whose value selects the type of the items, and its parameter.
    pub fn selector(&self) -> Option<(&Enum, &Param)> {
        self.params.iter().find_map(|param| Some((param.selects()?, param)))
    }

    /// Returns the methods of `Spotify` that call this endpoint: their names, aliases and shortcuts.
    pub fn methods(&self) -> impl Iterator<Item = Method<'_>> {
        let shortcuts = self.shortcuts.iter();
        let shortcuts = shortcuts.map(|own| (&own.name, &own.aliases[..], Some(own)));
        std::iter::once((&self.name, &self.aliases[..], None)).chain(shortcuts)
    }

    /// Returns the names of these methods.
    pub fn method_names(&self) -> impl Iterator<Item = &str> {
        self.methods().map(|(name, ..)| name.value.as_str())
    }

    pub fn is_available_to_all(&self) -> bool {
        self.availability == Some(Availability::All)
    }

    /// Returns the path as in `spec/`.
    pub fn path_text(&self) -> &str {
        self.path.as_ref().map(|path| path.value.text()).unwrap_or_default()
    }
}

/// The name of a method of `Spotify`, its names in other libraries, and the shortcut that it is.
pub type Method<'e> = (&'e At<String>, &'e [Alias], Option<&'e Shortcut>);

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
    pub instead: At<String>,
}

/// An additional method of `Spotify` for one case of an endpoint.
pub struct Shortcut {
    pub name: At<String>,
    pub summary: String,
    pub aliases: Vec<Alias>,
    pub case: Case,
}

/// The argument with which a shortcut calls the endpoint.
pub enum Case {
    /// One element of the list in `batch.by`.
    Element { argument: Ident, item: syn::Type },
    /// One value of the enum that selects the item type.
    Value { module: Ident, variant: Ident, item: Option<Ident> },
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

/// The scopes of an endpoint.
#[derive(Default)]
pub struct Scopes {
    pub required: Vec<At<String>>,
    pub alternative: Vec<At<String>>,
    pub conditional: Vec<ConditionalScope>,
    /// Scopes with which the response contains more, and what that is.
    pub unlocks: Vec<(At<String>, At<String>)>,
}

impl Scopes {
    /// Returns all scopes that a call may need.
    pub fn needed(&self) -> impl Iterator<Item = &str> {
        let sometimes = self.conditional.iter().map(|case| &case.scope);
        self.required
            .iter()
            .chain(&self.alternative)
            .chain(sometimes)
            .map(|scope| scope.value.as_str())
    }
}

/// A scope that is needed under a condition.
pub struct ConditionalScope {
    pub scope: At<String>,
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
#[derive(Clone)]
pub struct Fallback {
    pub endpoint: At<String>,
    /// The parameters of the fallback endpoint, each with a template.
    pub templates: Vec<(At<String>, At<String>)>,
    /// The parameter that must be the id of the current user, and the endpoint that returns the user.
    pub owner_only: Vec<(At<String>, At<String>)>,
    pub original_still_works: bool,
    /// The parameters that are sent. The names are resolved after all entries were read.
    pub params: Vec<FallbackParam>,
    /// The index of the list whose elements become one request each.
    pub fan_out: Option<usize>,
    /// The index of the parameter that must be the id of the current user.
    pub owner: Option<usize>,
}

/// A parameter of a fallback endpoint: a parameter of the entry with a prefix.
#[derive(Clone)]
pub struct FallbackParam {
    pub from: usize,
    pub to: usize,
    pub prefix: String,
}

#[derive(Default)]
pub struct Param {
    pub name: At<String>,
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
    pub fn ident(&self) -> Ident {
        ident(&self.name.value)
    }

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

    /// Returns the enum of its values, if they select the type of the items.
    pub fn selects(&self) -> Option<&Enum> {
        match &self.kind {
            Some(Kind::OneOf(known)) if known.selects_item => Some(known),
            _ => None,
        }
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
    Id(Rc<Id>),
    Uri,
    Market,
    Timestamp,
    TimestampedId,
    Jpeg,
    Tuning,
    OneOf(Rc<Enum>),
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

/// Returns the name of the request type of a call: `GetAlbum`.
pub fn type_name(name: &str) -> Ident {
    ident(&pascal(name))
}

/// Returns the name of the descriptor of an endpoint: `GET_ALBUM`.
pub fn const_name(name: &str) -> Ident {
    ident(&name.to_uppercase())
}

/// Converts text to an identifier. Invalid text, which is reported elsewhere, becomes a placeholder.
pub fn ident(text: &str) -> Ident {
    syn::parse_str(text).unwrap_or_else(|_| {
        let plain: String =
            text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        Ident::new(&format!("_{plain}_"), Span::call_site())
    })
}

/// Converts `user-library-read` and `are_albums_saved` to `UserLibraryRead` and `AreAlbumsSaved`.
pub fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}
