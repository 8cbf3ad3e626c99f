//! Reads a TOML table key by key: what is missing, of the wrong type or unknown is told.

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

/// The keys of one table: each is taken by name, what nobody took is unknown.
pub struct Keys<'a, 'p> {
    table: &'a DeTable<'a>,
    pub place: Place,
    asked: Vec<&'static str>,
    took_rest: bool,
    pub problems: &'p mut Problems,
}

impl<'a, 'p> Keys<'a, 'p> {
    pub fn new(table: &'a DeTable<'a>, place: Place, problems: &'p mut Problems) -> Self {
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

    pub fn text(&mut self, key: &'static str) -> Option<At<String>> {
        if !self.table.contains_key(key) {
            self.asked.push(key);
            let place = self.place.clone();
            self.problems.add(&place, format!("the key `{key}` is missing"));
            return None;
        }
        self.maybe_text(key)
    }

    pub fn maybe_text(&mut self, key: &'static str) -> Option<At<String>> {
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

    pub fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
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

    pub fn integer(&mut self, key: &'static str) -> Option<At<i64>> {
        if !self.table.contains_key(key) {
            let place = self.place.clone();
            self.problems.add(&place, format!("the key `{key}` is missing"));
        }
        self.maybe_integer(key)
    }

    pub fn maybe_integer(&mut self, key: &'static str) -> Option<At<i64>> {
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

    pub fn integers(&mut self, key: &'static str) -> Vec<At<i64>> {
        let found = self.take(key);
        self.elements(key, "a list of integers", found)
            .iter()
            .filter_map(|element| self.as_integer(key, element))
            .collect()
    }

    pub fn boolean(&mut self, key: &'static str) -> bool {
        let Some(found) = self.take(key) else { return false };
        found.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, "`true` or `false`", found);
            false
        })
    }

    pub fn literal(&mut self, key: &'static str) -> Option<At<Literal>> {
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

    pub fn table<T>(
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

    pub fn tables<T>(
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
    pub fn text_map(&mut self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        self.table(key, |keys| Some(keys.rest_texts())).unwrap_or_default()
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

    pub fn finish(&mut self) {
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
