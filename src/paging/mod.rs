//! Walks over pages: from one call to the next, until there are no more.

pub(crate) mod cursor;
pub(crate) mod prefetch;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use crate::call::Call;
use crate::error::{Error, PagingError, PagingProblem};
use crate::page::{Paged, SkipReason};
use prefetch::Prefetch;

use crate::page::checkpoint::behind;
pub use crate::page::checkpoint::{Checkpoint, CollectError};
use cursor::{PageCursor, PageInfo};

/// Every page of a call, read as they are asked for: from `.pages()`.
///
/// Ends after the last page, after an empty one, and after the first error. A page that leaves out
/// `next` because the call chose its members is not taken for the last.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// for page in spotify.get_my_saved_tracks().pages() {
///     let page = page?;
///     println!("rows {} and on, of {}", page.offset, page.total);
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "pages are read as they are asked for"]
pub struct Pages<P> {
    cursor: PageCursor,
    of: std::marker::PhantomData<fn() -> P>,
}

impl<P> Debug for Pages<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.cursor.call).finish()
    }
}

impl<P: Paged> Pages<P> {
    /// A walk that begins where the call does, in the largest pages unless it says otherwise.
    pub(crate) fn new(call: Call) -> Self {
        Pages { cursor: PageCursor::new(call), of: std::marker::PhantomData }
    }

    /// Where the next page begins; after an error the page that failed, at the end where there might be more
    /// one day.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.cursor.place
    }

    /// Reads up to so many pages before they are asked for, while the program works on those before; 0
    /// unless it is set.
    ///
    /// Pages that are counted are read on [`connections`](crate::SpotifyBuilder::connections) at once, those
    /// by cursors one after the other. What is read and never asked for is dropped with the walk.
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// for page in spotify.get_my_saved_tracks().pages().prefetch(2) {
    ///     println!("{} tracks", page?.items.len());     // meanwhile the next two are on their way
    /// }
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.cursor.window = pages;
        self
    }

    /// Begins to read the pages behind one, if that was asked for. The walk then finds them where its links
    /// lead; and if one leads elsewhere, it goes there itself.
    fn begin_reading(&mut self, page: &PageInfo<'_>) {
        if let Some(early) = self.cursor.early(page) {
            self.cursor.ahead = Prefetch::start::<P>(early);
        }
    }

    /// Begins to read all pages behind the first one, on all connections, as far as the list went when that
    /// was read.
    ///
    /// Answers the number of rows on which all these pages agree, unless rows were moved between them.
    fn read_at_once(&mut self, page: &PageInfo<'_>) -> Option<u32> {
        let is_exact = !self.cursor.call.as_ref()?.row().total_is_estimate;
        let early = self.cursor.all_at_once(page)?;
        self.cursor.ahead = Prefetch::start::<P>(early);
        self.cursor.ahead.as_ref()?;
        page.count.filter(|_| is_exact)
    }

    /// The page at this place, if it was read ahead.
    fn read_before(&mut self) -> Option<Result<P, Error>> {
        match self.cursor.ahead.as_mut()?.next::<P>() {
            Some((place, page)) if place == self.cursor.place => Some(page),
            _ => {
                self.cursor.stop_reading();
                None
            }
        }
    }
}

#[cfg(any(test, fuzzing))]
impl<P: Paged> Pages<P> {
    /// One step of a walk.
    pub(crate) fn step(call: Call, page: &P) -> Result<Option<Call>, Error> {
        PageCursor::following(call, &PageInfo::of(page), &mut Default::default())
    }
}

impl<P: Paged> Iterator for Pages<P> {
    type Item = Result<P, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut call = self.cursor.next_call()?;
        let mut answer = self.read_before().unwrap_or_else(|| call.send());
        if let Err(error) = &answer
            && self.cursor.gets_smaller(&mut call, error)
        {
            answer = call.send();
        }
        let page: P = match answer {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let facts = PageInfo::of(&page);
        if let Err(error) = self.cursor.go_on(call, &facts) {
            return Some(Err(error));
        }
        self.begin_reading(&facts);
        Some(Ok(page))
    }
}

