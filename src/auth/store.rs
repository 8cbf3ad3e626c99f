//! Token stores.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::token::Token;
use crate::error::{StoreError, StoreProblem};
use crate::transport::{Cooldown, CooldownStore};
use crate::types::timestamp::Timestamp;

/// A store for the token of one user of one app: [`MemoryStore`], [`FileStore`](super::FileStore), or a custom one, for
/// example for machines that share tokens through a database.
///
/// A client loads the token for its first call. To refresh it, the client acquires the lock and loads the token again.
/// If no other client has refreshed it meanwhile, the client calls [`prepare_save`](TokenStore::prepare_save), requests
/// a new token, and saves it *before* using it. Then it releases the lock. If several processes or machines share the
/// lock, the token is refreshed once for all of them.
///
/// A store may also keep [`Cooldown`]s. Then all programs of an app wait for the end of a limit that Spotify has
/// reported to one of them. A client loads them at most once a second.
///
/// A refresh calls the store on a separate thread, which may still run after the call has ended.
///
/// [`Token::to_json`] and [`Token::from_json`] convert a token to text and back.
///
/// ```
/// use std::sync::{Mutex, MutexGuard};
/// use std::time::Instant;
/// use tonearm::auth::{StoreError, StoreLock, Token, TokenStore};
/// use tonearm::Secret;
///
/// /// A row of a database table that all machines share. A real one would lock it with `SELECT … FOR UPDATE`.
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
    /// Any [`StoreError`] if the token is not stored. The previous token must then be unchanged.
    fn save(&self, token: &Token) -> Result<(), StoreError>;

    /// Removes the stored token.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the token is still stored.
    fn clear(&self) -> Result<(), StoreError>;

    /// Acquires a lock that prevents all other users of this store from refreshing the token until it is dropped.
    ///
    /// `load`, `prepare_save`, `save` and `clear` are called while it is held. It must be released if its holder
    /// crashes.
    ///
    /// # Errors
    ///
    /// [`StoreProblem::Locked`] if another holder does not release it before the deadline of the call that needs a
    /// token.
    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError>;

    /// Ensures that a new token can be saved. Default: returns `Ok`.
    ///
    /// The client calls it with the lock before each token request, and sends no request if it returns an error. A new
    /// refresh token may revoke the old one, so the login would be lost if the new one could not be saved. A login also
    /// calls it before the browser opens.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] with which `save` would fail, for example because the disk is full.
    fn prepare_save(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Returns the cool-downs of the app that have not ended. Default: none.
    ///
    /// They are independent of the token, and apply to all users of the app.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if the store cannot be read. The client logs it and continues.
    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        Ok(Vec::new())
    }

    /// Adds a cool-down to those of the app: see [`Cooldown::merge_into`]. Default: does nothing.
    ///
    /// It is called without the lock, possibly by several programs at the same time.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] if it is not stored. The client logs it and continues.
    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        let _ = cooldown;
        Ok(())
    }
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

/// The cool-downs in a store. Errors are logged, because a call can continue without cool-downs.
pub(super) struct Cooldowns(pub(super) Arc<dyn TokenStore>);

impl CooldownStore for Cooldowns {
    fn load(&self) -> Vec<Cooldown> {
        self.0.load_cooldowns().unwrap_or_else(|error| {
            log::warn!("the limits of other programs could not be loaded: {error}");
            Vec::new()
        })
    }

    fn save(&self, cooldown: &Cooldown) {
        if let Err(error) = self.0.save_cooldown(cooldown) {
            log::warn!("a limit could not be saved for other programs: {error}");
        }
    }
}

/// The lock of a [`TokenStore`], released when it is dropped.
#[must_use = "the lock is released when this is dropped"]
pub struct StoreLock<'a>(#[allow(dead_code)] Option<Box<dyn Held + 'a>>);

trait Held {}
impl<T> Held for T {}

impl<'a> StoreLock<'a> {
    /// Creates a lock that drops this value when it is released, such as a guard, a transaction or a file.
    pub fn new(held: impl Sized + 'a) -> Self {
        StoreLock(Some(Box::new(held)))
    }

    /// Creates a lock without effect, for a store with a single client.
    pub fn none() -> Self {
        StoreLock(None)
    }
}

impl Debug for StoreLock<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}

/// Keeps the token in memory until the program ends. Several clients can share a store in an [`Arc`].
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

    fn token(&self) -> MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cooldowns(&self) -> MutexGuard<'_, Vec<Cooldown>> {
        self.cooldowns.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        let now = Timestamp::now();
        let cooldowns = self.cooldowns();
        Ok(cooldowns.iter().filter(|cooldown| cooldown.is_active(now)).cloned().collect())
    }

    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        cooldown.merge_into(&mut self.cooldowns());
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
            let message = format!("{holder} and did not release it in time; try again");
            return Err(StoreError::new(StoreProblem::Locked, message));
        }
        thread::sleep(left.min(Duration::from_millis(10)));
    }
}
