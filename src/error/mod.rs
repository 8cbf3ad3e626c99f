//! What can go wrong, one variant for each thing that a program would do differently.

mod api;
mod decode;
pub(crate) mod login;
mod partial;
mod transport;

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};
use std::time::Duration;

use crate::endpoint::Method;
use crate::types::id::Quoted;
use login::{LoginFailed, LoginRequired, StoreError, StoreProblem};

pub(crate) use api::Meaning;
pub use api::{ApiError, EndpointUnavailable, InsufficientScope, RateLimited};
pub use decode::DecodeError;
pub(crate) use decode::{JsonError, PlainMessage};
pub use partial::PartialWrite;
pub use transport::{TransportError, TransportKind};

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
///     Err(Error::NotFound(refusal)) => println!("no such album: {}", refusal.message),
///     Err(error) if error.is_retryable() => println!("once more in {:?}", error.retry_after()),
///     Err(error) => return Err(error.into()),
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built: a setting is not what it must be. Nothing is sent.
    #[error("{0}")]
    Config(Box<ConfigError>),
    /// An argument breaks a rule. Nothing was sent.
    #[error("{0}")]
    InvalidArgument(Box<InvalidArgument>),
    /// No whole answer came.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// 401: the token is missing, wrong or expired.
    #[error("{0}")]
    Unauthorized(Box<ApiError>),
    /// The token lacks a scope that the call needs.
    #[error("{0}")]
    InsufficientScope(Box<InsufficientScope>),
    /// The endpoint is closed to this app, and there is no other way to say the call.
    #[error("{0}")]
    EndpointUnavailable(Box<EndpointUnavailable>),
    /// 403: the user of the token is not on the list of an app in development mode.
    #[error("{0}")]
    UserNotRegistered(Box<ApiError>),
    /// 403: the owner of an app in development mode has no Premium subscription.
    #[error("{0}")]
    OwnerWithoutPremium(Box<ApiError>),
    /// 403: the playlist is somebody else's.
    #[error("{0}")]
    NotPlaylistOwner(Box<ApiError>),
    /// 403: Spotify does not let this app or this user do it, for another reason.
    #[error("{0}")]
    Forbidden(Box<ApiError>),
    /// 404: there is no such thing, or not for this app.
    #[error("{0}")]
    NotFound(Box<ApiError>),
    /// 429: too many requests.
    #[error("{0}")]
    RateLimited(Box<RateLimited>),
    /// Another status that is no success.
    #[error("{0}")]
    Status(Box<ApiError>),
    /// The answer is not what the call is typed as.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// A write of many ids stopped halfway.
    #[error(transparent)]
    PartialWrite(Box<PartialWrite>),
    /// The link to the next page is not followed.
    #[error("{0}")]
    Paging(Box<PagingError>),
    /// Nobody is logged in any more, and only a person can help.
    #[error("{0}")]
    LoginRequired(Box<LoginRequired>),
    /// Spotify does not know the client id, or the secret is not the one that goes with it.
    #[error(
        "{}: Spotify does not take the client id with this secret, {}; compare both with its dashboard",
        .0.endpoint,
        Quoted(&.0.message)
    )]
    InvalidClient(Box<ApiError>),
    /// A login came to no token.
    #[error("{0}")]
    Login(Box<LoginFailed>),
    /// The token store did not do what it should.
    #[error(transparent)]
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

impl Error {
    /// The HTTP status of Spotify's answer, where one came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::PartialWrite(partial) => partial.error.status(),
            Error::Decode(decode) => Some(decode.status),
            _ => self.refusal().map(|refusal| refusal.status),
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
            _ => self.refusal().map(|refusal| &*refusal.endpoint),
        }
    }

    /// How long Spotify asks to wait before the next request.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::PartialWrite(partial) => partial.error.retry_after(),
            Error::RateLimited(limited) => limited.retry_after,
            _ => self.refusal().and_then(|refusal| refusal.retry_after),
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
            Error::Status(refusal) => matches!(refusal.status, 500 | 502 | 503 | 504),
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
                let is_write = transport.row.as_ref().is_some_and(|row| row.method != Method::Get);
                is_write && transport.may_have_taken_effect
            }
            Error::PartialWrite(partial) => !partial.uncertain.is_empty(),
            _ => self.refusal().is_some_and(|refusal| refusal.may_have_taken_effect),
        }
    }

    /// Spotify's answer, where that is what went wrong.
    fn refusal(&self) -> Option<&ApiError> {
        match self {
            Error::EndpointUnavailable(closed) => closed.api_error.as_ref(),
            Error::InsufficientScope(scope) => scope.api_error.as_ref(),
            Error::RateLimited(limited) => limited.api_error.as_ref(),
            Error::Unauthorized(refusal)
            | Error::UserNotRegistered(refusal)
            | Error::OwnerWithoutPremium(refusal)
            | Error::NotPlaylistOwner(refusal)
            | Error::Forbidden(refusal)
            | Error::NotFound(refusal)
            | Error::Status(refusal)
            | Error::InvalidClient(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// A setting from which no client can be built.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConfigError {
    /// The setting: `base_url`.
    pub setting: &'static str,
    /// What is wrong with it and what it must be. Never the token itself.
    pub problem: String,
}

impl Display for ConfigError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.problem)
    }
}

impl std::error::Error for ConfigError {}

/// An argument that breaks a rule.
///
/// ```
/// use tonearm::{Error, Spotify};
///
/// match Spotify::from_token("token")?.get_my_saved_tracks().limit(0).send() {
///     Err(Error::InvalidArgument(why)) => assert_eq!((&*why.param, &*why.value), ("limit", "0")),
///     other => unreachable!("{other:?}"),
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct InvalidArgument {
    /// The call: `get_my_saved_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The parameter: `limit`.
    pub param: Cow<'static, str>,
    /// The value, as text.
    pub value: Box<str>,
    /// The rule, and how the value breaks it.
    pub problem: Box<str>,
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}`: {}; nothing was sent", self.endpoint, self.param, self.problem)
    }
}

impl std::error::Error for InvalidArgument {}

/// A link to the next page that is not followed.
#[derive(Debug)]
#[non_exhaustive]
pub struct PagingError {
    /// The call: `get_my_saved_tracks`.
    pub endpoint: Cow<'static, str>,
    /// The link; empty where the walk counts for itself, because the call chose members without it.
    pub url: Box<str>,
    /// Why not.
    pub problem: PagingProblem,
}

/// Why a link to the next page is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PagingProblem {
    /// It leads to another server, which must not see the token.
    OtherServer,
    /// It leads to a page that was read already, so the walk would not end.
    Repeats,
    /// It leads on where far more rows came than the list announces: see [paging](crate::guide::paging#lists-without-an-end).
    Endless,
}

impl Display for PagingError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let PagingError { endpoint, url, problem } = self;
        let why = match problem {
            PagingProblem::OtherServer => {
                "leads to another server, which must not see the token (check the base URL)"
            }
            PagingProblem::Repeats => "leads back to a page that was read already",
            PagingProblem::Endless => {
                f.write_str(endpoint)?;
                f.write_str(
                    ": the list goes on far behind the number of rows that it announces; ",
                )?;
                return f.write_str("`.pages()` reads on for as long as you want");
            }
        };
        write!(f, "{endpoint}: the link to the next page {why}: {}", Quoted(url))
    }
}

impl std::error::Error for PagingError {}
