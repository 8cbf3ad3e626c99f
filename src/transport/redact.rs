//! Removes secrets from errors, recordings and logs, even if a response repeats them.
//!
//! At `trace`, ureq logs every byte that it writes and reads: the header with a token, the form with a code, and the
//! response with a new token. No setting of ureq prevents this, and the program controls the filter of the log. So ureq
//! gets a `*` for each secret byte, and the connection below it has the real bytes. When ureq writes, the connection
//! replaces the `*` with the secrets. When ureq reads, the connection keeps the body of the response, and passes only
//! the head and the sizes of the chunks to ureq. It hides the bodies of all responses of the accounts service, and
//! other bodies if ureq logs them. In heads, it masks the secrets of the request.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use log::{Level, LevelFilter};
use percent_encoding::percent_decode;
use ureq::http::{HeaderMap, HeaderValue};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use zeroize::Zeroizing;

use super::deadline::is_connecting;

/// The secrets of a request, which a response may repeat.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    authorization: Option<HeaderValue>,
    form: Zeroizing<Vec<u8>>,
}

/// A shorter secret could also be part of an ordinary word.
const MIN_LENGTH: usize = 8;
/// The fields of forms that are not secret.
const PUBLIC: [&[u8]; 3] = [b"grant_type", b"redirect_uri", b"client_id"];

impl Secrets {
    pub(crate) fn new(authorization: Option<&HeaderValue>, form: &str) -> Self {
        let form = Zeroizing::new(form.as_bytes().to_vec());
        Secrets { authorization: authorization.cloned(), form }
    }

    /// Replaces the secrets with `…`.
    pub(crate) fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let mut redacted = Cow::Borrowed(text);
        self.each(|secret| {
            let mut from = 0;
            while let Some(place) = find(&redacted, secret, from) {
                from = place.start + "…".len();
                redacted.to_mut().splice(place, *b"\xe2\x80\xa6");
            }
        });
        redacted
    }

    pub(crate) fn redact_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.redact(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(redacted) => String::from_utf8_lossy(&redacted).into_owned().into(),
        }
    }

    /// Replaces the secrets with `*`.
    fn mask(&self, text: &mut [u8]) {
        self.each(|secret| {
            let mut from = 0;
            while let Some(place) = find(text, secret, from) {
                from = place.end;
                text.get_mut(place).unwrap_or_default().fill(b'*');
            }
        });
    }

    pub(super) fn mask_headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if let Cow::Owned(_) = self.redact(value.as_bytes()) {
                let mut masked = value.as_bytes().to_vec();
                self.mask(&mut masked);
                *value = HeaderValue::from_bytes(&masked)
                    .unwrap_or_else(|_| HeaderValue::from_static("*"));
            }
        }
    }

    fn each(&self, mut found: impl FnMut(&[u8])) {
        let mut found = |secret: &[u8]| {
            if secret.len() >= MIN_LENGTH {
                found(secret);
            }
        };
        let authorization = self.authorization.as_ref().map(HeaderValue::as_bytes);
        let value = authorization.and_then(|value| value.splitn(2, |byte| *byte == b' ').nth(1));
        if let Some(value) = value {
            found(value);
            if authorization.is_some_and(|header| header.starts_with(b"Basic "))
                && let Ok(pair) = STANDARD.decode(value).map(Zeroizing::new)
                && let Some(secret) = pair.splitn(2, |byte| *byte == b':').nth(1)
            {
                found(secret);
            }
        }
        for pair in self.form.split(|byte| *byte == b'&') {
            let mut pair = pair.splitn(2, |byte| *byte == b'=');
            if let (Some(key), Some(value)) = (pair.next(), pair.next())
                && !PUBLIC.contains(&key)
            {
                found(&Zeroizing::new(percent_decode(value).collect::<Vec<_>>()));
            }
        }
    }
}

/// Finds the next occurrence of a secret, ignoring case, and also if it is escaped as in URLs, JSON or HTML.
fn find(text: &[u8], secret: &[u8], from: usize) -> Option<Range<usize>> {
    (from..text.len()).find_map(|start| {
        let text = text.get(start..).unwrap_or_default();
        // A character that begins an escape may also be unescaped.
        let length = length_of(text, secret, true).or_else(|| length_of(text, secret, false))?;
        Some(start..start + length)
    })
}

