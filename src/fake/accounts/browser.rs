//! A user at a browser, as far as a login needs one.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The browser of a user who logs in at a [`Server`](crate::fake::Server) and approves the app or does not.
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
    /// Visits the page of a login, approves, and follows the redirect. Returns the page there.
    ///
    /// # Errors
    ///
    /// An error of the connection, or that the page asks for no consent.
    pub fn approve_and_redirect(&self, url: &str) -> io::Result<String> {
        self.visit(&self.approve(url)?)
    }

    /// Visits the page of a login and approves. Returns the address of the redirect, with the code in it.
    ///
    /// # Errors
    ///
    /// As for [`approve_and_redirect`](Browser::approve_and_redirect).
    pub fn approve(&self, url: &str) -> io::Result<String> {
        self.choose(url, "/authorize/agree?")
    }

    /// Visits the page of a login and cancels. Returns the address of the redirect.
    ///
    /// # Errors
    ///
    /// As for [`approve_and_redirect`](Browser::approve_and_redirect).
    pub fn refuse(&self, url: &str) -> io::Result<String> {
        self.choose(url, "/authorize/cancel?")
    }

    /// Visits a page and returns it, without following redirects.
    ///
    /// # Errors
    ///
    /// An error of the connection.
    pub fn visit(&self, url: &str) -> io::Result<String> {
        get(url).map(|(_, page)| page)
    }

    fn choose(&self, url: &str, link: &str) -> io::Result<String> {
        let (_, page) = get(url)?;
        let Some(target) = page.split('"').find(|part| part.starts_with(link)) else {
            return Err(io::Error::other(format!("the page asks for no consent: {page}")));
        };
        let (origin, _) = taken_apart(url)?;
        let (head, _) = get(&format!("http://{origin}{target}").replace("&amp;", "&"))?;
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

/// Head and body of the response to a GET.
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
