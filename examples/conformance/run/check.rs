//! Sends the requests, and judges the responses.

use std::collections::BTreeMap;
use std::time::Instant;

use indicatif::ProgressBar;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tonearm::custom::NamedCall;
use tonearm::endpoint::{self, Availability, Endpoint, Method, ResultVisitor, TokenKind};
use tonearm::model::shape::Shape;
use tonearm::{ApiError, Error, Paged, RawResponse, Scopes, SkipReason, SkippedItem, Spotify};

use super::ids::Found;
use super::plan::{self, Arguments, Probe};
use super::privacy::Private;
use super::report::{AppKind, Checked, Difference, Exchange, Report};
use super::shapes::{Comparison, shape_of};
use super::spec;

/// A run of the checks.
pub struct Checker<'c> {
    pub spotify: &'c Spotify,
    /// The scopes of the token, if they are known.
    pub held: Option<Scopes>,
    pub report: &'c mut Report,
    pub private: &'c mut Private,
    pub bar: &'c ProgressBar,
    pub found: Found,
    /// Responses to the smallest requests that were sent to find out the kind of the app.
    ahead: BTreeMap<&'static str, Result<RawResponse, Error>>,
    millis: u64,
    failures: u32,
}

/// Why something was not checked.
pub enum Obstacle {
    /// The endpoint alone.
    Endpoint(String),
    /// Everything from here on.
    All(String),
}

/// What a response means for the check.
enum Verdict {
    Success(RawResponse),
    /// The endpoint is not available to the app.
    Unavailable(u16),
    /// The status, and the message.
    Failed(u16, String),
}

impl<'c> Checker<'c> {
    pub fn new(
        spotify: &'c Spotify,
        held: Option<Scopes>,
        report: &'c mut Report,
        private: &'c mut Private,
        bar: &'c ProgressBar,
    ) -> Self {
        let (found, ahead) = (Found::default(), BTreeMap::new());
        Checker { spotify, held, report, private, bar, found, ahead, millis: 0, failures: 0 }
    }

    /// Checks every endpoint that reads and was not checked before.
    pub fn check_all(&mut self) {
        self.report.stopped = None;
        if let Err(Obstacle::All(why) | Obstacle::Endpoint(why)) = self.find_app_kind() {
            self.stop(&why);
            return;
        }
        let reads = Spotify::endpoints().iter().copied().filter(|it| it.method == Method::Get);
        // The account comes first: the others are called with what is in it.
        let mut order: Vec<&'static Endpoint> = reads.collect();
        order.sort_by_key(|endpoint| {
            let is_profile = spec::entry(&endpoint.name)["returns"] == "User";
            (needs_ids(endpoint), endpoint.token != TokenKind::User, !is_profile)
        });
        self.bar.set_length(order.len() as u64);
        for endpoint in order {
            self.bar.set_message(endpoint.name.to_string());
            self.bar.inc(1);
            let known = self.report.endpoints.get(&*endpoint.name);
            // What another day has checked is only looked at for its ids.
            let is_done = known.is_some_and(|checked| !checked.requests.is_empty());
            if is_done && (needs_ids(endpoint) || self.collect(endpoint).is_ok()) {
                continue;
            }
            let mut checked = Checked::default();
            match self.check(endpoint, &mut checked) {
                Ok(()) => {}
                Err(Obstacle::Endpoint(why)) => {
                    let why = why.strip_prefix(&format!("{}: ", endpoint.name)).unwrap_or(&why);
                    checked.not_checked = Some(self.private.hide(why));
                }
                Err(Obstacle::All(why)) => {
                    // The next run begins with this endpoint.
                    self.report.endpoints.remove(&*endpoint.name);
                    self.stop(&why);
                    return;
                }
            }
            self.report.endpoints.insert(endpoint.name.to_string(), checked);
        }
    }

    pub fn stop(&mut self, why: &str) {
        let why = self.private.hide(why);
        self.report.stopped = Some(format!("{}.", why.trim_end_matches('.')));
    }

    /// Finds out how Spotify treats the app: by two of three endpoints that only some apps may call.
    fn find_app_kind(&mut self) -> Result<(), Obstacle> {
        if self.report.app.is_some() {
            return Ok(());
        }
        let app = if !self.is_available(Availability::ExtendedQuota)? {
            AppKind::Development
        } else if self.is_available(Availability::Legacy)? {
            AppKind::Legacy
        } else {
            AppKind::Extended
        };
        self.report.app = Some(app);
        Ok(())
    }

