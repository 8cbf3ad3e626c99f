//! The table as written: what stands under which key, and where.
//!
//! Rows are read key by key rather than through serde, so that one row tells all its mistakes.

use std::collections::HashSet;

use toml::de::DeTable;

use super::super::diagnostics::{Place, Problems};
use super::keys::Keys;
pub use super::scopes::Scopes;
use super::value::{At, Literal};

/// All files of a table.
#[derive(Debug, Default)]
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Named>,
    pub ids: Vec<IdRow>,
    pub words: Vec<WordsRow>,
    pub unread: Unread,
    /// The first of the files that are not the crate's, but those of a program.
    pub own_from: usize,
}

/// What could not be read, so that what refers to it is not called unknown.
#[derive(Debug, Default)]
pub struct Unread {
    pub scopes: Lost,
    /// Types of ids with their URIs, and enumerations.
    pub types: Lost,
    pub rows: Lost,
}

impl Unread {
    /// A file was lost, and whatever it holds.
    pub fn lose_all(&mut self) {
        for lost in [&mut self.scopes, &mut self.types, &mut self.rows] {
            lost.nameless = true;
        }
    }
}

/// Names that the table defines in a way that is told to be wrong.
#[derive(Debug, Default)]
pub struct Lost {
    names: HashSet<String>,
    /// There is more, of which the name is not known.
    pub nameless: bool,
}

impl Lost {
    pub fn holds(&self, name: &str) -> bool {
        self.nameless || self.names.contains(name)
    }

    pub fn lose(&mut self, name: &str) {
        self.names.insert(name.to_owned());
    }

    fn unless<T>(&mut self, name: Option<&str>, read: Option<T>) -> Option<T> {
        match (&read, name) {
            (Some(_), _) => {}
            (None, Some(name)) => self.lose(name),
            (None, None) => self.nameless = true,
        }
        read
    }
}

/// One file with rows: an area of Spotify's reference.
#[derive(Debug)]
pub struct Area {
    /// None if it could not be read.
    pub heading: Option<Named>,
    pub rows: Vec<Row>,
    /// Whether there are rows, among them those that could not be read.
    pub has_rows: bool,
}

/// A name with a sentence about it.
#[derive(Debug)]
pub struct Named {
    pub name: At<String>,
    pub summary: At<String>,
}

/// A type of id.
#[derive(Debug)]
pub struct IdRow {
    pub name: At<String>,
    pub summary: At<String>,
    pub uri: At<String>,
    pub path: At<String>,
    pub form: At<String>,
    pub example: At<String>,
    /// Another word under which Spotify sends such ids.
    pub also: Option<At<String>>,
}

/// An enumeration that a parameter takes.
#[derive(Debug)]
pub struct WordsRow {
    pub name: At<String>,
    pub summary: At<String>,
    pub values: Vec<Word>,
}

/// One word of an enumeration, and the type of answer it asks for, where it decides that.
#[derive(Debug)]
pub struct Word {
    pub word: At<String>,
    pub doc: At<String>,
    pub answer: Option<At<String>>,
    /// The member in which the answer stands.
    pub within: Option<At<String>>,
}

/// `[[endpoint]]`
#[derive(Debug)]
pub struct Row {
    pub place: Place,
    pub name: At<String>,
    /// Whether it takes the place of the crate's row with its name.
    pub replaces: bool,
    pub summary: At<String>,
    pub notes: Option<At<String>>,
    pub reference: At<String>,
    pub method: At<String>,
    pub path: At<String>,
    pub token: At<String>,
    pub scopes: Scopes,
    pub returns: At<String>,
    pub within: Option<At<String>>,
    pub success: Vec<At<i64>>,
    pub chunk: Option<Chunk>,
    pub fixed: Vec<(At<String>, At<Literal>)>,
    /// Whether sending it twice does something else than sending it once, against its method.
    pub once: bool,
    /// Whether the `total` of its pages is a guess that moves from page to page.
    pub estimate: bool,
    pub open_to: At<String>,
    /// The status with which Spotify refuses an app that it is closed to, if that is not 403.
    pub closed_with: Option<At<i64>>,
    pub replacement: Option<At<String>>,
    pub development: Option<Development>,
    pub total: Option<Total>,
    /// Parameters of which at least one must be given.
    pub any_of: Vec<At<String>>,
    pub params: Vec<Param>,
    /// Whether there are more parameters, which could not be read.
    pub lacks_params: bool,
}

/// `chunk = { … }`
#[derive(Debug)]
pub struct Chunk {
    pub by: At<String>,
    pub max: At<i64>,
    pub join: At<String>,
    /// The parameter that counts on by what went before.
    pub advance: Option<At<String>>,
    /// The row that takes what is left after the first request.
    pub then: Option<At<String>>,
    /// Whether an empty list is sent, because it means something.
    pub send_empty: bool,
    /// How long the URL of one request may be, in bytes.
    pub max_url: Option<At<i64>>,
}

/// `total = { params = ["limit", "offset"], max = 1000 }`
#[derive(Debug)]
pub struct Total {
    pub place: Place,
    pub params: Vec<At<String>>,
    pub min: Option<At<i64>>,
    pub max: At<i64>,
}

