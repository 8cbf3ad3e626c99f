//! The threads and the sockets of a server.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::NewUser;
use super::admin;
use super::builder::{PlayerResponses, ServerBuilder};
use super::log::{Head, ReceivedRequest, RequestLog};
use crate::endpoint::{ENDPOINTS, Endpoint, TokenKind};
use crate::fake::accounts::{self, Accounts, Grant};
use crate::fake::api::development::Access;
use crate::fake::api::playlists::MAX_ITEMS;
use crate::fake::api::route::{self, Match, Target};
use crate::fake::api::{self, check, player};
use crate::fake::catalog::items::MediaItem;
use crate::fake::catalog::{Catalog, NEW_USER};
use crate::fake::faults::fail_all::Failure;
use crate::fake::faults::fault::Fault;
use crate::fake::faults::inject::rate_limited;
use crate::fake::faults::script::Faults;
use crate::fake::http::{Connection, Incoming, ReadError, Response};
use crate::fake::library;
use crate::fake::lock::lock;
use crate::fake::record::replay::Replay;
use crate::fake::state::State;
use crate::fake::state::playlists::Playlists;
use crate::json::value::{Value, json_object};
use crate::model::{Device, Item, Playback, PlayingType};
use crate::transport::order::{self, Order};
use crate::types::id::{IdKind, PlaylistId, SpotifyUri, UserId};
use crate::types::scope::{Scope, Scopes};

/// The state that the threads of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(super) address: SocketAddr,
    is_stopping: Mutex<bool>,
    /// Wakes paused threads when the server stops.
    stopping: Condvar,
    access: Access,
    pub(crate) settings: ServerBuilder,
    /// The reason why all requests fail, if they do.
    pub(crate) failure: Mutex<Option<Failure>>,
    /// The state of the first user.
    pub(crate) state: Arc<Mutex<State>>,
    /// The state of each user. It is locked during changes of the catalog, which all users share.
    users: Mutex<Vec<Arc<Mutex<State>>>>,
    /// The catalog without the objects that the test adds.
    catalog: Arc<Catalog>,
    /// The recording that the server replays, if any.
    replay: Option<Mutex<Replay>>,
    pub(crate) accounts: Mutex<Accounts>,
    tokens: Mutex<HashMap<String, Issued>>,
    /// The number of access tokens that the server has issued.
    issued: AtomicU64,
    /// The token of the user with every scope.
    pub(crate) token: String,
    pub(crate) log: Mutex<RequestLog>,
    /// When the requests of the last 30 seconds arrived, if their number is limited.
    recent: Mutex<VecDeque<Instant>>,
    pub(crate) faults: Mutex<Faults>,
    /// The open connections, to close them when the server stops.
    open: Mutex<HashMap<u64, Open>>,
}

/// With more access tokens, the server forgets the oldest ones, those of logins and refreshes first.
const MAX_TOKENS: usize = 10_000;

/// The message of the response after a panic.
const PANIC: &str = "The fake Spotify server panicked while it processed this request. Standard error has the message. \
                     Please report it, unless it comes from your program's own logger.";

/// An open connection.
#[derive(Debug)]
struct Open {
    stream: Arc<TcpStream>,
    /// Since when it waits for the client, if it does.
    waits_since: Option<Instant>,
    /// `true` if it has received a request.
    is_used: bool,
}

/// The time that a new connection has for its first request before it can make room for another one. Clients send it
/// immediately.
const GRACE: Duration = Duration::from_millis(250);

/// An access token.
#[derive(Clone, Debug)]
struct Issued {
    number: u64,
    /// The number of the user.
    user: usize,
    scopes: Scopes,
    /// `true` if it was granted for client credentials.
    is_of_app: bool,
    /// The time at which it expires, if it came from the accounts service.
    expires_at: Option<Instant>,
}

