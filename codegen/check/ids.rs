//! The id types.

use std::rc::Rc;

use super::super::read::table_reader::TableReader;
use super::super::table::{Id, ident};
use super::Checker;
use super::literal::is_base62;

impl Checker<'_> {
    /// Reads `[[id]]`.
    pub(super) fn ids(&mut self, reader: &mut TableReader<'_>) {
        let ids = reader.tables("id", "type of id", |reader| {
            let id = self.id(reader);
            self.table.ids.extend(id.map(Rc::new));
        });
        self.poisoned.types |= ids.iter().any(Option::is_none);
    }

    fn id(&mut self, reader: &mut TableReader<'_>) -> Option<Id> {
        let name = reader.text("name", "\"AlbumId\"");
        let type_name = name.as_ref().and_then(|name| self.type_name(name));
        let summary = reader.text("summary", "one sentence");
        let summary = self.sentence(summary, "the `summary` of a type of id");
        let uri = reader.text("uri", "the name in URIs, \"album\"");
        let forms = [("base62", (true, false)), ("text", (false, false)), ("bare", (false, true))];
        let form = self.choice(reader, "form", "the `form` of an id", &forms).map(|at| at.value);
        let (base62, bare) = (form.map(|form| form.0), form.is_some_and(|form| form.1));
        let path =
            if bare { None } else { reader.text("path", "the folder in the Web API, \"albums\"") };
        let example = reader.text("example", "an id that exists");
        let also = reader.maybe::<String>("also");

        let text = name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
        let variant = text.strip_suffix("Id").filter(|variant| !variant.is_empty());
        match (&name, variant, &type_name) {
            (Some(name), None, Some(_)) => {
                self.broken(name, "the name of a type of id ends in `Id`, as in `AlbumId`");
                self.poisoned.types = true;
            }
            (Some(name), Some("Local" | "Other" | "Self"), _) => {
                let message = "`SpotifyUri` has another use for this name: choose another";
                self.problem(&name.location, message);
                self.poisoned.types = true;
            }
            _ => {}
        }
        for (word, key) in [(&uri, "uri"), (&path, "path"), (&also, "also")] {
            let Some(word) = word else { continue };
            let is_word = |c: char| c.is_ascii_lowercase() || c == '-' || c == '_';
            if word.value.is_empty() || !word.value.chars().all(is_word) {
                let rule = "of a type of id is one word in lowercase letters";
                self.broken(word, format_args!("the `{key}` {rule}"));
            }
        }
        if let Some(uri) = &uri
            && let Some(known) = self.table.ids.iter().find(|known| known.uri == uri.value)
        {
            let message = format!("`{}` already has the uri `{}`", known.name, known.uri);
            self.problem(&uri.location, message);
            self.poisoned.types = true;
        }
        if let (Some(example), Some(base62)) = (&example, base62) {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let text = &example.value;
            if base62 && !is_base62(text) {
                let count = text.chars().count();
                let message =
                    format!("a base62 id has 22 of 0-9, a-z, A-Z, found {example} with {count}");
                self.problem(&example.location, message);
            } else if text.is_empty() || !text.chars().all(is_plain) {
                let rule = "the example of an id is made of 0-9, a-z, A-Z, `-`, `_` and `.`";
                self.broken(example, rule);
            }
        }
        match (&name, &uri) {
            (Some(name), Some(uri)) if base62.is_none() => {
                self.poisoned.type_names.insert(name.value.clone());
                self.poisoned.type_names.insert(uri.value.clone());
            }
            (Some(_), Some(_)) => {}
            _ => self.poisoned.types = true,
        }
        Some(Id {
            name: type_name?,
            variant: ident(variant?),
            summary,
            uri: uri?.value,
            path: path.unwrap_or_default().value,
            base62: base62?,
            bare,
            example: example.unwrap_or_default().value,
            also: also.map(|also| also.value),
        })
    }
}
