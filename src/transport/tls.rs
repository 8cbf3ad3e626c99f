//! The TLS configuration, by the features of this crate. ureq does not choose one automatically.

use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

/// Returns the TLS library and the trusted roots: rustls if it is enabled, or the library of the platform.
pub(super) fn config() -> TlsConfig {
    let has_rustls = cfg!(any(feature = "rustls", feature = "rustls-no-provider"));
    let is_native = cfg!(feature = "native-tls") && !has_rustls;
    let (provider, roots) = match (is_native, cfg!(feature = "platform-verifier")) {
        (true, _) => (TlsProvider::NativeTls, RootCerts::PlatformVerifier),
        (false, true) => (TlsProvider::Rustls, RootCerts::PlatformVerifier),
        (false, false) => (TlsProvider::Rustls, RootCerts::WebPki),
    };
    TlsConfig::builder().provider(provider).root_certs(roots).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_provider_follows_the_cargo_features() {
        let config = config();
        // The tests always run with the default features.
        assert_eq!(config.provider(), TlsProvider::Rustls);
        let is_platform = matches!(config.root_certs(), RootCerts::PlatformVerifier);
        assert_eq!(is_platform, cfg!(feature = "platform-verifier"));
    }
}