/// `development = { row = …, param = "template" }`
#[derive(Debug)]
pub struct Development {
    pub row: At<String>,
    /// The parameter that must be the id of the user, and the row that says who that is.
    pub own: Vec<(At<String>, At<String>)>,
    /// What the row calls members otherwise, in parameters that say which are sent.
    pub renames: Vec<(At<String>, At<String>)>,
    /// Whether Spotify still answers the documented request.
    pub still_answers: bool,
    pub params: Vec<(At<String>, At<String>)>,
}

/// One of `params = [ … ]`
#[derive(Debug)]
pub struct Param {
    pub name: At<String>,
    pub key: At<String>,
    pub within: At<String>,
    pub ty: At<String>,
    pub list: bool,
    pub required: bool,
    pub min: Option<At<i64>>,
    pub max: Option<At<i64>>,
    /// The greatest number that it takes from an app in development mode, if that is less.
    pub development_max: Option<At<i64>>,
    pub default: Option<At<Literal>>,
    pub example: Option<At<Literal>>,
    pub doc: At<String>,
    pub when_absent: Option<At<String>>,
    pub kinds: Vec<At<String>>,
    pub bare_key: Option<At<String>>,
    /// The member that holds each element of a list in the body.
    pub each: Option<At<String>>,
    /// Whether the one value is sent as a list.
    pub in_list: bool,
    /// Whether it says which members of the answer are sent.
    pub selects: bool,
    /// Whether an app in development mode may only name what the user owns or takes part in.
    pub owned: bool,
    /// Parameters that cannot be given beside this one.
    pub excludes: Vec<At<String>>,
    /// What is sent if the caller gives nothing.
    pub preset: Option<At<Literal>>,
}

/// Reads all files. What cannot be read is left out and told.
pub fn read(files: &[(String, String)], problems: &mut Problems) -> Table {
    let mut table = Table::default();
    for (file, (_, text)) in files.iter().enumerate() {
        let (document, errors) = DeTable::parse_recoverable(text);
        // What follows the first error of a line is mostly its consequence.
        let mut last = None;
        for error in &errors {
            let place = Place::new(file, error.span().unwrap_or(0..0));
            let line = problems.line_of(&place);
            if last.as_ref() != Some(&line) {
                problems.add(&place, format!("this is not TOML: {}", error.message()));
                last = Some(line);
            }
        }
        if !errors.is_empty() {
            table.unread.lose_all();
            continue;
        }
        let place = Place::new(file, 0..0);
        let mut keys = Keys::new("this file".to_owned(), document.get_ref(), place, problems);
        read_file(&mut keys, &mut table);
        keys.finish();
    }
    table
}

fn read_file(keys: &mut Keys<'_, '_>, table: &mut Table) {
    let has_area = keys.has("area");
    let heading = keys.table("area", |keys| read_named(keys, "\"Albums\""));
    let unread = &mut table.unread;
    let rows =
        keys.tables("endpoint", "row", |keys| unread.rows.unless(keys.name(), read_row(keys)));
    let scopes = keys.tables("scope", "scope", |keys| {
        unread.scopes.unless(keys.name(), read_named(keys, "\"user-library-read\""))
    });
    // Its URI is a name too, so that there is more missing than the name says.
    let ids = keys.tables("id", "type of id", |keys| unread.types.unless(None, read_id(keys)));
    let words = keys
        .tables("words", "enumeration", |keys| unread.types.unless(keys.name(), read_words(keys)));
    table.scopes.extend(scopes.into_iter().flatten());
    table.ids.extend(ids.into_iter().flatten());
    table.words.extend(words.into_iter().flatten());
    let has_rows = !rows.is_empty();
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    if let (false, Some(first)) = (has_area, rows.first()) {
        keys.problems.add(
            &first.place,
            "a file with rows needs an `[area]` with `name` and `summary` before them",
        );
    }
    if has_area || has_rows {
        table.areas.push(Area { heading, rows, has_rows });
    }
}

fn read_named(keys: &mut Keys<'_, '_>, example: &str) -> Option<Named> {
    let name = keys.text("name", example);
    let summary = keys.text("summary", "one sentence");
    Some(Named { name: name?, summary: summary? })
}

fn read_id(keys: &mut Keys<'_, '_>) -> Option<IdRow> {
    let name = keys.text("name", "\"AlbumId\"");
    let summary = keys.text("summary", "one sentence");
    let uri = keys.text("uri", "the word in URIs, \"album\"");
    let path = keys.text("path", "the folder in the Web API, \"albums\"");
    let form = keys.text("form", "\"base62\" or \"text\"");
    let example = keys.text("example", "an id that exists");
    let also = keys.maybe_text("also");
    Some(IdRow {
        name: name?,
        summary: summary?,
        uri: uri?,
        path: path?,
        form: form?,
        example: example?,
        also,
    })
}

