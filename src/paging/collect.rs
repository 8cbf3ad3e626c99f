//! All items of a list at once.

use std::fmt::{self, Debug, Display, Formatter};

use super::Items;
use super::bounds::RunawayGuard;
use super::next_call::PageInfo;
use crate::error::Error;
use crate::page::{Checkpoint, Paged};

/// The error of `.collect_all()`: what failed, the items before it, and where to continue.
///
/// `?` turns it into an [`Error`] and drops the items.
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
    /// Where the failed page begins.
    pub checkpoint: Checkpoint,
    /// What failed.
    pub error: Error,
}

impl<T> Display for CollectError<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let CollectError { items, checkpoint, error } = self;
        write!(f, "{error}; {} items were read before, go on ", items.len())?;
        match checkpoint {
            Checkpoint::Start => f.write_str("from the beginning"),
            Checkpoint::Offset(offset) => write!(f, "at offset {offset}"),
            Checkpoint::After(cursor) => write!(f, "after `{cursor}`"),
            Checkpoint::Before(cursor) => write!(f, "before `{cursor}`"),
        }
    }
}

impl<T: Debug> std::error::Error for CollectError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl<T> From<CollectError<T>> for Error {
    fn from(error: CollectError<T>) -> Self {
        error.error
    }
}

/// How often a list is read concurrently before it is read page by page.
const CONCURRENT_ATTEMPTS: u32 = 2;

impl<P: Paged> Items<P> {
    pub(crate) fn collect_all(mut self) -> Result<Vec<P::Item>, CollectError<P::Item>> {
        let all = self.collect_pages();
        self.pages.cursor.stop_prefetch();
        all
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
                    // A server must not get all memory by what it announces.
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