    fn is_available(&mut self, availability: Availability) -> Result<bool, Obstacle> {
        let reads = Spotify::endpoints().iter().filter(|it| it.method == Method::Get);
        let fits = |it: &&&Endpoint| it.availability == availability && !needs_ids(it);
        let (mut yes, mut no) = (0, 0);
        for endpoint in reads.filter(fits).take(3) {
            let arguments = plan::smallest(endpoint, &self.found).map_err(Obstacle::Endpoint)?;
            let call = plan::call(self.spotify, endpoint, &arguments);
            let response = self.send(|| only_response(&call));
            match self.judge(endpoint, &call, response.clone(), &arguments) {
                Ok(Verdict::Success(_)) => yes += 1,
                Ok(Verdict::Unavailable(_)) => no += 1,
                Err(Obstacle::All(why)) => return Err(Obstacle::All(why)),
                _ => {}
            }
            self.ahead.insert(&endpoint.name, response);
            if yes == 2 || no == 2 {
                break;
            }
        }
        Ok(yes >= no)
    }

    /// Sends the smallest request again, for the ids in its response.
    fn collect(&mut self, endpoint: &'static Endpoint) -> Result<(), ()> {
        if endpoint.token != TokenKind::User || needs_ids(endpoint) {
            return Ok(());
        }
        let arguments = plan::smallest(endpoint, &self.found).map_err(drop)?;
        let call = plan::call(self.spotify, endpoint, &arguments);
        self.send(|| only_response(&call)).map(drop).map_err(drop)
    }

    fn check(
        &mut self,
        endpoint: &'static Endpoint,
        checked: &mut Checked,
    ) -> Result<(), Obstacle> {
        let smallest = plan::smallest(endpoint, &self.found).map_err(Obstacle::Endpoint)?;
        let response = self.check_one(endpoint, &smallest, "smallest", checked)?;
        let Some(response) = response else { return Ok(()) };
        let call = plan::call(self.spotify, endpoint, &smallest);
        let default = page_limit(&call, &response);
        self.check_default(endpoint, default, checked);

        let fullest = plan::fullest(endpoint, &self.found, self.is_development())
            .map_err(Obstacle::Endpoint)?;
        if fullest != smallest && !self.check_fullest(endpoint, fullest, default, checked)? {
            return Ok(());
        }
        match plan::probe(endpoint, &smallest, self.is_development()) {
            Some(probe) => self.check_beyond(endpoint, &probe, checked),
            None => Ok(()),
        }
    }

    /// Sends one request, and checks scopes, availability, status and body. Returns the response of a success.
    pub fn check_one(
        &mut self,
        endpoint: &'static Endpoint,
        arguments: &Arguments,
        what: &str,
        checked: &mut Checked,
    ) -> Result<Option<RawResponse>, Obstacle> {
        let call = plan::call(self.spotify, endpoint, arguments);
        let response = match self.ahead.remove(&*endpoint.name) {
            Some(response) => response,
            None => self.send(|| only_response(&call)),
        };
        if let Err(Error::InsufficientScope(error)) = &response
            && error.api_error.is_none()
        {
            let why = error.to_string();
            self.check_scopes(endpoint, arguments, checked)?;
            return Err(Obstacle::Endpoint(why));
        }
        let verdict = self.judge(endpoint, &call, response, arguments)?;
        self.note(checked, what, &call, arguments, &verdict);
        self.check_availability(endpoint, &verdict, checked);
        let Verdict::Success(response) = verdict else { return Ok(None) };
        let success = spec::success(&endpoint.name);
        if !success.contains(&response.status()) {
            let status = response.status();
            checked.differences.push(Difference {
                about: format!("{} success", endpoint.name),
                table: success.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
                spotify: status.to_string(),
                evidence: format!("Spotify answered {status}"),
                file: file(endpoint),
                line: Some(format!("success = [{status}]")),
            });
        }
        self.read(endpoint, &call, arguments, &response, checked);
        Ok(Some(response))
    }

