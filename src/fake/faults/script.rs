//! Selects the fault of each request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use super::fault::Fault;
use crate::endpoint::{ENDPOINTS, Endpoint, Method};
use crate::fake::accounts;
use crate::fake::api::route::{self, Target};
use crate::fake::catalog::mixed;
use crate::fake::http::Incoming;
use crate::fake::lock::lock;
use crate::transport::order::Order;
use crate::types::display::Quoted;

/// A script of faults for the next requests of a path, from [`Server::script`](crate::fake::Server::script).
#[derive(Debug)]
pub struct Script<'s> {
    faults: &'s Mutex<Faults>,
    path: Option<Arc<str>>,
    method: Option<Method>,
    /// `true` if the path may be that of no endpoint.
    is_custom: bool,
}

impl<'s> Script<'s> {
    /// Creates a script for a path, as documented at [`Server::script`](crate::fake::Server::script).
    pub(crate) fn new(faults: &'s Mutex<Faults>, path: &str) -> Self {
        let path = Some(plain(path)).filter(|path| *path != "*");
        Script { faults, path: path.map(Arc::from), method: None, is_custom: false }
    }

    /// Creates a script for the path of a custom endpoint.
    pub(crate) fn custom(faults: &'s Mutex<Faults>, path: &str) -> Self {
        lock(faults).declare(path);
        Script { is_custom: true, ..Script::new(faults, path) }
    }

    /// Adds steps for requests with this method, each for a number of requests; `None` leaves them their normal response.
    /// Returns an error if that makes too many.
    pub(crate) fn steps(
        mut self,
        method: Option<Method>,
        steps: Vec<(u16, Option<Fault>)>,
    ) -> Result<(), String> {
        let added: usize = steps.iter().map(|(times, _)| usize::from(*times)).sum();
        let requests = lock(self.faults).pending() + added;
        if requests > MAX_PLANNED {
            return Err(format!(
                "expected steps for at most {MAX_PLANNED} requests, with those of earlier scripts, found {requests}; \
                 `reset` removes all steps"
            ));
        }
        self.method = method;
        steps.into_iter().fold(self, |script, (times, fault)| script.plan(times, fault));
        Ok(())
    }

    /// Restricts the following steps to requests with this method. Default: any method.
    ///
    /// # Panics
    ///
    /// Panics if no endpoint has the path and the method, unless the path is that of a
    /// [custom endpoint](crate::fake::Server::script_custom).
    #[must_use = "a script has no effect without `.then(…)`"]
    #[track_caller]
    pub fn method(mut self, method: Method) -> Self {
        let path = self.path.as_deref().filter(|_| !self.is_custom);
        if let Err(problem) = path.map_or(Ok(()), |path| check_method(path, method)) {
            // Only a test calls this, and its mistake is best reported at its own line.
            panic!("{problem}");
        }
        self.method = Some(method);
        self
    }

    /// Adds a step that injects a fault into the next request.
    pub fn then(self, fault: impl Into<Fault>) -> Self {
        self.plan(1, Some(fault.into()))
    }

    /// Adds as many steps that inject the same fault: the next `times` requests fail, and the one after them succeeds.
    ///
    /// ```
    /// use tonearm::fake::{Fault, Server};
    ///
    /// let server = Server::start()?;
    /// server.script("/me").then_times(2, Fault::Status(503));
    /// let spotify = server.client_builder().sleep_with(|_| {}).build()?;
    /// spotify.get_me().send()?;
    /// let statuses: Vec<_> = server.requests().iter().map(|request| request.status).collect();
    /// assert_eq!(statuses, [Some(503), Some(503), Some(200)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn then_times(self, times: u16, fault: impl Into<Fault>) -> Self {
        self.plan(times, Some(fault.into()))
    }

    /// Adds a step that leaves the next request its normal response.
    pub fn then_normal(self) -> Self {
        self.plan(1, None)
    }

    fn plan(self, times: u16, fault: Option<Fault>) -> Self {
        let fault = fault.map(Arc::new);
        let planned = (0..times).map(|_| Planned {
            path: self.path.clone(),
            method: self.method,
            fault: fault.clone(),
            used_by: None,
        });
        lock(self.faults).plan(planned);
        self
    }
}

/// The planned faults, and the number of times that each was injected.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// The steps that no request has consumed, and those that concurrent requests of one call have consumed.
    scripted: Vec<Planned>,
    /// The latest calls with concurrent requests, the newest last.
    calls: VecDeque<ConcurrentCall>,
    random: Option<RandomFaults>,
    injected: Vec<(Fault, usize)>,
    /// The paths of custom endpoints.
    custom: Vec<String>,
}

