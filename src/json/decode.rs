//! From the text of a response to a model, in up to two attempts.
//!
//! What all models have in common is not generic: the compiler builds generic code once for each model.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::{self, Formatter};
use std::ops::Range;

use serde::de::{
    DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::buffers;
use super::field::Key;
use super::market_lists;

thread_local! {
    /// Whether pages are being read item by item: see [`decode`].
    static ITEM_BY_ITEM: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, pages are read item by item.
struct ItemByItem;

impl ItemByItem {
    fn begin() -> Self {
        ITEM_BY_ITEM.set(true);
        ItemByItem
    }
}

impl Drop for ItemByItem {
    fn drop(&mut self) {
        ITEM_BY_ITEM.set(false);
    }
}

/// Whether a page skips items that it cannot read, rather than fail.
pub(crate) fn item_by_item() -> bool {
    ITEM_BY_ITEM.get()
}

/// Decodes a body, or the field of it at a pointer. If that fails it decodes again, item by item, so one bad item does
/// not fail its page.
pub(crate) fn decode<T: DeserializeOwned>(
    body: &[u8],
    pointer: Option<&str>,
    is_model: bool,
) -> serde_json::Result<T> {
    let mut attempt = Attempt::first(body, pointer, is_model)?;
    loop {
        match serde_json::from_str(attempt.json()) {
            Ok(value) => return Ok(value),
            Err(error) => attempt = attempt.retry_leniently(error)?,
        }
    }
}

/// Decodes item by item, as [`decode`] does after a failure.
#[cfg(any(test, fuzzing))]
pub(crate) fn decode_rows<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let _row_by_row = ItemByItem::begin();
    serde_json::from_str(text)
}

/// JSON to be decoded.
struct Attempt<'b> {
    body: &'b str,
    pointer: Option<&'b str>,
    /// The body, or what is made of it to be decoded.
    text: Cow<'b, str>,
    /// Where in the text it stands.
    part: Range<usize>,
    item_by_item: Option<ItemByItem>,
}

impl<'b> Attempt<'b> {
    fn first(body: &'b [u8], pointer: Option<&'b str>, is_model: bool) -> serde_json::Result<Self> {
        // One check of the whole body is cheaper than one for each string in it.
        let body = std::str::from_utf8(body).map_err(|error| {
            let problem = format_args!("byte {} is no UTF-8", error.valid_up_to());
            serde_json::Error::custom(problem)
        })?;
        let short = if is_model { market_lists::shortened(body) } else { None };
        let text = short.map_or(Cow::Borrowed(body), Cow::Owned);
        match part(&text, pointer) {
            Ok(part) => Ok(Attempt { body, pointer, text, part, item_by_item: None }),
            // The error is to have its place in the body.
            Err(error) => Err(part(body, pointer).err().unwrap_or(error)),
        }
    }

    fn json(&self) -> &str {
        self.text.get(self.part.clone()).unwrap_or_default()
    }

    /// The attempt after this one, which ended with this error; or the error if this was the last.
    fn retry_leniently(self, error: serde_json::Error) -> serde_json::Result<Self> {
        if self.item_by_item.is_some() {
            return Err(error);
        }
        let Attempt { body, pointer, .. } = self;
        let mut text = Cow::Borrowed(body);
        if pointer.is_some() {
            // Blanks where the rest is, so that an error has the line and column that it has in the body.
            let part = part(body, pointer)?;
            let blank = |byte| if byte == b'\n' { '\n' } else { ' ' };
            let mut blanked: String = body.bytes().take(part.start).map(blank).collect();
            blanked.push_str(body.get(part).unwrap_or_default());
            text = Cow::Owned(blanked);
        }
        let item_by_item = Some(ItemByItem::begin());
        Ok(Attempt { body, pointer, part: 0..text.len(), text, item_by_item })
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = std::mem::take(&mut self.text) {
            buffers::release(text.into_bytes());
        }
    }
}

/// Where in a text the member stands that is named, or all of it.
fn part(text: &str, pointer: Option<&str>) -> serde_json::Result<Range<usize>> {
    let Some(member) = pointer else { return Ok(0..text.len()) };
    let mut json = serde_json::Deserializer::from_str(text);
    let found = match member {
        "[0]" => json.deserialize_seq(PointerVisitor(member)),
        _ => json.deserialize_map(PointerVisitor(member)),
    }?;
    json.end()?;
    let start = found.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    Ok(start..start + found.len())
}

/// The JSON in one member of an object or at the beginning of a list.
struct PointerVisitor<'m>(&'m str);

impl<'de> Visitor<'de> for PointerVisitor<'_> {
    type Value = &'de str;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            "[0]" => f.write_str("a list with one value"),
            member => write!(f, "an object with `{member}`"),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<&'de str, A::Error> {
        let mut found = None;
        while let Some(Key(key)) = map.next_key()? {
            if *key == *self.0 {
                found = Some(map.next_value::<&RawValue>()?.get())
            } else {
                let _ = map.next_value::<IgnoredAny>()?;
            }
        }
        found.ok_or_else(|| A::Error::custom(format_args!("missing field `{}`", self.0)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<&'de str, A::Error> {
        let first = seq.next_element::<&RawValue>()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        first.map(RawValue::get).ok_or_else(|| A::Error::invalid_length(0, &self))
    }
}
