//! The meaning of a response for the check.

use std::time::Instant;

use serde_json::Value;
use tonearm::custom::NamedCall;
use tonearm::endpoint::Endpoint;
use tonearm::error::ApiError;
use tonearm::{Error, RawResponse, Scopes};

use super::check::{Checker, takes_id};
use super::plan::Arguments;

/// The reason for which something was not checked.
pub enum Obstacle {
    /// The endpoint alone.
    Endpoint(String),
    /// Everything from here on.
    All(String),
}

/// The meaning of a response for the check.
pub enum Verdict {
    Success(RawResponse),
    /// The endpoint is not available to the app.
    Unavailable(u16),
    /// The status, and the message.
    Failed(u16, String),
}

impl Checker<'_> {
    /// Sends one request, measures its time, and takes the ids in its response.
    pub fn send(
        &mut self,
        send: impl Fn() -> Result<RawResponse, Error>,
    ) -> Result<RawResponse, Error> {
        let began = Instant::now();
        let result = send();
        self.millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.report.requests += 1;
        let response = result?;
        if let Ok(json) = serde_json::from_slice::<Value>(response.body()) {
            self.private.take(&json);
            self.found.take(&json);
        }
        Ok(response)
    }

    /// Returns the meaning of the response, or the reason for which it neither confirms nor contradicts the table.
    pub fn judge(
        &mut self,
        endpoint: &'static Endpoint,
        call: &NamedCall,
        response: Result<RawResponse, Error>,
        arguments: &Arguments,
    ) -> Result<Verdict, Obstacle> {
        let error = match response {
            Ok(response) if (200..300).contains(&response.status()) => {
                self.failures = 0;
                return Ok(Verdict::Success(response));
            }
            Ok(response) => match call.decode::<Value>(&response) {
                Err(error) => error,
                Ok(_) => return Ok(Verdict::Failed(response.status(), String::new())),
            },
            Err(error) => error,
        };
        let text = error.to_string();
        let stops = |why: &str| Err(Obstacle::All(format!("{text}; {why}")));
        // A single request that may have taken effect is a partial write too.
        let cause = match &error {
            Error::PartialWrite(stopped) => &stopped.error,
            error => error,
        };
        match cause {
            Error::RateLimited(limited) => stops(&format!("continue after {}", limited.until)),
            Error::Unauthorized(_) | Error::LoginRequired(_) | Error::Store(_) => {
                stops("log in again")
            }
            Error::InvalidClient(_)
            | Error::UserNotRegistered(_)
            | Error::OwnerWithoutPremium(_) => Err(Obstacle::All(text)),
            Error::InsufficientScope(_) => {
                let held = self.held.clone();
                let needed = Scopes::for_endpoints([endpoint]);
                if held.is_some_and(|held| held.contains_all(&needed)) {
                    return Ok(Verdict::Failed(
                        403,
                        format!("a scope is missing beside `{needed}`"),
                    ));
                }
                Err(Obstacle::Endpoint(text))
            }
            Error::Transport(_) => {
                self.failures += 1;
                if self.failures >= 3 {
                    Err(Obstacle::All(text))
                } else {
                    Err(Obstacle::Endpoint(text))
                }
            }
            Error::EndpointUnavailable(_) => {
                Ok(Verdict::Unavailable(error.status().unwrap_or(403)))
            }
            Error::Forbidden(api) if is_premium(api) => Err(Obstacle::Endpoint(text)),
            Error::Forbidden(api) if is_bare(api) => Ok(Verdict::Unavailable(403)),
            Error::NotFound(api) if &*api.message == "Service not found" => {
                Ok(Verdict::Unavailable(404))
            }
            Error::NotFound(_) | Error::NotPlaylistOwner(_)
                if arguments.iter().any(|(param, value)| !value.is_found && takes_id(param)) =>
            {
                let why = "the account has nothing for this call, and Spotify does not have the example of `spec/`";
                Err(Obstacle::Endpoint(why.to_owned()))
            }
            Error::Status(api) if api.status >= 500 => Err(Obstacle::Endpoint(text)),
            _ => match api_error(&error) {
                Some(api) => Ok(Verdict::Failed(api.status, self.private.hide(&api.message))),
                None => Err(Obstacle::Endpoint(text)),
            },
        }
    }
}

/// The response of a call that makes one request.
pub fn only_response(call: &NamedCall) -> Result<RawResponse, Error> {
    call.request()?;
    Ok(call.clone().send_raw()?.remove(0))
}

fn is_premium(api: &ApiError) -> bool {
    let reason = api.reason.as_deref().unwrap_or_default();
    reason.contains("PREMIUM") || api.message.to_lowercase().contains("premium")
}

/// Returns `true` if the message contains no more than the status.
fn is_bare(api: &ApiError) -> bool {
    let message = api.message.trim_end_matches('.');
    message.is_empty() || message.eq_ignore_ascii_case("forbidden")
}

fn api_error(error: &Error) -> Option<&ApiError> {
    match error {
        Error::Forbidden(api)
        | Error::NotFound(api)
        | Error::NotPlaylistOwner(api)
        | Error::Status(api) => Some(api),
        _ => None,
    }
}
