//! Decodes the text of a response as a model, in up to two attempts.
//!
//! Little of this code is generic, because the compiler builds generic code for each model.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::{self, Formatter};
use std::ops::Range;

use serde::de::{
    DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::buffers;
use super::keys::Key;
use super::market_lists;
use super::surrogates;

thread_local! {
    /// The attempt that is under way in this thread.
    static ATTEMPT: Cell<Attempt> = const { Cell::new(Attempt::Only) };
}

/// An attempt to decode a text: see [`decode`].
#[derive(Clone, Copy, PartialEq)]
enum Attempt {
    /// That of a program that uses serde itself.
    Only,
    /// If it fails, the second one follows.
    First,
    /// Pages skip items that cannot be read.
    ItemByItem,
}

/// The attempt is under way until this value is dropped.
struct UnderWay;

impl UnderWay {
    fn begin(attempt: Attempt) -> Self {
        ATTEMPT.set(attempt);
        UnderWay
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        ATTEMPT.set(Attempt::Only);
    }
}

/// Returns whether pages skip items that cannot be read. Otherwise such an item fails its page.
pub(crate) fn item_by_item() -> bool {
    ATTEMPT.get() == Attempt::ItemByItem
}

/// Returns whether a second attempt, item by item, follows if this one fails.
pub(crate) fn is_first_attempt() -> bool {
    ATTEMPT.get() == Attempt::First
}

/// The value that a body decodes into.
#[derive(Clone, Copy, Default)]
pub(crate) struct Expected {
    /// `true` if it is a model of the crate, or contains only such models.
    pub(crate) is_model: bool,
    /// The JSON that replaces an empty body or null, if the response may be empty.
    pub(crate) nothing: Option<&'static str>,
    /// `true` if an element that cannot be read becomes null, because the list must keep its length.
    pub(crate) keeps_count: bool,
}

/// Decodes a text as the type of the result, and keeps the value.
type Decode<'f> = &'f mut dyn FnMut(&str) -> serde_json::Result<()>;

/// Decodes a body, or its field at a pointer. If that fails, it decodes again and leaves out each part that cannot be
/// read, instead of failing the page or the object around it. An item of a page whose content is gone fails the first
/// attempt too, because only the second one has the text of each item.
pub(crate) fn decode<T: DeserializeOwned>(
    body: &[u8],
    pointer: Option<&str>,
    expected: Expected,
) -> serde_json::Result<T> {
    let mut decoded = None;
    let mut decode = |json: &str| {
        decoded = Some(serde_json::from_str(json)?);
        Ok(())
    };
    attempt(body, pointer, expected, &mut decode)?;
    decoded.ok_or_else(|| serde_json::Error::custom("nothing was decoded"))
}

fn attempt(
    body: &[u8],
    pointer: Option<&str>,
    expected: Expected,
    decode: Decode<'_>,
) -> serde_json::Result<()> {
    let text = match Text::new(body, pointer, expected.is_model) {
        Ok(text) => match under(Attempt::First, text.json(), decode) {
            Err(_) => text.at_place_in_body(pointer)?,
            decoded => return decoded,
        },
        Err(error) => {
            return match (expected.nothing, surrogates::replaced(body)) {
                (Some(nothing), _) if is_nothing(body) => decode(nothing),
                (_, Some(body)) => attempt(&body, pointer, expected, decode),
                _ => Err(error),
            };
        }
    };
    let json = text.json();
    if let Some(nothing) = expected.nothing
        && is_nothing(json.as_bytes())
    {
        return decode(nothing);
    }
    if let Some(json) = surrogates::replaced(json.as_bytes()) {
        return attempt(&json, None, expected, decode);
    }
    let mut by_item = |json: &str| under(Attempt::ItemByItem, json, decode);
    let decoded = by_item(json);
    if decoded.is_err() && expected.is_model {
        let is_readable = |json: &str| by_item(json).is_ok();
        if let Some(list) = readable_elements(json, is_readable, expected.keeps_count) {
            return by_item(&list).or(decoded);
        }
    }
    decoded
}

/// Decodes a text in an attempt.
fn under(attempt: Attempt, json: &str, decode: Decode<'_>) -> serde_json::Result<()> {
    let _under_way = UnderWay::begin(attempt);
    decode(json)
}

/// Returns whether a body is empty, blank or null.
pub(crate) fn is_nothing(body: &[u8]) -> bool {
    matches!(body.trim_ascii(), b"" | b"null")
}

/// Returns a list without the elements that cannot be read, or with null in their place; `None` if none can be read.
fn readable_elements(
    json: &str,
    mut is_readable: impl FnMut(&str) -> bool,
    keeps_count: bool,
) -> Option<String> {
    let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let kept: Vec<Option<&str>> = elements
        .iter()
        .map(|element| Some(element.get()).filter(|json| is_readable(&format!("[{json}]"))))
        .collect();
    let lost = kept.iter().filter(|json| json.is_none()).count();
    if lost == kept.len() {
        return None;
    }
    log::warn!("{lost} elements of a response cannot be read and are left out");
    let null = keeps_count.then_some("null");
    let kept: Vec<&str> = kept.into_iter().filter_map(|json| json.or(null)).collect();
    Some(format!("[{}]", kept.join(",")))
}

/// Decodes in the first attempt of [`decode`] alone, or in the second one, which leaves out parts that cannot be read.
#[cfg(any(test, fuzzing))]
pub(crate) fn decode_once<T: DeserializeOwned>(
    text: &str,
    is_first: bool,
) -> serde_json::Result<T> {
    let _under_way = UnderWay::begin(if is_first { Attempt::First } else { Attempt::ItemByItem });
    serde_json::from_str(text)
}

/// The JSON to decode.
struct Text<'b> {
    body: &'b str,
    /// The body, or a changed copy of it.
    text: Cow<'b, str>,
    /// The range of the text to decode.
    part: Range<usize>,
}