fn read_words(keys: &mut Keys<'_, '_>) -> Option<WordsRow> {
    let name = keys.text("name", "\"TimeRange\"");
    let summary = keys.text("summary", "one sentence");
    let values = keys.tables("values", "word", |keys| {
        let word = keys.text("word", "as Spotify writes it");
        let doc = keys.text("doc", "one sentence");
        let answer = keys.maybe_text("answer");
        let within = keys.maybe_text("within");
        Some(Word { word: word?, doc: doc?, answer, within })
    });
    let complete = values.iter().all(Option::is_some);
    let values = values.into_iter().flatten().collect();
    complete.then_some(())?;
    Some(WordsRow { name: name?, summary: summary?, values })
}

fn read_row(keys: &mut Keys<'_, '_>) -> Option<Row> {
    let name = keys.text("name", "of the method, \"get_album\"");
    let replaces = keys.boolean("replaces");
    let summary = keys.text("summary", "one sentence that says what the call does");
    let notes = keys.maybe_text("notes");
    let reference = keys.text("reference", "the end of the address of Spotify's page");
    let method = keys.text("method", "\"GET\", \"POST\", \"PUT\" or \"DELETE\"");
    let path = keys.text("path", "\"/albums/{album_id}\"");
    let token = keys.text("token", "\"user\" or \"app\"");
    let scopes = keys.table("scopes", Scopes::read);
    let returns = keys.text("returns", "a Rust type, or \"()\" for nothing");
    let within = keys.maybe_text("within");
    let success = keys.integers("success");
    let chunk = keys.table("chunk", |keys| {
        let by = keys.text("by", "the name of the list");
        let max = keys.integer("max", "how many ids one request takes");
        let join = keys.text("join", "\"concat\", \"unit\" or \"last\"");
        let advance = keys.maybe_text("advance");
        let then = keys.maybe_text("then");
        let send_empty = keys.boolean("send_empty");
        let max_url = keys.maybe_integer("max_url");
        Some(Chunk {
            by: by?,
            max: max?,
            join: join?,
            advance,
            then,
            send_empty: send_empty?,
            max_url,
        })
    });
    let fixed = keys.table("fixed", |keys| Some(keys.rest()));
    let open_to = keys.text("open_to", "\"all\", \"extended\" or \"closed-2024\"");
    let once = keys.boolean("once");
    let estimate = keys.boolean("estimate");
    let closed_with = keys.maybe_integer("closed_with");
    let replacement = keys.maybe_text("replacement");
    let development = keys.table("development", |keys| {
        let row = keys.text("row", "the name of the row that does the same");
        let own = keys.text_map("own");
        let renames = keys.text_map("renames");
        let still_answers = keys.boolean("still_answers");
        let params = keys.rest_texts();
        Some(Development { row: row?, own, renames, still_answers: still_answers?, params })
    });
    let total = keys.table("total", |keys| {
        let params = keys.texts("params");
        let min = keys.maybe_integer("min");
        let max = keys.integer("max", "the greatest sum that Spotify takes");
        Some(Total { place: keys.place.clone(), params, min, max: max? })
    });
    let any_of = keys.texts("any_of");
    let params = keys.tables("params", "parameter", read_param);
    Some(Row {
        place: keys.place.clone(),
        name: name?,
        replaces: replaces?,
        summary: summary?,
        notes,
        reference: reference?,
        method: method?,
        path: path?,
        token: token?,
        scopes: scopes.unwrap_or_default(),
        returns: returns?,
        within,
        success,
        chunk,
        fixed: fixed.unwrap_or_default(),
        once: once?,
        estimate: estimate?,
        open_to: open_to?,
        closed_with,
        replacement,
        development,
        total,
        any_of,
        lacks_params: params.iter().any(Option::is_none),
        params: params.into_iter().flatten().collect(),
    })
}

fn read_param(keys: &mut Keys<'_, '_>) -> Option<Param> {
    let name = keys.text("name", "of the argument or setter");
    let key = keys.maybe_text("key").or_else(|| name.clone());
    let within = keys.text("in", "\"path\", \"query\" or \"body\"");
    let ty = keys.text("type", "\"u32\", \"bool\", \"String\", \"AlbumId\" …");
    let list = keys.boolean("list");
    let required = keys.boolean("required");
    let min = keys.maybe_integer("min");
    let max = keys.maybe_integer("max");
    let development_max = keys.maybe_integer("development_max");
    let default = keys.literal("default");
    let example = keys.example("example", "a value, which snapshots and documentation use");
    let doc = keys.text("doc", "one sentence");
    let when_absent = keys.maybe_text("when_absent");
    let kinds = keys.texts("kinds");
    let bare_key = keys.maybe_text("bare_key");
    let each = keys.maybe_text("each");
    let in_list = keys.boolean("in_list");
    let selects = keys.boolean("selects");
    let owned = keys.boolean("owned");
    let excludes = keys.texts("excludes");
    let preset = keys.literal("preset");
    Some(Param {
        name: name?,
        key: key?,
        within: within?,
        ty: ty?,
        list: list?,
        required: required?,
        min,
        max,
        development_max,
        default,
        example,
        doc: doc?,
        when_absent,
        kinds,
        bare_key,
        each,
        in_list: in_list?,
        selects: selects?,
        owned: owned?,
        excludes,
        preset,
    })
}
