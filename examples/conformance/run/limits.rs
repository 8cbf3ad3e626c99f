//! Page sizes and other maximums, and their defaults.

use serde_json::Value;
use tonearm::RawResponse;
use tonearm::custom::NamedCall;
use tonearm::endpoint::Endpoint;

use super::check::Checker;
use super::judge::{Obstacle, Verdict, only_response};
use super::plan::{self, Arguments, Probe};
use super::report::{Checked, Difference};
use super::spec;

impl Checker<'_> {
    /// Without a page size, Spotify should use the default of the table.
    pub fn check_default(
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
            checked.differences.push(Difference::of(
                endpoint,
                &format!("{} default", size.name),
                expected.to_string(),
                found.to_string(),
                format!("a request without `{}` returned a page of {found}", size.name),
                spec::changed_param(&endpoint.name, &size.name, "default", found),
            ));
        }
    }

    /// Sends the fullest request. Returns `false` if it has shown another maximum, so none is left to probe.
    pub fn check_fullest(
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
                        checked.differences.push(Difference::of(
                            endpoint,
                            &format!("{} maximum", size.name),
                            asked.to_string(),
                            limit.to_string(),
                            format!("a request for {asked} returned a page of {limit}"),
                            spec::changed_param(&endpoint.name, &size.name, key, limit),
                        ));
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
                let mut difference =
                    Difference::failed(endpoint, "fullest request", status, &message);
                if let (Verdict::Success(response), Some(smaller)) = (verdict, smaller) {
                    self.read(endpoint, &call, &again, &response, checked);
                    let key = self.key_of_max();
                    difference.about = format!("{} {} maximum", endpoint.name, size.name);
                    difference.table = asked.to_string();
                    difference.spotify = format!("below {asked}");
                    difference.evidence = format!(
                        "Spotify returned {status}, {message:?}, for {asked}, and accepted {smaller}"
                    );
                    difference.line = spec::changed_param(&endpoint.name, &size.name, key, smaller);
                }
                checked.differences.push(difference);
                Ok(false)
            }
            (Verdict::Failed(status, message), ..) => {
                checked.differences.push(Difference::failed(
                    endpoint,
                    "fullest request",
                    status,
                    &message,
                ));
                Ok(false)
            }
            (Verdict::Unavailable(status), ..) => {
                checked.differences.push(Difference::failed(
                    endpoint,
                    "fullest request",
                    status,
                    "Forbidden",
                ));
                Ok(false)
            }
        }
    }

    /// Sends one more than the maximum, which Spotify should reject.
    pub fn check_beyond(
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
        // If Spotify returned a smaller page, it did not accept that size.
        if page_limit(&call, &response).is_none_or(|limit| limit == beyond) {
            let line = match endpoint.max_ids() {
                Some(_) => spec::changed_batch(&endpoint.name, beyond),
                None => {
                    let key = self.key_of_max();
                    spec::changed_param(&endpoint.name, &param.name, key, beyond)
                }
            };
            checked.differences.push(Difference::of(
                endpoint,
                &format!("{} maximum", param.name),
                max.to_string(),
                format!("at least {beyond}"),
                format!("Spotify accepted {beyond}"),
                line,
            ));
        }
        Ok(())
    }

    /// The key with the maximum for the app.
    fn key_of_max(&self) -> &'static str {
        if self.is_development() { "development_max" } else { "max" }
    }
}

/// The size of the page in a response, which may be in one of its fields.
pub fn page_limit(call: &NamedCall, response: &RawResponse) -> Option<i64> {
    let json: Value = call.decode(response).ok()?;
    let size = |page: &Value| page.get("items").and_then(|_| page["limit"].as_i64());
    size(&json).or_else(|| json.as_object()?.values().find_map(size))
}
