//! Shares the token of a user, and the rate limits of an app, between machines through Redis or Valkey.
//!
//! ```sh
//! redis-server --port 6379 --appendonly yes &
//! cargo run --manifest-path examples/redis_store/Cargo.toml -- redis://127.0.0.1:6379
//! cargo test --manifest-path examples/redis_store/Cargo.toml     # starts its own `redis-server`
//! ```
//!
//! Copy this file to your program. The keys, all in one slot of a cluster:
//!
//! | key | type | contents |
//! | --- | --- | --- |
//! | `tonearm:{client id}:token:user` | hash | `token`, the JSON of `Token::to_json`; `number` of writes; `writer`, the lease of the last one; `version` of this format |
//! | `tonearm:{client id}:lease:user` | string | a random value and the duration of the lease; expires |
//! | `tonearm:{client id}:room:user` | string | 8 KiB for 1 ms, to check before a token request that Redis accepts writes |
//! | `tonearm:{client id}:cooldowns` | hash | for each kind of limit, its end and the time of its report; expires |
//!
//! **The lock is a lease.** Its holder renews it three times in its duration, so a slow refresh keeps it. If a process
//! is killed, the others wait for at most the duration of the lease.
//!
//! **Writes are fenced.** A machine that was suspended may continue after its lease has expired. Each write
//! increments `number`, and a holder can write only if nobody else has written since it acquired the lease. Otherwise,
//! `save` returns an error, and the client uses the token in Redis. If nobody else has written, the write succeeds
//! even without the lease, because a refresh token that replaced the stored one must not be lost.
//!
//! **Redis may be unavailable.** A client that has a valid token does not need Redis. If Redis fails between the
//! request of a token and its save, `save` retries for ten seconds; then the client keeps the token in memory, and
//! the next refresh saves it.
//!
//! **Times are by the clock of the server.** A machine converts them if its clock differs by more than 30 seconds. A
//! lease never lasts longer than its duration, even if the clock of the server was set back.
//!
//! Run Redis with `appendonly yes`: if it loses the token, the user must log in again. Everyone with access to Redis can
//! read the tokens, so set a password.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use redis::{Client, Cmd, Connection, ErrorKind, FromRedisValue, RedisError, ServerErrorKind};
use serde_json::{Map, Value};
use tonearm::auth::{Cooldown, StoreError, StoreErrorKind, StoreLock};
use tonearm::{Timestamp, Token, TokenStore};

/// The token store of one user of an app. Its clones share one connection and one lock.
#[derive(Clone)]
pub struct RedisStore(Arc<Shared>);

struct Shared {
    client: Client,
    connection: Mutex<Option<Connection>>,
    /// The last failure to connect, after which cool-downs are not loaded for a while.
    unreachable: Mutex<Option<(Instant, StoreError)>>,
    held: Mutex<Option<Held>>,
    /// The difference to the clock of the server, in milliseconds.
    offset: AtomicI64,
    clock: fn() -> Timestamp,
    lease: Duration,
    timeout: Duration,
    token: String,
    lease_key: String,
    room: String,
    cooldowns: String,
}

/// The lease that this store holds.
#[derive(Clone)]
struct Held {
    /// A random value, and the duration in milliseconds.
    value: String,
    /// The number of writes when it was acquired.
    number: i64,
}

/// The version of the record of a token.
const VERSION: u64 = 1;
/// The duration of a lease, by default. It is shorter than the timeout of a call, so a call survives it.
const LEASE: Duration = Duration::from_secs(10);
/// The timeout of a connection attempt and of a response, by default.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The number of timeouts for which `save` retries if Redis is unavailable.
const SAVE: u32 = 5;
/// The time between two attempts to acquire the lease, or to save a token.
const POLL: Duration = Duration::from_millis(50);
/// The time after a failed connection in which cool-downs are not loaded. A client loads them once a second, and its
/// calls wait for that.
const PAUSE: Duration = Duration::from_secs(5);
/// The tolerated difference between the clocks of a machine and of the server.
const TOLERANCE: i64 = 30_000;