    /// Whether the maximum has not been the subject of a request already.
    fn check_fullest(
        &mut self,
        endpoint: &'static Endpoint,
        fullest: Arguments,
        default: Option<i64>,
        checked: &mut Checked,
    ) -> Result<bool, Obstacle> {
        let call = plan::call(self.spotify, endpoint, &fullest);
        let response = self.send(|| only_response(&call));
        let verdict = self.judge(endpoint, &call, response, &fullest)?;
        self.note(checked, "fullest", &call, &fullest, &verdict);
        let size = plan::page_size(endpoint);
        let asked = size.and_then(|size| plan::max(size, self.is_development()));
        match (verdict, size, asked) {
            (Verdict::Success(response), size, asked) => {
                self.read(endpoint, &call, &fullest, &response, checked);
                match (page_limit(&call, &response), size, asked) {
                    (Some(limit), Some(size), Some(asked)) if limit != asked => {
                        let key = self.key_of_max();
                        checked.differences.push(Difference {
                            about: format!("{} {} maximum", endpoint.name, size.name),
                            table: asked.to_string(),
                            spotify: limit.to_string(),
                            evidence: format!("a request for {asked} returned a page of {limit}"),
                            file: file(endpoint),
                            line: spec::changed_param(&endpoint.name, &size.name, key, limit),
                        });
                        Ok(false)
                    }
                    _ => Ok(true),
                }
            }
            (Verdict::Failed(status @ 400..=499, message), Some(size), Some(asked)) => {
                // With the page size of the smallest request, the rest of the request is as before.
                let smaller = default.filter(|default| *default < asked);
                let mut again = fullest;
                for (param, value) in &mut again {
                    if let (true, Some(smaller)) = (param.name == size.name, smaller) {
                        value.text = smaller.to_string();
                    }
                }
                let call = plan::call(self.spotify, endpoint, &again);
                let response = self.send(|| only_response(&call));
                let verdict = self.judge(endpoint, &call, response, &again)?;
                self.note(checked, "fullest, smaller page", &call, &again, &verdict);
                let mut difference = failed(endpoint, "fullest request", status, &message);
                if let (Verdict::Success(response), Some(smaller)) = (verdict, smaller) {
                    self.read(endpoint, &call, &again, &response, checked);
                    let key = self.key_of_max();
                    difference.about = format!("{} {} maximum", endpoint.name, size.name);
                    difference.table = asked.to_string();
                    difference.spotify = format!("below {asked}");
                    difference.evidence = format!(
                        "Spotify answered {status}, {message:?}, for {asked}, and accepted {smaller}"
                    );
                    difference.line = spec::changed_param(&endpoint.name, &size.name, key, smaller);
                }
                checked.differences.push(difference);
                Ok(false)
            }
            (Verdict::Failed(status, message), ..) => {
                checked.differences.push(failed(endpoint, "fullest request", status, &message));
                Ok(false)
            }
            (Verdict::Unavailable(status), ..) => {
                checked.differences.push(failed(endpoint, "fullest request", status, "Forbidden"));
                Ok(false)
            }
        }
    }

    /// Sends one more than the maximum, which Spotify should reject.
    fn check_beyond(
        &mut self,
        endpoint: &'static Endpoint,
        probe: &Probe,
        checked: &mut Checked,
    ) -> Result<(), Obstacle> {
        let Probe { param, max, arguments } = probe;
        let custom = plan::unchecked(self.spotify, endpoint, arguments);
        let call = plan::call(self.spotify, endpoint, arguments);
        let response = self.send(|| custom.clone().send_raw());
        let verdict = self.judge(endpoint, &call, response, arguments)?;
        let request = plan::shown(custom.request(), arguments);
        self.note_as(checked, "beyond", request, &verdict);
        let Verdict::Success(response) = verdict else { return Ok(()) };
        let beyond = max + 1;
        // A shorter page is no page of that size.
        if page_limit(&call, &response).is_none_or(|limit| limit == beyond) {
            let line = match endpoint.max_ids() {
                Some(_) => spec::changed_batch(&endpoint.name, beyond),
                None => {
                    let key = self.key_of_max();
                    spec::changed_param(&endpoint.name, &param.name, key, beyond)
                }
            };
            checked.differences.push(Difference {
                about: format!("{} {} maximum", endpoint.name, param.name),
                table: max.to_string(),
                spotify: format!("at least {beyond}"),
                evidence: format!("Spotify accepted {beyond}"),
                file: file(endpoint),
                line,
            });
        }
        Ok(())
    }

    /// Without a scope that the table requires, Spotify should reject the request.
    fn check_scopes(
        &mut self,
        endpoint: &'static Endpoint,
        arguments: &Arguments,
        checked: &mut Checked,
    ) -> Result<(), Obstacle> {
        // A write could have an effect.
        if endpoint.method != Method::Get {
            return Ok(());
        }
        let custom = plan::unchecked(self.spotify, endpoint, arguments);
        let call = plan::call(self.spotify, endpoint, arguments);
        let response = self.send(|| custom.clone().send_raw());
        let Ok(Verdict::Success(_)) = self.judge(endpoint, &call, response, arguments) else {
            return Ok(());
        };
        let scopes: Vec<&str> = endpoint.scopes.required.iter().map(|it| it.as_str()).collect();
        checked.differences.push(Difference {
            about: format!("{} scopes", endpoint.name),
            table: scopes.join(" "),
            spotify: "not needed".to_owned(),
            evidence: "Spotify accepted a request with a token that lacks a scope".to_owned(),
            file: file(endpoint),
            line: None,
        });
        Ok(())
    }

