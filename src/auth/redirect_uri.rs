//! The address to which Spotify sends the browser: its rules, and the code in it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use crate::error::{Error, LoginFailed, LoginFailedKind};
use crate::transport::config::config_error;
use crate::types::display::Quoted;
use crate::types::secret::Secret;

/// A redirect URI that this program can serve itself.
#[derive(Debug)]
pub(super) struct Loopback {
    pub(super) address: IpAddr,
    /// `None`: any free port.
    pub(super) port: Option<u16>,
    /// Path, and the query if there is one.
    target: Box<str>,
}

impl Loopback {
    /// The redirect URI with the port that was chosen.
    pub(super) fn uri(&self, port: u16) -> String {
        format!("http://{}{}", SocketAddr::new(self.address, port), self.target)
    }

    /// The path that the browser requests.
    pub(super) fn path(&self) -> &str {
        match self.target.split('?').next() {
            None | Some("") => "/",
            Some(path) => path,
        }
    }

    /// Reads a redirect URI by Spotify's rules; `None` if it does not lead to this machine.
    pub(super) fn of(text: &str) -> Result<Option<Self>, Error> {
        let wrong = |problem: String| config_error("redirect_uri", problem);
        let malformed = || {
            let example = "http://127.0.0.1/callback";
            wrong(format!("expected an address such as `{example}`, found {}", Quoted(text)))
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
                return Err(wrong(format!(
                    "found {}, but Spotify refuses `localhost` since November 2025: register and set \
                     `http://127.0.0.1/callback`, or `http://[::1]/callback`",
                    Quoted(text)
                )));
            }
            _ => {
                return Err(wrong(format!(
                    "expected `https`, or `http` to `127.0.0.1` or `[::1]`, which is all that Spotify takes, \
                     found {}",
                    Quoted(text)
                )));
            }
        };
        let port = authority.port_u16();
        if authority.as_str().len() > host.len() && matches!(port, None | Some(0)) {
            return Err(malformed());
        }
        // The text after the host and its port, as it is written: Spotify compares byte for byte.
        let target = text.get("http://".len() + authority.as_str().len()..).unwrap_or_default();
        Ok(Some(Loopback { address, port, target: target.into() }))
    }
}

fn is_absolute(uri: &Uri) -> bool {
    uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty())
}

/// Whether this can be the scheme of an app, `my-app:`, which Spotify accepts.
fn is_custom(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Reads the code in the address to which Spotify sent the browser. The state is compared before anything else.
pub(super) fn code(address: &str, state: &Secret) -> Result<Secret, Error> {
    let address = address.trim();
    let query = address.split_once('?').map_or(address, |(_, query)| query);
    // Some browsers add a fragment.
    let query = query.split('#').next().unwrap_or_default();
    let value = |key: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == key)?;
        Some(Secret::new(percent_decode_str(value).decode_utf8_lossy()))
    };
    let Some(found) = value("state") else {
        return Err(LoginFailed::error(
            LoginFailedKind::NoResponse,
            "expected the whole address to which Spotify sent the browser, with `code=` and `state=` in it, \
             found something else; copy it from the browser's address bar",
        ));
    };
    if found != *state {
        return Err(LoginFailed::error(
            LoginFailedKind::WrongState,
            "expected the answer to this login, found that to another: its `state` is not the one that was \
             sent; log in on the page that was opened last",
        ));
    }
    if let Some(word) = value("error") {
        return Err(LoginFailed::error(LoginFailedKind::Denied, word.reveal()));
    }
    value("code").filter(|code| !code.is_empty()).ok_or_else(|| {
        LoginFailed::error(
            LoginFailedKind::NoResponse,
            "expected `code=` or `error=` in the address to which Spotify sent the browser, found neither; \
             log in once more",
        )
    })
}
