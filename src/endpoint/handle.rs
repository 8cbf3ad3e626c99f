//! What a call is made from: a row of the table, or one that a program has made for a call of its own.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use super::{Endpoint, EndpointScopes, In, Method, OpenTo, Param, ParamKind, Token};
use crate::types::id::OneLine;

/// A row, held for as long as something is made from it. Rows of the table live for ever, so that holding
/// one costs nothing.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    Table(&'static Endpoint),
    Own(Arc<Endpoint>),
}

impl Row {
    /// The index of the parameter with a key in the query. A row of one's own gets it, if it has none.
    pub(crate) fn index_of(&mut self, key: &'static str) -> Option<usize> {
        let index = self.params.iter().position(|param| param.key == key);
        match self {
            Row::Own(row) if index.is_none() => {
                let params = Arc::make_mut(row).params.to_mut();
                params.push(Param::own(In::Query, ParamKind::Text, key));
                params.len().checked_sub(1)
            }
            _ => index,
        }
    }
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

impl Endpoint {
    /// What is known of an endpoint that the table lacks.
    pub(crate) fn own(method: Method, path: String, name: String) -> Self {
        Endpoint {
            name: name.into(),
            area: "",
            summary: "",
            reference: "",
            method,
            path: path.into(),
            token: Token::App,
            scopes: EndpointScopes {
                required: Cow::Borrowed(&[]),
                alternative: &[],
                conditional: &[],
                recommended: &[],
                unlocks: &[],
            },
            returns: "",
            within: None,
            success: &[200],
            chunk: None,
            fixed: &[],
            idempotent: method != Method::Post,
            estimate: false,
            open_to: OpenTo::All,
            closed_with: 403,
            replacement: None,
            development: None,
            total: None,
            any_of: &[],
            params: Cow::Borrowed(&[]),
        }
    }
}

impl Param {
    /// What is known of a parameter that the table lacks.
    pub(crate) fn own(within: In, kind: ParamKind, key: &str) -> Self {
        Param {
            name: OneLine(key, 80).to_string().into(),
            key: key.to_owned().into(),
            within,
            kind,
            list: false,
            required: within == In::Path,
            min: None,
            max: None,
            development_max: None,
            default: None,
            when_absent: None,
            kinds: &[],
            bare_key: None,
            each: None,
            in_list: false,
            selects: false,
            owned: false,
            excludes: &[],
            preset: None,
            doc: "",
        }
    }
}
