//! From status, headers and bytes to a model or an [`Error`].

use std::cell::Cell;
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use ureq::http::HeaderMap;

use crate::endpoint::{Endpoint, Method};
use crate::error::{
    Cause, Closed, Decode, Error, InsufficientScope, Meaning, RateLimited, Refusal,
};
use crate::json_path;
use crate::limits::{self, Limit};
use crate::market;
use crate::model::field::Key;
use crate::row::Row;
use crate::spare;
use crate::time::Timestamp;

/// What a server answered, undecoded.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// let answer = spotify.get_me().send_raw()?;
/// assert_eq!(answer.status(), 200);
/// assert!(answer.header("Content-Type").is_some_and(|found| found.starts_with("application/json")));
/// println!("{}", String::from_utf8_lossy(answer.body()));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl RawResponse {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header by its name in any case; of several, the first, if it is plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers: names in small letters, values as bytes.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The body, decompressed.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as an owned list of bytes.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        limits::retry_after(self.header("retry-after"), Timestamp::now())
    }

    /// Which limit a 429 tells of.
    pub(crate) fn limit(&self) -> Limit {
        match Words::of(&self.body).reason.as_deref() {
            Some("QUOTA_EXCEEDED") => Limit::Quota,
            _ => Limit::Rate,
        }
    }

    /// The answer if its status is a success, else the error that it is: of the call with this name, to
    /// a request of this row.
    pub(crate) fn success(self, call: &Row, row: &Endpoint) -> Result<Self, Error> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let limit = (self.status == 429).then(|| self.limit());
        let refusal = Box::new(self.refusal(call, row));
        Err(match (refusal.meaning, refusal.status) {
            (Meaning::Closed, _) => Error::Closed(Box::new(Closed::new(row, None, Some(*refusal)))),
            (Meaning::Scope, _) => Error::InsufficientScope(Box::new(InsufficientScope {
                endpoint: call.name.clone(),
                needed: row.scopes.clone(),
                held: None,
                refusal: Some(*refusal),
            })),
            (Meaning::UserNotRegistered, _) => Error::UserNotRegistered(refusal),
            (Meaning::OwnerWithoutPremium, _) => Error::OwnerWithoutPremium(refusal),
            (Meaning::ForeignPlaylist, _) => Error::ForeignPlaylist(refusal),
            (Meaning::Other, 401) => Error::Unauthorized(refusal),
            (Meaning::Other, 403) => Error::Forbidden(refusal),
            (Meaning::Other, 404) => Error::NotFound(refusal),
            (Meaning::Other, 429) => Error::RateLimited(Box::new(RateLimited::new(
                limit.unwrap_or(Limit::Rate),
                *refusal,
            ))),
            (Meaning::Other, _) => Error::Status(refusal),
        })
    }

    /// What an answer says that is no success.
    pub(crate) fn refusal(self, call: &Row, row: &Endpoint) -> Refusal {
        let Words { message, reason, is_json } = Words::of(&self.body);
        Refusal {
            endpoint: call.name.clone(),
            status: self.status,
            meaning: Meaning::of(row, self.status, &message, is_json),
            message,
            reason,
            retry_after: self.retry_after(),
            may_have_happened: self.status >= 500 && row.method != Method::Get,
            is_idempotent: row.idempotent,
            body: self.body.into(),
        }
    }

    /// Whether it says that the row is closed to this app.
    pub(crate) fn is_closed(&self, row: &Endpoint) -> bool {
        if !matches!(self.status, 403 | 404) {
            return false;
        }
        let words = Words::of(&self.body);
        Meaning::of(row, self.status, &words.message, words.is_json) == Meaning::Closed
    }

    /// Decodes a successful answer into what the row returns, or the member of it that is named.
    pub(crate) fn decode<T: DeserializeOwned>(
        self,
        endpoint: &Endpoint,
        within: Option<&str>,
    ) -> Result<T, Error> {
        let decoded = self.decoded(within, endpoint.returns_models());
        self.done(endpoint, decoded)
    }

    /// Decodes a successful answer into a type that we do not know.
    pub(crate) fn decode_as<T: DeserializeOwned>(self, endpoint: &Endpoint) -> Result<T, Error> {
        let decoded = self.decoded(None, false);
        self.done(endpoint, decoded)
    }

    /// What was decoded, or the error that it is.
    fn done<T>(
        self,
        endpoint: &Endpoint,
        decoded: Result<T, (Box<str>, serde_json::Error)>,
    ) -> Result<T, Error> {
        match decoded {
            Ok(value) => {
                spare::keep(self.body);
                Ok(value)
            }
            Err(problem) => Err(self.undecodable(endpoint, problem)),
        }
    }

    /// With no more memory than it needs, for a caller who keeps it.
    pub(crate) fn shrunk(mut self) -> Self {
        self.body.shrink_to_fit();
        self
    }

    fn decoded<T: DeserializeOwned>(
        &self,
        within: Option<&str>,
        is_model: bool,
    ) -> Result<T, (Box<str>, serde_json::Error)> {
        // One check of the whole body is cheaper than one for each string in it.
        match std::str::from_utf8(&self.body) {
            Ok(text) => decode(text, within, is_model),
            Err(error) => {
                let problem = format_args!("byte {} is no UTF-8", error.valid_up_to());
                Err((".".into(), serde::de::Error::custom(problem)))
            }
        }
    }

    /// Decodes a list that must have a value for each id that was asked about.
    pub(crate) fn decode_list<T: DeserializeOwned>(
        self,
        endpoint: &Endpoint,
        within: Option<&str>,
        expected: usize,
    ) -> Result<Vec<T>, Error> {
        let list: Vec<T> = match self.decoded(within, endpoint.returns_models()) {
            Ok(list) => list,
            Err(problem) => return Err(self.undecodable(endpoint, problem)),
        };
        if list.len() == expected {
            spare::keep(self.body);
            return Ok(list);
        }
        let problem =
            format_args!("expected {expected} values, one for each id, found {}", list.len());
        Err(self.undecodable(endpoint, (".".into(), serde::de::Error::custom(problem))))
    }

    fn undecodable(
        self,
        endpoint: &Endpoint,
        (path, source): (Box<str>, serde_json::Error),
    ) -> Error {
        let content_type =
            self.header("content-type").filter(|found| !found.contains("json")).map(Box::from);
        Error::Decode(Box::new(Decode {
            endpoint: endpoint.name.clone(),
            status: self.status,
            path,
            content_type,
            snippet: snippet(&self.body, &source),
            cause: Cause(source),
            body: self.body.into(),
        }))
    }
}

