//! What a walk does between one page and the next: the same for pages of every kind.

use super::prefetch::{Calls, Counted, Prefetch};
use super::{query_value, refused};
use crate::call::Call;
use crate::error::{Error, PagingProblem};
use crate::page::Paged;
use crate::page::checkpoint::{Checkpoint, place_of};
use crate::request::argument::Value;

/// What a page says of the list and of the way on.
pub(crate) struct PageInfo<'p> {
    pub(crate) rows: usize,
    pub(crate) count: Option<u32>,
    pub(crate) begin: Option<u32>,
    pub(crate) next_link: Option<&'p str>,
    pub(crate) place_of_next: Option<(&'static str, Value)>,
}

impl<'p> PageInfo<'p> {
    pub(crate) fn of<P: Paged>(page: &'p P) -> Self {
        let next_link = page.next_link();
        let in_link = |key: &str| query_value(next_link?, key);
        let place_of_next = match next_link {
            Some(_) => page.place_of_next(&in_link),
            None => None,
        };
        let (rows, count, begin) = (page.item_count(), page.total_count(), page.first_index());
        PageInfo { rows, count, begin, next_link, place_of_next }
    }
}

/// Calls to be sent before they are asked for: on how many threads, and how many at most.
pub(crate) struct Early {
    pub(crate) calls: Calls,
    pub(crate) threads: usize,
    pub(crate) window: usize,
}

/// Where a walk stands.
pub(crate) struct PageCursor {
    /// The call for the next page; none at the end.
    pub(crate) call: Option<Call>,
    /// The page size to take if the largest, which we chose, is too large for this app.
    smaller: Option<i64>,
    /// Where the next page begins, or the one that failed.
    pub(crate) place: Checkpoint,
    /// Where the page begins that came last.
    pub(crate) last: Checkpoint,
    /// How many pages are to be read before they are asked for.
    pub(crate) window: usize,
    pub(crate) ahead: Option<Prefetch>,
    round: CycleDetector,
}

impl PageCursor {
    /// A walk that begins where the call does, in the largest pages unless it says otherwise.
    pub(crate) fn new(mut call: Call) -> Self {
        let mut smaller = None;
        if let Some((limit, None)) = call.by_key("limit")
            && let Some(max) = limit.max
        {
            smaller = call.development_max("limit");
            call.set_key("limit", Value::Integer(max));
            if let Some((_, Some(Value::Integer(offset)))) = call.by_key("offset") {
                let offset = *offset;
                call.make_room("offset", offset);
            }
        }
        let place = place_of(&call);
        let (last, round) = (place.clone(), CycleDetector::default());
        PageCursor { call: Some(call), smaller, place, last, window: 0, ahead: None, round }
    }

    /// Begins once more.
    pub(crate) fn restart(&mut self, call: Option<Call>) {
        self.place = call.as_ref().map_or(Checkpoint::Start, place_of);
        self.stop_reading();
        self.call = call;
    }

    pub(crate) fn stop_reading(&mut self) {
        if let Some(ahead) = self.ahead.take() {
            ahead.stop();
        }
    }

    /// The call for the next page, which begins at the place of the walk.
    pub(crate) fn next_call(&mut self) -> Option<Call> {
        let call = self.call.take()?;
        self.place = place_of(&call);
        Some(call)
    }

    /// Whether the error says that pages are too large which may be smaller; then they are from this call on.
    pub(crate) fn gets_smaller(&self, call: &mut Call, error: &Error) -> bool {
        if let (Error::Status(refusal), Some(smaller)) = (error, self.smaller)
            && call.by_key("limit").and_then(|(_, limit)| limit) != Some(&Value::Integer(smaller))
            && refusal.status == 400
            && refusal.message.eq_ignore_ascii_case("invalid limit")
        {
            log::info!("{}: pages of {smaller} from here on", call.row().name);
            call.set_key("limit", Value::Integer(smaller));
            return true;
        }
        false
    }

    /// Goes on behind the page that came of this call.
    pub(crate) fn go_on(&mut self, call: Call, page: &PageInfo<'_>) -> Result<(), Error> {
        self.last = match (&self.place, page.begin) {
            // What nobody knew before: the list is counted.
            (Checkpoint::Start, Some(begin)) => Checkpoint::Offset(begin),
            (place, _) => place.clone(),
        };
        let end = crate::paging::behind(&self.last, page.rows);
        self.call = Self::following(call, page, &mut self.round)?;
        self.place = self.call.as_ref().map_or(end, place_of);
        Ok(())
    }

