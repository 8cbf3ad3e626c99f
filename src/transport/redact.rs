//! Keeps secrets from the log of the HTTP library.
//!
//! At `trace`, ureq logs every byte that it writes and reads: the header with the token, the form with the
//! code, the answer with a new token. So it is given placeholder of the same length, which are replaced when it
//! hands its bytes to the connection, and answers of the accounts service are taken from the connection
//! before it sees them.

use std::cell::RefCell;
use std::io;
use std::time::Instant;

use ureq::http::HeaderValue;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use zeroize::Zeroizing;

use super::raw_response;
use super::response::RawResponse;

/// What one request holds that ureq must not see.
#[derive(Default)]
pub(super) struct Redaction {
    /// The value of the header `authorization`.
    authorization: Option<HeaderValue>,
    form: Option<Form>,
}

/// A form, of which the answer is secret too.
struct Form {
    text: Zeroizing<Vec<u8>>,
    sent: usize,
    is_head_sent: bool,
    /// What came back so far.
    read: Zeroizing<Vec<u8>>,
    answer: Option<RawResponse>,
    until: Instant,
}

thread_local! {
    /// The request that this thread is sending. ureq runs on the thread that calls it.
    static SENDING: RefCell<Option<Redaction>> = const { RefCell::new(None) };
}

/// More than any header or form of ours has.
const PLACEHOLDER: &str = match std::str::from_utf8(&[b'*'; 8192]) {
    Ok(placeholder) => placeholder,
    Err(_) => "",
};
/// No token is as long as this.
const MAX_ANSWER: usize = 1 << 20;
/// What ureq reads in the place of an answer that it must not see.
const NO_ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// The header in the place of one that is secret.
pub(super) fn placeholder(secret: &HeaderValue) -> HeaderValue {
    match PLACEHOLDER.get(..secret.len()) {
        Some(placeholder) => HeaderValue::from_static(placeholder),
        None => HeaderValue::from_str(&"*".repeat(secret.len())).unwrap_or_else(|_| secret.clone()),
    }
}

impl Redaction {
    pub(super) fn of_header(authorization: HeaderValue) -> Self {
        Redaction { authorization: Some(authorization), form: None }
    }

    pub(super) fn of_form(authorization: Option<HeaderValue>, text: &str, until: Instant) -> Self {
        let form = Form {
            text: Zeroizing::new(text.as_bytes().to_vec()),
            sent: 0,
            is_head_sent: false,
            read: Zeroizing::new(Vec::with_capacity(16 << 10)),
            answer: None,
            until,
        };
        Redaction { authorization, form: Some(form) }
    }

    /// Runs a request with this veil over it, and gives back the answer that ureq did not see.
    pub(super) fn over<T>(self, run: impl FnOnce() -> T) -> (T, Option<RawResponse>) {
        SENDING.set(Some(self));
        let result = run();
        let answer = SENDING.take().and_then(|veil| veil.form?.answer);
        (result, answer)
    }

    /// Puts the secrets where the placeholder are, in bytes that are about to be sent.
    fn lift(&mut self, output: &mut [u8]) {
        if let Some(form) = self.form.as_mut().filter(|form| form.is_head_sent) {
            let left = form.text.get(form.sent..).unwrap_or_default();
            let count = left.len().min(output.len());
            output.iter_mut().zip(left).for_each(|(byte, secret)| *byte = *secret);
            form.sent += count;
            return;
        }
        // What a proxy is asked for comes first, and holds none of it.
        if output.starts_with(b"CONNECT ") {
            return;
        }
        let name = b"\r\nauthorization: ";
        let end = output.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(secret) = &self.authorization
            && let Some(place) = output.windows(name.len()).position(|bytes| bytes == name)
            && end.is_none_or(|end| place < end)
        {
            let placeholder = output.get_mut(place + name.len()..).unwrap_or_default();
            placeholder
                .iter_mut()
                .zip(secret.as_bytes())
                .for_each(|(byte, secret)| *byte = *secret);
        }
        if let (Some(form), Some(_)) = (&mut self.form, end) {
            form.is_head_sent = true;
        }
    }
}

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
        let mut veil = SENDING.take();
        if let (Some(veil), Some(output)) = (&mut veil, self.0.buffers().output().get_mut(..amount))
        {
            veil.lift(output);
        }
        let sent = self.0.transmit_output(amount, timeout);
        SENDING.set(veil);
        // What is left of it in the buffer is not needed any more.
        if let Some(output) = self.0.buffers().output().get_mut(..amount) {
            output.fill(0);
        }
        sent
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let mut veil = SENDING.take();
        let form = veil.as_mut().and_then(|veil| veil.form.as_mut());
        let result = match form.filter(|form| form.is_head_sent && form.answer.is_none()) {
            Some(form) => self.take_answer(form, timeout),
            None => self.0.await_input(timeout),
        };
        SENDING.set(veil);
        result
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

impl<T: Transport> RedactingTransport<T> {
    /// Reads a whole answer and gives ureq an empty one.
    fn take_answer(&mut self, form: &mut Form, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let broken = |problem: &'static str| {
            ureq::Error::from(io::Error::new(io::ErrorKind::UnexpectedEof, problem))
        };
        loop {
            if Instant::now() >= form.until {
                return Err(ureq::Error::Timeout(ureq::Timeout::Global));
            }
            let has_more = self.0.await_input(timeout)?;
            let count = self.0.buffers().input().len();
            form.read.extend_from_slice(self.0.buffers().input());
            self.0.buffers().input_consume(count);
            if form.read.len() > MAX_ANSWER {
                return Err(ureq::Error::BodyExceedsLimit(MAX_ANSWER as u64));
            }
            let is_end = !has_more || count == 0;
            if let Some(answer) = raw_response::read(&form.read, is_end) {
                form.answer = Some(answer);
                break;
            }
            if is_end {
                return Err(broken("the connection ended before the answer was whole"));
            }
        }
        let place = self.0.buffers().input_append_buf();
        let Some(place) = place.get_mut(..NO_ANSWER.len()) else {
            return Err(broken("there is no room to read an answer"));
        };
        place.copy_from_slice(NO_ANSWER);
        self.0.buffers().input_appended(NO_ANSWER.len());
        Ok(true)
    }
}
