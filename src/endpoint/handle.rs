//! What a call is made from: a row of the table, or one that a program has made for a call of its own.

use std::ops::Deref;
use std::sync::Arc;

use super::{Endpoint, Method, ParamInfo, ParamKind, ParamLocation};
use crate::types::display::Escaped;

/// A row, held for as long as something is made from it. Rows of the table live for ever, so that holding
/// one costs nothing.
#[derive(Clone, Debug)]
pub(crate) enum EndpointRef {
    Table(&'static Endpoint),
    Custom(Arc<Endpoint>),
}

impl EndpointRef {
    /// The index of the parameter with a key in the query. A row of one's own gets it, if it has none.
    pub(crate) fn index_of(&mut self, key: &'static str) -> Option<usize> {
        let index = self.params.iter().position(|param| param.key == key);
        match self {
            EndpointRef::Custom(row) if index.is_none() => {
                let params = Arc::make_mut(row).params.to_mut();
                params.push(ParamInfo::own(ParamLocation::Query, ParamKind::Text, key));
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
            EndpointRef::Table(row) => row,
            EndpointRef::Custom(row) => row,
        }
    }
}

impl From<&'static Endpoint> for EndpointRef {
    fn from(row: &'static Endpoint) -> Self {
        EndpointRef::Table(row)
    }
}

impl PartialEq for EndpointRef {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Endpoint {
    /// What is known of an endpoint that the table lacks.
    pub(crate) fn own(method: Method, path: String, name: String) -> Self {
        Endpoint { name: name.into(), path: path.into(), ..Endpoint::new("", method, "") }
    }
}

impl ParamInfo {
    /// What is known of a parameter that the table lacks.
    pub(crate) fn own(location: ParamLocation, kind: ParamKind, key: &str) -> Self {
        ParamInfo {
            name: Escaped(key, 80).to_string().into(),
            key: key.to_owned().into(),
            required: location == ParamLocation::Path,
            ..ParamInfo::new(location, "", kind)
        }
    }
}
