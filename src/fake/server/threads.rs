//! The threads and the sockets of a server.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::log::ReceivedRequest;
use crate::client::QuotaMode;
use crate::endpoint::{ENDPOINTS, TokenKind};
use crate::fake::accounts::{self, Accounts, Grant};
use crate::fake::api::route::{self, Target};
use crate::fake::api::{self, check};
use crate::fake::catalog::Catalog;
use crate::fake::faults::fail_all::Failure;
use crate::fake::faults::fault::Fault;
use crate::fake::faults::script::Faults;
use crate::fake::http::{Connection, Incoming, ReadError, Response};
use crate::fake::lock::lock;
use crate::fake::record::replay::Replay;
use crate::fake::state::State;
use crate::json::value::json_object;
use crate::types::scope::Scopes;

/// The state that the threads of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    address: SocketAddr,
    is_stopping: Mutex<bool>,
    /// Wakes paused threads when the server stops.
    stopping: Condvar,
    mode: QuotaMode,
    /// The reason why all requests fail, if they do.
    pub(crate) failure: Mutex<Option<Failure>>,
    pub(crate) state: Mutex<State>,
    /// The recording that the server replays, if any.
    replay: Option<Mutex<Replay>>,
    pub(crate) accounts: Mutex<Accounts>,
    tokens: Mutex<HashMap<String, Issued>>,
    pub(crate) log: Mutex<Vec<ReceivedRequest>>,
    pub(crate) faults: Mutex<Faults>,
    /// The open connections, to close them when the server stops.
    open: Mutex<HashMap<u64, TcpStream>>,
}

/// An access token.
#[derive(Clone, Debug)]
struct Issued {
    scopes: Scopes,
    /// Whether it was granted for client credentials.
    is_of_app: bool,
    /// The time at which it expires, if it came from the accounts service.
    expires_at: Option<Instant>,
}

/// Starts a server. The returned thread joins all others before it ends.
pub(crate) fn start(
    mode: QuotaMode,
    replay: Option<Replay>,
) -> io::Result<(Arc<Shared>, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let shared = Arc::new(Shared {
        address: listener.local_addr()?,
        is_stopping: Mutex::new(false),
        stopping: Condvar::new(),
        mode,
        failure: Mutex::default(),
        state: Mutex::new(State::new(Catalog::shared())),
        replay: replay.map(Mutex::new),
        accounts: Mutex::default(),
        tokens: Mutex::default(),
        log: Mutex::default(),
        faults: Mutex::default(),
        open: Mutex::default(),
    });
    let acceptor = thread::Builder::new().name("fake-spotify".to_owned()).spawn({
        let shared = Arc::clone(&shared);
        move || accept(&listener, &shared)
    })?;
    Ok((shared, acceptor))
}

/// Accepts connections until the server stops, then closes the open ones.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    let mut number = 0;
    loop {
        let stream = listener.accept();
        if shared.is_stopping() {
            break;
        }
        let stream = match stream {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Most likely the process has run out of sockets. Some become free soon.
                log::warn!("the fake Spotify server cannot accept a connection: {error}");
                shared.pause(Duration::from_millis(10));
                continue;
            }
        };
        threads.retain(|thread| !thread.is_finished());
        number += 1;
        match serve_in_thread(stream, number, shared) {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                log::warn!("the fake Spotify server cannot serve a connection: {error}");
                lock(&shared.open).remove(&number);
            }
        }
    }
    for stream in lock(&shared.open).values() {
        let _ = stream.shutdown(Shutdown::Both);
    }
    for thread in threads {
        let _ = thread.join();
    }
}

fn serve_in_thread(
    stream: TcpStream,
    number: u64,
    shared: &Arc<Shared>,
) -> io::Result<JoinHandle<()>> {
    lock(&shared.open).insert(number, stream.try_clone()?);
    let shared = Arc::clone(shared);
    thread::Builder::new().name(format!("fake-spotify-{number}")).spawn(move || {
        if let Err(error) = serve(stream, &shared) {
            log::debug!("a connection to the fake Spotify server ended: {error}");
        }
        lock(&shared.open).remove(&number);
    })
}

