//! Handles to built-in and custom endpoints.

use std::ops::Deref;
use std::sync::Arc;

use super::{Endpoint, Method, ParamInfo, ParamKind, ParamLocation};
use crate::types::display::Escaped;

/// The descriptor of a built-in endpoint or of a custom call.
#[derive(Clone, Debug)]
pub(crate) enum EndpointRef {
    Table(&'static Endpoint),
    Custom(Arc<Endpoint>),
}

impl EndpointRef {
    pub(crate) fn is_custom(&self) -> bool {
        matches!(self, EndpointRef::Custom(_))
    }

    /// Returns the index of the parameter with a key. Adds the parameter to a custom endpoint that lacks it.
    pub(crate) fn index_of(&mut self, key: &'static str) -> Option<usize> {
        let index = self.params.iter().position(|param| param.key == key);
        match self {
            EndpointRef::Custom(endpoint) if index.is_none() => {
                let params = Arc::make_mut(endpoint).params.to_mut();
                params.push(ParamInfo::custom(ParamLocation::Query, ParamKind::Text, key));
                params.len().checked_sub(1)
            }
            _ => index,
        }
    }
}

impl Deref for EndpointRef {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        match self {
            EndpointRef::Table(endpoint) => endpoint,
            EndpointRef::Custom(endpoint) => endpoint,
        }
    }
}

impl From<&'static Endpoint> for EndpointRef {
    fn from(endpoint: &'static Endpoint) -> Self {
        EndpointRef::Table(endpoint)
    }
}

impl From<Endpoint> for EndpointRef {
    fn from(endpoint: Endpoint) -> Self {
        EndpointRef::Custom(Arc::new(endpoint))
    }
}

impl PartialEq for EndpointRef {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Endpoint {
    /// The descriptor of a custom endpoint.
    pub(crate) fn custom(method: Method, path: String, name: String) -> Self {
        Endpoint { name: name.into(), path: path.into(), ..Endpoint::new("", method, "") }
    }
}

impl ParamInfo {
    /// The descriptor of a custom parameter.
    pub(crate) fn custom(location: ParamLocation, kind: ParamKind, key: &str) -> Self {
        ParamInfo {
            name: Escaped(key, 80).to_string().into(),
            key: key.to_owned().into(),
            required: location == ParamLocation::Path,
            ..ParamInfo::new(location, "", kind)
        }
    }
}
