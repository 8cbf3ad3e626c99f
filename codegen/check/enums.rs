//! Scopes, types of ids and enumerations, which rows refer to.

use super::super::diagnostics::phrase;
use super::super::read::{self, At};
use super::literal::is_base62;
use super::name::{ident, pascal, snake};
use super::{Checker, Id, Scope, Word, Words};

impl Checker<'_> {
    pub(super) fn scopes(&mut self, scopes: &[read::Named]) {
        for scope in scopes {
            let At { value: word, place } = &scope.name;
            let is_word = |word: &str| {
                !word.is_empty()
                    && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            };
            self.sentence(&scope.summary, "the `summary` of a scope");
            let variant = pascal(word);
            if !word.split('-').all(is_word) || word.starts_with(|c: char| c.is_ascii_digit()) {
                let message = format!(
                    "a scope is written as Spotify does, as in `user-library-read`, found {}",
                    phrase::shown(word)
                );
                self.problem(place, message);
                self.unread.scopes.nameless = true;
                continue;
            }
            if variant == "Other" || variant == "Self" {
                self.problem(place, format!("`{variant}` is taken: such a scope needs other code"));
            }
            if self.table.scopes.iter().any(|known| known.variant == variant) {
                self.problem(place, format!("the scope `{word}` is there already: remove one"));
                self.unread.scopes.nameless = true;
            }
            self.table.scopes.push(Scope {
                word: word.clone(),
                variant: ident(&variant),
                summary: scope.summary.value.clone(),
            });
        }
    }

    pub(super) fn ids(&mut self, ids: &[read::IdRow]) {
        for row in ids {
            match self.id(row) {
                Some(id) => self.table.ids.push(id),
                None => {
                    self.unread.types.lose(&row.name.value);
                    self.unread.types.lose(&row.uri.value);
                }
            }
        }
    }

    fn id(&mut self, id: &read::IdRow) -> Option<Id> {
        self.sentence(&id.summary, "the `summary` of a type of id");
        let forms = [("base62", true), ("text", false)];
        let base62 = self.one_of(&id.form, "the `form` of an id", &forms);
        let name = self.type_name(&id.name);
        let variant = id.name.value.strip_suffix("Id").filter(|variant| !variant.is_empty());
        match variant {
            None if name.is_some() => {
                let message = format!(
                    "the name of a type of id ends in `Id`, as in `AlbumId`, found {}",
                    phrase::shown(&id.name.value)
                );
                self.problem(&id.name.place, message);
                self.unread.types.nameless = true;
            }
            Some("Local" | "Other" | "Self") => {
                let message = "`SpotifyUri` has another use for this name: take another";
                self.problem(&id.name.place, message);
                self.unread.types.nameless = true;
            }
            _ => {}
        }
        let also = id.also.as_ref().map(|also| (also, "also"));
        for (word, key) in [(&id.uri, "uri"), (&id.path, "path")].into_iter().chain(also) {
            let is_word = |c: char| c.is_ascii_lowercase() || c == '-' || c == '_';
            if word.value.is_empty() || !word.value.chars().all(is_word) {
                let message = format!(
                    "the `{key}` of a type of id is one word in small letters, found {}",
                    phrase::shown(&word.value)
                );
                self.problem(&word.place, message);
            }
        }
        if let Some(known) = self.table.ids.iter().find(|known| known.uri == id.uri.value) {
            let message = format!("`{}` has the uri `{}` already", known.name, known.uri);
            self.problem(&id.uri.place, message);
            self.unread.types.nameless = true;
        }
        let base62 = base62?;
        let example = &id.example.value;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if base62 && !is_base62(example) {
            let message = format!(
                "a base62 id has 22 of 0-9, a-z, A-Z, found {} with {}",
                phrase::shown(example),
                example.chars().count()
            );
            self.problem(&id.example.place, message);
        } else if example.is_empty() || !example.chars().all(is_plain) {
            let message = format!(
                "the example of an id is made of 0-9, a-z, A-Z, `-`, `_` and `.`, found {}",
                phrase::shown(example)
            );
            self.problem(&id.example.place, message);
        }
        Some(Id {
            name: name?,
            variant: ident(variant?),
            summary: id.summary.value.clone(),
            uri: id.uri.value.clone(),
            path: id.path.value.clone(),
            base62,
            example: example.clone(),
            also: id.also.as_ref().map(|also| also.value.clone()),
        })
    }

    pub(super) fn words(&mut self, enumerations: &[read::WordsRow]) {
        for row in enumerations {
            match self.enumeration(row) {
                Some(words) => self.table.words.push(words),
                None => self.unread.types.lose(&row.name.value),
            }
        }
    }

    fn enumeration(&mut self, words: &read::WordsRow) -> Option<Words> {
        let name = self.type_name(&words.name);
        self.sentence(&words.summary, "the `summary` of an enumeration");
        if words.values.is_empty() {
            self.problem(
                &words.name.place,
                "an enumeration needs `values`, a list of `{ word = \"…\", doc = \"…\" }`",
            );
        }
        let decides_answer = words.values.iter().any(|word| word.answer.is_some());
        let without = words.values.iter().find(|word| word.answer.is_none());
        if let (true, Some(without)) = (decides_answer, without) {
            let message = format!(
                "{} has no `answer`, but other words have: give it to all or to none",
                phrase::shown(&without.word.value)
            );
            self.problem(&without.word.place, message);
        }
        let values = words.values.iter();
        let values: Vec<Word> = values.fold(Vec::new(), |mut values, word| {
            let word = self.word(word, &values);
            values.extend(word);
            values
        });
        // Without one of its words, the enumeration would refuse examples that are right.
        (values.len() == words.values.len()).then_some(())?;
        Some(Words {
            module: ident(&snake(&words.name.value)),
            name: name?,
            summary: words.summary.value.clone(),
            values,
            decides_answer,
        })
    }

    fn word(&mut self, word: &read::Word, earlier: &[Word]) -> Option<Word> {
        let At { value: text, place } = &word.word;
        self.sentence(&word.doc, "the `doc` of a word");
        let name = pascal(text);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.chars().all(is_plain) {
            let message = format!(
                "a word begins with a letter and is made of a-z, A-Z, 0-9, `-` and `_`, found {}",
                phrase::shown(text)
            );
            self.problem(place, message);
            return None;
        }
        if name == "Self" || (word.answer.is_some() && name == "Choice") {
            self.problem(place, format!("`{name}` cannot be the name of a word in Rust"));
        }
        if let Some(known) = earlier.iter().find(|known| known.name == name) {
            let message = format!("`{}` is called `{name}` in Rust already", known.word);
            self.problem(place, message);
        }
        if let (Some(within), None) = (&word.within, &word.answer) {
            let message = "only a word with an `answer` says `within` which member it stands";
            self.problem(&within.place, message);
        }
        if let Some(within) = &word.within {
            self.within(within, None);
        }
        let answer = match &word.answer {
            Some(answer) => Some(self.rust_type(answer)?),
            None => None,
        };
        if let (Some(at), Some(syn::Type::Path(ty))) = (&word.answer, &answer)
            && ty.path.get_ident().is_none()
        {
            let message = format!(
                "the `answer` of a word is the name of a model, found {}",
                phrase::shown(&at.value)
            );
            self.problem(&at.place, message);
        }
        Some(Word {
            word: text.clone(),
            name: ident(&name),
            doc: word.doc.value.clone(),
            answer,
            within: word.within.as_ref().map(|within| within.value.clone()),
        })
    }
}
