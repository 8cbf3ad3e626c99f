//! A write that stopped halfway.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::endpoint::handle::EndpointRef;
use crate::request::batch::Batch;

/// A write of many ids that stopped halfway.
///
/// Every element of the call is in exactly one of the three lists, in the order given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PartialWrite {
    /// The call: `save_tracks`.
    pub endpoint: Cow<'static, str>,
    /// What Spotify took.
    pub completed: Vec<String>,
    /// What was on its way when no answer came: it may have happened or not.
    pub uncertain: Vec<String>,
    /// What Spotify refused, and what was not sent any more.
    pub remaining: Vec<String>,
    /// Why it stopped.
    pub error: Error,
    pub(crate) call: EndpointRef,
    /// What is sent when it is resumed.
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
