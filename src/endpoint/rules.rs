//! The rules in a descriptor that only the client uses.

use super::Endpoint;

/// The rule for splitting a list of ids into requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchRule {
    /// The index of the list among the parameters.
    pub(crate) param: usize,
    /// The maximum number of elements in one request.
    pub(crate) max: u32,
    /// The way of joining the responses.
    pub(crate) join: JoinResponses,
    /// The index of a number that grows by the length of each request: the position at which the list is inserted.
    pub(crate) advance: Option<usize>,
    /// The endpoint for the requests after the first.
    pub(crate) then: Option<&'static Endpoint>,
    /// `true` if an empty list is sent, because it has a meaning.
    pub(crate) send_empty: bool,
    /// The maximum length of the URL of one request in bytes, if it is known.
    pub(crate) max_url: Option<u32>,
}

impl BatchRule {
    pub(crate) const fn new(param: usize, max: u32, join: JoinResponses) -> Self {
        BatchRule { param, max, join, advance: None, then: None, send_empty: false, max_url: None }
    }

    facts! {
        flags: send_empty;
        some advance: usize;
        some then: &'static Endpoint;
        some max_url: u32;
    }
}

/// The ways of joining the responses of several requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum JoinResponses {
    /// They are lists, which are concatenated.
    Concat,
    /// They have no body.
    Unit,
    /// The last response is the result.
    Last,
}

/// Numbers, or lengths of lists, whose sum is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SumLimit {
    /// The indices of the parameters.
    pub(crate) params: &'static [usize],
    pub(crate) min: i64,
    pub(crate) max: i64,
}

/// The endpoint that an app in development mode uses instead of one that is not available to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The endpoint of the fallback request.
    pub endpoint: &'static Endpoint,
    /// The parameters that it supports.
    pub(crate) params: &'static [FallbackParam],
    /// The index of the list whose elements become one request each.
    pub(crate) fan_out: Option<usize>,
    /// The parameter that must be the id of the user, if the fallback endpoint serves only the user's own objects.
    pub(crate) owner_only: Option<OwnerCheck>,
    /// `true` if Spotify was observed to accept the original request too.
    pub(crate) original_still_works: bool,
}

impl Fallback {
    pub(crate) const fn new(endpoint: &'static Endpoint, params: &'static [FallbackParam]) -> Self {
        Fallback { endpoint, params, fan_out: None, owner_only: None, original_still_works: false }
    }

    facts! {
        flags: original_still_works;
        some fan_out: usize;
    }

    pub(crate) const fn owner_only(mut self, param: usize, endpoint: &'static Endpoint) -> Self {
        self.owner_only = Some(OwnerCheck { param, endpoint });
        self
    }
}

/// A parameter of a fallback endpoint that corresponds to a parameter of the original endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FallbackParam {
    /// The index of the original parameter.
    pub(crate) from: usize,
    /// The index of the parameter of the fallback endpoint.
    pub(crate) to: usize,
    /// The text before the value: `spotify:album:`.
    pub(crate) prefix: &'static str,
}

/// The rule that a parameter must be the id of the user of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OwnerCheck {
    /// The index of the parameter.
    pub(crate) param: usize,
    /// The endpoint that returns the user.
    pub(crate) endpoint: &'static Endpoint,
}
