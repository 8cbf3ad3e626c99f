//! The server side of HTTP/1.1: reads requests from a connection and writes responses.

pub(crate) mod gzip;

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::StatusCode;

use crate::json::value::{Value, json_object};
use crate::transport::settled;

/// The maximum length of a request target. Spotify returns 414 at some length between 60 and 100 URIs.
const MAX_TARGET: usize = 3_500;
const MAX_HEAD: u64 = 64 << 10;
const MAX_BODY: usize = 1 << 20;

/// The path of the server's own API.
pub(crate) const ADMIN: &str = "/_fake";

/// The headers with which Spotify lets web pages read every response, and a name for the server.
const HEADERS: [(&str, &str); 6] = [
    ("server", crate::transport::order::FAKE_SERVER),
    ("access-control-allow-origin", "*"),
    (
        "access-control-allow-headers",
        "Accept, App-Platform, Authorization, Content-Type, Origin, Retry-After, \
         Spotify-App-Version, X-Cloud-Trace-Context, client-token, content-access-token",
    ),
    ("access-control-allow-methods", "GET, POST, OPTIONS, PUT, DELETE, PATCH"),
    ("access-control-allow-credentials", "true"),
    ("access-control-max-age", "604800"),
];

/// A request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    /// Path and query, escaped.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// `true` if the client closes the connection after this request.
    pub(crate) is_last: bool,
    /// `true` if the version is HTTP/1.0.
    pub(crate) is_http_1_0: bool,
}

impl Incoming {
    /// Returns the first header with a name, ignoring case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns the credentials in the header `authorization`, if it has this scheme.
    pub(crate) fn authorization(&self, scheme: &str) -> Option<&str> {
        let (found, credentials) = self.header("authorization")?.split_once(' ')?;
        found.eq_ignore_ascii_case(scheme).then(|| credentials.trim())
    }

    /// Returns all headers with a name, ignoring case.
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let headers =
            self.headers.iter().filter(move |(found, _)| found.eq_ignore_ascii_case(name));
        headers.map(|(_, value)| value.as_str())
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The headers, with lowercase names. `content-length` is added if they lack the length of the body.
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    /// The body: JSON, unless a header sets another type.
    pub(crate) body: Vec<u8>,
    /// `true` if web pages may not read it.
    pub(crate) is_private: bool,
}

impl Response {
    pub(crate) fn empty(status: u16) -> Self {
        Response { status, headers: Vec::new(), body: Vec::new(), is_private: false }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Response::empty(status).with_body(body.to_bytes())
    }

    /// An error of the Web API.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        Response::error_for(status, message, None)
    }

    /// An error of the Web API with a reason, as for player commands.
    pub(crate) fn error_for(status: u16, message: &str, reason: Option<&str>) -> Self {
        let error = json_object! { "status": usize::from(status), "message": message };
        let error = error.with(reason.map(|reason| ("reason", reason.into())));
        Response::json(status, &json_object! { "error": error })
    }

    pub(crate) fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn with_header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The status line and the headers, with the empty line.
    pub(crate) fn head(&self) -> String {
        let Response { status, headers, body, is_private } = self;
        let has = |names: &[&str]| headers.iter().any(|(name, _)| names.contains(&&**name));
        let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(*status));
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() && !has(&["content-type"]) {
            head += "content-type: application/json; charset=utf-8\r\n";
        }
        if *status != 204 && !has(&["content-length", "transfer-encoding"]) {
            head += &format!("content-length: {}\r\n", body.len());
        }
        let is_left_out =
            |name: &str| has(&[name]) || *is_private && name.starts_with("access-control-");
        for (name, value) in HEADERS.iter().filter(|(name, _)| !is_left_out(name)) {
            head += &format!("{name}: {value}\r\n");
        }
        head + "\r\n"
    }

    /// The whole response. A response to a HEAD contains the length of its body, but not the body. With some statuses, a
    /// client expects no body, and would read one as the next response.
    pub(crate) fn to_bytes(&self, is_head: bool) -> Vec<u8> {
        let mut bytes = self.head().into_bytes();
        if !is_head && !matches!(self.status, 204 | 304) {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// The reason why no request was read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The client closed the connection.
    Closed,
    /// The request is invalid; the status and the message of the response. The start of the next request is unknown, so
    /// the server closes the connection after the response.
    Invalid(u16, &'static str),
}

const BAD_REQUEST: ReadError = ReadError::Invalid(400, "Bad request.");
const TOO_LARGE: ReadError = ReadError::Invalid(413, "Payload Too Large");

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                ReadError::Invalid(408, "Request Timeout")
            }
            _ => ReadError::Closed,
        }
    }
}

/// The server's end of a connection.
pub(crate) struct Connection {
    reader: BufReader<Holding>,
    stream: Arc<TcpStream>,
    /// The longest wait for a request, for the whole of it after its first byte, and for a write.
    timeout: Duration,
}