/// Starts a server. The returned thread joins all others before it ends.
pub(crate) fn start(
    mut settings: ServerBuilder,
    replay: Option<Replay>,
) -> io::Result<(Arc<Shared>, JoinHandle<()>)> {
    let address = SocketAddr::new(settings.bind, settings.port);
    let listener = TcpListener::bind(address).map_err(|error| {
        let message =
            format!("cannot listen on {address}: {error}; choose another port or address");
        io::Error::new(error.kind(), message)
    })?;
    let address = listener.local_addr()?;
    let library = settings.library.take();
    let made_up = || Arc::clone(Catalog::shared());
    let catalog = library.map_or_else(made_up, |own| Arc::new(Catalog::with_library(own)));
    let token = settings.token.as_ref().map(|token| token.reveal().to_owned());
    let token = token.unwrap_or_else(|| access_token(address.port(), 1));
    let state = Arc::new(Mutex::new(State::new(&catalog).with_clock(settings.clock)));
    let all = Issued {
        number: 1,
        user: 0,
        scopes: Scope::ALL.into(),
        is_of_app: false,
        expires_at: None,
    };
    let shared = Arc::new(Shared {
        address,
        is_stopping: Mutex::new(false),
        stopping: Condvar::new(),
        access: Access { mode: settings.mode, is_legacy: settings.legacy_access },
        failure: Mutex::default(),
        users: Mutex::new(vec![Arc::clone(&state)]),
        state,
        catalog,
        replay: replay.map(Mutex::new),
        accounts: Mutex::new(Accounts::new(settings.app.clone(), address.port())),
        tokens: Mutex::new(HashMap::from([(token.clone(), all)])),
        issued: AtomicU64::new(1),
        token,
        log: Mutex::new(RequestLog::new(settings.log_capacity)),
        recent: Mutex::default(),
        faults: Mutex::default(),
        open: Mutex::default(),
        settings,
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
    for number in 0.. {
        let stream = listener.accept();
        if shared.is_stopping() {
            break;
        }
        threads.retain(|thread| !thread.is_finished());
        threads.extend(caught(|| accepted(stream, number, shared)).flatten());
    }
    shared.close_all();
    for thread in threads {
        let _ = thread.join();
    }
}

/// Serves a connection in a thread, or rejects it.
fn accepted(
    stream: io::Result<(TcpStream, SocketAddr)>,
    number: u64,
    shared: &Arc<Shared>,
) -> Option<JoinHandle<()>> {
    let thread = match stream {
        Ok((stream, _)) if shared.has_room() => serve_in_thread(stream, number, shared),
        Ok((stream, _)) => {
            reject(stream, shared);
            return None;
        }
        Err(error) => {
            // Most likely the process has run out of sockets. Some become free soon.
            shared.pause(Duration::from_millis(100));
            Err(error)
        }
    };
    thread
        .inspect_err(|error| {
            log::warn!(
                "{}: the fake Spotify server cannot serve a connection: {error}; close connections or files, or raise the \
                 limits of the process",
                shared.origin()
            );
        })
        .ok()
}

/// Runs code of which a panic must not end the thread, such as the logger of the program. Returns `None` after a panic,
/// whose message is on standard error.
fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

/// Rejects a connection without waiting for its request.
fn reject(mut stream: TcpStream, shared: &Shared) {
    let max = shared.settings.max_connections;
    let message = format!(
        "All connections of the fake Spotify server are in use; close some, or raise `max_connections`, which is {max}"
    );
    let response = Response::error(503, &message).with_header("connection", "close");
    let _ = stream.set_nonblocking(true);
    let _ = stream.write_all(&response.to_bytes(false));
    let _ = stream.shutdown(Shutdown::Write);
    // Bytes that stay unread would reset the connection, so the client would not receive the response.
    let _ = stream.read(&mut [0; 1 << 16]);
    log::warn!("{}: {message}", shared.origin());
}

fn serve_in_thread(
    stream: TcpStream,
    number: u64,
    shared: &Arc<Shared>,
) -> io::Result<JoinHandle<()>> {
    let waits_since = Some(Instant::now());
    let stream = Arc::new(stream);
    let open = Open { stream: Arc::clone(&stream), waits_since, is_used: false };
    lock(&shared.open).insert(number, open);
    let served = Served { number, shared: Arc::clone(shared) };
    thread::Builder::new().name(format!("fake-spotify-{number}")).spawn(move || {
        if let Err(error) = serve(stream, number, &served.shared) {
            log::debug!("a connection to the fake Spotify server ended: {error}");
        }
    })
}

/// Closes a connection at the end of its thread, also after a panic.
struct Served {
    number: u64,
    shared: Arc<Shared>,
}

impl Drop for Served {
    fn drop(&mut self) {
        lock(&self.shared.open).remove(&self.number);
    }
}

/// Responds to the requests of one connection until it ends.
fn serve(stream: Arc<TcpStream>, number: u64, shared: &Shared) -> io::Result<()> {
    let mut connection = Connection::new(stream, shared.settings.read_timeout)?;
    while !shared.is_stopping() {
        shared.set_waiting(number, true);
        if !connection.wait() {
            return Ok(());
        }
        let mut incoming = Incoming::default();
        match connection.read(&mut incoming) {
            Ok(()) => shared.set_waiting(number, false),
            Err(ReadError::Invalid(status, message)) => {
                let response = Response::error(status, message).with_header("connection", "close");
                let target = Target::of(&incoming.target);
                let (response, _) = shared.logged(&incoming, &target, |_| Some(response));
                if let Some(response) = response {
                    connection.write(&response.to_bytes(incoming.method == "HEAD"))?;
                }
                connection.close();
                return Ok(());
            }
            Err(ReadError::Closed) => return Ok(()),
        }
        match shared.exchange(connection, &incoming)? {
            Some(open) if !incoming.is_last => connection = open,
            Some(last) => {
                shared.set_waiting(number, true);
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
        self.close_all();
        let Some(acceptor) = acceptor else { return };
        let address = SocketAddr::new(reachable(self.address.ip()), self.address.port());
        // The acceptor checks the flag only when it gets a connection. If the process has run out of sockets, it gets one
        // after the connections above have closed.
        for _ in 0..20 {
            let woken = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            if woken.is_ok() || acceptor.is_finished() {
                let _ = acceptor.join();
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        log::warn!(
            "{}: the fake Spotify server cannot stop, because it cannot connect to itself; it ends with the process",
            self.origin()
        );
    }

    /// Closes the open connections.
    fn close_all(&self) {
        // This fails if the client has closed the connection already.
        lock(&self.open).values().for_each(|open| drop(open.stream.shutdown(Shutdown::Both)));
    }

    /// Responds to a request, or injects a fault. Returns the connection if it stays open.
    fn exchange(
        &self,
        mut connection: Connection,
        incoming: &Incoming,
    ) -> io::Result<Option<Connection>> {
        let is_head = incoming.method == "HEAD";
        let target = Target::of(&incoming.target);
        let is_local = connection.is_local();
        let (mut response, fault) = self.logged(incoming, &target, |request| {
            self.response(incoming, &target, is_local, request)
        });
        if incoming.is_http_1_0 && !incoming.is_last {
            response = response.map(|response| response.with_header("connection", "keep-alive"));
        }
        if let Some(fault) = fault {
            return fault.send(connection, response, is_head, |length| self.pause(length));
        }
        if let Some(response) = response {
            connection.write(&response.to_bytes(is_head))?;
        }
        Ok(Some(connection))
    }

    /// Adds a request to the log. Returns the response that `respond` returns, or a 500 if it panics, and the fault.
    fn logged(
        &self,
        incoming: &Incoming,
        target: &Target,
        respond: impl FnOnce(&mut ReceivedRequest) -> Option<Response>,
    ) -> (Option<Response>, Option<Fault>) {
        let mut request = ReceivedRequest::of(incoming, target);
        let is_for_admin = admin::is_for_admin(&target.path);
        let response = caught(|| {
            let response = respond(&mut request);
            request.status = response.as_ref().map(|response| response.status);
            if !is_for_admin {
                log::debug!("the fake Spotify server: {}", Head(&request));
            }
            response
        });
        let response = response.unwrap_or_else(|| {
            (request.status, request.fault, request.panicked) = (Some(500), None, true);
            Some(if is_for_admin { admin::error(500, PANIC) } else { Response::error(500, PANIC) })
        });
        let response = response.map(|response| Response { is_private: is_for_admin, ..response });
        let fault = request.fault.clone();
        if !is_for_admin || request.panicked {
            lock(&self.log).push(order_of(incoming), request);
        }
        (response, fault)
    }

    /// Returns the response to a request, unless a fault takes its place.
    fn response(
        &self,
        incoming: &Incoming,
        target: &Target,
        is_local: bool,
        request: &mut ReceivedRequest,
    ) -> Option<Response> {
        if admin::is_for_admin(&target.path) {
            return Some(admin::respond(self, incoming, target, is_local));
        }
        if incoming.method == "OPTIONS" {
            // A web page asks before its request. No fault hits it, because scripts are for the request itself.
            return Some(Response::empty(204));
        }
        let as_get;
        let incoming = if incoming.method == "HEAD" {
            as_get = Incoming { method: "GET".to_owned(), ..incoming.clone() };
            &as_get
        } else {
            incoming
        };
        let found = route::find(ENDPOINTS, incoming, target, self.access);
        request.call = found.as_ref().ok().map(|found| &*found.endpoint.name);
        request.fault = lock(&self.faults).take(incoming, target, order_of(incoming));
        let takes_effect = request.fault.as_ref().is_none_or(Fault::takes_effect);
        let actual = takes_effect.then(|| self.respond(incoming, target, found, request));
        request.fault.as_ref().and_then(Fault::response).or(actual)
    }

    pub(crate) fn origin(&self) -> String {
        let address = SocketAddr::new(reachable(self.address.ip()), self.address.port());
        format!("http://{address}")
    }

    /// Returns the base URL of the Web API for links in the response to a request: the one under which the client has
    /// reached this server.
    fn links(&self, incoming: &Incoming) -> String {
        let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        let host = incoming.header("host").filter(|host| host.bytes().all(is_of_host));
        match (&self.settings.base_url, host) {
            (Some(base), _) => base.clone(),
            (None, Some(host)) if !host.is_empty() => format!("http://{host}{}", route::ROOT),
            _ => self.origin() + route::ROOT,
        }
    }

    /// Issues a token of a user with these scopes.
    pub(crate) fn issue(&self, scopes: Scopes, user: usize) -> String {
        self.issued(Issued { number: 0, user, scopes, is_of_app: false, expires_at: None })
    }

    fn issued(&self, issued: Issued) -> String {
        let number = self.issued.fetch_add(1, Ordering::Relaxed) + 1;
        let token = access_token(self.address.port(), number);
        let mut tokens = lock(&self.tokens);
        if tokens.len() >= MAX_TOKENS {
            let others = tokens.iter().filter(|(token, _)| **token != self.token);
            let oldest = others.min_by_key(|(_, token)| (token.expires_at.is_none(), token.number));
            if let Some(oldest) = oldest.map(|(token, _)| token.clone()) {
                tokens.remove(&oldest);
            }
        }
        tokens.insert(token.clone(), Issued { number, ..issued });
        token
    }

    /// Issues a refresh token of a user with these scopes.
    pub(crate) fn issue_refresh_token(&self, scopes: Scopes, user: usize) -> String {
        lock(&self.accounts).issue_refresh_token(scopes, user)
    }

    /// Adds a user without data, with tokens of their own.
    pub(crate) fn add_user(&self) -> NewUser {
        let mut users = lock(&self.users);
        let n = users.len();
        let me = Catalog::unused_user(n)
            .unwrap_or_else(|| self.change_catalog_of(&users, Catalog::add_user));
        let state = State::of_new_user(&lock(&self.state).catalog, me);
        let state = state.with_clock(self.settings.clock);
        let id = state.catalog.users.get(state.me).map(|user| user.id.clone());
        users.push(Arc::new(Mutex::new(state)));
        let scopes = Scopes::from(Scope::ALL);
        NewUser {
            id: id.unwrap_or_else(|| UserId::from_text("user")),
            token: self.issue(scopes.clone(), n),
            refresh_token: self.issue_refresh_token(scopes, n),
        }
    }

    /// Changes the catalog of all users.
    fn change_catalog<T>(&self, change: impl FnOnce(&mut Catalog) -> T) -> T {
        self.change_catalog_of(&lock(&self.users), change)
    }

    fn change_catalog_of<T>(
        &self,
        users: &[Arc<Mutex<State>>],
        change: impl FnOnce(&mut Catalog) -> T,
    ) -> T {
        let mut catalog = Catalog::clone(&lock(&self.state).catalog);
        let result = change(&mut catalog);
        let catalog = Arc::new(catalog);
        users.iter().for_each(|user| lock(user).set_catalog(&catalog));
        result
    }

    /// Returns the state of the first user, whose playback has moved on up to now.
    fn current_state(&self) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        state.advance_to_now();
        state
    }

    /// Adds an object to the catalog.
    pub(crate) fn add_object(&self, uri: SpotifyUri, json: Value) -> Result<(), String> {
        if !matches!(json, Value::Object(_)) {
            return Err(format!("add_object: expected an object for `{uri}`, found another value"));
        }
        self.change_catalog(|catalog| catalog.add_object(uri, json));
        Ok(())
    }

    /// Adds an item to the end of a playlist of the first user.
    pub(crate) fn add_playlist_item(
        &self,
        id: PlaylistId,
        item: &library::Item,
    ) -> Result<(), String> {
        let uri = SpotifyUri::Playlist(id);
        let find = |playlists: &Playlists| {
            let n = playlists.find(&uri)?;
            Some((n, playlists.entries(n).len()))
        };
        let Some((n, length)) = find(&lock(&self.state).playlists) else {
            return Err(format!(
                "add_playlist_item: expected a playlist of this server, found `{uri}`"
            ));
        };
        if length >= MAX_ITEMS {
            return Err(format!(
                "add_playlist_item: expected a playlist with less than {MAX_ITEMS} items, found `{uri}` with {length}"
            ));
        }
        let entry = self.change_catalog(|catalog| catalog.add_playlist_item(item));
        if let Some(edited) = lock(&self.state).playlists.new_version(n) {
            edited.entries.push(entry);
        }
        Ok(())
    }

    /// Replaces the devices of the first user.
    pub(crate) fn set_devices(&self, devices: impl IntoIterator<Item = Device>) {
        let devices = devices.into_iter().filter_map(|device| player::device_json(&device));
        let devices = devices.collect();
        self.current_state().player.set_devices(devices);
    }

    /// Replaces the playback of the first user.
    pub(crate) fn set_playback(&self, playback: Option<Playback>) -> Result<(), String> {
        let Some(playback) = playback else {
            self.current_state().player.clear();
            return Ok(());
        };
        let item = playback.item.as_ref();
        let item = match item.and_then(|item| Some((item, item.original_uri()?))) {
            Some((Item::Local(file), uri)) => {
                let mut local = library::Item::new(uri, &*file.name);
                local.by = file.artist_names();
                self.change_catalog(|catalog| catalog.add_playlist_item(&local)).item
            }
            Some((item, uri)) => {
                let is_known = lock(&self.state).catalog.find(&uri).is_some();
                if let Some(json) = library::json_of(item).filter(|_| !is_known) {
                    self.add_object(uri.clone(), json)?;
                }
                MediaItem::of(&lock(&self.state).catalog, &uri)
                    .unwrap_or(MediaItem::Hidden("unknown"))
            }
            None => MediaItem::Hidden(match playback.currently_playing_type {
                Some(PlayingType::Ad) => "ad",
                Some(PlayingType::Track) => "track",
                Some(PlayingType::Episode) => "episode",
                _ => "unknown",
            }),
        };
        player::set_playback(&mut self.current_state(), &playback, item)
    }

    /// Ends the rate limit.
    pub(crate) fn end_rate_limit(&self) {
        lock(&self.recent).clear();
    }

    /// Returns the cover whose address has this seed, if a user has uploaded it.
    fn uploaded_cover(&self, seed: u64) -> Option<Arc<[u8]>> {
        lock(&self.users).iter().find_map(|user| lock(user).playlists.uploaded(seed))
    }

    /// Moves the playback of the first user on.
    pub(crate) fn advance_playback(&self, time: Duration) {
        let mut state = self.current_state();
        let catalog = Arc::clone(&state.catalog);
        state.player.advance(i64::try_from(time.as_millis()).unwrap_or(i64::MAX), &catalog);
    }

    /// Assigns the tokens of the first user to a new user without data.
    pub(crate) fn reset_to_new_user(&self) {
        let mut state = lock(&self.state);
        *state = State::of_new_user(&state.catalog, NEW_USER).with_clock(self.settings.clock);
    }

    /// Restores the initial state, without added users, faults, failures and log.
    pub(crate) fn reset(&self) {
        // No request has a token of an added user when these users are removed.
        lock(&self.accounts).reset();
        lock(&self.tokens).retain(|_, issued| issued.user == 0);
        let mut users = lock(&self.users);
        users.truncate(1);
        *lock(&self.state) = State::new(&self.catalog).with_clock(self.settings.clock);
        drop(users);
        *lock(&self.faults) = Faults::default();
        *lock(&self.failure) = None;
        lock(&self.recent).clear();
        self.replay.iter().for_each(|replay| lock(replay).reset());
        lock(&self.log).clear();
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
    fn account(&self, incoming: &Incoming, target: &Target) -> Result<Response, Response> {
        let mut accounts = lock(&self.accounts);
        let Grant { scopes, user, more } = accounts.respond(incoming, target)?;
        let lifetime = accounts.lifetime.unwrap_or(Duration::from_secs(3600));
        let token = self.issued(Issued {
            number: 0,
            user,
            is_of_app: scopes.is_none(),
            scopes: scopes.unwrap_or_default(),
            expires_at: Some(Instant::now() + lifetime),
        });
        let seconds = usize::try_from(lifetime.as_secs()).unwrap_or(usize::MAX);
        let json =
            json_object! { "access_token": token, "token_type": "Bearer", "expires_in": seconds };
        Ok(Response::json(200, &json.with(more)))
    }

    /// The number of open connections.
    pub(crate) fn connections(&self) -> usize {
        lock(&self.open).len()
    }

    /// Notes whether a connection waits for its client.
    fn set_waiting(&self, number: u64, waits: bool) {
        if let Some(open) = lock(&self.open).get_mut(&number) {
            open.waits_since = waits.then(Instant::now);
            open.is_used |= !waits;
        }
    }

    /// Returns whether there is room for one more connection. Waits for a moment, and closes the one that has waited longest
    /// for its client, if need be.
    fn has_room(&self) -> bool {
        let end = Instant::now() + GRACE;
        loop {
            if self.connections() < self.settings.max_connections || self.close_waiting() {
                return true;
            }
            if Instant::now() >= end || !self.pause(Duration::from_millis(5)) {
                return false;
            }
        }
    }

    /// Closes the connection that has waited longest for its client. Returns `false` if there is none.
    fn close_waiting(&self) -> bool {
        let mut open = lock(&self.open);
        let waiting = open.iter().filter_map(|(number, open)| {
            let since = open.waits_since?;
            (open.is_used || since.elapsed() >= GRACE).then_some((since, *number))
        });
        let Some((_, number)) = waiting.min() else { return false };
        let Some(closed) = open.remove(&number) else { return false };
        // This fails if the client has closed the connection already.
        let _ = closed.stream.shutdown(Shutdown::Both);
        true
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

    /// Returns the response to a request. `found` is its endpoint, or the error of an unknown path.
    fn respond(
        &self,
        incoming: &Incoming,
        target: &Target,
        found: Result<Match, Response>,
        request: &mut ReceivedRequest,
    ) -> Response {
        let response = self.process(incoming, target, found, request);
        let response = response.unwrap_or_else(|error| error);
        let is_write = incoming.method != "GET";
        request.took_effect = is_write && (200..300).contains(&response.status);
        response
    }

    fn process(
        &self,
        incoming: &Incoming,
        target: &Target,
        found: Result<Match, Response>,
        request: &mut ReceivedRequest,
    ) -> Result<Response, Response> {
        if accounts::is_for_accounts(&target.path) {
            return self.account(incoming, target);
        }
        if let Some(image) = api::image(incoming, target, |seed| self.uploaded_cover(seed)) {
            return Ok(image);
        }
        let failure = *lock(&self.failure);
        let token =
            self.token_of(incoming).and_then(|token| match failure.and_then(Failure::response) {
                Some(response) => Err(response),
                None => self.limit().map(|()| token),
            });
        let links = self.links(incoming);
        if let Some(replay) = &self.replay {
            return token.map(|_| lock(replay).respond(incoming, target, &links));
        }
        let found = found.map_err(|error| match lock(&self.faults).custom(target) {
            Some(path) => api::not_scripted("script_custom", path),
            None => error,
        })?;
        let token = token?;
        if let Some(error) = self.access.unavailable(found.endpoint) {
            return Err(error);
        }
        if token.is_of_app && found.endpoint.token == TokenKind::User {
            return Err(Response::error(401, "Valid user authentication required"));
        }
        if failure == Some(Failure::UserWithoutPremium) && player::is_command(found.endpoint) {
            return Err(player::premium_required());
        }
        let caller = (&token.scopes, token.is_of_app);
        let call = check::check(&found, incoming, target, caller, self.access.mode)?;
        let user = lock(&self.users).get(token.user).cloned();
        // The server may have been reset after the check of the token.
        let state = user.ok_or_else(|| Response::error(401, "Invalid access token"))?;
        let (response, missing) = api::respond(&state, &call, &links);
        request.missing = missing;
        Ok(self.player_response(found.endpoint, response))
    }

    /// Counts a request. Returns a 429 if there are too many.
    fn limit(&self) -> Result<(), Response> {
        const WINDOW: Duration = Duration::from_secs(30);
        let Some(max) = self.settings.rate_limit else { return Ok(()) };
        let now = Instant::now();
        let mut recent = lock(&self.recent);
        while recent.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
            recent.pop_front();
        }
        if recent.len() < usize::try_from(max).unwrap_or(usize::MAX) {
            recent.push_back(now);
            return Ok(());
        }
        let wait = recent.front().map_or(WINDOW, |first| WINDOW - now.duration_since(*first));
        Err(rate_limited(Some(wait)))
    }

    /// Returns the response to a player command as the settings want it.
    fn player_response(&self, endpoint: &Endpoint, response: Response) -> Response {
        if self.settings.player_responses == PlayerResponses::Empty
            && player::is_command(endpoint)
            && response.status == 200
        {
            return Response::empty(204);
        }
        response
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
        if incoming.header("authorization").is_none() {
            return Err(unauthorized("No token provided", "missing_token"));
        }
        let token = incoming.authorization("bearer");
        let token = token.and_then(|token| lock(&self.tokens).get(token).cloned());
        let token = token.ok_or_else(|| unauthorized("Invalid access token", "invalid_token"))?;
        match token.expires_at {
            Some(end) if end <= Instant::now() => {
                Err(unauthorized("The access token expired", "invalid_token"))
            }
            _ => Ok(token),
        }
    }
}

/// Returns the position of a request in the order of its program, if a client of Tonearm has sent it.
fn order_of(incoming: &Incoming) -> Option<Order> {
    incoming.header(order::HEADER).and_then(Order::parse)
}

/// Returns the text of an access token, unique among the servers of a process.
fn access_token(port: u16, number: u64) -> String {
    format!("BQ-fake-{port}-{number}")
}

/// Returns an address of this machine on which a server that listens on `address` is reached.
fn reachable(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}
