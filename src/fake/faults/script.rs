//! Selects the fault of each request.

use std::sync::Mutex;

use super::fault::Fault;
use crate::endpoint::{ENDPOINTS, Method};
use crate::fake::accounts;
use crate::fake::api::route::{self, Target};
use crate::fake::catalog::mixed;
use crate::fake::http::Incoming;
use crate::fake::lock::lock;
use crate::types::display::Quoted;

/// A script of faults for the next requests of a path, from [`Server::script`](crate::fake::Server::script).
#[derive(Debug)]
pub struct Script<'s> {
    faults: &'s Mutex<Faults>,
    path: Option<String>,
    method: Option<Method>,
}

impl<'s> Script<'s> {
    /// Creates a script for a path, as documented at [`Server::script`](crate::fake::Server::script).
    pub(crate) fn new(faults: &'s Mutex<Faults>, path: &str) -> Self {
        let path = path.strip_prefix(route::ROOT).unwrap_or(path);
        Script { faults, path: (path != "*").then(|| path.to_owned()), method: None }
    }

    /// Adds steps to a script; `None` leaves a request its normal response.
    pub(crate) fn steps(self, steps: Vec<Option<Fault>>) {
        steps.into_iter().fold(self, Script::plan);
    }

    /// Restricts the following steps to requests with this method. Default: any method.
    #[must_use = "a script has no effect without `.then(…)`"]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Adds a step that injects a fault into the next request.
    pub fn then(self, fault: impl Into<Fault>) -> Self {
        self.plan(Some(fault.into()))
    }

    /// Adds a step that leaves the next request its normal response.
    pub fn then_normal(self) -> Self {
        self.plan(None)
    }

    fn plan(self, fault: Option<Fault>) -> Self {
        let planned = Planned { path: self.path.clone(), method: self.method, fault };
        lock(self.faults).scripted.push(planned);
        self
    }
}

/// The planned faults, and the number of times that each was injected.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    scripted: Vec<Planned>,
    random: Option<RandomFaults>,
    injected: Vec<(Fault, usize)>,
    /// The paths of custom endpoints.
    custom: Vec<String>,
}

/// A step of a script, for one request.
#[derive(Debug)]
struct Planned {
    /// `None` for any path of the Web API.
    path: Option<String>,
    method: Option<Method>,
    fault: Option<Fault>,
}

/// Random faults, with their probabilities in percent.
#[derive(Debug)]
struct RandomFaults {
    /// Changes with each request.
    seed: u64,
    faults: Vec<(Fault, u32)>,
}

/// Returns an error if a script for a path would never match a request.
pub(crate) fn check_path(path: &str) -> Result<(), String> {
    let found = path.strip_prefix(route::ROOT).unwrap_or(path);
    let segments: Vec<String> =
        found.trim_start_matches('/').split('/').map(str::to_owned).collect();
    let is_known = found == "*"
        || accounts::is_for_accounts(found)
        || found.starts_with('/')
            && ENDPOINTS.iter().any(|known| route::in_path(&known.path, &segments).is_some());
    if is_known {
        return Ok(());
    }
    Err(format!(
        "script: expected the path of an endpoint such as `/me/tracks`, or `*` for all, found {}; for a path that is no \
         endpoint of Spotify's, call `script_custom`",
        Quoted(path)
    ))
}

impl Faults {
    /// Declares a path as that of a custom endpoint.
    pub(crate) fn declare(&mut self, path: &str) {
        let path = path.strip_prefix(route::ROOT).unwrap_or(path);
        if !self.custom.iter().any(|known| known == path) {
            self.custom.push(path.to_owned());
        }
    }

    /// Returns the path of the custom endpoint of a request.
    pub(crate) fn custom(&self, target: &Target) -> Option<&str> {
        let segments = target.segments.as_deref()?;
        let mut known = self.custom.iter().map(String::as_str);
        known.find(|path| route::in_path(path, segments).is_some())
    }

    /// The number of script steps that no request has consumed.
    pub(crate) fn pending(&self) -> usize {
        self.scripted.len()
    }

    pub(crate) fn injected(&self) -> Vec<(Fault, usize)> {
        self.injected.clone()
    }

    pub(crate) fn inject_randomly(&mut self, seed: u64, faults: Vec<(Fault, u32)>) {
        self.random = (!faults.is_empty()).then_some(RandomFaults { seed, faults });
    }

    /// Takes the fault of a request, and counts it.
    pub(crate) fn take(&mut self, incoming: &Incoming) -> Option<Fault> {
        let target = Target::of(&incoming.target);
        let matches = |planned: &Planned| planned.matches(incoming, &target);
        let fault = match self.scripted.iter().position(matches) {
            Some(index) => self.scripted.remove(index).fault,
            None if accounts::is_for_accounts(&target.path) => None,
            None => self.random.as_mut().and_then(RandomFaults::next),
        }?;
        match self.injected.iter_mut().find(|(known, _)| *known == fault) {
            Some((_, count)) => *count += 1,
            None => self.injected.push((fault.clone(), 1)),
        }
        Some(fault)
    }
}

impl Planned {
    fn matches(&self, incoming: &Incoming, target: &Target) -> bool {
        let is_path = match &self.path {
            None => !accounts::is_for_accounts(&target.path),
            Some(path) => {
                let segments = target.segments.as_deref();
                *path == target.path
                    || segments.is_some_and(|segments| route::in_path(path, segments).is_some())
            }
        };
        is_path && self.method.is_none_or(|method| method.as_str() == incoming.method)
    }
}

impl RandomFaults {
    fn next(&mut self) -> Option<Fault> {
        let mut number = mixed(self.seed) % 100;
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        for (fault, percent) in &self.faults {
            match number.checked_sub(u64::from(*percent)) {
                Some(rest) => number = rest,
                None => return Some(fault.clone()),
            }
        }
        None
    }
}
