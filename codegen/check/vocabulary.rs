//! Scopes, types of ids and enumerations, which rows refer to.

use super::super::row;
use super::literal::is_base62;
use super::name::{ident, pascal, snake};
use super::{Checker, Id, Scope, Word, Words};

impl Checker<'_> {
    pub(super) fn vocabulary(&mut self, table: &row::Table) {
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
}