    fn check_availability(
        &self,
        endpoint: &'static Endpoint,
        verdict: &Verdict,
        checked: &mut Checked,
    ) {
        let app = self.report.app;
        let is_expected = match endpoint.availability {
            Availability::All => true,
            Availability::Legacy => app == Some(AppKind::Legacy),
            _ => app != Some(AppKind::Development),
        };
        let table = match endpoint.availability {
            Availability::All => "all",
            Availability::Legacy => "legacy",
            _ => "extended",
        };
        let difference = |spotify: String, evidence: String, line: Option<String>| Difference {
            about: format!("{} availability", endpoint.name),
            table: table.to_owned(),
            spotify,
            evidence,
            file: file(endpoint),
            line,
        };
        let entry = spec::entry(&endpoint.name);
        let documented = entry["unavailable_status"].as_u64().unwrap_or(403);
        checked.differences.extend(match verdict {
            Verdict::Unavailable(status) if is_expected => {
                let line = if app == Some(AppKind::Development) { "extended" } else { "legacy" };
                Some(difference(
                    format!("unavailable {}", self.to_such_apps()),
                    format!("Spotify answered {status} without a reason"),
                    Some(format!("availability = \"{line}\"")),
                ))
            }
            Verdict::Unavailable(status) if u64::from(*status) != documented => Some(Difference {
                about: format!("{} unavailable_status", endpoint.name),
                table: documented.to_string(),
                spotify: status.to_string(),
                evidence: format!("Spotify answered {status}"),
                file: file(endpoint),
                line: Some(format!("unavailable_status = {status}")),
            }),
            Verdict::Success(_) if !is_expected => Some(difference(
                format!("available {}", self.to_such_apps()),
                "Spotify answered the request".to_owned(),
                (app == Some(AppKind::Development)).then(|| "availability = \"all\"".to_owned()),
            )),
            Verdict::Failed(status, message) => {
                Some(failed(endpoint, "smallest request", *status, message))
            }
            _ => None,
        });
    }

