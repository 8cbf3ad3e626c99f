//! A custom call and its endpoint.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use serde::Serialize;

use super::{CustomBatches, ParamValue, batches, path};
use crate::call::{Call, Values, set};
use crate::client::Spotify;
use crate::endpoint::handle::EndpointRef;
use crate::endpoint::{
    BatchRule, Endpoint, JoinResponses, Method, ParamInfo, ParamKind, ParamLocation,
};
use crate::json::value::Value;
use crate::request::value::BadValue;
use crate::types::scope::Scopes;

/// A custom call, from [`Spotify::get`], [`put`](Spotify::put), [`post`](Spotify::post) or [`delete`](Spotify::delete).
///
/// Setters never fail. If a value is invalid, the methods that send the call return
/// [`Error::InvalidArgument`](crate::Error::InvalidArgument) without sending anything.
#[derive(Clone)]
#[must_use = "nothing is sent until `.send()` or one of its siblings"]
pub struct CustomCall {
    spotify: Spotify,
    pub(super) method: Method,
    path: String,
    pub(super) params: Vec<ParamInfo>,
    /// By the index of their parameter.
    pub(super) values: Values,
    scopes: Scopes,
    within: Option<String>,
    idempotent: bool,
}

impl Debug for CustomCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.call(None).fmt(f)
    }
}

/// # Setters
impl CustomCall {
    pub(super) fn new(spotify: &Spotify, method: Method, path: String) -> Self {
        CustomCall {
            spotify: spotify.clone(),
            method,
            path,
            params: Vec::new(),
            values: Vec::new(),
            scopes: Scopes::empty(),
            within: None,
            idempotent: method != Method::Post,
        }
    }

    /// Sets the value of a `{name}` in the path, which the client escapes.
    ///
    /// ```
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let call = spotify.get("/markets/{name}/charts").path("name", "50/50 %");
    /// assert_eq!(call.request()?.path(), "/v1/markets/50%2F50%20%25/charts");
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn path(self, name: &str, value: impl ParamValue) -> Self {
        self.set(ParamLocation::Path, ParamKind::Text, name, value.param_value())
    }

    /// Sets a parameter of the query. `None` omits it, a second value replaces the first, and a list is joined with commas.
    ///
    /// ```
    /// use tonearm::Market;
    ///
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// let no_market: Option<Market> = None;
    /// let request = spotify
    ///     .get("/search")
    ///     .query("q", "käse & brot")
    ///     .query("type", ["album", "artist"])
    ///     .query("market", no_market)
    ///     .query("limit", 10)
    ///     .request()?;
    /// assert_eq!(
    ///     request.to_string(),
    ///     "GET /v1/search\n    q = käse & brot\n    type = album,artist\n    limit = 10",
    /// );
    /// # Ok::<(), tonearm::Error>(())
    /// ```
    pub fn query(self, key: &str, value: impl ParamValue) -> Self {
        self.set(ParamLocation::Query, ParamKind::Text, key, value.param_value())
    }

    /// Sets the body, which is sent as JSON. It is an error for a `GET`.
    pub fn body(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.set(ParamLocation::Body, ParamKind::Json, "body", Some(json(body)))
    }

    /// Adds required scopes: one, or an array of several. If the token lacks one of them, the call returns
    /// [`Error::InsufficientScope`](crate::Error::InsufficientScope) and sends nothing.
    pub fn scopes(mut self, scopes: impl Into<Scopes>) -> Self {
        self.scopes |= scopes;
        self
    }

    /// Sets the field of the response that contains the result: `.within("albums")` reads the list of
    /// `{"albums": [ … ]}`.
    pub fn within(mut self, field: impl Into<String>) -> Self {
        self.within = Some(field.into());
        self
    }

    /// Sets whether repeating the request has no further effect. The client then retries it if the response was lost.
    /// Default: `false` for `POST`, `true` for the other methods.
    pub fn idempotent(mut self, is_idempotent: bool) -> Self {
        self.idempotent = is_idempotent;
        self
    }

    /// Sets a list in the query, with at most `max` values in one request. Call it last: the result sends as many
    /// requests as the list needs, and none for an empty list.
    ///
    /// A text may contain several values, separated by commas.
    pub fn query_list<V: ParamValue>(
        self,
        key: &str,
        values: impl IntoIterator<Item = V>,
        max: u32,
    ) -> CustomBatches {
        let values = batches::elements(values.into_iter().filter_map(V::param_value));
        self.split(ParamLocation::Query, key, values, max)
    }

    /// Sets a list in a field of the body, with at most `max` values in one request. Call it last: the result sends as
    /// many requests as the list needs, and none for an empty list.
    ///
    /// Each request also contains the fields of [`body`](CustomCall::body).
    pub fn body_list<V: Serialize>(
        self,
        key: &str,
        values: impl IntoIterator<Item = V>,
        max: u32,
    ) -> CustomBatches {
        let values = values.into_iter().map(|value| json(&value)).collect();
        self.split(ParamLocation::Body, key, values, max)
    }

