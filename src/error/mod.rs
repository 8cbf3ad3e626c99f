//! What can go wrong, one variant for each thing that a program would do differently.

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
use crate::types::display::Quoted;

pub use api::ApiError;
pub(crate) use api::{ErrorBody, Meaning};
pub use argument::InvalidArgument;
pub use config::ConfigError;
pub use decode::DecodeError;
pub use login::{
    LoginFailed, LoginProblem, LoginRequired, LoginRequiredCause, StoreError, StoreProblem,
};
pub use paging::{PagingError, PagingProblem};
pub use partial_write::PartialWrite;
pub use rate_limit::{RateLimitKind, RateLimited};
pub use scope::InsufficientScope;
pub use transport::{TransportError, TransportKind};
pub use unavailable::EndpointUnavailable;

/// Why a call did not answer.
///
/// Every call can give these:
///
/// | variant | when | what to do |
/// | --- | --- | --- |
/// | [`InvalidArgument`](Error::InvalidArgument) | before anything is sent: an argument breaks a rule | mend the argument |
/// | [`Transport`](Error::Transport) | no whole answer came: no connection, a time-out, half a body | try again, see [`is_retryable`](Error::is_retryable) |
/// | [`Unauthorized`](Error::Unauthorized) | 401: the token is missing, wrong or expired | get a new token |
/// | [`InsufficientScope`](Error::InsufficientScope) | 403: the token lacks a scope | log in again with it |
/// | [`EndpointUnavailable`](Error::EndpointUnavailable) | 403 or 404: the endpoint is closed to this app, and there is no other way to say the call | leave out what it names, or the call |
/// | [`UserNotRegistered`](Error::UserNotRegistered) | 403: the user is not on the list of an app in development mode | add the user in the app's dashboard |
/// | [`OwnerWithoutPremium`](Error::OwnerWithoutPremium) | 403: the owner of an app in development mode has no Premium | get it, and wait some hours |
/// | [`NotPlaylistOwner`](Error::NotPlaylistOwner) | 403: the playlist is somebody else's | |
/// | [`Forbidden`](Error::Forbidden) | 403 for another reason | read the message |
/// | [`NotFound`](Error::NotFound) | 404 | |
/// | [`RateLimited`](Error::RateLimited) | 429 | wait for [`retry_after`](Error::retry_after) |
/// | [`Status`](Error::Status) | any other status that is no success | read the message |
/// | [`Decode`](Error::Decode) | the answer is not what the call is typed as | report it, or use `send_as` |
///
/// Some give these too:
///
/// | variant | when |
/// | --- | --- |
/// | [`PartialWrite`](Error::PartialWrite) | a write of many ids stopped halfway |
/// | [`PagingError`](Error::Paging) | the link to the next page is not followed |
/// | [`LoginRequired`](Error::LoginRequired) | nobody is logged in any more: send the person through [`App::login`](crate::App) |
/// | [`InvalidClient`](Error::InvalidClient) | Spotify does not know the client id with this secret |
/// | [`Login`](Error::Login) | a login came to no token: refused, of another login, too late |
/// | [`Store`](Error::Store) | the token store cannot be read, written or locked |
/// | [`ConfigError`](Error::Config) | the client cannot be built from its settings |
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
///     Err(error) if error.is_retryable() => println!("once more in {:?}", error.retry_after()),
///     Err(error) => return Err(error.into()),
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built: a setting is not what it must be. Nothing is sent.
    Config(Box<ConfigError>),
    /// An argument breaks a rule. Nothing was sent.
    InvalidArgument(Box<InvalidArgument>),
    /// No whole answer came.
    Transport(Box<TransportError>),
    /// 401: the token is missing, wrong or expired.
    Unauthorized(Box<ApiError>),
    /// The token lacks a scope that the call needs.
    InsufficientScope(Box<InsufficientScope>),
    /// The endpoint is closed to this app, and there is no other way to say the call.
    EndpointUnavailable(Box<EndpointUnavailable>),
    /// 403: the user of the token is not on the list of an app in development mode.
    UserNotRegistered(Box<ApiError>),
    /// 403: the owner of an app in development mode has no Premium subscription.
    OwnerWithoutPremium(Box<ApiError>),
    /// 403: the playlist is somebody else's.
    NotPlaylistOwner(Box<ApiError>),
    /// 403: Spotify does not let this app or this user do it, for another reason.
    Forbidden(Box<ApiError>),
    /// 404: there is no such thing, or not for this app.
    NotFound(Box<ApiError>),
    /// 429: too many requests.
    RateLimited(Box<RateLimited>),
    /// Another status that is no success.
    Status(Box<ApiError>),
    /// The answer is not what the call is typed as.
    Decode(Box<DecodeError>),
    /// A write of many ids stopped halfway.
    PartialWrite(Box<PartialWrite>),
    /// The link to the next page is not followed.
    Paging(Box<PagingError>),
    /// Nobody is logged in any more, and only a person can help.
    LoginRequired(Box<LoginRequired>),
    /// Spotify does not know the client id, or the secret is not the one that goes with it.
    InvalidClient(Box<ApiError>),
    /// A login came to no token.
    Login(Box<LoginFailed>),
    /// The token store did not do what it should.
    Store(Box<StoreError>),
}

