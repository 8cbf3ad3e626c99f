//! The errors of a call, a login and a client.
//!
//! [`Error`] has a variant for each thing that a program can do about a failure, and each variant contains a struct
//! with the details. The same field has the same name in each struct:
//!
//! | field | what it contains |
//! | --- | --- |
//! | `call` | the name of the call: `save_tracks` |
//! | `kind` | an enum whose name ends in `Kind`, for a `match` |
//! | `message` | a text, from Spotify or about the cause |
//! | `api_error` | the error response of Spotify, if there was one |
//!
//! The text of an error is one line, and includes the text of its cause. So `source()` does not return the cause again,
//! but the source of the cause, as [`std::io::Error`] does: a report that prints all sources prints each text once.

mod api;
mod argument;
mod config;
mod decode;
mod login;
mod paging;
mod partial_write;
mod rate_limit;
mod scope;
mod transport;
mod unavailable;

use std::fmt::{self, Debug, Display, Formatter};
use std::time::Duration;

use crate::endpoint::Method;

pub use api::ApiError;
pub(crate) use api::{ErrorBody, Meaning};
pub use argument::InvalidArgument;
pub use config::ConfigError;
pub use decode::DecodeError;
pub use login::{
    LoginFailed, LoginFailedKind, LoginRequired, LoginRequiredKind, StoreError, StoreErrorKind,
};
pub use paging::{PagingError, PagingErrorKind};
pub use partial_write::PartialWrite;
pub use rate_limit::{RateLimitKind, RateLimited};
pub use scope::InsufficientScope;
pub use transport::{TransportError, TransportErrorKind};
pub use unavailable::EndpointUnavailable;

/// An error of a call, a login or a client. Each variant is one thing that a program can react to.
///
/// ```
/// # #[cfg(feature = "fake")] {
/// use tonearm::Error;
///
/// # let server = tonearm::fake::Server::start()?;
/// # let spotify = server.client()?;
/// match spotify.get_album("0000000000000000000000").send() {
///     Ok(album) => println!("{}", album.name),
///     Err(Error::NotFound(api_error)) => println!("no such album: {}", api_error.message),
///     Err(error) if error.is_retryable() => println!("retry in {:?}", error.retry_after()),
///     Err(error) => return Err(error.into()),
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// A setting is invalid or missing, so the client cannot be built. Nothing was sent.
    Config(Box<ConfigError>),
    /// An argument breaks a rule of its parameter: correct it. Nothing was sent. `?` also converts the errors
    /// of `parse` to it, such as the [`InvalidId`](crate::InvalidId) of `text.parse::<TrackId>()?`, and those of markets,
    /// times, dates and enums.
    InvalidArgument(Box<InvalidArgument>),
    /// A request got no complete response: no connection, a timeout, a truncated body. Retry it if
    /// [`is_retryable`](Error::is_retryable) returns `true`.
    Transport(Box<TransportError>),
    /// 401: the token is missing, invalid or expired. Get a new one.
    Unauthorized(Box<ApiError>),
    /// 403, or nothing was sent: the token lacks a scope that the call needs. Log in again with it.
    InsufficientScope(Box<InsufficientScope>),
    /// 403 or 404, or nothing was sent: the endpoint is not available to this app, and no fallback endpoint supports
    /// the call. Leave out the option that the error names, or the call.
    EndpointUnavailable(Box<EndpointUnavailable>),
    /// 403: the user of the token is not on the list of an app in development mode. Add the user in the app's dashboard.
    UserNotRegistered(Box<ApiError>),
    /// 403: the owner of an app in development mode has no Premium subscription. A new one takes effect after some hours.
    OwnerWithoutPremium(Box<ApiError>),
    /// 403: the user of the token neither owns the playlist nor collaborates on it.
    NotPlaylistOwner(Box<ApiError>),
    /// 403 for another reason: Spotify does not allow this to the app or the user. Read the message.
    Forbidden(Box<ApiError>),
    /// 404: the object does not exist, or is not available to this app or user.
    NotFound(Box<ApiError>),
    /// 429: too many requests. Wait for [`retry_after`](Error::retry_after).
    RateLimited(Box<RateLimited>),
    /// Another status code that is not a success. Read the message.
    Status(Box<ApiError>),
    /// The response cannot be decoded into the type of the call. Report it, or use `send_as`.
    Decode(Box<DecodeError>),
    /// A write of a list of ids stopped after some of its requests, or some of its elements are uncertain: resume it
    /// instead of repeating the call. See [`PartialWrite`].
    PartialWrite(Box<PartialWrite>),
    /// The client does not follow the link to the next page.
    Paging(Box<PagingError>),
    /// The client has no token that Spotify accepts, or the app's own token where the call needs a user's. The user has
    /// to log in with [`App::login`](crate::App).
    LoginRequired(Box<LoginRequired>),
    /// Spotify rejected the client id or the secret of the app.
    InvalidClient(Box<ApiError>),
    /// A login returned no token: see [`LoginFailedKind`].
    LoginFailed(Box<LoginFailed>),
    /// The token store cannot be read, written or locked: see [`StoreErrorKind`].
    Store(Box<StoreError>),
}