/// Responds to the requests of one connection until it ends.
fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut connection = Connection::new(stream)?;
    while !shared.is_stopping() {
        let mut incoming = Incoming::default();
        match connection.read(&mut incoming) {
            Ok(()) => {}
            Err(ReadError::Invalid(status, message)) => {
                let response = Response::error(status, message).with_header("connection", "close");
                shared.note(&incoming, status, None, None);
                connection.write(&response.to_bytes(incoming.method == "HEAD"))?;
                connection.close();
                return Ok(());
            }
            Err(ReadError::Closed) => return Ok(()),
        }
        match shared.exchange(connection, &incoming)? {
            Some(open) if !incoming.is_last => connection = open,
            Some(last) => {
                last.close();
                return Ok(());
            }
            None => return Ok(()),
        }
    }
    Ok(())
}

impl Shared {
    /// Stops the server.
    pub(crate) fn stop(&self, acceptor: Option<JoinHandle<()>>) {
        *lock(&self.is_stopping) = true;
        self.stopping.notify_all();
        // The acceptor checks the flag only when it gets a connection.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let (Some(acceptor), Ok(_)) = (acceptor, &woken) {
            let _ = acceptor.join();
        }
    }

    /// Responds to a request, or injects a fault. Returns the connection if it stays open.
    fn exchange(
        &self,
        mut connection: Connection,
        incoming: &Incoming,
    ) -> io::Result<Option<Connection>> {
        let is_head = incoming.method == "HEAD";
        let Some(fault) = lock(&self.faults).take(incoming) else {
            let (response, endpoint) = self.respond(incoming);
            self.note(incoming, response.status, endpoint, None);
            connection.write(&response.to_bytes(is_head))?;
            return Ok(Some(connection));
        };
        let (actual, endpoint) = if fault.takes_effect() {
            let (response, endpoint) = self.respond(incoming);
            (Some(response), endpoint)
        } else {
            (None, self.endpoint(incoming))
        };
        let response = fault.response().or(actual);
        let status = response.as_ref().map_or(0, |response| response.status);
        self.note(incoming, status, endpoint, Some(&fault));
        fault.send(connection, response, is_head, |length| self.pause(length))
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Issues a token with these scopes, unique among the servers of a process.
    pub(crate) fn issue(&self, scopes: Scopes) -> String {
        self.issued(Issued { scopes, is_of_app: false, expires_at: None })
    }

    fn issued(&self, issued: Issued) -> String {
        let mut tokens = lock(&self.tokens);
        let token = format!("BQ-fake-{}-{}", self.address.port(), tokens.len() + 1);
        tokens.insert(token.clone(), issued);
        token
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Expires the access tokens that came from the accounts service.
    pub(crate) fn expire(&self) {
        let now = Instant::now();
        lock(&self.tokens).values_mut().filter(|token| token.expires_at.is_some()).for_each(
            |token| {
                token.expires_at = Some(now);
            },
        );
    }

    /// Returns the response of the accounts service.
    fn account(&self, incoming: &Incoming, target: &Target) -> Response {
        let mut accounts = lock(&self.accounts);
        let Grant { scopes, more } = match accounts.respond(incoming, target, self.port()) {
            Ok(grant) => grant,
            Err(response) => return response,
        };
        let lifetime = accounts.lifetime.unwrap_or(Duration::from_secs(3600));
        let token = self.issued(Issued {
            is_of_app: scopes.is_none(),
            scopes: scopes.unwrap_or_default(),
            expires_at: Some(Instant::now() + lifetime),
        });
        let seconds = usize::try_from(lifetime.as_secs()).unwrap_or(usize::MAX);
        let json =
            json_object! { "access_token": token, "token_type": "Bearer", "expires_in": seconds };
        Response::json(200, &json.with(more))
    }

    /// The number of open connections.
    pub(crate) fn connections(&self) -> usize {
        lock(&self.open).len()
    }

    fn is_stopping(&self) -> bool {
        *lock(&self.is_stopping)
    }

    /// Waits. If the server stops, returns `false` immediately.
    pub(crate) fn pause(&self, time: Duration) -> bool {
        let is_stopping = lock(&self.is_stopping);
        let waited = self.stopping.wait_timeout_while(is_stopping, time, |stopping| !*stopping);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Returns the name of the endpoint of a request.
    pub(crate) fn endpoint(&self, incoming: &Incoming) -> Option<&'static str> {
        let found = route::find(ENDPOINTS, incoming, &Target::of(&incoming.target), self.mode);
        found.ok().map(|found| &*found.endpoint.name)
    }

    /// Returns the response to a request, and the name of its endpoint.
    pub(crate) fn respond(&self, incoming: &Incoming) -> (Response, Option<&'static str>) {
        let target = Target::of(&incoming.target);
        if accounts::is_for_accounts(&target.path) {
            return (self.account(incoming, &target), None);
        }
        let token = self.token_of(incoming).and_then(|token| match *lock(&self.failure) {
            Some(failure) => Err(failure.response()),
            None => Ok(token),
        });
        let found = route::find(ENDPOINTS, incoming, &target, self.mode);
        if let Some(replay) = &self.replay {
            let response = token.map(|_| lock(replay).respond(incoming, &target, &self.origin()));
            let name = found.ok().map(|found| &*found.endpoint.name);
            return (response.unwrap_or_else(|error| error), name);
        }
        let found = match found {
            Ok(found) => found,
            Err(error) => return (error, None),
        };
        let response = token.and_then(|token| {
            if let Some(error) = self.mode.unavailable(found.endpoint) {
                return Err(error);
            }
            if token.is_of_app && found.endpoint.token == TokenKind::User {
                return Err(Response::error(401, "Valid user authentication required"));
            }
            let call = check::check(&found, incoming, &target, &token.scopes, self.mode)?;
            Ok(api::respond(&mut lock(&self.state), &call, &self.origin()))
        });
        (response.unwrap_or_else(|error| error), Some(&*found.endpoint.name))
    }

    /// Reads from the recording, if there is one.
    pub(crate) fn replayed(&self, read: impl FnOnce(&Replay) -> Vec<String>) -> Vec<String> {
        self.replay.as_ref().map(|replay| read(&lock(replay))).unwrap_or_default()
    }

    /// Returns the token of a request, if it is valid.
    fn token_of(&self, incoming: &Incoming) -> Result<Issued, Response> {
        let unauthorized = |message: &str, error: &str| {
            let header = format!(
                "Bearer realm=\"spotify\", error=\"{error}\", error_description=\"{message}\""
            );
            Response::error(401, message).with_header("www-authenticate", header)
        };
        let Some(header) = incoming.header("authorization") else {
            return Err(unauthorized("No token provided", "missing_token"));
        };
        let token = header.split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case("bearer"));
        let token = token.and_then(|(_, token)| lock(&self.tokens).get(token.trim()).cloned());
        let token = token.ok_or_else(|| unauthorized("Invalid access token", "invalid_token"))?;
        match token.expires_at {
            Some(end) if end <= Instant::now() => {
                Err(unauthorized("The access token expired", "invalid_token"))
            }
            _ => Ok(token),
        }
    }

    pub(crate) fn note(
        &self,
        incoming: &Incoming,
        status: u16,
        endpoint: Option<&'static str>,
        fault: Option<&Fault>,
    ) {
        let target = Target::of(&incoming.target);
        log::debug!("the fake Spotify server: {} {} -> {status}", incoming.method, target.path);
        let catalog = lock(&self.state).catalog;
        let received = ReceivedRequest::of(incoming, target, status, endpoint, fault);
        lock(&self.log).push(received.with_missing(catalog));
    }
}
