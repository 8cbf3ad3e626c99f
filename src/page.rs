//! Pages: rows, and those that are missing.

use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::field::{Key, Member};
use crate::model::object::object;
use crate::param::Value;
use crate::response::row_by_row;

/// One page of a list that is counted: the rows from `offset` on.
///
/// A row that is null or cannot be read does not cost the page: `items` holds the others, and
/// `missing` says which it was and why. It is not written when the page is serialized.
///
/// The page of an answer can miss rows of both kinds. What you decode yourself with serde_json misses
/// only those that are null: one that cannot be read is an error there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows that could be read, in order.
    pub items: Vec<T>,
    /// The rows that were null or could not be read.
    #[serde(skip)]
    pub missing: Vec<Missing>,
    /// How many rows a page holds at most.
    pub limit: u32,
    /// The index of the first row in the whole list, counted from 0.
    pub offset: u32,
    /// How many rows there are in all pages; an estimate where it cannot be counted. Spotify counts
    /// rows that are null.
    pub total: u32,
    /// The link to the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<str>>,
    /// The link to the page before; none on the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Box<str>>,
    /// The link to this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Box<str>>,
}

/// One page of a list that goes on from a cursor.
///
/// Rows that are null or cannot be read are kept aside, as in a [`Page`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CursorPage<T> {
    /// The rows that could be read, in order.
    pub items: Vec<T>,
    /// The rows that were null or could not be read.
    #[serde(skip)]
    pub missing: Vec<Missing>,
    /// How many rows a page holds at most.
    pub limit: u32,
    /// How many rows there are in all pages, where Spotify says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// Where the pages before and after this one begin.
    pub cursors: Cursors,
    /// The link to the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<str>>,
    /// The link to this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Box<str>>,
}

object! {
    /// Where the pages before and after a [`CursorPage`] begin.
    #[derive(Default, Eq)]
    Cursors {
        /// What to give as `after` for the next page.
        after: Option<Box<str>>,
        /// What to give as `before` for the page before.
        before: Option<Box<str>>,
    }
}

/// A row of a page that was null or could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missing {
    /// Its index in the page, counted from 0, null rows included.
    pub index: usize,
    /// Why it is missing.
    pub reason: MissingReason,
    /// The row as it came.
    pub raw: Box<str>,
}

/// Why a row is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingReason {
    /// Spotify sent `null`: the thing is gone, or not for this app or market.
    Null,
    /// It could not be read: where in the row, and why, as in ``"`track.album`: invalid type: …"``.
    Unreadable(Box<str>),
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T> IntoIterator for CursorPage<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a CursorPage<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// A page of either kind, [`Page`] or [`CursorPage`]. Sealed.
pub trait Paged: DeserializeOwned + sealed::Sealed {
    /// What its rows are.
    type Item;

    #[doc(hidden)]
    fn into_rows(self) -> (Vec<Self::Item>, Vec<Missing>);

    #[doc(hidden)]
    fn rows(&self) -> usize;

    #[doc(hidden)]
    fn count(&self) -> Option<u32>;

    #[doc(hidden)]
    fn next_link(&self) -> Option<&str>;

    /// The parameter that asks for the next page, and its value.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn place_of_next(
        &self,
        in_link: &dyn Fn(&str) -> Option<String>,
    ) -> Option<(&'static str, Value)>;
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Page<T> {}
    impl<T> Sealed for super::CursorPage<T> {}
}

#[allow(private_interfaces)]
impl<T: DeserializeOwned> Paged for Page<T> {
    type Item = T;

    fn into_rows(self) -> (Vec<T>, Vec<Missing>) {
        (self.items, self.missing)
    }

    fn rows(&self) -> usize {
        self.items.len() + self.missing.len()
    }

    fn count(&self) -> Option<u32> {
        Some(self.total)
    }

    fn next_link(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn place_of_next(
        &self,
        in_link: &dyn Fn(&str) -> Option<String>,
    ) -> Option<(&'static str, Value)> {
        let rows = i64::try_from(self.rows()).unwrap_or(i64::MAX);
        let counted = i64::from(self.offset).saturating_add(rows.max(i64::from(self.limit)));
        let offset = in_link("offset").and_then(|offset| offset.parse().ok()).unwrap_or(counted);
        Some(("offset", Value::Integer(offset)))
    }
}

#[allow(private_interfaces)]
impl<T: DeserializeOwned> Paged for CursorPage<T> {
    type Item = T;

    fn into_rows(self) -> (Vec<T>, Vec<Missing>) {
        (self.items, self.missing)
    }

    fn rows(&self) -> usize {
        self.items.len() + self.missing.len()
    }

    fn count(&self) -> Option<u32> {
        self.total
    }