impl<'b> Text<'b> {
    fn new(body: &'b [u8], pointer: Option<&str>, is_model: bool) -> serde_json::Result<Self> {
        // One check of the whole body is cheaper than one check for each string.
        let body = std::str::from_utf8(body).map_err(|error| {
            let problem = format_args!("byte {} is not UTF-8", error.valid_up_to());
            serde_json::Error::custom(problem)
        })?;
        let short = if is_model { market_lists::shortened(body) } else { None };
        let text = short.map_or(Cow::Borrowed(body), Cow::Owned);
        match part(&text, pointer) {
            Ok(part) => Ok(Text { body, text, part }),
            // The error must contain the line and the column in the body.
            Err(error) => Err(part(body, pointer).err().unwrap_or(error)),
        }
    }

    fn json(&self) -> &str {
        self.text.get(self.part.clone()).unwrap_or_default()
    }

    /// Returns the part in the unchanged body, and replaces the text before it by blanks. Errors then contain the line
    /// and the column in the body.
    fn at_place_in_body(self, pointer: Option<&str>) -> serde_json::Result<Self> {
        let body = self.body;
        let part = part(body, pointer)?;
        let mut text = Cow::Borrowed(body);
        if pointer.is_some() {
            let blank = |byte| if byte == b'\n' { '\n' } else { ' ' };
            let blanks: String = body.bytes().take(part.start).map(blank).collect();
            text = Cow::Owned(blanks + body.get(part).unwrap_or_default());
        }
        Ok(Text { body, part: 0..text.len(), text })
    }
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = std::mem::take(&mut self.text) {
            buffers::release(text.into_bytes());
        }
    }
}

/// Returns the range of the field at a pointer, or of the whole text.
fn part(text: &str, pointer: Option<&str>) -> serde_json::Result<Range<usize>> {
    let Some(pointer) = pointer else { return Ok(0..text.len()) };
    let mut json = serde_json::Deserializer::from_str(text);
    let found = match pointer {
        "[0]" => json.deserialize_seq(PointerVisitor(pointer)),
        _ => json.deserialize_map(PointerVisitor(pointer)),
    }?;
    json.end()?;
    let start = found.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    Ok(start..start + found.len())
}

/// Finds the JSON of a field of an object, or of the first element of a list.
struct PointerVisitor<'p>(&'p str);

impl<'de> Visitor<'de> for PointerVisitor<'_> {
    type Value = &'de str;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            "[0]" => f.write_str("a list with one value"),
            field => write!(f, "an object with `{field}`"),
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
        IgnoredAny.visit_seq(&mut seq)?;
        first.map(RawValue::get).ok_or_else(|| A::Error::invalid_length(0, &self))
    }
}
