//! Invalid arguments.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use super::Error;
use crate::types::enums::UnknownValue;
use crate::types::id::InvalidId;
use crate::types::market::UnknownMarket;
use crate::types::timestamp::{InvalidDate, InvalidTimestamp};

/// An argument that breaks a rule of its parameter.
///
/// ```
/// use tonearm::{Error, Spotify};
///
/// let result = Spotify::from_token("token")?.get_my_saved_tracks().limit(0).send();
/// let Err(Error::InvalidArgument(error)) = result else { unreachable!() };
/// assert_eq!(error.call.as_deref(), Some("get_my_saved_tracks"));
/// assert_eq!((error.param.as_deref(), &*error.value), (Some("limit"), "0"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InvalidArgument {
    /// The call: `get_my_saved_tracks`; `None` for text that a program parsed itself, as in
    /// `text.parse::<TrackId>()?`.
    pub call: Option<Cow<'static, str>>,
    /// The parameter: `limit`; `None` if `call` is.
    pub param: Option<Cow<'static, str>>,
    /// The value, as text.
    pub value: String,
    /// The values that the parameter accepts, and the one that was found.
    pub message: String,
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let InvalidArgument { call, param, message, .. } = self;
        if let Some(call) = call {
            write!(f, "{call}: ")?;
        }
        if let Some(param) = param {
            write!(f, "`{param}`: ")?;
        }
        f.write_str(message)?;
        f.write_str(if call.is_some() { "; nothing was sent" } else { "" })
    }
}

/// Lets `?` return the errors of parsing in a function that returns [`Error`]. The call and the parameter are then `None`.
macro_rules! from_parse_error {
    ($($error:ty)*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Error::InvalidArgument(Box::new(InvalidArgument {
                    call: None,
                    param: None,
                    message: error.to_string(),
                    value: error.found.into(),
                }))
            }
        }
    )*};
}

from_parse_error!(InvalidDate InvalidId InvalidTimestamp UnknownMarket UnknownValue);

impl std::error::Error for InvalidArgument {}
