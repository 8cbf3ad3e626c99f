//! A page of whichever kind a server sends.

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};

use super::read::with_items;
use super::{Checkpoint, CursorPage, Page, Paged, SkippedItem, sealed};

/// One page of a list, counted or by cursors, whichever Spotify sends: what a
/// [call of your own](crate::custom::CustomCall::pages) reads.
///
/// A page whose link to the next names `offset` is counted, and one whose link names `after` or `before` goes by
/// cursors; without a link, one with `cursors` and no `offset` does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnyPage<T> {
    /// A page of a list that is counted.
    Counted(Page<T>),
    /// A page of a list that goes on from a cursor.
    Cursor(CursorPage<T>),
}

impl<T> AnyPage<T> {
    /// The rows that could be read, in order.
    pub fn items(&self) -> &[T] {
        match self {
            AnyPage::Counted(page) => &page.items,
            AnyPage::Cursor(page) => &page.items,
        }
    }

    /// The rows that were null or could not be read.
    pub fn skipped(&self) -> &[SkippedItem] {
        match self {
            AnyPage::Counted(page) => &page.skipped,
            AnyPage::Cursor(page) => &page.skipped,
        }
    }

    /// How many rows there are in all pages, where Spotify says so.
    pub fn total(&self) -> Option<u32> {
        match self {
            AnyPage::Counted(page) => Some(page.total),
            AnyPage::Cursor(page) => page.total,
        }
    }
}

impl<T> IntoIterator for AnyPage<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            AnyPage::Counted(page) => page.into_iter(),
            AnyPage::Cursor(page) => page.into_iter(),
        }
    }
}

impl<'a, T> IntoIterator for &'a AnyPage<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items().iter()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AnyPage<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = with_items(deserializer)?;
        Ok(match parts.goes_by_cursors() {
            true => AnyPage::Cursor(parts.cursor_page()),
            false => AnyPage::Counted(parts.page()),
        })
    }
}

impl<T> sealed::Sealed for AnyPage<T> {}

impl<T: DeserializeOwned + Send + 'static> Paged for AnyPage<T> {
    type Item = T;

    fn into_items(self) -> (Vec<T>, Vec<SkippedItem>) {
        match self {
            AnyPage::Counted(page) => page.into_items(),
            AnyPage::Cursor(page) => page.into_items(),
        }
    }

    fn item_count(&self) -> usize {
        self.items().len() + self.skipped().len()
    }

    fn total_count(&self) -> Option<u32> {
        self.total()
    }

    fn first_index(&self) -> Option<u32> {
        match self {
            AnyPage::Counted(page) => page.first_index(),
            AnyPage::Cursor(page) => page.first_index(),
        }
    }

    fn next_link(&self) -> Option<&str> {
        match self {
            AnyPage::Counted(page) => page.next_link(),
            AnyPage::Cursor(page) => page.next_link(),
        }
    }

    fn next_checkpoint(&self) -> Option<Checkpoint> {
        match self {
            AnyPage::Counted(page) => page.next_checkpoint(),
            AnyPage::Cursor(page) => page.next_checkpoint(),
        }
    }
}
