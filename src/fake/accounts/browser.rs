//! The browser of a user who logs in.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The browser of a user who logs in at a [`Server`](crate::fake::Server), and approves or rejects the app.
///
/// ```
/// # #[cfg(feature = "login")] {
/// use tonearm::{Scope, fake};
///
/// let server = fake::Server::start()?;
/// let browser = server.browser();
/// let app = server.app();
/// let login = app.login([Scope::UserReadEmail])?;
/// let token = login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run()?;
/// assert_eq!(token.scopes(), Some(&Scope::UserReadEmail.into()));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Browser {
    _private: (),
}

impl Browser {
    /// Visits the login page, approves the app, and follows the redirect. Returns the page at the redirect address.
    ///
    /// # Errors
    ///
    /// An error of the connection, or an error if the page is not a consent page.
    pub fn approve_and_redirect(&self, url: &str) -> io::Result<String> {
        self.visit(&self.approve(url)?)
    }

    /// Visits the login page and approves the app. Returns the redirect address, which contains the code.
    ///
    /// # Errors
    ///
    /// As for [`approve_and_redirect`](Browser::approve_and_redirect).
    pub fn approve(&self, url: &str) -> io::Result<String> {
        self.choose(url, "/authorize/agree?")
    }

    /// Visits the login page and cancels. Returns the redirect address.
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
        let (head, page) = get(url)?;
        // A server with `auto_approve` has no consent page.
        if link.starts_with("/authorize/agree")
            && let Some(location) = location(&head)
        {
            return Ok(location);
        }
        let Some(target) = page.split('"').find(|part| part.starts_with(link)) else {
            return Err(io::Error::other(format!("expected a consent page, found: {page}")));
        };
        let (origin, _) = split_url(url)?;
        let (head, _) = get(&format!("http://{origin}{target}").replace("&amp;", "&"))?;
        location(&head).ok_or_else(|| io::Error::other("expected a redirect, found none"))
    }
}

/// Returns the address of a redirect.
fn location(head: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
    })
}

/// Splits a URL into host with port, and path with query.
fn split_url(url: &str) -> io::Result<(&str, &str)> {
    let rest = url
        .strip_prefix("http://")
        .ok_or_else(|| io::Error::other("expected a URL with the scheme `http`"))?;
    Ok(rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash)))
}

/// Sends a GET, and returns head and body of the response.
fn get(url: &str) -> io::Result<(String, String)> {
    let (host, target) = split_url(url)?;
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
