//! The table as meant: every rule that a row must keep. Gathers all mistakes.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};

use super::error::{Place, Problems};
use super::path::PathTemplate;
use super::row::{self, At, Literal, Row};

/// A table without mistakes.
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Scope>,
    pub ids: Vec<Id>,
    pub words: Vec<Words>,
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
    pub open_to: OpenTo,
    pub replacement: Option<String>,
    pub development: Option<Development>,
    pub params: Vec<Param>,
}

/// Scopes by the name of their variant, with the note where there is one.
#[derive(Default)]
pub struct Scopes {
    pub required: Vec<Ident>,
    pub alternative: Vec<Ident>,
    pub conditional: Vec<(Ident, String)>,
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
}

pub struct Chunk {
    pub param: usize,
    pub max: u32,
    pub join: Join,
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

pub struct Development {
    pub row: Ident,
    pub params: Vec<(String, String)>,
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
    pub default: Option<Literal>,
    pub example: Literal,
    pub doc: String,
    pub when_absent: Option<String>,
    pub kinds: Vec<String>,
    pub bare_key: Option<String>,
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
    Words(usize),
}

/// Methods that every request type has, so that no setter may be called so.
const METHODS: [&str; 8] =
    ["collect_all", "items", "pages", "request", "requests", "send", "send_as", "send_raw"];
const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

/// Checks everything; the result is only worth anything if `problems` is still empty.
pub fn check(table: row::Table, problems: &mut Problems) -> Table {
    let mut checker = Checker { names: HashMap::new(), table: Table::empty(), problems };
    checker.vocabulary(&table);
    let mut areas: HashMap<String, Place> = HashMap::new();
    for area in &table.areas {
        let module = snake(&area.name.value);
        if areas.insert(module.clone(), area.name.place.clone()).is_some() {
            checker.problem(
                &area.name.place,
                format!("two areas have the name `{}`", area.name.value),
            );
        }
        if area.rows.is_empty() {
            checker.problem(
                &area.name.place,
                format!("the area `{}` has no `[[endpoint]]`", area.name.value),
            );
        }
        let endpoints = area.rows.iter().filter_map(|row| checker.endpoint(row)).collect();
        let Some(module) =
            checker.identifier(&At { value: module, place: area.name.place.clone() })
        else {
            continue;
        };
        checker.table.areas.push(Area {
            name: area.name.value.clone(),
            module,
            summary: area.summary.value.clone(),
            endpoints,
        });
    }
    let rows: Vec<&Row> = table.areas.iter().flat_map(|area| &area.rows).collect();
    checker.duplicates(&rows);
    rows.iter().for_each(|row| checker.development(row, &rows));
    checker.table
}

impl Table {
    fn empty() -> Self {
        Table { areas: Vec::new(), scopes: Vec::new(), ids: Vec::new(), words: Vec::new() }
    }
}

struct Checker<'p> {
    /// Names of types that the table itself defines.
    names: HashMap<String, Place>,
    table: Table,
    problems: &'p mut Problems,
}