    fn split(
        mut self,
        within: ParamLocation,
        key: &str,
        values: Result<Vec<Value>, BadValue>,
        max: u32,
    ) -> CustomBatches {
        let values = match max {
            0 => Err(BadValue::new("0", "expected at least 1 value per request, found 0")),
            _ => values.map(Value::List),
        };
        self = self.set(within, ParamKind::Text, key, Some(values));
        let param = self.position(within, ParamKind::Text, key).unwrap_or(0);
        if let Some(param) = self.params.get_mut(param) {
            param.list = true;
        }
        CustomBatches::new(self.call(Some(BatchRule::new(param, max, JoinResponses::Concat))))
    }

    fn position(&self, within: ParamLocation, kind: ParamKind, key: &str) -> Option<usize> {
        let is_it =
            |param: &ParamInfo| (param.location, param.kind, &*param.key) == (within, kind, key);
        self.params.iter().position(is_it)
    }

    pub(super) fn set(
        mut self,
        within: ParamLocation,
        kind: ParamKind,
        key: &str,
        value: Option<Result<Value, BadValue>>,
    ) -> Self {
        let known = self.position(within, kind, key);
        if known.is_none() && value.is_none() {
            return self;
        }
        let index = known.unwrap_or(self.params.len());
        if index == self.params.len() {
            self.params.push(ParamInfo::custom(within, kind, key));
        }
        set(&mut self.values, index, value);
        self
    }
}

impl CustomCall {
    /// Builds the call, with a descriptor of its endpoint.
    pub(super) fn call(&self, chunk: Option<BatchRule>) -> Call {
        let (mut params, mut values) = (self.params.clone(), self.values.clone());
        let mut bad = |what: &'static str, problem: String| {
            values.push((params.len(), Err(BadValue::new("", problem))));
            params.push(ParamInfo::custom(ParamLocation::Query, ParamKind::Text, what));
        };
        let is_sent = |index: usize| self.values.iter().any(|(at, _)| *at == index);
        let set: Vec<&str> = (self.params.iter().enumerate())
            .filter(|(index, param)| param.location == ParamLocation::Path && is_sent(*index))
            .map(|(_, param)| &*param.key)
            .collect();
        let problem = path::problem(&self.path, self.spotify.base().path(), &set);
        let name = match problem {
            None => format!("{} {}", self.method, self.path),
            Some(_) => self.method.to_string(),
        };
        if let Some(problem) = problem {
            bad("path", problem);
        }
        if let Some(problem) = self.problem(chunk) {
            bad(problem.0, problem.1);
        }
        let mut endpoint = Endpoint::custom(self.method, self.path.clone(), name);
        endpoint.params = params.into();
        endpoint.idempotent = self.idempotent;
        endpoint.pointer = self.within.clone().map(Cow::Owned);
        endpoint.batch = chunk;
        endpoint.scopes.required = self.scopes.iter().cloned().collect();
        Call::with_values(&self.spotify, EndpointRef::Custom(Arc::new(endpoint)), values)
    }

    /// Returns the name of an invalid part, and the problem with it.
    fn problem(&self, chunk: Option<BatchRule>) -> Option<(&'static str, String)> {
        let in_body = || self.params.iter().filter(|param| param.location == ParamLocation::Body);
        if self.method == Method::Get && in_body().next().is_some() {
            let problem = "expected no body in a GET, found one; use `.query` or `.query_list`";
            return Some(("body", problem.to_owned()));
        }
        let is_in_body = |chunk: BatchRule| self.params.get(chunk.param).map(|list| list.location);
        let body = self.position(ParamLocation::Body, ParamKind::Json, "body");
        let body = self.values.iter().find(|(index, _)| Some(*index) == body);
        if let (Some(ParamLocation::Body), Some((_, Ok(body)))) = (chunk.and_then(is_in_body), body)
            && !matches!(body, Value::Object(_))
        {
            let problem =
                "expected an object, to which `.body_list` adds a field, found another value";
            return Some(("body", problem.to_owned()));
        }
        let is_bad =
            |param: &ParamInfo| param.key.is_empty() || param.key.contains(char::is_control);
        self.params.iter().any(is_bad).then(|| {
            let problem = "expected a parameter name, found empty text or a control character";
            ("key", problem.to_owned())
        })
    }
}

/// Serializes a value.
fn json(value: &(impl Serialize + ?Sized)) -> Result<Value, BadValue> {
    // `to_value` rejects numbers above 64 bits, which text would round. Text keeps the order of the fields.
    let text = serde_json::to_value(value).and_then(|_| serde_json::to_string(value));
    text.and_then(|text| serde_json::from_str(&text)).map_err(|error| {
        let reason = error.to_string();
        // The position is one in text that the caller has not seen.
        let reason = reason.split(" at line ").next().unwrap_or_default();
        BadValue::new("", format_args!("expected a value that serializes to JSON: {reason}"))
    })
}