impl<P: Paged> std::iter::FusedIterator for Pages<P> {}

fn refused(endpoint: Cow<'static, str>, url: &str, problem: PagingProblem) -> Error {
    Error::Paging(Box::new(PagingError { endpoint, url: url.into(), problem }))
}

/// Every item of every page of a call, read as they are asked for: from `.items()`.
///
/// Ends after the last page, after an empty one, and after the first error. As long as a server sends
/// rows there is a next item; where it sends nothing but null, the walk ends as
/// [`collect_all`](crate::guide::paging#lists-without-an-end) does, with [`PagingProblem::Endless`].
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
#[must_use = "items are read as they are asked for"]
pub struct Items<P: Paged> {
    endpoint: Cow<'static, str>,
    pages: Pages<P>,
    rows: std::vec::IntoIter<P::Item>,
    /// Where the page begins that the rows are of.
    begin: Checkpoint,
    /// How many rows were given out, and the places of those that are missing among them.
    given: usize,
    missing: Vec<usize>,
}

impl<P: Paged> Debug for Items<P> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("waiting", &self.rows.len())
            .field("pages", &self.pages)
            .finish()
    }
}

impl<P: Paged> Items<P> {
    pub(crate) fn new(call: Call) -> Self {
        let endpoint = call.row().name.clone();
        let pages = Pages::new(call);
        let begin = pages.cursor.last.clone();
        let rows = Vec::new().into_iter();
        Items { endpoint, pages, rows, begin, given: 0, missing: Vec::new() }
    }

    /// Reads up to so many pages before their items are asked for: see [`Pages::prefetch`].
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// for saved in spotify.get_my_saved_tracks().items().prefetch(1) {
    ///     println!("{}", saved?.track.name);      // the next page comes while these are worked on
    /// }
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.pages = self.pages.prefetch(pages);
        self
    }

    /// Where the next item stands, for a walk that goes on another time. By cursors only pages can be named:
    /// then it is the beginning of the page of the next item.
    ///
    /// ```no_run
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let mut items = spotify.get_my_saved_tracks().items();
    /// let ten = items.by_ref().take(10).collect::<Result<Vec<_>, _>>()?;
    /// println!("{} read, go on at {:?}", ten.len(), items.checkpoint());
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn checkpoint(&self) -> Checkpoint {
        match (&self.begin, self.rows.len()) {
            (_, 0) => self.pages.cursor.place.clone(),
            (begin @ Checkpoint::Offset(_), _) => {
                // Rows that are missing have a place too.
                let next =
                    self.missing.iter().fold(self.given, |next, missing| match *missing <= next {
                        true => next + 1,
                        false => next,
                    });
                behind(begin, next)
            }
            (begin, _) => begin.clone(),
        }
    }

    pub(crate) fn collect_all(mut self) -> Result<Vec<P::Item>, CollectError<P::Item>> {
        let all = self.all();
        self.pages.cursor.stop_reading();
        all
    }

    fn all(&mut self) -> Result<Vec<P::Item>, CollectError<P::Item>> {
        let mut whole = self.pages.cursor.call.clone();
        let mut tries_at_once = 2;
        'list: loop {
            let (mut all, mut measure, mut total) = (Vec::new(), RunawayGuard::default(), None);
            loop {
                let checkpoint = self.pages.cursor.place.clone();
                let page = match self.pages.next() {
                    Some(Ok(page)) => page,
                    Some(Err(error)) => return Err(CollectError { items: all, checkpoint, error }),
                    None => return Ok(all),
                };
                if let Err(error) = self.check(&mut measure, &page) {
                    return Err(CollectError { items: all, checkpoint, error });
                }
                if total.is_some_and(|total| page.total_count() != Some(total)) {
                    log::info!(
                        "{}: the list has changed while it was read, so it is read once more",
                        self.endpoint
                    );
                    tries_at_once -= 1;
                    self.pages.cursor.restart(whole);
                    whole = self.pages.cursor.call.clone();
                    continue 'list;
                }
                if measure.pages == 1 {
                    // What a server says is not trusted with all memory.
                    let announced =
                        page.total_count().and_then(|count| usize::try_from(count).ok());
                    all.reserve(announced.unwrap_or(0).min(10_000));
                    if tries_at_once > 0 {
                        total = self.pages.read_at_once(&PageInfo::of(&page));
                    }
                }
                all.extend(self.read(page));
            }
        }
    }

    /// An error if a page is too much, and not the last.
    fn check(&self, measure: &mut RunawayGuard, page: &P) -> Result<(), Error> {
        if measure.takes(page) || self.pages.cursor.call.is_none() {
            return Ok(());
        }
        let link = page.next_link().unwrap_or_default();
        Err(refused(self.endpoint.clone(), link, PagingProblem::Endless))
    }

    /// The rows of a page; those that could not be read go to the log.
    fn read(&mut self, page: P) -> Vec<P::Item> {
        let (rows, missing) = page.into_items();
        self.given = 0;
        self.missing.clear();
        for row in missing {
            self.missing.push(row.index);
            if let SkipReason::Unreadable(why) = &row.reason {
                log::warn!("row {} of a page is left out: {why}", row.index);
            }
        }
        rows
    }
}

