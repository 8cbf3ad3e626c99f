//! Writes that stopped after some of their requests.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::endpoint::handle::EndpointRef;
use crate::request::batch::Batch;

/// A write of many ids that stopped after some of its requests.
///
/// Each element of the call is in one of the three lists, in the order in which you passed it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartialWrite {
    /// The call: `save_tracks`.
    pub call: Cow<'static, str>,
    /// The elements that Spotify has accepted.
    pub completed: Vec<String>,
    /// The elements of a request that got no response. It may have taken effect.
    pub uncertain: Vec<String>,
    /// The elements that Spotify rejected, and those that were not sent.
    pub remaining: Vec<String>,
    /// The error of the request at which it stopped.
    pub error: Error,
    pub(crate) endpoint: EndpointRef,
    /// The requests of [`resume`](PartialWrite::resume).
    pub(crate) batches: Vec<Batch>,
}

impl Display for PartialWrite {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PartialWrite { call, completed, uncertain, remaining, error, .. } = self;
        let all = completed.len() + uncertain.len() + remaining.len();
        write!(f, "{call}: partial write: {} of {all} completed", completed.len())?;
        if !uncertain.is_empty() {
            write!(f, ", {} uncertain", uncertain.len())?;
        }
        write!(f, ", {} remaining, which `PartialWrite::resume` sends; {error}", remaining.len())
    }
}

impl std::error::Error for PartialWrite {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
