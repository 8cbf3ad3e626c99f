//! The table of endpoints at run time, and the requests made from it.
//!
//! Each area of Spotify's reference is a module here, with a table of its calls and the request type
//! of each. Each row is a static, named like the call in capitals:
//!
//! ```
//! use tonearm::{Scope, Spotify, endpoint};
//!
//! let row = &endpoint::SAVE_TRACKS;
//! assert_eq!((row.method.as_str(), &*row.path, row.max_ids()), ("PUT", "/me/tracks", Some(50)));
//! assert_eq!(*row.scopes.required, [Scope::UserLibraryModify]);
//! assert!(Spotify::endpoints().iter().any(|row| row.name == "get_me"));
//! ```
//!
//! All of it is generated from the files in `spec/` when the crate is built, and from those of a program in the
//! folder that `TONEARM_SPEC` names: `spec/README.md` says how.

pub(crate) mod handle;
mod login_scopes;
pub(crate) mod scopes;

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};

use crate::types::scope::Scope;

include!(concat!(env!("OUT_DIR"), "/endpoints.rs"));

/// What the generated code uses.
mod prelude {
    pub(super) use std::marker::PhantomData;

    pub(super) use serde::de::DeserializeOwned;

    pub(super) use crate::call::Call;
    #[allow(unused_imports)] // For links in the documentation.
    pub(super) use crate::client::QuotaMode;
    pub(super) use crate::client::Spotify;
    pub(super) use crate::error::Error;
    pub(super) use crate::model::*;
    pub(super) use crate::page::{CursorPage, Page};
    pub(super) use crate::paging::{CollectError, Items, Pages};
    pub(super) use crate::request::Request;
    pub(super) use crate::request::argument::{Arg, Opt, Text};
    pub(super) use crate::request::{Jpeg, TimestampedId, Tuning};
    pub(super) use crate::transport::RawResponse;
    pub(super) use crate::types::enums::*;
    pub(super) use crate::types::id::*;
    pub(super) use crate::types::market::Market;
}

/// One row of the table: what Spotify has, and what it asks for. A [call of your own](crate::custom) has one
/// too, in requests and events, with what is known of it.
///
/// Text of the table is borrowed: `&*row.name` is a `&'static str` then.
///
/// ```
/// use tonearm::endpoint::{self, Availability};
///
/// let row = &endpoint::ARE_ALBUMS_SAVED;
/// assert_eq!((&*row.path, row.availability), ("/me/albums/contains", Availability::ExtendedQuota));
/// println!("{}: {}", row.summary, row.reference_url());
/// if let Some(fallback) = &row.fallback {
///     assert_eq!(fallback.endpoint.name, "are_items_saved");
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Endpoint {
    /// The name of the call: `save_tracks`; of one's own, method and path, `PUT /me/something`.
    pub name: Cow<'static, str>,
    /// The area of Spotify's reference: `Tracks`.
    pub area: &'static str,
    /// What the call does, in one sentence.
    pub summary: &'static str,
    /// The last part of the address of Spotify's page.
    pub reference: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, with the names of path parameters in braces.
    pub path: Cow<'static, str>,
    /// Whose token it takes.
    pub token: TokenKind,
    /// The scopes it asks for.
    pub scopes: EndpointScopes,
    /// The Rust type of the answer.
    pub returns: &'static str,
    /// The member of Spotify's answer in which the answer of the call stands, or `[0]` for the first
    /// of a list.
    pub pointer: Option<Cow<'static, str>>,
    /// The statuses with which Spotify says that all went well.
    pub success: &'static [u16],
    /// How a list of ids is spread over requests.
    pub batch: Option<BatchRule>,
    /// Query parameters that are always sent.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Whether sending it twice does what sending it once does, so that it may be sent again when no
    /// answer came.
    pub idempotent: bool,
    /// Whether the `total` of its pages is a guess, which moves from page to page.
    pub total_is_estimate: bool,
    /// Which apps may call it.
    pub availability: Availability,
    /// The status with which Spotify refuses the others.
    pub unavailable_status: u16,
    /// What Spotify offers in its place.
    pub replacement: Option<&'static str>,
    /// The request that does the same for an app in development mode.
    pub fallback: Option<Fallback>,
    /// Numbers, or lengths of lists, whose sum has limits.
    pub sum_limit: Option<SumLimit>,
    /// The indices of the parameters of which at least one must be given.
    pub any_of: &'static [usize],
    /// The parameters, those in the path included.
    pub params: Cow<'static, [ParamInfo]>,
}

impl Endpoint {
    /// Whether its answers are read by our own models alone: then JSON may be prepared for them.
    pub(crate) fn returns_models(&self) -> bool {
        !self.returns.is_empty() && !self.returns.contains("serde_json")
    }

    /// How many ids one request takes, for calls that take a list of them.
    pub fn max_ids(&self) -> Option<u32> {
        self.batch.map(|batch| batch.max)
    }

    /// The address of Spotify's page about it; of all pages, if it is of a call of one's own.
    pub fn reference_url(&self) -> String {
        format!("https://developer.spotify.com/documentation/web-api/reference/{}", self.reference)
    }
}

/// Rows are told apart by their names, of which there are no two alike.
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
    /// The method as it stands in a request: `GET`.
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

/// Whose token an endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// The app's own, from client credentials, or a user's.
    App,
    /// A user's only.
    User,
}

