//! The admin API: the operations that a test in any language has, as JSON over HTTP.

use std::collections::HashSet;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::NewUser;
use super::log::ReceivedRequest;
use super::threads::Shared;
use crate::client::QuotaMode;
use crate::endpoint::Method;
use crate::fake::api::route::{self, Target};
use crate::fake::api::template::device_fields;
use crate::fake::catalog::Catalog;
use crate::fake::faults::fail_all::Failure;
use crate::fake::faults::json::{self, STEPS};
use crate::fake::faults::script::{Script, check_method, check_path};
use crate::fake::http::{ADMIN, Incoming, Response, is_local};
use crate::fake::library::{self, Item};
use crate::fake::lock::lock;
use crate::fake::record::replay::Replay;
use crate::json::value::{Value, json_object};
use crate::model::{Device, Playback};
use crate::types::display::Quoted;
use crate::types::id::{PlaylistId, SpotifyUri};
use crate::types::scope::{Scope, Scopes};

/// An operation. [`Server`](crate::fake::Server) has a method for each.
struct Operation {
    method: &'static str,
    name: &'static str,
    /// One sentence, and an example of the arguments if there are any.
    summary: &'static str,
    /// Reads the arguments from a body, and returns the response or why it is invalid.
    run: fn(&Shared, &[u8]) -> Result<Response, String>,
}

/// Defines [`OPERATIONS`]: the method, the name, the arguments, the summary and the code of each.
macro_rules! operations {
    (|$server:ident| $(
        $method:literal $name:literal ($($argument:ident: $type:ty),*) $summary:literal $run:block
    )*) => {
        const OPERATIONS: &[Operation] = &[$(Operation {
            method: $method,
            name: $name,
            summary: $summary,
            run: |$server, body| {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Arguments { $($argument: $type),* }
                let Arguments { $($argument),* } = read($summary, body)?;
                let result = $run;
                Ok(Outcome::from(result).0)
            },
        }),*];
    };
}