impl Connection {
    pub(crate) fn new(stream: Arc<TcpStream>, timeout: Duration) -> io::Result<Self> {
        // A response is a single write, which must not wait for the acknowledgement of the previous response.
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(timeout))?;
        let reader = Holding { stream: Arc::clone(&stream), is_held: false, deadline: None };
        Ok(Connection { reader: BufReader::new(reader), stream, timeout })
    }

    /// Returns whether the client is on the same machine.
    pub(crate) fn is_local(&self) -> bool {
        self.stream.peer_addr().is_ok_and(|peer| is_local(peer.ip()))
    }

    /// Waits for the first byte of the next request. Returns `false` if the client closes the connection or sends none in
    /// time.
    pub(crate) fn wait(&mut self) -> bool {
        self.reader.get_mut().deadline = Some(Instant::now() + self.timeout);
        self.reader.fill_buf().is_ok_and(|bytes| !bytes.is_empty())
    }

    /// Reads the next request into `incoming`. After an error it contains the part that was read.
    pub(crate) fn read(&mut self, incoming: &mut Incoming) -> Result<(), ReadError> {
        self.reader.get_mut().deadline = Some(Instant::now() + self.timeout);
        // A client that sends TLS waits for a response to its first bytes, which contain no line break.
        if self
            .reader
            .fill_buf()?
            .first()
            .is_some_and(|byte| !byte.is_ascii_graphic() && !b"\r\n".contains(byte))
        {
            return Err(BAD_REQUEST);
        }
        let mut left = MAX_HEAD;
        let mut line = self.line(&mut left)?;
        // HTTP allows an empty line before a request.
        if line.is_empty() {
            line = self.line(&mut left)?;
        }
        let line = String::from_utf8(line).map_err(|_| BAD_REQUEST)?;
        let mut words = line.split(' ');
        let (method, target, version) = match (words.next(), words.next(), words.next()) {
            (Some(method), Some(target), Some(version)) if words.next().is_none() => {
                (method, target, version)
            }
            _ => return Err(BAD_REQUEST),
        };
        // Clients send the whole URL to a proxy.
        let absolute = split_url(target);
        let target = absolute.as_ref().map_or(target, |(_, target)| target);
        if !is_token(method)
            || !(target.starts_with('/') || target == "*" && method == "OPTIONS")
            || !matches!(version, "HTTP/1.1" | "HTTP/1.0")
        {
            return Err(BAD_REQUEST);
        }
        incoming.method = method.to_owned();
        incoming.target = target.to_owned();
        loop {
            let line = self.line(&mut left)?;
            if line.is_empty() {
                break;
            }
            // Some clients send values in Latin-1.
            let line = String::from_utf8_lossy(&line);
            let Some((name, value)) = line.split_once(':') else { return Err(BAD_REQUEST) };
            // Servers read a line break without a line feed in different ways.
            let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\t';
            if !is_token(name) || value.bytes().any(is_control) {
                return Err(BAD_REQUEST);
            }
            incoming.headers.push((name.to_owned(), value.trim().to_owned()));
        }
        if incoming.all("host").count() > 1 {
            return Err(BAD_REQUEST);
        }
        if let Some((host, _)) = absolute {
            // It replaces the header.
            incoming.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
            incoming.headers.push(("host".to_owned(), host));
        }
        incoming.is_http_1_0 = version == "HTTP/1.0";
        let connection = |option: &str| {
            let mut options = incoming.all("connection").flat_map(|value| value.split(','));
            options.any(|found| found.trim().eq_ignore_ascii_case(option))
        };
        incoming.is_last = connection("close") || incoming.is_http_1_0 && !connection("keep-alive");
        if incoming.target.len() > MAX_TARGET {
            return Err(ReadError::Invalid(414, "URI Too Long"));
        }
        let length = body_length(incoming)?;
        if !incoming.is_http_1_0
            && incoming.all("expect").any(|value| value.eq_ignore_ascii_case("100-continue"))
        {
            (&*self.stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        incoming.body = match length {
            Some(length) => self.bytes(length)?,
            None => self.chunks()?,
        };
        Ok(())
    }

    /// Reads one line of the head without its line break, and subtracts its length from `left`.
    fn line(&mut self, left: &mut u64) -> Result<Vec<u8>, ReadError> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(*left).read_until(b'\n', &mut line)?;
        *left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        if line.pop() != Some(b'\n') {
            return Err(match *left {
                0 => ReadError::Invalid(431, "Request Header Fields Too Large"),
                _ => ReadError::Closed,
            });
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn chunks(&mut self) -> Result<Vec<u8>, ReadError> {
        let mut body = Vec::new();
        loop {
            // A body can consist of many small chunks.
            let mut left = MAX_HEAD;
            let line = self.line(&mut left)?;
            let line = String::from_utf8(line).map_err(|_| BAD_REQUEST)?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let is_hex = !size.is_empty() && size.bytes().all(|b| b.is_ascii_hexdigit());
            let size = match usize::from_str_radix(size, 16) {
                Ok(size) if is_hex && size <= MAX_BODY - body.len() => size,
                Ok(_) if is_hex => return Err(TOO_LARGE),
                _ => return Err(BAD_REQUEST),
            };
            if size == 0 {
                break;
            }
            body.extend(self.bytes(size)?);
            if !self.line(&mut left)?.is_empty() {
                return Err(BAD_REQUEST);
            }
        }
        // The trailers end with an empty line.
        let mut left = MAX_HEAD;
        while !self.line(&mut left)?.is_empty() {}
        Ok(body)
    }

    /// Writes a response, or a part of one.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().release()?;
        (&*self.stream).write_all(bytes)
    }

    /// Waits until the client or the server closes the connection.
    pub(crate) fn wait_for_end(&mut self) {
        self.reader.get_mut().deadline = None;
        let _ = self.stream.set_read_timeout(None);
        let _ = io::copy(&mut self.reader, &mut io::sink());
    }

    /// Closes the connection immediately.
    pub(crate) fn cut(mut self) {
        let _ = self.reader.get_mut().release();
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Resets the connection. The operating system sends a reset if a socket with unread bytes is closed, and the last
    /// byte of a request stays unread until the response is written.
    pub(crate) fn reset(self) {}

    /// Closes the connection without a reset, so the client can still read the last response: reads until the client
    /// closes its side or the server stops, because unread bytes would cause a reset.
    pub(crate) fn close(mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
        self.reader.get_mut().deadline = Some(Instant::now() + self.timeout);
        let _ = io::copy(&mut self.reader.by_ref().take(8 << 20), &mut io::sink());
    }
}

/// Leaves the last byte unread in the socket until more is read or it is [released](Holding::release). This makes a
/// [reset](Connection::reset) possible after a whole request, without `SO_LINGER`, which needs unsafe code.
struct Holding {
    stream: Arc<TcpStream>,
    is_held: bool,
    /// When a read fails.
    deadline: Option<Instant>,
}

impl Holding {
    /// Returns an error if the deadline is over, and else bounds the next read.
    fn bound(&self) -> io::Result<()> {
        let Some(deadline) = self.deadline else { return Ok(()) };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        settled(self.stream.set_read_timeout(Some(left)))
    }

    fn release(&mut self) -> io::Result<()> {
        let is_held = std::mem::take(&mut self.is_held);
        if is_held { (&*self.stream).read_exact(&mut [0]) } else { Ok(()) }
    }
}

impl Read for Holding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.release()?;
        self.bound()?;
        let count = self.stream.peek(buffer)?;
        if let Some(bytes) = count.checked_sub(1).and_then(|end| buffer.get_mut(..end)) {
            (&*self.stream).read_exact(bytes)?;
            self.is_held = true;
        }
        Ok(count)
    }
}

