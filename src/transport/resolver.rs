//! A cache of resolved addresses.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::deadline::{connecting, next_wait};
use super::{lock, spawn};

/// The addresses of the server and the proxy of a client, by host and port. ureq resolves the name before every
/// request, even if its pool has a connection.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    look_ups: Mutex<HashMap<String, LookUp>>,
    done: Condvar,
}

#[derive(Debug)]
enum LookUp {
    Running,
    Found(Vec<SocketAddr>, Instant),
    Failed(io::ErrorKind, String),
}

/// The time for which addresses are used.
const MAX_AGE: Duration = Duration::from_secs(60);
/// The maximum number of addresses that ureq accepts.
const MOST: usize = 16;

impl Addresses {
    pub(super) fn forget(&self) {
        lock(&self.look_ups).retain(|_, look_up| matches!(look_up, LookUp::Running));
    }

    /// Returns the addresses of a host and port. The lookup of the system has no timeout, so it runs on a separate
    /// thread, which all waiting calls share.
    fn of(self: &Arc<Self>, host: &str, system: System) -> Result<Vec<SocketAddr>, Error> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let mut look_ups = lock(&self.look_ups);
        let is_known = match look_ups.get(host) {
            Some(LookUp::Found(_, since)) => since.elapsed() < MAX_AGE,
            Some(LookUp::Running) => true,
            Some(LookUp::Failed(..)) | None => false,
        };
        if !is_known {
            let (addresses, host) = (Arc::clone(self), host.to_owned());
            look_ups.insert(host.clone(), LookUp::Running);
            let spawned = spawn("tonearm-resolve", {
                let host = host.clone();
                move || addresses.end(host.clone(), system(&host))
            });
            if let Err(error) = spawned {
                look_ups.remove(&host);
                return Err(error.into());
            }
        }
        loop {
            match look_ups.get(host) {
                Some(LookUp::Found(addresses, _)) => return Ok(addresses.clone()),
                Some(LookUp::Failed(kind, why)) => {
                    return Err(io::Error::new(*kind, why.clone()).into());
                }
                Some(LookUp::Running) => {}
                // Another thread could not connect, and removed the addresses.
                None => {
                    drop(look_ups);
                    return self.of(host, system);
                }
            }
            let (wait, _) = next_wait(Duration::MAX, Timeout::Resolve)?;
            let waited = self.done.wait_timeout(look_ups, wait);
            (look_ups, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn end(&self, host: String, found: io::Result<Vec<SocketAddr>>) {
        let look_up = match found {
            Ok(addresses) => LookUp::Found(addresses, Instant::now()),
            Err(error) => LookUp::Failed(error.kind(), error.to_string()),
        };
        lock(&self.look_ups).insert(host, look_up);
        self.done.notify_all();
    }
}

/// The lookup function of the system.
type System = fn(&str) -> io::Result<Vec<SocketAddr>>;

fn system(host: &str) -> io::Result<Vec<SocketAddr>> {
    Ok(host.to_socket_addrs()?.take(MOST).collect())
}

/// A resolver that uses the addresses of the system for a minute.
#[derive(Debug)]
pub(super) struct CachingResolver {
    pub(super) addresses: Arc<Addresses>,
    pub(super) connect_timeout: Duration,
}

impl Resolver for CachingResolver {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let parts = uri.scheme().zip(uri.authority());
        let host =
            parts.and_then(|(scheme, authority)| DefaultResolver::host_and_port(scheme, authority));
        let host = host.ok_or(Error::HostNotFound)?;
        let found = connecting(self.connect_timeout, || self.addresses.of(&host, system))?;
        let mut resolved = self.empty();
        found.into_iter().for_each(|address| resolved.push(address));
        if resolved.is_empty() { Err(Error::HostNotFound) } else { Ok(resolved) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::Deadline;
    use super::*;

    #[test]
    fn look_up_ends_with_the_deadline_and_is_shared() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        static HANGS: Mutex<()> = Mutex::new(());
        let system: System = |host| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            drop(HANGS.lock());
            assert_eq!(host, "api.spotify.com:443");
            Ok(vec![SocketAddr::from(([192, 0, 2, 1], 443))])
        };
        let addresses = Arc::new(Addresses::default());
        let look_up = |host: &str, call_timeout, connect_timeout| {
            let deadline = Deadline::after(Duration::from_millis(call_timeout));
            deadline.bound(|| {
                connecting(Duration::from_millis(connect_timeout), || addresses.of(host, system))
            })
        };
        let hanging = HANGS.lock().unwrap();
        let (found, exchange) = look_up("api.spotify.com:443", 20, 60_000);
        assert!(matches!(found, Err(Error::Timeout(Timeout::Global))), "{found:?}");
        assert!(exchange.has_no_connection && !exchange.is_sent);
        let (found, _) = look_up("api.spotify.com:443", 60_000, 20);
        assert!(matches!(found, Err(Error::Timeout(Timeout::Connect))), "{found:?}");
        drop(hanging);
        let (found, exchange) = look_up("api.spotify.com:443", 60_000, 60_000);
        assert_eq!(found.unwrap(), [SocketAddr::from(([192, 0, 2, 1], 443))]);
        assert!(!exchange.has_no_connection);
        addresses.forget();
        assert!(look_up("api.spotify.com:443", 60_000, 60_000).0.is_ok());
        assert!(look_up("api.spotify.com:443", 60_000, 60_000).0.is_ok());
        let address = look_up("[::1]:80", 60_000, 60_000).0.unwrap();
        assert_eq!(address, ["[::1]:80".parse().unwrap()]);
        // Two lookups, because `forget` was called once.
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    }
}