// Like `Display`, because `main() -> Result<(), Error>` prints it.
impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}({self})", self.variant().0)
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self.variant().1, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.variant().1.source()
    }
}

impl Error {
    /// The name of the variant, and the error in it.
    fn variant(&self) -> (&'static str, &(dyn std::error::Error + 'static)) {
        match self {
            Error::Config(error) => ("Config", &**error),
            Error::InvalidArgument(error) => ("InvalidArgument", &**error),
            Error::Transport(error) => ("Transport", &**error),
            Error::Unauthorized(error) => ("Unauthorized", &**error),
            Error::InsufficientScope(error) => ("InsufficientScope", &**error),
            Error::EndpointUnavailable(error) => ("EndpointUnavailable", &**error),
            Error::UserNotRegistered(error) => ("UserNotRegistered", &**error),
            Error::OwnerWithoutPremium(error) => ("OwnerWithoutPremium", &**error),
            Error::NotPlaylistOwner(error) => ("NotPlaylistOwner", &**error),
            Error::Forbidden(error) => ("Forbidden", &**error),
            Error::NotFound(error) => ("NotFound", &**error),
            Error::RateLimited(error) => ("RateLimited", &**error),
            Error::Status(error) => ("Status", &**error),
            Error::Decode(error) => ("Decode", &**error),
            Error::PartialWrite(error) => ("PartialWrite", &**error),
            Error::Paging(error) => ("Paging", &**error),
            Error::LoginRequired(error) => ("LoginRequired", &**error),
            Error::InvalidClient(error) => ("InvalidClient", &**error),
            Error::LoginFailed(error) => ("LoginFailed", &**error),
            Error::Store(error) => ("Store", &**error),
        }
    }

    /// Returns the HTTP status code of Spotify's response, if there was one; of a partial write, that of the request at
    /// which it stopped.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::PartialWrite(partial) => partial.error.status(),
            Error::Decode(decode) => Some(decode.status),
            _ => self.api_error().map(|api_error| api_error.status),
        }
    }

    /// Returns Spotify's code for the reason of an error, if it sends one: of an error of the player, such as
    /// `NO_ACTIVE_DEVICE` or `PREMIUM_REQUIRED` (see [`ApiError::reason`]). Of a partial write, that of the request at which
    /// it stopped.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// let error = spotify.skip_to_next().send().unwrap_err();
    /// assert_eq!(error.reason(), Some("NO_ACTIVE_DEVICE"));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reason(&self) -> Option<&str> {
        self.api_error()?.reason.as_deref()
    }

    /// Returns the name of the call that failed: `save_tracks`; of a [custom call](crate::custom) `GET /me/something`, or
    /// the method alone if its path is invalid.
    pub fn call(&self) -> Option<&str> {
        match self {
            Error::InvalidArgument(invalid) => invalid.call.as_deref(),
            Error::Transport(transport) => Some(&transport.call),
            Error::Decode(decode) => Some(&decode.call),
            Error::PartialWrite(partial) => Some(&partial.call),
            Error::Paging(paging) => Some(&paging.call),
            Error::EndpointUnavailable(unavailable) => Some(&unavailable.call),
            Error::InsufficientScope(scope) => Some(&scope.call),
            Error::RateLimited(limited) => Some(&limited.call),
            Error::LoginRequired(required) => required.call.as_deref(),
            _ => self.api_error().map(|api_error| &*api_error.call),
        }
    }

    /// Returns how long Spotify asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::PartialWrite(partial) => partial.error.retry_after(),
            Error::RateLimited(limited) => limited.retry_after,
            _ => self.api_error().and_then(|api_error| api_error.retry_after),
        }
    }

    /// Returns whether the same call may succeed later: after a failure of the network, a 429, or a 500, 502, 503 or 504.
    ///
    /// Before you repeat a write, check [`may_have_taken_effect`](Error::may_have_taken_effect) too. A partial write returns
    /// the value of the request at which it stopped: [resume](PartialWrite::resume) it instead of repeating the call.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Transport(transport) => transport.kind != TransportErrorKind::TooLarge,
            Error::RateLimited(_) => true,
            Error::PartialWrite(partial) => partial.error.is_retryable(),
            Error::Status(error) => error.meaning == Meaning::ServerFault,
            Error::Store(error) => {
                matches!(error.kind(), StoreErrorKind::Locked | StoreErrorKind::Failed)
            }
            _ => false,
        }
    }

    /// Returns whether the user has to log in before the call can succeed: the client has no token that Spotify accepts, or
    /// one that lacks a scope or isn't a user's; Spotify returned 401; or a login failed. A partial write returns the value
    /// of the request at which it stopped.
    ///
    /// After the login, repeat the call, or resume the partial write. A program whose users can't log in, such as a service,
    /// reports the error to its operator.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client_builder().app(server.app()).build()?;
    /// let error = spotify.get_my_saved_tracks().send().unwrap_err();
    /// assert!(error.requires_login(), "no user has logged in yet");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn requires_login(&self) -> bool {
        match self {
            Error::LoginRequired(_)
            | Error::InsufficientScope(_)
            | Error::Unauthorized(_)
            | Error::LoginFailed(_) => true,
            Error::PartialWrite(partial) => partial.error.requires_login(),
            _ => false,
        }
    }

    /// Returns whether a write may have taken effect although it failed: if it got no response, or one with a status of 500
    /// or above, or a success that cannot be decoded. It is `false` for every call that only reads. A partial write returns
    /// the value of the request at which it stopped: `true` if it has [uncertain](PartialWrite::uncertain) elements, and
    /// also after an idempotent request, whose elements remain.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::fake::Fault;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// server.script("/me/player/next").then(Fault::ResetAfterProcessing);
    /// let error = spotify.skip_to_next().send().unwrap_err();
    /// assert!(error.may_have_taken_effect(), "check before you skip again");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Error::Transport(transport) => {
                let endpoint = transport.endpoint_ref.as_ref();
                transport.may_have_taken_effect
                    && endpoint.is_some_and(|endpoint| endpoint.method != Method::Get)
            }
            Error::PartialWrite(partial) => partial.error.may_have_taken_effect(),
            Error::Decode(decode) => decode.is_write,
            _ => self.api_error().is_some_and(|api_error| api_error.may_have_taken_effect),
        }
    }

    /// Returns Spotify's error response with its message and [`reason`](ApiError::reason), if there was one; of a partial
    /// write, that of the request at which it stopped.
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Error::PartialWrite(partial) => partial.error.api_error(),
            Error::EndpointUnavailable(unavailable) => unavailable.api_error.as_ref(),
            Error::InsufficientScope(scope) => scope.api_error.as_ref(),
            Error::RateLimited(limited) => limited.api_error.as_ref(),
            Error::Unauthorized(api_error)
            | Error::UserNotRegistered(api_error)
            | Error::OwnerWithoutPremium(api_error)
            | Error::NotPlaylistOwner(api_error)
            | Error::Forbidden(api_error)
            | Error::NotFound(api_error)
            | Error::Status(api_error)
            | Error::InvalidClient(api_error) => Some(api_error),
            _ => None,
        }
    }
}
