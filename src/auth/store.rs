//! Token stores: the trait, and the one in memory.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::token::Token;
use crate::error::{StoreError, StoreErrorKind};
use crate::transport::{Cooldown, CooldownStore, lock};
use crate::types::timestamp::Timestamp;

/// A store for the token of one user of one app: [`MemoryStore`], [`FileStore`](super::FileStore), or your own, for
/// machines that share tokens through a database. Pointers to a store, such as `Box<dyn TokenStore>`, are stores too.
///
/// A client loads the token for its first call. To refresh the token, it takes the lock, loads the token again, requests
/// a new one unless another client has done so and if [`prepare_save`](TokenStore::prepare_save) succeeds, saves the new
/// token *before* it uses it, and releases the lock. If the lock spans processes or machines, they refresh the
/// token once for all of them.
///
/// A store may also keep [`Cooldown`]s. All programs of the app then wait for the end of a limit that one of them has
/// reached. A client loads them once a second at most.
///
/// A refresh calls the store on a separate thread, which may still run when the call has ended.
///
/// [`Token::to_json`] and [`Token::from_json`] convert a token to text and back.
///
/// ```
/// use std::sync::{Mutex, MutexGuard};
/// use std::time::Instant;
/// use tonearm::auth::{StoreError, StoreLock, Token, TokenStore};
/// use tonearm::Secret;
///
/// /// One row of a table that all machines share. Its lock would be `SELECT … FOR UPDATE`.
/// #[derive(Default)]
/// struct Row(Mutex<Option<Secret>>);
///
/// impl Row {
///     fn row(&self) -> Result<MutexGuard<'_, Option<Secret>>, StoreError> {
///         self.0.lock().map_err(|_| StoreError::failed("cannot read the row", "poisoned"))
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
    /// Any [`StoreError`] if the store or the stored token cannot be read.
    fn load(&self) -> Result<Option<Token>, StoreError>;

    /// Replaces the stored token, as a whole or not at all.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the token was not stored. The previous one must still be there.
    fn save(&self, token: &Token) -> Result<(), StoreError>;

    /// Removes the stored token.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the token was not removed.
    fn clear(&self) -> Result<(), StoreError>;

    /// Locks the store: no other user of it refreshes the token until the lock is dropped.
    ///
    /// `load`, `prepare_save`, `save` and `clear` are called while it is held. The lock must expire if its holder
    /// crashes.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Locked`] if another holder does not release the lock before the deadline, which is that of the
    /// call that needs a token.
    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError>;

    /// Checks that a new token can be saved. Default: `Ok`.
    ///
    /// The client calls it under the lock before it requests a token, and requests none if it returns an error: a new
    /// refresh token may revoke the old one, so the login is lost if it cannot be saved. A login also calls it before
    /// it opens the browser.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] that `save` would return, for example because the disk is full.
    fn prepare_save(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Returns the cool-downs of the app that have not ended. Default: none.
    ///
    /// They do not depend on the token, and apply to all users of the app.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the store cannot be read. The client logs it and continues.
    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        Ok(Vec::new())
    }

    /// Adds a cool-down to those of the app: see [`Cooldown::merge_into`]. Default: stores nothing.
    ///
    /// Several programs call it at the same time, without the lock.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the cool-down was not stored; the client logs it and continues.
    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        let _ = cooldown;
        Ok(())
    }
}

/// Implements the trait for a pointer to a store.
macro_rules! store_behind {
    ($($pointer:ty),*) => {$(
        impl<T: TokenStore + ?Sized> TokenStore for $pointer {
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

            fn prepare_save(&self) -> Result<(), StoreError> {
                (**self).prepare_save()
            }

            fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
                (**self).load_cooldowns()
            }

            fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
                (**self).save_cooldown(cooldown)
            }
        }
    )*};
}

store_behind!(Arc<T>, Box<T>, &T);

/// The cool-downs in a store. Its errors are logged, because a call does not need the cool-downs.
pub(super) struct Cooldowns(pub(super) Arc<dyn TokenStore>);

impl CooldownStore for Cooldowns {
    fn load(&self) -> Vec<Cooldown> {
        self.0.load_cooldowns().unwrap_or_else(|error| {
            log::warn!("cannot load the rate limits of other programs: {error}");
            Vec::new()
        })
    }

    fn save(&self, cooldown: &Cooldown) {
        if let Err(error) = self.0.save_cooldown(cooldown) {
            log::warn!("cannot save a rate limit for other programs: {error}");
        }
    }
}

/// The lock of a [`TokenStore`], released when it is dropped.
#[must_use = "the lock is released when this is dropped"]
pub struct StoreLock<'a>(#[allow(dead_code)] Option<Box<dyn Held + 'a>>);

trait Held {}
impl<T> Held for T {}

impl<'a> StoreLock<'a> {
    /// Creates a lock that drops this value when it is released: a guard, a transaction, a file.
    pub fn new(held: impl Sized + 'a) -> Self {
        StoreLock(Some(Box::new(held)))
    }

    /// Creates a lock that does nothing, for a store with a single user.
    pub fn none() -> Self {
        StoreLock(None)
    }
}

impl Debug for StoreLock<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}

/// A store that keeps the token in memory while the program runs. Clients can share one in an [`Arc`].
#[derive(Debug, Default)]
pub struct MemoryStore {
    token: Mutex<Option<Token>>,
    lock: Mutex<()>,
    cooldowns: Mutex<Vec<Cooldown>>,
}

impl MemoryStore {
    /// Creates an empty store.
    pub fn new() -> Self {
        MemoryStore::default()
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        Ok(lock(&self.token).clone())
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        *lock(&self.token) = Some(token.clone());
        Ok(())
    }

    fn clear(&self) -> Result<(), StoreError> {
        *lock(&self.token) = None;
        Ok(())
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        lock_before(deadline, "another client holds its lock", || match self.lock.try_lock() {
            Ok(guard) => Ok(Some(StoreLock::new(guard))),
            Err(TryLockError::Poisoned(error)) => Ok(Some(StoreLock::new(error.into_inner()))),
            Err(TryLockError::WouldBlock) => Ok(None),
        })
    }

    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        let now = Timestamp::now();
        let cooldowns = lock(&self.cooldowns);
        Ok(cooldowns.iter().filter(|cooldown| cooldown.is_active(now)).cloned().collect())
    }

    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        cooldown.merge_into(&mut lock(&self.cooldowns));
        Ok(())
    }
}

/// Tries to acquire a lock until the deadline.
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
            let message = format!("{holder}, and did not release it in time; retry");
            return Err(StoreError::new(StoreErrorKind::Locked, message));
        }
        thread::sleep(left.min(Duration::from_millis(10)));
    }
}
