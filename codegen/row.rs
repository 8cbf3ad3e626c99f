//! The table as written: what stands under which key, and where.
//!
//! Rows are read key by key rather than through serde, so that one row tells all its mistakes.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Place, Problems};

/// A value and where it stands.
#[derive(Clone, Debug, Default)]
pub struct At<T> {
    pub value: T,
    pub place: Place,
}

/// A TOML value as far as rows use them.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Literal>),
    Table(Vec<(String, Literal)>),
}

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

/// The keys of one table: each is taken by name, what nobody took is unknown.
struct Keys<'a, 'p> {
    table: &'a DeTable<'a>,
    place: Place,
    asked: Vec<&'static str>,
    took_rest: bool,
    problems: &'p mut Problems,
}

impl<'a, 'p> Keys<'a, 'p> {
    fn new(table: &'a DeTable<'a>, place: Place, problems: &'p mut Problems) -> Self {
        Keys { table, place, asked: Vec::new(), took_rest: false, problems }
    }

    fn at(&self, span: std::ops::Range<usize>) -> Place {
        Place::new(self.place.file, span)
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    fn wrong(&mut self, key: &str, wanted: &str, found: &Spanned<DeValue<'_>>) {
        let place = self.at(found.span());
        let found = found.get_ref().type_str();
        self.problems.add(&place, format!("`{key}` must be {wanted}, found {found}"));
    }

    fn text(&mut self, key: &'static str) -> Option<At<String>> {
        if !self.table.contains_key(key) {
            self.asked.push(key);
            let place = self.place.clone();
            self.problems.add(&place, format!("the key `{key}` is missing"));
            return None;
        }
        self.maybe_text(key)
    }

    fn maybe_text(&mut self, key: &'static str) -> Option<At<String>> {
        let found = self.take(key)?;
        self.as_text(key, found)
    }

    fn as_text(&mut self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<String>> {
        match found.get_ref().as_str() {
            Some(text) => Some(At { value: text.to_owned(), place: self.at(found.span()) }),
            None => {
                self.wrong(key, "a string", found);
                None
            }
        }
    }

    fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        let found = self.take(key);
        self.elements(key, "a list of strings", found)
            .iter()
            .filter_map(|element| self.as_text(key, element))
            .collect()
    }

    fn elements(
        &mut self,
        key: &str,
        wanted: &str,
        found: Option<&'a Spanned<DeValue<'a>>>,
    ) -> &'a [Spanned<DeValue<'a>>] {
        let Some(found) = found else { return &[] };
        match found.get_ref().as_array() {
            Some(array) => array,
            None => {
                self.wrong(key, wanted, found);
                &[]
            }
        }
    }

    fn integer(&mut self, key: &'static str) -> Option<At<i64>> {
        if !self.table.contains_key(key) {
            let place = self.place.clone();
            self.problems.add(&place, format!("the key `{key}` is missing"));
        }
        self.maybe_integer(key)
    }

    fn maybe_integer(&mut self, key: &'static str) -> Option<At<i64>> {
        let found = self.take(key)?;
        self.as_integer(key, found)
    }

    fn as_integer(&mut self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<i64>> {
        let number = found
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        match number {
            Some(value) => Some(At { value, place: self.at(found.span()) }),
            None => {
                self.wrong(key, "an integer of at most 64 bits", found);
                None
            }
        }
    }

    fn integers(&mut self, key: &'static str) -> Vec<At<i64>> {
        let found = self.take(key);
        self.elements(key, "a list of integers", found)
            .iter()
            .filter_map(|element| self.as_integer(key, element))
            .collect()
    }

    fn boolean(&mut self, key: &'static str) -> bool {
        let Some(found) = self.take(key) else { return false };
        found.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, "`true` or `false`", found);
            false
        })
    }

    fn literal(&mut self, key: &'static str) -> Option<At<Literal>> {
        let found = self.take(key)?;
        self.as_literal(key, found)
    }

    fn as_literal(&mut self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<Literal>> {
        match literal(found) {
            Some(value) => Some(At { value, place: self.at(found.span()) }),
            None => {
                self.wrong(
                    key,
                    "a string, an integer, a boolean, or a list or table of them",
                    found,
                );
                None
            }
        }
    }

    fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Keys<'a, '_>) -> Option<T>,
    ) -> Option<T> {
        let found = self.take(key)?;
        self.as_table(key, found, read)
    }

    fn as_table<T>(
        &mut self,
        key: &str,
        found: &'a Spanned<DeValue<'a>>,
        read: impl FnOnce(&mut Keys<'a, '_>) -> Option<T>,
    ) -> Option<T> {
        let Some(table) = found.get_ref().as_table() else {
            self.wrong(key, "a table", found);
            return None;
        };
        let mut keys = Keys::new(table, self.at(found.span()), self.problems);
        let value = read(&mut keys);
        keys.finish();
        value
    }

    fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Keys<'a, '_>) -> Option<T>,
    ) -> Vec<T> {
        let found = self.take(key);
        self.elements(key, "a list of tables", found)
            .iter()
            .filter_map(|element| self.as_table(key, element, &mut read))
            .collect()
    }

    /// A table from names to strings, in the order written.
    fn text_map(&mut self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        self.table(key, |keys| Some(keys.rest_texts())).unwrap_or_default()
    }

    fn rest_texts(&mut self) -> Vec<(At<String>, At<String>)> {
        self.untaken()
            .into_iter()
            .filter_map(|(key, found)| {
                let value = self.as_text(&key.value, found)?;
                Some((key, value))
            })
            .collect()
    }

    fn rest(&mut self) -> Vec<(At<String>, At<Literal>)> {
        self.untaken()
            .into_iter()
            .filter_map(|(key, found)| {
                let value = self.as_literal(&key.value, found)?;
                Some((key, value))
            })
            .collect()
    }

    fn untaken(&mut self) -> Vec<(At<String>, &'a Spanned<DeValue<'a>>)> {
        self.took_rest = true;
        let mut rest: Vec<_> = self
            .table
            .iter()
            .filter(|(key, _)| !self.asked.contains(&key.get_ref().as_ref()))
            .map(|(key, found)| {
                let place = self.at(key.span());
                (At { value: key.get_ref().clone().into_owned(), place }, found)
            })
            .collect();
        rest.sort_by(|a, b| a.0.place.cmp(&b.0.place));
        rest
    }

    fn finish(&mut self) {
        if self.took_rest {
            return;
        }
        let known = self.asked.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        for (key, _) in self.untaken() {
            self.problems
                .add(&key.place, format!("unknown key `{}`, expected one of {known}", key.value));
        }
    }
}

fn literal(found: &Spanned<DeValue<'_>>) -> Option<Literal> {
    Some(match found.get_ref() {
        DeValue::String(text) => Literal::Text(text.clone().into_owned()),
        DeValue::Boolean(boolean) => Literal::Boolean(*boolean),
        DeValue::Integer(number) => {
            Literal::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()?)
        }
        DeValue::Array(array) => Literal::List(array.iter().map(literal).collect::<Option<_>>()?),
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            Literal::Table(
                entries
                    .into_iter()
                    .map(|(key, value)| Some((key.get_ref().clone().into_owned(), literal(value)?)))
                    .collect::<Option<_>>()?,
            )
        }
        DeValue::Float(_) | DeValue::Datetime(_) => return None,
    })
}
