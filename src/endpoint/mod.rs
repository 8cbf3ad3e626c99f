//! The descriptors of endpoints, generated from `spec/`.

/// Defines builder methods, each of which sets one flag or field.
macro_rules! facts {
    (flags: $($flag:ident),*; $(some $some:ident: $some_type:ty;)* $(value $value:ident: $value_type:ty;)*) => {
        $(pub(crate) const fn $flag(mut self) -> Self {
            self.$flag = true;
            self
        })*
        $(pub(crate) const fn $some(mut self, $some: $some_type) -> Self {
            self.$some = Some($some);
            self
        })*
        $(pub(crate) const fn $value(mut self, $value: $value_type) -> Self {
            self.$value = $value;
            self
        })*
    };
}

pub(crate) mod handle;
mod login_scopes;
mod param_info;
mod rules;
pub(crate) mod scopes;

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::mem;

use serde::{Deserialize, Serialize};

use crate::json::decode::Expected;
use crate::types::scope::Scope;
use crate::types::timestamp::Date;

pub use param_info::{ParamInfo, ParamKind, ParamLocation};
pub use rules::Fallback;
pub(crate) use rules::{BatchRule, FallbackParam, JoinResponses, OwnerCheck, SumLimit};

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// The descriptor of an endpoint: its path, parameters, scopes and availability.
///
/// Requests and events of a [custom call](crate::custom) also have a descriptor, with the facts that the call sets.
/// `&*endpoint.name` of a static descriptor is a `&'static str`.
///
/// ```
/// use tonearm::endpoint::{self, Availability};
///
/// let endpoint = &endpoint::ARE_ALBUMS_SAVED;
/// assert_eq!(endpoint.path, "/me/albums/contains");
/// assert_eq!(endpoint.availability, Availability::ExtendedQuota);
/// println!("{}: {}", endpoint.summary, endpoint.reference_url());
/// if let Some(fallback) = &endpoint.fallback {
///     assert_eq!(fallback.endpoint.name, "are_items_saved");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The name of the call: `save_tracks`; of a custom call, its method and path, `PUT /me/something`.
    pub name: Cow<'static, str>,
    /// The area of Spotify's reference: `Tracks`.
    pub area: &'static str,
    /// A description of the call in one sentence.
    pub summary: &'static str,
    /// The last segment of the URL of Spotify's page; see [`reference_url`](Self::reference_url).
    pub reference: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with the names of path parameters in braces.
    pub path: Cow<'static, str>,
    /// The kind of token that the endpoint accepts.
    pub token: TokenKind,
    /// The scopes that the endpoint requires.
    pub scopes: EndpointScopes,
    /// The apps that may call the endpoint.
    pub availability: Availability,
    /// Spotify's replacement for the endpoint.
    pub replacement: Option<&'static str>,
    /// The endpoint that an app in development mode uses instead.
    pub fallback: Option<Fallback>,
    /// The parameters, including those in the path.
    pub params: Cow<'static, [ParamInfo]>,
    /// The Rust type that the call returns; empty for a custom call.
    pub(crate) returns: &'static str,
    /// The field of the response that contains the result, or `[0]` for the first element of a list.
    pub(crate) pointer: Option<Cow<'static, str>>,
    /// The status codes of success.
    pub(crate) success: &'static [u16],
    /// The rule for splitting a list of ids into requests.
    pub(crate) batch: Option<BatchRule>,
    /// The query parameters of every request.
    pub(crate) fixed: &'static [(&'static str, &'static str)],
    /// `true` if repeating a request has no further effect.
    pub(crate) idempotent: bool,
    /// `true` if the `total` of its pages is an estimate, which changes from page to page.
    pub(crate) total_is_estimate: bool,
    /// The maximum length of the body in bytes, if Spotify enforces a low one.
    pub(crate) max_body: Option<usize>,
    /// The status code for apps to which the endpoint is not available.
    pub(crate) unavailable_status: u16,
    /// Numbers, or lengths of lists, whose sum is limited.
    pub(crate) sum_limit: Option<SumLimit>,
    /// The indices of the parameters of which a call needs at least one.
    pub(crate) any_of: &'static [usize],
}

impl Endpoint {
    /// Returns the maximum number of ids in one request, for calls that take a list of ids.
    pub fn max_ids(&self) -> Option<u32> {
        self.batch.map(|batch| batch.max)
    }

    /// Returns the URL of Spotify's page about the endpoint, or of the overview for a custom call.
    pub fn reference_url(&self) -> String {
        format!("https://developer.spotify.com/documentation/web-api/reference/{}", self.reference)
    }