operations! { |server|
    "GET" "info" () "URLs, token, app and some ids of the catalog." { server.info() }

    "GET" "catalog" () "All ids of the catalog." {
        let _ = server;
        catalog(usize::MAX)
    }

    "GET" "library" () "URIs of everything that the user has saved or follows." {
        json_object! { "uris": texts(lock(&server.state).saved_uris()) }
    }

    "GET" "log" () "The requests, without their headers." {
        requests(server, ReceivedRequest::to_json)
    }

    "GET" "log.txt" () "The requests as text for snapshots." {
        // It is printed without the lock.
        let log = lock(&server.log).log();
        let response = Response::empty(200).with_body(format!("{log}\n"));
        response.with_header("content-type", "text/plain; charset=utf-8")
    }

    "GET" "requests" () "The requests, with their headers." {
        requests(server, |request| {
            let headers = request.headers.iter().map(|(name, value)| {
                json_object! { "name": name.as_str(), "value": value.as_str() }
            });
            request.to_json().with([("headers", headers.collect())])
        })
    }

    "POST" "clear_requests" () "Clears the log." { lock(&server.log).clear() }

    "GET" "connections" () "The number of open connections." {
        json_object! { "connections": server.connections() }
    }

    "POST" "reset" () "Restores the initial state, without faults, without added users and with an empty log." {
        server.reset()
    }

    "POST" "reset_to_new_user" () "Assigns all tokens to a new user without data." {
        server.reset_to_new_user()
    }

    "POST" "add_user" () "Adds a user without data, with tokens of their own." {
        let NewUser { id, token, refresh_token } = server.add_user();
        json_object! { "id": id.to_string(), "token": token, "refresh_token": refresh_token }
    }

    "POST" "add_object" (uri: String, object: Value)
    "Adds an object to the catalog: {\"uri\": \"spotify:album:0eFHYz8NmK75zSplL5qlfM\", \"object\": {\"name\": \"Black Holes\"}}." {
        let json = library::json_of(&object).unwrap_or(Value::Null);
        server.add_object(known_uri(&uri)?, json)?
    }

    "POST" "add_playlist_item" (playlist_id: PlaylistId, item: Item)
    "Adds an item to the end of a playlist: {\"playlist_id\": \"3cEYpjA9oz9GiPac4AsH4n\", \"item\": {\"uri\": \"spotify:local:Muse:Demos:Rain:90\"}}." {
        server.add_playlist_item(playlist_id, &item)?
    }

    "POST" "set_devices" (devices: Vec<Value>)
    "Replaces the devices of the user: {\"devices\": [{\"id\": \"desk\", \"name\": \"Desk\", \"is_active\": true}]}." {
        server.set_devices(known_devices(&devices)?)
    }

    "POST" "set_playback" (playback: Option<Playback>)
    "Replaces the playback of the user: {\"playback\": {\"is_playing\": true, \"currently_playing_type\": \"ad\"}}, or null." {
        server.set_playback(playback)?
    }

    "POST" "advance_playback" (ms: u32) "Moves playback on: {\"ms\": 30000}." {
        server.advance_playback(Duration::from_millis(ms.into()))
    }

    "POST" "issue_token" (scopes: Scopes) "Issues an access token: {\"scopes\": [\"user-read-email\"]}." {
        json_object! { "token": server.issue(known_scopes(scopes)?, 0) }
    }

    "POST" "issue_refresh_token" (scopes: Scopes) "Issues a refresh token: {\"scopes\": [\"user-read-email\"]}." {
        json_object! { "refresh_token": server.issue_refresh_token(known_scopes(scopes)?, 0) }
    }

    "POST" "expire_access_tokens" () "Expires the access tokens of logins and refreshes." { server.expire() }

    "POST" "set_access_token_lifetime" (seconds: u32) "Sets the lifetime of new access tokens: {\"seconds\": 60}." {
        lock(&server.accounts).lifetime = Some(Duration::from_secs(seconds.into()))
    }

    "POST" "revoke_consent" () "Revokes the consent of all users, and with it all refresh tokens." {
        lock(&server.accounts).revoke_consent()
    }

    "POST" "rotate_refresh_tokens" (rotate: bool)
    "Sets whether a refresh issues a new refresh token: {\"rotate\": true}." {
        lock(&server.accounts).rotates = rotate
    }

    "POST" "fail_token_requests" (times: u32) "Makes the next token requests fail: {\"times\": 2}." {
        lock(&server.accounts).down = times
    }

    "POST" "fail_all" (reason: Option<String>)
    "Makes requests fail: {\"reason\": \"user_not_registered\"}, {\"reason\": \"owner_without_premium\"} or {\"reason\": \"user_without_premium\"}; null ends this." {
        let known = [
            ("user_not_registered", Failure::UserNotRegistered),
            ("owner_without_premium", Failure::OwnerWithoutPremium),
            ("user_without_premium", Failure::UserWithoutPremium),
        ];
        let reason = reason.map(|reason| one_of("reason", &reason, &known)).transpose()?;
        *lock(&server.failure) = reason
    }

    "POST" "end_rate_limit" () "Ends the rate limit of the server, so the next request succeeds." {
        server.end_rate_limit()
    }

    "POST" "script" (path: String, method: Option<String>, steps: Vec<Value>)
    "Adds steps of the list `steps` for the next requests of a path: {\"path\": \"/me\", \"steps\": [{\"status\": 503}, \"normal\"]}, and \"method\" if only one." {
        check_path(&path)?;
        let (method, steps) = (known_method(method)?, json::steps(&steps)?);
        method.map_or(Ok(()), |method| check_method(&path, method))?;
        Script::new(&server.faults, &path).steps(method, steps)?
    }

    "POST" "script_custom" (path: String, method: Option<String>, steps: Vec<Value>)
    "Like `script`, for a path that is no endpoint of Spotify's." {
        if !path.starts_with('/') {
            return Err("`path`: expected a path such as `/charts/viral`".to_owned());
        }
        let (method, steps) = (known_method(method)?, json::steps(&steps)?);
        Script::custom(&server.faults, &path).steps(method, steps)?
    }

    "GET" "pending_faults" () "The number of steps that no request has consumed." {
        json_object! { "pending_faults": lock(&server.faults).pending() }
    }

    "POST" "inject_randomly" (seed: u64, faults: Vec<Chance>)
    "Injects random faults: {\"seed\": 7, \"faults\": [{\"fault\": \"quota_exceeded\", \"percent\": 5}]}." {
        let sum = faults.iter().map(|chance| u64::from(chance.percent)).sum::<u64>();
        let faults = faults.into_iter().map(|Chance { fault, percent }| {
            let expected = || "`faults`: expected a fault, found `normal`".to_owned();
            Ok((json::fault(&fault)?.ok_or_else(expected)?, percent))
        });
        let faults = faults.collect::<Result<_, String>>()?;
        if sum > 100 {
            return Err(format!("`percent`: expected at most 100 in all, found {sum}"));
        }
        lock(&server.faults).inject_randomly(seed, faults)
    }

    "GET" "injected" () "The injected faults, and how often each was injected." {
        let injected = lock(&server.faults).injected().into_iter().map(|(fault, count)| {
            json_object! { "fault": format!("{fault:?}"), "count": count }
        });
        json_object! { "injected": injected.collect::<Value>() }
    }

    "GET" "unrecorded" () "The requests that the recording lacks." {
        json_object! { "unrecorded": texts(server.replayed(Replay::missed)) }
    }

    "GET" "unused_recordings" () "The recorded requests that were not sent." {
        json_object! { "unused_recordings": texts(server.replayed(Replay::unused_recordings)) }
    }
}

