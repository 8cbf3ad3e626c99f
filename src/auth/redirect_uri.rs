//! The address to which Spotify sends the browser: its rules, and what comes back with it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use percent_encoding::percent_decode_str;
use ureq::http::Uri;

use crate::error::Error;
use crate::error::{LoginFailed, LoginProblem};
use crate::transport::config::config_error;
use crate::types::display::Quoted;
use crate::types::secret::Secret;

/// A redirect URI that Spotify takes.
#[derive(Clone, Debug)]
pub(super) struct RedirectUri {
    /// As it is registered.
    pub(super) text: Box<str>,
    /// Where to listen, if it leads to this machine.
    pub(super) loopback: Option<Loopback>,
}

/// A redirect URI that this program can serve itself.
#[derive(Clone, Debug)]
pub(super) struct Loopback {
    pub(super) address: IpAddr,
    /// None: any that is free.
    pub(super) port: Option<u16>,
    /// Path, and the query if there is one.
    pub(super) target: Box<str>,
}

impl Loopback {
    /// The redirect URI with the port that was chosen.
    pub(super) fn uri(&self, port: u16) -> String {
        match self.address {
            IpAddr::V4(address) => format!("http://{address}:{port}{}", self.target),
            IpAddr::V6(address) => format!("http://[{address}]:{port}{}", self.target),
        }
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl RedirectUri {
    /// Reads a redirect URI by Spotify's rules.
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        let wrong = |problem: String| Err(config_error("redirect_uri", problem));
        let form = || {
            wrong(format!(
                "expected an address such as `http://127.0.0.1/callback`, found {}",
                Quoted(text)
            ))
        };
        if text.contains('#') || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return form();
        }
        // What is ours to serve is `http` alone; of all the rest only Spotify knows what it is.
        let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("http") => {}
            Some("https") if text.parse::<Uri>().is_ok_and(|uri| is_whole(&uri)) => {
                return Ok(RedirectUri { text: text.into(), loopback: None });
            }
            Some(scheme) if scheme != "https" && is_custom(scheme) => {
                return Ok(RedirectUri { text: text.into(), loopback: None });
            }
            _ => return form(),
        }
        let Ok(uri) = text.parse::<Uri>() else { return form() };
        let Some(authority) = uri.authority().filter(|found| !found.as_str().contains('@')) else {
            return form();
        };
        let host = authority.host();
        // The text after the host and its port, as it is written: Spotify compares byte for byte.
        let after = authority.as_str().len() + "http://".len();
        let target = text.get(after..).unwrap_or_default();
        let has_port = authority.as_str().len() > host.len();
        let address: Option<IpAddr> =
            host.trim_start_matches('[').trim_end_matches(']').parse().ok();
        let is_literal = matches!(
            address,
            Some(IpAddr::V4(Ipv4Addr::LOCALHOST) | IpAddr::V6(Ipv6Addr::LOCALHOST))
        ) && matches!(host, "127.0.0.1" | "[::1]");
        match address {
            Some(address) if is_literal => match (has_port, authority.port_u16()) {
                (true, None | Some(0)) => form(),
                (_, port) => Ok(RedirectUri {
                    text: text.into(),
                    loopback: Some(Loopback { address, port, target: target.into() }),
                }),
            },
            _ if host.eq_ignore_ascii_case("localhost") => wrong(format!(
                "found {}, but Spotify refuses `localhost` since November 2025: register and set \
                 `http://127.0.0.1/callback`, or `http://[::1]/callback`",
                Quoted(text)
            )),
            _ => wrong(format!(
                "expected `https`, or `http` to `127.0.0.1` or `[::1]`, which is all that Spotify takes, \
                 found {}",
                Quoted(text)
            )),
        }
    }
}

/// Whether scheme and host are there.
fn is_whole(uri: &Uri) -> bool {
    uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty())
}

