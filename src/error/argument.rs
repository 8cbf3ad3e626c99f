//! An argument that breaks a rule.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::types::enums::UnknownValue;
use crate::types::id::InvalidId;
use crate::types::market::UnknownMarket;
use crate::types::timestamp::InvalidTimestamp;

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
    /// The call: `get_my_saved_tracks`; empty for text that a program parsed itself, as in
    /// `text.parse::<TrackId>()?`.
    pub endpoint: Cow<'static, str>,
    /// The parameter: `limit`; empty if the call is.
    pub param: Cow<'static, str>,
    /// The value, as text.
    pub value: Box<str>,
    /// The rule, and how the value breaks it.
    pub problem: Box<str>,
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.endpoint.is_empty() {
            return f.write_str(&self.problem);
        }
        write!(f, "{}: `{}`: {}; nothing was sent", self.endpoint, self.param, self.problem)
    }
}

/// Lets `?` return the errors of parsing in a function that returns [`Error`]. The call and the parameter are then empty.
macro_rules! from_parse_error {
    ($($error:ty)*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Error::InvalidArgument(Box::new(InvalidArgument {
                    endpoint: Cow::Borrowed(""),
                    param: Cow::Borrowed(""),
                    value: error.found().into(),
                    problem: error.to_string().into(),
                }))
            }
        }
    )*};
}

from_parse_error!(InvalidId InvalidTimestamp UnknownMarket UnknownValue);

impl std::error::Error for InvalidArgument {}
