//! The table as meant: what the generator writes from.

use proc_macro2::Ident;

use super::read::Literal;
use super::read::template::PathTemplate;

/// A table without mistakes.
#[derive(Default)]
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Scope>,
    pub ids: Vec<Id>,
    pub enums: Vec<Enum>,
}

impl Table {
    /// Every row of every area.
    pub fn rows(&self) -> impl Iterator<Item = &Endpoint> {
        self.areas.iter().flat_map(|area| &area.endpoints)
    }

    /// The row of a static.
    pub fn row(&self, const_name: &Ident) -> Option<&Endpoint> {
        self.rows().find(|row| row.const_name == *const_name)
    }

    /// Gives the row with a name its form, which is known when all rows are.
    pub fn give(&mut self, name: &str, form: Fallback) {
        let mut rows = self.areas.iter_mut().flat_map(|area| &mut area.endpoints);
        if let Some(row) = rows.find(|row| row.name == name) {
            row.fallback = Some(form);
        }
    }
}

pub struct Area {
    pub name: String,
    pub module: Ident,
    pub summary: String,
    pub endpoints: Vec<Endpoint>,
}

pub struct Scope {
    pub word: String,
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
    pub example: String,
    pub also: Option<String>,
}

pub struct Enum {
    pub name: Ident,
    /// The module that holds the words as types, where they decide the answer.
    pub module: Ident,
    pub summary: String,
    pub values: Vec<EnumValue>,
    pub selects_item: bool,
}

pub struct EnumValue {
    pub word: String,
    pub name: Ident,
    pub doc: String,
    pub item: Option<syn::Type>,
    pub pointer: Option<String>,
}

pub struct Endpoint {
    /// `spec/albums.toml`, line 12.
    pub origin: (String, usize),
    pub name: Ident,
    pub type_name: Ident,
    pub const_name: Ident,
    pub summary: String,
    pub notes: Option<String>,
    pub reference: String,
    pub method: String,
    pub path: PathTemplate,
    pub user_token: bool,
    pub scopes: Scopes,
    pub returns: Returns,
    pub pointer: Option<String>,
    pub success: Vec<u16>,
    pub batch: Option<Batch>,
    pub fixed: Vec<(String, String)>,
    /// Whether sending it twice does what sending it once does.
    pub idempotent: bool,
    pub total_is_estimate: bool,
    pub availability: Availability,
    /// The status with which Spotify refuses an app that it is closed to.
    pub unavailable_status: u16,
    pub replacement: Option<String>,
    pub fallback: Option<Fallback>,
    pub sum_limit: Option<SumLimit>,
    /// The parameters of which at least one must be given.
    pub any_of: Vec<usize>,
    pub params: Vec<Param>,
}

/// Integers, or lengths of lists, whose sum has limits.
pub struct SumLimit {
    pub params: Vec<usize>,
    pub min: i64,
    pub max: i64,
}

/// A scope that is needed in a case.
pub struct Case {
    pub scope: Ident,
    pub when: String,
    pub kinds: Vec<String>,
    /// A parameter and the value of it, as it is sent.
    pub given: Option<(String, String)>,
}

/// Scopes by the name of their variant, with the note where there is one.
#[derive(Default)]
pub struct Scopes {
    pub required: Vec<Ident>,
    pub alternative: Vec<Ident>,
    pub conditional: Vec<Case>,
    pub recommended: Vec<Ident>,
    pub unlocks: Vec<(Ident, String)>,
}

pub enum Returns {
    Unit,
    /// `Page<T>`
    Page {
        page: syn::Type,
        item: syn::Type,
    },
    /// `CursorPage<T>`
    CursorPage {
        page: syn::Type,
        item: syn::Type,
    },
    One(syn::Type),
    /// `Option<T>`: nothing where Spotify sends no body.
    Maybe(syn::Type),
}

pub struct Batch {
    pub param: usize,
    pub max: u32,
    pub join: Join,
    pub advance: Option<usize>,
    pub then: Option<Ident>,
    pub send_empty: bool,
    pub max_url: Option<u32>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Join {
    Concat,
    Unit,
    Last,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Availability {
    All,
    ExtendedQuota,
    Legacy,
}

/// The row that an app in development mode calls in place of another.
pub struct Fallback {
    /// The static of the row, and its method.
    pub row: Ident,
    pub method_name: Ident,
    /// What it is given; what is not among these it cannot say.
    pub params: Vec<Given>,
    /// The list of which each element makes a request of its own.
    pub element_key: Option<usize>,
    /// The parameter that must be the id of the user, and the static of the row that says who that is.
    pub own: Option<(usize, Ident)>,
    /// What it calls members otherwise.
    pub renames: Vec<(String, String)>,
    /// Whether Spotify still answers the documented request.
    pub original_still_works: bool,
}

/// A parameter of another row, made from one of our own with text before it.
pub struct Given {
    pub from: usize,
    pub to: usize,
    pub prefix: String,
}

pub struct Param {
    pub name: Ident,
    pub key: String,
    pub pointer: In,
    pub kind: Kind,
    pub list: bool,
    pub required: bool,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub development_max: Option<i64>,
    pub default: Option<Literal>,
    pub example: Literal,
    pub doc: String,
    pub when_absent: Option<String>,
    pub kinds: Vec<String>,
    pub bare_key: Option<String>,
    pub element_key: Option<String>,
    pub sent_as_list: bool,
    pub field_filter: bool,
    pub owner_only: bool,
    pub excludes: Vec<String>,
    pub preset: Option<Literal>,
}

impl Param {
    /// An argument of the method rather than a setter of the request.
    pub fn is_argument(&self) -> bool {
        self.required || self.pointer == In::Path
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum In {
    Path,
    Query,
    Body,
}

/// What a parameter's type means to the generator.
#[derive(Clone, PartialEq)]
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
    Enum(usize),
}
