//! Several machines that share the token of a user through the database they have anyway.
//!
//! ```sh
//! cargo run --example shared_tokens
//! ```
//!
//! The database here is a list in memory with the one statement that such a store needs: change a row only if it is
//! as I think it is. The machines are threads, and Spotify is the embedded one, which ends a refresh token as soon
//! as it has been used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tonearm::auth::{Cooldown, StoreError, StoreLock, StoreProblem};
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
    /// `Token::to_json`: encrypt it where others can read the database.
    token: Option<Secret>,
    /// Who renews the token, and until when: a machine that dies keeps it no longer than that.
    lease: Option<(u64, Instant)>,
}

impl Database {
    /// `UPDATE tokens SET … WHERE user = …`
    fn row<T>(&self, user: &str, change: impl FnOnce(&mut Row) -> T) -> T {
        let mut rows = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        change(rows.entry(user.to_owned()).or_default())
    }
}

/// The row of one user, as one machine sees it.
struct SharedTokens {
    database: Arc<Database>,
    user: String,
    machine: u64,
}

/// Longer than a call of the client may take: `SpotifyBuilder::call_timeout`.
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
            let is_mine = self.database.row(&self.user, |row| {
                let is_free = row.lease.is_none_or(|(_, until)| until < Instant::now());
                if is_free {
                    row.lease = Some((self.machine, Instant::now() + LEASE));
                }
                is_free
            });
            if is_mine {
                return Ok(StoreLock::new(Lease(self)));
            }
            if Instant::now() >= deadline {
                let message = "another machine renews the token and has not finished in time";
                return Err(StoreError::new(StoreProblem::Locked, message));
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

/// Gives the lease back when the token is stored.
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
    let person = server.browser();
    let login = app(0).login([Scope::UserReadEmail])?.quiet();
    login.browser(move |url| person.approve_and_redirect(url).map(drop)).run()?;
    server.expire_access_tokens();
    server.clear_requests();

    let machines: Vec<_> = (1..=4)
        .map(|machine| {
            let spotify = Spotify::builder().app(app(machine)).base_url(server.base_url()).build();
            thread::spawn(move || {
                let me = spotify?.get_me().send()?;
                println!("machine {machine}: {}", me.email.as_deref().unwrap_or("no address"));
                Ok::<(), tonearm::Error>(())
            })
        })
        .collect();
    for machine in machines {
        machine.join().map_err(|_| "a machine broke down")??;
    }
    let requests = server.requests();
    let renewals = requests.iter().filter(|request| request.path == "/api/token").count();
    println!("4 machines, {renewals} renewal");
    Ok(())
}
