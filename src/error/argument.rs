//! An argument that breaks a rule.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

/// An argument that breaks a rule.
///
/// ```
/// use tonearm::{Error, Spotify};
///
/// let result = Spotify::from_token("token")?.get_my_saved_tracks().limit(0).send();
/// let Err(Error::InvalidArgument(why)) = result else { unreachable!() };
/// assert_eq!((&*why.param, &*why.value), ("limit", "0"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InvalidArgument {
    /// The call: `get_my_saved_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The parameter: `limit`.
    pub param: Cow<'static, str>,
    /// The value, as text.
    pub value: String,
    /// The rule, and how the value breaks it.
    pub problem: String,
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}`: {}; nothing was sent", self.endpoint, self.param, self.problem)
    }
}

impl std::error::Error for InvalidArgument {}