/// Returns whether an address belongs to the same machine, also as an IPv6 socket sees it.
pub(crate) fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Splits a URL into host with port, and path with query; `None` if it is a path.
fn split_url(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    if !(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) {
        return None;
    }
    let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let slash = if target.starts_with('/') { "" } else { "/" };
    (!host.is_empty()).then(|| (host.to_owned(), format!("{slash}{target}")))
}

/// Returns whether a text is a token of HTTP, such as a method or the name of a header.
pub(crate) fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

/// Returns the length of the body of a request; `None` if it is chunked.
fn body_length(incoming: &Incoming) -> Result<Option<usize>, ReadError> {
    let lengths: Vec<&str> = incoming.all("content-length").collect();
    let codings: Vec<&str> = incoming.all("transfer-encoding").collect();
    match (codings.as_slice(), lengths.as_slice()) {
        // HTTP/1.0 has no chunks.
        ([coding], []) if coding.eq_ignore_ascii_case("chunked") && !incoming.is_http_1_0 => {
            Ok(None)
        }
        ([], [length]) if !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit()) => {
            let length = length.parse().ok().filter(|length| *length <= MAX_BODY);
            length.map(Some).ok_or(TOO_LARGE)
        }
        ([], [])
            if matches!(incoming.method.as_str(), "PUT" | "POST" | "PATCH")
                // `curl -X POST` sends no length.
                && !incoming.target.starts_with(ADMIN) =>
        {
            Err(ReadError::Invalid(411, "Length Required"))
        }
        ([], []) => Ok(Some(0)),
        _ => Err(BAD_REQUEST),
    }
}

/// The reason phrase of a status code.
pub(crate) fn reason(status: u16) -> &'static str {
    let status = StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("Other")
}
