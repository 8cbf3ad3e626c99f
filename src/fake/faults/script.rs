//! Which request meets which fault.

use std::sync::Mutex;

use super::fault::Fault;
use crate::endpoint::Method;
use crate::fake::accounts;
use crate::fake::api::route::{self, Target};
use crate::fake::catalog::mixed;
use crate::fake::http::Incoming;
use crate::fake::lock::lock;

/// Faults for the next requests of a path, from [`Server::script`](crate::fake::Server::script).
#[derive(Debug)]
pub struct Script<'s> {
    faults: &'s Mutex<Faults>,
    path: Option<String>,
    method: Option<Method>,
}

impl<'s> Script<'s> {
    /// `path` as [`Server::script`](crate::fake::Server::script) takes it.
    pub(crate) fn new(faults: &'s Mutex<Faults>, path: &str) -> Self {
        let path = path.strip_prefix(route::ROOT).unwrap_or(path);
        Script { faults, path: (path != "*").then(|| path.to_owned()), method: None }
    }

    /// Restricts the steps that follow to requests with this method. Default: any method.
    #[must_use = "a script does nothing before `.then(…)`"]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// The next request meets this fault.
    pub fn then(self, fault: impl Into<Fault>) -> Self {
        self.plan(Some(fault.into()))
    }

    /// The next request gets its normal response.
    pub fn then_normal(self) -> Self {
        self.plan(None)
    }

    fn plan(self, fault: Option<Fault>) -> Self {
        let planned = Planned { path: self.path.clone(), method: self.method, fault };
        lock(self.faults).scripted.push(planned);
        self
    }
}

/// The faults to come, and how often each has occurred.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    scripted: Vec<Planned>,
    random: Option<RandomFaults>,
    injected: Vec<(Fault, usize)>,
}

/// A step of a script, for one request.
#[derive(Debug)]
struct Planned {
    /// `None` for any path of the Web API.
    path: Option<String>,
    method: Option<Method>,
    fault: Option<Fault>,
}

/// Faults at random, with their probabilities in percent.
#[derive(Debug)]
struct RandomFaults {
    /// Changes with each request.
    seed: u64,
    faults: Vec<(Fault, u32)>,
}

impl Faults {
    /// How many steps of scripts no request has met.
    pub(crate) fn pending(&self) -> usize {
        self.scripted.len()
    }

    pub(crate) fn injected(&self) -> Vec<(Fault, usize)> {
        self.injected.clone()
    }

    pub(crate) fn inject_randomly(&mut self, seed: u64, faults: Vec<(Fault, u32)>) {
        self.random = (!faults.is_empty()).then_some(RandomFaults { seed, faults });
    }

    /// Takes the fault that a request meets, and counts it.
    pub(crate) fn take(&mut self, incoming: &Incoming) -> Option<Fault> {
        let target = Target::of(&incoming.target);
        let is_met = |planned: &Planned| planned.is_met(incoming, &target);
        let fault = match self.scripted.iter().position(is_met) {
            Some(place) => self.scripted.remove(place).fault,
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
    fn is_met(&self, incoming: &Incoming, target: &Target) -> bool {
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
        let mut place = mixed(self.seed) % 100;
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        for (fault, per_cent) in &self.faults {
            match place.checked_sub(u64::from(*per_cent)) {
                Some(rest) => place = rest,
                None => return Some(fault.clone()),
            }
        }
        None
    }
}
