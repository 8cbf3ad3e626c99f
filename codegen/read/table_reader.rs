//! Reads a TOML table key by key, and reports keys that are missing, unknown or of the wrong type.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::diagnostics::{Location, Problems, phrase};
use super::value::{At, Readable, integer};

/// Reads the keys of a table by name. Keys that were not read are reported as unknown.
pub struct TableReader<'a> {
    pub location: Location,
    problems: &'a Problems,
    /// The name of the table in messages: `` the entry `get_me` ``.
    what: String,
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
    missing: Vec<String>,
    read_rest: bool,
}

impl<'a> TableReader<'a> {
    pub fn new(
        what: String,
        table: &'a DeTable<'a>,
        location: Location,
        problems: &'a Problems,
    ) -> Self {
        let (known, missing) = (Vec::new(), Vec::new());
        TableReader { location, problems, what, table, known, missing, read_rest: false }
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Returns whether the table has keys that were not read, such as a misspelled key.
    pub fn has_unread(&self) -> bool {
        self.table.keys().any(|key| !self.known.contains(&&**key.get_ref()))
    }

    /// Marks keys as read that other code reads.
    pub fn expect(&mut self, keys: &[&'static str]) {
        self.known.extend(keys);
    }

    /// Reads a required string. The message for a missing string contains the hint.
    pub fn text(&mut self, key: &'static str, hint: &str) -> Option<At<String>> {
        self.required(key, hint)
    }

    /// Reads a string, or a list with at least one string.
    pub fn one_or_more(&mut self, key: &'static str) -> Vec<At<String>> {
        let Some(found) = self.take(key) else { return Vec::new() };
        let elements = match found.get_ref() {
            DeValue::Array(elements) => elements,
            DeValue::String(_) => std::slice::from_ref(found),
            _ => {
                self.wrong(key, "a string or a list of strings", found);
                return Vec::new();
            }
        };
        if elements.is_empty() {
            let message = format!("`{key}` is an empty list: fill it in or remove the key");
            self.problems.add(&self.at(found.span()), message);
        }
        elements.iter().filter_map(|element| self.value(key, element)).collect()
    }

    /// Reads a required value.
    pub fn required<T: Readable>(&mut self, key: &'static str, hint: &str) -> Option<At<T>> {
        if !self.has(key) {
            self.missing.push(format!("`{key}` ({hint})"));
        }
        self.maybe(key)
    }

    pub fn maybe<T: Readable>(&mut self, key: &'static str) -> Option<At<T>> {
        let found = self.take(key)?;
        self.value(key, found)
    }

    pub fn list<T: Readable>(&mut self, key: &'static str) -> Vec<At<T>> {
        let elements = self.elements(key, T::LIST);
        elements.iter().filter_map(|element| self.value(key, element)).collect()
    }

    /// Reads a boolean, by default `false`. A value of another type is reported, and returned as `true`.
    pub fn flag(&mut self, key: &'static str) -> bool {
        let found = self.maybe(key);
        found.map_or(self.has(key), |found| found.value)
    }

    pub fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut TableReader<'a>) -> T,
    ) -> Option<T> {
        let found = self.take(key)?;
        self.as_table(key, None, found, read)
    }

    /// Reads a list of tables. An element that is not a table becomes `None`. `what` is the name of an element in
    /// messages.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        mut read: impl FnMut(&mut TableReader<'a>) -> T,
    ) -> Vec<Option<T>> {
        let is_list = self.table.get(key).is_none_or(|found| found.get_ref().is_array());
        let elements = self.elements(key, "a list of tables");
        if !is_list {
            return vec![None];
        }
        elements.iter().map(|element| self.as_table(key, Some(what), element, &mut read)).collect()
    }

    /// Reads a table from names to strings, in the order of the file.
    pub fn text_map(&mut self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        self.table(key, |reader| reader.rest_of()).unwrap_or_default()
    }

