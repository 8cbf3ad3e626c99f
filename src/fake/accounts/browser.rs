//! A person at a browser, as far as a login needs one.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A person at a browser, who logs in at a [`Server`](crate::fake::Server) and agrees or does not.
///
/// ```
/// # #[cfg(feature = "login")] {
/// use tonearm::{Scope, fake};
///
/// let server = fake::Server::start()?;
/// let browser = server.browser();
/// let app = server.app();
/// let token = app.login([Scope::UserReadEmail])?.browser(move |url| browser.approve_and_redirect(url).map(drop)).run()?;
/// assert_eq!(token.scopes().map(|scopes| scopes.to_string()).as_deref(), Some("user-read-email"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Browser {
    _private: (),
}

impl Browser {
    /// Opens the page of a login, agrees, and follows to where Spotify sends the browser. The answer is
    /// the page that is shown there.
    ///
    /// # Errors
    ///
    /// What went wrong on the way, also a page that asks for no consent.
    pub fn approve_and_redirect(&self, url: &str) -> io::Result<String> {
        self.visit(&self.approve(url)?)
    }

    /// Opens the page of a login and agrees. The answer is the address to which Spotify sends the
    /// browser, with the code in it: what a person pastes.
    ///
    /// # Errors
    ///
    /// As for [`approve_and_redirect`](Browser::approve_and_redirect).
    pub fn approve(&self, url: &str) -> io::Result<String> {
        self.choose(url, "/authorize/agree?")
    }

    /// Opens the page of a login and does not agree. The answer is as of [`approve`](Browser::approve).
    ///
    /// # Errors
    ///
    /// As for [`approve_and_redirect`](Browser::approve_and_redirect).
    pub fn refuse(&self, url: &str) -> io::Result<String> {
        self.choose(url, "/authorize/cancel?")
    }

    /// Opens a page and reads it; redirects are not followed.
    ///
    /// # Errors
    ///
    /// What went wrong on the way.
    pub fn visit(&self, url: &str) -> io::Result<String> {
        get(url).map(|(_, page)| page)
    }

    fn choose(&self, url: &str, link: &str) -> io::Result<String> {
        let (_, page) = get(url)?;
        let target = page.split('"').find(|part| part.starts_with(link)).map(unescaped);
        let Some(target) = target else {
            return Err(io::Error::other(format!("the page asks for no consent: {page}")));
        };
        let (origin, _) = taken_apart(url)?;
        let (head, _) = get(&format!("http://{origin}{target}"))?;
        let location = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        });
        location.ok_or_else(|| io::Error::other("the browser is sent nowhere"))
    }
}

/// Host with port, and the rest.
fn taken_apart(url: &str) -> io::Result<(&str, &str)> {
    let rest = url
        .strip_prefix("http://")
        .ok_or_else(|| io::Error::other("expected an address with http"))?;
    Ok(rest.find('/').map_or((rest, "/"), |place| rest.split_at(place)))
}

fn unescaped(text: &str) -> String {
    text.replace("&amp;", "&")
}

/// Head and body of the answer to a GET.
fn get(url: &str) -> io::Result<(String, String)> {
    let (host, target) = taken_apart(url)?;
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\nconnection: close\r\n\r\n"
    )?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    Ok((head.to_owned(), body.to_owned()))
}
