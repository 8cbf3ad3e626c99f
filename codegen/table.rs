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
    pub words: Vec<Words>,
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
    pub fn give(&mut self, name: &str, form: Development) {
        let mut rows = self.areas.iter_mut().flat_map(|area| &mut area.endpoints);
        if let Some(row) = rows.find(|row| row.name == name) {
            row.development = Some(form);
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

pub struct Words {
    pub name: Ident,
    /// The module that holds the words as types, where they decide the answer.
    pub module: Ident,
    pub summary: String,
    pub values: Vec<Word>,
    pub decides_answer: bool,
}

pub struct Word {
    pub word: String,
    pub name: Ident,
    pub doc: String,
    pub answer: Option<syn::Type>,
    pub within: Option<String>,
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
    pub within: Option<String>,
    pub success: Vec<u16>,
    pub chunk: Option<Chunk>,
    pub fixed: Vec<(String, String)>,
    /// Whether sending it twice does what sending it once does.
    pub idempotent: bool,
    pub estimate: bool,
    pub open_to: OpenTo,
    /// The status with which Spotify refuses an app that it is closed to.
    pub closed_with: u16,
    pub replacement: Option<String>,
    pub development: Option<Development>,
    pub total: Option<Total>,
    /// The parameters of which at least one must be given.
    pub any_of: Vec<usize>,
    pub params: Vec<Param>,
}

/// Integers, or lengths of lists, whose sum has limits.
pub struct Total {
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

pub struct Chunk {
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
pub enum OpenTo {
    All,
    Extended,
    Closed2024,
}

/// The row that an app in development mode calls in place of another.
pub struct Development {
    /// The static of the row, and its method.
    pub row: Ident,
    pub method_name: Ident,
    /// What it is given; what is not among these it cannot say.
    pub params: Vec<Given>,
    /// The list of which each element makes a request of its own.
    pub each: Option<usize>,
    /// The parameter that must be the id of the user, and the static of the row that says who that is.
    pub own: Option<(usize, Ident)>,
    /// What it calls members otherwise.
    pub renames: Vec<(String, String)>,
    /// Whether Spotify still answers the documented request.
    pub still_answers: bool,
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
    pub within: In,
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
    pub each: Option<String>,
    pub in_list: bool,
    pub selects: bool,
    pub owned: bool,
    pub excludes: Vec<String>,
    pub preset: Option<Literal>,
}

impl Param {
    /// An argument of the method rather than a setter of the request.
    pub fn is_argument(&self) -> bool {
        self.required || self.within == In::Path
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
    Words(usize),
}
