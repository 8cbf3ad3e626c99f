//! Where tokens are kept.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::token::Token;
use crate::error::{StoreError, StoreProblem};

/// Where the token of one user of one app is kept: [`MemoryStore`], [`FileStore`](super::FileStore),
/// or one of your own, for machines that share tokens through a database.
///
/// A client loads the token when it makes its first call, and when it needs another one. To get
/// another one it takes the lock, loads once more, asks Spotify only if nobody else has done it
/// meanwhile, saves what it got *before* it uses it, and gives the lock back. So a store whose lock
/// reaches over processes or machines makes them renew the token once for all of them.
///
/// What is stored is text: [`Token::to_json`] and [`Token::from_json`].
///
/// ```
/// use std::sync::Mutex;
/// use std::time::Instant;
/// use tonearm::auth::{StoreError, StoreLock, Token, TokenStore};
/// use tonearm::Secret;
///
/// /// One row of a table that all machines see.
/// #[derive(Default)]
/// struct EndpointRef(Mutex<Option<Secret>>);
///
/// impl TokenStore for EndpointRef {
///     fn load(&self) -> Result<Option<Token>, StoreError> {
///         let row = self.0.lock().map_err(|_| StoreError::failed("the row is gone", "poisoned"))?;
///         row.as_ref().map(|json| Token::from_json(json.reveal())).transpose()
///     }
///
///     fn save(&self, token: &Token) -> Result<(), StoreError> {
///         *self.0.lock().map_err(|_| StoreError::failed("the row is gone", "poisoned"))? = Some(token.to_json());
///         Ok(())
///     }
///
///     fn clear(&self) -> Result<(), StoreError> {
///         *self.0.lock().map_err(|_| StoreError::failed("the row is gone", "poisoned"))? = None;
///         Ok(())
///     }
///
///     fn lock(&self, _deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
///         Ok(StoreLock::none())      // `SELECT … FOR UPDATE` in reality: see examples/shared_tokens.rs
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync {
    /// The token that is stored, if there is one.
    ///
    /// # Errors
    ///
    /// What the store has to say if it cannot tell. A token that is there but cannot be read is an
    /// error, not `None`.
    fn load(&self) -> Result<Option<Token>, StoreError>;

    /// Stores a token in the place of the one before, whole or not at all.
    ///
    /// # Errors
    ///
    /// What the store has to say if the token is not stored; the one before is still there then.
    fn save(&self, token: &Token) -> Result<(), StoreError>;

    /// Forgets the token.
    ///
    /// # Errors
    ///
    /// What the store has to say if the token is still there.
    fn clear(&self) -> Result<(), StoreError>;

    /// Keeps everybody else who uses this store from renewing the token, until the answer is dropped.
    ///
    /// `load`, `save` and `clear` are called while it is held. It must come to an end by itself if its
    /// holder dies.
    ///
    /// # Errors
    ///
    /// A [`StoreProblem::Locked`] if another holder does not give it back before the deadline, which is
    /// that of the call that needs a token.
    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError>;
}

impl<T: TokenStore + ?Sized> TokenStore for Arc<T> {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        (**self).load()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        (**self).save(token)
    }

    fn clear(&self) -> Result<(), StoreError> {
        (**self).clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        (**self).lock(deadline)
    }
}

/// The lock of a [`TokenStore`], given back when it is dropped.
#[must_use = "the lock is given back when this is dropped"]
pub struct StoreLock<'a>(#[allow(dead_code)] Option<Box<dyn Held + 'a>>);

/// Anything that gives something back when it is dropped.
trait Held {}
impl<T> Held for T {}

impl<'a> StoreLock<'a> {
    /// A lock that holds whatever is given back when it is dropped: a guard, a transaction, a file.
    pub fn new(held: impl Sized + 'a) -> Self {
        StoreLock(Some(Box::new(held)))
    }

    /// No lock, for a store that nobody else uses.
    pub fn none() -> Self {
        StoreLock(None)
    }
}

impl Debug for StoreLock<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}

/// Keeps the token in memory, for as long as the program runs. Clients can share one.
///
/// ```
/// use tonearm::App;
/// use tonearm::auth::MemoryStore;
///
/// let store = std::sync::Arc::new(MemoryStore::new());
/// let (one, other) = (App::new("client-id").store(store.clone()), App::new("client-id").store(store));
/// # let _ = (one, other);
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    token: Mutex<Option<Token>>,
    is_locked: Mutex<bool>,
    given_back: Condvar,
}

impl MemoryStore {
    /// A store with nothing in it.
    pub fn new() -> Self {
        MemoryStore::default()
    }

    fn token(&self) -> MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        Ok(self.token().clone())
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        *self.token() = Some(token.clone());
        Ok(())
    }

    fn clear(&self) -> Result<(), StoreError> {
        *self.token() = None;
        Ok(())
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        let mut is_locked = self.is_locked.lock().unwrap_or_else(PoisonError::into_inner);
        while *is_locked {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StoreError::new(
                    StoreProblem::Locked,
                    "another client holds its lock and did not give it back in time; try again",
                ));
            }
            (is_locked, _) = self
                .given_back
                .wait_timeout(is_locked, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *is_locked = true;
        Ok(StoreLock::new(MemoryLock(self)))
    }
}

struct MemoryLock<'a>(&'a MemoryStore);

impl Drop for MemoryLock<'_> {
    fn drop(&mut self) {
        *self.0.is_locked.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.given_back.notify_one();
    }
}