/// A step of a script, for one request.
#[derive(Debug)]
struct Planned {
    /// `None` for any path of the Web API.
    path: Option<Arc<str>>,
    method: Option<Method>,
    /// Steps that repeat a fault share it, because its response may be large.
    fault: Option<Arc<Fault>>,
    /// The call that has consumed it, which keeps the place of the steps that follow.
    used_by: Option<CallId>,
}

/// The process and the number of a call.
type CallId = (u32, u64);

/// A call with concurrent requests.
#[derive(Debug)]
struct ConcurrentCall {
    id: CallId,
    /// The number of its requests before the last change of the scripts.
    begin: u64,
    /// The number of its requests.
    seen: u64,
    /// The number of times that each request was sent since then, by its number and a hash of its content.
    attempts: HashMap<(u64, u64), usize>,
}

/// The maximum number of requests that the scripts of the admin API plan, each of which takes memory.
const MAX_PLANNED: usize = 1_000_000;

/// The maximum number of calls that send concurrent requests at the same time.
const MAX_CALLS: usize = 64;

/// With more different requests, their random faults, or the steps of one call, begin again.
const MAX_COUNTED: usize = 100_000;

/// Random faults, with their probabilities in percent.
#[derive(Debug)]
struct RandomFaults {
    seed: u64,
    faults: Vec<(Fault, u32)>,
    /// The number of times that each request was sent, by a hash of its content.
    sent: HashMap<u64, u64>,
}

/// Returns an error if a script for a path would never match a request.
pub(crate) fn check_path(path: &str) -> Result<(), String> {
    let found = plain(path);
    let is_known = found == "*"
        || accounts::is_for_accounts(found)
        || found.starts_with('/') && endpoints_of(found).next().is_some();
    if is_known {
        return Ok(());
    }
    Err(format!(
        "script: expected the path of an endpoint such as `/me/tracks`, or `*` for all, found {}; for a path that is no \
         endpoint of Spotify's, call `script_custom`",
        Quoted(path)
    ))
}

/// Returns an error if no endpoint of a path has a method.
pub(crate) fn check_method(path: &str, method: Method) -> Result<(), String> {
    let path = plain(path);
    let mut methods: Vec<_> = endpoints_of(path).map(|known| known.method.as_str()).collect();
    if path == "*" || methods.is_empty() || methods.contains(&method.as_str()) {
        return Ok(());
    }
    methods.sort_unstable();
    methods.dedup();
    Err(format!(
        "script: expected a method of {}: {}, found {}",
        Quoted(path),
        methods.join(", "),
        method.as_str()
    ))
}

/// Returns a path without `/v1` and without a slash at the end, which Spotify ignores.
fn plain(path: &str) -> &str {
    let path = path.strip_prefix(route::ROOT).unwrap_or(path);
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// Returns the endpoints that requests of a path can be for. In the path, a name in braces stands for any segment.
fn endpoints_of(path: &str) -> impl Iterator<Item = &'static Endpoint> {
    let segments: Vec<String> =
        path.trim_start_matches('/').split('/').map(str::to_owned).collect();
    ENDPOINTS.iter().copied().filter(move |known| route::in_path(&known.path, &segments).is_some())
}

impl Faults {
    /// Declares a path as that of a custom endpoint.
    fn declare(&mut self, path: &str) {
        let path = plain(path);
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
        self.scripted.iter().filter(|planned| planned.used_by.is_none()).count()
    }

    /// Adds steps. From now on, they begin with the next request of each call.
    fn plan(&mut self, steps: impl Iterator<Item = Planned>) {
        self.scripted.retain(|planned| planned.used_by.is_none());
        self.scripted.extend(steps);
        for call in &mut self.calls {
            call.begin = call.seen;
            call.attempts.clear();
        }
    }

    pub(crate) fn injected(&self) -> Vec<(Fault, usize)> {
        self.injected.clone()
    }

    pub(crate) fn inject_randomly(&mut self, seed: u64, faults: Vec<(Fault, u32)>) {
        self.random =
            (!faults.is_empty()).then(|| RandomFaults { seed, faults, sent: HashMap::new() });
    }

    /// Takes the fault of a request, and counts it. `order` is its position in its program, if that is known.
    pub(crate) fn take(
        &mut self,
        incoming: &Incoming,
        target: &Target,
        order: Option<Order>,
    ) -> Option<Fault> {
        let concurrent = order.and_then(|order| Some(((order.process, order.call), order.index?)));
        if concurrent.is_none() && self.scripted.is_empty() && self.random.is_none() {
            return None;
        }
        let step = match concurrent {
            Some((call, index)) => self.concurrent_step(incoming, target, call, index),
            None => {
                let is_next = |planned: &Planned| {
                    planned.used_by.is_none() && planned.matches(incoming, target)
                };
                let next = self.scripted.iter().position(is_next);
                next.map(|next| self.scripted.remove(next).fault)
            }
        };
        let fault = match step {
            Some(fault) => fault.as_deref().cloned(),
            None if accounts::is_for_accounts(&target.path) => None,
            None => self.random.as_mut().and_then(|random| random.next(incoming)),
        }?;
        match self.injected.iter_mut().find(|(known, _)| *known == fault) {
            Some((_, count)) => *count += 1,
            None => self.injected.push((fault.clone(), 1)),
        }
        Some(fault)
    }
}

