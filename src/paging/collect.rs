//! Reads all items of a list.

use std::fmt::{self, Debug, Display, Formatter};

use super::Items;
use super::bounds::RunawayGuard;
use super::next_call::PageInfo;
use crate::error::Error;
use crate::page::{Checkpoint, Paged};

/// The error of `.collect_all()` and `.first(n)`, with the items before it and the checkpoint at which to continue.
///
/// `?` converts it to an [`Error`] and drops the items.
///
/// ```no_run
/// # let spotify = tonearm::Spotify::from_token("token")?;
/// match spotify.get_my_saved_tracks().collect_all() {
///     Ok(tracks) => println!("all {} tracks", tracks.len()),
///     Err(error) => println!(
///         "{} tracks, then {}; continue at {:?}",
///         error.items.len(),
///         error.error,
///         error.checkpoint,
///     ),
/// }
/// # Ok::<(), tonearm::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct CollectError<T> {
    /// The items of all pages before the one that failed.
    pub items: Vec<T>,
    /// The beginning of the failed page.
    pub checkpoint: Checkpoint,
    /// The error of the page.
    pub error: Error,
}

impl<T> Display for CollectError<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let CollectError { items, checkpoint, error } = self;
        write!(f, "{error}; {} items were read before; continue ", items.len())?;
        match checkpoint {
            Checkpoint::Start => f.write_str("at the beginning"),
            Checkpoint::Offset(offset) => write!(f, "at offset {offset}"),
            Checkpoint::After(cursor) => write!(f, "after `{cursor}`"),
            Checkpoint::Before(cursor) => write!(f, "before `{cursor}`"),
        }
    }
}

impl<T: Debug> std::error::Error for CollectError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl<T> From<CollectError<T>> for Error {
    fn from(error: CollectError<T>) -> Self {
        error.error
    }
}

/// The number of times that a list is read concurrently before it is read page by page.
const CONCURRENT_ATTEMPTS: u32 = 2;

impl<P: Paged> Items<P> {
    pub(crate) fn collect_all(mut self) -> Result<Vec<P::Item>, CollectError<P::Item>> {
        let all = self.collect_pages();
        self.pages.cursor.stop_prefetch();
        all
    }

    /// Reads the first items. Each page has the size of what is missing, or the usual size if that is smaller.
    pub(crate) fn first(mut self, count: usize) -> Result<Vec<P::Item>, CollectError<P::Item>> {
        // A caller may pass any number.
        let mut items = Vec::with_capacity(count.min(10_000));
        let mut guard = RunawayGuard::default();
        let mut usual_size = self.pages.cursor.page_size();
        let mut is_empty = false;
        while items.len() < count {
            let missing = i64::try_from(count - items.len()).unwrap_or(i64::MAX);
            // After a page of null items, the next page has the usual size: there may be hundreds of them.
            let size = usual_size.map(|usual| if is_empty { usual } else { usual.min(missing) });
            if let Some(size) = size {
                self.pages.cursor.set_page_size(size);
            }
            let checkpoint = self.pages.cursor.checkpoint.clone();
            let page = match self.pages.next() {
                Some(Ok(page)) => page,
                Some(Err(error)) => return Err(CollectError { items, checkpoint, error }),
                None => break,
            };
            if let Err(error) = self.check(&mut guard, &page) {
                return Err(CollectError { items, checkpoint, error });
            }
            if let (Some(size), Some(next)) = (size, self.pages.cursor.page_size())
                && next < size
            {
                // Spotify accepts only smaller pages.
                usual_size = Some(next);
            }
            let page = self.open(page);
            is_empty = page.is_empty();
            items.extend(page);
        }
        items.truncate(count);
        Ok(items)
    }

    fn collect_pages(&mut self) -> Result<Vec<P::Item>, CollectError<P::Item>> {
        let mut first_call = self.pages.cursor.call.clone();
        let mut attempts = CONCURRENT_ATTEMPTS;
        'list: loop {
            let (mut items, mut guard, mut total) = (Vec::new(), RunawayGuard::default(), None);
            loop {
                let checkpoint = self.pages.cursor.checkpoint.clone();
                let page = match self.pages.next() {
                    Some(Ok(page)) => page,
                    Some(Err(error)) => return Err(CollectError { items, checkpoint, error }),
                    None => return Ok(items),
                };
                if let Err(error) = self.check(&mut guard, &page) {
                    return Err(CollectError { items, checkpoint, error });
                }
                if total.is_some_and(|total| page.total_count() != Some(total)) {
                    log::info!(
                        "{}: the list changed while it was read; reading it again",
                        self.endpoint
                    );
                    attempts -= 1;
                    self.pages.cursor.restart(first_call);
                    first_call = self.pages.cursor.call.clone();
                    continue 'list;
                }
                if guard.pages == 1 {
                    // The server may send any total.
                    let announced =
                        page.total_count().and_then(|total| usize::try_from(total).ok());
                    items.reserve(announced.unwrap_or(0).min(10_000));
                    if attempts > 0 {
                        total = self.pages.prefetch_all(&PageInfo::of(&page));
                    }
                }
                items.extend(self.open(page));
            }
        }
    }
}