/// Acquires the lease, and returns the number of writes. If another holder has it, its lease is cut to its own
/// duration: it lasts longer only if the clock of the server was set back.
const ACQUIRE: &str = r"
    local held = redis.call('GET', KEYS[1])
    if not held or held == ARGV[1] then
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return tonumber(redis.call('HGET', KEYS[2], 'number') or 0) or 0
    end
    local duration = tonumber(string.match(held, ':(%d+)$') or ARGV[2])
    local left = redis.call('PTTL', KEYS[1])
    if left < 0 or left > duration then redis.call('PEXPIRE', KEYS[1], duration) end
    return false";

/// Renews the lease, or acquires it again if Redis has lost it.
const RENEW: &str = r"
    local held = redis.call('GET', KEYS[1])
    if held and held ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1";

const RELEASE: &str = r"
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
    return 1";

/// Checks that Redis accepts writes, and that no other program has the lease.
const PREPARE: &str = r"
    local held = redis.call('GET', KEYS[1])
    redis.call('SET', KEYS[2], string.rep(' ', 8192), 'PX', 1)
    if ARGV[1] ~= '' and held and held ~= ARGV[1] then return 0 end
    return 1";

/// Writes or removes the token, unless another program has written since the lease was acquired. A repetition of the same
/// write succeeds.
const WRITE: &str = r"
    local number = tonumber(redis.call('HGET', KEYS[1], 'number') or 0) or 0
    local since = tonumber(ARGV[3])
    if since and number > since and redis.call('HGET', KEYS[1], 'writer') ~= ARGV[2] then return 0 end
    if ARGV[1] == '' then
        redis.call('HDEL', KEYS[1], 'token')
    else
        redis.call('HSET', KEYS[1], 'token', ARGV[1])
    end
    redis.call('HSET', KEYS[1], 'number', math.max(number, since or 0) + 1, 'writer', ARGV[2], 'version', ARGV[4])
    return 1";

/// Merges a limit: the later end wins. Limits that have ended, and those of the future, are removed.
const COOL: &str = r"
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local latest, known = 0, 0
    local all = redis.call('HGETALL', KEYS[1])
    for i = 1, #all, 2 do
        local ends, since = string.match(all[i + 1], '^(%d+) (%d+)$')
        ends, since = tonumber(ends), tonumber(since)
        if not ends or ends <= now or since > now + 60000 then
            redis.call('HDEL', KEYS[1], all[i])
        else
            if all[i] == ARGV[1] then known = ends end
            latest = math.max(latest, ends)
        end
    end
    local ends = tonumber(ARGV[2])
    if ends > now and ends > known then
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
        latest = math.max(latest, ends)
    end
    if latest > 0 then redis.call('PEXPIRE', KEYS[1], latest - now) end
    return 1";

impl RedisStore {
    /// Creates the store of a user, such as `redis://:password@127.0.0.1:6379/0`. It connects when it is used.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Failed`] if the URL is invalid.
    pub fn new(url: &str, client_id: &str, user: &str) -> Result<Self, StoreError> {
        let client = Client::open(url).map_err(|error| {
            // Not the URL, which may contain a password.
            let message =
                "expected a URL such as `redis://:password@127.0.0.1:6379/0`, found another text";
            StoreError::failed(message, error.category().to_owned())
        })?;
        let key = |name: &str| format!("tonearm:{{{client_id}}}:{name}");
        Ok(RedisStore(Arc::new(Shared {
            client,
            connection: Mutex::default(),
            unreachable: Mutex::default(),
            held: Mutex::default(),
            offset: AtomicI64::new(0),
            clock: Timestamp::now,
            lease: LEASE,
            timeout: TIMEOUT,
            token: key(&format!("token:{user}")),
            lease_key: key(&format!("lease:{user}")),
            room: key(&format!("room:{user}")),
            cooldowns: key("cooldowns"),
        })))
    }

