//! Runs the operations of the admin API.

use std::time::Duration;

use super::NewUser;
use super::log::ReceivedRequest;
use super::threads::Shared;
use crate::client::QuotaMode;
use crate::fake::admin::{self, NewItem, NewObject, NewPlayback, Operation};
use crate::fake::api::route;
use crate::fake::catalog::Catalog;
use crate::fake::faults::script::{Script, check_method, check_path};
use crate::fake::http::{ADMIN, Response};
use crate::fake::library;
use crate::fake::lock::lock;
use crate::fake::record::replay::Replay;
use crate::json::value::{Value, json_object};
use crate::types::scope::{Scope, Scopes};

/// The number of ids of each kind in [`Shared::info`].
const SOME: usize = 5;

impl Shared {
    /// Runs an operation, and returns its response or why it is invalid.
    pub(super) fn run(&self, operation: Operation) -> Result<Response, String> {
        let done = json_object! {};
        let json = match operation {
            Operation::Info => self.info(),
            Operation::Catalog => catalog(usize::MAX),
            Operation::Library => {
                let uris = lock(&self.state).library.uris();
                json_object! { "uris": texts(uris) }
            }
            Operation::Log => {
                let log = lock(&self.log).log();
                let requests = log.requests().iter().map(ReceivedRequest::to_json);
                json_object! { "dropped": log.dropped(), "requests": requests.collect::<Value>() }
            }
            Operation::LogText => {
                let text = lock(&self.log).log().to_string() + "\n";
                let response = Response::empty(200).with_body(text);
                return Ok(response.with_header("content-type", "text/plain; charset=utf-8"));
            }
            Operation::Requests => {
                let log = lock(&self.log).log();
                let requests = log.requests().iter().map(|request| {
                    let headers = request.headers.iter();
                    let headers = headers.map(|(name, value)| {
                        json_object! { "name": name.as_str(), "value": value.as_str() }
                    });
                    request.to_json().with([("headers", headers.collect::<Value>())])
                });
                json_object! { "dropped": log.dropped(), "requests": requests.collect::<Value>() }
            }
            Operation::ClearRequests => {
                lock(&self.log).clear();
                done
            }
            Operation::Connections => json_object! { "connections": self.connections() },
            Operation::Reset => {
                self.reset();
                done
            }
            Operation::ResetToNewUser => {
                self.reset_to_new_user();
                done
            }
            Operation::AdvancePlayback(advance) => {
                self.advance_playback(Duration::from_millis(advance.ms.into()));
                done
            }
            Operation::AddUser => {
                let NewUser { id, token, refresh_token } = self.new_user();
                json_object! {
                    "id": id.to_string(), "token": token, "refresh_token": refresh_token,
                }
            }
            Operation::AddObject(NewObject { uri, object }) => {
                let uri = admin::known_uri(&uri)?;
                let json = library::json_of(&object).unwrap_or(Value::Null);
                self.add_object(uri, json)?;
                done
            }
            Operation::AddPlaylistItem(NewItem { playlist_id, item }) => {
                self.add_playlist_item(playlist_id, &item)?;
                done
            }
            Operation::SetDevices(devices) => {
                self.set_devices(devices.devices()?);
                done
            }
            Operation::SetPlayback(NewPlayback { playback }) => {
                self.set_playback(playback)?;
                done
            }
            Operation::EndRateLimit => {
                self.end_rate_limit();
                done
            }
            Operation::IssueToken(scopes) => {
                json_object! { "token": self.issue(admin::known(scopes)?, 0) }
            }
            Operation::IssueRefreshToken(scopes) => {
                let scopes = admin::known(scopes)?;
                let token = lock(&self.accounts).issue_refresh_token(scopes, 0, self.port());
                json_object! { "refresh_token": token }
            }
            Operation::ExpireAccessTokens => {
                self.expire();
                done
            }
            Operation::SetAccessTokenLifetime(lifetime) => {
                let lifetime = Duration::from_secs(lifetime.seconds.into());
                lock(&self.accounts).lifetime = Some(lifetime);
                done
            }
            Operation::RevokeConsent => {
                lock(&self.accounts).revoke_consent();
                done
            }
            Operation::RotateRefreshTokens(setting) => {
                lock(&self.accounts).rotates = setting.rotate;
                done
            }
            Operation::FailTokenRequests(setting) => {
                lock(&self.accounts).down = setting.times;
                done
            }
            Operation::FailAll(reason) => {
                *lock(&self.failure) = reason.failure();
                done
            }
            Operation::Script(script) => {
                check_path(&script.path)?;
                if let Some(method) = script.method() {
                    check_method(&script.path, method)?;
                }
                let steps = script.steps()?;
                let new = Script::new(&self.faults, &script.path);
                script.method().into_iter().fold(new, Script::method).steps(steps);
                done
            }
            Operation::ScriptCustom(script) => {
                if !script.path.starts_with('/') {
                    return Err("`path`: expected a path such as `/charts/viral`".to_owned());
                }
                let steps = script.steps()?;
                let new = Script::custom(&self.faults, &script.path);
                script.method().into_iter().fold(new, Script::method).steps(steps);
                done
            }
            Operation::PendingFaults => {
                json_object! { "pending_faults": lock(&self.faults).pending() }
            }
            Operation::InjectRandomly(random) => {
                let seed = random.seed;
                let faults = random.faults()?;
                lock(&self.faults).inject_randomly(seed, faults);
                done
            }
            Operation::Injected => {
                let injected = lock(&self.faults).injected().into_iter().map(|(fault, count)| {
                    json_object! { "fault": format!("{fault:?}"), "count": count }
                });
                json_object! { "injected": injected.collect::<Value>() }
            }
            Operation::Unrecorded => {
                json_object! { "unrecorded": texts(self.replayed(Replay::missed)) }
            }
            Operation::UnusedRecordings => {
                let unused = self.replayed(Replay::unused_recordings);
                json_object! { "unused_recordings": texts(unused) }
            }
        };
        Ok(Response::json(200, &json))
    }

    /// Adds a user with tokens of their own.
    pub(super) fn new_user(&self) -> NewUser {
        let scopes = Scopes::from(Scope::ALL);
        let (user, id) = self.add_user();
        let token = self.issue(scopes.clone(), user);
        let refresh_token = lock(&self.accounts).issue_refresh_token(scopes, user, self.port());
        NewUser { id, token, refresh_token }
    }

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
            "client_secret": app.secret.as_str(),
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
