//! The local server for the redirect URI.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::redirect_uri::Loopback;
use crate::error::{Error, LoginFailed, LoginFailedKind};
use crate::transport::{lock, settled, spawn};

/// Listens for the browser.
pub(super) struct Listener {
    port: u16,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

/// The state that the listener shares with its threads.
struct Shared {
    /// The path of the redirect URI.
    path: Box<str>,
    visits: Mutex<VecDeque<Visit>>,
    arrived: Condvar,
    is_over: AtomicBool,
}

/// A request of a browser for the redirect URI, which waits for a page.
pub(super) struct Visit {
    /// Path and query, as received.
    pub(super) target: Zeroizing<String>,
    stream: TcpStream,
}

/// The time limit for the request of a connection. A browser may open a connection in advance without a request.
const PATIENCE: Duration = Duration::from_secs(5);
/// The maximum number of connections that are read concurrently. Others wait.
const MAX_CONNECTIONS: usize = 64;
const MAX_HEAD: usize = 16 << 10;
/// The maximum number of bytes in empty lines before a request.
const MAX_BLANK: usize = 16;
/// The time between two attempts to accept a connection.
const PAUSE: Duration = Duration::from_millis(10);

impl Listener {
    /// Listens on exactly the address of the redirect URI.
    pub(super) fn bind(loopback: &Loopback) -> Result<Self, Error> {
        let address = SocketAddr::new(loopback.address, loopback.port.unwrap_or(0));
        let failed = |error: io::Error| {
            let message = format!(
                "cannot listen on {address}, the address of the redirect URI ({error}); end the program that \
                 uses the port, or register a redirect URI without a port"
            );
            LoginFailed::error(LoginFailedKind::NoBrowser, message)
        };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let shared = Arc::new(Shared {
            path: loopback.path().into(),
            visits: Mutex::default(),
            arrived: Condvar::new(),
            is_over: AtomicBool::new(false),
        });
        let of_thread = Arc::clone(&shared);
        let acceptor =
            spawn("tonearm-login", move || accept(&listener, &of_thread)).map_err(failed)?;
        Ok(Listener { port, shared, acceptor: Some(acceptor) })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Returns the next request for the redirect URI, if one arrives in time.
    pub(super) fn visit(&self, wait: Duration) -> Option<Visit> {
        let visits = lock(&self.shared.visits);
        let waited = self.shared.arrived.wait_timeout_while(visits, wait, |all| all.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Visit {
    /// Shows a page to the user and ends the connection.
    pub(super) fn respond(self, status: &str, heading: &str, text: &str) {
        if let Err(error) = show(&self.stream, status, heading, text) {
            log::debug!(
                "the browser closed the connection before the page of the login was sent: {error}"
            );
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    // Each open connection has a clone, so the reference count is their number.
    let open = Arc::new(());
    while !shared.is_over.load(Ordering::SeqCst) {
        if Arc::strong_count(&open) <= MAX_CONNECTIONS
            && let Ok((stream, _)) = listener.accept()
        {
            let (shared, counted) = (Arc::clone(shared), Arc::clone(&open));
            // If no thread can be started, the connection is closed.
            let _ = spawn("tonearm-visit", move || {
                receive(stream, &shared);
                drop(counted);
            });
        } else {
            thread::sleep(PAUSE);
        }
    }
}

/// Reads the request of a connection. A request for the redirect URI is passed to the listener.
fn receive(stream: TcpStream, shared: &Shared) {
    let Ok(Some(head)) = read_head(&stream) else { return };
    let mut parts = head.lines().next().unwrap_or_default().split(' ');
    let (method, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_http = parts.next().is_some_and(|version| version.starts_with("HTTP/1."));
    let shown = match (method, target.split('?').next()) {
        _ if !is_http => return,
        ("GET", Some(found)) if found == &*shared.path => {
            let visit = Visit { target: Zeroizing::new(target.to_owned()), stream };
            lock(&shared.visits).push_back(visit);
            return shared.arrived.notify_one();
        }
        (_, Some(found)) if found == &*shared.path => show(
            &stream,
            "405 Method Not Allowed",
            "Page not found",
            "The redirect of a login is a GET request.",
        ),
        // This is mostly the icon of the page.
        _ => show(
            &stream,
            "404 Not Found",
            "Page not found",
            "This is not the redirect address of the login.",
        ),
    };
    if let Err(error) = shown {
        log::debug!(
            "a client closed the connection before the response of the login server: {error}"
        );
    }
}

/// Reads a request up to its empty line, if that arrives in time.
fn read_head(stream: &TcpStream) -> io::Result<Option<Zeroizing<String>>> {
    // On some systems, the connection inherits the nonblocking mode of the listener.
    stream.set_nonblocking(false)?;
    settled(stream.set_write_timeout(Some(PATIENCE)))?;
    let until = Instant::now() + PATIENCE;
    let mut reader = stream;
    let mut head = Zeroizing::new(Vec::with_capacity(MAX_HEAD));
    let mut buffer = Zeroizing::new([0; 2048]);
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || head.len() > MAX_HEAD {
            return Ok(None);
        }
        settled(stream.set_read_timeout(Some(left)))?;
        let count = reader.read(&mut *buffer)?;
        if count == 0 {
            return Ok(None);
        }
        head.extend(buffer.iter().take(count));
        // LibreWolf sends an empty line before its request. RFC 9112, section 2.2, allows skipping it, and LF as the
        // end of a line.
        let blank = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if blank > MAX_BLANK {
            return Ok(None);
        }
        let request = head.get(blank..).unwrap_or_default();
        if [&b"\n\r\n"[..], b"\n\n"].iter().any(|end| memchr::memmem::find(request, end).is_some())
        {
            return Ok(Some(Zeroizing::new(String::from_utf8_lossy(request).into_owned())));
        }
    }
}

fn show(mut stream: &TcpStream, status: &str, heading: &str, text: &str) -> io::Result<()> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{heading}</title></head>\
         <body style=\"font-family: sans-serif; margin: 4em auto; max-width: 30em\">\
         <h1>{heading}</h1><p>{text}</p></body></html>\n"
    );
    let response = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    stream.write_all(response.as_bytes())?;
    stream.shutdown(Shutdown::Write)
}
