//! The admin API: the operations that a test in any language has, as JSON over HTTP.

pub(crate) mod fault;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::faults::fail_all::Failure;
use super::faults::fault::Fault;
use super::http::{ADMIN, Incoming, Response};
use crate::endpoint::Method;
use crate::fake::api::route::Target;
use crate::fake::api::template::device_fields;
use crate::fake::library::Item;
use crate::json::value::{Value, json_object};
use crate::model::{Device, Playback};
use crate::types::display::Quoted;
use crate::types::id::{PlaylistId, SpotifyUri};
use crate::types::scope::{Scope, Scopes};
use fault::{JsonFailure, STEPS};

/// Defines [`Operation`] and the list of all operations.
macro_rules! operations {
    ($($variant:ident $(($arguments:ty))?: $method:literal $name:literal, $summary:literal;)*) => {
        /// An operation of the admin API, with its arguments. [`Server`](crate::fake::Server) has a method for each.
        #[derive(Debug)]
        pub(crate) enum Operation {
            $(#[doc = $summary] $variant $(($arguments))?,)*
        }

        /// Method, name and summary of each operation.
        pub(crate) const OPERATIONS: &[(&str, &str, &str)] = &[$(($method, $name, $summary)),*];

        /// Reads the operation with a name from the body of a request.
        fn operation(name: &str, body: &[u8]) -> Option<Result<Operation, String>> {
            Some(match name {
                $($name => operations!(@read name, body, $variant $(($arguments))?),)*
                _ => return None,
            })
        }
    };
    (@read $name:ident, $body:ident, $variant:ident ($arguments:ty)) => {
        read::<$arguments>($name, $body).map(Operation::$variant)
    };
    (@read $name:ident, $body:ident, $variant:ident) => {
        read::<Nothing>($name, $body).map(|Nothing {}| Operation::$variant)
    };
}

operations! {
    Info: "GET" "info", "URLs, token, app and some ids of the catalog.";
    Catalog: "GET" "catalog", "All ids of the catalog.";
    Library: "GET" "library", "URIs of everything that the user has saved or follows.";
    Log: "GET" "log", "The requests, without their headers.";
    LogText: "GET" "log.txt", "The requests as text for snapshots.";
    Requests: "GET" "requests", "The requests, with their headers.";
    ClearRequests: "POST" "clear_requests", "Clears the log.";
    Connections: "GET" "connections", "The number of open connections.";
    Reset: "POST" "reset", "Restores the initial state, without faults, without added users and with an empty log.";
    ResetToNewUser: "POST" "reset_to_new_user", "Assigns all tokens to a new user without data.";
    AddUser: "POST" "add_user", "Adds a user without data, with tokens of their own.";
    AddObject(NewObject): "POST" "add_object", "Adds an object to the catalog: {\"uri\": \"spotify:album:0eFHYz8NmK75zSplL5qlfM\", \"object\": {\"name\": \"Black Holes\"}}.";
    AddPlaylistItem(NewItem): "POST" "add_playlist_item", "Adds an item to the end of a playlist: {\"playlist_id\": \"3cEYpjA9oz9GiPac4AsH4n\", \"item\": {\"uri\": \"spotify:local:Muse:Demos:Rain:90\"}}.";
    SetDevices(Devices): "POST" "set_devices", "Replaces the devices of the user: {\"devices\": [{\"id\": \"desk\", \"name\": \"Desk\", \"is_active\": true}]}.";
    SetPlayback(NewPlayback): "POST" "set_playback", "Replaces the playback of the user: {\"playback\": {\"is_playing\": true, \"currently_playing_type\": \"ad\"}}, or null.";
    AdvancePlayback(Advance): "POST" "advance_playback", "Moves playback on: {\"ms\": 30000}.";
    IssueToken(ScopesOf): "POST" "issue_token", "Issues an access token: {\"scopes\": [\"user-read-email\"]}.";
    IssueRefreshToken(ScopesOf): "POST" "issue_refresh_token", "Issues a refresh token: {\"scopes\": [\"user-read-email\"]}.";
    ExpireAccessTokens: "POST" "expire_access_tokens", "Expires the access tokens of logins and refreshes.";
    SetAccessTokenLifetime(Lifetime): "POST" "set_access_token_lifetime", "Sets the lifetime of new access tokens: {\"seconds\": 60}.";
    RevokeConsent: "POST" "revoke_consent", "Revokes the consent of all users, and with it all refresh tokens.";
    RotateRefreshTokens(Rotate): "POST" "rotate_refresh_tokens", "Sets whether a refresh issues a new refresh token: {\"rotate\": true}.";
    FailTokenRequests(Times): "POST" "fail_token_requests", "Makes the next token requests fail: {\"times\": 2}.";
    FailAll(Reason): "POST" "fail_all", "Makes requests fail: {\"reason\": \"user_not_registered\"}, {\"reason\": \"owner_without_premium\"} or {\"reason\": \"user_without_premium\"}; null ends this.";
    EndRateLimit: "POST" "end_rate_limit", "Ends the rate limit of the server, so the next request succeeds.";
    Script(ScriptOf): "POST" "script", "Adds steps of the list `steps` for the next requests of a path: {\"path\": \"/me\", \"steps\": [{\"status\": 503}, \"normal\"]}, and \"method\" if only one.";
    ScriptCustom(ScriptOf): "POST" "script_custom", "Like `script`, for a path that is no endpoint of Spotify's.";
    PendingFaults: "GET" "pending_faults", "The number of steps that no request has consumed.";
    InjectRandomly(RandomFaults): "POST" "inject_randomly", "Injects random faults: {\"seed\": 7, \"faults\": [{\"fault\": \"quota_exceeded\", \"percent\": 5}]}.";
    Injected: "GET" "injected", "The injected faults, and how often each was injected.";
    Unrecorded: "GET" "unrecorded", "The requests that the recording lacks.";
    UnusedRecordings: "GET" "unused_recordings", "The recorded requests that were not sent.";
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopesOf {
    pub(crate) scopes: Scopes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObject {
    pub(crate) uri: String,
    pub(crate) object: Value,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewItem {
    pub(crate) playlist_id: PlaylistId,
    pub(crate) item: Item,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Devices {
    devices: Vec<Value>,
}

impl Devices {
    /// Returns the devices, if they have no unknown fields and no id twice.
    pub(crate) fn devices(self) -> Result<Vec<Device>, String> {
        let mut ids = Vec::new();
        let devices = self.devices.iter().map(|json| {
            let device: Device = serde_json::from_slice(&json.to_bytes())
                .map_err(|error| format!("`devices`: {}", in_words(&error.to_string())))?;
            if let Value::Object(fields) = json
                && let Some((unknown, _)) =
                    fields.iter().find(|(name, _)| !device_fields().any(|known| known == name))
            {
                let known: Vec<_> = device_fields().map(|name| format!("`{name}`")).collect();
                let (known, found) = (known.join(", "), Quoted(unknown));
                return Err(format!("`devices`: expected the fields {known}, found {found}"));
            }
            if let Some(id) = json.get("id").and_then(Value::as_str) {
                if ids.contains(&id) {
                    let id = Quoted(id);
                    return Err(format!("`devices`: expected each id once, found {id} twice"));
                }
                ids.push(id);
            }
            Ok(device)
        });
        devices.collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlayback {
    pub(crate) playback: Option<Playback>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    pub(crate) ms: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lifetime {
    pub(crate) seconds: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotate {
    pub(crate) rotate: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Times {
    pub(crate) times: u32,
}

/// `null` is the same as an object without a reason.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Reason(Option<ReasonOf>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonOf {
    reason: Option<JsonFailure>,
}

impl Reason {
    pub(crate) fn failure(self) -> Option<Failure> {
        self.0.and_then(|found| found.reason).map(JsonFailure::into)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptOf {
    pub(crate) path: String,
    #[serde(default)]
    method: Option<JsonMethod>,
    steps: Vec<Value>,
}

impl ScriptOf {
    pub(crate) fn method(&self) -> Option<Method> {
        self.method.map(|method| match method {
            JsonMethod::Get => Method::Get,
            JsonMethod::Put => Method::Put,
            JsonMethod::Post => Method::Post,
            JsonMethod::Delete => Method::Delete,
        })
    }

    /// Returns the number of requests and the fault of each step, `None` for a step that leaves requests their normal
    /// response.
    pub(crate) fn steps(&self) -> Result<Vec<(u16, Option<Fault>)>, String> {
        self.steps.iter().map(fault::step).collect()
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum JsonMethod {
    Get,
    Put,
    Post,
    Delete,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RandomFaults {
    pub(crate) seed: u64,
    faults: Vec<Chance>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chance {
    fault: Value,
    percent: u32,
}

impl RandomFaults {
    /// Returns the faults with their probabilities in percent.
    pub(crate) fn faults(self) -> Result<Vec<(Fault, u32)>, String> {
        let mut faults = Vec::new();
        for Chance { fault, percent } in self.faults {
            let Some(fault) = fault::fault(&fault)? else {
                return Err("`faults`: expected a fault, found `normal`".to_owned());
            };
            faults.push((fault, percent));
        }
        let sum = faults.iter().map(|(_, percent)| u64::from(*percent)).sum::<u64>();
        if sum > 100 {
            return Err(format!("`percent`: expected at most 100 in all, found {sum}"));
        }
        Ok(faults)
    }
}

/// Reads the arguments of an operation. Without a body there are none.
fn read<T: DeserializeOwned>(name: &str, body: &[u8]) -> Result<T, String> {
    let body = body.trim_ascii();
    let body = if body.is_empty() { b"{}" } else { body };
    if body.starts_with(b"[") {
        // Serde reads a list as the fields of an object.
        return Err(format!("expected an object, found a list; expected {}", arguments_of(name)));
    }
    serde_json::from_slice(body).map_err(|error| {
        format!("{}; expected {}", in_words(&error.to_string()), arguments_of(name))
    })
}

/// Returns an example of the arguments of an operation.
fn arguments_of(name: &str) -> &'static str {
    let summary = OPERATIONS.iter().find(|(_, known, _)| *known == name);
    let example = summary.and_then(|(_, _, summary)| Some(summary.split_once(": ")?.1));
    example.unwrap_or("an empty body or {}").trim_end_matches('.')
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
pub(crate) fn is_for_admin(path: &str) -> bool {
    path.strip_prefix(ADMIN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Responds to a request. `run` runs an operation, and returns its result or why it is invalid.
pub(crate) fn respond(
    incoming: &Incoming,
    target: &Target,
    is_local: bool,
    run: impl FnOnce(Operation) -> Result<Response, String>,
) -> Response {
    if !is_local {
        return error(403, "the admin API responds to clients on the same machine only");
    }
    let name = target.path.strip_prefix(ADMIN).unwrap_or_default().trim_matches('/');
    let method = if incoming.method == "HEAD" { "GET" } else { incoming.method.as_str() };
    if name.is_empty() && method == "GET" {
        return Response::json(200, &list());
    }
    let Some((expected, ..)) = OPERATIONS.iter().find(|(_, known, _)| *known == name) else {
        let message = format!("there is no operation `{name}`; `GET {ADMIN}/` lists all");
        return error(404, &message);
    };
    if *expected != method {
        let message = format!("{name}: expected the method {expected}, found {method}");
        return error(405, &message).with_header("allow", *expected);
    }
    let body = if method == "GET" { &[] } else { incoming.body.as_slice() };
    let result = operation(name, body).unwrap_or_else(|| Err(format!("there is no `{name}`")));
    let response = result.and_then(run);
    response.unwrap_or_else(|message| {
        let is_named = message.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
        error(400, &if is_named { message } else { format!("{name}: {message}") })
    })
}

/// Returns a URI, if it is one of a known kind with a valid id.
pub(crate) fn known_uri(text: &str) -> Result<SpotifyUri, String> {
    text.parse().ok().filter(|uri| !matches!(uri, SpotifyUri::Other(_))).ok_or_else(|| {
        let expected = "a URI such as `spotify:album:0eFHYz8NmK75zSplL5qlfM`";
        format!("`uri`: expected {expected}, found {}", Quoted(text))
    })
}

/// Returns the scopes of a request, if Spotify has all of them.
pub(crate) fn known(ScopesOf { scopes }: ScopesOf) -> Result<Scopes, String> {
    if let Some(unknown) = scopes.iter().find(|scope| matches!(scope, Scope::Other(_))) {
        return Err(format!("`scopes`: expected scopes of Spotify's, found `{unknown}`"));
    }
    Ok(scopes)
}

fn error(status: u16, message: &str) -> Response {
    Response::json(status, &json_object! { "error": message })
}

fn list() -> Value {
    let operations = OPERATIONS.iter().map(|(method, name, summary)| {
        json_object! { "method": *method, "path": format!("{ADMIN}/{name}"), "summary": *summary }
    });
    let steps = STEPS.iter().map(|(name, example)| {
        json_object! { "name": *name, "example": Value::parse(example.as_bytes()) }
    });
    json_object! { "operations": operations.collect::<Value>(), "steps": steps.collect::<Value>() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_machines_may_not_use_the_admin_api() {
        use crate::fake::http::is_local;
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
        let incoming = Incoming { method: "GET".to_owned(), ..Incoming::default() };
        for path in ["/_fake", "/_fake/", "/_fake/info", "/_fake/nothing"] {
            let response = respond(&incoming, &Target::of(path), false, |_| panic!("it runs"));
            assert_eq!(response.status, 403, "{path}");
            assert!(is_for_admin(path));
        }
        assert!(!is_for_admin("/_faker") && !is_for_admin("/v1/_fake"));
    }
}
