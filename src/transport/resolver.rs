//! Addresses of hosts, asked for once a minute.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::fault::NoConnection;

/// The addresses of the last host that was asked for. ureq asks before every request, also when a
/// connection waits in its pool.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    host: String,
    addresses: Vec<SocketAddr>,
    since: Instant,
}

/// How long an answer of the name server is used.
const MAX_AGE: Duration = Duration::from_secs(60);

impl Addresses {
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn known(&self, host: &str) -> Option<Vec<SocketAddr>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known =
            known.as_ref().filter(|known| known.host == host && known.since.elapsed() < MAX_AGE)?;
        Some(known.addresses.clone())
    }

    fn remember(&self, host: &str, addresses: &[SocketAddr]) {
        let known =
            Known { host: host.to_owned(), addresses: addresses.to_vec(), since: Instant::now() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

/// ureq's resolver, asked once a minute.
#[derive(Debug)]
pub(super) struct Remembering(pub(super) Arc<Addresses>);

impl Resolver for Remembering {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        if let Some(addresses) = self.0.known(host) {
            let mut resolved = self.empty();
            addresses.into_iter().for_each(|address| resolved.push(address));
            return Ok(resolved);
        }
        let resolved =
            DefaultResolver::default().resolve(uri, config, timeout).map_err(NoConnection::mark)?;
        self.0.remember(host, &resolved);
        Ok(resolved)
    }
}
