//! The settings of a client, and the checks for tokens, URLs and locales.

use std::net::IpAddr;
use std::time::Duration;

use ureq::http::{HeaderValue, Uri};
use ureq::{Proxy, ProxyProtocol};
use zeroize::Zeroizing;

use crate::error::{ConfigError, Error};
use crate::request::Base;
use crate::types::display::Quoted;
use crate::types::market::Market;

/// The network settings of a client.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) https_only: bool,
    /// `Some(None)` means no proxy, and `None` the proxy of the environment.
    pub(crate) proxy: Option<Option<String>>,
    pub(crate) user_agent: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) max_response_size: u64,
    pub(crate) max_idle_connections: usize,
    /// `true` if the server is known to be a fake one: see [`order`](super::order).
    pub(crate) numbers_requests: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            https_only: true,
            proxy: None,
            user_agent: concat!("tonearm/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(60),
            max_response_size: 64 << 20,
            max_idle_connections: 8,
            numbers_requests: false,
        }
    }
}

impl Config {
    /// Checks the settings that do not depend on the server.
    pub(crate) fn check(&self) -> Result<(), Error> {
        header("user_agent", &self.user_agent)?;
        for (setting, timeout) in [
            ("connect_timeout", self.connect_timeout),
            ("read_timeout", self.read_timeout),
            ("call_timeout", self.call_timeout),
        ] {
            if timeout.is_zero() || timeout > Duration::from_secs(86_400) {
                let problem =
                    format!("expected more than 0 s and at most a day, found {timeout:?}");
                return Err(config_error(setting, problem));
            }
        }
        Ok(())
    }

    /// Adapts the settings to a server. A loopback address does not use TLS or the proxy of the environment.
    pub(crate) fn serve(&mut self, is_loopback: bool) {
        self.https_only = !is_loopback;
        if is_loopback && self.proxy.is_none() {
            self.proxy = Some(None);
        }
    }

    /// Returns the proxy for a server: the configured one, or that of the environment.
    pub(super) fn proxy_to(&self, server: &Base) -> Result<Option<Proxy>, Error> {
        let invalid = |problem: String| Err(config_error("proxy", problem));
        let (variable, proxy) = match &self.proxy {
            Some(None) => return Ok(None),
            Some(Some(url)) => (None, Proxy::new(url).ok()),
            None => {
                // Check the URL here, because ureq connects without a proxy if it cannot use the URL.
                let Some((variable, url)) = PROXY_VARIABLES.into_iter().find_map(|variable| {
                    let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
                    Some((variable, url))
                }) else {
                    return Ok(None);
                };
                (Some(variable), Proxy::new(&url).ok().and_then(|_| Proxy::try_from_env()))
            }
        };
        let found =
            variable.map_or(String::new(), |name| format!(", found another value in `{name}`"));
        let Some(proxy) = proxy else {
            return invalid(format!(
                "expected a URL such as `http://user:password@localhost:3128`{found}"
            ));
        };
        let is_used = server.url.parse().is_ok_and(|server| !proxy.is_no_proxy(&server));
        let (kind, feature) = match proxy.protocol() {
            ProxyProtocol::Http => return Ok(Some(proxy)),
            ProxyProtocol::Https => ("an `https` proxy", (!HAS_TLS).then_some("rustls")),
            _ => ("a SOCKS proxy", (!cfg!(feature = "socks")).then_some("socks")),
        };
        match feature.filter(|_| is_used) {
            Some(feature) => invalid(format!(
                "expected an `http` proxy, found {kind}{}; enable the feature `{feature}` of this crate",
                variable.map_or(String::new(), |name| format!(" in `{name}`"))
            )),
            None => Ok(Some(proxy)),
        }
    }
}

/// True if a feature of this crate enables TLS.
const HAS_TLS: bool =
    cfg!(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"));

/// The environment variables for a proxy, in the order in which ureq reads them.
const PROXY_VARIABLES: [&str; 6] =
    ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];

pub(crate) fn config_error(setting: &'static str, message: String) -> Error {
    Error::Config(Box::new(ConfigError { setting, message }))
}

pub(crate) fn header(setting: &'static str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        config_error(
            setting,
            format!(
                "expected text that a header can carry, found {} with control characters",
                Quoted(text)
            ),
        )
    })
}

/// Returns the header value `Bearer …`. No error contains the token.
pub(crate) fn authorization(token: Option<&str>) -> Result<HeaderValue, Error> {
    let invalid = |problem: &str| {
        Err(config_error(
            "token",
            format!("{problem}; pass only the access token, as Spotify returned it"),
        ))
    };
    let Some(token) = token else {
        return Err(config_error(
            "token",
            "no token is set: call `.token(…)`, `.app(…)` or `.client_credentials(…)` before `.build()`"
                .to_owned(),
        ));
    };
    if token.is_empty() {
        return invalid("the token is empty");
    }
    if let Some((index, found)) = token.chars().enumerate().find(|(_, c)| !c.is_ascii_graphic()) {
        let found = match found {
            '\n' | '\r' => "a line break",
            ' ' | '\t' => "white space",
            _ => "a character that is not printable ASCII",
        };
        let length = token.chars().count();
        return invalid(&format!(
            "the token of {length} characters contains {found} at character {}",
            index + 1
        ));
    }
    let Ok(mut value) = HeaderValue::from_str(&Zeroizing::new(format!("Bearer {token}"))) else {
        return invalid("the token is not a valid header value");
    };
    value.set_sensitive(true);
    Ok(value)
}

/// Checks a base URL. Returns it without a slash at its end, and whether it is a loopback address.
pub(crate) fn base(setting: &'static str, example: &str, url: &str) -> Result<(Base, bool), Error> {
    let invalid = || {
        config_error(
            setting,
            format!("expected an `https` URL such as `{example}`, found {}", Quoted(url)),
        )
    };
    let uri: Uri = url.parse().map_err(|_| invalid())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(invalid());
    };
    if !matches!(scheme, "http" | "https")
        || uri.query().is_some()
        || authority.as_str().contains('@')
        || authority.host().is_empty()
    {
        return Err(invalid());
    }
    let is_loopback = is_loopback(authority.host());
    if scheme == "http" && !is_loopback {
        let problem = format!(
            "expected `https`, found {}: the client sends tokens without TLS only to a loopback address",
            Quoted(url)
        );
        return Err(config_error(setting, problem));
    }
    let origin = format!("{scheme}://{authority}");
    let base = Base { origin: origin.len(), url: origin + uri.path().trim_end_matches('/') };
    Ok((base, is_loopback))
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns the header value `fi-FI` for the locale `fi_FI`.
pub(crate) fn accept_language(locale: &str) -> Result<HeaderValue, Error> {
    let (language, country) =
        locale.split_once(['_', '-']).map_or((locale, None), |(l, c)| (l, Some(c)));
    let is_language =
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    let is_country = country.is_none_or(|country| country.parse::<Market>().is_ok());
    if !is_language || !is_country {
        return Err(config_error(
            "locale",
            format!("expected a language and a country such as `fi_FI`, found {}", Quoted(locale)),
        ));
    }
    header("locale", &locale.replace('_', "-"))
}
