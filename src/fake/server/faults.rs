//! Faults that a test injects into a server.

use super::Server;
use crate::fake::faults::fail_all::Failure;
use crate::fake::faults::fault::Fault;
use crate::fake::faults::script::Script;
use crate::fake::lock::lock;

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
        Script::new(&self.threads.shared.faults, path)
    }

    /// Lets something go wrong with the next requests of the Web API, whatever their path: `script("*")`.
    #[must_use = "a script does nothing before `.then(…)`"]
    pub fn script_all(&self) -> Script<'_> {
        self.script("*")
    }

    /// How many steps of scripts no request has met yet: 0 at the end of a test whose scripts were right.
    pub fn pending_faults(&self) -> usize {
        lock(&self.threads.shared.faults).pending()
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
        lock(&self.threads.shared.faults).inject_randomly(seed, per_cent.into_iter().collect());
    }

    /// Which faults requests have met, and how many of them, in the order of their first time.
    pub fn injected(&self) -> Vec<(Fault, usize)> {
        lock(&self.threads.shared.faults).injected()
    }

    /// Refuses every request from now on for one reason, or for none again.
    ///
    /// Only what is wrong with the address or the token is said before.
    ///
    /// ```
    /// use tonearm::{QuotaMode, fake::{Failure, Server}};
    ///
    /// let server = Server::builder().quota_mode(QuotaMode::Development).start()?;
    /// let spotify = server.client()?;
    ///
    /// for reason in [Failure::UserNotRegistered, Failure::OwnerWithoutPremium] {
    ///     server.fail_all(Some(reason));
    ///     assert!(spotify.get_me().send().is_err());
    ///     assert_eq!(server.requests().last().map(|request| request.status), Some(403));
    /// }
    /// server.fail_all(None);
    /// spotify.get_me().send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fail_all(&self, reason: Option<Failure>) {
        self.threads.shared.fail_all(reason);
    }
}
