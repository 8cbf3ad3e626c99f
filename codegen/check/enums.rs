//! Scopes, types of ids and enumerations, which rows refer to.

use super::super::diagnostics::phrase;
use super::super::read::{self, At};
use super::literal::is_base62;
use super::name::{ident, pascal, snake};
use super::{Checker, Enum, EnumValue, Id, Scope};

impl Checker<'_> {
    pub(super) fn scopes(&mut self, scopes: &[read::Named]) {
        for scope in scopes {
            let At { value: word, location } = &scope.name;
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
                self.problem(location, message);
                self.poisoned.scopes.nameless = true;
                continue;
            }
            if variant == "Other" || variant == "Self" {
                self.problem(
                    location,
                    format!("`{variant}` is taken: such a scope needs other code"),
                );
            }
            if self.table.scopes.iter().any(|known| known.variant == variant) {
                self.problem(location, format!("the scope `{word}` is there already: remove one"));
                self.poisoned.scopes.nameless = true;
            }
            self.table.scopes.push(Scope {
                word: word.clone(),
                variant: ident(&variant),
                summary: scope.summary.value.clone(),
            });
        }
    }

    pub(super) fn ids(&mut self, ids: &[read::RawId]) {
        for row in ids {
            match self.id(row) {
                Some(id) => self.table.ids.push(id),
                None => {
                    self.poisoned.types.lose(&row.name.value);
                    self.poisoned.types.lose(&row.uri.value);
                }
            }
        }
    }

    fn id(&mut self, id: &read::RawId) -> Option<Id> {
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
                self.problem(&id.name.location, message);
                self.poisoned.types.nameless = true;
            }
            Some("Local" | "Other" | "Self") => {
                let message = "`SpotifyUri` has another use for this name: take another";
                self.problem(&id.name.location, message);
                self.poisoned.types.nameless = true;
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
                self.problem(&word.location, message);
            }
        }
        if let Some(known) = self.table.ids.iter().find(|known| known.uri == id.uri.value) {
            let message = format!("`{}` has the uri `{}` already", known.name, known.uri);
            self.problem(&id.uri.location, message);
            self.poisoned.types.nameless = true;
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
            self.problem(&id.example.location, message);
        } else if example.is_empty() || !example.chars().all(is_plain) {
            let message = format!(
                "the example of an id is made of 0-9, a-z, A-Z, `-`, `_` and `.`, found {}",
                phrase::shown(example)
            );
            self.problem(&id.example.location, message);
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

    pub(super) fn enums(&mut self, enumerations: &[read::RawEnum]) {
        for row in enumerations {
            match self.enumeration(row) {
                Some(enums) => self.table.enums.push(enums),
                None => self.poisoned.types.lose(&row.name.value),
            }
        }
    }

    fn enumeration(&mut self, enums: &read::RawEnum) -> Option<Enum> {
        let name = self.type_name(&enums.name);
        self.sentence(&enums.summary, "the `summary` of an enum");
        if enums.values.is_empty() {
            self.problem(
                &enums.name.location,
                "an enum needs `values`, a list of `{ value = \"…\", doc = \"…\" }`",
            );
        }
        let selects_item = enums.values.iter().any(|word| word.item.is_some());
        let without = enums.values.iter().find(|word| word.item.is_none());
        if let (true, Some(without)) = (selects_item, without) {
            let message = format!(
                "{} has no `item`, but other values have one: add it to all or to none",
                phrase::shown(&without.word.value)
            );
            self.problem(&without.word.location, message);
        }
        let values = enums.values.iter();
        let values: Vec<EnumValue> = values.fold(Vec::new(), |mut values, word| {
            let word = self.word(word, &values);
            values.extend(word);
            values
        });
        // Without one of its words, the enumeration would refuse examples that are right.
        (values.len() == enums.values.len()).then_some(())?;
        Some(Enum {
            module: ident(&snake(&enums.name.value)),
            name: name?,
            summary: enums.summary.value.clone(),
            values,
            selects_item,
        })
    }

    fn word(&mut self, word: &read::EnumValue, earlier: &[EnumValue]) -> Option<EnumValue> {
        let At { value: text, location } = &word.word;
        self.sentence(&word.doc, "the `doc` of a value");
        let name = pascal(text);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.chars().all(is_plain) {
            let message = format!(
                "a value begins with a letter and is made of a-z, A-Z, 0-9, `-` and `_`, found {}",
                phrase::shown(text)
            );
            self.problem(location, message);
            return None;
        }
        if name == "Self" || (word.item.is_some() && name == "Choice") {
            self.problem(location, format!("`{name}` cannot be the name of a variant in Rust"));
        }
        if let Some(known) = earlier.iter().find(|known| known.name == name) {
            let message = format!("`{}` is called `{name}` in Rust already", known.word);
            self.problem(location, message);
        }
        if let (Some(pointer), None) = (&word.pointer, &word.item) {
            let message = "only a value with an `item` has a `pointer`";
            self.problem(&pointer.location, message);
        }
        if let Some(pointer) = &word.pointer {
            self.pointer(pointer, None);
        }
        let item = match &word.item {
            Some(item) => Some(self.rust_type(item)?),
            None => None,
        };
        if let (Some(at), Some(syn::Type::Path(ty))) = (&word.item, &item)
            && ty.path.get_ident().is_none()
        {
            let message = format!(
                "the `item` of a value is the name of a model, found {}",
                phrase::shown(&at.value)
            );
            self.problem(&at.location, message);
        }
        Some(EnumValue {
            word: text.clone(),
            name: ident(&name),
            doc: word.doc.value.clone(),
            item,
            pointer: word.pointer.as_ref().map(|pointer| pointer.value.clone()),
        })
    }
}
