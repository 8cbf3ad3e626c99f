//! The redirect URI of a login: Spotify's rules, and the code in the redirect address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use crate::error::{Error, LoginFailed, LoginFailedKind};
use crate::transport::config::config_error;
use crate::types::display::Quoted;
use crate::types::secret::Secret;

/// A redirect URI on this machine, for which the login can listen.
#[derive(Debug)]
pub(super) struct Loopback {
    pub(super) address: IpAddr,
    /// `None` means any free port.
    pub(super) port: Option<u16>,
    /// The path and the query, if any.
    target: Box<str>,
}

impl Loopback {
    /// Returns the redirect URI with the chosen port.
    pub(super) fn uri(&self, port: u16) -> String {
        format!("http://{}{}", SocketAddr::new(self.address, port), self.target)
    }

    /// Returns the path that the browser requests.
    pub(super) fn path(&self) -> &str {
        match self.target.split('?').next() {
            None | Some("") => "/",
            Some(path) => path,
        }
    }

    /// Parses a redirect URI by Spotify's rules. Returns `None` if it is not on this machine.
    pub(super) fn of(text: &str) -> Result<Option<Self>, Error> {
        let invalid = |problem: String| config_error("redirect_uri", problem);
        let malformed = || {
            let example = "http://127.0.0.1/callback";
            invalid(format!("expected an address such as `{example}`, found {}", Quoted(text)))
        };
        if text.contains('#') || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(malformed());
        }
        let (scheme, _) = text.split_once(':').ok_or_else(malformed)?;
        let uri = text.parse::<Uri>();
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" if uri.as_ref().is_ok_and(is_absolute) => return Ok(None),
            scheme if scheme != "https" && is_custom(scheme) => return Ok(None),
            _ => return Err(malformed()),
        }
        let uri = uri.map_err(|_| malformed())?;
        let authority = uri.authority().filter(|found| !found.as_str().contains('@'));
        let authority = authority.ok_or_else(malformed)?;
        let host = authority.host();
        let address = match host {
            "127.0.0.1" => IpAddr::V4(Ipv4Addr::LOCALHOST),
            "[::1]" => IpAddr::V6(Ipv6Addr::LOCALHOST),
            _ if host.eq_ignore_ascii_case("localhost") => {
                return Err(invalid(format!(
                    "found {}, which Spotify has rejected since November 2025; register and set \
                     `http://127.0.0.1/callback`, or `http://[::1]/callback`",
                    Quoted(text)
                )));
            }
            _ => {
                return Err(invalid(format!(
                    "expected `https`, or `http` with the host `127.0.0.1` or `[::1]`, because Spotify accepts no others, \
                     found {}",
                    Quoted(text)
                )));
            }
        };
        let port = authority.port_u16();
        if authority.as_str().len() > host.len() && matches!(port, None | Some(0)) {
            return Err(malformed());
        }
        // Keep the text after the host and port unchanged, because Spotify compares it byte by byte.
        let target = text.get("http://".len() + authority.as_str().len()..).unwrap_or_default();
        Ok(Some(Loopback { address, port, target: target.into() }))
    }
}

fn is_absolute(uri: &Uri) -> bool {
    uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty())
}

/// Returns whether this is a valid custom scheme such as `my-app:`, which Spotify accepts.
fn is_custom(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Reads the code in the address to which Spotify redirected the browser. It compares the state first.
pub(super) fn code(address: &str, state: &Secret) -> Result<Secret, Error> {
    let address = address.trim();
    let query = address.split_once('?').map_or(address, |(_, query)| query);
    // Ignore a fragment, which some browsers add.
    let query = query.split('#').next().unwrap_or_default();
    let value = |key: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == key)?;
        Some(Secret::new(percent_decode_str(value).decode_utf8_lossy()))
    };
    let Some(found) = value("state") else {
        return Err(LoginFailed::error(
            LoginFailedKind::NoResponse,
            "expected the whole address to which Spotify redirected the browser, with `code=` and `state=`, \
             found something else; copy it from the browser's address bar",
        ));
    };
    if found != *state {
        return Err(LoginFailed::error(
            LoginFailedKind::WrongState,
            "expected the redirect of this login, found that of another, whose `state` is different; log \
             in on the page that was opened last, or start a new login",
        ));
    }
    if let Some(reason) = value("error") {
        return Err(LoginFailed::error(LoginFailedKind::Denied, reason.reveal()));
    }
    value("code").filter(|code| !code.is_empty()).ok_or_else(|| {
        LoginFailed::error(
            LoginFailedKind::NoResponse,
            "expected `code=` or `error=` in the address to which Spotify redirected the browser, found neither; \
             log in again",
        )
    })
}
