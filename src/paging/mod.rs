//! Pagination: from one page to the next, until the list ends.

mod bounds;
mod collect;
mod cursor;
mod next_call;
mod prefetch;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::client::Spotify;
use crate::error::{Error, PagingErrorKind};
use crate::page::{Checkpoint, Page, Paged, SkipReason, index_in_page};
use bounds::RunawayGuard;
pub use collect::CollectError;
use cursor::PageCursor;
use next_call::{PageInfo, paging_error};
use prefetch::Prefetch;

/// An iterator over the pages of a list, from `.pages()`. It requests each page when the program asks for it.
///
/// It ends after the last page, after an empty page, and after the first error. A page without `next` is not the last
/// one if the call has a field filter.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// for page in spotify.get_my_saved_tracks().pages() {
///     let page = page?;
///     println!("items from {} on, of {:?}", page.offset, page.total);
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "pages are requested when the program asks for them"]
pub struct Pages<P> {
    cursor: PageCursor,
    page: std::marker::PhantomData<fn() -> P>,
}

impl<P> Debug for Pages<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.cursor.call).finish()
    }
}

impl<P: Paged> Pages<P> {
    pub(crate) fn new(call: Call) -> Self {
        Pages { cursor: PageCursor::new(call), page: std::marker::PhantomData }
    }

    /// Returns where the next page begins. After an error it is where the failed page begins.
    ///
    /// At the end of a list with offsets, it is where new items would be. The last page of a list with
    /// cursors, such as the followed artists, links to no next one, so at the end it is where the last page begins: a
    /// program that continues there reads that page again. Store the checkpoint only while the page has a next one:
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # use tonearm::Checkpoint;
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let mut stored: Option<Checkpoint> = None;
    /// let mut pages = spotify.get_my_followed_artists().pages();
    /// while let Some(page) = pages.next().transpose()? {
    ///     stored = page.next.is_some().then(|| pages.checkpoint());
    /// }
    /// assert_eq!(stored, None, "the list has ended");
    /// # let again = spotify.get_my_followed_artists().start_at(&pages.checkpoint());
    /// # assert!(!again.collect_all()?.is_empty());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checkpoint(&self) -> Checkpoint {
        self.cursor.checkpoint.clone()
    }

    /// Reads up to this many pages ahead, while the program works on the pages before. Default: 0.
    ///
    /// The client reads pages with an offset concurrently, on [`connections`](crate::SpotifyBuilder::connections), and
    /// pages with a cursor one after the other. Pages that the program never asks for are dropped with the iterator.
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// for page in spotify.get_my_saved_tracks().pages().prefetch(2) {
    ///     println!("{} tracks", page?.items.len()); // meanwhile the client requests two more
    /// }
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.cursor.window = pages;
        self
    }

    /// Starts to prefetch the pages after this one, if the program has set a window. The iterator uses them if the links
    /// lead to them; otherwise it requests the page of the link.
    fn start_prefetch(&mut self, page: &PageInfo<'_>) {
        if let Some((calls, threads, window)) = self.cursor.upcoming(page) {
            self.cursor.prefetch = Prefetch::start::<P>(calls, threads, window);
        }
    }

    /// Starts to read all pages after the first one, on all connections.
    ///
    /// Returns the total that all these pages must have, or the list has changed meanwhile.
    fn prefetch_all(&mut self, page: &PageInfo<'_>) -> Option<u32> {
        let is_exact = !self.cursor.call.as_ref()?.endpoint().total_is_estimate;
        let (calls, threads, window) = self.cursor.all_upcoming(page)?;
        self.cursor.prefetch = Prefetch::start::<P>(calls, threads, window);
        self.cursor.prefetch.as_ref()?;
        page.total.filter(|_| is_exact)
    }

    /// The page at the checkpoint, if it was prefetched.
    fn prefetched(&mut self) -> Option<Result<P, Error>> {
        match self.cursor.prefetch.as_mut()?.next::<P>() {
            Some((checkpoint, page)) if checkpoint == self.cursor.checkpoint => Some(page),
            _ => {
                self.cursor.stop_prefetch();
                None
            }
        }
    }
}

#[cfg(any(test, fuzzing))]
impl<P: Paged> Pages<P> {
    /// The call for the page after this one.
    pub(crate) fn next_call(call: Call, page: &P) -> Result<Option<Call>, Error> {
        next_call::next_call(call, &PageInfo::of(page), &mut Default::default())
    }
}

impl<P: Paged> Iterator for Pages<P> {
    type Item = Result<P, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut call = self.cursor.take_call()?;
        let mut result = self.prefetched().unwrap_or_else(|| call.send());
        if let Err(error) = &result
            && self.cursor.shrink_pages(&mut call, error)
        {
            result = call.send();
            if result.is_ok() {
                self.cursor.pages_shrank(&call);
            }
        }
        let page: P = match result {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let info = PageInfo::of(&page);
        if let Err(error) = self.cursor.advance(call, &info) {
            return Some(Err(error));
        }
        self.start_prefetch(&info);
        Some(Ok(page))
    }
}

impl<P: Paged> std::iter::FusedIterator for Pages<P> {}