    /// Sets the duration of the lease, ten seconds by default. Call it before the store is cloned.
    pub fn lease(mut self, lease: Duration) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.lease = lease.max(Duration::from_millis(3));
        }
        self
    }

    /// Sets the timeout of a connection attempt and of a response, two seconds by default. A new token is sent again for
    /// five times as long. Call it before the store is cloned.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.timeout = timeout.max(Duration::from_millis(1));
        }
        self
    }

    /// Sets the clock of this machine, for tests. Call it before the store is cloned.
    pub fn clock(mut self, clock: fn() -> Timestamp) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.0) {
            shared.clock = clock;
        }
        self
    }

    /// Returns the key of the lease.
    pub fn lease_key(&self) -> &str {
        &self.0.lease_key
    }
}

impl TokenStore for RedisStore {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        let store = &self.0;
        let fields = redis::cmd("HMGET").arg(&store.token).arg("version").arg("token").take();
        let failed = store.failed("load the token", &store.token);
        let (version, token): (Option<String>, Option<String>) =
            store.send(&fields).map_err(failed)?;
        if let Some(version) = version
            && version.parse() != Ok(VERSION)
        {
            let message = format!(
                "expected version {VERSION} of the record `{}`, found version {version}; update this program",
                store.token
            );
            return Err(StoreError::new(StoreErrorKind::NewerVersion, message));
        }
        let Some(token) = token else { return Ok(None) };
        shifted(&token, -store.measure()?)
            .and_then(|token| Token::from_json(&token).ok())
            .map(Some)
            .ok_or_else(|| {
                let message = format!(
                    "expected a token as JSON in the field `token` of `{0}`, found other text; remove it with \
                     `HDEL {0} token`, and log in again",
                    store.token
                );
                StoreError::new(StoreErrorKind::Corrupt, message)
            })
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        let end = Instant::now().checked_add(self.0.timeout.saturating_mul(SAVE));
        loop {
            let saved = self.0.measure().and_then(|offset| {
                let token = token.to_json();
                self.0.write(&shifted(token.reveal(), offset).unwrap_or_default())
            });
            match saved {
                // The new refresh token may have replaced the stored one, so losing it would end the session.
                Err(error) if is_passing(&error) && end.is_none_or(|end| Instant::now() < end) => {
                    thread::sleep(POLL)
                }
                saved => return saved,
            }
        }
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.0.write("")
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        loop {
            if let Some(lease) = Shared::acquire(&self.0)? {
                return Ok(StoreLock::new(lease));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let message = format!(
                    "another machine holds the lease `{}`, and did not release it in time; retry",
                    self.0.lease_key
                );
                return Err(StoreError::new(StoreErrorKind::Locked, message));
            }
            thread::sleep(left.min(POLL));
        }
    }

    fn prepare_save(&self) -> Result<(), StoreError> {
        let store = &self.0;
        let held = store.held().as_ref().map_or(String::new(), |held| held.value.clone());
        let prepare = script(PREPARE, &[&store.lease_key, &store.room], &[&held]);
        match store.send(&prepare).map_err(store.failed("save a token", &store.room))? {
            1 => Ok(()),
            _ => Err(store.fenced("acquired it; retry")),
        }
    }

    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        let store = &self.0;
        if let Some((at, error)) = &*lock(&store.unreachable)
            && at.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        let all = redis::cmd("HGETALL").arg(&store.cooldowns).take();
        let failed = store.failed("load the cool-downs", &store.cooldowns);
        let all: Vec<(String, String)> = store.send(&all).map_err(failed)?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let offset = store.measure()?;
        // Ignore unknown kinds, which a newer version of Tonearm may write.
        let cooldowns = all.iter().filter_map(|(kind, times)| {
            let mut fields: Map<String, Value> = serde_json::from_str(kind).ok()?;
            for (name, millis) in ["until", "since"].into_iter().zip(times.split(' ')) {
                let millis = millis.parse::<i64>().ok()?.saturating_sub(offset);
                fields.insert(name.into(), Timestamp::from_unix_millis(millis).to_string().into());
            }
            serde_json::from_value(Value::Object(fields)).ok()
        });
        Ok(cooldowns.collect())
    }

    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        let store = &self.0;
        let offset = store.measure()?;
        let at = |time: Timestamp| time.unix_millis().saturating_add(offset).to_string();
        let kind = serde_json::to_string(&cooldown.kind).unwrap_or_default();
        let since = cooldown.since.unwrap_or_else(store.clock);
        let cool = script(COOL, &[&store.cooldowns], &[&kind, &at(cooldown.until), &at(since)]);
        store.send(&cool).map_err(store.failed("save a cool-down", &store.cooldowns))
    }
}

