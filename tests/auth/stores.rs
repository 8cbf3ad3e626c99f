//! The hooks of a store: reserving space before a token request, and cooldowns.

use std::sync::Arc;
use std::time::Instant;

use tonearm::auth::{
    Cooldown, CooldownKind, MemoryStore, StoreError, StoreErrorKind, StoreLock, Token, TokenStore,
};
use tonearm::{App, Error, Scopes, Timestamp, fake};

use super::{client_of, forms, granted, spotify_of_two, token, token_requests};

/// A store in memory that has no space for another token.
#[derive(Default)]
struct Full(MemoryStore);

impl TokenStore for Full {
    fn load(&self) -> Result<Option<Token>, StoreError> {
        self.0.load()
    }

    fn save(&self, token: &Token) -> Result<(), StoreError> {
        self.0.save(token)
    }

    fn clear(&self) -> Result<(), StoreError> {
        self.0.clear()
    }

    fn lock(&self, deadline: Instant) -> Result<StoreLock<'_>, StoreError> {
        self.0.lock(deadline)
    }

    fn prepare_save(&self) -> Result<(), StoreError> {
        assert!(self.0.lock(Instant::now()).is_err(), "the client holds the lock");
        Err(StoreError::new(StoreErrorKind::Failed, "the table is full"))
    }
}

#[test]
fn token_that_cannot_be_saved_is_not_requested() {
    let server = spotify_of_two(|_, _| granted("BQ-new", ""), |bearer| bearer == "Bearer BQ-old");
    let store = Arc::new(Full::default());
    store.save(&token("BQ-old", "AQ", -10)).unwrap();
    let app = || App::new("id").store(Arc::clone(&store));
    let spotify = client_of(&server, app());
    let error = spotify.get_me().send().unwrap_err();
    assert!(matches!(&error, Error::Store(error) if error.kind() == StoreErrorKind::Failed));
    // A token in its last minute is used as it is.
    store.save(&token("BQ-old", "AQ", 30)).unwrap();
    spotify.get_me().send().unwrap();
    client_of(&server, app()).get_me().send().unwrap();
    assert!(forms(&server).is_empty());
}

#[test]
fn code_is_not_used_up_for_a_token_that_cannot_be_saved() {
    let server = fake::Server::start().unwrap();
    let app = server.app().store(Full::default());
    let login = app.login(Scopes::empty()).unwrap();
    let redirected = server.browser().approve(&login.url()).unwrap();
    assert!(matches!(login.finish(&redirected), Err(Error::Store(_))));
    assert_eq!(token_requests(&server), 0);
}

/// Returns a cooldown that ends some seconds from now.
pub fn cooldown(kind: &str, seconds: i64) -> Cooldown {
    let until = Timestamp::from_unix_seconds(Timestamp::now().unix_seconds() + seconds);
    serde_json::from_str(&format!(r#"{{{kind},"until":"{until}"}}"#)).unwrap()
}

pub const RATE: &str = r#""kind":"rate""#;
pub const TOKENS: &str = r#""kind":"token_endpoint""#;

pub fn quota(path: &str) -> String {
    format!(r#""kind":"quota","method":"GET","path":"{path}""#)
}

/// Checks which cooldowns a store keeps.
pub fn cooldowns_are_merged(store: &dyn TokenStore) {
    assert_eq!(store.load_cooldowns().unwrap(), []);
    let (albums, search) = (quota("/artists/{id}/albums"), quota("/search"));
    let long = [cooldown(RATE, 60), cooldown(&albums, 7200), cooldown(&search, 600)];
    let short = [cooldown(RATE, 30), cooldown(&albums, 60)];
    let ended = [cooldown(TOKENS, -1), cooldown(&quota("/ended"), 0)];
    // A limit of a year is implausible: the clock was wrong.
    let implausible = [cooldown(&quota("/late"), 365 * 86_400), cooldown(TOKENS, 365 * 86_400)];
    for cooldown in short.iter().chain(&long).chain(&short).chain(&ended).chain(&implausible) {
        store.save_cooldown(cooldown).unwrap();
    }
    assert_eq!(store.load_cooldowns().unwrap(), long);
    store.save_cooldown(&cooldown(TOKENS, 5)).unwrap();
    let loaded = store.load_cooldowns().unwrap();
    assert_eq!(loaded.last().map(|last| &last.kind), Some(&CooldownKind::TokenEndpoint));
    // Cooldowns are independent of the token.
    store.save(&token("BQ", "AQ", 3600)).unwrap();
    store.clear().unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), loaded);
    assert!(store.load().unwrap().is_none());
}

#[test]
fn cooldowns_in_memory_are_merged() {
    cooldowns_are_merged(&MemoryStore::new());
    // An app keeps the store in an `Arc`.
    cooldowns_are_merged(&Arc::new(MemoryStore::new()));
}

#[test]
fn store_without_cooldowns_keeps_none() {
    let store = Full::default();
    store.save_cooldown(&cooldown(RATE, 60)).unwrap();
    assert_eq!(store.load_cooldowns().unwrap(), []);
}