    /// Returns whether repeating a request has no further effect. The client then retries it if the response was lost.
    ///
    /// This is about one request. A call such as `replace_playlist_items` continues with requests of another endpoint, whose
    /// value counts for those: its first request replaces, and each of the others adds.
    pub fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// Returns whether the call returns pages.
    pub fn returns_pages(&self) -> bool {
        ["Page<", "CursorPage<"].iter().any(|page| self.returns.starts_with(page))
    }

    /// The parameter at an index, and the one that the fallback endpoint gets in its place.
    fn with_fallback(&self, index: usize) -> [Option<&ParamInfo>; 2] {
        let fallback = self.fallback.as_ref();
        let target = fallback.and_then(|fallback| {
            let rule = fallback.params.iter().find(|rule| rule.from == index)?;
            fallback.endpoint.params.get(rule.to)
        });
        [self.params.get(index), target]
    }

    /// The maximum of a parameter in an app in development mode, if it is lower than in others.
    pub(crate) fn development_max(&self, index: usize) -> Option<i64> {
        let [own, target] = self.with_fallback(index);
        let of_target = target.and_then(|param| param.development_max.or(param.max));
        let max = own.and_then(|param| param.development_max).into_iter().chain(of_target).min()?;
        own.is_none_or(|param| param.max.is_none_or(|own| max < own)).then_some(max)
    }

    /// The maximum of a parameter to send after Spotify has rejected a greater value.
    pub(crate) fn cautious_max(&self, index: usize) -> Option<i64> {
        let documented = || {
            self.with_fallback(index).into_iter().flatten().filter_map(|param| param.documented_max)
        };
        self.development_max(index).or_else(|| documented().min())
    }

    /// Returns whether only models of this crate decode the responses. The client then prepares the JSON for them.
    pub(crate) fn returns_models(&self) -> bool {
        !self.returns.is_empty() && !self.returns.contains("serde_json")
    }

    /// The type into which a response is decoded.
    pub(crate) fn expected(&self) -> Expected {
        let nothing = match self.returns.split('<').next().unwrap_or_default() {
            _ if self.method != Method::Get => None,
            "Page" | "CursorPage" => Some(r#"{"items":[]}"#),
            "Vec" => Some("[]"),
            _ if self.success.contains(&204) => Some("{}"),
            _ => None,
        };
        Expected { is_model: self.returns_models(), nothing, keeps_count: false }
    }
}

/// The builder that `table.rs` uses. [`new`](Self::new) sets the defaults.
impl Endpoint {
    pub(crate) const fn new(name: &'static str, method: Method, path: &'static str) -> Self {
        Endpoint {
            name: Cow::Borrowed(name),
            area: "",
            summary: "",
            reference: "",
            method,
            path: Cow::Borrowed(path),
            token: TokenKind::App,
            scopes: EndpointScopes {
                required: Cow::Borrowed(&[]),
                alternative: &[],
                conditional: &[],
                recommended: &[],
                unlocks: &[],
            },
            availability: Availability::All,
            replacement: None,
            fallback: None,
            params: Cow::Borrowed(&[]),
            returns: "",
            pointer: None,
            success: &[200],
            batch: None,
            fixed: &[],
            idempotent: !matches!(method, Method::Post),
            total_is_estimate: false,
            max_body: None,
            unavailable_status: 403,
            sum_limit: None,
            any_of: &[],
        }
    }

    facts! {
        flags: total_is_estimate;
        some batch: BatchRule;
        some replacement: &'static str;
        some max_body: usize;
        some fallback: Fallback;
        value area: &'static str;
        value summary: &'static str;
        value reference: &'static str;
        value returns: &'static str;
        value success: &'static [u16];
        value fixed: &'static [(&'static str, &'static str)];
        value availability: Availability;
        value unavailable_status: u16;
        value any_of: &'static [usize];
    }

    pub(crate) const fn user_token(mut self) -> Self {
        self.token = TokenKind::User;
        self
    }

    pub(crate) const fn required_scopes(mut self, scopes: &'static [Scope]) -> Self {
        set(&mut self.scopes.required, Cow::Borrowed(scopes));
        self
    }

    pub(crate) const fn alternative_scopes(mut self, scopes: &'static [Scope]) -> Self {
        self.scopes.alternative = scopes;
        self
    }

    pub(crate) const fn conditional_scopes(mut self, scopes: &'static [ConditionalScope]) -> Self {
        self.scopes.conditional = scopes;
        self
    }

    pub(crate) const fn recommended_scopes(mut self, scopes: &'static [Scope]) -> Self {
        self.scopes.recommended = scopes;
        self
    }

    pub(crate) const fn unlocked_by(mut self, scopes: &'static [UnlockingScope]) -> Self {
        self.scopes.unlocks = scopes;
        self
    }

