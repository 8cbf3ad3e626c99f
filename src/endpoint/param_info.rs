//! The descriptors of parameters.

use std::borrow::Cow;

use super::set;

/// A parameter of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamInfo {
    /// The name of the argument or setter.
    pub name: Cow<'static, str>,
    /// The name in the request.
    pub key: Cow<'static, str>,
    /// The part of the request that contains the parameter.
    pub location: ParamLocation,
    /// The type of the value, and the allowed values of an enum.
    pub kind: ParamKind,
    /// `true` if the value is a list.
    pub list: bool,
    /// `true` if a call needs the parameter.
    pub required: bool,
    /// The minimum of a number.
    pub min: Option<i64>,
    /// The maximum of a number, in any app.
    pub max: Option<i64>,
    /// The maximum of a number in an app in development mode, if Spotify enforces a lower one there.
    pub development_max: Option<i64>,
    /// The value that Spotify uses if the parameter is not sent.
    pub default: Option<&'static str>,
    /// A description of the parameter in one sentence.
    pub summary: &'static str,
    /// The maximum that Spotify documents, if it was seen to accept more.
    pub(crate) documented_max: Option<i64>,
    /// The path of the request without this path parameter.
    pub(crate) when_absent: Option<&'static str>,
    /// The kinds of URI that Spotify accepts; empty for all kinds.
    pub(crate) kinds: &'static [&'static str],
    /// The key in the body for a list of ids without further fields.
    pub(crate) bare_key: Option<&'static str>,
    /// The field of an object that holds each element of a list in the body.
    pub(crate) element_key: Option<&'static str>,
    /// Another part of the request in which Spotify accepts the parameter. The client never sends it there.
    pub(crate) also_in: Option<ParamLocation>,
    /// The maximum number of elements there, if it differs.
    pub(crate) also_max: Option<i64>,
    /// `true` if Spotify also accepts a body that is the list alone.
    pub(crate) also_bare: bool,
    /// `true` if a single value is sent as a list.
    pub(crate) sent_as_list: bool,
    /// `true` if it selects fields of the response. A page may then lack its cursor.
    pub(crate) field_filter: bool,
    /// The fields that had another name before, and their names in this endpoint's responses: the client renames them.
    pub(crate) renames: &'static [(&'static str, &'static str)],
    /// `true` if an app in development mode may only pass objects that the user owns or collaborates on.
    pub(crate) owner_only: bool,
    /// The names of parameters that cannot be combined with this one.
    pub(crate) excludes: &'static [&'static str],
    /// The value that the client sends if the caller sets none, as in the query.
    pub(crate) preset: Option<&'static str>,
    /// The values that select what the call returns, and the field of the response that contains it.
    pub(crate) pointers: &'static [(&'static str, &'static str)],
}

/// The builder that `table.rs` uses. [`new`](Self::new) sets the defaults.
impl ParamInfo {
    pub(crate) const fn new(location: ParamLocation, name: &'static str, kind: ParamKind) -> Self {
        ParamInfo {
            name: Cow::Borrowed(name),
            key: Cow::Borrowed(name),
            location,
            kind,
            list: false,
            required: false,
            min: None,
            max: None,
            development_max: None,
            documented_max: None,
            default: None,
            summary: "",
            when_absent: None,
            kinds: &[],
            bare_key: None,
            element_key: None,
            also_in: None,
            also_max: None,
            also_bare: false,
            sent_as_list: false,
            field_filter: false,
            renames: &[],
            owner_only: false,
            excludes: &[],
            preset: None,
            pointers: &[],
        }
    }

    pub(crate) const fn path(name: &'static str, kind: ParamKind) -> Self {
        Self::new(ParamLocation::Path, name, kind)
    }

    pub(crate) const fn query(name: &'static str, kind: ParamKind) -> Self {
        Self::new(ParamLocation::Query, name, kind)
    }

    pub(crate) const fn body(name: &'static str, kind: ParamKind) -> Self {
        Self::new(ParamLocation::Body, name, kind)
    }

    facts! {
        flags: list, required, also_bare, sent_as_list, field_filter, owner_only;
        some min: i64;
        some max: i64;
        some development_max: i64;
        some documented_max: i64;
        some default: &'static str;
        some when_absent: &'static str;
        some bare_key: &'static str;
        some element_key: &'static str;
        some also_in: ParamLocation;
        some also_max: i64;
        some preset: &'static str;
        value summary: &'static str;
        value kinds: &'static [&'static str];
        value renames: &'static [(&'static str, &'static str)];
        value excludes: &'static [&'static str];
        value pointers: &'static [(&'static str, &'static str)];
    }

    pub(crate) const fn key(mut self, key: &'static str) -> Self {
        set(&mut self.key, Cow::Borrowed(key));
        self
    }
}

/// The part of a request that contains a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum ParamLocation {
    Path,
    Query,
    Body,
}

/// The type of the values of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParamKind {
    /// An integer.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Any text.
    Text,
    /// An id of this kind: `album`.
    Id(&'static str),
    /// A URI.
    Uri,
    /// A market.
    Market,
    /// A time in RFC 3339.
    Timestamp,
    /// The id of a track, optionally with the time at which it was added.
    TimestampedId,
    /// A JPEG image: the whole body, in base64.
    Jpeg,
    /// The JSON body of a [custom call](crate::custom).
    Json,
    /// A target for an attribute of music, sent under its own key: `min_energy=0.4`.
    Tuning,
    /// One of these values.
    OneOf(&'static [&'static str]),
}
