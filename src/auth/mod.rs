//! From a client id to a valid token.

mod accounts;
mod app;
mod error;
mod file_store;
mod folder;
mod refresh;
mod shared;
mod store;
mod token;

pub use app::App;
pub use error::{LoginAgain, LoginAgainCause, LoginFailed, LoginProblem, StoreError, StoreProblem};
pub use file_store::FileStore;
pub(crate) use refresh::Authenticator;
pub use store::{MemoryStore, StoreLock, TokenStore};
pub use token::Token;
