//! Which request meets which fault.

use std::sync::Mutex;

use super::fault::Fault;
use crate::endpoint::Method;
use crate::fake::api::route::{self, Target};
use crate::fake::http::Incoming;
use crate::fake::server::threads::lock;
use crate::fake::{Server, accounts};

impl Server {
    /// Lets something go wrong with the next requests of a path, one fault for each, in order; then they
    /// are answered as usual again.
    ///
    /// The path is as in the [table](crate::endpoint), with any id where the table has a name in braces,
    /// or with an id of its own; `*` is every path of the Web API. Requests for tokens have a path of
    /// their own, `/api/token`. Of several scripts that a request fits, it meets the
    /// oldest fault. What a fault does, and whether the request is done all the same, stands at
    /// [`Fault`]; [`requests`](Server::requests) tells which request met which.
    ///
    /// ```
    /// use tonearm::fake::{Fault, Server};
    /// use tonearm::endpoint::Method;
    ///
    /// let server = Server::start()?;
    /// let spotify = server.client()?;
    /// let album = server.catalog().albums()[0].clone();
    ///
    /// server
    ///     .script("/me/albums")
    ///     .method(Method::Delete)
    ///     .then_normal()
    ///     .then(Fault::QuotaExceeded)
    ///     .then(Fault::ResetAfterProcessing);
    /// server.script("/playlists/{playlist_id}").then(Fault::Status(500));
    ///
    /// spotify.remove_saved_albums([&album]).send()?;
    /// assert!(spotify.remove_saved_albums([&album]).send().is_err());
    /// assert_eq!(server.pending_faults(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "a script does nothing before `.then(…)`"]
    pub fn script(&self, path: &str) -> Script<'_> {
        let path = path.strip_prefix(route::ROOT).unwrap_or(path);
        let path = (path != "*").then(|| path.to_owned());
        Script { faults: &self.running.shared.faults, path, method: None }
    }

    /// Lets something go wrong with the next requests of the Web API, whatever their path: `script("*")`.
    #[must_use = "a script does nothing before `.then(…)`"]
    pub fn script_all(&self) -> Script<'_> {
        self.script("*")
    }

    /// How many steps of scripts no request has met yet: 0 at the end of a test whose scripts were right.
    pub fn pending_faults(&self) -> usize {
        lock(&self.running.shared.faults).scripted.len()
    }

    /// Lets something go wrong again and again, by chance: each request of the Web API that no script is
    /// for meets each fault in so many of a hundred cases. Without any fault it ends.
    ///
    /// The chance is in the seed: the same requests in the same order meet the same faults in every run.
    ///
    /// ```
    /// use tonearm::fake::{Fault, Server};
    ///
    /// let server = Server::start()?;
    /// let spotify = server.client()?;
    ///
    /// server.inject_randomly(7, [(Fault::Status(503), 20), (Fault::ResetBeforeProcessing, 10)]);
    /// let failed = (0..20).filter(|_| spotify.get_me().send_raw().is_err()).count();
    /// server.inject_randomly(0, []);
    ///
    /// for (fault, count) in server.injected() {
    ///     println!("{fault:?}: {count}");
    /// }
    /// # assert!(server.injected().iter().map(|(_, count)| count).sum::<usize>() >= failed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn inject_randomly(&self, seed: u64, per_cent: impl IntoIterator<Item = (Fault, u32)>) {
        let faults: Vec<_> = per_cent.into_iter().collect();
        let steady = (!faults.is_empty()).then_some(Steady { chance: Chance(seed), faults });
        lock(&self.running.shared.faults).steady = steady;
    }

    /// Which faults requests have met, and how many of them, in the order of their first time.
    pub fn injected(&self) -> Vec<(Fault, usize)> {
        lock(&self.running.shared.faults).injected.clone()
    }
}

/// Faults for the next requests of a path, from [`Server::script`].
#[derive(Debug)]
pub struct Script<'s> {
    faults: &'s Mutex<Faults>,
    path: Option<String>,
    method: Option<Method>,
}

impl Script<'_> {
    /// Only requests of this method meet the faults that follow. Default: those of any.
    #[must_use = "a script does nothing before `.then(…)`"]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// The next request that has not met a fault of this script meets this one.
    pub fn then(self, fault: impl Into<Fault>) -> Self {
        self.plan(Some(fault.into()))
    }

    /// The next request is answered as usual.
    pub fn then_normal(self) -> Self {
        self.plan(None)
    }

    fn plan(self, fault: Option<Fault>) -> Self {
        let planned = Planned { path: self.path.clone(), method: self.method, fault };
        lock(self.faults).scripted.push(planned);
        self
    }
}

/// The faults of a server that are to come, and the number of those that were.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    scripted: Vec<Planned>,
    steady: Option<Steady>,
    injected: Vec<(Fault, usize)>,
}

/// What is to happen to one request.
#[derive(Debug)]
struct Planned {
    /// None for that of any path of the Web API.
    path: Option<String>,
    method: Option<Method>,
    fault: Option<Fault>,
}

/// Faults by chance.
#[derive(Debug)]
struct Steady {
    chance: Chance,
    faults: Vec<(Fault, u32)>,
}

impl Faults {
    /// The fault that a request meets, which is counted with that.
    pub(crate) fn take(&mut self, incoming: &Incoming) -> Option<Fault> {
        let target = Target::of(&incoming.target);
        let is_met = |planned: &Planned| planned.is_met(incoming, &target);
        let fault = match self.scripted.iter().position(is_met) {
            Some(place) => self.scripted.remove(place).fault,
            None if accounts::is_for_accounts(&target.path) => None,
            None => self.steady.as_mut().and_then(Steady::next),
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

impl Steady {
    fn next(&mut self) -> Option<Fault> {
        let mut place = self.chance.below_hundred();
        for (fault, per_cent) in &self.faults {
            match place.checked_sub(u64::from(*per_cent)) {
                Some(rest) => place = rest,
                None => return Some(fault.clone()),
            }
        }
        None
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine.
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn below_hundred(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 100
    }
}
