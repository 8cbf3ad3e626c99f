//! The table as written: what stands under which key, and where.
//!
//! Rows are read key by key rather than through serde, so that one row tells all its mistakes.

use std::collections::HashSet;

use toml::de::DeTable;

use super::super::diagnostics::{Location, Problems};
pub use super::scopes::Scopes;
use super::table_reader::TableReader;
use super::value::{At, Literal};

/// All files of a table.
#[derive(Debug, Default)]
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Named>,
    pub ids: Vec<RawId>,
    pub enums: Vec<RawEnum>,
    pub poisoned: Poisoned,
    /// The first of the files that are not the crate's, but those of a program.
    pub overlay_from: usize,
}

/// What could not be read, so that what refers to it is not called unknown.
#[derive(Debug, Default)]
pub struct Poisoned {
    pub scopes: Lost,
    /// Types of ids with their URIs, and enumerations.
    pub types: Lost,
    pub rows: Lost,
}

impl Poisoned {
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
    pub rows: Vec<RawEndpoint>,
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
pub struct RawId {
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
pub struct RawEnum {
    pub name: At<String>,
    pub summary: At<String>,
    pub values: Vec<EnumValue>,
}

/// One word of an enumeration, and the type of answer it asks for, where it decides that.
#[derive(Debug)]
pub struct EnumValue {
    pub word: At<String>,
    pub doc: At<String>,
    pub item: Option<At<String>>,
    /// The member in which the answer stands.
    pub pointer: Option<At<String>>,
}

/// `[[endpoint]]`
#[derive(Debug)]
pub struct RawEndpoint {
    pub location: Location,
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
    pub pointer: Option<At<String>>,
    pub success: Vec<At<i64>>,
    pub batch: Option<Batch>,
    pub fixed: Vec<(At<String>, At<Literal>)>,
    /// Whether the client may send it twice, if the entry says so; else the method decides.
    pub idempotent: Option<At<bool>>,
    /// Whether the `total` of its pages is a guess that moves from page to page.
    pub total_is_estimate: bool,
    pub availability: At<String>,
    /// The status with which Spotify refuses an app that it is closed to, if that is not 403.
    pub unavailable_status: Option<At<i64>>,
    pub replacement: Option<At<String>>,
    pub fallback: Option<Fallback>,
    pub sum_limit: Option<SumLimit>,
    /// Parameters of which at least one must be given.
    pub any_of: Vec<At<String>>,
    pub params: Vec<Param>,
    /// Whether there are more parameters, which could not be read.
    pub lacks_params: bool,
}

/// `chunk = { … }`
#[derive(Debug)]
pub struct Batch {
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
pub struct SumLimit {
    pub location: Location,
    pub params: Vec<At<String>>,
    pub min: Option<At<i64>>,
    pub max: At<i64>,
}

/// `development = { row = …, param = "template" }`
#[derive(Debug)]
pub struct Fallback {
    pub row: At<String>,
    /// The parameter that must be the id of the user, and the row that says who that is.
    pub own: Vec<(At<String>, At<String>)>,
    /// What the row calls members otherwise, in parameters that say which are sent.
    pub renames: Vec<(At<String>, At<String>)>,
    /// Whether Spotify still answers the documented request.
    pub original_still_works: bool,
    pub params: Vec<(At<String>, At<String>)>,
}

/// One of `params = [ … ]`
#[derive(Debug)]
pub struct Param {
    pub name: At<String>,
    pub key: At<String>,
    pub pointer: At<String>,
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
    pub element_key: Option<At<String>>,
    /// Whether the one value is sent as a list.
    pub sent_as_list: bool,
    /// Whether it says which members of the answer are sent.
    pub field_filter: bool,
    /// Whether an app in development mode may only name what the user owns or takes part in.
    pub owner_only: bool,
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
            let location = Location::new(file, error.span().unwrap_or(0..0));
            let line = problems.line_of(&location);
            if last.as_ref() != Some(&line) {
                problems.add(&location, format!("this is not TOML: {}", error.message()));
                last = Some(line);
            }
        }
        if !errors.is_empty() {
            table.poisoned.lose_all();
            continue;
        }
        let location = Location::new(file, 0..0);
        let mut reader =
            TableReader::new("this file".to_owned(), document.get_ref(), location, problems);
        read_file(&mut reader, &mut table);
        reader.finish();
    }
    table
}

fn read_file(reader: &mut TableReader<'_, '_>, table: &mut Table) {
    let has_area = reader.has("area");
    let heading = reader.table("area", |reader| read_named(reader, "\"Albums\""));
    let poisoned = &mut table.poisoned;
    let rows = reader.tables("endpoint", "entry", |reader| {
        poisoned.rows.unless(reader.name(), read_row(reader))
    });
    let scopes = reader.tables("scope", "scope", |reader| {
        poisoned.scopes.unless(reader.name(), read_named(reader, "\"user-library-read\""))
    });
    // Its URI is a name too, so that there is more missing than the name says.
    let ids =
        reader.tables("id", "type of id", |reader| poisoned.types.unless(None, read_id(reader)));
    let enums = reader
        .tables("enum", "enum", |reader| poisoned.types.unless(reader.name(), read_words(reader)));
    table.scopes.extend(scopes.into_iter().flatten());
    table.ids.extend(ids.into_iter().flatten());
    table.enums.extend(enums.into_iter().flatten());
    let has_rows = !rows.is_empty();
    let rows: Vec<RawEndpoint> = rows.into_iter().flatten().collect();
    if let (false, Some(first)) = (has_area, rows.first()) {
        reader.problems.add(
            &first.location,
            "a file with `[[endpoint]]` entries needs an `[area]` with `name` and `summary` before them",
        );
    }
    if has_area || has_rows {
        table.areas.push(Area { heading, rows, has_rows });
    }
}

fn read_named(reader: &mut TableReader<'_, '_>, example: &str) -> Option<Named> {
    let name = reader.text("name", example);
    let summary = reader.text("summary", "one sentence");
    Some(Named { name: name?, summary: summary? })
}

fn read_id(reader: &mut TableReader<'_, '_>) -> Option<RawId> {
    let name = reader.text("name", "\"AlbumId\"");
    let summary = reader.text("summary", "one sentence");
    let uri = reader.text("uri", "the word in URIs, \"album\"");
    let path = reader.text("path", "the folder in the Web API, \"albums\"");
    let form = reader.text("form", "\"base62\" or \"text\"");
    let example = reader.text("example", "an id that exists");
    let also = reader.maybe_text("also");
    Some(RawId {
        name: name?,
        summary: summary?,
        uri: uri?,
        path: path?,
        form: form?,
        example: example?,
        also,
    })
}

fn read_words(reader: &mut TableReader<'_, '_>) -> Option<RawEnum> {
    let name = reader.text("name", "\"TimeRange\"");
    let summary = reader.text("summary", "one sentence");
    let values = reader.tables("values", "value", |reader| {
        let word = reader.text("value", "as Spotify writes it");
        let doc = reader.text("doc", "one sentence");
        let item = reader.maybe_text("item");
        let pointer = reader.maybe_text("pointer");
        Some(EnumValue { word: word?, doc: doc?, item, pointer })
    });
    let complete = values.iter().all(Option::is_some);
    let values = values.into_iter().flatten().collect();
    complete.then_some(())?;
    Some(RawEnum { name: name?, summary: summary?, values })
}

fn read_row(reader: &mut TableReader<'_, '_>) -> Option<RawEndpoint> {
    let name = reader.text("name", "of the method, \"get_album\"");
    let replaces = reader.boolean("replaces");
    let summary = reader.text("summary", "one sentence that says what the call does");
    let notes = reader.maybe_text("notes");
    let reference = reader.text("reference", "the end of the address of Spotify's page");
    let method = reader.text("method", "\"GET\", \"POST\", \"PUT\" or \"DELETE\"");
    let path = reader.text("path", "\"/albums/{album_id}\"");
    let token = reader.text("token", "\"user\" or \"app\"");
    let scopes = reader.table("scopes", Scopes::read);
    let returns = reader.text("returns", "a Rust type, or \"()\" for nothing");
    let pointer = reader.maybe_text("pointer");
    let success = reader.integers("success");
    let batch = reader.table("batch", |reader| {
        let by = reader.text("by", "the name of the list");
        let max = reader.integer("max", "how many ids one request takes");
        let join = reader.text("join", "\"concat\", \"unit\" or \"last\"");
        let advance = reader.maybe_text("advance");
        let then = reader.maybe_text("then");
        let send_empty = reader.boolean("send_empty");
        let max_url = reader.maybe_integer("max_url");
        Some(Batch {
            by: by?,
            max: max?,
            join: join?,
            advance,
            then,
            send_empty: send_empty?,
            max_url,
        })
    });
    let fixed = reader.table("fixed", |reader| Some(reader.rest()));
    let availability = reader.text("availability", "\"all\", \"extended\" or \"legacy\"");
    let idempotent = reader.maybe_boolean("idempotent");
    let total_is_estimate = reader.boolean("total_is_estimate");
    let unavailable_status = reader.maybe_integer("unavailable_status");
    let replacement = reader.maybe_text("replacement");
    let fallback = reader.table("fallback", |reader| {
        let row = reader.text("endpoint", "the name of the endpoint that does the same");
        let own = reader.text_map("owner_only");
        let renames = reader.text_map("renames");
        let original_still_works = reader.boolean("original_still_works");
        let params = reader.rest_texts();
        Some(Fallback {
            row: row?,
            own,
            renames,
            original_still_works: original_still_works?,
            params,
        })
    });
    let sum_limit = reader.table("sum_limit", |reader| {
        let params = reader.texts("params");
        let min = reader.maybe_integer("min");
        let max = reader.integer("max", "the greatest sum that Spotify takes");
        Some(SumLimit { location: reader.location.clone(), params, min, max: max? })
    });
    let any_of = reader.texts("any_of");
    let params = reader.tables("params", "parameter", read_param);
    Some(RawEndpoint {
        location: reader.location.clone(),
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
        pointer,
        success,
        batch,
        fixed: fixed.unwrap_or_default(),
        idempotent,
        total_is_estimate: total_is_estimate?,
        availability: availability?,
        unavailable_status,
        replacement,
        fallback,
        sum_limit,
        any_of,
        lacks_params: params.iter().any(Option::is_none),
        params: params.into_iter().flatten().collect(),
    })
}

fn read_param(reader: &mut TableReader<'_, '_>) -> Option<Param> {
    let name = reader.text("name", "of the argument or setter");
    let key = reader.maybe_text("key").or_else(|| name.clone());
    let pointer = reader.text("in", "\"path\", \"query\" or \"body\"");
    let ty = reader.text("type", "\"u32\", \"bool\", \"String\", \"AlbumId\" …");
    let list = reader.boolean("list");
    let required = reader.boolean("required");
    let min = reader.maybe_integer("min");
    let max = reader.maybe_integer("max");
    let development_max = reader.maybe_integer("development_max");
    let default = reader.literal("default");
    let example = reader.example("example", "a value, which snapshots and documentation use");
    let doc = reader.text("doc", "one sentence");
    let when_absent = reader.maybe_text("when_absent");
    let kinds = reader.texts("kinds");
    let bare_key = reader.maybe_text("bare_key");
    let element_key = reader.maybe_text("element_key");
    let sent_as_list = reader.boolean("sent_as_list");
    let field_filter = reader.boolean("field_filter");
    let owner_only = reader.boolean("owner_only");
    let excludes = reader.texts("excludes");
    let preset = reader.literal("preset");
    Some(Param {
        name: name?,
        key: key?,
        pointer: pointer?,
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
        element_key,
        sent_as_list: sent_as_list?,
        field_filter: field_filter?,
        owner_only: owner_only?,
        excludes,
        preset,
    })
}