impl Checker<'_> {
    fn problem(&mut self, place: &Place, message: impl Into<String>) {
        self.problems.add(place, message);
    }

    /// A name in snake case that Rust takes as an identifier.
    fn identifier(&mut self, name: &At<String>) -> Option<Ident> {
        let text = &name.value;
        let snake_case = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !snake_case {
            self.problem(
                &name.place,
                format!("a name is written in snake_case (a to z, 0 to 9, _), found `{text}`"),
            );
            return None;
        }
        match syn::parse_str::<Ident>(text) {
            Ok(ident) => Some(ident),
            Err(_) => {
                self.problem(
                    &name.place,
                    format!("`{text}` is a keyword of Rust and cannot be a name"),
                );
                None
            }
        }
    }

    /// The name of a type, in upper camel case and not taken twice.
    fn type_name(&mut self, name: &At<String>) -> Option<Ident> {
        let text = &name.value;
        if !text.starts_with(|c: char| c.is_ascii_uppercase())
            || !text.chars().all(|c| c.is_ascii_alphanumeric())
        {
            self.problem(
                &name.place,
                format!("a type is written in UpperCamelCase, found `{text}`"),
            );
            return None;
        }
        if self.names.insert(text.clone(), name.place.clone()).is_some() {
            self.problem(&name.place, format!("two types have the name `{text}`"));
            return None;
        }
        Some(ident(text))
    }

    fn rust_type(&mut self, ty: &At<String>) -> Option<syn::Type> {
        match syn::parse_str(&ty.value) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.problem(&ty.place, format!("`{}` is not a Rust type: {error}", ty.value));
                None
            }
        }
    }

    fn one_of<T: Copy>(
        &mut self,
        found: &At<String>,
        what: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let word = words.iter().find(|(word, _)| *word == found.value);
        if word.is_none() {
            let known =
                words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            self.problem(
                &found.place,
                format!("{what} must be one of {known}, found `{}`", found.value),
            );
        }
        word.map(|(_, value)| *value)
    }

    /// Scopes, types of ids and enumerations, which rows refer to.
    fn vocabulary(&mut self, table: &row::Table) {
        for scope in &table.scopes {
            let word = scope.name.value.clone();
            if self.table.scopes.iter().any(|known| known.word == word) {
                self.problem(&scope.name.place, format!("two scopes have the name `{word}`"));
            }
            let variant = ident(&pascal(&word));
            self.table.scopes.push(Scope { word, variant, summary: scope.summary.value.clone() });
        }
        for id in &table.ids {
            let base62 =
                self.one_of(&id.form, "the form of an id", &[("base62", true), ("text", false)]);
            let (Some(name), Some(base62)) = (self.type_name(&id.name), base62) else { continue };
            let Some(variant) = id.name.value.strip_suffix("Id").filter(|v| !v.is_empty()) else {
                self.problem(&id.name.place, "the name of a type of id ends in `Id`");
                continue;
            };
            if base62 && !is_base62(&id.example.value) {
                self.problem(
                    &id.example.place,
                    "the example of a base62 id has 22 of 0-9, a-z, A-Z",
                );
            }
            self.table.ids.push(Id {
                name,
                variant: ident(variant),
                summary: id.summary.value.clone(),
                uri: id.uri.value.clone(),
                path: id.path.value.clone(),
                base62,
                example: id.example.value.clone(),
            });
        }
        for words in &table.words {
            let Some(name) = self.type_name(&words.name) else { continue };
            let decides_answer = words.values.iter().any(|word| word.answer.is_some());
            if decides_answer && words.values.iter().any(|word| word.answer.is_none()) {
                self.problem(&words.name.place, "either every word has an `answer` or none");
            }
            if words.values.is_empty() {
                self.problem(&words.name.place, "an enumeration needs `values`");
            }
            let mut values: Vec<Word> = Vec::new();
            for word in &words.values {
                let text = pascal(&word.word.value);
                if text.is_empty() || !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    self.problem(&word.word.place, "a word begins with a letter");
                    continue;
                }
                if values.iter().any(|known| known.name == text) {
                    self.problem(&word.word.place, format!("two words are called `{text}`"));
                }
                let answer = word.answer.as_ref().and_then(|answer| self.rust_type(answer));
                values.push(Word {
                    word: word.word.value.clone(),
                    name: ident(&text),
                    doc: word.doc.value.clone(),
                    answer,
                });
            }
            self.table.words.push(Words {
                module: ident(&snake(&words.name.value)),
                name,
                summary: words.summary.value.clone(),
                values,
                decides_answer,
            });
        }
    }

    fn endpoint(&mut self, row: &Row) -> Option<Endpoint> {
        let name = self.identifier(&row.name);
        if row.summary.value.trim().is_empty() {
            self.problem(
                &row.summary.place,
                "a row needs a `summary`: one sentence that says what the call does",
            );
        }
        let methods = ["GET", "POST", "PUT", "DELETE"].map(|method| (method, method));
        let method = self.one_of(&row.method, "`method`", &methods);
        let path = match PathTemplate::parse(&row.path.value) {
            Ok(path) => Some(path),
            Err(message) => {
                self.problem(&row.path.place, message);
                None
            }
        };
        let user_token = self.one_of(&row.token, "`token`", &[("user", true), ("app", false)]);
        let open_to = self.one_of(
            &row.open_to,
            "`open_to`",
            &[
                ("all", OpenTo::All),
                ("extended", OpenTo::Extended),
                ("closed-2024", OpenTo::Closed2024),
            ],
        );
        let scopes = self.scopes(&row.scopes);
        let params: Vec<Option<Param>> = row.params.iter().map(|param| self.param(param)).collect();
        let params: Option<Vec<Param>> = params.into_iter().collect();
        self.params_together(row, path.as_ref());
        let returns = self.returns(row);
        let chunk = row.chunk.as_ref().and_then(|chunk| self.chunk(chunk, row));
        let fixed =
            row.fixed.iter().filter_map(|(key, value)| self.fixed(key, value, row)).collect();
        let success =
            row.success.iter().filter_map(|status| self.status(status)).collect::<Vec<_>>();
        let name = name?;
        let text = name.to_string();
        Some(Endpoint {
            origin: self.problems.line_of(&row.place),
            type_name: ident(&pascal(&text)),
            const_name: ident(&text.to_uppercase()),
            name,
            summary: row.summary.value.clone(),
            notes: row.notes.as_ref().map(|notes| notes.value.clone()),
            reference: row.reference.value.clone(),
            method: method?.to_owned(),
            path: path?,
            user_token: user_token?,
            scopes,
            returns: returns?,
            within: row.within.as_ref().map(|within| within.value.clone()),
            success: if success.is_empty() { vec![200] } else { success },
            chunk,
            fixed,
            open_to: open_to?,
            replacement: row.replacement.as_ref().map(|replacement| replacement.value.clone()),
            development: row.development.as_ref().map(|development| Development {
                row: ident(&development.row.value),
                params: development
                    .params
                    .iter()
                    .map(|(k, v)| (k.value.clone(), v.value.clone()))
                    .collect(),
            }),
            params: params?,
        })
    }

    fn scope(&mut self, scope: &At<String>) -> Option<Ident> {
        let known = self.table.scopes.iter().find(|known| known.word == scope.value);
        let variant = known.map(|known| known.variant.clone());
        if variant.is_none() {
            self.problem(
                &scope.place,
                format!("unknown scope `{}`; scopes stand in spec/scopes.toml", scope.value),
            );
        }
        variant
    }

    fn scopes(&mut self, scopes: &row::Scopes) -> Scopes {
        let mut noted = |scopes: &[(At<String>, At<String>)]| -> Vec<(Ident, String)> {
            scopes
                .iter()
                .filter_map(|(scope, note)| Some((self.scope(scope)?, note.value.clone())))
                .collect()
        };
        let (conditional, unlocks) = (noted(&scopes.conditional), noted(&scopes.unlocks));
        Scopes {
            required: scopes.required.iter().filter_map(|scope| self.scope(scope)).collect(),
            alternative: scopes.alternative.iter().filter_map(|scope| self.scope(scope)).collect(),
            conditional,
            unlocks,
        }
    }

    fn status(&mut self, status: &At<i64>) -> Option<u16> {
        match u16::try_from(status.value) {
            Ok(code @ 200..=299) => Some(code),
            _ => {
                self.problem(
                    &status.place,
                    format!("a success status is from 200 to 299, found {}", status.value),
                );
                None
            }
        }
    }

    fn kind(&mut self, ty: &At<String>) -> Option<Kind> {
        self.rust_type(ty)?;
        let name = ty.value.as_str();
        let kind = match name {
            "bool" => Some(Kind::Boolean),
            "String" => Some(Kind::Text),
            "SpotifyUri" => Some(Kind::Uri),
            "Market" => Some(Kind::Market),
            "Timestamp" => Some(Kind::Timestamp),
            "TimestampedId" => Some(Kind::TimestampedId),
            _ if INTEGERS.contains(&name) => Some(Kind::Integer(ident(name))),
            _ => None,
        };
        let kind = kind
            .or_else(|| self.table.ids.iter().position(|id| id.name == name).map(Kind::Id))
            .or_else(|| {
                self.table.words.iter().position(|words| words.name == name).map(Kind::Words)
            });
        if kind.is_none() {
            self.problem(
                &ty.place,
                format!(
                    "unknown type `{name}`: a parameter is an integer (`u32`), `bool`, `String`, `Market`, \
                     `Timestamp`, `TimestampedId`, `SpotifyUri`, or a type from an `[[id]]` or `[[words]]` of the table"
                ),
            );
        }
        kind
    }

    fn param(&mut self, param: &row::Param) -> Option<Param> {
        let name = self.identifier(&param.name);
        let places = [("path", In::Path), ("query", In::Query), ("body", In::Body)];
        let within = self.one_of(&param.within, "`in`", &places);
        if within.is_some_and(|within| !param.required && within != In::Path)
            && METHODS.contains(&param.name.value.as_str())
        {
            let message = format!(
                "`{}` is a method of every request and cannot be a setter too: rename it and set `key`",
                param.name.value
            );
            self.problem(&param.name.place, message);
        }
        if param.doc.value.trim().is_empty() {
            self.problem(&param.doc.place, "a parameter needs a `doc`: one sentence about it");
        }
        let kind = self.kind(&param.ty);
        if let (Some(min), Some(max)) = (&param.min, &param.max)
            && min.value > max.value
        {
            self.problem(
                &min.place,
                format!("`min` is {} and above `max`, {}", min.value, max.value),
            );
        }
        if let Some(at) = param.min.as_ref().or(param.max.as_ref())
            && kind.as_ref().is_some_and(|kind| !matches!(kind, Kind::Integer(_)))
        {
            self.problem(&at.place, "only an integer has `min` and `max`");
        }
        if let Some(at) = &param.when_absent {
            if within != Some(In::Path) || param.required {
                self.problem(
                    &at.place,
                    "`when_absent` belongs to a path parameter that is not required",
                );
            } else if let Err(message) = PathTemplate::parse(&at.value) {
                self.problem(&at.place, message);
            }
        } else if within == Some(In::Path) && !param.required {
            let message = "a path parameter is `required = true`, or says with `when_absent` which path serves without it";
            self.problem(&param.name.place, message);
        }
        let kind = kind?;
        if let Some(at) = param.kinds.iter().find(|_| kind != Kind::Uri) {
            self.problem(&at.place.clone(), "only a `SpotifyUri` has `kinds`");
        }
        for word in &param.kinds {
            if !self.table.ids.iter().any(|id| id.uri == word.value) {
                self.problem(&word.place, format!("no `[[id]]` has the uri `{}`", word.value));
            }
        }
        if let Some(default) = &param.default {
            self.literal_fits(default, &kind, param, "the default");
        }
        let example = match &param.example {
            Some(example) => {
                match (&example.value, param.list) {
                    (Literal::List(elements), true) if !elements.is_empty() => {
                        for element in elements {
                            let element =
                                At { value: element.clone(), place: example.place.clone() };
                            self.literal_fits(&element, &kind, param, "the example");
                        }
                    }
                    (_, true) => self.problem(
                        &example.place,
                        "the example of a list is a list of at least one value",
                    ),
                    (_, false) => self.literal_fits(example, &kind, param, "the example"),
                }
                Some(example.value.clone())
            }
            None => {
                let message =
                    "a parameter needs an `example`: snapshots and documentation are made from it";
                self.problem(&param.name.place, message);
                None
            }
        };
        Some(Param {
            name: name?,
            key: param.key.value.clone(),
            within: within?,
            kind,
            list: param.list,
            required: param.required,
            min: param.min.as_ref().map(|min| min.value),
            max: param.max.as_ref().map(|max| max.value),
            default: param.default.as_ref().map(|default| default.value.clone()),
            example: example?,
            doc: param.doc.value.clone(),
            when_absent: param.when_absent.as_ref().map(|path| path.value.clone()),
            kinds: param.kinds.iter().map(|kind| kind.value.clone()).collect(),
            bare_key: param.bare_key.as_ref().map(|key| key.value.clone()),
        })
    }

    /// Whether an example or default is of the parameter's type and in its range.
    fn literal_fits(&mut self, literal: &At<Literal>, kind: &Kind, param: &row::Param, what: &str) {
        let wanted = match (kind, &literal.value) {
            (Kind::Integer(_), Literal::Integer(value)) => {
                let low = param.min.as_ref().is_some_and(|min| *value < min.value);
                let high = param.max.as_ref().is_some_and(|max| *value > max.value);
                if low || high {
                    let message = format!(
                        "{what} of `{}` is {value} and outside {}",
                        param.name.value,
                        range(param)
                    );
                    self.problem(&literal.place, message);
                }
                return;
            }
            (Kind::Integer(_), _) => "an integer".to_owned(),
            (Kind::Boolean, Literal::Boolean(_)) | (Kind::Text, Literal::Text(_)) => return,
            (Kind::Boolean, _) => "`true` or `false`".to_owned(),
            (Kind::Text, _) => "a string".to_owned(),
            (Kind::Id(index), Literal::Text(text))
                if !self.table.ids[*index].base62 || is_base62(text) =>
            {
                return;
            }
            (Kind::Id(index), _) if self.table.ids[*index].base62 => {
                "an id of 22 characters (0-9, a-z, A-Z)".to_owned()
            }
            (Kind::Id(_), _) => "a string".to_owned(),
            (Kind::Uri, Literal::Text(text)) if text.starts_with("spotify:") => return,
            (Kind::Uri, _) => "a URI such as \"spotify:track:…\"".to_owned(),
            (Kind::Market, Literal::Text(text))
                if text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) =>
            {
                return;
            }
            (Kind::Market, _) => "two capital letters".to_owned(),
            (Kind::Timestamp, Literal::Text(text)) if text.ends_with('Z') => return,
            (Kind::Timestamp, _) => "a time such as \"2017-05-26T00:00:00Z\"".to_owned(),
            (Kind::TimestampedId, literal) if is_timestamped(literal) => return,
            (Kind::TimestampedId, _) => "an id, or `{ id = …, added_at = … }`".to_owned(),
            (Kind::Words(index), literal) => {
                let words = &self.table.words[*index].values;
                if matches!(literal, Literal::Text(text) if words.iter().any(|word| word.word == *text))
                {
                    return;
                }
                let words =
                    words.iter().map(|word| format!("\"{}\"", word.word)).collect::<Vec<_>>();
                format!("one of {}", words.join(", "))
            }
        };
        self.problem(&literal.place, format!("{what} of `{}` must be {wanted}", param.name.value));
    }

    /// Rules over all parameters of a row.
    fn params_together(&mut self, row: &Row, path: Option<&PathTemplate>) {
        for (index, param) in row.params.iter().enumerate() {
            let place = &param.name.place;
            let earlier = &row.params[..index];
            if earlier.iter().any(|other| other.name.value == param.name.value) {
                self.problem(place, format!("two parameters have the name `{}`", param.name.value));
            }
            if earlier.iter().any(|other| {
                other.key.value == param.key.value && other.within.value == param.within.value
            }) {
                self.problem(
                    place,
                    format!(
                        "two parameters have the key `{}` in the {}",
                        param.key.value, param.within.value
                    ),
                );
            }
            if param.within.value == "body" && row.method.value == "GET" {
                self.problem(&param.within.place, "a GET has no body");
            }
        }
        let Some(path) = path else { return };
        let in_path = |param: &&row::Param| param.within.value == "path";
        for name in path.names() {
            if !row.params.iter().filter(in_path).any(|param| param.key.value == name) {
                self.problem(
                    &row.path.place,
                    format!("`{{{name}}}` has no parameter with `in = \"path\"` and that key"),
                );
            }
        }
        for param in row.params.iter().filter(in_path) {
            if !path.names().any(|name| name == param.key.value) {
                self.problem(
                    &param.name.place,
                    format!("the path has no `{{{}}}`", param.key.value),
                );
            }
        }
    }

    fn returns(&mut self, row: &Row) -> Option<Returns> {
        let ty = self.rust_type(&row.returns)?;
        if let Some(within) = &row.within
            && row.returns.value == "()"
        {
            self.problem(&within.place, "a call that answers nothing has nothing `within`");
        }
        let has = |key: &str| {
            row.params.iter().any(|param| param.key.value == key && param.within.value == "query")
        };
        Some(match generic_argument(&ty) {
            _ if row.returns.value == "()" => Returns::Unit,
            Some((name, item)) if name == "Page" => {
                if !has("limit") || !has("offset") {
                    self.problem(
                        &row.returns.place,
                        "a `Page` needs the query parameters `limit` and `offset`",
                    );
                }
                Returns::Page { page: ty, item }
            }
            Some((name, item)) if name == "CursorPage" => {
                if !has("limit") || !(has("after") || has("before")) {
                    self.problem(
                        &row.returns.place,
                        "a `CursorPage` needs the query parameters `limit` and `after` or `before`",
                    );
                }
                Returns::CursorPage { page: ty, item }
            }
            _ => Returns::One(ty),
        })
    }

    fn chunk(&mut self, chunk: &row::Chunk, row: &Row) -> Option<Chunk> {
        let param = row.params.iter().position(|param| param.name.value == chunk.by.value);
        if !param.is_some_and(|index| row.params[index].list && row.params[index].required) {
            let message = format!(
                "`chunk.by` must name a required parameter with `list = true`, found `{}`",
                chunk.by.value
            );
            self.problem(&chunk.by.place, message);
        }
        let max = u32::try_from(chunk.max.value).ok().filter(|max| *max > 0);
        if max.is_none() {
            self.problem(
                &chunk.max.place,
                format!("`chunk.max` must be at least 1, found {}", chunk.max.value),
            );
        }
        let joins = [("concat", Join::Concat), ("unit", Join::Unit), ("last", Join::Last)];
        let join = self.one_of(&chunk.join, "`chunk.join`", &joins)?;
        let returns = row.returns.value.as_str();
        let fits = match join {
            Join::Concat => returns.starts_with("Vec<"),
            Join::Unit => returns == "()",
            Join::Last => returns != "()" && !returns.starts_with("Vec<"),
        };
        if !fits {
            let wanted = match join {
                Join::Concat => "joins lists, so `returns` must be a `Vec<…>`",
                Join::Unit => "joins nothing, so `returns` must be `()`",
                Join::Last => "keeps the last answer, so `returns` must be a single value",
            };
            self.problem(
                &chunk.join.place,
                format!("`{}` {wanted}, found `{returns}`", chunk.join.value),
            );
        }
        Some(Chunk { param: param?, max: max?, join })
    }

    fn fixed(
        &mut self,
        key: &At<String>,
        value: &At<Literal>,
        row: &Row,
    ) -> Option<(String, String)> {
        if row
            .params
            .iter()
            .any(|param| param.key.value == key.value && param.within.value == "query")
        {
            self.problem(&key.place, format!("`{}` is fixed and a parameter at once", key.value));
        }
        let text = match &value.value {
            Literal::Text(text) => text.clone(),
            Literal::Integer(number) => number.to_string(),
            Literal::Boolean(boolean) => boolean.to_string(),
            Literal::List(_) | Literal::Table(_) => {
                self.problem(&value.place, "a fixed value is a string, an integer or a boolean");
                return None;
            }
        };
        Some((key.value.clone(), text))
    }

    fn duplicates(&mut self, rows: &[&Row]) {
        let mut names: HashMap<&str, &Row> = HashMap::new();
        let mut requests: HashMap<(String, Vec<String>), &Row> = HashMap::new();
        for row in rows {
            if let Some(first) = names.insert(&row.name.value, row) {
                let (file, line) = self.problems.line_of(&first.name.place);
                self.problem(
                    &row.name.place,
                    format!("the name `{}` is taken by {file}:{line}", row.name.value),
                );
            }
            let mut told_apart: Vec<String> = row
                .fixed
                .iter()
                .map(|(key, value)| format!("{}={:?}", key.value, value.value))
                .chain(
                    row.params
                        .iter()
                        .filter(|p| p.required && p.within.value != "path")
                        .map(|p| p.key.value.clone()),
                )
                .collect();
            told_apart.sort();
            let request = format!("{} {}", row.method.value, without_names(&row.path.value));
            if let Some(first) = requests.insert((request.clone(), told_apart), row) {
                let message = format!(
                    "`{}` already sends {} {}, and no fixed or required parameter tells the two apart",
                    first.name.value, row.method.value, row.path.value
                );
                self.problem(&row.path.place, message);
            }
        }
    }

    fn development(&mut self, row: &Row, rows: &[&Row]) {
        let Some(development) = &row.development else { return };
        let Some(target) = rows.iter().find(|target| target.name.value == development.row.value)
        else {
            self.problem(
                &development.row.place,
                format!("no row has the name `{}`", development.row.value),
            );
            return;
        };
        if target.open_to.value != "all" {
            let message = format!(
                "`{}` is not open to all apps, so it is no form for development mode",
                target.name.value
            );
            self.problem(&development.row.place, message);
        }
        for (name, template) in &development.params {
            if !target.params.iter().any(|param| param.name.value == name.value) {
                self.problem(
                    &name.place,
                    format!("`{}` has no parameter `{}`", target.name.value, name.value),
                );
            }
            match PathTemplate::parse(&format!("/{}", template.value)) {
                Ok(parsed) => {
                    for gap in parsed.names() {
                        if !row.params.iter().any(|param| param.name.value == gap) {
                            let message =
                                format!("`{{{gap}}}` is no parameter of `{}`", row.name.value);
                            self.problem(&template.place, message);
                        }
                    }
                }
                Err(message) => self.problem(&template.place, message),
            }
        }
        for param in target.params.iter().filter(|param| param.required) {
            if !development.params.iter().any(|(name, _)| name.value == param.name.value) {
                let message = format!(
                    "`{}` requires `{}`, which is not given",
                    target.name.value, param.name.value
                );
                self.problem(&development.row.place, message);
            }
        }
    }
}

