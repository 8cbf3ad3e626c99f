//! Links to a next page that the client does not follow.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use crate::types::display::Quoted;

/// A link to the next page that the client does not follow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PagingError {
    /// The call: `get_my_saved_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The link; empty if the call selected fields without it, and the client computes the next offset.
    pub url: String,
    /// Why the client does not follow it.
    pub problem: PagingProblem,
}

/// Why a link to the next page is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PagingProblem {
    /// It leads to another server, which must not see the token.
    OtherServer,
    /// It leads to a page that was read already, so the pagination would not end.
    Repeats,
    /// The list has far more items than it announced: see [paging](crate::guide::paging#bounds).
    Endless,
}

impl Display for PagingError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PagingError { endpoint, url, problem } = self;
        let why = match problem {
            PagingProblem::OtherServer => {
                "leads to another server, which must not see the token (check the base URL)"
            }
            PagingProblem::Repeats => "leads back to a page that was read already",
            PagingProblem::Endless => {
                return write!(
                    f,
                    "{endpoint}: the list returned far more items than it announced; `.pages()` reads on for as \
                     long as you want"
                );
            }
        };
        write!(f, "{endpoint}: the link to the next page {why}: {}", Quoted(url))
    }
}

impl std::error::Error for PagingError {}