/// Returns the length of the secret at the beginning of a text, if the text begins with it.
fn length_of(text: &[u8], secret: &[u8], is_escaped: bool) -> Option<usize> {
    let mut length = 0;
    for expected in secret {
        let text = text.get(length..).unwrap_or_default();
        let is_it = |byte: u8| byte.eq_ignore_ascii_case(expected);
        let escape = escaped(text).filter(|(byte, _)| is_escaped && is_it(*byte));
        length += match escape {
            Some((_, length)) => length,
            None => text.first().filter(|byte| is_it(**byte)).map(|_| 1)?,
        };
    }
    Some(length)
}

/// Decodes an escape. Returns the character, and the length of the escape.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    let number = |digits: Option<&[u8]>, radix| {
        let digits = std::str::from_utf8(digits?).ok()?;
        u8::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
    };
    match text {
        [b'%', ..] => Some((number(text.get(1..3), 16)?, 3)),
        [b'\\', b'u' | b'U', ..] => Some((number(text.get(2..6), 16)?, 6)),
        [b'\\', byte, ..] => Some((*byte, 2)),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(10).position(|byte| *byte == b';')?;
            let byte = match rest.get(..end)? {
                [b'#', b'x' | b'X', digits @ ..] => number(Some(digits), 16)?,
                [b'#', digits @ ..] => number(Some(digits), 10)?,
                b"amp" => b'&',
                b"lt" => b'<',
                b"gt" => b'>',
                b"quot" => b'"',
                b"apos" => b'\'',
                _ => return None,
            };
            Some((byte, end + 2))
        }
        _ => None,
    }
}

/// The parts of a request and its response that are hidden from ureq.
pub(super) struct Redaction {
    secrets: Secrets,
    /// The number of bytes of the form that have been sent.
    sent: usize,
    is_head_sent: bool,
    /// True if the whole body of the response is hidden.
    pub(super) hides_body: bool,
    /// True if ureq may log the head of the response.
    hides_head: bool,
    /// The head of the response so far.
    head: Vec<u8>,
    /// The number of bytes of the response that have arrived.
    read: usize,
    place: Place,
    /// The body of the response so far.
    body: Zeroizing<Vec<u8>>,
}

thread_local! {
    /// The request that this thread is sending. ureq sends a request on the thread of its caller.
    static SENDING: RefCell<Option<Redaction>> = const { RefCell::new(None) };
}

/// Returns the header that ureq gets in place of a secret one.
pub(super) fn placeholder(secret: &HeaderValue) -> HeaderValue {
    // Access tokens have 100 to 400 characters.
    const STARS: &str = match std::str::from_utf8(&[b'*'; 512]) {
        Ok(stars) => stars,
        Err(_) => "",
    };
    match STARS.get(..secret.len()) {
        Some(stars) => HeaderValue::from_static(stars),
        None => HeaderValue::try_from("*".repeat(secret.len())).unwrap_or_else(|_| secret.clone()),
    }
}

impl Redaction {
    pub(super) fn new(secrets: &Secrets) -> Self {
        let is_logged = log::log_enabled!(target: "ureq_proto::util", Level::Trace);
        Redaction {
            sent: 0,
            is_head_sent: false,
            hides_body: is_logged || !secrets.form.is_empty(),
            hides_head: log::max_level() >= LevelFilter::Debug,
            head: Vec::new(),
            read: 0,
            place: Place::Head,
            body: Zeroizing::default(),
            secrets: secrets.clone(),
        }
    }

    /// Runs a request with this redaction, and returns the hidden body.
    pub(super) fn over<T>(self, run: impl FnOnce() -> T) -> (T, Option<Zeroizing<Vec<u8>>>) {
        SENDING.set(Some(self));
        let result = run();
        let redaction = SENDING.take().filter(|redaction| redaction.hides_body);
        (result, redaction.map(|redaction| redaction.body))
    }

    /// Replaces `*` with the secrets in bytes that are about to be sent.
    fn restore(&mut self, output: &mut [u8]) {
        if self.is_head_sent {
            let left = self.secrets.form.get(self.sent..).unwrap_or_default();
            overwrite(output, left);
            self.sent += left.len().min(output.len());
            return;
        }
        let name = b"authorization: ";
        let mut place = None;
        for line in memchr::memchr_iter(b'\n', output).map(|end| end + 1) {
            let rest = output.get(line..).unwrap_or_default();
            if rest.starts_with(b"\r\n") {
                self.is_head_sent = true;
                break;
            }
            if place.is_none() && rest.starts_with(name) {
                place = Some(line + name.len());
            }
        }
        if let (Some(secret), Some(place)) = (&self.secrets.authorization, place) {
            overwrite(output.get_mut(place..).unwrap_or_default(), secret.as_bytes());
        }
    }

