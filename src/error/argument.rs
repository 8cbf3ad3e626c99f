//! Invalid arguments.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

/// An argument that breaks a rule of its parameter.
///
/// ```
/// use tonearm::{Error, Spotify};
///
/// let result = Spotify::from_token("token")?.get_my_saved_tracks().limit(0).send();
/// let Err(Error::InvalidArgument(error)) = result else { unreachable!() };
/// assert_eq!((&*error.param, &*error.value), ("limit", "0"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InvalidArgument {
    /// The call: `get_my_saved_tracks`.
    pub call: Cow<'static, str>,
    /// The parameter: `limit`.
    pub param: Cow<'static, str>,
    /// The value, as text.
    pub value: String,
    /// What the parameter expects, and what was found.
    pub message: String,
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}`: {}; nothing was sent", self.call, self.param, self.message)
    }
}

impl std::error::Error for InvalidArgument {}
