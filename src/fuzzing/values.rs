//! Properties of times, waits, markets, scopes and stored values.

use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{assert_message, client};
use crate::auth::Token;
use crate::call::WriteCheckpoint;
use crate::error::StoreErrorKind;
use crate::page::Checkpoint;
use crate::transport::Cooldown;
use crate::transport::retry_after;
use crate::types::market::{Market, MarketSet};
use crate::types::scope::{Scope, Scopes};
use crate::types::timestamp::{Date, Timestamp};

/// Checks text as a time and as a date, and any number of milliseconds.
pub fn times(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match text.parse::<Date>() {
        Ok(date) => assert_eq!(date.to_string(), text.trim()),
        Err(error) => assert_message(&error),
    }
    match text.parse::<Timestamp>() {
        Ok(time) => {
            check_time(time);
            // Text in our format prints the same, except a leap second.
            let text = text.trim();
            if text.len() == 20
                && text.contains('T')
                && text.ends_with('Z')
                && &text[17..19] != "60"
            {
                assert_eq!(time.to_string(), text);
            }
        }
        Err(error) => assert_message(&error),
    }
    if let Some(millis) = bytes.first_chunk() {
        check_time(Timestamp::from_unix_millis(i64::from_le_bytes(*millis)));
        check_time(Timestamp::from_unix_seconds(i64::from_be_bytes(*millis)));
    }
}

fn check_time(time: Timestamp) {
    assert_eq!(time.to_string().parse(), Ok(time));
    let date = time.date();
    assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
    assert!(Timestamp::from(date) <= time && Timestamp::from(date).date() == date, "{time}");
    // Windows has no moments before 1601.
    let least =
        Timestamp::from_unix_seconds(if cfg!(windows) { -11_644_473_600 } else { i64::MIN });
    assert_eq!(Timestamp::from(SystemTime::from(time)), time.max(least));
    assert_eq!(Timestamp::from_unix_millis(time.unix_millis()), time);
    let seconds = Timestamp::from_unix_seconds(time.unix_seconds());
    assert!(seconds <= time && time.unix_millis() - seconds.unix_millis() < 1000, "{time}");
    let later = Timestamp::from_unix_seconds(time.unix_seconds() + 86_400);
    let later = Timestamp::from_unix_seconds(later.unix_seconds());
    // Years have four digits, so text sorts like time, except for fractions of a second.
    assert!(seconds.to_string() <= later.to_string(), "{seconds} {later}");
    let json = serde_json::to_string(&time).expect("text serializes");
    assert_eq!(serde_json::from_str::<Timestamp>(&json).ok(), Some(time));
}

/// Checks text as a market, and JSON as a set of markets.
pub fn markets(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match text.parse::<Market>() {
        Ok(market) => {
            assert!(Market::ALL.contains(&market), "{market}");
            assert!(market.as_str().eq_ignore_ascii_case(text.trim()), "{market}");
            assert_eq!(market.to_string().parse(), Ok(market));
        }
        Err(error) => assert_message(&error),
    }
    let Ok(set) = serde_json::from_str::<MarketSet>(&text) else { return };
    let markets: Vec<Market> = set.iter().collect();
    assert!(markets.is_sorted(), "{set:?}");
    assert_eq!((markets.len(), markets.is_empty()), (set.len(), set.is_empty()));
    assert!(markets.iter().all(|market| set.contains(*market)), "{set:?}");
    assert_eq!(markets.into_iter().collect::<MarketSet>(), set);
    let json = serde_json::to_string(&set).expect("a set serializes");
    assert_eq!(serde_json::from_str::<MarketSet>(&json).ok(), Some(set));
}

/// Checks text as scopes.
pub fn scopes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_lowercase();
    let Ok(scopes) = text.parse::<Scopes>();
    assert_eq!(scopes.to_string().parse().as_ref(), Ok(&scopes));
    assert_eq!(scopes.iter().count(), scopes.len());
    assert_eq!(scopes.iter().cloned().collect::<Scopes>(), scopes);
    for scope in scopes.iter() {
        assert!(
            scopes.contains(scope) && lower.contains(&scope.as_str().to_lowercase()),
            "{scope}"
        );
        assert!(!scope.as_str().contains(|c: char| c.is_whitespace() || c == ','), "{scope}");
        assert_eq!(&Scope::from(scope.as_str()), scope);
    }
    assert_eq!(scopes.is_empty(), text.chars().all(|c| c.is_whitespace() || c == ','));
}

/// Checks text as the header `Retry-After`.
pub fn waits(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // Sun, 06 Nov 1994 08:49:37 GMT
    let now = Timestamp::from_unix_seconds(784_111_777);
    let wait = retry_after(Some(&text), now);
    let longest = Duration::from_secs(36_525 * 86_400);
    assert!(wait.is_none_or(|wait| !wait.is_zero() && wait <= longest), "{wait:?}");
    assert_eq!(retry_after(None, now), None);
    assert_eq!(retry_after(Some(&format!(" {text}\t")), now), wait);
    if let Ok(seconds) = text.trim().parse() {
        let seconds = Duration::from_secs(seconds);
        assert_eq!(wait, (!seconds.is_zero()).then_some(seconds.min(longest)));
    }
    let later = Timestamp::from_unix_millis(now.unix_millis() + 60_000);
    assert!(retry_after(Some(&text), later) <= wait, "a later time has a longer wait");
}

/// Checks JSON as what a program stores: a token, a cool-down, a checkpoint and a partial write.
pub fn stored(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Token::from_json(text) {
        Ok(token) => {
            let json = token.to_json();
            assert_eq!(Token::from_json(json.reveal()).ok().as_ref(), Some(&token));
            assert!(token.login_expires_at() >= token.authorized_at());
        }
        Err(error) => {
            assert_eq!(error.kind(), StoreErrorKind::Corrupt);
            assert_message(&error);
        }
    }
    if let Some(cooldown) = round_trip::<Cooldown>(text) {
        let mut stored = Vec::new();
        cooldown.merge_into(&mut stored);
        assert_eq!(!stored.is_empty(), cooldown.is_active(Timestamp::now()));
    }
    if let Some(checkpoint) = round_trip::<Checkpoint>(text) {
        let later = checkpoint.later(usize::MAX);
        assert_eq!(checkpoint.param().is_some(), later.param().is_some());
    }
    if let Some(write) = round_trip::<WriteCheckpoint>(text) {
        let pending = write.uncertain().len() + write.remaining().len();
        assert_eq!(write.total_count(), write.completed_count().saturating_add(pending));
        for took_effect in [true, false] {
            let decided = write.clone().uncertain_took_effect(took_effect);
            assert!(decided.uncertain().is_empty());
            assert_eq!(decided.total_count(), write.total_count());
        }
        if let Err(error) = write.requests(client()) {
            assert_message(&error);
        }
    }
}

/// Reads a value, and checks that it is written as JSON that is read as the same value.
fn round_trip<T: DeserializeOwned + Serialize + PartialEq>(text: &str) -> Option<T> {
    let value: T = serde_json::from_str(text).ok()?;
    let json = serde_json::to_string(&value).expect("a stored value serializes");
    let again: T = serde_json::from_str(&json).expect("a stored value is read again");
    assert!(again == value, "{json}");
    Some(value)
}
