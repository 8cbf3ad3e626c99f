//! Reads a TOML table key by key, and tells what is missing, of the wrong type or unknown.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::diagnostics::{Location, Problems, phrase};
use super::value::{At, Literal, integer, literal};

/// The keys of one table: each is taken by name, what nobody took is unknown.
pub struct TableReader<'a, 'p> {
    pub location: Location,
    pub problems: &'p mut Problems,
    /// What the table is in a message: `` the row `get_me` ``.
    what: String,
    table: &'a DeTable<'a>,
    asked: Vec<&'static str>,
    missing: Vec<String>,
    took_rest: bool,
}

impl<'a, 'p> TableReader<'a, 'p> {
    pub fn new(
        what: String,
        table: &'a DeTable<'a>,
        location: Location,
        problems: &'p mut Problems,
    ) -> Self {
        let (asked, missing) = (Vec::new(), Vec::new());
        TableReader { location, problems, what, table, asked, missing, took_rest: false }
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// What the table calls itself.
    pub fn name(&self) -> Option<&'a str> {
        name_of(self.table)
    }

    /// A string that must be there; the hint says what it is, for when it is missing.
    pub fn text(&mut self, key: &'static str, hint: &str) -> Option<At<String>> {
        self.require(key, hint);
        self.maybe_text(key)
    }

    pub fn maybe_text(&mut self, key: &'static str) -> Option<At<String>> {
        let found = self.take(key)?;
        self.as_text(key, found)
    }

