//! Faults that a test injects into a server.

use super::Server;
use crate::fake::faults::fail_all::Failure;
use crate::fake::faults::fault::Fault;
use crate::fake::faults::script::{Script, check_path};
use crate::fake::lock::lock;

impl Server {
    /// Starts a script for the next requests of a path: the server injects one [`Fault`] of the script into each, in
    /// order. Later requests get their normal responses again.
    ///
    /// The path is that of an [endpoint](crate::endpoint), such as `/playlists/{playlist_id}` for every playlist, or a
    /// path with an id. The name in braces can be any other one: `/playlists/{id}`. `*` matches every path of the Web API. Requests for tokens have the path `/api/token`. If several
    /// scripts match a request, the server injects the oldest fault. [`requests`](Server::requests) returns each request
    /// with its fault.
    ///
    /// Where a call of Tonearm sends requests concurrently, the steps do not depend on the order in which they arrive: the
    /// first request of the call gets the next step, the second one the step after it, and so on. A retry gets the step
    /// after that of its request, even if another request gets the same step. So every third page fails in
    /// the same way on one connection and on four. If two calls run concurrently, they get the steps in the order of
    /// arrival, and so do the requests of other clients.
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
    ///
    /// # Panics
    ///
    /// Panics if no endpoint has the path, because the script would have no effect. For other paths, use
    /// [`script_custom`](Server::script_custom).
    #[must_use = "a script has no effect without `.then(…)`"]
    #[track_caller]
    pub fn script(&self, path: &str) -> Script<'_> {
        if let Err(problem) = check_path(path) {
            // Only a test calls this, and its mistake is best reported at its own line.
            panic!("{problem}");
        }
        Script::new(&self.shared.faults, path)
    }

    /// Starts a script for a path that is no endpoint of Spotify's, such as that of a [custom call](crate::custom). In the
    /// path, `{name}` stands for any segment. After the last step, the server responds with 501.
    ///
    /// ```
    /// use tonearm::fake::{Reply, Server};
    ///
    /// let server = Server::start()?;
    /// server.script_custom("/charts/{kind}").then(Reply::new(200).body(r#"{"rank": 1}"#));
    ///
    /// let spotify = server.client()?;
    /// let response = spotify.get("/charts/viral").send_raw()?;
    /// assert_eq!(response.body(), br#"{"rank": 1}"#);
    /// assert_eq!(spotify.get("/charts/viral").send_raw()?.status(), 501);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "a script has no effect without `.then(…)`"]
    pub fn script_custom(&self, path: &str) -> Script<'_> {
        Script::custom(&self.shared.faults, path)
    }

    /// Starts a script for the next requests of any path of the Web API, like `script("*")`.
    #[must_use = "a script has no effect without `.then(…)`"]
    pub fn script_all(&self) -> Script<'_> {
        self.script("*")
    }

    /// Returns the number of script steps that no request has consumed: 0 at the end of a test whose scripts match its
    /// requests.
    pub fn pending_faults(&self) -> usize {
        lock(&self.shared.faults).pending()
    }

    /// Injects faults at random into requests of the Web API that no script matches, each fault with its probability in
    /// percent. An empty list ends this.
    ///
    /// The fault of a request depends on the seed, on its method, its URL and its body, and on how often the server has
    /// received it. So the same requests get the same faults in every run, in any order.
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
    /// assert!(server.injected().iter().map(|(_, count)| count).sum::<usize>() >= failed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn inject_randomly(&self, seed: u64, percent: impl IntoIterator<Item = (Fault, u32)>) {
        lock(&self.shared.faults).inject_randomly(seed, percent.into_iter().collect());
    }

    /// Returns the injected faults and how often each was injected, in the order of their first injection.
    pub fn injected(&self) -> Vec<(Fault, usize)> {
        lock(&self.shared.faults).injected()
    }

    /// Makes requests fail for one reason; `None` ends this. All requests fail, except with
    /// [`Failure::UserWithoutPremium`]. Errors of the token take precedence.
    ///
    /// ```
    /// use tonearm::fake::{Failure, Server};
    ///
    /// let server = Server::start()?;
    /// let spotify = server.client()?;
    ///
    /// server.fail_all(Some(Failure::UserNotRegistered));
    /// assert!(spotify.get_me().send().is_err());
    /// assert_eq!(server.requests()[0].status, Some(403));
    ///
    /// server.fail_all(None);
    /// spotify.get_me().send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fail_all(&self, reason: Option<Failure>) {
        *lock(&self.shared.failure) = reason;
    }
}
