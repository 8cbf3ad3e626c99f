//! Reads pages item by item, so an item that cannot be read does not fail the page.

use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{CursorPage, Cursors, Page, SkipReason, SkippedItem, query_value};
use crate::json::decode::{is_first_attempt, item_by_item};
use crate::json::error::PlainMessage;
use crate::json::field::{
    ElementSeed, FieldSeed, LenientField, LenientOption, is_gone, isolated, null_is,
};
use crate::json::keys::Key;
use crate::json::object::{Object, ObjectVisitor};
use crate::json::path;
use crate::json::shape::{Shape, Shaped};
use crate::types::display::Escaped;

/// The fields of both kinds of page.
pub(super) struct Parts<T> {
    /// The items, and those that were skipped.
    items: Option<(Vec<T>, Vec<SkippedItem>)>,
    pub(super) others: Others,
}

/// The fields that do not depend on the type of the items, so the compiler builds their code once.
#[derive(Default)]
pub(super) struct Others {
    limit: Option<u32>,
    offset: Option<u32>,
    total: Option<u32>,
    next: Option<String>,
    previous: Option<String>,
    href: Option<String>,
    cursors: Option<Cursors>,
}

impl Others {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "limit" => self.limit = map.next_value_seed(FieldSeed::new())?,
            "offset" => self.offset = map.next_value_seed(FieldSeed::new())?,
            "total" => self.total = map.next_value_seed(FieldSeed::new())?,
            "next" => self.next = map.next_value_seed(FieldSeed::new())?,
            "previous" => self.previous = map.next_value_seed(FieldSeed::new())?,
            "href" => self.href = map.next_value_seed(FieldSeed::new())?,
            "cursors" => self.cursors = map.next_value_seed(FieldSeed::new())?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    /// Returns whether the list has cursors.
    pub(super) fn go_by_cursors(&self) -> bool {
        let in_link = |key| self.next.as_deref().and_then(|link| query_value(link, key)).is_some();
        match (in_link("offset"), in_link("after") || in_link("before")) {
            (true, _) => false,
            (false, true) => true,
            (false, false) => self.cursors.is_some() && self.offset.is_none(),
        }
    }
}

impl<T> Parts<T> {
    pub(super) fn empty() -> Self {
        Parts { items: None, others: Others::default() }
    }

    pub(super) fn page(self) -> Page<T> {
        let Others { limit, offset, total, next, previous, href, .. } = self.others;
        let (items, skipped) = self.items.unwrap_or_default();
        let limit = limit.unwrap_or_else(|| count(items.len() + skipped.len()));
        let offset = offset.unwrap_or(0);
        Page { items, skipped, limit, offset, total, next, previous, href }
    }

    pub(super) fn cursor_page(self) -> CursorPage<T> {
        let Others { limit, total, next, href, cursors, .. } = self.others;
        let (items, skipped) = self.items.unwrap_or_default();
        let limit = limit.unwrap_or_else(|| count(items.len() + skipped.len()));
        let cursors = cursors.unwrap_or_default();
        CursorPage { items, skipped, limit, total, cursors, next, href }
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Parts<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor::new())
    }
}

impl<'de, T: Deserialize<'de>> Object<'de> for Parts<T> {
    const EXPECTED: &'static str = "a page with `items`";

    fn visit<A: MapAccess<'de>>(mut map: A) -> Result<Parts<T>, A::Error> {
        let mut parts = Parts::empty();
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "items" => parts.items = map.next_value_seed(LenientItems(PhantomData))?,
                key => parts.others.read(key, &mut map)?,
            }
        }
        Ok(parts)
    }
}

/// Reads a page that is the whole response, which must have `items`.
pub(super) fn with_items<'de, T, D>(deserializer: D) -> Result<Parts<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let parts = Parts::deserialize(deserializer)?;
    match parts.items {
        Some(_) => Ok(parts),
        None => Err(serde::de::Error::missing_field("items")),
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        with_items(deserializer).map(Parts::page)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for CursorPage<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        with_items(deserializer).map(Parts::cursor_page)
    }
}

impl<T: Shaped> Shaped for Page<T> {
    const SHAPE: Shape = Shape::Page(&T::SHAPE);
}

impl<T: Shaped> Shaped for CursorPage<T> {
    const SHAPE: Shape = Shape::CursorPage(&T::SHAPE);
}

impl<'de, T: Deserialize<'de>> LenientField<'de> for Page<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Page::deserialize(deserializer)
    }
}

/// Within an object, Spotify may send a total without items, which is read as an empty page.
impl<'de, T: Deserialize<'de>> LenientOption<'de> for Page<T> {
    fn read_lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let parts: Option<Parts<T>> = match item_by_item() {
            true => isolated(deserializer, ElementSeed::new())?,
            false => Option::deserialize(deserializer)?,
        };
        Ok(parts
            .filter(|parts| parts.items.is_some() || parts.others.total.is_some())
            .map(Parts::page))
    }
}

/// Reads the items of a page, and those that were skipped; empty for null.
struct LenientItems<T>(PhantomData<T>);

type ItemsRead<T> = Option<(Vec<T>, Vec<SkippedItem>)>;

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for LenientItems<T> {
    type Value = ItemsRead<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for LenientItems<T> {
    type Value = ItemsRead<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    null_is!(Some((Vec::new(), Vec::new())));

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1000));
        let mut skipped = Vec::new();
        let mut index = 0;
        let null = |index| SkippedItem { index, reason: SkipReason::Null, raw: "null".into() };
        if item_by_item() {
            while let Some(raw) = seq.next_element::<&'de RawValue>()? {
                match serde_json::from_str::<Option<T>>(raw.get()) {
                    Ok(Some(item)) => items.push(item),
                    Ok(None) => skipped.push(null(index)),
                    Err(error) => skipped.push(skipped_item(index, raw.get(), &error)),
                }
                index += 1;
            }
        } else {
            while let Some(item) = seq.next_element_seed(ItemSeed(PhantomData))? {
                match item {
                    Some(item) => items.push(item),
                    None => skipped.push(null(index)),
                }
                index += 1;
            }
        }
        Ok(Some((items, skipped)))
    }
}

/// Reads an item without its text; `None` if it is null, or its content is gone. In the latter case the first attempt
/// fails, because the second one has the text.
struct ItemSeed<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for ItemSeed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        match Option::deserialize(deserializer) {
            Err(error) if !is_first_attempt() && is_gone(&error) => Ok(None),
            read => read,
        }
    }
}

fn skipped_item(index: usize, raw: &str, error: &serde_json::Error) -> SkippedItem {
    let reason = match is_gone(error) {
        true => SkipReason::Null,
        false => SkipReason::Unreadable(why(raw, error)),
    };
    SkippedItem { index, reason, raw: raw.into() }
}

fn why(raw: &str, error: &serde_json::Error) -> String {
    let why = PlainMessage(error);
    match &*path::of(raw, error) {
        "." => why.to_string(),
        path => format!("`{}`: {why}", Escaped(path, 120)),
    }
}