    pub(crate) const fn pointer(mut self, pointer: &'static str) -> Self {
        set(&mut self.pointer, Some(Cow::Borrowed(pointer)));
        self
    }

    pub(crate) const fn not_idempotent(mut self) -> Self {
        self.idempotent = false;
        self
    }

    pub(crate) const fn sum_limit(mut self, params: &'static [usize], min: i64, max: i64) -> Self {
        self.sum_limit = Some(SumLimit { params, min, max });
        self
    }

    pub(crate) const fn params(mut self, params: &'static [ParamInfo]) -> Self {
        set(&mut self.params, Cow::Borrowed(params));
        self
    }
}

/// Assigns a value without dropping the old one, because a `const fn` cannot drop.
const fn set<T>(field: &mut T, value: T) {
    mem::forget(mem::replace(field, value));
}

/// Compares the names, which are unique.
impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Endpoint {}

impl Hash for Endpoint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// Returns the method in capitals, as in a request: `GET`.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

impl Display for Method {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The kind of token that an endpoint accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// A token of the app itself, from client credentials, or of a user.
    App,
    /// A token of a user.
    User,
}

/// The scopes that an endpoint requires.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointScopes {
    /// The scopes that every call requires.
    pub required: Cow<'static, [Scope]>,
    /// The scopes of which every call requires one.
    pub alternative: &'static [Scope],
    /// The scopes that some calls require. If several are for the same case, one of them is enough.
    pub conditional: &'static [ConditionalScope],
    /// The scopes of `alternative` and `conditional` that
    /// [`Scopes::for_endpoints`](crate::Scopes::for_endpoints) includes.
    pub recommended: &'static [Scope],
    /// Optional scopes, each of which adds a part to the response.
    pub unlocks: &'static [UnlockingScope],
}

/// A scope that an endpoint requires in some cases.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConditionalScope {
    /// The scope.
    pub scope: Scope,
    /// A description of the case.
    pub when: &'static str,
    /// The kinds of URI that require the scope. If this and `given` are empty, only Spotify can decide the case, such as
    /// whether a playlist is public.
    pub(crate) kinds: &'static [&'static str],
    /// The parameter, and its value as sent, that require the scope.
    pub(crate) given: Option<(&'static str, &'static str)>,
}

/// An optional scope that adds a part to the response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnlockingScope {
    /// The scope.
    pub scope: Scope,
    /// A description of the part.
    pub adds: &'static str,
}

/// The apps to which an endpoint is available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Availability {
    /// Every app.
    All,
    /// Apps in extended quota mode; not apps in development mode, since February 2026.
    ExtendedQuota,
    /// Apps that had extended access before 27 November 2024.
    Legacy,
}

impl Availability {
    /// Returns the date since which the endpoint is unavailable to other apps, or `None` if it is available to all.
    ///
    /// ```
    /// use tonearm::endpoint::Availability;
    ///
    /// let since = Availability::Legacy.since();
    /// assert_eq!(since.map(|date| date.to_string()).as_deref(), Some("2024-11-27"));
    /// assert_eq!(Availability::All.since(), None);
    /// ```
    pub fn since(self) -> Option<Date> {
        match self {
            Availability::All => None,
            Availability::ExtendedQuota => Date::new(2026, 2, 11),
            Availability::Legacy => Date::new(2024, 11, 27),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maximum_in_development_mode_is_the_lowest_of_the_endpoint_and_its_fallback() {
        let limit = || ParamInfo::query("limit", ParamKind::Integer).max(100);
        let max = |own: ParamInfo, target: ParamInfo| {
            let target = Endpoint {
                params: vec![target].into(),
                ..Endpoint::new("target", Method::Get, "/")
            };
            let map: &[_] = &[FallbackParam { from: 0, to: 0, prefix: "" }];
            let fallback = Fallback::new(Box::leak(Box::new(target)), map);
            let endpoint = Endpoint {
                params: vec![own].into(),
                ..Endpoint::new("own", Method::Get, "/").fallback(fallback)
            };
            (endpoint.development_max(0), endpoint.cautious_max(0))
        };
        assert_eq!(max(limit(), limit()), (None, None));
        assert_eq!(max(limit(), limit().max(50)), (Some(50), Some(50)));
        assert_eq!(max(limit().development_max(20), limit()), (Some(20), Some(20)));
        let both = max(limit().development_max(20), limit().development_max(10));
        assert_eq!(both, (Some(10), Some(10)));
        assert_eq!(max(limit().documented_max(60), limit()), (None, Some(60)));
        assert_eq!(max(limit(), limit().documented_max(50)), (None, Some(50)));
    }
}