    fn to_such_apps(&self) -> &'static str {
        match self.report.app {
            Some(AppKind::Development) => "in development mode",
            _ => "in extended quota mode",
        }
    }

    /// Without a page size, Spotify should use the default of the table.
    fn check_default(
        &self,
        endpoint: &'static Endpoint,
        found: Option<i64>,
        checked: &mut Checked,
    ) {
        let Some(size) = plan::page_size(endpoint) else { return };
        let default = size.default.and_then(|default| default.parse::<i64>().ok());
        let (Some(default), Some(found)) = (default, found) else { return };
        let expected =
            plan::max(size, self.is_development()).map_or(default, |max| default.min(max));
        if found != expected {
            checked.differences.push(Difference {
                about: format!("{} {} default", endpoint.name, size.name),
                table: expected.to_string(),
                spotify: found.to_string(),
                evidence: format!("a request without `{}` returned a page of {found}", size.name),
                file: file(endpoint),
                line: spec::changed_param(&endpoint.name, &size.name, "default", found),
            });
        }
    }

    /// Decodes a response, and compares it with the models.
    fn read(
        &mut self,
        endpoint: &'static Endpoint,
        call: &NamedCall,
        arguments: &Arguments,
        response: &RawResponse,
        checked: &mut Checked,
    ) {
        if response.body().trim_ascii().is_empty() {
            return;
        }
        // One of the values may select the type.
        let mut texts = arguments.iter().map(|(_, value)| value.text.as_str()).chain([""]);
        let decoded = texts.find_map(|text| {
            endpoint::visit_result(&endpoint.name, text, Decode { call, response })
        });
        let Some(Decoded { shape, result }) = decoded else { return };
        let outcome = match result {
            Ok(skipped) => {
                let told = skipped.iter().map(|item| match &item.reason {
                    SkipReason::Null => format!("item {}: null", item.index),
                    SkipReason::Unreadable(why) => format!("item {}: {why}", item.index),
                    _ => format!("item {}", item.index),
                });
                let skipped: Vec<String> = told.map(|text| self.private.hide(&text)).collect();
                if let Some(last) = checked.requests.last_mut() {
                    last.skipped = skipped;
                }
                "decoded".to_owned()
            }
            Err(error) => self.private.hide(&error.to_string()),
        };
        if let Some(last) = checked.requests.last_mut() {
            last.result = outcome;
        }
        if let (Some(shape), Ok(json)) = (shape, call.decode::<Value>(response)) {
            let is_development = self.is_development();
            let seen = &mut self.report.models;
            let mut comparison = Comparison { seen, endpoint: &endpoint.name, is_development };
            comparison.compare(&json, shape, (&endpoint.name, "response"));
        }
    }

    fn is_development(&self) -> bool {
        self.report.app == Some(AppKind::Development)
    }

    /// The key with the maximum for the app.
    fn key_of_max(&self) -> &'static str {
        if self.is_development() { "development_max" } else { "max" }
    }

    /// Sends one request, measures its time, and takes the ids in its response.
    fn send(
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

    /// What the response means, or why it says nothing about the table.
    fn judge(
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
        match &error {
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

    fn note(
        &self,
        checked: &mut Checked,
        what: &str,
        call: &NamedCall,
        arguments: &Arguments,
        verdict: &Verdict,
    ) {
        self.note_as(checked, what, plan::shown(call.request(), arguments), verdict);
    }

    fn note_as(&self, checked: &mut Checked, what: &str, request: String, verdict: &Verdict) {
        let (status, result) = match verdict {
            Verdict::Success(response) if response.body().trim_ascii().is_empty() => {
                (response.status(), "no body".to_owned())
            }
            Verdict::Success(response) => (response.status(), "success".to_owned()),
            Verdict::Unavailable(status) => (*status, "not available to this app".to_owned()),
            Verdict::Failed(status, message) => (*status, message.clone()),
        };
        checked.requests.push(Exchange {
            what: what.to_owned(),
            request: self.private.hide(&request),
            status: Some(status),
            millis: self.millis,
            result,
            skipped: Vec::new(),
        });
    }
}

/// The response of a call that makes one request.
fn only_response(call: &NamedCall) -> Result<RawResponse, Error> {
    call.request()?;
    Ok(call.clone().send_raw()?.remove(0))
}

/// Whether a call needs an id, or another value from a response.
fn needs_ids(endpoint: &Endpoint) -> bool {
    endpoint.params.iter().any(|param| {
        let is_needed = param.required || param.location == endpoint::ParamLocation::Path;
        is_needed && takes_id(param)
    })
}

fn takes_id(param: &endpoint::ParamInfo) -> bool {
    use endpoint::{ParamKind, ParamLocation};
    match param.kind {
        ParamKind::Id(_) | ParamKind::Uri => true,
        ParamKind::Text => param.location == ParamLocation::Path,
        _ => false,
    }
}

/// The size of the page in a response, which may be in one of its fields.
fn page_limit(call: &NamedCall, response: &RawResponse) -> Option<i64> {
    let json: Value = call.decode(response).ok()?;
    let size = |page: &Value| page.get("items").and_then(|_| page["limit"].as_i64());
    size(&json).or_else(|| json.as_object()?.values().find_map(size))
}

fn file(endpoint: &Endpoint) -> String {
    format!("`spec/{}.toml`, `{}`", endpoint.area.to_lowercase(), endpoint.name)
}

fn failed(endpoint: &Endpoint, what: &str, status: u16, message: &str) -> Difference {
    Difference {
        about: format!("{} {what}", endpoint.name),
        table: "valid".to_owned(),
        spotify: status.to_string(),
        evidence: format!("Spotify answered {status}, {message:?}"),
        file: file(endpoint),
        line: None,
    }
}

fn is_premium(api: &ApiError) -> bool {
    let reason = api.reason.as_deref().unwrap_or_default();
    reason.contains("PREMIUM") || api.message.to_lowercase().contains("premium")
}

/// Whether the message says no more than the status.
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

/// Decodes a response into the type that the call returns.
struct Decode<'d> {
    call: &'d NamedCall,
    response: &'d RawResponse,
}

struct Decoded {
    shape: Option<Shape>,
    result: Result<Vec<SkippedItem>, Error>,
}

impl ResultVisitor for Decode<'_> {
    type Output = Decoded;

    fn value<T: DeserializeOwned>(self) -> Decoded {
        let result = self.call.decode::<T>(self.response).map(|_| Vec::new());
        Decoded { shape: shape_of(std::any::type_name::<T>()), result }
    }

    fn page<P: Paged>(self) -> Decoded {
        let result = self.call.decode::<P>(self.response).map(|page| page.into_items().1);
        Decoded { shape: shape_of(std::any::type_name::<P>()), result }
    }
}
