//! The enums that parameters take.

use std::rc::Rc;

use proc_macro2::Ident;

use super::super::diagnostics::phrase;
use super::super::read::{At, table_reader::TableReader};
use super::super::table::{Enum, EnumValue, ident, pascal};
use super::Checker;
use super::names::snake;

impl Checker<'_> {
    /// Reads `[[enum]]`.
    pub(super) fn enums(&mut self, reader: &mut TableReader<'_>) {
        let enums = reader.tables("enum", "enum", |reader| {
            let found = self.enumeration(reader);
            self.table.enums.extend(found.map(Rc::new));
        });
        self.poisoned.types |= enums.iter().any(Option::is_none);
    }

    fn enumeration(&mut self, reader: &mut TableReader<'_>) -> Option<Enum> {
        let name = reader.text("name", "\"TimeRange\"");
        let type_name = name.as_ref().and_then(|name| self.type_name(name));
        let summary = reader.text("summary", "one sentence");
        let summary = self.sentence(summary, "the `summary` of an enum");
        let open = reader.maybe::<bool>("open");
        let mut values: Vec<EnumValue> = Vec::new();
        let read = reader.tables("values", "value", |reader| {
            let value = self.enum_value(reader, &values);
            let is_right = value.is_some();
            values.extend(value);
            is_right
        });
        if let (Some(name), true) = (&name, read.is_empty()) {
            self.problem(
                &name.location,
                "an enum needs `values`, a list of `{ value = \"…\", doc = \"…\" }`",
            );
        }
        // An enum that lacks a value would reject valid examples.
        if !read.iter().all(|is_right| *is_right == Some(true)) || name.is_none() {
            self.poisoned.types |= name.is_none();
            self.poisoned.type_names.extend(name.map(|name| name.value));
            return None;
        }
        let selects_item = values.iter().any(|value| value.item.is_some());
        let without = values.iter().find(|value| value.item.is_none());
        if let Some(value) = without.filter(|_| selects_item) {
            let message = format!(
                "{} has no `item`, but other values have one: add it to all or to none",
                phrase::shown(&value.value)
            );
            self.problem(&value.location, message);
        }
        if let Some(open) = open.as_ref().filter(|open| selects_item && open.value) {
            let message = "an enum whose values have an `item` cannot be `open`";
            self.problem(&open.location, message);
        }
        let open = open.is_some_and(|open| open.value);
        if let Some(other) = values.iter().find(|value| open && value.variant == "Other") {
            let message = "`Other` is the variant of an `open` enum for unknown values";
            self.problem(&other.location, message);
        }
        let name = name?;
        Some(Enum {
            module: ident(&snake(&name.value)),
            name: type_name?,
            summary,
            values,
            selects_item,
            open,
        })
    }

    fn enum_value(&self, reader: &mut TableReader<'_>, earlier: &[EnumValue]) -> Option<EnumValue> {
        let value = reader.text("value", "as Spotify writes it");
        let doc = reader.text("doc", "one sentence");
        let doc = self.sentence(doc, "the `doc` of a value");
        let item = reader.maybe::<String>("item");
        let pointer = reader.maybe::<String>("pointer");
        if let Some(pointer) = &pointer {
            self.pointer(pointer);
            if item.is_none() {
                let message = "only a value with an `item` has a `pointer`";
                self.problem(&pointer.location, message);
            }
        }
        let item_type = match &item {
            Some(item) => Some(self.item(item)?),
            None => None,
        };
        let value = value?;
        let At { value: text, location } = &value;
        let variant = pascal(text);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.chars().all(is_plain) {
            let rule = "a value begins with a letter and is made of a-z, A-Z, 0-9, `-` and `_`";
            self.broken(&value, rule);
            return None;
        }
        if variant == "Self" || (item.is_some() && variant == "ResponseSelector") {
            let message = format!("`{variant}` cannot be the name of a variant in Rust");
            self.problem(location, message);
        }
        if let Some(known) = earlier.iter().find(|known| known.variant == variant) {
            let message = format!("`{}` is already called `{variant}` in Rust", known.value);
            self.problem(location, message);
        }
        Some(EnumValue {
            location: reader.name_location(),
            value: text.clone(),
            variant: ident(&variant),
            doc,
            item: item_type,
            pointer: pointer.map(|pointer| pointer.value),
        })
    }

    fn item(&self, item: &At<String>) -> Option<Ident> {
        let ty = self.rust_type(item, "`item`")?;
        if !matches!(&ty, syn::Type::Path(ty) if ty.path.get_ident().is_some()) {
            self.broken(item, "the `item` of a value is the name of a model");
        }
        Some(ident(&item.value))
    }
}