    pub fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        let found = self.take(key);
        self.elements(key, "a list of strings", found)
            .iter()
            .filter_map(|element| self.as_text(key, element))
            .collect()
    }

    pub fn integer(&mut self, key: &'static str, hint: &str) -> Option<At<i64>> {
        self.require(key, hint);
        self.maybe_integer(key)
    }

    pub fn maybe_integer(&mut self, key: &'static str) -> Option<At<i64>> {
        let found = self.take(key)?;
        self.as_integer(key, found)
    }

    pub fn integers(&mut self, key: &'static str) -> Vec<At<i64>> {
        let found = self.take(key);
        self.elements(key, "a list of integers", found)
            .iter()
            .filter_map(|element| self.as_integer(key, element))
            .collect()
    }

    /// `false` if it is left out, nothing if it is something else than a boolean.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        if self.has(key) {
            Some(self.maybe_boolean(key)?.value)
        } else {
            self.take(key);
            Some(false)
        }
    }

    pub fn maybe_boolean(&mut self, key: &'static str) -> Option<At<bool>> {
        let found = self.take(key)?;
        let value = found.get_ref().as_bool();
        if value.is_none() {
            self.wrong(key, "`true` or `false`", found);
        }
        Some(At { value: value?, location: self.at(found.span()) })
    }

    pub fn literal(&mut self, key: &'static str) -> Option<At<Literal>> {
        let found = self.take(key)?;
        self.as_literal(key, found)
    }

    /// A literal that must be there.
    pub fn example(&mut self, key: &'static str, hint: &str) -> Option<At<Literal>> {
        self.require(key, hint);
        self.literal(key)
    }

    pub fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut TableReader<'a, '_>) -> Option<T>,
    ) -> Option<T> {
        let found = self.take(key)?;
        self.as_table(key, None, found, read)
    }

    /// A list of tables, each of which is a `what`. Those that cannot be read are `None`.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        mut read: impl FnMut(&mut TableReader<'a, '_>) -> Option<T>,
    ) -> Vec<Option<T>> {
        let found = self.take(key);
        if found.is_some_and(|found| found.get_ref().as_array().is_none()) {
            self.elements(key, "a list of tables", found);
            return vec![None];
        }
        self.elements(key, "a list of tables", found)
            .iter()
            .map(|element| self.as_table(key, Some(what), element, &mut read))
            .collect()
    }

    /// A table from names to strings, in the order written.
    pub fn text_map(&mut self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        self.table(key, |reader| Some(reader.rest_texts())).unwrap_or_default()
    }

    /// The entries of a table under a key, in the order written: a string, or a table of its own. Those
    /// that cannot be read are `None`.
    pub fn entries<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        of_text: impl Fn(At<String>, At<String>) -> T,
        mut of_table: impl FnMut(At<String>, &mut TableReader<'a, '_>) -> Option<T>,
    ) -> Vec<Option<T>> {
        let entries = self.table(key, |reader| {
            let entries = reader.untaken().into_iter().map(|(name, found)| {
                if let Some(text) = found.get_ref().as_str() {
                    let location = reader.at(found.span());
                    return Some(of_text(name, At { value: text.to_owned(), location }));
                }
                if found.get_ref().as_table().is_none() {
                    reader.wrong(&name.value, "a string or a table", found);
                    return None;
                }
                reader.as_table(&name.value.clone(), Some(what), found, |reader| {
                    of_table(name, reader)
                })
            });
            Some(entries.collect())
        });
        entries.unwrap_or_default()
    }

    pub fn rest_texts(&mut self) -> Vec<(At<String>, At<String>)> {
        self.untaken()
            .into_iter()
            .filter_map(|(key, found)| {
                let value = self.as_text(&key.value, found)?;
                Some((key, value))
            })
            .collect()
    }

    pub fn rest(&mut self) -> Vec<(At<String>, At<Literal>)> {
        self.untaken()
            .into_iter()
            .filter_map(|(key, found)| {
                let value = self.as_literal(&key.value, found)?;
                Some((key, value))
            })
            .collect()
    }

    /// Tells what is missing, and what nobody took.
    pub fn finish(&mut self) {
        if !self.missing.is_empty() {
            let message = format!("{} lacks {}", self.what, phrase::joined(&self.missing, "and"));
            let location = self.place_of_table();
            self.problems.add(&location, message);
        }
        if self.took_rest {
            return;
        }
        for (key, _) in self.untaken() {
            let found = phrase::shown(&key.value);
            let nearest = phrase::did_you_mean(&key.value, self.asked.iter().copied());
            let message = match nearest.is_empty() {
                true => {
                    let known = phrase::any_of(self.asked.iter().copied());
                    format!("{} has an unknown key, {found}: expected {known}", self.what)
                }
                false => format!("{} has an unknown key, {found}{nearest}", self.what),
            };
            self.problems.add(&key.location, message);
        }
    }

    /// The header of a table, or the name in one that is written in one piece.
    fn place_of_table(&self) -> Location {
        let name = self.table.get("name").or_else(|| self.table.get("value"));
        match name.map(|name| self.at(name.span())) {
            Some(name) if self.location.start <= name.start && name.end <= self.location.end => {
                name
            }
            _ => self.location.clone(),
        }
    }

    fn at(&self, span: Range<usize>) -> Location {
        Location::new(self.location.file, span)
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.get(key)
    }

    fn require(&mut self, key: &'static str, hint: &str) {
        if !self.has(key) {
            self.missing.push(format!("`{key}` ({hint})"));
        }
    }

    fn wrong(&mut self, key: &str, wanted: &str, found: &Spanned<DeValue<'_>>) {
        let location = self.at(found.span());
        let found = match found.get_ref() {
            value @ DeValue::Integer(_) if integer(value).is_none() => "one of more than 64 bits",
            DeValue::Integer(_) => "an integer",
            DeValue::String(_) => "a string",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a time without quotes",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.problems
            .add(&location, format!("{} must be {wanted}, found {found}", phrase::shown(key)));
    }

    fn as_text(&mut self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<String>> {
        match found.get_ref().as_str() {
            Some(text) => Some(At { value: text.to_owned(), location: self.at(found.span()) }),
            None => {
                self.wrong(key, "a string", found);
                None
            }
        }
    }

    fn as_integer(&mut self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<i64>> {
        match integer(found.get_ref()) {
            Some(value) => Some(At { value, location: self.at(found.span()) }),
            None => {
                self.wrong(key, "an integer", found);
                None
            }
        }
    }

    fn as_literal(&mut self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<Literal>> {
        let value = literal(found, self.location.file);
        if value.is_none() {
            let wanted = "a string, an integer, a boolean, or a list or table of these";
            self.wrong(key, wanted, found);
        }
        value
    }

    fn as_table<T>(
        &mut self,
        key: &str,
        what: Option<&str>,
        found: &'a Spanned<DeValue<'a>>,
        read: impl FnOnce(&mut TableReader<'a, '_>) -> Option<T>,
    ) -> Option<T> {
        let Some(table) = found.get_ref().as_table() else {
            self.wrong(key, "a table", found);
            return None;
        };
        let what = match (what, name_of(table)) {
            (Some(what), Some(name)) => format!("the {what} {}", phrase::shown(name)),
            (Some(what), None) => format!("this {what}"),
            (None, _) => format!("`{key}`"),
        };
        let mut reader = TableReader::new(what, table, self.at(found.span()), self.problems);
        let value = read(&mut reader);
        reader.finish();
        value
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

    fn untaken(&mut self) -> Vec<(At<String>, &'a Spanned<DeValue<'a>>)> {
        self.took_rest = true;
        let mut rest: Vec<_> = self
            .table
            .iter()
            .filter(|(key, _)| !self.asked.contains(&key.get_ref().as_ref()))
            .map(|(key, found)| {
                let location = self.at(key.span());
                (At { value: key.get_ref().clone().into_owned(), location }, found)
            })
            .collect();
        rest.sort_by(|a, b| a.0.location.cmp(&b.0.location));
        rest
    }
}

fn name_of<'a>(table: &'a DeTable<'a>) -> Option<&'a str> {
    let name = table.get("name").or_else(|| table.get("value"))?;
    name.get_ref().as_str().filter(|name| !name.is_empty())
}