/// The response of an operation that succeeds.
struct Outcome(Response);

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        json_object! {}.into()
    }
}

impl From<Value> for Outcome {
    fn from(json: Value) -> Self {
        Response::json(200, &json).into()
    }
}

impl From<Response> for Outcome {
    fn from(response: Response) -> Self {
        Outcome(response)
    }
}

/// Returns the value with this name.
fn one_of<T: Copy>(argument: &str, name: &str, known: &[(&str, T)]) -> Result<T, String> {
    match known.iter().find(|(known, _)| *known == name) {
        Some((_, value)) => Ok(*value),
        None => {
            let known: Vec<_> = known.iter().map(|(known, _)| format!("`{known}`")).collect();
            let (known, found) = (known.join(", "), Quoted(name));
            Err(format!("`{argument}`: expected one of {known}, found {found}"))
        }
    }
}

/// A fault and its probability.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chance {
    fault: Value,
    percent: u32,
}

fn known_method(name: Option<String>) -> Result<Option<Method>, String> {
    let known = [Method::Get, Method::Put, Method::Post, Method::Delete];
    let known = known.map(|method| (method.as_str(), method));
    name.map(|name| one_of("method", &name, &known)).transpose()
}

/// Returns the log, with each request as `json` renders it.
fn requests(server: &Shared, json: fn(&ReceivedRequest) -> Value) -> Value {
    let log = lock(&server.log).log();
    let requests = log.requests().iter().map(json).collect::<Value>();
    json_object! { "dropped": log.dropped(), "requests": requests }
}

/// Returns devices, if they have no unknown fields and no id twice.
fn known_devices(devices: &[Value]) -> Result<Vec<Device>, String> {
    let mut ids = HashSet::new();
    let devices = devices.iter().map(|json| {
        let device = serde_json::from_slice(&json.to_bytes())
            .map_err(|error| format!("`devices`: {}", in_words(&error.to_string())))?;
        if let Value::Object(fields) = json
            && let Some((unknown, _)) =
                fields.iter().find(|(name, _)| !device_fields().any(|known| known == name))
        {
            let known: Vec<_> = device_fields().map(|name| format!("`{name}`")).collect();
            let (known, found) = (known.join(", "), Quoted(unknown));
            return Err(format!("`devices`: expected the fields {known}, found {found}"));
        }
        match json.get("id").and_then(Value::as_str).filter(|id| !ids.insert(*id)) {
            Some(id) => {
                let id = Quoted(id);
                Err(format!("`devices`: expected each id once, found {id} twice"))
            }
            None => Ok(device),
        }
    });
    devices.collect()
}

