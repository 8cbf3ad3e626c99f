//! Where tokens are kept.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::token::Token;
use crate::error::{StoreError, StoreProblem};

/// Where the token of one user of one app is kept: [`MemoryStore`], [`FileStore`](super::FileStore), or one of your
/// own, for machines that share tokens through a database.
///
/// A client loads the token for its first call, and to get another one. Then it takes the lock, loads once more, asks
/// Spotify only if no other client has done so meanwhile, saves the new token *before* it uses it, and releases the
/// lock. If the lock spans processes or machines, they refresh the token once for all of them.
///
/// [`Token::to_json`] and [`Token::from_json`] convert a token to text and back.
///
/// ```
/// use std::sync::{Mutex, MutexGuard};
/// use std::time::Instant;
/// use tonearm::auth::{StoreError, StoreLock, Token, TokenStore};
/// use tonearm::Secret;
///
/// /// One row of a table that all machines share; its lock is `SELECT … FOR UPDATE` in reality.
/// #[derive(Default)]
/// struct Row(Mutex<Option<Secret>>);
///
/// impl Row {
///     fn row(&self) -> Result<MutexGuard<'_, Option<Secret>>, StoreError> {
///         self.0.lock().map_err(|_| StoreError::failed("the row is gone", "poisoned"))
///     }
/// }
///
/// impl TokenStore for Row {
///     fn load(&self) -> Result<Option<Token>, StoreError> {
///         self.row()?.as_ref().map(|json| Token::from_json(json.reveal())).transpose()
///     }
///     fn save(&self, token: &Token) -> Result<(), StoreError> {
///         Ok(*self.row()? = Some(token.to_json()))
///     }
///     fn clear(&self) -> Result<(), StoreError> {
///         Ok(*self.row()? = None)
///     }
///     fn lock(&self, _deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
///         Ok(StoreLock::none())
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync {
    /// Returns the stored token, if there is one.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the store cannot be read, also if the stored token cannot.
    fn load(&self) -> Result<Option<Token>, StoreError>;

    /// Replaces the stored token, as a whole or not at all.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the token is not stored; the one before is still there then.
    fn save(&self, token: &Token) -> Result<(), StoreError>;

    /// Removes the stored token.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the token is still there.
    fn clear(&self) -> Result<(), StoreError>;

    /// Keeps all other users of this store from refreshing the token until the lock is dropped.
    ///
    /// `load`, `save` and `clear` are called while it is held. It must end by itself if its holder dies.
    ///
    /// # Errors
    ///
    /// [`StoreProblem::Locked`] if another holder does not release it before the deadline, which is that of the call
    /// that needs a token.
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

/// The lock of a [`TokenStore`], released when it is dropped.
#[must_use = "the lock is released when this is dropped"]
pub struct StoreLock<'a>(#[allow(dead_code)] Option<Box<dyn Held + 'a>>);

trait Held {}
impl<T> Held for T {}

impl<'a> StoreLock<'a> {
    /// A lock that drops this value when it is released: a guard, a transaction, a file.
    pub fn new(held: impl Sized + 'a) -> Self {
        StoreLock(Some(Box::new(held)))
    }

    /// No lock, for a store with a single user.
    pub fn none() -> Self {
        StoreLock(None)
    }
}

impl Debug for StoreLock<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}

/// Keeps the token in memory, for as long as the program runs. In an [`Arc`], clients can share one.
#[derive(Debug, Default)]
pub struct MemoryStore {
    token: Mutex<Option<Token>>,
    lock: Mutex<()>,
}

impl MemoryStore {
    /// An empty store.
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
        lock_before(deadline, "another client holds its lock", || match self.lock.try_lock() {
            Ok(guard) => Ok(Some(StoreLock::new(guard))),
            Err(TryLockError::Poisoned(error)) => Ok(Some(StoreLock::new(error.into_inner()))),
            Err(TryLockError::WouldBlock) => Ok(None),
        })
    }
}

/// Tries to take a lock until the deadline.
pub(super) fn lock_before<T>(
    deadline: Instant,
    holder: &str,
    attempt: impl Fn() -> Result<Option<T>, StoreError>,
) -> Result<T, StoreError> {
    loop {
        if let Some(lock) = attempt()? {
            return Ok(lock);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let message = format!("{holder} and did not give it back in time; try again");
            return Err(StoreError::new(StoreProblem::Locked, message));
        }
        thread::sleep(left.min(Duration::from_millis(10)));
    }
}
