//! The call for the next page, for pages of every kind.

use std::borrow::Cow;

use crate::call::Call;
use crate::error::{Error, PagingError, PagingErrorKind};
use crate::json::value::Value;
use crate::page::{Checkpoint, Paged};

/// The properties of a page that pagination needs.
pub(super) struct PageInfo<'p> {
    pub(super) item_count: usize,
    pub(super) total: Option<u32>,
    pub(super) first_index: Option<u32>,
    next_link: Option<&'p str>,
    next: Option<Checkpoint>,
}

impl<'p> PageInfo<'p> {
    pub(super) fn of<P: Paged>(page: &'p P) -> Self {
        PageInfo {
            item_count: page.item_count(),
            total: page.total_count(),
            first_index: page.first_index(),
            next_link: page.next_link(),
            next: page.next_checkpoint(),
        }
    }
}

/// The beginning of the page of a call.
pub(super) fn checkpoint_of(call: &Call) -> Checkpoint {
    let text = |key| match call.by_key(key) {
        Some((_, Some(value))) => Some(value.to_string()),
        _ => None,
    };
    match (call.by_key("offset"), text("after"), text("before")) {
        (Some((_, Some(Value::Integer(offset)))), ..) => {
            Checkpoint::Offset(u32::try_from(*offset).unwrap_or(u32::MAX))
        }
        (Some(_), ..) => Checkpoint::Offset(0),
        (None, Some(after), _) => Checkpoint::After(after),
        (None, None, Some(before)) => Checkpoint::Before(before),
        (None, None, None) => Checkpoint::Start,
    }
}

/// The call for the page that begins at a checkpoint; `None` if there can be no such page.
pub(super) fn call_at(mut call: Call, checkpoint: &Checkpoint) -> Option<Call> {
    let (key, value) = checkpoint.param()?;
    if let Value::Integer(offset) = value
        && !call.make_room(key, offset)
    {
        return None;
    }
    call.set_key(key, value).then_some(call)
}

/// The call for the page after this one; `None` at the end of the list.
pub(super) fn next_call(
    call: Call,
    page: &PageInfo<'_>,
    cycles: &mut CycleDetector,
) -> Result<Option<Call>, Error> {
    if page.item_count == 0 {
        return Ok(None);
    }
    let Some(link) = page.next_link else {
        return Ok(if call.has_field_filter() { call_without_link(call, page) } else { None });
    };
    let error = |kind| {
        let link = call.spotify().redacted(link);
        paging_error(call.endpoint().name.clone(), &link, kind)
    };
    // The client never requests the link: it only reads the offset or the cursor from it. But a link to another server
    // means that the page does not come from this one.
    if !call.spotify().base().has_origin_of(link) {
        return Err(error(PagingErrorKind::OtherServer));
    }
    let Some(next) = &page.next else { return Ok(None) };
    // The addresses of requests are in many logs.
    let is_secret = |text: &str| matches!(call.spotify().redacted(text), Cow::Owned(_));
    if is_secret(link)
        || matches!(next, Checkpoint::After(cursor) | Checkpoint::Before(cursor) if is_secret(cursor))
    {
        return Err(error(PagingErrorKind::HasToken));
    }
    let goes_on = match (next, checkpoint_of(&call)) {
        (Checkpoint::Offset(next), Checkpoint::Offset(offset)) => *next > offset,
        (Checkpoint::Offset(next), _) => *next > 0,
        (next, previous) => *next != previous && cycles.is_new(next),
    };
    if !goes_on {
        return Err(error(PagingErrorKind::Repeats));
    }
    Ok(call_at(call, next))
}

/// The call for the page after one without a link, which the field filter omits.
///
/// If the page has no total either, pagination continues until an empty page.
fn call_without_link(call: Call, page: &PageInfo<'_>) -> Option<Call> {
    let offset = match call.by_key("offset")? {
        (_, Some(Value::Integer(offset))) => *offset,
        _ => 0,
    };
    let items = i64::try_from(page.item_count).ok()?;
    let next = offset.saturating_add(items);
    let is_last = |total: u32| items < i64::from(total) && i64::from(total) <= next;
    if page.total.is_some_and(is_last) {
        return None;
    }
    call_at(call, &Checkpoint::Offset(u32::try_from(next).unwrap_or(u32::MAX)))
}

pub(super) fn paging_error(call: Cow<'static, str>, url: &str, kind: PagingErrorKind) -> Error {
    Error::Paging(Box::new(PagingError { call, url: url.into(), kind }))
}

/// Detects a cycle of cursors by Brent's method: it keeps one cursor, and replaces it after twice as many pages each
/// time, so it detects a cycle of any length in the second or third round. Offsets do not need it, because they must
/// grow.
#[derive(Default)]
pub(super) struct CycleDetector {
    kept: Option<Checkpoint>,
    pages: u64,
    until: u64,
}

impl CycleDetector {
    /// Returns whether a cursor differs from the kept one.
    fn is_new(&mut self, cursor: &Checkpoint) -> bool {
        if self.kept.as_ref() == Some(cursor) {
            return false;
        }
        self.pages += 1;
        if self.pages > self.until {
            self.kept = Some(cursor.clone());
            self.until = self.until.saturating_mul(2).max(1);
            self.pages = 0;
        }
        true
    }
}