impl<P: Paged> Iterator for Items<P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut measure = RunawayGuard::default();
        loop {
            if let Some(row) = self.rows.next() {
                self.given += 1;
                return Some(Ok(row));
            }
            let page = match self.pages.next()? {
                Ok(page) => page,
                Err(error) => return Some(Err(error)),
            };
            self.begin = self.pages.cursor.last.clone();
            let too_much = self.check(&mut measure, &page);
            self.rows = self.read(page).into_iter();
            if let (Err(error), 0) = (too_much, self.rows.len()) {
                self.pages.cursor.call = None;
                return Some(Err(error));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rows.len(), None)
    }
}

impl<P: Paged> std::iter::FusedIterator for Items<P> {}

/// How much of a list has come, and how much may come: a server that invents rows for ever must not be
/// given all memory, nor all time.
#[derive(Default)]
struct RunawayGuard {
    pages: usize,
    rows: usize,
    /// The greatest number that was announced.
    total: usize,
}

impl RunawayGuard {
    /// Counts a page; false if that is more than anybody can have meant.
    ///
    /// A list may grow while it is read, and Spotify may announce fewer rows than there are, or the caller
    /// have left out how many: no playlist has as many as are taken in any case.
    fn takes<P: Paged>(&mut self, page: &P) -> bool {
        let total = page.total_count().and_then(|total| usize::try_from(total).ok()).unwrap_or(0);
        self.total = self.total.max(total);
        self.pages = self.pages.saturating_add(1);
        self.rows = self.rows.saturating_add(page.item_count());
        self.rows <= self.total.saturating_mul(2).clamp(100_000, 1_000_000)
    }
}

/// One value in the query of a link, unescaped.
pub(crate) fn query_value(link: &str, key: &str) -> Option<String> {
    let query = link.split_once('?')?.1.split('#').next()?;
    let value =
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == key))?.1;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    /// A page of rows that take no memory.
    fn page(rows: usize, total: u32) -> Page<()> {
        serde_json::from_str::<Page<()>>(r#"{"items":[]}"#)
            .map(|page| Page { items: vec![(); rows], total, ..page })
            .unwrap()
    }

    #[test]
    fn how_much_of_a_list_may_come() {
        let most = |total| {
            let mut measure = RunawayGuard::default();
            // The greatest number that was announced counts, whenever that was.
            assert!(measure.takes(&page(0, total)));
            let fits = |rows| RunawayGuard { ..measure }.takes(&page(rows, 1));
            (0..=20).rev().map(|place| 100_000 * place).find(|rows| fits(*rows) && !fits(rows + 1))
        };
        assert_eq!([0, 50_000, 400_000].map(most), [Some(100_000), Some(100_000), Some(800_000)]);
        assert_eq!([500_000, u32::MAX].map(most), [Some(1_000_000), Some(1_000_000)]);
    }
}
