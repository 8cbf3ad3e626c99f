//! What is known about each endpoint: the descriptors that `spec/` is compiled into.

/// Methods of a builder, each of which states one fact of the table: a flag, or the value of a field.
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

use crate::types::scope::Scope;

pub use param_info::{ParamInfo, ParamKind, ParamLocation};
pub use rules::Fallback;
pub(crate) use rules::{BatchRule, FallbackParam, JoinResponses, OwnerCheck, SumLimit};

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// The descriptor of an endpoint: what Spotify offers there, and what it requires.
///
/// Requests and events of a [custom call](crate::custom) have a descriptor too, with what is known about it.
/// `&*endpoint.name` of an endpoint in the table is a `&'static str`.
///
/// ```
/// use tonearm::endpoint::{self, Availability};
///
/// let endpoint = &endpoint::ARE_ALBUMS_SAVED;
/// assert_eq!((&*endpoint.path, endpoint.availability), ("/me/albums/contains", Availability::ExtendedQuota));
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
    /// What the call does, in one sentence.
    pub summary: &'static str,
    /// The end of the address of Spotify's page; see [`reference_url`](Self::reference_url).
    pub reference: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with the names of path parameters in braces.
    pub path: Cow<'static, str>,
    /// The kind of token that the endpoint accepts.
    pub token: TokenKind,
    /// The scopes that the endpoint requires.
    pub scopes: EndpointScopes,
    /// Which apps may call the endpoint.
    pub availability: Availability,
    /// What Spotify offers in its place.
    pub replacement: Option<&'static str>,
    /// What an app in development mode sends in its place.
    pub fallback: Option<Fallback>,
    /// The parameters, including those in the path.
    pub params: Cow<'static, [ParamInfo]>,
    /// The Rust type that the call returns; empty for a custom call.
    pub(crate) returns: &'static str,
    /// The field of the response that contains the result, or `[0]` for the first element of a list.
    pub(crate) pointer: Option<Cow<'static, str>>,
    /// The status codes of success.
    pub(crate) success: &'static [u16],
    /// How a list of ids is split into requests.
    pub(crate) batch: Option<BatchRule>,
    /// Query parameters that every request has.
    pub(crate) fixed: &'static [(&'static str, &'static str)],
    /// Whether sending a request twice has the effect of sending it once.
    pub(crate) idempotent: bool,
    /// Whether the `total` of its pages is an estimate, which changes from page to page.
    pub(crate) total_is_estimate: bool,
    /// The status that apps get to which the endpoint is not available.
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

    /// Returns the address of Spotify's page about the endpoint; of the overview, for a custom call.
    pub fn reference_url(&self) -> String {
        format!("https://developer.spotify.com/documentation/web-api/reference/{}", self.reference)
    }

    /// Returns whether sending a request twice has the effect of sending it once, so that the client may send
    /// it again when it got no response.
    pub fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// Returns whether the call returns pages.
    pub fn returns_pages(&self) -> bool {
        ["Page<", "CursorPage<"].iter().any(|page| self.returns.starts_with(page))
    }

    /// Whether its responses are decoded by models of this crate alone, so that the JSON may be prepared for them.
    pub(crate) fn returns_models(&self) -> bool {
        !self.returns.is_empty() && !self.returns.contains("serde_json")
    }
}

/// The facts of the table, as `table.rs` states them: what is not stated is as [`new`](Self::new) has it.
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
            unavailable_status: 403,
            sum_limit: None,
            any_of: &[],
        }
    }

    facts! {
        flags: total_is_estimate;
        some batch: BatchRule;
        some replacement: &'static str;
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

    pub(crate) const fn unlocked_by(mut self, scopes: &'static [(Scope, &'static str)]) -> Self {
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

/// Assigns a value whose type may own memory, without dropping the old one, which a constant cannot do.
const fn set<T>(place: &mut T, value: T) {
    mem::forget(mem::replace(place, value));
}

/// Two descriptors are equal if they have the same name: no two endpoints share one.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// Returns the method as a request has it: `GET`.
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
    /// All of these.
    pub required: Cow<'static, [Scope]>,
    /// Any one of these.
    pub alternative: &'static [Scope],
    /// These in the cases that they name; of several scopes for one case, any one.
    pub conditional: &'static [ConditionalScope],
    /// Those of `alternative` and `conditional` that a login requests: see
    /// [`Scopes::for_endpoints`](crate::Scopes::for_endpoints).
    pub recommended: &'static [Scope],
    /// Scopes that the call does not need, and what the response contains only with them.
    pub unlocks: &'static [(Scope, &'static str)],
}

/// A scope that an endpoint requires in some cases.
///
/// If both `kinds` and `given` are empty, only Spotify can decide the case, such as whether a playlist is public.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConditionalScope {
    /// The scope.
    pub scope: Scope,
    /// The case, in words.
    pub when: &'static str,
    /// For these kinds of URI.
    pub kinds: &'static [&'static str],
    /// For this value of a parameter, as it is sent.
    pub given: Option<(&'static str, &'static str)>,
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
    /// Returns the day since which other apps cannot call the endpoint, as year, month and day.
    pub fn since(self) -> Option<&'static str> {
        match self {
            Availability::All => None,
            Availability::ExtendedQuota => Some("2026-02-11"),
            Availability::Legacy => Some("2024-11-27"),
        }
    }
}