    /// Reads the entries of a table under a key, in the order of the file. Each is a string or a table; others become
    /// `None`.
    pub fn entries<T>(
        &mut self,
        key: &'static str,
        what: &'static str,
        of_text: impl Fn(At<String>, At<String>) -> T,
        mut of_table: impl FnMut(At<String>, &mut TableReader<'a>) -> T,
    ) -> Vec<Option<T>> {
        let entries = self.table(key, |reader| {
            let entries = reader.rest().into_iter().map(|(name, found)| {
                if let Some(text) = found.get_ref().as_str() {
                    let location = reader.at(found.span());
                    Some(of_text(name, At { value: text.to_owned(), location }))
                } else if found.get_ref().is_table() {
                    let key = name.value.clone();
                    reader.as_table(&key, Some(what), found, |reader| of_table(name, reader))
                } else {
                    reader.wrong(&name.value, "a string or a table", found);
                    None
                }
            });
            entries.collect()
        });
        entries.unwrap_or_default()
    }

    /// Reads all remaining keys, in the order of the file.
    pub fn rest_of<T: Readable>(&mut self) -> Vec<(At<String>, At<T>)> {
        let rest = self.rest().into_iter();
        rest.filter_map(|(key, found)| Some((key.clone(), self.value(&key.value, found)?)))
            .collect()
    }

    /// Reports missing keys, and keys that were not read.
    pub fn finish(&mut self) {
        if !self.missing.is_empty() {
            let message = format!("{} lacks {}", self.what, phrase::joined(&self.missing, "and"));
            self.problems.add(&self.name_location(), message);
        }
        if self.read_rest {
            return;
        }
        for (key, _) in self.rest() {
            let mut advice = phrase::did_you_mean(&key.value, self.known.iter().copied());
            if advice.is_empty() {
                advice = format!(": expected {}", phrase::any_of(self.known.iter().copied()));
            }
            self.problems
                .add(&key.location, format!("{} has an unknown key, {key}{advice}", self.what));
        }
    }

    /// Returns the location of the table's header, or that of the name in an inline table.
    pub fn name_location(&self) -> Location {
        let name = self.table.get("name").or_else(|| self.table.get("value"));
        let name = name.map(|name| self.at(name.span()));
        let is_inside =
            |name: &Location| self.location.start <= name.start && name.end <= self.location.end;
        name.filter(is_inside).unwrap_or_else(|| self.location.clone())
    }

    fn at(&self, span: Range<usize>) -> Location {
        Location::new(self.location.file, span)
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    fn wrong(&self, key: &str, expected: &str, found: &Spanned<DeValue<'_>>) {
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
            .add(&location, format!("{} must be {expected}, found {found}", phrase::shown(key)));
    }

    fn value<T: Readable>(&self, key: &str, found: &Spanned<DeValue<'_>>) -> Option<At<T>> {
        let value = T::read(found, self.location.file);
        if value.is_none() {
            self.wrong(key, T::EXPECTED, found);
        }
        Some(At { value: value?, location: self.at(found.span()) })
    }

    fn as_table<T>(
        &self,
        key: &str,
        what: Option<&str>,
        found: &'a Spanned<DeValue<'a>>,
        read: impl FnOnce(&mut TableReader<'a>) -> T,
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
        Some(value)
    }

    fn elements(&mut self, key: &'static str, expected: &str) -> &'a [Spanned<DeValue<'a>>] {
        let Some(found) = self.take(key) else { return &[] };
        let Some(elements) = found.get_ref().as_array() else {
            self.wrong(key, expected, found);
            return &[];
        };
        elements
    }

    fn rest(&mut self) -> Vec<(At<String>, &'a Spanned<DeValue<'a>>)> {
        self.read_rest = true;
        let rest = self.table.iter().filter(|(key, _)| !self.known.contains(&&**key.get_ref()));
        let mut rest: Vec<_> = rest
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