fn ident(text: &str) -> Ident {
    match syn::parse_str(text) {
        Ok(ident) => ident,
        // A keyword or nonsense: told elsewhere, or turned into a name here.
        Err(_) => {
            let plain: String =
                text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            Ident::new(&format!("_{plain}_"), Span::call_site())
        }
    }
}

/// `user-library-read` and `are_albums_saved` to `UserLibraryRead` and `AreAlbumsSaved`.
pub fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

/// `TopItem` and `Saved things` to `top_item` and `saved_things`.
fn snake(text: &str) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            c if c.is_ascii_uppercase() => {
                if index > 0 && !out.ends_with('_') {
                    out.push('_');
                }
                out.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out
}

fn is_base62(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_timestamped(literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) => is_base62(text),
        Literal::Table(entries) => {
            matches!(&entries[..], [(id, Literal::Text(text)), (at, Literal::Text(_))]
                if id == "id" && is_base62(text) && at == "added_at")
        }
        _ => false,
    }
}

fn range(param: &row::Param) -> String {
    match (&param.min, &param.max) {
        (Some(min), Some(max)) => format!("{} to {}", min.value, max.value),
        (Some(min), None) => format!("{} and more", min.value),
        (None, Some(max)) => format!("{} and less", max.value),
        (None, None) => "no range".to_owned(),
    }
}

/// `Page<Album>` to `("Page", Album)`.
fn generic_argument(ty: &syn::Type) -> Option<(String, syn::Type)> {
    let syn::Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(item) => Some((segment.ident.to_string(), item.clone())),
        _ => None,
    }
}

fn without_names(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '{') && c != '}';
        if !inside {
            out.push(c);
        }
    }
    out
}