/// The scopes that an endpoint asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointScopes {
    /// All of these.
    pub required: Cow<'static, [Scope]>,
    /// Any one of these.
    pub alternative: &'static [Scope],
    /// These in the cases that they name; of several in one case, any one.
    pub conditional: &'static [ConditionalScope],
    /// Those of `alternative` and `conditional` that a login asks for: see
    /// [`Scopes::for_endpoints`](crate::Scopes::for_endpoints).
    pub recommended: &'static [Scope],
    /// The call works without these, and says more with them: the texts name what.
    pub unlocks: &'static [(Scope, &'static str)],
}

/// A scope that an endpoint asks for in some cases.
///
/// Without `kinds` and `given` only Spotify knows the case: whether a playlist is public.
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

/// Which apps Spotify lets call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Availability {
    /// Every app.
    All,
    /// Apps in extended quota mode. Closed to apps in development mode since February 2026.
    ExtendedQuota,
    /// Apps that had extended access before 27 November 2024.
    Legacy,
}

impl Availability {
    /// Since when it is closed to others, as year, month and day.
    pub fn since(self) -> Option<&'static str> {
        match self {
            Availability::All => None,
            Availability::ExtendedQuota => Some("2026-02-11"),
            Availability::Legacy => Some("2024-11-27"),
        }
    }
}

/// How a list of ids is spread over requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchRule {
    /// The index of the list among the parameters.
    pub param: usize,
    /// How many elements one request takes.
    pub max: u32,
    /// What becomes of the answers.
    pub join: JoinResponses,
    /// The index of a number that moves on by the length of each request: the place at which the list
    /// is put in.
    pub advance: Option<usize>,
    /// The row that takes what is left after the first request.
    pub then: Option<&'static Endpoint>,
    /// Whether an empty list is sent, because it means something.
    pub send_empty: bool,
    /// How many bytes the URL of one request may have, where that is known to be refused.
    pub max_url: Option<u32>,
}

/// Numbers, or lengths of lists, whose sum has limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SumLimit {
    /// The indices of the parameters.
    pub params: &'static [usize],
    /// The least sum that Spotify takes.
    pub min: i64,
    /// The greatest sum that Spotify takes.
    pub max: i64,
}

/// What becomes of the answers of several requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JoinResponses {
    /// They are lists, and follow each other.
    Concat,
    /// There are none.
    Unit,
    /// The last one counts.
    Last,
}

/// The request that stands for an endpoint in an app in development mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fallback {
    /// The row that is called.
    pub endpoint: &'static Endpoint,
    /// What it is given. It cannot say what is not among these.
    pub params: &'static [FallbackParam],
    /// The index of the list of which each element makes a request of its own.
    pub fan_out: Option<usize>,
    /// The parameter that must be the id of the user, if the form is for the user's own alone.
    pub owner_only: Option<OwnerCheck>,
    /// What it calls members otherwise, in parameters that say which are sent.
    pub renames: &'static [(&'static str, &'static str)],
    /// Whether Spotify has been seen to answer the documented request all the same.
    pub original_still_works: bool,
}

/// A parameter of a [`Fallback`], made from one of the row that it stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FallbackParam {
    /// The index of the parameter whose value it takes.
    pub from: usize,
    /// The index of the parameter of the other row.
    pub to: usize,
    /// Text before the value: `spotify:album:`.
    pub prefix: &'static str,
}

/// That a parameter must be the id of the user of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnerCheck {
    /// The index of the parameter.
    pub param: usize,
    /// The row that says who the user is.
    pub endpoint: &'static Endpoint,
}

/// A parameter of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamInfo {
    /// Its name in Rust.
    pub name: Cow<'static, str>,
    /// Its name on the wire.
    pub key: Cow<'static, str>,
    /// Where in the request it goes.
    pub location: ParamLocation,
    /// What values it takes.
    pub kind: ParamKind,
    /// Whether it takes a list of them.
    pub list: bool,
    /// Whether the call cannot do without.
    pub required: bool,
    /// The least number that it takes.
    pub min: Option<i64>,
    /// The greatest number that it takes from any app.
    pub max: Option<i64>,
    /// The greatest number that it takes from an app in development mode, if that is less.
    pub development_max: Option<i64>,
    /// What Spotify takes if it is not sent.
    pub default: Option<&'static str>,
    /// The path of the request without this path parameter.
    pub when_absent: Option<&'static str>,
    /// The kinds of URI that it takes; all if there are none.
    pub kinds: &'static [&'static str],
    /// The key in the body for a list of bare ids.
    pub bare_key: Option<&'static str>,
    /// The member of an object that holds each element of a list in the body.
    pub element_key: Option<&'static str>,
    /// Whether its one value is sent as a list.
    pub sent_as_list: bool,
    /// Whether it says which members of the answer are sent, so that a page may not tell its place.
    pub field_filter: bool,
    /// Whether an app in development mode may only name what the user owns or takes part in.
    pub owner_only: bool,
    /// The names of parameters that cannot be given beside this one.
    pub excludes: &'static [&'static str],
    /// What is sent if the call gives nothing, in the query's form.
    pub preset: Option<&'static str>,
    /// What it means, in one sentence.
    pub doc: &'static str,
}

/// Where in a request a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ParamLocation {
    Path,
    Query,
    Body,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParamKind {
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Any text.
    Text,
    /// An id of a kind: `album`.
    Id(&'static str),
    /// A URI.
    Uri,
    /// A market.
    Market,
    /// A moment in RFC 3339.
    Timestamp,
    /// The id of a track, with the time it was added or without.
    TimestampedId,
    /// A picture, the whole body in base64.
    Jpeg,
    /// The whole body, or what of it is no list: in a [call of one's own](crate::custom).
    Json,
    /// A wish about an attribute of music, whose key is made from it: `min_energy=0.4`.
    Tuning,
    /// One of these words.
    OneOf(&'static [&'static str]),
}