    /// The pages behind one, if it was asked for that they are read early.
    pub(crate) fn early(&mut self, page: &PageInfo<'_>) -> Option<Early> {
        let window = std::mem::take(&mut self.window);
        let call = self.call.as_ref().filter(|_| window > 0)?;
        let threads = call.spotify().connections();
        let calls = match self.counted(page) {
            Some(calls) => Calls::Counted(calls),
            None => Calls::Linked(self.call.clone()),
        };
        Some(Early { calls, threads, window })
    }

    /// All pages behind the first one, on all connections, as far as the list went when that was read.
    pub(crate) fn all_at_once(&self, page: &PageInfo<'_>) -> Option<Early> {
        let threads = self.call.as_ref()?.spotify().connections();
        let calls = self.counted(page).filter(|calls| calls.len() > 1 && threads > 1)?;
        // So many that no connection stands still for a page that takes longer than the others.
        let window = threads.saturating_mul(4);
        Some(Early { calls: Calls::Counted(calls), threads, window })
    }

    /// The calls for the pages behind one, if their rows are counted.
    fn counted(&self, page: &PageInfo<'_>) -> Option<Counted> {
        let (call, total) = (self.call.as_ref()?, page.count?);
        let (Checkpoint::Offset(begin), Checkpoint::Offset(next)) = (&self.last, place_of(call))
        else {
            return None;
        };
        let step = next.checked_sub(*begin).filter(|step| *step > 0)?;
        // What a server says is not trusted with all memory.
        let end = next.saturating_add(MOST_AHEAD).min(total);
        // A page that leaves members out may leave out how many rows there are, and where the next ones are.
        (!call.is_selective()).then(|| Counted { call: call.clone(), next, step, end })
    }

    /// The call for what comes behind a page of which the caller left out the link to the next.
    ///
    /// Where the page does not say how many rows there are either, the walk goes on to an empty one.
    fn behind(mut call: Call, page: &PageInfo<'_>) -> Option<Call> {
        let before = match call.by_key("offset")? {
            (_, Some(Value::Integer(offset))) => *offset,
            _ => 0,
        };
        let rows = i64::try_from(page.rows).ok()?;
        let place = before.saturating_add(rows);
        let is_last = |total: u32| rows < i64::from(total) && i64::from(total) <= place;
        if page.count.is_some_and(is_last) || !call.make_room("offset", place) {
            return None;
        }
        call.set_key("offset", Value::Integer(place)).then_some(call)
    }

    /// The call for the page after this one.
    pub(crate) fn following(
        mut call: Call,
        page: &PageInfo<'_>,
        round: &mut CycleDetector,
    ) -> Result<Option<Call>, Error> {
        if page.rows == 0 {
            return Ok(None);
        }
        let Some(link) = page.next_link else {
            return Ok(if call.is_selective() { Self::behind(call, page) } else { None });
        };
        let refused = |call: &Call, problem| Err(refused(call.row().name.clone(), link, problem));
        let origin = call.spotify().base().origin();
        let is_same = link
            .strip_prefix(origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        // The link itself is never sent: only the place it names is taken from it. Still, one that
        // leads elsewhere means that somebody else wrote the page.
        if !is_same {
            return refused(&call, PagingProblem::OtherServer);
        }
        let Some((key, value)) = page.place_of_next.clone() else {
            return Ok(None);
        };
        let before = call.by_key(key).and_then(|(_, value)| value.cloned());
        let goes_on = match (&before, &value) {
            (Some(Value::Integer(before)), Value::Integer(after)) => before < after,
            (None, Value::Integer(after)) => *after > 0,
            (before, after) => before.as_ref() != Some(after) && round.goes_on(after),
        };
        if !goes_on {
            return refused(&call, PagingProblem::Repeats);
        }
        if let Value::Integer(place) = value
            && !call.make_room(key, place)
        {
            return Ok(None);
        }
        Ok(call.set_key(key, value).then_some(call))
    }
}

/// Finds out that cursors go round, by Brent's method: it keeps one of them, and takes another one after
/// twice as many pages each time, so that a circle of any length is noticed in the second or third round.
/// Numbers need none of this, for they must grow.
#[derive(Default)]
pub(crate) struct CycleDetector {
    kept: Option<Value>,
    cursor: u64,
    until: u64,
}

impl CycleDetector {
    /// Whether a cursor is not the one that is kept.
    fn goes_on(&mut self, cursor: &Value) -> bool {
        if self.kept.as_ref() == Some(cursor) {
            return false;
        }
        self.cursor += 1;
        if self.cursor > self.until {
            self.kept = Some(cursor.clone());
            self.until = self.until.saturating_mul(2).max(1);
            self.cursor = 0;
        }
        true
    }
}

/// How many rows are read ahead at most.
const MOST_AHEAD: u32 = 1_000_000;