/// A lease that a thread renews. The thread releases it when this is dropped.
struct Lease(Option<(Sender<()>, JoinHandle<()>)>);

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.0.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// Acquires the lease if it is free.
    fn acquire(store: &Arc<Shared>) -> Result<Option<Lease>, StoreError> {
        let failed = store.failed("acquire the lease", &store.lease_key);
        let mut held = store.held();
        if held.is_some() {
            return Ok(None);
        }
        let (millis, random) = (store.lease.as_millis().to_string(), RandomState::new());
        let value = format!("{:016x}{:016x}:{millis}", random.hash_one(0), random.hash_one(1));
        let acquire = script(ACQUIRE, &[&store.lease_key, &store.token], &[&value, &millis]);
        let Some(number) = store.send::<Option<i64>>(&acquire).map_err(failed)? else {
            return Ok(None);
        };
        let (sender, ended) = mpsc::channel::<()>();
        let keeper = Arc::clone(store);
        let lease = value.clone();
        let keep = move || {
            let renew = script(RENEW, &[&keeper.lease_key], &[&lease, &millis]);
            while ended.recv_timeout(keeper.lease / 3) == Err(RecvTimeoutError::Timeout) {
                // If Redis is unavailable, the next attempt may succeed in time.
                let _: Result<i64, _> = keeper.send(&renew);
            }
            // Otherwise, the lease expires.
            let _: Result<i64, _> = keeper.send(&script(RELEASE, &[&keeper.lease_key], &[&lease]));
            *keeper.held() = None;
        };
        let thread = thread::Builder::new().name("tonearm-lease".to_owned()).spawn(keep);
        let thread = thread.map_err(|error| {
            StoreError::failed("cannot start the thread that renews the lease", error)
        })?;
        *held = Some(Held { value, number });
        Ok(Some(Lease(Some((sender, thread)))))
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        lock(&self.held)
    }

    /// Replaces the token, or removes it.
    fn write(&self, token: &str) -> Result<(), StoreError> {
        let (writer, number) = match &*self.held() {
            Some(held) => (held.value.clone(), held.number.to_string()),
            None => (String::new(), String::new()),
        };
        let write = script(WRITE, &[&self.token], &[token, &writer, &number, &VERSION.to_string()]);
        match self.send(&write).map_err(self.failed("save the token", &self.token))? {
            1 => Ok(()),
            _ => Err(self.fenced("changed the token; retry, and the client loads that one")),
        }
    }

    fn fenced(&self, what: &str) -> StoreError {
        let message =
            format!("the lease `{}` has expired, and another machine has {what}", self.lease_key);
        StoreError::new(StoreErrorKind::Locked, message)
    }

    /// Measures the difference to the clock of the server, in milliseconds. It is zero for a clock that is right, and
    /// changes only if a clock was set, so that the times of a token are the same each time that it is loaded.
    fn measure(&self) -> Result<i64, StoreError> {
        let failed = self.failed("read the clock of the server", &self.token);
        let (seconds, micros): (i64, i64) = self.send(&redis::cmd("TIME")).map_err(failed)?;
        let measured = seconds
            .saturating_mul(1000)
            .saturating_add(micros / 1000)
            .saturating_sub((self.clock)().unix_millis());
        let known = self.offset.load(Ordering::Relaxed);
        let offset = match measured {
            _ if (measured - known).abs() <= TOLERANCE => known,
            _ if measured.abs() <= TOLERANCE => 0,
            _ => measured,
        };
        self.offset.store(offset, Ordering::Relaxed);
        Ok(offset)
    }

    /// Sends a command, which may be sent twice: after a restart of Redis, the first attempt fails on the old
    /// connection.
    fn send<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let mut slot = lock(&self.connection);
        let mut is_reused = slot.is_some();
        loop {
            let mut connection = match slot.take() {
                Some(connection) => connection,
                None => self.connect()?,
            };
            match command.query(&mut connection) {
                Err(error) if error.is_unrecoverable_error() || error.is_io_error() => {
                    if !std::mem::take(&mut is_reused) {
                        return Err(error);
                    }
                }
                responded => {
                    *slot = Some(connection);
                    return responded;
                }
            }
        }
    }

    fn connect(&self) -> Result<Connection, RedisError> {
        let connect = || {
            let connection = self.client.get_connection_with_timeout(self.timeout)?;
            connection.set_read_timeout(Some(self.timeout))?;
            connection.set_write_timeout(Some(self.timeout))?;
            Ok(connection)
        };
        let connected = connect();
        *lock(&self.unreachable) = match &connected {
            Ok(_) => None,
            Err(error) => {
                Some((Instant::now(), self.failed("connect", "")(RedisError::clone(error))))
            }
        };
        connected
    }

    /// Returns an error that contains what to do.
    fn failed(&self, operation: &str, key: &str) -> impl FnOnce(RedisError) -> StoreError {
        let server = self.client.get_connection_info().addr().to_string();
        let (operation, key) = (operation.to_owned(), key.to_owned());
        move |error| {
            let text = error.to_string();
            // Redis 6 has the code of an error in a script in its text.
            let has = |code| error.code() == Some(code) || text.contains(code);
            let advice = match error.kind() {
                _ if has("WRONGPASS") || has("NOAUTH") => {
                    "check the user name and the password in the URL"
                }
                ErrorKind::AuthenticationFailed => {
                    "check the user name and the password in the URL"
                }
                _ if has("NOPERM") => {
                    "allow this user all commands on the keys `tonearm:*`, and `TIME`"
                }
                ErrorKind::Server(ServerErrorKind::ReadOnly) => "connect to the primary server",
                _ if has("READONLY") => "connect to the primary server",
                _ if has("OOM") => "raise `maxmemory` of Redis; the stored token is not changed",
                _ if has("MISCONF") => "free disk space for Redis; the stored token is not changed",
                _ if has("WRONGTYPE") => {
                    let message = format!(
                        "cannot {operation}: expected a record of Tonearm in the key `{key}` of Redis at \
                         {server}, found another type; rename that key"
                    );
                    return StoreError::new(StoreErrorKind::WrongClientId, message);
                }
                _ if error.is_io_error() || has("LOADING") => {
                    "check that Redis runs and can be reached"
                }
                _ => "see the message of Redis",
            };
            StoreError::failed(format!("cannot {operation} in Redis at {server}; {advice}"), error)
        }
    }
}

/// Returns whether Redis may be available again in a moment.
fn is_passing(error: &StoreError) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<RedisError>());
    cause.is_some_and(|cause| cause.is_io_error() || cause.code() == Some("LOADING"))
}

fn script(text: &str, keys: &[&str], arguments: &[&str]) -> Cmd {
    redis::cmd("EVAL").arg(text).arg(keys.len()).arg(keys).arg(arguments).take()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds milliseconds to the times of a token in JSON.
fn shifted(token: &str, millis: i64) -> Option<String> {
    if millis == 0 {
        return Some(token.to_owned());
    }
    let mut fields: Map<String, Value> = serde_json::from_str(token).ok()?;
    for name in ["expires_at", "received_at", "authorized_at"] {
        let Some(time) = fields.get_mut(name) else { continue };
        let at: Timestamp = time.as_str()?.parse().ok()?;
        let at = Timestamp::from_unix_millis(at.unix_millis().saturating_add(millis));
        *time = at.to_string().into();
    }
    serde_json::to_string(&fields).ok()
}
