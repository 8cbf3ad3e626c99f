//! The checks of each endpoint, in their order.

use std::collections::BTreeMap;

use indicatif::ProgressBar;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tonearm::custom::NamedCall;
use tonearm::endpoint::{self, Availability, Endpoint, Method, ResultVisitor, TokenKind};
use tonearm::model::shape::Shape;
use tonearm::{Error, Paged, RawResponse, Scopes, SkipReason, SkippedItem, Spotify};

use super::ids::Found;
use super::judge::{Obstacle, Verdict, only_response};
use super::limits::page_limit;
use super::plan::{self, Arguments};
use super::privacy::Private;
use super::report::{AppKind, Checked, Difference, Exchange, Report};
use super::shapes::{Comparison, shape_of};
use super::spec;
use super::{Account, FailedLogin, Instead};

/// A run of the checks.
pub struct Checker<'c> {
    pub spotify: &'c Spotify,
    /// The scopes of the token, if they are known.
    pub held: Option<Scopes>,
    failed_login: Option<FailedLogin>,
    pub report: &'c mut Report,
    pub private: &'c mut Private,
    pub bar: &'c ProgressBar,
    pub found: Found,
    /// Responses to the smallest requests that were sent to find out the kind of the app.
    ahead: BTreeMap<&'static str, Result<RawResponse, Error>>,
    /// The duration of the last request, in milliseconds.
    pub millis: u64,
    /// The number of consecutive requests without a response.
    pub failures: u32,
}

impl<'c> Checker<'c> {
    pub fn new(
        spotify: &'c Spotify,
        account: &Account,
        report: &'c mut Report,
        private: &'c mut Private,
        bar: &'c ProgressBar,
    ) -> Self {
        Checker {
            spotify,
            held: account.held.clone(),
            failed_login: account.failed_login.clone(),
            report,
            private,
            bar,
            found: Found::default(),
            ahead: BTreeMap::new(),
            millis: 0,
            failures: 0,
        }
    }

    /// Checks every endpoint that reads and was not checked before.
    pub fn check_all(&mut self) {
        self.report.stopped = None;
        // A login that succeeds another day continues the report.
        let failed = self.failed_login.as_ref().map(FailedLogin::to_string);
        if let (Some(Instead::Nothing), Some(why)) = (self.instead(), &failed) {
            self.stop(why);
            return;
        }
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
            // If an earlier run checked the endpoint, this one only collects the ids of its response.
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
        if let Some(why) = failed {
            self.stop(&why);
        }
    }

    fn instead(&self) -> Option<Instead> {
        self.failed_login.as_ref().map(|failed| failed.instead)
    }

    /// Returns `true` if the call needs a user, and the token is that of the app.
    fn lacks_user(&self, endpoint: &Endpoint) -> bool {
        self.instead() == Some(Instead::App) && endpoint.token == TokenKind::User
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
        let fits = |it: &&&'static Endpoint| {
            it.availability == availability && !needs_ids(it) && !self.lacks_user(it)
        };
        let probes: Vec<_> = reads.filter(fits).copied().take(3).collect();
        let (mut yes, mut no) = (0, 0);
        for endpoint in probes {
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
        if endpoint.token != TokenKind::User || needs_ids(endpoint) || self.lacks_user(endpoint) {
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
        if self.lacks_user(endpoint) {
            return Err(Obstacle::Endpoint(
                "the call needs a user, and the login failed".to_owned(),
            ));
        }
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
        match plan::probe(endpoint, &smallest, &self.found, self.is_development()) {
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
            checked.differences.push(Difference::of(
                endpoint,
                "success",
                success.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
                status.to_string(),
                format!("Spotify returned {status}"),
                Some(format!("success = [{status}]")),
            ));
        }
        self.read(endpoint, &call, arguments, &response, checked);
        Ok(Some(response))
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
        checked.differences.push(Difference::of(
            endpoint,
            "scopes",
            scopes.join(" "),
            "not needed".to_owned(),
            "Spotify accepted a request with a token that lacks a scope".to_owned(),
            None,
        ));
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
        let difference = |spotify: String, evidence: String, line: Option<String>| {
            Difference::of(endpoint, "availability", table.to_owned(), spotify, evidence, line)
        };
        let entry = spec::entry(&endpoint.name);
        let documented = entry["unavailable_status"].as_u64().unwrap_or(403);
        checked.differences.extend(match verdict {
            Verdict::Unavailable(status) if is_expected => {
                let line = if app == Some(AppKind::Development) { "extended" } else { "legacy" };
                Some(difference(
                    format!("unavailable {}", self.to_such_apps()),
                    format!("Spotify returned {status} without a reason"),
                    Some(format!("availability = \"{line}\"")),
                ))
            }
            Verdict::Unavailable(status) if u64::from(*status) != documented => {
                Some(Difference::of(
                    endpoint,
                    "unavailable_status",
                    documented.to_string(),
                    status.to_string(),
                    format!("Spotify returned {status}"),
                    Some(format!("unavailable_status = {status}")),
                ))
            }
            Verdict::Success(_) if !is_expected => Some(difference(
                format!("available {}", self.to_such_apps()),
                "Spotify accepted the request".to_owned(),
                (app == Some(AppKind::Development)).then(|| "availability = \"all\"".to_owned()),
            )),
            Verdict::Failed(status, message) => {
                Some(Difference::failed(endpoint, "smallest request", *status, message))
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

    /// Decodes a response, and compares it with the models.
    pub fn read(
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

    pub fn is_development(&self) -> bool {
        self.report.app == Some(AppKind::Development)
    }

    pub fn note(
        &self,
        checked: &mut Checked,
        what: &str,
        call: &NamedCall,
        arguments: &Arguments,
        verdict: &Verdict,
    ) {
        self.note_as(checked, what, plan::shown(call.request(), arguments), verdict);
    }

    pub fn note_as(&self, checked: &mut Checked, what: &str, request: String, verdict: &Verdict) {
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

/// Returns `true` if a call needs an id, or another value from a response.
fn needs_ids(endpoint: &Endpoint) -> bool {
    endpoint.params.iter().any(|param| {
        let is_needed = param.required || param.location == endpoint::ParamLocation::Path;
        is_needed && takes_id(param)
    })
}

pub fn takes_id(param: &endpoint::ParamInfo) -> bool {
    use endpoint::{ParamKind, ParamLocation};
    match param.kind {
        ParamKind::Id(_) | ParamKind::Uri => true,
        ParamKind::Text => param.location == ParamLocation::Path,
        _ => false,
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