/// An iterator over the items of a list, from `.items()`. It requests each page when the program asks for its items.
///
/// It ends after the last page, after an empty page, and after the first error. It skips null items; if a server sends
/// nothing else, it ends as [`collect_all`](crate::guide::paging#safety-limits) does, with
/// [`PagingErrorKind::Endless`].
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let long = spotify
///     .get_my_saved_tracks()
///     .items()
///     .filter(|saved| saved.as_ref().is_ok_and(|saved| saved.track.duration_ms > 240_000))
///     .take(5)
///     .collect::<Result<Vec<_>, _>>()?;
/// println!("{} long tracks", long.len());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "items are requested when the program asks for them"]
pub struct Items<P: Paged> {
    spotify: Spotify,
    endpoint: Cow<'static, str>,
    pages: Pages<P>,
    items: std::vec::IntoIter<P::Item>,
    /// The beginning of the page of these items.
    begin: Checkpoint,
    /// The number of items of the page that the iterator has returned, and the indices of the skipped ones.
    returned: usize,
    skipped: Vec<usize>,
}

impl<P: Paged> Debug for Items<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("waiting", &self.items.len())
            .field("pages", &self.pages)
            .finish()
    }
}

impl<P: Paged> Items<P> {
    pub(crate) fn new(call: Call) -> Self {
        let (spotify, endpoint) = (call.spotify().clone(), call.endpoint().name.clone());
        let pages = Pages::new(call);
        let begin = pages.cursor.last.clone();
        let items = Vec::new().into_iter();
        Items { spotify, endpoint, pages, items, begin, returned: 0, skipped: Vec::new() }
    }

    /// Reads up to this many pages ahead: see [`Pages::prefetch`].
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// for saved in spotify.get_my_saved_tracks().items().prefetch(1) {
    ///     println!("{}", saved?.track.name);      // meanwhile the client requests the next page
    /// }
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.pages = self.pages.prefetch(pages);
        self
    }

    /// Returns where the next item is, for pagination that continues another time. In a list with cursors, it is
    /// where the page of the next item begins, and at the end the last page: see [`Pages::checkpoint`].
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let mut items = spotify.get_my_saved_tracks().items();
    /// let ten = items.by_ref().take(10).collect::<Result<Vec<_>, _>>()?;
    /// println!("{} items, continue at {:?}", ten.len(), items.checkpoint());
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn checkpoint(&self) -> Checkpoint {
        match (&self.begin, self.items.len()) {
            (_, 0) => self.pages.cursor.checkpoint.clone(),
            (begin @ Checkpoint::Offset(_), _) => {
                begin.later(index_in_page(self.returned, &self.skipped))
            }
            (begin, _) => begin.clone(),
        }
    }

    /// Returns an error if the list is too long, and this is not its last page.
    fn check(&self, guard: &mut RunawayGuard, page: &P) -> Result<(), Error> {
        if guard.accepts(page) || self.pages.cursor.call.is_none() {
            return Ok(());
        }
        let link = self.spotify.redacted(page.next_link().unwrap_or_default());
        Err(paging_error(self.endpoint.clone(), &link, PagingErrorKind::Endless))
    }

    /// Takes the items of a page, and logs those that cannot be decoded.
    fn open(&mut self, page: P) -> Vec<P::Item> {
        let (items, skipped) = page.into_items();
        self.returned = 0;
        self.skipped.clear();
        for item in skipped {
            self.skipped.push(item.index);
            if let SkipReason::Unreadable(reason) = &item.reason {
                let reason = self.spotify.redacted(reason);
                log::warn!("item {} of a page is skipped: {reason}", item.index);
            }
        }
        items
    }
}

impl<T: DeserializeOwned + Send + 'static> Items<Page<T>> {
    /// Returns an iterator over each item with its index in the whole list: see [`Page::indexed`].
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// # let playlist_id = &server.catalog().playlists()[0];
    /// for indexed in spotify.get_playlist_items(playlist_id).items().indexed() {
    ///     let (index, entry) = indexed?;
    ///     println!("{index}: {:?}", entry.item.name());
    /// }
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn indexed(mut self) -> impl Iterator<Item = Result<(u32, T), Error>> {
        std::iter::from_fn(move || {
            let item = self.next()?;
            let index = index_in_page(self.returned.saturating_sub(1), &self.skipped);
            let index = match self.begin.later(index) {
                Checkpoint::Offset(index) => index,
                // A `Page` has an offset.
                _ => 0,
            };
            Some(item.map(|item| (index, item)))
        })
    }
}

impl<P: Paged> Iterator for Items<P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut guard = RunawayGuard::default();
        loop {
            if let Some(item) = self.items.next() {
                self.returned += 1;
                return Some(Ok(item));
            }
            let page = match self.pages.next()? {
                Ok(page) => page,
                Err(error) => return Some(Err(error)),
            };
            self.begin = self.pages.cursor.last.clone();
            let too_long = self.check(&mut guard, &page);
            self.items = self.open(page).into_iter();
            if let (Err(error), 0) = (too_long, self.items.len()) {
                self.pages.cursor.call = None;
                return Some(Err(error));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), None)
    }
}

impl<P: Paged> std::iter::FusedIterator for Items<P> {}
