//! The server side of HTTP/1.1: reads requests from a connection and writes responses.

pub(crate) mod gzip;

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

use ureq::http::StatusCode;

use crate::json::value::{Value, json_object};

/// The longest target of a request: Spotify returns 414 somewhere between 60 and 100 URIs.
const MAX_TARGET: usize = 3_500;
const MAX_HEAD: u64 = 64 << 10;
const MAX_BODY: usize = 1 << 20;

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    /// Path and query, escaped.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the client closes the connection after it.
    pub(crate) is_last: bool,
}

impl Incoming {
    /// The first header of a name, in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// With lowercase names. `content-length` is added unless one of them says how the body ends.
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    /// JSON unless a header says otherwise; may be empty.
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn empty(status: u16) -> Self {
        Response { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Response::empty(status).with_body(body.to_json())
    }

    /// An error as gateways before the Web API send it.
    pub(crate) fn text(status: u16, body: &str) -> Self {
        let response = Response::empty(status).with_body(body);
        response.with_header("content-type", "text/plain; charset=utf-8")
    }

    /// An error as the Web API sends it.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        let error = json_object! { "status": usize::from(status), "message": message };
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

    /// Status line and headers, to the empty line.
    pub(crate) fn head(&self) -> String {
        let Response { status, headers, body } = self;
        let says = |wanted: &[&str]| headers.iter().any(|(name, _)| wanted.contains(&&**name));
        let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(*status));
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() && !says(&["content-type"]) {
            head += "content-type: application/json; charset=utf-8\r\n";
        }
        if *status != 204 && !says(&["content-length", "transfer-encoding"]) {
            head += &format!("content-length: {}\r\n", body.len());
        }
        head + "\r\n"
    }

    /// The whole response. A response to a HEAD has the length of its body, but not the body.
    pub(crate) fn to_bytes(&self, is_head: bool) -> Vec<u8> {
        let mut bytes = self.head().into_bytes();
        bytes.extend_from_slice(if is_head { &[] } else { &self.body });
        bytes
    }
}

/// Why no request was read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The client has left.
    Closed,
    /// The bytes are no request, or one that cannot be read safely; with the part that was read. Nobody knows where the
    /// next request begins, so the connection ends with the response.
    Invalid(Response, Box<Incoming>),
}

impl From<io::Error> for ReadError {
    fn from(_: io::Error) -> Self {
        ReadError::Closed
    }
}

/// One end of a connection.
pub(crate) struct Connection {
    reader: BufReader<Holding>,
    writer: TcpStream,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        // A response is one write, which must not wait for the acknowledgement of the previous one.
        stream.set_nodelay(true)?;
        let reader = Holding { stream: stream.try_clone()?, is_held: false };
        Ok(Connection { reader: BufReader::new(reader), writer: stream })
    }

    /// Reads the next request.
    pub(crate) fn read(&mut self) -> Result<Incoming, ReadError> {
        let mut incoming = Incoming::default();
        match self.read_into(&mut incoming) {
            Ok(()) => Ok(incoming),
            Err(Stop::Closed) => Err(ReadError::Closed),
            Err(Stop::Invalid(status, message)) => {
                let response = Response::error(status, message).with_header("connection", "close");
                Err(ReadError::Invalid(response, Box::new(incoming)))
            }
        }
    }

    fn read_into(&mut self, incoming: &mut Incoming) -> Result<(), Stop> {
        let mut left = MAX_HEAD;
        let mut line = self.line(&mut left)?;
        // A client may send a line break after its previous request.
        if line.is_empty() {
            line = self.line(&mut left)?;
        }
        let mut words = line.split(' ');
        let (method, target, version) = match (words.next(), words.next(), words.next()) {
            (Some(method), Some(target), Some(version)) if words.next().is_none() => {
                (method, target, version)
            }
            _ => return Err(BAD_REQUEST),
        };
        let is_token = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !is_token(method)
            || !target.starts_with('/')
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
            let Some((name, value)) = line.split_once(':') else { return Err(BAD_REQUEST) };
            if name.is_empty() || name.contains([' ', '\t']) {
                return Err(BAD_REQUEST);
            }
            incoming.headers.push((name.to_owned(), value.trim().to_owned()));
        }
        incoming.is_last = match incoming.header("connection") {
            Some(value) => value.split(',').any(|word| word.trim().eq_ignore_ascii_case("close")),
            None => version == "HTTP/1.0",
        };
        if incoming.target.len() > MAX_TARGET {
            return Err(Stop::Invalid(414, "URI Too Long"));
        }
        let length = BodyLength::of(incoming)?;
        if incoming.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
        {
            self.writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        incoming.body = match length {
            BodyLength::None => Vec::new(),
            BodyLength::Known(length) => self.bytes(length)?,
            BodyLength::Chunked => self.chunks()?,
        };
        Ok(())
    }

    /// One line of a head without its end; takes its length off `left`.
    fn line(&mut self, left: &mut u64) -> Result<String, Stop> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(*left).read_until(b'\n', &mut line)?;
        *left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        if line.pop() != Some(b'\n') {
            return Err(match *left {
                0 => Stop::Invalid(431, "Request Header Fields Too Large"),
                _ => Stop::Closed,
            });
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        String::from_utf8(line).map_err(|_| BAD_REQUEST)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, Stop> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Stop> {
        let mut body = Vec::new();
        let mut left = MAX_HEAD;
        loop {
            let line = self.line(&mut left)?;
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
        while !self.line(&mut left)?.is_empty() {}
        Ok(body)
    }

    /// Writes a response, or a part of one.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().release()?;
        self.writer.write_all(bytes)
    }

    /// Waits until the client or the server closes the connection.
    pub(crate) fn wait_for_end(&mut self) {
        let _ = io::copy(&mut self.reader, &mut io::sink());
    }

    /// Closes the connection immediately.
    pub(crate) fn cut(mut self) {
        let _ = self.reader.get_mut().release();
        let _ = self.writer.shutdown(Shutdown::Both);
    }

    /// Resets the connection: the operating system sends a reset if a socket is closed with unread bytes, and the last
    /// byte of a request stays unread until its response is written.
    pub(crate) fn reset(self) {}

    /// Closes the connection so that the client can still read the last response: reads until the client leaves or the
    /// server stops, because unread bytes would reset the connection.
    pub(crate) fn close(mut self) {
        let _ = self.writer.shutdown(Shutdown::Write);
        let _ = io::copy(&mut self.reader.by_ref().take(8 << 20), &mut io::sink());
    }
}

