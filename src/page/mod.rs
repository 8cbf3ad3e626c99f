//! Pages: their items, and the items that were skipped.

mod any;
mod checkpoint;
mod read;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json::object::object;

pub use any::AnyPage;
pub use checkpoint::Checkpoint;
use parts::PageParts;
use read::Parts;

/// A page of a list with offsets.
///
/// An item that is null or cannot be read does not fail the page: `items` contains the others, and `skipped` lists
/// these, with the reason. `skipped` is not serialized.
///
/// If you decode a page with serde_json yourself, an item that cannot be read is an error; a null item is skipped.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let page = spotify.get_my_saved_tracks().limit(50).offset(300).send()?;
/// assert_eq!((page.items.len(), page.total), (20, Some(320)));
/// for saved in &page {
///     println!("{}", saved.track.name);
/// }
/// for item in &page.skipped {
///     println!("item {} was skipped: {:?}", item.index, item.reason);
/// }
/// assert!(page.next.is_none(), "it is the last page");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items that could be read, in order.
    pub items: Vec<T>,
    /// The items that were null or could not be read.
    #[serde(skip)]
    pub skipped: Vec<SkippedItem>,
    /// The maximum number of items in a page.
    pub limit: u32,
    /// The index of the first item in the whole list, counted from 0; 0 if Spotify does not send it, as with a field
    /// filter without `offset`.
    pub offset: u32,
    /// The number of items in all pages, null items included; `None` if Spotify does not send it. For a search it is an
    /// estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// The link to the next page; `None` on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The link to the previous page; `None` on the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The link to this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

/// A page of a list with cursors.
///
/// It skips items that are null or cannot be read, as a [`Page`] does.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let page = spotify.get_my_followed_artists().limit(10).send()?;
/// let after = page.cursors.after.as_deref().unwrap_or_default();
/// let next = spotify.get_my_followed_artists().limit(10).after(after);
/// assert_ne!(next.send()?.items, page.items);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct CursorPage<T> {
    /// The items that could be read, in order.
    pub items: Vec<T>,
    /// The items that were null or could not be read.
    #[serde(skip)]
    pub skipped: Vec<SkippedItem>,
    /// The maximum number of items in a page.
    pub limit: u32,
    /// The number of items in all pages, if Spotify sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// The cursors of the previous and the next page.
    pub cursors: Cursors,
    /// The link to the next page; `None` on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The link to this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

object! {
    /// The cursors of the pages before and after a [`CursorPage`].
    #[derive(Default)]
    Cursors {
        /// The value of `after` for the next page.
        after: Option<String>,
        /// The value of `before` for the previous page.
        before: Option<String>,
    }
}

/// An item of a page that was null or could not be read.
///
/// ```
/// use tonearm::{SkipReason, Page};
///
/// let json = r#"{"items": [7, null, 9], "limit": 3, "offset": 0, "total": 3}"#;
/// let page: Page<u32> = serde_json::from_str(json)?;
/// assert_eq!(page.items, [7, 9]);
/// assert_eq!((page.skipped[0].index, &page.skipped[0].reason), (1, &SkipReason::Null));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SkippedItem {
    /// The index in the page, counted from 0, null items included.
    pub index: usize,
    /// The reason.
    pub reason: SkipReason,
    /// The JSON of the item, also with [`SkipReason::Null`].
    ///
    /// If you decode a page with serde_json yourself, it is `null` for each item without content.
    pub raw: String,
}

/// The reason for which an item was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// Spotify sent `null` for the item or its content, such as the album of a saved album, or an object with neither an
    /// id nor a URI: it was removed, or is not available to this app or in this market.
    Null,
    /// It could not be read. The text contains the path in the item and the error, as in
    /// ``"`track.album`: invalid type: …"``.
    Unreadable(String),
}

macro_rules! page_traits {
    ($page:ident, $from_parts:ident) => {
        /// A page without items.
        impl<T> Default for $page<T> {
            fn default() -> Self {
                Parts::empty().$from_parts()
            }
        }

        impl<T> IntoIterator for $page<T> {
            type Item = T;
            type IntoIter = std::vec::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.items.into_iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $page<T> {
            type Item = &'a T;
            type IntoIter = std::slice::Iter<'a, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.items.iter()
            }
        }
    };
}

page_traits!(Page, page);
page_traits!(CursorPage, cursor_page);