/// Returns a URI, if it is one of a known kind with a valid id.
fn known_uri(text: &str) -> Result<SpotifyUri, String> {
    text.parse().ok().filter(|uri| !matches!(uri, SpotifyUri::Other(_))).ok_or_else(|| {
        let expected = "a URI such as `spotify:album:0eFHYz8NmK75zSplL5qlfM`";
        format!("`uri`: expected {expected}, found {}", Quoted(text))
    })
}

/// Returns scopes, if Spotify has all of them.
fn known_scopes(scopes: Scopes) -> Result<Scopes, String> {
    if let Some(unknown) = scopes.iter().find(|scope| matches!(scope, Scope::Other(_))) {
        return Err(format!("`scopes`: expected scopes of Spotify's, found `{unknown}`"));
    }
    Ok(scopes)
}

/// Reads the arguments of an operation with this summary. Without a body, or with `null`, there are none.
fn read<T: DeserializeOwned>(summary: &str, body: &[u8]) -> Result<T, String> {
    let example = summary.split_once(": ").map_or("an empty body or {}", |(_, example)| example);
    let invalid = |problem| format!("{problem}; expected {}", example.trim_end_matches('.'));
    match body.trim_ascii() {
        b"" | b"null" => serde_json::from_slice(b"{}"),
        // Serde reads a list as the fields of an object.
        [b'[', ..] => return Err(invalid("expected an object, found a list".to_owned())),
        body => serde_json::from_slice(body),
    }
    .map_err(|error| invalid(in_words(&error.to_string())))
}