/// Leaves the last byte unread in the socket until more is read or it is [released](Holding::release). Without
/// `SO_LINGER`, which needs unsafe code, only this makes a [reset](Connection::reset) possible after a whole request.
struct Holding {
    stream: TcpStream,
    is_held: bool,
}

impl Holding {
    fn release(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.is_held) { self.stream.read_exact(&mut [0]) } else { Ok(()) }
    }
}

impl Read for Holding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.release()?;
        let count = self.stream.peek(buffer)?;
        if let Some(most) = count.checked_sub(1).and_then(|most| buffer.get_mut(..most)) {
            self.stream.read_exact(most)?;
            self.is_held = true;
        }
        Ok(count)
    }
}

/// Why reading a request stopped.
enum Stop {
    Closed,
    Invalid(u16, &'static str),
}

const BAD_REQUEST: Stop = Stop::Invalid(400, "Bad request.");
const TOO_LARGE: Stop = Stop::Invalid(413, "Payload Too Large");

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Stop::Closed
    }
}

/// The length of the body of a request.
enum BodyLength {
    None,
    Known(usize),
    Chunked,
}

impl BodyLength {
    fn of(incoming: &Incoming) -> Result<Self, Stop> {
        let lengths: Vec<&str> = incoming
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map(|(_, value)| value.as_str())
            .collect();
        match (incoming.header("transfer-encoding"), lengths.as_slice()) {
            (Some(coding), []) if coding.eq_ignore_ascii_case("chunked") => Ok(BodyLength::Chunked),
            (Some(_), _) => Err(BAD_REQUEST),
            (None, [length]) if length.bytes().all(|b| b.is_ascii_digit()) => {
                match length.parse() {
                    Ok(length) if length <= MAX_BODY => Ok(BodyLength::Known(length)),
                    Ok(_) => Err(TOO_LARGE),
                    Err(_) if length.is_empty() => Err(BAD_REQUEST),
                    Err(_) => Err(TOO_LARGE),
                }
            }
            (None, []) if matches!(incoming.method.as_str(), "PUT" | "POST" | "PATCH") => {
                Err(Stop::Invalid(411, "Length Required"))
            }
            (None, []) => Ok(BodyLength::None),
            (None, _) => Err(BAD_REQUEST),
        }
    }
}

/// The reason phrase of a status code.
pub(crate) fn reason(status: u16) -> &'static str {
    let status = StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("Other")
}
