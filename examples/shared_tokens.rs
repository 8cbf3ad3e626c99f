//! Shares the token of a user between several machines, through a database.
//!
//! ```sh
//! cargo run --example shared_tokens
//! ```
//!
//! In this example, the database is a map in memory. It supports the one operation that such a store needs: a
//! conditional update of a row. The machines are threads. The fake Spotify server revokes a refresh token as soon as it
//! has been used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tonearm::auth::{Cooldown, StoreError, StoreErrorKind, StoreLock};
use tonearm::{Scope, Secret, Spotify, Token, TokenStore, fake};

/// The table `tokens`, with a row for each user, and the limits of the app.
#[derive(Default)]
struct Database {
    tokens: Mutex<HashMap<String, Row>>,
    /// As JSON in one row: `serde_json::to_string`.
    cooldowns: Mutex<Vec<Cooldown>>,
}

#[derive(Default)]
struct Row {
    /// The result of `Token::to_json`. Encrypt it if others can read the database.
    token: Option<Secret>,
    /// The machine that is refreshing the token, and the end of its lease. A lease expires even if the machine crashes.
    lease: Option<(u64, Instant)>,
}

impl Database {
    /// `UPDATE tokens SET … WHERE user = …`
    fn row<T>(&self, user: &str, change: impl FnOnce(&mut Row) -> T) -> T {
        let mut rows = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        change(rows.entry(user.to_owned()).or_default())
    }
}

/// The token store of one user on one machine.
struct SharedTokens {
    database: Arc<Database>,
    user: String,
    machine: u64,
}

/// The duration of a lease, longer than `SpotifyBuilder::call_timeout`.
const LEASE: Duration = Duration::from_secs(90);

impl TokenStore for SharedTokens {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        let json = self.database.row(&self.user, |row| row.token.clone());
        json.map(|json| Token::from_json(json.reveal())).transpose()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        self.database.row(&self.user, |row| row.token = Some(token.to_json()));
        Ok(())
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.database.row(&self.user, |row| row.token = None);
        Ok(())
    }

    /// `UPDATE tokens SET machine = …, until = … WHERE user = … AND (machine IS NULL OR until < now())`
    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        loop {
            let is_acquired = self.database.row(&self.user, |row| {
                let is_free = row.lease.is_none_or(|(_, until)| until < Instant::now());
                if is_free {
                    row.lease = Some((self.machine, Instant::now() + LEASE));
                }
                is_free
            });
            if is_acquired {
                return Ok(StoreLock::new(Lease(self)));
            }
            if Instant::now() >= deadline {
                let message = "another machine is refreshing the token and did not finish in time";
                return Err(StoreError::new(StoreErrorKind::Locked, message));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// `SELECT cooldowns FROM apps`
    fn load_cooldowns(&self) -> Result<Vec<Cooldown>, StoreError> {
        Ok(self.database.cooldowns.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// In one transaction: `SELECT … FOR UPDATE`, and `UPDATE apps SET cooldowns = …`
    fn save_cooldown(&self, cooldown: &Cooldown) -> Result<(), StoreError> {
        let mut stored = self.database.cooldowns.lock().unwrap_or_else(PoisonError::into_inner);
        cooldown.merge_into(&mut stored);
        Ok(())
    }
}

/// Releases the lease when it is dropped, after the token has been stored.
struct Lease<'a>(&'a SharedTokens);

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.0.database.row(&self.0.user, |row| {
            row.lease = row.lease.filter(|(machine, _)| *machine != self.0.machine);
        });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = fake::Server::start()?;
    server.rotate_refresh_tokens(true);
    let database = Arc::new(Database::default());
    let app = |machine| {
        let (database, user) = (Arc::clone(&database), "mira".to_owned());
        server.app().store(SharedTokens { database, user, machine })
    };

    // The user logs in once, on any of the machines.
    let browser = server.browser();
    let login = app(0).login([Scope::UserReadEmail])?.quiet();
    login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run()?;
    server.expire_access_tokens();
    server.clear_requests();

    let machines: Vec<_> = (1..=4)
        .map(|machine| {
            let spotify = Spotify::builder().app(app(machine)).base_url(server.base_url()).build();
            thread::spawn(move || {
                let me = spotify?.get_me().send()?;
                println!(
                    "machine {machine}: {}",
                    me.email.as_deref().unwrap_or("no email address")
                );
                Ok::<(), tonearm::Error>(())
            })
        })
        .collect();
    for machine in machines {
        machine.join().map_err(|_| "the thread of a machine panicked")??;
    }
    let requests = server.requests();
    let refreshes = requests.iter().filter(|request| request.path == "/api/token").count();
    println!("machines: 4, token refreshes: {refreshes}");
    Ok(())
}
