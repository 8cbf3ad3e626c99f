//! A page with offsets or with cursors.

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};

use super::parts::PageParts;
use super::read::with_items;
use super::{Checkpoint, CursorPage, Page, Paged, SkippedItem};

/// A page with offsets or with cursors, for [custom calls](crate::custom::CustomCall::pages).
///
/// A page has offsets if its `next` link has `offset`, and cursors if that has `after` or `before`. A page without a
/// link has cursors if it has `cursors` and no `offset`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum AnyPage<T> {
    /// A page of a list with offsets.
    Offset(Page<T>),
    /// A page of a list with cursors.
    Cursor(CursorPage<T>),
}

macro_rules! of_page {
    ($any:expr, $page:ident => $value:expr) => {
        match $any {
            AnyPage::Offset($page) => $value,
            AnyPage::Cursor($page) => $value,
        }
    };
}

impl<T> AnyPage<T> {
    /// Returns the items that could be read, in order.
    pub fn items(&self) -> &[T] {
        of_page!(self, page => &page.items)
    }

    /// Returns the items that were null or could not be read.
    pub fn skipped(&self) -> &[SkippedItem] {
        of_page!(self, page => &page.skipped)
    }

    /// Returns the number of items in all pages, if Spotify sends it.
    pub fn total(&self) -> Option<u32> {
        of_page!(self, page => page.total)
    }
}

impl<T> IntoIterator for AnyPage<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        of_page!(self, page => page.into_iter())
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
        Ok(if parts.others.go_by_cursors() {
            AnyPage::Cursor(parts.cursor_page())
        } else {
            AnyPage::Offset(parts.page())
        })
    }
}

impl<T: DeserializeOwned + Send + 'static> Paged for AnyPage<T> {}

impl<T: DeserializeOwned + Send + 'static> PageParts for AnyPage<T> {
    type Item = T;

    fn into_items(self) -> (Vec<T>, Vec<SkippedItem>) {
        of_page!(self, page => page.into_items())
    }

    fn item_count(&self) -> usize {
        self.items().len() + self.skipped().len()
    }

    fn total_count(&self) -> Option<u32> {
        self.total()
    }

    fn first_index(&self) -> Option<u32> {
        of_page!(self, page => page.first_index())
    }

    fn next_link(&self) -> Option<&str> {
        of_page!(self, page => page.next_link())
    }

    fn next_checkpoint(&self) -> Option<Checkpoint> {
        of_page!(self, page => page.next_checkpoint())
    }
}
