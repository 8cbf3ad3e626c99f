//! Links to a next page that the client does not follow.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use crate::types::display::Quoted;

/// A link to the next page that the client does not follow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PagingError {
    /// The call: `get_my_saved_tracks`.
    pub call: Cow<'static, str>,
    /// The link; empty if a field filter of the call omits it.
    pub url: String,
    /// The reason why the client does not follow it.
    pub kind: PagingErrorKind,
}

/// The kind of a [`PagingError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PagingErrorKind {
    /// It leads to another server, which must not see the token. The case of the scheme and the host is ignored.
    OtherServer,
    /// It leads to a page that was already read, so the pagination would not end.
    Repeats,
    /// It contains the token, which must not be in the address of a request.
    HasToken,
    /// The list has far more items than its `total`: see [pagination](crate::guide::paging#safety-limits).
    Endless,
}

impl Display for PagingError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PagingError { call, url, kind } = self;
        let link = Quoted(url);
        match kind {
            PagingErrorKind::OtherServer => write!(
                f,
                "{call}: the response links to a next page on another server, {link}, to which the client sends no token; \
                 check the base URL"
            ),
            PagingErrorKind::Repeats => {
                write!(
                    f,
                    "{call}: expected a link to the next page, found one to an earlier page: {link}"
                )
            }
            PagingErrorKind::HasToken => write!(
                f,
                "{call}: expected a link without the token, found it in {link}; check the base URL"
            ),
            PagingErrorKind::Endless => write!(
                f,
                "{call}: the list has far more items than its `total`; `.pages()` continues without a limit"
            ),
        }
    }
}

impl std::error::Error for PagingError {}