    /// Returns whether the next bytes of the response may contain something to hide.
    fn is_hiding(&self) -> bool {
        let is_in_head = matches!(self.place, Place::Head);
        self.is_head_sent && (self.hides_body || (self.hides_head && is_in_head))
    }
}

/// Copies as many bytes as fit.
fn overwrite(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

/// The position of the next byte in a response.
#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Head,
    /// In the size of a chunk, with the value of the digits so far.
    Size(usize),
    /// Between the size of a chunk and the end of its line.
    Extension(usize),
    /// In the data of a chunk with this many bytes left, or in a body without chunks.
    Data(usize),
}

impl Redaction {
    /// Hides the secrets of the head and the bytes of the body, which it keeps, in the input after the `known` bytes.
    /// It also hides invalid bytes.
    fn hide(&mut self, input: &mut [u8], known: usize) {
        for index in known..input.len() {
            let Some(byte) = input.get_mut(index) else { return };
            self.place = match (self.place, *byte) {
                (Place::Head, _) => {
                    self.head.push(*byte);
                    let start = (index + 1).saturating_sub(self.head.len());
                    let place = self.place_after_head();
                    if self.head.is_empty() {
                        // The head is complete: ureq logs it only now.
                        self.secrets.mask(input.get_mut(start..=index).unwrap_or_default());
                    }
                    place
                }
                _ if !self.hides_body => return,
                (Place::Data(left), _) => {
                    self.body.push(std::mem::replace(byte, b'*'));
                    if left == 1 { Place::Size(0) } else { Place::Data(left - 1) }
                }
                (Place::Size(0) | Place::Extension(0), b'\n') => Place::Size(0),
                (Place::Size(size) | Place::Extension(size), b'\n') => Place::Data(size),
                (place, b'\r') => place,
                (Place::Size(size) | Place::Extension(size), b';') => Place::Extension(size),
                (Place::Size(size), digit) if digit.is_ascii_hexdigit() => {
                    let digit = char::from(digit).to_digit(16).unwrap_or_default();
                    Place::Size(size.saturating_mul(16).saturating_add(digit as usize))
                }
                (Place::Size(size) | Place::Extension(size), _) => {
                    *byte = b'*';
                    Place::Extension(size)
                }
            };
        }
    }

    /// Hides the bytes that have arrived in the buffer of a connection after the `known` bytes.
    fn hide_input(&mut self, buffers: &mut dyn Buffers, known: usize) {
        let mut input = Zeroizing::new(buffers.input().to_vec());
        self.read += input.len().saturating_sub(known);
        buffers.input_consume(input.len());
        self.hide(&mut input, known);
        overwrite(buffers.input_append_buf(), &input);
        buffers.input_appended(input.len());
    }

    fn place_after_head(&mut self) -> Place {
        if !self.head.ends_with(b"\n\r\n") && !self.head.ends_with(b"\n\n") {
            return Place::Head;
        }
        let head = String::from_utf8_lossy(&std::mem::take(&mut self.head)).to_ascii_lowercase();
        let mut lines = head.lines();
        if head.get(9..12) == Some("100") {
            // The head of the final response follows.
            Place::Head
        } else if !head.starts_with("http/1.0")
            && lines.any(|line| line.starts_with("transfer-encoding:") && line.contains("chunked"))
        {
            Place::Size(0)
        } else {
            if self.hides_body {
                self.body.reserve(16 << 10);
            }
            Place::Data(usize::MAX)
        }
    }
}

/// The maximum length of a response with a token, far above real ones.
const MAX_RESPONSE: usize = 1 << 20;

/// Wraps every connection in a [`RedactingTransport`].
#[derive(Debug)]
pub(super) struct RedactingConnector;

impl<In: Transport> Connector<In> for RedactingConnector {
    type Out = RedactingTransport<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<RedactingTransport<In>>, ureq::Error> {
        Ok(chained.map(RedactingTransport))
    }
}

/// A connection that hides secrets from ureq.
#[derive(Debug)]
pub(super) struct RedactingTransport<T>(T);

