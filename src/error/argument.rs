//! Invalid arguments.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::types::enums::UnknownValue;
use crate::types::id::InvalidId;
use crate::types::market::UnknownMarket;
use crate::types::timestamp::InvalidTimestamp;

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
    /// The call: `get_my_saved_tracks`; empty for text that a program parsed itself, as in
    /// `text.parse::<TrackId>()?`.
    pub call: Cow<'static, str>,
    /// The parameter: `limit`; empty if `call` is.
    pub param: Cow<'static, str>,
    /// The value, as text.
    pub value: String,
    /// The values that the parameter accepts, and the one that was found.
    pub message: String,
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.call.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: `{}`: {}; nothing was sent", self.call, self.param, self.message)
    }
}

/// Lets `?` return the errors of parsing in a function that returns [`Error`]. The call and the parameter are then empty.
macro_rules! from_parse_error {
    ($($error:ty)*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Error::InvalidArgument(Box::new(InvalidArgument {
                    call: Cow::Borrowed(""),
                    param: Cow::Borrowed(""),
                    message: error.to_string(),
                    value: error.found.into(),
                }))
            }
        }
    )*};
}

from_parse_error!(InvalidId InvalidTimestamp UnknownMarket UnknownValue);

impl std::error::Error for InvalidArgument {}