/// Replaces the names of types in an error of serde by those of JSON.
fn in_words(error: &str) -> String {
    const WORDS: [(&str, &str); 12] = [
        ("type: string", "type: text"),
        ("type: sequence", "type: list"),
        ("type: map", "type: object"),
        ("expected a string", "expected a text"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected an object"),
        ("expected a boolean", "expected `true` or `false`"),
        ("expected u32", "expected an integer from 0"),
        ("expected u64", "expected an integer from 0"),
        ("expected struct ", "expected the object "),
        ("unknown variant", "unknown value"),
        ("variant identifier", "a text"),
    ];
    let error = WORDS.iter().fold(error.to_owned(), |error, (old, new)| error.replace(old, new));
    // The name of the type follows.
    match error.split_once("expected the object ") {
        Some((begin, rest)) => {
            let end = rest.find([' ', ',']).and_then(|end| rest.get(end..)).unwrap_or_default();
            format!("{begin}expected an object{end}")
        }
        None => error,
    }
}

/// Returns whether a request is for the admin API.
pub(super) fn is_for_admin(path: &str) -> bool {
    path.strip_prefix(ADMIN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Responds to a request. `is_local` is `true` if the client is on the same machine.
pub(super) fn respond(
    server: &Shared,
    incoming: &Incoming,
    target: &Target,
    is_local: bool,
) -> Response {
    if !is_local {
        return error(403, "the admin API responds to clients on the same machine only");
    }
    // The owner of a web page can let its own host name lead to this machine.
    if let Some(host) = incoming.header("host").filter(|host| !is_loopback(host)) {
        let (host, url) = (Quoted(host), server.origin() + ADMIN);
        let message = format!("the admin API is not available at the host {host}; call `{url}`");
        return error(403, &message);
    }
    let Some(origin) = incoming.header("origin") else { return run(server, incoming, target) };
    if !origin.split_once("://").is_some_and(|(_, host)| is_loopback(host)) {
        let expected = "expected one of this machine, such as `http://localhost:3000`";
        let message = format!(
            "the admin API is not available to web pages of the origin {}; {expected}",
            Quoted(origin)
        );
        return error(403, &message);
    }
    run(server, incoming, target)
        .with_header("access-control-allow-origin", origin)
        .with_header("access-control-allow-headers", "content-type")
        .with_header("vary", "origin")
}

/// Returns whether a host, with or without a port, is this machine for every client.
fn is_loopback(host: &str) -> bool {
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(is_local)
}

/// Carries out the operation of a request.
fn run(server: &Shared, incoming: &Incoming, target: &Target) -> Response {
    if incoming.method == "OPTIONS" {
        return Response::empty(204);
    }
    let name = target.path.strip_prefix(ADMIN).unwrap_or_default().trim_matches('/');
    let method = if incoming.method == "HEAD" { "GET" } else { incoming.method.as_str() };
    if name.is_empty() && method == "GET" {
        return Response::json(200, &list());
    }
    let Some(operation) = OPERATIONS.iter().find(|operation| operation.name == name) else {
        let message = format!("there is no operation `{name}`; `GET {ADMIN}/` lists all");
        return error(404, &message);
    };
    let expected = operation.method;
    if expected != method {
        let message = format!("{name}: expected the method {expected}, found {method}");
        return error(405, &message).with_header("allow", expected);
    }
    let body = if method == "GET" { &[] } else { incoming.body.as_slice() };
    (operation.run)(server, body).unwrap_or_else(|message| {
        let is_named = message.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
        error(400, &if is_named { message } else { format!("{name}: {message}") })
    })
}

pub(super) fn error(status: u16, message: &str) -> Response {
    Response::json(status, &json_object! { "error": message })
}

fn list() -> Value {
    let operations = OPERATIONS.iter().map(|Operation { method, name, summary, .. }| {
        json_object! { "method": *method, "path": format!("{ADMIN}/{name}"), "summary": *summary }
    });
    let steps = STEPS.iter().map(|(name, example)| {
        json_object! { "name": *name, "example": Value::parse(example.as_bytes()) }
    });
    json_object! { "operations": operations.collect::<Value>(), "steps": steps.collect::<Value>() }
}

/// The number of ids of each kind in [`Shared::info`].
const SOME: usize = 5;

impl Shared {
    /// Returns what a test needs.
    pub(super) fn info(&self) -> Value {
        let origin = self.origin();
        let app = &self.settings.app;
        let mode =
            if self.settings.mode == QuotaMode::Development { "development" } else { "extended" };
        let state = lock(&self.state);
        let user = state.catalog.users.get(state.me).map(|user| user.id.to_string());
        json_object! {
            "base_url": format!("{origin}{}", route::ROOT),
            "accounts_url": origin.as_str(),
            "admin_url": format!("{origin}{ADMIN}"),
            "quota_mode": mode,
            "legacy_access": mode == "extended" && self.settings.legacy_access,
            "token": self.token.as_str(),
            "client_id": app.id.as_str(),
            "client_secret": app.secret.reveal(),
            "redirect_uris": texts(&app.redirect_uris),
            "user_id": user,
            "catalog": catalog(SOME),
        }
    }
}

/// Returns ids of the catalog, at most `count` of each kind.
fn catalog(count: usize) -> Value {
    let catalog = Catalog::shared();
    json_object! {
        "albums": texts(catalog.albums().iter().take(count)),
        "artists": texts(catalog.artists().iter().take(count)),
        "audiobooks": texts(catalog.audiobooks().iter().take(count)),
        "chapters": texts(catalog.chapters().iter().take(count)),
        "episodes": texts(catalog.episodes().iter().take(count)),
        "playlists": texts(catalog.playlists().iter().take(count)),
        "shows": texts(catalog.shows().iter().take(count)),
        "tracks": texts(catalog.tracks().iter().take(count)),
        "users": texts(catalog.users().iter().take(count)),
    }
}

fn texts(values: impl IntoIterator<Item = impl ToString>) -> Value {
    values.into_iter().map(|value| Value::from(value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_machines_may_not_use_the_admin_api() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("192.168.0.7", false),
            ("::ffff:10.0.0.1", false),
            ("0.0.0.0", false),
        ] {
            assert_eq!(is_local(address.parse().unwrap()), expected, "{address}");
        }
        let server = crate::fake::Server::start().unwrap();
        let incoming = Incoming { method: "GET".to_owned(), ..Incoming::default() };
        for path in ["/_fake", "/_fake/", "/_fake/info", "/_fake/nothing"] {
            let response = respond(&server.shared, &incoming, &Target::of(path), false);
            assert_eq!(response.status, 403, "{path}");
            assert!(is_for_admin(path));
        }
        assert!(!is_for_admin("/_faker") && !is_for_admin("/v1/_fake"));
    }
}