    fn next_link(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn place_of_next(
        &self,
        in_link: &dyn Fn(&str) -> Option<String>,
    ) -> Option<(&'static str, Value)> {
        let place = |key: &'static str, cursor: &Option<Box<str>>| {
            let value = in_link(key).or_else(|| cursor.as_deref().map(str::to_owned))?;
            Some((key, Value::text(&value)))
        };
        // A link that goes back in time names `before`; all others go on `after`.
        match in_link("before") {
            Some(_) => place("before", &self.cursors.before),
            None => place("after", &self.cursors.after),
        }
    }
}

/// What both kinds of page have, as it is read.
struct Parts<T> {
    items: Vec<T>,
    missing: Vec<Missing>,
    limit: Option<u32>,
    offset: Option<u32>,
    total: Option<u32>,
    next: Option<Box<str>>,
    previous: Option<Box<str>>,
    href: Option<Box<str>>,
    cursors: Option<Cursors>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = deserializer.deserialize_map(PartsVisitor(PhantomData))?;
        let rows = u32::try_from(parts.items.len() + parts.missing.len()).unwrap_or(u32::MAX);
        Ok(Page {
            limit: parts.limit.unwrap_or(rows),
            offset: parts.offset.unwrap_or(0),
            total: parts.total.unwrap_or(rows),
            items: parts.items,
            missing: parts.missing,
            next: parts.next,
            previous: parts.previous,
            href: parts.href,
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for CursorPage<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = deserializer.deserialize_map(PartsVisitor(PhantomData))?;
        let rows = u32::try_from(parts.items.len() + parts.missing.len()).unwrap_or(u32::MAX);
        Ok(CursorPage {
            limit: parts.limit.unwrap_or(rows),
            total: parts.total,
            cursors: parts.cursors.unwrap_or_default(),
            items: parts.items,
            missing: parts.missing,
            next: parts.next,
            href: parts.href,
        })
    }
}

struct PartsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PartsVisitor<T> {
    type Value = Parts<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a page with `items`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts<T>, A::Error> {
        let mut rows = None;
        let mut parts = Parts {
            items: Vec::new(),
            missing: Vec::new(),
            limit: None,
            offset: None,
            total: None,
            next: None,
            previous: None,
            href: None,
            cursors: None,
        };
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "items" => rows = map.next_value_seed(Rows(PhantomData))?,
                "limit" => parts.limit = map.next_value_seed(Member::new())?,
                "offset" => parts.offset = map.next_value_seed(Member::new())?,
                "total" => parts.total = map.next_value_seed(Member::new())?,
                "next" => parts.next = map.next_value_seed(Member::new())?,
                "previous" => parts.previous = map.next_value_seed(Member::new())?,
                "href" => parts.href = map.next_value_seed(Member::new())?,
                "cursors" => parts.cursors = map.next_value_seed(Member::new())?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let Some((items, missing)) = rows else {
            return Err(serde::de::Error::missing_field("items"));
        };
        Ok(Parts { items, missing, ..parts })
    }
}

/// The rows of a page, and those that are missing; none for null.
struct Rows<T>(PhantomData<T>);

type RowsRead<T> = Option<(Vec<T>, Vec<Missing>)>;

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Rows<T> {
    type Value = RowsRead<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Rows<T> {
    type Value = RowsRead<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Some((Vec::new(), Vec::new())))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1000));
        let mut missing = Vec::new();
        let mut index = 0;
        let null = |index| Missing { index, reason: MissingReason::Null, raw: "null".into() };
        if row_by_row() {
            while let Some(raw) = seq.next_element::<&'de RawValue>()? {
                match read_row(raw.get()) {
                    Ok(Some(row)) => items.push(row),
                    Ok(None) => missing.push(null(index)),
                    Err(why) => missing.push(Missing {
                        index,
                        reason: MissingReason::Unreadable(why),
                        raw: raw.get().into(),
                    }),
                }
                index += 1;
            }
        } else {
            while let Some(row) = seq.next_element::<Option<T>>()? {
                match row {
                    Some(row) => items.push(row),
                    None => missing.push(null(index)),
                }
                index += 1;
            }
        }
        Ok(Some((items, missing)))
    }
}

/// A row on its own; the error says where in it and why.
fn read_row<'de, T: Deserialize<'de>>(raw: &'de str) -> Result<Option<T>, Box<str>> {
    serde_json::from_str(raw).or_else(|_| {
        let mut json = serde_json::Deserializer::from_str(raw);
        serde_path_to_error::deserialize(&mut json).map_err(|error| {
            match error.path().to_string() {
                path if path == "." => error.into_inner().to_string().into(),
                path => format!("`{path}`: {}", error.into_inner()).into(),
            }
        })
    })
}