// As `Display`, so that `main() -> Result<(), Error>` prints what a person can read.
impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let variant = match self {
            Error::Config(_) => "Config",
            Error::InvalidArgument(_) => "InvalidArgument",
            Error::Transport(_) => "Transport",
            Error::Unauthorized(_) => "Unauthorized",
            Error::InsufficientScope(_) => "InsufficientScope",
            Error::EndpointUnavailable(_) => "EndpointUnavailable",
            Error::UserNotRegistered(_) => "UserNotRegistered",
            Error::OwnerWithoutPremium(_) => "OwnerWithoutPremium",
            Error::NotPlaylistOwner(_) => "NotPlaylistOwner",
            Error::Forbidden(_) => "Forbidden",
            Error::NotFound(_) => "NotFound",
            Error::RateLimited(_) => "RateLimited",
            Error::Status(_) => "Status",
            Error::Decode(_) => "Decode",
            Error::PartialWrite(_) => "PartialWrite",
            Error::Paging(_) => "Paging",
            Error::LoginRequired(_) => "LoginRequired",
            Error::InvalidClient(_) => "InvalidClient",
            Error::Login(_) => "Login",
            Error::Store(_) => "Store",
        };
        write!(f, "{variant}({self})")
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Config(error) => Display::fmt(error, f),
            Error::InvalidArgument(error) => Display::fmt(error, f),
            Error::Transport(error) => Display::fmt(error, f),
            Error::InsufficientScope(error) => Display::fmt(error, f),
            Error::EndpointUnavailable(error) => Display::fmt(error, f),
            Error::RateLimited(error) => Display::fmt(error, f),
            Error::Decode(error) => Display::fmt(error, f),
            Error::PartialWrite(error) => Display::fmt(error, f),
            Error::Paging(error) => Display::fmt(error, f),
            Error::LoginRequired(error) => Display::fmt(error, f),
            Error::Login(error) => Display::fmt(error, f),
            Error::Store(error) => Display::fmt(error, f),
            Error::InvalidClient(error) => write!(
                f,
                "{}: Spotify does not take the client id with this secret, {}; compare both with its dashboard",
                error.endpoint,
                Quoted(&error.message)
            ),
            Error::Unauthorized(error)
            | Error::UserNotRegistered(error)
            | Error::OwnerWithoutPremium(error)
            | Error::NotPlaylistOwner(error)
            | Error::Forbidden(error)
            | Error::NotFound(error)
            | Error::Status(error) => Display::fmt(error, f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Transport(error) => error.source(),
            Error::Decode(error) => error.source(),
            Error::PartialWrite(error) => error.source(),
            Error::Store(error) => error.source(),
            _ => None,
        }
    }
}

impl Error {
    /// The HTTP status of Spotify's answer, where one came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::PartialWrite(partial) => partial.error.status(),
            Error::Decode(decode) => Some(decode.status),
            _ => self.api_error().map(|api_error| api_error.status),
        }
    }

    /// The name of the call that failed: `save_tracks`; of a [call of your own](crate::custom), `GET /me/something`,
    /// or the method alone if its path is refused.
    pub fn endpoint(&self) -> Option<&str> {
        match self {
            Error::Config(_) => None,
            Error::InvalidArgument(invalid) => Some(&invalid.endpoint),
            Error::Transport(transport) => Some(&transport.endpoint),
            Error::Decode(decode) => Some(&decode.endpoint),
            Error::PartialWrite(partial) => Some(&partial.endpoint),
            Error::Paging(link) => Some(&link.endpoint),
            Error::EndpointUnavailable(closed) => Some(&closed.endpoint),
            Error::InsufficientScope(scope) => Some(&scope.endpoint),
            Error::RateLimited(limited) => Some(&limited.endpoint),
            _ => self.api_error().map(|api_error| &*api_error.endpoint),
        }
    }

    /// How long Spotify asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::PartialWrite(partial) => partial.error.retry_after(),
            Error::RateLimited(limited) => limited.retry_after,
            _ => self.api_error().and_then(|api_error| api_error.retry_after),
        }
    }

    /// Whether the same call may well succeed if it is made again: after a fault of the network, a
    /// 429 or a fault of Spotify's (500, 502, 503, 504).
    ///
    /// It says nothing about whether making it twice is harmless.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Transport(transport) => transport.kind != TransportKind::TooLarge,
            Error::RateLimited(_) => true,
            Error::PartialWrite(partial) => partial.error.is_retryable(),
            Error::Status(error) => error.meaning == Meaning::ServerFault,
            Error::Store(error) => {
                matches!(error.problem(), StoreProblem::Locked | StoreProblem::Failed)
            }
            _ => false,
        }
    }

    /// Whether a write may have happened, although it failed: it was on its way when no answer came, or the
    /// answer was a fault of Spotify's. Never for what only reads.
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::fake::Fault;
    ///
    /// # let server = tonearm::fake::Server::start()?;
    /// # let spotify = server.client()?;
    /// server.script("/me/player/next").then(Fault::ResetAfterProcessing);
    /// let error = spotify.skip_to_next().send().unwrap_err();
    /// assert!(error.may_have_taken_effect(), "look before you skip again");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Error::Transport(transport) => {
                let is_write = transport
                    .endpoint_ref
                    .as_ref()
                    .is_some_and(|endpoint| endpoint.method != Method::Get);
                is_write && transport.may_have_taken_effect
            }
            Error::PartialWrite(partial) => !partial.uncertain.is_empty(),
            _ => self.api_error().is_some_and(|api_error| api_error.may_have_taken_effect),
        }
    }

    /// Spotify's error object, where that is what went wrong.
    fn api_error(&self) -> Option<&ApiError> {
        match self {
            Error::EndpointUnavailable(closed) => closed.api_error.as_ref(),
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
