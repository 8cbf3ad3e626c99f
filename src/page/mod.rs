//! Pages: rows, and those that are missing.

mod any;
mod checkpoint;
mod link;
mod read;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json::object::object;

pub use any::AnyPage;
pub use checkpoint::Checkpoint;
pub(crate) use link::query_value;

/// One page of a list that is counted: the rows from `offset` on.
///
/// A row that is null or cannot be read does not cost the page: `items` holds the others, and
/// `missing` says which it was and why. It is not written when the page is serialized.
///
/// The page of an answer can miss rows of both kinds. What you decode yourself with serde_json misses
/// only those that are null: one that cannot be read is an error there.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let page = spotify.get_my_saved_tracks().limit(50).offset(300).send()?;
/// assert_eq!((page.items.len(), page.total), (20, 320));
/// for saved in &page {
///     println!("{}", saved.track.name);
/// }
/// for row in &page.skipped {
///     println!("row {} is missing: {:?}", row.index, row.reason);
/// }
/// assert!(page.next.is_none(), "it is the last one");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows that could be read, in order.
    pub items: Vec<T>,
    /// The rows that were null or could not be read.
    #[serde(skip)]
    pub skipped: Vec<SkippedItem>,
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
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let page = spotify.get_my_followed_artists().limit(10).send()?;
/// let next = spotify.get_my_followed_artists().limit(10).after(page.cursors.after.as_deref().unwrap_or_default());
/// assert_ne!(next.send()?.items, page.items);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CursorPage<T> {
    /// The rows that could be read, in order.
    pub items: Vec<T>,
    /// The rows that were null or could not be read.
    #[serde(skip)]
    pub skipped: Vec<SkippedItem>,
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
///
/// ```
/// use tonearm::{SkipReason, Page};
///
/// let page: Page<u32> = serde_json::from_str(r#"{"items": [7, null, 9], "limit": 3, "offset": 0, "total": 3}"#)?;
/// assert_eq!(page.items, [7, 9]);
/// assert_eq!((page.skipped[0].index, &page.skipped[0].reason), (1, &SkipReason::Null));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedItem {
    /// Its index in the page, counted from 0, null rows included.
    pub index: usize,
    /// Why it is missing.
    pub reason: SkipReason,
    /// The row as it came.
    pub raw: Box<str>,
}

/// Why a row is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
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

/// A page: [`Page`], [`CursorPage`] or [`AnyPage`]. Sealed.
pub trait Paged: DeserializeOwned + Send + sealed::Sealed + 'static {
    /// What its rows are.
    type Item;

    #[doc(hidden)]
    fn into_items(self) -> (Vec<Self::Item>, Vec<SkippedItem>);

    #[doc(hidden)]
    fn item_count(&self) -> usize;

    #[doc(hidden)]
    fn total_count(&self) -> Option<u32>;

    /// The index of its first row, where rows are counted.
    #[doc(hidden)]
    fn first_index(&self) -> Option<u32>;

    #[doc(hidden)]
    fn next_link(&self) -> Option<&str>;

    /// Where the next page begins, if there is a link to it.
    #[doc(hidden)]
    fn next_checkpoint(&self) -> Option<Checkpoint>;
}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Page<T> {}
    impl<T> Sealed for super::CursorPage<T> {}
}

impl<T: DeserializeOwned + Send + 'static> Paged for Page<T> {
    type Item = T;

    fn into_items(self) -> (Vec<T>, Vec<SkippedItem>) {
        (self.items, self.skipped)
    }

    fn item_count(&self) -> usize {
        self.items.len() + self.skipped.len()
    }

    fn total_count(&self) -> Option<u32> {
        Some(self.total)
    }

    fn first_index(&self) -> Option<u32> {
        Some(self.offset)
    }

    fn next_link(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn next_checkpoint(&self) -> Option<Checkpoint> {
        let link = self.next.as_deref()?;
        let in_link = query_value(link, "offset").and_then(|offset| offset.parse::<i64>().ok());
        let offset = match in_link {
            Some(offset) => u32::try_from(offset.max(0)).unwrap_or(u32::MAX),
            None => {
                let items = u32::try_from(self.item_count()).unwrap_or(u32::MAX);
                self.offset.saturating_add(items.max(self.limit))
            }
        };
        Some(Checkpoint::Offset(offset))
    }
}

impl<T: DeserializeOwned + Send + 'static> Paged for CursorPage<T> {
    type Item = T;

    fn into_items(self) -> (Vec<T>, Vec<SkippedItem>) {
        (self.items, self.skipped)
    }

    fn item_count(&self) -> usize {
        self.items.len() + self.skipped.len()
    }

    fn total_count(&self) -> Option<u32> {
        self.total
    }

    fn first_index(&self) -> Option<u32> {
        None
    }

    fn next_link(&self) -> Option<&str> {
        self.next.as_deref()
    }

    fn next_checkpoint(&self) -> Option<Checkpoint> {
        let link = self.next.as_deref()?;
        // A link that goes back in time has `before`; all others have `after`.
        if let Some(before) = query_value(link, "before") {
            return Some(Checkpoint::Before(before.into()));
        }
        let after = query_value(link, "after").map(Into::into);
        after.or_else(|| self.cursors.after.clone()).map(Checkpoint::After)
    }
}
