//! Keeps secrets out of ureq's log.
//!
//! At `trace`, ureq logs every byte that it writes and reads: the header with a token, the form with a code, the
//! response with a new token. No setting prevents it, and the filter of the log belongs to the program. The only
//! place between ureq and the socket is the connection. So ureq gets a `*` for each secret byte, and the connection
//! has the real ones: it sends the header and the form in place of their `*`, and keeps the body of a response of the
//! accounts service, leaving ureq the head and the sizes of the chunks.

use std::cell::RefCell;

use ureq::http::HeaderValue;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use zeroize::Zeroizing;

use super::deadline::is_connecting;

/// The secrets of one request.
pub(super) struct Redaction {
    /// The value of the header `authorization`.
    authorization: Option<HeaderValue>,
    form: Option<Form>,
}

/// A form, whose response is secret too.
#[derive(Default)]
struct Form {
    text: Zeroizing<Vec<u8>>,
    sent: usize,
    is_head_sent: bool,
    /// The head of the response so far.
    head: Vec<u8>,
    /// How many bytes of the response have come.
    read: usize,
    place: Place,
    /// The body of the response so far.
    body: Zeroizing<Vec<u8>>,
}

thread_local! {
    /// The request that this thread is sending. ureq runs on the thread that calls it.
    static SENDING: RefCell<Option<Redaction>> = const { RefCell::new(None) };
}

/// The header that ureq gets in place of a secret one.
pub(super) fn placeholder(secret: &HeaderValue) -> HeaderValue {
    HeaderValue::try_from("*".repeat(secret.len())).unwrap_or_else(|_| secret.clone())
}

impl Redaction {
    pub(super) fn new(authorization: Option<&HeaderValue>, form: Option<&str>) -> Self {
        let text = |form: &str| Zeroizing::new(form.as_bytes().to_vec());
        let form = form.map(|form| Form { text: text(form), ..Form::default() });
        Redaction { authorization: authorization.cloned(), form }
    }

    /// Runs a request under this redaction, and returns the body that ureq did not see.
    pub(super) fn over<T>(self, run: impl FnOnce() -> T) -> (T, Option<Zeroizing<Vec<u8>>>) {
        SENDING.set(Some(self));
        let result = run();
        (result, SENDING.take().and_then(|redaction| redaction.form).map(|form| form.body))
    }

    /// Puts the secrets in place of their `*`, in bytes that are about to be sent.
    fn restore(&mut self, output: &mut [u8]) {
        if let Some(form) = self.form.as_mut().filter(|form| form.is_head_sent) {
            let left = form.text.get(form.sent..).unwrap_or_default();
            form.sent += left.len().min(output.len());
            overwrite(output, left);
            return;
        }
        let name = b"\r\nauthorization: ";
        let end = output.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(secret) = &self.authorization
            && let Some(place) = output.windows(name.len()).position(|bytes| bytes == name)
            && end.is_none_or(|end| place < end)
        {
            let stars = output.get_mut(place + name.len()..).unwrap_or_default();
            overwrite(stars, secret.as_bytes());
        }
        if let (Some(form), Some(_)) = (&mut self.form, end) {
            form.is_head_sent = true;
        }
    }
}

/// Copies as many bytes as there is room for.
fn overwrite(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

/// Where in a response the next byte is.
#[derive(Clone, Copy, Default)]
enum Place {
    #[default]
    Head,
    /// In the size of a chunk, which is this so far.
    Size(usize),
    /// Between the size of a chunk and the end of its line.
    Extension(usize),
    /// This many bytes before the end of a chunk, or in a body without chunks.
    Data(usize),
}

impl Form {
    /// Keeps the bytes of the body of the response, and puts `*` in their place. A byte out of place is hidden too.
    fn hide(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.place = match (self.place, *byte) {
                (Place::Head, _) => {
                    self.head.push(*byte);
                    self.place_after_head()
                }
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

    /// Hides the bytes that have come into the buffer of a connection after those that were there.
    fn hide_input(&mut self, buffers: &mut dyn Buffers, known: usize) {
        let mut input = Zeroizing::new(buffers.input().to_vec());
        self.read += input.len().saturating_sub(known);
        buffers.input_consume(input.len());
        self.hide(input.get_mut(known..).unwrap_or_default());
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
            // The head of the response follows.
            Place::Head
        } else if !head.starts_with("http/1.0")
            && lines.any(|line| line.starts_with("transfer-encoding:") && line.contains("chunked"))
        {
            Place::Size(0)
        } else {
            self.body.reserve(16 << 10);
            Place::Data(usize::MAX)
        }
    }
}

/// No response with a token is as long as this.
const MAX_RESPONSE: usize = 1 << 20;

/// Puts a [`RedactingTransport`] over every connection.
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

/// A connection that knows what ureq must not see.
#[derive(Debug)]
pub(super) struct RedactingTransport<T>(T);

impl<T: Transport> Transport for RedactingTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        // Taken away meanwhile: below TLS there may be another of these, for a proxy.
        let mut redaction = SENDING.take();
        // The request for a tunnel goes to a proxy, which must not see the token.
        if !is_connecting()
            && let (Some(redaction), Some(output)) =
                (&mut redaction, self.0.buffers().output().get_mut(..amount))
        {
            redaction.restore(output);
        }
        let sent = self.0.transmit_output(amount, timeout);
        SENDING.set(redaction);
        // The secrets do not stay in the buffer.
        if let Some(output) = self.0.buffers().output().get_mut(..amount) {
            output.fill(0);
        }
        sent
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let mut redaction = SENDING.take();
        let form = redaction.as_mut().and_then(|redaction| redaction.form.as_mut());
        let known = self.0.buffers().input().len();
        let mut result = self.0.await_input(timeout);
        if let Some(form) = form.filter(|form| form.is_head_sent) {
            form.hide_input(self.0.buffers(), known);
            if form.read > MAX_RESPONSE {
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

    /// What ureq sees of a response, and its body, if the bytes come one by one.
    fn hidden(response: &str) -> (String, String) {
        let mut form = Form::default();
        let mut seen = response.as_bytes().to_vec();
        seen.chunks_mut(1).for_each(|byte| form.hide(byte));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&seen), text(&form.body))
    }

    #[test]
    fn body_is_hidden_and_its_framing_is_not() {
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
        // Chunks are announced, and none comes.
        assert_eq!(hidden(&format!("{chunked}\"BQ-a\"")).0, format!("{chunked}******"));
    }
}
