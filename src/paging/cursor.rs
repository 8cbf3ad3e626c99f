//! The position of a pagination, for pages of every kind.

use super::next_call::{CycleDetector, PageInfo, checkpoint_of, next_call};
use super::prefetch::{CountedCalls, Prefetch, Upcoming};
use crate::call::Call;
use crate::client::QuotaMode;
use crate::endpoint::Endpoint;
use crate::error::{Error, Meaning};
use crate::json::value::Value;
use crate::page::Checkpoint;

/// The position of [`Pages`](super::Pages) in a list.
pub(super) struct PageCursor {
    /// The call for the next page; `None` at the end.
    pub(super) call: Option<Call>,
    /// The beginning of the next page, or of the page that failed.
    pub(super) checkpoint: Checkpoint,
    /// The beginning of the last page.
    pub(super) last: Checkpoint,
    /// The number of pages to prefetch.
    pub(super) window: usize,
    pub(super) prefetch: Option<Prefetch>,
    cycles: CycleDetector,
}

impl PageCursor {
    /// Creates the position of the first page, with the largest page size unless the call sets one.
    pub(super) fn new(mut call: Call) -> Self {
        if let Some((limit, None)) = call.by_key("limit")
            && let Some(max) = limit.max
        {
            call.set_key("limit", Value::Integer(max));
            if call.spotify().quota_mode() == QuotaMode::Development {
                call.lower_limit(Endpoint::development_max);
            }
            fit_in_room(&mut call);
        }
        let checkpoint = checkpoint_of(&call);
        PageCursor {
            call: Some(call),
            last: checkpoint.clone(),
            checkpoint,
            window: 0,
            prefetch: None,
            cycles: CycleDetector::default(),
        }
    }

    /// The size of the next page, if the call sets one.
    pub(super) fn page_size(&self) -> Option<i64> {
        Some(self.call.as_ref()?.limit()?.1)
    }

    /// Sets the size of the next page.
    pub(super) fn set_page_size(&mut self, size: i64) {
        let Some(call) = &mut self.call else { return };
        call.set_key("limit", Value::Integer(size));
        fit_in_room(call);
    }

    /// Moves back to the beginning.
    pub(super) fn restart(&mut self, call: Option<Call>) {
        self.checkpoint = call.as_ref().map_or(Checkpoint::Start, checkpoint_of);
        self.stop_prefetch();
        self.call = call;
    }

    pub(super) fn stop_prefetch(&mut self) {
        if let Some(prefetch) = self.prefetch.take() {
            prefetch.stop();
        }
    }

    /// Takes the call for the next page, which begins at the checkpoint.
    pub(super) fn take_call(&mut self) -> Option<Call> {
        let mut call = self.call.take()?;
        let spotify = call.spotify();
        // Another clone of the client may have learned this meanwhile.
        if spotify.quota_mode() == QuotaMode::Auto && spotify.app_mode().are_pages_small() {
            call.lower_limit(Endpoint::development_max);
        }
        self.checkpoint = checkpoint_of(&call);
        Some(call)
    }

    /// Lowers the page size from this call on, if the error is about a page size that is too large for this app.
    pub(super) fn shrink_pages(&self, call: &mut Call, error: &Error) -> bool {
        let Error::Status(error) = error else { return false };
        let is_too_large = matches!(error.meaning, Meaning::InvalidLimit { .. });
        is_too_large && call.lower_limit(Endpoint::cautious_max)
    }

    /// Stores that Spotify accepts only small pages from this app, after it has accepted one.
    pub(super) fn pages_shrank(&self, call: &Call) {
        let Some((index, limit)) = call.limit() else { return };
        log::info!("{}: pages of {limit} from now on", call.endpoint().name);
        if call.endpoint().development_max(index) == Some(limit) {
            call.spotify().app_mode().set_pages_small();
        }
    }

    /// Moves to the end of the page that this call returned.
    pub(super) fn advance(&mut self, call: Call, page: &PageInfo<'_>) -> Result<(), Error> {
        self.last = match (&self.checkpoint, page.first_index) {
            // Only the page shows that the list has offsets.
            (Checkpoint::Start, Some(index)) => Checkpoint::Offset(index),
            (checkpoint, _) => checkpoint.clone(),
        };
        let end = self.last.later(page.item_count);
        let is_exact = !call.endpoint().total_is_estimate && !call.has_field_filter();
        let name = call.endpoint().name.clone();
        self.call = next_call(call, page, &mut self.cycles)?;
        if let (None, Checkpoint::Offset(end), Some(total)) = (&self.call, &end, page.total)
            && is_exact
            && *end < total
        {
            log::warn!("{name}: the list ends after {end} of {total} items, without a next page");
        }
        self.checkpoint = self.call.as_ref().map_or(end, checkpoint_of);
        Ok(())
    }

    /// The calls to prefetch after a page, if the program has set a window, with the number of threads and the window.
    pub(super) fn upcoming(&mut self, page: &PageInfo<'_>) -> Option<(Upcoming, usize, usize)> {
        let window = std::mem::take(&mut self.window);
        let call = self.call.as_ref().filter(|_| window > 0)?;
        let calls = match self.counted(page) {
            Some(calls) => Upcoming::Counted(calls),
            None => Upcoming::Linked(call.clone()),
        };
        Some((calls, call.spotify().connections(), window))
    }

    /// The calls for all pages after the first one, up to its total, on all connections.
    pub(super) fn all_upcoming(&self, page: &PageInfo<'_>) -> Option<(Upcoming, usize, usize)> {
        let threads = self.call.as_ref()?.spotify().connections();
        let calls = self.counted(page).filter(|calls| calls.len() > 1 && threads > 1)?;
        // A page that takes longer than the others must not stop the other connections.
        Some((Upcoming::Counted(calls), threads, threads.saturating_mul(4)))
    }

    fn counted(&self, page: &PageInfo<'_>) -> Option<CountedCalls> {
        CountedCalls::new(self.call.as_ref()?, &self.last, page.total?)
    }
}

/// Lowers the page size to the room after the offset that the call sets.
fn fit_in_room(call: &mut Call) {
    if let Some((_, Some(Value::Integer(offset)))) = call.by_key("offset") {
        let offset = *offset;
        call.make_room("offset", offset);
    }
}