impl Faults {
    /// Returns the step of one of several concurrent requests, which does not depend on the order in which they arrive.
    fn concurrent_step(
        &mut self,
        incoming: &Incoming,
        target: &Target,
        id: CallId,
        index: u64,
    ) -> Option<Option<Arc<Fault>>> {
        let known = self.calls.iter().position(|call| call.id == id);
        let known = known.unwrap_or_else(|| {
            if self.calls.len() >= MAX_CALLS
                && let Some(oldest) = self.calls.pop_front()
            {
                self.scripted.retain(|planned| planned.used_by != Some(oldest.id));
            }
            self.calls.push_back(ConcurrentCall {
                id,
                begin: 0,
                seen: 0,
                attempts: HashMap::new(),
            });
            self.calls.len() - 1
        });
        let call = self.calls.get_mut(known)?;
        call.seen = call.seen.max(index.saturating_add(1));
        let is_open = |planned: &Planned| planned.used_by.is_none_or(|call| call == id);
        let mut steps =
            self.scripted.iter_mut().filter(|step| is_open(step) && step.matches(incoming, target));
        let first = steps.next()?;
        if call.attempts.len() >= MAX_COUNTED {
            call.attempts.clear();
        }
        let attempts = call.attempts.entry((index, content(incoming))).or_default();
        let mut skipped = *attempts;
        *attempts += 1;
        // A path with an id is that of one request, unless the call reads the pages of a list.
        if first.is_of_all(target) {
            let place = usize::try_from(index.saturating_sub(call.begin)).unwrap_or(usize::MAX);
            skipped = skipped.saturating_add(place);
        }
        // The requests before it get the steps before its own.
        let mut step = first;
        step.used_by = Some(id);
        for _ in 0..skipped {
            step = steps.next()?;
            step.used_by = Some(id);
        }
        Some(step.fault.clone())
    }
}

/// Returns a hash of the method, the URL and the body of a request.
fn content(incoming: &Incoming) -> u64 {
    let Incoming { method, target, body, .. } = incoming;
    let bytes = [method.as_bytes(), target.as_bytes(), body.as_slice()];
    let bytes = bytes.into_iter().flat_map(|part| part.iter().chain([&0]));
    // FNV-1a.
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Planned {
    /// Returns whether all concurrent requests of a call have the path of the step, not only one of them.
    fn is_of_all(&self, target: &Target) -> bool {
        let Some(path) = &self.path else { return true };
        let segments = target.segments.as_deref().unwrap_or_default();
        let is_paged =
            |endpoint: &Endpoint| endpoint.params.iter().any(|param| param.key == "offset");
        let mut endpoints = ENDPOINTS.iter();
        // The names in braces can be other ones than those of the table.
        path.contains('{')
            || endpoints.any(|endpoint| *endpoint.path == **path)
            || ENDPOINTS
                .iter()
                .filter(|endpoint| route::in_path(&endpoint.path, segments).is_some())
                .any(|endpoint| is_paged(endpoint))
    }

    fn matches(&self, incoming: &Incoming, target: &Target) -> bool {
        let is_path = match &self.path {
            None => !accounts::is_for_accounts(&target.path),
            Some(path) => {
                let segments = target.segments.as_deref();
                **path == *target.path
                    || segments.is_some_and(|segments| route::in_path(path, segments).is_some())
            }
        };
        is_path && self.method.is_none_or(|method| method.as_str() == incoming.method)
    }
}

impl RandomFaults {
    fn next(&mut self, incoming: &Incoming) -> Option<Fault> {
        let content = content(incoming);
        if self.sent.len() >= MAX_COUNTED {
            self.sent.clear();
        }
        let sent = self.sent.entry(content).or_default();
        *sent += 1;
        let mut number = mixed(mixed(self.seed ^ content).wrapping_add(*sent)) % 100;
        for (fault, percent) in &self.faults {
            match number.checked_sub(u64::from(*percent)) {
                Some(rest) => number = rest,
                None => return Some(fault.clone()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::faults::fault::Reply;

    #[test]
    fn repeated_steps_share_their_response() {
        let faults = Mutex::default();
        Script::new(&faults, "/me").then_times(2, Reply::new(200).body([0; 1_000]));
        let faults = lock(&faults);
        let [first, second] = faults.scripted.as_slice() else { panic!("{faults:?}") };
        assert!(Arc::ptr_eq(first.fault.as_ref().unwrap(), second.fault.as_ref().unwrap()));
    }
}