impl<T: Transport> Transport for RedactingTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        // Take the redaction away during the call: below TLS, there may be another `RedactingTransport` for a proxy.
        let mut redaction = SENDING.take();
        // The request for a tunnel goes to a proxy, which must not receive the token.
        if !is_connecting()
            && let (Some(redaction), Some(output)) =
                (&mut redaction, self.0.buffers().output().get_mut(..amount))
        {
            redaction.restore(output);
        }
        let sent = self.0.transmit_output(amount, timeout);
        SENDING.set(redaction);
        // Remove the secrets from the buffer.
        if let Some(output) = self.0.buffers().output().get_mut(..amount) {
            output.fill(0);
        }
        sent
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let mut redaction = SENDING.take();
        let known = self.0.buffers().input().len();
        let mut result = self.0.await_input(timeout);
        if let Some(redaction) = redaction.as_mut().filter(|redaction| redaction.is_hiding()) {
            redaction.hide_input(self.0.buffers(), known);
            if redaction.read > MAX_RESPONSE && !redaction.secrets.form.is_empty() {
                result = Err(ureq::Error::BodyExceedsLimit(MAX_RESPONSE as u64));
            }
        }
        SENDING.set(redaction);
        result
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the response as ureq sees it, and the body, if the bytes arrive one by one.
    fn hidden(response: &str) -> (String, String) {
        let mut redaction = Redaction::new(&Secrets::new(None, "code=AQ-a-code"));
        let mut seen = Vec::new();
        for byte in response.bytes() {
            seen.push(byte);
            let known = seen.len() - 1;
            redaction.hide(&mut seen, known);
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&seen), text(&redaction.body))
    }

    #[test]
    fn secret_is_found_in_every_form() {
        let header = HeaderValue::from_static("Basic aWQ6QSVcJnNlY3JldA==");
        let secrets = Secrets::new(Some(&header), "grant_type=grant_type&code=AQ%2Fb%2Dcode%26");
        for (text, redacted) in [
            ("aWQ6QSVcJnNlY3JldA==, AWQ6QSVCJNNLY3JLDA==", "…, …"),
            (r"A%\&secret, a%\&SECRET, A%25%5C%26secret, a%25%5c%26%53ecret", "…, …, …, …"),
            (
                r#"{"error":"A%\\&sec\u0072et","code":"AQ\/b-code\u0026"}"#,
                r#"{"error":"…","code":"…"}"#,
            ),
            (
                "<b>A%\\&amp;secret</b><i>AQ&#47;b&#x2D;code&#038;</i> AQ/b-code&amp;",
                "<b>…</b><i>…</i> …",
            ),
            (
                "AQ/b-code, grant_type, %, \\, &, &#, &#x2",
                "AQ/b-code, grant_type, %, \\, &, &#, &#x2",
            ),
            ("AQ/b-code&AQ/b-code&", "……"),
        ] {
            assert_eq!(secrets.redact_text(text), redacted, "{text}");
        }
        let mut masked = b"x: aq/B-CODE&\r\n".to_vec();
        secrets.mask(&mut masked);
        assert_eq!(masked, b"x: **********\r\n");
        let short = Secrets::new(Some(&HeaderValue::from_static("Bearer short")), "");
        assert_eq!(short.redact_text("a short text"), "a short text");
    }

    #[test]
    fn secret_in_a_head_is_hidden_also_in_pieces() {
        let head =
            |code| format!("HTTP/1.1 400 {code}\r\nserver: x-{code}\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(hidden(&head("AQ-a-code")).0, head("*********"));
    }

    #[test]
    fn body_is_hidden_but_not_its_framing() {
        let length = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
        assert_eq!(hidden(&format!("{length}{{}}")), (format!("{length}**"), "{}".to_owned()));
        let chunked = "HTTP/1.1 400 Bad\r\nTransfer-Encoding: Chunked\r\n\r\n";
        assert_eq!(
            hidden(&format!("{chunked}3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\n")),
            (
                format!("{chunked}3;***\r\n***\r\nA\r\n**********\r\n0\r\n****\r\n\r\n"),
                "abc0123456789".to_owned()
            )
        );
        let bare = "HTTP/1.1 200 OK\n\n";
        assert_eq!(hidden(&format!("{bare}BQ\n")), (format!("{bare}***"), "BQ\n".to_owned()));
        // The header announces chunks, but none arrives.
        assert_eq!(hidden(&format!("{chunked}\"BQ-a\"")).0, format!("{chunked}******"));
    }
}