impl Debug for RawResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &String::from_utf8_lossy(&self.body))
            .finish()
    }
}

thread_local! {
    /// Whether pages are being read row by row: see [`decode`].
    static ROW_BY_ROW: Cell<bool> = const { Cell::new(false) };
}

/// As long as it is there, pages are read row by row.
struct RowByRow;

impl RowByRow {
    fn begin() -> Self {
        ROW_BY_ROW.set(true);
        RowByRow
    }
}

impl Drop for RowByRow {
    fn drop(&mut self) {
        ROW_BY_ROW.set(false);
    }
}

/// Whether a page should keep rows that it cannot read aside, rather than fail.
pub(crate) fn row_by_row() -> bool {
    ROW_BY_ROW.get()
}

/// Decodes fast; what fails is decoded once more row by row, so that one bad row does not cost its
/// page.
fn decode<T: DeserializeOwned>(
    text: &str,
    within: Option<&str>,
    is_model: bool,
) -> Result<T, (Box<str>, serde_json::Error)> {
    let seed = || Within { member: within, of: PhantomData };
    let short = if is_model { market::shortened(text) } else { None };
    let value = whole(short.as_deref().unwrap_or(text), |json| seed().deserialize(json));
    if let Some(short) = short {
        spare::keep(short.into_bytes());
    }
    if let Ok(value) = value {
        return Ok(value);
    }
    let _row_by_row = RowByRow::begin();
    whole(text, |json| seed().deserialize(json))
        .map_err(|error| (json_path::of(text, &error), error))
}

/// Decodes row by row at once, as [`decode`] does after a failure.
#[cfg(any(test, fuzzing))]
pub(crate) fn decode_rows<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let _row_by_row = RowByRow::begin();
    whole(text, |json| T::deserialize(json))
}

fn whole<'de, T>(
    text: &'de str,
    read: impl FnOnce(
        &mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
    ) -> serde_json::Result<T>,
) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = read(&mut json)?;
    json.end()?;
    Ok(value)
}

/// A `T`, or the `T` in one member of an object or at the beginning of a list.
struct Within<'m, T> {
    member: Option<&'m str>,
    of: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Within<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        match self.member {
            None => T::deserialize(deserializer),
            Some("[0]") => deserializer.deserialize_seq(self),
            Some(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Within<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.member {
            Some("[0]") => f.write_str("a list with one value"),
            member => write!(f, "an object with `{}`", member.unwrap_or_default()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut found = None;
        while let Some(Key(key)) = map.next_key()? {
            match self.member == Some(&*key) {
                true => found = Some(map.next_value()?),
                false => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        found.ok_or_else(|| {
            let member = self.member.unwrap_or_default();
            serde::de::Error::custom(format_args!("missing field `{member}`"))
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let first = seq.next_element()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        first.ok_or_else(|| serde::de::Error::invalid_length(0, &self))
    }
}

/// Spotify's words in an error body: `{"error": {"message", "reason"}}`, the accounts service's
/// `{"error": "…", "error_description": "…"}`, plain text, or nothing.
pub(crate) struct Words {
    pub(crate) message: Box<str>,
    pub(crate) reason: Option<Box<str>>,
    /// Whether they stood in JSON.
    is_json: bool,
}

impl Words {
    pub(crate) fn of(body: &[u8]) -> Self {
        use serde_json::Value;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(Box::from);
        if let Ok(json) = serde_json::from_slice::<Value>(body) {
            match json.get("error") {
                Some(error @ Value::Object(_)) => {
                    return Words {
                        message: text(error.get("message")).unwrap_or_default(),
                        reason: text(error.get("reason")),
                        is_json: true,
                    };
                }
                error @ Some(Value::String(_)) => {
                    let described = text(json.get("error_description")).or_else(|| text(error));
                    return Words {
                        message: described.unwrap_or_default(),
                        reason: text(error),
                        is_json: true,
                    };
                }
                _ => {}
            }
        }
        let text = String::from_utf8_lossy(body.get(..400).unwrap_or(body));
        Words { message: text.trim().into(), reason: None, is_json: false }
    }
}

/// The part of a body around the place of an error.
fn snippet(body: &[u8], error: &serde_json::Error) -> Box<str> {
    let start = json_path::offset(body, error)
        .unwrap_or_else(|| std::str::from_utf8(body).err().map_or(0, |error| error.valid_up_to()));
    let start = start.saturating_sub(40);
    let part = body.get(start..).unwrap_or(body);
    let text = String::from_utf8_lossy(part.get(..80).unwrap_or(part));
    text.trim_matches('\u{fffd}').split_whitespace().collect::<Vec<_>>().join(" ").into()
}
