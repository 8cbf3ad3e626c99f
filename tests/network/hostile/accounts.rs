//! An accounts service that is broken or malicious: the client gets no token, but doesn't hang, and can retry.

use std::time::Duration;

use tonearm::{App, SpotifyBuilder};

use super::{Hostile, Talk, ends, outcome};
use crate::support::with_longer_limits;

/// Returns the outcome of a call for which the client needs a token first.
fn token_outcome(name: &str, fault: impl Fn(&mut Talk) + Send + Sync + 'static) -> String {
    let accounts = Hostile::start(fault);
    let builder = accounts.builder();
    outcome_with(name, accounts, builder)
}

fn outcome_with(name: &str, accounts: Hostile, builder: SpotifyBuilder) -> String {
    let app = App::new("client")
        .client_secret("secret")
        .accounts_url(format!("http://{}", accounts.address));
    let spotify = builder.client_credentials(app).build().unwrap();
    ends(name, move || {
        let outcome = outcome(spotify.get_markets().send());
        drop(accounts);
        outcome
    })
}

#[test]
fn broken_token_responses_return_an_error_without_hanging() {
    let text = |text: String| {
        move |talk: &mut Talk| {
            talk.read();
            talk.write(&text);
            talk.close();
        }
    };
    let endless = |first: &'static str, again: &'static str| {
        move |talk: &mut Talk| {
            talk.read();
            talk.write(first);
            let again = again.repeat(500);
            while talk.write(&again) {}
        }
    };
    let ok = "HTTP/1.1 200 OK\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    with_longer_limits(Duration::from_millis(500), |limit| {
        let silent = Hostile::start(Talk::wait);
        let builder = silent.builder().call_timeout(limit);
        match outcome_with("silence", silent, builder) {
            outcome if outcome == "Timeout, not done" => Ok(()),
            outcome => Err(outcome),
        }
    });
    // No request to the Web API was sent, so nothing can have taken effect.
    for (name, expected, outcome) in [
        ("a reset", "Broken, not done", token_outcome("a reset", |_| {})),
        ("SSH", "Broken, not done", token_outcome("SSH", text("SSH-2.0-x\r\n".into()))),
        ("endless 100", "TooLarge, not done", token_outcome("endless 100", endless(go_on, go_on))),
        ("a head", "Broken, not done", token_outcome("a head", endless(ok, "x: 1\r\n"))),
        (
            "a body",
            "TooLarge, not done",
            token_outcome("a body", endless("HTTP/1.1 200 OK\r\n\r\n", " ")),
        ),
        ("chunks", "TooLarge, not done", token_outcome("chunks", endless(chunked, "1\r\na\r\n"))),
    ] {
        assert_eq!(outcome, expected, "{name}");
    }
    for (expected, bytes) in [
        // Nested deeper than the stack allows.
        ("TooLarge, not done", go_on.repeat(10_000)),
        ("Broken, not done", format!("{chunked}ffffffffffffffff\r\n{{}}\r\n")),
        ("TooLarge, not done", format!("{ok}content-length: 18446744073709551615\r\n\r\n{{")),
        ("Status, 200", format!("{ok}\r\n{}", "[".repeat(10_000))),
        ("Status, 200", format!("{ok}\r\n")),
        ("Status, 502", "HTTP/1.1 502 Bad\r\n\r\n<html>".to_owned()),
        ("Status, 307", "HTTP/1.1 307 There\r\nlocation: /api/token\r\n\r\n".to_owned()),
    ] {
        let name: String = bytes.chars().take(60).collect();
        assert_eq!(token_outcome(&name, text(bytes)), expected, "{name:?}");
    }
}
