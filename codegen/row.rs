//! The table as written: what stands under which key, and where.
//!
//! Rows are read key by key rather than through serde, so that one row tells all its mistakes.

use toml::de::DeTable;

use super::error::{Place, Problems};
use super::keys::Keys;
pub use super::keys::{At, Literal};

/// All files of a table.
#[derive(Debug, Default)]
pub struct Table {
    pub areas: Vec<Area>,
    pub scopes: Vec<Named>,
    pub ids: Vec<IdRow>,
    pub words: Vec<WordsRow>,
}

/// One file with rows: an area of Spotify's reference.
#[derive(Debug)]
pub struct Area {
    pub name: At<String>,
    pub summary: At<String>,
    pub rows: Vec<Row>,
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
}

/// `[[endpoint]]`
#[derive(Debug)]
pub struct Row {
    pub place: Place,
    pub name: At<String>,
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
    pub open_to: At<String>,
    pub replacement: Option<At<String>>,
    pub development: Option<Development>,
    pub params: Vec<Param>,
}

/// `scopes = { … }`
#[derive(Debug, Default)]
pub struct Scopes {
    pub required: Vec<At<String>>,
    pub alternative: Vec<At<String>>,
    /// A scope and the case in which it is needed.
    pub conditional: Vec<(At<String>, At<String>)>,
    /// A scope and what the answer holds only with it.
    pub unlocks: Vec<(At<String>, At<String>)>,
}

/// `chunk = { … }`
#[derive(Debug)]
pub struct Chunk {
    pub by: At<String>,
    pub max: At<i64>,
    pub join: At<String>,
}

/// `development = { row = …, param = "template" }`
#[derive(Debug)]
pub struct Development {
    pub row: At<String>,
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
    pub default: Option<At<Literal>>,
    pub example: Option<At<Literal>>,
    pub doc: At<String>,
    pub when_absent: Option<At<String>>,
    pub kinds: Vec<At<String>>,
    pub bare_key: Option<At<String>>,
}

/// Reads all files. What cannot be read is left out and told.
pub fn read(files: &[(String, String)], problems: &mut Problems) -> Table {
    let mut table = Table::default();
    for (file, (_, text)) in files.iter().enumerate() {
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let place = Place::new(file, error.span().unwrap_or(0..0));
            problems.add(&place, error.message());
        }
        if !errors.is_empty() {
            continue;
        }
        let place = Place::new(file, 0..0);
        let mut keys = Keys::new(document.get_ref(), place, problems);
        read_file(&mut keys, &mut table);
        keys.finish();
    }
    table
}

fn read_file(keys: &mut Keys<'_, '_>, table: &mut Table) {
    let area = keys.table("area", |keys| Some((keys.text("name")?, keys.text("summary")?)));
    let rows = keys.tables("endpoint", read_row);
    table.scopes.extend(keys.tables("scope", |keys| {
        Some(Named { name: keys.text("name")?, summary: keys.text("summary")? })
    }));
    table.ids.extend(keys.tables("id", read_id));
    table.words.extend(keys.tables("words", |keys| {
        let (name, summary) = (keys.text("name"), keys.text("summary"));
        let values = keys.tables("values", |keys| {
            let (word, doc) = (keys.text("word"), keys.text("doc"));
            Some(Word { answer: keys.maybe_text("answer"), word: word?, doc: doc? })
        });
        Some(WordsRow { name: name?, summary: summary?, values })
    }));
    match area {
        Some((name, summary)) => table.areas.push(Area { name, summary, rows }),
        None if !rows.is_empty() => {
            let place = rows[0].place.clone();
            keys.problems.add(
                &place,
                "a file with `[[endpoint]]` rows needs an `[area]` with `name` and `summary`",
            );
        }
        None => {}
    }
}

fn read_id(keys: &mut Keys<'_, '_>) -> Option<IdRow> {
    let (name, summary, uri) = (keys.text("name"), keys.text("summary"), keys.text("uri"));
    let (path, form, example) = (keys.text("path"), keys.text("form"), keys.text("example"));
    Some(IdRow {
        name: name?,
        summary: summary?,
        uri: uri?,
        path: path?,
        form: form?,
        example: example?,
    })
}

fn read_row(keys: &mut Keys<'_, '_>) -> Option<Row> {
    let name = keys.text("name");
    let summary = keys.text("summary");
    let reference = keys.text("reference");
    let method = keys.text("method");
    let path = keys.text("path");
    let token = keys.text("token");
    let returns = keys.text("returns");
    let open_to = keys.text("open_to");
    let scopes = keys.table("scopes", |keys| {
        Some(Scopes {
            required: keys.texts("required"),
            alternative: keys.texts("alternative"),
            conditional: keys.text_map("conditional"),
            unlocks: keys.text_map("unlocks"),
        })
    });
    let chunk = keys.table("chunk", |keys| {
        let (by, max, join) = (keys.text("by"), keys.integer("max"), keys.text("join"));
        Some(Chunk { by: by?, max: max?, join: join? })
    });
    let development = keys.table("development", |keys| {
        let row = keys.text("row");
        let params = keys.rest_texts();
        Some(Development { row: row?, params })
    });
    let notes = keys.maybe_text("notes");
    let within = keys.maybe_text("within");
    let replacement = keys.maybe_text("replacement");
    let success = keys.integers("success");
    let fixed = keys.table("fixed", |keys| Some(keys.rest()));
    let params = keys.tables("params", read_param);
    Some(Row {
        place: keys.place.clone(),
        name: name?,
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
        open_to: open_to?,
        replacement,
        development,
        params,
    })
}

fn read_param(keys: &mut Keys<'_, '_>) -> Option<Param> {
    let name = keys.text("name");
    let key = keys.maybe_text("key").or_else(|| name.clone());
    let within = keys.text("in");
    let ty = keys.text("type");
    let doc = keys.text("doc");
    let list = keys.boolean("list");
    let required = keys.boolean("required");
    let min = keys.maybe_integer("min");
    let max = keys.maybe_integer("max");
    let default = keys.literal("default");
    let example = keys.literal("example");
    let when_absent = keys.maybe_text("when_absent");
    let kinds = keys.texts("kinds");
    let bare_key = keys.maybe_text("bare_key");
    Some(Param {
        name: name?,
        key: key?,
        within: within?,
        ty: ty?,
        list,
        required,
        min,
        max,
        default,
        example,
        doc: doc?,
        when_absent,
        kinds,
        bare_key,
    })
}
