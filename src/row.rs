//! What a call is made from: a row of the table, or one that a program has made for a call of its own.

use std::ops::Deref;
use std::sync::Arc;

use crate::endpoint::Endpoint;

/// A row, held for as long as something is made from it. Rows of the table live for ever, so that holding
/// one costs nothing.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    Table(&'static Endpoint),
    #[allow(dead_code)] // Until there are such calls.
    Own(Arc<Endpoint>),
}

impl Deref for Row {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        match self {
            Row::Table(row) => row,
            Row::Own(row) => row,
        }
    }
}

impl From<&'static Endpoint> for Row {
    fn from(row: &'static Endpoint) -> Self {
        Row::Table(row)
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
