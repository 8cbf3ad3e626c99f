//! A cache of resolved addresses.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::fault::NoConnection;

/// The addresses of the last host, and since when they are known. ureq resolves before every request, also when its
/// pool has a connection.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<Option<(String, Vec<SocketAddr>, Instant)>>);

/// How long addresses are used.
const MAX_AGE: Duration = Duration::from_secs(60);

impl Addresses {
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(String, Vec<SocketAddr>, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// ureq's resolver, asked once a minute.
#[derive(Debug)]
pub(super) struct CachingResolver(pub(super) Arc<Addresses>);

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        if let Some((known, addresses, since)) = &*self.0.lock()
            && known == host
            && since.elapsed() < MAX_AGE
        {
            let mut resolved = self.empty();
            addresses.iter().for_each(|address| resolved.push(*address));
            return Ok(resolved);
        }
        let resolved =
            DefaultResolver::default().resolve(uri, config, timeout).map_err(NoConnection::mark)?;
        *self.0.lock() = Some((host.to_owned(), resolved.to_vec(), Instant::now()));
        Ok(resolved)
    }
}
