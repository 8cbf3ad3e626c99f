//! From a client id to a valid token.

mod accounts;
mod app;
#[cfg(feature = "login")]
mod browser;
mod error;
mod file_store;
mod folder;
#[cfg(feature = "login")]
mod listener;
#[cfg(feature = "login")]
mod login;
#[cfg(feature = "login")]
mod paste;
#[cfg(feature = "login")]
mod pkce;
#[cfg(feature = "login")]
mod redirect;
mod refresh;
mod shared;
mod store;
mod token;

pub use app::App;
pub use error::{LoginAgain, LoginAgainCause, LoginFailed, LoginProblem, StoreError, StoreProblem};
pub use file_store::FileStore;
#[cfg(feature = "login")]
#[cfg_attr(docsrs, doc(cfg(feature = "login")))]
pub use login::Login;
pub(crate) use refresh::Authenticator;
pub use store::{MemoryStore, StoreLock, TokenStore};
pub use token::Token;
