//! A write of which some requests failed.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::endpoint::handle::EndpointRef;
use crate::request::batch::Batch;

/// A write of many ids that stopped after some of its requests.
///
/// Every element of the call is in exactly one of the three lists, in the order given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartialWrite {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The elements that Spotify has accepted.
    pub completed: Vec<String>,
    /// The elements of a request without a response: it may have taken effect.
    pub uncertain: Vec<String>,
    /// The elements that Spotify rejected, and those that were not sent.
    pub remaining: Vec<String>,
    /// Why it stopped.
    pub error: Error,
    pub(crate) call: EndpointRef,
    /// The requests of [`resume`](PartialWrite::resume).
    pub(crate) batches: Vec<Batch>,
}

impl Display for PartialWrite {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PartialWrite { endpoint, completed, uncertain, remaining, error, .. } = self;
        let all = completed.len() + uncertain.len() + remaining.len();
        write!(f, "{endpoint}: stopped halfway: {} of {all} done", completed.len())?;
        if !uncertain.is_empty() {
            write!(f, ", {} unsure", uncertain.len())?;
        }
        write!(f, ", {} not done, and `PartialWrite::resume` goes on; {error}", remaining.len())
    }
}

impl std::error::Error for PartialWrite {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