impl<T> Page<T> {
    /// Returns each item with its index in the whole list, counted from 0 as Spotify does: skipped items count too. For
    /// calls that take an index, such as [`reorder_playlist_items`](crate::Spotify::reorder_playlist_items).
    ///
    /// The index of a [skipped item](Self::skipped) is [`offset`](Self::offset) plus its own. If the call has a field
    /// filter, include `offset` in it.
    ///
    /// ```
    /// let json = r#"{"items": [7, null, 9], "limit": 3, "offset": 100}"#;
    /// let page: tonearm::Page<u32> = serde_json::from_str(json)?;
    /// assert!(page.indexed().eq([(100, &7), (102, &9)]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn indexed(&self) -> impl Iterator<Item = (u32, &T)> {
        let skipped: Vec<usize> = self.skipped.iter().map(|item| item.index).collect();
        self.items.iter().enumerate().map(move |(number, item)| {
            let index = u32::try_from(index_in_page(number, &skipped)).unwrap_or(u32::MAX);
            (self.offset.saturating_add(index), item)
        })
    }

    /// Returns the number of pages of this [`limit`](Self::limit) in the whole list, if Spotify sends the total.
    ///
    /// ```
    /// let json = r#"{"items": [7], "limit": 50, "total": 101}"#;
    /// let page: tonearm::Page<u32> = serde_json::from_str(json)?;
    /// assert_eq!(page.number_of_pages(), Some(3));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn number_of_pages(&self) -> Option<u32> {
        self.total.filter(|_| self.limit > 0).map(|total| total.div_ceil(self.limit))
    }
}

/// A page: [`Page`], [`CursorPage`] or [`AnyPage`]. `P::Item` is the type of its items. Only they implement this trait.
pub trait Paged: parts::PageParts {}

/// The parts of a page that pagination reads. The trait cannot be named outside of the crate, which seals [`Paged`].
pub(crate) mod parts {
    use super::{Checkpoint, DeserializeOwned, SkippedItem};

    pub trait PageParts: DeserializeOwned + Send + 'static {
        /// The type of its items.
        type Item;

        fn into_items(self) -> (Vec<Self::Item>, Vec<SkippedItem>);

        fn item_count(&self) -> usize;

        fn total_count(&self) -> Option<u32>;

        /// The index of its first item, in a list with offsets.
        fn first_index(&self) -> Option<u32>;

        fn next_link(&self) -> Option<&str>;

        /// The beginning of the next page, if the page links to it.
        fn next_checkpoint(&self) -> Option<Checkpoint>;
    }
}

macro_rules! items_and_link {
    () => {
        type Item = T;

        fn into_items(self) -> (Vec<T>, Vec<SkippedItem>) {
            (self.items, self.skipped)
        }

        fn item_count(&self) -> usize {
            self.items.len() + self.skipped.len()
        }

        fn next_link(&self) -> Option<&str> {
            self.next.as_deref()
        }
    };
}

impl<T: DeserializeOwned + Send + 'static> Paged for Page<T> {}

impl<T: DeserializeOwned + Send + 'static> PageParts for Page<T> {
    items_and_link!();

    fn total_count(&self) -> Option<u32> {
        self.total
    }

    fn first_index(&self) -> Option<u32> {
        Some(self.offset)
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

impl<T: DeserializeOwned + Send + 'static> Paged for CursorPage<T> {}

impl<T: DeserializeOwned + Send + 'static> PageParts for CursorPage<T> {
    items_and_link!();

    fn total_count(&self) -> Option<u32> {
        self.total
    }

    fn first_index(&self) -> Option<u32> {
        None
    }

    fn next_checkpoint(&self) -> Option<Checkpoint> {
        let link = self.next.as_deref()?;
        // A link that goes back in time has `before`; all others have `after`.
        if let Some(before) = query_value(link, "before") {
            return Some(Checkpoint::Before(before));
        }
        let after = query_value(link, "after");
        after.or_else(|| self.cursors.after.clone()).map(Checkpoint::After)
    }
}

/// Returns the index in its page of an item that is at `number` among those that were not skipped.
pub(crate) fn index_in_page(number: usize, skipped: &[usize]) -> usize {
    skipped.iter().fold(number, |index, skipped| index + usize::from(*skipped <= index))
}

/// Returns one value in the query of a link, unescaped.
fn query_value(link: &str, key: &str) -> Option<String> {
    let query = link.split_once('?')?.1.split('#').next()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == key)?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}