/// Schemes of apps, `my-app:`, which Spotify goes on to take.
fn is_custom(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// What Spotify sent back.
pub(super) enum Answer {
    Code(Secret),
    /// Its word for why there is none.
    Refused(Box<str>),
}

/// Reads the address to which the browser was sent. The state is compared before anything else counts.
pub(super) fn answer(address: &str, state: &Secret) -> Result<Answer, Error> {
    let address = address.trim();
    let query = address.split_once('?').map_or(address, |(_, query)| query);
    // Some browsers keep a fragment that they were given on the way.
    let query = query.split('#').next().unwrap_or_default();
    let value = |key: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == key)
            .map(|(_, value)| Secret::new(percent_decode_str(value).decode_utf8_lossy()))
    };
    let (code, refusal) = (value("code"), value("error"));
    let failed = |problem, message: &str| Err(LoginFailed::error(problem, message));
    let Some(found) = value("state") else {
        return failed(
            LoginProblem::NoResponse,
            "expected the whole address to which Spotify sent the browser, with `code=` and `state=` in it, \
             found something else; copy it from the browser's address bar",
        );
    };
    if found != *state {
        return failed(
            LoginProblem::WrongState,
            "expected the answer to this login, found that to another: its `state` is not the one that was \
             sent; log in on the page that was opened last",
        );
    }
    match (code, refusal) {
        (_, Some(word)) => Ok(Answer::Refused(word.reveal().into())),
        (Some(code), None) if !code.is_empty() => Ok(Answer::Code(code)),
        _ => failed(
            LoginProblem::NoResponse,
            "expected `code=` or `error=` in the address to which Spotify sent the browser, found neither; \
             log in once more",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_is_exactly_the_loopback_address() {
        for (text, address, port, target) in [
            ("http://127.0.0.1/callback", "127.0.0.1", None, "/callback"),
            ("http://127.0.0.1:8888", "127.0.0.1", Some(8888), ""),
            ("http://127.0.0.1:8888/", "127.0.0.1", Some(8888), "/"),
            ("http://[::1]:80/a/b?c=d", "::1", Some(80), "/a/b?c=d"),
            ("http://[::1]", "::1", None, ""),
        ] {
            let uri = RedirectUri::new(text).unwrap();
            let loopback = uri.loopback.unwrap();
            assert_eq!(&*uri.text, text);
            assert_eq!(loopback.address.to_string(), address);
            assert_eq!((loopback.port, &*loopback.target), (port, target));
            assert_eq!(
                loopback.uri(port.unwrap_or(1)),
                match port {
                    Some(_) => text.to_owned(),
                    None => text.replacen(".1/", ".1:1/", 1).replacen("]", "]:1", 1),
                }
            );
        }
        for text in
            ["https://app.example/callback", "https://127.0.0.1/x", "my-app:/login", "my.app://x"]
        {
            assert!(RedirectUri::new(text).unwrap().loopback.is_none(), "{text}");
        }
    }

    #[test]
    fn what_spotify_refuses_is_refused_with_its_rule() {
        for text in [
            "http://example.com/cb",
            "http://127.0.0.2/",
            "http://127.1/",
            "http://[::]/",
            "http://LOCALHOST/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://mira@127.0.0.1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:/",
            "http://127.0.0.1/#x",
            "http://127.0.0.1/a b",
            "https://",
            "https:",
            "http:",
            "",
            "callback",
        ] {
            let error = RedirectUri::new(text).unwrap_err();
            assert!(matches!(error, Error::Config(_)), "{text}");
        }
    }

    #[test]
    fn answers_are_read_as_browsers_show_them() {
        let state = Secret::new("abc");
        for text in [
            "http://127.0.0.1:8888/callback?code=AQ%2Dx%3D&state=abc",
            "  https://app.example/?state=abc&code=AQ-x=#_=_\n",
            "?code=AQ-x=&state=abc",
            "code=AQ-x=&state=abc",
            "/callback?x&code=AQ-x=&state=%61bc&state=other",
        ] {
            match answer(text, &state) {
                Ok(Answer::Code(code)) => assert_eq!(code.reveal(), "AQ-x=", "{text}"),
                _ => panic!("{text}"),
            }
        }
        assert!(matches!(
            answer("/?error=access_denied&state=abc&code=x", &state),
            Ok(Answer::Refused(word)) if &*word == "access_denied"
        ));
        for (text, problem) in [
            ("/?code=AQ&state=abd", LoginProblem::WrongState),
            ("/?error=access_denied&state=", LoginProblem::WrongState),
            ("/?code=AQ", LoginProblem::NoResponse),
            ("/?code=&state=abc", LoginProblem::NoResponse),
            ("/?state=abc", LoginProblem::NoResponse),
            ("AQ-the-code-alone", LoginProblem::NoResponse),
            ("", LoginProblem::NoResponse),
        ] {
            match answer(text, &state) {
                Err(Error::Login(failed)) => assert_eq!(failed.problem, problem, "{text}"),
                _ => panic!("{text}"),
            }
        }
    }
}
